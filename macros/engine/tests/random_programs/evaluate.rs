//! The oracle: programs are run as Rust runs them, on numbers that carry their partial derivatives.

use crate::ast::{A, B, F, I, Id, Kind, Over, Program, S};

/// How many inputs a program may have.
pub const INPUTS: usize = 8;

/// A number, its partial derivatives, and the sums of the absolute values of what was added up to them.
#[derive(Clone, Copy, Debug)]
pub struct Dual {
    pub v: f64,
    pub d: [f64; INPUTS],
    pub scale: [f64; INPUTS],
}

impl Dual {
    pub fn constant(v: f64) -> Self {
        Dual { v, d: [0.0; INPUTS], scale: [0.0; INPUTS] }
    }

    pub fn input(v: f64, k: usize) -> Self {
        let mut dual = Dual::constant(v);
        dual.d[k] = 1.0;
        dual.scale[k] = 1.0;
        dual
    }

    fn combine(v: f64, parts: &[(f64, &Dual)]) -> Self {
        let mut dual = Dual::constant(v);
        for (partial, x) in parts {
            for k in 0..INPUTS {
                if x.scale[k] != 0.0 {
                    dual.d[k] += partial * x.d[k];
                    dual.scale[k] += partial.abs() * x.scale[k];
                }
            }
        }
        dual
    }
}

pub fn binary(op: char, a: &Dual, b: &Dual) -> Dual {
    let (x, y) = (a.v, b.v);
    match op {
        '+' => Dual::combine(x + y, &[(1.0, a), (1.0, b)]),
        '-' => Dual::combine(x - y, &[(1.0, a), (-1.0, b)]),
        '*' => Dual::combine(x * y, &[(y, a), (x, b)]),
        '/' => Dual::combine(x / y, &[(1.0 / y, a), (-(x / y) / y, b)]),
        _ => Dual::combine(x % y, &[(1.0, a), (-((x - x % y) / y), b)]),
    }
}

pub fn call(name: &str, args: &[Dual]) -> Result<Dual, Stop> {
    let a = &args[0];
    let x = a.v;
    let y = args.get(1).map_or(0.0, |b| b.v);
    let one = |v: f64, partial: f64| Ok(Dual::combine(v, &[(partial, a)]));
    match name {
        "sin" => one(x.sin(), x.cos()),
        "cos" => one(x.cos(), -x.sin()),
        "exp" => one(x.exp(), x.exp()),
        "ln" => one(x.ln(), 1.0 / x),
        "sqrt" => one(x.sqrt(), 0.5 / x.sqrt()),
        "tanh" => one(x.tanh(), 1.0 / x.cosh() / x.cosh()),
        "atan" => one(x.atan(), 1.0 / (1.0 + x * x)),
        "recip" => one(x.recip(), -1.0 / x / x),
        "abs" if x == 0.0 => Err(Stop::Kink),
        "abs" => one(x.abs(), x.signum()),
        "floor" => one(x.floor(), 0.0),
        "max" | "min" if x == y => Err(Stop::Kink),
        "max" => {
            Ok(Dual::combine(x.max(y), &[(f64::from(u8::from(x > y)), a), (f64::from(u8::from(y > x)), &args[1])]))
        }
        "min" => {
            Ok(Dual::combine(x.min(y), &[(f64::from(u8::from(x < y)), a), (f64::from(u8::from(y < x)), &args[1])]))
        }
        "mul_add" => Ok(Dual::combine(x.mul_add(y, args[2].v), &[(y, a), (x, &args[1]), (1.0, &args[2])])),
        "hypot" => {
            let h = x.hypot(y);
            if h == 0.0 { Err(Stop::Kink) } else { Ok(Dual::combine(h, &[(x / h, a), (y / h, &args[1])])) }
        }
        "powf" => Ok(Dual::combine(x.powf(y), &[(y * x.powf(y - 1.0), a), (x.powf(y) * x.ln(), &args[1])])),
        _ => Err(Stop::Unknown),
    }
}

