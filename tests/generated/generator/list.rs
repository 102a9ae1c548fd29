//! Arrays, slices and `Vec`s: made, read, written.

use super::scope::{Holder, Id, Kind, Variable};
use super::text::{Level, Text};
use super::{Form, Generator};

/// How a list begins.
#[derive(Clone, Copy)]
enum New {
    Items,
    Repeat,
    Copy,
    Vec,
    RepeatedVec,
    Pushed,
    FromFn,
    Map,
    Collect,
}

/// The beginning of a list, and its annotation.
struct Made {
    text: String,
    ty: String,
    len: usize,
    exact: bool,
    holder: Holder,
    bound: f64,
}

impl Generator {
    /// `a[i]`, `m[i][j]`, `*a.last().unwrap()`.
    pub fn list_element(&mut self) -> Option<Text> {
        let ids = self.scope.readable(|v| matches!(v.kind, Kind::List { len: 1.., .. } | Kind::Matrix { .. }));
        if ids.is_empty() {
            return None;
        }
        let id = self.rng.pick(&ids);
        let variable = self.scope.read(id).clone();
        let (name, bound) = (&variable.name, variable.bound);
        let text = match variable.kind {
            Kind::Matrix { rows, columns, .. } => {
                Text::atom(format!("{name}[{}][{}]", self.index(rows), self.index(columns)), bound)
            }
            Kind::List { len, .. } => match self.rng.below(if self.has(Form::Views) { 14 } else { 12 }) {
                12 => Text::new(format!("*{name}.last().unwrap()"), Level::Unary, bound),
                13 => Text::new(format!("*{name}.first().unwrap()"), Level::Unary, bound),
                11 => Text::new(format!("{name}.len() as f64"), Level::Cast, 8.0),
                _ => Text::atom(format!("{name}[{}]", self.index(len)), bound),
            },
            _ => return None,
        };
        Some(Text { typed: variable.typed || text.level == Level::Cast, ..text })
    }

    /// `let a = […];` and other beginnings of a list.
    pub fn new_list(&mut self) -> String {
        let vecs = self.if_has(Form::Vecs, 1);
        let chains = self.if_has(Form::Chains, 1);
        let way = self.rng.weighted(&[
            (8, New::Items),
            (4, New::Repeat),
            (4, New::Copy),
            (5 * vecs, New::Vec),
            (5 * vecs, New::RepeatedVec),
            (5 * vecs, New::Pushed),
            (4 * chains, New::FromFn),
            (4 * chains, New::Map),
            (4 * chains * vecs, New::Collect),
        ]);
        let made = match way.unwrap_or(New::Items) {
            New::Items => Some(self.items_of_list("", Holder::Array)),
            New::Vec => Some(self.items_of_list("vec!", Holder::Vec)),
            New::Repeat => Some(self.repeated("", Holder::Array)),
            New::RepeatedVec => Some(self.repeated("vec!", Holder::Vec)),
            New::Copy => self.copy(),
            New::Pushed => return self.pushed(),
            New::FromFn => Some(self.array_from_fn()),
            New::Map => self.mapped("map", Holder::Array),
            New::Collect => self.mapped("iter().map", Holder::Vec),
        };
        let Some(Made { text, ty, len, exact, holder, bound }) = made else { return String::new() };
        let mutable = self.rng.chance(75);
        let slack = if mutable { 2.0 } else { 0.0 };
        let name = self.name();
        let variable = Variable {
            name: name.clone(),
            kind: Kind::List { len, exact, holder },
            mutable,
            bound: bound + slack,
            slack,
            typed: true,
        };
        self.scope.declare(variable);
        format!("let {}{name}{ty} = {text};\n", if mutable { "mut " } else { "" })
    }

