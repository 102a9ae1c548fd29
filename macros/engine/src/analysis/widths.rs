//! The float type of each value and each array of a function that computes in more than one. Input: a function. Output: the same
//! function, in which values and places know theirs.
//!
//! Rust converts nothing by itself. So whatever an operation reads and gives is of one type, but for conversions, and types
//! follow from those of the parameters and of the conversions by unification. Twice:
//!
//! - [`resolve`], once a function is lowered: there a conversion may know only what it converts to (`x as f64`). With the types of
//!   the operands it is one of [`conversion::between`], or none at all. What stays open is an error, never a guess, where the value
//!   depends on it; but data are converted as the user has it, whatever they are.
//! - [`settle`], before a function is emitted: passes make values without a type, and use one constant wherever it is needed.
//!   Each use gets its own, and then what holds of the primal's values tells the rest. What nothing tells has no
//!   type in emitted code either, and rustc finds it. A mistake here does not compile: no type is converted into another but by
//!   a conversion.
//!
//! Of a function of one type, [`untold`] says which numbers of data may be of another all the same.

use crate::diagnostics::message;
use crate::ir::{
    Arg, Call, Companion, End, Func, Init, Op, OpKind, ParamKind, Part, PlaceId, Region, Slot, Tangent, TapeId, Ty,
    Val, Width,
};
use crate::rules::Form;
use crate::rules::conversion::{self, Float};
use proc_macro2::{Literal, Span};
use std::collections::{HashMap, HashSet};

/// What the source says of types, beside what follows from operations.
#[derive(Clone, Debug)]
pub enum Claim {
    /// The float type of a value or an array.
    Width(Of, Width),
    /// They are of one type: what a variable is, one after the other.
    Same(Of, Of),
}

/// Something that has a float type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Of {
    /// A value.
    Val(Val),
    /// The elements of an array.
    Place(PlaceId),
}

/// Finds the types of a function that was just lowered, and which conversions are ones. What is wrong is returned.
pub fn resolve(func: &mut Func, claims: &[Claim], active: impl Fn(Val) -> bool) -> Vec<(Span, String)> {
    let mut types = Types::of(func);
    for claim in claims {
        match claim {
            Claim::Width(of, width) => {
                let node = types.node(*of);
                types.is(node, width, Span::call_site());
            }
            Claim::Same(a, b) => {
                let (a, b) = (types.node(*a), types.node(*b));
                types.same(a, b, Span::call_site());
            }
        }
    }
    types.region(&func.body, &mut Ends::function());
    let mut errors = Vec::new();
    let conversions = conversions(&func.body);
    for &(_, to, target, span) in &conversions {
        if let Some(target) = target {
            let to = types.node(Of::Val(to));
            types.is(to, &target.width(&func.width), span);
        }
    }
    types.guess_results();
    for &(number, to, target, span) in &conversions {
        let (from, to) = (types.node(Of::Val(number)), types.node(Of::Val(to)));
        if types.width(to).is_none() {
            errors.push((span, message::conversion_unknown()));
        }
        let data = types.opaque(from) && !active(number);
        if data && matches!(target, Some(Float::F32 | Float::F64)) {
            // It is written as the user has it, and rustc knows the type.
            continue;
        }
        if types.width(from).is_none() {
            // Literals are `f64` if nothing else is said; what is called is known by its own companions.
            let width = if types.opaque(from) { func.width.main().clone() } else { Width::F64 };
            types.is(from, &width, span);
        }
    }
    if let Some(span) = types.conflict {
        errors.push((span, message::conflicting_widths()));
    }
    let mut literals = Vec::new();
    each(&func.body, &mut |op| {
        if let (OpKind::Const(_, Some(literal)), &[result]) = (&op.kind, op.results.as_slice()) {
            literals.push((result, literal.clone(), op.span));
        }
    });
    for (result, literal, span) in literals {
        let node = types.node(Of::Val(result));
        if let Some(Width::Generic(float)) = types.width(node) {
            errors.push((span, message::literal_in_generic(literal, float)));
        }
    }
    if !errors.is_empty() {
        return errors;
    }
    let found = types.found();
    write(func, found);
    let mut same = HashMap::new();
    let widths: HashMap<Val, Float> =
        (0..).map(Val).zip(&func.vals).filter_map(|(v, info)| Some((v, Float::of(info.width.as_ref()?)))).collect();
    replace(&mut func.body, &widths, &mut same);
    if !converts(func, |_| true) {
        func.width = func.width.main().clone();
    }
    errors
}

