//! Forward mode: IR → IR. Input: a function. Output: the function with a tangent beside each varied value, in the same
//! iterations and branches; it yields the value and its tangent. A structural zero has no tangent.

use crate::analysis::composed::{Composed, composed};
use crate::analysis::sums::each_op;
use crate::analysis::varied::Varied;
use crate::build::Build;
use crate::ir::{
    Arg, Call, Companion, End, Field, Func, Init, Made, Op, OpKind, ParamKind, Part, Place, PlaceId, Region, Returned,
    Step, Storage, Tangent, Ty, Val,
};
use crate::rules::derivative::ADD;
use crate::rules::{Host, Node, Prim, times_partial};
use proc_macro2::{Ident, Span};
use std::collections::{HashMap, HashSet};

/// A function and its tangent.
pub struct Jvp {
    /// Yields the value and the tangent.
    pub func: Func,
    /// For each parameter in `wrt` or behind a `&mut`, its tangent.
    pub tangents: Vec<Option<ParamKind>>,
    /// The tangents of what the function returns, if that is no number.
    pub results: Vec<PlaceId>,
}

/// Differentiates a function.
#[must_use]
pub fn jvp(primal: &Func, varied: &Varied) -> Jvp {
    let mut engine = Engine {
        func: primal.clone(),
        varied,
        composed: composed(primal),
        tangent: HashMap::new(),
        places: HashMap::new(),
        ops: Vec::new(),
        definitions: HashMap::new(),
        used: used(primal),
        span: Span::call_site(),
    };
    let mut tangents = Vec::new();
    for param in &primal.params {
        let name = Ident::new(&format!("{}_tangent", param.name).replace("r#", ""), Span::mixed_site());
        tangents.push(match (param.wrt, &param.kind) {
            (true, ParamKind::Float(val)) => {
                let tangent = engine.func.val(Ty::Float, Some(name.clone()), name.span());
                engine.tangent.insert(*val, tangent);
                Some(ParamKind::Float(tangent))
            }
            (wrt, ParamKind::Place(place)) if wrt || primal.place_info(*place).storage == Storage::InOut => {
                let info = primal.place_info(*place).clone();
                let tangent = engine.func.place(Place { name, ..info });
                engine.places.insert(*place, tangent);
                Some(ParamKind::Place(tangent))
            }
            _ => None,
        });
    }
    let results: Vec<PlaceId> = primal
        .results
        .iter()
        .map(|&place| {
            let tangent = engine.func.derived(place, Storage::Result, "tangent");
            engine.places.insert(place, tangent);
            tangent
        })
        .collect();
    let body = engine.region(&primal.body, if primal.yields() { &[0] } else { &[] });
    engine.func.body = body;
    Jvp { func: engine.func, tangents, results }
}

