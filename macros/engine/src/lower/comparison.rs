//! Comparisons of references to numbers in code that is carried along. The engine has the numbers themselves, so `v < &x`
//! becomes `v < x`, and `a.partial_cmp(b)` becomes `a.partial_cmp(&b)`. Input and output: a piece of the user's syntax.

use super::scope::{Scopes, State};
use super::syntax::path_of;
use crate::rules::derivative as table;
use std::borrow::Cow;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{BinOp, Expr, ExprCall, ExprMethodCall, UnOp, parse_quote};

/// An expression with the comparisons in it as they are among numbers.
pub(super) fn of_numbers<'e>(scopes: &Scopes, expr: &'e Expr) -> Cow<'e, Expr> {
    let mut found = Found { scopes, any: false };
    found.visit_expr(expr);
    if !found.any {
        return Cow::Borrowed(expr);
    }
    let mut expr = expr.clone();
    Plain { scopes }.visit_expr_mut(&mut expr);
    Cow::Owned(expr)
}

/// Whether an operator compares.
pub(super) fn is_one(op: &BinOp) -> bool {
    use BinOp as B;
    matches!(op, B::Lt(_) | B::Le(_) | B::Gt(_) | B::Ge(_) | B::Eq(_) | B::Ne(_))
}

/// Whether an expression compares numbers of which one stands for a reference.
fn of_references(scopes: &Scopes, expr: &Expr) -> bool {
    let float = |e: &Expr| is_float(scopes, value(e));
    match expr {
        Expr::Binary(e) if is_one(&e.op) => {
            (float(&e.left) || float(&e.right)) && (is_reference(&e.left) || is_reference(&e.right))
        }
        Expr::MethodCall(e) => compared(e).is_some_and(|arg| {
            let borrowed = matches!(arg, Expr::Reference(r) if !is_reference(&r.expr));
            !borrowed && (float(arg) || float(&e.receiver))
        }),
        Expr::Call(e) => {
            let borrowed = |arg: &Expr| matches!(arg, Expr::Reference(r) if !is_reference(&r.expr));
            by_path(e) && e.args.iter().any(float) && !e.args.iter().all(borrowed)
        }
        _ => false,
    }
}

/// Whether a call is one of `f64::total_cmp` and the like.
fn by_path(call: &ExprCall) -> bool {
    let path = path_of(&call.func).unwrap_or_default();
    let method = path.strip_prefix("f64::").or_else(|| path.strip_prefix("f32::"));
    call.args.len() == 2 && method.is_some_and(|method| table::INACTIVE_METHODS.contains(&method))
}

/// What the receiver of a method is compared with.
fn compared(call: &ExprMethodCall) -> Option<&Expr> {
    let compares = table::INACTIVE_METHODS.contains(&call.method.to_string().as_str());
    call.args.first().filter(|_| compares && call.args.len() == 1)
}

/// Whether an expression is a number that the engine follows.
fn is_float(scopes: &Scopes, expr: &Expr) -> bool {
    let state = match expr {
        Expr::Path(p) => p.path.get_ident().and_then(|ident| scopes.state(&ident.to_string())),
        Expr::Field(_) => scopes.variable(expr).map(|id| &scopes.vars[id].state),
        _ => None,
    };
    matches!(state, Some(State::Float(_) | State::Element(_)))
}

fn is_reference(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(e) => is_reference(&e.expr),
        Expr::Reference(_) => true,
        _ => false,
    }
}

/// An expression without references to it and without what they are taken back by.
fn value(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(e) => value(&e.expr),
        Expr::Reference(e) if e.mutability.is_none() => value(&e.expr),
        Expr::Unary(e) if matches!(e.op, UnOp::Deref(_)) => value(&e.expr),
        other => other,
    }
}

/// An expression without references to it.
fn behind(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(e) if is_reference(&e.expr) => behind(&e.expr),
        Expr::Reference(e) if e.mutability.is_none() => behind(&e.expr),
        other => other,
    }
}

struct Found<'s> {
    scopes: &'s Scopes,
    any: bool,
}

impl<'ast> Visit<'ast> for Found<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        self.any = self.any || of_references(self.scopes, expr);
        if !self.any {
            visit::visit_expr(self, expr);
        }
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

struct Plain<'s> {
    scopes: &'s Scopes,
}

impl VisitMut for Plain<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if !of_references(self.scopes, expr) {
            return;
        }
        match expr {
            Expr::Binary(e) => {
                *e.left = behind(&e.left).clone();
                *e.right = behind(&e.right).clone();
            }
            Expr::MethodCall(ExprMethodCall { args, .. }) | Expr::Call(ExprCall { args, .. }) => {
                for arg in args {
                    let number = behind(arg);
                    *arg = parse_quote!(&#number);
                }
            }
            _ => {}
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
