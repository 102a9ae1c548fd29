//! Forward mode: IR → IR. Input: a function. Output: the function with a tangent beside each varied value, in the same
//! iterations and branches; it yields the value and its tangent. A structural zero has no tangent.
//!
//! The function may be the output of reverse mode: then the tangent of its gradient is a Hessian times a vector (`hvp`). Its
//! tapes hold tangents beside the values (`tape`), and the adjoints of arrays are arrays like any other (`memory`). What it
//! calls is called for tangents, too (`call`).

mod call;
pub mod hvp;
mod memory;
pub mod product;
mod tape;
mod within;

use crate::analysis::composed::{Composed, composed};
use crate::analysis::varied::Varied;
use crate::build::Build;
use crate::ir::{End, Func, Lanes, Op, OpKind, Param, ParamKind, Part, Place, PlaceId, Region, Storage, Ty, Val};
use crate::rules::derivative::{ADD, DIV, MUL};
use crate::rules::{Host, Node, Prim, series, times_partial};
use call::Calls;
pub use call::calls;
use proc_macro2::{Ident, Span, TokenStream};
use std::collections::{HashMap, HashSet};
pub use within::may_be_infinite;

/// A function and its tangent.
pub struct Jvp {
    /// Yields the value and the tangent.
    pub func: Func,
    /// For each parameter in `wrt` or behind a `&mut`, its tangent.
    pub tangents: Vec<Option<ParamKind>>,
    /// The tangents of what the function returns, if that is no number.
    pub results: Vec<PlaceId>,
}

/// In which directions a function is differentiated.
#[derive(Clone, Debug)]
pub enum Directions {
    /// In one, which is given.
    One,
    /// In the only one that there is: with respect to one number.
    Only,
    /// In so many at once, which are given.
    Several(TokenStream),
    /// The same for a sparse matrix: each knows its columns.
    Labelled(TokenStream),
    /// In so many at once: one for each number.
    Units(TokenStream),
    /// Along a curve: the tangents are so many coefficients of power series.
    Series(TokenStream),
    /// In as many as the caller is.
    Caller,
}

/// Differentiates a function in one direction.
#[must_use]
pub fn jvp(primal: &Func, varied: &Varied) -> Jvp {
    tangents(primal, Engine::new(primal, varied, &Directions::One, Calls::Jvp))
}

/// Differentiates a function.
#[must_use]
pub fn jvp_along(primal: &Func, varied: &Varied, directions: &Directions) -> Jvp {
    let calls = if matches!(directions, Directions::Series(_)) { Calls::Series } else { Calls::First };
    tangents(primal, Engine::new(primal, varied, directions, calls))
}

fn tangents(primal: &Func, mut engine: Engine<'_>) -> Jvp {
    let tangents = engine.tangents_of_params(primal);
    let results: Vec<PlaceId> =
        primal.results.iter().map(|&place| engine.tangent_place(place, Storage::Result, "tangent")).collect();
    let begun = std::mem::take(&mut engine.ops);
    let mut body = engine.region(&primal.body, if primal.yields() { &[0] } else { &[] });
    body.ops.splice(0..0, begun);
    engine.func.body = body;
    Jvp { func: engine.func, tangents, results }
}

fn tangent_name(of: &Ident) -> Ident {
    Ident::new(&format!("{of}_tangent").replace("r#", ""), Span::mixed_site())
}

struct Engine<'p> {
    func: Func,
    varied: &'p Varied,
    composed: Composed,
    tangent: HashMap<Val, Val>,
    places: HashMap<PlaceId, PlaceId>,
    ops: Vec<Op>,
    definitions: HashMap<Val, (OpKind, bool)>,
    /// Values of which something else is made than a decision.
    used: HashSet<Val>,
    /// Whether there is only one direction, so that none is given.
    only: bool,
    /// The type of tangents.
    ty: Ty,
    /// For each of their lanes, what depends on its number, where that is asked.
    lanes: Vec<Varied>,
    /// Whether they are coefficients of power series.
    series: bool,
    /// What is asked of functions that are called.
    calls: Calls,
    /// What of the records of each tape has a tangent.
    records: tape::Records,
    span: Span,
}