/// Values that are read by more than code that is carried along: of the others no tangent is wanted, so that a function
/// whose result only decides is called as it is.
fn used(func: &Func) -> HashSet<Val> {
    let mut used = HashSet::new();
    each_op(&func.body, &mut |op| {
        if !matches!(op.kind, OpKind::Inactive(_)) {
            op.kind.reads(&mut |val| used.extend([val]));
        }
        for region in op.kind.regions() {
            region.leaves(&mut |end| used.extend(end.values()));
        }
    });
    func.body.leaves(&mut |end| used.extend(end.values()));
    used
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

impl Engine<'_> {
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
        self.tangent_of(val).unwrap_or_else(|| self.number(0.0))
    }

    /// A new value for the tangent of another.
    fn fresh(&mut self, of: Val) -> Val {
        let info = self.func.info(of).clone();
        let name = info.name.map(|n| Ident::new(&format!("{n}_tangent").replace("r#", ""), Span::mixed_site()));
        let tangent = self.func.val(info.ty, name, info.span);
        self.tangent.insert(of, tangent);
        tangent
    }

    fn place(&mut self, place: PlaceId) -> PlaceId {
        if let Some(&tangent) = self.places.get(&place) {
            return tangent;
        }
        let name = format!("{}_tangent", self.func.place_info(place).name);
        let tangent = self.func.derived(place, Storage::Derived, &name);
        self.places.insert(place, tangent);
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
            OpKind::Load(part) => {
                self.keep(op);
                if self.varied.place(part.place) {
                    let from = self.part(part);
                    let tangent = self.define(OpKind::Load(from), Ty::Float);
                    self.tangent.insert(op.results[0], tangent);
                }
            }
            OpKind::Store(part, val) | OpKind::Fill(part, val) => {
                self.keep(op);
                if self.varied.place(part.place) {
                    let to = self.part(part);
                    let tangent = self.tangent_or_zero(*val);
                    let store = matches!(op.kind, OpKind::Store(..));
                    self.push(if store { OpKind::Store(to, tangent) } else { OpKind::Fill(to, tangent) });
                }
            }
            OpKind::Copy(to, from) => {
                self.keep(op);
                if self.varied.place(to.place) {
                    let target = self.part(to);
                    self.copy(target, from);
                }
            }
            OpKind::Grow(place, val) => {
                self.keep(op);
                if self.varied.place(*place) {
                    let tangent = self.tangent_or_zero(*val);
                    let to = self.place(*place);
                    self.push(OpKind::Grow(to, tangent));
                }
            }
            OpKind::Resize(place, len) => {
                self.keep(op);
                if self.varied.place(*place) {
                    let to = self.place(*place);
                    self.push(OpKind::Resize(to, *len));
                }
            }
            OpKind::Alloc(place, init) => {
                self.keep(op);
                if self.varied.place(*place) {
                    self.alloc(*place, init);
                }
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
            _ => self.keep(op),
        }
    }

    fn extra(&self, vals: &[Val]) -> Vec<usize> {
        (0..vals.len()).filter(|&k| self.varied.val(vals[k])).collect()
    }

    fn primitive(&mut self, prim: Prim, args: &[Val], result: Val) {
        let composition = self.composed.get(&result).cloned();
        let (prim, args) = composition.as_ref().map_or((prim, args), |(row, operands)| (*row, operands.as_slice()));
        let nodes: Vec<Node> = args.iter().map(|v| Node::Primal(v.0)).collect();
        let mut sum = None;
        for (k, &arg) in args.iter().enumerate() {
            let Some(tangent) = self.tangent_of(arg) else { continue };
            let product = times_partial(self, prim, k, Node::Built(tangent.0), &nodes, Node::Primal(result.0));
            if let Some(product) = product.map(value) {
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

    fn copy(&mut self, to: Part, from: &Part) {
        if self.varied.place(from.place) {
            let from = self.part(from);
            self.push(OpKind::Copy(to, from));
        } else if self.func.holds_structs(&to) {
            let info = self.func.place_info(to.place).clone();
            let (dims, name) = (self.func.dims(from), Ident::new("zeros", Span::mixed_site()));
            let zeros = self.func.array(name, Storage::Derived, dims);
            self.func.places[zeros.0 as usize].record = info.record.map(|_| quote::quote!(_));
            self.push(OpKind::Alloc(zeros, Init::Like(from.clone())));
            self.push(OpKind::Copy(to, Part::whole(zeros)));
        } else {
            let zero = self.number(0.0);
            self.push(OpKind::Fill(to, zero));
        }
    }

    fn alloc(&mut self, place: PlaceId, init: &Init) {
        let tangent = self.place(place);
        let init = match init {
            Init::Empty => Init::Empty,
            Init::Like(from) => Init::Like(from.clone()),
            Init::Fill(val) => Init::Fill(self.tangent_or_zero(*val)),
            Init::Repeat(val, len) => Init::Repeat(self.tangent_or_zero(*val), *len),
            Init::RepeatRow(row, len) if self.varied.place(row.place) => Init::RepeatRow(self.part(row), *len),
            Init::Elements(vals) => Init::Elements(vals.iter().map(|&v| self.tangent_or_zero(v)).collect()),
            Init::Copy(from) if self.varied.place(from.place) => Init::Copy(self.part(from)),
            Init::Rows(rows) if rows.iter().all(|row| self.varied.place(row.place)) => {
                Init::Rows(rows.iter().map(|row| self.part(row)).collect())
            }
            Init::Returned(returned) if self.tangent_of(returned.from).is_some() => {
                let from = self.tangent_of(returned.from).unwrap_or(returned.from);
                Init::Returned(Returned { from, ..*returned })
            }
            Init::Members(made) => return self.members(place, tangent, made),
            Init::Copy(_) | Init::Rows(_) | Init::RepeatRow(..) | Init::Returned(_) => Init::Like(Part::whole(place)),
        };
        let mixed = matches!(init, Init::Like(_));
        self.push(OpKind::Alloc(tangent, init));
        if let (true, Some(OpKind::Alloc(_, Init::Rows(rows)))) = (mixed, self.last_alloc(place)) {
            for (k, row) in rows.iter().enumerate() {
                if self.varied.place(row.place) {
                    let k = proc_macro2::Literal::usize_unsuffixed(k);
                    let code = crate::ir::Inactive::engine(quote::quote!(#k));
                    let index = self.define(OpKind::Inactive(code), Ty::Index);
                    let from = self.part(row);
                    self.push(OpKind::Copy(Part::whole(tangent).at(index), from));
                }
            }
        }
    }

    /// The tangent of a struct begins as zeros, with the data of the struct.
    fn members(&mut self, place: PlaceId, tangent: PlaceId, made: &Made) {
        self.push(OpKind::Alloc(tangent, Init::Like(Part::whole(place))));
        let to = |field: &Field| Part::whole(tangent).then(Step::Field(field.clone()));
        for (field, val) in made.numbers() {
            if let Some(val) = self.tangent_of(val) {
                self.func.follows(place, &field.member);
                self.push(OpKind::Store(to(field), val));
            }
        }
        for (field, part) in made.parts() {
            if self.varied.place(part.place) {
                self.func.follows(place, &field.member);
                let from = self.part(part);
                self.push(OpKind::Copy(to(field), from));
            }
        }
    }

    fn last_alloc(&self, place: PlaceId) -> Option<OpKind> {
        let found = self.ops.iter().rev().find(|op| matches!(&op.kind, OpKind::Alloc(p, _) if *p == place));
        found.map(|op| op.kind.clone())
    }

    fn call(&mut self, op: &Op, call: &Call) {
        let flows = |&r: &Val| self.varied.val(r) && self.used.contains(&r);
        let mut written = call.buffers().map(|part| part.place).chain(call.returned.iter().copied());
        if !written.any(|place| self.varied.place(place)) && !op.results.iter().any(flows) {
            return self.keep(op);
        }
        let tangents = call
            .args
            .iter()
            .map(|arg| match arg {
                Arg::Float(val) => self.tangent_of(*val).map_or(Tangent::None, Tangent::Scalar),
                Arg::Part(part, _) if self.varied.place(part.place) => Tangent::Part(self.part(part)),
                _ => Tangent::None,
            })
            .collect();
        let mut results = op.results.clone();
        results.extend(op.results.first().map(|&r| self.fresh(r)));
        let kind = OpKind::Call(Call { companion: Companion::Jvp(tangents), ..call.clone() });
        self.ops.push(Op { kind, results, span: op.span });
    }
}