/// Gives each use of a constant its own, and finds the types of what passes have made.
pub fn settle(func: &mut Func) {
    let mut constants = HashMap::new();
    each(&func.body, &mut |op| {
        if let (OpKind::Const(value, literal), &[result]) = (&op.kind, op.results.as_slice())
            && func.info(result).width.is_none()
        {
            constants.insert(result, (*value, literal.clone()));
        }
    });
    let mut body = std::mem::replace(&mut func.body, Region { ops: Vec::new(), end: End::Yield(Vec::new()) });
    unshare(&mut body, &constants, func);
    func.body = body;
    let mut types = Types::of(func);
    types.region(&func.body, &mut Ends::function());
    let found = types.found();
    write(func, found);
}

/// Numbers of data whose type nothing in a function of one float type tells: a literal beside one would be of its type.
#[must_use]
pub fn untold(func: &Func) -> HashSet<Val> {
    if func.width.is_mixed() || func.width.is_generic() {
        return HashSet::new();
    }
    let mut types = Types::of(func);
    let mut told: Vec<Of> = (0..).map(PlaceId).zip(&func.places).map(|(place, _)| Of::Place(place)).collect();
    let mut data = false;
    told.extend(func.params.iter().filter_map(|p| match p.kind {
        ParamKind::Float(val) => Some(Of::Val(val)),
        _ => None,
    }));
    each(&func.body, &mut |op| match &op.kind {
        OpKind::Const(..) => types.constants.extend(&op.results),
        OpKind::Inactive(code) if !code.tells_float() => data = true,
        OpKind::Prim(prim, _) if matches!(prim.form, Form::Infix(_) | Form::Prefix(_) | Form::Method(_)) => {}
        OpKind::If(..) | OpKind::Loop(_) => {}
        _ => told.extend(op.results.iter().map(|&val| Of::Val(val))),
    });
    if !data {
        return HashSet::new();
    }
    types.region(&func.body, &mut Ends::function());
    func.body.leaves(&mut |leaf| told.extend(leaf.values().iter().map(|&val| Of::Val(val))));
    for of in told {
        let node = types.node(of);
        types.is(node, &func.width, Span::call_site());
    }
    let all = (0..).map(Val).zip(&func.vals).filter(|(_, info)| info.ty == Ty::Float).map(|(val, _)| val);
    all.filter(|&val| types.width(val.0 as usize).is_none() && !types.constants.contains(&val)).collect()
}

/// Whether a function converts one of these values between float types.
#[must_use]
pub fn converts(func: &Func, these: impl Fn(Val) -> bool) -> bool {
    let mut converts = false;
    each(&func.body, &mut |op| {
        converts |= matches!(&op.kind, OpKind::Prim(prim, args)
            if matches!(prim.form, Form::Convert(..) | Form::Into(_)) && these(args[0]));
    });
    converts
}

fn each(region: &Region, f: &mut impl FnMut(&Op)) {
    crate::analysis::sums::each_op(region, f);
}

/// Operand, result, what it converts to, and where.
fn conversions(body: &Region) -> Vec<(Val, Val, Option<Float>, Span)> {
    let mut found = Vec::new();
    each(body, &mut |op| {
        if let (OpKind::Prim(prim, args), &[result]) = (&op.kind, op.results.as_slice())
            && let Form::Into(target) = prim.form
        {
            found.push((args[0], result, target, op.span));
        }
    });
    found
}

/// Puts conversions in the place of those that did not know from what, and the number itself in that of those that are none.
fn replace(region: &mut Region, widths: &HashMap<Val, Float>, same: &mut HashMap<Val, Val>) {
    region.ops.retain_mut(|op| {
        op.kind.map_reads(&mut |v| same.get(&v).copied().unwrap_or(v));
        if let (OpKind::Prim(prim, args), &[result]) = (&mut op.kind, op.results.as_slice())
            && matches!(prim.form, Form::Into(_))
            && let (Some(&from), Some(&to)) = (widths.get(&args[0]), widths.get(&result))
        {
            match conversion::between(from, to) {
                Some(row) => *prim = row,
                None => {
                    same.insert(result, args[0]);
                    return false;
                }
            }
        }
        op.kind.regions_mut().into_iter().for_each(|inner| replace(inner, widths, same));
        true
    });
    match &mut region.end {
        End::Yield(vals) | End::Continue(vals) | End::Break(vals) => {
            vals.iter_mut().for_each(|v| *v = same.get(v).copied().unwrap_or(*v));
        }
        End::Branch(cond, then, other) => {
            *cond = same.get(cond).copied().unwrap_or(*cond);
            replace(then, widths, same);
            replace(other, widths, same);
        }
    }
}

