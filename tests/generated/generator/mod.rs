//! Whole functions as source text, in the forms that people write. A program is determined by a seed.
//!
//! Invariants, so that what is compared is comparable and no function panics:
//!
//! - Every float has a bound. What is assigned to a variable in a loop is kept below the variable's, and what is added to
//!   it uses up a slack that was set aside for it. So nothing overflows, and dual numbers, which compute some values by
//!   other formulas, are off by rounding only.
//! - Functions are called inside their domain, away from what is singular.
//! - An index is below the length of what it indexes; loops end.
//! - What closures and references hold is not touched while they are alive (`scope`).
//!
//! Each program uses some of the [`Form`]s only: so programs differ in more than their numbers, and a form that is
//! rejected does not hide the others.

mod closure;
mod control;
mod copy;
mod exponentials;
mod expression;
mod generic;
mod helper;
mod lent;
mod list;
mod loops;
mod pairs;
mod parameter;
mod random;
mod record;
mod returned;
mod scope;
mod statement;
mod text;
mod vector;
mod view;
mod width;

use random::Random;
use scope::{Kind, Scope};
use text::Text;

/// What a program may contain beside arithmetic, `let`, assignment and `if`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    Aliases,
    Chains,
    Closures,
    Copies,
    Exits,
    Exponentials,
    Generics,
    Helpers,
    Labels,
    Late,
    Lent,
    Loops,
    Matches,
    Matrices,
    Methods,
    Options,
    Pairs,
    Records,
    Returned,
    Shadowing,
    Tuples,
    Values,
    Vecs,
    Vectors,
    Views,
    Whiles,
    Widths,
    WritesToLists,
}

const FORMS: [Form; 27] = [
    Form::Aliases,
    Form::Chains,
    Form::Closures,
    Form::Copies,
    Form::Exits,
    Form::Exponentials,
    Form::Generics,
    Form::Helpers,
    Form::Labels,
    Form::Late,
    Form::Lent,
    Form::Loops,
    Form::Matches,
    Form::Matrices,
    Form::Methods,
    Form::Options,
    Form::Pairs,
    Form::Records,
    Form::Returned,
    Form::Shadowing,
    Form::Tuples,
    Form::Values,
    Form::Vecs,
    Form::Vectors,
    Form::Views,
    Form::Whiles,
    Form::WritesToLists,
];

/// What programs have only if it is asked for: of a function of one float type, data of another do not always compile.
const ASKED: [Form; 1] = [Form::Widths];

/// A function, and those that it calls.
pub struct Program {
    /// Each with the names in its `wrt`, if that is given.
    pub functions: Vec<Function>,
    /// The forms that it may contain.
    pub forms: Vec<Form>,
}

pub struct Function {
    pub wrt: Option<Vec<String>>,
    /// What it calls.
    pub calls: Vec<String>,
    /// The arguments at which it is compared.
    pub points: Vec<String>,
    /// What is derived.
    pub kinds: &'static str,
    /// It is a method of `crate::shapes::Model`.
    pub method: bool,
    pub source: String,
}

/// A function that may be called: with so many floats, behind a slice of at least two, if it takes one.
#[derive(Clone)]
struct Helper {
    name: String,
    slice: bool,
    floats: usize,
    outcome: Outcome,
    way: Way,
    /// What it is lent is its first argument.
    leads: bool,
    /// Its first number is an `f32`.
    single: bool,
}

/// How a helper is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Function,
    /// Of `crate::shapes::Model`, which it changes if it is given that by `&mut`.
    Method {
        changes: bool,
    },
    /// Its array has a length of any `N`.
    AnyLength,
    /// It is one for every float type.
    AnyFloat,
}

/// What a helper returns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Number,
    Array,
    Tuple,
    /// Nothing: it writes to a buffer.
    Buffer,
    /// A number or nothing: it changes a list or a number that it is lent.
    Lent {
        list: bool,
        number: bool,
    },
}

/// What `break` and `continue` may leave.
struct Target {
    label: Option<String>,
    /// It has a value.
    value: bool,
    /// A block that is no loop.
    block: bool,
}

struct Generator {
    rng: Random,
    scope: Scope,
    forms: Vec<Form>,
    helpers: Vec<Helper>,
    called: Vec<String>,
    /// Around this place, innermost last; a closure leaves none.
    targets: Vec<Target>,
    /// `return` may stand here, with a float below this.
    returns: Option<f64>,
    /// How often this place runs, at most.
    trips: f64,
    /// How many statements may still be made.
    budget: usize,
    labels: usize,
}

