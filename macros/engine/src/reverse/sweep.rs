//! Regions whose adjoint is a sweep of its own, after the primal and in the opposite order.

use super::Engine;
use super::builder::Frame;
use super::idle::{Carried, Idle, Unused};
use super::in_place::Done;
use crate::analysis::map::RegionId;
use crate::analysis::sums::each_op;
use crate::build::Build as _;
use crate::ir::{End, Header, Inactive, Loop, Op, OpKind, PlaceId, Range, Region, TapeId, Ty, Val};
use crate::tokens::{has_word, text};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// How the values that a sweep needs get from the primal to it.
#[derive(Clone, Copy, PartialEq)]
enum Saving {
    /// In a record on a tape.
    Tape,
    /// As results of the `if` of which the region is an arm.
    Results,
}

/// A region and its sweep.
struct Swept {
    /// The primal, saving what the sweep needs.
    forward: Region,
    /// The sweep.
    ops: Vec<Op>,
    /// What flows to values from outside of the region.
    outer: Vec<(Val, Val)>,
    /// Values to be yielded by the primal, and the names under which the sweep has them.
    saves: Vec<(Val, Val)>,
    /// The tape that each run of the primal leaves a record on.
    tape: Option<TapeId>,
}

/// The adjoint of what a loop carries.
struct Seed {
    /// In an iteration of the sweep.
    val: Val,
    /// Before the sweep.
    init: Val,
    /// If it may be that nothing flows to it: whether that is so in an iteration, and before the sweep.
    unused: Option<(Val, Idle)>,
}

