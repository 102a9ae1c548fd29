//! Closures that are called by name, and chains of iterators.

use super::Generator;
use super::scope::{Capture, Id, Kind, Lock, Variable};
use super::text::{Level, Text};

/// The bound of what closures are given.
const ARGUMENT: f64 = 3.0;

/// The bound of what they return.
const RESULT: f64 = 6.0;

/// How often one that changes something is called, at most.
const CALLS: f64 = 30.0;

impl Generator {
    /// Declares a variable that is read only.
    pub fn bind(&mut self, name: &str, kind: Kind, bound: f64) -> Id {
        let variable = Variable { name: name.to_string(), kind, mutable: false, bound, slack: 0.0, typed: true };
        self.scope.declare(variable)
    }

    /// `let f = |t: f64| …;`
    pub fn closure(&mut self) -> String {
        let (floats, index) = (self.rng.between(1, 2), self.rng.chance(20));
        let name = self.name();
        let mut list = Vec::new();
        let mark = self.scope.mark();
        let first = self.scope.variables.len();
        self.scope.captures.push(Capture { first, ..Capture::default() });
        let targets = std::mem::take(&mut self.targets);
        let returns = self.returns.take();
        let trips = std::mem::replace(&mut self.trips, CALLS);
        let moved = self.rng.chance(10);
        let pure = std::mem::replace(&mut self.scope.pure, moved || self.rng.chance(70));
        for i in 0..floats {
            let parameter = self.name();
            // No two have one name.
            let parameter = if list.iter().any(|p: &String| p.starts_with(&format!("{parameter}:"))) {
                format!("{parameter}{i}x")
            } else {
                parameter
            };
            list.push(format!("{parameter}: f64"));
            self.bind(&parameter, Kind::Float, ARGUMENT);
        }
        if index {
            self.bind("at", Kind::Index(3), 0.0);
            list.push("at: usize".to_string());
        }
        let long = self.rng.chance(45);
        if long {
            self.returns = Some(RESULT);
        }
        let statements = if long { self.rng.between(1, 3) } else { 0 };
        let (code, e) = self.inside(statements, 2, |g| g.float_below(2, RESULT));
        self.scope.pure = pure;
        self.trips = trips;
        self.returns = returns;
        self.targets = targets;
        let capture = self.scope.captures.pop().unwrap_or_default();
        self.scope.leave(mark);
        let mutates = !capture.written.is_empty();
        let keyword = if mutates { "let mut" } else { "let" };
        let copies = moved && capture.read.iter().all(|&id| self.is_copy(id)) && !mutates;
        let by = if copies { "move " } else { "" };
        let body = if long { format!("{{ {code}{} }}", e.sure()) } else { e.sure() };
        let result = if long && self.rng.chance(30) { "-> f64 " } else { "" };
        if !copies {
            capture.read.iter().for_each(|&id| self.scope.lock(id, Lock::Write));
        }
        capture.written.iter().for_each(|&id| self.scope.lock(id, Lock::ReadAndWrite));
        self.bind(&name, Kind::Closure { floats, index, mutates }, RESULT);
        format!("{keyword} {name} = {by}|{}| {result}{body};\n", list.join(", "))
    }

    fn is_copy(&self, id: Id) -> bool {
        matches!(self.scope.variables[id].kind, Kind::Float | Kind::Index(_) | Kind::Bool | Kind::Power)
    }

    pub fn closure_call(&mut self, depth: usize) -> Text {
        let pure = self.scope.pure;
        let ids = self.scope.readable(|v| matches!(v.kind, Kind::Closure { mutates, .. } if !(pure && mutates)));
        if ids.is_empty() {
            return self.leaf();
        }
        let id = self.rng.pick(&ids);
        let variable = self.scope.read(id).clone();
        let Kind::Closure { floats, index, mutates } = variable.kind else { return self.leaf() };
        if mutates {
            if self.trips * 3.0 > CALLS {
                return self.leaf();
            }
            self.scope.write(id);
            // Its arguments do not call it.
            self.scope.pure = true;
        }
        let mut arguments: Vec<String> = (0..floats).map(|_| self.float_below(depth - 1, ARGUMENT).code).collect();
        if index {
            arguments.push(self.index(3));
        }
        self.scope.pure = pure;
        Text::atom(format!("{}({})", variable.name, arguments.join(", ")), RESULT)
    }