pub fn powi(a: &Dual, n: i32) -> Dual {
    Dual::combine(a.v.powi(n), &[(f64::from(n) * a.v.powi(n - 1), a)])
}

/// Why a program says nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stop {
    /// It runs too long.
    Fuel,
    /// It hits a point where a derivative is a convention.
    Kink,
    /// A variable without a value: after a careless deletion.
    Unset,
    /// A panic.
    Bounds,
    /// A number that is not finite, be it for nothing: the gradient may be NaN then.
    NotFinite,
    Unknown,
}

#[derive(Clone, Debug)]
enum Slot {
    Unset,
    Float(Dual),
    Int(i64),
    Bool(bool),
    Array(Vec<Dual>),
    /// An element.
    Element(Id, usize),
}

enum Flow {
    Next,
    Break(Option<usize>),
    Continue(Option<usize>),
    Return(Dual),
}

fn tame(x: Dual) -> Result<Dual, Stop> {
    if x.v.is_finite() && x.scale.iter().all(|s| *s < 1e100) { Ok(x) } else { Err(Stop::NotFinite) }
}

/// An input of a program.
#[derive(Clone, Debug)]
pub enum Input {
    Float(f64),
    Int(i64),
    Bool(bool),
    Array(Vec<f64>),
}

/// Runs a program; the floats among the inputs are numbered in order.
pub fn run(program: &Program, inputs: &[Input]) -> Result<Dual, Stop> {
    let mut m = Machine { program, slots: vec![Slot::Unset; program.vars.len()], fuel: 4_000 };
    let mut next = 0;
    let mut input = |v: f64| {
        let dual = Dual::input(v, next);
        next += 1;
        dual
    };
    for (k, i) in inputs.iter().enumerate() {
        m.slots[k] = match i {
            Input::Float(v) => Slot::Float(input(*v)),
            Input::Int(i) => Slot::Int(*i),
            Input::Bool(b) => Slot::Bool(*b),
            Input::Array(vs) => Slot::Array(vs.iter().map(|&v| input(v)).collect()),
        };
    }
    match m.stmts(&program.body)? {
        Flow::Return(x) => Ok(x),
        _ => m.tail(&program.tail),
    }
}

struct Machine<'p> {
    program: &'p Program,
    slots: Vec<Slot>,
    fuel: u32,
}

