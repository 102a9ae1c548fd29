//! One value from those of the two arms of an `if`: numbers and what is no float go through the region's results, arrays are
//! copied to one place, members of tuples and structs are joined each for itself. Values that do not fit together have none.

use super::Lowerer;
use super::aggregate::Aggregate;
use super::expression::{UNNAMED, Value};
use super::rename::Binding;
use crate::diagnostics::message;
use crate::ir::{Inactive, Init, Op, OpKind, Part, Storage, Ty, Val};
use proc_macro2::{Ident, Span};
use quote::quote;
use syn::{Expr, Member};

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
