//! Activity: what depends on the parameters in `wrt`. Input: a function. Output: a set of values and places, the least
//! one that is closed under data flow, loops included.
//!
//! Forward mode asks for no more: a tangent that nothing uses is dead code. A reverse sweep asks for the other half, too
//! ([`Varied::that_matters`]): what a loop carries and nothing uses would have an adjoint that is always zero, and zero times
//! an infinite partial is no number.

use crate::analysis::sums::each_op;
use crate::ir::{
    Arg, Call, End, Func, Given, Init, OpKind, Param, ParamKind, PlaceId, Region, Storage, TapeId, Ty, Val,
};
use crate::reverse::Gradient;
use crate::rules::Partial;
use std::collections::HashMap;

/// What depends on the parameters.
#[derive(Debug, Clone)]
pub struct Varied {
    vals: Vec<bool>,
    places: Vec<bool>,
}

impl Varied {
    /// Whether a value does.
    #[must_use]
    pub fn val(&self, val: Val) -> bool {
        self.vals.get(val.0 as usize).copied().unwrap_or(false)
    }

    /// Whether an array does.
    #[must_use]
    pub fn place(&self, place: PlaceId) -> bool {
        self.places.get(place.0 as usize).copied().unwrap_or(false)
    }

    /// What of it flows into what the function yields or leaves, or into what a call may write.
    #[must_use]
    pub fn that_matters(&self, func: &Func) -> Varied {
        let graph = Graph::of(func);
        let mut work: Vec<usize> = Vec::new();
        func.body.leaves(&mut |leaf| work.extend(leaf.values().iter().map(|val| val.0 as usize)));
        let mut left: Vec<PlaceId> = func.results.clone();
        left.extend(
            (0_u32..).map(PlaceId).zip(&func.places).filter(|(_, p)| p.storage == Storage::InOut).map(|(id, _)| id),
        );
        each_op(&func.body, &mut |op| {
            if let OpKind::Call(call) = &op.kind {
                left.extend(call.all_written());
            }
        });
        work.extend(left.iter().map(|place| graph.n + place.0 as usize));
        let mut back = vec![Vec::new(); graph.edges.len()];
        for (from, edges) in graph.edges.iter().enumerate() {
            edges.iter().for_each(|&to| back[to as usize].push(u32::try_from(from).unwrap_or(u32::MAX)));
        }
        let mut vals = reached(&back, work);
        let mut places = vals.split_off(graph.n);
        vals.iter_mut().zip(&self.vals).for_each(|(matters, varies)| *matters &= varies);
        places.iter_mut().zip(&self.places).for_each(|(matters, varies)| *matters &= varies);
        Varied { vals, places }
    }
}

/// Analyses a function: what depends on the parameters in `wrt`.
#[must_use]
pub fn varied(func: &Func) -> Varied {
    reached_from(func, &Sources::default())
}

/// The same of one parameter, by its number.
#[must_use]
pub fn varied_by(func: &Func, param: usize) -> Varied {
    reached_from(func, &Sources { only: Some(param), ..Sources::default() })
}

/// The same, where what is behind a `&mut` may depend on them when the function begins: of tangents and cotangents that
/// come with it, and go.
#[must_use]
pub fn varied_with_buffers(func: &Func) -> Varied {
    reached_from(func, &Sources { buffers: true, ..Sources::default() })
}

/// The same of a product with a cotangent, which depends on that, too.
#[must_use]
pub fn varied_with_cotangents(product: &Gradient) -> Varied {
    reached_from(&product.func, &Sources { buffers: true, cotangents: Some(product), only: None })
}

/// What may vary when the function begins, beside the parameters in `wrt`.
#[derive(Default)]
struct Sources<'a> {
    /// Not all of these, but this.
    only: Option<usize>,
    /// What is behind a `&mut`.
    buffers: bool,
    /// The cotangents of this product.
    cotangents: Option<&'a Gradient>,
}

