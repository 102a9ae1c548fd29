//! Random programs that Rust accepts, with inputs. What they compute stays tame.

use crate::ast::{Id, Kind, Passing, Program, S, Var};
use crate::choices::Choices;
use crate::evaluate::{INPUTS, Input};

#[path = "generate/statements.rs"]
mod statements;
#[path = "generate/values.rs"]
mod values;

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
