//! Which of the elements of a chain is the greatest, in code that no derivative flows through:
//! `x.iter().enumerate().max_by(…).unwrap().0`, or with `.map(|(i, _)| i)` before. The pair is found first, by a statement
//! of its own, and the code names its member.

use super::Lowerer;
use super::optional::KEEPING;
use std::borrow::Cow;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprField, ExprMethodCall, Member, Pat, Stmt, parse_quote};

impl Lowerer<'_> {
    /// An expression in which such pairs have names.
    pub(super) fn projected<'e>(&mut self, expr: &'e Expr) -> Cow<'e, Expr> {
        let mut looks = Looks(false);
        looks.visit_expr(expr);
        if !looks.0 {
            return Cow::Borrowed(expr);
        }
        let mut finder = Finder { lowerer: self, found: Vec::new() };
        let mut changed = expr.clone();
        finder.visit_expr_mut(&mut changed);
        let found = finder.found;
        found.iter().for_each(|stmt| self.statement(stmt));
        Cow::Owned(changed)
    }
}

struct Finder<'l, 'e> {
    lowerer: &'l mut Lowerer<'e>,
    found: Vec<Stmt>,
}

/// Whether there is anything to be found.
struct Looks(bool);

impl<'ast> Visit<'ast> for Looks {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        self.0 = self.0 || pair_of(expr).is_some();
        if !self.0 {
            visit::visit_expr(self, expr);
        }
    }
}

impl VisitMut for Finder<'_, '_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Some((pair, member)) = pair_of(expr).filter(|(pair, _)| self.lowerer.mentions_float(pair)) {
            let name = self.lowerer.unused_name("pair");
            self.found.push(parse_quote!(let #name = #pair;));
            *expr = parse_quote!(#name.#member);
            return;
        }
        match expr {
            // What is evaluated once, and whatever happens.
            Expr::Paren(_)
            | Expr::Group(_)
            | Expr::Cast(_)
            | Expr::Index(_)
            | Expr::Field(_)
            | Expr::Unary(_)
            | Expr::Reference(_)
            | Expr::MethodCall(_)
            | Expr::Call(_) => visit_mut::visit_expr_mut(self, expr),
            Expr::Binary(e) if !matches!(e.op, syn::BinOp::And(_) | syn::BinOp::Or(_)) => {
                visit_mut::visit_expr_mut(self, expr);
            }
            _ => {}
        }
    }
}

/// `chain.max_by(f).unwrap()` and `0` of `chain.max_by(f).unwrap().0`.
fn pair_of(expr: &Expr) -> Option<(Expr, Member)> {
    match expr {
        Expr::Field(ExprField { base, member, .. }) => {
            let Expr::MethodCall(taken) = &**base else { return None };
            kept(taken).then(|| (Expr::MethodCall(taken.clone()), member.clone()))
        }
        Expr::MethodCall(taken) if taken.method == "unwrap" || taken.method == "expect" => {
            let Expr::MethodCall(map) = &*taken.receiver else { return None };
            let (true, Some(Expr::Closure(f))) = (map.method == "map" && map.args.len() == 1, map.args.first()) else {
                return None;
            };
            let (Some(Pat::Tuple(pat)), Expr::Path(body)) = (f.inputs.first(), &*f.body) else { return None };
            let named = |pat: &Pat| matches!(pat, Pat::Ident(p) if p.subpat.is_none() && body.path.is_ident(&p.ident));
            let member = pat.elems.iter().position(named)?;
            let mut pair = taken.clone();
            *pair.receiver = (*map.receiver).clone();
            kept(&pair).then(|| (Expr::MethodCall(pair), Member::from(member)))
        }
        _ => None,
    }
}

/// Whether an element of a chain is taken out of what may not be there.
fn kept(call: &ExprMethodCall) -> bool {
    let unwraps = call.method == "unwrap" || call.method == "expect";
    let keeps = |e: &Expr| matches!(e, Expr::MethodCall(inner) if KEEPING.iter().any(|name| inner.method == name));
    unwraps && keeps(&call.receiver)
}
