//! Programs as the generator builds them, and their text. A variable is a number; names may repeat.

use std::fmt::Write as _;

pub type Id = usize;

/// What a variable is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Float,
    Int,
    Bool,
    /// An array with these dimensions.
    Array(Vec<usize>),
}

#[derive(Clone, Debug)]
pub struct Var {
    pub name: String,
    pub kind: Kind,
    pub mutable: bool,
    /// It is a reference to a float.
    pub reference: bool,
    /// An integer is always less than this.
    pub bound: Option<i64>,
}

/// A float.
#[derive(Clone, Debug)]
pub enum F {
    Lit(f64),
    Var(Id),
    Elem(Id, Vec<I>),
    Neg(Box<F>),
    Bin(char, Box<F>, Box<F>),
    Call(&'static str, Vec<F>),
    Powi(Box<F>, i32),
    Cast(I),
    If(Box<B>, Box<(Vec<S>, F)>, Box<(Vec<S>, F)>),
    Block(Vec<S>, Box<F>),
}

/// An integer.
#[derive(Clone, Debug)]
pub enum I {
    Lit(i64),
    Var(Id),
    Len(Id),
    Bin(char, Box<I>, Box<I>),
    /// As an index: one into a part of the array, from here on, or from here to there.
    Behind(i64, Option<i64>, Box<I>),
}

impl F {
    /// Whether nothing in it says that it is an `f64`.
    pub fn literal(&self) -> bool {
        match self {
            F::Lit(_) => true,
            F::Neg(a) | F::Powi(a, _) | F::Block(_, a) => a.literal(),
            F::Bin(_, a, b) => a.literal() && b.literal(),
            F::Call(_, args) => args.iter().all(F::literal),
            F::If(_, a, b) => a.1.literal() && b.1.literal(),
            F::Var(_) | F::Elem(..) | F::Cast(_) => false,
        }
    }
}

impl A {
    /// Whether nothing in it says that it is of `f64`s.
    pub fn literal(&self) -> bool {
        match self {
            A::Repeat(x, _) => x.literal(),
            A::List(xs) => xs.iter().all(F::literal),
            A::Rows(rows) => rows.iter().all(A::literal),
            A::Copy(..) => false,
        }
    }
}

/// A condition.
#[derive(Clone, Debug)]
pub enum B {
    Lit(bool),
    Var(Id),
    Floats(&'static str, F, F),
    Ints(&'static str, I, I),
    Both(&'static str, Box<B>, Box<B>),
    Not(Box<B>),
}

/// An array.
#[derive(Clone, Debug)]
pub enum A {
    /// `[x; n]`, `[[x; m]; n]`
    Repeat(F, Vec<usize>),
    List(Vec<F>),
    Rows(Vec<A>),
    /// All of an array or a part of it; `true`: by `.clone()`.
    Copy(Id, Vec<I>, bool),
}

/// What a loop over elements runs over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Over {
    /// `for &v in a`, where `a` is a reference; `for &v in &a`
    Pattern,
    /// `for v in a.iter()`
    Iter,
    /// `for v in a`, of a copy
    Value,
    /// `for v in a.iter_mut()`
    Mut,
    /// `for (i, &v) in a.iter().enumerate()`
    Enumerate,
    /// `for (&u, &v) in a.iter().zip(&b)`
    Zip,
}

/// A statement.
#[derive(Clone, Debug)]
pub enum S {
    LetF(Id, bool, F),
    /// `let y;`, with its type or without.
    Late(Id, bool),
    LetI(Id, bool, I),
    LetB(Id, B),
    LetA(Id, A),
    SetF(Id, F),
    OpF(Id, char, F),
    SetI(Id, I),
    OpI(Id, char, I),
    SetB(Id, B),
    SetA(Id, Vec<I>, A),
    Store(Id, Vec<I>, F),
    OpStore(Id, Vec<I>, char, F),
    Fill(Id, F),
    Swap(Id, I, I),
    If(B, Vec<S>, Option<Vec<S>>),
    For {
        index: Option<Id>,
        lo: I,
        hi: I,
        inclusive: bool,
        step: Option<I>,
        rev: bool,
        label: Option<usize>,
        body: Vec<S>,
    },
    Each {
        over: Over,
        first: Id,
        second: Id,
        of: Id,
        with: Id,
        label: Option<usize>,
        body: Vec<S>,
    },
    While(B, Option<usize>, Vec<S>),
    Loop(Option<usize>, Vec<S>),
    Break(Option<usize>),
    Continue(Option<usize>),
    Return(F),
    Block(Vec<S>),
}

/// How an array parameter is passed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Passing {
    Value,
    Reference,
    Slice,
}

#[derive(Clone, Debug)]
pub struct Program {
    pub vars: Vec<Var>,
    /// The first variables are the parameters.
    pub params: Vec<Passing>,
    pub body: Vec<S>,
    pub tail: F,
}

impl Program {
    pub fn source(&self) -> String {
        let mut p = Printer { vars: &self.vars, params: &self.params, out: String::new(), depth: 1, typed: false };
        let params: Vec<String> =
            self.params.iter().zip(&self.vars).map(|(&passing, v)| parameter(v, passing)).collect();
        let _ = writeln!(p.out, "fn f({}) -> f64 {{", params.join(", "));
        p.stmts(&self.body);
        let tail = p.f_top(&self.tail);
        let _ = writeln!(p.out, "    {tail}\n}}");
        p.out
    }
}

fn parameter(var: &Var, passing: Passing) -> String {
    let mutable = if var.mutable { "mut " } else { "" };
    let ty = match &var.kind {
        Kind::Float => "f64".to_string(),
        Kind::Int => "usize".to_string(),
        Kind::Bool => "bool".to_string(),
        Kind::Array(dims) => match passing {
            Passing::Value => array_type(dims),
            Passing::Reference => format!("&{}", array_type(dims)),
            Passing::Slice => format!("&[{}]", array_type(&dims[1..])),
        },
    };
    format!("{mutable}{}: {ty}", var.name)
}

fn array_type(dims: &[usize]) -> String {
    dims.iter().rev().fold("f64".to_string(), |inner, n| format!("[{inner}; {n}]"))
}

struct Printer<'p> {
    vars: &'p [Var],
    params: &'p [Passing],
    out: String,
    depth: usize,
    /// Literals are written with their type.
    typed: bool,
}

impl Printer<'_> {
    fn name(&self, id: Id) -> &str {
        &self.vars[id].name
    }

