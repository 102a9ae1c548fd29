//! `Vec`s that grow and shrink, in loops and out of them, with exits between. Of these nothing but a least length is known.

use super::Generator;
use super::scope::{Holder, Kind, Variable};

impl Generator {
    /// One begins, or changes its length.
    pub fn vector(&mut self) -> String {
        let grows = |v: &Variable| matches!(v.kind, Kind::List { exact: false, holder: Holder::Vec, .. });
        let ids = self.scope.writable(grows);
        if ids.is_empty() || self.rng.chance(12) {
            return self.new_vector();
        }
        let id = self.rng.pick(&ids);
        self.scope.read(id);
        let v = self.scope.write(id).clone();
        let Kind::List { len, .. } = v.kind else { return String::new() };
        let (name, base) = (v.name, v.bound - v.slack);
        // What is pushed reads nothing of the same list while it is borrowed.
        let item = |g: &mut Self| {
            let mark = g.scope.mark();
            let e = g.float_below(2, base);
            g.scope.leave(mark);
            (!e.code.contains(name.as_str())).then(|| e.sure())
        };
        let first = item(self);
        let second = item(self);
        let (Some(a), Some(b)) = (first, second) else { return format!("{name}.push(0.25);\n") };
        let k = self.index(len);
        match self.rng.below(20) {
            0 | 1 => format!("{name}.push({a});\n"),
            2 => format!("{name}.push({a});\n{name}.push({b});\n"),
            3 => format!("if {name}.len() > {len} {{ {name}.pop(); }}\n"),
            4 => format!("{name}.truncate({});\n", len + self.rng.below(2)),
            5 => format!("{name}.extend([{a}, {b}]);\n"),
            6 => format!("{name}.extend_from_slice(&[{a}, {b}]);\n"),
            7 => {
                let condition = self.condition(0);
                let exit = self.exit().unwrap_or_else(|| format!("{name}.push({b});"));
                format!("{name}.push({a});\nif {condition} {{ {exit} }}\n")
            }
            8 => format!("let ending = {name}.len() - 1;\n{name}.swap({k}, ending);\n"),
            9 => {
                let got = self.name();
                let code = format!("{name}.push({a});\nlet {got} = {name}.pop().unwrap_or({b});\n");
                if got == name {
                    return String::new();
                }
                self.bind(&got, Kind::Float, v.bound);
                code
            }
            10 => {
                let got = self.name();
                if got == name {
                    return String::new();
                }
                self.bind(&got, Kind::Float, v.bound);
                format!("let {got} = if {name}.len() > {len} {{ {name}.pop().unwrap() }} else {{ {b} }};\n")
            }
            11 => format!(
                "while {name}.len() > {} {{ let end = {name}.pop().unwrap(); {name}[{k}] = 0.5 * end.sin(); }}\n",
                len + 1
            ),
            12 => format!("{name}.insert({k}, {a});\n"),
            13 => format!("if {name}.len() > {len} {{ {name}.remove(0); }}\n"),
            14 => format!("{name}.resize({}, {a});\n", len + self.rng.below(3)),
            15 => format!("for i in 0..{name}.len() {{ if {name}[i] > 0.9 {{ {name}.push({a}); break; }} }}\n"),
            16 => format!("if let Some(end) = {name}.last_mut() {{ *end = 0.5 * end.sin(); }}\n"),
            17 => format!("{name}.reverse();\n"),
            18 => format!("{name}.rotate_left(1);\n"),
            _ => format!("let taken = {name}.swap_remove({k});\n{name}.push(0.5 * taken.cos());\n"),
        }
    }

    fn new_vector(&mut self) -> String {
        let (a, b) = (self.float_below(2, 3.0), self.float_below(2, 3.0));
        let name = self.name();
        let kind = Kind::List { len: 2, exact: false, holder: Holder::Vec };
        let bound = a.bound.max(b.bound).max(1.0) + 2.0;
        self.scope.declare(Variable { name: name.clone(), kind, mutable: true, bound, slack: 2.0, typed: true });
        match self.rng.below(4) {
            0 | 1 => format!("let mut {name} = vec![{}, {}];\n", a.sure(), b.sure()),
            2 => format!("let mut {name} = vec![{}; 3];\n", a.sure()),
            _ => {
                let code = format!("{}{}", a.code, b.code);
                let ty = self.rng.pick(&["", ": Vec<f64>"]);
                if code.contains(&name) {
                    return format!("let mut {name} = vec![{}, {}];\n", a.sure(), b.sure());
                }
                format!("let mut {name}{ty} = Vec::new();\n{name}.push({});\n{name}.push({});\n", a.sure(), b.sure())
            }
        }
    }
}
