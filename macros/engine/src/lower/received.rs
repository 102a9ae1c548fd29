//! Calls of other differentiated functions whose result is no number: arrays, and tuples of numbers and arrays.
//!
//! Input: such a call, and what its surroundings tell of its type: an annotation, a pattern, the function's own result, what is
//! done with it. Output: places that begin with what the call returns. The emitted code states the type, so that a wrong guess
//! does not compile; a length that is nowhere said is left to rustc.

use super::Lowerer;
use super::aggregate::{Aggregate, member_types};
use super::expression::{UNNAMED, Value};
use super::fallible::TRY;
use super::signature::{Interface, Outcome, Shape};
use crate::ir::{Call, Dim, Init, Op, OpKind, Part, PlaceId, Returned, Storage, Ty, Val};
use proc_macro2::{Ident, Literal, Span};
use quote::quote;
use std::collections::{HashMap, HashSet};
use syn::visit::{self, Visit};
use syn::{Block, Expr, Index, Member, Pat, Type, UnOp};

/// What a call returns.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// The name of what is called.
    callee: String,
    /// The dimensions of its members, if it is a tuple; else of itself. A number has none.
    members: Vec<Vec<Dim>>,
    tuple: bool,
}

impl Lowerer<'_> {
    /// Lowers an initializer, of which the pattern and the type tell what it is.
    pub(super) fn expr_of(&mut self, init: &Expr, pat: &Pat, ty: Option<&Type>) -> Value {
        let wanted = self.wanted_by(pat, ty);
        self.expr_like(init, wanted)
    }

    /// Lowers an expression that has these dimensions.
    pub(super) fn expr_with(&mut self, expr: &Expr, dims: Vec<Dim>) -> Value {
        self.expr_like(expr, Some((vec![dims], false)))
    }

    /// Lowers what the function returns.
    pub(super) fn expr_returned(&mut self, expr: &Expr) -> Value {
        let wanted = match self.outcome.clone() {
            Outcome::Parts { tuple, dims } => Some((dims, tuple)),
            _ => None,
        };
        self.expr_like(expr, wanted)
    }

    /// Lowers an argument: `&f(x)` is an array of some length.
    pub(super) fn expr_argument(&mut self, operand: &Expr) -> Value {
        let array = matches!(operand, Expr::Reference(r) if r.mutability.is_none() && called(&r.expr).is_some());
        let wanted = array.then(|| (vec![vec![Dim::Inferred]], false));
        self.expr_like(operand, wanted)
    }

    /// Lowers what is indexed: `f(x)[i]`.
    pub(super) fn expr_indexed(&mut self, expr: &Expr) -> Value {
        self.expr_like(expr, Some((vec![vec![Dim::Inferred]], false)))
    }

    /// Lowers what a member is taken of: `f(x).0`.
    pub(super) fn expr_member(&mut self, expr: &Expr, member: Option<&Member>) -> Value {
        let members = match member {
            Some(Member::Unnamed(index)) => count(index),
            _ => None,
        };
        self.expr_like(expr, members.map(|n| (vec![Vec::new(); n], true)))
    }

    #[inline(never)]
    fn expr_like(&mut self, expr: &Expr, wanted: Option<(Vec<Vec<Dim>>, bool)>) -> Value {
        let outside = self.wanted.take();
        self.wanted = wanted.and_then(|(members, tuple)| {
            let callee = called(if let Expr::Reference(r) = expr { &r.expr } else { expr })?;
            let number = !tuple && members.iter().all(Vec::is_empty);
            (!number).then_some(Wanted { callee, members, tuple })
        });
        let value = self.expr(expr);
        self.wanted = outside;
        value
    }

    /// What a pattern and a type tell of an initializer: the dimensions of its members, and whether it is a tuple.
    fn wanted_by(&self, pat: &Pat, ty: Option<&Type>) -> Option<(Vec<Vec<Dim>>, bool)> {
        if let Some(pats) = tuple_of(pat) {
            let types = member_types(ty);
            let members = pats.iter().enumerate().map(|(k, pat)| self.dims_of(Some(pat), types.get(k).copied()));
            return Some((members.collect::<Option<_>>()?, true));
        }
        if let Some(Type::Tuple(tuple)) = ty {
            let members = tuple.elems.iter().map(|ty| self.dims_of(None, Some(ty)));
            return Some((members.collect::<Option<_>>()?, true));
        }
        if let (Pat::Ident(p), None) = (pat, ty)
            && let Some(&members) = self.received.tuples.get(&p.ident.to_string())
        {
            return Some((vec![Vec::new(); members], true));
        }
        Some((vec![self.dims_of(Some(pat), ty)?], false))
    }

    /// The dimensions of what is bound to a pattern; none of a number.
    fn dims_of(&self, pat: Option<&Pat>, ty: Option<&Type>) -> Option<Vec<Dim>> {
        if let Some(ty) = ty.filter(|ty| !matches!(ty, Type::Infer(_))) {
            return self.shape(ty).filter(|shape: &Shape| !shape.reference).map(|shape| shape.dims);
        }
        match pat {
            Some(Pat::Paren(p)) => self.dims_of(Some(&p.pat), None),
            Some(Pat::Type(p)) => self.dims_of(Some(&p.pat), Some(&p.ty)),
            Some(Pat::Slice(p)) if p.elems.iter().any(|elem| matches!(elem, Pat::Rest(_))) => None,
            Some(Pat::Slice(p)) => {
                let len = Literal::usize_unsuffixed(p.elems.len());
                let mut dims = vec![Dim::Fixed(quote!(#len))];
                dims.extend(self.dims_of(p.elems.first(), None)?);
                Some(dims)
            }
            Some(Pat::Ident(p)) if self.received.arrays.contains(&p.ident.to_string()) => Some(vec![Dim::Inferred]),
            _ => Some(Vec::new()),
        }
    }

    /// What is expected of a call of this function.
    pub(super) fn wanted_of(&mut self, callee: &Ident) -> Option<Wanted> {
        self.wanted.take().filter(|wanted| *callee == wanted.callee)
    }

    /// The dimensions of the array that a call of this function is expected to make.
    pub(super) fn wanted_array(&mut self, callee: &str) -> Option<Vec<Dim>> {
        let wanted = self.wanted.take_if(|wanted| wanted.callee == callee && !wanted.tuple)?;
        wanted.members.into_iter().next()
    }

    /// A call that returns no number.
    #[inline(never)]
    pub(super) fn received_call(&mut self, mut call: Call, wanted: &Wanted, span: Span) -> Value {
        let places: Vec<PlaceId> = wanted.members.iter().map(|dims| self.received_place(dims, span)).collect();
        call.returned.clone_from(&places);
        let from = self.define(OpKind::Call(call), Ty::Other, span);
        for (k, (&place, dims)) in places.iter().zip(&wanted.members).enumerate() {
            let returned = Returned { from, member: wanted.tuple.then_some(k), number: dims.is_empty() };
            self.push(OpKind::Alloc(place, Init::Returned(returned)), span);
        }
        let mut values: Vec<(Member, Value)> = Vec::new();
        for (k, (place, dims)) in places.into_iter().zip(&wanted.members).enumerate() {
            let part = Part::whole(place);
            let value = if dims.is_empty() {
                let zero = self.engine_index(quote!(0), &[], span);
                Value::Float(self.load(part.at(zero), span))
            } else {
                Value::Part { part, reference: false }
            };
            values.push((Member::from(k), value));
        }
        if wanted.tuple {
            return Value::Aggregate(Aggregate { path: None, reference: false, members: values });
        }
        values.pop().map_or(Value::Opaque, |(_, value)| value)
    }

    fn received_place(&mut self, dims: &[Dim], span: Span) -> PlaceId {
        let dims = if dims.is_empty() { vec![Dim::Fixed(quote!(1))] } else { dims.to_vec() };
        let name = Ident::new(UNNAMED, span);
        self.func.array(name, Storage::Local, dims)
    }

    /// The call that a value comes from, the last one since `mark`: the number that it returns, or something else.
    pub(super) fn last_call(&mut self, mark: usize, number: Option<Val>) -> Option<&mut Call> {
        let found = self.ops().get_mut(mark..)?.iter_mut().rev().find_map(|op| match op {
            Op { kind: OpKind::Call(call), results, .. } => Some((call, results)),
            _ => None,
        });
        let (call, results) = found?;
        let ours = number.map_or(!call.returned.is_empty(), |val| results.contains(&val));
        ours.then_some(call)
    }
}

/// The elements of a tuple pattern.
fn tuple_of(pat: &Pat) -> Option<Vec<&Pat>> {
    match pat {
        Pat::Paren(p) => tuple_of(&p.pat),
        Pat::Type(p) => tuple_of(&p.pat),
        Pat::Tuple(p) if p.elems.len() > 1 && !p.elems.iter().any(|elem| matches!(elem, Pat::Rest(_))) => {
            Some(p.elems.iter().collect())
        }
        _ => None,
    }
}

/// Whether an expression may be one. Others are lowered without a further level of recursion.
pub(super) fn is_call(expr: &Expr) -> bool {
    matches!(expr, Expr::Call(_) | Expr::MethodCall(_) | Expr::Macro(_))
}

/// The name of the function or method whose result an expression is, unwrapped or not.
fn called(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Paren(e) => called(&e.expr),
        Expr::Group(e) => called(&e.expr),
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        },
        Expr::MethodCall(call) if call.method == "unwrap" || call.method == "expect" => called(&call.receiver),
        Expr::MethodCall(call) => Some(call.method.to_string()),
        Expr::Macro(e) if e.mac.path.is_ident(TRY) => called(&e.mac.parse_body::<Expr>().ok()?),
        _ => None,
    }
}

