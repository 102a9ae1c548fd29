//! Values that are assigned to variables as a whole: what the variable is, was decided where it was declared, so each of its
//! members gets the member of the value, and what is not followed is evaluated once and then taken apart.

use super::Lowerer;
use super::aggregate::Aggregate;
use super::expression::Value;
use super::opaque::Fate;
use super::scope::{State, VarId};
use crate::diagnostics::{Site, message};
use crate::ir::{Inactive, Op, OpKind, Part, Ty, Val};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::Expr;
use syn::spanned::Spanned as _;

impl Lowerer<'_> {
    /// `variable = value`, where the variable may be taken apart. What the right side is was found before.
    pub(super) fn assign_variable(&mut self, id: VarId, value: Value, right: &Expr) {
        match (self.scopes.vars[id].state.clone(), value) {
            (State::Aggregate(to), Value::Aggregate(from))
                if to.members.len() == from.members.len() && to.same_constructor(&from) =>
            {
                for (member, value) in from.members {
                    match to.member(&member) {
                        Some(&id) => self.assign_variable(id, value, right),
                        None => self.error(Site::of(right), message::unsupported("an assignment like this")),
                    }
                }
            }
            (State::Float(_) | State::Uninit, Value::Float(val)) => {
                self.claim_assigned(id, val);
                self.scopes.vars[id].state = State::Float(val);
            }
            (State::Float(_) | State::Uninit, Value::Inactive(val)) => {
                let val = self.typed_value(val, right.span());
                self.scopes.vars[id].state = State::Float(val);
            }
            (State::Part(to), Value::Part { part, .. }) => self.copy(to, part, right.span()),
            (State::Aggregate(to), value) if self.struct_part(&value).is_some() => {
                if let Some((part, _)) = self.struct_part(&value) {
                    self.assign_members(&to, &part, right);
                }
            }
            (State::Native, Value::Inactive(val)) => {
                let var = &self.scopes.vars[id];
                let name = var.emitted.clone().unwrap_or_else(|| var.name.clone());
                self.assign_native(&name, val, right.span());
            }
            (State::Native, _) => {
                let name = self.scopes.vars[id].name.clone();
                self.error(Site::of(right), message::unknown_type(name, self.func.width.ident()));
            }
            _ => self.error(Site::of(right), message::unsupported("an assignment like this")),
        }
    }

    /// The members of a variable get those of a struct that is none. What is no float here is data there.
    pub(super) fn assign_members(&mut self, to: &Aggregate<VarId>, from: &Part, right: &Expr) {
        // All are taken before any is written: it may be made of them.
        let mut values = Vec::with_capacity(to.members.len());
        for (member, id) in &to.members {
            let id = *id;
            let value = match self.scopes.vars[id].state {
                State::Native | State::Other { .. } => self.taken_data(from, member),
                State::Part(_) => match self.field_value(from, member, false) {
                    value @ Value::Part { .. } if !self.number_part(&value) => value,
                    value => self.array_field(&value).map_or(value, |part| Value::Part { part, reference: false }),
                },
                _ => self.field_value(from, member, false),
            };
            values.push((id, value));
        }
        for (id, value) in values {
            self.assign_variable(id, value, right);
        }
    }

    fn number_part(&self, value: &Value) -> bool {
        matches!(value, Value::Part { part, .. } if self.func.is_number(part))
    }

    /// `variable = right`, where the variable is taken apart and the right side is not followed.
    pub(super) fn assign_opaque(&mut self, id: VarId, right: &Expr) {
        let lost = Fate::Lost(Site::of(right), message::lost_in_assignment());
        let whole = self.template(right, Ty::Other, &lost);
        // It is evaluated once, before its members are.
        if let Some(Op { kind: OpKind::Inactive(code), .. }) = self.ops().last_mut() {
            code.pure = false;
        }
        let value = self.member_values(id, whole, &TokenStream::new(), right.span());
        self.assign_variable(id, value, right);
    }

    /// The members of a value that is not followed, as those of a variable.
    fn member_values(&mut self, id: VarId, whole: Val, path: &TokenStream, span: Span) -> Value {
        if let State::Aggregate(aggregate) = self.scopes.vars[id].state.clone() {
            return Value::Aggregate(
                aggregate.map(|member, &id| self.member_values(id, whole, &quote!(#path.#member), span)),
            );
        }
        let source = Ident::new("whole", Span::mixed_site());
        let mut code = Inactive { pure: false, ..Inactive::engine(quote!(#source #path)) };
        code.reads.push((source, whole));
        Value::Inactive(self.define(OpKind::Inactive(code), Ty::Other, span))
    }

    /// `target = val`, where the target is no float.
    pub(super) fn assign_inactive(&mut self, target: &Expr, val: Val) {
        let source = self.unused_name("value");
        let assignment: Expr = syn::parse_quote!(#target = #source);
        let mut code = self.opaque(&assignment, &Fate::Consumed);
        let tokens = code.tokens;
        code.tokens = quote!(#tokens;);
        code.reads.push((source, val));
        code.pure = false;
        code.expression = false;
        self.push(OpKind::Inactive(code), target.span());
    }

    /// `name = val;`
    pub(super) fn assign_native(&mut self, name: &Ident, val: Val, span: Span) {
        // Not the name that is assigned.
        let source = format_ident!("{}_value", name, span = Span::mixed_site());
        let mut code = Inactive::engine(quote!(#name = #source;));
        code.reads.push((source, val));
        code.pure = false;
        code.expression = false;
        self.push(OpKind::Inactive(code), span);
    }
}
