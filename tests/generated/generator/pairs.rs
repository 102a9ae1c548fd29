//! Lists of tuples, loops and chains over them, and longer chains over lists of numbers.

use super::Generator;
use super::scope::{Kind, Lock, Variable};
use std::fmt::Write as _;

impl Generator {
    /// A list of tuples begins, or is gone through.
    pub fn pairs(&mut self, depth: usize) -> String {
        let ids = self.scope.readable(|v| matches!(v.kind, Kind::Pairs { .. }));
        if self.rng.chance(30) {
            return self.beside_data(depth);
        }
        if ids.is_empty() || self.rng.chance(20) {
            return self.new_pairs();
        }
        let id = self.rng.pick(&ids);
        let pairs = self.scope.read(id).clone();
        let Kind::Pairs { index, vec } = pairs.kind else { return String::new() };
        let of = pairs.name;
        if vec && !self.scope.writable(|v| v.name == of).is_empty() && self.rng.chance(15) {
            let e = self.float_below(1, pairs.bound);
            self.scope.write(id);
            let k = self.rng.below(3);
            let second = if index { k.to_string() } else { self.literal().sure() };
            return if e.code.contains(&of) {
                String::new()
            } else {
                format!("{of}.push(({}, {second}));\n", e.sure())
            };
        }
        if self.rng.chance(40) {
            return self.sum_of_pairs(&of, index, pairs.bound);
        }
        let mark = self.scope.mark();
        self.scope.lock(id, Lock::Write);
        let (a, mut k) = ("first".to_string(), "second".to_string());
        let way = self.rng.below(7);
        let owned = matches!(way, 1 | 2 | 5);
        self.bind(&a, if owned { Kind::Float } else { Kind::FloatRef }, pairs.bound);
        let mut begin = String::new();
        if index && owned {
            self.bind(&k, Kind::Index(3), 0.0);
        } else if index {
            k = "told".to_string();
            self.bind("kind", Kind::Index(3), 0.0);
            let _ = writeln!(begin, "let kind = *{k};");
        } else {
            self.bind(&k, if owned { Kind::Float } else { Kind::FloatRef }, pairs.bound);
        }
        let head = match way {
            0 => format!("({a}, {k}) in {of}.iter()"),
            1 => format!("&({a}, {k}) in {of}.iter()"),
            2 => format!("&({a}, {k}) in &{of}"),
            3 => format!("({a}, {k}) in &{of}"),
            4 => format!("(at, ({a}, {k})) in {of}.iter().enumerate()"),
            5 => format!("({a}, {k}) in {of}.iter().copied().rev()"),
            _ => format!("({a}, {k}) in {of}.iter().skip(1)"),
        };
        let body = self.iterate(None, false, 5.0, depth);
        self.scope.leave(mark);
        format!("for {head} {{\n{begin}{body}\n}}\n")
    }

    /// A list of numbers and data, written where it is gone through.
    fn beside_data(&mut self, depth: usize) -> String {
        let mut bound: f64 = 0.0;
        let mut items = Vec::new();
        for k in 0..self.rng.between(2, 3) {
            let e = self.variable_or_element();
            bound = bound.max(e.bound);
            items.push(format!("({}, {}_usize)", e.sure(), (k + 1) % 3));
        }
        let list = items.join(", ");
        let mark = self.scope.mark();
        let way = self.rng.below(5);
        let owned = way < 3;
        self.bind("first", if owned { Kind::Float } else { Kind::FloatRef }, bound);
        self.bind(if owned { "second" } else { "kind" }, Kind::Index(3), 0.0);
        let head = match way {
            0 => format!("(first, second) in [{list}]"),
            1 => format!("&(first, second) in &[{list}]"),
            2 => format!("(at, &(first, second)) in [{list}].iter().enumerate()"),
            3 => format!("(first, told) in [{list}].iter()"),
            _ => format!("(first, told) in &[{list}]"),
        };
        let begin = if owned { "" } else { "let kind = *told;\n" };
        let body = self.iterate(None, false, 5.0, depth);
        self.scope.leave(mark);
        format!("for {head} {{\n{begin}{body}\n}}\n")
    }

    fn new_pairs(&mut self) -> String {
        let index = self.rng.chance(12);
        let n = self.rng.between(2, 3);
        let mut bound: f64 = 0.0;
        let mut items = Vec::new();
        for _ in 0..n {
            let e = self.float_below(2, 4.0);
            bound = bound.max(e.bound);
            let second = if index {
                format!("{}_usize", self.rng.below(3))
            } else {
                let e = self.float_below(1, 4.0);
                bound = bound.max(e.bound);
                e.sure()
            };
            items.push(format!("({}, {second})", e.sure()));
        }
        let vec = self.rng.chance(50);
        let mutable = vec && self.rng.chance(60);
        let name = self.name();
        let kind = Kind::Pairs { index, vec };
        self.scope.declare(Variable { name: name.clone(), kind, mutable, bound, slack: 0.0, typed: true });
        let (open, mutable) = (if vec { "vec!" } else { "" }, if mutable { "mut " } else { "" });
        format!("let {mutable}{name} = {open}[{}];\n", items.join(", "))
    }

