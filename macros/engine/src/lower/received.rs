//! Calls of other differentiated functions whose result is no number: arrays, structs, and tuples of these and of numbers.
//!
//! Input: such a call, and what its surroundings tell of its type: an annotation, a pattern, the function's own result, what is
//! done with it. Output: places that begin with what the call returns. The emitted code states the type, so that a wrong guess
//! does not compile; a length that is nowhere said is left to rustc.

use super::Lowerer;
use super::aggregate::Aggregate;
use super::expression::{UNNAMED, Value};
use super::fallible::TRY;
use super::field::takes_fields;
use super::late;
use super::mapped::NUMBER;
use super::scope::State;
use super::signature::Outcome;
use super::types;
use super::unpack::member_types;
use super::usage::{Use, count};
use crate::ir::{Call, Dim, Init, Layout, Op, OpKind, Part, PlaceId, Returned, Storage, Ty, Val};
use proc_macro2::{Ident, Literal, Span};
use quote::quote;
use syn::{Expr, Member, Pat, Type};

/// What a call returns.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// The name of what is called.
    callee: String,
    /// Its members, if it is a tuple; else itself.
    members: Vec<Layout>,
    tuple: bool,
    /// Whether it is behind a reference.
    borrowed: bool,
}

/// What surroundings tell of an expression: its members, if it is a tuple, else itself; and which of the two.
pub(super) type Told = Option<(Vec<Layout>, bool)>;

fn number() -> Layout {
    Layout::floats(&[])
}

fn some_array(rank: usize) -> Layout {
    Layout::floats(&vec![Dim::Inferred; rank])
}

fn some_struct() -> Layout {
    Layout { dims: Vec::new(), record: Some(quote!(_)) }
}

