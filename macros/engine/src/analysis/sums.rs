//! Which loops carry nothing but sums: every carried active value changes only by `c ← c ± g`, with `g` independent of
//! all carried active state. The adjoint of such a value is the same in all iterations, so that primal and adjoint can
//! run in one iteration. Input: a loop. Output: yes or no.
//!
//! Other reads of `c` may decide and show, never flow. Arrays that the loop writes must begin in its body, and arrays
//! that it reads must not be written later: their adjoints would be taken too early.

use super::map::Map;
use super::varied::Varied;
use crate::ir::{Arg, End, Init, Loop, Op, OpKind, PlaceId, Region, Ty, Val};
use crate::rules::{Partial, derivative as table};
use std::collections::{HashMap, HashSet};

/// The facts that the analysis builds on.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// What is active.
    pub varied: &'a Varied,
    /// Where things are.
    pub map: &'a Map,
    /// Whether a value is a float.
    pub ty: &'a dyn Fn(Val) -> Ty,
    /// Whether an array is never written: a parameter.
    pub constant: &'a dyn Fn(PlaceId) -> bool,
}

/// Whether primal and adjoint of a loop can run in one iteration.
#[must_use]
pub fn only_sums(op: &Op, l: &Loop, facts: Facts<'_>) -> bool {
    let mut chains = Chains { facts, carries: HashMap::new(), own: HashSet::new(), fine: true };
    chains.enter(l);
    chains.fine && undisturbed(op, &l.body, facts)
}

/// Whether the adjoints of the arrays that `region`, inside `op`, uses may be accumulated right after it has run.
#[must_use]
pub fn undisturbed(op: &Op, region: &Region, facts: Facts<'_>) -> bool {
    let mut own = HashSet::new();
    let mut fine = true;
    each_op(region, &mut |inner| {
        if let OpKind::Alloc(place, _) = &inner.kind {
            own.insert(*place);
        }
    });
    each_op(region, &mut |inner| {
        inner.kind.places_written(&mut |p| fine &= own.contains(&p) || !facts.varied.place(p));
        inner.kind.places_read(&mut |p| {
            let constant = own.contains(&p) || !facts.varied.place(p) || (facts.constant)(p);
            fine &= constant || !facts.map.written_after(p, op);
        });
    });
    fine
}

/// Calls `f` for every operation in a region, nested ones included.
pub fn each_op<'r>(region: &'r Region, f: &mut impl FnMut(&'r Op)) {
    each_inside(vec![region], f);
}

/// The same of a list of operations.
pub fn each_of<'r>(ops: &'r [Op], f: &mut impl FnMut(&'r Op)) {
    ops.iter().for_each(&mut *f);
    each_inside(ops.iter().flat_map(|op| op.kind.regions()).collect(), f);
}

fn each_inside<'r>(mut regions: Vec<&'r Region>, f: &mut impl FnMut(&'r Op)) {
    while let Some(region) = regions.pop() {
        for op in &region.ops {
            f(op);
            regions.extend(op.kind.regions());
        }
        if let End::Branch(_, then, other) = &region.end {
            regions.extend([&**then, &**other]);
        }
    }
}

struct Chains<'a> {
    facts: Facts<'a>,
    /// The values that are a carried one plus something, with the number of the carried one.
    carries: HashMap<Val, Val>,
    own: HashSet<PlaceId>,
    fine: bool,
}

impl Chains<'_> {
    fn enter(&mut self, l: &Loop) {
        let roots: Vec<Option<Val>> = l.params.iter().map(|&p| self.active(p).then_some(p)).collect();
        for param in roots.iter().flatten() {
            self.carries.insert(*param, *param);
        }
        self.region(&l.body);
        let mut fine = true;
        l.body.leaves(&mut |leaf| {
            for (val, root) in leaf.values().iter().zip(&roots) {
                fine &= self.carries.get(val) == root.as_ref();
            }
        });
        self.fine &= fine;
    }

    fn active(&self, val: Val) -> bool {
        (self.facts.ty)(val) == Ty::Float && self.facts.varied.val(val)
    }

    fn root(&self, val: Val) -> Option<Val> {
        self.carries.get(&val).copied()
    }

    fn region(&mut self, region: &Region) {
        for op in &region.ops {
            self.op(op);
        }
        if let End::Branch(_, then, other) = &region.end {
            self.region(then);
            self.region(other);
        }
    }

    /// Nothing that the operation reads may carry.
    fn nothing(&mut self, kind: &OpKind) {
        let mut fine = true;
        kind.reads(&mut |v| fine &= !self.carries.contains_key(&v));
        self.fine &= fine;
    }

    fn op(&mut self, op: &Op) {
        match &op.kind {
            OpKind::Prim(prim, args) if *prim == &table::ADD || *prim == &table::SUB => {
                match (self.root(args[0]), self.root(args[1])) {
                    (None, None) => {}
                    (Some(root), None) => self.carry(op, root),
                    (None, Some(root)) if *prim == &table::ADD => self.carry(op, root),
                    _ => self.fine = false,
                }
            }
            OpKind::Prim(prim, args) => {
                for (arg, partial) in args.iter().zip(prim.partials) {
                    self.fine &= matches!(partial, Partial::Zero) || self.root(*arg).is_none();
                }
            }
            // It decides or shows.
            OpKind::Inactive(_) => {}
            OpKind::If(_, then, other) => {
                self.region(then);
                self.region(other);
                self.merge(&[then, other], &op.results);
            }
            OpKind::Loop(l) => {
                for (&init, &param) in l.init.iter().zip(&l.params) {
                    if let Some(root) = self.root(init) {
                        self.carries.insert(param, root);
                    }
                }
                self.region(&l.body);
                let mut fine = true;
                l.body.leaves(&mut |leaf| {
                    for (val, param) in leaf.values().iter().zip(&l.params) {
                        fine &= self.root(*val) == self.root(*param);
                    }
                });
                self.fine &= fine;
                for (&result, &param) in op.results.iter().zip(&l.params) {
                    if let Some(root) = self.root(param) {
                        self.carries.insert(result, root);
                    }
                }
            }
            OpKind::Alloc(place, init) => {
                self.own.insert(*place);
                let _: &Init = init;
                self.nothing(&op.kind);
            }
            OpKind::Call(call) => {
                for arg in &call.args {
                    if let Arg::Float(v) = arg {
                        self.fine &= self.root(*v).is_none();
                    }
                }
            }
            kind => self.nothing(kind),
        }
    }

    fn carry(&mut self, op: &Op, root: Val) {
        for &result in &op.results {
            self.carries.insert(result, root);
        }
    }

    /// A result carries if it does on every way to it, and the same thing.
    fn merge(&mut self, regions: &[&Region], results: &[Val]) {
        let mut roots: Vec<Option<Option<Val>>> = vec![None; results.len()];
        let mut fine = true;
        for region in regions {
            region.leaves(&mut |leaf| {
                for (slot, val) in roots.iter_mut().zip(leaf.values()) {
                    let root = self.root(*val);
                    fine &= slot.is_none_or(|known| known == root);
                    *slot = Some(root);
                }
            });
        }
        self.fine &= fine;
        for (&result, root) in results.iter().zip(roots) {
            if let Some(Some(root)) = root {
                self.carries.insert(result, root);
            }
        }
    }
}