    fn sum_of_pairs(&mut self, of: &str, index: bool, bound: f64) -> String {
        let name = self.name();
        let code = match (self.rng.below(5), index) {
            (0, true) => format!("{of}.iter().map(|(a, k)| a.sin() * *k as f64).sum::<f64>()"),
            (1, true) => format!("{of}.iter().map(|&(a, k)| a.powi(k as i32)).sum::<f64>().sin()"),
            (2, true) => format!("{of}.iter().filter(|(_, k)| *k > 0).map(|(a, _)| a.cos()).sum::<f64>()"),
            (3, true) => format!("{of}.iter().fold(0.0, |s, &(a, k)| if k == 1 {{ s + a }} else {{ 0.5 * s - a }})"),
            (_, true) => format!("{of}.iter().rev().map(|p| p.0.sin() + p.1 as f64).sum::<f64>()"),
            (0, _) => format!("{of}.iter().map(|(a, b)| a.sin() * b).sum::<f64>()"),
            (1, _) => format!("{of}.iter().map(|&(a, b)| a * b.cos()).sum::<f64>()"),
            (2, _) => format!("{of}.iter().filter(|(a, b)| a > b).map(|(a, b)| a - b).sum::<f64>()"),
            (3, _) => format!("{of}.iter().fold(0.0, |s, &(a, b)| s * b.sin() + a)"),
            (..) => format!("{of}.iter().zip({of}.iter().skip(1)).map(|(p, q)| p.0.sin() * q.1).sum::<f64>()"),
        };
        self.bind(&name, Kind::Float, 5.0 * bound + 10.0);
        format!("let {name} = {code};\n")
    }

    /// A number by a longer chain.
    pub fn longer_chain(&mut self) -> String {
        let ids = self.scope.readable(|v| matches!(v.kind, Kind::List { len: 2.., .. }) && v.bound <= 6.0);
        let (Some(one), Some(two)) = (self.read_one(&ids), self.read_one(&ids)) else { return String::new() };
        let (a, b) = (one.name, two.name);
        let mark = self.scope.mark();
        // What else is there, in the closures.
        let e = self.lambda(|g| g.float_below(1, 2.0)).sure();
        self.scope.leave(mark);
        let chains = [
            format!("{a}.chunks(2).map(|c| c.iter().map(|v| v * {e}).sum::<f64>().sin()).sum::<f64>()"),
            format!("{a}.chunks_exact(2).map(|c| c[0] * c[1]).sum::<f64>()"),
            format!("{a}.windows(2).map(|w| (w[1] - w[0]).powi(2) * {e}).sum::<f64>()"),
            format!("{a}.windows(2).enumerate().map(|(i, w)| w[0] * w[1].sin() * i as f64).sum::<f64>()"),
            format!("{a}.iter().rev().step_by(2).map(|v| v.sin()).sum::<f64>()"),
            format!("{a}.iter().step_by(2).rev().zip({b}.iter()).map(|(v, w)| v * w.cos()).sum::<f64>()"),
            format!(
                "{a}.iter().zip({b}.iter()).enumerate().map(|(i, (v, w))| if i % 2 == 0 {{ v * w }} else {{ v - {e} }}).sum::<f64>()"
            ),
            format!("{a}.iter().enumerate().rev().map(|(i, v)| v * (i as f64 + {e})).sum::<f64>()"),
            format!(
                "{a}.iter().zip({b}.iter().rev()).zip({a}.iter().skip(1)).map(|((p, q), r)| p * q - r).sum::<f64>()"
            ),
            format!("{a}.iter().take_while(|v| **v < 1.0).map(|v| v * {e}).sum::<f64>()"),
            format!("{a}.iter().skip_while(|v| **v < 0.0).map(|v| v.sin()).sum::<f64>()"),
            format!("{a}.iter().filter(|v| **v > 0.0).map(|v| v.sqrt()).sum::<f64>()"),
            format!("{a}.iter().scan(0.5, |s, v| {{ *s = 0.5 * *s + v.sin(); Some(*s) }}).sum::<f64>()"),
            format!("{a}.iter().flat_map(|v| [v.sin(), v * {e}]).sum::<f64>()"),
            format!("{a}.iter().chain({b}.iter()).map(|v| v.tanh() * {e}).sum::<f64>()"),
            format!("{a}.iter().map(|v| v.sin()).rev().fold({e}, |s, v| 0.5 * s * v + v)"),
            format!("{a}.iter().copied().reduce(|p, q| (0.5 * p + q).sin()).unwrap_or(0.0)"),
            format!("{a}.iter().copied().fold(f64::NEG_INFINITY, f64::max) * {e}"),
            format!("{a}.iter().max_by(|p, q| p.total_cmp(q)).copied().unwrap_or(0.0)"),
            format!("{a}.split(|v| *v > 1.0).map(|c| c.iter().sum::<f64>().sin()).sum::<f64>()"),
            format!("{a}.iter().map(|v| {b}.iter().map(|w| (v - w).cos()).sum::<f64>()).sum::<f64>()"),
            format!("{a}.chunks(2).zip({b}.windows(2)).map(|(c, w)| c[0] * (w[1] - w[0])).sum::<f64>()"),
            format!("{a}.rchunks(2).map(|c| c[0].sin()).sum::<f64>()"),
            format!("(0..{a}.len()).rev().step_by(2).map(|i| {a}[i] * {e}).sum::<f64>()"),
            format!(
                "(0..2).flat_map(|i| (0..2).map(move |j| (i, j))).map(|(i, j)| {a}[i] * {b}[j].sin()).sum::<f64>()"
            ),
            format!("{a}.iter().position(|v| *v > 0.3).map_or({e}, |i| {a}[i].sin())"),
            format!("{a}.iter().find(|v| **v > 0.2).copied().unwrap_or({e})"),
            format!("{a}.iter().skip(1).fold(({a}[0], 0.0), |(m, s), v| (m.max(*v), s + v * m.sin())).1"),
            format!("{a}.first().zip({b}.last()).map_or(0.0, |(p, q)| p * q.sin())"),
        ];
        let code = self.rng.pick(&chains);
        let name = self.name();
        self.bind(&name, Kind::Float, 1.0);
        format!("let {name} = ({code}).sin();\n")
    }
}
