//! Tuples and structs. One that holds a float is taken apart: each member is a variable of its own, of which the engine
//! keeps what it keeps of any other (a value, an array, a name of the user's code). So branches, loops and assignments
//! need not know that there are aggregates, and no aggregate is ever in memory, unless code that no derivative flows
//! through mentions one: `flat` puts it together again there.
//!
//! Invariant: which members a variable has is decided where it is declared, and does not change.

use super::Lowerer;
use super::binding::Access;
use super::expression::{UNNAMED, Value};
use super::field::takes_fields;
use super::opaque::Fate;
use super::pattern::{self, irrefutable};
use super::received;
use super::rename::Binding;
use super::scope::{State, VarId};
use crate::diagnostics::{Site, message};
use crate::ir::{Inactive, Init, Op, OpKind, Part, Stated, Storage, Ty, Val};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote};
use std::rc::Rc;
use syn::spanned::Spanned as _;
use syn::{Expr, Member, Pat, Type};

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
fn constructs_the_same(a: &syn::Path, b: &syn::Path) -> bool {
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
        self.literal_members(Some(&e.path), &members, e.rest.as_deref())
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
        match self.literal_members(Some(&function.path), &members, None) {
            Value::Opaque => None,
            value => Some(value),
        }
    }

    /// The members, in the order in which they are written. Without a float among them, nothing is followed.
    fn literal_members(&mut self, path: Option<&syn::Path>, members: &[(Member, &Expr)], rest: Option<&Expr>) -> Value {
        let mut values = Vec::with_capacity(members.len());
        for (member, expr) in members {
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
        Value::Aggregate(Aggregate { path: path.cloned().map(Rc::new), reference: false, members: values })
    }

    fn member_value(&mut self, expr: &Expr) -> Value {
        match self.expr(expr) {
            Value::Opaque => {
                let lost = Fate::Lost(
                    Site::of(expr),
                    message::lost_in_value("a member of a tuple or a struct that symgrad does not see to be a float"),
                );
                Value::Inactive(self.template(expr, Ty::Other, &lost))
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

// What a pattern binds.
impl Lowerer<'_> {
    /// Whether a pattern takes a value apart as far as it is known.
    pub(super) fn fits(&self, pat: &Pat, value: &Value) -> bool {
        match (pat, value) {
            (_, Value::Opaque) => false,
            (Pat::Wild(_), _) => true,
            (Pat::Paren(p), value) => self.fits(&p.pat, value),
            (Pat::Type(p), value) => self.fits(&p.pat, value),
            (Pat::Ident(p), _) => p.by_ref.is_none() && irrefutable(pat),
            (Pat::Reference(p), Value::Part { .. } | Value::Aggregate(_) | Value::Float(_)) => self.fits(&p.pat, value),
            (Pat::Tuple(p), Value::Aggregate(a)) if a.path.is_none() => {
                tuple_members(p, a).is_some_and(|pairs| pairs.iter().all(|(_, pat, value)| self.fits(pat, value)))
            }
            (Pat::Struct(_) | Pat::TupleStruct(_) | Pat::Tuple(_), Value::Part { part, .. }) => {
                self.func.is_struct(part) && takes_fields(pat)
            }
            (Pat::Struct(_) | Pat::TupleStruct(_) | Pat::Tuple(_), Value::Float(val)) => {
                self.is_field(*val) && takes_fields(pat)
            }
            (Pat::Slice(_), Value::Float(val)) => self.is_field(*val) && slice_fits(pat, usize::MAX),
            (Pat::TupleStruct(p), Value::Aggregate(a)) if a.path.is_some() => {
                p.elems.len() == a.members.len()
                    && p.elems
                        .iter()
                        .enumerate()
                        .all(|(k, pat)| a.member(&Member::from(k)).is_some_and(|value| self.fits(pat, value)))
            }
            (Pat::Struct(p), Value::Aggregate(a)) if a.path.is_some() => {
                p.fields.iter().all(|f| a.member(&f.member).is_some_and(|value| self.fits(&f.pat, value)))
            }
            (Pat::Slice(_), Value::Part { part, .. }) => slice_fits(pat, self.rank(part)),
            _ => false,
        }
    }

    /// Whether a pattern that [`Lowerer::fits`] always does, by what is visible: another variant of an enum may have the
    /// same members.
    pub(super) fn always_fits(pat: &Pat, value: &Value) -> bool {
        let same =
            |path: &syn::Path, a: &Aggregate<Value>| a.path.as_ref().is_some_and(|q| constructs_the_same(path, q));
        match (pat, value) {
            (Pat::Paren(p), value) => Self::always_fits(&p.pat, value),
            (Pat::Type(p), value) => Self::always_fits(&p.pat, value),
            (Pat::Reference(p), value) => Self::always_fits(&p.pat, value),
            (Pat::Tuple(p), Value::Aggregate(a)) => tuple_members(p, a)
                .is_some_and(|pairs| pairs.iter().all(|(_, pat, value)| Self::always_fits(pat, value))),
            (Pat::Struct(p), Value::Aggregate(a)) => {
                same(&p.path, a)
                    && p.fields.iter().all(|f| a.member(&f.member).is_some_and(|v| Self::always_fits(&f.pat, v)))
            }
            (Pat::TupleStruct(p), Value::Aggregate(a)) => {
                let member = |k: usize| a.member(&Member::from(k));
                same(&p.path, a)
                    && p.elems.iter().enumerate().all(|(k, pat)| member(k).is_some_and(|v| Self::always_fits(pat, v)))
            }
            (Pat::Struct(_) | Pat::TupleStruct(_), _) => false,
            _ => true,
        }
    }

    /// Binds the names of a pattern that [`Lowerer::fits`]. Values that are newer than `first_new` are called after them.
    pub(super) fn bind(&mut self, pat: &Pat, ty: Option<&Type>, value: Value, first_new: usize) {
        match (pat, value) {
            (Pat::Paren(p), value) => self.bind(&p.pat, ty, value, first_new),
            (Pat::Reference(p), value) => {
                let value = match value {
                    Value::Part { part, .. } => Value::Part { part, reference: false },
                    Value::Aggregate(a) => Value::Aggregate(Aggregate { reference: false, ..a }),
                    value => value,
                };
                self.bind(&p.pat, ty, value, first_new);
            }
            (Pat::Type(p), value) => self.bind(&p.pat, Some(&p.ty), value, first_new),
            (Pat::Ident(p), value) => {
                self.bind_value(&p.ident, ty, value, p.mutability.is_some(), first_new);
            }
            (Pat::Tuple(p), Value::Aggregate(a)) => {
                let types = member_types(ty);
                for (k, pat, value) in tuple_members(p, &a).unwrap_or_default() {
                    self.bind(pat, types.get(k).copied(), value.clone(), first_new);
                }
            }
            (Pat::TupleStruct(p), Value::Aggregate(a)) => {
                for (k, pat) in p.elems.iter().enumerate() {
                    if let Some(value) = a.member(&Member::from(k)) {
                        self.bind(pat, None, value.clone(), first_new);
                    }
                }
            }
            (Pat::Struct(p), Value::Aggregate(a)) => {
                for field in &p.fields {
                    if let Some(value) = a.member(&field.member) {
                        self.bind(&field.pat, None, value.clone(), first_new);
                    }
                }
            }
            (Pat::Slice(_), Value::Part { part, reference }) => {
                self.bind_pattern(pat, &part, if reference { Access::Reference } else { Access::Value });
            }
            (Pat::Slice(_), value) => {
                if let Some(part) = self.array_field(&value) {
                    self.bind_pattern(pat, &part, Access::Value);
                }
            }
            (Pat::Struct(_) | Pat::TupleStruct(_) | Pat::Tuple(_), value) => {
                if let Some((part, reference)) = self.struct_part(&value) {
                    self.bind_fields(pat, &part, reference);
                }
            }
            _ => {}
        }
    }

    /// Declares a variable with a value.
    pub(super) fn bind_value(
        &mut self,
        name: &Ident,
        ty: Option<&Type>,
        value: Value,
        mutable: bool,
        first_new: usize,
    ) -> VarId {
        let value = match value {
            Value::Inactive(val) if ty.is_some_and(|ty| self.is_scalar(ty)) => {
                Value::Float(self.typed_value(val, name.span()))
            }
            value => value,
        };
        match value {
            Value::Float(val) => {
                self.name_value(val, first_new, name);
                self.declare_float(name, val, mutable);
            }
            Value::Part { part, reference } => self.bind_part(name, part, reference, mutable),
            Value::Inactive(val) => self.bind_inactive(name, ty, val, mutable, first_new),
            Value::Aggregate(aggregate) => {
                let types = member_types(ty);
                let mut index = 0;
                let members = aggregate.map(|member, value| {
                    let hidden = self.member_name(name, member);
                    let ty = types.get(index).copied();
                    index += 1;
                    self.bind_value(&hidden, ty, value.clone(), mutable, first_new)
                });
                self.scopes.declare(name, State::Aggregate(Rc::new(members)), mutable);
            }
            Value::Opaque => {
                self.scopes.declare(name, State::Broken, mutable);
            }
        }
        self.scopes.vars.len() - 1
    }

    /// `let name = val;`
    fn bind_inactive(&mut self, name: &Ident, ty: Option<&Type>, val: Val, mutable: bool, first_new: usize) {
        let binding = if mutable { Binding::Native } else { Binding::Value };
        let new = self.bind_name(name, binding);
        let emitted = new.clone().unwrap_or_else(|| name.clone());
        let mutability = mutable.then(|| quote!(mut));
        let ty = ty.map(|ty| quote!(: #ty));
        let pattern = quote!(#mutability #emitted #ty);
        let result = (!mutable).then(|| self.func.val(Ty::Other, Some(emitted), name.span()));
        let results: Vec<Val> = result.into_iter().collect();
        let state = result.map_or(State::Native, |val| State::Other { val, indexable: false });
        let fresh = |op: &&mut Op| val.0 as usize >= first_new && op.results == [val];
        match self.ops().iter_mut().rev().find(fresh) {
            // Nothing but this reads what was just evaluated.
            Some(Op { kind: OpKind::Inactive(code), results: old, .. }) if code.pattern.is_none() => {
                code.pattern = Some(pattern);
                code.pure &= !mutable;
                *old = results;
            }
            _ => {
                let source = Ident::new("member", Span::mixed_site());
                let mut code = Inactive { pattern: Some(pattern), pure: false, ..Inactive::engine(quote!(#source)) };
                code.reads.push((source, val));
                self.ops().push(Op { kind: OpKind::Inactive(code), results, span: name.span() });
            }
        }
        let id = self.scopes.declare(name, state, mutable);
        self.scopes.vars[id].emitted = new.filter(|_| mutable);
    }

    fn member_name(&mut self, of: &Ident, member: &Member) -> Ident {
        let name = self.names.of_member(&of.to_string(), &member.to_token_stream().to_string());
        if self.scopes.unstable.contains(&of.to_string()) {
            self.scopes.unstable.insert(name.clone());
        }
        Ident::new(&name, of.span())
    }

    /// Declares a variable without a value by its type: `let t: (f64, [f64; 3]);`
    pub(super) fn late_aggregate(&mut self, name: &Ident, ty: &Type, mutable: bool) -> Option<VarId> {
        match ty {
            Type::Paren(inner) => self.late_aggregate(name, &inner.elem, mutable),
            Type::Tuple(tuple) if self.is_tuple_of_scalars(tuple) => {
                let mut members = Vec::new();
                for (k, ty) in tuple.elems.iter().enumerate() {
                    let hidden = self.member_name(name, &Member::from(k));
                    members.push((Member::from(k), self.late_aggregate(&hidden, ty, mutable)?));
                }
                let aggregate = Aggregate { path: None, reference: false, members };
                Some(self.scopes.declare(name, State::Aggregate(Rc::new(aggregate)), mutable))
            }
            ty if self.is_scalar(ty) => Some(self.scopes.declare(name, State::Uninit, true)),
            _ => None,
        }
    }

    fn is_scalar(&self, ty: &Type) -> bool {
        self.shape(ty).is_some_and(|shape| shape.dims.is_empty())
    }

    /// Whether a tuple is made of floats, and of such tuples.
    fn is_tuple_of_scalars(&self, tuple: &syn::TypeTuple) -> bool {
        let fits = |ty: &Type| match ty {
            Type::Tuple(inner) => self.is_tuple_of_scalars(inner),
            ty => self.is_scalar(ty),
        };
        !tuple.elems.is_empty() && tuple.elems.iter().all(fits)
    }
}

// Assignment.
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
            (State::Float(_) | State::Uninit, Value::Float(val)) => self.scopes.vars[id].state = State::Float(val),
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
    fn assign_native(&mut self, name: &Ident, val: Val, span: Span) {
        // Not the name that is assigned.
        let source = format_ident!("{name}_value", span = Span::mixed_site());
        let mut code = Inactive::engine(quote!(#name = #source;));
        code.reads.push((source, val));
        code.pure = false;
        code.expression = false;
        self.push(OpKind::Inactive(code), span);
    }
}

/// What the two arms of an `if` have as their values, while they are made one.
#[derive(Default)]
pub(super) struct Join {
    /// The arms' operations.
    pub ops: [Vec<Op>; 2],
    /// What the arms yield.
    pub yields: [Vec<Val>; 2],
    /// What that is behind the `if`.
    pub results: Vec<Val>,
    /// What comes behind the `if`.
    pub after: Vec<Op>,
    /// Whether the arms have shared references as their values.
    pub shared: bool,
}

// Branches.
impl Lowerer<'_> {
    /// The value of a block of which nothing is known but that it is needed: a float, or a tuple without floats.
    pub(super) fn opaque_tail(&mut self, expr: &Expr) -> Value {
        let Expr::Tuple(tuple) = expr else { return Value::Float(self.float_template(expr)) };
        let members = tuple.elems.iter().enumerate().map(|(k, elem)| (Member::from(k), self.member_value(elem)));
        Value::Aggregate(Aggregate { path: None, reference: false, members: members.collect() })
    }

    /// The value of an `if` from those of its arms; an arm that never comes to its end has none. `None` if they do not
    /// fit together.
    pub(super) fn join(&mut self, values: [Option<Value>; 2], join: &mut Join, span: Span) -> Option<Value> {
        let whole = |value: &Value| matches!(value, Value::Part { part, .. } if self.func.is_struct(part));
        if values.iter().flatten().any(whole) {
            return self.join_structs(values, join, span);
        }
        match values {
            [None, None] => Some(Value::Float(self.poison(span))),
            [Some(Value::Aggregate(a)), Some(Value::Aggregate(b))]
                if a.members.len() == b.members.len() && a.same_constructor(&b) =>
            {
                let mut members = Vec::with_capacity(a.members.len());
                for (member, value) in &a.members {
                    let other = b.member(member)?.clone();
                    members.push((member.clone(), self.join([Some(value.clone()), Some(other)], join, span)?));
                }
                Some(Value::Aggregate(Aggregate { members, ..b }))
            }
            [Some(Value::Aggregate(a)), None] => self.join_one(a, |value| [Some(value), None], join, span),
            [None, Some(Value::Aggregate(a))] => self.join_one(a, |value| [None, Some(value)], join, span),
            [a @ (Some(Value::Inactive(_)) | None), b @ (Some(Value::Inactive(_)) | None)] => {
                Some(self.join_inactive([a, b], join, span))
            }
            [a @ (Some(Value::Part { .. }) | None), b @ (Some(Value::Part { .. }) | None)] => {
                self.join_arrays(&[a, b], join, span)
            }
            [a, b] => {
                let a = self.arm_float(a, &mut join.ops[0], span)?;
                let b = self.arm_float(b, &mut join.ops[1], span)?;
                join.yields[0].push(a);
                join.yields[1].push(b);
                let result = self.func.val(Ty::Float, None, span);
                join.results.push(result);
                Some(Value::Float(result))
            }
        }
    }

    fn join_one(
        &mut self,
        aggregate: Aggregate<Value>,
        pair: impl Fn(Value) -> [Option<Value>; 2],
        join: &mut Join,
        span: Span,
    ) -> Option<Value> {
        let mut members = Vec::with_capacity(aggregate.members.len());
        for (member, value) in aggregate.members {
            members.push((member, self.join(pair(value), join, span)?));
        }
        Some(Value::Aggregate(Aggregate { path: aggregate.path, reference: aggregate.reference, members }))
    }

    /// A number at the end of an arm.
    fn arm_float(&mut self, value: Option<Value>, ops: &mut Vec<Op>, span: Span) -> Option<Val> {
        self.regions.push(std::mem::take(ops));
        let val = match value {
            Some(Value::Float(val)) => Some(val),
            Some(Value::Part { part, .. }) if self.func.is_number(&part) => Some(self.load(part, span)),
            Some(Value::Inactive(val)) => Some(self.typed_value(val, span)),
            // A stand-in that the program cannot read.
            None => Some(self.constant(0.0, span)),
            Some(_) => None,
        };
        *ops = self.regions.pop().unwrap_or_default();
        val
    }

    /// What is no float is assigned in the arms: `let member; if … { member = a; } else { member = b; }`.
    fn join_inactive(&mut self, values: [Option<Value>; 2], join: &mut Join, span: Span) -> Value {
        let name = self.unused_name("member");
        self.bind_name(&name, Binding::Member);
        self.verbatim(quote!(let #name;), span);
        for (ops, value) in join.ops.iter_mut().zip(values) {
            if let Some(Value::Inactive(val)) = value {
                self.regions.push(std::mem::take(ops));
                self.assign_native(&name, val, span);
                *ops = self.regions.pop().unwrap_or_default();
            }
        }
        let result = self.func.val(Ty::Other, None, span);
        let code = Inactive { pure: false, ..Inactive::engine(quote!(#name)) };
        join.after.push(Op { kind: OpKind::Inactive(code), results: vec![result], span });
        Value::Inactive(result)
    }

    /// Arrays of one shape are copied to one place.
    fn join_arrays(&mut self, values: &[Option<Value>; 2], join: &mut Join, span: Span) -> Option<Value> {
        let part = |value: &Option<Value>| match value {
            Some(Value::Part { part, .. }) => Some(part.clone()),
            _ => None,
        };
        let parts = values.each_ref().map(part);
        let dims = self.func.dims(parts.iter().flatten().next()?);
        let fits = |part: &Part| self.rank(part) == dims.len() && self.func.fixed(part);
        if dims.is_empty() || !parts.iter().flatten().all(fits) {
            return None;
        }
        let given = |part: &Part| self.func.place_info(part.place).storage == Storage::Param;
        let references = values.iter().any(|value| matches!(value, Some(Value::Part { reference: true, .. })));
        // What is written through a reference would go to the copy.
        if references && !(join.shared || parts.iter().flatten().all(given)) {
            self.error(span, message::references_in_array());
        }
        let zero = self.constant(0.0, span);
        let place = self.allocate(Ident::new(UNNAMED, span), dims, Init::Fill(zero));
        for (ops, part) in join.ops.iter_mut().zip(parts) {
            if let Some(part) = part {
                ops.push(Op { kind: OpKind::Copy(Part::whole(place), part), results: Vec::new(), span });
            }
        }
        Some(Value::Part { part: Part::whole(place), reference: references })
    }
}

/// Whether a pattern takes an array of this rank apart.
fn slice_fits(pat: &Pat, rank: usize) -> bool {
    match pat {
        Pat::Slice(p) => rank > 0 && p.elems.iter().all(|elem| pattern::is_rest(elem) || slice_fits(elem, rank - 1)),
        Pat::Paren(p) => slice_fits(&p.pat, rank),
        Pat::Reference(p) => slice_fits(&p.pat, rank),
        Pat::Ident(p) => p.by_ref.is_none() && irrefutable(pat),
        Pat::Wild(_) => true,
        _ => false,
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

/// The members that the elements of a tuple pattern stand for, each with its number.
fn tuple_members<'p, 'v>(
    pat: &'p syn::PatTuple,
    value: &'v Aggregate<Value>,
) -> Option<Vec<(usize, &'p Pat, &'v Value)>> {
    let (count, all) = (pat.elems.len(), value.members.len());
    let rest = pat.elems.iter().position(|elem| matches!(elem, Pat::Rest(_)));
    let at = |k: usize| match rest {
        Some(rest) if k > rest => (k + all).checked_sub(count),
        _ => Some(k),
    };
    if rest.map_or(count != all, |_| count > all + 1) {
        return None;
    }
    let elems = pat.elems.iter().enumerate().filter(|(_, elem)| !matches!(elem, Pat::Rest(_)));
    elems.map(|(k, elem)| Some((at(k)?, elem, &value.members.get(at(k)?)?.1))).collect()
}

/// The types of a tuple's members.
pub(super) fn member_types(ty: Option<&Type>) -> Vec<&Type> {
    match ty {
        Some(Type::Tuple(tuple)) => tuple.elems.iter().collect(),
        Some(Type::Paren(inner)) => member_types(Some(&inner.elem)),
        Some(Type::Reference(inner)) => member_types(Some(&inner.elem)),
        _ => Vec::new(),
    }
}
