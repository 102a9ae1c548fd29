//! Functions whose result is no number: arrays, tuples, what is written to a buffer.

use super::scope::{Holder, Kind, Lock, Variable};
use super::text::Level;
use super::{Function, Generator, Helper, Outcome};

/// What numbers in a buffer have to be below when it is passed on, and are below afterwards.
const BUFFER: (f64, f64) = (3.0, 4.0);

impl Generator {
    /// The text of a function with such a result, behind its parameters.
    pub fn helper_with(&mut self, helper: &Helper, list: &[String], first: &str) -> Function {
        self.returns = None;
        if helper.outcome == Outcome::Buffer {
            let kind = Kind::List { len: 2, exact: false, holder: Holder::SliceMut };
            let (begin, end) = BUFFER;
            let slack = end - begin;
            let name = "out".to_string();
            self.scope.declare(Variable { name, kind, mutable: true, bound: end, slack, typed: true });
        }
        let body = self.body();
        let tail = self.tail();
        let sum = tail.at(Level::Sum);
        let (ty, result) = match helper.outcome {
            Outcome::Number | Outcome::Lent { .. } => (" -> f64", String::new()),
            Outcome::Array => (" -> [f64; 2]", format!("[2.0 * ({sum} + begin).sin(), begin.cos()]")),
            Outcome::Tuple => (" -> (f64, f64)", format!("(begin.sin(), 2.0 * ({sum} + begin).cos())")),
            Outcome::Buffer => {
                let swap = if self.rng.chance(30) { "out.swap(0, 1);\n" } else { "" };
                (
                    "",
                    format!(
                        "let end = ({sum} + begin).sin();\nout[1] = out[0] * end + 0.5;\n{swap}out[0] = 2.0 * end;\n"
                    ),
                )
            }
        };
        let mut list = list.to_vec();
        if helper.outcome == Outcome::Buffer {
            list.push("out: &mut [f64]".to_string());
        }
        let source =
            format!("fn {}({}){ty} {{\nlet begin = {first}.sin();\n{body}{result}\n}}", helper.name, list.join(", "));
        Function { wrt: None, calls: self.calls(), points: Vec::new(), kinds: "jvp", method: false, source }
    }

    /// A statement that calls one of these.
    pub fn returned(&mut self) -> String {
        let fits = |h: &Helper| !matches!(h.outcome, Outcome::Number | Outcome::Lent { .. });
        let others: Vec<usize> = (0..self.helpers.len()).filter(|&k| fits(&self.helpers[k])).collect();
        if others.is_empty() {
            return self.copies(0);
        }
        let helper = self.helpers[self.rng.pick(&others)].clone();
        let mark = self.scope.mark();
        let mut arguments = Vec::new();
        if helper.slice {
            let Some(list) = self.whole_list(2) else { return String::new() };
            arguments.push(list);
        }
        let mut buffer = None;
        if helper.outcome == Outcome::Buffer {
            let owned = |v: &Variable| {
                let list = matches!(v.kind, Kind::List { len: 2.., holder: Holder::Array | Holder::Vec, .. });
                list && v.bound <= BUFFER.0
            };
            let ids = self.scope.writable(owned);
            if ids.is_empty() || self.trips > 1.0 {
                return String::new();
            }
            let id = self.rng.pick(&ids);
            self.scope.read(id);
            buffer = Some((id, self.scope.write(id).name.clone()));
            self.scope.lock(id, Lock::ReadAndWrite);
        }
        for i in 0..helper.floats {
            arguments.push(self.argument(&helper, i, 1));
        }
        self.scope.leave(mark);
        self.called.push(helper.name.clone());
        if let Some((id, name)) = buffer {
            self.scope.raise(id, BUFFER.1);
            arguments.push(format!("&mut {name}"));
            return format!("{}({});\n", helper.name, arguments.join(", "));
        }
        let call = format!("{}({})", helper.name, arguments.join(", "));
        let (a, b) = (self.name(), self.name());
        let two = |g: &mut Self| {
            g.bind(&a, Kind::Float, 2.0);
            g.bind(&b, Kind::Float, 2.0);
        };
        match (helper.outcome, self.rng.below(3)) {
            (Outcome::Array, 0) if a != b => {
                two(self);
                format!("let [{a}, {b}] = {call};\n")
            }
            (Outcome::Array, _) => {
                let kind = Kind::List { len: 2, exact: true, holder: Holder::Array };
                self.scope.declare(Variable {
                    name: a.clone(),
                    kind,
                    mutable: true,
                    bound: 4.0,
                    slack: 2.0,
                    typed: true,
                });
                format!("let mut {a}: [f64; 2] = {call};\n")
            }
            (_, 0) => {
                self.bind(&a, Kind::Tuple(2), 2.0);
                format!("let {a}: (f64, f64) = {call};\n")
            }
            _ if a != b => {
                two(self);
                format!("let ({a}, {b}) = {call};\n")
            }
            _ => String::new(),
        }
    }
}
