//! Makes a failing program smaller: statements go, blocks take the place of what encloses them, expressions become
//! parts of themselves. A smaller program is kept if names still mean the same and it still fails.

use crate::ast::{A, B, F, I, Id, Over, Program, S, Var};

/// The smallest failing program found, and how it fails.
pub fn shrink(mut program: Program, fails: impl Fn(&Program) -> Option<String>) -> (Program, String) {
    let mut text = fails(&program).unwrap_or_default();
    let mut tries = 3_000;
    'again: loop {
        let mut candidates: Vec<Program> = Vec::new();
        for body in blocks(&program.body) {
            candidates.push(Program { body, ..program.clone() });
        }
        for tail in floats(&program.tail) {
            candidates.push(Program { tail, ..program.clone() });
        }
        for candidate in candidates {
            if tries == 0 {
                return (program, text);
            }
            if !well_formed(&candidate) {
                continue;
            }
            tries -= 1;
            if let Some(found) = fails(&candidate) {
                (program, text) = (candidate, found);
                continue 'again;
            }
        }
        return (program, text);
    }
}

fn blocks(stmts: &[S]) -> Vec<Vec<S>> {
    let mut all = Vec::new();
    for k in 0..stmts.len() {
        let with = |new: Vec<S>| {
            let mut copy = stmts.to_vec();
            copy.splice(k..=k, new);
            copy
        };
        all.push(with(Vec::new()));
        all.extend(statements(&stmts[k]).into_iter().map(with));
    }
    all
}

fn statements(s: &S) -> Vec<Vec<S>> {
    let one = |s: S| vec![s];
    match s {
        S::LetF(id, typed, x) => floats(x).into_iter().map(|x| one(S::LetF(*id, *typed || x.literal(), x))).collect(),
        S::SetF(id, x) => floats(x).into_iter().map(|x| one(S::SetF(*id, x))).collect(),
        S::OpF(id, op, x) => floats(x).into_iter().map(|x| one(S::OpF(*id, *op, x))).collect(),
        S::Return(x) => floats(x).into_iter().map(|x| one(S::Return(x))).collect(),
        S::Store(id, i, x) => floats(x).into_iter().map(|x| one(S::Store(*id, i.clone(), x))).collect(),
        S::OpStore(id, i, op, x) => floats(x).into_iter().map(|x| one(S::OpStore(*id, i.clone(), *op, x))).collect(),
        S::Fill(id, x) => floats(x).into_iter().map(|x| one(S::Fill(*id, x))).collect(),
        S::LetA(id, A::Repeat(x, dims)) => {
            floats(x).into_iter().map(|x| one(S::LetA(*id, A::Repeat(x, dims.clone())))).collect()
        }
        S::If(cond, then, other) => {
            let mut all = vec![then.clone()];
            if let Some(other) = other {
                all.push(other.clone());
                all.push(one(S::If(cond.clone(), then.clone(), None)));
            }
            all.extend(conditions(cond).into_iter().map(|c| one(S::If(c, then.clone(), other.clone()))));
            all.extend(blocks(then).into_iter().map(|b| one(S::If(cond.clone(), b, other.clone()))));
            for b in other.iter().flat_map(|o| blocks(o)) {
                all.push(one(S::If(cond.clone(), then.clone(), Some(b))));
            }
            all
        }
        S::For { index, lo, hi, inclusive, step, rev, label, body } => {
            let make = |rev: &bool, step: &Option<I>, body: Vec<S>| {
                let (index, lo, hi, inclusive, label) = (*index, lo.clone(), hi.clone(), *inclusive, *label);
                one(S::For { index, lo, hi, inclusive, step: step.clone(), rev: *rev, label, body })
            };
            let mut all = vec![body.clone()];
            if *rev {
                all.push(make(&false, step, body.clone()));
            }
            if step.is_some() {
                all.push(make(rev, &None, body.clone()));
            }
            all.extend(blocks(body).into_iter().map(|b| make(rev, step, b)));
            all
        }
        S::Each { over, first, second, of, with, label, body } => {
            let make = |body| {
                one(S::Each { over: *over, first: *first, second: *second, of: *of, with: *with, label: *label, body })
            };
            blocks(body).into_iter().map(make).collect()
        }
        S::While(cond, label, body) => {
            let mut all = vec![body.clone()];
            all.extend(conditions(cond).into_iter().map(|c| one(S::While(c, *label, body.clone()))));
            all.extend(blocks(body).into_iter().map(|b| one(S::While(cond.clone(), *label, b))));
            all
        }
        S::Loop(label, body) => {
            let mut all = vec![body.clone()];
            all.extend(blocks(body).into_iter().map(|b| one(S::Loop(*label, b))));
            all
        }
        S::Block(stmts) => {
            let mut all = vec![stmts.clone()];
            all.extend(blocks(stmts).into_iter().map(|b| one(S::Block(b))));
            all
        }
        _ => Vec::new(),
    }
}

