//! What a loop over a chain keeps from one element to the next: the accumulator of `fold`, what `reduce` and `max_by` have
//! found so far. A number is a variable that the loop carries, an array a place of its own, a tuple its members, and what
//! no derivative flows through a variable of the emitted code.

use super::Lowerer;
use super::exits::Scan;
use super::expression::Value;
use super::item::Item;
use super::iterate::{Chain, Function};
use super::rename::Binding;
use super::scope::{State, VarId};
use crate::ir::{Dim, Inactive, Init, OpKind, Part, Ty};
use proc_macro2::{Ident, Span};
use quote::{format_ident, quote};
use syn::{Expr, parse_quote};

/// Where it is kept.
pub(super) enum Shape {
    Float(VarId),
    Array(Part),
    /// An `Option` in the emitted code, so that it needs no first value.
    Native(Ident),
    Tuple(Vec<Shape>),
}

/// What there has to be room for.
pub(super) enum Room {
    Float,
    Array(Vec<Dim>),
    Native,
    Tuple(Vec<Room>),
}

impl Lowerer<'_> {
    /// What there has to be room for to keep an element; `None` if it cannot be kept.
    pub(super) fn room(&self, item: &Item) -> Option<Room> {
        match item {
            Item::Float(_) => Some(Room::Float),
            Item::Element(part) if self.rank(part) == 0 => None,
            Item::Part { part, .. } if self.func.fixed(part) => Some(Room::Array(self.func.dims(part))),
            Item::Other { .. } => Some(Room::Native),
            Item::Tuple(items) => items.iter().map(|item| self.room(item)).collect::<Option<Vec<_>>>().map(Room::Tuple),
            Item::Part { .. } | Item::Element(_) | Item::Alias(_) | Item::Closure(_) | Item::Aggregate(_) => None,
        }
    }

    /// Makes the room, before the loop, under a name. `vars`: what the loop has to carry.
    pub(super) fn begin(&mut self, room: &Room, name: &str, vars: &mut Vec<VarId>, span: Span) -> Shape {
        let own = Ident::new(name, Span::mixed_site());
        match room {
            Room::Float => {
                let zero = self.constant(0.0, span);
                let var = self.scopes.hidden(own, State::Float(zero));
                vars.push(var);
                Shape::Float(var)
            }
            Room::Array(dims) => {
                let zero = self.constant(0.0, span);
                let place = self.allocate(own, dims.clone(), Init::Fill(zero));
                Shape::Array(Part::whole(place))
            }
            Room::Native => {
                let name = self.unused_name(name);
                let name = self.bind_name(&name, Binding::Native).unwrap_or(name);
                self.verbatim(quote!(let mut #name = ::core::option::Option::None;), span);
                Shape::Native(name)
            }
            Room::Tuple(rooms) => Shape::Tuple(rooms.iter().map(|room| self.begin(room, name, vars, span)).collect()),
        }
    }

    /// What is kept now. It may be taken once.
    pub(super) fn accumulated(&mut self, shape: &Shape) -> Item {
        match shape {
            Shape::Float(var) => match self.scopes.vars[*var].state {
                State::Float(val) => Item::Float(val),
                _ => Item::Tuple(Vec::new()),
            },
            Shape::Array(part) => Item::Part { part: part.clone(), reference: false },
            Shape::Native(name) => {
                let mut code = Inactive::engine(quote!(#name.take().unwrap()));
                code.pure = false;
                let val = self.define(OpKind::Inactive(code), Ty::Other, name.span());
                Item::Other { val, indexable: false, reference: false }
            }
            Shape::Tuple(shapes) => Item::Tuple(shapes.iter().map(|shape| self.accumulated(shape)).collect()),
        }
    }

    /// What is kept in the end, as an expression that is evaluated only if there is anything.
    pub(super) fn kept_in(&mut self, shape: &Shape) -> Expr {
        let state = match shape {
            Shape::Float(var) => self.scopes.vars[*var].state.clone(),
            Shape::Array(part) => State::Part(part.clone()),
            Shape::Native(name) => {
                self.scopes.declare(name, State::Native, true);
                return parse_quote!(#name.take().unwrap());
            }
            Shape::Tuple(shapes) => {
                let members = shapes.iter().map(|shape| self.kept_in(shape)).collect::<Vec<_>>();
                return parse_quote!((#(#members,)*));
            }
        };
        let name = self.hidden("kept", state);
        parse_quote!(#name)
    }

    /// Keeps something else from now on; `false` if it does not fit.
    pub(super) fn accumulate(&mut self, shape: &Shape, item: &Item) -> bool {
        match (shape, item) {
            (Shape::Float(var), Item::Float(val)) => {
                self.scopes.vars[*var].state = State::Float(*val);
                true
            }
            (Shape::Array(to), Item::Part { part, .. }) => {
                let same = |a: &Dim, b: &Dim| match (a, b) {
                    (Dim::Fixed(a), Dim::Fixed(b)) => a.to_string() == b.to_string(),
                    _ => false,
                };
                let (a, b) = (self.func.dims(to), self.func.dims(part));
                let fits = a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| same(a, b));
                if fits && to != part {
                    self.push(OpKind::Copy(to.clone(), part.clone()), Span::call_site());
                }
                fits
            }
            (Shape::Native(name), Item::Other { val, .. }) => {
                let source = format_ident!("{}_value", name, span = Span::mixed_site());
                let mut code = Inactive::engine(quote!(#name = ::core::option::Option::Some(#source);));
                code.reads.push((source, *val));
                code.pure = false;
                code.expression = false;
                self.push(OpKind::Inactive(code), name.span());
                true
            }
            (Shape::Tuple(shapes), Item::Tuple(items)) if shapes.len() == items.len() => {
                shapes.iter().zip(items).all(|(shape, item)| self.accumulate(shape, item))
            }
            _ => false,
        }
    }

    /// `chain.fold(init, f)`
    pub(super) fn fold(&mut self, chain: &Chain, init: &Item, f: &Function, scan: &Scan, span: Span) -> Option<Value> {
        let mut vars = Vec::new();
        let room = self.room(init)?;
        let shape = self.begin(&room, "folded", &mut vars, span);
        let mut fits = self.accumulate(&shape, init);
        self.each(chain, scan, &vars, None, span, &mut |l, item| {
            let so_far = l.accumulated(&shape);
            let next = l.apply(f, &[so_far, item]);
            fits &= l.accumulate(&shape, &next);
            l.fall_off()
        });
        self.accumulated(&shape).value().filter(|_| fits)
    }
}
