//! A reference interpreter of the IR in `f64`: the oracle against which tests hold every pass. Input: a function and its
//! arguments. Output: what it yields and what it leaves in its output buffers, or what is wrong with it.
//!
//! It is strict where emitted code would be: an array, a tape or a variable of the user's is gone when the region that
//! declared it ends, a tape must be empty then, an index must be in bounds, and a value has the type that the IR says.
//! Steps are counted and bounded, so that it always ends.
//!
//! Inactive code is parsed and evaluated: integers, floats, conditions, indexing, ranges, the methods of the table of
//! primitives, blocks and `if`; `let` and assignment of the user's variables. Macros do nothing. It is a small part of
//! the language; what is outside of it is an error, never a guess.

use crate::ir::{
    Arg, Call, Companion, Dim, End, Func, Header, Inactive, Init, Loop, Op, OpKind, ParamKind, Part, PlaceId, Range,
    Region, Slot, Step, Storage, Tangent, TapeId, Ty, Val,
};
use crate::rules::{derivative as table, library};
use quote::{ToTokens as _, quote};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use syn::parse::Parser as _;
use syn::{BinOp, Expr, Lit, Pat, Stmt, UnOp};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum {
    /// A float.
    Float(f64),
    /// An integer of any type.
    Int(i128),
    /// A condition.
    Bool(bool),
    /// An array of floats.
    Array(Array),
    /// A list or a tuple of inactive values.
    List(Vec<Datum>),
    /// `()`, or a variable that has no value yet.
    Unit,
}

/// An array of floats, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// Its dimensions, outermost first.
    pub shape: Vec<usize>,
    /// Its elements.
    pub data: Vec<f64>,
}

/// What a function leaves behind.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What it yields.
    pub values: Vec<f64>,
    /// Its output buffers.
    pub outputs: Vec<(PlaceId, Array)>,
    /// How many steps it took.
    pub steps: u64,
}

/// The value of a callee and, for each argument, its partial derivatives in a row; of an inactive one, none.
pub type Callee<'c> = dyn Fn(&str, &[Datum]) -> Result<(f64, Vec<Vec<f64>>), String> + 'c;

/// The interpreter. It remembers what it has parsed, so that many functions are cheaper with one.
pub struct Interpreter<'c> {
    limit: u64,
    callee: Option<&'c Callee<'c>>,
    parsed: RefCell<HashMap<String, Rc<Code>>>,
}

impl Default for Interpreter<'_> {
    fn default() -> Self {
        Interpreter { limit: 1_000_000, callee: None, parsed: RefCell::new(HashMap::new()) }
    }
}

impl<'c> Interpreter<'c> {
    /// With another bound on the number of steps.
    #[must_use]
    pub fn with_limit(self, limit: u64) -> Self {
        Interpreter { limit, ..self }
    }

    /// With functions to call.
    #[must_use]
    pub fn with_callee(self, callee: &'c Callee<'c>) -> Self {
        Interpreter { callee: Some(callee), ..self }
    }

    /// Runs a function. Arguments are in the order of the parameters.
    ///
    /// # Errors
    ///
    /// What the function does that it must not, or what the interpreter does not know.
    pub fn run(&self, func: &Func, args: &[Datum]) -> Result<Outcome, String> {
        self.run_with(func, args, &[])
    }

    /// Runs a function of which some values and arrays are given besides its parameters: tangents.
    ///
    /// # Errors
    ///
    /// As for [`Interpreter::run`].
    pub fn run_with(&self, func: &Func, args: &[Datum], more: &[(ParamKind, Datum)]) -> Result<Outcome, String> {
        let mut machine = Machine {
            func,
            interpreter: self,
            vals: vec![Datum::Unit; func.vals.len()],
            places: vec![None; func.places.len()],
            tapes: vec![None; func.tapes as usize],
            rooms: vec![None; func.tapes as usize],
            scopes: vec![Scope::default()],
            parsed: HashMap::new(),
            steps: 0,
        };
        machine.begin(args)?;
        for (kind, datum) in more {
            machine.give(kind, datum)?;
        }
        machine.outputs()?;
        let Flow::Yield(values) = machine.region(&func.body)? else {
            return Err("the body ends like a loop's".into());
        };
        let values = values.iter().map(Datum::float).collect::<Result<_, _>>()?;
        let mut outputs = Vec::new();
        for (index, place) in func.places.iter().enumerate() {
            if place.storage == Storage::Output {
                let array = machine.places[index].clone().ok_or("an output buffer is gone")?;
                outputs.push((PlaceId(u32::try_from(index).map_err(text)?), array));
            }
        }
        Ok(Outcome { values, outputs, steps: machine.steps })
    }
}

impl Datum {
    fn float(&self) -> Result<f64, String> {
        match self {
            Datum::Float(x) => Ok(*x),
            other => Err(format!("{other:?} is no float")),
        }
    }

    fn int(&self) -> Result<i128, String> {
        match self {
            Datum::Int(i) => Ok(*i),
            other => Err(format!("{other:?} is no integer")),
        }
    }

    fn bool(&self) -> Result<bool, String> {
        match self {
            Datum::Bool(b) => Ok(*b),
            other => Err(format!("{other:?} is no condition")),
        }
    }

