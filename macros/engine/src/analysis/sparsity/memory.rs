//! Arrays of sets. Where it is not known which element is meant, it may be any; an array of which the length is not known is
//! one set for all elements.

use super::{Known, Search, Set};
use crate::ir::{Content, Dim, Init, OpKind, Part, Place, PlaceId, Step, Val};
use std::ops::Range;

/// What the elements of an array depend on.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cells {
    /// The dimensions; none, if they are not known: then there is one set.
    dims: Option<Vec<usize>>,
    /// Row-major.
    pub all: Vec<Set>,
}

impl Cells {
    /// Empty sets.
    pub fn of(place: &Place) -> Self {
        let dims: Option<Vec<usize>> = place.dims.iter().map(length).collect();
        Cells::with(dims.filter(|_| place.record.is_none()), &Set::default())
    }

    fn with(dims: Option<Vec<usize>>, set: &Set) -> Self {
        // Of a part, the number of elements is a number, too, whatever other dimensions are zero.
        let dims = dims.filter(|dims| product(dims.iter().map(|d| Some(*d.max(&1)))).is_some_and(|n| n < 1 << 20));
        let count = dims.as_ref().map_or(1, |dims| dims.iter().product());
        Cells { dims, all: vec![set.clone(); count] }
    }

    fn add(&mut self, other: &Cells) {
        if self.dims != other.dims {
            let mut all = self.union();
            all.add(&other.union());
            *self = Cells { dims: None, all: vec![all] };
            return;
        }
        self.all.iter_mut().zip(&other.all).for_each(|(to, from)| to.add(from));
    }

    fn union(&self) -> Set {
        let mut all = Set::default();
        self.all.iter().for_each(|set| all.add(set));
        all
    }
}

/// A length that is a number.
#[must_use]
pub fn length(dim: &Dim) -> Option<usize> {
    let Dim::Fixed(tokens) = dim else { return None };
    let literal: syn::LitInt = syn::parse2(tokens.clone()).ok()?;
    literal.base10_parse().ok()
}

/// How many elements an array of these dimensions has, if that is a number.
#[must_use]
pub fn elements(dims: &[Dim]) -> Option<usize> {
    product(dims.iter().map(length))
}

/// How many elements several arrays have.
#[must_use]
pub fn total(mut each: impl Iterator<Item = Option<usize>>) -> Option<usize> {
    each.try_fold(0, |n: usize, count| n.checked_add(count?))
}

/// What is beyond all memory is no length.
fn product(mut dims: impl Iterator<Item = Option<usize>>) -> Option<usize> {
    dims.try_fold(1, |n: usize, dim| n.checked_mul(dim?))
}

