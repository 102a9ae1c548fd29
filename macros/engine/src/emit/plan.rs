//! Which operations are written inside the one expression that uses them. Input: a function. Output: per value, how often
//! it is read, and whether it may be written where it is read.
//!
//! An operation may move to its only reader if that is in the same region, and if no array is written between them where
//! the operation, or one that is written inside it, reads an array.

use crate::analysis::sums::each_op;
use crate::ir::{End, Func, Inactive, Op, OpKind, PlaceId, Region, Storage, Val};
use crate::rules::Form;
use std::collections::{HashMap, HashSet};

pub(super) struct Plan {
    pub uses: Vec<u32>,
    inline: Vec<bool>,
}

impl Plan {
    pub(super) fn new(func: &Func) -> Self {
        let mut plan = Plan { uses: vec![0; func.vals.len()], inline: vec![false; func.vals.len()] };
        plan.count(&func.body);
        plan.region(&func.body, func);
        plan.hold_lengths(func);
        plan
    }

    pub(super) fn used(&self, val: Val) -> bool {
        self.uses[val.0 as usize] > 0
    }

    pub(super) fn once(&self, val: Val) -> bool {
        self.uses[val.0 as usize] == 1
    }

    pub(super) fn inline(&self, val: Val) -> bool {
        self.inline[val.0 as usize]
    }

    /// Of a part of a part that is written, no bound asks an array for its length: the way to it borrows the array mutably,
    /// step by step.
    fn hold_lengths(&mut self, func: &Func) {
        let (mut codes, mut waiting) = (HashMap::new(), Vec::new());
        each_op(&func.body, &mut |op| match (&op.kind, op.results.as_slice()) {
            (OpKind::Inactive(code), &[result]) => _ = codes.insert(result, code),
            (OpKind::Load(_) | OpKind::SumOf(_), _) => {}
            (kind, _) => kind.parts(&mut |part| {
                if part.path.len() > 1 && func.place_info(part.place).storage != Storage::Param {
                    waiting.extend(part.vals());
                }
            }),
        });
        let mut seen = HashSet::new();
        while let Some(val) = waiting.pop() {
            let Some(code) = codes.get(&val).filter(|_| seen.insert(val)) else { continue };
            if !code.places.is_empty() {
                self.inline[val.0 as usize] = false;
            }
            code.each_read(&mut |read| waiting.push(read));
        }
    }

    fn count(&mut self, region: &Region) {
        for op in &region.ops {
            op.kind.reads(&mut |v| self.uses[v.0 as usize] += 1);
            op.kind.regions().into_iter().for_each(|r| self.count(r));
        }
        match &region.end {
            End::Branch(cond, then, other) => {
                self.uses[cond.0 as usize] += 1;
                self.count(then);
                self.count(other);
            }
            leaf => leaf.values().iter().for_each(|v| self.uses[v.0 as usize] += 1),
        }
    }

