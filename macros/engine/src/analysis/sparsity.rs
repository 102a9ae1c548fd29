//! Which numbers depend on which: the structural nonzeros of a Jacobian and of a Hessian. Input: a function whose parameters in
//! `wrt` have lengths that are numbers. Output: for each result, or for each parameter, the set of columns.
//!
//! The function is run with sets in the place of floats: loops over ranges that are known go through iteration by iteration,
//! and integers are computed where they can be. What is not known is assumed: both arms of a branch, every element of an
//! array, any number of iterations, until nothing changes. So a pattern has more than there is at worst, and never less.
//!
//! A Hessian has an entry where two parameters meet in something that is not linear in pieces: in a product those of one
//! factor meet those of the other, in all else each meets each. What is linear in pieces has no row in `rules::series`.

mod integer;
mod memory;
mod set;

pub use memory::{elements, length, total};
pub use set::{Set, colours};

use crate::ir::{
    Arg, Call, End, Func, Header, Loop, Op, OpKind, Param, ParamKind, Passing, PlaceId, Range, Region, Storage, Val,
};
use crate::rules::derivative::{DIV, MUL, MUL_ADD};
use crate::rules::{Prim, series};
use memory::Cells;
use std::collections::HashMap;

/// What is too much to look through while a crate compiles.
const STEPS: usize = 4_000_000;

/// What is known of a value: what it depends on, and what it is, if that is an integer or a condition.
#[derive(Clone, Default, PartialEq)]
struct Known {
    set: Set,
    integer: Option<i64>,
}

impl Known {
    fn join(&mut self, other: &Known) {
        self.set.add(&other.set);
        if self.integer != other.integer {
            self.integer = None;
        }
    }
}

/// Where the leaves of a region lead, and with what.
#[derive(Default)]
struct Leaves {
    yields: Option<Vec<Known>>,
    continues: Option<Vec<Known>>,
    breaks: Option<Vec<Known>>,
}

fn join(all: &mut Option<Vec<Known>>, other: Option<Vec<Known>>) {
    match (all.as_mut(), other) {
        (Some(all), Some(other)) => all.iter_mut().zip(&other).for_each(|(a, b)| a.join(b)),
        (None, other) => *all = other,
        (Some(_), None) => {}
    }
}

/// The structural nonzeros.
pub struct Pattern {
    /// For each number that a function returns in places, row by row, the columns.
    pub jacobian: Vec<Set>,
    /// For each parameter, those that it meets.
    pub hessian: Vec<Set>,
}

/// Finds them; nothing, if that takes too long. Columns are the numbers of the parameters in `wrt`, one after another.
#[must_use]
pub fn pattern(func: &Func, columns: usize) -> Option<Pattern> {
    let mut search = Search {
        func,
        known: HashMap::new(),
        places: HashMap::new(),
        hessian: vec![Set::default(); columns],
        unsure: 0,
        steps: 0,
        changed: false,
    };
    let mut next = 0;
    for param in &func.params {
        match param.kind {
            ParamKind::Float(val) if param.wrt => {
                search.known.insert(val, Known { set: Set::one(next), integer: None });
                next += 1;
            }
            ParamKind::Place(place) => {
                let mut cells = Cells::of(func.place_info(place));
                if param.wrt {
                    for set in &mut cells.all {
                        *set = Set::one(next);
                        next += 1;
                    }
                }
                search.places.insert(place, cells);
            }
            _ => {}
        }
    }
    for &place in &func.results {
        search.places.insert(place, Cells::of(func.place_info(place)));
    }
    search.region(&func.body)?;
    let jacobian = outputs(func).iter().flat_map(|place| search.places[place].all.clone()).collect();
    Some(Pattern { jacobian, hessian: search.hessian })
}

/// What it returns, or else what it leaves behind a `&mut`.
fn outputs(func: &Func) -> Vec<PlaceId> {
    let lent = |param: &Param| match param.kind {
        ParamKind::Place(place) if func.place_info(place).storage == Storage::InOut => Some(place),
        _ => None,
    };
    if func.results.is_empty() { func.params.iter().filter_map(lent).collect() } else { func.results.clone() }
}