impl Build for Engine<'_> {
    fn func(&self) -> &Func {
        &self.func
    }

    fn define(&mut self, kind: OpKind, ty: Ty) -> Val {
        let val = self.func.val(ty, None, self.span);
        self.definitions.insert(val, (kind.clone(), true));
        self.ops.push(Op { kind, results: vec![val], span: self.span });
        val
    }

    fn definition(&self, val: Val) -> Option<(&OpKind, bool)> {
        self.definitions.get(&val).map(|(kind, new)| (kind, *new))
    }
}

impl Host for Engine<'_> {
    fn apply(&mut self, prim: Prim, args: &[Node]) -> Node {
        let args: Vec<Val> = args.iter().map(|&n| value(n)).collect();
        Node::Built(self.prim(prim, &args).0)
    }

    fn constant(&mut self, value: f64) -> Node {
        Node::Built(self.number(value).0)
    }
}

/// Every value is in scope.
fn value(node: Node) -> Val {
    match node {
        Node::Primal(v) | Node::Built(v) => Val(v),
    }
}

impl<'p> Engine<'p> {
    fn new(primal: &Func, varied: &'p Varied, directions: &Directions, calls: Calls) -> Self {
        let (lanes, ty) = match directions {
            Directions::Several(count) | Directions::Units(count) => (Some(Lanes::Count(count.clone())), Ty::Lanes),
            Directions::Labelled(count) => (Some(Lanes::Labelled(count.clone())), Ty::Lanes),
            Directions::Series(count) => (Some(Lanes::Series(count.clone())), Ty::Lanes),
            Directions::Caller => (Some(Lanes::Caller), Ty::Lanes),
            Directions::One | Directions::Only => (None, Ty::Float),
        };
        Engine {
            func: Func { lanes, ..primal.clone() },
            only: matches!(directions, Directions::Only),
            series: matches!(directions, Directions::Series(_)),
            lanes: if matches!(directions, Directions::Units(_)) { within::by_lanes(primal) } else { Vec::new() },
            varied,
            composed: composed(primal),
            tangent: HashMap::new(),
            places: HashMap::new(),
            ops: Vec::new(),
            definitions: HashMap::new(),
            used: call::used(primal),
            calls,
            records: tape::records(primal, varied),
            ty,
            span: Span::call_site(),
        }
    }

    /// The tangents of parameters in `wrt`, and of those behind a `&mut`.
    fn tangents_of_params(&mut self, primal: &Func) -> Vec<Option<ParamKind>> {
        let behind_mut = |place: PlaceId| primal.place_info(place).storage == Storage::InOut;
        let tangents = primal.params.iter().map(|param| match param.kind {
            ParamKind::Place(place) if behind_mut(place) => Some(self.lent_tangent(param, place)),
            _ => self.tangent_of_param(param),
        });
        tangents.collect()
    }

    /// The tangent of a parameter in `wrt`: another parameter.
    fn tangent_of_param(&mut self, param: &Param) -> Option<ParamKind> {
        match param.kind {
            _ if !param.wrt => None,
            ParamKind::Float(val) if self.only => {
                let one = self.number(1.0);
                self.tangent.insert(val, one);
                None
            }
            ParamKind::Float(val) => {
                let name = tangent_name(&param.name);
                let span = name.span();
                let tangent = self.func.val(self.ty, Some(name), span);
                self.tangent.insert(val, tangent);
                Some(ParamKind::Float(tangent))
            }
            ParamKind::Place(place) => Some(self.lent_tangent(param, place)),
            ParamKind::Other => None,
        }
    }

    /// The tangent of an array that is the caller's.
    fn lent_tangent(&mut self, param: &Param, place: PlaceId) -> ParamKind {
        let info = self.func.place_info(place).clone();
        let lanes = self.ty == Ty::Lanes;
        let tangent = self.func.place(Place { name: tangent_name(&param.name), lanes, ..info });
        self.places.insert(place, tangent);
        ParamKind::Place(tangent)
    }

