//! Reverse mode: IR → IR. Input: a function with one float result. Output: a function that yields the value, then the
//! partial derivative with respect to each scalar parameter in `wrt`, and accumulates those with respect to arrays in
//! output buffers.
//!
//! There are two ways to differentiate a region:
//!
//! - **in place** (`in_place`): the cotangents of its results are known before it runs, so that its adjoint follows
//!   directly in the same scope, and every primal value is at hand. This is how the function's body is done, the arms of
//!   an `if` at its end (an early `return`), and everything that can be *fused*: loops that carry only sums, and `if`s,
//!   whose cotangents can be computed beforehand.
//! - **in a sweep of its own** (`sweep`): the region runs now, its adjoint later, in the opposite order. What the adjoint
//!   needs of the primal is computed again if that is cheap and possible (a loop is *replayed*), else *saved*: in a
//!   record on a tape for each iteration of a loop, as a further result for an arm of an `if`.
//!
//! | file | what |
//! |---|---|
//! | `builder` | frames, adjoints, and what is known of new values |
//! | `operation` | the adjoint of each operation but `if` and loops |
//! | `in_place` | regions whose cotangents are known |
//! | `sweep` | regions whose adjoint comes later |
//! | `buffers` | calls of functions that write to buffers |
//! | `idle` | when nothing flows, and what is guarded by that |
//! | `growing` | the adjoints of `Vec`s whose length changes |
//! | `needed` | how a sweep gets at a primal value |
//! | `room` | how long tapes get |

mod buffers;
mod builder;
mod growing;
mod idle;
mod in_place;
mod needed;
mod operation;
mod room;
mod sweep;

use crate::analysis::composed::{Composed, composed};
use crate::analysis::home::{Homes, homes};
use crate::analysis::map::{Map, RegionId};
use crate::analysis::varied::Varied;
use crate::ir::{End, Func, Op, OpKind, ParamKind, Part, PlaceId, Region, Storage, TapeId, Ty, Val};
use builder::Frame;
use idle::Idle;
use proc_macro2::{Ident, Span, TokenStream};
use room::{Room, Sizes};
use std::collections::{HashMap, HashSet};

/// Which strategies may be used. All agree; a test switches them off one by one.
#[derive(Clone, Copy, Debug)]
pub struct Strategies {
    /// Fuse loops of sums, and `if`s.
    pub fuse: bool,
    /// Compute values again instead of saving them.
    pub replay: bool,
}

impl Default for Strategies {
    fn default() -> Self {
        Strategies { fuse: true, replay: true }
    }
}

/// A gradient, or a product of a cotangent with a Jacobian.
pub struct Gradient {
    /// Yields the value, unless only a product is wanted, and the scalar partial derivatives, in the order of the parameters.
    pub func: Func,
    /// For each parameter, the buffer of its partial derivatives, if it is an array in `wrt`. In a product, also that of
    /// an array behind a `&mut`: it comes with the cotangents of what the function leaves there.
    pub buffers: Vec<Option<PlaceId>>,
    /// In a product, the cotangent of the function's number.
    pub cotangent: Option<Val>,
    /// In a product, the buffers of the cotangents of what the function returns, one for each of its results. What comes
    /// in them is used up.
    pub cotangents: Vec<PlaceId>,
}

/// Differentiates a function that returns a number.
#[must_use]
pub fn gradient(primal: &Func, varied: &Varied, strategies: Strategies) -> Gradient {
    differentiate(primal, varied, strategies, Wanted::Gradient)
}

/// The product of a cotangent with the Jacobian: of a function that returns anything, or writes to buffers.
#[must_use]
pub fn vjp(primal: &Func, varied: &Varied, strategies: Strategies) -> Gradient {
    differentiate(primal, varied, strategies, Wanted::Product)
}

/// The same, with the function's value.
#[must_use]
pub fn value_and_vjp(primal: &Func, varied: &Varied, strategies: Strategies) -> Gradient {
    differentiate(primal, varied, strategies, Wanted::ValueAndProduct)
}

/// What is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// The value, and its gradient.
    Gradient,
    /// A cotangent times the Jacobian.
    Product,
    /// The value, and that.
    ValueAndProduct,
}

