//! What was assumed of the fields of structs, when a function has been lowered: for the next round of lowering, and for rustc.

use super::opaque::Source;
use super::record::{Fields, Mentioned, Records, Way};
use crate::analysis::sums::each_op;
use crate::ir::{Check, End, Field, Func, Member, Op, OpKind, Part, Region, Sample, Step, Val};
use quote::quote;
use std::collections::HashSet;

/// What has to hold of fields: of those that are used, and of those that are data.
pub(super) fn checks(func: &Func, records: &Records) -> Vec<Check> {
    let mut list: Vec<(String, Check)> = Vec::new();
    // Of each place for itself: it is said where it begins.
    let mut add = |what: String, way: &Way, check: &dyn Fn(Sample) -> Check| {
        for place in records.places(&way.root) {
            let key = format!("{} {what}", place.0);
            if !list.iter().any(|(known, _)| *known == key) {
                list.push((key, check(Sample { place, way: way.tokens.clone() })));
            }
        }
    };
    let readers = Readers::of(&func.body);
    // What only code reads, which does with it what its type allows, may be of any type.
    let free =
        |op: &Op| matches!(op.kind, OpKind::Load(_)) && !op.results.iter().any(|val| readers.engine.contains(val));
    each_op(&func.body, &mut |op| {
        if free(op) {
            return;
        }
        op.kind.parts(&mut |part| {
            // Which index it takes is its own affair: a number, a pair, an array of two.
            let (inside, element) = match &part.path[..] {
                [before @ .., Step::Field(Field { member: Member::Elements, rank: 1, .. }), Step::At(_)] => {
                    (before, true)
                }
                all => (all, false),
            };
            for (k, step) in inside.iter().enumerate() {
                let Step::Field(field) = step else { continue };
                let base = Part { place: part.place, path: part.path[..k].to_vec() };
                if let Some(way) = records.way(&base) {
                    let member = &field.member;
                    add(format!("{way} follows {member}"), &way, &|at| Check::Follows(at, member.clone()));
                }
            }
            if element {
                let way = records.way(&Part { place: part.place, path: inside.to_vec() });
                return way.iter().for_each(|way| add(format!("{way} has elements"), way, &Check::Elements));
            }
            let fields = part.path.iter().any(|step| matches!(step, Step::Field(_)));
            if let Some(mut way) = records.way(part).filter(|_| fields && !func.holds_structs(part)) {
                for _ in 0..func.rank(part) {
                    way.tokens.extend(quote!([0]));
                }
                add(way.to_string(), &way, &Check::Float);
            }
        });
    });
    // Also where nothing shows any more that a derivative would be lost.
    for Mentioned { base, member, .. } in records.fields.borrow().data.values() {
        add(format!("{base} skips {member}"), base, &|at| Check::Skips(at, member.clone()));
    }
    list.into_iter().map(|(_, check)| check).collect()
}

/// Reads of fields that turned out to be no numbers are not wanted.
pub(super) fn wanted(func: &Func, prelude: Vec<Op>) -> Vec<Op> {
    let Readers { engine, code } = Readers::of(&func.body);
    prelude.into_iter().filter(|op| op.results.iter().any(|val| engine.contains(val) || code.contains(val))).collect()
}

/// Who reads values.
struct Readers {
    engine: HashSet<Val>,
    code: HashSet<Val>,
}

impl Readers {
    fn of(body: &Region) -> Self {
        let mut readers = Readers { engine: HashSet::new(), code: HashSet::new() };
        each_op(body, &mut |op| {
            let to = if matches!(op.kind, OpKind::Inactive(_)) { &mut readers.code } else { &mut readers.engine };
            op.kind.reads(&mut |val| {
                to.insert(val);
            });
        });
        readers.ends(body);
        readers
    }

    fn ends(&mut self, region: &Region) {
        for op in &region.ops {
            op.kind.regions().into_iter().for_each(|inner| self.ends(inner));
        }
        match &region.end {
            End::Branch(_, then, other) => {
                self.ends(then);
                self.ends(other);
            }
            leaf => self.engine.extend(leaf.values()),
        }
    }
}

/// What a lowered function tells of fields: those whose derivatives would be lost are data.
pub(super) fn found(records: &Records, lost: &[Source]) -> Fields {
    let mut fields = records.fields.borrow().clone();
    for source in lost {
        match source {
            Source::Field(k) => {
                if let Some(mentioned) = records.lost.borrow().get(*k) {
                    fields.is_data(mentioned);
                }
            }
            Source::Val(val) => {
                let mentioned = records.origin(*val).and_then(|part| records.mentioned(part));
                if let Some(mentioned) = mentioned.filter(|field| !fields.kind(&field.key).record) {
                    fields.is_data(&mentioned);
                }
            }
            Source::Place(_) => {}
        }
    }
    fields
}
