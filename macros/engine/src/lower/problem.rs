//! `objective = Name`: what of a signature becomes a problem for the optimizers. Input: the function and its interface. Output:
//! the fields of a struct, one for each parameter that is data, and its constants; what cannot be one is reported.

use super::function::Function;
use super::signature::{Interface, Outcome};
use super::types::{is_data, readable};
use crate::diagnostics::{Errors, Site, message};
use crate::ir::{Dim, Width};
use crate::options::{Kind, Options};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{GenericParam, Lifetime, Type, TypeReference};

/// A struct of data.
#[derive(Clone)]
pub struct Problem {
    /// Its name.
    pub name: Ident,
    /// What it is generic over, as declared: its lifetime, and the function's constants.
    pub generics: TokenStream,
    /// The same, as named.
    pub arguments: TokenStream,
    /// One for each parameter that is not in `wrt`, with its type.
    pub fields: Vec<(Ident, TokenStream)>,
}

/// Reads it, unless none is asked for; a `free` function is in no `impl`.
pub fn read(
    function: &Function,
    interface: &Interface,
    free: bool,
    options: &Options,
    errors: &mut Errors,
) -> Option<Problem> {
    let name = options.objective.clone()?;
    let site = Site::from(name.span());
    let before = errors.count();
    let parameters = &function.signature.generics.params;
    if !free || parameters.iter().any(|p| matches!(p, GenericParam::Type(_))) {
        errors.push(site, message::objective_of_function());
    } else if !matches!(interface.width, Width::F64) || interface.returned.is_some() {
        errors.push(site, message::objective_width());
    } else if interface.wrapper.is_some() {
        errors.push(site, message::objective_fallible());
    }
    match interface.outcome {
        Outcome::Scalar if !options.has(Kind::Gradient) => errors.push(site, message::objective_lacks("gradient")),
        Outcome::Parts { .. } if !options.has(Kind::Jacobian) => {
            errors.push(site, message::objective_lacks("jacobian"));
        }
        Outcome::Nothing => {
            // That the buffers are no data of the problem is no further mistake.
            errors.push(site, message::objective_buffers());
            return None;
        }
        _ => {}
    }
    let mut fields = Vec::new();
    let mut borrowed = false;
    for p in interface.parameters.iter().filter(|p| !p.wrt) {
        match field(&p.ty) {
            Some((ty, lent)) => {
                borrowed |= lent;
                fields.push((p.name.clone(), ty));
            }
            None => errors.push(Site::of(&p.ty), message::objective_field(&p.name, readable(&p.ty))),
        }
    }
    let mut lists = 0;
    for p in interface.parameters.iter().filter(|p| p.wrt) {
        let Some(shape) = &p.shape else { continue };
        let list = matches!(shape.dims.first(), Some(Dim::Dynamic));
        lists += usize::from(list);
        let flat = !list || shape.dims.len() <= 2;
        if shape.record.is_some() || !flat || !Dim::all_fixed(shape.dims.get(1..).unwrap_or_default()) || lists > 1 {
            errors.push(p.name.span(), message::objective_point(&p.name));
        }
    }
    let lifetime = borrowed.then(|| quote!('data,));
    let constants: Vec<_> = parameters
        .iter()
        .filter_map(|p| if let GenericParam::Const(constant) = p { Some(constant) } else { None })
        .collect();
    let names = constants.iter().map(|constant| &constant.ident);
    (errors.count() == before).then(|| Problem {
        name,
        generics: quote!(<#lifetime #(#constants),*>),
        arguments: quote!(<#lifetime #(#names),*>),
        fields,
    })
}

/// The type of a field, and whether it borrows: numbers, arrays of them, and references, which can be handed on as often as
/// one likes.
fn field(ty: &Type) -> Option<(TokenStream, bool)> {
    let by_value = match ty {
        Type::Reference(r) => r.mutability.is_none() && !matches!(*r.elem, Type::ImplTrait(_)),
        Type::Array(array) => return field(&array.elem).map(|(_, lent)| (with_lifetime(ty), lent)),
        ty => is_data(ty) && ty.to_token_stream().to_string() != "String",
    };
    by_value.then(|| (with_lifetime(ty), matches!(ty, Type::Reference(_))))
}

fn with_lifetime(ty: &Type) -> TokenStream {
    let mut ty = ty.clone();
    Lifetimes.visit_type_mut(&mut ty);
    ty.into_token_stream()
}

/// Makes all lifetimes that of the struct.
struct Lifetimes;

impl VisitMut for Lifetimes {
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        reference.lifetime.get_or_insert_with(|| Lifetime::new("'data", Span::call_site()));
        visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident != "static" {
            *lifetime = Lifetime::new("'data", lifetime.span());
        }
    }
}
