//! Arrays in forward mode: beside what is done to one that varies, the same is done to its tangent.

use super::Engine;
use crate::build::Build as _;
use crate::ir::{Dim, Field, Inactive, Init, Made, OpKind, Part, PlaceId, Returned, Step, Storage, Ty, Val};
use crate::rules::derivative::ADD;
use proc_macro2::{Ident, Literal, Span};
use quote::quote;

impl Engine<'_> {
    /// The tangent of an operation on arrays, which has been kept.
    pub(super) fn memory(&mut self, kind: &OpKind, results: &[Val]) {
        match kind {
            OpKind::Load(part) if self.varied.place(part.place) => {
                let from = self.part(part);
                let tangent = self.define(OpKind::Load(from), self.ty);
                self.tangent.insert(results[0], tangent);
            }
            OpKind::SumOf(part) if self.varied.place(part.place) => {
                let from = self.part(part);
                let tangent = self.define(OpKind::SumOf(from), self.ty);
                self.tangent.insert(results[0], tangent);
            }
            OpKind::Dot(a, b) => self.dot(a, b, results[0]),
            OpKind::Accumulate(part, val) => {
                if let Some(tangent) = self.tangent_of(*val) {
                    let to = self.part(part);
                    self.push(OpKind::Accumulate(to, tangent));
                }
            }
            OpKind::AddScaled(to, from, scale) => {
                let target = self.part(to);
                if self.varied.place(from.place) {
                    let from = self.part(from);
                    self.push(OpKind::AddScaled(target.clone(), from, *scale));
                }
                if let Some(tangent) = scale.and_then(|scale| self.tangent_of(scale)) {
                    self.push(OpKind::AddScaled(target, from.clone(), Some(tangent)));
                }
            }
            OpKind::Store(part, val) | OpKind::Fill(part, val) if self.varied.place(part.place) => {
                let to = self.part(part);
                let tangent = self.tangent_or_zero(*val);
                let store = matches!(kind, OpKind::Store(..));
                self.push(if store { OpKind::Store(to, tangent) } else { OpKind::Fill(to, tangent) });
            }
            OpKind::Copy(to, from) if self.varied.place(to.place) => {
                let target = self.part(to);
                self.copy(target, from);
            }
            OpKind::Grow(place, val) if self.varied.place(*place) => {
                let tangent = self.tangent_or_zero(*val);
                let to = self.place(*place);
                self.push(OpKind::Grow(to, tangent));
            }
            OpKind::Append(place, part) if self.varied.place(*place) => {
                let to = self.place(*place);
                let tangent = if self.varied.place(part.place) { self.part(part) } else { self.zeros_like(part) };
                self.push(OpKind::Append(to, tangent));
            }
            OpKind::Shrink(place) if self.varied.place(*place) => {
                let from = self.place(*place);
                let tangent = self.define(OpKind::Shrink(from), self.ty);
                self.tangent.insert(results[0], tangent);
            }
            OpKind::Resize(place, len) if self.varied.place(*place) => {
                let to = self.place(*place);
                self.push(OpKind::Resize(to, *len));
            }
            OpKind::Reshape(part, like) if self.varied.place(part.place) => {
                let to = self.part(part);
                self.push(OpKind::Reshape(to, like.clone()));
            }
            OpKind::Alloc(place, init) if self.varied.place(*place) => {
                self.alloc(*place, init);
            }
            _ => {}
        }
    }

    fn dot(&mut self, a: &Part, b: &Part, result: Val) {
        let mut terms = Vec::new();
        for (constant, varied) in [(a, b), (b, a)] {
            if self.varied.place(varied.place) {
                let tangent = self.part(varied);
                terms.push(self.define(OpKind::Dot(constant.clone(), tangent), self.ty));
            }
        }
        let sum = terms.into_iter().reduce(|sum, term| self.prim(&ADD, &[sum, term]));
        self.tangent.extend(sum.map(|sum| (result, sum)));
    }

    fn copy(&mut self, to: Part, from: &Part) {
        if self.varied.place(from.place) {
            let from = self.part(from);
            self.push(OpKind::Copy(to, from));
        } else if self.func.holds_structs(&to) || self.is_replaced(&to) {
            let zeros = self.zeros_like(from);
            self.push(OpKind::Copy(to, zeros));
        } else {
            let zero = self.zero();
            self.push(OpKind::Fill(to, zero));
        }
    }

    /// Whether a copy to a part gives it another length: a `Vec` that is overwritten is another one.
    fn is_replaced(&self, to: &Part) -> bool {
        let fixed = self.func.dims(to).iter().all(|dim| matches!(dim, Dim::Fixed(_)));
        let range = to.path.iter().any(|step| matches!(step, Step::Range(..) | Step::From(_)));
        self.func.place_info(to.place).by_value && !fixed && !range
    }

    /// Zeros in the shape of a part.
    fn zeros_like(&mut self, part: &Part) -> Part {
        let record = self.func.holds_structs(part).then(|| quote!(_));
        let (dims, name) = (self.func.dims(part), Ident::new("zeros", Span::mixed_site()));
        let zeros = self.func.held(name, Storage::Derived, dims, record);
        self.func.places[zeros.0 as usize].lanes = self.ty == Ty::Lanes;
        self.push(OpKind::Alloc(zeros, Init::Like(part.clone())));
        Part::whole(zeros)
    }

    fn alloc(&mut self, place: PlaceId, init: &Init) {
        let tangent = self.place(place);
        let init = match init {
            Init::Empty => Init::Empty,
            Init::Like(from) => Init::Like(from.clone()),
            Init::Fill(val) => Init::Fill(self.tangent_or_zero(*val)),
            Init::Repeat(val, len) => Init::Repeat(self.tangent_or_zero(*val), *len),
            Init::RepeatRow(row, len) if self.varied.place(row.place) => Init::RepeatRow(self.part(row), *len),
            Init::Elements(vals) => Init::Elements(vals.iter().map(|&v| self.tangent_or_zero(v)).collect()),
            Init::Copy(from) if self.varied.place(from.place) => Init::Copy(self.part(from)),
            Init::Rows(rows) if rows.iter().all(|row| self.varied.place(row.place)) => {
                Init::Rows(rows.iter().map(|row| self.part(row)).collect())
            }
            Init::Returned(returned) if self.tangent_of(returned.from).is_some() => {
                let from = self.tangent_of(returned.from).unwrap_or(returned.from);
                Init::Returned(Returned { from, ..*returned })
            }
            Init::Members(made) => return self.members(place, tangent, made),
            Init::Copy(_) | Init::Rows(_) | Init::RepeatRow(..) | Init::Returned(_) => Init::Like(Part::whole(place)),
        };
        let mixed = matches!(init, Init::Like(_));
        self.push(OpKind::Alloc(tangent, init));
        if let (true, Some(OpKind::Alloc(_, Init::Rows(rows)))) = (mixed, self.last_alloc(place)) {
            for (k, row) in rows.iter().enumerate() {
                if self.varied.place(row.place) {
                    let k = Literal::usize_unsuffixed(k);
                    let code = Inactive::engine(quote!(#k));
                    let index = self.define(OpKind::Inactive(code), Ty::Index);
                    let from = self.part(row);
                    self.push(OpKind::Copy(Part::whole(tangent).at(index), from));
                }
            }
        }
    }

    /// The tangent of a struct begins as zeros, with the data of the struct.
    fn members(&mut self, place: PlaceId, tangent: PlaceId, made: &Made) {
        self.push(OpKind::Alloc(tangent, Init::Like(Part::whole(place))));
        let to = |field: &Field| Part::whole(tangent).then(Step::Field(field.clone()));
        for (field, val) in made.numbers() {
            if let Some(val) = self.tangent_of(val) {
                self.func.follows(place, &field.member);
                self.push(OpKind::Store(to(field), val));
            }
        }
        for (field, part) in made.parts() {
            if self.varied.place(part.place) {
                self.func.follows(place, &field.member);
                let from = self.part(part);
                self.push(OpKind::Copy(to(field), from));
            }
        }
    }

    fn last_alloc(&self, place: PlaceId) -> Option<OpKind> {
        let found = self.ops.iter().rev().find(|op| matches!(&op.kind, OpKind::Alloc(p, _) if *p == place));
        found.map(|op| op.kind.clone())
    }
}
