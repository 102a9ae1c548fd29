//! Numbers, indices, conditions and arrays, of what is in scope.

use super::Generator;
use crate::ast::{A, B, F, I, Id, Kind, Passing, S};

impl Generator<'_> {
    pub(super) fn leaf(&mut self) -> F {
        let floats = self.floats();
        match self.rng.below(10) {
            0 | 1 => {
                let x = self.number();
                F::Lit(x)
            }
            2 => match self.rng.pick(&self.of_kind(|v| v.kind == Kind::Int)) {
                Some(id) => F::Bin('*', Box::new(F::Lit(0.25)), Box::new(F::Cast(I::Var(id)))),
                None => F::Lit(0.5),
            },
            3..=5 => self.element().unwrap_or(F::Lit(1.25)),
            _ => self.rng.pick(&floats).map_or(F::Lit(0.75), F::Var),
        }
    }

    fn element(&mut self) -> Option<F> {
        let arrays = self.arrays();
        let id = self.rng.pick(&arrays)?;
        let index = self.full_index(id)?;
        Some(F::Elem(id, index))
    }

    pub(super) fn full_index(&mut self, id: Id) -> Option<Vec<I>> {
        let dims = self.dims(id);
        dims.into_iter().enumerate().map(|(k, dim)| self.element_index(dim, (k == 0).then_some(id))).collect()
    }

    /// An index less than `dim`, now and then into a part of the array.
    fn element_index(&mut self, dim: usize, of: Option<Id>) -> Option<I> {
        if dim == 0 || !self.rng.chance(20) {
            return self.index(dim, of);
        }
        let lo = self.rng.below(dim);
        let hi = self.rng.chance(50).then(|| lo + 1 + self.rng.below(dim - lo));
        let index = self.index(hi.unwrap_or(dim) - lo, None)?;
        Some(I::Behind(i64::try_from(lo).ok()?, hi.and_then(|hi| i64::try_from(hi).ok()), Box::new(index)))
    }

    /// An integer less than `dim`.
    pub(super) fn index(&mut self, dim: usize, of: Option<Id>) -> Option<I> {
        if dim == 0 {
            return None;
        }
        let bound = i64::try_from(dim).ok()?;
        let fitting = self.of_kind(|v| v.kind == Kind::Int && v.bound.is_some_and(|b| b <= bound));
        match self.rng.below(5) {
            0 | 1 => Some(I::Lit(i64::try_from(self.rng.below(dim)).ok()?)),
            2 | 3 if !fitting.is_empty() => self.rng.pick(&fitting).map(I::Var),
            _ => {
                let n = self.int(1);
                let modulus = match of {
                    Some(id) if self.rng.chance(50) => I::Len(id),
                    _ => I::Lit(bound),
                };
                Some(I::Bin('%', Box::new(n), Box::new(modulus)))
            }
        }
    }

    /// An integer that is not negative.
    pub(super) fn int(&mut self, depth: usize) -> I {
        let ints = self.of_kind(|v| v.kind == Kind::Int);
        match self.rng.below(if depth > 0 { 6 } else { 3 }) {
            0 => I::Lit(i64::try_from(self.rng.below(4)).unwrap_or(0)),
            1 | 2 => self.rng.pick(&ints).map_or(I::Lit(2), I::Var),
            3 => I::Bin(
                '%',
                Box::new(self.int(depth - 1)),
                Box::new(I::Lit(2 + i64::try_from(self.rng.below(2)).unwrap_or(0))),
            ),
            4 => I::Bin('*', Box::new(I::Lit(2)), Box::new(self.int(depth - 1))),
            _ => I::Bin('+', Box::new(self.int(depth - 1)), Box::new(self.int(depth - 1))),
        }
    }

    pub(super) fn float(&mut self, depth: usize) -> F {
        if depth == 0 {
            return self.leaf();
        }
        let one = |g: &mut Self| Box::new(g.float(depth - 1));
        match self.rng.below(40) {
            0..=6 => F::Bin('+', one(self), one(self)),
            7..=10 => F::Bin('-', one(self), one(self)),
            11..=17 => F::Bin('*', one(self), one(self)),
            18 => {
                let square = Box::new(F::Powi(Box::new(self.leaf()), 2));
                F::Bin('/', one(self), Box::new(F::Bin('+', Box::new(F::Lit(1.5)), square)))
            }
            19..=23 => {
                let name = ["sin", "cos", "tanh", "atan", "sin"][self.rng.below(5)];
                F::Call(name, vec![self.float(depth - 1)])
            }
            24 => F::Call("exp", vec![F::Call("sin", vec![self.float(depth - 1)])]),
            25 => {
                let square = Box::new(F::Powi(Box::new(self.leaf()), 2));
                let name = ["sqrt", "ln", "recip"][self.rng.below(3)];
                F::Call(name, vec![F::Bin('+', Box::new(F::Lit(1.25)), square)])
            }
            26 | 27 => {
                let name = ["max", "min"][self.rng.below(2)];
                F::Call(name, vec![self.float(depth - 1), self.leaf()])
            }
            28 => F::Call("abs", vec![self.float(depth - 1)]),
            29 => F::Neg(one(self)),
            30 | 31 => F::Powi(one(self), 2 + i32::try_from(self.rng.below(3)).unwrap_or(0)),
            32 => F::Call("mul_add", vec![self.leaf(), self.leaf(), self.leaf()]),
            33..=35 if self.rng.chance(self.family.control_values) => self.control_value(depth - 1),
            _ => self.leaf(),
        }
    }

    /// An `if` or a block with a value.
    fn control_value(&mut self, depth: usize) -> F {
        if self.rng.chance(65) {
            let cond = self.condition(1);
            let then = self.arm_value(depth);
            let other = self.arm_value(depth);
            return F::If(Box::new(cond), Box::new(then), Box::new(other));
        }
        let (stmts, tail) = self.arm_value(depth);
        F::Block(stmts, Box::new(tail))
    }

    fn arm_value(&mut self, depth: usize) -> (Vec<S>, F) {
        self.quiet += 1;
        self.scopes.push(Vec::new());
        let mut stmts = Vec::new();
        if self.rng.chance(40) {
            stmts.push(self.let_float(false));
        }
        if self.rng.chance(12) {
            stmts.extend(self.assign());
        }
        let tail = self.float(depth.min(1));
        self.scopes.pop();
        self.quiet -= 1;
        (stmts, tail)
    }

    pub(super) fn condition(&mut self, depth: usize) -> B {
        let bools = self.of_kind(|v| v.kind == Kind::Bool);
        match self.rng.below(if depth > 0 { 12 } else { 9 }) {
            0..=3 => {
                let op = ["<", ">", "<=", ">="][self.rng.below(4)];
                let (x, y) = (self.simple(), self.leaf());
                B::Floats(op, x, y)
            }
            4..=6 => {
                let op = ["<", ">", "==", "!=", "<=", ">="][self.rng.below(6)];
                let parity = self.rng.chance(40);
                let n = self.int(1);
                if parity {
                    return B::Ints(op, I::Bin('%', Box::new(n), Box::new(I::Lit(2))), I::Lit(0));
                }
                B::Ints(op, n, I::Lit(i64::try_from(self.rng.below(4)).unwrap_or(0)))
            }
            7 => self.rng.pick(&bools).map_or(B::Lit(true), B::Var),
            8 => {
                let x = self.leaf();
                B::Floats(">", x, F::Lit(0.0))
            }
            9 => B::Not(Box::new(self.condition(depth - 1))),
            n => {
                let op = if n == 10 { "&&" } else { "||" };
                B::Both(op, Box::new(self.condition(depth - 1)), Box::new(self.condition(depth - 1)))
            }
        }
    }

    /// Arithmetic without control.
    fn simple(&mut self) -> F {
        let x = self.leaf();
        match self.rng.below(4) {
            0 => F::Bin('*', Box::new(x), Box::new(self.leaf())),
            1 => F::Call("sin", vec![x]),
            _ => x,
        }
    }

    /// Something that will not grow.
    pub(super) fn tame(&mut self) -> F {
        let depth = 1 + self.rng.below(2);
        let x = self.float(depth);
        match self.rng.below(if self.loops.is_empty() { 6 } else { 3 }) {
            0 => F::Call("sin", vec![x]),
            1 => F::Call("tanh", vec![x]),
            2 if !self.loops.is_empty() => F::Bin('*', Box::new(F::Lit(0.375)), Box::new(x)),
            _ => x,
        }
    }

    pub(super) fn array(&mut self, dims: &[usize]) -> A {
        let copies: Vec<Id> =
            self.arrays().into_iter().filter(|&id| self.dims(id) == dims && self.copyable(id)).collect();
        if self.rng.chance(35)
            && let Some(id) = self.rng.pick(&copies)
        {
            return A::Copy(id, Vec::new(), self.rng.chance(20));
        }
        if dims.len() == 1 {
            let rows: Vec<Id> = self.arrays().into_iter().filter(|&id| self.dims(id).get(1..) == Some(dims)).collect();
            if self.rng.chance(35)
                && let Some(id) = self.rng.pick(&rows)
                && let Some(i) = self.index(self.dims(id)[0], Some(id))
            {
                return A::Copy(id, vec![i], self.rng.chance(20));
            }
        }
        if self.rng.chance(40) || dims[0] == 0 {
            let x = if self.rng.chance(50) { F::Lit(0.0) } else { self.float(1) };
            return A::Repeat(x, dims.to_vec());
        }
        if dims.len() > 1 {
            return A::Rows((0..dims[0]).map(|_| self.array(&dims[1..])).collect());
        }
        A::List((0..dims[0]).map(|_| self.float(1)).collect())
    }

    pub(super) fn copyable(&self, id: Id) -> bool {
        self.params.get(id) != Some(&Passing::Slice)
    }
}
