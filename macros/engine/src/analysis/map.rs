//! A map of a function: in which region each value is defined and by what, and when each array is written.
//!
//! Input: a function that stays unchanged while the map is in use. Regions are known by their address.

use crate::ir::{End, Func, Header, Op, OpKind, PlaceId, Region, Val};
use std::collections::HashMap;

/// A region: the number of its visit.
pub type RegionId = usize;

/// The map.
#[derive(Debug, Default)]
pub struct Map {
    ids: HashMap<*const Region, RegionId>,
    arms: HashMap<RegionId, RegionId>,
    /// Where each value is defined; parameters are defined in the body.
    pub region: Vec<Option<RegionId>>,
    /// What defines each value, where that can be repeated.
    pub definition: Vec<Option<OpKind>>,
    /// The order of each operation that has a result.
    order: Vec<u32>,
    innermost: Vec<usize>,
    loops: Vec<usize>,
    places: HashMap<PlaceId, Writes>,
    /// The region of each array's beginning.
    pub alloc: HashMap<PlaceId, RegionId>,
    ends: HashMap<*const Op, u32>,
    next: u32,
}

#[derive(Debug, Default)]
struct Writes {
    /// The loop in which the array begins.
    home: usize,
    /// For each loop, the order of the last write directly in it.
    last: HashMap<usize, u32>,
}

/// The loop that is none.
const OUTSIDE: usize = 0;

impl Map {
    /// Maps a function.
    #[must_use]
    pub fn new(func: &Func) -> Self {
        let n = func.vals.len();
        let mut map = Map {
            region: vec![None; n],
            definition: vec![None; n],
            order: vec![0; n],
            innermost: vec![OUTSIDE; n],
            loops: vec![OUTSIDE],
            ..Map::default()
        };
        map.visit(&func.body, OUTSIDE);
        for slot in &mut map.region {
            slot.get_or_insert(0);
        }
        map
    }

    /// The number of a region.
    #[must_use]
    pub fn id(&self, region: &Region) -> RegionId {
        self.ids.get(&std::ptr::from_ref(region)).copied().unwrap_or(0)
    }

    /// Says of a new value where it is defined.
    pub fn register(&mut self, val: Val, region: RegionId) {
        let index = val.0 as usize;
        if self.region.len() <= index {
            self.region.resize(index + 1, None);
            self.definition.resize(index + 1, None);
        }
        self.region[index] = Some(region);
    }

    /// Where a value is defined; `None` for a value that came later and was not registered.
    #[must_use]
    pub fn region_of(&self, val: Val) -> Option<RegionId> {
        self.region.get(val.0 as usize).copied().flatten()
    }

    /// What defines a value, where that can be repeated.
    #[must_use]
    pub fn definition_of(&self, val: Val) -> Option<&OpKind> {
        self.definition.get(val.0 as usize).and_then(Option::as_ref)
    }

    fn visit(&mut self, region: &Region, inside: usize) {
        let id = self.ids.len();
        self.ids.insert(std::ptr::from_ref(region), id);
        for op in &region.ops {
            self.op(op, id, inside);
        }
        if let End::Branch(_, then, other) = &region.end {
            for arm in [then, other] {
                self.arms.insert(self.ids.len(), id);
                self.visit(arm, inside);
            }
        }
    }

    /// Whether a region is an arm at the end of another one.
    #[must_use]
    pub fn is_arm(&self, region: RegionId) -> bool {
        self.arms.contains_key(&region)
    }

    /// Whether a region ends in an arm, be it by way of others, or is it.
    #[must_use]
    pub fn ends_in(&self, region: RegionId, arm: RegionId) -> bool {
        let mut at = Some(&arm);
        while let Some(&id) = at {
            if id == region {
                return true;
            }
            at = self.arms.get(&id);
        }
        false
    }

    fn define(&mut self, val: Val, region: RegionId, inside: usize) {
        let index = val.0 as usize;
        self.region[index] = Some(region);
        self.order[index] = self.next;
        self.innermost[index] = inside;
    }

    fn op(&mut self, op: &Op, id: RegionId, inside: usize) {
        self.next += 1;
        for &val in &op.results {
            self.define(val, id, inside);
            let repeatable = match &op.kind {
                OpKind::Const(..) | OpKind::Prim(..) | OpKind::Load(_) => true,
                OpKind::Inactive(code) => code.pure && code.pattern.is_none(),
                _ => false,
            };
            if repeatable {
                self.definition[val.0 as usize] = Some(op.kind.clone());
            }
        }
        if let OpKind::Alloc(place, _) = &op.kind {
            self.places.entry(*place).or_default().home = inside;
            self.alloc.insert(*place, id);
        }
        let next = self.next;
        op.kind.places_written(&mut |place| {
            self.places.entry(place).or_default().last.insert(inside, next);
        });
        match &op.kind {
            OpKind::If(_, then, other) => {
                self.visit(then, inside);
                self.visit(other, inside);
            }
            OpKind::Loop(l) => {
                let this = self.loops.len();
                self.loops.push(inside);
                let body = self.ids.len();
                for &val in l.params.iter().chain(&l.index) {
                    self.define(val, body, this);
                }
                if let Header::Iterator { binds, .. } = &l.header {
                    binds.iter().for_each(|&val| self.define(val, body, this));
                }
                self.visit(&l.body, this);
            }
            _ => {}
        }
        self.ends.insert(std::ptr::from_ref(op), self.next);
    }

    /// Whether an array that `load` read keeps the element until the array ends: no write comes later, be it in the
    /// next iteration of a loop inside the array's life.
    #[must_use]
    pub fn keeps(&self, place: PlaceId, load: Val) -> bool {
        let Some(writes) = self.places.get(&place) else { return true };
        let index = load.0 as usize;
        let (Some(&order), Some(&inside)) = (self.order.get(index), self.innermost.get(index)) else { return false };
        writes.last.iter().all(|(&at, &last)| last < order && self.common(at, inside) == writes.home)
    }

    /// Whether an array is written after `op`, be it by the iterations of a loop around it.
    #[must_use]
    pub fn written_after(&self, place: PlaceId, op: &Op) -> bool {
        let end = self.ends.get(&std::ptr::from_ref(op)).copied().unwrap_or(0);
        self.places.get(&place).is_some_and(|w| w.last.values().any(|&last| last > end))
    }

    fn common(&self, a: usize, b: usize) -> usize {
        // A loop's number is greater than that of any loop around it.
        let (mut a, mut b) = (a, b);
        while a != b {
            if a > b { a = self.loops[a] } else { b = self.loops[b] }
        }
        a
    }
}
