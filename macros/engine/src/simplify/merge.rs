//! Common subexpressions. Input: a function. Output: the function in which a pure operation that was done already, on
//! the way to where it stands, is not done again. Reads of elements are among them, as long as nothing may have written
//! the element since: `held`.

use super::held::Held;
use crate::analysis::sums::each_op;
use crate::ir::{End, Func, OpKind, Part, PlaceId, Region, Stated, Storage, Ty, Val, Width};
use std::collections::{HashMap, HashSet};

/// What is known of a value's type.
type Type = (Ty, Option<Width>);

#[derive(PartialEq, Eq, Hash, Clone)]
enum Key {
    Prim(&'static str, Vec<Val>),
    Const(u64, u8, Option<Width>),
    Load(Part),
    Code(String, Vec<Val>, Vec<Part>, u8, Option<Width>),
}

/// Merges identical pure operations where one dominates the other.
pub fn merge(func: &mut Func) {
    let mut merger =
        Merger { known: HashMap::new(), held: Held::default(), rename: HashMap::new(), constant: HashSet::new() };
    let mut written = HashSet::new();
    each_op(&func.body, &mut |op| {
        op.kind.places_written(&mut |p| {
            written.insert(p);
        });
    });
    for index in 0..func.places.len() {
        let place = PlaceId(u32::try_from(index).unwrap_or(u32::MAX));
        if func.place_info(place).storage == Storage::Param && !written.contains(&place) {
            merger.constant.insert(place);
        }
    }
    let tys: Vec<Type> = func.vals.iter().map(|v| (v.ty, v.width.clone())).collect();
    merger.region(&mut func.body, &tys);
}

struct Merger {
    known: HashMap<Key, Val>,
    held: Held,
    rename: HashMap<Val, Val>,
    constant: HashSet<PlaceId>,
}

impl Merger {
    fn key(&self, kind: &OpKind, (ty, width): &Type) -> Option<Key> {
        Some(match kind {
            OpKind::Prim(prim, args) => {
                let mut args = args.clone();
                if matches!(prim.name, "add" | "mul") {
                    args.sort_unstable();
                }
                Key::Prim(prim.name, args)
            }
            OpKind::Const(value, _) => Key::Const(value.to_bits(), *ty as u8, width.clone()),
            OpKind::Load(part) if self.constant.contains(&part.place) => Key::Load(part.clone()),
            // What it reads of arrays must be the same at both places.
            OpKind::Inactive(code)
                if code.pure
                    && code.expression
                    && code.pattern.is_none()
                    && !matches!(code.stated, Stated::Like(_))
                    && code.places.iter().all(|(_, p)| self.constant.contains(&p.place)) =>
            {
                let reads = code.reads.iter().map(|(_, v)| *v).collect();
                let places = code.places.iter().map(|(_, p)| p.clone()).collect();
                Key::Code(code.tokens.to_string(), reads, places, *ty as u8, width.clone())
            }
            _ => return None,
        })
    }

    fn region(&mut self, region: &mut Region, tys: &[Type]) {
        let mut added = Vec::new();
        let mut ops = std::mem::take(&mut region.ops);
        ops.retain_mut(|op| {
            let rename = &self.rename;
            op.kind.map_reads(&mut |v| rename.get(&v).copied().unwrap_or(v));
            if let (&[result], OpKind::Load(part)) = (op.results.as_slice(), &op.kind)
                && !self.constant.contains(&part.place)
            {
                if let Some(earlier) = self.held.value(part) {
                    self.rename.insert(result, earlier);
                    return false;
                }
                self.held.read(part, result);
            } else if let &[result] = op.results.as_slice()
                && let Some(key) = self.key(&op.kind, &tys[result.0 as usize])
            {
                if let Some(&earlier) = self.known.get(&key) {
                    self.rename.insert(result, earlier);
                    return false;
                }
                self.known.insert(key.clone(), result);
                added.push(key);
            }
            self.held.done(&op.kind, &op.results);
            let looped = matches!(op.kind, OpKind::Loop(_));
            for inner in op.kind.regions_mut() {
                self.inner(inner, looped, tys);
            }
            true
        });
        region.ops = ops;
        let rename = &self.rename;
        match &mut region.end {
            End::Yield(vals) | End::Continue(vals) | End::Break(vals) => {
                for v in vals {
                    *v = rename.get(v).copied().unwrap_or(*v);
                }
            }
            End::Branch(cond, then, other) => {
                *cond = rename.get(cond).copied().unwrap_or(*cond);
                self.inner(then, false, tys);
                self.inner(other, false, tys);
            }
        }
        for key in added {
            self.known.remove(&key);
        }
    }
    fn inner(&mut self, region: &mut Region, looped: bool, tys: &[Type]) {
        self.held.enter(region, looped);
        self.region(region, tys);
        self.held.leave();
    }
}
