//! Floats of another type: variables, lists and parameters that are `f32`, and conversions.

use super::Generator;
use super::scope::{Kind, Variable};
use super::text::{Level, Text};

impl Generator {
    /// A number that was an `f32` on its way.
    pub fn converted(&mut self, depth: usize) -> Text {
        let e = self.single(depth);
        let code = match self.rng.below(2) {
            0 => format!("f64::from({})", e.code),
            _ => format!("({} as f64)", e.at(Level::Atom)),
        };
        Text::atom(code, e.bound)
    }

    /// An `f32`. What it consists of says so.
    fn single(&mut self, depth: usize) -> Text {
        let ids = self.scope.readable(|v| matches!(v.kind, Kind::Single | Kind::Singles(_)));
        let way = if depth == 0 { self.rng.below(4) } else { self.rng.below(10) };
        match way {
            0..=2 if !ids.is_empty() => {
                let id = self.rng.pick(&ids);
                let Variable { name, kind, bound, .. } = self.scope.read(id).clone();
                match kind {
                    Kind::Singles(len) => Text::atom(format!("{name}[{}]", self.index(len)), bound),
                    _ => Text::atom(name, bound),
                }
            }
            0..=2 => {
                let e = self.variable_or_element();
                Text::atom(format!("({} as f32)", e.at(Level::Unary)), e.bound)
            }
            3 => Text::atom(format!("{:?}_f32", self.rng.number().abs()), 1.6),
            4 => {
                let e = self.float_below(depth - 1, 8.0);
                Text::atom(format!("({} as f32)", e.at(Level::Unary)), e.bound)
            }
            5 | 6 => {
                let (a, b) = (self.single(depth - 1), self.single(depth - 1));
                let operator = self.rng.pick(&["+", "-", "*", "*"]);
                let bound = if operator == "*" { a.bound * b.bound } else { a.bound + b.bound };
                let e = Text::atom(format!("({} {operator} {})", a.code, b.code), bound);
                self.within(e, 8.0)
            }
            7 => {
                let (a, b) = (self.single(depth - 1), self.single(0));
                Text::atom(format!("({} / ({}.powi(2) + 0.6))", a.code, b.receiver()), a.bound * 2.0)
            }
            8 => {
                let (a, b) = (self.single(depth - 1), self.single(0));
                let name = self.rng.pick(&["max", "min", "atan2"]);
                let b = if name == "atan2" { Text::atom(format!("({}.abs() + 0.5)", b.receiver()), 9.0) } else { b };
                a.method(name, &[&b], a.bound.max(b.bound))
            }
            _ => {
                let e = self.single(depth - 1);
                let name = self.rng.pick(&["sin", "cos", "tanh", "atan"]);
                e.method(name, &[], 1.6)
            }
        }
    }

    /// A variable or a list of these begins, or changes.
    pub fn width(&mut self) -> String {
        let ids = self.scope.writable(|v| matches!(v.kind, Kind::Single | Kind::Singles(_)));
        if ids.is_empty() || self.rng.chance(35) {
            return self.new_single();
        }
        let id = self.rng.pick(&ids);
        self.scope.read(id);
        let Variable { name, kind, .. } = self.scope.write(id).clone();
        let to = if let Kind::Singles(len) = kind { format!("{name}[{}]", self.index(len)) } else { name };
        let e = self.single(2);
        let small = self.within(e, 1.0).code;
        match self.rng.below(5) {
            0 => format!("{to} *= {small};\n"),
            1 => format!("{to} += {small};\n{to} = ({to} * 0.5).sin();\n"),
            2 => format!("{to} = {to} * 0.5 - {small};\n{to} = {to}.tanh();\n"),
            _ => format!("{to} = {small};\n"),
        }
    }

    fn new_single(&mut self) -> String {
        let mutable = self.rng.chance(60);
        let e = self.single(2);
        let e = self.within(e, 4.0);
        let keyword = if mutable { "let mut" } else { "let" };
        let list = self.rng.chance(30);
        let other = self.single(1);
        let other = self.within(other, 4.0);
        let name = self.name();
        let kind = if list { Kind::Singles(2) } else { Kind::Single };
        let bound = if list { e.bound.max(other.bound) } else { e.bound }.max(1.0);
        self.scope.declare(Variable { name: name.clone(), kind, mutable, bound, slack: 0.0, typed: true });
        if list {
            let open = self.rng.pick(&["", "vec!"]);
            return format!("{keyword} {name} = {open}[{}, {}];\n", e.code, other.code);
        }
        match self.rng.below(3) {
            0 => format!("{keyword} {name}: f32 = {};\n", e.code),
            _ => format!("{keyword} {name} = {};\n", e.code),
        }
    }
}
