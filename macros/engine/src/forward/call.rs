//! Calls of other differentiated functions in forward mode.
//!
//! | what is called for | with tangents |
//! |---|---|
//! | a value, for `f_jvp` | the callee's `Jvp`, in one direction |
//! | a number, in any directions | its gradient, times the tangents of the arguments: the callee need not know the directions |
//! | arrays, and what is written to buffers | the callee in the same directions (`Along`) |
//! | anything, along a curve | the callee along the same curve (`Along`) |
//! | a gradient, or a product with a cotangent | that, and its tangents in the same directions (`Along`): second derivatives |

use super::Engine;
use crate::analysis::sums::each_op;
use crate::analysis::varied::Varied;
use crate::build::Build as _;
use crate::ir::{Along, Arg, Call, Companion, Func, Op, OpKind, Part, PlaceId, Slot, Storage, Tangent, Ty, Val};
use crate::rules::derivative::{ADD, MUL};
use proc_macro2::{Ident, Span};
use std::collections::HashSet;

/// What is asked of functions that are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Calls {
    /// Tangents in one direction.
    Jvp,
    /// First derivatives, in any directions.
    First,
    /// Second derivatives.
    Second,
    /// Power series.
    Series,
}

/// Values that are read by more than code that is carried along: of the others no tangent is wanted, so that a function
/// whose result only decides is called as it is.
pub(super) fn used(func: &Func) -> HashSet<Val> {
    let mut used = HashSet::new();
    each_op(&func.body, &mut |op| {
        if !matches!(op.kind, OpKind::Inactive(_)) {
            op.kind.reads(&mut |val| used.extend([val]));
        }
        for region in op.kind.regions() {
            region.leaves(&mut |end| used.extend(end.values()));
        }
    });
    func.body.leaves(&mut |end| used.extend(end.values()));
    used
}

/// Whether what a call computes has a tangent that something reads.
fn has_tangent(call: &Call, op: &Op, varied: &Varied, used: &HashSet<Val>) -> bool {
    let mut written: Vec<PlaceId> =
        call.buffers().map(|part| part.place).chain(call.returned.iter().copied()).collect();
    call.companion.written(&call.args, &mut |place| written.push(place));
    written.into_iter().any(|place| varied.place(place))
        || op.results.iter().any(|r| varied.val(*r) && used.contains(r))
}

/// The calls of functions whose tangents are needed.
#[must_use]
pub fn calls(func: &Func, varied: &Varied) -> Vec<(Span, String)> {
    let (mut found, used) = (Vec::new(), used(func));
    each_op(&func.body, &mut |op| {
        if let OpKind::Call(call) = &op.kind
            && has_tangent(call, op, varied, &used)
        {
            found.push((op.span, call.callee.to_string()));
        }
    });
    found
}

