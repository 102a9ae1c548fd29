//! Tapes in forward mode: what is varied in a record has its tangent in the same record, after all that was in it.

use super::Engine;
use crate::analysis::sums::each_op;
use crate::analysis::varied::Varied;
use crate::build::Build as _;
use crate::ir::{Dim, Func, Init, Op, OpKind, Part, PlaceId, Storage, TapeId, Ty, Val};
use proc_macro2::Span;
use std::collections::HashMap;

/// Which values and arrays of a tape's records have a tangent, by their places in it.
pub(super) type Records = HashMap<TapeId, (Vec<usize>, Vec<usize>)>;

/// What is varied where it is popped. It may be pushed as zeros, and vary from then on.
pub(super) fn records(func: &Func, varied: &Varied) -> Records {
    let mut records = Records::new();
    each_op(&func.body, &mut |op| {
        let OpKind::Pop(tape, places) = &op.kind else { return };
        let (vals, arrays) = records.entry(*tape).or_default();
        note(vals, op.results.iter().map(|&val| varied.val(val)));
        note(arrays, places.iter().map(|&place| varied.place(place)));
    });
    records
}

fn note(positions: &mut Vec<usize>, varied: impl Iterator<Item = bool>) {
    positions.extend(varied.enumerate().filter(|(_, varied)| *varied).map(|(k, _)| k));
    positions.sort_unstable();
    positions.dedup();
}

impl Engine<'_> {
    pub(super) fn record(&mut self, tape: TapeId, vals: &[Val], places: &[PlaceId], span: Span) {
        let (with_tangent, arrays) = self.records.get(&tape).cloned().unwrap_or_default();
        let (mut vals, mut places) = (vals.to_vec(), places.to_vec());
        for k in with_tangent {
            let tangent = self.tangent_or_zero(vals[k]);
            vals.push(tangent);
        }
        for k in arrays {
            let place = places[k];
            let tangent = if self.varied.place(place) { self.place(place) } else { self.zeros(place) };
            places.push(tangent);
        }
        self.ops.push(Op { kind: OpKind::Push(tape, vals, places), results: Vec::new(), span });
    }

    pub(super) fn recall(&mut self, tape: TapeId, results: &[Val], places: &[PlaceId], span: Span) {
        let (with_tangent, arrays) = self.records.get(&tape).cloned().unwrap_or_default();
        let (mut results, mut places) = (results.to_vec(), places.to_vec());
        for k in with_tangent {
            let tangent = self.fresh(results[k]);
            results.push(tangent);
        }
        for k in arrays {
            let tangent = self.place(places[k]);
            places.push(tangent);
        }
        self.ops.push(Op { kind: OpKind::Pop(tape, places), results, span });
    }

    /// The tangent of an array that does not vary, where there has to be one.
    fn zeros(&mut self, of: PlaceId) -> PlaceId {
        let tangent = self.func.derived(of, Storage::Derived, "zeros");
        self.func.places[tangent.0 as usize].lanes = self.ty == Ty::Lanes;
        self.begin_with_zeros(tangent, &Part::whole(of));
        tangent
    }

    /// An array comes into being, in the shape of another.
    pub(super) fn begin_with_zeros(&mut self, place: PlaceId, like: &Part) {
        // What rustc has to find is told by nothing else, where these are only kept.
        let visible = self.func.place_info(place).dims.iter().all(|dim| matches!(dim, Dim::Fixed(_)));
        let init = if visible && self.func.fixed(&Part::whole(place)) {
            let ty = if self.func.place_info(place).lanes { Ty::Lanes } else { Ty::Float };
            Init::Fill(self.define(OpKind::Const(0.0, None), ty))
        } else {
            Init::Like(like.clone())
        };
        self.push(OpKind::Alloc(place, init));
    }
}