    /// A region whose leaves yield, after their values, the tangents of those at `extra`.
    fn region(&mut self, region: &Region, extra: &[usize]) -> Region {
        let outside = std::mem::take(&mut self.ops);
        for op in &region.ops {
            self.span = op.span;
            self.op(op);
        }
        let end = match &region.end {
            End::Branch(cond, then, other) => {
                let then = Box::new(self.region(then, extra));
                let other = Box::new(self.region(other, extra));
                End::Branch(*cond, then, other)
            }
            End::Yield(vals) => End::Yield(self.with_tangents(vals, extra)),
            End::Continue(vals) => End::Continue(self.with_tangents(vals, extra)),
            End::Break(vals) => End::Break(self.with_tangents(vals, extra)),
        };
        Region { ops: std::mem::replace(&mut self.ops, outside), end }
    }

    fn with_tangents(&mut self, vals: &[Val], extra: &[usize]) -> Vec<Val> {
        let mut all = vals.to_vec();
        for &k in extra {
            let tangent = self.tangent_or_zero(vals[k]);
            all.push(tangent);
        }
        all
    }

    fn tangent_of(&self, val: Val) -> Option<Val> {
        self.tangent.get(&val).copied()
    }

    fn tangent_or_zero(&mut self, val: Val) -> Val {
        self.tangent_of(val).unwrap_or_else(|| self.zero())
    }

    /// No direction.
    fn zero(&mut self) -> Val {
        self.define(OpKind::Const(0.0, None), self.ty)
    }

    /// A new value for the tangent of another.
    fn fresh(&mut self, of: Val) -> Val {
        let info = self.func.info(of).clone();
        let name = info.name.as_ref().map(tangent_name);
        let tangent = self.func.val(self.ty, name, info.span);
        self.tangent.insert(of, tangent);
        tangent
    }

    fn place(&mut self, place: PlaceId) -> PlaceId {
        if let Some(&tangent) = self.places.get(&place) {
            return tangent;
        }
        let name = format!("{}_tangent", self.func.place_info(place).name);
        let storage = match self.func.place_info(place).storage {
            Storage::Cell => Storage::Cell,
            _ => Storage::Derived,
        };
        self.tangent_place(place, storage, &name)
    }

    /// A new place for the tangent of an array.
    fn tangent_place(&mut self, of: PlaceId, storage: Storage, name: &str) -> PlaceId {
        let tangent = self.func.derived(of, storage, name);
        self.func.places[tangent.0 as usize].lanes = self.ty == Ty::Lanes;
        self.places.insert(of, tangent);
        tangent
    }

    fn part(&mut self, part: &Part) -> Part {
        part.of(self.place(part.place))
    }

    fn push(&mut self, kind: OpKind) {
        self.ops.push(Op { kind, results: Vec::new(), span: self.span });
    }

    fn keep(&mut self, op: &Op) {
        if let &[result] = op.results.as_slice() {
            self.definitions.insert(result, (op.kind.clone(), false));
        }
        self.ops.push(op.clone());
    }

