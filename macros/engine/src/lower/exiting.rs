//! Operands that may exit: branches with a `return`, `break` or `continue` in the middle of an expression. They are evaluated
//! in a statement of their own, before the one that they stand in:
//!
//! ```text
//! s += v * if v > 1.0 { continue } else { 2.0 };      let value = if v > 1.0 { continue } else { 2.0 }; s += v * value;
//! ```
//!
//! What is evaluated before such an operand is evaluated behind it then. So it must be nothing with an effect, and nothing
//! that the operand changes.

use super::Lowerer;
use super::exits::{Scan, is_compound};
use super::opaque::{Fate, Opaque};
use super::operand::is_deep;
use super::pattern::{contains_let, mentions};
use super::question;
use proc_macro2::{Ident, Span};
use quote::ToTokens as _;
use syn::{BinOp, Expr, Stmt, parse_quote};

impl Lowerer<'_> {
    /// The statements that a value stands for which has such an operand.
    pub(super) fn operand_first_of(&mut self, expr: &Expr) -> Option<Vec<Stmt>> {
        let here = !Scan::expr(expr).exits.is_empty() && !is_deep(expr);
        here.then(|| self.with_operand_first(Stmt::Expr(expr.clone(), None))).flatten()
    }

    /// The statements that a statement stands for which has such an operand.
    pub(super) fn operand_first(&mut self, stmt: &Stmt) -> Option<Vec<Stmt>> {
        let deep = match stmt {
            Stmt::Expr(expr, _) => is_deep(expr),
            Stmt::Local(local) => local.init.as_ref().is_some_and(|init| is_deep(&init.expr)),
            _ => false,
        };
        let here = !deep && !Scan::stmt(stmt).exits.is_empty();
        here.then(|| self.with_operand_first(stmt.clone())).flatten()
    }

    fn with_operand_first(&mut self, mut stmt: Stmt) -> Option<Vec<Stmt>> {
        // A name is taken only if there is an operand for it.
        in_statement(&mut stmt.clone(), &Ident::new("value", Span::mixed_site()), &mut Vec::new())?;
        let mut before = Vec::new();
        let name = self.unused_name("value");
        let operand = in_statement(&mut stmt, &name, &mut before)?;
        let scan = Scan::expr(&operand);
        let changed = |e: &Expr| {
            let members = scan.members.iter().map(mention).collect::<Vec<_>>();
            let names = scan.assigned.iter().map(ToString::to_string).chain(members.into_iter().flatten());
            names.chain(scan.called.iter().cloned()).any(|name| mentions(e.to_token_stream(), &name))
        };
        let still = |e: &Expr| {
            let pure = Opaque::expression(&self.scopes, &self.func.width, e, &Fate::Consumed).code.pure;
            (pure || question::looks(e)) && !changed(e)
        };
        if !before.iter().all(still) {
            return None;
        }
        Some(vec![parse_quote!(let #name = #operand;), stmt])
    }
}

/// The variable that a member is one of.
fn mention(member: &Expr) -> Option<String> {
    match member {
        Expr::Field(e) => mention(&e.base),
        Expr::Paren(e) => mention(&e.expr),
        Expr::Path(p) => p.path.get_ident().map(ToString::to_string),
        _ => None,
    }
}

fn in_statement(stmt: &mut Stmt, name: &Ident, before: &mut Vec<Expr>) -> Option<Expr> {
    match stmt {
        Stmt::Local(local) => {
            let init = local.init.as_mut().filter(|init| init.diverge.is_none())?;
            operands(&mut init.expr, name, before)
        }
        Stmt::Expr(Expr::Return(e), _) => operands(e.expr.as_mut()?, name, before),
        Stmt::Expr(e, _) => operands(e, name, before),
        _ => None,
    }
}

/// Looks among the operands of an expression for one that may exit, in the order of evaluation, and puts a name in its
/// place. `before`: what is evaluated before it.
fn operands(expr: &mut Expr, name: &Ident, before: &mut Vec<Expr>) -> Option<Expr> {
    match expr {
        Expr::Paren(e) => first(&mut e.expr, name, before),
        Expr::Group(e) => first(&mut e.expr, name, before),
        Expr::Unary(e) => first(&mut e.expr, name, before),
        Expr::Cast(e) => first(&mut e.expr, name, before),
        Expr::Field(e) => first(&mut e.base, name, before),
        Expr::Reference(e) if e.mutability.is_none() => first(&mut e.expr, name, before),
        // The right side comes first.
        Expr::Assign(e) => first(&mut e.right, name, before),
        Expr::Binary(e) if is_compound(&e.op) => first(&mut e.right, name, before),
        Expr::Binary(e) if matches!(e.op, BinOp::And(_) | BinOp::Or(_)) => first(&mut e.left, name, before),
        Expr::Binary(e) => first(&mut e.left, name, before).or_else(|| first(&mut e.right, name, before)),
        Expr::Call(e) => e.args.iter_mut().find_map(|arg| first(arg, name, before)),
        Expr::MethodCall(e) => {
            let args = &mut e.args;
            first(&mut e.receiver, name, before).or_else(|| args.iter_mut().find_map(|arg| first(arg, name, before)))
        }
        Expr::Index(e) => first(&mut e.expr, name, before).or_else(|| first(&mut e.index, name, before)),
        Expr::Tuple(e) => e.elems.iter_mut().find_map(|elem| first(elem, name, before)),
        Expr::Array(e) => e.elems.iter_mut().find_map(|elem| first(elem, name, before)),
        Expr::Range(e) => {
            let end = &mut e.end;
            let start = e.start.as_mut().and_then(|start| first(start, name, before));
            start.or_else(|| end.as_mut().and_then(|end| first(end, name, before)))
        }
        // What decides, and what is iterated over.
        Expr::If(e) if !contains_let(&e.cond) => first(&mut e.cond, name, before),
        Expr::Match(e) => first(&mut e.expr, name, before),
        Expr::ForLoop(e) => first(&mut e.expr, name, before),
        Expr::Struct(e) => e.fields.iter_mut().find_map(|field| first(&mut field.expr, name, before)),
        _ => None,
    }
}

fn first(expr: &mut Expr, name: &Ident, before: &mut Vec<Expr>) -> Option<Expr> {
    let exits = !Scan::expr(expr).exits.is_empty();
    match expr {
        Expr::If(_) | Expr::Match(_) | Expr::Block(_) | Expr::Loop(_) if exits => {
            Some(std::mem::replace(expr, parse_quote!(#name)))
        }
        expr if exits => operands(expr, name, before),
        expr => {
            before.push(expr.clone());
            None
        }
    }
}
