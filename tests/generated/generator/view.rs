//! Other names for parts of lists: slices, rows, halves, references.

use super::scope::{Holder, Id, Kind, Lock, Variable};
use super::{Form, Generator};

impl Generator {
    /// Another name for a part of a list.
    pub fn view(&mut self) -> String {
        let ids = self.scope.readable(|v| matches!(v.kind, Kind::List { len: 2.., .. } | Kind::Matrix { .. }));
        if ids.is_empty() {
            return String::new();
        }
        let id = self.rng.pick(&ids);
        let list = self.scope.read(id).clone();
        let of = list.name;
        let name = self.name();
        let slice = |len, exact| Kind::List { len, exact, holder: Holder::Slice };
        let (code, kind) = match list.kind {
            Kind::Matrix { rows, columns, holder } => {
                let kind =
                    if holder == Holder::VecRef || holder == Holder::Vec { Holder::VecRef } else { Holder::ArrayRef };
                (
                    format!("let {name} = &{of}[{}];\n", self.index(rows)),
                    Kind::List { len: columns, exact: true, holder: kind },
                )
            }
            Kind::List { len, exact, .. } => match self.rng.below(4) {
                0 => (format!("let {name} = &{of}[1..];\n"), slice(len - 1, exact)),
                1 => (format!("let {name} = &{of}[..{}];\n", len - 1), slice(len - 1, true)),
                2 => {
                    let lo = self.index(len - 1);
                    (format!("let {name} = &{of}[{lo}..{lo} + 2];\n"), slice(2, true))
                }
                _ => {
                    let k = self.rng.between(1, len - 1);
                    let other = self.name();
                    let other = if other == name { format!("{other}_rest") } else { other };
                    self.scope.lock(id, Lock::Write);
                    self.bind(&other, slice(len - k, exact), list.bound);
                    (format!("let ({name}, {other}) = {of}.split_at({k});\n"), slice(k, true))
                }
            },
            _ => return String::new(),
        };
        self.scope.lock(id, Lock::Write);
        self.bind(&name, kind, list.bound);
        code
    }

    /// A block in which a part of a list, or a float, is changed under another name.
    pub fn mutable_view(&mut self, depth: usize) -> String {
        let ids =
            self.scope.writable(|v| matches!(v.kind, Kind::List { len: 2.., .. } | Kind::Matrix { .. } | Kind::Float));
        if ids.is_empty() {
            return String::new();
        }
        let id: Id = self.rng.pick(&ids);
        self.scope.read(id);
        let whole = self.scope.write(id).clone();
        // A half of what may still be added.
        let slack = whole.slack / 2.0;
        self.scope.variables[id].slack = slack;
        let of = whole.name;
        let mark = self.scope.mark();
        let name = self.name();
        let slice = |len, exact| Kind::List { len, exact, holder: Holder::SliceMut };
        let variable = |name: &str, kind: Kind| Variable {
            name: name.to_string(),
            kind,
            mutable: true,
            bound: whole.bound - slack,
            slack: whole.slack - slack,
            typed: true,
        };
        let (code, kind) = match whole.kind {
            Kind::Matrix { rows, columns, .. } => {
                (format!("let {name} = &mut {of}[{}];\n", self.index(rows)), slice(columns, true))
            }
            Kind::List { len, exact, .. } => match self.rng.below(if self.has(Form::Views) { 5 } else { 2 }) {
                0 => (format!("let {name} = &mut {of}[{}];\n", self.index(len)), Kind::FloatMut),
                1 => (format!("let {name} = &mut {of};\n"), slice(len, exact)),
                2 => (format!("let {name} = &mut {of}[1..];\n"), slice(len - 1, exact)),
                3 => (format!("let {name} = &mut {of}[..{}];\n", len - 1), slice(len - 1, true)),
                _ => {
                    let k = self.rng.between(1, len - 1);
                    let other = self.name();
                    let other = if other == name { format!("{other}_rest") } else { other };
                    self.scope.declare(variable(&other, slice(len - k, exact)));
                    (format!("let ({name}, {other}) = {of}.split_at_mut({k});\n"), slice(k, true))
                }
            },
            _ => (format!("let {name} = &mut {of};\n"), Kind::FloatMut),
        };
        if matches!(whole.kind, Kind::List { holder: Holder::SliceMut, .. }) && code.contains(&format!("&mut {of};")) {
            // A reference to a reference.
            self.scope.leave(mark);
            return String::new();
        }
        self.scope.declare(variable(&name, kind));
        self.scope.lock(id, Lock::ReadAndWrite);
        let mut body = String::new();
        for _ in 0..self.rng.between(1, 3) {
            body += &self.statement(depth.saturating_sub(1));
        }
        self.scope.leave(mark);
        format!("{{ {code}{body} }}\n")
    }
}
