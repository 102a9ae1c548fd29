//! Methods of what `Self` is, where that is a float or an array of floats: the other functions of the `impl` of a trait.
//!
//! Input: a method call. Output: a call by path, `Self::f(x, y)`, with a receiver as method resolution would adjust it, so that the
//! number or the array is an argument like any other.

use super::Lowerer;
use super::associated;
use super::call::{method_of, without_parentheses};
use super::expression::Value;
use super::scope::State;
use crate::ir::{Base, Dim, Layout};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::{Expr, ExprMethodCall, parse_quote};

impl Lowerer<'_> {
    /// `x.f(y)`, if it is said that `f` is a method of numbers. `self.f(x)` in the `impl` of a trait for a float that has an `f`, too:
    /// it is `Self::f(self, x)`, for `self` is a number. In one for an array, it is `Self::f(&self, x)`, as the method's receiver is
    /// borrowed.
    pub(super) fn sibling(&mut self, call: &ExprMethodCall) -> Option<Value> {
        let said = self.methods.contains(&call.method);
        let sibling = self.siblings.iter().find(|sibling| call.method == sibling.name).map(|found| found.by_reference);
        if !(said || sibling.is_some()) || !self.mentions_float(&call.receiver) || !self.flow.may_reach(&call.receiver)
        {
            return None;
        }
        let this = self.this.clone().unwrap_or_default();
        let dims = self.dims_of_receiver(&call.receiver);
        let number = dims.as_ref().is_none_or(Vec::is_empty);
        if number && associated::method(&call.method.to_string(), &self.func.width).is_some() {
            return None;
        }
        let (base, receiver) = match sibling {
            _ if said && number => (self.func.width.ident().to_token_stream(), (*call.receiver).clone()),
            // Another type may have a method of this name, too.
            Some(_) if dims.is_some_and(|dims| differ(&dims, &this)) => return None,
            Some(by_reference) if !this.is_empty() => {
                (quote!(Self), self.adjusted(&call.receiver, by_reference, &this))
            }
            Some(_) => (quote!(Self), (*call.receiver).clone()),
            None => return None,
        };
        let operands: Vec<&Expr> = std::iter::once(&receiver).chain(&call.args).collect();
        let callee = method_of(Base::Type(quote!(#base::)), call);
        Some(self.companion_call(callee, None, &operands, call.method.span(), false))
    }

    /// The dimensions of what is no call, whose result is not visible.
    fn dims_of_receiver(&mut self, receiver: &Expr) -> Option<Vec<Dim>> {
        let receiver = without_parentheses(receiver);
        if matches!(receiver, Expr::Call(_) | Expr::MethodCall(_) | Expr::Macro(_)) {
            return None;
        }
        self.trial(|l| match l.expr(receiver) {
            Value::Float(_) => Some(Vec::new()),
            Value::Part { part, .. } if !l.func.holds_structs(&part) => Some(l.func.dims(&part)),
            _ => None,
        })
    }

    /// The receiver of a method for arrays as an argument: what is taken by reference is borrowed, if it is no reference already.
    /// What a call returns is such an array.
    fn adjusted(&mut self, receiver: &Expr, by_reference: bool, dims: &[Dim]) -> Expr {
        let mut receiver = receiver.clone();
        if matches!(without_parentheses(&receiver), Expr::Call(_) | Expr::MethodCall(_)) {
            let array = self.expr_like(without_parentheses(&receiver), Some((vec![Layout::floats(dims)], false)));
            if let Value::Part { part, reference: false } = array {
                let name = self.hidden("receiver", State::Part(part));
                receiver = parse_quote!(#name);
            }
        }
        let variable = self.scopes.variable(&receiver).map(|id| &self.scopes.vars[id]);
        let refers = matches!(receiver, Expr::Reference(_)) || variable.is_some_and(|var| var.reference);
        match (by_reference, refers) {
            (true, false) => parse_quote!(&#receiver),
            (false, true) => parse_quote!(*#receiver),
            _ => receiver,
        }
    }
}

/// Whether these visibly are the dimensions of two types.
fn differ(a: &[Dim], b: &[Dim]) -> bool {
    let literal = |len: &TokenStream| syn::parse2::<syn::LitInt>(len.clone()).ok()?.base10_parse::<u128>().ok();
    let other = |(a, b): (&Dim, &Dim)| match (a, b) {
        (Dim::Fixed(a), Dim::Fixed(b)) => literal(a).zip(literal(b)).is_some_and(|(a, b)| a != b),
        (Dim::Dynamic, Dim::Fixed(_)) | (Dim::Fixed(_), Dim::Dynamic) => true,
        _ => false,
    };
    a.len() != b.len() || a.iter().zip(b).any(other)
}
