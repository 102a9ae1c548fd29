//! Statements.

use super::scope::{Id, Kind, Variable};
use super::text::{Level, Text};
use super::{Form, Generator, parameter};
use std::fmt::Write as _;

#[derive(Clone, Copy)]
enum Statement {
    Let,
    LetMut,
    Assign,
    Branch,
    Exit,
    Match,
    Option,
    For,
    While,
    Loop,
    Labelled,
    Late,
    NewList,
    NewMatrix,
    WriteList,
    View,
    MutableView,
    Closure,
    Tuple,
    Index,
    Condition,
    Swap,
    Block,
    Assertion,
    Copies,
    Record,
    WholeRecord,
    Returned,
    Exponentials,
    Lent,
    Model,
    LongerChain,
    Pairs,
    Vector,
    Width,
}

impl Generator {
    /// A name, that may be one that is known already.
    pub fn name(&mut self) -> String {
        let taken = self.scope.names();
        if self.has(Form::Shadowing) && self.rng.chance(25) && !taken.is_empty() {
            let name = self.rng.pick(&taken);
            if name != "begin" && name != "out" && !name.contains('.') {
                return name;
            }
        }
        let free: Vec<&str> = parameter::NAMES.iter().copied().filter(|n| !taken.iter().any(|t| t == n)).collect();
        if free.is_empty() { format!("x{}", self.scope.variables.len()) } else { self.rng.pick(&free).to_string() }
    }

    pub fn statement(&mut self, depth: usize) -> String {
        if self.budget == 0 {
            return String::new();
        }
        self.budget -= 1;
        let deep = usize::from(depth > 0);
        let exits = self.targets.len() + usize::from(self.has(Form::Exits) && self.returns.is_some());
        let alter = usize::from(!self.scope.pure);
        let statement = self.rng.weighted(&[
            (12, Statement::Let),
            (10, Statement::LetMut),
            (22, Statement::Assign),
            (8 * deep, Statement::Branch),
            (if exits > 0 { 6 } else { 0 }, Statement::Exit),
            (self.if_has(Form::Matches, 7) * deep, Statement::Match),
            (self.if_has(Form::Options, 6) * deep, Statement::Option),
            (self.if_has(Form::Loops, 14) * deep, Statement::For),
            (self.if_has(Form::Whiles, 8) * deep, Statement::While),
            (self.if_has(Form::Whiles, 6) * deep, Statement::Loop),
            (self.if_has(Form::Labels, 5) * deep, Statement::Labelled),
            (self.if_has(Form::Late, 6) * deep, Statement::Late),
            (7, Statement::NewList),
            (self.if_has(Form::Matrices, 5), Statement::NewMatrix),
            (self.if_has(Form::WritesToLists, 10) * alter, Statement::WriteList),
            (self.if_has(Form::Views, 9), Statement::View),
            (self.if_has(Form::Aliases, 8) * alter * deep, Statement::MutableView),
            (self.if_has(Form::Closures, 11) * deep, Statement::Closure),
            (self.if_has(Form::Tuples, 9), Statement::Tuple),
            (5, Statement::Index),
            (3, Statement::Condition),
            (self.if_has(Form::Aliases, 4) * alter, Statement::Swap),
            (2 * deep, Statement::Block),
            (1, Statement::Assertion),
            (self.if_has(Form::Copies, 16) * alter, Statement::Copies),
            (self.if_has(Form::Records, 9), Statement::Record),
            (self.if_has(Form::Records, 7) * alter, Statement::WholeRecord),
            (self.if_has(Form::Returned, 10) * alter, Statement::Returned),
            (self.if_has(Form::Exponentials, 12), Statement::Exponentials),
            (self.if_has(Form::Lent, 18) * alter, Statement::Lent),
            (self.if_has(Form::Methods, 8) * self.if_has(Form::Helpers, 1), Statement::Model),
            (self.if_has(Form::Pairs, 12) * deep, Statement::Pairs),
            (self.if_has(Form::Pairs, 8), Statement::LongerChain),
            (self.if_has(Form::Widths, 16), Statement::Width),
            (self.if_has(Form::Vectors, 20) * alter, Statement::Vector),
        ]);
        match statement.unwrap_or(Statement::Let) {
            Statement::Let => self.new_float(false),
            Statement::LetMut => self.new_float(true),
            Statement::Assign => self.assign(),
            Statement::Branch => self.branch(depth),
            Statement::Exit => {
                let condition = self.condition(1);
                self.exit().map_or_else(String::new, |exit| format!("if {condition} {{ {exit} }}\n"))
            }
            Statement::Match => self.match_statement(depth),
            Statement::Option => self.option_statement(depth),
            Statement::For => self.for_loop(depth),
            Statement::While => self.while_loop(depth),
            Statement::Loop => self.endless_loop(depth),
            Statement::Labelled => self.labelled(depth),
            Statement::Late => self.late(),
            Statement::NewList => self.new_list(),
            Statement::NewMatrix => self.new_matrix(),
            Statement::WriteList => self.write_list(),
            Statement::View => self.view(),
            Statement::MutableView => self.mutable_view(depth),
            Statement::Closure => self.closure(),
            Statement::Tuple => self.tuple(),
            Statement::Index => self.new_index(),
            Statement::Condition => {
                let condition = self.condition(1);
                let name = self.name();
                self.bind(&name, Kind::Bool, 0.0);
                format!("let {name} = {condition};\n")
            }
            Statement::Swap => self.swap(),
            Statement::Copies => self.copies(depth),
            Statement::Record => self.record(),
            Statement::WholeRecord => self.whole_record(),
            Statement::Returned => self.returned(),
            Statement::Exponentials => self.exponentials(),
            Statement::Lent => self.lent(),
            Statement::Model => self.model(),
            Statement::LongerChain => self.longer_chain(),
            Statement::Pairs => self.pairs(depth),
            Statement::Width => self.width(),
            Statement::Vector => self.vector(),
            Statement::Block => {
                let n = self.rng.between(1, 3);
                let code = self.block(n, depth);
                format!("{code}\n")
            }
            Statement::Assertion => {
                let e = self.variable_or_literal();
                format!("debug_assert!({e}.is_finite());\n")
            }
        }
    }

