//! What elements of arrays hold, as far as they were read and not written since, on a walk through a function.
//!
//! Two ways to an element are the same if their steps are; they are apart if, behind the same views, at one step both are
//! numbers, or fields, and not the same. Whatever else is written to an array makes all of it unknown. What an arm or the
//! body of a loop finds out is forgotten where it ends, and what it may have written is unknown after it; to a loop that
//! goes around, before it, too. At most [`KEPT`] elements of an array are remembered, so that a long body costs no more
//! than its length.

use crate::analysis::sums::each_op;
use crate::ir::{OpKind, Part, PlaceId, Region, Step, Val};
use std::collections::{HashMap, HashSet};

/// How many elements of one array are remembered.
pub(super) const KEPT: usize = 32;

/// The elements that are known.
#[derive(Default)]
pub(super) struct Held {
    elements: HashMap<PlaceId, Vec<(Part, Val)>>,
    /// Of each region around, innermost last, what it has changed.
    regions: Vec<Changes>,
    numbers: Numbers,
}

/// The integers among the values.
#[derive(Default)]
pub(super) struct Numbers(HashMap<Val, i32>);

#[derive(Default)]
struct Changes {
    /// What was known of an array when the region began.
    before: HashMap<PlaceId, Vec<(Part, Val)>>,
    written: HashSet<PlaceId>,
}

impl Held {
    /// The value that an element holds.
    pub(super) fn value(&self, part: &Part) -> Option<Val> {
        self.elements.get(&part.place)?.iter().find(|(known, _)| known == part).map(|(_, val)| *val)
    }

    /// An element was read.
    pub(super) fn read(&mut self, part: &Part, val: Val) {
        let elements = self.changing(part.place);
        if elements.len() >= KEPT {
            elements.remove(0);
        }
        elements.push((part.clone(), val));
    }

    /// An operation is done, all but what the regions in it do.
    pub(super) fn done(&mut self, kind: &OpKind, results: &[Val]) {
        self.numbers.learn(kind, results);
        match kind {
            OpKind::Store(part, _) | OpKind::Accumulate(part, _) => return self.wrote(part),
            OpKind::Alloc(place, _) => self.wrote_all(*place),
            OpKind::Pop(_, places) => places.iter().for_each(|&place| self.wrote_all(place)),
            _ => {}
        }
        kind.places_written(&mut |place| self.wrote_all(place));
    }

    fn wrote(&mut self, part: &Part) {
        self.note(part.place);
        if self.elements.contains_key(&part.place) {
            let numbers = std::mem::take(&mut self.numbers);
            self.changing(part.place).retain(|(known, _)| numbers.apart(known, part));
            self.numbers = numbers;
        }
    }

    fn wrote_all(&mut self, place: PlaceId) {
        self.note(place);
        if self.elements.contains_key(&place) {
            self.changing(place).clear();
        }
    }

    fn note(&mut self, place: PlaceId) {
        if let Some(region) = self.regions.last_mut() {
            region.written.insert(place);
        }
    }

    fn changing(&mut self, place: PlaceId) -> &mut Vec<(Part, Val)> {
        let elements = self.elements.entry(place).or_default();
        if let Some(region) = self.regions.last_mut() {
            region.before.entry(place).or_insert_with(|| elements.clone());
        }
        elements
    }

    /// An arm or the body of a loop begins.
    pub(super) fn enter(&mut self, region: &Region, looped: bool) {
        if looped {
            let mut written = Vec::new();
            each_op(region, &mut |op| op.kind.places_written(&mut |place| written.push(place)));
            written.into_iter().for_each(|place| self.wrote_all(place));
        }
        self.regions.push(Changes::default());
    }

    /// It ends.
    pub(super) fn leave(&mut self) {
        let Some(region) = self.regions.pop() else { return };
        self.elements.extend(region.before);
        region.written.into_iter().for_each(|place| self.wrote_all(place));
    }
}

impl Numbers {
    /// An operation is met.
    pub(super) fn learn(&mut self, kind: &OpKind, results: &[Val]) {
        if let (OpKind::Inactive(code), &[result]) = (kind, results)
            && let Some(number) = code.integer()
        {
            self.0.insert(result, number);
        }
    }

    /// Whether two ways to elements of one array never lead to the same one. Behind different views of the array, the same
    /// index is another element, so that nothing is known from there on.
    pub(super) fn apart(&self, one: &Part, other: &Part) -> bool {
        for steps in one.path.iter().zip(&other.path) {
            match steps {
                (Step::At(a), Step::At(b)) if matches!((self.0.get(a), self.0.get(b)), (Some(a), Some(b)) if a != b) => {
                    return true;
                }
                (Step::Field(a), Step::Field(b)) if a.member.is_apart_from(&b.member) => return true,
                (Step::At(_), Step::At(_)) => {}
                (Step::Field(a), Step::Field(b)) if a.member == b.member => {}
                (a, b) if a == b => {}
                _ => return false,
            }
        }
        false
    }
}
