//! Arrays as they were. An array is a place until something is done with it, so that it need not be copied. An operand that is
//! one by value has to be what it was where it was evaluated: if a later operand writes the place, it is a copy made there.

use super::Lowerer;
use super::call::without_parentheses;
use super::expression::{UNNAMED, Value};
use super::item::Item;
use crate::ir::{Arg, Init, Op, OpKind, Part, Passing, PlaceId, Storage, Val};
use proc_macro2::{Ident, Span};
use syn::Expr;

/// What an operand is.
pub(super) trait Operand {
    /// Calls `f` for each array in it that is there by value.
    fn arrays(&mut self, f: &mut dyn FnMut(&mut Part));
}

impl Operand for Value {
    fn arrays(&mut self, f: &mut dyn FnMut(&mut Part)) {
        match self {
            Value::Part { part, reference: false } => f(part),
            Value::Aggregate(a) if !a.reference => a.members.iter_mut().for_each(|(_, value)| value.arrays(f)),
            _ => {}
        }
    }
}

impl Operand for Item {
    fn arrays(&mut self, f: &mut dyn FnMut(&mut Part)) {
        match self {
            Item::Part { part, reference: false } => f(part),
            Item::Tuple(items) => items.iter_mut().for_each(|item| item.arrays(f)),
            Item::Aggregate(a) if !a.reference => a.members.iter_mut().for_each(|(_, value)| value.arrays(f)),
            _ => {}
        }
    }
}

impl Operand for Arg {
    fn arrays(&mut self, f: &mut dyn FnMut(&mut Part)) {
        if let Arg::Part(part, Passing::Plain | Passing::Copied | Passing::Reference) = self {
            f(part);
        }
    }
}

impl Lowerer<'_> {
    /// Evaluates operands one after another.
    pub(super) fn in_order<E, T: Operand>(
        &mut self,
        operands: impl IntoIterator<Item = E>,
        mut evaluate: impl FnMut(&mut Self, E) -> T,
    ) -> Vec<T> {
        let mut values: Vec<(usize, T)> = Vec::new();
        for operand in operands {
            let value = evaluate(self, operand);
            values.push((self.ops().len(), value));
        }
        let mut copied = 0;
        let mut kept = Vec::with_capacity(values.len());
        for (at, mut value) in values {
            let mut copies = Vec::new();
            value.arrays(&mut |part| {
                // What is behind a `&`, or declared without `mut`, is not written, whatever code that is not followed says.
                let fixed = self.func.place_info(part.place).storage == Storage::Param;
                if !fixed && self.ops()[at + copied..].iter().any(|op| writes(op, part.place)) {
                    copies.push(self.copy_of(part));
                }
            });
            let here = at + copied;
            copied += copies.len();
            self.ops().splice(here..here, copies);
            kept.push(value);
        }
        kept
    }

    /// Numbers among operands that were evaluated from these places on. What is not lowered is evaluated where it stands in that
    /// order.
    pub(super) fn floats_in_order(
        &mut self,
        operands: &[&Expr],
        values: Vec<(usize, Value)>,
        mut template: impl FnMut(&mut Self, usize) -> Val,
    ) -> Vec<Val> {
        let mut shift = 0;
        let mut vals = Vec::with_capacity(values.len());
        for (k, (at, value)) in values.into_iter().enumerate() {
            vals.push(match value {
                Value::Opaque => {
                    let later = self.ops().split_off(at + shift);
                    let before = self.ops().len();
                    let val = template(self, k);
                    shift += self.ops().len() - before;
                    self.ops().extend(later);
                    val
                }
                value => self.float_value(value, operands[k]),
            });
        }
        vals
    }

    /// A value as it is now, whatever is written later.
    pub(super) fn as_it_is(&mut self, mut value: Value) -> Value {
        value.arrays(&mut |part| self.keep_part(part));
        value
    }

    /// The same of an array that is there by value.
    pub(super) fn keep_part(&mut self, part: &mut Part) {
        if self.writable(part) && !self.fresh_array(part) {
            let copy = self.copy_of(part);
            self.ops().push(copy);
        }
    }

    /// An expression, where something is done with it and not with the place that it was read from: what a block, an `if` and
    /// the like come to is a value of its own.
    pub(super) fn value_of(&mut self, expr: &Expr) -> Value {
        match (self.expr(expr), without_parentheses(expr)) {
            (value, Expr::Block(_) | Expr::If(_) | Expr::Match(_) | Expr::Loop(_)) => self.as_it_is(value),
            (value, _) => value,
        }
    }

    /// Of one array, a part may be read and another one written by the same call: it is read from a copy, for the emitted code
    /// names the parts anew, and rustc does not see that they are apart.
    pub(super) fn beside_buffers(&mut self, args: &mut [Arg]) {
        let written = |arg: &Arg| match arg {
            Arg::Part(part, Passing::Mutable) => Some(part.place),
            _ => None,
        };
        let buffers: Vec<PlaceId> = args.iter().filter_map(written).collect();
        for arg in args {
            arg.arrays(&mut |part| {
                if buffers.contains(&part.place) {
                    let copy = self.copy_of(part);
                    self.ops().push(copy);
                }
            });
        }
    }

    /// The operation that makes a copy of a part, which is that copy from now on.
    fn copy_of(&mut self, part: &mut Part) -> Op {
        let dims = self.func.dims(part);
        let span = Span::call_site();
        let place = self.func.array(Ident::new(UNNAMED, span), Storage::Local, dims);
        let from = std::mem::replace(part, Part::whole(place));
        if self.func.holds_structs(&from) {
            self.copied_struct(place, &from);
        }
        Op { kind: OpKind::Alloc(place, Init::Copy(from)), results: Vec::new(), span }
    }
}

/// Whether an operation, or one inside of it, may write a place.
fn writes(op: &Op, place: PlaceId) -> bool {
    let mut found = false;
    op.kind.places_written(&mut |written| found |= written == place);
    found || op.kind.regions().iter().any(|region| region.ops.iter().any(|op| writes(op, place)))
}
