//! Results that are no number: arrays, structs, tuples, or nothing where a function writes to a buffer of its caller's. What is
//! returned is written to places of its own, which have no name in the body, so that a `return` anywhere is a few stores
//! and an exit without a value.

use super::Lowerer;
use super::expression::{UNNAMED, Value};
use super::opaque::Fate;
use super::signature::{Interface, Outcome};
use crate::diagnostics::{Site, message};
use crate::ir::{Dim, End, Init, OpKind, Part, PlaceId, Returned, Storage, Ty, Val};
use proc_macro2::{Ident, Span};
use quote::{ToTokens as _, quote};
use syn::Expr;
use syn::spanned::Spanned as _;

impl Lowerer<'_> {
    /// The places of what the function returns.
    pub(super) fn results(&mut self, interface: &Interface) {
        for layout in interface.outcome.places() {
            let name = Ident::new("result", Span::mixed_site());
            let place = self.func.array(name, Storage::Result, layout.dims);
            self.func.places[place.0 as usize].record = layout.record;
            self.func.results.push(place);
        }
    }

    /// What is returned: the number, or nothing after it has been written where it belongs.
    pub(super) fn returned(&mut self, expr: &Expr) -> Option<Val> {
        match self.outcome.clone() {
            Outcome::Scalar => Some(self.float(expr)),
            Outcome::Nothing => {
                self.expression_statement(expr);
                None
            }
            Outcome::Parts { tuple: false, .. } => {
                let place = self.func.results[0];
                let value = self.expr_returned(expr);
                self.write_result(place, value, expr);
                None
            }
            Outcome::Parts { tuple: true, .. } => {
                self.returned_tuple(expr);
                None
            }
            Outcome::Unsupported => None,
        }
    }

    /// The end of the function, after `returned`.
    pub(super) fn end_of_function(&mut self, value: Option<Val>, span: Span) -> End {
        match (value, &self.outcome) {
            (Some(value), _) => End::Yield(vec![value]),
            (None, Outcome::Scalar | Outcome::Unsupported) => End::Yield(vec![self.poison(span)]),
            (None, _) => End::Yield(Vec::new()),
        }
    }

    fn returned_tuple(&mut self, expr: &Expr) {
        let places = self.func.results.clone();
        match expr {
            Expr::Paren(e) => self.returned_tuple(&e.expr),
            Expr::Tuple(t) if t.elems.len() == places.len() => {
                let elems: Vec<&Expr> = t.elems.iter().collect();
                let mut values = Vec::new();
                for (elem, &place) in elems.iter().zip(&places) {
                    // In order, before any of them is written.
                    values.push(match self.expr(elem) {
                        Value::Opaque if self.is_number(place) => Value::Float(self.typed_template(elem)),
                        value => value,
                    });
                }
                for ((elem, place), value) in elems.into_iter().zip(places).zip(values) {
                    self.write_result(place, value, elem);
                }
            }
            other => match self.expr_returned(other) {
                Value::Aggregate(aggregate) if aggregate.members.len() == places.len() => {
                    for ((_, value), place) in aggregate.members.into_iter().zip(places) {
                        self.write_result(place, value, other);
                    }
                }
                _ => self.error(Site::of(other), message::result_in_pieces()),
            },
        }
    }

    fn is_number(&self, place: PlaceId) -> bool {
        match &self.outcome {
            Outcome::Parts { members, .. } => {
                self.func.results.iter().position(|p| *p == place).is_some_and(|k| members[k].is_number())
            }
            _ => false,
        }
    }

    fn write_result(&mut self, place: PlaceId, value: Value, expr: &Expr) {
        let to = Part::whole(place);
        match value {
            value if self.is_number(place) => {
                let val = self.float_value(value, expr);
                let zero = self.engine_index(quote!(0), &[], expr.span());
                self.push(OpKind::Store(to.at(zero), val), expr.span());
            }
            value if self.func.is_struct(&to) => match self.struct_made(value, expr) {
                Some(part) => self.push(OpKind::Copy(to, part), expr.span()),
                None => self.error(Site::of(expr), message::struct_result(expr.to_token_stream())),
            },
            Value::Part { part, .. }
                if self.rank(&part) == self.rank(&to)
                    && self.func.holds_structs(&part) == self.func.holds_structs(&to) =>
            {
                self.push(OpKind::Copy(to, part), expr.span());
            }
            Value::Opaque if !self.mentions_float(expr) => {
                let part = self.array_of_data(self.func.dims(&to), expr);
                self.push(OpKind::Copy(to, part), expr.span());
            }
            value => match self.field_of_rank(&value, self.rank(&to)) {
                Some(part) => self.push(OpKind::Copy(to, part), expr.span()),
                None => self.error(Site::of(expr), message::result_in_pieces()),
            },
        }
    }

    /// An array that holds nothing that is followed.
    pub(super) fn array_of_data(&mut self, dims: Vec<Dim>, expr: &Expr) -> Part {
        let lost = Fate::Lost(Site::of(expr), message::result_in_pieces());
        let from = self.template(expr, Ty::Other, &lost);
        let place = self.func.array(Ident::new(UNNAMED, expr.span()), Storage::Local, dims);
        let returned = Returned { from, member: None, number: false, borrowed: false };
        self.push(OpKind::Alloc(place, Init::Returned(returned)), expr.span());
        Part::whole(place)
    }
}
