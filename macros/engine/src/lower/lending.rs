//! Arguments that a function may write which is called: `f(x, &mut v)`. Arrays and structs among the parameters are there to be
//! lent. A number in a variable, and a struct or a tuple that is taken apart, are none: such a variable is put together for the
//! call, and taken apart again behind it.

use super::Lowerer;
use super::aggregate::Aggregate;
use super::scope::{State, VarId};
use crate::ir::{Init, Part};
use proc_macro2::{Ident, Span};
use std::rc::Rc;
use syn::Expr;
use syn::spanned::Spanned as _;

/// A variable that is put together for the call whose arguments are evaluated.
pub(super) struct Lent {
    lender: Lender,
    /// What it is there.
    part: Part,
    /// What names it.
    expr: Expr,
}

enum Lender {
    Members(Rc<Aggregate<VarId>>),
    Number(VarId),
}

impl Lowerer<'_> {
    /// What is put together for a function that may change it.
    pub(super) fn lend(&mut self, id: VarId, expr: &Expr) -> Option<Part> {
        let State::Aggregate(aggregate) = self.scopes.vars[id].state.clone() else { return None };
        // A tuple has no data beside its numbers.
        let number = |id: &VarId| matches!(self.scopes.vars[*id].state, State::Float(_) | State::Part(_));
        if aggregate.path.is_none() && !self.scopes.leaves(id).iter().all(number) {
            return None;
        }
        let value = self.aggregate_value(&aggregate, expr.span());
        let part = self.struct_made(value, expr)?;
        self.lent.push(Lent { lender: Lender::Members(aggregate), part: part.clone(), expr: expr.clone() });
        Some(part)
    }

    /// The number that a mutable reference refers to: an element of an array, or a variable, as a place of its own.
    pub(super) fn lend_number(&mut self, operand: &Expr) -> Option<Part> {
        let mark = self.ops().len();
        match self.referred_number(operand) {
            Some(State::Alias(id)) => {
                let State::Float(val) = self.scopes.vars[id].state else { return None };
                let name = Ident::new(&self.scopes.vars[id].name.to_string(), Span::mixed_site());
                let place = self.allocate(name, Vec::new(), Init::Fill(val));
                let part = Part::whole(place);
                self.lent.push(Lent { lender: Lender::Number(id), part: part.clone(), expr: operand.clone() });
                Some(part)
            }
            Some(State::Element(part)) if self.func.is_number(&part) && self.writable(&part) => Some(part),
            _ => {
                self.ops().truncate(mark);
                None
            }
        }
    }

    /// Behind the call, the variables are what it left in their places.
    pub(super) fn take_back(&mut self, lent: Vec<Lent>) {
        for Lent { lender, part, expr } in lent {
            match lender {
                Lender::Members(aggregate) => self.assign_members(&aggregate, &part, &expr),
                Lender::Number(id) => {
                    let val = self.load(part, expr.span());
                    self.scopes.vars[id].state = State::Float(val);
                    self.note_variable(id);
                }
            }
        }
    }
}