    // Chains

    /// What is iterated over, the pattern for an item, and how the item reads; at most 4 items.
    fn items(&mut self) -> Option<(String, String)> {
        let lists = self.scope.readable(|v| matches!(v.kind, Kind::List { .. }));
        if lists.is_empty() {
            let name = self.name();
            let n = self.rng.between(2, 4);
            self.bind(&name, Kind::Index(n), 0.0);
            return Some((format!("(0..{n})"), name));
        }
        let id = self.rng.pick(&lists);
        let list = self.scope.read(id).clone();
        let item = self.name();
        let reference = |g: &mut Self, pattern: String| {
            // `|&x|`, or `|x|` with `*x`.
            if g.rng.chance(40) { (format!("&{pattern}"), Kind::Float) } else { (pattern, Kind::FloatRef) }
        };
        let steps = match self.rng.below(9) {
            0 => ".rev()",
            1 => ".skip(1)",
            2 => ".take(2)",
            3 => ".step_by(2)",
            _ => "",
        };
        Some(match self.rng.below(6) {
            0 => {
                self.bind(&item, Kind::Float, list.bound);
                (format!("{}.iter().copied(){steps}", list.name), item)
            }
            1 => {
                let (pattern, kind) = reference(self, item.clone());
                self.bind("at", Kind::Index(9), 0.0);
                self.bind(&item, kind, list.bound);
                (format!("{}.iter().enumerate()", list.name), format!("(at, {pattern})"))
            }
            2 => {
                let id = self.rng.pick(&lists);
                let other = self.scope.read(id).clone();
                let (one, kind) = reference(self, item.clone());
                self.bind(&item, kind, list.bound);
                let (two, kind) = reference(self, "other".to_string());
                self.bind("other", kind, other.bound);
                (format!("{}.iter().zip({}.iter()){steps}", list.name, other.name), format!("({one}, {two})"))
            }
            3 => {
                let Kind::List { .. } = list.kind else { return None };
                let holder = Kind::List { len: 2, exact: true, holder: super::scope::Holder::Slice };
                self.bind(&item, holder, list.bound);
                (format!("{}.windows(2)", list.name), item)
            }
            _ => {
                let (pattern, kind) = reference(self, item.clone());
                self.bind(&item, kind, list.bound);
                (format!("{}.iter(){steps}", list.name), pattern)
            }
        })
    }

    /// `xs.iter().map(|x| …).sum::<f64>()` and its like.
    pub fn chain(&mut self, depth: usize) -> Text {
        let mark = self.scope.mark();
        let pure = std::mem::replace(&mut self.scope.pure, true);
        let returns = self.returns.take();
        let targets = std::mem::take(&mut self.targets);
        let text = self.items().map(|(items, pattern)| match self.rng.below(6) {
            0..=2 => {
                let e = self.float_below(depth - 1, 10.0);
                Text::atom(format!("{items}.map(|{pattern}| {}).sum::<f64>()", e.sure()), e.bound * 6.0)
            }
            3 => {
                let e = self.float_below(depth - 1, 2.0);
                Text::atom(format!("{items}.map(|{pattern}| {}).product::<f64>()", e.sure()), e.bound.max(1.0).powi(5))
            }
            4 => {
                let c = self.comparison();
                let e = self.float_below(depth - 1, 10.0);
                let code = format!("{items}.map(|{pattern}| if {c} {{ {} }} else {{ 0.25 }}).sum::<f64>()", e.sure());
                Text::atom(code, e.bound.max(1.0) * 6.0)
            }
            _ => {
                self.bind("total", Kind::Float, 20.0);
                let e = self.float_below(depth - 1, 3.0);
                let start = self.literal();
                let code = format!(
                    "{items}.fold({}, |total, {pattern}| 0.5 * total + {})",
                    start.receiver(),
                    e.at(Level::Product)
                );
                Text::atom(code, 10.0)
            }
        });
        self.targets = targets;
        self.returns = returns;
        self.scope.pure = pure;
        self.scope.leave(mark);
        match text {
            Some(e) => self.within(e, 60.0),
            None => self.leaf(),
        }
    }
}
