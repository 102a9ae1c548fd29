//! Functions that are called, and return a number: free ones, methods, and those for any length or any float type.
//!
//! What is for any float type is written for `f64` first, of a few forms only, and without what a type parameter does not
//! have.

use super::scope::{Holder, Kind, Lock, Variable};
use super::text::{Level, Text};
use super::{Form, Function, Generator, Helper, Outcome, Way, generic};

/// What is in a model when its methods begin, and when they end.
const MODEL: f64 = 4.0;

/// The forms that a type parameter allows.
pub fn plain(forms: &[Form]) -> Vec<Form> {
    let known = [Form::Exits, Form::Loops, Form::Shadowing, Form::Values, Form::Whiles, Form::Labels, Form::Late];
    forms.iter().copied().filter(|form| known.contains(form)).collect()
}

impl Generator {
    pub fn helper(&mut self, helper: &Helper) -> Function {
        self.returns = Some(2.0);
        let mut list = Vec::new();
        let changes = helper.way == Way::Method { changes: true };
        if let Way::Method { .. } = helper.way {
            list.push(if changes { "&mut self" } else { "&self" }.to_string());
            let slack = if changes { 2.0 } else { 0.0 };
            let pair = Kind::List { len: 2, exact: true, holder: Holder::Array };
            for (name, kind) in [("self.k", Kind::Float), ("self.w", pair)] {
                let (name, bound) = (name.to_string(), MODEL + slack);
                self.scope.declare(Variable { name, kind, mutable: changes, bound, slack, typed: true });
            }
        }
        if changes {
            self.returns = None;
        }
        if helper.slice {
            let any = helper.way == Way::AnyLength;
            let holder = if any { Holder::Array } else { Holder::Slice };
            self.parameter("a", Kind::List { len: 2, exact: false, holder }, 4.0);
            list.push(if any { "a: [f64; N]" } else { "a: &[f64]" }.to_string());
        }
        for (i, name) in ["p", "q"].into_iter().take(helper.floats).enumerate() {
            let (kind, ty) = if helper.single && i == 0 { (Kind::Single, "f32") } else { (Kind::Float, "f64") };
            self.parameter(name, kind, 4.0);
            list.push(format!("{name}: {ty}"));
        }
        let first = self.element(0).code;
        if let Outcome::Lent { list: of_list, number } = helper.outcome {
            return self.helper_that_is_lent(helper, list, &first, of_list, number);
        }
        if helper.outcome != Outcome::Number {
            return self.helper_with(helper, &list, &first);
        }
        let body = self.body();
        let tail = self.tail();
        let result = format!("2.0 * ({} + begin).sin()", tail.at(Level::Sum));
        // What the next call finds has the bounds that this one found.
        let result = if changes {
            format!("let end = {result};\nself.k = self.k.sin();\nself.w = [self.w[1].cos(), end];\nend")
        } else {
            result
        };
        let (name, list) = (&helper.name, list.join(", "));
        let generics = match helper.way {
            Way::AnyLength => "<const N: usize>",
            Way::AnyFloat => {
                "<T: num_traits::Float + std::ops::AddAssign + std::ops::SubAssign + std::ops::MulAssign + std::ops::DivAssign>"
            }
            Way::Function | Way::Method { .. } => "",
        };
        let source = format!("fn {name}{generics}({list}) -> f64 {{\nlet begin = {first};\n{body}{result}\n}}");
        let source = if helper.way == Way::AnyFloat { generic::of_any_float(&source) } else { source };
        let method = matches!(helper.way, Way::Method { .. });
        let mut names: Vec<String> = if method { vec!["self".to_string()] } else { Vec::new() };
        names.extend(helper.slice.then(|| "a".to_string()));
        names.extend(["p", "q"].into_iter().take(helper.floats).map(str::to_string));
        let wrt = method.then_some(names);
        Function { wrt, calls: self.calls(), points: Vec::new(), kinds: "gradient, jvp", method, source }
    }

    /// A call of one that is no plain function.
    pub fn call_of(&mut self, helper: &Helper, depth: usize) -> Text {
        let mark = self.scope.mark();
        let mut arguments = Vec::new();
        let mut model = String::new();
        if let Way::Method { changes } = helper.way {
            let k = self.float_below(depth - 1, MODEL).sure();
            let w = [self.float_below(1, MODEL).sure(), self.float_below(1, MODEL).sure()].join(", ");
            model = format!("crate::shapes::Model {{ k: {k}, w: [{w}] }}");
            // Twice, so that what the first call has changed matters.
            if changes {
                let each: Vec<String> = (0..2).map(|_| self.arguments(helper, depth)).collect();
                self.scope.leave(mark);
                let (name, first, second) = (&helper.name, &each[0], &each[1]);
                let begin = format!("{{ let mut model = {model};");
                let code = if self.rng.chance(50) {
                    format!("{begin} model.{name}({first}); model.{name}({second}); model.k * model.w[1] }}")
                } else {
                    // Where its value is used, what it changes is borrowed by itself.
                    let by = format!("crate::shapes::Model::<f64>::{name}(&mut model, ");
                    format!("{begin} let one = {by}{first}); one * {by}{second}) + model.k * model.w[1] }}")
                };
                return Text::new(code, Level::Open, 8.0);
            }
        }
        arguments.push(self.arguments(helper, depth));
        self.scope.leave(mark);
        // One for any float type is the same function over dual numbers.
        if matches!(helper.way, Way::AnyLength) {
            self.called.push(helper.name.clone());
        }
        let (name, arguments) = (&helper.name, arguments.join(", "));
        match helper.way {
            Way::Method { .. } => Text::atom(format!("({model}).{name}({arguments})"), 2.0),
            _ => Text::atom(format!("{name}({arguments})"), 2.0),
        }
    }

