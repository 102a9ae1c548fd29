//! Which code converts between float types, by its syntax: `x as f64`, `f64::from(x)`, `x.into()`, `T::from(x).unwrap()`,
//! `x.to_f64().unwrap()`. Input: an expression. Output: the number that it converts, and to which type.
//!
//! A method of such a name may be the user's own. `to_f64` and `as_` are known where only the bounds of a type parameter have them:
//! of another type, they may be any trait's. Of a parameter with a bound of the user's, that bound's methods come first. Functions are
//! asked about where the emitted code is compiled.

use super::associated::takes_out;
use super::call::without_parentheses;
use super::effects::{Effect, Effects};
use super::known::Question;
use super::syntax::path_text;
use crate::ir::Width;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprCall};

/// What is known of a function that may convert.
#[derive(Clone, Copy)]
pub(super) struct Converts<'c> {
    /// Its float types.
    pub width: &'c Width,
    /// Whether a float type has a bound of the user's.
    pub own_bounds: bool,
    pub runtime: &'c TokenStream,
}

/// A conversion.
pub(super) struct Conversion<'e> {
    pub number: &'e Expr,
    /// To which type, as far as that is said.
    pub target: Option<Width>,
    /// By a method that only the bounds of a type parameter have.
    pub of_parameter: bool,
    /// By a function whose name may mean another.
    pub question: Option<Question>,
}

impl<'e> Conversion<'e> {
    fn new(number: &'e Expr, target: Option<Width>) -> Self {
        Conversion { number, target, of_parameter: false, question: None }
    }
}

impl Converts<'_> {
    /// Whether there may be one in a body.
    pub(super) fn any(&self, body: &Block) -> bool {
        struct Find<'c>(Converts<'c>, bool);
        impl Visit<'_> for Find<'_> {
            fn visit_expr(&mut self, expr: &Expr) {
                self.1 |= self.0.number(expr).or_else(|| self.0.in_option(expr)).is_some();
                visit::visit_expr(self, expr);
            }
        }
        let mut find = Find(*self, false);
        find.visit_block(body);
        find.1
    }

    /// What an expression converts.
    pub(super) fn number<'e>(&self, expr: &'e Expr) -> Option<Conversion<'e>> {
        match expr {
            Expr::Cast(e) => {
                let target = self.width.named(&e.ty.to_token_stream().to_string())?;
                Some(Conversion::new(&e.expr, Some(target)))
            }
            Expr::MethodCall(e) if e.method == "into" && e.args.is_empty() && !self.own_bounds => {
                Some(Conversion::new(&e.receiver, None))
            }
            Expr::MethodCall(e) if e.method == "as_" && e.args.is_empty() => self.of_parameter(&e.receiver, None),
            Expr::MethodCall(e) if self.takes_out(e) => self.in_option(without_parentheses(&e.receiver)),
            Expr::Call(e) if e.args.len() == 1 => {
                let (ty, name) = owner(e)?;
                // That of a type parameter is an `Option`.
                if name != "from" || !matches!(&*ty, "f32" | "f64") {
                    return None;
                }
                // A module may have the name of the type.
                let (user, to) = (e.func.to_token_stream(), Ident::new(&ty, Span::call_site()));
                let meant = quote!(<::core::primitive::#to as ::core::convert::From<::core::primitive::f32>>::from);
                let question = Some(Question { at: expr.span(), user, meant });
                Some(Conversion { question, ..Conversion::new(&e.args[0], self.width.named(&ty)) })
            }
            _ => None,
        }
    }

    /// The same in an `Option` that always has it: `T::from(x)`, `x.to_f64()`.
    pub(super) fn in_option<'e>(&self, expr: &'e Expr) -> Option<Conversion<'e>> {
        match expr {
            Expr::MethodCall(e) if e.args.is_empty() => {
                let target = self.width.named(e.method.to_string().strip_prefix("to_")?)?;
                self.of_parameter(&e.receiver, Some(target))
            }
            Expr::Call(e) if e.args.len() == 1 => {
                let (ty, name) = owner(e)?;
                let target = self.width.named(&ty).filter(Width::is_generic)?;
                let (function, float, runtime) = (&e.func, target.ident(), self.runtime);
                let named = matches!(&*e.func, Expr::Path(path) if path.qself.is_some());
                let question = match &*name {
                    // Of the bounds of a float, one has it, or it does not compile.
                    "from" if !named => None,
                    "from" => {
                        Some((quote!(#function::<f64>), quote!(<#float as #runtime::__private::NumCast>::from::<f64>)))
                    }
                    "from_f64" | "from_f32" => {
                        let method = Ident::new(&name, Span::call_site());
                        Some((quote!(#function), quote!(<#float as #runtime::__private::FromPrimitive>::#method)))
                    }
                    _ => return None,
                };
                let question = question.map(|(user, meant)| Question { at: expr.span(), user, meant });
                Some(Conversion { question, ..Conversion::new(&e.args[0], Some(target)) })
            }
            _ => None,
        }
    }

    fn of_parameter<'e>(&self, number: &'e Expr, target: Option<Width>) -> Option<Conversion<'e>> {
        let known = self.width.main().is_generic() && !self.own_bounds;
        known.then(|| Conversion { of_parameter: true, ..Conversion::new(number, target) })
    }

    /// Whether a method takes out of an `Option` what is always there, and what it would give instead has no effect.
    fn takes_out(&self, call: &syn::ExprMethodCall) -> bool {
        let quiet = |arg: &Expr| matches!(arg, Expr::Closure(_)) || Effects::of(arg, self.width).effect() == Effect::No;
        takes_out(&call.method) && call.args.iter().all(quiet)
    }
}

/// The type or the trait that a function belongs to, and its name.
fn owner(call: &ExprCall) -> Option<(String, String)> {
    let Expr::Path(path) = without_parentheses(&call.func) else { return None };
    let name = path.path.segments.last()?.ident.to_string();
    match &path.qself {
        Some(qself) => Some((qself.ty.to_token_stream().to_string(), name)),
        None => path_text(&path.path).rsplit_once("::").map(|(ty, name)| (ty.to_string(), name.to_string())),
    }
}