impl Lowerer<'_> {
    /// Lowers an initializer, of which the pattern and the type tell what it is.
    pub(super) fn expr_of(&mut self, init: &Expr, pat: &Pat, ty: Option<&Type>) -> Value {
        // One arm may show what the others are.
        let mut literal = false;
        if matches!(init, Expr::If(_) | Expr::Match(_) | Expr::Block(_)) && matches!(pat, Pat::Ident(_)) {
            late::each_tail(init, &mut |tail| literal |= matches!(tail, Expr::Struct(_)));
        }
        let wanted = if literal { Some((vec![some_struct()], false)) } else { self.wanted_by(pat, ty) };
        self.expr_like(init, wanted)
    }

    /// Lowers an expression that has these dimensions.
    pub(super) fn expr_with(&mut self, expr: &Expr, dims: &[Dim]) -> Value {
        self.expr_like(expr, Some((vec![Layout::floats(dims)], false)))
    }

    /// Lowers what a method is called on that no number or array has.
    pub(super) fn expr_receiver(&mut self, expr: &Expr) -> Value {
        self.expr_like(expr, Some((vec![some_struct()], false)))
    }

    /// Lowers what is assigned to a struct, or to something in one.
    pub(super) fn expr_assigned(&mut self, left: &Expr, right: &Expr) -> Value {
        let taken_apart = self.scopes.variable(left).map(|id| &self.scopes.vars[id].state);
        let wanted = match taken_apart {
            Some(State::Aggregate(aggregate)) if aggregate.path.is_some() => Some((vec![some_struct()], false)),
            Some(State::Aggregate(aggregate)) => Some((vec![number(); aggregate.members.len()], true)),
            _ => self.names_struct(left).then(|| (vec![some_struct()], false)),
        };
        self.expr_like(right, wanted)
    }

    /// Whether what is assigned is a struct, as far as that is known.
    fn names_struct(&self, target: &Expr) -> bool {
        if let Some((_, field)) = self.scopes.field_of_struct(target) {
            return self.scopes.records.fields.borrow().kind(&field.mentioned.key).record;
        }
        let mut indices = 0;
        let mut base = target;
        while let Expr::Index(syn::ExprIndex { expr: inner, .. })
        | Expr::Paren(syn::ExprParen { expr: inner, .. })
        | Expr::Unary(syn::ExprUnary { expr: inner, .. }) = base
        {
            indices += usize::from(matches!(base, Expr::Index(_)));
            base = inner;
        }
        self.base(base).is_some_and(|part| self.func.holds_structs(&part) && self.rank(&part) == indices)
    }

    /// Lowers what the function returns.
    pub(super) fn expr_returned(&mut self, expr: &Expr) -> Value {
        let wanted = match self.outcome.clone() {
            Outcome::Parts { tuple, members } => Some((members, tuple)),
            _ => None,
        };
        self.expr_like(expr, wanted)
    }

    /// Lowers an argument: `&f(x)` is an array of any number of dimensions, or a struct.
    pub(super) fn expr_argument(&mut self, operand: &Expr) -> Value {
        let array = matches!(operand, Expr::Reference(r) if r.mutability.is_none() && called(&r.expr).is_some());
        let wanted = array.then(|| (vec![self.some_shape()], false));
        self.expr_like(operand, wanted)
    }

    /// Lowers what is indexed: `f(x)[i]`.
    pub(super) fn expr_indexed(&mut self, expr: &Expr) -> Value {
        self.expr_like(expr, Some((vec![some_array(1)], false)))
    }

    /// Lowers what a member is taken of: `f(x).0`.
    pub(super) fn expr_member(&mut self, expr: &Expr, member: Option<&Member>) -> Value {
        let wanted = match member {
            Some(Member::Unnamed(index)) => count(index).map(|n| (vec![number(); n], true)),
            Some(Member::Named(_)) => Some((vec![some_struct()], false)),
            None => None,
        };
        self.expr_like(expr, wanted)
    }

    /// Lowers an expression of which the surroundings tell what it is, in whichever of its arms a call gives it.
    #[inline(never)]
    pub(super) fn expr_like(&mut self, expr: &Expr, wanted: Told) -> Value {
        let (outside, tail) = (self.wanted.take(), self.tail.take());
        if matches!(expr, Expr::If(_) | Expr::Match(_) | Expr::Block(_)) {
            self.tail = wanted;
        } else {
            self.wanted = wanted.and_then(|(members, tuple)| {
                let callee = called(if let Expr::Reference(r) = expr { &r.expr } else { expr })?;
                let number = !tuple && members.iter().all(Layout::is_number);
                (!number).then_some(Wanted { callee, members, tuple, borrowed: false })
            });
        }
        let value = self.expr(expr);
        (self.wanted, self.tail) = (outside, tail);
        value
    }

    /// What a pattern and a type tell of an initializer: its members, and whether it is a tuple.
    fn wanted_by(&self, pat: &Pat, ty: Option<&Type>) -> Told {
        if let Some(pats) = tuple_of(pat) {
            let types = member_types(ty);
            let members = pats.iter().enumerate().map(|(k, pat)| self.layout_of(Some(pat), types.get(k).copied()));
            return Some((members.collect::<Option<_>>()?, true));
        }
        if let Some(ty @ Type::Tuple(_)) = ty {
            return self.returned_as(ty);
        }
        if let (Pat::Ident(p), None) = (pat, ty) {
            let seen = self.usage.of(&p.ident);
            if seen.members > 0 {
                let members = (0..seen.members).map(|k| self.used_as(self.usage.of_member(&p.ident, k)));
                return Some((members.collect(), true));
            }
            if let (true, Outcome::Parts { tuple, members }) = (seen.last && seen.rank == 0, &self.outcome)
                && self.outcome.holds_structs()
            {
                return Some((members.clone(), *tuple));
            }
        }
        Some((vec![self.layout_of(Some(pat), ty)?], false))
    }

    /// What is bound to a pattern.
    fn layout_of(&self, pat: Option<&Pat>, ty: Option<&Type>) -> Option<Layout> {
        if let Some(ty) = ty.filter(|ty| !matches!(ty, Type::Infer(_))) {
            if let Some(shape) = self.shape(ty) {
                return (!shape.reference).then(|| Layout::floats(&shape.dims));
            }
            let used = |pat: &Pat| matches!(pat, Pat::Ident(p) if self.usage.of(&p.ident).passed);
            return pat.filter(|pat| used(pat)).and_then(|_| types::of_struct_type(ty));
        }
        match pat {
            Some(Pat::Paren(p)) => self.layout_of(Some(&p.pat), None),
            Some(Pat::Type(p)) => self.layout_of(Some(&p.pat), Some(&p.ty)),
            Some(Pat::Slice(p)) if p.elems.iter().any(|elem| matches!(elem, Pat::Rest(_))) => None,
            Some(Pat::Slice(p)) => {
                let len = Literal::usize_unsuffixed(p.elems.len());
                let mut layout = self.layout_of(p.elems.first(), None)?;
                layout.dims.insert(0, Dim::Fixed(quote!(#len)));
                Some(layout)
            }
            Some(pat @ Pat::Struct(_)) if takes_fields(pat) => Some(some_struct()),
            Some(Pat::Ident(p)) => Some(self.used_as(Some(self.usage.of(&p.ident)))),
            _ => Some(number()),
        }
    }

    /// What something is that is used like this.
    fn used_as(&self, seen: Option<Use>) -> Layout {
        match seen {
            Some(Use { fields: true, .. }) => some_struct(),
            Some(Use { rank: rank @ 1.., .. }) => some_array(rank),
            Some(Use { referred: true, .. }) => self.some_shape(),
            _ => number(),
        }
    }

    /// What is only handed on: it may have any number of dimensions, or be a struct. Of that there are derivatives in one
    /// direction at a time, so that where several are asked for it is taken for an array of one dimension.
    fn some_shape(&self) -> Layout {
        if self.several_directions { some_array(1) } else { some_struct() }
    }

    /// What is expected of a call of this function: what the user says that it returns, or what its surroundings tell.
    pub(super) fn wanted_of(&mut self, callee: &Ident) -> Option<Wanted> {
        let told = self.wanted.take().filter(|wanted| *callee == wanted.callee);
        let said = self.returns.iter().find(|(name, _)| name == callee).map(|(_, ty)| ty);
        let borrowed = said.is_some_and(|ty| matches!(ty, Type::Reference(_)));
        match said.and_then(|ty| self.returned_as(ty)) {
            Some((members, tuple)) => {
                let number = !tuple && members.iter().all(Layout::is_number);
                (!number).then(|| Wanted { callee: callee.to_string(), members, tuple, borrowed })
            }
            None => told,
        }
    }

    /// What a type says that is returned.
    fn returned_as(&self, ty: &Type) -> Told {
        if let Type::Tuple(tuple) = ty {
            let members = tuple.elems.iter().map(|ty| self.layout_of(None, Some(ty)));
            return Some((members.collect::<Option<_>>()?, true));
        }
        let layout = match self.shape(ty).filter(|shape| shape.reference && !shape.mutable) {
            Some(shape) => Some(Layout::floats(&shape.dims)),
            None => self.layout_of(None, Some(ty)).or_else(|| types::of_struct_type(ty)),
        };
        Some((vec![layout?], false))
    }

    /// The dimensions of the array that a call of this function is expected to make.
    pub(super) fn wanted_array(&mut self, callee: &str) -> Option<Vec<Dim>> {
        let wanted = self.wanted.take_if(|wanted| wanted.callee == callee && !wanted.tuple)?;
        wanted.members.into_iter().next().filter(|layout| layout.record.is_none()).map(|layout| layout.dims)
    }

    /// A call that returns no number.
    #[inline(never)]
    pub(super) fn received_call(&mut self, mut call: Call, wanted: &Wanted, span: Span) -> Value {
        let at = call.callee.name.span();
        let places: Vec<PlaceId> = wanted.members.iter().map(|layout| self.received_place(layout, span)).collect();
        for (k, (&place, layout)) in places.iter().zip(&wanted.members).enumerate() {
            if layout.record.is_some() {
                self.scopes.records.declare(place, format!("{} {k} {span:?}", call.callee));
            }
        }
        call.returned.clone_from(&places);
        let from = self.define(OpKind::Call(call), Ty::Other, at);
        for (k, (&place, layout)) in places.iter().zip(&wanted.members).enumerate() {
            let (member, borrowed) = (wanted.tuple.then_some(k), wanted.borrowed);
            let returned = Returned { from, member, number: layout.is_number(), borrowed };
            self.push(OpKind::Alloc(place, Init::Returned(returned)), span);
        }
        let mut values: Vec<(Member, Value)> = Vec::new();
        for (k, (place, layout)) in places.into_iter().zip(&wanted.members).enumerate() {
            let part = Part::whole(place);
            let value = if layout.is_number() {
                let zero = self.engine_index(quote!(0), &[], span);
                Value::Float(self.load(part.at(zero), span))
            } else {
                Value::Part { part, reference: wanted.borrowed }
            };
            values.push((Member::from(k), value));
        }
        if wanted.tuple {
            return Value::Aggregate(Aggregate { path: None, reference: false, members: values });
        }
        values.pop().map_or(Value::Opaque, |(_, value)| value)
    }

    fn received_place(&mut self, layout: &Layout, span: Span) -> PlaceId {
        let dims = if layout.is_number() { vec![Dim::Fixed(quote!(1))] } else { layout.dims.clone() };
        let place = self.func.array(Ident::new(UNNAMED, span), Storage::Local, dims);
        self.func.places[place.0 as usize].record.clone_from(&layout.record);
        place
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
        Expr::MethodCall(call) if ["unwrap", "expect", "ok", NUMBER].iter().any(|name| call.method == name) => {
            called(&call.receiver)
        }
        Expr::MethodCall(call) => Some(call.method.to_string()),
        Expr::Macro(e) if e.mac.path.is_ident(TRY) => called(&e.mac.parse_body::<Expr>().ok()?),
        _ => None,
    }
}
