//! Numbers that become integers. Input: code that is carried along. Output: what becomes of the numbers in it.
//!
//! A conversion to an integer loses the derivative, and is not looked through: an integer that goes back among the numbers
//! is refused, by its name if it has one. Two kinds of conversions lose nothing. An integer that is only an index, a bound of
//! a loop or something that decides has no derivative: it says which branch is differentiated. And of a number that the
//! function itself makes constant between jumps before, `x.floor() as usize`, the rule of `floor` has said already that its
//! derivative is zero.
//!
//! Invariant: an integer that has a name and is made of numbers is in `Scopes::integers` or `changing_integers`, or those numbers
//! are lost where it is made. Only a `let` makes such a name, so that all mentions come after it; what is assigned to the
//! variable later is made of the same numbers, or lost.

use super::Lowerer;
use super::assignment::declaration;
use super::exits::is_compound;
use super::mention::ident_of;
use super::opaque::{Fate, Loss, Opaque, Source};
use super::scope::{Scopes, State};
use super::{associated, comparison, question};
use crate::diagnostics::{Site, message};
use crate::ir::{Val, Width};
use crate::rules::Partial;
use proc_macro2::Ident;
use quote::ToTokens as _;
use syn::{BinOp, Block, Expr, ExprCast, ExprMethodCall, Local, Pat, Stmt, Type, parse_quote};

/// Types that are surely integers.
pub(super) const INTEGERS: &[&str] =
    &["usize", "isize", "u8", "u16", "u32", "u64", "u128", "i8", "i16", "i32", "i64", "i128"];

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
            // If something is lost there, the function is lowered once more as one of several float types: `conversion.rs`.
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

    /// The same of one that may change.
    pub(super) fn changing_integer(&mut self, ident: &Ident, fate: &Fate) {
        let id = self.scopes.find(&ident.to_string());
        let sources = id.and_then(|id| self.scopes.changing_integers.get(&id));
        if let (Fate::Lost(..), Some(sources)) = (fate, sources) {
            let message = message::lost_in_integer(ident);
            let loss = |&source| Loss { source, site: ident.span().into(), message: message.clone() };
            self.losses.extend(sources.iter().map(loss));
        }
    }

    /// Whether what is assigned to a variable is made of no other numbers than the integer in it is.
    pub(super) fn stays_integer(&self, target: &Expr, value: &Expr) -> bool {
        let known = ident_of(target).and_then(|ident| self.scopes.find(&ident.to_string()));
        let known = known.and_then(|id| self.scopes.changing_integers.get(&id));
        known.is_some_and(|known| {
            let mut sources = lost(self.scopes, self.width, value).into_iter();
            self.is_integer(value) && sources.all(|source| known.contains(&source))
        })
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

    /// The numbers that are converted in a `let`, if it visibly declares an integer. A `bool` that is made of numbers is a
    /// decision, as a comparison is.
    pub(super) fn integers_of(&self, local: &Local, init: &Expr) -> Option<Vec<Source>> {
        let (pat, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, typed.ty.to_token_stream().to_string()),
            pat => (pat, String::new()),
        };
        let Pat::Ident(name) = pat else { return None };
        let diverges = local.init.as_ref().is_some_and(|init| init.diverge.is_some());
        if diverges || name.by_ref.is_some() {
            return None;
        }
        if ty == "bool" {
            return Some(Vec::new());
        }
        let index = self.indices.contains(&declaration(&name.ident));
        let untyped = matches!(ty.as_str(), "" | "_");
        let visible = INTEGERS.contains(&ty.as_str()) || (untyped && (index || self.is_integer(init)));
        let sources = if visible { lost(&self.scopes, &self.func.width, init) } else { return None };
        (sources.len() <= SOURCES).then_some(sources)
    }

    /// What is called with numbers may return one; if that is an index, it was an integer. Then the body is lowered once more.
    pub(super) fn learn_indices(&mut self, index: &Expr) {
        match index {
            Expr::Paren(e) => self.learn_indices(&e.expr),
            Expr::Binary(e) => {
                self.learn_indices(&e.left);
                self.learn_indices(&e.right);
            }
            Expr::Path(_) => {
                let named = ident_of(index).and_then(|ident| self.scopes.find(&ident.to_string()));
                if let Some(var) = named.map(|id| &self.scopes.vars[id])
                    && matches!(var.state, State::Float(_))
                {
                    self.indices.insert(declaration(&var.name));
                }
            }
            _ => {}
        }
    }

    /// `let (i, j) = (x as usize, y as usize);`: each has a `let` of its own.
    pub(super) fn integers_apart(&mut self, local: &Local) -> Option<Vec<Stmt>> {
        let (Pat::Tuple(names), Some(init)) = (&local.pat, &local.init) else { return None };
        let (Expr::Tuple(values), None) = (&*init.expr, &init.diverge) else { return None };
        let plain = |pat: &Pat| matches!(pat, Pat::Ident(p) if p.by_ref.is_none() && p.subpat.is_none());
        let fits = names.elems.len() == values.elems.len() && names.elems.iter().all(plain);
        if !fits || !values.elems.iter().all(|value| self.is_integer(value)) {
            return None;
        }
        let (mut given, mut named): (Vec<Stmt>, Vec<Stmt>) = (Vec::new(), Vec::new());
        for (pat, value) in names.elems.iter().zip(&values.elems) {
            let name = self.unused_name("given");
            given.push(parse_quote!(let #name = #value;));
            named.push(parse_quote!(let #pat = #name;));
        }
        given.append(&mut named);
        Some(given)
    }
}

/// What would be lost in an expression, each once.
fn lost(scopes: &Scopes, width: &Width, expr: &Expr) -> Vec<Source> {
    let fate = Fate::Lost(Site::of(expr), String::new());
    let mut sources: Vec<Source> = Vec::new();
    for loss in Opaque::expression(scopes, width, expr, &fate).losses {
        if !sources.contains(&loss.source) {
            sources.push(loss.source);
        }
    }
    sources
}

/// `x.to_usize()`
pub(super) fn is_conversion(call: &ExprMethodCall) -> bool {
    let name = call.method.to_string();
    call.args.is_empty() && name.strip_prefix("to_").is_some_and(|to| INTEGERS.contains(&to))
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
        Expr::MethodCall(e) if e.method == "unwrap" || e.method == "expect" => {
            matches!(&*e.receiver, Expr::MethodCall(inner) if is_conversion(inner))
        }
        Expr::MethodCall(e) => METHODS.iter().any(|name| e.method == name) && of(&e.receiver),
        Expr::If(e) => {
            block(&e.then_branch)
                || e.else_branch.as_ref().is_some_and(|(_, other)| match &**other {
                    Expr::Block(other) => block(&other.block),
                    other => of(other),
                })
        }
        Expr::Path(p) => {
            let named = p.path.get_ident().and_then(|ident| scopes.find(&ident.to_string()));
            named.is_some_and(|id| match &scopes.vars[id].state {
                State::Other { val, .. } => scopes.integers.contains_key(val),
                State::Native => scopes.changing_integers.contains_key(&id),
                _ => false,
            })
        }
        _ => false,
    }
}
