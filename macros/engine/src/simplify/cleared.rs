//! Cotangents that are taken out of an array only to go back. Input: derivative code. Output: the same with
//! `v = d[i]; d[i] = 0; d[i] += v` as `v = d[i]`, and with `d[i] = 0; d[i] += v` as `d[i] = v`, which changes at most the
//! sign of a zero. The reverse of `a[i] += e` and of `a[i] *= e` is written in these ways.
//!
//! Nothing may touch the element between the operations, so they stand in one region.

use super::held::{KEPT, Numbers};
use crate::ir::{End, Func, OpKind, Part, PlaceId, Region, Storage, Val};
use std::collections::{HashMap, HashSet};

/// Leaves out what clears an element that is added to next.
pub(super) fn keep_cotangents(func: &mut Func) {
    let derived: Vec<bool> = func.places.iter().map(|p| p.storage == Storage::Derived).collect();
    let mut walk = Walk { derived, zeros: HashSet::new(), numbers: Numbers::default() };
    walk.region(&mut func.body);
}

struct Walk {
    /// Which places are the engine's own.
    derived: Vec<bool>,
    zeros: HashSet<Val>,
    numbers: Numbers,
}

/// What was done to an element, if nothing has touched it since.
enum Done {
    Read(Val),
    /// By the operation of this number; what it held before, if that was read.
    Cleared(usize, Option<Val>),
}

impl Walk {
    fn region(&mut self, region: &mut Region) {
        let mut elements: HashMap<PlaceId, Vec<(Part, Done)>> = HashMap::new();
        let mut dropped = HashSet::new();
        for index in 0..region.ops.len() {
            let op = &mut region.ops[index];
            self.numbers.learn(&op.kind, &op.results);
            match &op.kind {
                OpKind::Const(value, _) if *value == 0.0 => self.zeros.extend(op.results.first()),
                OpKind::Load(part) if self.derived(part) => {
                    self.touch(&mut elements, part, Some(Done::Read(op.results[0])));
                }
                OpKind::Store(part, val) if self.derived(part) => {
                    let held = match self.touch(&mut elements, part, None) {
                        Some(Done::Read(held)) => Some(held),
                        _ => None,
                    };
                    if self.zeros.contains(val) {
                        self.touch(&mut elements, part, Some(Done::Cleared(index, held)));
                    }
                }
                OpKind::Accumulate(part, val) if self.derived(part) => {
                    if let Some(Done::Cleared(clearing, held)) = self.touch(&mut elements, part, None) {
                        dropped.insert(clearing);
                        if held == Some(*val) {
                            dropped.insert(index);
                        } else {
                            op.kind = OpKind::Store(part.clone(), *val);
                        }
                    }
                }
                kind => {
                    kind.places_read(&mut |place| drop(elements.remove(&place)));
                    kind.places_written(&mut |place| drop(elements.remove(&place)));
                    let inner = op.kind.regions_mut();
                    if !inner.is_empty() {
                        elements.clear();
                    }
                    inner.into_iter().for_each(|region| self.region(region));
                }
            }
        }
        let mut index = 0;
        region.ops.retain(|_| {
            index += 1;
            !dropped.contains(&(index - 1))
        });
        if let End::Branch(_, then, other) = &mut region.end {
            self.region(then);
            self.region(other);
        }
    }

    /// Something is done to an element. Returns what was done to it last.
    fn touch(
        &self,
        elements: &mut HashMap<PlaceId, Vec<(Part, Done)>>,
        part: &Part,
        done: Option<Done>,
    ) -> Option<Done> {
        let elements = elements.entry(part.place).or_default();
        let last = elements.iter().position(|(known, _)| known == part).map(|at| elements.remove(at).1);
        elements.retain(|(known, _)| self.numbers.apart(known, part));
        if let Some(done) = done.filter(|_| elements.len() < KEPT) {
            elements.push((part.clone(), done));
        }
        last
    }

    fn derived(&self, part: &Part) -> bool {
        self.derived.get(part.place.0 as usize).copied().unwrap_or(false)
    }
}