type Constants = HashMap<Val, (f64, Option<Literal>)>;

fn unshare(region: &mut Region, constants: &Constants, func: &mut Func) {
    let mut own = |v: Val, before: &mut Vec<Op>| match constants.get(&v) {
        None => v,
        Some((value, literal)) => {
            let info = func.info(v).clone();
            let (span, copy) = (info.span, func.val(info.ty, info.name, info.span));
            before.push(Op { kind: OpKind::Const(*value, literal.clone()), results: vec![copy], span });
            copy
        }
    };
    let mut ops = Vec::with_capacity(region.ops.len());
    for mut op in std::mem::take(&mut region.ops) {
        if matches!((&op.kind, op.results.as_slice()), (OpKind::Const(..), [result]) if constants.contains_key(result))
        {
            continue;
        }
        op.kind.map_reads(&mut |v| own(v, &mut ops));
        ops.push(op);
    }
    if let End::Yield(vals) | End::Continue(vals) | End::Break(vals) = &mut region.end {
        vals.iter_mut().for_each(|v| *v = own(*v, &mut ops));
    }
    region.ops = ops;
    for op in &mut region.ops {
        op.kind.regions_mut().into_iter().for_each(|inner| unshare(inner, constants, func));
    }
    if let End::Branch(_, then, other) = &mut region.end {
        unshare(then, constants, func);
        unshare(other, constants, func);
    }
}

/// A value or an array, or what is the same as it.
type Node = usize;

/// Values and arrays, in classes of one type each.
struct Types<'f> {
    func: &'f Func,
    above: Vec<Node>,
    widths: Vec<Option<Width>>,
    /// Whether code that is carried along, or a call, is in the class.
    opaque: Vec<bool>,
    records: HashMap<TapeId, Vec<Val>>,
    /// What calls return, and what goes into them.
    calls: Vec<(Node, Vec<Node>)>,
    conflict: Option<Span>,
    /// Of these, each use has a type of its own.
    constants: HashSet<Val>,
}

/// What the leaves of a region give their values to.
struct Ends<'v> {
    yields: &'v [Val],
    carried: &'v [Val],
    left: &'v [Val],
    /// What else yields there.
    first: Option<Vec<Val>>,
}

impl Ends<'_> {
    fn function() -> Self {
        Ends { yields: &[], carried: &[], left: &[], first: None }
    }
}

impl<'f> Types<'f> {
    fn of(func: &'f Func) -> Self {
        let vals = func.vals.iter().map(|info| info.width.clone());
        let places = func.places.iter().map(|place| place.width.clone());
        let widths: Vec<Option<Width>> = vals.chain(places).collect();
        let count = widths.len();
        Types {
            func,
            above: (0..count).collect(),
            widths,
            opaque: vec![false; count],
            records: HashMap::new(),
            calls: Vec::new(),
            conflict: None,
            constants: HashSet::new(),
        }
    }

    fn node(&self, of: Of) -> Node {
        match of {
            Of::Val(val) => val.0 as usize,
            Of::Place(place) => self.func.vals.len() + place.0 as usize,
        }
    }

    fn root(&mut self, mut node: Node) -> Node {
        while self.above[node] != node {
            self.above[node] = self.above[self.above[node]];
            node = self.above[node];
        }
        node
    }

    fn width(&mut self, node: Node) -> Option<Width> {
        let root = self.root(node);
        self.widths[root].clone()
    }

    fn opaque(&mut self, node: Node) -> bool {
        let root = self.root(node);
        self.opaque[root]
    }

    fn is(&mut self, node: Node, width: &Width, span: Span) {
        let root = self.root(node);
        match &self.widths[root] {
            Some(known) if known != width => self.conflict = self.conflict.or(Some(span)),
            _ => self.widths[root] = Some(width.clone()),
        }
    }