    fn items_of_list(&mut self, open: &str, holder: Holder) -> Made {
        let len = self.rng.between(2, 4);
        let items: Vec<Text> = (0..len).map(|_| self.float_below(2, 4.0)).collect();
        let bound = items.iter().fold(0.0, |b: f64, e| b.max(e.bound));
        let mut list: Vec<String> = items.iter().map(|e| e.code.clone()).collect();
        if items.iter().all(|e| !e.typed) {
            list[0] = items[0].sure();
        }
        Made { text: format!("{open}[{}]", list.join(", ")), ty: String::new(), len, exact: true, holder, bound }
    }

    fn repeated(&mut self, open: &str, holder: Holder) -> Made {
        let len = self.rng.between(2, 4);
        let e = self.float_below(2, 4.0);
        let text = format!("{open}[{}; {len}]", e.sure());
        Made { text, ty: String::new(), len, exact: true, holder, bound: e.bound }
    }

    fn copy(&mut self) -> Option<Made> {
        let lists = self.scope.readable(|v| matches!(v.kind, Kind::List { exact: true, .. }));
        let list = self.read_one(&lists)?;
        let Kind::List { len, holder, .. } = list.kind else { return None };
        let name = list.name;
        let (text, holder) = match holder {
            Holder::Array => (name, Holder::Array),
            Holder::ArrayRef => (format!("*{name}"), Holder::Array),
            Holder::Vec => (format!("{name}.clone()"), Holder::Vec),
            _ => (format!("{name}.to_vec()"), Holder::Vec),
        };
        Some(Made { text, ty: String::new(), len, exact: true, holder, bound: list.bound })
    }

    /// `Vec::new()` and a loop that pushes.
    fn pushed(&mut self) -> String {
        let len = self.rng.between(2, 4);
        let ty = if self.rng.chance(50) { ": Vec<f64>" } else { "" };
        let new = self.rng.pick(&["Vec::new()", "Vec::with_capacity(4)"]);
        let name = self.name();
        let mark = self.scope.mark();
        let counter = self.name();
        self.bind(&counter, Kind::Index(len), 0.0);
        let before = self.trips;
        self.trips *= 4.0;
        let statements = usize::from(self.rng.chance(30));
        let (inner, e) = self.inside(statements, 1, |g| g.float_below(2, 4.0));
        self.trips = before;
        self.scope.leave(mark);
        let code = format!("{inner}{}", e.sure());
        if counter == name || code.contains(&name) {
            // The loop means another variable of this name.
            return String::new();
        }
        let kind = Kind::List { len, exact: true, holder: Holder::Vec };
        let variable =
            Variable { name: name.clone(), kind, mutable: true, bound: e.bound + 2.0, slack: 2.0, typed: true };
        self.scope.declare(variable);
        let push = format!("{inner}{name}.push({});", e.sure());
        format!("let mut {name}{ty} = {new};\nfor {counter} in 0..{len} {{ {push} }}\n")
    }

    fn array_from_fn(&mut self) -> Made {
        let len = self.rng.between(2, 4);
        let at = self.name();
        let mark = self.scope.mark();
        self.bind(&at, Kind::Index(len), 0.0);
        let e = self.lambda(|g| g.float_below(2, 4.0));
        self.scope.leave(mark);
        let text = format!("std::array::from_fn(|{at}| {})", e.sure());
        Made { text, ty: format!(": [f64; {len}]"), len, exact: true, holder: Holder::Array, bound: e.bound }
    }

    /// `a.map(|x| …)`, `a.iter().map(|x| …).collect()`.
    fn mapped(&mut self, method: &str, holder: Holder) -> Option<Made> {
        let array = holder == Holder::Array;
        let lists =
            self.scope.readable(|v| matches!(v.kind, Kind::List { holder, .. } if !array || holder == Holder::Array));
        let list = self.read_one(&lists)?;
        let Kind::List { len, exact, .. } = list.kind else { return None };
        let item = self.name();
        let mark = self.scope.mark();
        self.bind(&item, if array { Kind::Float } else { Kind::FloatRef }, list.bound);
        let e = self.lambda(|g| g.float_below(2, 4.0));
        self.scope.leave(mark);
        let (ty, end) = if array { ("", "") } else { (": Vec<f64>", ".collect()") };
        let text = format!("{}.{method}(|{item}| {}){end}", list.name, e.sure());
        Some(Made { text, ty: ty.to_string(), len, exact, holder, bound: e.bound })
    }

