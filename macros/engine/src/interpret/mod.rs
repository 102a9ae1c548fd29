//! A reference interpreter of the IR in `f64`: the oracle against which tests hold every pass. Input: a function and its
//! arguments. Output: what it yields and what it leaves in its output buffers, or what is wrong with it.
//!
//! It is strict where emitted code would be: an array, a tape or a variable of the user's is gone when the region that
//! declared it ends, a tape that a sweep has begun must be empty then, an index must be in bounds, and a value has the type that the IR says.
//! Steps are counted and bounded, so that it always ends.
//!
//! Regions, loops and calls are here, arrays in `memory`, tapes in `tape`, the user's own tokens in `inactive` and `native`.
//!
//! Inactive code is parsed and evaluated: integers, floats, conditions, indexing, ranges, the methods of the table of
//! primitives, blocks and `if`; `let` and assignment of the user's variables. Macros do nothing. It is a small part of
//! the language; what is outside of it is an error, never a guess.

mod inactive;
mod memory;
mod native;
mod tape;

use crate::ir::{
    Arg, Call, Companion, End, Func, Header, Inactive, Loop, Op, OpKind, ParamKind, Part, PlaceId, Range, Region, Slot,
    Storage, Tangent, TapeId, Ty, Val,
};
use inactive::Code;
use native::integer;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use tape::Tape;

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
            tapes: std::iter::repeat_with(|| None).take(func.tapes as usize).collect(),
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

struct Machine<'r, 'c> {
    func: &'r Func,
    interpreter: &'r Interpreter<'c>,
    vals: Vec<Datum>,
    places: Vec<Option<Array>>,
    tapes: Vec<Option<Tape>>,
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
            Ty::Lanes => false,
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
            for id in scope.tapes {
                let forgotten = self.tapes[id.0 as usize].take().map_or(0, |tape| tape.forgotten());
                if forgotten > 0 {
                    return Err(format!("{forgotten} records are left on tape #{}", id.0));
                }
            }
        }
        Ok(flow)
    }

    fn op(&mut self, op: &Op) -> Result<(), String> {
        self.step()?;
        match &op.kind {
            OpKind::Const(value, _) => self.set(op.results[0], Datum::Float(*value)),
            OpKind::All(conds) => {
                let mut all = true;
                for &(cond, is) in conds {
                    all &= self.get(cond)?.bool()? == is;
                }
                self.set(op.results[0], Datum::Bool(all))
            }
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
                let lengths = room.iter().flatten().map(|n| n.to_string().parse::<usize>().ok());
                self.tapes[tape.0 as usize] = Some(Tape::new(room.as_ref().and(lengths.product())));
                self.scope().tapes.push(*tape);
                Ok(())
            }
            OpKind::Reserve(..) => Ok(()),
            OpKind::Push(tape, vals, places) => {
                let vals = self.all(vals)?;
                let places = places.iter().map(|&p| self.array(p).cloned()).collect::<Result<_, _>>()?;
                self.tape(*tape)?.push((vals, places))
            }
            OpKind::Pop(tape, places) => {
                let (vals, arrays) = self.tape(*tape)?.pop()?;
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

    fn tape(&mut self, tape: TapeId) -> Result<&mut Tape, String> {
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
            Companion::Vjp(..) | Companion::Along(_) => return Err("a product".into()),
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
}
