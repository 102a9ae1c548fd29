//! What patterns bind of values that are known: members of tuples and structs, elements of arrays, fields, each a variable
//! of its own. Input: a pattern and a [`Value`]. First it is asked whether the one takes the other apart as far as that is
//! known ([`Lowerer::fits`]), and only then are the names declared, in the order in which they stand.

use super::Lowerer;
use super::aggregate::{Aggregate, constructs_the_same};
use super::assignment::declaration;
use super::binding::Access;
use super::expression::Value;
use super::field::takes_fields;
use super::pattern::{self, irrefutable};
use super::rename::Binding;
use super::scope::{State, VarId};
use crate::ir::{Inactive, Op, OpKind, Ty, Val};
use proc_macro2::{Ident, Span};
use quote::{ToTokens as _, quote};
use std::rc::Rc;
use syn::{Local, Member, Pat, PatIdent, Stmt, Type, parse_quote};

impl Lowerer<'_> {
    /// `let (mut a, b) = code;` where something active is assigned to `a` later: it is a float, and gets a `let` of its own.
    pub(super) fn floats_apart(&mut self, local: &Local) -> Option<Vec<Stmt>> {
        let Pat::Tuple(tuple) = &local.pat else { return None };
        let known = |p: &PatIdent| p.mutability.is_some() && self.floats.contains(&declaration(&p.ident));
        if !tuple.elems.iter().any(|elem| matches!(elem, Pat::Ident(p) if known(p))) {
            return None;
        }
        let (mut apart, mut after) = (local.clone(), Vec::new());
        let Pat::Tuple(tuple) = &mut apart.pat else { return None };
        for elem in &mut tuple.elems {
            if let Pat::Ident(p) = elem
                && p.mutability.is_some()
                && self.floats.contains(&declaration(&p.ident))
            {
                let (name, given) = (p.ident.clone(), self.unused_name("given"));
                after.push(parse_quote!(let mut #name = #given;));
                (p.ident, p.mutability) = (given, None);
            }
        }
        Some(std::iter::once(Stmt::Local(apart)).chain(after).collect())
    }

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

    pub(super) fn is_scalar(&self, ty: &Type) -> bool {
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

/// Whether a pattern takes an array of this rank apart.
fn slice_fits(pat: &Pat, rank: usize) -> bool {
    match pat {
        Pat::Slice(p) => rank > 0 && p.elems.iter().all(|elem| pattern::is_rest(elem) || slice_fits(elem, rank - 1)),
        Pat::Paren(p) => slice_fits(&p.pat, rank),
        Pat::Reference(p) => slice_fits(&p.pat, rank),
        Pat::Ident(p) => (p.by_ref.is_none() || p.mutability.is_none()) && irrefutable(pat),
        Pat::Wild(_) => true,
        _ => false,
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
