//! Where the adjoint of an operation belongs: in the deepest region, but no loop, that holds all uses of its result.
//!
//! Input: a function and its map. Output: for each region, the primitives from outside of it whose adjoints are done at
//! its end. The arms that do not use a value then have no part in its derivative, so that a cotangent of zero never
//! meets an infinite partial derivative: `let l = x.ln(); if x <= 0.0 { return 2.0 * x } x * l` is differentiable at 0.

use super::map::{Map, RegionId};
use crate::ir::{End, Func, OpKind, Region, Val};
use std::collections::HashMap;

/// The homes of the primitives that do not stay where they are defined.
#[derive(Debug, Default)]
pub struct Homes {
    /// For each region, what has its home there; later definitions come first.
    pub of: HashMap<RegionId, Vec<Val>>,
}

/// Finds them.
#[must_use]
pub fn homes(func: &Func, map: &Map) -> Homes {
    let mut walk = Walk { map, above: HashMap::new(), uses: vec![None; func.vals.len()], homes: Homes::default() };
    walk.region(&func.body, None);
    walk.homes
}

struct Walk<'m> {
    map: &'m Map,
    above: HashMap<RegionId, Above>,
    /// The innermost region that holds all uses so far.
    uses: Vec<Option<RegionId>>,
    homes: Homes,
}

/// What is around a region.
#[derive(Clone, Copy)]
struct Above {
    parent: RegionId,
    depth: usize,
    /// It is the body of a loop.
    looped: bool,
}

impl Walk<'_> {
    /// Backwards, so that the uses of a result are known before the operation is met.
    fn region(&mut self, region: &Region, parent: Option<(RegionId, bool)>) {
        let id = self.map.id(region);
        let above = match parent {
            None => Above { parent: id, depth: 0, looped: false },
            Some((parent, looped)) => Above { parent, depth: self.depth(parent) + 1, looped },
        };
        self.above.insert(id, above);
        match &region.end {
            End::Branch(_, then, other) => {
                self.region(then, Some((id, false)));
                self.region(other, Some((id, false)));
            }
            leaf => leaf.values().iter().for_each(|&val| self.used(val, id)),
        }
        for op in region.ops.iter().rev() {
            match &op.kind {
                OpKind::Prim(_, args) => {
                    let result = op.results[0];
                    let Some(uses) = self.uses[result.0 as usize] else { continue };
                    let home = self.outside_loops(uses, id);
                    if home != id {
                        self.homes.of.entry(home).or_default().push(result);
                    }
                    args.iter().for_each(|&arg| self.used(arg, home));
                }
                // No derivative flows through it.
                OpKind::Inactive(_) => {}
                kind => {
                    let looped = matches!(kind, OpKind::Loop(_));
                    for inner in kind.regions() {
                        self.region(inner, Some((id, looped)));
                    }
                    kind.reads(&mut |val| self.used(val, id));
                }
            }
        }
    }

    fn depth(&self, region: RegionId) -> usize {
        self.above.get(&region).map_or(0, |a| a.depth)
    }

    fn parent(&self, region: RegionId) -> RegionId {
        self.above.get(&region).map_or(region, |a| a.parent)
    }

    fn used(&mut self, val: Val, at: RegionId) {
        let slot = val.0 as usize;
        let joint = match self.uses[slot] {
            None => at,
            Some(mut other) => {
                let mut at = at;
                while at != other {
                    if self.depth(at) >= self.depth(other) { at = self.parent(at) } else { other = self.parent(other) }
                }
                at
            }
        };
        self.uses[slot] = Some(joint);
    }

    /// The region itself, or what is around the outermost loop between it and `definition`.
    fn outside_loops(&self, region: RegionId, definition: RegionId) -> RegionId {
        let (mut home, mut current) = (region, region);
        while current != definition && self.depth(current) > 0 {
            let parent = self.parent(current);
            if self.above.get(&current).is_some_and(|a| a.looped) {
                home = parent;
            }
            current = parent;
        }
        home
    }
}