fn reached_from(func: &Func, sources: &Sources<'_>) -> Varied {
    let graph = Graph::of(func);
    let n = graph.n;
    let mut work: Vec<usize> = Vec::new();
    let given = |p: &&Param| match p.kind {
        ParamKind::Place(place) if func.place_info(place).storage == Storage::InOut => sources.buffers,
        _ => p.wrt,
    };
    let params = func.params.iter().enumerate();
    let params = params.filter(|(k, _)| sources.only.is_none_or(|only| only == *k)).map(|(_, param)| param);
    for param in params.filter(given) {
        match param.kind {
            ParamKind::Float(val) => work.push(val.0 as usize),
            ParamKind::Place(place) => work.push(n + place.0 as usize),
            ParamKind::Other => {}
        }
    }
    if let Some(Gradient { cotangent, cotangents, buffers, .. }) = sources.cotangents {
        work.extend(cotangent.iter().map(|val| val.0 as usize));
        work.extend(cotangents.iter().map(|place| n + place.0 as usize));
        let lent = func.params.iter().zip(buffers).filter(|(param, _)| match param.kind {
            ParamKind::Place(place) => func.place_info(place).storage == Storage::InOut,
            _ => false,
        });
        work.extend(lent.filter_map(|(_, buffer)| *buffer).map(|place| n + place.0 as usize));
    }
    let mut vals = reached(&graph.edges, work);
    let places = vals.split_off(n);
    Varied { vals, places }
}

/// What can be reached.
fn reached(edges: &[Vec<u32>], mut work: Vec<usize>) -> Vec<bool> {
    let mut reached = vec![false; edges.len()];
    while let Some(node) = work.pop() {
        if !std::mem::replace(&mut reached[node], true) {
            work.extend(edges[node].iter().map(|&to| to as usize));
        }
    }
    reached
}

/// What is pushed to a tape, or popped from it.
type Record = (Vec<Val>, Vec<PlaceId>);

struct Graph<'f> {
    func: &'f Func,
    n: usize,
    edges: Vec<Vec<u32>>,
    pushed: Vec<(TapeId, Record)>,
    popped: HashMap<TapeId, Vec<Record>>,
}

impl<'f> Graph<'f> {
    fn of(func: &'f Func) -> Self {
        let n = func.vals.len();
        let edges = vec![Vec::new(); n + func.places.len()];
        let mut graph = Graph { func, n, edges, pushed: Vec::new(), popped: HashMap::new() };
        graph.region(&func.body, &[]);
        graph.tapes();
        graph
    }

    fn edge(&mut self, from: usize, to: usize) {
        if let Ok(to) = u32::try_from(to) {
            self.edges[from].push(to);
        }
    }

    fn flow(&mut self, from: Val, to: Val) {
        if self.func.info(to).ty == Ty::Float && self.func.info(from).ty == Ty::Float {
            self.edge(from.0 as usize, to.0 as usize);
        }
    }

    fn stored(&mut self, from: Val, to: PlaceId) {
        self.edge(from.0 as usize, self.n + to.0 as usize);
    }

    fn loaded(&mut self, from: PlaceId, to: Val) {
        self.edge(self.n + from.0 as usize, to.0 as usize);
    }

    fn between(&mut self, from: PlaceId, to: PlaceId) {
        self.edge(self.n + from.0 as usize, self.n + to.0 as usize);
    }

    /// What is pushed to a tape flows into what is popped from it.
    fn tapes(&mut self) {
        let (pushed, popped) = (std::mem::take(&mut self.pushed), std::mem::take(&mut self.popped));
        for (tape, (vals, places)) in &pushed {
            for (restored, arrays) in popped.get(tape).into_iter().flatten() {
                vals.iter().zip(restored).for_each(|(&from, &to)| self.flow(from, to));
                places.iter().zip(arrays).for_each(|(&from, &to)| self.between(from, to));
            }
        }
    }

    /// The leaves' values flow into each of `targets`, position by position.
    fn region(&mut self, region: &Region, targets: &[&[Val]]) {
        for op in &region.ops {
            self.op(&op.kind, &op.results);
        }
        match &region.end {
            End::Branch(_, then, other) => {
                self.region(then, targets);
                self.region(other, targets);
            }
            leaf => {
                for target in targets {
                    for (&from, &to) in leaf.values().iter().zip(*target) {
                        self.flow(from, to);
                    }
                }
            }
        }
    }

