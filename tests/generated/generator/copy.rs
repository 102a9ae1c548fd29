//! Lists by value: copies of every kind, new lists under old names, lists that change places.

use super::scope::{Holder, Id, Kind, Variable};
use super::{Form, Generator};
use std::fmt::Write as _;

impl Generator {
    /// A list or a row is copied, assigned as a whole, exchanged, or iterated over as a copy while it is written.
    pub fn copies(&mut self, depth: usize) -> String {
        match self.rng.below(8) {
            0 | 1 => self.copied_list(),
            2 => self.copied_row(),
            3 | 4 => self.assigned_list(),
            5 => self.exchanged_lists(),
            6 => self.exchanged_rows(),
            _ => self.over_a_copy(depth),
        }
    }

    fn declare_copy(&mut self, name: &str, len: usize, holder: Holder, bound: f64) -> &'static str {
        let mutable = self.rng.chance(50);
        let slack = if mutable { 2.0 } else { 0.0 };
        let kind = Kind::List { len, exact: true, holder };
        let bound = bound + slack;
        self.scope.declare(Variable { name: name.to_string(), kind, mutable, bound, slack, typed: true });
        if mutable { "mut " } else { "" }
    }

    fn copied_list(&mut self) -> String {
        let lists = self.scope.readable(|v| matches!(v.kind, Kind::List { exact: true, .. }));
        let Some(list) = self.read_one(&lists) else { return String::new() };
        let Kind::List { len, holder, .. } = list.kind else { return String::new() };
        let of = list.name;
        let name = self.name();
        match holder {
            Holder::Array | Holder::ArrayRef => {
                let borrow = if holder == Holder::Array { "&" } else { "" };
                let way = self.rng.below(4);
                let mutable = self.declare_copy(&name, len, Holder::Array, list.bound);
                match way {
                    0 if mutable.is_empty() => format!("let &{name} = {borrow}{of};\n"),
                    1 => format!("let {mutable}{name} = {of}.clone();\n"),
                    2 => format!("let {mutable}{name} = *({borrow}{of});\n"),
                    _ if holder == Holder::Array => format!("let {mutable}{name} = {of};\n"),
                    _ => format!("let {mutable}{name} = *{of};\n"),
                }
            }
            _ => {
                let way = self.rng.below(3);
                let mutable = self.declare_copy(&name, len, Holder::Vec, list.bound);
                match way {
                    0 => format!("let {mutable}{name} = {of}.to_vec();\n"),
                    1 => format!("let {mutable}{name}: Vec<f64> = {of}.iter().copied().collect();\n"),
                    _ if holder == Holder::Vec => format!("let {mutable}{name} = {of}.clone();\n"),
                    _ => format!("let {mutable}{name} = {of}[..].to_vec();\n"),
                }
            }
        }
    }

    fn copied_row(&mut self) -> String {
        let ids = self.scope.readable(|v| matches!(v.kind, Kind::Matrix { .. }));
        let Some(matrix) = self.read_one(&ids) else { return String::new() };
        let Kind::Matrix { rows, columns, holder } = matrix.kind else { return String::new() };
        let i = self.index(rows);
        let name = self.name();
        let vec = matches!(holder, Holder::Vec | Holder::VecRef);
        let holder = if vec { Holder::Vec } else { Holder::Array };
        let clone = if vec || self.rng.chance(30) { ".clone()" } else { "" };
        let mutable = self.declare_copy(&name, columns, holder, matrix.bound);
        format!("let {mutable}{name} = {}[{i}]{clone};\n", matrix.name)
    }

    /// Two lists that may be exchanged, or of which one may be assigned to the other.
    fn pair(&mut self) -> Option<(Id, Id, usize, Holder)> {
        let owned =
            |v: &Variable| matches!(v.kind, Kind::List { exact: true, holder: Holder::Array | Holder::Vec, .. });
        let ids = self.scope.writable(owned);
        if ids.len() < 2 {
            return None;
        }
        let a = self.rng.pick(&ids);
        let Kind::List { len, holder, .. } = self.scope.variables[a].kind else { return None };
        let other = |id: &Id| {
            let same = |n: usize, h: Holder| h == holder && (n == len || holder == Holder::Vec);
            *id != a && matches!(self.scope.variables[*id].kind, Kind::List { len: n, holder: h, .. } if same(n, h))
        };
        let others: Vec<Id> = ids.into_iter().filter(other).collect();
        let b = if others.is_empty() { return None } else { self.rng.pick(&others) };
        Some((a, b, len, holder))
    }

    fn assigned_list(&mut self) -> String {
        // In a loop or a branch, what comes back to its beginning has the old length.
        let Some((a, b, len, holder)) = self.pair() else { return String::new() };
        self.scope.read(b);
        self.scope.write(a);
        let (to, from) = (self.scope.variables[a].clone(), self.scope.variables[b].clone());
        let Kind::List { len: other, .. } = from.kind else { return String::new() };
        if other != len || to.bound - to.slack < from.bound {
            return String::new();
        }
        let clone = if holder == Holder::Vec { ".clone()" } else { "" };
        match self.rng.below(3) {
            0 if holder == Holder::Vec => format!("{} = {}.iter().map(|&x| x).collect();\n", to.name, from.name),
            _ => format!("{} = {}{clone};\n", to.name, from.name),
        }
    }

    fn exchanged_lists(&mut self) -> String {
        let Some((a, b, len, _)) = self.pair() else { return String::new() };
        let (x, y) = (self.scope.variables[a].clone(), self.scope.variables[b].clone());
        let same = matches!(y.kind, Kind::List { len: n, .. } if n == len);
        if self.trips > 1.0 || !same {
            return String::new();
        }
        let bound = x.bound.max(y.bound);
        for id in [a, b] {
            self.scope.read(id);
            self.scope.write(id);
            let before = self.scope.variables[id].bound;
            self.scope.raise(id, bound);
            self.scope.variables[id].slack = self.scope.variables[id].slack.min(before);
        }
        match self.rng.below(2) {
            0 => format!("std::mem::swap(&mut {}, &mut {});\n", x.name, y.name),
            _ => format!("({0}, {1}) = ({1}, {0});\n", x.name, y.name),
        }
    }

    fn exchanged_rows(&mut self) -> String {
        let ids = self.scope.writable(|v| matches!(v.kind, Kind::Matrix { .. }));
        if ids.is_empty() {
            return String::new();
        }
        let id = self.rng.pick(&ids);
        self.scope.read(id);
        let Variable { name, kind, .. } = self.scope.write(id).clone();
        let Kind::Matrix { rows, holder, .. } = kind else { return String::new() };
        let (i, j) = (self.index(rows), self.index(rows));
        let plain = holder == Holder::Array;
        match self.rng.below(3) {
            0 if plain => format!("{name}[{i}] = {name}[{j}];\n"),
            1 if plain => format!("({name}[0], {name}[1]) = ({name}[1], {name}[0]);\n"),
            _ => format!("{name}.swap({i}, {j});\n"),
        }
    }

    /// A loop over a copy, in which the original is written.
    fn over_a_copy(&mut self, depth: usize) -> String {
        let ids = self.scope.writable(|v| matches!(v.kind, Kind::List { holder: Holder::Array | Holder::Vec, .. }));
        if ids.is_empty() || !self.has(Form::Loops) {
            return String::new();
        }
        let id = self.rng.pick(&ids);
        let Variable { name: of, kind, bound, .. } = self.scope.read(id).clone();
        let Kind::List { holder, .. } = kind else { return String::new() };
        let mark = self.scope.mark();
        let name = self.name();
        if name == of {
            return String::new();
        }
        let owned = holder == Holder::Array && self.rng.chance(50);
        self.scope.declare(Variable {
            name: name.clone(),
            kind: if owned { Kind::Float } else { Kind::FloatRef },
            mutable: false,
            bound,
            slack: 0.0,
            typed: true,
        });
        let before = self.trips;
        self.trips *= 5.0;
        let (mut body, ()) = self.inside(2, depth.saturating_sub(1), |_| ());
        // What else is there is chosen at random; this writes it for sure.
        let k = self.index(1);
        let visible = self.scope.writable(|v| v.name == of);
        if visible.contains(&id) {
            let value = if owned { name.clone() } else { format!("*{name}") };
            let _ = writeln!(body, "{of}[{k}] = 0.5 * {of}[{k}] + 0.3 * ({value});");
        }
        self.trips = before;
        self.scope.leave(mark);
        let head = if owned { of } else { format!("{of}.clone().iter()") };
        format!("for {name} in {head} {{\n{body}}}\n")
    }
}