    fn op(&mut self, op: &Op) {
        match &op.kind {
            OpKind::Prim(prim, args) => {
                self.keep(op);
                self.primitive(prim, args, op.results[0]);
            }
            OpKind::If(cond, then, other) => {
                let extra = self.extra(&op.results);
                let then = self.region(then, &extra);
                let other = self.region(other, &extra);
                let mut results = op.results.clone();
                results.extend(extra.iter().map(|&k| self.fresh(op.results[k])));
                self.ops.push(Op { kind: OpKind::If(*cond, then, other), results, span: op.span });
            }
            OpKind::Loop(l) => {
                let extra = self.extra(&l.params);
                let mut looped = l.clone();
                for &k in &extra {
                    let init = self.tangent_or_zero(l.init[k]);
                    looped.init.push(init);
                    let param = self.fresh(l.params[k]);
                    looped.params.push(param);
                }
                looped.body = self.region(&l.body, &extra);
                let mut results = op.results.clone();
                results.extend(extra.iter().map(|&k| self.fresh(op.results[k])));
                self.ops.push(Op { kind: OpKind::Loop(looped), results, span: op.span });
            }
            OpKind::Call(call) => self.call(op, call),
            OpKind::Push(tape, vals, places) => self.record(*tape, vals, places, op.span),
            OpKind::Pop(tape, places) => self.recall(*tape, &op.results, places, op.span),
            OpKind::Const(..)
            | OpKind::Inactive(_)
            | OpKind::All(_)
            | OpKind::View(..)
            | OpKind::TapeNew(..)
            | OpKind::Reserve(..) => {
                self.keep(op);
            }
            kind @ (OpKind::Load(_)
            | OpKind::SumOf(_)
            | OpKind::Dot(..)
            | OpKind::Store(..)
            | OpKind::Accumulate(..)
            | OpKind::Fill(..)
            | OpKind::Copy(..)
            | OpKind::AddScaled(..)
            | OpKind::Alloc(..)
            | OpKind::Grow(..)
            | OpKind::Append(..)
            | OpKind::Shrink(_)
            | OpKind::Resize(..)
            | OpKind::Reshape(..)) => {
                self.keep(op);
                self.memory(kind, &op.results);
            }
        }
    }

    fn extra(&self, vals: &[Val]) -> Vec<usize> {
        (0..vals.len()).filter(|&k| self.varied.val(vals[k])).collect()
    }

    fn primitive(&mut self, prim: Prim, args: &[Val], result: Val) {
        let mut composition = self.composed.get(&result).cloned();
        if self.series {
            composition = composition.filter(|(row, _)| series::is_whole(row));
        }
        let (prim, args) = composition.as_ref().map_or((prim, args), |(row, operands)| (*row, operands.as_slice()));
        if self.series && self.continued(prim, args, result) {
            return;
        }
        let nodes: Vec<Node> = args.iter().map(|v| Node::Primal(v.0)).collect();
        let mut sum = None;
        for (k, &arg) in args.iter().enumerate() {
            let Some(tangent) = self.tangent_of(arg) else { continue };
            let product = times_partial(self, prim, k, Node::Built(tangent.0), &nodes, Node::Primal(result.0));
            if let Some(product) = product.map(value) {
                let product = self.within(product, arg);
                sum = Some(match sum {
                    None => product,
                    Some(sum) => self.prim(&ADD, &[sum, product]),
                });
            }
        }
        if let Some(sum) = sum {
            self.tangent.insert(result, sum);
        }
    }

    /// Continues a power series through what is not linear; whether that is so.
    fn continued(&mut self, prim: Prim, args: &[Val], result: Val) -> bool {
        let Some(row) = series::row(prim) else { return false };
        let varies = |k: usize| self.tangent.contains_key(&args[k]);
        let linear = match prim {
            _ if prim == &MUL => !(varies(0) && varies(1)),
            _ if prim == &DIV => !varies(1),
            _ => !row.operands.iter().any(|&k| varies(k)),
        };
        if linear {
            return false;
        }
        let mut operands = Vec::new();
        for &k in row.operands {
            let coefficients = self.tangent_or_zero(args[k]);
            operands.extend([self.by_value(args[k]), coefficients]);
        }
        operands.extend(row.exponent.map(|k| args[k]));
        let coefficients = self.define(OpKind::Prim(&row.function, operands), Ty::Lanes);
        self.tangent.insert(result, coefficients);
        true
    }

    /// What operators take may be a reference to a number, where the user's tokens bind one. Times 1 it is the number, to the
    /// last bit.
    fn by_value(&mut self, val: Val) -> Val {
        let given = self.func.params.iter().any(|p| matches!(p.kind, ParamKind::Float(param) if param == val));
        match self.definitions.get(&val) {
            None if !given && !self.tangent.contains_key(&val) => {}
            Some((OpKind::Inactive(_), _)) => {}
            _ => return val,
        }
        let one = self.number(1.0);
        self.define(OpKind::Prim(&MUL, vec![val, one]), Ty::Float)
    }
}
