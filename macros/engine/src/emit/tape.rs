//! Tapes: a `Vec` of records, or an array of them with the number of those that are in use.

use super::expression::Level;
use super::statement::tuple;
use super::{Emitter, Line};
use crate::analysis::sums::each_op;
use crate::ir::{Func, OpKind, PlaceId, Range, TapeId, Ty, Val};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use std::collections::HashMap;

/// A tape that has been declared.
#[derive(Clone)]
pub(super) enum Tape {
    /// A `Vec`.
    Heap(Ident),
    /// An array of so many dimensions, and how many of its records are in use.
    Stack(Ident, usize, Ident),
}

/// What the records of each tape hold.
pub(super) fn records(func: &Func) -> HashMap<TapeId, Vec<Val>> {
    let mut records = HashMap::new();
    each_op(&func.body, &mut |op| {
        if let OpKind::Push(tape, vals, _) = &op.kind {
            records.insert(*tape, vals.clone());
        }
    });
    records
}

impl Emitter<'_> {
    pub(super) fn new_tape(&mut self, tape: TapeId, room: Option<&[TokenStream]>) -> Vec<Line> {
        let name = self.names.fresh(Some(&Ident::new("tape", Span::mixed_site())));
        let Some(room) = room else {
            self.tapes.insert(tape, Tape::Heap(name.clone()));
            let runtime = &self.runtime;
            return vec![Line::Other(quote!(let mut #name = #runtime::__private::Vec::new();))];
        };
        let top = self.names.fresh(Some(&Ident::new("top", Span::mixed_site())));
        self.tapes.insert(tape, Tape::Stack(name.clone(), room.len(), top.clone()));
        let vals = self.records.get(&tape).cloned().unwrap_or_default();
        let blank: Vec<TokenStream> = vals
            .iter()
            .map(|&val| match self.func.info(val).ty {
                ty @ (Ty::Float | Ty::Lanes) => self.typed(val, |e| e.zero_of(ty)),
                Ty::Bool => quote!(false),
                Ty::Index | Ty::Other => quote!(0),
            })
            .collect();
        let one = [quote!(1)];
        let room = if room.is_empty() { &one } else { room };
        let blank = room.iter().rev().fold(tuple(&blank), |inner, n| quote!([#inner; #n]));
        vec![Line::Other(quote!(let mut #name = #blank;)), Line::Other(quote!(let mut #top = 0_usize;))]
    }

    pub(super) fn reserve(&mut self, tape: TapeId, range: &Range) -> Option<Line> {
        let Some(Tape::Heap(name)) = self.tapes.get(&tape).cloned() else { return None };
        let (lo, hi) = (self.expr(range.lo).at(Level::Sum), self.expr(range.hi).at(Level::Sum));
        let dots = if range.inclusive { quote!(..=) } else { quote!(..) };
        let step = range.step.map(|step| self.expr(step).tokens).map(|step| quote!(.step_by(#step)));
        let runtime = &self.runtime;
        Some(Line::Other(quote!(#runtime::__private::reserve(&mut #name, &(#lo #dots #hi) #step);)))
    }

    pub(super) fn push(&mut self, tape: TapeId, vals: &[Val], places: &[PlaceId]) -> Line {
        let mut items: Vec<TokenStream> = vals.iter().map(|&v| self.expr(v).tokens).collect();
        items.extend(places.iter().map(|&p| {
            let name = self.place(p);
            quote!(#name)
        }));
        let record = tuple(&items);
        Line::Other(match self.tapes.get(&tape) {
            Some(Tape::Stack(name, rank, top)) => {
                let all = flat(name, *rank, "as_flattened_mut");
                quote!(#all[#top] = #record; #top += 1;)
            }
            Some(Tape::Heap(name)) => quote!(#name.push(#record);),
            None => TokenStream::new(),
        })
    }

    pub(super) fn pop(&mut self, tape: TapeId, results: &[Val], places: &[PlaceId]) -> Line {
        let mut items: Vec<TokenStream> = results.iter().map(|&v| self.declare(v)).collect();
        items.extend(places.iter().map(|&p| {
            let name = self.place(p);
            let mutability = self.written.contains(&p).then(|| quote!(mut));
            quote!(#mutability #name)
        }));
        let record = tuple(&items);
        Line::Other(match self.tapes.get(&tape) {
            Some(Tape::Stack(name, rank, top)) => {
                let all = flat(name, *rank, "as_flattened");
                quote!(#top -= 1; let #record = #all[#top];)
            }
            Some(Tape::Heap(name)) => quote! {
                let ::core::option::Option::Some(#record) = #name.pop() else {
                    ::core::unreachable!("one record for each time that the primal came by")
                };
            },
            None => TokenStream::new(),
        })
    }
}

/// The records of an array, one after the other.
fn flat(name: &Ident, rank: usize, method: &str) -> TokenStream {
    let method = Ident::new(method, Span::mixed_site());
    (1..rank).fold(quote!(#name), |inner, _| quote!(#inner.#method()))
}