    /// The `i`th number that a function is given.
    pub fn argument(&mut self, helper: &Helper, i: usize, depth: usize) -> String {
        let e = self.float_below(depth, 4.0);
        if helper.single && i == 0 { format!("{} as f32", e.at(Level::Unary)) } else { e.code }
    }

    /// A method is being made, whose siblings are called on `self`.
    pub fn within_methods(&self) -> bool {
        self.scope.variables.first().is_some_and(|v| v.name == "self.k")
    }

    /// A call of another method on `self`, if nothing else holds it.
    pub fn sibling(&mut self, helper: &Helper, depth: usize) -> Text {
        let Way::Method { changes } = helper.way else { return self.leaf() };
        let this = |v: &Variable| v.name.starts_with("self.");
        let ids = if changes { self.scope.writable(this) } else { self.scope.readable(this) };
        if ids.len() < 2 || self.trips > 25.0 {
            return self.leaf();
        }
        let mark = self.scope.mark();
        for id in ids {
            self.scope.read(id);
            if changes {
                self.scope.write(id);
            }
            // It is borrowed while the arguments are evaluated, which may read it.
            self.scope.lock(id, Lock::Write);
        }
        let arguments = self.arguments(helper, depth);
        self.scope.leave(mark);
        Text::atom(format!("self.{}({arguments})", helper.name), 2.0)
    }

    /// A variable of a type with methods that change it, called in a loop.
    pub fn model(&mut self) -> String {
        let of = |h: &Helper| matches!(h.way, Way::Method { .. });
        let methods: Vec<Helper> = self.helpers.iter().filter(|h| of(h)).cloned().collect();
        if methods.is_empty() || self.within_methods() {
            return self.new_float(true);
        }
        self.labels += 1;
        let (model, got) = (format!("model{}", self.labels), format!("got{}", self.labels));
        let k = self.float_below(2, MODEL).sure();
        let w = [self.float_below(1, MODEL).sure(), self.float_below(1, MODEL).sure()].join(", ");
        let mark = self.scope.mark();
        self.bind(&got, Kind::Float, 5.0);
        self.bind("round", Kind::Index(3), 0.0);
        let mut body = String::new();
        for _ in 0..self.rng.between(1, 2) {
            let helper = self.rng.pick(&methods);
            let pure = std::mem::replace(&mut self.scope.pure, true);
            let arguments = self.arguments(&helper, 2);
            let statement = format!("{model}.{}({arguments})", helper.name);
            let call = match helper.way {
                Way::Method { changes: true } => {
                    format!("crate::shapes::Model::<f64>::{}(&mut {model}, {arguments})", helper.name)
                }
                _ => statement.clone(),
            };
            self.scope.pure = pure;
            let change = match self.rng.below(4) {
                0 => format!("{got} = 0.5 * {got} + {call};\n"),
                1 => format!("{got} += 0.2 * {call} * {model}.k;\n{got} = {got}.sin();\n"),
                // A statement changes what it is called on.
                2 if call != statement => format!("{statement};\nif {model}.w[1] > 0.9 {{ break; }}\n"),
                _ => format!("let y = {call};\n{got} = (y * {got} + {model}.w[0]).sin();\n"),
            };
            body.push_str(&change);
        }
        self.scope.leave(mark);
        let name = self.name();
        self.bind(&name, Kind::Float, 9.0);
        let made = format!("crate::shapes::Model {{ k: {k}, w: [{w}] }}");
        format!(
            "let mut {model} = {made};\nlet mut {got}: f64 = 0.3;\nfor round in 0..3_usize {{\n{body}}}\n\
             let {name} = {got} + {model}.k.sin() * {model}.w[1].cos();\n"
        )
    }

    fn arguments(&mut self, helper: &Helper, depth: usize) -> String {
        let mut arguments = Vec::new();
        if helper.slice {
            let elements: Vec<String> = (0..self.rng.between(2, 4)).map(|_| self.float_below(1, 4.0).sure()).collect();
            let borrow = if helper.way == Way::AnyLength { "" } else { "&" };
            arguments.push(format!("{borrow}[{}]", elements.join(", ")));
        }
        for _ in 0..helper.floats {
            arguments.push(self.float_below(depth - 1, 4.0).sure());
        }
        arguments.join(", ")
    }
}