    fn region(&mut self, region: &Region, func: &Func) {
        // The last position at which each value is read directly in this region.
        let mut reader: HashMap<Val, usize> = HashMap::new();
        // The next value of a loop's variable needs no name of its own.
        let steps: HashSet<Val> = match &region.end {
            End::Continue(vals) | End::Break(vals) => vals.iter().copied().collect(),
            _ => HashSet::new(),
        };
        for (k, op) in region.ops.iter().enumerate() {
            op.kind.regions().into_iter().for_each(|r| self.region(r, func));
            if takes_expressions(&op.kind) {
                op.kind.reads(&mut |v| {
                    reader.insert(v, k);
                });
            }
        }
        match &region.end {
            End::Branch(_, then, other) => {
                self.region(then, func);
                self.region(other, func);
            }
            leaf => leaf.values().iter().for_each(|v| {
                reader.insert(*v, region.ops.len());
            }),
        }
        // How many writing operations there are before each position.
        let mut writes = vec![0_u32; region.ops.len() + 1];
        for (k, op) in region.ops.iter().enumerate() {
            writes[k + 1] = writes[k] + u32::from(writes_something(op));
        }
        // From the end: where each operation will be written.
        let mut written_at: Vec<usize> = (0..=region.ops.len()).collect();
        for (k, op) in region.ops.iter().enumerate().rev() {
            let &[result] = op.results.as_slice() else { continue };
            if let OpKind::All(conds) = &op.kind {
                self.inline[result.0 as usize] = conds.is_empty() || (self.once(result) && decides(region, k, result));
                continue;
            }
            if let OpKind::Inactive(code) = &op.kind {
                self.inline[result.0 as usize] = still(code, func) || decides(region, k, result);
                continue;
            }
            let Some(&user) = reader.get(&result) else { continue };
            let named = func.info(result).name.is_some() && !steps.contains(&result);
            if !self.once(result) || named || !movable(&op.kind) {
                continue;
            }
            let at = written_at[user];
            let still = matches!(&op.kind, OpKind::Load(p) if func.place_info(p.place).storage == Storage::Param);
            let pure = matches!(&op.kind, OpKind::Prim(..));
            // What is written inside a primitive may be a load: it moves, too.
            if still || pure || writes[k] == writes[at] {
                written_at[k] = at;
                self.inline[result.0 as usize] = true;
            }
        }
        self.hold_back(region, &writes, &written_at, func);
    }

    /// A load that would move past a write by way of the primitive that it is written in stays where it is.
    fn hold_back(&mut self, region: &Region, writes: &[u32], written_at: &[usize], func: &Func) {
        for (k, op) in region.ops.iter().enumerate() {
            if let (OpKind::Load(p), &[result]) = (&op.kind, op.results.as_slice()) {
                let constant = func.place_info(p.place).storage == Storage::Param;
                if !constant && writes[k] != writes[written_at[k]] {
                    self.inline[result.0 as usize] = false;
                }
            }
        }
    }
}

/// Whether the user's code means the same wherever its reads are available: what it names of arrays never changes, or
/// is their length.
fn still(code: &Inactive, func: &Func) -> bool {
    let length = |name: &proc_macro2::Ident| code.tokens.to_string() == quote::quote!(#name.len()).to_string();
    let fixed = |place: PlaceId| func.place_info(place).storage == Storage::Param;
    let keeps = |place: PlaceId| !func.place_info(place).growing;
    code.pure && code.places.iter().all(|(name, p)| fixed(p.place) || (length(name) && keeps(p.place)))
}

/// Whether the operation at `k` is a condition that is read right after it.
fn decides(region: &Region, k: usize, result: Val) -> bool {
    match (region.ops.get(k + 1).map(|op| &op.kind), &region.end) {
        (Some(OpKind::If(cond, ..)), _) | (None, End::Branch(cond, ..)) => *cond == result,
        _ => false,
    }
}

fn movable(kind: &OpKind) -> bool {
    matches!(kind, OpKind::Prim(..) | OpKind::Load(_))
}

fn takes_expressions(kind: &OpKind) -> bool {
    match kind {
        OpKind::Prim(prim, _) => !matches!(prim.form, Form::Code(_)),
        OpKind::Store(..) | OpKind::Accumulate(..) | OpKind::Grow(..) | OpKind::Loop(_) => true,
        _ => false,
    }
}

fn writes_something(op: &Op) -> bool {
    let nested = !op.kind.regions().is_empty();
    nested
        || matches!(
            op.kind,
            OpKind::Store(..)
                | OpKind::Accumulate(..)
                | OpKind::Alloc(..)
                | OpKind::Copy(..)
                | OpKind::Fill(..)
                | OpKind::AddScaled(..)
                | OpKind::Grow(..)
                | OpKind::Append(..)
                | OpKind::Shrink(_)
                | OpKind::Resize(..)
                | OpKind::Reshape(..)
                | OpKind::Call(_)
                | OpKind::Push(..)
                | OpKind::Pop(..)
        )
        || matches!(&op.kind, OpKind::Inactive(code) if !code.pure)
}
