//! Regions whose cotangents are known before they run: the adjoint follows the primal in the same scope.
//!
//! The adjoint is built backwards from the end; at each loop and `if` it is tried whether the cotangents of its results
//! can be computed *before* it (`hoist`). Then the operation itself is done in place: it is *fused*.

use super::Engine;
use super::builder::Frame;
use super::idle::{Carried, Idle, Unused};
use crate::analysis::sums::{self, Facts};
use crate::build::Build as _;
use crate::ir::{End, Inactive, Loop, Op, OpKind, ParamKind, Region, Storage, Ty, Val};
use crate::rules::derivative as table;
use crate::simplify::Known;
use proc_macro2::Span;
use quote::quote;
use std::collections::HashMap;

/// The cotangents of a region's leaf values.
pub(super) enum Seeds {
    /// Numbers.
    Constant(Vec<Option<f64>>),
    /// Values that are in scope.
    Values(Vec<Option<Val>>),
}

/// How the leaves of a region leave it.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Leaving {
    Yields,
    Continues,
    Breaks,
    /// It breaks if this condition holds, else it continues.
    Either(Val),
}

/// A region and its adjoint.
pub(super) struct Done {
    /// Both, in order.
    pub ops: Vec<Op>,
    /// The leaf values.
    pub vals: Vec<Val>,
    /// How the region ends.
    pub leaving: Leaving,
    /// What flows to values from outside of it.
    pub outer: Vec<(Val, Val)>,
}

/// How much may be computed beforehand to fuse.
const HOIST: usize = 64;

