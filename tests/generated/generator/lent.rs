//! Functions that change what they are lent, a number or a list: lent on by its name, a variable, an element, a row, a part.

use super::scope::{Holder, Id, Kind, Lock, Variable};
use super::text::Level;
use super::{Form, Function, Generator, Helper, Outcome};

/// What is lent is below this, and below 1 when it comes back.
const LENT: f64 = 10.0;

impl Generator {
    /// The text of such a function. Its parameters are those of others, and `out`.
    pub fn helper_that_is_lent(
        &mut self,
        helper: &Helper,
        mut parameters: Vec<String>,
        first: &str,
        list: bool,
        number: bool,
    ) -> Function {
        self.returns = None;
        let kind = if list { Kind::List { len: 2, exact: false, holder: Holder::SliceMut } } else { Kind::FloatMut };
        let name = "out".to_string();
        self.scope.declare(Variable { name, kind, mutable: true, bound: LENT, slack: 2.0, typed: true });
        let body = self.body();
        let tail = self.tail();
        let sum = tail.at(Level::Sum);
        let back = match (list, self.rng.below(3)) {
            (true, 0) => "for v in out.iter_mut() { *v = (*v + end).sin(); }",
            (true, 1) => "for i in 0..out.len() { out[i] = (out[i] * end).sin(); }\nout.swap(0, 1);",
            (true, _) => "out[0] = end;\nfor i in 1..out.len() { out[i] = (out[i] + out[i - 1]).cos(); }",
            (false, 0) => "*out = (*out + end).sin();",
            (false, 1) => "*out *= end;\n*out = out.tanh();",
            (false, _) => "*out = 0.5 * end + out.sin() * 0.5;",
        };
        let out = if list { "out: &mut [f64]" } else { "out: &mut f64" }.to_string();
        parameters.insert(if helper.leads { 0 } else { parameters.len() }, out);
        let (ty, result) = if number { (" -> f64", "\nend + begin") } else { ("", "") };
        let source = format!(
            "fn {}({}){ty} {{\nlet begin = {first}.sin();\n{body}let end = ({sum} + begin).sin();\n{back}{result}\n}}",
            helper.name,
            parameters.join(", ")
        );
        let kinds = if number { "gradient, jvp" } else { "jvp" };
        Function { wrt: None, calls: self.calls(), points: Vec::new(), kinds, method: false, source }
    }

    /// A call of one.
    pub fn lent(&mut self) -> String {
        let fits = |h: &Helper| matches!(h.outcome, Outcome::Lent { .. });
        let others: Vec<usize> = (0..self.helpers.len()).filter(|&k| fits(&self.helpers[k])).collect();
        if others.is_empty() {
            return self.assign();
        }
        let helper = self.helpers[self.rng.pick(&others)].clone();
        let Outcome::Lent { list, number } = helper.outcome else { return String::new() };
        let Some((id, place)) = self.place(list, number) else { return self.new_float(true) };
        let mark = self.scope.mark();
        // What is behind it is evaluated while it is lent.
        if helper.leads || helper.slice {
            self.scope.lock(id, Lock::ReadAndWrite);
        }
        let mut arguments = Vec::new();
        if helper.slice {
            let Some(list) = self.whole_list(2) else {
                self.scope.leave(mark);
                return String::new();
            };
            arguments.push(list);
        }
        for i in 0..helper.floats {
            arguments.push(self.argument(&helper, i, 1));
        }
        self.scope.leave(mark);
        arguments.insert(if helper.leads { 0 } else { arguments.len() }, place);
        self.called.push(helper.name.clone());
        let call = format!("{}({})", helper.name, arguments.join(", "));
        if !number || self.rng.chance(20) {
            return format!("{call};\n");
        }
        let name = self.name();
        self.bind(&name, Kind::Float, 2.0);
        format!("let {name} = {call};\n")
    }

    /// Something to lend, to a function whose value is used or not, with `&mut` where it is no reference.
    fn place(&mut self, list: bool, number: bool) -> Option<(Id, String)> {
        let fits = |v: &Variable| {
            let kind = match v.kind {
                Kind::List { len: 2.., .. } | Kind::Matrix { .. } => true,
                Kind::Float | Kind::FloatMut | Kind::Cell => !list,
                _ => false,
            };
            kind && v.bound <= LENT && v.bound - v.slack >= 1.0
        };
        let ids = self.scope.writable(fits);
        if ids.is_empty() {
            return None;
        }
        let id = self.rng.pick(&ids);
        self.scope.read(id);
        let Variable { name, kind, .. } = self.scope.write(id).clone();
        let place = match kind {
            Kind::List { len, holder, .. } if list => match self.rng.below(if self.has(Form::Views) { 6 } else { 3 }) {
                3 if len > 2 => format!("&mut {name}[1..]"),
                4 => format!("&mut {name}[..2]"),
                5 => format!("&mut {name}[..]"),
                _ if holder == Holder::SliceMut && number => format!("&mut *{name}"),
                _ if holder == Holder::SliceMut => name,
                _ => format!("&mut {name}"),
            },
            Kind::List { len, .. } => format!("&mut {name}[{}]", self.index(len)),
            Kind::Matrix { rows, .. } if list => format!("&mut {name}[{}]", self.index(rows)),
            Kind::Matrix { rows, columns, .. } => format!("&mut {name}[{}][{}]", self.index(rows), self.index(columns)),
            Kind::Cell => format!("&mut {}", self.member(&name, 0.0).code),
            Kind::FloatMut if !number && self.rng.chance(70) => name,
            Kind::FloatMut => format!("&mut *{name}"),
            _ => format!("&mut {name}"),
        };
        Some((id, place))
    }
}