    pub fn variable_or_literal(&mut self) -> String {
        self.float(0).receiver()
    }

    fn block(&mut self, statements: usize, depth: usize) -> String {
        let (code, ()) = self.inside(statements, depth.saturating_sub(1), |_| ());
        format!("{{\n{code}}}")
    }

    // Variables

    pub fn new_float(&mut self, mutable: bool) -> String {
        let e = self.float_below(3, 8.0);
        let slack = if mutable { self.rng.pick(&[1.0, 2.0, 3.0]) } else { 0.0 };
        let name = self.name();
        let ty = if !e.typed || self.rng.chance(10) { ": f64" } else { "" };
        let bound = e.bound + slack;
        self.scope.declare(Variable { name: name.clone(), kind: Kind::Float, mutable, bound, slack, typed: true });
        format!("let {}{name}{ty} = {};\n", if mutable { "mut " } else { "" }, e.code)
    }

    fn tuple(&mut self) -> String {
        let n = self.rng.between(2, 3);
        let items: Vec<Text> = (0..n).map(|_| self.float_below(2, 8.0)).collect();
        let code: Vec<String> = items.iter().map(Text::sure).collect();
        let bound = items.iter().fold(0.0, |b: f64, e| b.max(e.bound));
        if self.rng.chance(40) {
            let name = self.name();
            self.bind(&name, Kind::Tuple(n), bound);
            return format!("let {name} = ({});\n", code.join(", "));
        }
        let mut names = Vec::new();
        for e in &items {
            let mut name = self.name();
            if names.contains(&name) || names.contains(&format!("mut {name}")) {
                name = format!("{name}_{}", names.len());
            }
            let mutable = self.rng.chance(30);
            let slack = if mutable { 1.0 } else { 0.0 };
            let variable =
                Variable { name: name.clone(), kind: Kind::Float, mutable, bound: e.bound + slack, slack, typed: true };
            self.scope.declare(variable);
            names.push(if mutable { format!("mut {name}") } else { name });
        }
        format!("let ({}) = ({});\n", names.join(", "), code.join(", "))
    }

