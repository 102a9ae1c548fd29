//! `verify(x = 1.0, y = 2.0)`: where a function's derivatives are to be checked. Input: the arguments, the function and its
//! interface. Output: a value for each parameter, with the type that it is stated to have; what is missing, unknown, or cannot
//! be checked is reported.

use super::function::Function;
use super::signature::{Interface, Parameter};
use crate::diagnostics::{Errors, message, nearest};
use crate::ir::Width;
use crate::options::{Kind, Options};
use crate::tokens::has_word;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, GenericParam, Lifetime, Token, Type};

/// A point, and what stands beside it.
#[derive(Clone)]
pub struct Point {
    /// Where it was asked for.
    pub option: Ident,
    /// As written.
    pub label: String,
    /// The value of each parameter, and its type: `_` where that cannot be named outside of the function.
    pub values: Vec<(TokenStream, TokenStream)>,
}

/// `x = 1.0`
struct Value {
    name: Ident,
    value: Expr,
}

impl Parse for Value {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.call(Ident::parse_any)?;
        input.parse::<Token![=]>()?;
        Ok(Value { name, value: input.parse()? })
    }
}

/// Reads them all. `nameable`: whether a function without a receiver can be named where its tests stand.
pub fn read(
    function: &Function,
    interface: &Interface,
    options: &Options,
    nameable: Option<bool>,
    errors: &mut Errors,
) -> Vec<Point> {
    let mut points = Vec::new();
    for (option, tokens) in &options.verify {
        let before = errors.count();
        if let Some(message) = obstacle(function, interface, options, nameable) {
            errors.push(option.span(), message);
            continue;
        }
        let values = Punctuated::<Value, Token![,]>::parse_terminated.parse2(tokens.clone());
        let Ok(values) = values.map(|values| values.into_iter().collect::<Vec<_>>()) else {
            let form = "`verify(a = 1.0, b = &[2.0, 3.0])`, with a value for each parameter";
            errors.push(option.span(), message::option_form(option, form));
            continue;
        };
        let names: Vec<String> = interface.parameters.iter().map(|p| p.name.to_string()).collect();
        for (k, value) in values.iter().enumerate() {
            let name = value.name.to_string();
            if values[..k].iter().any(|other| other.name == value.name) {
                errors.push(value.name.span(), message::verify_twice(&name));
            } else if !names.contains(&name) {
                let known: Vec<&str> = names.iter().map(String::as_str).collect();
                errors.push(value.name.span(), message::verify_unknown(&name, nearest(&name, &known)));
            }
        }
        let found = interface.parameters.iter().map(|p| (p, values.iter().find(|value| value.name == p.name)));
        let missing: Vec<String> =
            found.clone().filter(|(_, value)| value.is_none()).map(|(p, _)| format!("`{}`", p.name)).collect();
        if errors.count() == before && !missing.is_empty() {
            errors.push(option.span(), message::verify_missing(missing.join(", ")));
        }
        if errors.count() == before {
            let values =
                found.filter_map(|(p, value)| Some((value?.value.to_token_stream(), nameable_type(p, function))));
            let label = values_as_written(tokens);
            points.push(Point { option: option.clone(), label, values: values.collect() });
        }
    }
    points
}

/// What is in the way of any check, if there is something.
fn obstacle(function: &Function, interface: &Interface, options: &Options, nameable: Option<bool>) -> Option<String> {
    let asked = |kind| options.has(kind);
    let first = [Kind::Gradient, Kind::Jvp, Kind::Vjp, Kind::Jacobian, Kind::SparseJacobian];
    let second = [Kind::Hessian, Kind::Hvp, Kind::SparseHessian, Kind::Derivatives];
    if interface.parameters.iter().any(|p| p.receiver && p.shape.as_ref().is_some_and(|shape| shape.mutable)) {
        return Some(message::verify_receiver());
    }
    if !first.into_iter().chain(second).any(asked) {
        return Some(message::verify_nothing());
    }
    // Differences of differences tell nothing in single precision.
    let single = |width: &Width| width.ident() == "f32";
    let alone = (asked(Kind::Hvp) || asked(Kind::SparseHessian)) && !asked(Kind::Gradient) && !asked(Kind::Hessian);
    if alone && (single(&interface.width) || interface.returned.as_ref().is_some_and(single)) {
        return Some(message::verify_lone_second());
    }
    match nameable {
        None => Some(message::verify_method()),
        // The pattern of a sparse matrix is a constant of the type's.
        Some(false) if !function.is_method() || asked(Kind::SparseJacobian) || asked(Kind::SparseHessian) => {
            Some(message::verify_generic_type())
        }
        _ => None,
    }
}

/// `x = 1.0, y = 2.0`, shortened.
fn values_as_written(tokens: &TokenStream) -> String {
    const LONGEST: usize = 100;
    let text = tokens.to_string();
    if text.chars().count() > LONGEST { text.chars().take(LONGEST).chain("…".chars()).collect() } else { text }
}

/// The type of a parameter, in which `_` stands for what only the function can name.
fn nameable_type(p: &Parameter, function: &Function) -> TokenStream {
    if p.receiver || p.pattern.is_some() {
        return quote!(_);
    }
    let scope = function.in_scope();
    let names = scope.generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(t) => Some(t.ident.clone()),
        GenericParam::Const(c) => Some(c.ident.clone()),
        GenericParam::Lifetime(_) => None,
    });
    let mut ty = p.ty.clone();
    Unnameable { names: names.collect() }.visit_type_mut(&mut ty);
    ty.into_token_stream()
}

struct Unnameable {
    names: Vec<Ident>,
}

impl Unnameable {
    fn is(&self, path: &syn::Path) -> bool {
        path.segments.first().is_some_and(|first| first.ident == "Self" || self.names.contains(&first.ident))
    }
}

impl VisitMut for Unnameable {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        match ty {
            Type::Path(path) if path.qself.is_some() || self.is(&path.path) => *ty = syn::parse_quote!(_),
            Type::ImplTrait(_) => *ty = syn::parse_quote!(_),
            _ => visit_mut::visit_type_mut(self, ty),
        }
    }

    fn visit_expr_mut(&mut self, length: &mut Expr) {
        if !matches!(length, Expr::Lit(_))
            && self.names.iter().any(|name| has_word(length.to_token_stream(), &name.to_string()))
        {
            *length = syn::parse_quote!(_);
        }
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident != "static" {
            *lifetime = Lifetime::new("'_", lifetime.span());
        }
    }
}