    fn same(&mut self, a: Node, b: Node, span: Span) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return;
        }
        let width = self.widths[b].take();
        self.above[b] = a;
        self.opaque[a] |= self.opaque[b];
        if let Some(width) = width {
            self.is(a, &width, span);
        }
    }

    /// These are floats of one type; others among them are none.
    fn vals(&mut self, vals: impl IntoIterator<Item = Val>, span: Span) {
        let mut first = None;
        for val in vals {
            if matches!(self.func.info(val).ty, Ty::Float | Ty::Lanes) && !self.constants.contains(&val) {
                let node = self.node(Of::Val(val));
                match first {
                    None => first = Some(node),
                    Some(first) => self.same(first, node, span),
                }
            }
        }
    }

    fn places(&mut self, a: PlaceId, b: PlaceId, span: Span) {
        let (a, b) = (self.node(Of::Place(a)), self.node(Of::Place(b)));
        self.same(a, b, span);
    }

    /// An array has this element.
    fn element(&mut self, part: &Part, val: Val, span: Span) {
        if matches!(self.func.info(val).ty, Ty::Float | Ty::Lanes) {
            let (place, val) = (self.node(Of::Place(part.place)), self.node(Of::Val(val)));
            self.same(place, val, span);
        }
    }

    /// One after the other.
    fn each(&mut self, a: &[Val], b: &[Val], span: Span) {
        for (&a, &b) in a.iter().zip(b) {
            self.vals([a, b], span);
        }
    }

    fn region(&mut self, region: &Region, ends: &mut Ends<'_>) {
        for op in &region.ops {
            self.op(op);
        }
        let span = region.ops.last().map_or_else(Span::call_site, |op| op.span);
        match &region.end {
            End::Yield(vals) => {
                self.each(vals, ends.yields, span);
                match &ends.first {
                    Some(first) => self.each(vals, &first.clone(), span),
                    None => ends.first = Some(vals.clone()),
                }
            }
            End::Continue(vals) => self.each(vals, ends.carried, span),
            End::Break(vals) => self.each(vals, ends.left, span),
            End::Branch(_, then, other) => {
                self.region(then, ends);
                self.region(other, ends);
            }
        }
    }

    fn op(&mut self, op: &Op) {
        let (span, results) = (op.span, op.results.as_slice());
        match &op.kind {
            OpKind::Prim(prim, args) => match prim.form {
                Form::Into(_) => {}
                Form::Convert(from, to) => {
                    for (val, float) in [(args[0], from), (results[0], to)] {
                        let node = self.node(Of::Val(val));
                        self.is(node, &float.width(&self.func.width), span);
                    }
                }
                _ => self.vals(args.iter().chain(results).copied(), span),
            },
            OpKind::Load(part) | OpKind::SumOf(part) => self.element(part, results[0], span),
            OpKind::Store(part, val) | OpKind::Accumulate(part, val) | OpKind::Fill(part, val) => {
                self.element(part, *val, span);
            }
            OpKind::Alloc(place, init) => self.begins(*place, init, span),
            OpKind::Copy(to, from) | OpKind::Reshape(to, from) => self.places(to.place, from.place, span),
            OpKind::AddScaled(to, from, scale) => {
                self.places(to.place, from.place, span);
                scale.iter().for_each(|&scale| self.element(to, scale, span));
            }
            OpKind::Dot(a, b) => {
                self.places(a.place, b.place, span);
                self.element(a, results[0], span);
            }
            OpKind::Grow(place, val) => self.element(&Part::whole(*place), *val, span),
            OpKind::Shrink(place) => self.element(&Part::whole(*place), results[0], span),
            OpKind::Append(place, part) => self.places(*place, part.place, span),
            OpKind::If(_, then, other) => {
                let mut ends = Ends { yields: results, ..Ends::function() };
                self.region(then, &mut ends);
                self.region(other, &mut ends);
            }
            OpKind::Loop(l) => {
                self.each(&l.init, &l.params, span);
                self.each(results, &l.params, span);
                let params = &l.params;
                self.region(&l.body, &mut Ends { carried: params, left: params, ..Ends::function() });
            }
            OpKind::Call(call) => self.call(call, results, span),
            OpKind::Push(tape, vals, _) => match self.records.get(tape).cloned() {
                Some(record) => self.each(vals, &record, span),
                None => drop(self.records.insert(*tape, vals.clone())),
            },
            OpKind::Pop(tape, _) => match self.records.get(tape).cloned() {
                Some(record) => self.each(results, &record, span),
                None => drop(self.records.insert(*tape, results.to_vec())),
            },
            OpKind::Inactive(_) => {
                for &result in results {
                    let root = self.root(result.0 as usize);
                    self.opaque[root] = true;
                }
            }
            OpKind::Const(..)
            | OpKind::All(_)
            | OpKind::View(..)
            | OpKind::Resize(..)
            | OpKind::TapeNew(..)
            | OpKind::Reserve(..) => {}
        }
    }

    fn begins(&mut self, place: PlaceId, init: &Init, span: Span) {
        match init {
            Init::Fill(val) | Init::Repeat(val, _) => self.element(&Part::whole(place), *val, span),
            Init::Elements(vals) => vals.iter().for_each(|&val| self.element(&Part::whole(place), val, span)),
            Init::RepeatRow(part, _) | Init::Like(part) | Init::Copy(part) => self.places(place, part.place, span),
            Init::Rows(parts) => parts.iter().for_each(|part| self.places(place, part.place, span)),
            Init::Members(_) | Init::Returned(_) | Init::Empty => {}
        }
    }

    /// What is computed with a call has the types of what goes in. Those of the function's own result are known elsewhere.
    fn call(&mut self, call: &Call, results: &[Val], span: Span) {
        for &result in results {
            let root = self.root(result.0 as usize);
            self.opaque[root] = true;
        }
        if let (Companion::Value, &[result]) = (&call.companion, results) {
            let args = call.args.iter().filter_map(|arg| match arg {
                Arg::Float(val) => Some(Of::Val(*val)),
                Arg::Part(part, _) => Some(Of::Place(part.place)),
                Arg::Inactive(_) | Arg::Receiver(_) => None,
            });
            let args = args.map(|arg| self.node(arg)).collect();
            self.calls.push((self.node(Of::Val(result)), args));
        }
        self.companion(call, &call.companion, results, span);
    }

    /// Where nothing else tells, a call returns the type of its arguments. A wrong guess does not compile.
    fn guess_results(&mut self) {
        for (result, args) in std::mem::take(&mut self.calls) {
            let widths: Vec<Width> = args.into_iter().filter_map(|arg| self.width(arg)).collect();
            if let (None, Some(first)) = (self.width(result), widths.first())
                && widths.iter().all(|width| width == first)
            {
                self.is(result, first, Span::call_site());
            }
        }
    }

    fn companion(&mut self, call: &Call, companion: &Companion, results: &[Val], span: Span) {
        match companion {
            Companion::Value => {}
            Companion::Gradient(slots) => self.slots(call, slots, results.get(1..).unwrap_or_default(), span),
            Companion::Jvp(tangents) => {
                self.tangents(call, tangents, span);
                if call.is_number() {
                    self.vals(results.iter().copied(), span);
                }
            }
            Companion::Vjp(_, _, slots) => self.slots(call, slots, results, span),
            Companion::Along(along) => {
                self.tangents(call, &along.tangents, span);
                let (values, tangents) = results.split_at(results.len() / 2);
                if call.is_number() {
                    self.each(values, tangents, span);
                }
                self.companion(call, &along.of, values, span);
            }
        }
    }

    fn slots(&mut self, call: &Call, slots: &[Slot], results: &[Val], span: Span) {
        let mut results = results.iter();
        for (slot, arg) in slots.iter().zip(&call.args) {
            match (slot, arg) {
                (Slot::Scalar, Arg::Float(arg)) => {
                    let partial = results.next().copied();
                    self.vals(partial.into_iter().chain([*arg]), span);
                }
                (Slot::Scalar, _) => drop(results.next()),
                (Slot::Buffer(place), Arg::Part(part, _)) => self.places(*place, part.place, span),
                (Slot::InOut(to), Arg::Part(part, _)) => self.places(to.place, part.place, span),
                _ => {}
            }
        }
    }

    fn tangents(&mut self, call: &Call, tangents: &[Tangent], span: Span) {
        for (tangent, arg) in tangents.iter().zip(&call.args) {
            match (tangent, arg) {
                (Tangent::Scalar(tangent), Arg::Float(arg)) => self.vals([*tangent, *arg], span),
                (Tangent::Part(tangent), Arg::Part(part, _)) => {
                    self.places(tangent.place, part.place, span);
                }
                _ => {}
            }
        }
    }

    fn found(mut self) -> Vec<Option<Width>> {
        (0..self.above.len()).map(|node| self.width(node)).collect()
    }
}

fn write(func: &mut Func, found: Vec<Option<Width>>) {
    let of_vals = func.vals.iter_mut().map(|info| &mut info.width);
    let of_places = func.places.iter_mut().map(|place| &mut place.width);
    of_vals.chain(of_places).zip(found).for_each(|(own, found)| *own = found);
}
