//! One value from those of the two arms of an `if`: numbers and what is no float go through the region's results, arrays are
//! copied to one place, members of tuples and structs are joined each for itself. Values that do not fit together have none.

use super::Lowerer;
use super::aggregate::Aggregate;
use super::expression::{UNNAMED, Value};
use super::rename::Binding;
use crate::diagnostics::message;
use crate::ir::{Dim, End, Inactive, Init, Op, OpKind, Part, Returned, Stated, Storage, Ty, Val};
use proc_macro2::{Ident, Span, TokenStream};
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
        let Expr::Tuple(tuple) = expr else {
            let mark = self.ops().len();
            let val = self.bare_template(expr);
            let tokens = match &self.ops()[mark..] {
                [Op { kind: OpKind::Inactive(code), results, .. }] if *results == [val] => Some(code.tokens.clone()),
                _ => None,
            };
            self.guessed.extend(tokens.map(|tokens| (val, tokens)));
            self.read_through(expr);
            return Value::Float(val);
        };
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
            [Some(Value::Part { part, reference }), Some(b)] if !self.func.is_number(&part) => {
                let other = self.arm_array(&b, &part, reference, &mut join.ops[1], span)?;
                self.join_arrays(&[Some(Value::Part { part, reference }), Some(other)], join, span)
            }
            [Some(a), Some(Value::Part { part, reference })] if !self.func.is_number(&part) => {
                let other = self.arm_array(&a, &part, reference, &mut join.ops[0], span)?;
                self.join_arrays(&[Some(other), Some(Value::Part { part, reference })], join, span)
            }
            [a, b] => {
                let guess = |value: &Option<Value>| match value {
                    Some(Value::Float(val)) => self.guessed.contains_key(val),
                    value => value.is_none(),
                };
                let guessed = guess(&a) && guess(&b);
                let a = self.arm_float(a, &mut join.ops[0], span)?;
                let b = self.arm_float(b, &mut join.ops[1], span)?;
                join.yields[0].push(a);
                join.yields[1].push(b);
                let result = self.func.val(Ty::Float, None, span);
                if guessed {
                    self.guessed.insert(result, TokenStream::new());
                }
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

    /// Data at the end of an arm, where the other arm has an array: an array like that one, as the emitted code says.
    fn arm_array(
        &mut self,
        value: &Value,
        like: &Part,
        reference: bool,
        ops: &mut Vec<Op>,
        span: Span,
    ) -> Option<Value> {
        let dims = self.func.dims(like);
        let info = self.func.place_info(like.place);
        // The other arm may have a reference, or what is behind it.
        let borrowed = reference || (info.storage == Storage::Param && !info.by_value);
        if !self.func.fixed(like) || self.func.holds_structs(like) {
            return None;
        }
        let part = match value {
            Value::Float(val) if self.guessed.contains_key(val) => self.no_number(*val, &dims, borrowed, ops, span)?,
            Value::Inactive(val) => self.of_data(*val, dims, borrowed, ops, ops.len(), span),
            _ => return None,
        };
        Some(Value::Part { part, reference })
    }

    /// What was taken for a number at the end of an arm, in which it is the last, is an array.
    fn no_number(&mut self, val: Val, dims: &[Dim], borrowed: bool, ops: &mut Vec<Op>, span: Span) -> Option<Part> {
        let at = ops.iter().rposition(|op| op.results.contains(&val))?;
        let k = ops[at].results.iter().position(|result| *result == val)?;
        match &mut ops[at].kind {
            OpKind::Inactive(code) => {
                code.tokens = self.guessed.get(&val)?.clone();
                code.stated = Stated::Nothing;
                self.func.vals[val.0 as usize].ty = Ty::Other;
                Some(self.of_data(val, dims.to_vec(), borrowed, ops, at + 1, span))
            }
            OpKind::If(_, then, other) => {
                let (mut then, mut other) = (then.clone(), other.clone());
                let (mut begin, to) = self.plain_arm(|l| {
                    let zero = l.constant(0.0, span);
                    Part::whole(l.allocate(Ident::new(UNNAMED, span), dims.to_vec(), Init::Fill(zero)))
                });
                for arm in [&mut then, &mut other] {
                    let End::Yield(yields) = &mut arm.end else { return None };
                    let val = yields.remove(k);
                    // An arm that has no value yields a stand-in.
                    if self.guessed.contains_key(&val) {
                        let from = self.no_number(val, dims, borrowed, &mut arm.ops, span)?;
                        arm.ops.push(Op { kind: OpKind::Copy(to.clone(), from), results: Vec::new(), span });
                    }
                }
                let OpKind::If(cond, ..) = ops[at].kind else { return None };
                ops[at].kind = OpKind::If(cond, then, other);
                ops[at].results.remove(k);
                begin.append(&mut ops.split_off(at));
                ops.append(&mut begin);
                Some(to)
            }
            _ => None,
        }
    }

    /// An array that holds data.
    fn of_data(&mut self, from: Val, dims: Vec<Dim>, borrowed: bool, ops: &mut Vec<Op>, at: usize, span: Span) -> Part {
        let place = self.func.array(Ident::new(UNNAMED, span), Storage::Local, dims);
        let returned = Returned { from, member: None, number: false, borrowed };
        ops.insert(at, Op { kind: OpKind::Alloc(place, Init::Returned(returned)), results: Vec::new(), span });
        Part::whole(place)
    }

    /// What is no float is assigned in the arms: `let member; if … { member = a; } else { member = b; }`.
    fn join_inactive(&mut self, values: [Option<Value>; 2], join: &mut Join, span: Span) -> Value {
        let name = self.unused_name("member");
        self.bind_name(&name, Binding::Member);
        self.verbatim(quote!(let #name;), span);
        let ends = values.iter().flatten().any(|value| matches!(value, Value::Inactive(val) if self.ending.has(*val)));
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
        if ends {
            self.ending.value(result);
        }
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