struct Search<'f> {
    func: &'f Func,
    known: HashMap<Val, Known>,
    places: HashMap<PlaceId, Cells>,
    hessian: Vec<Set>,
    /// How many branches and loops, of which it is not known whether they are run, are around.
    unsure: usize,
    steps: usize,
    /// Whether an array or the Hessian has more in it than before.
    changed: bool,
}

impl Search<'_> {
    fn get(&self, val: Val) -> Known {
        self.known.get(&val).cloned().unwrap_or_default()
    }

    fn all(&self, vals: &[Val]) -> Vec<Known> {
        vals.iter().map(|&val| self.get(val)).collect()
    }

    fn set_all(&mut self, vals: &[Val], known: Vec<Known>) {
        self.known.extend(vals.iter().copied().zip(known));
    }

    fn integer(&self, val: Val) -> Option<i64> {
        self.known.get(&val).and_then(|known| known.integer)
    }

    fn region(&mut self, region: &Region) -> Option<Leaves> {
        for op in &region.ops {
            self.op(op)?;
        }
        Some(match &region.end {
            End::Yield(vals) => Leaves { yields: Some(self.all(vals)), ..Leaves::default() },
            End::Continue(vals) => Leaves { continues: Some(self.all(vals)), ..Leaves::default() },
            End::Break(vals) => Leaves { breaks: Some(self.all(vals)), ..Leaves::default() },
            End::Branch(cond, then, other) => self.arms(*cond, then, other)?,
        })
    }

    /// The arm that is taken, or both.
    fn arms(&mut self, cond: Val, then: &Region, other: &Region) -> Option<Leaves> {
        if let Some(cond) = self.integer(cond) {
            return self.region(if cond == 0 { other } else { then });
        }
        self.unsure += 1;
        let mut leaves = self.region(then)?;
        let others = self.region(other)?;
        self.unsure -= 1;
        join(&mut leaves.yields, others.yields);
        join(&mut leaves.continues, others.continues);
        join(&mut leaves.breaks, others.breaks);
        Some(leaves)
    }

    fn op(&mut self, op: &Op) -> Option<()> {
        self.steps += 1;
        if self.steps > STEPS {
            return None;
        }
        match &op.kind {
            OpKind::Const(..) | OpKind::All(_) | OpKind::View(..) => self.forget(&op.results),
            OpKind::Prim(prim, args) => {
                let set = self.primitive(prim, args);
                self.set_all(&op.results, vec![Known { set, integer: None }]);
            }
            OpKind::Inactive(code) => {
                let integer = self.evaluate(code);
                self.forget(&op.results);
                if let &[result] = op.results.as_slice() {
                    self.known.insert(result, Known { set: Set::default(), integer });
                }
            }
            OpKind::If(cond, then, other) => {
                let leaves = self.arms(*cond, then, other)?;
                self.set_all(&op.results, leaves.yields.unwrap_or_default());
            }
            OpKind::Loop(l) => {
                let known = self.a_loop(l)?;
                self.set_all(&op.results, known);
            }
            OpKind::Call(call) => self.call(call, &op.results),
            // Of reverse mode.
            OpKind::TapeNew(..) | OpKind::Reserve(..) | OpKind::Push(..) | OpKind::Pop(..) => return None,
            kind => self.memory(kind, &op.results),
        }
        Some(())
    }

    fn forget(&mut self, results: &[Val]) {
        for result in results {
            self.known.remove(result);
        }
    }

    fn primitive(&mut self, prim: Prim, args: &[Val]) -> Set {
        let sets: Vec<Set> = args.iter().map(|&arg| self.get(arg).set).collect();
        let mut all = Set::default();
        sets.iter().for_each(|set| all.add(set));
        self.steps += sets.len();
        if prim == &MUL || prim == &MUL_ADD {
            self.meet(&sets[0], &sets[1]);
        } else if prim == &DIV {
            self.meet(&sets[0], &sets[1]);
            self.meet(&sets[1], &sets[1]);
        } else if series::row(prim).is_some() {
            self.meet(&all, &all);
        }
        all
    }

    /// Each of some meets each of others.
    fn meet(&mut self, some: &Set, others: &Set) {
        if some.is_empty() || others.is_empty() {
            return;
        }
        for (these, those) in [(some, others), (others, some)] {
            for column in these.iter() {
                self.steps += 1;
                self.changed |= self.hessian[column].grow(those);
            }
        }
    }

    fn call(&mut self, call: &Call, results: &[Val]) {
        let mut all = Set::default();
        for arg in &call.args {
            match arg {
                Arg::Float(val) => all.add(&self.get(*val).set),
                Arg::Part(part, _) => all.add(&self.union(part)),
                Arg::Receiver(code) => {
                    code.places.iter().for_each(|(_, part)| all.add(&self.union(part)));
                }
                Arg::Inactive(_) => {}
            }
        }
        self.meet(&all, &all);
        let written = call.args.iter().filter_map(|arg| match arg {
            Arg::Part(part, Passing::Mutable | Passing::Plain) => Some(part.place),
            _ => None,
        });
        for place in written.chain(call.returned.iter().copied()) {
            self.add_everywhere(place, &all);
        }
        let known = Known { set: all, integer: None };
        self.set_all(results, vec![known; results.len()]);
    }

    fn a_loop(&mut self, l: &Loop) -> Option<Vec<Known>> {
        let init = self.all(&l.init);
        self.forget(l.trips.as_slice());
        match &l.header {
            Header::Range(range) => match self.range(range) {
                Some(items) => self.through(l, init, &items),
                None => self.until_nothing_changes(l, init),
            },
            Header::Iterator { binds, .. } => {
                self.forget(binds);
                self.until_nothing_changes(l, init)
            }
            Header::Forever => self.until_nothing_changes(l, init),
        }
    }

    fn range(&self, range: &Range) -> Option<Vec<i64>> {
        let (lo, hi) = (self.integer(range.lo)?, self.integer(range.hi)?);
        let step = match range.step {
            Some(step) => usize::try_from(self.integer(step)?).ok().filter(|step| *step > 0)?,
            None => 1,
        };
        let hi = if range.inclusive { hi.checked_add(1)? } else { hi };
        if hi.saturating_sub(lo) > i64::try_from(STEPS).ok()? {
            return None;
        }
        let mut items: Vec<i64> = (lo..hi).collect();
        // `.step_by(k).rev()` and `.rev().step_by(k)` are not the same, unless one of them is missing.
        if range.reversed && step > 1 {
            return None;
        }
        if range.reversed {
            items.reverse();
        }
        Some(items.into_iter().step_by(step).collect())
    }

    /// Iteration by iteration.
    fn through(&mut self, l: &Loop, init: Vec<Known>, items: &[i64]) -> Option<Vec<Known>> {
        let (mut carried, mut left, outside) = (Some(init), None, self.unsure);
        for &item in items {
            let Some(values) = carried.take() else { break };
            self.set_all(&l.params, values);
            if let Some(index) = l.index {
                self.known.insert(index, Known { set: Set::default(), integer: Some(item) });
            }
            let leaves = self.region(&l.body)?;
            if leaves.breaks.is_some() && self.unsure == outside {
                self.unsure += 1;
            }
            join(&mut left, leaves.breaks);
            carried = leaves.continues;
        }
        self.unsure = outside;
        join(&mut left, carried);
        Some(left.unwrap_or_default())
    }

    /// Any number of iterations.
    fn until_nothing_changes(&mut self, l: &Loop, init: Vec<Known>) -> Option<Vec<Known>> {
        let (mut all, before) = (Some(init), self.changed);
        self.unsure += 1;
        self.forget(l.index.as_slice());
        loop {
            self.changed = false;
            let known = all.clone().unwrap_or_default();
            self.set_all(&l.params, known.clone());
            let leaves = self.region(&l.body)?;
            join(&mut all, leaves.continues);
            join(&mut all, leaves.breaks);
            if !self.changed && all.as_ref() == Some(&known) {
                break;
            }
        }
        self.unsure -= 1;
        self.changed = before || self.changed;
        all
    }
}
