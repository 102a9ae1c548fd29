//! Tuples and structs. One that holds a float is taken apart: each member is a variable of its own, of which the engine
//! keeps what it keeps of any other (a value, an array, a name of the user's code). So branches, loops and assignments
//! need not know that there are aggregates, and no aggregate is ever in memory, unless code that no derivative flows
//! through mentions one: `flat` puts it together again there.
//!
//! Invariant: which members a variable has is decided where it is declared, and does not change.

use super::ending::owns;
use super::expression::Value;
use super::opaque::Fate;
use super::scope::{State, VarId};
use super::stated::Constructor;
use super::{Lowerer, received};
use crate::diagnostics::{Site, message};
use crate::ir::{Inactive, OpKind, Stated, Ty, Val};
use proc_macro2::{Ident, Span};
use quote::quote;
use std::rc::Rc;
use syn::spanned::Spanned as _;
use syn::{Expr, Member};

/// A tuple or a struct.
#[derive(Clone, Debug)]
pub struct Aggregate<T> {
    /// The struct's path; none for a tuple.
    pub path: Option<Rc<syn::Path>>,
    /// Whether it stands for a reference to it.
    pub reference: bool,
    /// Its members, in the order in which they were written.
    pub members: Vec<(Member, T)>,
}

impl<T> Aggregate<T> {
    /// A member.
    pub fn member(&self, name: &Member) -> Option<&T> {
        self.members.iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    /// Whether another is made by the same constructor: of two variants of an enum, each has its own.
    pub fn same_constructor<U>(&self, other: &Aggregate<U>) -> bool {
        match (&self.path, &other.path) {
            (Some(a), Some(b)) => constructs_the_same(a, b),
            (a, b) => a.is_none() && b.is_none(),
        }
    }

    /// Another with the same members.
    pub fn map<U>(&self, mut f: impl FnMut(&Member, &T) -> U) -> Aggregate<U> {
        let members = self.members.iter().map(|(member, value)| (member.clone(), f(member, value))).collect();
        Aggregate { path: self.path.clone(), reference: self.reference, members }
    }
}

/// Whether two paths name one struct or one variant, as far as they show it.
pub(super) fn constructs_the_same(a: &syn::Path, b: &syn::Path) -> bool {
    let last = |path: &syn::Path| path.segments.last().map(|segment| segment.ident.to_string());
    a.is_ident("Self") || b.is_ident("Self") || last(a) == last(b)
}

// What an expression is.
impl Lowerer<'_> {
    /// `(a, b)`
    pub(super) fn tuple(&mut self, tuple: &syn::ExprTuple) -> Value {
        let members: Vec<(Member, &Expr)> =
            tuple.elems.iter().enumerate().map(|(k, elem)| (Member::from(k), elem)).collect();
        self.literal_members(None, &members, None)
    }

    /// `Point { x, y }`
    pub(super) fn struct_literal(&mut self, e: &syn::ExprStruct) -> Value {
        if e.qself.is_some() {
            return Value::Opaque;
        }
        let members: Vec<(Member, &Expr)> = e.fields.iter().map(|f| (f.member.clone(), &f.expr)).collect();
        self.literal_members(Some(&Constructor::Fields(&e.path)), &members, e.rest.as_deref())
    }

    /// `Pair(x, y)`, if it is a tuple struct's and no variant of an enum: one of those is known by what it is in, or is none of
    /// the standard library's.
    pub(super) fn tuple_struct(&mut self, call: &syn::ExprCall) -> Option<Value> {
        let Expr::Path(function) = &*call.func else { return None };
        let mut segments = function.path.segments.iter().rev().map(|s| s.ident.to_string());
        let upper = |name: &str| name.starts_with(char::is_uppercase);
        let constructor = segments.next().filter(|name| upper(name))?;
        let variant = segments.next().is_some_and(|name| upper(&name));
        if variant || function.qself.is_some() || matches!(constructor.as_str(), "Some" | "Ok" | "Err") {
            return None;
        }
        let members: Vec<(Member, &Expr)> = call.args.iter().enumerate().map(|(k, e)| (Member::from(k), e)).collect();
        match self.literal_members(Some(&Constructor::Call(&function.path)), &members, None) {
            Value::Opaque => None,
            value => Some(value),
        }
    }

