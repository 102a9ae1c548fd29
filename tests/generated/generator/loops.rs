//! Loops and blocks that may be left.

use super::scope::{Holder, Id, Kind, Lock, Variable};
use super::{Form, Generator, Target};

impl Generator {
    fn label(&mut self) -> Option<String> {
        (self.has(Form::Labels) && self.rng.chance(40)).then(|| {
            self.labels += 1;
            format!("'l{}", self.labels)
        })
    }

    /// The body of a loop that runs at most so often.
    pub fn iterate(&mut self, label: Option<&String>, value: bool, trips: f64, depth: usize) -> String {
        self.targets.push(Target { label: label.cloned(), value, block: false });
        let before = self.trips;
        self.trips *= trips;
        let n = self.rng.between(1, 4);
        let (code, last) = self.inside(n, depth.saturating_sub(1), |g| {
            if g.rng.chance(10) && g.has(Form::Exits) {
                g.exit().map(|e| format!("if {} {{ {e} }}", g.condition(0)))
            } else {
                None
            }
        });
        self.trips = before;
        self.targets.pop();
        code + &last.unwrap_or_default()
    }

    pub fn for_loop(&mut self, depth: usize) -> String {
        let label = self.label();
        let prefix = label.as_ref().map_or_else(String::new, |l| format!("{l}: "));
        let mark = self.scope.mark();
        let (head, trips) = self.items_of_for();
        let body = self.iterate(label.as_ref(), false, trips, depth);
        self.scope.leave(mark);
        format!("{prefix}for {head} {{\n{body}\n}}\n")
    }

    /// The head of a loop, and how often it runs at most. Declares what the pattern binds.
    fn items_of_for(&mut self) -> (String, f64) {
        let name = self.name();
        let head = match self.rng.below(16) {
            0..=5 => self.over_list(&name),
            6 | 7 => self.over_elements_to_change(&name),
            8 => self.over_rows(&name),
            9 => self.over_data(&name),
            _ => None,
        };
        head.unwrap_or_else(|| self.over_range(&name))
    }

    fn over_list(&mut self, name: &str) -> Option<(String, f64)> {
        let lists = self.scope.readable(|v| matches!(v.kind, Kind::List { .. }));
        if lists.is_empty() {
            return None;
        }
        let id = self.rng.pick(&lists);
        let Variable { name: list, kind, bound, .. } = self.scope.read(id).clone();
        let Kind::List { holder, .. } = kind else { return None };
        self.scope.lock(id, Lock::Write);
        if holder == Holder::Array && self.rng.chance(15) {
            self.bind(name, Kind::Float, bound);
            return Some((format!("{name} in {list}"), 5.0));
        }
        let (pattern, reference) =
            if self.rng.chance(35) { (format!("&{name}"), Kind::Float) } else { (name.to_string(), Kind::FloatRef) };
        let way = if self.has(Form::Chains) { self.rng.below(6) } else { 5 };
        let head = match way {
            0 => {
                self.bind("at", Kind::Index(9), 0.0);
                self.bind(name, reference, bound);
                format!("(at, {pattern}) in {list}.iter().enumerate()")
            }
            1 => {
                let other = self.rng.pick(&lists);
                let second = self.scope.read(other).clone();
                self.scope.lock(other, Lock::Write);
                self.bind(name, reference, bound);
                self.bind("other", Kind::FloatRef, second.bound);
                format!("({pattern}, other) in {list}.iter().zip({}.iter())", second.name)
            }
            2 => {
                self.bind(name, Kind::List { len: 2, exact: true, holder: Holder::Slice }, bound);
                format!("{name} in {list}.windows(2)")
            }
            3 | 4 => {
                self.bind(name, reference, bound);
                let steps = self.rng.pick(&[".iter().rev()", ".iter().skip(1)", ".iter().take(2)"]);
                format!("{pattern} in {list}{steps}")
            }
            _ => {
                self.bind(name, reference, bound);
                let owned = matches!(holder, Holder::Array | Holder::Vec);
                match self.rng.below(3) {
                    0 => format!("{pattern} in {list}.iter()"),
                    _ if owned => format!("{pattern} in &{list}"),
                    _ if holder == Holder::SliceMut => format!("{pattern} in {list}.iter()"),
                    _ => format!("{pattern} in {list}"),
                }
            }
        };
        Some((head, 5.0))
    }

    fn over_elements_to_change(&mut self, name: &str) -> Option<(String, f64)> {
        let ids = self.scope.writable(|v| matches!(v.kind, Kind::List { .. }) && v.slack > 0.0);
        let id = self.pick_of(&ids)?;
        self.scope.read(id);
        let list = self.scope.write(id).clone();
        let slack = list.slack / 2.0;
        self.scope.variables[id].slack = slack;
        self.scope.lock(id, Lock::ReadAndWrite);
        let (kind, bound) = (Kind::FloatMut, list.bound - slack);
        let variable = Variable { name: name.to_string(), kind, mutable: true, bound, slack, typed: true };
        let enumerated = self.has(Form::Chains) && self.rng.chance(50);
        if enumerated {
            self.bind("at", Kind::Index(9), 0.0);
        }
        self.scope.declare(variable);
        let list = list.name;
        let head = if enumerated {
            format!("(at, {name}) in {list}.iter_mut().enumerate()")
        } else {
            format!("{name} in {list}.iter_mut()")
        };
        Some((head, 5.0))
    }