    fn owned(&self, id: Id) -> String {
        self.vars[id].name.clone()
    }

    /// Whether a name stands for a reference to an array.
    fn behind_reference(&self, id: Id) -> bool {
        self.vars[id].reference || self.params.get(id).is_some_and(|&p| p != Passing::Value)
    }

    fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{}{text}", "    ".repeat(self.depth));
    }

    fn indices(&mut self, index: &[I]) -> String {
        index.iter().fold(String::new(), |text, i| match i {
            I::Behind(lo, hi, i) => {
                let hi = hi.map_or(String::new(), |hi| hi.to_string());
                text + &format!("[{lo}..{hi}][{}]", self.i(i, 0))
            }
            i => text + "[" + &self.i(i, 0) + "]",
        })
    }

    /// A block as text, with the value that it ends with.
    fn nested(&mut self, stmts: &[S], tail: Option<&F>) -> String {
        let outer = std::mem::take(&mut self.out);
        self.depth += 1;
        self.stmts(stmts);
        if let Some(tail) = tail {
            let tail = self.f_top(tail);
            self.line(&tail);
        }
        self.depth -= 1;
        let inner = std::mem::replace(&mut self.out, outer);
        format!("{{\n{inner}{}}}", "    ".repeat(self.depth))
    }

    fn f_top(&mut self, f: &F) -> String {
        match f {
            F::If(cond, then, other) => {
                let cond = self.b(cond, 0);
                let then = self.nested(&then.0, Some(&then.1));
                let other = match (other.0.as_slice(), &other.1) {
                    ([], inner @ F::If(..)) => self.f_top(inner),
                    (stmts, tail) => self.nested(stmts, Some(tail)),
                };
                format!("if {cond} {then} else {other}")
            }
            F::Block(stmts, tail) => self.nested(stmts, Some(tail)),
            f => self.f(f, 0),
        }
    }

    /// With parentheses if it binds less tightly than `level`: 1 sums, 2 products, 3 signs, 4 receivers of methods.
    fn f(&mut self, f: &F, level: u8) -> String {
        let (text, own) = match f {
            F::Lit(x) => {
                let text = if self.typed { format!("{x:?}_f64") } else { format!("{x:?}") };
                (text, if x.is_sign_negative() { 3 } else { 5 })
            }
            F::Var(id) if self.vars[*id].reference => (format!("*{}", self.name(*id)), 3),
            F::Var(id) => (self.name(*id).to_string(), 5),
            F::Elem(id, index) => {
                let index = self.indices(index);
                (format!("{}{index}", self.name(*id)), 5)
            }
            F::Neg(a) => (format!("-{}", self.f(a, 3)), 3),
            F::Bin(op, a, b) => {
                let own = if matches!(op, '+' | '-') { 1 } else { 2 };
                (format!("{} {op} {}", self.f(a, own), self.f(b, own + 1)), own)
            }
            F::Call(name, args) => {
                let receiver = self.receiver(&args[0]);
                let rest: Vec<String> = args[1..].iter().map(|a| self.f_top(a)).collect();
                (format!("{receiver}.{name}({})", rest.join(", ")), 5)
            }
            F::Powi(a, n) => (format!("{}.powi({n})", self.receiver(a)), 5),
            F::Cast(i) => (format!("{} as f64", self.i(i, 3)), 2),
            f @ (F::If(..) | F::Block(..)) => (self.f_top(f), 0),
        };
        if own < level || own == 0 { format!("({text})") } else { text }
    }

    /// A method on literals needs their type.
    fn receiver(&mut self, f: &F) -> String {
        let outside = self.typed;
        self.typed |= f.literal();
        let text = self.f(f, 4);
        self.typed = outside;
        text
    }

    fn i(&mut self, i: &I, level: u8) -> String {
        let (text, own) = match i {
            I::Lit(n) => (n.to_string(), 5),
            I::Var(id) => (self.name(*id).to_string(), 5),
            I::Len(id) => (format!("{}.len()", self.name(*id)), 5),
            I::Behind(lo, _, i) => (format!("{lo} + {}", self.i(i, 2)), 1),
            I::Bin(op, a, b) => {
                let own = if matches!(op, '+' | '-') { 1 } else { 2 };
                (format!("{} {op} {}", self.i(a, own), self.i(b, own + 1)), own)
            }
        };
        if own < level { format!("({text})") } else { text }
    }

    fn b(&mut self, b: &B, level: u8) -> String {
        let (text, own) = match b {
            B::Lit(value) => (value.to_string(), 5),
            B::Var(id) => (self.name(*id).to_string(), 5),
            // A cast before `<` would be read as a generic type.
            B::Floats(op, x, y) => (format!("{} {op} {}", self.f(x, 3), self.f(y, 3)), 3),
            B::Ints(op, x, y) => (format!("{} {op} {}", self.i(x, 1), self.i(y, 1)), 3),
            B::Both(op, x, y) => {
                let own = if *op == "||" { 1 } else { 2 };
                (format!("{} {op} {}", self.b(x, own), self.b(y, own + 1)), own)
            }
            B::Not(x) => (format!("!{}", self.b(x, 5)), 4),
        };
        if own < level { format!("({text})") } else { text }
    }

    fn a(&mut self, a: &A) -> String {
        match a {
            A::Repeat(x, dims) => {
                let x = self.f_top(x);
                dims.iter().rev().fold(x, |inner, n| format!("[{inner}; {n}]"))
            }
            A::List(xs) => {
                let xs: Vec<String> = xs.iter().map(|x| self.f_top(x)).collect();
                format!("[{}]", xs.join(", "))
            }
            A::Rows(rows) => {
                let rows: Vec<String> = rows.iter().map(|x| self.a(x)).collect();
                format!("[{}]", rows.join(", "))
            }
            A::Copy(id, index, clone) => {
                let star = if self.behind_reference(*id) && index.is_empty() && !clone { "*" } else { "" };
                let index = self.indices(index);
                format!("{star}{}{index}{}", self.name(*id), if *clone { ".clone()" } else { "" })
            }
        }
    }

    fn place(&mut self, id: Id, index: &[I]) -> String {
        let star = if self.vars[id].reference && index.is_empty() { "*" } else { "" };
        let index = self.indices(index);
        format!("{star}{}{index}", self.name(id))
    }

    fn stmts(&mut self, stmts: &[S]) {
        stmts.iter().for_each(|s| self.stmt(s));
    }

    fn binding(&self, id: Id) -> String {
        format!("{}{}", if self.vars[id].mutable { "mut " } else { "" }, self.name(id))
    }

    fn stmt(&mut self, s: &S) {
        let text = match s {
            S::LetF(id, typed, x) => {
                let ty = if *typed { ": f64" } else { "" };
                format!("let {}{ty} = {};", self.binding(*id), self.f_top(x))
            }
            S::Late(id, typed) => format!("let {}{};", self.binding(*id), if *typed { ": f64" } else { "" }),
            S::LetI(id, typed, x) => {
                let ty = if *typed { ": usize" } else { "" };
                format!("let {}{ty} = {};", self.binding(*id), self.i(x, 0))
            }
            S::LetB(id, x) => format!("let {} = {};", self.binding(*id), self.b(x, 0)),
            S::LetA(id, x) => {
                let ty = match &self.vars[*id].kind {
                    Kind::Array(dims) if id % 2 == 0 || x.literal() => format!(": {}", array_type(dims)),
                    _ => String::new(),
                };
                format!("let {}{ty} = {};", self.binding(*id), self.a(x))
            }
            S::SetF(id, x) => format!("{} = {};", self.place(*id, &[]), self.f_top(x)),
            S::OpF(id, op, x) => format!("{} {op}= {};", self.place(*id, &[]), self.f_top(x)),
            S::SetI(id, x) => format!("{} = {};", self.owned(*id), self.i(x, 0)),
            S::OpI(id, op, x) => format!("{} {op}= {};", self.owned(*id), self.i(x, 0)),
            S::SetB(id, x) => format!("{} = {};", self.owned(*id), self.b(x, 0)),
            S::SetA(id, index, x) => format!("{} = {};", self.place(*id, index), self.a(x)),
            S::Store(id, index, x) => format!("{} = {};", self.place(*id, index), self.f_top(x)),
            S::OpStore(id, index, op, x) => format!("{} {op}= {};", self.place(*id, index), self.f_top(x)),
            S::Fill(id, x) => format!("{}.fill({});", self.owned(*id), self.f_top(x)),
            S::Swap(id, i, j) => format!("{}.swap({}, {});", self.owned(*id), self.i(i, 0), self.i(j, 0)),
            S::If(cond, then, other) => {
                let mut text = format!("if {} {}", self.b(cond, 0), self.nested(then, None));
                match other.as_deref() {
                    None => {}
                    Some([inner @ S::If(..)]) => {
                        let outer = std::mem::take(&mut self.out);
                        self.stmt(inner);
                        let inner = std::mem::replace(&mut self.out, outer);
                        let _ = write!(text, " else {}", inner.trim());
                    }
                    Some(other) => {
                        let _ = write!(text, " else {}", self.nested(other, None));
                    }
                }
                text
            }
            S::For { index, lo, hi, inclusive, step, rev, label, body } => {
                let dots = if *inclusive { "..=" } else { ".." };
                let mut range = format!("{}{dots}{}", self.i(lo, 1), self.i(hi, 1));
                if step.is_some() || *rev {
                    range = format!("({range})");
                }
                if let Some(step) = step {
                    let _ = write!(range, ".step_by({})", self.i(step, 0));
                }
                if *rev {
                    range.push_str(".rev()");
                }
                let index = index.map_or("_".to_string(), |i| self.binding(i));
                format!("{}for {index} in {range} {}", labelled(*label), self.nested(body, None))
            }
            S::Each { over, first, second, of, with, label, body } => {
                let (v, w) = (self.binding(*first), self.binding(*second));
                let a = self.name(*of).to_string();
                let borrow = if self.behind_reference(*of) { "" } else { "&" };
                let head = match over {
                    Over::Pattern => format!("&{v} in {borrow}{a}"),
                    Over::Iter => format!("{v} in {a}.iter()"),
                    Over::Value => format!("{v} in {a}"),
                    Over::Mut => format!("{v} in {a}.iter_mut()"),
                    Over::Enumerate => format!("({w}, &{v}) in {a}.iter().enumerate()"),
                    Over::Zip => {
                        let b = self.name(*with).to_string();
                        let borrow = if self.behind_reference(*with) { "" } else { "&" };
                        format!("(&{v}, &{w}) in {a}.iter().zip({borrow}{b})")
                    }
                };
                format!("{}for {head} {}", labelled(*label), self.nested(body, None))
            }
            S::While(cond, label, body) => {
                format!("{}while {} {}", labelled(*label), self.b(cond, 0), self.nested(body, None))
            }
            S::Loop(label, body) => format!("{}loop {}", labelled(*label), self.nested(body, None)),
            S::Break(label) => label.map_or("break;".into(), |l| format!("break 'l{l};")),
            S::Continue(label) => label.map_or("continue;".into(), |l| format!("continue 'l{l};")),
            S::Return(x) => format!("return {};", self.f_top(x)),
            S::Block(stmts) => self.nested(stmts, None),
        };
        self.line(&text);
    }
}

fn labelled(label: Option<usize>) -> String {
    label.map_or(String::new(), |l| format!("'l{l}: "))
}
