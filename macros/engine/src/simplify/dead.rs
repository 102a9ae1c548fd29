//! Dead code. Input: a function. Output: the function without operations whose results nothing reads that has an effect:
//! carried values, results of `if`s and fields of records on tapes included.

use crate::ir::{End, Func, Header, OpKind, PlaceId, Region, Storage, TapeId, Val};
use std::collections::HashMap;

/// Drops operations without effect whose results nothing reads, carried values and results of `if`s included.
pub(super) fn drop_unread(func: &mut Func) {
    loop {
        let live = Live::of(func);
        if !live.sweep(&mut func.body) {
            return;
        }
    }
}

/// What is read by something that has an effect, transitively.
struct Live {
    vals: Vec<bool>,
    places: Vec<bool>,
    /// Of each tape without arrays on it, which fields of a record.
    tapes: HashMap<TapeId, Vec<bool>>,
}

impl Live {
    fn of(func: &Func) -> Self {
        let n = func.vals.len();
        let mut graph = Graph {
            n,
            edges: vec![Vec::new(); n + func.places.len()],
            roots: Vec::new(),
            pushed: HashMap::new(),
            popped: Vec::new(),
        };
        for (index, place) in func.places.iter().enumerate() {
            if matches!(place.storage, Storage::Output | Storage::InOut | Storage::Result) {
                graph.roots.push(n + index);
            }
        }
        graph.region(&func.body, None);
        let mut live = vec![false; n + func.places.len()];
        let mut work = graph.roots;
        while let Some(node) = work.pop() {
            if !std::mem::replace(&mut live[node], true) {
                work.extend(&graph.edges[node]);
            }
        }
        let places = live.split_off(n);
        let fields = |(tape, results): (TapeId, Vec<Val>)| (tape, results.iter().map(|r| live[r.0 as usize]).collect());
        let tapes = graph.popped.into_iter().map(fields).collect();
        Live { vals: live, places, tapes }
    }

    fn val(&self, val: Val) -> bool {
        self.vals.get(val.0 as usize).copied().unwrap_or(false)
    }

    fn place(&self, place: PlaceId) -> bool {
        self.places.get(place.0 as usize).copied().unwrap_or(false)
    }

    fn sweep(&self, region: &mut Region) -> bool {
        let mut changed = false;
        region.ops.retain_mut(|op| {
            for inner in op.kind.regions_mut() {
                changed |= self.sweep(inner);
            }
            let keep: Vec<bool> = op.results.iter().map(|r| self.val(*r)).collect();
            match &mut op.kind {
                OpKind::If(_, then, other) => {
                    if keep.contains(&false) {
                        trim_leaves(then, &keep);
                        trim_leaves(other, &keep);
                        trim(&mut op.results, &keep);
                        changed = true;
                    }
                    let empty = |r: &Region| r.ops.is_empty() && matches!(r.end, End::Yield(_));
                    if op.results.is_empty() && empty(then) && empty(other) {
                        changed = true;
                        return false;
                    }
                    true
                }
                OpKind::Loop(l) => {
                    // A carried value is needed if its result or its param is.
                    let keep: Vec<bool> = keep.iter().zip(&l.params).map(|(k, p)| *k || self.val(*p)).collect();
                    if keep.contains(&false) {
                        trim(&mut l.params, &keep);
                        trim(&mut l.init, &keep);
                        trim(&mut op.results, &keep);
                        trim_leaves(&mut l.body, &keep);
                        changed = true;
                    }
                    let counted = l.trips.is_some_and(|t| self.val(t));
                    if !counted {
                        l.trips = None;
                    }
                    let bare = l.body.ops.is_empty() && matches!(l.body.end, End::Continue(_));
                    if op.results.is_empty() && !counted && bare && matches!(l.header, Header::Range(_)) {
                        changed = true;
                        return false;
                    }
                    true
                }
                OpKind::TapeNew(tape, _) | OpKind::Reserve(tape, _) => self.records(*tape),
                OpKind::Push(tape, vals, _) => {
                    self.trim_record(*tape, vals);
                    self.records(*tape)
                }
                OpKind::Pop(tape, _) => {
                    let before = op.results.len();
                    self.trim_record(*tape, &mut op.results);
                    changed |= op.results.len() < before;
                    self.records(*tape)
                }
                kind => {
                    if droppable(kind) && !keep.contains(&true) && !self.writes_live(kind) {
                        changed = true;
                        return false;
                    }
                    true
                }
            }
        });
        if let End::Branch(_, then, other) = &mut region.end {
            changed |= self.sweep(then);
            changed |= self.sweep(other);
        }
        changed
    }

    /// Whether the records of a tape hold anything.
    fn records(&self, tape: TapeId) -> bool {
        self.tapes.get(&tape).is_none_or(|fields| fields.contains(&true))
    }

    fn trim_record(&self, tape: TapeId, fields: &mut Vec<Val>) {
        if let Some(keep) = self.tapes.get(&tape) {
            trim(fields, keep);
        }
    }

    fn writes_live(&self, kind: &OpKind) -> bool {
        let mut live = false;
        kind.places_written(&mut |p| live |= self.place(p));
        if let OpKind::Alloc(place, _) = kind {
            live |= self.place(*place);
        }
        live
    }
}