fn differentiate(primal: &Func, varied: &Varied, strategies: Strategies, wanted: Wanted) -> Gradient {
    let product = wanted != Wanted::Gradient;
    let varied = &varied.that_matters(primal);
    let map = Map::new(primal);
    let homes = homes(primal, &map);
    let mut engine = Engine {
        func: primal.clone(),
        primal,
        varied,
        composed: composed(primal),
        map,
        homes,
        strategies,
        in_scope: HashSet::new(),
        frames: Vec::new(),
        adjoint: HashMap::new(),
        built: HashMap::new(),
        idle: HashMap::new(),
        fused_loops: 0,
        alias: HashMap::new(),
        tapes: Vec::new(),
        nest: Vec::new(),
        sizes: Sizes::default(),
    };
    let mut buffers = Vec::new();
    let mut begun = Vec::new();
    for param in &primal.params {
        buffers.push(match param.kind {
            ParamKind::Place(place) if param.wrt => {
                let name = format!("d{}", param.name);
                let buffer = engine.func.derived(place, Storage::Output, &name);
                engine.adjoint.insert(place, buffer);
                Some(buffer)
            }
            ParamKind::Place(place) if primal.place_info(place).storage == Storage::InOut => {
                let storage = if product { Storage::Output } else { Storage::Derived };
                let buffer = engine.func.derived(place, storage, &format!("d{}", param.name));
                engine.adjoint.insert(place, buffer);
                if !product {
                    begun.extend(engine.zeros(buffer, &Part::whole(place), param.name.span()));
                }
                product.then_some(buffer)
            }
            _ => None,
        });
    }
    let cotangents: Vec<PlaceId> = primal
        .results
        .iter()
        .map(|&place| {
            let buffer = engine.func.derived(place, Storage::Output, "cotangent");
            engine.adjoint.insert(place, buffer);
            buffer
        })
        .collect();
    let cotangent = (product && primal.yields()).then(|| {
        let name = Ident::new("cotangent", Span::mixed_site());
        let val = engine.func.val(Ty::Float, Some(name), Span::call_site());
        engine.map.register(val, 0);
        val
    });
    engine.sizes = Sizes::of(&engine.func);
    let mut body = engine.function(cotangent, wanted);
    body.ops.splice(0..0, begun);
    engine.func.body = body;
    let alias = std::mem::take(&mut engine.alias);
    let mut func = engine.func;
    rename(&mut func.body, &alias);
    Gradient { func, buffers, cotangent, cotangents }
}

/// The state of a reverse pass.
struct Engine<'p> {
    /// What is being built: the primal's values and places, and new ones.
    func: Func,
    primal: &'p Func,
    varied: &'p Varied,
    composed: Composed,
    map: Map,
    homes: Homes,
    strategies: Strategies,
    /// Regions whose values are in scope where the adjoint is being built.
    in_scope: HashSet<RegionId>,
    /// Regions of derivative code under construction, innermost last.
    frames: Vec<Frame>,
    /// The place of each array's adjoint.
    adjoint: HashMap<PlaceId, PlaceId>,
    /// What defines the values that are new, and how many frames were open.
    built: HashMap<Val, (OpKind, usize)>,
    /// When nothing flows to a cotangent.
    idle: HashMap<Val, Idle>,
    /// How many loops that are done in place enclose what is being built.
    fused_loops: usize,
    /// Values that turned out to be others.
    alias: HashMap<Val, Val>,
    /// Every tape. Each is empty when its sweep is over, or is not read any more, so that all begin with the function and keep
    /// their memory.
    tapes: Vec<(TapeId, Option<Room>)>,
    /// How often the bodies run that enclose what is being swept, outermost first.
    nest: Vec<Option<TokenStream>>,
    /// The lengths that a tape on the stack may have.
    sizes: Sizes,
}

impl Engine<'_> {
    fn function(&mut self, cotangent: Option<Val>, wanted: Wanted) -> Region {
        let primal = self.primal;
        let seeds = match wanted {
            Wanted::Gradient => in_place::Seeds::Constant(vec![Some(1.0)]),
            Wanted::Product | Wanted::ValueAndProduct => in_place::Seeds::Values(vec![cotangent]),
        };
        let done = self.in_place(&primal.body, &seeds);
        let mut ops = done.ops;
        let mut vals = done.vals;
        if wanted == Wanted::Product {
            vals.clear();
        }
        let mut contributions: HashMap<Val, Val> = HashMap::new();
        for (val, contribution) in done.outer {
            contributions.insert(val, contribution);
        }
        for param in &primal.params {
            if let (ParamKind::Float(val), true) = (&param.kind, param.wrt) {
                let partial = contributions.get(val).copied().unwrap_or_else(|| {
                    let zero = self.func.val(Ty::Float, None, param.name.span());
                    let kind = OpKind::Const(0.0, None);
                    ops.push(Op { kind, results: vec![zero], span: param.name.span() });
                    zero
                });
                vals.push(partial);
            }
        }
        let span = proc_macro2::Span::call_site();
        let tapes = std::mem::take(&mut self.tapes).into_iter();
        let begun = tapes.map(|(tape, room)| Op { kind: OpKind::TapeNew(tape, room), results: Vec::new(), span });
        ops.splice(0..0, begun.collect::<Vec<_>>());
        Region { ops, end: End::Yield(vals) }
    }
}

/// Replaces values by what they turned out to be.
fn rename(region: &mut Region, alias: &HashMap<Val, Val>) {
    let resolve = |mut v: Val| {
        while let Some(&to) = alias.get(&v) {
            v = to;
        }
        v
    };
    for op in &mut region.ops {
        op.kind.map_reads(&mut |v| resolve(v));
        for inner in op.kind.regions_mut() {
            rename(inner, alias);
        }
    }
    match &mut region.end {
        End::Yield(vals) | End::Continue(vals) | End::Break(vals) => vals.iter_mut().for_each(|v| *v = resolve(*v)),
        End::Branch(cond, then, other) => {
            *cond = resolve(*cond);
            rename(then, alias);
            rename(other, alias);
        }
    }
}
