//! The adjoint of a `Vec` that grows is a `Vec` that shrinks: it has as many elements as the primal had at the same point,
//! so that a push is undone by a pop. It gets its length where the primal has its last one: at the end of the region in
//! which the `Vec` begins, and at the end of each arm that pushes after that. Rows of any length, and structs, are pushed
//! and never taken away, so that there it gets the shape of the primal.

use super::Engine;
use crate::analysis::map::RegionId;
use crate::analysis::sums::each_op;
use crate::ir::{Dim, Inactive, Init, Op, OpKind, Part, PlaceId, Region, Storage, Ty, Val};
use quote::quote;
use std::collections::HashSet;

impl Engine<'_> {
    /// The operations at the end of a region in place that give adjoints their lengths.
    pub(super) fn lengths_in_place(&mut self, region: &Region, id: RegionId) -> Vec<Op> {
        let mut ops = Vec::new();
        for place in self.grown(region, id) {
            let adjoint = self.adjoint_place(place);
            if self.is_ragged(place) {
                let kind = OpKind::Reshape(Part::whole(adjoint), Part::whole(place));
                ops.push(Op { kind, results: Vec::new(), span: self.span() });
                continue;
            }
            let (op, len) = self.length_of(place, id);
            ops.push(op);
            ops.push(Op { kind: OpKind::Resize(adjoint, len), results: Vec::new(), span: self.span() });
        }
        ops
    }

    /// The same for a region with a sweep of its own: the lengths are found at the end of the region, and the sweep begins
    /// with them.
    pub(super) fn lengths_in_sweep(&mut self, region: &Region, id: RegionId) -> Vec<Op> {
        let mut ops = Vec::new();
        for place in self.grown(region, id) {
            let adjoint = self.adjoint_place(place);
            if self.is_ragged(place) {
                // Zeros in its shape are made where it is there, and saved.
                let shape = self.part_buffer(&Part::whole(place), "shape");
                let kind = OpKind::Alloc(shape, Init::Like(Part::whole(place)));
                ops.push(Op { kind, results: Vec::new(), span: self.span() });
                let shape = self.need_place(shape, id);
                self.push(OpKind::Reshape(Part::whole(adjoint), Part::whole(shape)));
                continue;
            }
            let (op, len) = self.length_of(place, id);
            ops.push(op);
            let len = self.need(len);
            self.push(OpKind::Resize(adjoint, len));
        }
        ops
    }

    /// Whether it is a `Vec` of `Vec`s or of structs: then its length is not all that there is to its shape.
    fn is_ragged(&self, place: PlaceId) -> bool {
        let info = self.primal.place_info(place);
        info.record.is_some() || matches!(info.dims.get(1), Some(Dim::Dynamic))
    }

    fn length_of(&mut self, place: PlaceId, region: RegionId) -> (Op, Val) {
        let span = self.span();
        let len = self.func.val(Ty::Index, None, span);
        self.map.register(len, region);
        let name = self.func.place_info(place).name.clone();
        let mut code = Inactive::engine(quote!(#name.len()));
        code.places.push((name, Part::whole(place)));
        (Op { kind: OpKind::Inactive(code), results: vec![len], span }, len)
    }

    /// The active `Vec`s that grow whose adjoints get their length in this region.
    fn grown(&self, region: &Region, id: RegionId) -> Vec<PlaceId> {
        let mut grown = Vec::new();
        // The shape of one whose rows are `Vec`s is told where it is there last, and not again in each iteration of a loop.
        let told = |place: PlaceId| {
            !self.is_ragged(place) || self.map.alloc.get(&place).is_some_and(|&region| self.map.ends_in(region, id))
        };
        let mut add = |place: PlaceId| {
            let active = self.primal.place_info(place).growing && self.varied.place(place) && told(place);
            if active && !grown.contains(&place) {
                grown.push(place);
            }
        };
        let arm = self.map.is_arm(id);
        for op in &region.ops {
            match &op.kind {
                OpKind::Alloc(place, _) => add(*place),
                OpKind::Grow(place, _) | OpKind::Append(place, _) | OpKind::Resize(place, _) if arm => add(*place),
                kind if arm => {
                    let (mut begun, mut pushed) = (HashSet::new(), Vec::new());
                    for inner in kind.regions() {
                        each_op(inner, &mut |op| match &op.kind {
                            OpKind::Alloc(place, _) => _ = begun.insert(*place),
                            OpKind::Grow(place, _) | OpKind::Append(place, _) | OpKind::Resize(place, _) => {
                                pushed.push(*place);
                            }
                            _ => {}
                        });
                    }
                    // One that begins further inside ends there.
                    pushed.into_iter().filter(|place| !begun.contains(place)).for_each(&mut add);
                }
                _ => {}
            }
        }
        grown
    }

    /// A push of an array or of a struct is undone: what flowed to the last element flows to what was pushed.
    pub(super) fn appended(&mut self, op: &Op, place: PlaceId, part: &Part, region: RegionId) -> Vec<Op> {
        let (length, len) = self.length_of(place, region);
        let adjoint = self.adjoint_place(place);
        let len = self.need(len);
        if self.varied.place(part.place) {
            let to = self.adjoint_part(part);
            self.push(OpKind::AddScaled(to, Part::whole(adjoint).at(len), None));
        }
        self.push(OpKind::Resize(adjoint, len));
        vec![length, op.clone()]
    }

    /// Whether a list of structs is assigned another one, of which the length is not known.
    pub(super) fn changes_shape(&self, to: &Part, from: &Part) -> bool {
        let info = self.primal.place_info(to.place);
        let list = info.record.is_some() && matches!(info.dims.first(), Some(Dim::Dynamic));
        list && info.storage == Storage::Local && to.is_whole() && to.place != from.place
    }

    /// The list that was there has no use any more: its adjoint is zeros in its shape.
    pub(super) fn replaced(&mut self, op: &Op, to: &Part, from: &Part, region: RegionId) -> Vec<Op> {
        let shape = self.part_buffer(to, "shape");
        let saved = Op { kind: OpKind::Alloc(shape, Init::Like(to.clone())), results: Vec::new(), span: self.span() };
        let shape = self.need_place(shape, region);
        let at = self.adjoint_part(to);
        if self.varied.place(from.place) {
            let source = self.adjoint_part(from);
            self.push(OpKind::AddScaled(source, at.clone(), None));
        }
        self.push(OpKind::Copy(at, Part::whole(shape)));
        vec![saved, op.clone()]
    }

    /// A change of length is undone: what it dropped had no use, and what it added was constant.
    pub(super) fn resized(&mut self, op: &Op, place: PlaceId, region: RegionId) -> Vec<Op> {
        let (length, len) = self.length_of(place, region);
        let adjoint = self.adjoint_place(place);
        let len = self.need(len);
        self.push(OpKind::Resize(adjoint, len));
        vec![length, op.clone()]
    }
}