    fn index(&self) -> Result<usize, String> {
        usize::try_from(self.int()?).map_err(|_| format!("{self:?} is no index"))
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Parsed inactive code.
enum Code {
    Expr(Expr),
    Stmts(Vec<Stmt>),
    /// A `let`; its names in order, with whether they are variables of the user's.
    Let(Vec<(String, bool)>, Box<(Pat, Expr)>),
}

impl Code {
    fn parse(code: &Inactive) -> Result<Self, String> {
        let tokens = &code.tokens;
        let wrong = |e: syn::Error| format!("`{tokens}`: {e}");
        if let Some(pattern) = &code.pattern {
            let stmts = syn::Block::parse_within.parse2(quote!(let #pattern = #tokens;)).map_err(wrong)?;
            let Some(Stmt::Local(local)) = stmts.into_iter().next() else {
                return Err(format!("`{tokens}` is no `let`"));
            };
            let Some(init) = local.init.filter(|init| init.diverge.is_none()) else {
                return Err(format!("`{tokens}`: a `let … else`"));
            };
            let mut names = Vec::new();
            names_of(&local.pat, &mut names)?;
            return Ok(Code::Let(names, Box::new((local.pat, *init.expr))));
        }
        if code.expression {
            return syn::parse2(tokens.clone()).map(Code::Expr).map_err(wrong);
        }
        syn::Block::parse_within.parse2(tokens.clone()).map(Code::Stmts).map_err(wrong)
    }
}

fn names_of(pat: &Pat, names: &mut Vec<(String, bool)>) -> Result<(), String> {
    match pat {
        Pat::Ident(p) => names.push((p.ident.to_string(), p.mutability.is_some())),
        Pat::Wild(_) => {}
        Pat::Type(p) => names_of(&p.pat, names)?,
        Pat::Paren(p) => names_of(&p.pat, names)?,
        Pat::Reference(p) => names_of(&p.pat, names)?,
        Pat::Tuple(p) => p.elems.iter().try_for_each(|p| names_of(p, names))?,
        Pat::Slice(p) => p.elems.iter().try_for_each(|p| names_of(p, names))?,
        other => return Err(format!("the pattern `{}`", other.to_token_stream())),
    }
    Ok(())
}

/// What a region declared.
#[derive(Default)]
struct Scope {
    natives: Vec<(String, Datum)>,
    places: Vec<PlaceId>,
    tapes: Vec<TapeId>,
}

enum Flow {
    Yield(Vec<Datum>),
    Continue(Vec<Datum>),
    Break(Vec<Datum>),
}

type Record = (Vec<Datum>, Vec<Array>);

struct Machine<'r, 'c> {
    func: &'r Func,
    interpreter: &'r Interpreter<'c>,
    vals: Vec<Datum>,
    places: Vec<Option<Array>>,
    tapes: Vec<Option<Vec<Record>>>,
    /// How many records a tape can hold, if that is said.
    rooms: Vec<Option<usize>>,
    scopes: Vec<Scope>,
    parsed: HashMap<*const Inactive, Rc<Code>>,
    steps: u64,
}

impl Machine<'_, '_> {
    fn begin(&mut self, args: &[Datum]) -> Result<(), String> {
        let func = self.func;
        if args.len() != func.params.len() {
            return Err(format!("{} arguments for {} parameters", args.len(), func.params.len()));
        }
        for (param, arg) in func.params.iter().zip(args) {
            if !matches!(param.kind, ParamKind::Other) {
                self.give(&param.kind, arg)?;
                continue;
            }
            let mut named = func.vals.iter().position(|v| v.ty == Ty::Other && v.name.as_ref() == Some(&param.name));
            if let Some(index) = named.take() {
                self.vals[index] = arg.clone();
            }
            self.declare(param.name.to_string(), arg.clone());
        }
        Ok(())
    }

    fn give(&mut self, kind: &ParamKind, datum: &Datum) -> Result<(), String> {
        match (kind, datum) {
            (ParamKind::Float(val), datum) => self.vals[val.0 as usize] = Datum::Float(datum.float()?),
            (ParamKind::Place(place), Datum::Array(array)) => {
                let dims = self.func.place_info(*place).dims.len();
                if array.shape.len() != dims || array.shape.iter().product::<usize>() != array.data.len() {
                    return Err(format!("an argument of the shape {:?}", array.shape));
                }
                self.places[place.0 as usize] = Some(array.clone());
            }
            (_, datum) => return Err(format!("{datum:?} does not fit its parameter")),
        }
        Ok(())
    }

    /// Output buffers are zero at first, each in the shape of the next array in `wrt`.
    fn outputs(&mut self) -> Result<(), String> {
        let mut arrays = self.func.params.iter().filter_map(|p| match p.kind {
            ParamKind::Place(place) if p.wrt => Some(place),
            _ => None,
        });
        for (index, place) in self.func.places.iter().enumerate() {
            if place.storage == Storage::Output {
                let shape = self.array(arrays.next().ok_or("a buffer of nothing")?)?.shape.clone();
                let data = vec![0.0; shape.iter().product()];
                self.places[index] = Some(Array { shape, data });
            }
        }
        Ok(())
    }

    fn step(&mut self) -> Result<(), String> {
        self.steps += 1;
        if self.steps > self.interpreter.limit { Err("too many steps".into()) } else { Ok(()) }
    }

    fn get(&self, val: Val) -> Result<&Datum, String> {
        match &self.vals[val.0 as usize] {
            Datum::Unit => Err(format!("{val} has no value")),
            datum => Ok(datum),
        }
    }

    fn float(&self, val: Val) -> Result<f64, String> {
        self.get(val)?.float().map_err(|e| format!("{val}: {e}"))
    }

    fn floats(&self, vals: &[Val]) -> Result<Vec<f64>, String> {
        vals.iter().map(|&v| self.float(v)).collect()
    }

    fn all(&self, vals: &[Val]) -> Result<Vec<Datum>, String> {
        vals.iter().map(|&v| self.get(v).cloned()).collect()
    }

    fn set(&mut self, val: Val, datum: Datum) -> Result<(), String> {
        let fits = match self.func.info(val).ty {
            Ty::Float => matches!(datum, Datum::Float(_)),
            Ty::Bool => matches!(datum, Datum::Bool(_)),
            Ty::Index => matches!(datum, Datum::Int(_)),
            Ty::Other => true,
        };
        if !fits {
            return Err(format!("{val} is no {datum:?}"));
        }
        self.vals[val.0 as usize] = datum;
        Ok(())
    }

    fn set_all(&mut self, vals: &[Val], data: Vec<Datum>) -> Result<(), String> {
        if vals.len() != data.len() {
            return Err(format!("{} values for {} results", data.len(), vals.len()));
        }
        vals.iter().zip(data).try_for_each(|(&v, d)| self.set(v, d))
    }

    // Regions

    fn region(&mut self, region: &Region) -> Result<Flow, String> {
        self.scopes.push(Scope::default());
        for op in &region.ops {
            self.op(op)?;
        }
        let flow = match &region.end {
            End::Yield(vals) => Flow::Yield(self.all(vals)?),
            End::Continue(vals) => Flow::Continue(self.all(vals)?),
            End::Break(vals) => Flow::Break(self.all(vals)?),
            End::Branch(cond, then, other) => {
                if self.get(*cond)?.bool()? {
                    self.region(then)?
                } else {
                    self.region(other)?
                }
            }
        };
        if let Some(scope) = self.scopes.pop() {
            for place in scope.places {
                self.places[place.0 as usize] = None;
            }
            for tape in scope.tapes {
                let left = self.tapes[tape.0 as usize].take().map_or(0, |t| t.len());
                if left > 0 {
                    return Err(format!("{left} records are left on tape #{}", tape.0));
                }
            }
        }
        Ok(flow)
    }

    fn op(&mut self, op: &Op) -> Result<(), String> {
        self.step()?;
        match &op.kind {
            OpKind::Const(value, _) => self.set(op.results[0], Datum::Float(*value)),
            OpKind::Prim(prim, args) => {
                let mut operands = Vec::with_capacity(args.len());
                for (k, &arg) in args.iter().enumerate() {
                    operands.push(match self.get(arg)? {
                        Datum::Float(x) => *x,
                        // The exponent of `powi`.
                        Datum::Int(n) if prim.name.starts_with("powi") && k > 0 => integer(*n),
                        other => return Err(format!("{other:?} is no operand of {}", prim.name)),
                    });
                }
                self.set(op.results[0], Datum::Float((prim.eval)(&operands)))
            }
            OpKind::Inactive(code) => self.inactive(code, &op.results),
            OpKind::If(cond, then, other) => {
                let taken = if self.get(*cond)?.bool()? { then } else { other };
                match self.region(taken)? {
                    Flow::Yield(data) => self.set_all(&op.results, data),
                    _ => Err("an arm ends like a loop's body".into()),
                }
            }
            OpKind::Loop(l) => self.a_loop(l, &op.results),
            OpKind::Call(call) => self.call(call, &op.results),
            OpKind::TapeNew(tape, room) => {
                self.tapes[tape.0 as usize] = Some(Vec::new());
                let lengths = room.iter().flatten().map(|n| n.to_string().parse::<usize>().ok());
                self.rooms[tape.0 as usize] = room.as_ref().and(lengths.product());
                self.scope().tapes.push(*tape);
                Ok(())
            }
            OpKind::Reserve(..) => Ok(()),
            OpKind::Push(tape, vals, places) => {
                let vals = self.all(vals)?;
                let places = places.iter().map(|&p| self.array(p).cloned()).collect::<Result<_, _>>()?;
                let room = self.rooms[tape.0 as usize];
                let records = self.tape(*tape)?;
                if room.is_some_and(|room| records.len() >= room) {
                    return Err(format!("tape #{} has no room left", tape.0));
                }
                records.push((vals, places));
                Ok(())
            }
            OpKind::Pop(tape, places) => {
                let (vals, arrays) = self.tape(*tape)?.pop().ok_or("a tape has no record left")?;
                if arrays.len() != places.len() {
                    return Err("a record has another number of arrays".into());
                }
                for (&place, array) in places.iter().zip(arrays) {
                    self.bring(place, array);
                }
                self.set_all(&op.results, vals)
            }
            kind => self.memory(kind, &op.results),
        }
    }

    fn scope(&mut self) -> &mut Scope {
        if self.scopes.is_empty() {
            self.scopes.push(Scope::default());
        }
        let last = self.scopes.len() - 1;
        &mut self.scopes[last]
    }

    fn tape(&mut self, tape: TapeId) -> Result<&mut Vec<Record>, String> {
        self.tapes[tape.0 as usize].as_mut().ok_or_else(|| format!("tape #{} is not there", tape.0))
    }

    fn a_loop(&mut self, l: &Loop, results: &[Val]) -> Result<(), String> {
        let mut carried = self.all(&l.init)?;
        let items = match &l.header {
            Header::Range(r) => Some(self.range(r)?),
            Header::Iterator { code, .. } => {
                let Datum::List(items) = self.evaluate(code)? else {
                    return Err(format!("`{}` is not iterated", code.tokens));
                };
                Some(items)
            }
            Header::Forever => None,
        };
        let mut items = items.map(Vec::into_iter);
        let mut trips = 0;
        loop {
            let item = match &mut items {
                None => None,
                Some(items) => match items.next() {
                    None => break,
                    item => item,
                },
            };
            self.step()?;
            trips += 1;
            self.set_all(&l.params, carried)?;
            self.scopes.push(Scope::default());
            if let Some(item) = item {
                self.bind_item(l, item)?;
            }
            let flow = self.region(&l.body)?;
            self.scopes.pop();
            match flow {
                Flow::Continue(data) => carried = data,
                Flow::Break(data) => {
                    carried = data;
                    break;
                }
                Flow::Yield(_) => return Err("a loop's body ends like an arm".into()),
            }
        }
        self.set_all(results, carried)?;
        l.trips.map_or(Ok(()), |val| self.set(val, Datum::Int(trips)))
    }

    fn bind_item(&mut self, l: &Loop, item: Datum) -> Result<(), String> {
        match (&l.header, l.index) {
            (Header::Iterator { pattern, binds, .. }, _) => {
                let pat = Pat::parse_single.parse2(pattern.clone()).map_err(text)?;
                let mut names = Vec::new();
                names_of(&pat, &mut names)?;
                let mut data = Vec::new();
                destructure(&pat, &item, &mut data)?;
                self.bind(&names, data, binds)
            }
            (_, Some(index)) => self.set(index, item),
            _ => Ok(()),
        }
    }

    fn range(&mut self, r: &Range) -> Result<Vec<Datum>, String> {
        let (lo, hi) = (self.get(r.lo)?.int()?, self.get(r.hi)?.int()?);
        let step = r.step.map_or(Ok(1), |s| self.get(s)?.int())?;
        let mut items = self.numbers(lo, if r.inclusive { hi + 1 } else { hi }, step)?;
        if r.reversed {
            items.reverse();
        }
        Ok(items)
    }

    fn numbers(&mut self, lo: i128, end: i128, step: i128) -> Result<Vec<Datum>, String> {
        let step = usize::try_from(step).ok().filter(|&s| s > 0).ok_or("a step that is not positive")?;
        if end - lo > i128::from(self.interpreter.limit) {
            return Err("too many steps".into());
        }
        Ok((lo..end).step_by(step).map(Datum::Int).collect())
    }

    // Arrays

    fn array(&self, place: PlaceId) -> Result<&Array, String> {
        self.places[place.0 as usize].as_ref().ok_or_else(|| format!("@{} is not there", place.0))
    }

    fn bring(&mut self, place: PlaceId, array: Array) {
        self.places[place.0 as usize] = Some(array);
        self.scope().places.push(place);
    }

    /// Where a part begins, and its shape.
    fn locate(&self, part: &Part) -> Result<(usize, Vec<usize>), String> {
        let array = self.array(part.place)?;
        let (mut start, mut shape) = (0, array.shape.clone());
        for step in &part.path {
            let dim = *shape.first().ok_or_else(|| format!("@{}: too many indices", part.place.0))?;
            let stride: usize = shape[1..].iter().product();
            match step {
                Step::At(val) => {
                    let index = self.get(*val)?.index()?;
                    if index >= dim {
                        return Err(format!("@{}: index {index} of {dim}", part.place.0));
                    }
                    shape.remove(0);
                    start += index * stride;
                }
                Step::Range(lo, hi) => {
                    let (lo, hi) = (self.get(*lo)?.index()?, self.get(*hi)?.index()?);
                    if lo > hi || hi > dim {
                        return Err(format!("@{}: range {lo}..{hi} of {dim}", part.place.0));
                    }
                    shape[0] = hi - lo;
                    start += lo * stride;
                }
                Step::From(lo) => {
                    let lo = self.get(*lo)?.index()?;
                    if lo > dim {
                        return Err(format!("@{}: range {lo}.. of {dim}", part.place.0));
                    }
                    shape[0] = dim - lo;
                    start += lo * stride;
                }
                Step::Field(_) => return Err("a field".into()),
            }
        }
        Ok((start, shape))
    }

    fn part(&self, part: &Part) -> Result<&[f64], String> {
        let (start, shape) = self.locate(part)?;
        let len: usize = shape.iter().product();
        Ok(&self.array(part.place)?.data[start..start + len])
    }

    fn part_mut(&mut self, part: &Part) -> Result<&mut [f64], String> {
        let (start, shape) = self.locate(part)?;
        let len: usize = shape.iter().product();
        let array = self.places[part.place.0 as usize].as_mut().ok_or("an array is not there")?;
        Ok(&mut array.data[start..start + len])
    }

    fn sub_array(&self, part: &Part) -> Result<Array, String> {
        let (_, shape) = self.locate(part)?;
        Ok(Array { shape, data: self.part(part)?.to_vec() })
    }

    fn element(&mut self, part: &Part) -> Result<&mut f64, String> {
        match self.part_mut(part)? {
            [element] => Ok(element),
            _ => Err("a part is no element".into()),
        }
    }

    fn shape(&mut self, place: PlaceId, first: Option<usize>) -> Result<Vec<usize>, String> {
        let info = self.func.place_info(place);
        let mut shape = Vec::new();
        for dim in &info.dims {
            shape.push(match dim {
                Dim::Fixed(tokens) => self.evaluate(&Inactive::engine(tokens.clone()))?.index()?,
                Dim::Inferred | Dim::Dynamic => first.ok_or_else(|| format!("@{} has no length", place.0))?,
            });
        }
        Ok(shape)
    }

    fn memory(&mut self, kind: &OpKind, results: &[Val]) -> Result<(), String> {
        match kind {
            OpKind::Load(part) => {
                let value = *self.element(part)?;
                self.set(results[0], Datum::Float(value))?;
            }
            OpKind::SumOf(part) => {
                let sum = self.part(part)?.iter().fold(0.0, |sum, x| sum + x);
                self.set(results[0], Datum::Float(sum))?;
            }
            OpKind::Store(part, val) => *self.element(part)? = self.float(*val)?,
            OpKind::Accumulate(part, val) => {
                let value = self.float(*val)?;
                *self.element(part)? += value;
            }
            OpKind::Fill(part, val) => {
                let value = self.float(*val)?;
                self.part_mut(part)?.fill(value);
            }
            OpKind::Copy(to, from) => {
                let from = self.part(from)?.to_vec();
                let to = self.part_mut(to)?;
                if from.len() != to.len() {
                    return Err("a copy between different lengths".into());
                }
                to.copy_from_slice(&from);
            }
            OpKind::AddScaled(to, from, scale) => {
                let scale = scale.map(|s| self.float(s)).transpose()?;
                let from = self.part(from)?.to_vec();
                let to = self.part_mut(to)?;
                if from.len() != to.len() {
                    return Err("an addition of different lengths".into());
                }
                for (to, from) in to.iter_mut().zip(from) {
                    *to += scale.map_or(from, |s| s * from);
                }
            }
            OpKind::Alloc(place, init) => self.alloc(*place, init)?,
            OpKind::View(part, _) => drop(self.part(part)?),
            OpKind::Grow(place, val) => {
                let value = self.float(*val)?;
                let array = self.places[place.0 as usize].as_mut().ok_or("an array is not there")?;
                array.data.push(value);
                array.shape[0] += 1;
            }
            OpKind::Shrink(place) => {
                let array = self.places[place.0 as usize].as_mut().ok_or("an array is not there")?;
                let value = array.data.pop().ok_or("an empty array is popped")?;
                array.shape[0] -= 1;
                self.set(results[0], Datum::Float(value))?;
            }
            OpKind::Resize(place, len) => {
                let len = self.get(*len)?.index()?;
                let array = self.places[place.0 as usize].as_mut().ok_or("an array is not there")?;
                array.data.resize(len, 0.0);
                array.shape[0] = len;
            }
            _ => return Err("an operation that is not known".into()),
        }
        Ok(())
    }

    fn alloc(&mut self, place: PlaceId, init: &Init) -> Result<(), String> {
        let (first, data) = match init {
            Init::Fill(_) => (None, Vec::new()),
            Init::Returned(_) => return Err("what a call has returned".into()),
            Init::Empty => (Some(0), Vec::new()),
            Init::Repeat(val, len) => {
                let len = self.get(*len)?.index()?;
                (Some(len), vec![self.float(*val)?; len])
            }
            Init::RepeatRow(row, len) => {
                let len = self.get(*len)?.index()?;
                let row = self.sub_array(row)?;
                let mut shape = row.shape;
                shape.insert(0, len);
                let data = row.data.repeat(len);
                self.bring(place, Array { shape, data });
                return Ok(());
            }
            Init::Like(from) => {
                let array = self.sub_array(from)?;
                let data = vec![0.0; array.data.len()];
                self.bring(place, Array { shape: array.shape, data });
                return Ok(());
            }
            Init::Elements(vals) => (Some(vals.len()), self.floats(vals)?),
            Init::Rows(rows) => {
                let mut data = Vec::new();
                for row in rows {
                    data.extend_from_slice(self.part(row)?);
                }
                (Some(rows.len()), data)
            }
            Init::Copy(from) => {
                let array = self.sub_array(from)?;
                (array.shape.first().copied(), array.data)
            }
        };
        let shape = self.shape(place, first)?;
        let len = shape.iter().product();
        let data = if let Init::Fill(val) = init { vec![self.float(*val)?; len] } else { data };
        if data.len() != len {
            return Err(format!("@{}: {} elements in the shape {shape:?}", place.0, data.len()));
        }
        self.bring(place, Array { shape, data });
        Ok(())
    }

    // Calls

    fn call(&mut self, call: &Call, results: &[Val]) -> Result<(), String> {
        let callee = self.interpreter.callee.ok_or_else(|| format!("`{}` is called", call.callee))?;
        let mut args = Vec::new();
        for arg in &call.args {
            args.push(match arg {
                Arg::Float(v) | Arg::Inactive(v) => self.get(*v)?.clone(),
                Arg::Part(p, _) => Datum::Array(self.sub_array(p)?),
                Arg::Receiver(_) => return Err("a receiver".into()),
            });
        }
        let (value, partials) = callee(&call.callee.to_string(), &args)?;
        if partials.len() != args.len() {
            return Err("a callee with another number of arguments".into());
        }
        let mut data = vec![Datum::Float(value)];
        match &call.companion {
            Companion::Vjp(..) => return Err("a product".into()),
            Companion::Value => {}
            Companion::Gradient(slots) => {
                for (slot, partials) in slots.iter().zip(partials) {
                    match slot {
                        Slot::InOut(_) => return Err("a buffer is passed".into()),
                        Slot::None => {}
                        Slot::Scalar => data.push(Datum::Float(*partials.first().ok_or("no partial")?)),
                        Slot::Buffer(place) => {
                            let buffer = self.part_mut(&Part::whole(*place))?;
                            if buffer.len() != partials.len() {
                                return Err("a buffer of another length".into());
                            }
                            buffer.copy_from_slice(&partials);
                        }
                    }
                }
            }
            Companion::Jvp(tangents) => {
                let mut sum = 0.0;
                for (tangent, partials) in tangents.iter().zip(partials) {
                    let tangent = match tangent {
                        Tangent::None => Vec::new(),
                        Tangent::Scalar(v) => vec![self.float(*v)?],
                        Tangent::Part(p) => self.part(p)?.to_vec(),
                    };
                    sum += partials.iter().zip(tangent).map(|(p, t)| p * t).sum::<f64>();
                }
                data.push(Datum::Float(sum));
            }
        }
        self.set_all(results, data)
    }

    // Inactive code

    fn code(&mut self, code: &Inactive) -> Result<Rc<Code>, String> {
        let key = std::ptr::from_ref(code);
        if let Some(known) = self.parsed.get(&key) {
            return Ok(known.clone());
        }
        let name = match &code.pattern {
            Some(pattern) => format!("let {pattern} = {}", code.tokens),
            None => format!("{}{}", if code.expression { "= " } else { "" }, code.tokens),
        };
        let cache = &self.interpreter.parsed;
        let known = cache.borrow().get(&name).cloned();
        let parsed = if let Some(parsed) = known {
            parsed
        } else {
            let parsed = Rc::new(Code::parse(code)?);
            cache.borrow_mut().insert(name, parsed.clone());
            parsed
        };
        self.parsed.insert(key, parsed.clone());
        Ok(parsed)
    }

    fn evaluate(&mut self, code: &Inactive) -> Result<Datum, String> {
        // Not by address: the code may be a temporary.
        let parsed = Code::parse(code)?;
        let Code::Expr(expr) = &parsed else { return Err(format!("`{}` is no expression", code.tokens)) };
        Evaluator::new(self, code).expr(expr)
    }

    fn inactive(&mut self, code: &Inactive, results: &[Val]) -> Result<(), String> {
        let parsed = self.code(code)?;
        let wrong = |e: String| format!("`{}`: {e}", code.tokens);
        match &*parsed {
            Code::Expr(expr) => {
                let datum = Evaluator::new(self, code).expr(expr).map_err(wrong)?;
                match results {
                    [] => Ok(()),
                    [result] => self.set(*result, datum).map_err(wrong),
                    _ => Err(wrong("an expression with several results".into())),
                }
            }
            Code::Stmts(stmts) => {
                Evaluator::new(self, code).stmts(stmts).map_err(wrong)?;
                if results.is_empty() { Ok(()) } else { Err(wrong("a statement with results".into())) }
            }
            Code::Let(names, parts) => {
                let (pat, init) = &**parts;
                let datum = Evaluator::new(self, code).expr(init).map_err(wrong)?;
                let mut data = Vec::new();
                destructure(pat, &datum, &mut data).map_err(wrong)?;
                self.bind(names, data, results).map_err(wrong)
            }
        }
    }

    /// Variables of the user's are declared, the others are results.
    fn bind(&mut self, names: &[(String, bool)], data: Vec<Datum>, results: &[Val]) -> Result<(), String> {
        let mut results = results.iter();
        for ((name, mutable), datum) in names.iter().zip(data) {
            if *mutable {
                self.declare(name.clone(), datum);
            } else {
                let result = results.next().ok_or("a name without a value")?;
                self.set(*result, datum)?;
            }
        }
        if results.next().is_some() { Err("a value without a name".into()) } else { Ok(()) }
    }

    fn declare(&mut self, name: String, datum: Datum) {
        self.scope().natives.push((name, datum));
    }

    /// A variable of the user's, in the scopes from `first` on.
    fn native(&mut self, name: &str, first: usize) -> Option<&mut Datum> {
        self.scopes[first..]
            .iter_mut()
            .rev()
            .find_map(|scope| scope.natives.iter_mut().rev().find(|(known, _)| known == name))
            .map(|(_, datum)| datum)
    }
}

#[allow(clippy::cast_precision_loss, reason = "exponents are small")]
fn integer(n: i128) -> f64 {
    n as f64
}

/// The parts of a datum that a pattern names, in order.
fn destructure(pat: &Pat, datum: &Datum, data: &mut Vec<Datum>) -> Result<(), String> {
    match (pat, datum) {
        (Pat::Ident(p), datum) if p.subpat.is_none() => data.push(datum.clone()),
        (Pat::Wild(_), _) => {}
        (Pat::Type(p), datum) => destructure(&p.pat, datum, data)?,
        (Pat::Paren(p), datum) => destructure(&p.pat, datum, data)?,
        (Pat::Reference(p), datum) => destructure(&p.pat, datum, data)?,
        (Pat::Tuple(p), Datum::List(list)) if p.elems.len() == list.len() => {
            p.elems.iter().zip(list).try_for_each(|(p, d)| destructure(p, d, data))?;
        }
        (Pat::Slice(p), Datum::List(list)) if p.elems.len() == list.len() => {
            p.elems.iter().zip(list).try_for_each(|(p, d)| destructure(p, d, data))?;
        }
        (pat, _) => return Err(format!("the pattern `{}`", pat.to_token_stream())),
    }
    Ok(())
}

/// Inactive code at work.
struct Evaluator<'m, 'r, 'c> {
    machine: &'m mut Machine<'r, 'c>,
    code: &'m Inactive,
    /// The scopes from here on are those of the code's own blocks.
    own: usize,
}

impl<'m, 'r, 'c> Evaluator<'m, 'r, 'c> {
    fn new(machine: &'m mut Machine<'r, 'c>, code: &'m Inactive) -> Self {
        let own = machine.scopes.len();
        Evaluator { machine, code, own }
    }

    fn stmts(&mut self, stmts: &[Stmt]) -> Result<Datum, String> {
        let mut last = Datum::Unit;
        for stmt in stmts {
            last = Datum::Unit;
            match stmt {
                Stmt::Local(local) => {
                    let mut names = Vec::new();
                    names_of(&local.pat, &mut names)?;
                    let mut data = Vec::new();
                    match &local.init {
                        Some(init) => {
                            let datum = self.expr(&init.expr)?;
                            destructure(&local.pat, &datum, &mut data)?;
                        }
                        None => data.resize(names.len(), Datum::Unit),
                    }
                    for ((name, _), datum) in names.into_iter().zip(data) {
                        self.machine.declare(name, datum);
                    }
                }
                Stmt::Expr(expr, semi) => {
                    let datum = self.expr(expr)?;
                    if semi.is_none() {
                        last = datum;
                    }
                }
                Stmt::Macro(_) => {}
                Stmt::Item(syn::Item::Const(item)) => {
                    let datum = self.expr(&item.expr)?;
                    self.machine.declare(item.ident.to_string(), datum);
                }
                Stmt::Item(item) => return Err(format!("`{}`", item.to_token_stream())),
            }
        }
        Ok(last)
    }

    fn block(&mut self, block: &syn::Block) -> Result<Datum, String> {
        self.machine.scopes.push(Scope::default());
        let datum = self.stmts(&block.stmts)?;
        self.machine.scopes.pop();
        Ok(datum)
    }

    fn expr(&mut self, expr: &Expr) -> Result<Datum, String> {
        self.machine.step()?;
        match expr {
            Expr::Lit(e) => literal(&e.lit),
            Expr::Paren(e) => self.expr(&e.expr),
            Expr::Group(e) => self.expr(&e.expr),
            Expr::Reference(e) => self.expr(&e.expr),
            Expr::Path(e) => match e.path.get_ident() {
                Some(ident) => self.name(&ident.to_string()),
                None => constant(&crate::lower::syntax::path_text(&e.path)),
            },
            Expr::Unary(e) => match (&e.op, self.expr(&e.expr)?) {
                (UnOp::Neg(_), Datum::Float(x)) => Ok(Datum::Float(-x)),
                (UnOp::Neg(_), Datum::Int(i)) => Ok(Datum::Int(-i)),
                (UnOp::Not(_), Datum::Bool(b)) => Ok(Datum::Bool(!b)),
                (UnOp::Deref(_), datum) => Ok(datum),
                (_, datum) => Err(format!("an operator on {datum:?}")),
            },
            Expr::Binary(e) if crate::lower::exits::is_compound(&e.op) => {
                let right = self.expr(&e.right)?;
                let left = self.expr(&e.left)?;
                let datum = binary(&plain(&e.op)?, left, right)?;
                self.assign(&e.left, datum)
            }
            Expr::Binary(e) => match (&e.op, self.expr(&e.left)?) {
                (BinOp::And(_), Datum::Bool(false)) => Ok(Datum::Bool(false)),
                (BinOp::Or(_), Datum::Bool(true)) => Ok(Datum::Bool(true)),
                (op, left) => {
                    let right = self.expr(&e.right)?;
                    binary(op, left, right)
                }
            },
            Expr::Assign(e) => {
                let right = self.expr(&e.right)?;
                self.assign(&e.left, right)
            }
            Expr::Cast(e) => {
                let datum = self.expr(&e.expr)?;
                cast(&datum, &e.ty.to_token_stream().to_string())
            }
            Expr::Index(e) => {
                let base = self.expr(&e.expr)?;
                let index = self.expr(&e.index)?.index()?;
                at(&base, index)
            }
            Expr::MethodCall(e) => {
                let mut data = vec![self.expr(&e.receiver)?];
                for arg in &e.args {
                    data.push(self.expr(arg)?);
                }
                method(&e.method.to_string(), &data)
            }
            Expr::Call(e) => {
                let path = crate::lower::syntax::path_of(&e.func).ok_or("a call of no path")?;
                let data = e.args.iter().map(|arg| self.expr(arg)).collect::<Result<Vec<_>, _>>()?;
                function(&path, &data)
            }
            Expr::If(e) => {
                if self.expr(&e.cond)?.bool()? {
                    self.block(&e.then_branch)
                } else {
                    e.else_branch.as_ref().map_or(Ok(Datum::Unit), |(_, other)| self.expr(other))
                }
            }
            Expr::Block(e) => self.block(&e.block),
            Expr::Tuple(e) => self.list(&e.elems),
            Expr::Array(e) => self.list(&e.elems),
            Expr::Repeat(e) => {
                let datum = self.expr(&e.expr)?;
                let len = self.expr(&e.len)?.index()?;
                Ok(Datum::List(vec![datum; len]))
            }
            Expr::Range(e) => {
                let bound = |b: &Option<Box<Expr>>| b.clone().ok_or("an open range");
                let lo = self.expr(&*bound(&e.start)?)?.int()?;
                let hi = self.expr(&*bound(&e.end)?)?.int()?;
                let end = if matches!(e.limits, syn::RangeLimits::Closed(_)) { hi + 1 } else { hi };
                self.machine.numbers(lo, end, 1).map(Datum::List)
            }
            Expr::Macro(_) => Ok(Datum::Unit),
            other => Err(format!("`{}` is not known", other.to_token_stream())),
        }
    }

    fn list<'e>(&mut self, elems: impl IntoIterator<Item = &'e Expr>) -> Result<Datum, String> {
        elems.into_iter().map(|e| self.expr(e)).collect::<Result<_, _>>().map(Datum::List)
    }

    fn name(&mut self, name: &str) -> Result<Datum, String> {
        let code = self.code;
        if let Some(datum) = self.machine.native(name, self.own) {
            return Ok(datum.clone());
        }
        if let Some((_, val)) = code.reads.iter().find(|(known, _)| known == name) {
            return self.machine.get(*val).cloned();
        }
        if let Some((_, part)) = code.places.iter().find(|(known, _)| known == name) {
            let array = self.machine.sub_array(part)?;
            return Ok(if array.shape.is_empty() { Datum::Float(array.data[0]) } else { Datum::Array(array) });
        }
        match self.machine.native(name, 0) {
            None => Err(format!("`{name}` is not known")),
            Some(Datum::Unit) => Err(format!("`{name}` has no value")),
            Some(datum) => Ok(datum.clone()),
        }
    }

    fn assign(&mut self, target: &Expr, datum: Datum) -> Result<Datum, String> {
        let wrong = || format!("an assignment to `{}`", target.to_token_stream());
        match target {
            Expr::Path(p) => {
                let name = p.path.get_ident().ok_or_else(wrong)?.to_string();
                if let Some(own) = self.machine.native(&name, self.own) {
                    *own = datum;
                    return Ok(Datum::Unit);
                }
                if self.code.reads.iter().any(|(known, _)| *known == name) {
                    return Err(wrong());
                }
                *self.machine.native(&name, 0).ok_or_else(wrong)? = datum;
            }
            Expr::Paren(p) => return self.assign(&p.expr, datum),
            Expr::Index(e) => {
                let index = self.expr(&e.index)?.index()?;
                let Expr::Path(p) = &*e.expr else { return Err(wrong()) };
                let name = p.path.get_ident().ok_or_else(wrong)?.to_string();
                match self.machine.native(&name, 0) {
                    Some(Datum::List(list)) => *list.get_mut(index).ok_or_else(wrong)? = datum,
                    _ => return Err(wrong()),
                }
            }
            _ => return Err(wrong()),
        }
        Ok(Datum::Unit)
    }
}

fn literal(lit: &Lit) -> Result<Datum, String> {
    match lit {
        Lit::Int(lit) if matches!(lit.suffix(), "f64" | "f32") => lit.base10_parse().map(Datum::Float).map_err(text),
        Lit::Int(lit) => lit.base10_parse().map(Datum::Int).map_err(text),
        Lit::Float(lit) => lit.base10_parse().map(Datum::Float).map_err(text),
        Lit::Bool(lit) => Ok(Datum::Bool(lit.value)),
        _ => Ok(Datum::Unit),
    }
}

fn constant(path: &str) -> Result<Datum, String> {
    use std::f64::consts as c;
    let (owner, name) = path.rsplit_once("::").unwrap_or(("", path));
    let value = match (owner.rsplit("::").next().unwrap_or_default(), name) {
        ("consts", "PI") => c::PI,
        ("consts", "E") => c::E,
        ("consts", "TAU") => c::TAU,
        ("consts", "LN_2") => c::LN_2,
        ("consts", "SQRT_2") => c::SQRT_2,
        ("f64", "EPSILON") => f64::EPSILON,
        ("f64", "MAX") => f64::MAX,
        ("f64", "MIN") => f64::MIN,
        ("f64", "INFINITY") => f64::INFINITY,
        ("f64", "NEG_INFINITY") => f64::NEG_INFINITY,
        ("usize", "MAX") => return Ok(Datum::Int(i128::from(u64::MAX))),
        _ => return Err(format!("`{path}` is not known")),
    };
    Ok(Datum::Float(value))
}

/// The operator of a compound assignment.
fn plain(op: &BinOp) -> Result<BinOp, String> {
    Ok(match op {
        BinOp::AddAssign(_) => BinOp::Add(syn::token::Plus::default()),
        BinOp::SubAssign(_) => BinOp::Sub(syn::token::Minus::default()),
        BinOp::MulAssign(_) => BinOp::Mul(syn::token::Star::default()),
        BinOp::DivAssign(_) => BinOp::Div(syn::token::Slash::default()),
        BinOp::RemAssign(_) => BinOp::Rem(syn::token::Percent::default()),
        BinOp::BitXorAssign(_) => BinOp::BitXor(syn::token::Caret::default()),
        BinOp::BitAndAssign(_) => BinOp::BitAnd(syn::token::And::default()),
        BinOp::BitOrAssign(_) => BinOp::BitOr(syn::token::Or::default()),
        _ => return Err("an operator that is not known".into()),
    })
}

fn binary(op: &BinOp, left: Datum, right: Datum) -> Result<Datum, String> {
    Ok(match (left, right) {
        (Datum::Float(a), Datum::Float(b)) => match op {
            BinOp::Add(_) => Datum::Float(a + b),
            BinOp::Sub(_) => Datum::Float(a - b),
            BinOp::Mul(_) => Datum::Float(a * b),
            BinOp::Div(_) => Datum::Float(a / b),
            BinOp::Rem(_) => Datum::Float(a % b),
            op => Datum::Bool(compare(op, a.partial_cmp(&b))?),
        },
        (Datum::Int(a), Datum::Int(b)) => {
            let number = match op {
                BinOp::Add(_) => a.checked_add(b),
                BinOp::Sub(_) => a.checked_sub(b),
                BinOp::Mul(_) => a.checked_mul(b),
                BinOp::Div(_) => a.checked_div(b),
                BinOp::Rem(_) => a.checked_rem(b),
                BinOp::BitXor(_) => Some(a ^ b),
                BinOp::BitAnd(_) => Some(a & b),
                BinOp::BitOr(_) => Some(a | b),
                op => return compare(op, Some(a.cmp(&b))).map(Datum::Bool),
            };
            Datum::Int(number.ok_or("an integer overflows")?)
        }
        (Datum::Bool(a), Datum::Bool(b)) => Datum::Bool(match op {
            BinOp::And(_) | BinOp::BitAnd(_) => a && b,
            BinOp::Or(_) | BinOp::BitOr(_) => a || b,
            BinOp::BitXor(_) => a != b,
            op => compare(op, Some(a.cmp(&b)))?,
        }),
        (a, b) => return Err(format!("an operator between {a:?} and {b:?}")),
    })
}

fn compare(op: &BinOp, ordering: Option<std::cmp::Ordering>) -> Result<bool, String> {
    Ok(match op {
        BinOp::Lt(_) => ordering.is_some_and(std::cmp::Ordering::is_lt),
        BinOp::Le(_) => ordering.is_some_and(std::cmp::Ordering::is_le),
        BinOp::Gt(_) => ordering.is_some_and(std::cmp::Ordering::is_gt),
        BinOp::Ge(_) => ordering.is_some_and(std::cmp::Ordering::is_ge),
        BinOp::Eq(_) => ordering.is_some_and(std::cmp::Ordering::is_eq),
        BinOp::Ne(_) => !ordering.is_some_and(std::cmp::Ordering::is_eq),
        _ => return Err("an operator that is not known".into()),
    })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "this is what `as` does")]
fn cast(datum: &Datum, ty: &str) -> Result<Datum, String> {
    let int = |i: i128| {
        Some(match ty {
            "usize" | "u64" => i128::from(i as u64),
            "isize" | "i64" => i128::from(i as i64),
            "u32" => i128::from(i as u32),
            "i32" => i128::from(i as i32),
            "u8" => i128::from(i as u8),
            "u128" | "i128" => i,
            _ => return None,
        })
    };
    Ok(match (datum, ty) {
        (Datum::Int(i), "f64") => Datum::Float(integer(*i)),
        (Datum::Float(x), "f64") => Datum::Float(*x),
        (Datum::Bool(b), "bool") => Datum::Bool(*b),
        (Datum::Int(i), _) => Datum::Int(int(*i).ok_or_else(|| format!("a cast to `{ty}`"))?),
        (Datum::Bool(b), _) => Datum::Int(int(i128::from(*b)).ok_or_else(|| format!("a cast to `{ty}`"))?),
        (Datum::Float(x), "usize" | "u64") => Datum::Int(i128::from(*x as u64)),
        (Datum::Float(x), "isize" | "i64") => Datum::Int(i128::from(*x as i64)),
        (Datum::Float(x), "i32") => Datum::Int(i128::from(*x as i32)),
        (Datum::Float(x), "u32") => Datum::Int(i128::from(*x as u32)),
        (datum, _) => return Err(format!("a cast of {datum:?} to `{ty}`")),
    })
}

fn at(base: &Datum, index: usize) -> Result<Datum, String> {
    let missing = || format!("index {index} is out of bounds");
    match base {
        Datum::List(list) => list.get(index).cloned().ok_or_else(missing),
        Datum::Array(array) => {
            let (&first, rest) = array.shape.split_first().ok_or_else(missing)?;
            if index >= first {
                return Err(missing());
            }
            let len = array.data.len() / first;
            let data = array.data[index * len..(index + 1) * len].to_vec();
            Ok(if rest.is_empty() { Datum::Float(data[0]) } else { Datum::Array(Array { shape: rest.to_vec(), data }) })
        }
        other => Err(format!("{other:?} has no elements")),
    }
}

fn method(name: &str, data: &[Datum]) -> Result<Datum, String> {
    let wrong = || format!("`{name}` on {data:?}");
    Ok(match (name, data) {
        ("clone" | "copied" | "cloned" | "iter" | "into_iter" | "to_owned", [datum]) => datum.clone(),
        ("len", [Datum::List(list)]) => Datum::Int(list.len() as i128),
        ("len", [Datum::Array(array)]) => Datum::Int(array.shape[0] as i128),
        ("is_empty", [Datum::List(list)]) => Datum::Bool(list.is_empty()),
        ("is_empty", [Datum::Array(array)]) => Datum::Bool(array.shape[0] == 0),
        ("rev", [Datum::List(list)]) => Datum::List(list.iter().rev().cloned().collect()),
        ("step_by", [Datum::List(list), Datum::Int(n)]) => {
            let n = usize::try_from(*n).ok().filter(|&n| n > 0).ok_or_else(wrong)?;
            Datum::List(list.iter().step_by(n).cloned().collect())
        }
        ("skip", [Datum::List(list), n]) => Datum::List(list.iter().skip(n.index()?).cloned().collect()),
        ("take", [Datum::List(list), n]) => Datum::List(list.iter().take(n.index()?).cloned().collect()),
        ("enumerate", [Datum::List(list)]) => {
            let pair = |(i, d): (usize, &Datum)| Datum::List(vec![Datum::Int(i as i128), d.clone()]);
            Datum::List(list.iter().enumerate().map(pair).collect())
        }
        ("zip", [Datum::List(a), Datum::List(b)]) => {
            let pair = |(a, b): (&Datum, &Datum)| Datum::List(vec![a.clone(), b.clone()]);
            Datum::List(a.iter().zip(b).map(pair).collect())
        }
        ("is_nan", [Datum::Float(x)]) => Datum::Bool(x.is_nan()),
        ("is_finite", [Datum::Float(x)]) => Datum::Bool(x.is_finite()),
        ("is_sign_negative", [Datum::Float(x)]) => Datum::Bool(x.is_sign_negative()),
        (_, [Datum::Int(_), ..]) => integer_method(name, data)?,
        (_, [Datum::Float(_), ..]) => {
            let prim = table::method(name).ok_or_else(wrong)?;
            let args = data
                .iter()
                .map(|d| match d {
                    Datum::Int(n) if name == "powi" => Ok(integer(*n)),
                    d => d.float(),
                })
                .collect::<Result<Vec<_>, _>>()?;
            if args.len() != prim.arity {
                return Err(wrong());
            }
            Datum::Float((prim.eval)(&args))
        }
        _ => return Err(wrong()),
    })
}

/// As for `usize`, where it matters.
fn integer_method(name: &str, data: &[Datum]) -> Result<Datum, String> {
    let ints = data.iter().map(Datum::int).collect::<Result<Vec<_>, _>>()?;
    let wrap = |i: i128| i.rem_euclid(1 << 64);
    let number = match (name, ints.as_slice()) {
        ("min", &[a, b]) => Some(a.min(b)),
        ("max", &[a, b]) => Some(a.max(b)),
        ("abs", &[a]) => Some(a.abs()),
        ("abs_diff", &[a, b]) => Some((a - b).abs()),
        ("pow", &[a, b]) => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
        ("rem_euclid", &[a, b]) => a.checked_rem_euclid(b),
        ("div_euclid", &[a, b]) => a.checked_div_euclid(b),
        ("div_ceil", &[a, b]) => (b > 0).then(|| (a + b - 1) / b),
        ("saturating_sub", &[a, b]) => Some((a - b).max(0)),
        ("saturating_add", &[a, b]) => Some(a + b),
        ("wrapping_add", &[a, b]) => Some(wrap(a + b)),
        ("wrapping_sub", &[a, b]) => Some(wrap(a - b)),
        ("wrapping_mul", &[a, b]) => a.checked_mul(b).map(wrap),
        ("is_multiple_of", &[a, b]) => return Ok(Datum::Bool(b != 0 && a % b == 0)),
        _ => None,
    };
    number.map(Datum::Int).ok_or_else(|| format!("`{name}` on {data:?}"))
}

fn function(path: &str, data: &[Datum]) -> Result<Datum, String> {
    match (path.trim_start_matches("std::").trim_start_matches("core::"), data) {
        ("cmp::Ord::min" | "cmp::min" | "usize::min", [Datum::Int(a), Datum::Int(b)]) => Ok(Datum::Int(*a.min(b))),
        ("cmp::Ord::max" | "cmp::max" | "usize::max", [Datum::Int(a), Datum::Int(b)]) => Ok(Datum::Int(*a.max(b))),
        ("f64::from", [Datum::Int(i)]) => Ok(Datum::Float(integer(*i))),
        ("usize::from" | "i32::from" | "u64::from", [Datum::Int(i)]) => Ok(Datum::Int(*i)),
        ("usize::from" | "i32::from" | "u64::from", [Datum::Bool(b)]) => Ok(Datum::Int(i128::from(*b))),
        ("symgrad::stop_gradient" | "stop_gradient", [datum]) => Ok(datum.clone()),
        (short, data) => match (short.strip_prefix("f64::"), library::path(path)) {
            (Some(name), _) => method(name, data),
            (_, Some(prim)) if prim.arity == data.len() => {
                let args = data.iter().map(Datum::float).collect::<Result<Vec<_>, _>>()?;
                Ok(Datum::Float((prim.eval)(&args)))
            }
            _ => Err(format!("`{path}` is not known")),
        },
    }
}
