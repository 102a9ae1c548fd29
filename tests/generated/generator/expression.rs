//! Values: floats, conditions, indices.

use super::scope::{Holder, Id, Kind, Lock};
use super::text::{Level, Text};
use super::{Form, Generator, Outcome, Way};

/// Larger than this, a product is made smaller.
const LARGE: f64 = 60.0;

/// Ways to a value.
#[derive(Clone, Copy)]
enum Value {
    Leaf,
    Arithmetic,
    Function,
    OfTwo,
    Domain,
    Power,
    Negative,
    Branch,
    Match,
    Option,
    Block,
    Call,
    Helper,
    Chain,
    Stopped,
    Converted,
}

/// Methods of any float, by the bound of their argument, with the bound of their value.
type Row = (&'static str, f64, fn(f64) -> f64);

const FUNCTIONS: &[Row] = &[
    ("sin", 99.0, |_| 1.0),
    ("sin", 99.0, |_| 1.0),
    ("cos", 99.0, |_| 1.0),
    ("cos", 99.0, |_| 1.0),
    ("tanh", 99.0, |_| 1.0),
    ("atan", 99.0, |_| 1.6),
    ("asinh", 99.0, |b| b),
    ("abs", 99.0, |b| b),
    ("exp", 2.0, f64::exp),
    ("exp", 2.0, f64::exp),
    ("exp2", 2.0, f64::exp2),
    ("exp_m1", 2.0, f64::exp),
    ("sinh", 2.0, f64::sinh),
    ("cosh", 2.0, f64::cosh),
    ("to_radians", 99.0, |b| b),
    ("fract", 99.0, |_| 1.0),
    ("floor", 99.0, |b| b + 1.0),
    ("round", 99.0, |b| b + 1.0),
    ("signum", 99.0, |_| 1.0),
];

impl Generator {
    /// A float.
    pub fn float(&mut self, depth: usize) -> Text {
        if depth == 0 {
            return self.leaf();
        }
        let nested = depth > 1;
        let value = self.rng.weighted(&[
            (20, Value::Leaf),
            (38, Value::Arithmetic),
            (16, Value::Function),
            (7, Value::OfTwo),
            (6, Value::Domain),
            (4, Value::Power),
            (3, Value::Negative),
            (if nested { self.if_has(Form::Values, 5) } else { 0 }, Value::Branch),
            (if nested { self.if_has(Form::Matches, 4) } else { 0 }, Value::Match),
            (self.if_has(Form::Options, 4), Value::Option),
            (if nested { self.if_has(Form::Values, 3) } else { 0 }, Value::Block),
            (self.if_has(Form::Closures, 12), Value::Call),
            (self.if_has(Form::Helpers, 7), Value::Helper),
            (self.if_has(Form::Chains, 9), Value::Chain),
            (self.if_has(Form::Widths, 12), Value::Converted),
            (1, Value::Stopped),
        ]);
        match value.unwrap_or(Value::Leaf) {
            Value::Leaf => self.leaf(),
            Value::Arithmetic => self.operator(depth),
            Value::Function => self.function_of(depth),
            Value::OfTwo => self.function_of_two(depth),
            Value::Domain => self.function_in_its_domain(depth),
            Value::Power => self.power(depth),
            Value::Negative => {
                let e = self.float(depth - 1);
                let code = if e.code.starts_with('-') { format!("({})", e.code) } else { e.at(Level::Unary) };
                Text { code: format!("-{code}"), level: Level::Unary, ..e }
            }
            Value::Branch => self.branch_value(depth),
            Value::Match => self.match_value(depth),
            Value::Option => self.option_value(depth),
            Value::Block => self.block_value(depth),
            Value::Call => self.closure_call(depth),
            Value::Helper => self.helper_call(depth),
            Value::Chain => self.chain(depth),
            Value::Converted => self.converted(depth - 1),
            Value::Stopped => {
                let e = self.float(depth - 1);
                Text::atom(format!("symgrad::stop_gradient({})", e.sure()), e.bound)
            }
        }
    }

    /// A float below a bound.
    pub fn float_below(&mut self, depth: usize, bound: f64) -> Text {
        let e = self.float(depth);
        self.within(e, bound)
    }

    /// The same, made small enough.
    pub fn within(&mut self, e: Text, bound: f64) -> Text {
        if e.bound <= bound {
            return e;
        }
        if bound < 1e-3 {
            return Text { typed: false, ..Text::atom("0.0", 0.0) };
        }
        let small = match self.rng.below(6) {
            0 => e.method("tanh", &[], 1.0),
            1 => e.method("cos", &[], 1.0),
            2 if e.bound < bound * 20.0 => {
                let factor = (bound / e.bound * 1000.0).floor() / 1000.0;
                let code = format!("{factor:?} * {}", e.at(Level::Unary));
                return Text { typed: e.typed, ..Text::new(code, Level::Product, bound) };
            }
            _ => e.method("sin", &[], 1.0),
        };
        if bound >= 1.0 {
            return small;
        }
        Text::new(format!("{bound:?} * {}", small.at(Level::Unary)), Level::Product, bound)
    }

    /// Variables, elements, numbers.
    pub fn leaf(&mut self) -> Text {
        match self.rng.below(14) {
            0 | 1 => self.literal(),
            2 => self.cast(),
            3..=7 => self.list_element().unwrap_or_else(|| self.literal()),
            _ => self.variable(),
        }
    }

    pub fn literal(&mut self) -> Text {
        match self.rng.below(12) {
            0 => return Text::atom("std::f64::consts::FRAC_PI_4", 1.0),
            1 => return Text::atom("f64::EPSILON", 1.0),
            _ => {}
        }
        let number = self.rng.number();
        let level = if number < 0.0 { Level::Unary } else { Level::Atom };
        Text { typed: false, ..Text::new(format!("{number:?}"), level, number.abs()) }
    }

    fn cast(&mut self) -> Text {
        match self.scope.readable(|v| matches!(v.kind, Kind::Index(_))) {
            ids if !ids.is_empty() => {
                let id = self.rng.pick(&ids);
                let variable = self.scope.read(id);
                Text::new(format!("{} as f64", variable.name), Level::Cast, 9.0)
            }
            _ => self.literal(),
        }
    }

    /// A variable or an element, where something else may stand for nothing else.
    pub fn variable_or_element(&mut self) -> Text {
        if self.rng.chance(40) { self.list_element().unwrap_or_else(|| self.variable()) } else { self.variable() }
    }

    fn variable(&mut self) -> Text {
        let floats =
            |k: &Kind| matches!(k, Kind::Float | Kind::FloatRef | Kind::FloatMut | Kind::Tuple(_) | Kind::Cell);
        let ids = self.scope.readable(|v| floats(&v.kind));
        if ids.is_empty() {
            return self.literal();
        }
        // The newest ones more often.
        let id = if self.rng.chance(40) {
            ids[ids.len() - 1 - self.rng.below(ids.len().min(3))]
        } else {
            self.rng.pick(&ids)
        };
        let variable = self.scope.read(id).clone();
        let (name, bound) = (variable.name, variable.bound);
        let text = match variable.kind {
            Kind::FloatRef | Kind::FloatMut => Text::new(format!("*{name}"), Level::Unary, bound),
            Kind::Cell => self.member(&name, bound),
            Kind::Tuple(n) => Text::atom(format!("{name}.{}", self.rng.below(n)), bound),
            _ => Text::atom(name, bound),
        };
        Text { typed: variable.typed, ..text }
    }

    pub fn arithmetic(&mut self, operator: &str, a: &Text, b: &Text) -> Text {
        let level = if operator == "+" || operator == "-" { Level::Sum } else { Level::Product };
        let right = if level == Level::Sum { Level::Product } else { Level::Unary };
        let bound = if level == Level::Sum { a.bound + b.bound } else { a.bound * b.bound };
        let code = format!("{} {operator} {}", a.at(level), b.at(right));
        let e = Text { typed: a.typed || b.typed, ..Text::new(code, level, bound) };
        if e.typed { self.within(e, LARGE) } else { e }
    }

    fn operator(&mut self, depth: usize) -> Text {
        let a = self.float(depth - 1);
        match self.rng.below(12) {
            0..=2 => {
                let b = self.float(depth - 1);
                self.arithmetic("+", &a, &b)
            }
            3..=4 => {
                let b = self.float(depth - 1);
                self.arithmetic("-", &a, &b)
            }
            5..=8 => {
                let b = self.float(depth - 1);
                self.arithmetic("*", &a, &b)
            }
            9 | 10 => {
                let b = self.positive(depth - 1);
                let code = format!("{} / {}", a.at(Level::Product), b.at(Level::Unary));
                let e = Text { typed: a.typed || b.typed, ..Text::new(code, Level::Product, a.bound * 4.0) };
                if e.typed { self.within(e, LARGE) } else { e }
            }
            _ => {
                let divisor = self.rng.pick(&["1.7", "2.5", "0.9"]);
                let code = format!("{} % {divisor}", a.at(Level::Product));
                Text { typed: a.typed, ..Text::new(code, Level::Product, a.bound.min(2.5)) }
            }
        }
    }

    fn function_of(&mut self, depth: usize) -> Text {
        let (name, limit, bound) = self.rng.pick(FUNCTIONS);
        let e = self.float_below(depth - 1, limit);
        let bound = bound(e.bound);
        if self.rng.chance(12) {
            return Text::atom(format!("f64::{name}({})", e.code), bound);
        }
        e.method(name, &[], bound)
    }

    fn function_of_two(&mut self, depth: usize) -> Text {
        let (a, b) = (self.float(depth - 1), self.float(depth - 1));
        let larger = a.bound.max(b.bound);
        match self.rng.below(10) {
            0..=2 => a.method("max", &[&b], larger),
            3 | 4 => a.method("min", &[&b], larger),
            5 => Text::atom(format!("{}.clamp(-0.7, 0.8)", a.receiver()), 0.8),
            6 => {
                let c = self.float(depth - 1);
                let e = a.method("mul_add", &[&b, &c], a.bound * b.bound + c.bound);
                self.within(e, LARGE)
            }
            7 => {
                let b = self.positive(depth - 1);
                a.method("hypot", &[&b], a.bound + b.bound)
            }
            8 => {
                let b = self.positive(depth - 1);
                a.method("atan2", &[&b], 1.6)
            }
            _ => a.method("copysign", &[&b], a.bound),
        }
    }

    /// A float between 0.25 and 4.
    pub fn positive(&mut self, depth: usize) -> Text {
        let e = self.float_below(depth, 1.5);
        let code = match self.rng.below(6) {
            0 => format!("{}.powi(2) + 0.4", e.receiver()),
            1 => format!("{}.abs() + 0.3", e.receiver()),
            2 => format!("1.5 + {}.sin()", e.receiver()),
            3 => format!("1.3 + {}.cos()", e.receiver()),
            4 if e.level == Level::Atom && e.typed => format!("{0} * {0} + 0.7", e.code),
            4 => "1.25".to_string(),
            _ => {
                let e = self.within(e, 1.2);
                return e.method("exp", &[], 3.5);
            }
        };
        let level = if code == "1.25" { Level::Atom } else { Level::Sum };
        Text { typed: level == Level::Sum, ..Text::new(code, level, 4.0) }
    }

    fn function_in_its_domain(&mut self, depth: usize) -> Text {
        let e = self.positive(depth - 1);
        match self.rng.below(12) {
            0..=2 => e.method("sqrt", &[], 2.0),
            3 | 4 => e.method("ln", &[], 1.5),
            5 => e.method("log2", &[], 2.0),
            6 => e.method("recip", &[], 4.0),
            7 => e.method("cbrt", &[], 1.6),
            8 => e.method("ln_1p", &[], 2.0),
            9 => {
                let exponent = self.float_below(depth - 1, 1.0);
                e.method("powf", &[&exponent], 4.0)
            }
            10 => Text::atom(format!("{}.powf(1.3)", e.receiver()), 8.0),
            _ => {
                let name = self.rng.pick(&["asin", "acos", "atanh", "tan"]);
                let inner = self.float(depth - 1).method("sin", &[], 1.0);
                Text::atom(format!("(0.8 * {}).{name}()", inner.code), 3.2)
            }
        }
    }

    fn power(&mut self, depth: usize) -> Text {
        let ids = self.scope.readable(|v| v.kind == Kind::Power);
        if !ids.is_empty() && self.rng.chance(40) {
            let id = self.rng.pick(&ids);
            let name = self.scope.read(id).name.clone();
            let e = self.float_below(depth - 1, 3.0);
            return Text::atom(format!("{}.powi({name})", e.receiver()), e.bound.max(1.0).powi(3));
        }
        if self.rng.chance(20) {
            let e = self.positive(depth - 1);
            return Text::atom(format!("{}.powi(-2)", e.receiver()), 16.0);
        }
        let n = self.rng.between(0, 3);
        let e = self.float_below(depth - 1, 3.0);
        Text::atom(format!("{}.powi({n})", e.receiver()), e.bound.max(1.0).powi(3))
    }

    fn helper_call(&mut self, depth: usize) -> Text {
        let numbers: Vec<usize> =
            (0..self.helpers.len()).filter(|&k| self.helpers[k].outcome == Outcome::Number).collect();
        if numbers.is_empty() {
            return self.leaf();
        }
        let helper = self.helpers[self.rng.pick(&numbers)].clone();
        let (name, slice, floats) = (helper.name.clone(), helper.slice, helper.floats);
        let mut arguments = Vec::new();
        if helper.way != Way::Function {
            return if self.within_methods() { self.sibling(&helper, depth) } else { self.call_of(&helper, depth) };
        }
        // What is borrowed is not changed by the arguments behind it.
        let mark = self.scope.mark();
        if slice {
            let Some(list) = self.whole_list(2) else { return self.leaf() };
            arguments.push(list);
        }
        for i in 0..floats {
            arguments.push(self.argument(&helper, i, depth - 1));
        }
        self.scope.leave(mark);
        self.called.push(name.clone());
        Text::atom(format!("{name}({})", arguments.join(", ")), 2.0)
    }

    /// `&list`, as a slice with at least so many elements. It is locked from here on.
    pub fn whole_list(&mut self, least: usize) -> Option<String> {
        let ids = self.scope.readable(|v| matches!(v.kind, Kind::List { len, .. } if len >= least) && v.bound <= 4.0);
        if ids.is_empty() {
            return None;
        }
        let id = self.rng.pick(&ids);
        let variable = self.scope.read(id);
        let Kind::List { holder, .. } = variable.kind else { return None };
        let name = variable.name.clone();
        let text = match holder {
            Holder::Array | Holder::Vec => format!("&{name}"),
            // By its name alone it would look as if it were lent.
            Holder::SliceMut => self.rng.pick(&[format!("&{name}"), format!("&*{name}"), format!("&{name}[..]")]),
            _ => name,
        };
        self.scope.lock(id, Lock::Write);
        Some(text)
    }

    // Conditions

    pub fn condition(&mut self, depth: usize) -> String {
        match self.rng.below(if depth > 0 { 13 } else { 10 }) {
            0..=4 => self.comparison(),
            5 | 6 => self.condition_on_index(),
            7 => match self.scope.readable(|v| v.kind == Kind::Bool) {
                ids if ids.is_empty() => self.comparison(),
                ids => {
                    let id = self.rng.pick(&ids);
                    let name = self.scope.read(id).name.clone();
                    if self.rng.chance(40) { format!("!{name}") } else { name }
                }
            },
            8 => match self.scope.readable(|v| matches!(v.kind, Kind::Weight | Kind::Choice(_))) {
                ids if ids.is_empty() => self.comparison(),
                ids => {
                    let id = self.rng.pick(&ids);
                    format!("{}.is_some()", self.scope.read(id).name)
                }
            },
            9 => {
                let e = self.float(1);
                format!("(-0.4..0.9).contains(&{})", e.borrowed())
            }
            10 => format!("{} && {}", self.condition(0), self.condition(0)),
            11 => format!("({} || {})", self.condition(0), self.condition(0)),
            _ => format!("!({})", self.condition(0)),
        }
    }

    pub fn comparison(&mut self) -> String {
        let depth = self.rng.between(0, 2);
        let a = self.float(depth);
        let b = self.leaf();
        let operator = self.rng.pick(&["<", ">", "<=", ">="]);
        format!("{} {operator} {}", if a.typed { a.at(Level::Sum) } else { a.receiver() }, b.at(Level::Sum))
    }

    fn condition_on_index(&mut self) -> String {
        let ids = self.scope.readable(|v| matches!(v.kind, Kind::Index(_)));
        if ids.is_empty() {
            return self.comparison();
        }
        let id = self.rng.pick(&ids);
        let name = self.scope.read(id).name.clone();
        match self.rng.below(5) {
            0 => format!("{name} % 2 == 0"),
            1 => format!("{name} > 0"),
            2 => format!("{name} == 1"),
            3 => format!("matches!({name}, 0 | 2)"),
            _ => format!("{name} < 2"),
        }
    }

    // Indices

    /// A `usize` below `n`, which is not 0.
    pub fn index(&mut self, n: usize) -> String {
        let pick = |g: &mut Self, ids: Vec<Id>| {
            let id = g.rng.pick(&ids);
            g.scope.read(id).clone()
        };
        let below = self.scope.readable(|v| matches!(v.kind, Kind::Index(below) if below <= n));
        let any = self.scope.readable(|v| matches!(v.kind, Kind::Index(_)));
        let data = self.scope.readable(|v| matches!(v.kind, Kind::Indices(below) if below <= n));
        match self.rng.below(8) {
            0..=3 if !below.is_empty() => {
                let variable = pick(self, below);
                let reverse = self.rng.chance(20);
                if reverse { format!("{} - {}", n - 1, variable.name) } else { variable.name }
            }
            4 if !any.is_empty() => format!("({} + {}) % {n}", pick(self, any).name, self.rng.between(1, 3)),
            5 if !any.is_empty() => format!("{}.min({})", pick(self, any).name, n - 1),
            6 if !data.is_empty() => {
                let name = pick(self, data).name;
                format!("{name}.first().copied().unwrap_or(0)")
            }
            _ => self.rng.below(n).to_string(),
        }
    }
}
