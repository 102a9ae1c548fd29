//! Random programs that Rust accepts, with inputs. What they compute stays tame.

use crate::ast::{A, B, F, I, Id, Kind, Over, Passing, Program, S, Var};
use crate::choices::Choices;
use crate::evaluate::{INPUTS, Input};

/// How often, in relation to each other, each statement occurs.
#[derive(Clone, Copy, Default)]
pub struct Family {
    pub lets: usize,
    pub assign: usize,
    pub branch: usize,
    pub exit: usize,
    pub range: usize,
    pub each: usize,
    pub whiles: usize,
    pub array: usize,
    pub nested: usize,
    pub ints: usize,
    pub late: usize,
    pub block: usize,
    /// In percent: a value that is an `if` or a block.
    pub control_values: usize,
    /// The number of statements at most.
    pub size: usize,
    /// How deeply blocks nest.
    pub depth: usize,
    /// In percent: a carried value changes by a sum only.
    pub sums: usize,
}

const NAMES: &[&str] = &[
    "a", "b", "c", "s", "t", "u", "v", "w", "x", "y", "z", "k", "m", "n", "i", "j", "p", "q", "dx", "dy", "acc", "sum",
    "result", "returned", "left", "trips", "tmp", "grad", "at", "done", "array", "partial0", "counter", "right",
];

pub struct Generator<'r> {
    rng: &'r mut Choices,
    family: Family,
    vars: Vec<Var>,
    scopes: Vec<Vec<Id>>,
    /// Not to be assigned: counters, what a loop borrows.
    frozen: Vec<Id>,
    /// Not to be used at all: what a loop borrows mutably.
    hidden: Vec<Id>,
    loops: Vec<Option<usize>>,
    labels: usize,
    left: usize,
    params: Vec<Passing>,
    inputs: Vec<Input>,
    /// In an expression: no exits, and assignments are rare.
    quiet: usize,
}

pub fn program(rng: &mut Choices, family: Family) -> (Program, Vec<Input>) {
    let size = 1 + rng.below(family.size);
    let mut g = Generator {
        rng,
        family,
        vars: Vec::new(),
        scopes: vec![Vec::new()],
        frozen: Vec::new(),
        hidden: Vec::new(),
        loops: Vec::new(),
        labels: 0,
        left: size,
        params: Vec::new(),
        inputs: Vec::new(),
        quiet: 0,
    };
    g.parameters();
    g.scopes.push(Vec::new());
    let depth = family.depth;
    // Something to be carried.
    let mut body = Vec::new();
    for _ in 0..=g.rng.below(2) {
        body.push(g.let_float(true));
    }
    if family.array > 0 && g.rng.chance(80) {
        body.extend(g.let_array());
    }
    if family.ints > 0 && g.rng.chance(60) {
        body.push(g.let_int(true));
    }
    while g.left > 0 {
        body.extend(g.stmt(depth));
    }
    let tail = g.tail(depth);
    let program = Program { vars: g.vars, params: g.params, body, tail };
    (program, g.inputs)
}