    /// The members, in the order in which they are written. Without a float among them, nothing is followed.
    fn literal_members(
        &mut self,
        constructor: Option<&Constructor<'_>>,
        members: &[(Member, &Expr)],
        rest: Option<&Expr>,
    ) -> Value {
        let (mut values, mut written) = (Vec::with_capacity(members.len()), Vec::with_capacity(members.len()));
        for (member, expr) in members {
            written.push((*expr, self.ops().len()));
            values.push((member.clone(), self.member_value(expr)));
        }
        if let Some(rest) = rest {
            let given = self.expr(rest);
            let Value::Aggregate(given) = given else { return self.changed_struct(values, given, rest) };
            let others =
                given.members.into_iter().filter(|(name, _)| !members.iter().any(|(member, _)| member == name));
            values.extend(others.collect::<Vec<_>>());
        }
        if values.iter().all(|(_, value)| matches!(value, Value::Inactive(_))) {
            return Value::Opaque;
        }
        if let Some(constructor) = constructor {
            self.told_by_literal(constructor, &mut values, &written);
        }
        let path = constructor.map(|constructor| Rc::new(constructor.path().clone()));
        Value::Aggregate(Aggregate { path, reference: false, members: values })
    }

    pub(super) fn member_value(&mut self, expr: &Expr) -> Value {
        match self.expr(expr) {
            Value::Opaque => {
                let lost = Fate::Lost(
                    Site::of(expr),
                    message::lost_in_value("a member of a tuple or a struct that symgrad does not see to be a float"),
                );
                let val = self.template(expr, Ty::Other, &lost);
                if owns(expr, None) {
                    self.ending.value(val);
                }
                Value::Inactive(val)
            }
            // An array goes into the aggregate as it is now.
            value => self.as_it_is(value),
        }
    }

    /// The value of a variable that is taken apart.
    pub(super) fn aggregate_value(&mut self, aggregate: &Aggregate<VarId>, span: Span) -> Value {
        Value::Aggregate(aggregate.map(|_, &id| match self.scopes.vars[id].state {
            State::Other { val, .. } => Value::Inactive(val),
            State::Native => {
                let name = self.scopes.vars[id].name.clone();
                let lost = Fate::Lost(span.into(), message::unknown_type(&name, self.func.width.ident()));
                Value::Inactive(self.template(&syn::parse_quote!(#name), Ty::Other, &lost))
            }
            _ => self.variable_value(id, span),
        }))
    }

    /// A member of what an expression is: `t.0`, `q.x.y`.
    pub(super) fn field(&mut self, expr: &Expr) -> Value {
        if let Some(id) = self.scopes.variable(expr) {
            return self.variable_value(id, expr.span());
        }
        let (mut base, mut path) = (expr, Vec::new());
        while let Expr::Field(e) = base {
            path.push(&e.member);
            base = &e.base;
        }
        let first = path.last().copied().filter(|_| received::is_call(base));
        let mut value = if first.is_some() { self.expr_member(base, first) } else { self.expr(base) };
        for name in path.into_iter().rev() {
            if let Some((part, _)) = self.struct_part(&value) {
                value = self.field_value(&part, name, false);
                continue;
            }
            let Value::Aggregate(aggregate) = value else { return Value::Opaque };
            let found = aggregate.members.into_iter().find(|(member, _)| member == name);
            value = found.map_or(Value::Opaque, |(_, value)| value);
        }
        if matches!(value, Value::Inactive(_)) { Value::Opaque } else { value }
    }

    /// A member that turns out to be a float because of where it goes.
    pub(super) fn typed_value(&mut self, val: Val, span: Span) -> Val {
        let name = Ident::new("member", Span::mixed_site());
        let mut code = Inactive { stated: Stated::Float, ..Inactive::engine(quote!(#name)) };
        code.reads.push((name, val));
        self.define(OpKind::Inactive(code), Ty::Float, span)
    }
}

impl Aggregate<Value> {
    /// Whether it is a tuple in which something is no number: a list of these has no derivative.
    pub(super) fn holds_data_beside(&self) -> bool {
        self.path.is_none()
            && self.members.iter().any(|(_, value)| match value {
                Value::Inactive(_) | Value::Opaque => true,
                Value::Aggregate(inner) => inner.holds_data_beside(),
                Value::Float(_) | Value::Part { .. } => false,
            })
    }
}