    fn new_index(&mut self) -> String {
        let below = self.rng.between(2, 4);
        let index = self.index(below);
        let name = self.name();
        let mutable = self.rng.chance(40);
        let variable =
            Variable { name: name.clone(), kind: Kind::Index(below), mutable, bound: 0.0, slack: 0.0, typed: true };
        self.scope.declare(variable);
        format!("let {}{name}: usize = {index};\n", if mutable { "mut " } else { "" })
    }

    // Assignment

    /// Something that a float may be assigned to: its text, the variable, and whether its index reads something.
    fn assignable(&mut self) -> Option<(String, Id)> {
        let ids = self.scope.writable(|v| {
            matches!(
                v.kind,
                Kind::Float | Kind::FloatMut | Kind::List { len: 1.., .. } | Kind::Matrix { .. } | Kind::Cell
            )
        });
        if ids.is_empty() {
            return None;
        }
        let id = self.rng.pick(&ids);
        self.scope.read(id);
        let variable = self.scope.write(id).clone();
        let name = variable.name;
        let text = match variable.kind {
            Kind::FloatMut => format!("*{name}"),
            Kind::Cell => self.member(&name, 0.0).code,
            Kind::List { len, .. } => format!("{name}[{}]", self.index(len)),
            Kind::Matrix { rows, columns, .. } => format!("{name}[{}][{}]", self.index(rows), self.index(columns)),
            _ => name,
        };
        Some((text, id))
    }

    pub fn assign(&mut self) -> String {
        let indices = self.scope.writable(|v| matches!(v.kind, Kind::Index(_)));
        if !indices.is_empty() && self.rng.chance(15) {
            let id = self.rng.pick(&indices);
            self.scope.read(id);
            let variable = self.scope.write(id).clone();
            let Kind::Index(below) = variable.kind else { return String::new() };
            let index = self.index(below);
            return format!("{} = {index};\n", variable.name);
        }
        let Some((to, id)) = self.assignable() else { return self.new_float(true) };
        let Variable { bound, slack, .. } = self.scope.variables[id];
        let base = bound - slack;
        match self.rng.below(10) {
            0..=3 => {
                let most = slack / self.trips / 2.0;
                let e = self.float(3);
                let e = self.within(e, most);
                self.scope.variables[id].slack -= e.bound * self.trips;
                let operator = self.rng.pick(&["+=", "+=", "-="]);
                let code = e.code;
                // Of a type parameter, what is on the left is borrowed while the right side is evaluated.
                let changes = to.contains('[') && code.contains("= ");
                match if changes { 0 } else { self.rng.below(8) } {
                    0 => format!(
                        "{to} = {to} + {};\n",
                        if e.level < Level::Product { format!("({code})") } else { code }
                    ),
                    _ => format!("{to} {operator} {code};\n"),
                }
            }
            4 | 5 => {
                let e = self.float_below(2, 1.0);
                format!("{to} *= {};\n", e.code)
            }
            6 => {
                let e = self.float_below(1, 4.0);
                format!("{to} /= 1.0 + {}.powi(2);\n", e.receiver())
            }
            7 if self.trips == 1.0 => {
                // Of itself.
                let name = self.rng.pick(&["sin", "cos", "tanh"]);
                let base = base.max(1.0);
                self.scope.raise(id, base);
                format!("{to} = {to}.{name}();\n").replace("= *", "= (*").replace(
                    &format!(".{name}"),
                    &if to.starts_with('*') { format!(").{name}") } else { format!(".{name}") },
                )
            }
            _ => {
                let e = self.float_below(3, base);
                format!("{to} = {};\n", e.code)
            }
        }
    }

    fn swap(&mut self) -> String {
        let ids = self.scope.writable(|v| v.kind == Kind::Float);
        if ids.len() < 2 || self.trips > 1.0 {
            return String::new();
        }
        let k = self.rng.below(ids.len() - 1);
        let (a, b) = (ids[k], ids[k + 1]);
        let bound = self.scope.variables[a].bound.max(self.scope.variables[b].bound);
        for id in [a, b] {
            self.scope.read(id);
            self.scope.write(id);
            let before = self.scope.variables[id].bound;
            self.scope.raise(id, bound);
            // The base rises with it.
            self.scope.variables[id].slack = self.scope.variables[id].slack.min(before);
        }
        format!("std::mem::swap(&mut {}, &mut {});\n", self.scope.variables[a].name, self.scope.variables[b].name)
    }

