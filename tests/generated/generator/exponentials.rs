//! Logarithms of sums of exponentials, and weights by exponentials, in the ways they are written: shifted by a maximum, by
//! something else, or not; written out, in chains, in loops, by an array. Some are off by a little, so that they are none.

use super::Generator;
use super::scope::{Id, Kind, Variable};
use std::fmt::Write as _;

/// What exponents are multiplied with, so that some sums are beyond what a number holds but for the shift.
const SCALES: [f64; 6] = [1.0, 1.0, 1.0, 0.3, 20.0, 80.0];

/// The list that is summed over.
struct Over {
    name: String,
    /// What stands before each element: nothing, or a factor.
    scale: String,
    /// What no exponent is beyond.
    largest: f64,
}

impl Generator {
    pub fn exponentials(&mut self) -> String {
        let ids = self.scope.readable(|v| matches!(v.kind, Kind::List { len: 1.., .. }) && v.bound <= 4.0);
        if ids.is_empty() || self.rng.chance(25) {
            return self.written_out();
        }
        let id: Id = self.rng.pick(&ids);
        let list = self.scope.read(id).clone();
        let scale = self.rng.pick(&SCALES);
        let over = Over {
            name: list.name,
            scale: if scale == 1.0 { String::new() } else { format!("{scale:?} * ") },
            largest: scale * list.bound,
        };
        if self.rng.chance(30) { self.softmax(&over) } else { self.log_sum(&over) }
    }

    /// Declares the result, which is at most this before it is made small.
    fn result(&mut self, code: &str, largest: f64) -> String {
        let name = self.name();
        let factor = if largest > 20.0 { 0.01 } else { 0.25 };
        self.bind(&name, Kind::Float, largest * factor + 1.0);
        format!("let {name} = {factor:?} * ({code});\n")
    }

    /// What finds a shift, and the shift. All names in it end in a number, so that none is another's.
    fn shift(&mut self, over: &Over) -> (String, String) {
        let Over { name, scale, .. } = over;
        self.labels += 1;
        let m = format!("top{}", self.labels);
        let scaled = |item: &str| format!("{scale}{item}");
        let declared = match self.rng.below(9) {
            0 => format!("let {m} = {scale}{name}.iter().copied().fold(f64::NEG_INFINITY, f64::max);\n"),
            1 => format!("let {m} = {name}.iter().fold(f64::NEG_INFINITY, |a, &b| a.max({}));\n", scaled("b")),
            2 => format!(
                "let mut {m} = {};\nfor e in {name}.iter() {{ if {} > {m} {{ {m} = {}; }} }}\n",
                scaled(&format!("{name}[0]")),
                scaled("*e"),
                scaled("*e")
            ),
            3 => format!(
                "let mut {m} = {};\nfor i in 1..{name}.len() {{ {m} = {m}.max({}); }}\n",
                scaled(&format!("{name}[0]")),
                scaled(&format!("{name}[i]"))
            ),
            4 => format!("let {m} = {};\n", scaled(&format!("{name}[0]"))),
            5 => format!("let {m} = {scale}{name}.iter().sum::<f64>() / {name}.len() as f64;\n"),
            6 => format!("let {m} = {name}.iter().map(|v| {}).fold(-3.0, f64::max);\n", scaled("*v")),
            // Not one of the exponents.
            7 => {
                let e = self.float_below(1, 2.0);
                format!("let {m} = {};\n", e.sure())
            }
            _ => format!("let {m} = {scale}{name}.iter().copied().fold(f64::INFINITY, f64::min);\n"),
        };
        (declared, m)
    }

    fn log_sum(&mut self, over: &Over) -> String {
        let Over { name, scale, largest } = over;
        let (shift, m) = if self.rng.chance(70) { self.shift(over) } else { (String::new(), String::new()) };
        self.labels += 1;
        let sum = format!("sum{}", self.labels);
        let shifted = !m.is_empty();
        // The least of several is no shift where exponents are large.
        if *largest > 200.0 && (shift.contains("min") || !shifted) {
            return String::new();
        }
        let weight = match self.rng.below(6) {
            0 => "0.5 * ".to_string(),
            1 => format!("{}.abs() * ", self.variable_or_literal()),
            _ => String::new(),
        };
        let positive = weight.contains("abs");
        let weight = if positive { format!("(0.1 + {}) * ", weight.trim_end_matches(" * ")) } else { weight };
        let term = |item: &str| {
            if shifted {
                format!("{weight}({scale}{item} - {m}).exp()")
            } else {
                format!("{weight}({scale}{item}).exp()")
            }
        };
        let code = match self.rng.below(6) {
            0 => format!("let {sum}: f64 = {name}.iter().map(|e| {}).sum();\n", term("*e")),
            1 => format!("let {sum} = {name}.iter().map(|&e| {}).sum::<f64>();\n", term("e")),
            2 => format!("let mut {sum} = 0.0;\nfor e in {name}.iter() {{ {sum} += {}; }}\n", term("*e")),
            3 => format!(
                "let mut {sum} = 0.0;\nfor i in 0..{name}.len() {{ {sum} = {sum} + {}; }}\n",
                term(&format!("{name}[i]"))
            ),
            4 => format!("let {sum} = {name}.iter().fold(0.0, |acc, e| acc + {});\n", term("*e")),
            _ => format!(
                "let mut {sum} = {};\nfor e in {name}.iter().skip(1) {{ {sum} += {}; }}\n",
                term(&format!("{name}[0]")),
                term("*e")
            ),
        };
        let logarithm = self.rng.pick(&["ln()", "ln()", "ln()", "log2()", "log10()"]);
        let ln = format!("{sum}.{logarithm}");
        let back = if shifted {
            match self.rng.below(9) {
                0..=2 => format!("{m} + {ln}"),
                3 => format!("{ln} + {m}"),
                4 => format!("{m} - ({scale}{name}[0] - {ln})"),
                // Off by a little.
                5 => format!("0.9 * {m} + {ln}"),
                6 => ln,
                7 => format!("{m} - {ln}"),
                _ => format!("{m} + {ln} + 0.1 * {m} * {sum}.ln()"),
            }
        } else {
            ln
        };
        let result = self.result(&back, largest * 3.0 + 6.0);
        // What is in between is read once more.
        let again = match self.rng.below(6) {
            0 if shifted => self.result(&format!("{m} * 0.1"), *largest),
            1 => self.result(&format!("({sum}.ln()).tanh()"), 1.0),
            _ => String::new(),
        };
        format!("{shift}{code}{result}{again}")
    }