    fn op(&mut self, kind: &OpKind, results: &[Val]) {
        match kind {
            OpKind::Prim(prim, args) => {
                for (arg, partial) in args.iter().zip(prim.partials) {
                    if !matches!(partial, Partial::Zero) {
                        results.iter().for_each(|&r| self.flow(*arg, r));
                    }
                }
            }
            OpKind::Load(p) | OpKind::SumOf(p) => results.iter().for_each(|&r| self.loaded(p.place, r)),
            OpKind::Dot(a, b) => results.iter().for_each(|&r| {
                self.loaded(a.place, r);
                self.loaded(b.place, r);
            }),
            OpKind::Store(p, v) | OpKind::Accumulate(p, v) | OpKind::Fill(p, v) => self.stored(*v, p.place),
            OpKind::Alloc(place, init) => match init {
                Init::Empty | Init::Like(_) | Init::Returned(_) => {}
                Init::Fill(v) | Init::Repeat(v, _) => self.stored(*v, *place),
                Init::Elements(vs) => vs.iter().for_each(|&v| self.stored(v, *place)),
                Init::Rows(rows) => rows.iter().for_each(|p| self.between(p.place, *place)),
                Init::Members(made) => {
                    made.numbers().for_each(|(_, v)| self.stored(v, *place));
                    made.parts().for_each(|(_, p)| self.between(p.place, *place));
                }
                Init::Copy(p) | Init::RepeatRow(p, _) => self.between(p.place, *place),
            },
            OpKind::Grow(place, v) => self.stored(*v, *place),
            OpKind::Append(place, part) => self.between(part.place, *place),
            OpKind::Shrink(place) => results.iter().for_each(|&r| self.loaded(*place, r)),
            OpKind::Copy(to, from) => self.between(from.place, to.place),
            OpKind::AddScaled(to, from, scale) => {
                self.between(from.place, to.place);
                scale.iter().for_each(|&scale| self.stored(scale, to.place));
            }
            OpKind::If(_, then, other) => {
                self.region(then, &[results]);
                self.region(other, &[results]);
            }
            OpKind::Loop(l) => {
                for (&init, (&param, &result)) in l.init.iter().zip(l.params.iter().zip(results)) {
                    self.flow(init, param);
                    self.flow(init, result);
                    // Backwards: what the loop leaves is carried, even if no iteration looks at what the last one left.
                    self.flow(param, result);
                }
                self.region(&l.body, &[&l.params, results]);
            }
            OpKind::Call(call) => self.call(call, results),
            OpKind::Const(..)
            | OpKind::Inactive(_)
            | OpKind::All(_)
            | OpKind::View(..)
            | OpKind::Resize(..)
            | OpKind::Reshape(..)
            | OpKind::TapeNew(..)
            | OpKind::Reserve(..) => {}
            OpKind::Push(tape, vals, places) => self.pushed.push((*tape, (vals.clone(), places.clone()))),
            OpKind::Pop(tape, places) => self.popped.entry(*tape).or_default().push((results.to_vec(), places.clone())),
        }
    }

    /// All that is given to a call flows into all that it computes.
    fn call(&mut self, call: &Call, results: &[Val]) {
        let (mut vals, mut places) = (Vec::new(), Vec::new());
        for arg in &call.args {
            match arg {
                Arg::Float(v) => vals.push(*v),
                Arg::Part(p, _) => places.push(p.place),
                Arg::Receiver(_) | Arg::Inactive(_) => {}
            }
        }
        for given in call.companion.given() {
            match given {
                Given::Val(v) => vals.push(*v),
                Given::Part(p) => places.push(p.place),
            }
        }
        for to in call.all_written() {
            vals.iter().for_each(|&from| self.stored(from, to));
            places.iter().for_each(|&from| self.between(from, to));
        }
        for &result in results {
            vals.iter().for_each(|&from| self.flow(from, result));
            places.iter().for_each(|&from| self.loaded(from, result));
        }
    }
}