impl Generator<'_> {
    fn number(&mut self) -> f64 {
        let steps = i32::try_from(self.rng.below(61)).unwrap_or(0) - 30;
        f64::from(steps) / 16.0 + 1.0 / 64.0
    }

    fn parameters(&mut self) {
        let mut floats = 1 + self.rng.below(3);
        let mut used = floats;
        while floats > 0 {
            floats -= 1;
            let mutable = self.rng.chance(20);
            let x = self.number();
            self.parameter(Kind::Float, mutable, Passing::Value, Input::Float(x), None);
        }
        let arrays = if self.family.array + self.family.each > 0 { 1 + self.rng.below(2) } else { 0 };
        for _ in 0..arrays {
            let first = self.rng.below(4);
            let dims = if self.family.nested > 0 && self.rng.chance(40) {
                vec![first.min(2) + self.rng.below(2), 1 + self.rng.below(2)]
            } else {
                vec![first]
            };
            let len = dims.iter().product::<usize>();
            if used + len > INPUTS {
                continue;
            }
            used += len;
            let passing = match self.rng.below(3) {
                0 => Passing::Value,
                1 => Passing::Reference,
                _ => Passing::Slice,
            };
            let mutable = passing == Passing::Value && self.rng.chance(30);
            let data = (0..len).map(|_| self.number()).collect();
            self.parameter(Kind::Array(dims), mutable, passing, Input::Array(data), None);
        }
        for _ in 0..self.rng.below(2) + usize::from(self.family.ints > 0) {
            let n = i64::try_from(self.rng.below(4)).unwrap_or(0);
            let mutable = self.rng.chance(15);
            let bound = (!mutable).then_some(n + 1);
            self.parameter(Kind::Int, mutable, Passing::Value, Input::Int(n), bound);
        }
        if self.rng.chance(25) {
            let flag = self.rng.chance(50);
            self.parameter(Kind::Bool, false, Passing::Value, Input::Bool(flag), None);
        }
    }

    fn parameter(&mut self, kind: Kind, mutable: bool, passing: Passing, input: Input, bound: Option<i64>) {
        // No two parameters have one name.
        let taken: Vec<String> = self.vars.iter().map(|v| v.name.clone()).collect();
        let free: Vec<&str> = NAMES.iter().copied().filter(|n| !taken.iter().any(|t| t == n)).collect();
        let name = self.rng.pick(&free).unwrap_or("only").to_string();
        let id = self.vars.len();
        self.vars.push(Var { name, kind, mutable, reference: false, bound });
        self.params.push(passing);
        self.inputs.push(input);
        self.scopes[0].push(id);
    }

    // Variables

    fn new_var(&mut self, kind: Kind, mutable: bool) -> Id {
        let known = self.visible();
        let name = if self.rng.chance(12) && !known.is_empty() {
            let id = self.rng.below(known.len());
            self.vars[known[id]].name.clone()
        } else {
            let taken: Vec<&str> = known.iter().map(|&id| self.vars[id].name.as_str()).collect();
            let free: Vec<&str> = NAMES.iter().copied().filter(|n| !taken.contains(n)).collect();
            self.rng.pick(&free).map_or_else(|| format!("x{}", self.vars.len()), str::to_string)
        };
        self.vars.push(Var { name, kind, mutable, reference: false, bound: None });
        self.vars.len() - 1
    }

    fn declare(&mut self, id: Id) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(id);
        }
    }

    /// What can be named here, shadowed ones left out.
    fn visible(&self) -> Vec<Id> {
        let mut ids: Vec<Id> = Vec::new();
        for &id in self.scopes.iter().flatten().rev() {
            if !ids.iter().any(|&other| self.vars[other].name == self.vars[id].name) {
                ids.push(id);
            }
        }
        ids.retain(|id| !self.hidden.contains(id));
        ids
    }

    fn of_kind(&self, matches: impl Fn(&Var) -> bool) -> Vec<Id> {
        self.visible().into_iter().filter(|&id| matches(&self.vars[id])).collect()
    }

    fn floats(&self) -> Vec<Id> {
        self.of_kind(|v| v.kind == Kind::Float)
    }

    fn arrays(&self) -> Vec<Id> {
        self.of_kind(|v| matches!(v.kind, Kind::Array(_)))
    }

    fn dims(&self, id: Id) -> Vec<usize> {
        match &self.vars[id].kind {
            Kind::Array(dims) => dims.clone(),
            _ => Vec::new(),
        }
    }

    fn targets(&self, kind: &Kind) -> Vec<Id> {
        let ids = self.of_kind(|v| v.kind == *kind && v.mutable);
        ids.into_iter().filter(|id| !self.frozen.contains(id)).collect()
    }

    fn target_arrays(&self) -> Vec<Id> {
        let ids = self.of_kind(|v| matches!(v.kind, Kind::Array(_)) && v.mutable);
        ids.into_iter().filter(|id| !self.frozen.contains(id)).collect()
    }

    // Values

    fn leaf(&mut self) -> F {
        let floats = self.floats();
        match self.rng.below(10) {
            0 | 1 => {
                let x = self.number();
                F::Lit(x)
            }
            2 => match self.rng.pick(&self.of_kind(|v| v.kind == Kind::Int)) {
                Some(id) => F::Bin('*', Box::new(F::Lit(0.25)), Box::new(F::Cast(I::Var(id)))),
                None => F::Lit(0.5),
            },
            3..=5 => self.element().unwrap_or(F::Lit(1.25)),
            _ => self.rng.pick(&floats).map_or(F::Lit(0.75), F::Var),
        }
    }

    fn element(&mut self) -> Option<F> {
        let arrays = self.arrays();
        let id = self.rng.pick(&arrays)?;
        let index = self.full_index(id)?;
        Some(F::Elem(id, index))
    }

    fn full_index(&mut self, id: Id) -> Option<Vec<I>> {
        let dims = self.dims(id);
        dims.into_iter().enumerate().map(|(k, dim)| self.element_index(dim, (k == 0).then_some(id))).collect()
    }

    /// An index less than `dim`, now and then into a part of the array.
    fn element_index(&mut self, dim: usize, of: Option<Id>) -> Option<I> {
        if dim == 0 || !self.rng.chance(20) {
            return self.index(dim, of);
        }
        let lo = self.rng.below(dim);
        let hi = self.rng.chance(50).then(|| lo + 1 + self.rng.below(dim - lo));
        let index = self.index(hi.unwrap_or(dim) - lo, None)?;
        Some(I::Behind(i64::try_from(lo).ok()?, hi.and_then(|hi| i64::try_from(hi).ok()), Box::new(index)))
    }

    /// An integer less than `dim`.
    fn index(&mut self, dim: usize, of: Option<Id>) -> Option<I> {
        if dim == 0 {
            return None;
        }
        let bound = i64::try_from(dim).ok()?;
        let fitting = self.of_kind(|v| v.kind == Kind::Int && v.bound.is_some_and(|b| b <= bound));
        match self.rng.below(5) {
            0 | 1 => Some(I::Lit(i64::try_from(self.rng.below(dim)).ok()?)),
            2 | 3 if !fitting.is_empty() => self.rng.pick(&fitting).map(I::Var),
            _ => {
                let n = self.int(1);
                let modulus = match of {
                    Some(id) if self.rng.chance(50) => I::Len(id),
                    _ => I::Lit(bound),
                };
                Some(I::Bin('%', Box::new(n), Box::new(modulus)))
            }
        }
    }

    /// An integer that is not negative.
    fn int(&mut self, depth: usize) -> I {
        let ints = self.of_kind(|v| v.kind == Kind::Int);
        match self.rng.below(if depth > 0 { 6 } else { 3 }) {
            0 => I::Lit(i64::try_from(self.rng.below(4)).unwrap_or(0)),
            1 | 2 => self.rng.pick(&ints).map_or(I::Lit(2), I::Var),
            3 => I::Bin(
                '%',
                Box::new(self.int(depth - 1)),
                Box::new(I::Lit(2 + i64::try_from(self.rng.below(2)).unwrap_or(0))),
            ),
            4 => I::Bin('*', Box::new(I::Lit(2)), Box::new(self.int(depth - 1))),
            _ => I::Bin('+', Box::new(self.int(depth - 1)), Box::new(self.int(depth - 1))),
        }
    }

    fn float(&mut self, depth: usize) -> F {
        if depth == 0 {
            return self.leaf();
        }
        let one = |g: &mut Self| Box::new(g.float(depth - 1));
        match self.rng.below(40) {
            0..=6 => F::Bin('+', one(self), one(self)),
            7..=10 => F::Bin('-', one(self), one(self)),
            11..=17 => F::Bin('*', one(self), one(self)),
            18 => {
                let square = Box::new(F::Powi(Box::new(self.leaf()), 2));
                F::Bin('/', one(self), Box::new(F::Bin('+', Box::new(F::Lit(1.5)), square)))
            }
            19..=23 => {
                let name = ["sin", "cos", "tanh", "atan", "sin"][self.rng.below(5)];
                F::Call(name, vec![self.float(depth - 1)])
            }
            24 => F::Call("exp", vec![F::Call("sin", vec![self.float(depth - 1)])]),
            25 => {
                let square = Box::new(F::Powi(Box::new(self.leaf()), 2));
                let name = ["sqrt", "ln", "recip"][self.rng.below(3)];
                F::Call(name, vec![F::Bin('+', Box::new(F::Lit(1.25)), square)])
            }
            26 | 27 => {
                let name = ["max", "min"][self.rng.below(2)];
                F::Call(name, vec![self.float(depth - 1), self.leaf()])
            }
            28 => F::Call("abs", vec![self.float(depth - 1)]),
            29 => F::Neg(one(self)),
            30 | 31 => F::Powi(one(self), 2 + i32::try_from(self.rng.below(3)).unwrap_or(0)),
            32 => F::Call("mul_add", vec![self.leaf(), self.leaf(), self.leaf()]),
            33..=35 if self.rng.chance(self.family.control_values) => self.control_value(depth - 1),
            _ => self.leaf(),
        }
    }

    /// An `if` or a block with a value.
    fn control_value(&mut self, depth: usize) -> F {
        if self.rng.chance(65) {
            let cond = self.condition(1);
            let then = self.arm_value(depth);
            let other = self.arm_value(depth);
            return F::If(Box::new(cond), Box::new(then), Box::new(other));
        }
        let (stmts, tail) = self.arm_value(depth);
        F::Block(stmts, Box::new(tail))
    }

    fn arm_value(&mut self, depth: usize) -> (Vec<S>, F) {
        self.quiet += 1;
        self.scopes.push(Vec::new());
        let mut stmts = Vec::new();
        if self.rng.chance(40) {
            stmts.push(self.let_float(false));
        }
        if self.rng.chance(12) {
            stmts.extend(self.assign());
        }
        let tail = self.float(depth.min(1));
        self.scopes.pop();
        self.quiet -= 1;
        (stmts, tail)
    }

    fn condition(&mut self, depth: usize) -> B {
        let bools = self.of_kind(|v| v.kind == Kind::Bool);
        match self.rng.below(if depth > 0 { 12 } else { 9 }) {
            0..=3 => {
                let op = ["<", ">", "<=", ">="][self.rng.below(4)];
                let (x, y) = (self.simple(), self.leaf());
                B::Floats(op, x, y)
            }
            4..=6 => {
                let op = ["<", ">", "==", "!=", "<=", ">="][self.rng.below(6)];
                let parity = self.rng.chance(40);
                let n = self.int(1);
                if parity {
                    return B::Ints(op, I::Bin('%', Box::new(n), Box::new(I::Lit(2))), I::Lit(0));
                }
                B::Ints(op, n, I::Lit(i64::try_from(self.rng.below(4)).unwrap_or(0)))
            }
            7 => self.rng.pick(&bools).map_or(B::Lit(true), B::Var),
            8 => {
                let x = self.leaf();
                B::Floats(">", x, F::Lit(0.0))
            }
            9 => B::Not(Box::new(self.condition(depth - 1))),
            n => {
                let op = if n == 10 { "&&" } else { "||" };
                B::Both(op, Box::new(self.condition(depth - 1)), Box::new(self.condition(depth - 1)))
            }
        }
    }

    /// Arithmetic without control.
    fn simple(&mut self) -> F {
        let x = self.leaf();
        match self.rng.below(4) {
            0 => F::Bin('*', Box::new(x), Box::new(self.leaf())),
            1 => F::Call("sin", vec![x]),
            _ => x,
        }
    }

    /// Something that will not grow.
    fn tame(&mut self) -> F {
        let depth = 1 + self.rng.below(2);
        let x = self.float(depth);
        match self.rng.below(if self.loops.is_empty() { 6 } else { 3 }) {
            0 => F::Call("sin", vec![x]),
            1 => F::Call("tanh", vec![x]),
            2 if !self.loops.is_empty() => F::Bin('*', Box::new(F::Lit(0.375)), Box::new(x)),
            _ => x,
        }
    }

    fn array(&mut self, dims: &[usize]) -> A {
        let copies: Vec<Id> =
            self.arrays().into_iter().filter(|&id| self.dims(id) == dims && self.copyable(id)).collect();
        if self.rng.chance(35)
            && let Some(id) = self.rng.pick(&copies)
        {
            return A::Copy(id, Vec::new(), self.rng.chance(20));
        }
        if dims.len() == 1 {
            let rows: Vec<Id> = self.arrays().into_iter().filter(|&id| self.dims(id).get(1..) == Some(dims)).collect();
            if self.rng.chance(35)
                && let Some(id) = self.rng.pick(&rows)
                && let Some(i) = self.index(self.dims(id)[0], Some(id))
            {
                return A::Copy(id, vec![i], self.rng.chance(20));
            }
        }
        if self.rng.chance(40) || dims[0] == 0 {
            let x = if self.rng.chance(50) { F::Lit(0.0) } else { self.float(1) };
            return A::Repeat(x, dims.to_vec());
        }
        if dims.len() > 1 {
            return A::Rows((0..dims[0]).map(|_| self.array(&dims[1..])).collect());
        }
        A::List((0..dims[0]).map(|_| self.float(1)).collect())
    }

    fn copyable(&self, id: Id) -> bool {
        self.params.get(id) != Some(&Passing::Slice)
    }

    // Statements

    fn let_float(&mut self, mutable: bool) -> S {
        let depth = 1 + self.rng.below(2);
        let init = self.float(depth);
        let mutable = mutable || self.rng.chance(45);
        let typed = self.rng.chance(20) || init.literal();
        let id = self.new_var(Kind::Float, mutable);
        self.declare(id);
        S::LetF(id, typed, init)
    }

    fn let_int(&mut self, mutable: bool) -> S {
        let typed = self.rng.chance(40);
        let bound = 1 + i64::try_from(self.rng.below(3)).unwrap_or(0);
        let init = match self.rng.below(3) {
            0 => I::Lit(i64::try_from(self.rng.below(usize::try_from(bound).unwrap_or(1))).unwrap_or(0)),
            _ => I::Bin('%', Box::new(self.int(1)), Box::new(I::Lit(bound))),
        };
        let mutable = mutable || self.rng.chance(40);
        let id = self.new_var(Kind::Int, mutable);
        self.vars[id].bound = Some(bound);
        self.declare(id);
        S::LetI(id, typed, init)
    }

    fn let_array(&mut self) -> Option<S> {
        let mut shapes: Vec<Vec<usize>> =
            self.arrays().into_iter().filter(|&id| self.copyable(id)).map(|id| self.dims(id)).collect();
        shapes.push(vec![1 + self.rng.below(3)]);
        if self.family.nested > 0 {
            shapes.push(vec![1 + self.rng.below(2), 1 + self.rng.below(2)]);
        }
        let dims = self.rng.pick(&shapes)?;
        let init = self.array(&dims);
        let mutable = self.rng.chance(85);
        let id = self.new_var(Kind::Array(dims), mutable);
        self.declare(id);
        Some(S::LetA(id, init))
    }

    fn assign(&mut self) -> Option<S> {
        let id = self.rng.pick(&self.targets(&Kind::Float))?;
        let sum = self.rng.chance(self.family.sums);
        if sum || self.rng.chance(50) {
            let op = if sum { ['+', '-', '+'][self.rng.below(3)] } else { ['+', '-', '*', '*'][self.rng.below(4)] };
            let x = self.tame();
            return Some(S::OpF(id, op, x));
        }
        if self.rng.chance(15) {
            let square = Box::new(F::Powi(Box::new(self.leaf()), 2));
            return Some(S::OpF(id, '/', F::Bin('+', Box::new(F::Lit(1.5)), square)));
        }
        Some(S::SetF(id, self.tame()))
    }

    fn block(&mut self, depth: usize, most: usize) -> Vec<S> {
        self.scopes.push(Vec::new());
        let stmts = self.open_block(depth, most);
        self.scopes.pop();
        stmts
    }

    fn open_block(&mut self, depth: usize, most: usize) -> Vec<S> {
        let mut stmts: Vec<S> = Vec::new();
        for _ in 0..=self.rng.below(most) {
            stmts.extend(self.stmt(depth));
            if stmts.last().is_some_and(leaves) {
                break;
            }
        }
        stmts
    }

    fn exit(&mut self) -> S {
        if self.loops.is_empty() || self.rng.chance(25) {
            return S::Return(self.float(1));
        }
        let inner = self.loops.len() - 1;
        let at = if self.rng.chance(70) { inner } else { self.rng.below(self.loops.len()) };
        let label = self.loops[at];
        let label = if at == inner && self.rng.chance(80) { None } else { label };
        // A loop further out without a label cannot be named.
        if self.rng.chance(50) { S::Break(label) } else { S::Continue(label) }
    }

    fn stmt(&mut self, depth: usize) -> Vec<S> {
        self.left = self.left.saturating_sub(1);
        let f = self.family;
        let deep = |weight: usize| if depth > 0 { weight } else { 0 };
        let weights = [
            f.lets,
            f.assign,
            deep(f.branch),
            deep(f.exit),
            deep(f.range),
            deep(f.each),
            deep(f.whiles),
            f.array,
            f.ints,
            deep(f.late),
            deep(f.block),
        ];
        let mut n = self.rng.below(weights.iter().sum());
        let mut kind = 0;
        while n >= weights[kind] {
            n -= weights[kind];
            kind += 1;
        }
        match kind {
            0 => vec![self.let_float(false)],
            1 => self.assign().into_iter().collect(),
            2 => {
                let cond = self.condition(1);
                let then = self.block(depth - 1, 2);
                let other = match self.rng.below(4) {
                    0 | 1 => None,
                    2 => Some(self.block(depth - 1, 2)),
                    _ => {
                        let cond = self.condition(1);
                        let then = self.block(depth - 1, 2);
                        let last = self.rng.chance(60).then(|| self.block(depth - 1, 2));
                        Some(vec![S::If(cond, then, last)])
                    }
                };
                vec![S::If(cond, then, other)]
            }
            3 => self.exiting_if(depth),
            4 => vec![self.range_loop(depth)],
            5 => self.each_loop(depth).into_iter().collect(),
            6 => self.counted_loop(depth),
            7 if self.rng.chance(20) => self.around_a_write().unwrap_or_default(),
            7 => self.array_stmt().into_iter().collect(),
            8 => self.int_stmt().into_iter().collect(),
            9 => self.late(depth),
            _ => vec![S::Block(self.block(depth - 1, 3))],
        }
    }

    /// An `if` of which one arm or both may leave.
    fn exiting_if(&mut self, depth: usize) -> Vec<S> {
        let cond = self.condition(1);
        let arm = |g: &mut Self, leave: bool| {
            g.scopes.push(Vec::new());
            let mut stmts = if g.rng.chance(55) { g.open_block(depth - 1, 2) } else { Vec::new() };
            if leave && !stmts.last().is_some_and(leaves) {
                stmts.push(g.exit());
            }
            g.scopes.pop();
            stmts
        };
        let shape = self.rng.below(10);
        let then = arm(self, shape < 8);
        let other = match shape {
            0..=4 => None,
            5 | 6 => Some(arm(self, false)),
            // Both arms leave only where that is not the end of everything.
            7 if !self.loops.is_empty() && depth < self.family.depth => Some(arm(self, true)),
            _ => Some(arm(self, true)),
        };
        let other = if shape == 7 && !self.rng.chance(30) { None } else { other };
        let stmt = S::If(cond, then, other);
        if leaves(&stmt) && self.loops.is_empty() && depth == self.family.depth {
            // Not as a statement of the function's body: what follows would never run.
            let S::If(cond, then, _) = stmt else { return Vec::new() };
            return vec![S::If(cond, then, None)];
        }
        vec![stmt]
    }

    fn label(&mut self) -> Option<usize> {
        self.rng.chance(35).then(|| {
            self.labels += 1;
            self.labels
        })
    }

    /// The body of a loop, whose variables are declared already.
    fn loop_body(&mut self, depth: usize, label: Option<usize>) -> Vec<S> {
        self.loops.push(label);
        let body = self.open_block(depth - 1, 3);
        self.loops.pop();
        body
    }

    fn range_loop(&mut self, depth: usize) -> S {
        let arrays = self.arrays();
        let mut bound = None;
        let lo = if self.rng.chance(70) { I::Lit(0) } else { self.int(0) };
        let inclusive = self.rng.chance(20);
        let hi = match self.rng.below(4) {
            0 if !arrays.is_empty() => {
                let id = arrays[self.rng.below(arrays.len())];
                bound = i64::try_from(self.dims(id)[0]).ok();
                I::Len(id)
            }
            1 => self.int(1),
            _ => {
                let n = i64::try_from(self.rng.below(4)).unwrap_or(0);
                bound = Some(n);
                I::Lit(n)
            }
        };
        let bound = bound.map(|b| b + i64::from(inclusive));
        let step = self.rng.chance(15).then(|| I::Lit(1 + i64::try_from(self.rng.below(3)).unwrap_or(0)));
        // A range with its end has no length, which a step backwards needs.
        let rev = self.rng.chance(25) && !(inclusive && step.is_some());
        let label = self.label();
        self.scopes.push(Vec::new());
        let index = self.rng.chance(88).then(|| {
            let mutable = self.rng.chance(5);
            let id = self.new_var(Kind::Int, mutable);
            self.vars[id].bound = bound;
            if mutable {
                self.vars[id].bound = bound.map(|b| b.max(3));
            }
            self.declare(id);
            id
        });
        let body = self.loop_body(depth, label);
        self.scopes.pop();
        S::For { index, lo, hi, inclusive, step, rev, label, body }
    }

    fn each_loop(&mut self, depth: usize) -> Option<S> {
        let arrays = self.arrays();
        let of = self.rng.pick(&arrays)?;
        let mutable = self.vars[of].mutable && !self.frozen.contains(&of);
        let by_value = !self.vars[of].reference && self.params.get(of).is_none_or(|&p| p == Passing::Value);
        let over = match self.rng.below(6) {
            0 => Over::Pattern,
            1 => Over::Iter,
            2 if by_value => Over::Value,
            3 if mutable && self.dims(of).len() == 1 => Over::Mut,
            4 => Over::Zip,
            _ => Over::Enumerate,
        };
        let with = self.rng.pick(&arrays)?;
        let label = self.label();
        let kind = |g: &Self, id: Id| match &g.dims(id)[1..] {
            [] => Kind::Float,
            rest => Kind::Array(rest.to_vec()),
        };
        let (frozen, hidden) = (self.frozen.len(), self.hidden.len());
        self.scopes.push(Vec::new());
        let first = self.new_var(kind(self, of), over == Over::Mut);
        self.vars[first].reference = matches!(over, Over::Iter | Over::Mut);
        let second = match over {
            Over::Enumerate => {
                let id = self.new_var(Kind::Int, false);
                self.vars[id].bound = i64::try_from(self.dims(of)[0]).ok();
                id
            }
            Over::Zip => self.new_var(kind(self, with), false),
            _ => first,
        };
        if self.vars[second].name == self.vars[first].name && second != first {
            self.vars[second].name = format!("other{second}");
        }
        self.declare(first);
        if second != first {
            self.declare(second);
        }
        match over {
            Over::Mut => self.hidden.push(of),
            Over::Value => {}
            _ => self.frozen.extend([of, with]),
        }
        let body = self.loop_body(depth, label);
        self.frozen.truncate(frozen);
        self.hidden.truncate(hidden);
        self.scopes.pop();
        Some(S::Each { over, first, second, of, with, label, body })
    }

    /// `while` or `loop`, with a counter.
    fn counted_loop(&mut self, depth: usize) -> Vec<S> {
        let counter = self.new_var(Kind::Int, true);
        let typed = self.rng.chance(50);
        self.declare(counter);
        self.frozen.push(counter);
        let bound = I::Lit(i64::try_from(self.rng.below(5)).unwrap_or(0));
        let label = self.label();
        let forever = self.rng.chance(40);
        let late = self.rng.chance(30);
        let extra = self.rng.chance(45).then(|| self.condition(1));
        self.scopes.push(Vec::new());
        let mut body = self.loop_body(depth, label);
        let count = S::OpI(counter, '+', I::Lit(1));
        let shadowed = declares(&body, &self.vars, &self.vars[counter].name);
        let at = if late && !shadowed && !body.iter().any(continues) && !body.last().is_some_and(leaves) {
            body.len()
        } else {
            0
        };
        body.insert(at, count);
        self.scopes.pop();
        let start = S::LetI(counter, typed, I::Lit(0));
        let test = B::Ints("<", I::Var(counter), bound.clone());
        if forever {
            let mut stop = vec![S::If(B::Ints(">=", I::Var(counter), bound), vec![S::Break(None)], None)];
            stop.append(&mut body);
            return vec![start, S::Loop(label, stop)];
        }
        let cond = match extra {
            Some(extra) => B::Both("&&", Box::new(test), Box::new(extra)),
            None => test,
        };
        vec![start, S::While(cond, label, body)]
    }

    fn int_stmt(&mut self) -> Option<S> {
        let targets = self.targets(&Kind::Int);
        let bools = self.targets(&Kind::Bool);
        match self.rng.below(6) {
            0 | 1 => Some(self.let_int(self.quiet == 0)),
            2 => {
                let cond = self.condition(1);
                let mutable = self.rng.below(2) == 0;
                let id = self.new_var(Kind::Bool, mutable);
                self.declare(id);
                Some(S::LetB(id, cond))
            }
            3 if !bools.is_empty() => {
                let id = bools[self.rng.below(bools.len())];
                Some(S::SetB(id, self.condition(1)))
            }
            _ => {
                let id = self.rng.pick(&targets)?;
                match self.vars[id].bound {
                    None => Some(S::OpI(id, '+', I::Lit(1))),
                    Some(bound) => {
                        let n = self.int(1);
                        let sum =
                            I::Bin('+', Box::new(I::Var(id)), Box::new(I::Bin('+', Box::new(n), Box::new(I::Lit(1)))));
                        Some(S::SetI(id, I::Bin('%', Box::new(sum), Box::new(I::Lit(bound.max(1))))))
                    }
                }
            }
        }
    }

    fn array_stmt(&mut self) -> Option<S> {
        let arrays = self.target_arrays();
        let id = self.rng.pick(&arrays);
        let n = self.rng.below(20);
        let Some(id) = id.filter(|_| n > 2) else { return self.let_array() };
        let dims = self.dims(id);
        Some(match n {
            3..=7 => {
                let x = self.tame();
                S::Store(id, self.full_index(id)?, x)
            }
            8..=12 => {
                let x = self.tame();
                let op = ['+', '-', '*', '+'][self.rng.below(4)];
                S::OpStore(id, self.full_index(id)?, op, x)
            }
            // The array is borrowed while the arguments are evaluated.
            13 if dims.len() == 1 => {
                self.hidden.push(id);
                let x = self.float(1);
                self.hidden.pop();
                S::Fill(id, x)
            }
            14 | 15 if dims.len() == 1 && dims[0] > 0 => {
                let i = self.index(dims[0], None)?;
                let j = self.index(dims[0], None)?;
                S::Swap(id, i, j)
            }
            16 if dims.len() == 2 => {
                let i = self.index(dims[0], Some(id))?;
                S::SetA(id, vec![i], self.array(&dims[1..]))
            }
            17 => return self.let_array(),
            _ => S::SetA(id, Vec::new(), self.array(&dims)),
        })
    }

    /// `let u = a[1]; a[2] = …; let v = u * a[1];`, by numbers, each way in full or through parts of the array.
    fn around_a_write(&mut self) -> Option<Vec<S>> {
        let arrays = self.target_arrays();
        let id = self.rng.pick(&arrays)?;
        let read = self.numbered(id)?;
        let again = if self.rng.chance(50) { read.clone() } else { self.numbered(id)? };
        let before = self.new_var(Kind::Float, false);
        let mut stmts = vec![S::LetF(before, false, F::Elem(id, read))];
        self.declare(before);
        let x = self.tame();
        let write = self.numbered(id)?;
        stmts.push(if self.rng.chance(50) { S::Store(id, write, x) } else { S::OpStore(id, write, '*', x) });
        let product = F::Bin('*', Box::new(F::Var(before)), Box::new(F::Elem(id, again)));
        let after = self.new_var(Kind::Float, false);
        self.declare(after);
        stmts.push(S::LetF(after, false, product));
        Some(stmts)
    }

    /// An element by numbers alone.
    fn numbered(&mut self, id: Id) -> Option<Vec<I>> {
        let dims = self.dims(id);
        let number = |n: usize| i64::try_from(n).ok();
        dims.into_iter()
            .map(|dim| {
                let at = (dim > 0).then(|| self.rng.below(dim))?;
                if self.rng.chance(60) {
                    return Some(I::Lit(number(at)?));
                }
                let lo = self.rng.below(at + 1);
                let hi = self.rng.chance(50).then(|| at + 1 + self.rng.below(dim - at));
                Some(I::Behind(number(lo)?, hi.and_then(number), Box::new(I::Lit(number(at - lo)?))))
            })
            .collect()
    }

    /// `let y; if … { y = …; } else { y = …; }`
    fn late(&mut self, depth: usize) -> Vec<S> {
        let mutable = self.rng.chance(30);
        let typed = self.rng.chance(50);
        let cond = self.condition(1);
        let mut arms = Vec::new();
        for _ in 0..2 {
            self.scopes.push(Vec::new());
            let mut stmts = if self.rng.chance(40) { self.open_block(depth - 1, 2) } else { Vec::new() };
            let value = self.float(1);
            if !stmts.last().is_some_and(leaves) {
                stmts.push(S::SetF(0, value));
            }
            self.scopes.pop();
            arms.push(stmts);
        }
        let id = self.new_var(Kind::Float, mutable);
        self.vars[id].name = format!("late{id}");
        self.declare(id);
        let mut literals = true;
        for arm in &mut arms {
            if let Some(S::SetF(target, x)) = arm.last_mut()
                && *target == 0
            {
                *target = id;
                literals &= x.literal();
            }
        }
        if arms.iter().all(|arm| arm.last().is_some_and(leaves)) {
            return vec![S::LetF(id, true, F::Lit(0.5))];
        }
        let other = arms.pop();
        let then = arms.pop().unwrap_or_default();
        vec![S::Late(id, typed || literals), S::If(cond, then, other)]
    }

    /// The value: something of everything that is in scope.
    fn tail(&mut self, depth: usize) -> F {
        let mut sum = self.float(1);
        for id in self.floats() {
            if self.vars[id].mutable || self.rng.chance(40) {
                let x = if self.rng.chance(40) { F::Call("sin", vec![F::Var(id)]) } else { F::Var(id) };
                sum = F::Bin('+', Box::new(sum), Box::new(x));
            }
        }
        for id in self.arrays() {
            if self.vars[id].mutable
                && self.rng.chance(70)
                && let Some(index) = self.full_index(id)
            {
                let weight = self.number();
                let x = F::Bin('*', Box::new(F::Lit(weight)), Box::new(F::Elem(id, index)));
                sum = F::Bin('+', Box::new(sum), Box::new(x));
            }
        }
        match self.rng.below(8) {
            0 => F::Call("sin", vec![sum]),
            1 => F::Call("tanh", vec![sum]),
            2 if self.family.branch > 0 => {
                let cond = self.condition(1);
                self.scopes.push(Vec::new());
                let stmts = self.open_block(depth.saturating_sub(1), 2);
                let mut value = self.float(1);
                if stmts.last().is_some_and(leaves) {
                    value = F::Lit(0.0);
                }
                self.scopes.pop();
                F::If(Box::new(cond), Box::new((stmts, value)), Box::new((Vec::new(), sum)))
            }
            _ => sum,
        }
    }
}

/// Whether nothing can follow.
pub fn leaves(s: &S) -> bool {
    match s {
        S::Return(_) | S::Break(_) | S::Continue(_) => true,
        S::If(_, then, Some(other)) => then.last().is_some_and(leaves) && other.last().is_some_and(leaves),
        S::Block(stmts) => stmts.last().is_some_and(leaves),
        _ => false,
    }
}

/// Whether a `continue` is in it.
fn continues(s: &S) -> bool {
    match s {
        S::Continue(_) => true,
        S::If(_, then, other) => then.iter().any(continues) || other.iter().flatten().any(continues),
        S::Block(stmts) | S::While(_, _, stmts) | S::Loop(_, stmts) => stmts.iter().any(continues),
        S::For { body, .. } | S::Each { body, .. } => body.iter().any(continues),
        _ => false,
    }
}

/// Whether statements declare a name directly.
fn declares(stmts: &[S], vars: &[Var], name: &str) -> bool {
    stmts.iter().any(|s| match s {
        S::LetF(id, ..) | S::Late(id, _) | S::LetI(id, ..) | S::LetB(id, _) | S::LetA(id, _) => vars[*id].name == name,
        _ => false,
    })
}