    fn over_rows(&mut self, name: &str) -> Option<(String, f64)> {
        let ids = self.scope.readable(|v| matches!(v.kind, Kind::Matrix { .. }));
        let id = self.pick_of(&ids)?;
        let matrix = self.scope.read(id).clone();
        let Kind::Matrix { columns, holder, .. } = matrix.kind else { return None };
        self.scope.lock(id, Lock::Write);
        let row = if matches!(holder, Holder::Vec | Holder::VecRef) { Holder::VecRef } else { Holder::ArrayRef };
        self.bind(name, Kind::List { len: columns, exact: true, holder: row }, matrix.bound);
        Some((format!("{name} in {}.iter()", matrix.name), 3.0))
    }

    fn over_data(&mut self, name: &str) -> Option<(String, f64)> {
        let ids = self.scope.readable(|v| matches!(v.kind, Kind::Indices(_)));
        let id = self.pick_of(&ids)?;
        let list = self.scope.read(id).clone();
        let Kind::Indices(below) = list.kind else { return None };
        self.bind(name, Kind::Index(below), 0.0);
        Some((format!("&{name} in {}", list.name), 4.0))
    }

    fn over_range(&mut self, name: &str) -> (String, f64) {
        let ends = self.scope.readable(|v| matches!(v.kind, Kind::Index(..=4)));
        let lists = self.scope.readable(|v| matches!(v.kind, Kind::List { .. }));
        let (range, below) = match self.rng.below(9) {
            0..=2 if !ends.is_empty() => {
                let id = self.rng.pick(&ends);
                let end = self.scope.read(id).name.clone();
                (self.rng.pick(&[format!("0..{end}"), format!("0..={end}"), format!("{end}..4")]), 4)
            }
            3 => ("(0..4).rev()".to_string(), 4),
            4 => ("(0..5).step_by(2)".to_string(), 5),
            5 => ("1..=3".to_string(), 4),
            6 => ("(1..4).rev()".to_string(), 4),
            7 if !lists.is_empty() => {
                let id = self.rng.pick(&lists);
                let list = self.scope.read(id).clone();
                let below = if let Kind::List { len, exact: true, .. } = list.kind { len } else { 9 };
                (format!("0..{}.len()", list.name), below)
            }
            _ => {
                let n = self.rng.between(2, 4);
                (format!("0..{n}"), n)
            }
        };
        self.bind(name, Kind::Index(below), 0.0);
        (format!("{name} in {range}"), 5.0)
    }

    fn pick_of(&mut self, ids: &[Id]) -> Option<Id> {
        (!ids.is_empty()).then(|| self.rng.pick(ids))
    }

    pub fn while_loop(&mut self, depth: usize) -> String {
        let label = self.label();
        let prefix = label.as_ref().map_or_else(String::new, |l| format!("{l}: "));
        let n = self.rng.between(2, 5);
        let counter = self.name();
        let mark = self.scope.mark();
        self.bind(&counter, Kind::Index(n + 1), 0.0);
        let condition = match self.rng.below(3) {
            0 => format!("{counter} < {n}"),
            1 => format!("{counter} < {n} && {}", self.comparison()),
            _ => format!("{} && {counter} < {n}", self.comparison()),
        };
        let body = self.iterate(label.as_ref(), false, 5.0, depth);
        self.scope.leave(mark);
        // It is known behind the loop.
        self.bind(&counter, Kind::Index(n + 1), 0.0);
        format!("let mut {counter}: usize = 0;\n{prefix}while {condition} {{\n{counter} += 1;\n{body}\n}}\n")
    }

    /// `loop`, as a statement or with a value.
    pub fn endless_loop(&mut self, depth: usize) -> String {
        let value = self.has(Form::Values) && self.rng.chance(60);
        let label = self.label();
        let prefix = label.as_ref().map_or_else(String::new, |l| format!("{l}: "));
        let n = self.rng.between(2, 4);
        let name = self.name();
        let counter = "rounds";
        let mark = self.scope.mark();
        self.bind(counter, Kind::Index(n + 2), 0.0);
        let body = self.iterate(label.as_ref(), value, 5.0, depth);
        let last = if value { format!(" {}", self.float_below(2, 4.0).sure()) } else { String::new() };
        self.scope.leave(mark);
        let code = format!("{prefix}loop {{\n{counter} += 1;\nif {counter} > {n} {{ break{last}; }}\n{body}\n}}");
        // It is known behind the loop.
        self.bind(counter, Kind::Index(n + 2), 0.0);
        let start = format!("let mut {counter}: usize = 0;\n");
        if value {
            self.bind(&name, Kind::Float, 4.0);
            format!("{start}let {name} = {code};\n")
        } else {
            format!("{start}{code}\n")
        }
    }

    /// A block that may be left, as a statement or with a value.
    pub fn labelled(&mut self, depth: usize) -> String {
        self.labels += 1;
        let label = format!("'l{}", self.labels);
        let value = self.has(Form::Values) && self.rng.chance(60);
        let name = self.name();
        self.targets.push(Target { label: Some(label.clone()), value, block: true });
        let n = self.rng.between(1, 3);
        let (code, e) = self.inside(n, depth.saturating_sub(1), |g| g.float_below(2, 4.0));
        self.targets.pop();
        if value {
            self.bind(&name, Kind::Float, 4.0);
            format!("let {name} = {label}: {{\n{code}{}\n}};\n", e.sure())
        } else {
            format!("{label}: {{\n{code}\n}}\n")
        }
    }
}