impl Engine<'_> {
    pub(super) fn call(&mut self, op: &Op, call: &Call) {
        if !has_tangent(call, op, self.varied, &self.used) {
            return self.keep(op);
        }
        match (&call.companion, self.calls) {
            (Companion::Value, Calls::Jvp) => self.in_one_direction(op, call),
            // Structs have tangents in one direction only.
            (Companion::Value, Calls::First) if call.is_number() && self.takes_structs(call) => {
                self.in_one_direction(op, call);
            }
            (Companion::Value, Calls::First) if call.is_number() => self.by_gradient(op, call),
            (Companion::Value, Calls::Second) if call.is_number() => {
                let nothing = Companion::Gradient(vec![Slot::None; call.args.len()]);
                self.along(op, &Call { companion: nothing, ..call.clone() });
            }
            _ => self.along(op, call),
        }
    }

    fn in_one_direction(&mut self, op: &Op, call: &Call) {
        let companion = Companion::Jvp(self.tangents_of(&call.args));
        let mut results = op.results.clone();
        results.extend(op.results.first().map(|&r| self.fresh(r)));
        self.ops.push(Op { kind: OpKind::Call(Call { companion, ..call.clone() }), results, span: op.span });
    }

    fn takes_structs(&self, call: &Call) -> bool {
        call.args.iter().any(|arg| matches!(arg, Arg::Part(part, _) if self.func.holds_structs(part)))
    }

    fn tangents_of(&mut self, args: &[Arg]) -> Vec<Tangent> {
        let one = |arg: &Arg| match arg {
            Arg::Float(val) => self.scalar(*val),
            Arg::Part(part, _) => self.tangent_part(part),
            Arg::Inactive(_) | Arg::Receiver(_) => Tangent::None,
        };
        args.iter().map(one).collect()
    }

    fn scalar(&self, val: Val) -> Tangent {
        self.tangent_of(val).map_or(Tangent::None, Tangent::Scalar)
    }

    fn tangent_part(&mut self, part: &Part) -> Tangent {
        if self.varied.place(part.place) { Tangent::Part(self.part(part)) } else { Tangent::None }
    }

    /// The callee's partial derivatives, times the tangents of its arguments.
    fn by_gradient(&mut self, op: &Op, call: &Call) {
        let mut results = op.results.clone();
        let mut slots = Vec::new();
        let (mut numbers, mut arrays) = (Vec::new(), Vec::new());
        for (k, (arg, tangent)) in call.args.iter().zip(self.tangents_of(&call.args)).enumerate() {
            slots.push(match (arg, tangent) {
                (Arg::Part(part, _), Tangent::Part(tangent)) => {
                    let buffer = self.buffer_like(part, &format!("partials{k}"));
                    self.begin_with_zeros(buffer, part);
                    arrays.push((buffer, tangent));
                    Slot::Buffer(buffer)
                }
                (_, Tangent::Scalar(tangent)) => {
                    let name = Ident::new(&format!("partial{k}"), Span::mixed_site());
                    let partial = self.func.val(Ty::Float, Some(name), op.span);
                    results.push(partial);
                    numbers.push((partial, tangent, arg.number()));
                    Slot::Scalar
                }
                _ => Slot::None,
            });
        }
        let companion = Companion::Gradient(slots);
        self.ops.push(Op { kind: OpKind::Call(Call { companion, ..call.clone() }), results, span: op.span });
        let mut terms = Vec::new();
        for (partial, tangent, of) in numbers {
            let term = self.prim(&MUL, &[tangent, partial]);
            terms.push(of.map_or(term, |of| self.within(term, of)));
        }
        for (partials, tangent) in arrays {
            terms.push(self.define(OpKind::Dot(Part::whole(partials), tangent), self.ty));
        }
        let sum = terms.into_iter().reduce(|sum, term| self.prim(&ADD, &[sum, term]));
        self.tangent.extend(sum.map(|sum| (op.results[0], sum)));
    }

    /// A local array of numbers in the shape of a part.
    fn buffer_like(&mut self, part: &Part, name: &str) -> PlaceId {
        let (name, dims) = (Ident::new(name, Span::mixed_site()), self.func.dims(part));
        let record = self.func.holds_structs(part).then(|| quote::quote!(_));
        self.func.held(name, Storage::Derived, dims, record)
    }

    /// The same companion of the callee, and the tangents of all that it computes.
    fn along(&mut self, op: &Op, call: &Call) {
        let tangents = self.tangents_of(&call.args);
        let (mut cotangent, mut cotangents, mut slots) = (Tangent::None, Vec::new(), Vec::new());
        if let Companion::Vjp(number, arrays, _) = &call.companion {
            cotangent = number.map_or(Tangent::None, |number| self.scalar(number));
            cotangents = arrays.iter().map(|part| self.tangent_part(part)).collect();
        }
        if let Companion::Gradient(of) | Companion::Vjp(_, _, of) = &call.companion {
            slots = of.iter().map(|slot| self.tangent_slot(slot)).collect();
        }
        let mut results = op.results.clone();
        results.extend(op.results.iter().map(|&result| self.fresh(result)));
        let along = Along { of: call.companion.clone(), tangents, cotangent, cotangents, slots };
        let companion = Companion::Along(Box::new(along));
        self.ops.push(Op { kind: OpKind::Call(Call { companion, ..call.clone() }), results, span: op.span });
        // What the callee does not know: on which of the caller's numbers they depend.
        for &result in op.results.iter().filter(|_| call.returned.is_empty()) {
            if let Some(tangent) = self.tangent.remove(&result) {
                let within = self.within(tangent, result);
                self.tangent.insert(result, within);
            }
        }
    }

    fn tangent_slot(&mut self, slot: &Slot) -> Slot {
        match slot {
            Slot::Scalar => Slot::Scalar,
            Slot::Buffer(place) if self.varied.place(*place) => Slot::Buffer(self.place(*place)),
            Slot::InOut(part) if self.varied.place(part.place) => Slot::InOut(self.part(part)),
            Slot::None | Slot::Buffer(_) | Slot::InOut(_) => Slot::None,
        }
    }
}
