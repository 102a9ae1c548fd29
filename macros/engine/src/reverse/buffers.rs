//! Calls of functions that write to buffers of the caller's.
//!
//! What such a call computes is not known to be one number, so that its derivatives cannot be had with its value. The
//! contents of the arrays that go into it are kept; in the sweep, the callee's product of cotangents with its Jacobian
//! (`Companion::Vjp`) runs the function once more on them. The buffer's adjoint comes with the cotangents of what the call left
//! there, and goes with those of what it found.

use super::Engine;
use crate::analysis::map::RegionId;
use crate::ir::{Arg, Call, Companion, Init, Op, OpKind, Part, Passing, Slot, Storage, Ty, Val};
use proc_macro2::Ident;
use proc_macro2::Span;

impl Engine<'_> {
    pub(super) fn call_with_buffers(&mut self, op: &Op, call: &Call, region: RegionId) -> Vec<Op> {
        let g = op.results.first().and_then(|&result| self.take(result));
        let returned = call.returned.iter().any(|&place| self.varied.place(place));
        if g.is_none() && !returned && !call.buffers().any(|p| self.varied.place(p.place)) {
            return vec![op.clone()];
        }
        let mut before = Vec::new();
        let mut args = Vec::new();
        let mut slots = Vec::new();
        let mut partials: Vec<(Val, Val)> = Vec::new();
        let mut sums: Vec<(Part, Part)> = Vec::new();
        for arg in &call.args {
            match arg {
                Arg::Float(val) => {
                    args.push(Arg::Float(self.need(*val)));
                    slots.push(if self.varied.val(*val) {
                        let partial = self.func.val(Ty::Float, None, op.span);
                        partials.push((*val, partial));
                        Slot::Scalar
                    } else {
                        Slot::None
                    });
                }
                Arg::Part(part, Passing::Mutable) => {
                    args.push(Arg::Part(self.contents(part, op.span, region, &mut before), Passing::Mutable));
                    slots.push(if self.varied.place(part.place) {
                        Slot::InOut(self.adjoint_part(part))
                    } else {
                        Slot::None
                    });
                }
                Arg::Part(part, passing) => {
                    let constant = self.primal.place_info(part.place).storage == Storage::Param;
                    let there =
                        if constant { self.need_part(part) } else { self.contents(part, op.span, region, &mut before) };
                    args.push(Arg::Part(there.clone(), *passing));
                    slots.push(if self.varied.place(part.place) {
                        let buffer = self.part_buffer(part, "partials");
                        let zeros = self.zeros(buffer, &there, op.span);
                        self.frame().ops.extend(zeros);
                        let to = self.adjoint_part(part);
                        sums.push((to, Part::whole(buffer)));
                        Slot::Buffer(buffer)
                    } else {
                        Slot::None
                    });
                }
                Arg::Inactive(val) => {
                    args.push(Arg::Inactive(self.need(*val)));
                    slots.push(Slot::None);
                }
                Arg::Receiver(code) => {
                    let mut code = code.clone();
                    for (_, val) in &mut code.reads {
                        *val = self.need(*val);
                    }
                    for (_, part) in &mut code.places {
                        *part = self.need_part(part);
                    }
                    args.push(Arg::Receiver(code));
                    slots.push(Slot::None);
                }
            }
        }
        let cotangents = call.returned.iter().map(|&place| Part::whole(self.adjoint_place(place))).collect();
        let companion = Companion::Vjp(g, cotangents, slots);
        let kind = OpKind::Call(Call { args, companion, ..call.clone() });
        let results = partials.iter().map(|(_, partial)| *partial).collect();
        let span = self.span();
        self.frame().ops.push(Op { kind, results, span });
        for (val, partial) in partials {
            self.add(val, partial);
        }
        for (to, from) in sums {
            self.push(OpKind::AddScaled(to, from, None));
        }
        before.push(op.clone());
        before
    }

    /// What an array holds when the call begins, where the sweep gets at it.
    fn contents(&mut self, part: &Part, span: Span, region: RegionId, before: &mut Vec<Op>) -> Part {
        let name = Ident::new("before", Span::mixed_site());
        let kept = self.part_buffer(part, &name.to_string());
        before.push(Op { kind: OpKind::Alloc(kept, Init::Copy(part.clone())), results: Vec::new(), span });
        Part::whole(self.need_place(kept, region))
    }
}
