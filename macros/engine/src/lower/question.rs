//! Questions about the elements of an iterator: how many, whether any, where. The answer is no number that a derivative
//! flows through, and nothing else becomes of the elements: what is applied to them only compares and computes.

use super::exits::is_compound;
use super::opaque::iterator;
use super::syntax::path_of;
use crate::rules::derivative as table;
use syn::{Expr, ExprMethodCall, UnOp};

/// Methods whose result is an answer.
const QUESTIONS: &[&str] = &["count", "any", "all", "position", "rposition", "is_sorted", "is_sorted_by"];

/// Whether a method call asks a question and does nothing else.
pub(super) fn is_one(call: &ExprMethodCall) -> bool {
    let asks = QUESTIONS.iter().any(|name| call.method == name);
    asks && iterator(call).is_some() && looks(&call.receiver) && call.args.iter().all(looks)
}

/// Whether a chain of methods goes on with the answer to a question.
pub(super) fn follows_one(call: &ExprMethodCall) -> bool {
    match &*call.receiver {
        Expr::MethodCall(receiver) => is_one(receiver) || follows_one(receiver),
        _ => false,
    }
}

/// Whether an expression keeps nothing and changes nothing.
pub(super) fn looks(expr: &Expr) -> bool {
    const CHANGING: &[&str] = &["by_ref", "next", "inspect", "for_each", "push", "iter_mut"];
    match expr {
        Expr::Lit(_) | Expr::Path(_) => true,
        Expr::Paren(e) => looks(&e.expr),
        Expr::Group(e) => looks(&e.expr),
        Expr::Unary(e) => matches!(e.op, UnOp::Deref(_) | UnOp::Neg(_) | UnOp::Not(_)) && looks(&e.expr),
        Expr::Binary(e) => !is_compound(&e.op) && looks(&e.left) && looks(&e.right),
        Expr::Field(e) => looks(&e.base),
        Expr::Index(e) => looks(&e.expr) && looks(&e.index),
        Expr::Reference(e) => e.mutability.is_none() && looks(&e.expr),
        Expr::Range(e) => e.start.iter().chain(&e.end).all(|e| looks(e)),
        Expr::Tuple(e) => e.elems.iter().all(looks),
        Expr::Cast(e) => looks(&e.expr),
        Expr::Closure(e) => looks(&e.body),
        Expr::MethodCall(e) => {
            let name = e.method.to_string();
            let numeric = table::method(&name).is_some() || table::INACTIVE_METHODS.contains(&name.as_str());
            let chained = iterator(e).is_some() && !CHANGING.contains(&name.as_str());
            let known = numeric || chained || matches!(name.as_str(), "len" | "is_empty" | "partial_cmp" | "total_cmp");
            known && looks(&e.receiver) && e.args.iter().all(looks)
        }
        Expr::Call(e) => {
            let path = path_of(&e.func).unwrap_or_default();
            let number = path.starts_with("f64::") || path.starts_with("f32::");
            number && e.args.iter().all(looks)
        }
        _ => false,
    }
}
