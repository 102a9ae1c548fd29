//! Operands that may exit: branches with a `return`, `break` or `continue` in the middle of an expression. They are evaluated
//! in a statement of their own, before the one that they stand in:
//!
//! ```text
//! s += v * if v > 1.0 { continue } else { 2.0 };      let value = if v > 1.0 { continue } else { 2.0 }; s += v * value;
//! ```
//!
//! What is evaluated before such an operand is evaluated behind it then. So it must be nothing with an effect, and nothing
//! that the operand changes; or it is a number, and gets a statement of its own as well.

use super::Lowerer;
use super::effects::Effects;
use super::exits::{Scan, is_compound};
use super::expression::Value;
use super::opaque::{Fate, Opaque};
use super::operand::is_deep;
use super::pattern::{contains_let, mentions};
use super::question;
use super::scope::State;
use proc_macro2::{Ident, Span};
use quote::ToTokens as _;
use syn::{BinOp, Expr, Stmt, parse_quote};

impl Lowerer<'_> {
    /// The statements that a value stands for which has such an operand.
    pub(super) fn operand_first_of(&mut self, expr: &Expr) -> Option<Vec<Stmt>> {
        let here = !Scan::expr(expr).exits.is_empty() && !is_deep(expr);
        here.then(|| self.with_operand_first(&Stmt::Expr(expr.clone(), None))).flatten()
    }

    /// The statements that a statement stands for which has such an operand.
    pub(super) fn operand_first(&mut self, stmt: &Stmt) -> Option<Vec<Stmt>> {
        let deep = match stmt {
            Stmt::Expr(expr, _) => is_deep(expr),
            Stmt::Local(local) => local.init.as_ref().is_some_and(|init| is_deep(&init.expr)),
            _ => false,
        };
        let here = !deep && !Scan::stmt(stmt).exits.is_empty();
        here.then(|| self.with_operand_first(stmt)).flatten()
    }

    fn with_operand_first(&mut self, stmt: &Stmt) -> Option<Vec<Stmt>> {
        // Names are taken only if there is an operand for them.
        let mut before = Vec::new();
        let unnamed = Ident::new("value", Span::mixed_site());
        let operand = in_statement(&mut stmt.clone(), &unnamed, &mut |e| before.push(e.clone()))?;
        let Effects { mut changed, passed, called, .. } = Effects::of(&operand, &self.func.width);
        let number = |name: &String| matches!(self.scopes.state(name), Some(State::Float(_)));
        changed.extend(passed.into_iter().filter(|name| !number(name)));
        changed.extend(called);
        let still = |l: &Self, e: &Expr| {
            let pure = Opaque::expression(&l.scopes, &l.func.width, e, &Fate::Consumed).code.pure;
            let tokens = e.to_token_stream();
            (pure || question::looks(e)) && !changed.iter().any(|name| mentions(tokens.clone(), name))
        };
        let mut stmts: Vec<Stmt> = Vec::new();
        let mut names = Vec::with_capacity(before.len());
        // All that is evaluated before what cannot wait cannot wait either.
        let first = before.iter().rposition(|e| !still(self, e)).map_or(0, |last| last + 1);
        for (k, e) in before.iter().enumerate() {
            let now = k < first && !matches!(e, Expr::Lit(_));
            if now && !self.is_copied_number(e) {
                return None;
            }
            let name = now.then(|| self.unused_name("first"));
            stmts.extend(name.iter().map(|name| -> Stmt { parse_quote!(let #name = #e;) }));
            names.push(name);
        }
        let (mut stmt, mut names) = (stmt.clone(), names.into_iter());
        let name = self.unused_name("value");
        let operand = in_statement(&mut stmt, &name, &mut |e| {
            if let Some(name) = names.next().flatten() {
                *e = parse_quote!(#name);
            }
        })?;
        stmts.extend([parse_quote!(let #name = #operand;), stmt]);
        Some(stmts)
    }

    /// Whether an expression is a number and no reference to one, so that a variable would have a copy of it.
    fn is_copied_number(&mut self, expr: &Expr) -> bool {
        if let Expr::Path(_) = expr {
            return self.scopes.variable(expr).is_some_and(|id| matches!(self.scopes.vars[id].state, State::Float(_)));
        }
        self.trial(|l| {
            let errors = l.errors.count();
            let number = match l.expr(expr) {
                Value::Float(_) => true,
                Value::Part { part, reference } => !reference && l.func.is_number(&part),
                _ => false,
            };
            number && l.errors.count() == errors
        })
    }
}

fn in_statement(stmt: &mut Stmt, name: &Ident, before: &mut dyn FnMut(&mut Expr)) -> Option<Expr> {
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
/// place. `before` is given what is evaluated before it.
fn operands(expr: &mut Expr, name: &Ident, before: &mut dyn FnMut(&mut Expr)) -> Option<Expr> {
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

fn first(expr: &mut Expr, name: &Ident, before: &mut dyn FnMut(&mut Expr)) -> Option<Expr> {
    let exits = !Scan::expr(expr).exits.is_empty();
    match expr {
        Expr::If(_) | Expr::Match(_) | Expr::Block(_) | Expr::Loop(_) if exits => {
            Some(std::mem::replace(expr, parse_quote!(#name)))
        }
        expr if exits => operands(expr, name, before),
        expr => {
            before(expr);
            None
        }
    }
}