    fn softmax(&mut self, over: &Over) -> String {
        let Over { name, scale, largest } = over;
        let (shift, m) = if self.rng.chance(75) { self.shift(over) } else { (String::new(), String::new()) };
        if *largest > 200.0 && (shift.contains("min") || m.is_empty()) {
            return String::new();
        }
        self.labels += 1;
        let (e, sum) = (format!("weights{}", self.labels), format!("sum{}", self.labels));
        let less = if m.is_empty() { String::new() } else { format!(" - {m}") };
        let made = match self.rng.below(4) {
            0 => format!("let {e}: Vec<f64> = {name}.iter().map(|v| ({scale}*v{less}).exp()).collect();\n"),
            1 => format!(
                "let mut {e} = vec![0.0; {name}.len()];\nfor i in 0..{name}.len() {{ {e}[i] = ({scale}{name}[i]{less}).exp(); }}\n"
            ),
            2 => {
                format!("let mut {e} = {name}.to_vec();\nfor w in {e}.iter_mut() {{ *w = ({scale}*w{less}).exp(); }}\n")
            }
            _ => {
                format!("let mut {e} = Vec::new();\nfor v in {name}.iter() {{ {e}.push(({scale}*v{less}).exp()); }}\n")
            }
        };
        let total = match self.rng.below(3) {
            0 => format!("let {sum}: f64 = {e}.iter().sum();\n"),
            1 => format!("let {sum} = {e}.iter().sum::<f64>();\n"),
            _ => format!("let mut {sum} = 0.0;\nfor w in {e}.iter() {{ {sum} += w; }}\n"),
        };
        if self.rng.chance(30) {
            // The list stays, as weights.
            let result = self.name();
            let kind = Kind::List { len: 1, exact: false, holder: super::scope::Holder::Vec };
            self.scope.declare(Variable {
                name: result.clone(),
                kind,
                mutable: false,
                bound: 1.0,
                slack: 0.0,
                typed: true,
            });
            return format!("{shift}{made}{total}let {result}: Vec<f64> = {e}.iter().map(|w| w / {sum}).collect();\n");
        }
        let kept = match self.rng.below(5) {
            0 => format!("{e}.iter().zip({name}.iter()).map(|(w, v)| w / {sum} * v).sum::<f64>()"),
            1 => format!("{e}[0] / {sum}"),
            2 => format!("-({e}[0] / {sum}).ln()"),
            3 => format!("{sum}.ln() - {scale}{name}[0]"),
            _ => format!("{e}.iter().map(|w| w / {sum}).map(|q| q * q.max(1e-300).ln()).sum::<f64>()"),
        };
        let result = self.result(&kept, largest * 4.0 + 8.0);
        format!("{shift}{made}{total}{result}")
    }

    /// Of two or three numbers.
    fn written_out(&mut self) -> String {
        self.labels += 1;
        let k = self.labels;
        let three = self.rng.chance(30);
        let scale = self.rng.pick(&SCALES);
        let mut code = String::new();
        let names: Vec<String> = (0..if three { 3 } else { 2 }).map(|i| format!("term{k}_{i}")).collect();
        for name in &names {
            let e = self.float_below(1, 2.0);
            let _ = writeln!(code, "let {name}: f64 = {scale:?} * {};", e.at(super::text::Level::Unary));
        }
        let (a, b) = (&names[0], &names[1]);
        let m = match self.rng.below(7) {
            0 => format!("{a}.max({b})"),
            1 => format!("if {a} > {b} {{ {a} }} else {{ {b} }}"),
            2 => a.clone(),
            3 => format!("0.5 * ({a} + {b})"),
            4 => format!("f64::max({b}, {a})"),
            5 => "1.5".to_string(),
            _ => String::new(),
        };
        let mut less = String::new();
        if !m.is_empty() {
            let _ = writeln!(code, "let top{k} = {m};");
            less = format!(" - top{k}");
        }
        let exp = |x: &String| format!("({x}{less}).exp()");
        let sum = names.iter().map(exp).collect::<Vec<_>>().join(" + ");
        let sum = match self.rng.below(4) {
            0 => format!("1.0 + {sum}"),
            1 => format!("2.0 * {sum}"),
            _ => sum,
        };
        let back = match self.rng.below(5) {
            _ if less.is_empty() => format!("({sum}).ln()"),
            0 | 1 => format!("top{k} + ({sum}).ln()"),
            2 => format!("({sum}).ln() + top{k}"),
            3 => format!("({sum}).ln() - {a} + top{k}"),
            _ => format!("({sum}).ln() * 0.7 + top{k}"),
        };
        let back = match self.rng.below(6) {
            0 => format!("{} / ({sum})", exp(a)),
            _ => back,
        };
        code + &self.result(&back, scale * 8.0 + 4.0)
    }
}
