//! Structs and tuples as places. Input: the value of an expression, of which the members are values of their own, or which is
//! not followed. Output: a place that can be given to a function, or returned.
//!
//! A member of which nothing is known but that it was not followed is moved into the place, as it would be into the struct.

use super::Lowerer;
use super::aggregate::Aggregate;
use super::expression::{UNNAMED, Value};
use super::join::Join;
use super::opaque::Fate;
use super::record::member_of;
use crate::diagnostics::{Site, message};
use crate::ir::{Content, Dim, Field, Init, Made, OpKind, Part, PlaceId, Returned, Storage, Ty};
use proc_macro2::{Ident, Literal, Span};
use quote::quote;
use syn::spanned::Spanned as _;
use syn::{Expr, Member};

impl Lowerer<'_> {
    /// A value that has to be a struct or a tuple, as a place; `None` if it is neither.
    pub(super) fn struct_made(&mut self, value: Value, expr: &Expr) -> Option<Part> {
        let span = expr.span();
        match value {
            Value::Opaque => {
                let lost = Fate::Lost(Site::of(expr), message::result_in_pieces());
                let from = self.template(expr, Ty::Other, &lost);
                let place = self.struct_place(span);
                let returned = Returned { from, member: None, number: false, borrowed: false };
                self.push(OpKind::Alloc(place, Init::Returned(returned)), span);
                Some(Part::whole(place))
            }
            value => self.struct_of(value, span),
        }
    }

    fn struct_of(&mut self, value: Value, span: Span) -> Option<Part> {
        match value {
            Value::Aggregate(aggregate) => Some(Part::whole(self.of_members(&aggregate, span)?)),
            Value::Inactive(from) => {
                let place = self.struct_place(span);
                let returned = Returned { from, member: None, number: false, borrowed: false };
                self.push(OpKind::Alloc(place, Init::Returned(returned)), span);
                Some(Part::whole(place))
            }
            value => self.struct_part(&value).map(|(part, _)| part),
        }
    }

    /// Structs at the ends of arms, of which one is not taken apart: each arm gives its own to one cell.
    pub(super) fn join_structs(&mut self, values: [Option<Value>; 2], join: &mut Join, span: Span) -> Option<Value> {
        let given = |part: &Part| self.func.place_info(part.place).storage == Storage::Param;
        let references = values.iter().flatten().any(|value| matches!(value, Value::Part { reference: true, .. }));
        let still = values.iter().flatten().all(|value| matches!(value, Value::Part { part, .. } if given(part)));
        // What is written through a reference would go to the copy.
        if references && !(join.shared || still) {
            self.error(span, message::references_in_array());
        }
        let cell = self.struct_place(span);
        self.func.places[cell.0 as usize].storage = Storage::Cell;
        self.push(OpKind::Alloc(cell, Init::Empty), span);
        let mut like = None;
        for (ops, value) in join.ops.iter_mut().zip(values) {
            let Some(value) = value else { continue };
            self.regions.push(std::mem::take(ops));
            let part = self.struct_of(value, span);
            if let Some(part) = &part {
                self.push(OpKind::Copy(Part::whole(cell), part.clone()), span);
            }
            *ops = self.regions.pop().unwrap_or_default();
            like = like.filter(|like| self.scopes.records.key(like).is_some()).or(Some(part?));
        }
        let place = self.struct_place(span);
        match like.filter(|like| self.scopes.records.key(like).is_some()) {
            Some(like) => _ = self.scopes.records.copies.insert(place, like),
            None => self.scopes.records.declare(place, format!("joined {span:?}")),
        }
        let kind = OpKind::Alloc(place, Init::Copy(Part::whole(cell)));
        join.after.push(crate::ir::Op { kind, results: Vec::new(), span });
        Some(Value::Part { part: Part::whole(place), reference: references })
    }

    /// `State { x, ..rest }`, where the rest is not taken apart: a copy of it with other members.
    pub(super) fn changed_struct(&mut self, members: Vec<(Member, Value)>, rest: Value, expr: &Expr) -> Value {
        let span = expr.span();
        let Some(from) = self.struct_made(rest, expr) else { return Value::Opaque };
        let fresh = from.is_whole() && self.fresh_array(&from);
        let place =
            if fresh { from.place } else { self.allocate(Ident::new(UNNAMED, span), Vec::new(), Init::Copy(from)) };
        let whole = Part::whole(place);
        if self.scopes.records.key(&whole).is_none() {
            self.scopes.records.declare(place, format!("rest {span:?}"));
        }
        for (member, value) in members {
            match self.scopes.records.field(&whole, member_of(&member)) {
                Some(to) => self.write_field(to, value, expr),
                None => self.error(Site::of(expr), message::lost_in_assignment()),
            }
        }
        Value::Part { part: whole, reference: false }
    }

    /// `[a, b]`, `vec![a, b]` of structs or tuples.
    pub(super) fn array_of_structs(&mut self, elems: &[&Expr], values: Vec<Value>, span: Span) -> Value {
        let mut rows = Vec::with_capacity(elems.len());
        for (elem, value) in elems.iter().zip(values) {
            let reference = matches!(&value, Value::Part { reference: true, .. });
            let Some(part) = self.struct_made(value, elem).filter(|_| !reference) else { return Value::Opaque };
            rows.push(part);
        }
        let place = self.struct_place(span);
        let len = Literal::usize_unsuffixed(elems.len());
        self.func.places[place.0 as usize].dims = vec![Dim::Fixed(quote!(#len))];
        self.scopes.records.declare(place, format!("list {span:?}"));
        self.push(OpKind::Alloc(place, Init::Rows(rows)), span);
        Value::Part { part: Part::whole(place), reference: false }
    }

    fn struct_place(&mut self, span: Span) -> PlaceId {
        self.func.held(Ident::new(UNNAMED, span), Storage::Local, Vec::new(), Some(quote!(_)))
    }

    /// The place of a struct or a tuple, by its members.
    fn of_members(&mut self, aggregate: &Aggregate<Value>, span: Span) -> Option<PlaceId> {
        if aggregate.is_option() {
            return None;
        }
        let mut members = Vec::with_capacity(aggregate.members.len());
        for (member, value) in &aggregate.members {
            members.push(self.content(member, value, span)?);
        }
        let path = aggregate.path.as_ref().map(quote::ToTokens::to_token_stream);
        let place = self.struct_place(span);
        self.scopes.records.declare(place, format!("made {span:?}"));
        self.push(OpKind::Alloc(place, Init::Members(Made { path, members })), span);
        Some(place)
    }

    fn content(&mut self, member: &Member, value: &Value, span: Span) -> Option<(Field, Content)> {
        let field = |rank, record| Field { member: member_of(member), rank, record };
        Some(match value {
            Value::Float(val) => (field(0, false), Content::Number(*val)),
            Value::Part { part, .. } if self.func.is_number(part) => {
                (field(0, false), Content::Number(self.load(part.clone(), span)))
            }
            Value::Part { part, reference: false } => {
                (field(self.rank(part), self.func.holds_structs(part)), Content::Part(part.clone()))
            }
            Value::Aggregate(inner) if !inner.reference => {
                (field(0, true), Content::Part(Part::whole(self.of_members(inner, span)?)))
            }
            Value::Inactive(val) => (field(0, false), Content::Other(*val)),
            Value::Part { .. } | Value::Aggregate(_) | Value::Opaque => return None,
        })
    }
}
