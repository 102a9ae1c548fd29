//! Methods of what `Self` is, where that is a float or an array of floats: the other functions of the `impl` of a trait.
//!
//! Input: a method call. Output: a call by path, `Self::f(x, y)`, with a receiver as method resolution would adjust it, so that the
//! number or the array is an argument like any other.

use super::Lowerer;
use super::associated;
use super::call::without_parentheses;
use super::expression::Value;
use super::scope::State;
use crate::ir::{Base, Callee, Dim, Layout};
use quote::{ToTokens as _, quote};
use syn::{Expr, ExprMethodCall, parse_quote};

impl Lowerer<'_> {
    /// `self.f(x)` in the `impl` of a trait for a float that has an `f`, too: it is `Self::f(self, x)`, for `self` is a number. So
    /// is `x.f(y)`, if that is said. In one for an array, it is `Self::f(&self, x)`, as the method's receiver is borrowed.
    pub(super) fn sibling(&mut self, call: &ExprMethodCall) -> Option<Value> {
        let said = self.methods.contains(&call.method);
        let sibling = self.siblings.iter().find(|sibling| call.method == sibling.name).cloned();
        let named = said || sibling.is_some();
        let number = |l: &Self, expr: &Expr| l.mentions_float(expr) && l.flow.may_reach(expr);
        let of_float = associated::method(&call.method.to_string(), &self.func.width).is_some();
        if !named || of_float || !number(self, &call.receiver) {
            return None;
        }
        let generics = call.turbofish.as_ref().map(quote::ToTokens::to_token_stream).unwrap_or_default();
        let ty = if said { self.func.width.ident().to_token_stream() } else { quote!(Self) };
        let callee = Callee { base: Base::Type(quote!(#ty::)), name: call.method.clone(), generics };
        let array = self.this.clone().filter(|dims| !dims.is_empty());
        let receiver = match sibling.zip(array) {
            Some((sibling, dims)) => self.adjusted(&call.receiver, sibling.by_reference, &dims),
            None => (*call.receiver).clone(),
        };
        let operands: Vec<&Expr> = std::iter::once(&receiver).chain(&call.args).collect();
        Some(self.companion_call(callee, None, &operands, call.method.span(), false))
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
