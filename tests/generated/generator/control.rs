//! Values that come out of control flow, and exits.

use super::scope::{Kind, Variable};
use super::text::{Level, Text};
use super::{Form, Generator};
use std::fmt::Write as _;

impl Generator {
    /// The statements of a block of its own, and what `last` makes behind them.
    pub fn inside<T>(&mut self, statements: usize, depth: usize, last: impl FnOnce(&mut Self) -> T) -> (String, T) {
        let mark = self.scope.mark();
        let mut code = String::new();
        for _ in 0..statements {
            if self.budget > 0 {
                code += &self.statement(depth);
            }
        }
        let last = last(self);
        self.scope.leave(mark);
        (code, last)
    }

    /// A block that is a value.
    pub fn valued(&mut self, depth: usize) -> (String, Text) {
        let statements = usize::from(self.rng.chance(35));
        let (code, e) = self.inside(statements, 1, |g| g.float(depth.saturating_sub(1)));
        let sure = e.sure();
        (format!("{{ {code}{sure} }}"), e)
    }

    pub fn block_value(&mut self, depth: usize) -> Text {
        let (code, e) = self.valued(depth);
        Text { code, level: Level::Open, typed: true, bound: e.bound }
    }

    pub fn branch_value(&mut self, depth: usize) -> Text {
        let condition = self.condition(1);
        let (a, x) = self.valued(depth);
        let (b, y) = if self.rng.chance(20) {
            let e = self.branch_value(depth);
            (e.code.clone(), e)
        } else {
            self.valued(depth)
        };
        Text::new(format!("if {condition} {a} else {b}"), Level::Open, x.bound.max(y.bound))
    }

    /// What a `match` decides by, with its patterns; the last ones are exhaustive.
    pub fn scrutinee(&mut self) -> (String, Vec<String>) {
        let list = |patterns: &[&str]| patterns.iter().map(ToString::to_string).collect::<Vec<_>>();
        let indices = self.scope.readable(|v| matches!(v.kind, Kind::Index(_)));
        if indices.is_empty() || self.rng.chance(25) {
            return match self.rng.below(4) {
                0 => (self.condition(0), list(&["true", "false"])),
                1 => {
                    let (a, b) = (self.condition(0), self.condition(0));
                    (format!("({a}, {b})"), list(&["(true, true)", "(false, _)", "_"]))
                }
                2 => {
                    let (a, b) = (self.float(1), self.float(0));
                    let less = "Some(std::cmp::Ordering::Less)";
                    (format!("{}.partial_cmp(&{})", a.receiver(), b.borrowed()), list(&[less, "_"]))
                }
                _ => {
                    let (a, b) = (self.condition(0), self.condition(0));
                    ("()".to_string(), vec![format!("_ if {a}"), format!("_ if {b}"), "_".to_string()])
                }
            };
        }
        let id = self.rng.pick(&indices);
        let name = self.scope.read(id).name.clone();
        match self.rng.below(5) {
            0 => (name, list(&["0", "1 | 2", "_"])),
            1 => (name, list(&["0..=1", "2", "_"])),
            2 => (format!("{name} % 3"), list(&["1", "0", "_"])),
            3 => {
                let guard = self.condition(0);
                (name, vec![format!("0 if {guard}"), "0 | 1".to_string(), "_".to_string()])
            }
            _ => {
                let other = self.condition(0);
                (format!("({name}, {other})"), list(&["(0, true)", "(0, false)", "(_, true)", "_"]))
            }
        }
    }

    pub fn match_value(&mut self, depth: usize) -> Text {
        let (on, patterns) = self.scrutinee();
        let mut bound: f64 = 0.0;
        let mut arms = String::new();
        for pattern in patterns {
            let (code, e) = self.valued(depth);
            bound = bound.max(e.bound);
            let _ = writeln!(arms, "{pattern} => {code},");
        }
        Text::new(format!("match {on} {{\n{arms}}}"), Level::Open, bound)
    }

    /// `if let Some(w) = o { … } else { … }`, or the same as a `match`.
    pub fn option_value(&mut self, depth: usize) -> Text {
        let options = self.scope.readable(|v| matches!(v.kind, Kind::Weight | Kind::Choice(_)));
        if options.is_empty() {
            return self.leaf();
        }
        let id = self.rng.pick(&options);
        let Variable { name: option, kind, .. } = self.scope.read(id).clone();
        let mark = self.scope.mark();
        let name = self.name();
        let some = match kind {
            Kind::Choice(below) => {
                self.bind(&name, Kind::Index(below), 0.0);
                self.float(depth.saturating_sub(1))
            }
            _ => {
                self.bind(&name, Kind::Datum, 2.0);
                let e = self.float(depth.saturating_sub(1));
                let code = format!("{} * {name}", e.receiver());
                Text::new(code, Level::Product, e.bound * 2.0)
            }
        };
        let some = self.within(some, 60.0);
        self.scope.leave(mark);
        let none = self.float(depth.saturating_sub(1));
        let bound = some.bound.max(none.bound);
        let (some, none) = (some.sure(), none.sure());
        let code = if self.rng.chance(50) {
            format!("if let Some({name}) = {option} {{ {some} }} else {{ {none} }}")
        } else {
            format!("match {option} {{ Some({name}) => {some}, None => {none} }}")
        };
        Text::new(code, Level::Open, bound)
    }

    /// `return`, `break` or `continue`, as the case may be.
    pub fn exit(&mut self) -> Option<String> {
        let mut ways = Vec::new();
        if self.returns.is_some() && self.has(Form::Exits) {
            ways.push((String::new(), None));
        }
        let inner = self.targets.len().checked_sub(1);
        for (i, target) in self.targets.iter().enumerate() {
            let label = target.label.as_ref().map(|l| format!(" {l}"));
            let name = match label {
                Some(label) => label,
                None if Some(i) == inner && !target.block => String::new(),
                None => continue,
            };
            ways.push((format!("break{name}"), target.value.then_some(())));
            if !target.block {
                ways.push((format!("continue{name}"), None));
            }
        }
        if ways.is_empty() {
            return None;
        }
        let (way, value) = self.rng.pick(&ways);
        Some(if way.is_empty() {
            format!("return {};", self.float_below(2, self.returns.unwrap_or(1.0)).sure())
        } else if value.is_some() {
            format!("{way} {};", self.float_below(2, 4.0).sure())
        } else {
            format!("{way};")
        })
    }
}