/// The program number `k` of a seed; its function is named `name`. Each has this form, if one is given.
pub fn program(seed: u64, k: u64, name: &str, form: Option<&str>) -> Program {
    let mut rng = Random::from_seed(seed.wrapping_mul(0x1_0000_0001).wrapping_add(k));
    let share = rng.between(15, 60);
    let asked = |it: &Form| form == Some(&format!("{it:?}"));
    let forms: Vec<Form> = FORMS.into_iter().filter(|it| rng.chance(share) || asked(it)).collect();
    let forms: Vec<Form> = forms.into_iter().chain(ASKED.into_iter().filter(asked)).collect();
    let mut functions = Vec::new();
    let mut helpers = Vec::new();
    let returned = forms.contains(&Form::Returned);
    let lent = forms.contains(&Form::Lent);
    if forms.contains(&Form::Helpers) || returned || lent {
        for i in 0..rng.between(1, 2 + usize::from(lent || forms.contains(&Form::Methods))) {
            let slice = rng.chance(40);
            let outcome = match rng.below(6) {
                0 | 1 if returned => Outcome::Array,
                2 | 3 if returned => Outcome::Buffer,
                4 if returned => Outcome::Tuple,
                _ if lent && rng.chance(75) => Outcome::Lent { list: rng.chance(50), number: rng.chance(40) },
                _ => Outcome::Number,
            };
            let floats = rng.between(usize::from(!slice), 2);
            let way = match rng.below(4) {
                _ if outcome != Outcome::Number => Way::Function,
                0 | 1 if forms.contains(&Form::Methods) => Way::Method { changes: rng.chance(60) },
                2 if forms.contains(&Form::Generics) => Way::AnyLength,
                3 if forms.contains(&Form::Generics) => Way::AnyFloat,
                _ => Way::Function,
            };
            let slice = match way {
                Way::AnyLength => true,
                Way::AnyFloat => false,
                _ => slice,
            };
            let floats = if way == Way::AnyFloat { 2 } else { floats };
            let single = forms.contains(&Form::Widths) && way == Way::Function && rng.chance(50);
            let helper =
                Helper { name: format!("{name}_part{i}"), slice, floats, outcome, way, leads: rng.chance(50), single };
            let known = if way == Way::AnyFloat { helper::plain(&forms) } else { forms.clone() };
            let mut g = Generator::new(Random::from_seed(rng.below(usize::MAX) as u64), known, 6);
            if let Way::Method { .. } = way {
                g.helpers = helpers.iter().filter(|h: &&Helper| matches!(h.way, Way::Method { .. })).cloned().collect();
            }
            if lent && way == Way::Function {
                g.helpers = helpers.iter().filter(|h: &&Helper| h.way == Way::Function).cloned().collect();
            }
            functions.push(g.helper(&helper));
            helpers.push(helper);
        }
    }
    let size = rng.between(3, 16);
    let mut g = Generator::new(rng, forms.clone(), size);
    g.helpers = helpers;
    functions.push(g.function(name));
    Program { functions, forms }
}

impl Generator {
    fn new(rng: Random, forms: Vec<Form>, budget: usize) -> Self {
        Generator {
            rng,
            scope: Scope::default(),
            forms,
            helpers: Vec::new(),
            called: Vec::new(),
            targets: Vec::new(),
            returns: Some(60.0),
            trips: 1.0,
            budget,
            labels: 0,
        }
    }

    fn has(&self, form: Form) -> bool {
        self.forms.contains(&form)
    }

    /// A weight for what needs a form.
    fn if_has(&self, form: Form, weight: usize) -> usize {
        if self.has(form) { weight } else { 0 }
    }

    fn function(&mut self, name: &str) -> Function {
        let parameters = self.parameters();
        let list: Vec<String> = parameters.iter().map(|p| format!("{}: {}", p.pattern, p.ty)).collect();
        let floats: Vec<&parameter::Parameter> = parameters.iter().filter(|p| p.float).collect();
        let wrt = self.rng.chance(15).then(|| {
            let mut chosen: Vec<String> = floats.iter().map(|p| p.name.clone()).collect();
            if chosen.len() > 1 {
                chosen.remove(self.rng.below(chosen.len()));
            }
            chosen
        });
        // Whatever happens, the first one in `wrt` has an influence.
        let reached = wrt.as_ref().map_or_else(|| floats[0].name.clone(), |names| names[0].clone());
        let floats = parameters.iter().position(|p| p.name == reached).unwrap_or(0);
        let first = self.element(floats);
        let body = self.body();
        let tail = self.tail();
        let early = format!("let begin = {};\n", first.code);
        let result = format!("{} + 0.5 * begin", tail.at(text::Level::Sum));
        // Nothing returns a number of another type before it.
        let single = self.has(Form::Widths) && !self.has(Form::Exits) && self.rng.chance(25);
        let (ty, result) = if single { ("f32", format!("({result}) as f32")) } else { ("f64", result) };
        let source = format!("fn {name}({}) -> {ty} {{\n{early}{body}{result}\n}}", list.join(", "));
        let count = parameters[0].values.len();
        let point = |k: usize| parameters.iter().map(|p| p.values[k].clone()).collect::<Vec<_>>().join(", ");
        let points = (0..count).map(|k| format!("({},)", point(k))).collect();
        Function { wrt, calls: self.calls(), points, kinds: "gradient, jvp", method: false, source }
    }

    /// What was called.
    fn calls(&mut self) -> Vec<String> {
        let mut calls = std::mem::take(&mut self.called);
        calls.sort();
        calls.dedup();
        calls
    }

    fn body(&mut self) -> String {
        let mut code = String::new();
        while self.budget > 0 {
            code += &self.statement(3);
        }
        code
    }

    /// The result, of several variables.
    fn tail(&mut self) -> Text {
        let mut sum = self.float(2);
        let variables =
            self.scope.readable(|v| matches!(v.kind, Kind::Float | Kind::List { .. } | Kind::Matrix { .. }));
        for id in variables {
            if self.rng.chance(70) {
                let variable = self.element(id);
                let e = self.within(variable, 4.0);
                let other = if self.rng.chance(30) { self.float_below(1, 4.0) } else { self.literal() };
                let product = self.arithmetic("*", &other, &e);
                sum = self.arithmetic("+", &sum, &product);
            }
        }
        sum
    }
}