/// Whether an operation has no effect but its results and what it writes to arrays.
fn droppable(kind: &OpKind) -> bool {
    match kind {
        OpKind::Inactive(code) => code.pure && code.expression && code.pattern.is_none(),
        OpKind::Const(..)
        | OpKind::Prim(..)
        | OpKind::All(_)
        | OpKind::Load(_)
        | OpKind::SumOf(_)
        | OpKind::Dot(..)
        | OpKind::Grow(..)
        | OpKind::Append(..)
        | OpKind::Shrink(_)
        | OpKind::Resize(..)
        | OpKind::Reshape(..)
        | OpKind::Store(..)
        | OpKind::Accumulate(..)
        | OpKind::Alloc(..)
        | OpKind::Copy(..)
        | OpKind::Fill(..)
        | OpKind::AddScaled(..) => true,
        OpKind::Call(_)
        | OpKind::View(..)
        | OpKind::TapeNew(..)
        | OpKind::Reserve(..)
        | OpKind::Push(..)
        | OpKind::Pop(..)
        | OpKind::If(..)
        | OpKind::Loop(_) => false,
    }
}

/// Values, then places; an edge leads from what may be live to what is live then, too.
struct Graph {
    n: usize,
    edges: Vec<Vec<usize>>,
    roots: Vec<usize>,
    /// What is pushed to each tape.
    pushed: HashMap<TapeId, Vec<Val>>,
    /// What is popped from each tape without arrays on it.
    popped: Vec<(TapeId, Vec<Val>)>,
}

impl Graph {
    fn root(&mut self, val: Val) {
        self.roots.push(val.0 as usize);
    }

    fn root_place(&mut self, place: PlaceId) {
        self.roots.push(self.n + place.0 as usize);
    }

    fn need(&mut self, result: Val, operand: Val) {
        self.edges[result.0 as usize].push(operand.0 as usize);
    }

    /// `targets`: per leaf position, the values that stand for it outside.
    fn region(&mut self, region: &Region, targets: Option<&[Vec<Val>]>) {
        for op in &region.ops {
            self.op(op);
        }
        match &region.end {
            End::Branch(cond, then, other) => {
                self.root(*cond);
                self.region(then, targets);
                self.region(other, targets);
            }
            leaf => match targets {
                None => leaf.values().iter().for_each(|&v| self.root(v)),
                Some(targets) => {
                    for (&val, outside) in leaf.values().iter().zip(targets) {
                        outside.iter().for_each(|&target| self.need(target, val));
                    }
                }
            },
        }
    }

    fn op(&mut self, op: &crate::ir::Op) {
        match &op.kind {
            OpKind::If(cond, then, other) => {
                self.root(*cond);
                let targets: Vec<Vec<Val>> = op.results.iter().map(|&r| vec![r]).collect();
                self.region(then, Some(&targets));
                self.region(other, Some(&targets));
            }
            OpKind::Loop(l) => {
                match &l.header {
                    Header::Range(r) => [Some(r.lo), Some(r.hi), r.step].iter().flatten().for_each(|&v| self.root(v)),
                    Header::Iterator { code, .. } => {
                        code.each_read(&mut |v| self.root(v));
                        code.places.iter().for_each(|(_, p)| self.root_place(p.place));
                    }
                    Header::Forever => {}
                }
                let targets: Vec<Vec<Val>> = op.results.iter().zip(&l.params).map(|(&r, &p)| vec![r, p]).collect();
                for (targets, &init) in targets.iter().zip(&l.init) {
                    targets.iter().for_each(|&t| self.need(t, init));
                }
                self.region(&l.body, Some(&targets));
            }
            kind if droppable(kind) => {
                let n = self.n;
                let mut to = Vec::new();
                kind.reads(&mut |v| to.push(v.0 as usize));
                kind.places_read(&mut |p| to.push(n + p.0 as usize));
                let mut from: Vec<usize> = op.results.iter().map(|r| r.0 as usize).collect();
                kind.places_written(&mut |p| from.push(n + p.0 as usize));
                if let OpKind::Alloc(place, _) = kind {
                    from.push(n + place.0 as usize);
                }
                from.into_iter().for_each(|node| self.edges[node].extend(&to));
            }
            OpKind::Push(tape, vals, places) => {
                self.pushed.insert(*tape, vals.clone());
                // A record with arrays keeps all that it has.
                if !places.is_empty() {
                    vals.iter().for_each(|&v| self.root(v));
                }
                places.iter().for_each(|&p| self.root_place(p));
            }
            OpKind::Pop(tape, places) => {
                for (result, val) in op.results.iter().zip(self.pushed.get(tape).cloned().unwrap_or_default()) {
                    self.need(*result, val);
                }
                places.iter().for_each(|&p| self.root_place(p));
                if places.is_empty() {
                    self.popped.push((*tape, op.results.clone()));
                }
            }
            kind => {
                kind.reads(&mut |v| self.root(v));
                kind.places_read(&mut |p| self.root_place(p));
                kind.places_written(&mut |p| self.root_place(p));
            }
        }
    }
}

fn trim<T>(items: &mut Vec<T>, keep: &[bool]) {
    let mut keep = keep.iter();
    items.retain(|_| keep.next().copied().unwrap_or(true));
}

fn trim_leaves(region: &mut Region, keep: &[bool]) {
    match &mut region.end {
        End::Yield(vals) | End::Continue(vals) | End::Break(vals) => trim(vals, keep),
        End::Branch(_, then, other) => {
            trim_leaves(then, keep);
            trim_leaves(other, keep);
        }
    }
}
