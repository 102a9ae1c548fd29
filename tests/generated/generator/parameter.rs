//! Parameters in all shapes, with the arguments of each point.

use super::scope::{Holder, Kind, Variable};
use super::text::{Level, Text};
use super::{Form, Generator};

/// Among them names that emitted code likes to use.
pub const NAMES: [&str; 34] = [
    "x", "y", "z", "w", "u", "v", "s", "a", "b", "c", "p", "q", "r", "t", "t1", "t2", "t3", "dx", "dy", "dw", "ds",
    "tape", "tape1", "grad", "value", "adj", "n", "k", "m", "rows", "sum", "next", "last", "acc",
];

/// How many points there are.
const POINTS: usize = 3;

/// The bound of what is in parameters.
const BOUND: f64 = 2.0;

pub struct Parameter {
    pub name: String,
    pub pattern: String,
    pub ty: String,
    /// Derivatives with respect to it exist.
    pub float: bool,
    /// The argument at each point.
    pub values: Vec<String>,
}

impl Generator {
    pub fn parameter(&mut self, name: &str, kind: Kind, bound: f64) {
        let variable = Variable { name: name.to_string(), kind, mutable: false, bound, slack: 0.0, typed: true };
        self.scope.declare(variable);
    }

    pub fn parameters(&mut self) -> Vec<Parameter> {
        let mut list = Vec::new();
        for _ in 0..self.rng.between(1, 3) {
            list.push(self.scalar());
        }
        for _ in 0..self.rng.below(3) {
            list.push(self.list());
        }
        if self.has(Form::Matrices) && self.rng.chance(60) {
            list.push(self.matrix());
        }
        for _ in 0..self.rng.below(4) {
            list.push(self.datum());
        }
        list
    }

    fn fresh(&mut self) -> String {
        let taken = self.scope.names();
        let free: Vec<&str> = NAMES.iter().copied().filter(|n| !taken.iter().any(|t| t == n)).collect();
        self.rng.pick(&free).to_string()
    }

    fn entry(
        &mut self,
        kind: Kind,
        mutable: bool,
        ty: &str,
        float: bool,
        value: impl Fn(&mut Self) -> String,
    ) -> Parameter {
        let name = self.fresh();
        let slack = if mutable { 2.0 } else { 0.0 };
        self.parameter(&name, kind, BOUND + slack);
        if let Some(variable) = self.scope.variables.last_mut() {
            (variable.mutable, variable.slack) = (mutable, slack);
        }
        let pattern = if mutable { format!("mut {name}") } else { name.clone() };
        Parameter { name, pattern, ty: ty.to_string(), float, values: (0..POINTS).map(|_| value(self)).collect() }
    }

    fn scalar(&mut self) -> Parameter {
        let mutable = self.rng.chance(20);
        if self.has(Form::Widths) && self.rng.chance(35) {
            return self.entry(Kind::Single, mutable, "f32", true, |g| g.rng.number().to_string());
        }
        self.entry(Kind::Float, mutable, "f64", true, |g| g.rng.number().to_string())
    }

    fn numbers(&mut self, n: usize) -> String {
        let numbers: Vec<String> = (0..n).map(|_| self.rng.number().to_string()).collect();
        format!("[{}]", numbers.join(", "))
    }