/// How many members a tuple has at least that has this one; longer ones are not returned.
fn count(index: &Index) -> Option<usize> {
    (index.index < 12).then(|| (index.index as usize + 1).max(2))
}

/// Methods of arrays.
const OF_ARRAYS: &[&str] = &["len", "iter", "iter_mut", "into_iter", "to_vec", "swap", "fill", "first", "last"];

/// What is done with variables, by their names: which are used as arrays, and which as tuples of how many. Of several with one
/// name, nothing is known.
#[derive(Default)]
pub(super) struct Received {
    arrays: HashSet<String>,
    tuples: HashMap<String, usize>,
    declared: HashMap<String, usize>,
}

impl Received {
    /// Looks through a body.
    pub(super) fn new(interface: &Interface, body: &Block) -> Self {
        let mut received = Received::default();
        received.visit_block(body);
        let parameters = interface.parameters.iter().map(|p| p.name.to_string());
        let several: HashSet<String> =
            received.declared.drain().filter(|(_, n)| *n > 1).map(|(name, _)| name).collect();
        for name in parameters.chain(several) {
            received.arrays.remove(&name);
            received.tuples.remove(&name);
        }
        received
    }

    fn array(&mut self, expr: &Expr) {
        match expr {
            Expr::Path(path) => self.arrays.extend(path.path.get_ident().map(ToString::to_string)),
            Expr::Paren(e) => self.array(&e.expr),
            Expr::Reference(e) => self.array(&e.expr),
            Expr::Unary(e) if matches!(e.op, UnOp::Deref(_)) => self.array(&e.expr),
            _ => {}
        }
    }
}

impl<'b> Visit<'b> for Received {
    fn visit_pat_ident(&mut self, pat: &'b syn::PatIdent) {
        *self.declared.entry(pat.ident.to_string()).or_insert(0) += 1;
        visit::visit_pat_ident(self, pat);
    }

    fn visit_expr(&mut self, expr: &'b Expr) {
        match expr {
            Expr::Index(e) => self.array(&e.expr),
            Expr::Call(e) => {
                e.args.iter().filter(|arg| matches!(arg, Expr::Reference(_))).for_each(|arg| self.array(arg));
            }
            Expr::ForLoop(e) => self.array(&e.expr),
            Expr::MethodCall(e) if OF_ARRAYS.iter().any(|name| e.method == name) => self.array(&e.receiver),
            Expr::Field(e) => {
                if let (Expr::Path(path), Member::Unnamed(index)) = (&*e.base, &e.member)
                    && let (Some(name), Some(n)) = (path.path.get_ident(), count(index))
                {
                    let members = self.tuples.entry(name.to_string()).or_insert(n);
                    *members = (*members).max(n);
                }
            }
            _ => {}
        }
        visit::visit_expr(self, expr);
    }
}