fn conditions(b: &B) -> Vec<B> {
    match b {
        B::Lit(_) => Vec::new(),
        B::Both(_, x, y) => vec![(**x).clone(), (**y).clone()],
        B::Not(x) => vec![(**x).clone()],
        _ => vec![B::Lit(true), B::Lit(false)],
    }
}

fn floats(f: &F) -> Vec<F> {
    let mut all = match f {
        F::Lit(_) | F::Var(_) | F::Elem(..) => return Vec::new(),
        F::Cast(_) => Vec::new(),
        F::Neg(a) => vec![(**a).clone()],
        F::Powi(a, n) => {
            let mut all = vec![(**a).clone()];
            all.extend(floats(a).into_iter().map(|a| F::Powi(Box::new(a), *n)));
            all
        }
        F::Bin(op, a, b) => {
            let mut all = vec![(**a).clone(), (**b).clone()];
            all.extend(floats(a).into_iter().map(|a| F::Bin(*op, Box::new(a), b.clone())));
            all.extend(floats(b).into_iter().map(|b| F::Bin(*op, a.clone(), Box::new(b))));
            all
        }
        F::Call(_, args) => args.clone(),
        F::If(cond, then, other) => {
            let mut all = vec![then.1.clone(), other.1.clone()];
            let make = |then: (Vec<S>, F), other: (Vec<S>, F)| F::If(cond.clone(), Box::new(then), Box::new(other));
            for stmts in blocks(&then.0) {
                all.push(make((stmts, then.1.clone()), (**other).clone()));
            }
            for tail in floats(&then.1) {
                all.push(make((then.0.clone(), tail), (**other).clone()));
            }
            for stmts in blocks(&other.0) {
                all.push(make((**then).clone(), (stmts, other.1.clone())));
            }
            for tail in floats(&other.1) {
                all.push(make((**then).clone(), (other.0.clone(), tail)));
            }
            all
        }
        F::Block(stmts, tail) => {
            let mut all = vec![(**tail).clone()];
            all.extend(blocks(stmts).into_iter().map(|s| F::Block(s, tail.clone())));
            all
        }
    };
    all.push(F::Lit(0.5));
    all
}

/// Whether every name means the variable that it should.
fn well_formed(program: &Program) -> bool {
    let mut names = Names { vars: &program.vars, scopes: vec![(0..program.params.len()).collect()], fine: true };
    names.stmts(&program.body);
    names.f(&program.tail);
    names.fine
}

struct Names<'p> {
    vars: &'p [Var],
    scopes: Vec<Vec<Id>>,
    fine: bool,
}

