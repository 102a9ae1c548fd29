//! Fields of structs: read, bound to names, assigned, and what is called on them. See `record` for what they are.
//!
//! A struct is a place, and its fields are parts of it. A number in a struct that is only read is a value, read once at the
//! start of the function.

use super::Lowerer;
use super::expression::Value;
use super::opaque::Fate;
use super::pattern::irrefutable;
use super::record::member_of;
use super::tail::{float_tail, other_tail};
use super::{size, types};
use crate::diagnostics::{Site, message};
use crate::ir::{Field, Inactive, Member, Op, OpKind, Part, PlaceId, Step, Storage, Ty, Val};
use crate::rules::derivative as table;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned as _;
use syn::{Expr, Pat};

impl Lowerer<'_> {
    /// A field of a struct.
    pub(super) fn field_value(&mut self, base: &Part, member: &syn::Member, reference: bool) -> Value {
        match self.scopes.records.field(base, member_of(member)) {
            None => Value::Opaque,
            Some(part) if self.func.is_number(&part) => Value::Float(self.load(part, member.span())),
            Some(part) => Value::Part { part, reference },
        }
    }

    /// An element of a struct that is only read is read once; of any other it is known where it was read.
    pub(super) fn load(&mut self, part: Part, span: Span) -> Val {
        if !part.path.iter().any(|step| matches!(step, Step::Field(_))) {
            return self.define(OpKind::Load(part), Ty::Float, span);
        }
        let still = self.func.place_info(part.place).storage == Storage::Param
            && part.path.iter().all(|step| matches!(step, Step::Field(_)));
        if still && let Some(&val) = self.loaded.get(&part) {
            return val;
        }
        let val = if still {
            let name = part.path.last().and_then(|step| match step {
                Step::Field(Field { member: Member::Named(name), .. }) => Some(name.clone()),
                _ => None,
            });
            let val = self.func.val(Ty::Float, name, span);
            self.prelude.push(Op { kind: OpKind::Load(part.clone()), results: vec![val], span });
            self.loaded.insert(part.clone(), val);
            val
        } else {
            self.define(OpKind::Load(part.clone()), Ty::Float, span)
        };
        self.scopes.records.origins.insert(val, part);
        val
    }

    /// A value that is a struct, or a field that has not been used like this before.
    pub(super) fn struct_part(&self, value: &Value) -> Option<(Part, bool)> {
        match value {
            Value::Part { part, reference } if self.func.is_struct(part) => Some((part.clone(), *reference)),
            Value::Part { part, reference } if self.func.is_number(part) => {
                Some((self.scopes.records.learn(part, true)?, *reference))
            }
            Value::Float(val) => {
                let records = &self.scopes.records;
                Some((records.learn(&records.field_of(*val)?, true)?, false))
            }
            _ => None,
        }
    }

    /// The same for arrays.
    pub(super) fn array_field(&self, value: &Value) -> Option<Part> {
        let records = &self.scopes.records;
        match value {
            Value::Part { part, .. } if self.func.is_number(part) => records.learn(part, false),
            Value::Float(val) => records.learn(&records.field_of(*val)?, false),
            _ => None,
        }
    }

    /// A field that has to be an array of so many dimensions.
    pub(super) fn field_of_rank(&self, value: &Value, rank: usize) -> Option<Part> {
        let mut part = self.array_field(value)?;
        while self.func.rank(&part) < rank {
            let field = part.path.iter_mut().rev().find_map(|s| if let Step::Field(f) = s { Some(f) } else { None })?;
            field.rank = rank;
            self.scopes.records.is_array(&part, rank);
        }
        Some(part)
    }

    /// Whether a value is a struct, or a field that may be one by the type that is written beside it.
    pub(super) fn of_struct(&self, value: &Value, ty: Option<&syn::Type>) -> bool {
        let possible = match value {
            Value::Part { part, .. } => self.func.holds_structs(part),
            Value::Float(val) => self.is_field(*val),
            _ => false,
        };
        possible && ty.is_some_and(|ty| !types::is_data(ty))
    }

    /// Whether a number is a field, just as it is.
    pub(super) fn is_field(&self, val: Val) -> bool {
        self.scopes.records.origin(val).is_some()
    }

    /// The place that an expression names, in a struct or in an array of them.
    pub(super) fn place_of(&mut self, expr: &Expr) -> Option<Part> {
        match expr {
            Expr::Paren(e) => self.place_of(&e.expr),
            Expr::Group(e) => self.place_of(&e.expr),
            Expr::Unary(e) if matches!(e.op, syn::UnOp::Deref(_)) => self.place_of(&e.expr),
            Expr::Path(_) => self.base(expr),
            Expr::Field(e) => {
                let base = self.place_of(&e.base)?;
                let records = &self.scopes.records;
                let base = if self.func.is_struct(&base) { base } else { records.learn(&base, true)? };
                records.field(&base, member_of(&e.member))
            }
            Expr::Index(e) => {
                let base = self.place_of(&e.expr)?;
                let base = if self.rank(&base) > 0 { base } else { self.scopes.records.learn(&base, false)? };
                if let Expr::Range(range) = &*e.index {
                    return Some(self.range_of(&base, range));
                }
                let index = self.index_of_element(&e.index);
                Some(base.at(index))
            }
            _ => None,
        }
    }

    /// `part = value`
    pub(super) fn write_field(&mut self, mut to: Part, value: Value, right: &Expr) {
        match value {
            Value::Part { part, .. } if !self.func.is_number(&part) => {
                let records = &self.scopes.records;
                if self.func.is_struct(&part) && !self.func.is_struct(&to) {
                    to = records.learn(&to, true).unwrap_or(to);
                }
                while self.rank(&to) < self.rank(&part) {
                    match self.scopes.records.learn(&to, false) {
                        Some(array) => to = array,
                        None => return self.error(Site::of(right), message::lost_in_assignment()),
                    }
                }
                self.push(OpKind::Copy(to, part), right.span());
            }
            Value::Aggregate(aggregate) => {
                if !self.func.is_struct(&to) {
                    to = self.scopes.records.learn(&to, true).unwrap_or(to);
                }
                // What is in a member that is not followed may be a number, too: then the struct is made anew.
                if aggregate.members.iter().any(|(_, value)| matches!(value, Value::Inactive(_))) {
                    return match self.struct_made(Value::Aggregate(aggregate), right) {
                        Some(part) => self.push(OpKind::Copy(to, part), right.span()),
                        None => self.error(Site::of(right), message::lost_in_assignment()),
                    };
                }
                for (member, value) in aggregate.members {
                    match (self.scopes.records.field(&to, member_of(&member)), value) {
                        (Some(to), value) => self.write_field(to, value, right),
                        (None, _) => self.error(Site::of(right), message::lost_in_assignment()),
                    }
                }
            }
            Value::Inactive(val) if self.open_field(&to) => {
                let base = Part { place: to.place, path: to.path[..to.path.len() - 1].to_vec() };
                if let Some(Step::Field(field)) = to.path.last() {
                    self.write_data(&base, &field.member.clone(), val, &TokenStream::new(), right.span());
                }
            }
            value if self.func.is_number(&to) => {
                let val = self.float_value(value, right);
                self.push(OpKind::Store(to, val), right.span());
            }
            _ => self.error(Site::of(right), message::not_a_float()),
        }
    }

    /// What a method is called on, if that is a struct: or a field that has no such method if it is a number.
    pub(super) fn struct_receiver(&mut self, call: &syn::ExprMethodCall) -> Option<Part> {
        const OF_DATA: &[&str] = &["is_empty", "get", "is_some", "is_none", "is_some_and", "copied", "to_vec"];
        let name = call.method.to_string();
        let known = |list: &[&str]| list.contains(&name.as_str());
        let shown = name.starts_with("as_") || name.starts_with("to_") || known(OF_DATA) || known(size::METHODS);
        if shown || known(table::INACTIVE_METHODS) || !self.mentions_float(&call.receiver) {
            return None;
        }
        let mark = self.ops().len();
        let value = self.expr_receiver(&call.receiver);
        let part = match value {
            Value::Aggregate(ref aggregate) if aggregate.path.is_some() => self.struct_made(value, &call.receiver),
            value => self.struct_part(&value).map(|(part, _)| part),
        };
        if part.is_none() {
            self.ops().truncate(mark);
        }
        part
    }

    /// A local struct is a copy of another one.
    pub(super) fn copied_struct(&mut self, place: PlaceId, from: &Part) {
        self.func.places[place.0 as usize].record = Some(match &self.func.place_info(from.place).record {
            Some(ty) if from.is_whole() => ty.clone(),
            _ => quote!(_),
        });
        self.scopes.records.copies.insert(place, from.clone());
    }

    /// Takes a struct apart: `let Params { k, .. } = p;`
    pub(super) fn bind_fields(&mut self, pat: &Pat, base: &Part, reference: bool) {
        let members: Vec<(syn::Member, &Pat)> = match pat {
            Pat::Struct(p) => p.fields.iter().map(|field| (field.member.clone(), &*field.pat)).collect(),
            Pat::TupleStruct(syn::PatTupleStruct { elems, .. }) | Pat::Tuple(syn::PatTuple { elems, .. }) => {
                elems.iter().enumerate().map(|(k, pat)| (syn::Member::from(k), pat)).collect()
            }
            _ => Vec::new(),
        };
        for (member, pat) in members {
            let first_new = self.func.vals.len();
            let value = match self.field_value(base, &member, reference) {
                Value::Opaque => self.data_field(base, &member, reference),
                value => value,
            };
            self.bind(pat, None, value, first_new);
        }
    }

    /// Whether nothing tells that a field is a number.
    fn open_field(&self, part: &Part) -> bool {
        let records = &self.scopes.records;
        matches!(part.path.last(), Some(Step::Field(_)))
            && records.key(part).is_some_and(|key| records.fields.borrow().kind(&key).open())
    }

    /// `field = right`, `field += right`, where the field is data, or the right side visibly is: integers, conditions.
    pub(super) fn assigns_data(&mut self, left: &Expr, right: &Expr, operator: &TokenStream) -> bool {
        let (Expr::Field(e), Some((_, field))) = (left, self.scopes.field_of_struct(left)) else { return false };
        if !self.writable(&field.part) {
            return false;
        }
        let visibly = !float_tail(right, &self.func.width)
            && (other_tail(right, &self.func.width) || matches!(right, Expr::Cast(_)))
            && !self.mentions_float(right);
        if !field.data && (field.followed || !visibly) {
            return false;
        }
        let Some(base) = self.place_of(&e.base) else { return false };
        let base = if self.func.is_struct(&base) { Some(base) } else { self.scopes.records.learn(&base, true) };
        let Some(base) = base else { return false };
        let lost = Fate::Lost(Site::of(right), message::lost_in_assignment());
        let val = self.template(right, Ty::Other, &lost);
        self.write_data(&base, &member_of(&e.member), val, operator, left.span());
        true
    }

    /// `base.member = value`, where the value is data, and so is the field.
    fn write_data(&mut self, base: &Part, member: &Member, val: Val, operator: &TokenStream, span: Span) {
        let records = &self.scopes.records;
        let field = Step::Field(Field { member: member.clone(), rank: 0, record: false });
        if let Some(mentioned) = records.mentioned(&base.then(field)) {
            records.fields.borrow_mut().is_data(&mentioned);
        }
        let (name, value) = (Ident::new("record__", Span::mixed_site()), self.unused_name("value"));
        let assign: TokenStream = format!("{operator}=").parse().unwrap_or_default();
        let mut code = Inactive::engine(quote!(#name.#member #assign #value;));
        code.places.push((name, base.clone()));
        code.reads.push((value, val));
        (code.pure, code.expression) = (false, false);
        self.push(OpKind::Inactive(code), span);
    }

    /// A field that has to be data, as a value.
    pub(super) fn taken_data(&mut self, base: &Part, member: &syn::Member) -> Value {
        let records = &self.scopes.records;
        let field = Step::Field(Field { member: member_of(member), rank: 0, record: false });
        if let Some(mentioned) = records.mentioned(&base.then(field)) {
            records.fields.borrow_mut().is_data(&mentioned);
        }
        let name = Ident::new("record__", Span::mixed_site());
        let mut code = Inactive::engine(quote!(::core::clone::Clone::clone(&#name.#member)));
        code.places.push((name, base.clone()));
        code.pure = false;
        Value::Inactive(self.define(OpKind::Inactive(code), Ty::Other, member.span()))
    }

    /// A field that is data, as a value.
    fn data_field(&mut self, base: &Part, member: &syn::Member, reference: bool) -> Value {
        let name = Ident::new("record__", Span::mixed_site());
        let borrow = reference.then(|| quote!(&));
        let mut code = Inactive::engine(quote!(#borrow #name.#member));
        code.places.push((name, base.clone()));
        Value::Inactive(self.define(OpKind::Inactive(code), Ty::Other, member.span()))
    }
}

/// Whether a pattern takes a struct apart, as far as syntax tells: its members are bound, or taken apart themselves.
pub(super) fn takes_fields(pat: &Pat) -> bool {
    let member = |pat: &Pat| match pat {
        Pat::Wild(_) => true,
        Pat::Ident(p) => p.by_ref.is_none() && irrefutable(pat),
        Pat::Slice(p) => p.elems.iter().all(|elem| matches!(elem, Pat::Ident(_) | Pat::Wild(_) | Pat::Slice(_))),
        other => takes_fields(other),
    };
    match pat {
        Pat::Struct(p) => p.fields.iter().all(|field| member(&field.pat)),
        Pat::TupleStruct(p) => p.elems.iter().all(member),
        Pat::Tuple(p) => p.elems.iter().all(member),
        _ => false,
    }
}
