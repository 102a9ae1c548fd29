//! Statements: declarations, assignments, branches, loops, exits, and the value at the end.

use super::{Generator, continues, declares, leaves};
use crate::ast::{B, F, I, Id, Kind, Over, Passing, S};

impl Generator<'_> {
    pub(super) fn let_float(&mut self, mutable: bool) -> S {
        let depth = 1 + self.rng.below(2);
        let init = self.float(depth);
        let mutable = mutable || self.rng.chance(45);
        let typed = self.rng.chance(20) || init.literal();
        let id = self.new_var(Kind::Float, mutable);
        self.declare(id);
        S::LetF(id, typed, init)
    }

    pub(super) fn let_int(&mut self, mutable: bool) -> S {
        let typed = self.rng.chance(40);
        let bound = 1 + i64::try_from(self.rng.below(3)).unwrap_or(0);
        let init = match self.rng.below(3) {
            0 => I::Lit(i64::try_from(self.rng.below(usize::try_from(bound).unwrap_or(1))).unwrap_or(0)),
            _ => I::Bin('%', Box::new(self.int(1)), Box::new(I::Lit(bound))),
        };
        let mutable = mutable || self.rng.chance(40);
        let id = self.new_var(Kind::Int, mutable);
        self.vars[id].bound = Some(bound);
        self.declare(id);
        S::LetI(id, typed, init)
    }

    pub(super) fn let_array(&mut self) -> Option<S> {
        let mut shapes: Vec<Vec<usize>> =
            self.arrays().into_iter().filter(|&id| self.copyable(id)).map(|id| self.dims(id)).collect();
        shapes.push(vec![1 + self.rng.below(3)]);
        if self.family.nested > 0 {
            shapes.push(vec![1 + self.rng.below(2), 1 + self.rng.below(2)]);
        }
        let dims = self.rng.pick(&shapes)?;
        let init = self.array(&dims);
        let mutable = self.rng.chance(85);
        let id = self.new_var(Kind::Array(dims), mutable);
        self.declare(id);
        Some(S::LetA(id, init))
    }

    pub(super) fn assign(&mut self) -> Option<S> {
        let id = self.rng.pick(&self.targets(&Kind::Float))?;
        let sum = self.rng.chance(self.family.sums);
        if sum || self.rng.chance(50) {
            let op = if sum { ['+', '-', '+'][self.rng.below(3)] } else { ['+', '-', '*', '*'][self.rng.below(4)] };
            let x = self.tame();
            return Some(S::OpF(id, op, x));
        }
        if self.rng.chance(15) {
            let square = Box::new(F::Powi(Box::new(self.leaf()), 2));
            return Some(S::OpF(id, '/', F::Bin('+', Box::new(F::Lit(1.5)), square)));
        }
        Some(S::SetF(id, self.tame()))
    }

    fn block(&mut self, depth: usize, most: usize) -> Vec<S> {
        self.scopes.push(Vec::new());
        let stmts = self.open_block(depth, most);
        self.scopes.pop();
        stmts
    }

    fn open_block(&mut self, depth: usize, most: usize) -> Vec<S> {
        let mut stmts: Vec<S> = Vec::new();
        for _ in 0..=self.rng.below(most) {
            stmts.extend(self.stmt(depth));
            if stmts.last().is_some_and(leaves) {
                break;
            }
        }
        stmts
    }

    fn exit(&mut self) -> S {
        if self.loops.is_empty() || self.rng.chance(25) {
            return S::Return(self.float(1));
        }
        let inner = self.loops.len() - 1;
        let at = if self.rng.chance(70) { inner } else { self.rng.below(self.loops.len()) };
        let label = self.loops[at];
        let label = if at == inner && self.rng.chance(80) { None } else { label };
        // A loop further out without a label cannot be named.
        if self.rng.chance(50) { S::Break(label) } else { S::Continue(label) }
    }

    pub(super) fn stmt(&mut self, depth: usize) -> Vec<S> {
        self.left = self.left.saturating_sub(1);
        let f = self.family;
        let deep = |weight: usize| if depth > 0 { weight } else { 0 };
        let weights = [
            f.lets,
            f.assign,
            deep(f.branch),
            deep(f.exit),
            deep(f.range),
            deep(f.each),
            deep(f.whiles),
            f.array,
            f.ints,
            deep(f.late),
            deep(f.block),
        ];
        let mut n = self.rng.below(weights.iter().sum());
        let mut kind = 0;
        while n >= weights[kind] {
            n -= weights[kind];
            kind += 1;
        }
        match kind {
            0 => vec![self.let_float(false)],
            1 => self.assign().into_iter().collect(),
            2 => {
                let cond = self.condition(1);
                let then = self.block(depth - 1, 2);
                let other = match self.rng.below(4) {
                    0 | 1 => None,
                    2 => Some(self.block(depth - 1, 2)),
                    _ => {
                        let cond = self.condition(1);
                        let then = self.block(depth - 1, 2);
                        let last = self.rng.chance(60).then(|| self.block(depth - 1, 2));
                        Some(vec![S::If(cond, then, last)])
                    }
                };
                vec![S::If(cond, then, other)]
            }
            3 => self.exiting_if(depth),
            4 => vec![self.range_loop(depth)],
            5 => self.each_loop(depth).into_iter().collect(),
            6 => self.counted_loop(depth),
            7 if self.rng.chance(20) => self.around_a_write().unwrap_or_default(),
            7 => self.array_stmt().into_iter().collect(),
            8 => self.int_stmt().into_iter().collect(),
            9 => self.late(depth),
            _ => vec![S::Block(self.block(depth - 1, 3))],
        }
    }

    /// An `if` of which one arm or both may leave.
    fn exiting_if(&mut self, depth: usize) -> Vec<S> {
        let cond = self.condition(1);
        let arm = |g: &mut Self, leave: bool| {
            g.scopes.push(Vec::new());
            let mut stmts = if g.rng.chance(55) { g.open_block(depth - 1, 2) } else { Vec::new() };
            if leave && !stmts.last().is_some_and(leaves) {
                stmts.push(g.exit());
            }
            g.scopes.pop();
            stmts
        };
        let shape = self.rng.below(10);
        let then = arm(self, shape < 8);
        let other = match shape {
            0..=4 => None,
            5 | 6 => Some(arm(self, false)),
            // Both arms leave only where that is not the end of everything.
            7 if !self.loops.is_empty() && depth < self.family.depth => Some(arm(self, true)),
            _ => Some(arm(self, true)),
        };
        let other = if shape == 7 && !self.rng.chance(30) { None } else { other };
        let stmt = S::If(cond, then, other);
        if leaves(&stmt) && self.loops.is_empty() && depth == self.family.depth {
            // Not as a statement of the function's body: what follows would never run.
            let S::If(cond, then, _) = stmt else { return Vec::new() };
            return vec![S::If(cond, then, None)];
        }
        vec![stmt]
    }

    fn label(&mut self) -> Option<usize> {
        self.rng.chance(35).then(|| {
            self.labels += 1;
            self.labels
        })
    }

    /// The body of a loop, whose variables are declared already.
    fn loop_body(&mut self, depth: usize, label: Option<usize>) -> Vec<S> {
        self.loops.push(label);
        let body = self.open_block(depth - 1, 3);
        self.loops.pop();
        body
    }

    fn range_loop(&mut self, depth: usize) -> S {
        let arrays = self.arrays();
        let mut bound = None;
        let lo = if self.rng.chance(70) { I::Lit(0) } else { self.int(0) };
        let inclusive = self.rng.chance(20);
        let hi = match self.rng.below(4) {
            0 if !arrays.is_empty() => {
                let id = arrays[self.rng.below(arrays.len())];
                bound = i64::try_from(self.dims(id)[0]).ok();
                I::Len(id)
            }
            1 => self.int(1),
            _ => {
                let n = i64::try_from(self.rng.below(4)).unwrap_or(0);
                bound = Some(n);
                I::Lit(n)
            }
        };
        let bound = bound.map(|b| b + i64::from(inclusive));
        let step = self.rng.chance(15).then(|| I::Lit(1 + i64::try_from(self.rng.below(3)).unwrap_or(0)));
        // A range with its end has no length, which a step backwards needs.
        let rev = self.rng.chance(25) && !(inclusive && step.is_some());
        let label = self.label();
        self.scopes.push(Vec::new());
        let index = self.rng.chance(88).then(|| {
            let mutable = self.rng.chance(5);
            let id = self.new_var(Kind::Int, mutable);
            self.vars[id].bound = bound;
            if mutable {
                self.vars[id].bound = bound.map(|b| b.max(3));
            }
            self.declare(id);
            id
        });
        let body = self.loop_body(depth, label);
        self.scopes.pop();
        S::For { index, lo, hi, inclusive, step, rev, label, body }
    }

    fn each_loop(&mut self, depth: usize) -> Option<S> {
        let arrays = self.arrays();
        let of = self.rng.pick(&arrays)?;
        let mutable = self.vars[of].mutable && !self.frozen.contains(&of);
        let by_value = !self.vars[of].reference && self.params.get(of).is_none_or(|&p| p == Passing::Value);
        let over = match self.rng.below(6) {
            0 => Over::Pattern,
            1 => Over::Iter,
            2 if by_value => Over::Value,
            3 if mutable && self.dims(of).len() == 1 => Over::Mut,
            4 => Over::Zip,
            _ => Over::Enumerate,
        };
        let with = self.rng.pick(&arrays)?;
        let label = self.label();
        let kind = |g: &Self, id: Id| match &g.dims(id)[1..] {
            [] => Kind::Float,
            rest => Kind::Array(rest.to_vec()),
        };
        let (frozen, hidden) = (self.frozen.len(), self.hidden.len());
        self.scopes.push(Vec::new());
        let first = self.new_var(kind(self, of), over == Over::Mut);
        self.vars[first].reference = matches!(over, Over::Iter | Over::Mut);
        let second = match over {
            Over::Enumerate => {
                let id = self.new_var(Kind::Int, false);
                self.vars[id].bound = i64::try_from(self.dims(of)[0]).ok();
                id
            }
            Over::Zip => self.new_var(kind(self, with), false),
            _ => first,
        };
        if self.vars[second].name == self.vars[first].name && second != first {
            self.vars[second].name = format!("other{second}");
        }
        self.declare(first);
        if second != first {
            self.declare(second);
        }
        match over {
            Over::Mut => self.hidden.push(of),
            Over::Value => {}
            _ => self.frozen.extend([of, with]),
        }
        let body = self.loop_body(depth, label);
        self.frozen.truncate(frozen);
        self.hidden.truncate(hidden);
        self.scopes.pop();
        Some(S::Each { over, first, second, of, with, label, body })
    }

    /// `while` or `loop`, with a counter.
    fn counted_loop(&mut self, depth: usize) -> Vec<S> {
        let counter = self.new_var(Kind::Int, true);
        let typed = self.rng.chance(50);
        self.declare(counter);
        self.frozen.push(counter);
        let bound = I::Lit(i64::try_from(self.rng.below(5)).unwrap_or(0));
        let label = self.label();
        let forever = self.rng.chance(40);
        let late = self.rng.chance(30);
        let extra = self.rng.chance(45).then(|| self.condition(1));
        self.scopes.push(Vec::new());
        let mut body = self.loop_body(depth, label);
        let count = S::OpI(counter, '+', I::Lit(1));
        let shadowed = declares(&body, &self.vars, &self.vars[counter].name);
        let at = if late && !shadowed && !body.iter().any(continues) && !body.last().is_some_and(leaves) {
            body.len()
        } else {
            0
        };
        body.insert(at, count);
        self.scopes.pop();
        let start = S::LetI(counter, typed, I::Lit(0));
        let test = B::Ints("<", I::Var(counter), bound.clone());
        if forever {
            let mut stop = vec![S::If(B::Ints(">=", I::Var(counter), bound), vec![S::Break(None)], None)];
            stop.append(&mut body);
            return vec![start, S::Loop(label, stop)];
        }
        let cond = match extra {
            Some(extra) => B::Both("&&", Box::new(test), Box::new(extra)),
            None => test,
        };
        vec![start, S::While(cond, label, body)]
    }

    fn int_stmt(&mut self) -> Option<S> {
        let targets = self.targets(&Kind::Int);
        let bools = self.targets(&Kind::Bool);
        match self.rng.below(6) {
            0 | 1 => Some(self.let_int(self.quiet == 0)),
            2 => {
                let cond = self.condition(1);
                let mutable = self.rng.below(2) == 0;
                let id = self.new_var(Kind::Bool, mutable);
                self.declare(id);
                Some(S::LetB(id, cond))
            }
            3 if !bools.is_empty() => {
                let id = bools[self.rng.below(bools.len())];
                Some(S::SetB(id, self.condition(1)))
            }
            _ => {
                let id = self.rng.pick(&targets)?;
                match self.vars[id].bound {
                    None => Some(S::OpI(id, '+', I::Lit(1))),
                    Some(bound) => {
                        let n = self.int(1);
                        let sum =
                            I::Bin('+', Box::new(I::Var(id)), Box::new(I::Bin('+', Box::new(n), Box::new(I::Lit(1)))));
                        Some(S::SetI(id, I::Bin('%', Box::new(sum), Box::new(I::Lit(bound.max(1))))))
                    }
                }
            }
        }
    }

    fn array_stmt(&mut self) -> Option<S> {
        let arrays = self.target_arrays();
        let id = self.rng.pick(&arrays);
        let n = self.rng.below(20);
        let Some(id) = id.filter(|_| n > 2) else { return self.let_array() };
        let dims = self.dims(id);
        Some(match n {
            3..=7 => {
                let x = self.tame();
                S::Store(id, self.full_index(id)?, x)
            }
            8..=12 => {
                let x = self.tame();
                let op = ['+', '-', '*', '+'][self.rng.below(4)];
                S::OpStore(id, self.full_index(id)?, op, x)
            }
            // The array is borrowed while the arguments are evaluated.
            13 if dims.len() == 1 => {
                self.hidden.push(id);
                let x = self.float(1);
                self.hidden.pop();
                S::Fill(id, x)
            }
            14 | 15 if dims.len() == 1 && dims[0] > 0 => {
                let i = self.index(dims[0], None)?;
                let j = self.index(dims[0], None)?;
                S::Swap(id, i, j)
            }
            16 if dims.len() == 2 => {
                let i = self.index(dims[0], Some(id))?;
                S::SetA(id, vec![i], self.array(&dims[1..]))
            }
            17 => return self.let_array(),
            _ => S::SetA(id, Vec::new(), self.array(&dims)),
        })
    }

    /// `let u = a[1]; a[2] = …; let v = u * a[1];`, by numbers, each way in full or through parts of the array.
    fn around_a_write(&mut self) -> Option<Vec<S>> {
        let arrays = self.target_arrays();
        let id = self.rng.pick(&arrays)?;
        let read = self.numbered(id)?;
        let again = if self.rng.chance(50) { read.clone() } else { self.numbered(id)? };
        let before = self.new_var(Kind::Float, false);
        let mut stmts = vec![S::LetF(before, false, F::Elem(id, read))];
        self.declare(before);
        let x = self.tame();
        let write = self.numbered(id)?;
        stmts.push(if self.rng.chance(50) { S::Store(id, write, x) } else { S::OpStore(id, write, '*', x) });
        let product = F::Bin('*', Box::new(F::Var(before)), Box::new(F::Elem(id, again)));
        let after = self.new_var(Kind::Float, false);
        self.declare(after);
        stmts.push(S::LetF(after, false, product));
        Some(stmts)
    }

    /// An element by numbers alone.
    fn numbered(&mut self, id: Id) -> Option<Vec<I>> {
        let dims = self.dims(id);
        let number = |n: usize| i64::try_from(n).ok();
        dims.into_iter()
            .map(|dim| {
                let at = (dim > 0).then(|| self.rng.below(dim))?;
                if self.rng.chance(60) {
                    return Some(I::Lit(number(at)?));
                }
                let lo = self.rng.below(at + 1);
                let hi = self.rng.chance(50).then(|| at + 1 + self.rng.below(dim - at));
                Some(I::Behind(number(lo)?, hi.and_then(number), Box::new(I::Lit(number(at - lo)?))))
            })
            .collect()
    }

    /// `let y; if … { y = …; } else { y = …; }`
    fn late(&mut self, depth: usize) -> Vec<S> {
        let mutable = self.rng.chance(30);
        let typed = self.rng.chance(50);
        let cond = self.condition(1);
        let mut arms = Vec::new();
        for _ in 0..2 {
            self.scopes.push(Vec::new());
            let mut stmts = if self.rng.chance(40) { self.open_block(depth - 1, 2) } else { Vec::new() };
            let value = self.float(1);
            if !stmts.last().is_some_and(leaves) {
                stmts.push(S::SetF(0, value));
            }
            self.scopes.pop();
            arms.push(stmts);
        }
        let id = self.new_var(Kind::Float, mutable);
        self.vars[id].name = format!("late{id}");
        self.declare(id);
        let mut literals = true;
        for arm in &mut arms {
            if let Some(S::SetF(target, x)) = arm.last_mut()
                && *target == 0
            {
                *target = id;
                literals &= x.literal();
            }
        }
        if arms.iter().all(|arm| arm.last().is_some_and(leaves)) {
            return vec![S::LetF(id, true, F::Lit(0.5))];
        }
        let other = arms.pop();
        let then = arms.pop().unwrap_or_default();
        vec![S::Late(id, typed || literals), S::If(cond, then, other)]
    }

    /// The value: something of everything that is in scope.
    pub(super) fn tail(&mut self, depth: usize) -> F {
        let mut sum = self.float(1);
        for id in self.floats() {
            if self.vars[id].mutable || self.rng.chance(40) {
                let x = if self.rng.chance(40) { F::Call("sin", vec![F::Var(id)]) } else { F::Var(id) };
                sum = F::Bin('+', Box::new(sum), Box::new(x));
            }
        }
        for id in self.arrays() {
            if self.vars[id].mutable
                && self.rng.chance(70)
                && let Some(index) = self.full_index(id)
            {
                let weight = self.number();
                let x = F::Bin('*', Box::new(F::Lit(weight)), Box::new(F::Elem(id, index)));
                sum = F::Bin('+', Box::new(sum), Box::new(x));
            }
        }
        match self.rng.below(8) {
            0 => F::Call("sin", vec![sum]),
            1 => F::Call("tanh", vec![sum]),
            2 if self.family.branch > 0 => {
                let cond = self.condition(1);
                self.scopes.push(Vec::new());
                let stmts = self.open_block(depth.saturating_sub(1), 2);
                let mut value = self.float(1);
                if stmts.last().is_some_and(leaves) {
                    value = F::Lit(0.0);
                }
                self.scopes.pop();
                F::If(Box::new(cond), Box::new((stmts, value)), Box::new((Vec::new(), sum)))
            }
            _ => sum,
        }
    }
}
