//! The adjoint of each operation but `if` and loops.

use super::Engine;
use crate::analysis::map::RegionId;
use crate::build::Build as _;
use crate::ir::{
    Arg, Call, Companion, Dim, End, Header, Init, Loop, Made, Op, OpKind, Part, Place, PlaceId, Range, Region, Slot,
    Step, Storage, Ty, Val,
};
use crate::rules::derivative::MUL;
use crate::rules::{Node, Prim, conversion, times_partial};
use proc_macro2::{Ident, Literal, Span};
use quote::quote;

impl Engine<'_> {
    /// Builds the adjoint of an operation. Returns what takes its place in the primal.
    pub(super) fn operation(&mut self, op: &Op, region: RegionId) -> Vec<Op> {
        self.frame().span = Some(op.span);
        match &op.kind {
            OpKind::Prim(prim, args) => self.primitive(prim, args, op.results[0]),
            OpKind::Load(part) => {
                if let Some(g) = self.take(op.results[0])
                    && self.varied.place(part.place)
                {
                    let to = self.adjoint_part(part);
                    self.push(OpKind::Accumulate(to, g));
                }
            }
            OpKind::Store(part, val) if self.varied.place(part.place) => {
                let at = self.adjoint_part(part);
                if self.varied.val(*val) {
                    let g = self.define(OpKind::Load(at.clone()), Ty::Float);
                    self.add(*val, g);
                }
                let zero = self.number(0.0);
                self.push(OpKind::Store(at, zero));
            }
            OpKind::Fill(part, val) if self.varied.place(part.place) => {
                let at = self.adjoint_part(part);
                if self.varied.val(*val) {
                    let g = self.sum_of(at.clone());
                    self.add(*val, g);
                }
                let zero = self.number(0.0);
                self.push(OpKind::Fill(at, zero));
            }
            // An array copied to itself stays as it is.
            OpKind::Copy(to, from) if to == from => {}
            OpKind::Copy(to, from) if self.varied.place(to.place) && self.changes_shape(to, from) => {
                return self.replaced(op, to, from, region);
            }
            OpKind::Copy(to, from) if self.varied.place(to.place) => {
                let at = self.adjoint_part(to);
                let zero = self.number(0.0);
                if to.place == from.place {
                    // The parts may be one: what flows from the copy is taken away before it is added.
                    let taken = self.part_buffer(&at, "taken");
                    self.push(OpKind::Alloc(taken, Init::Copy(at.clone())));
                    self.push(OpKind::Fill(at, zero));
                    let source = self.adjoint_part(from);
                    self.push(OpKind::AddScaled(source, Part::whole(taken), None));
                } else {
                    if self.varied.place(from.place) {
                        let source = self.adjoint_part(from);
                        self.push(OpKind::AddScaled(source, at.clone(), None));
                    }
                    self.push(OpKind::Fill(at, zero));
                }
            }
            // These two are in primals that are made here, for the pattern of a sparse Hessian.
            OpKind::SumOf(part) => self.summed(part, op.results[0]),
            OpKind::AddScaled(to, from, None) => {
                if self.varied.place(from.place) {
                    let (at, source) = (self.adjoint_part(to), self.adjoint_part(from));
                    self.push(OpKind::AddScaled(source, at, None));
                }
            }
            OpKind::Grow(place, val) if self.varied.place(*place) => {
                let at = self.adjoint_place(*place);
                let g = self.define(OpKind::Shrink(at), Ty::Float);
                self.add(*val, g);
            }
            OpKind::Append(place, part) if self.varied.place(*place) => return self.appended(op, *place, part, region),
            OpKind::Resize(place, _) if self.varied.place(*place) => return self.resized(op, *place, region),
            OpKind::Alloc(place, init) if self.varied.place(*place) => return self.allocation(op, *place, init),
            OpKind::Call(call) if call.buffers().next().is_some() || !call.returned.is_empty() => {
                return self.call_with_buffers(op, call, region);
            }
            OpKind::Call(call) => {
                if let Some(g) = self.take(op.results[0]) {
                    return self.call(op, call, g, region);
                }
            }
            // What is not varied has no adjoint, regions have their own ways, and the rest is in derivative code only.
            OpKind::Store(..)
            | OpKind::Fill(..)
            | OpKind::Copy(..)
            | OpKind::Grow(..)
            | OpKind::Append(..)
            | OpKind::Resize(..)
            | OpKind::Alloc(..)
            | OpKind::Const(..)
            | OpKind::Inactive(_)
            | OpKind::All(_)
            | OpKind::View(..)
            | OpKind::If(..)
            | OpKind::Loop(_)
            | OpKind::Accumulate(..)
            | OpKind::AddScaled(..)
            | OpKind::Dot(..)
            | OpKind::Shrink(_)
            | OpKind::Reshape(..)
            | OpKind::TapeNew(..)
            | OpKind::Reserve(..)
            | OpKind::Push(..)
            | OpKind::Pop(..) => {}
        }
        vec![op.clone()]
    }

    /// Each element gets what flows to the sum.
    fn summed(&mut self, part: &Part, sum: Val) {
        let Some(g) = self.take(sum).filter(|_| self.varied.place(part.place)) else { return };
        let to = self.adjoint_part(part);
        let each = self.part_buffer(&to, "each");
        self.push(OpKind::Alloc(each, Init::Copy(to.clone())));
        self.push(OpKind::Fill(Part::whole(each), g));
        self.push(OpKind::AddScaled(to, Part::whole(each), None));
    }

    /// Does the adjoints of the primitives further out that are used in this region only.
    pub(super) fn settle(&mut self, region: RegionId) {
        let Some(vals) = self.homes.of.get(&region).cloned() else { return };
        for val in vals {
            if let (true, Some(OpKind::Prim(prim, args))) =
                (self.frame().adjoint.contains_key(&val), self.map.definition_of(val).cloned())
            {
                self.frame().span = Some(self.func.info(val).span);
                self.primitive(prim, &args, val);
            }
        }
    }

    fn primitive(&mut self, prim: Prim, args: &[Val], result: Val) {
        let Some(g) = self.take(result) else { return };
        let composition = self.composed.get(&result).cloned();
        let (prim, args) = composition.as_ref().map_or((prim, args), |(row, operands)| (*row, operands.as_slice()));
        if let Some(idle) = self.guard(prim, g).filter(|_| !self.is_scaling(prim, args)) {
            return self.unless_idle(&idle, |e| e.contributions(prim, args, result, g));
        }
        let idle = self.idle.get(&g).cloned();
        for (arg, contribution) in self.contributions(prim, args, result, g) {
            if let (Some(idle), true) = (&idle, contribution != g) {
                self.idle.insert(contribution, idle.clone());
            }
            self.add(arg, contribution);
        }
    }

    /// Whether it is a product with a constant.
    fn is_scaling(&self, prim: Prim, args: &[Val]) -> bool {
        let constant = |v: &Val| matches!(self.map.definition_of(*v), Some(OpKind::Const(..)));
        prim == &MUL && args.iter().any(constant)
    }

    /// What an operation contributes to the adjoints of its operands.
    fn contributions(&mut self, prim: Prim, args: &[Val], result: Val, g: Val) -> Vec<(Val, Val)> {
        let nodes: Vec<Node> = args.iter().map(|v| Node::Primal(v.0)).collect();
        let mut contributions = Vec::new();
        for (k, &arg) in args.iter().enumerate() {
            if !self.varied.val(arg) {
                continue;
            }
            if let Some(back) = conversion::transposed(prim) {
                contributions.push((arg, self.prim(back, &[g])));
            } else if let Some(node) = times_partial(self, prim, k, Node::Built(g.0), &nodes, Node::Primal(result.0)) {
                contributions.push((arg, self.resolve(node)));
            }
        }
        contributions
    }

    /// Where the adjoint of an array is.
    pub(super) fn adjoint_place(&mut self, place: PlaceId) -> PlaceId {
        if let Some(&adjoint) = self.adjoint.get(&place) {
            return adjoint;
        }
        let name = format!("d{}", self.func.place_info(place).name);
        let adjoint = self.func.derived(place, Storage::Derived, &name);
        self.adjoint.insert(place, adjoint);
        adjoint
    }

    pub(super) fn adjoint_part(&mut self, part: &Part) -> Part {
        let part = self.need_part(part);
        part.of(self.adjoint_place(part.place))
    }

    /// The array ends, seen backwards: its adjoint flows into what it began with. In place, the adjoint begins where
    /// the array does; in a sweep, at the sweep's start.
    fn allocation(&mut self, op: &Op, place: PlaceId, init: &Init) -> Vec<Op> {
        // What the arms give to a cell belongs to the place that it is moved to.
        if self.func.place_info(place).storage == Storage::Cell {
            return vec![op.clone()];
        }
        let adjoint = self.adjoint_place(place);
        let whole = Part::whole(adjoint);
        match init {
            Init::Copy(from) if self.func.place_info(from.place).storage == Storage::Cell => {
                self.adjoint.insert(from.place, adjoint);
            }
            Init::Empty | Init::Like(_) | Init::Returned(_) => {}
            Init::RepeatRow(row, len) => {
                if self.varied.place(row.place) {
                    self.repeated_row(&whole, row, *len);
                }
            }
            Init::Fill(val) | Init::Repeat(val, _) => {
                if self.varied.val(*val) {
                    let g = self.sum_of(whole);
                    self.add(*val, g);
                }
            }
            Init::Elements(vals) => {
                for (k, &val) in vals.iter().enumerate() {
                    if self.varied.val(val) {
                        let index = self.literal_index(k);
                        let g = self.define(OpKind::Load(whole.at(index)), Ty::Float);
                        self.add(val, g);
                    }
                }
            }
            Init::Rows(rows) => {
                for (k, row) in rows.iter().enumerate() {
                    if self.varied.place(row.place) {
                        let index = self.literal_index(k);
                        let to = self.adjoint_part(row);
                        self.push(OpKind::AddScaled(to, whole.at(index), None));
                    }
                }
            }
            Init::Copy(from) => {
                if self.varied.place(from.place) {
                    let to = self.adjoint_part(from);
                    self.push(OpKind::AddScaled(to, whole, None));
                }
            }
            Init::Members(made) => self.members(place, &whole, made),
        }
        let swept = self.frame().region.is_some();
        let primal = Part::whole(place);
        let info = self.func.place_info(place);
        let growing = info.growing;
        let stated = self.func.fixed(&primal) && info.dims.iter().all(|dim| matches!(dim, Dim::Fixed(_)));
        let mut ops = vec![op.clone()];
        if swept && !stated && !growing {
            // The array itself is gone when the sweep comes, and only it tells the lengths: zeros in its shape are made
            // beside it, and saved.
            let Place { name, dims, record, .. } = self.func.place_info(adjoint).clone();
            let zeros = self.func.held(name, Storage::Derived, dims, record);
            ops.extend(self.zeros(zeros, &primal, op.span));
            self.frame().place_saves.push((zeros, adjoint));
            return ops;
        }
        let zeros = if growing {
            vec![Op { kind: OpKind::Alloc(adjoint, Init::Empty), results: Vec::new(), span: op.span }]
        } else {
            self.zeros(adjoint, &primal, op.span)
        };
        if swept {
            // The sweep's operations are complete but for the start, where its adjoint begins.
            self.frame().ops.splice(0..0, zeros);
        } else {
            ops.extend(zeros);
        }
        ops
    }

    /// What flows to a struct flows to its members.
    fn members(&mut self, place: PlaceId, adjoint: &Part, made: &Made) {
        for (field, val) in made.numbers() {
            if self.varied.val(val) {
                self.func.follows(place, &field.member);
                let g = self.define(OpKind::Load(adjoint.then(Step::Field(field.clone()))), Ty::Float);
                self.add(val, g);
            }
        }
        for (field, part) in made.parts() {
            if self.varied.place(part.place) {
                self.func.follows(place, &field.member);
                let to = self.adjoint_part(part);
                self.push(OpKind::AddScaled(to, adjoint.then(Step::Field(field.clone())), None));
            }
        }
    }

    /// Each row of a `Vec` began as the same array: it gets what flows to all of them.
    fn repeated_row(&mut self, adjoint: &Part, row: &Part, len: Val) {
        let hi = self.need(len);
        let lo = self.literal_index(0);
        let index = self.func.val(Ty::Index, Some(Ident::new("i", Span::mixed_site())), self.span());
        let to = self.adjoint_part(row);
        let add = OpKind::AddScaled(to, adjoint.at(index), None);
        let span = self.span();
        let body = Region { ops: vec![Op { kind: add, results: Vec::new(), span }], end: End::Continue(Vec::new()) };
        let range = Range { lo, hi, inclusive: false, step: None, reversed: false };
        self.push(OpKind::Loop(Box::new(Loop {
            header: Header::Range(range),
            index: Some(index),
            params: Vec::new(),
            init: Vec::new(),
            body,
            trips: None,
        })));
    }

    /// An array of zeros comes into being, in the shape of `like`.
    pub(super) fn zeros(&mut self, place: PlaceId, like: &Part, span: Span) -> Vec<Op> {
        let inferred = self.func.place_info(place).dims.iter().any(|dim| matches!(dim, Dim::Inferred));
        if inferred || !self.func.fixed(&Part::whole(place)) {
            let init = Init::Like(like.clone());
            return vec![Op { kind: OpKind::Alloc(place, init), results: Vec::new(), span }];
        }
        let zero = self.func.val(Ty::Float, None, span);
        self.built.insert(zero, (OpKind::Const(0.0, None), self.frames.len()));
        vec![
            Op { kind: OpKind::Const(0.0, None), results: vec![zero], span },
            Op { kind: OpKind::Alloc(place, Init::Fill(zero)), results: Vec::new(), span },
        ]
    }

    /// What flows back to a number that was written to all of a place, which may be one number.
    fn sum_of(&mut self, part: Part) -> Val {
        let one = self.func.rank(&part) == 0;
        self.define(if one { OpKind::Load(part) } else { OpKind::SumOf(part) }, Ty::Float)
    }

    fn literal_index(&mut self, k: usize) -> Val {
        let k = Literal::usize_unsuffixed(k);
        let code = crate::ir::Inactive::engine(quote!(#k));
        self.define(OpKind::Inactive(code), Ty::Index)
    }

    /// The callee's gradient is computed with its value, where it stands; here it is scaled. It may be infinite where no branch
    /// uses the value.
    fn call(&mut self, op: &Op, call: &Call, g: Val, region: RegionId) -> Vec<Op> {
        let mut before = Vec::new();
        let mut slots = Vec::new();
        let mut results = op.results.clone();
        let (mut numbers, mut arrays) = (Vec::new(), Vec::new());
        for (k, arg) in call.args.iter().enumerate() {
            slots.push(match arg {
                Arg::Float(val) if self.varied.val(*val) => {
                    let name = Ident::new(&format!("partial{k}"), Span::mixed_site());
                    let partial = self.func.val(Ty::Float, Some(name), op.span);
                    self.map.register(partial, region);
                    results.push(partial);
                    numbers.push((*val, self.need(partial)));
                    Slot::Scalar
                }
                Arg::Part(part, _) if self.varied.place(part.place) => {
                    let buffer = self.part_buffer(part, &format!("partials{k}"));
                    before.extend(self.zeros(buffer, part, op.span));
                    let from = self.need_place(buffer, region);
                    arrays.push((self.adjoint_part(part), Part::whole(from)));
                    Slot::Buffer(buffer)
                }
                _ => Slot::None,
            });
        }
        let flow = |e: &mut Self| {
            for (to, from) in arrays {
                e.push(OpKind::AddScaled(to, from, Some(g)));
            }
            let scaled = |(val, partial): (Val, Val)| (val, e.prim(&MUL, &[g, partial]));
            numbers.into_iter().map(scaled).collect::<Vec<_>>()
        };
        if let Some(idle) = self.idle.get(&g).cloned() {
            self.unless_idle(&idle, flow);
        } else {
            for (val, contribution) in flow(self) {
                self.add(val, contribution);
            }
        }
        let kind = OpKind::Call(Call { companion: Companion::Gradient(slots), ..call.clone() });
        before.push(Op { kind, results, span: op.span });
        before
    }

    /// A local array of the shape of a part.
    pub(super) fn part_buffer(&mut self, part: &Part, name: &str) -> PlaceId {
        let (dims, record) = (self.func.dims(part), self.func.holds_structs(part).then(|| quote!(_)));
        let name = Ident::new(name, Span::mixed_site());
        self.func.held(name, Storage::Derived, dims, record)
    }
}