impl Names<'_> {
    fn declare(&mut self, id: Id) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(id);
        }
    }

    fn name(&mut self, id: Id) {
        let found = self.scopes.iter().flatten().rev().find(|&&other| self.vars[other].name == self.vars[id].name);
        self.fine &= found == Some(&id);
    }

    fn scoped(&mut self, f: impl FnOnce(&mut Self)) {
        self.scopes.push(Vec::new());
        f(self);
        self.scopes.pop();
    }

    fn block(&mut self, stmts: &[S]) {
        self.scoped(|n| n.stmts(stmts));
    }

    fn stmts(&mut self, stmts: &[S]) {
        stmts.iter().for_each(|s| self.stmt(s));
    }

    fn all(&mut self, index: &[I]) {
        index.iter().for_each(|i| self.i(i));
    }

    fn f(&mut self, f: &F) {
        match f {
            F::Lit(_) => {}
            F::Var(id) => self.name(*id),
            F::Elem(id, index) => {
                self.name(*id);
                self.all(index);
            }
            F::Neg(a) | F::Powi(a, _) => self.f(a),
            F::Bin(_, a, b) => {
                self.f(a);
                self.f(b);
            }
            F::Call(_, args) => args.iter().for_each(|a| self.f(a)),
            F::Cast(i) => self.i(i),
            F::If(cond, then, other) => {
                self.b(cond);
                for arm in [then, other] {
                    self.scoped(|n| {
                        n.stmts(&arm.0);
                        n.f(&arm.1);
                    });
                }
            }
            F::Block(stmts, tail) => self.scoped(|n| {
                n.stmts(stmts);
                n.f(tail);
            }),
        }
    }

    fn i(&mut self, i: &I) {
        match i {
            I::Lit(_) => {}
            I::Var(id) | I::Len(id) => self.name(*id),
            I::Behind(_, _, i) => self.i(i),
            I::Bin(_, a, b) => {
                self.i(a);
                self.i(b);
            }
        }
    }

    fn b(&mut self, b: &B) {
        match b {
            B::Lit(_) => {}
            B::Var(id) => self.name(*id),
            B::Floats(_, x, y) => {
                self.f(x);
                self.f(y);
            }
            B::Ints(_, x, y) => {
                self.i(x);
                self.i(y);
            }
            B::Both(_, x, y) => {
                self.b(x);
                self.b(y);
            }
            B::Not(x) => self.b(x),
        }
    }

    fn a(&mut self, a: &A) {
        match a {
            A::Repeat(x, _) => self.f(x),
            A::List(xs) => xs.iter().for_each(|x| self.f(x)),
            A::Rows(rows) => rows.iter().for_each(|r| self.a(r)),
            A::Copy(id, index, _) => {
                self.name(*id);
                self.all(index);
            }
        }
    }

    fn stmt(&mut self, s: &S) {
        match s {
            S::LetF(id, _, x) => {
                self.f(x);
                self.declare(*id);
            }
            S::Late(id, _) => self.declare(*id),
            S::LetI(id, _, x) => {
                self.i(x);
                self.declare(*id);
            }
            S::LetB(id, x) => {
                self.b(x);
                self.declare(*id);
            }
            S::LetA(id, x) => {
                self.a(x);
                self.declare(*id);
            }
            S::SetF(id, x) | S::OpF(id, _, x) | S::Fill(id, x) => {
                self.f(x);
                self.name(*id);
            }
            S::SetI(id, x) | S::OpI(id, _, x) => {
                self.i(x);
                self.name(*id);
            }
            S::SetB(id, x) => {
                self.b(x);
                self.name(*id);
            }
            S::SetA(id, index, x) => {
                self.a(x);
                self.name(*id);
                self.all(index);
            }
            S::Store(id, index, x) | S::OpStore(id, index, _, x) => {
                self.f(x);
                self.name(*id);
                self.all(index);
            }
            S::Swap(id, i, j) => {
                self.name(*id);
                self.i(i);
                self.i(j);
            }
            S::If(cond, then, other) => {
                self.b(cond);
                self.block(then);
                other.iter().for_each(|o| self.block(o));
            }
            S::For { index, lo, hi, step, body, .. } => {
                self.i(lo);
                self.i(hi);
                step.iter().for_each(|s| self.i(s));
                self.scoped(|n| {
                    index.iter().for_each(|&i| n.declare(i));
                    n.block(body);
                });
            }
            S::Each { over, first, second, of, with, body, .. } => {
                self.name(*of);
                if *over == Over::Zip {
                    self.name(*with);
                }
                self.scoped(|n| {
                    n.declare(*first);
                    n.declare(*second);
                    n.block(body);
                });
            }
            S::While(cond, _, body) => {
                self.b(cond);
                self.block(body);
            }
            S::Loop(_, body) | S::Block(body) => self.block(body),
            S::Break(_) | S::Continue(_) => {}
            S::Return(x) => self.f(x),
        }
    }
}
