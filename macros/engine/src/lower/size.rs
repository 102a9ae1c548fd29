//! `x.len()` in code that is carried along, or `m.nrows()`: a number of elements, of which there is no derivative. Of what is visibly a list it
//! is that. Any other type may have a method of this name that returns a number, such as the length of a vector. Input: an
//! expression. Output: the same with such calls handed to a function of the runtime's that takes integers alone.

use super::call::without_parentheses;
use super::opaque::Fate;
use super::scope::State;
use super::{Lowerer, comparison};
use crate::tokens;
use proc_macro2::Span;
use quote::quote;
use std::borrow::Cow;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprMethodCall, parse_quote};

/// Methods that tell how many elements there are, rows, or columns.
pub(super) const METHODS: &[&str] = &["len", "nrows", "ncols"];

/// The end of that function's path.
pub(super) const OF_THE_RUNTIME: &str = "__private::size";

impl Lowerer<'_> {
    /// An expression in which a `len` that may be none is no number.
    pub(super) fn sized<'e>(&self, expr: &'e Expr, fate: &Fate) -> Cow<'e, Expr> {
        let mut looks = Looks(false);
        looks.visit_expr(expr);
        // What only decides has no derivative, whatever it is.
        if !looks.0 || matches!(fate, Fate::Consumed) {
            return Cow::Borrowed(expr);
        }
        let mut expr = expr.clone();
        Finder(self).visit_expr_mut(&mut expr);
        Cow::Owned(expr)
    }

    /// Whether an expression is visibly an array, a slice or a `Vec`.
    fn is_list(&self, expr: &Expr) -> bool {
        match without_parentheses(expr) {
            Expr::Reference(e) => self.is_list(&e.expr),
            // Of structs, an index of an element may be one of its own.
            Expr::Index(e) => self.numbers(&e.expr),
            Expr::Path(p) => p.path.get_ident().is_some_and(|name| match self.scopes.state(&name.to_string()) {
                Some(State::Part(part)) => self.func.rank(part) > 0,
                _ => false,
            }),
            _ => false,
        }
    }

    fn numbers(&self, expr: &Expr) -> bool {
        match without_parentheses(expr) {
            Expr::Index(e) => self.numbers(&e.expr),
            Expr::Path(p) => p.path.get_ident().is_some_and(|name| match self.scopes.state(&name.to_string()) {
                Some(State::Part(part)) => !self.func.holds_structs(part),
                _ => false,
            }),
            _ => false,
        }
    }
}

fn counts(call: &ExprMethodCall) -> bool {
    METHODS.iter().any(|name| call.method == name) && call.args.is_empty()
}

/// Whether there is one.
struct Looks(bool);

impl<'ast> Visit<'ast> for Looks {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        self.0 |= counts(call);
        visit::visit_expr_method_call(self, call);
    }
}

struct Finder<'l, 'e>(&'l Lowerer<'e>);

impl VisitMut for Finder<'_, '_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if matches!(expr, Expr::Binary(e) if comparison::is_one(&e.op)) {
            return;
        }
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::MethodCall(call) = &*expr
            && counts(call)
            && !self.0.is_list(&call.receiver)
            && self.0.mentions_float(&call.receiver)
        {
            let at = Span::call_site().located_at(call.method.span());
            let runtime = &self.0.runtime;
            let size = tokens::located(quote!(#runtime::__private::size), at);
            *expr = parse_quote!(#size(#call));
        }
    }
}
