//! What the value of an `if` or of a block visibly is. Input: an expression. Output: whether it is surely a float, or surely
//! something else; what is neither is decided by what it mentions.

use super::expression::{Value, arithmetic};
use super::pattern::mentions;
use super::syntax::path_of;
use super::{Lowerer, associated};
use crate::ir::Width;
use crate::rules::derivative as table;
use quote::ToTokens as _;
use syn::{BinOp, Expr, Lit, Pat, UnOp};

/// Whether a literal is a float: `0f64` is an integer to the tokenizer.
fn is_float(lit: &Lit) -> bool {
    match lit {
        Lit::Float(_) => true,
        Lit::Int(int) => matches!(int.suffix(), "f32" | "f64"),
        _ => false,
    }
}

/// Whether an expression visibly is a float.
pub(super) fn float_tail(expr: &Expr, width: &Width) -> bool {
    if associated::is_constant(expr, width) {
        return true;
    }
    let generic = width.is_generic();
    match expr {
        Expr::Lit(l) => !generic && is_float(&l.lit),
        Expr::Unary(u) => float_tail(&u.expr, width),
        Expr::Paren(p) => float_tail(&p.expr, width),
        Expr::Binary(b) => arithmetic(&b.op).is_some() && (float_tail(&b.left, width) || float_tail(&b.right, width)),
        Expr::MethodCall(m) => table::method(&m.method.to_string()).is_some() && float_tail(&m.receiver, width),
        Expr::Cast(c) => !generic && matches!(c.ty.to_token_stream().to_string().as_str(), "f32" | "f64"),
        Expr::If(i) => {
            let last =
                |b: &syn::Block| matches!(b.stmts.last(), Some(syn::Stmt::Expr(e, None)) if float_tail(e, width));
            last(&i.then_branch) || i.else_branch.as_ref().is_some_and(|(_, e)| float_tail(e, width))
        }
        Expr::Block(b) => matches!(b.block.stmts.last(), Some(syn::Stmt::Expr(e, None)) if float_tail(e, width)),
        Expr::Match(m) => m.arms.iter().any(|arm| float_tail(&arm.body, width)),
        Expr::Tuple(t) => t.elems.iter().any(|e| float_tail(e, width)),
        Expr::Struct(s) => s.fields.iter().any(|f| float_tail(&f.expr, width)),
        _ => false,
    }
}

/// Whether an expression visibly is something else than a float.
pub(super) fn other_tail(expr: &Expr, width: &Width) -> bool {
    use BinOp as B;
    let generic = width.is_generic();
    let block = |b: &syn::Block| matches!(b.stmts.last(), Some(syn::Stmt::Expr(e, None)) if other_tail(e, width));
    match expr {
        Expr::Lit(l) => generic || !is_float(&l.lit),
        Expr::Unary(u) => matches!(u.op, UnOp::Not(_)) || other_tail(&u.expr, width),
        Expr::Binary(b) => {
            matches!(b.op, B::Lt(_) | B::Le(_) | B::Gt(_) | B::Ge(_) | B::Eq(_) | B::Ne(_) | B::And(_) | B::Or(_))
        }
        Expr::Cast(c) => generic || super::types::shape(&c.ty, &[]).is_none(),
        // A constructor, such as `Some`.
        Expr::Call(c) => path_of(&c.func)
            .is_some_and(|path| path.rsplit("::").next().is_some_and(|last| last.starts_with(char::is_uppercase))),
        Expr::Closure(_) | Expr::Range(_) => true,
        Expr::Paren(p) => other_tail(&p.expr, width),
        Expr::Block(b) => block(&b.block),
        Expr::Match(m) => m.arms.iter().any(|arm| other_tail(&arm.body, width)),
        Expr::If(i) => block(&i.then_branch) || i.else_branch.as_ref().is_some_and(|(_, e)| other_tail(e, width)),
        _ => false,
    }
}

impl Lowerer<'_> {
    /// Whether an arm uses what its pattern binds to a number, or to one in a tuple.
    pub(super) fn takes_number(&mut self, matched: &Expr, pat: &Pat, arm: &Expr) -> bool {
        match (matched, pat) {
            (Expr::Paren(e), _) => self.takes_number(&e.expr, pat, arm),
            (_, Pat::Paren(p)) => self.takes_number(matched, &p.pat, arm),
            (_, Pat::Guard(p)) => self.takes_number(matched, &p.pat, arm),
            (_, Pat::Or(p)) => p.cases.iter().any(|case| self.takes_number(matched, case, arm)),
            (Expr::Tuple(e), Pat::Tuple(p)) if e.elems.len() == p.elems.len() => {
                e.elems.iter().zip(&p.elems).any(|(member, pat)| self.takes_number(member, pat, arm))
            }
            (_, Pat::Ident(p)) => {
                mentions(arm.to_token_stream(), &p.ident.to_string()) && self.is_visibly_number(matched)
            }
            _ => false,
        }
    }

    /// Whether an expression is a number that derivatives flow through, as far as that is seen without its blocks and calls.
    fn is_visibly_number(&mut self, expr: &Expr) -> bool {
        match expr {
            Expr::Path(_) | Expr::Index(_) | Expr::Field(_) => self.trial(|l| matches!(l.expr(expr), Value::Float(_))),
            Expr::Paren(e) => self.is_visibly_number(&e.expr),
            Expr::Unary(e) => !matches!(e.op, UnOp::Not(_)) && self.is_visibly_number(&e.expr),
            Expr::Binary(e) => {
                arithmetic(&e.op).is_some() && (self.is_visibly_number(&e.left) || self.is_visibly_number(&e.right))
            }
            Expr::MethodCall(m) => {
                table::method(&m.method.to_string()).is_some() && self.is_visibly_number(&m.receiver)
            }
            _ => false,
        }
    }
}