impl Machine<'_> {
    fn burn(&mut self) -> Result<(), Stop> {
        self.fuel = self.fuel.checked_sub(1).ok_or(Stop::Fuel)?;
        Ok(())
    }

    /// The value of the function; a `return` in its arms is one, too.
    fn tail(&mut self, f: &F) -> Result<Dual, Stop> {
        let (stmts, tail) = match f {
            F::If(cond, then, other) => {
                let arm = if self.b(cond)? { then } else { other };
                (&arm.0, &arm.1)
            }
            F::Block(stmts, tail) => (stmts, &**tail),
            f => return self.f(f),
        };
        match self.stmts(stmts)? {
            Flow::Return(x) => Ok(x),
            _ => self.tail(tail),
        }
    }

    fn value(&mut self, stmts: &[S], tail: &F) -> Result<Dual, Stop> {
        match self.stmts(stmts)? {
            Flow::Next => self.f(tail),
            _ => Err(Stop::Unknown),
        }
    }

    fn f(&mut self, f: &F) -> Result<Dual, Stop> {
        self.burn()?;
        let x = self.any(f)?;
        tame(x)
    }

    fn any(&mut self, f: &F) -> Result<Dual, Stop> {
        match f {
            F::Lit(x) => Ok(Dual::constant(*x)),
            F::Var(id) => match &self.slots[*id] {
                Slot::Float(x) => Ok(*x),
                Slot::Element(a, at) => match &self.slots[*a] {
                    Slot::Array(array) => Ok(array[*at]),
                    _ => Err(Stop::Unset),
                },
                _ => Err(Stop::Unset),
            },
            F::Elem(id, index) => {
                let at = self.at(*id, index)?;
                match &self.slots[*id] {
                    Slot::Array(array) => Ok(array[at]),
                    _ => Err(Stop::Unset),
                }
            }
            F::Neg(a) => Ok(binary('*', &Dual::constant(-1.0), &self.f(a)?)),
            F::Bin(op, a, b) => {
                let a = self.f(a)?;
                let b = self.f(b)?;
                Ok(binary(*op, &a, &b))
            }
            F::Call(name, args) => {
                let args = args.iter().map(|a| self.f(a)).collect::<Result<Vec<_>, _>>()?;
                call(name, &args)
            }
            F::Powi(a, n) => Ok(powi(&self.f(a)?, *n)),
            #[allow(clippy::cast_precision_loss, reason = "as in the program")]
            F::Cast(i) => Ok(Dual::constant(self.i(i)? as f64)),
            F::If(cond, then, other) => {
                let arm = if self.b(cond)? { then } else { other };
                self.value(&arm.0, &arm.1)
            }
            F::Block(stmts, tail) => self.value(stmts, tail),
        }
    }

    /// Where an element is.
    fn at(&mut self, id: Id, index: &[I]) -> Result<usize, Stop> {
        let (start, len) = self.part(id, index)?;
        if len == 1 { Ok(start) } else { Err(Stop::Unknown) }
    }

    fn part(&mut self, id: Id, index: &[I]) -> Result<(usize, usize), Stop> {
        let Kind::Array(dims) = &self.program.vars[id].kind else { return Err(Stop::Unknown) };
        let mut len = dims.iter().product::<usize>();
        let mut start = 0;
        for (i, &dim) in index.iter().zip(dims) {
            let i = usize::try_from(self.i(i)?).map_err(|_| Stop::Bounds)?;
            if i >= dim {
                return Err(Stop::Bounds);
            }
            len /= dim;
            start += i * len;
        }
        Ok((start, len))
    }

    fn i(&mut self, i: &I) -> Result<i64, Stop> {
        self.burn()?;
        match i {
            I::Lit(n) => Ok(*n),
            I::Var(id) => match self.slots[*id] {
                Slot::Int(n) => Ok(n),
                _ => Err(Stop::Unset),
            },
            I::Len(id) => match &self.program.vars[*id].kind {
                Kind::Array(dims) => i64::try_from(dims[0]).map_err(|_| Stop::Bounds),
                _ => Err(Stop::Unknown),
            },
            I::Behind(lo, _, i) => Ok(lo + self.i(i)?),
            I::Bin(op, a, b) => {
                let (a, b) = (self.i(a)?, self.i(b)?);
                let n = match op {
                    '+' => a.checked_add(b),
                    '-' => a.checked_sub(b),
                    '*' => a.checked_mul(b),
                    '/' => a.checked_div(b),
                    _ => a.checked_rem(b),
                };
                n.filter(|&n| n >= 0).ok_or(Stop::Bounds)
            }
        }
    }

    #[allow(clippy::float_cmp, reason = "as in the program")]
    fn b(&mut self, b: &B) -> Result<bool, Stop> {
        Ok(match b {
            B::Lit(value) => *value,
            B::Var(id) => match self.slots[*id] {
                Slot::Bool(value) => value,
                _ => return Err(Stop::Unset),
            },
            B::Floats(op, x, y) => {
                let x = self.f(x)?.v;
                let y = self.f(y)?.v;
                match *op {
                    "<" => x < y,
                    "<=" => x <= y,
                    ">" => x > y,
                    ">=" => x >= y,
                    "==" => x == y,
                    _ => x != y,
                }
            }
            B::Ints(op, x, y) => {
                let (x, y) = (self.i(x)?, self.i(y)?);
                match *op {
                    "<" => x < y,
                    "<=" => x <= y,
                    ">" => x > y,
                    ">=" => x >= y,
                    "==" => x == y,
                    _ => x != y,
                }
            }
            B::Both("&&", x, y) => self.b(x)? && self.b(y)?,
            B::Both(_, x, y) => self.b(x)? || self.b(y)?,
            B::Not(x) => !self.b(x)?,
        })
    }

    fn a(&mut self, a: &A) -> Result<Vec<Dual>, Stop> {
        Ok(match a {
            A::Repeat(x, dims) => vec![self.f(x)?; dims.iter().product()],
            A::List(xs) => xs.iter().map(|x| self.f(x)).collect::<Result<_, _>>()?,
            A::Rows(rows) => {
                let mut all = Vec::new();
                for row in rows {
                    all.extend(self.a(row)?);
                }
                all
            }
            A::Copy(id, index, _) => {
                let (start, len) = self.part(*id, index)?;
                match &self.slots[*id] {
                    Slot::Array(array) => array[start..start + len].to_vec(),
                    _ => return Err(Stop::Unset),
                }
            }
        })
    }

    fn array(&mut self, id: Id) -> Result<&mut Vec<Dual>, Stop> {
        match &mut self.slots[id] {
            Slot::Array(array) => Ok(array),
            _ => Err(Stop::Unset),
        }
    }

    fn set(&mut self, id: Id, x: Dual) -> Result<(), Stop> {
        match self.slots[id] {
            Slot::Element(a, at) => self.array(a)?[at] = x,
            _ => self.slots[id] = Slot::Float(x),
        }
        Ok(())
    }

    fn stmts(&mut self, stmts: &[S]) -> Result<Flow, Stop> {
        for s in stmts {
            match self.stmt(s)? {
                Flow::Next => {}
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }

    fn stmt(&mut self, s: &S) -> Result<Flow, Stop> {
        self.burn()?;
        match s {
            S::LetF(id, _, x) => self.slots[*id] = Slot::Float(self.f(x)?),
            S::Late(id, _) => self.slots[*id] = Slot::Unset,
            S::LetI(id, _, x) | S::SetI(id, x) => self.slots[*id] = Slot::Int(self.i(x)?),
            S::LetB(id, x) | S::SetB(id, x) => self.slots[*id] = Slot::Bool(self.b(x)?),
            S::LetA(id, x) => self.slots[*id] = Slot::Array(self.a(x)?),
            S::SetF(id, x) => {
                let x = self.f(x)?;
                self.set(*id, x)?;
            }
            S::OpF(id, op, x) => {
                let x = self.f(x)?;
                let old = self.f(&F::Var(*id))?;
                self.set(*id, tame(binary(*op, &old, &x))?)?;
            }
            S::OpI(id, op, x) => {
                let n = self.i(&I::Bin(*op, Box::new(I::Var(*id)), Box::new(x.clone())))?;
                self.slots[*id] = Slot::Int(n);
            }
            S::SetA(id, index, x) => {
                let x = self.a(x)?;
                let (start, len) = self.part(*id, index)?;
                let array = self.array(*id)?;
                if len != x.len() {
                    return Err(Stop::Unknown);
                }
                array[start..start + len].copy_from_slice(&x);
            }
            S::Store(id, index, x) => {
                let x = self.f(x)?;
                let at = self.at(*id, index)?;
                self.array(*id)?[at] = x;
            }
            S::OpStore(id, index, op, x) => {
                let x = self.f(x)?;
                let at = self.at(*id, index)?;
                let array = self.array(*id)?;
                array[at] = tame(binary(*op, &array[at], &x))?;
            }
            S::Fill(id, x) => {
                let x = self.f(x)?;
                self.array(*id)?.fill(x);
            }
            S::Swap(id, i, j) => {
                let i = self.at(*id, std::slice::from_ref(i))?;
                let j = self.at(*id, std::slice::from_ref(j))?;
                self.array(*id)?.swap(i, j);
            }
            S::If(cond, then, other) => {
                return match (self.b(cond)?, other) {
                    (true, _) => self.stmts(then),
                    (false, Some(other)) => self.stmts(other),
                    (false, None) => Ok(Flow::Next),
                };
            }
            S::For { index, lo, hi, inclusive, step, rev, label, body } => {
                let (lo, hi) = (self.i(lo)?, self.i(hi)?);
                let step = step.as_ref().map_or(Ok(1), |s| self.i(s))?;
                let step = usize::try_from(step).ok().filter(|&s| s > 0).ok_or(Stop::Bounds)?;
                let mut items: Vec<i64> = (lo..hi + i64::from(*inclusive)).step_by(step).collect();
                if *rev {
                    items.reverse();
                }
                for item in items {
                    if let Some(index) = index {
                        self.slots[*index] = Slot::Int(item);
                    }
                    match self.iteration(body, *label)? {
                        Flow::Next => {}
                        Flow::Break(None) => break,
                        flow => return Ok(flow),
                    }
                }
            }
            S::Each { over, first, second, of, with, label, body } => {
                return self.each(*over, [*first, *second, *of, *with], *label, body);
            }
            S::While(cond, label, body) => {
                while self.b(cond)? {
                    match self.iteration(body, *label)? {
                        Flow::Next => {}
                        Flow::Break(None) => break,
                        flow => return Ok(flow),
                    }
                }
            }
            S::Loop(label, body) => loop {
                match self.iteration(body, *label)? {
                    Flow::Next => {}
                    Flow::Break(None) => break,
                    flow => return Ok(flow),
                }
            },
            S::Break(label) => return Ok(Flow::Break(*label)),
            S::Continue(label) => return Ok(Flow::Continue(*label)),
            S::Return(x) => return self.f(x).map(Flow::Return),
            S::Block(stmts) => return self.stmts(stmts),
        }
        Ok(Flow::Next)
    }

    /// One iteration: `Next` and `Break(None)` are the loop's, all else goes further out.
    fn iteration(&mut self, body: &[S], label: Option<usize>) -> Result<Flow, Stop> {
        self.burn()?;
        Ok(match self.stmts(body)? {
            Flow::Continue(to) if to.is_none() || to == label => Flow::Next,
            Flow::Break(to) if to.is_none() || to == label => Flow::Break(None),
            flow => flow,
        })
    }

    fn each(&mut self, over: Over, ids: [Id; 4], label: Option<usize>, body: &[S]) -> Result<Flow, Stop> {
        let [first, second, of, with] = ids;
        let elements = self.array(of)?.clone();
        let others = if over == Over::Zip { self.array(with)?.clone() } else { Vec::new() };
        // An item is a float or a row.
        let item = |array: &[Dual], id: Id, of: Id, k: usize| -> Slot {
            let len = match &self.program.vars[of].kind {
                Kind::Array(dims) => dims[1..].iter().product::<usize>(),
                _ => 1,
            };
            match self.program.vars[id].kind {
                Kind::Array(_) => Slot::Array(array[k * len..(k + 1) * len].to_vec()),
                _ => Slot::Float(array[k]),
            }
        };
        let count = |id: Id| match &self.program.vars[id].kind {
            Kind::Array(dims) => dims[0],
            _ => 0,
        };
        let n = if over == Over::Zip { count(of).min(count(with)) } else { count(of) };
        for k in 0..n {
            let slot = item(&elements, first, of, k);
            let other = (over == Over::Zip).then(|| item(&others, second, with, k));
            self.slots[first] = if over == Over::Mut { Slot::Element(of, k) } else { slot };
            match over {
                Over::Enumerate => self.slots[second] = Slot::Int(i64::try_from(k).map_err(|_| Stop::Bounds)?),
                Over::Zip => self.slots[second] = other.unwrap_or(Slot::Unset),
                _ => {}
            }
            match self.iteration(body, label)? {
                Flow::Next => {}
                Flow::Break(None) => break,
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }
}
