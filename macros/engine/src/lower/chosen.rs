//! A part of an array that is chosen: `let v = if c { &x[..n] } else { x };`. What is chosen are its bounds, and the part is made
//! once, so that it is a view like any other.

use super::Lowerer;
use super::call::without_parentheses;
use super::pattern;
use super::scope::State;
use proc_macro2::Ident;
use syn::{Block, Expr, Local, RangeLimits, Stmt, parse_quote};

impl Lowerer<'_> {
    /// The statements that such a `let` stands for.
    pub(super) fn chosen_let(&mut self, local: &Local) -> Option<Vec<Stmt>> {
        let init = local.init.as_ref().filter(|init| init.diverge.is_none())?;
        let value = without_parentheses(&init.expr);
        if !matches!(value, Expr::If(_) | Expr::Match(_)) {
            return None;
        }
        let mut choice = Choice { list: None, cut: false, bound: Vec::new() };
        let bounds = choice.bounds(value)?;
        // What a pattern binds is another array.
        let list = choice.list.filter(|list| choice.cut && !choice.bound.iter().any(|name| list == name))?;
        if !matches!(self.scopes.state(&list.to_string()), Some(State::Part(_))) {
            return None;
        }
        let ([low, high], pat) = ([self.unused_name("low"), self.unused_name("high")], &local.pat);
        Some(vec![
            parse_quote!(let (#low, #high): (usize, usize) = #bounds;),
            parse_quote!(let #pat = &#list[#low..#high];),
        ])
    }
}

/// What is chosen from.
struct Choice {
    /// The array.
    list: Option<Ident>,
    /// Whether it is anywhere less than all of it.
    cut: bool,
    /// What patterns bind in it.
    bound: Vec<Ident>,
}

impl Choice {
    /// The same choice, of bounds.
    fn bounds(&mut self, expr: &Expr) -> Option<Expr> {
        match without_parentheses(expr) {
            Expr::If(e) if !pattern::contains_let(&e.cond) => {
                let (cond, then) = (&e.cond, self.of_block(&e.then_branch)?);
                let other = self.bounds(&e.else_branch.as_ref()?.1)?;
                Some(parse_quote!(if #cond { #then } else { #other }))
            }
            Expr::Block(e) if e.label.is_none() => self.of_block(&e.block),
            Expr::Match(e) => {
                let mut e = e.clone();
                for arm in &mut e.arms {
                    self.bound.extend(pattern::bindings(&arm.pat)?.into_iter().map(|bound| bound.name));
                    *arm.body = self.bounds(&arm.body)?;
                    arm.comma.get_or_insert_default();
                }
                Some(Expr::Match(e))
            }
            Expr::Reference(e) if e.mutability.is_none() => self.part(&e.expr),
            whole @ Expr::Path(_) => self.part(whole),
            _ => None,
        }
    }

    fn of_block(&mut self, block: &Block) -> Option<Expr> {
        let [Stmt::Expr(value, None)] = block.stmts.as_slice() else { return None };
        self.bounds(value)
    }

    /// The bounds of `list`, `list[a..b]`.
    fn part(&mut self, expr: &Expr) -> Option<Expr> {
        let (list, range) = match without_parentheses(expr) {
            Expr::Index(e) => match without_parentheses(&e.index) {
                Expr::Range(range) => (without_parentheses(&e.expr), Some(range)),
                _ => return None,
            },
            whole => (whole, None),
        };
        let Expr::Path(path) = list else { return None };
        let list = path.path.get_ident()?;
        if self.list.as_ref().is_some_and(|known| known != list) {
            return None;
        }
        self.list = Some(list.clone());
        self.cut |= range.is_some();
        let low: Expr = range.and_then(|range| range.start.as_deref().cloned()).unwrap_or_else(|| parse_quote!(0));
        let high: Expr = match range.and_then(|range| range.end.as_deref().map(|end| (end, &range.limits))) {
            None => parse_quote!(#list.len()),
            Some((end, RangeLimits::HalfOpen(_))) => end.clone(),
            Some((end, RangeLimits::Closed(_))) => parse_quote!((#end) + 1),
        };
        Some(parse_quote!((#low, #high)))
    }
}