    // Branches

    fn branch(&mut self, depth: usize) -> String {
        let mut code = String::new();
        loop {
            let condition = self.condition(1);
            let n = self.rng.between(1, 3);
            let block = self.arm(n, depth);
            let _ = write!(code, "if {condition} {block}");
            if self.rng.chance(45) {
                return code + "\n";
            }
            code += " else ";
            if self.rng.chance(70) {
                let n = self.rng.between(1, 2);
                let block = self.arm(n, depth);
                return code + &block + "\n";
            }
        }
    }

    /// A block that may end in an exit.
    fn arm(&mut self, statements: usize, depth: usize) -> String {
        let exit = self.rng.chance(15);
        let (code, last) = self.inside(statements, depth.saturating_sub(1), |g| {
            if exit { g.exit().unwrap_or_default() } else { String::new() }
        });
        format!("{{\n{code}{last}\n}}")
    }

    fn match_statement(&mut self, depth: usize) -> String {
        let (on, patterns) = self.scrutinee();
        let mut arms = String::new();
        for pattern in patterns {
            let n = self.rng.below(3);
            let _ = writeln!(arms, "{pattern} => {}", self.arm(n, depth));
        }
        format!("match {on} {{\n{arms}}}\n")
    }

    fn option_statement(&mut self, depth: usize) -> String {
        let options = self.scope.readable(|v| matches!(v.kind, Kind::Choice(_)));
        let lists = self.scope.readable(|v| matches!(v.kind, Kind::Indices(_)));
        let (on, below) = if !options.is_empty() && self.rng.chance(70) {
            let id = self.rng.pick(&options);
            let variable = self.scope.read(id).clone();
            let Kind::Choice(below) = variable.kind else { return String::new() };
            (variable.name, below)
        } else if !lists.is_empty() {
            let id = self.rng.pick(&lists);
            let variable = self.scope.read(id).clone();
            let Kind::Indices(below) = variable.kind else { return String::new() };
            (format!("{}.{}.copied()", variable.name, self.rng.pick(&["first()", "last()", "get(1)"])), below)
        } else {
            return self.branch(depth);
        };
        if self.rng.chance(30)
            && let Some(exit) = self.exit()
        {
            let name = self.name();
            self.bind(&name, Kind::Index(below), 0.0);
            return format!("let Some({name}) = {on} else {{ {exit} }};\n");
        }
        let mark = self.scope.mark();
        let name = self.name();
        self.bind(&name, Kind::Index(below), 0.0);
        let n = self.rng.between(1, 2);
        let some = self.arm(n, depth);
        self.scope.leave(mark);
        let none = self.arm(1, depth);
        match self.rng.below(3) {
            0 => format!("if let Some({name}) = {on} {some}\n"),
            1 => format!("if let Some({name}) = {on} {some} else {none}\n"),
            _ => format!("match {on} {{\nSome({name}) => {some}\nNone => {none}\n}}\n"),
        }
    }

    fn late(&mut self) -> String {
        let name = self.name();
        let condition = self.condition(1);
        let ty = if self.rng.chance(60) { "" } else { ": f64" };
        let mut bound: f64 = 0.0;
        let mut arm = |g: &mut Self| {
            // The name is another variable's until here.
            let n = g.rng.below(2);
            let (code, e) = g.inside(n, 1, |g| g.float_below(2, 8.0));
            bound = bound.max(e.bound);
            (code, e.sure())
        };
        let (a, x) = arm(self);
        let (b, y) = arm(self);
        if format!("{condition}{a}{x}{b}{y}").contains(&name) {
            return String::new();
        }
        self.bind(&name, Kind::Float, bound);
        format!("let {name}{ty};\nif {condition} {{\n{a}{name} = {x};\n}} else {{\n{b}{name} = {y};\n}}\n")
    }
}
