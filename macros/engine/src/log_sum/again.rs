//! Loops that run again: whether they can, and their copies, which have values of their own.

use super::{Carry, Making, Pass, Scope, Site};
use crate::analysis::sums::each_of;
use crate::ir::{End, Header, Loop, Op, OpKind, PlaceId, Region, Ty, Val};
use proc_macro2::{Ident, Span};
use std::collections::{HashMap, HashSet};

/// How far a loop may stand before the logarithm.
const DISTANCE: usize = 64;

impl Pass<'_> {
    /// A loop, once more: it carries what is made of one of its sums beside what it carried.
    pub(super) fn again(
        &mut self,
        site: &mut Site<'_>,
        carry: Carry<'_>,
        start: Val,
        (name, making): (&str, impl FnOnce(Val) -> Making),
        depth: usize,
    ) -> Val {
        let mut kind = OpKind::Loop(Box::new(Loop {
            header: carry.body.header.clone(),
            index: None,
            params: Vec::new(),
            init: carry.body.init.clone(),
            body: Region { ops: Vec::new(), end: End::Yield(Vec::new()) },
            trips: None,
        }));
        kind.map_reads(&mut |val| site.name(val));
        let mut names = site.names.clone();
        let index = carry.body.index.map(|index| self.copied(index, &mut names));
        let mut params: Vec<Val> = carry.body.params.iter().map(|&param| self.copied(param, &mut names)).collect();
        let name = Ident::new(name, Span::mixed_site());
        let own = self.func.val(Ty::Float, Some(name.clone()), site.span);
        params.push(own);
        let ops = self.copies(&carry.body.body.ops, &mut names);
        let scope = site.scope.body(carry);
        let made = scope.carried.map(|carried| (carried, own)).into_iter().collect();
        let mut inside = Site { scope: &scope, names, made, ops, span: site.span };
        let next = self.make(&mut inside, carry.next(), making(own), depth);
        let mut end: Vec<Val> = carry.body.body.end.values().iter().map(|&val| inside.name(val)).collect();
        end.push(next);
        let mut results: Vec<Val> =
            carry.op.results.iter().map(|&result| self.copied(result, &mut HashMap::new())).collect();
        let result = self.func.val(Ty::Float, Some(name), site.span);
        results.push(result);
        if let OpKind::Loop(l) = &mut kind {
            l.index = index;
            l.params = params;
            l.init.push(start);
            l.body = Region { ops: inside.ops, end: End::Continue(end) };
        }
        site.ops.push(Op { kind, results, span: carry.op.span });
        result
    }

    /// A new value like this one.
    fn copied(&mut self, val: Val, names: &mut HashMap<Val, Val>) -> Val {
        let info = self.func.info(val).clone();
        let copy = self.func.val(info.ty, info.name, info.span);
        names.insert(val, copy);
        copy
    }

    /// The same operations with values of their own.
    fn copies(&mut self, ops: &[Op], names: &mut HashMap<Val, Val>) -> Vec<Op> {
        let mut copies = Vec::with_capacity(ops.len());
        for op in ops {
            let mut kind = op.kind.clone();
            kind.map_reads(&mut |val| names.get(&val).copied().unwrap_or(val));
            if let OpKind::Loop(l) = &mut kind {
                for val in l.index.iter_mut().chain(&mut l.params) {
                    *val = self.copied(*val, names);
                }
                l.trips = l.trips.map(|trips| self.copied(trips, names));
            }
            for inner in kind.regions_mut() {
                *inner = self.copy(inner, names);
            }
            let results = op.results.iter().map(|&result| self.copied(result, names)).collect();
            copies.push(Op { kind, results, span: op.span });
        }
        copies
    }

    fn copy(&mut self, region: &Region, names: &mut HashMap<Val, Val>) -> Region {
        let ops = self.copies(&region.ops, names);
        let all = |vals: &[Val]| vals.iter().map(|val| names.get(val).copied().unwrap_or(*val)).collect();
        let end = match &region.end {
            End::Yield(vals) => End::Yield(all(vals)),
            End::Continue(vals) => End::Continue(all(vals)),
            End::Break(vals) => End::Break(all(vals)),
            End::Branch(cond, then, other) => {
                let cond = names.get(cond).copied().unwrap_or(*cond);
                End::Branch(cond, Box::new(self.copy(then, names)), Box::new(self.copy(other, names)))
            }
        };
        Region { ops, end }
    }
}

/// Whether a loop does the same again after it, at an operation of its region: it only computes, of what nobody changes in
/// between.
pub(super) fn runs_again(op: &Op, scope: &Scope<'_>, at: usize) -> bool {
    let Some(&first) = op.results.first().and_then(|result| scope.defined.get(result)) else { return false };
    if at - first > DISTANCE {
        return false;
    }
    let mut read: HashSet<PlaceId> = HashSet::new();
    let mut computes = true;
    each_of(std::slice::from_ref(op), &mut |op| {
        op.kind.places_read(&mut |place| read.extend([place]));
        computes &= match &op.kind {
            OpKind::Const(..)
            | OpKind::Prim(..)
            | OpKind::Load(_)
            | OpKind::SumOf(_)
            | OpKind::Dot(..)
            | OpKind::View(..)
            | OpKind::If(..) => true,
            OpKind::Inactive(code) => code.pure && code.pattern.is_none(),
            OpKind::Loop(l) => matches!(l.header, Header::Range(_)),
            _ => false,
        };
    });
    let mut kept = true;
    each_of(&scope.ops[first + 1..at], &mut |op| op.kind.places_written(&mut |place| kept &= !read.contains(&place)));
    computes && kept
}