impl Engine<'_> {
    /// Builds the sweep of an `if` or a loop in an in-place region. Returns what takes its place in the primal.
    pub(super) fn swept(&mut self, op: &Op, region: RegionId) -> Vec<Op> {
        match &op.kind {
            _ if !self.has_adjoint(op) => vec![op.clone()],
            OpKind::If(cond, then, other) => vec![self.swept_if(op, (*cond, then, other), region)],
            OpKind::Loop(l) => self.swept_loop(op, l, region),
            _ => vec![op.clone()],
        }
    }

    fn sweep(&mut self, region: &Region, seeds: &[Option<Val>], saving: Saving) -> Swept {
        let id = self.map.id(region);
        self.frames.push(Frame { region: Some(id), ..Frame::default() });
        let lengths = self.lengths_in_sweep(region, id);
        let end = match &region.end {
            End::Branch(cond, then, other) => self.swept_end(*cond, then, other, seeds),
            leaf => {
                for (&val, seed) in leaf.values().iter().zip(seeds) {
                    if let Some(seed) = *seed {
                        self.add(val, seed);
                    }
                }
                leaf.clone()
            }
        };
        let mut forward: Vec<Vec<Op>> = Vec::with_capacity(region.ops.len());
        for op in region.ops.iter().rev() {
            self.frame().span = Some(op.span);
            forward.push(match &op.kind {
                OpKind::If(..) | OpKind::Loop(_) => self.swept(op, id),
                _ => self.operation(op, id),
            });
        }
        self.settle(id);
        let mut frame = self.frames.pop().unwrap_or_default();
        let outer = Self::rest(&mut frame);
        let mut ops: Vec<Op> = forward.into_iter().rev().flatten().collect();
        ops.extend(lengths);
        let mut sweep = Vec::new();
        let mut saves = Vec::new();
        let mut recorded = None;
        let on_tape = if saving == Saving::Tape { std::mem::take(&mut frame.saves) } else { Vec::new() };
        if !on_tape.is_empty() || !frame.place_saves.is_empty() {
            let tape = self.func.tape();
            let (vals, restored): (Vec<Val>, Vec<Val>) = on_tape.into_iter().unzip();
            let (places, arrays): (Vec<PlaceId>, Vec<PlaceId>) = frame.place_saves.into_iter().unzip();
            let room = self.room(&vals, &places);
            self.tapes.push((tape, room));
            recorded = Some(tape);
            let span = Span::call_site();
            ops.push(Op { kind: OpKind::Push(tape, vals, places), results: Vec::new(), span });
            sweep.push(Op { kind: OpKind::Pop(tape, arrays), results: restored, span });
        }
        saves.append(&mut frame.saves);
        sweep.extend(frame.ops);
        Swept { forward: Region { ops, end }, ops: sweep, outer, saves, tape: recorded }
    }

    /// Two arms at the end of a region: each has a record of its own, and the condition says which it is.
    fn swept_end(&mut self, cond: Val, then: &Region, other: &Region, seeds: &[Option<Val>]) -> End {
        let known = self.need(cond);
        let a = self.sweep(then, seeds, Saving::Tape);
        let b = self.sweep(other, seeds, Saving::Tape);
        let end = End::Branch(cond, Box::new(a.forward), Box::new(b.forward));
        self.swept_arms(known, (a.ops, a.outer), (b.ops, b.outer));
        end
    }

    /// The sweep of two arms, as an `if` of the derivative code.
    fn swept_arms(&mut self, cond: Val, a: (Vec<Op>, Vec<(Val, Val)>), b: (Vec<Op>, Vec<(Val, Val)>)) {
        if a.0.is_empty() && b.0.is_empty() && a.1.is_empty() && b.1.is_empty() {
            return;
        }
        let done = |(ops, outer)| Done { ops, vals: Vec::new(), leaving: super::in_place::Leaving::Yields, outer };
        let (op, contributions) = self.merge_arms(cond, done(a), done(b), Vec::new());
        self.frame().ops.push(op);
        for (val, contribution) in contributions {
            self.add(val, contribution);
        }
    }

    fn swept_if(&mut self, op: &Op, (cond, then, other): (Val, &Region, &Region), region: RegionId) -> Op {
        let seeds: Vec<Option<Val>> = op.results.iter().map(|&r| self.take(r)).collect();
        let known = self.need(cond);
        let mut a = self.sweep(then, &seeds, Saving::Results);
        let mut b = self.sweep(other, &seeds, Saving::Results);
        self.frame().span = Some(op.span);
        let mut results = op.results.clone();
        let a_saves = std::mem::take(&mut a.saves);
        let b_saves = std::mem::take(&mut b.saves);
        let a_unwrapped = self.yield_saves(&a_saves, (&mut a.forward, &mut b.forward), region, &mut results);
        let b_unwrapped = self.yield_saves(&b_saves, (&mut b.forward, &mut a.forward), region, &mut results);
        a.ops.splice(0..0, a_unwrapped);
        b.ops.splice(0..0, b_unwrapped);
        self.swept_arms(known, (a.ops, a.outer), (b.ops, b.outer));
        Op { kind: OpKind::If(cond, a.forward, b.forward), results, span: op.span }
    }

    /// What one arm's sweep needs becomes a result of the `if`; the other arm yields a stand-in that nothing reads. There is
    /// none for what may be of any type: that is in an `Option`, and the sweep begins with what is returned here, which takes
    /// it out.
    fn yield_saves(
        &mut self,
        saves: &[(Val, Val)],
        (own, other): (&mut Region, &mut Region),
        region: RegionId,
        results: &mut Vec<Val>,
    ) -> Vec<Op> {
        let mut unwrapped = Vec::new();
        for &(val, restored) in saves {
            let info = self.func.info(val).clone();
            let result = self.func.val(info.ty, info.name, info.span);
            self.map.register(result, region);
            results.push(result);
            let stand_in = self.func.val(info.ty, None, info.span);
            if info.ty == Ty::Other {
                let some = self.func.val(info.ty, None, info.span);
                let op = |code, result| Op { kind: OpKind::Inactive(code), results: vec![result], span: info.span };
                append(own, Some(op(made_of(&quote!(::core::option::Option::Some), val), some)), some);
                append(other, Some(op(Inactive::engine(quote!(::core::option::Option::None)), stand_in)), stand_in);
                let available = self.need(result);
                // A variable, so that there can be references to it.
                let out = Inactive { pure: false, ..made_of(&quote!(::core::option::Option::unwrap), available) };
                unwrapped.push(op(out, restored));
                continue;
            }
            let kind = match info.ty {
                Ty::Float | Ty::Lanes => OpKind::Const(0.0, None),
                Ty::Bool => OpKind::Inactive(Inactive::engine(quote!(false))),
                Ty::Index | Ty::Other => OpKind::Inactive(Inactive::engine(quote!(0))),
            };
            append(own, None, val);
            append(other, Some(Op { kind, results: vec![stand_in], span: info.span }), stand_in);
            let available = self.need(result);
            self.alias.insert(restored, available);
        }
        unwrapped
    }

    fn swept_loop(&mut self, op: &Op, l: &Loop, region: RegionId) -> Vec<Op> {
        let adjoints: Vec<Option<Val>> = op.results.iter().map(|&r| self.take(r)).collect();
        let mut forward = l.clone();
        let mut reversed = self.reversed_header(l, region, &mut forward);
        let skipped = self.skipped(l, &adjoints);
        let seeds = self.seeds(l, adjoints, skipped.as_ref());
        let index = reversed.index;
        let body_id = self.map.id(&l.body);
        self.frames.push(Frame::default());
        if let (Some(from), Some(to)) = (l.index, index) {
            self.frame().cache.insert(from, to);
        }
        let trips = self.trips(&l.header);
        self.nest.push(trips.clone());
        let vals: Vec<Option<Val>> = seeds.iter().map(|seed| seed.as_ref().map(|seed| seed.val)).collect();
        let swept = self.sweep(&l.body, &vals, Saving::Tape);
        self.nest.pop();
        let mut frame = self.frames.pop().unwrap_or_default();
        self.frame().span = Some(op.span);
        let mut ops = std::mem::take(&mut frame.ops);
        ops.extend(swept.ops);
        let mut outer = swept.outer;
        let mut carried = Carried::default();
        let mut after = self.carried_on(l, &seeds, &mut outer, &mut carried);
        outer.retain(|(target, _)| self.map.region_of(*target) != Some(body_id));
        after.extend(self.accumulators(outer, self.surely_runs(l), &mut carried));
        self.frame().ops.extend(carried.begin);
        ops.extend(carried.steps);
        (reversed.params, reversed.init) = (carried.params, carried.init);
        let (next, results) = (carried.next, carried.results);
        reversed.body = Region { ops, end: End::Continue(next) };
        forward.body = swept.forward;
        let reversed = Op { kind: OpKind::Loop(Box::new(reversed)), results, span: op.span };
        match skipped {
            None => self.frame().ops.push(reversed),
            Some(idle) => after = self.either(&idle, vec![reversed], after, op.span),
        }
        for (target, result) in after {
            self.add(target, result);
        }
        let mut ops = Vec::new();
        if let (Some(tape), Header::Range(range), None, false) = (swept.tape, &l.header, trips, l.body.breaks()) {
            let range = Range { reversed: false, ..range.clone() };
            ops.push(Op { kind: OpKind::Reserve(tape, range), results: Vec::new(), span: op.span });
        }
        ops.push(Op { kind: OpKind::Loop(Box::new(forward)), results: op.results.clone(), span: op.span });
        ops
    }

    /// The adjoint of each active carried value is carried, the other way round, and with it whether nothing flows to it.
    fn seeds(&mut self, l: &Loop, adjoints: Vec<Option<Val>>, skipped: Option<&Idle>) -> Vec<Option<Seed>> {
        let span = self.span();
        let mut seeds = Vec::with_capacity(adjoints.len());
        for (&param, adjoint) in l.params.iter().zip(adjoints) {
            if !self.varied.val(param) {
                seeds.push(None);
                continue;
            }
            let init = adjoint.unwrap_or_else(|| self.number(0.0));
            let val = self.func.val(Ty::Float, self.adjoint_name(param), span);
            let first = match adjoint {
                None => Some(Idle { all: Vec::new(), why: Unused::Loop }),
                // What the sweep is left out for does not change in it.
                Some(adjoint) => self.idle.get(&adjoint).filter(|idle| Some(*idle) != skipped).cloned(),
            };
            let unused = first.map(|first| {
                let unused = self.func.val(Ty::Bool, None, span);
                self.idle.insert(val, Idle::when(unused, true, first.why));
                (unused, first)
            });
            seeds.push(Some(Seed { val, init, unused }));
        }
        seeds
    }

    /// The adjoints of what is carried go on to the iteration before, the last ones to what the loop began with.
    fn carried_on(
        &mut self,
        l: &Loop,
        seeds: &[Option<Seed>],
        outer: &mut Vec<(Val, Val)>,
        carried: &mut Carried,
    ) -> Vec<(Val, Val)> {
        let span = self.span();
        let mut after = Vec::new();
        for ((&param, &start), seed) in l.params.iter().zip(&l.init).zip(seeds) {
            let Some(Seed { val, init, unused }) = seed else { continue };
            let found = outer.iter().position(|(target, _)| *target == param);
            let contribution = found.map(|k| outer.remove(k).1);
            let result = self.func.val(Ty::Float, self.func.info(*val).name.clone(), span);
            if let Some((unused, first)) = unused {
                let unused = carried.idle_param(self, first, *unused, contribution);
                self.idle.insert(result, Idle::when(unused, true, first.why));
            } else if let Some((unused, why)) = carried.idle_after(self, contribution) {
                self.idle.insert(result, Idle::when(unused, true, why));
            }
            let next = contribution.unwrap_or_else(|| {
                let zero = self.func.val(Ty::Float, None, span);
                carried.steps.push(Op { kind: OpKind::Const(0.0, None), results: vec![zero], span });
                zero
            });
            carried.params.push(*val);
            carried.init.push(*init);
            carried.next.push(next);
            carried.results.push(result);
            after.push((start, result));
        }
        after
    }

    /// Whether Rust can run through a range backwards: with a step, it has to know its length, which it does of integers
    /// that are no wider than 32 bits and of `usize`.
    fn reversible(&self, l: &Loop, r: &Range) -> bool {
        let counted = |val: Val| match self.map.definition_of(val) {
            Some(OpKind::Inactive(code)) => {
                let text = text(&code.tokens);
                text.contains("usize") || text.contains(".len()")
            }
            _ => false,
        };
        let narrow = || !r.inclusive && (counted(r.lo) || counted(r.hi) || self.indexes(&l.body, l.index));
        r.step.is_none() || r.reversed || narrow()
    }

    /// Whether a number is an index of an array somewhere, so that its type is `usize`.
    fn indexes(&self, body: &Region, number: Option<Val>) -> bool {
        let Some(number) = number else { return false };
        let is = |val: Val| {
            val == number
                || matches!(self.map.definition_of(val), Some(OpKind::Inactive(code))
                    if code.reads.iter().any(|(_, read)| *read == number) && !has_word(code.tokens.clone(), "as"))
        };
        let mut found = false;
        each_op(body, &mut |op| {
            if let OpKind::Load(part) | OpKind::Store(part, _) | OpKind::Accumulate(part, _) = &op.kind {
                found |= part.vals().any(is);
            }
        });
        found
    }

    /// The same iterations backwards: over the same range if all of it was run through, else as many as were begun.
    fn reversed_header(&mut self, l: &Loop, region: RegionId, forward: &mut Loop) -> Loop {
        let empty = Region { ops: Vec::new(), end: End::Continue(Vec::new()) };
        let mut reversed = Loop {
            header: Header::Forever,
            index: None,
            params: Vec::new(),
            init: Vec::new(),
            body: empty,
            trips: None,
        };
        match &l.header {
            Header::Range(r) if !l.body.breaks() && self.reversible(l, r) => {
                let range = Range {
                    lo: self.need(r.lo),
                    hi: self.need(r.hi),
                    step: r.step.map(|s| self.need(s)),
                    inclusive: r.inclusive,
                    reversed: !r.reversed,
                };
                reversed.header = Header::Range(range);
                reversed.index = l.index.map(|i| {
                    let info = self.func.info(i).clone();
                    self.func.val(info.ty, info.name, info.span)
                });
            }
            _ => {
                let name = Ident::new("trips", Span::mixed_site());
                let trips = self.func.val(Ty::Index, Some(name), Span::call_site());
                self.map.register(trips, region);
                forward.trips = Some(trips);
                let hi = self.need(trips);
                let lo = self.define(OpKind::Inactive(Inactive::engine(quote!(0))), Ty::Index);
                reversed.header = Header::Range(Range { lo, hi, inclusive: false, step: None, reversed: false });
                reversed.index = None;
            }
        }
        reversed
    }
}

/// A function of a value.
fn made_of(function: &TokenStream, val: Val) -> Inactive {
    let name = Ident::new("value__", Span::mixed_site());
    Inactive { reads: vec![(name.clone(), val)], ..Inactive::engine(quote!(#function(#name))) }
}

/// Appends a value to a region's only leaf.
fn append(region: &mut Region, op: Option<Op>, val: Val) {
    match &mut region.end {
        End::Yield(vals) | End::Continue(vals) | End::Break(vals) => {
            region.ops.extend(op);
            vals.push(val);
        }
        // The operation stands before the branch, so that its result is there for all leaves.
        End::Branch(_, then, other) => {
            region.ops.extend(op);
            append(then, None, val);
            append(other, None, val);
        }
    }
}