impl Engine<'_> {
    /// Differentiates a region in place.
    pub(super) fn in_place(&mut self, region: &Region, seeds: &Seeds) -> Done {
        let id = self.map.id(region);
        self.in_scope.insert(id);
        self.frames.push(Frame { position: positions(region), ..Frame::default() });
        let mut forward: Vec<Vec<Op>> = region.ops.iter().map(|op| vec![op.clone()]).collect();
        forward.push(self.lengths_in_place(region, id));
        let (end_ops, vals, leaving) = match &region.end {
            End::Branch(cond, then, other) => self.arms_in_place(*cond, then, other, seeds),
            leaf => {
                let vals = leaf.values().to_vec();
                self.seed(&vals, seeds);
                let leaving = match leaf {
                    End::Break(_) => Leaving::Breaks,
                    End::Continue(_) => Leaving::Continues,
                    _ => Leaving::Yields,
                };
                (Vec::new(), vals, leaving)
            }
        };
        for (k, op) in region.ops.iter().enumerate().rev() {
            self.frame().span = Some(op.span);
            forward[k] = match &op.kind {
                OpKind::If(..) | OpKind::Loop(_) => match self.fuse(op, region, k) {
                    Some(fused) => fused,
                    None => self.swept(op, id),
                },
                _ => self.operation(op, id),
            };
        }
        self.settle(id);
        let mut frame = self.frames.pop().unwrap_or_default();
        let outer = Self::rest(&mut frame);
        let mut ops: Vec<Op> = forward.into_iter().flatten().collect();
        ops.extend(end_ops);
        ops.extend(frame.ops);
        self.in_scope.remove(&id);
        Done { ops, vals, leaving, outer }
    }

    fn seed(&mut self, vals: &[Val], seeds: &Seeds) {
        for (k, &val) in vals.iter().enumerate() {
            if !self.varied.val(val) {
                continue;
            }
            let seed = match seeds {
                Seeds::Constant(numbers) => numbers.get(k).copied().flatten().map(|n| self.number(n)),
                Seeds::Values(vals) => vals.get(k).copied().flatten(),
            };
            if let Some(seed) = seed {
                self.add(val, seed);
            }
        }
    }

    /// The two arms at a region's end become an `if` that yields the leaf values and what flows outwards.
    fn arms_in_place(
        &mut self,
        cond: Val,
        then: &Region,
        other: &Region,
        seeds: &Seeds,
    ) -> (Vec<Op>, Vec<Val>, Leaving) {
        let mut a = self.in_place(then, seeds);
        let mut b = self.in_place(other, seeds);
        let leaving = self.join(&mut a, &mut b);
        let span = self.span();
        let vals: Vec<Val> = a
            .vals
            .iter()
            .take(a.vals.len() - usize::from(matches!(leaving, Leaving::Either(_))))
            .map(|&v| {
                let info = self.func.info(v).clone();
                self.func.val(info.ty, info.name, span)
            })
            .collect();
        let mut results = vals.clone();
        if let Leaving::Either(flag) = leaving {
            results.push(flag);
        }
        let (op, contributions) = self.merge_arms(cond, a, b, results);
        for (val, contribution) in contributions {
            self.add(val, contribution);
        }
        (vec![op], vals, leaving)
    }

    /// How a region leaves whose arms leave like this; a further value says which, if they differ.
    fn join(&mut self, a: &mut Done, b: &mut Done) -> Leaving {
        if a.leaving == b.leaving && !matches!(a.leaving, Leaving::Either(_)) {
            return a.leaving;
        }
        for done in [a, b] {
            let flag = match done.leaving {
                Leaving::Either(flag) => flag,
                known => {
                    let breaks = known == Leaving::Breaks;
                    let flag = self.func.val(Ty::Bool, None, Span::call_site());
                    let kind = OpKind::Inactive(Inactive::engine(quote!(#breaks)));
                    done.ops.push(Op { kind, results: vec![flag], span: Span::call_site() });
                    flag
                }
            };
            done.vals.push(flag);
        }
        let name = proc_macro2::Ident::new("done", Span::mixed_site());
        Leaving::Either(self.func.val(Ty::Bool, Some(name), Span::call_site()))
    }

    /// An `if` that yields the arms' values, then what flows outwards from either of them.
    pub(super) fn merge_arms(
        &mut self,
        cond: Val,
        mut a: Done,
        mut b: Done,
        mut results: Vec<Val>,
    ) -> (Op, Vec<(Val, Val)>) {
        let span = self.span();
        let mut targets: Vec<Val> = a.outer.iter().map(|(v, _)| *v).collect();
        targets.extend(
            b.outer.iter().map(|(v, _)| *v).filter(|v| !a.outer.iter().any(|(w, _)| w == v)).collect::<Vec<_>>(),
        );
        let of = |done: &Done| done.outer.iter().copied().collect::<HashMap<Val, Val>>();
        let outer = [of(&a), of(&b)];
        let mut contributions = Vec::new();
        for target in targets {
            let result = self.func.val(Ty::Float, self.adjoint_name(target), span);
            results.push(result);
            contributions.push((target, result));
            let flown = [0, 1].map(|k: usize| outer[k].get(&target).copied());
            for (done, flown) in [&mut a, &mut b].into_iter().zip(flown) {
                done.vals.push(flown.unwrap_or_else(|| {
                    let zero = self.func.val(Ty::Float, None, span);
                    done.ops.push(Op { kind: OpKind::Const(0.0, None), results: vec![zero], span });
                    zero
                }));
            }
            results.extend(self.idle_arms((cond, result), flown, [&mut a, &mut b]));
        }
        let [then, other] = [a, b].map(|done| Region { ops: done.ops, end: End::Yield(done.vals) });
        (Op { kind: OpKind::If(cond, then, other), results, span }, contributions)
    }

    /// A name for the adjoint of a value: `dx`.
    pub(super) fn adjoint_name(&self, val: Val) -> Option<proc_macro2::Ident> {
        let name = self.func.info(val).name.as_ref()?;
        let text = name.to_string();
        let text = text.strip_prefix("r#").unwrap_or(&text);
        Some(proc_macro2::Ident::new(&format!("d{text}"), Span::mixed_site()))
    }

    /// Does an `if` or a loop in place, if that is legal and the cotangents of its results can be had beforehand.
    fn fuse(&mut self, op: &Op, region: &Region, at: usize) -> Option<Vec<Op>> {
        if !self.strategies.fuse {
            return None;
        }
        let legal = {
            let func = &self.func;
            let ty = |v: Val| func.info(v).ty;
            let params = &self.primal.params;
            let constant = |p: crate::ir::PlaceId| {
                func.place_info(p).storage == Storage::Param
                    || (func.place_info(p).storage != Storage::InOut
                        && params.iter().any(|param| matches!(param.kind, ParamKind::Place(q) if q == p)))
            };
            let facts = Facts { varied: self.varied, map: &self.map, ty: &ty, constant: &constant };
            match &op.kind {
                OpKind::Loop(l) => sums::only_sums(op, l, facts),
                OpKind::If(_, then, other) => sums::undisturbed(op, then, facts) && sums::undisturbed(op, other, facts),
                _ => false,
            }
        };
        if !legal || !self.has_adjoint(op) || self.reads_growing(op) {
            return None;
        }
        let mut hoisted = Hoist { ops: Vec::new(), known: HashMap::new(), left: HOIST };
        let mut seeds = Vec::new();
        for &result in &op.results {
            let adjoint = self.frame().adjoint.get(&result).copied();
            seeds.push(match adjoint {
                None => None,
                Some(adjoint) => Some(self.hoist(adjoint, region, at, &mut hoisted)?),
            });
        }
        for &result in &op.results {
            self.take(result);
        }
        let mut ops = hoisted.ops;
        match &op.kind {
            OpKind::Loop(l) => ops.extend(self.fused_loop(op, l, &seeds)),
            OpKind::If(cond, then, other) => ops.push(self.fused_if(op, (*cond, then, other), seeds)),
            _ => {}
        }
        Some(ops)
    }

    /// Whether something is read of a `Vec` that grew before: its adjoint has no length yet.
    fn reads_growing(&self, op: &Op) -> bool {
        let (mut read, mut begun) = (Vec::new(), Vec::new());
        for region in op.kind.regions() {
            sums::each_op(region, &mut |inner| {
                if let OpKind::Alloc(place, _) = inner.kind {
                    begun.push(place);
                }
                inner.kind.places_read(&mut |p| read.push(p));
            });
        }
        let grown = |p: &crate::ir::PlaceId| self.primal.place_info(*p).growing && self.varied.place(*p);
        read.iter().any(|p| grown(p) && !begun.contains(p))
    }

    /// Whether anything flows back into an `if` or a loop.
    pub(super) fn has_adjoint(&mut self, op: &Op) -> bool {
        let mut writes = false;
        for region in op.kind.regions() {
            sums::each_op(region, &mut |inner| {
                inner.kind.places_written(&mut |p| writes |= self.varied.place(p));
            });
        }
        let frame = self.frame();
        writes || op.results.iter().any(|r| frame.adjoint.contains_key(r))
    }

    fn fused_if(&mut self, op: &Op, (cond, then, other): (Val, &Region, &Region), seeds: Vec<Option<Val>>) -> Op {
        let seeds = Seeds::Values(seeds);
        let a = self.in_place(then, &seeds);
        let b = self.in_place(other, &seeds);
        self.frame().span = Some(op.span);
        let (fused, contributions) = self.merge_arms(cond, a, b, op.results.clone());
        for (val, contribution) in contributions {
            self.add(val, contribution);
        }
        fused
    }

    fn fused_loop(&mut self, op: &Op, l: &Loop, seeds: &[Option<Val>]) -> Vec<Op> {
        self.fused_loops += 1;
        let done = self.in_place(&l.body, &Seeds::Values(seeds.to_vec()));
        self.fused_loops -= 1;
        self.frame().span = Some(op.span);
        let Done { ops: mut body_ops, vals: mut next, leaving, outer } = done;
        let mut ops = Vec::new();
        let mut fused = l.clone();
        let mut results = op.results.clone();
        let body_id = self.map.id(&l.body);
        // The adjoint of a carried value is its seed, in every iteration.
        let outer = outer.into_iter().filter(|(target, _)| self.map.region_of(*target) != Some(body_id)).collect();
        let mut carried = Carried::default();
        let flown = self.accumulators(outer, self.surely_runs(l), &mut carried);
        ops.extend(carried.begin);
        body_ops.extend(carried.steps);
        fused.init.extend(carried.init);
        fused.params.extend(carried.params);
        next.extend(carried.next);
        results.extend(carried.results);
        for (target, result) in flown {
            self.add(target, result);
        }
        for (&seed, &init) in seeds.iter().zip(&l.init) {
            if let Some(seed) = seed {
                self.add(init, seed);
            }
        }
        let end = match leaving {
            Leaving::Either(flag) => {
                next.retain(|v| *v != flag);
                let leaf = |end| Box::new(Region { ops: Vec::new(), end });
                End::Branch(flag, leaf(End::Break(next.clone())), leaf(End::Continue(next)))
            }
            Leaving::Breaks => End::Break(next),
            _ => End::Continue(next),
        };
        fused.body = Region { ops: body_ops, end };
        ops.push(Op { kind: OpKind::Loop(Box::new(fused)), results, span: op.span });
        ops
    }

    /// Carried sums of contributions, and what flows by them after the loop.
    pub(super) fn accumulators(
        &mut self,
        outer: Vec<(Val, Val)>,
        surely_runs: bool,
        carried: &mut Carried,
    ) -> Vec<(Val, Val)> {
        let span = self.span();
        let mut flown = Vec::new();
        let mut no_iterations = None;
        for (target, contribution) in outer {
            let name = self.adjoint_name(target);
            let init = carried.begin(self, OpKind::Const(0.0, None), Ty::Float);
            let param = self.func.val(Ty::Float, name, span);
            let (prim, by) = match self.known(contribution) {
                Known::Prim(prim, args) if prim == &table::NEG => (&table::SUB, args[0]),
                _ => (&table::ADD, contribution),
            };
            let step = OpKind::Prim(prim, vec![param, by]);
            let result = carried.carry(self, init, param, step);
            let idle = self.idle.get(&contribution).cloned();
            let (unused, why) = match &idle {
                None if surely_runs => (None, Unused::Loop),
                None => (Some(*no_iterations.get_or_insert_with(|| carried.idle(self, None))), Unused::Loop),
                Some(each) => (Some(carried.idle(self, Some(each))), each.why),
            };
            if let Some(unused) = unused {
                self.idle.insert(result, Idle::when(unused, true, why));
            }
            flown.push((target, result));
        }
        flown
    }

    /// Makes a value of the derivative code available before operation `at` of the region, or fails.
    fn hoist(&mut self, val: Val, region: &Region, at: usize, hoist: &mut Hoist) -> Option<Val> {
        if let Some(&known) = hoist.known.get(&val) {
            return Some(known);
        }
        let here = self.map.id(region);
        let new = !self.map.region.get(val.0 as usize).is_some_and(Option::is_some);
        let kind = if new {
            // What an `if` or a loop of derivative code yields cannot be had earlier.
            let (kind, depth) = self.built.get(&val)?;
            if *depth < self.frames.len() {
                return Some(val);
            }
            kind.clone()
        } else {
            if self.map.region_of(val) != Some(here) || self.defined_before(val, at) {
                return Some(val);
            }
            self.map.definition_of(val)?.clone()
        };
        let pure = match &kind {
            OpKind::Const(..) | OpKind::Prim(..) | OpKind::All(_) => true,
            OpKind::Inactive(code) => {
                code.places.iter().all(|(_, p)| self.func.place_info(p.place).storage == Storage::Param)
            }
            OpKind::Load(part) => self.func.place_info(part.place).storage == Storage::Param,
            _ => false,
        };
        if !pure || hoist.left == 0 {
            return None;
        }
        hoist.left -= 1;
        let mut reads = Vec::new();
        kind.reads(&mut |v| reads.push(v));
        let mut mapped = HashMap::new();
        for read in reads {
            mapped.insert(read, self.hoist(read, region, at, hoist)?);
        }
        let mut kind = kind;
        kind.map_reads(&mut |v| mapped.get(&v).copied().unwrap_or(v));
        let info = self.func.info(val).clone();
        let copy = self.func.val(info.ty, info.name, info.span);
        self.built.insert(copy, (kind.clone(), self.frames.len()));
        hoist.ops.push(Op { kind, results: vec![copy], span: info.span });
        hoist.known.insert(val, copy);
        Some(copy)
    }

    fn defined_before(&self, val: Val, at: usize) -> bool {
        match self.frames.last().and_then(|f| f.position.get(&val)) {
            Some(&k) => k < at,
            // A parameter of the region; or a value that came with the adjoint of a later operation, such as a callee's
            // partial derivative.
            None => (val.0 as usize) < self.primal.vals.len(),
        }
    }
}

/// Which operation of a region defines each value.
fn positions(region: &Region) -> HashMap<Val, usize> {
    let all = region.ops.iter().enumerate();
    all.flat_map(|(k, op)| op.results.iter().map(move |&r| (r, k))).collect()
}

struct Hoist {
    ops: Vec<Op>,
    known: HashMap<Val, Val>,
    left: usize,
}
