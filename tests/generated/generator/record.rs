//! Structs: `crate::shapes::Cell`, with a number and an array of two. Over dual numbers it is one of these.

use super::Generator;
use super::scope::{Kind, Variable};
use super::text::{Level, Text};

impl Generator {
    /// A struct begins: by a literal, as a copy, or as another one with a new number.
    pub fn record(&mut self) -> String {
        let cells = self.scope.readable(|v| v.kind == Kind::Cell);
        let other = if self.rng.chance(50) { self.read_one(&cells) } else { None };
        let way = self.rng.below(4);
        let e = self.float_below(2, 4.0);
        let (code, bound) = match other {
            Some(cell) if way == 0 => (cell.name, cell.bound),
            Some(cell) if way == 1 => (format!("{}.clone()", cell.name), cell.bound),
            Some(cell) => {
                (format!("crate::shapes::Cell {{ k: {}, ..{} }}", e.sure(), cell.name), cell.bound.max(e.bound))
            }
            None => {
                let (a, b) = (self.float_below(1, 4.0), self.float_below(2, 4.0));
                let bound = e.bound.max(a.bound).max(b.bound);
                let w = format!("[{}, {}]", a.sure(), b.sure());
                // In either order.
                let code = if way < 2 {
                    format!("crate::shapes::Cell {{ k: {}, w: {w} }}", e.sure())
                } else {
                    format!("crate::shapes::Cell {{ w: {w}, k: {} }}", e.sure())
                };
                (code, bound)
            }
        };
        let mutable = self.rng.chance(70);
        let slack = if mutable { 2.0 } else { 0.0 };
        let name = self.name();
        let bound = bound + slack;
        self.scope.declare(Variable { name: name.clone(), kind: Kind::Cell, mutable, bound, slack, typed: true });
        format!("let {}{name} = {code};\n", if mutable { "mut " } else { "" })
    }

    /// A struct is assigned as a whole, or taken apart.
    pub fn whole_record(&mut self) -> String {
        let cells = self.scope.readable(|v| v.kind == Kind::Cell);
        let Some(from) = self.read_one(&cells) else { return self.record() };
        let targets = self.scope.writable(|v| v.kind == Kind::Cell && v.bound - v.slack >= from.bound);
        if !targets.is_empty() && self.rng.chance(60) {
            let id = self.rng.pick(&targets);
            self.scope.read(id);
            let to = self.scope.write(id).name.clone();
            return format!("{to} = {};\n", from.name);
        }
        let (k, w) = (self.name(), self.name());
        if k == w {
            return String::new();
        }
        let bind = |name: &str, kind: Kind| Variable {
            name: name.to_string(),
            kind,
            mutable: false,
            bound: from.bound,
            slack: 0.0,
            typed: true,
        };
        self.scope.declare(bind(&k, Kind::Float));
        self.scope.declare(bind(&w, Kind::List { len: 2, exact: true, holder: super::scope::Holder::Array }));
        format!("let crate::shapes::Cell {{ k: {k}, w: {w} }} = {};\n", from.name)
    }

    /// A number in a struct.
    pub fn member(&mut self, name: &str, bound: f64) -> Text {
        let code = if self.rng.chance(50) { format!("{name}.k") } else { format!("{name}.w[{}]", self.index(2)) };
        Text::new(code, Level::Atom, bound)
    }
}