impl Search<'_> {
    /// Where a part is among the elements of its array, and its dimensions, if that is known.
    fn locate(&self, part: &Part) -> Option<(Range<usize>, Vec<usize>)> {
        let cells = self.places.get(&part.place)?;
        let mut dims = cells.dims.clone()?;
        let mut start = 0;
        for step in &part.path {
            let rest: usize = dims.get(1..)?.iter().product();
            let index = |val: Val| usize::try_from(self.integer(val)?).ok();
            match step {
                Step::At(val) => {
                    let at = index(*val).filter(|at| *at < dims[0])?;
                    start += at * rest;
                    dims.remove(0);
                }
                Step::Range(lo, hi) => {
                    let (lo, hi) = (index(*lo)?, index(*hi).filter(|hi| *hi <= dims[0])?);
                    start += lo * rest;
                    dims[0] = hi.checked_sub(lo)?;
                }
                Step::From(lo) => {
                    let lo = index(*lo)?;
                    start += lo * rest;
                    dims[0] = dims[0].checked_sub(lo)?;
                }
                Step::Field(_) => return None,
            }
        }
        Some((start..start + dims.iter().product::<usize>(), dims))
    }

    pub(super) fn length(&self, part: &Part) -> Option<usize> {
        self.locate(part)?.1.first().copied()
    }

    /// What all elements of a part depend on.
    pub(super) fn union(&mut self, part: &Part) -> Set {
        let located = self.locate(part);
        let Some(cells) = self.places.get(&part.place) else { return Set::default() };
        let Some((range, _)) = located else {
            self.steps += cells.all.len();
            return cells.union();
        };
        self.steps += range.len();
        let mut all = Set::default();
        cells.all[range].iter().for_each(|set| all.add(set));
        all
    }

    pub(super) fn add_everywhere(&mut self, place: PlaceId, set: &Set) {
        let info = self.func.place_info(place);
        let cells = self.places.entry(place).or_insert_with(|| Cells::of(info));
        self.steps += cells.all.len();
        for cell in &mut cells.all {
            self.changed |= cell.grow(set);
        }
    }

    /// Each element of a part becomes one of these, in order, or any of them.
    fn put(&mut self, to: &Part, sets: &[Set], overwrite: bool) {
        let Some((range, _)) = self.locate(to) else {
            for set in sets {
                self.add_everywhere(to.place, set);
            }
            return;
        };
        self.steps += range.len();
        let overwrite = overwrite && self.unsure == 0;
        let Some(cells) = self.places.get_mut(&to.place) else { return };
        let in_order = sets.len() == range.len();
        for (k, cell) in cells.all[range].iter_mut().enumerate() {
            if overwrite {
                *cell = Set::default();
            }
            if in_order {
                self.changed |= cell.grow(&sets[k]);
            } else {
                sets.iter().for_each(|set| self.changed |= cell.grow(set));
            }
        }
    }

    /// The elements of a part, in order, or one for all.
    fn elements(&mut self, part: &Part) -> (Option<Vec<usize>>, Vec<Set>) {
        match self.locate(part) {
            Some((range, dims)) => (Some(dims), self.places[&part.place].all[range].to_vec()),
            None => (None, vec![self.union(part)]),
        }
    }

    pub(super) fn memory(&mut self, kind: &OpKind, results: &[Val]) {
        match kind {
            OpKind::Load(part) | OpKind::SumOf(part) => {
                let set = self.union(part);
                self.set_all(results, vec![Known { set, integer: None }]);
            }
            OpKind::Store(part, val) | OpKind::Fill(part, val) => {
                let set = self.get(*val).set;
                self.put(part, &[set], true);
            }
            OpKind::Accumulate(part, val) => {
                let set = self.get(*val).set;
                self.put(part, &[set], false);
            }
            OpKind::AddScaled(to, from, scale) => {
                let (_, mut sets) = self.elements(from);
                if let Some(scale) = scale {
                    let (scale, from) = (self.get(*scale).set, self.union(from));
                    self.meet(&scale, &from);
                    sets.iter_mut().for_each(|set| set.add(&scale));
                }
                self.put(to, &sets, false);
            }
            OpKind::Copy(to, from) => {
                let (_, sets) = self.elements(from);
                self.put(to, &sets, true);
            }
            OpKind::Alloc(place, init) => {
                let mut cells = self.begun(*place, init);
                if let Some(before) = self.places.get(place).filter(|_| self.unsure > 0) {
                    // What was there in another iteration stays, so that this comes to an end.
                    cells.add(before);
                    self.changed |= cells != *before;
                }
                self.places.insert(*place, cells);
            }
            OpKind::Grow(place, val) => {
                let set = self.get(*val).set;
                let sure = self.unsure == 0;
                if let Some(Cells { dims: Some(dims), all }) = self.places.get_mut(place)
                    && sure
                    && dims.len() == 1
                {
                    dims[0] += 1;
                    all.push(set);
                    return;
                }
                self.summarize(*place);
                self.add_everywhere(*place, &set);
            }
            OpKind::Shrink(place) => {
                let set = self.union(&Part::whole(*place));
                self.summarize(*place);
                self.set_all(results, vec![Known { set, integer: None }]);
            }
            OpKind::Append(place, part) => {
                let set = self.union(part);
                self.summarize(*place);
                self.add_everywhere(*place, &set);
            }
            OpKind::Dot(a, b) => {
                let (mut set, other) = (self.union(a), self.union(b));
                self.meet(&set, &other);
                set.add(&other);
                self.set_all(results, vec![Known { set, integer: None }]);
            }
            OpKind::Resize(place, _) => self.summarize(*place),
            OpKind::Reshape(to, _) => self.summarize(to.place),
            // No memory.
            OpKind::Const(..)
            | OpKind::Prim(..)
            | OpKind::Inactive(_)
            | OpKind::All(_)
            | OpKind::View(..)
            | OpKind::If(..)
            | OpKind::Loop(_)
            | OpKind::Call(_)
            | OpKind::TapeNew(..)
            | OpKind::Reserve(..)
            | OpKind::Push(..)
            | OpKind::Pop(..) => {}
        }
    }

    /// Makes an array one set.
    fn summarize(&mut self, place: PlaceId) {
        let cells = self.places.entry(place).or_default();
        if cells.dims.is_some() || cells.all.len() != 1 {
            *cells = Cells { dims: None, all: vec![cells.union()] };
            self.changed = true;
        }
    }

    /// How a local array begins.
    fn begun(&mut self, place: PlaceId, init: &Init) -> Cells {
        let info = self.func.place_info(place);
        let fixed: Option<Vec<usize>> = info.dims.iter().map(length).collect();
        let rows: Option<Vec<usize>> = info.dims.iter().skip(1).map(length).collect();
        let with_length = |len: Option<usize>| {
            let mut dims = rows.clone()?;
            dims.insert(0, len?);
            Some(dims)
        };
        let mut cells = match init {
            Init::Fill(val) => Cells::with(fixed, &self.get(*val).set),
            Init::Repeat(val, len) => {
                let len = self.integer(*len).and_then(|len| usize::try_from(len).ok());
                Cells::with(with_length(len), &self.get(*val).set)
            }
            Init::Empty => Cells { dims: (info.dims.len() == 1).then(|| vec![0]), all: Vec::new() },
            Init::Elements(vals) => {
                let all: Vec<Set> = vals.iter().map(|&val| self.get(val).set).collect();
                Cells { dims: Some(vec![all.len()]), all }
            }
            Init::Rows(parts) => self.rows(parts),
            Init::Copy(from) => {
                let (dims, all) = self.elements(from);
                Cells { dims, all }
            }
            Init::Like(from) => Cells::with(self.locate(from).map(|(_, dims)| dims), &Set::default()),
            Init::RepeatRow(row, len) => {
                let set = self.union(row);
                let (inner, len) = (self.locate(row).map(|(_, dims)| dims), self.integer(*len));
                let dims = inner.zip(len.and_then(|len| usize::try_from(len).ok())).map(|(mut dims, len)| {
                    dims.insert(0, len);
                    dims
                });
                Cells::with(dims, &set)
            }
            Init::Returned(returned) => Cells::with(fixed, &self.get(returned.from).set),
            Init::Members(made) => {
                let mut all = Set::default();
                for (_, content) in &made.members {
                    let set = match content {
                        Content::Number(val) | Content::Other(val) => self.get(*val).set,
                        Content::Part(part) => self.union(part),
                    };
                    all.add(&set);
                }
                Cells { dims: None, all: vec![all] }
            }
        };
        if cells.dims.as_ref().is_some_and(|dims| dims.iter().product::<usize>() != cells.all.len())
            || info.record.is_some()
        {
            cells = Cells { dims: None, all: vec![cells.union()] };
        }
        if cells.dims.is_none() && cells.all.is_empty() {
            cells.all.push(Set::default());
        }
        cells
    }

    fn rows(&mut self, parts: &[Part]) -> Cells {
        let (mut shape, mut all, mut even) = (None, Vec::new(), true);
        for part in parts {
            let (dims, sets) = self.elements(part);
            even &= dims.is_some() && shape.as_ref().is_none_or(|shape| Some(shape) == dims.as_ref());
            shape = dims;
            all.extend(sets);
        }
        let dims = shape.filter(|_| even).map(|mut dims| {
            dims.insert(0, parts.len());
            dims
        });
        match dims {
            Some(dims) => Cells { dims: Some(dims), all },
            None => Cells { dims: None, all: vec![Cells { dims: None, all }.union()] },
        }
    }
}
