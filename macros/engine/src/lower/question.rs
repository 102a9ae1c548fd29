//! Questions about the elements of an iterator: how many, whether any, where. The answer is no number that a derivative
//! flows through, and nothing else becomes of the elements: what is applied to them only compares and computes.

use super::applied::iterator;
use super::exits::is_compound;
use super::pattern;
use super::syntax::path_of;
use crate::rules::derivative as table;
use syn::{Block, Expr, ExprMethodCall, Pat, Stmt, UnOp};

/// Methods whose result is an answer.
const QUESTIONS: &[&str] = &["count", "any", "all", "position", "rposition", "is_sorted", "is_sorted_by"];
/// Methods of lists and iterators whose closures say which elements there are, or in which order.
const CHOICES: &[&str] = &[
    "any",
    "all",
    "position",
    "rposition",
    "filter",
    "find",
    "take_while",
    "skip_while",
    "max_by",
    "min_by",
    "max_by_key",
    "min_by_key",
    "sort_by",
    "sort_unstable_by",
    "sort_by_key",
    "sort_unstable_by_key",
    "sort_by_cached_key",
    "binary_search_by",
    "partition_point",
    "map_or",
    "is_some_and",
    "is_none_or",
    "retain",
];

/// Whether an argument of a method only chooses between elements, or says in which order they are: what they are is
/// whatever the receiver has.
pub(super) fn chooses(call: &ExprMethodCall, arg: &Expr) -> bool {
    let known = CHOICES.iter().any(|name| call.method == name);
    matches!(arg, Expr::Closure(closure) if known && looks(arg) && decides(&closure.body))
}

/// Whether a method call is a question about what is in an `Option`: `best.map_or(true, |b| x > b)`.
pub(super) fn asks_option(call: &ExprMethodCall) -> bool {
    let literal = |arg: &Expr| matches!(arg, Expr::Lit(syn::ExprLit { lit: syn::Lit::Bool(_), .. }));
    let known = ["map_or", "is_some_and", "is_none_or"].iter().any(|name| call.method == name);
    known && call.args.iter().all(|arg| literal(arg) || chooses(call, arg))
}

/// Whether an expression visibly is a condition, an order or an integer.
fn decides(expr: &Expr) -> bool {
    const ORDERS: &[&str] = &["cmp", "reverse", "then", "then_with", "unwrap", "unwrap_or", "expect"];
    match expr {
        Expr::Paren(e) => decides(&e.expr),
        Expr::Block(e) => value_of(&e.block).is_some_and(decides),
        Expr::Binary(e) => {
            use syn::BinOp as B;
            matches!(e.op, B::Lt(_) | B::Le(_) | B::Gt(_) | B::Ge(_) | B::Eq(_) | B::Ne(_) | B::And(_) | B::Or(_))
        }
        Expr::Unary(e) => matches!(e.op, UnOp::Not(_)) && decides(&e.expr),
        Expr::Cast(e) => {
            let ty = quote::ToTokens::to_token_stream(&e.ty).to_string();
            ty.starts_with(['i', 'u']) && ty[1..].parse::<u32>().is_ok() || matches!(ty.as_str(), "isize" | "usize")
        }
        Expr::MethodCall(e) => {
            let name = e.method.to_string();
            table::INACTIVE_METHODS.contains(&name.as_str())
                || name == "cmp"
                || (ORDERS.contains(&name.as_str()) && decides(&e.receiver))
        }
        _ => false,
    }
}

/// What a block comes to that begins with nothing but names for what is computed.
fn value_of(block: &Block) -> Option<&Expr> {
    let (Stmt::Expr(value, None), names) = block.stmts.split_last()? else { return None };
    let computed = |stmt: &Stmt| match stmt {
        Stmt::Local(local) => {
            let init = local.init.as_ref().filter(|init| init.diverge.is_none());
            init.is_some_and(|init| looks(&init.expr)) && pattern::irrefutable(without_type(&local.pat))
        }
        _ => false,
    };
    names.iter().all(computed).then_some(value)
}

fn without_type(pat: &Pat) -> &Pat {
    if let Pat::Type(typed) = pat { &typed.pat } else { pat }
}

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
    const HARMLESS: &[&str] = &[
        "len",
        "is_empty",
        "partial_cmp",
        "total_cmp",
        "cmp",
        "reverse",
        "then",
        "then_with",
        "unwrap",
        "unwrap_or",
        "expect",
    ];
    match expr {
        Expr::Lit(_) | Expr::Path(_) => true,
        Expr::Block(e) => e.label.is_none() && value_of(&e.block).is_some_and(looks),
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
            let known = numeric || chained || HARMLESS.contains(&name.as_str());
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
