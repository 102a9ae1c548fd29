//! Numbers that become integers. Input: code that is carried along. Output: what becomes of the numbers in it.
//!
//! A conversion to an integer loses the derivative, and is not looked through: an integer that goes back among the numbers
//! is refused, by its name if it has one. Two kinds of conversions lose nothing. An integer that is only an index, a bound of
//! a loop or something that decides has no derivative: it says which branch is differentiated. And of a number that the
//! function itself makes constant between jumps before, `x.floor() as usize`, the rule of `floor` has said already that its
//! derivative is zero.
//!
//! Invariant: an integer that has a name and is made of numbers is in `Scopes::integers`, or those numbers are lost where
//! it is made. Only `let k = …;` makes such a name.

use super::Lowerer;
use super::exits::is_compound;
use super::opaque::{Fate, Loss, Opaque, Source};
use super::scope::{Scopes, State};
use super::{associated, comparison, question};
use crate::diagnostics::{Site, message};
use crate::ir::Val;
use crate::rules::Partial;
use proc_macro2::Ident;
use quote::ToTokens as _;
use syn::{BinOp, Block, Expr, ExprCast, ExprMethodCall, Local, Pat, Stmt, Type};

/// Types that are surely integers.
const INTEGERS: &[&str] = &["usize", "isize", "u8", "u16", "u32", "u64", "u128", "i8", "i16", "i32", "i64", "i128"];

/// Methods whose result has the type of what they are called on, if that is an integer.
const METHODS: &[&str] = &[
    "abs",
    "clamp",
    "div_euclid",
    "max",
    "min",
    "pow",
    "rem_euclid",
    "saturating_add",
    "saturating_mul",
    "saturating_sub",
    "wrapping_add",
    "wrapping_mul",
    "wrapping_sub",
];

/// Of how many numbers an integer may be made, if they are to be remembered.
const SOURCES: usize = 64;

impl Opaque<'_> {
    pub(super) fn cast(&mut self, cast: &ExprCast, fate: &Fate) {
        let to = cast.ty.to_token_stream().to_string();
        let integer = match to.as_str() {
            name if self.width.is(name) => self.to_integer,
            "f32" | "f64" => false,
            _ => !matches!(*cast.ty, Type::Ptr(_)),
        };
        let fate = match (fate, to.as_str()) {
            (Fate::Consumed, _) => Fate::Consumed,
            (_, name) if self.width.is(name) => fate.clone(),
            (_, "f32" | "f64") => Fate::Lost(Site::of(cast), message::lost_in_width(to)),
            _ if matches!(*cast.ty, Type::Ptr(_)) => Fate::Lost(Site::of(cast), message::unsupported("a raw pointer")),
            _ => Fate::Lost(Site::of(cast), message::lost_in_cast(to)),
        };
        let outer = std::mem::replace(&mut self.to_integer, integer);
        self.visit(&cast.expr, &fate);
        self.to_integer = outer;
    }

    /// Whether a method call is what becomes an integer, and rounds a number: its derivative is zero by its rule.
    pub(super) fn is_rounded(&self, call: &ExprMethodCall) -> bool {
        let prim = associated::method(&call.method.to_string(), self.width);
        let constant = prim.is_some_and(|prim| prim.partials.iter().all(|partial| matches!(partial, Partial::Zero)));
        self.to_integer && constant && question::looks(&call.receiver) && !self.scopes.struct_named(&call.receiver)
    }

    /// An integer is mentioned that numbers were converted to.
    pub(super) fn integer(&mut self, ident: &Ident, val: Val, fate: &Fate) {
        if let (Fate::Lost(..), Some(sources)) = (fate, self.scopes.integers.get(&val)) {
            let message = message::lost_in_integer(ident);
            let loss = |&source| Loss { source, site: ident.span().into(), message: message.clone() };
            self.losses.extend(sources.iter().map(loss));
        }
    }

    /// Whether an expression visibly is an integer that numbers may have been converted to.
    pub(super) fn is_integer(&self, expr: &Expr) -> bool {
        is_integer(self.scopes, expr)
    }
}

impl Lowerer<'_> {
    /// Whether an expression visibly is an integer that numbers may have been converted to.
    pub(super) fn is_integer(&self, expr: &Expr) -> bool {
        is_integer(&self.scopes, expr)
    }

    /// The numbers that are converted in a `let`, if it visibly declares an integer that does not change.
    pub(super) fn integers_of(&self, local: &Local, init: &Expr) -> Option<Vec<Source>> {
        let pat = match &local.pat {
            Pat::Type(typed) => &*typed.pat,
            pat => pat,
        };
        let Pat::Ident(name) = pat else { return None };
        let diverges = local.init.as_ref().is_some_and(|init| init.diverge.is_some());
        if diverges || name.mutability.is_some() || name.by_ref.is_some() || !self.is_integer(init) {
            return None;
        }
        let lost = Fate::Lost(Site::of(init), String::new());
        let mut sources: Vec<Source> = Vec::new();
        for loss in Opaque::expression(&self.scopes, &self.func.width, init, &lost).losses {
            if !sources.contains(&loss.source) {
                sources.push(loss.source);
            }
        }
        (sources.len() <= SOURCES).then_some(sources)
    }
}

fn is_integer(scopes: &Scopes, expr: &Expr) -> bool {
    use BinOp as B;
    let of = |expr: &Expr| is_integer(scopes, expr);
    let block = |block: &Block| matches!(block.stmts.as_slice(), [Stmt::Expr(last, None)] if of(last));
    match expr {
        Expr::Cast(e) => INTEGERS.contains(&e.ty.to_token_stream().to_string().as_str()),
        Expr::Paren(e) => of(&e.expr),
        Expr::Unary(e) => of(&e.expr),
        Expr::Binary(e) if matches!(e.op, B::And(_) | B::Or(_)) || comparison::is_one(&e.op) || is_compound(&e.op) => {
            false
        }
        Expr::Binary(e) => of(&e.left) || of(&e.right),
        Expr::MethodCall(e) => METHODS.iter().any(|name| e.method == name) && of(&e.receiver),
        Expr::If(e) => {
            block(&e.then_branch)
                || e.else_branch.as_ref().is_some_and(|(_, other)| match &**other {
                    Expr::Block(other) => block(&other.block),
                    other => of(other),
                })
        }
        Expr::Path(p) => {
            let named = p.path.get_ident().and_then(|ident| scopes.state(&ident.to_string()));
            matches!(named, Some(State::Other { val, .. }) if scopes.integers.contains_key(val))
        }
        _ => false,
    }
}