    fn list(&mut self) -> Parameter {
        let len = self.rng.between(2, 4);
        if self.has(Form::Widths) && self.rng.chance(25) {
            return self.entry(Kind::Singles(len), false, "&[f32]", true, |g| g.numbers(len));
        }
        // One that is longer than it has to be.
        let more = self.rng.below(2);
        let slice = |exact, holder| Kind::List { len, exact, holder };
        match self.rng.below(if self.has(Form::Vecs) { 6 } else { 4 }) {
            0 => {
                let mutable = self.rng.chance(50);
                self.entry(slice(true, Holder::Array), mutable, &format!("[f64; {len}]"), true, |g| g.numbers(len))
            }
            1 => self.entry(slice(true, Holder::ArrayRef), false, &format!("&[f64; {len}]"), true, |g| g.numbers(len)),
            2 | 3 => self.entry(slice(false, Holder::Slice), false, "&[f64]", true, |g| {
                let more = g.rng.below(more + 1);
                g.numbers(len + more)
            }),
            4 => {
                let mutable = self.rng.chance(50);
                let vec = |g: &mut Self| format!("vec!{}", g.numbers(len));
                self.entry(slice(true, Holder::Vec), mutable, "Vec<f64>", true, vec)
            }
            _ => {
                let vec = |g: &mut Self| format!("vec!{}", g.numbers(len));
                self.entry(slice(true, Holder::VecRef), false, "&Vec<f64>", true, vec)
            }
        }
    }

    fn matrix(&mut self) -> Parameter {
        let (rows, columns) = (self.rng.between(2, 3), self.rng.between(2, 3));
        let kind = |holder| Kind::Matrix { rows, columns, holder };
        let literal = |open: &'static str| {
            move |g: &mut Self| {
                let list: Vec<String> = (0..rows).map(|_| format!("{open}{}", g.numbers(columns))).collect();
                format!("{open}[{}]", list.join(", "))
            }
        };
        match self.rng.below(if self.has(Form::Vecs) { 4 } else { 3 }) {
            0 => {
                let mutable = self.rng.chance(50);
                let ty = format!("[[f64; {columns}]; {rows}]");
                self.entry(kind(Holder::Array), mutable, &ty, true, literal(""))
            }
            1 => self.entry(kind(Holder::ArrayRef), false, &format!("&[[f64; {columns}]; {rows}]"), true, literal("")),
            2 => self.entry(kind(Holder::Slice), false, &format!("&[[f64; {columns}]]"), true, literal("")),
            _ => self.entry(kind(Holder::VecRef), false, "&[Vec<f64>]", true, literal("vec!")),
        }
    }

    /// What no derivative flows through.
    fn datum(&mut self) -> Parameter {
        let below = self.rng.between(2, 4);
        match self.rng.below(if self.has(Form::Options) { 7 } else { 5 }) {
            0 | 1 => self.entry(Kind::Index(below), false, "usize", false, |g| g.rng.below(below).to_string()),
            2 => self.entry(Kind::Power, false, "i32", false, |g| g.rng.below(4).to_string()),
            3 => self.entry(Kind::Bool, false, "bool", false, |g| g.rng.chance(50).to_string()),
            4 => self.entry(Kind::Indices(below), false, "&[usize]", false, |g| {
                let list: Vec<String> = (0..g.rng.below(4)).map(|_| g.rng.below(below).to_string()).collect();
                format!("&[{}]", list.join(", "))
            }),
            5 => self.entry(Kind::Weight, false, "Option<f64>", false, |g| {
                let number = g.rng.number();
                if g.rng.chance(60) { format!("Some({number})") } else { "None".to_string() }
            }),
            _ => self.entry(Kind::Choice(below), false, "Option<usize>", false, |g| {
                let index = g.rng.below(below);
                if g.rng.chance(60) { format!("Some({index})") } else { "None".to_string() }
            }),
        }
    }

    /// A float of a parameter.
    pub fn element(&mut self, id: usize) -> Text {
        let Variable { name, kind, bound, .. } = self.scope.read(id).clone();
        match kind {
            Kind::List { len, .. } => Text::atom(format!("{name}[{}]", len.min(2) - 1), bound),
            Kind::Matrix { .. } => Text::atom(format!("{name}[0][1]"), bound),
            Kind::Single => Text::atom(format!("f64::from({name})"), bound),
            Kind::Singles(_) => Text::atom(format!("f64::from({name}[0])"), bound),
            Kind::FloatRef | Kind::FloatMut => Text::new(format!("*{name}"), Level::Unary, bound),
            _ => Text::atom(name, bound),
        }
    }
}