    /// One of these, which is read.
    pub fn read_one(&mut self, ids: &[Id]) -> Option<Variable> {
        let id = (!ids.is_empty()).then(|| self.rng.pick(ids))?;
        Some(self.scope.read(id).clone())
    }

    /// An expression in a closure of its own, that nothing leaves and that changes nothing.
    pub fn lambda<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        let pure = std::mem::replace(&mut self.scope.pure, true);
        let returns = self.returns.take();
        let targets = std::mem::take(&mut self.targets);
        let result = make(self);
        self.targets = targets;
        self.returns = returns;
        self.scope.pure = pure;
        result
    }

    pub fn new_matrix(&mut self) -> String {
        let (rows, columns) = (self.rng.between(2, 3), self.rng.between(2, 3));
        let e = self.float_below(1, 4.0);
        let name = self.name();
        let (code, holder, mut bound) = match self.rng.below(if self.has(Form::Vecs) { 3 } else { 2 }) {
            0 => (format!("[[{}; {columns}]; {rows}]", e.sure()), Holder::Array, e.bound),
            1 => {
                let mut bound = e.bound;
                let mut row = |g: &mut Self| {
                    let items: Vec<String> = (0..columns)
                        .map(|_| {
                            let e = g.float_below(1, 4.0);
                            bound = bound.max(e.bound);
                            e.sure()
                        })
                        .collect();
                    format!("[{}]", items.join(", "))
                };
                let list: Vec<String> = (0..rows).map(|_| row(self)).collect();
                (format!("[{}]", list.join(", ")), Holder::Array, bound)
            }
            _ => (format!("vec![vec![{}; {columns}]; {rows}]", e.sure()), Holder::Vec, e.bound),
        };
        bound += 2.0;
        let kind = Kind::Matrix { rows, columns, holder };
        self.scope.declare(Variable { name: name.clone(), kind, mutable: true, bound, slack: 2.0, typed: true });
        format!("let mut {name} = {code};\n")
    }

    /// A change of a whole list, or of several elements.
    pub fn write_list(&mut self) -> String {
        let ids = self.scope.writable(|v| matches!(v.kind, Kind::List { .. }));
        if ids.is_empty() {
            return String::new();
        }
        let id = self.rng.pick(&ids);
        self.scope.read(id);
        let variable = self.scope.write(id).clone();
        let (name, base) = (&variable.name, variable.bound - variable.slack);
        let Kind::List { len, holder, .. } = variable.kind else { return String::new() };
        match self.rng.below(7) {
            0 | 1 => format!("{name}.swap({}, {});\n", self.index(len), self.index(len)),
            2 => {
                let locked = self.scope.mark();
                let e = self.float_below(1, base);
                self.scope.leave(locked);
                // Its own elements cannot be read meanwhile.
                if e.code.contains(name.as_str()) { String::new() } else { format!("{name}.fill({});\n", e.sure()) }
            }
            3 if self.has(Form::Views) => {
                let others = self.scope.readable(|v| {
                    v.name != *name && v.bound <= base && matches!(v.kind, Kind::List { len: n, .. } if n >= 2)
                });
                if others.is_empty() {
                    return String::new();
                }
                let id = self.rng.pick(&others);
                let other = self.scope.read(id).clone();
                format!("{name}[..2].copy_from_slice(&{}[..2]);\n", other.name)
            }
            _ if holder == Holder::Vec => {
                let e = self.float_below(2, base);
                if let Kind::List { exact, .. } = &mut self.scope.variables[id].kind {
                    *exact = false;
                }
                format!("let pushed = {};\n{name}.push(pushed);\n", e.sure())
            }
            _ => {
                let i = self.index(len);
                let j = self.index(len);
                format!("{name}[{i}] = {name}[{j}];\n")
            }
        }
    }
}
