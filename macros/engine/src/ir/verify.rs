//! Checks the invariants of the IR. Input: a function. Output: what is wrong, as text; nothing if all is well.
//!
//! - Every value is defined once, and read only where its definition has been passed on every way there.
//! - Leaves fit what encloses them, in number.
//! - An index has no more dimensions than its place.

use super::{End, Func, Header, Loop, Op, OpKind, ParamKind, Part, Region, Step, Ty, Val};

/// The first few violations.
#[must_use]
pub fn verify(func: &Func) -> Vec<String> {
    let mut checker =
        Checker { func, defined: vec![false; func.vals.len()], ever: vec![false; func.vals.len()], wrong: Vec::new() };
    let mut params = Vec::new();
    for param in &func.params {
        if let ParamKind::Float(val) = param.kind {
            params.push(val);
        }
    }
    // Inactive parameters are values that no operation defines.
    let named: Vec<Val> = (0..func.vals.len())
        .filter_map(|i| u32::try_from(i).ok().map(Val))
        .filter(|v| func.info(*v).ty == Ty::Other)
        .filter(|v| func.info(*v).name.as_ref().is_some_and(|n| func.params.iter().any(|p| p.name == *n)))
        .collect();
    for val in params.into_iter().chain(named) {
        checker.defined[val.0 as usize] = true;
    }
    checker.region(&func.body, Expect::Yield(None));
    checker.wrong
}

#[derive(Clone, Copy)]
enum Expect {
    Yield(Option<usize>),
    Loop(usize),
}

struct Checker<'f> {
    func: &'f Func,
    defined: Vec<bool>,
    ever: Vec<bool>,
    wrong: Vec<String>,
}

impl Checker<'_> {
    fn complain(&mut self, text: String) {
        if self.wrong.len() < 10 {
            self.wrong.push(text);
        }
    }

    fn define(&mut self, val: Val, scope: &mut Vec<Val>) {
        if self.ever[val.0 as usize] {
            self.complain(format!("{val:?} is defined twice"));
        }
        self.ever[val.0 as usize] = true;
        self.defined[val.0 as usize] = true;
        scope.push(val);
    }

    fn read(&mut self, val: Val, what: &str) {
        if !self.defined[val.0 as usize] {
            self.complain(format!("{val:?} is read by {what} where it is not defined"));
        }
    }

    fn region(&mut self, region: &Region, expect: Expect) {
        let mut scope = Vec::new();
        for op in &region.ops {
            self.op(op, &mut scope);
        }
        match (&region.end, expect) {
            (End::Branch(cond, then, other), _) => {
                self.read(*cond, "a branch");
                self.region(then, expect);
                self.region(other, expect);
            }
            (leaf @ End::Yield(vals), Expect::Yield(n)) => {
                if n.is_some_and(|n| n != vals.len()) {
                    self.complain(format!("{leaf:?} does not yield {n:?} values"));
                }
                vals.iter().for_each(|&v| self.read(v, "a leaf"));
            }
            (leaf @ (End::Continue(vals) | End::Break(vals)), Expect::Loop(n)) => {
                if vals.len() != n {
                    self.complain(format!("{leaf:?} does not carry {n} values"));
                }
                vals.iter().for_each(|&v| self.read(v, "a leaf"));
            }
            (leaf, _) => self.complain(format!("{leaf:?} does not fit its surroundings")),
        }
        for val in scope {
            self.defined[val.0 as usize] = false;
        }
    }

    fn part(&mut self, part: &Part) {
        let mut rank = self.func.place_info(part.place).dims.len();
        for step in &part.path {
            match step {
                Step::At(_) if rank == 0 => self.complain(format!("{part:?} has too many indices")),
                Step::At(_) => rank -= 1,
                Step::Field(field) if rank == 0 => rank = field.rank,
                Step::Field(_) => self.complain(format!("{part:?} has a field of an array")),
                Step::Range(..) | Step::From(_) => {}
            }
        }
    }

    fn op(&mut self, op: &Op, scope: &mut Vec<Val>) {
        let what = name(&op.kind);
        op.kind.reads(&mut |v| self.read(v, what));
        match &op.kind {
            OpKind::Load(p) | OpKind::Store(p, _) | OpKind::Accumulate(p, _) => {
                self.part(p);
                if !self.func.is_number(p) {
                    self.complain(format!("{p:?} is no element"));
                }
            }
            OpKind::Prim(prim, args) if prim.arity != args.len() => {
                self.complain(format!("{prim:?} has {} operands", args.len()));
            }
            OpKind::If(_, then, other) => {
                self.region(then, Expect::Yield(Some(op.results.len())));
                self.region(other, Expect::Yield(Some(op.results.len())));
            }
            OpKind::Loop(l) => self.a_loop(l, op.results.len()),
            _ => {}
        }
        for &val in &op.results {
            self.define(val, scope);
        }
        if let OpKind::Loop(l) = &op.kind
            && let Some(trips) = l.trips
        {
            self.define(trips, scope);
        }
    }

    fn a_loop(&mut self, l: &Loop, results: usize) {
        if l.params.len() != l.init.len() || l.params.len() != results {
            self.complain(format!("a loop carries {} values from {} to {results}", l.params.len(), l.init.len()));
        }
        let mut scope = Vec::new();
        let binds: &[Val] = if let Header::Iterator { binds, .. } = &l.header { binds } else { &[] };
        for &val in l.params.iter().chain(&l.index).chain(binds) {
            self.define(val, &mut scope);
        }
        self.region(&l.body, Expect::Loop(l.params.len()));
        for val in scope {
            self.defined[val.0 as usize] = false;
        }
    }
}

fn name(kind: &OpKind) -> &'static str {
    match kind {
        OpKind::Const(..) => "a constant",
        OpKind::Prim(prim, _) => prim.name,
        OpKind::Inactive(_) => "inactive code",
        OpKind::All(_) => "a conjunction",
        OpKind::Load(_) => "a load",
        OpKind::Store(..) => "a store",
        OpKind::Accumulate(..) => "an accumulation",
        OpKind::Alloc(..) => "an allocation",
        OpKind::Copy(..) => "a copy",
        OpKind::Fill(..) => "a fill",
        OpKind::AddScaled(..) => "a scaled addition",
        OpKind::SumOf(_) => "a sum",
        OpKind::Dot(..) => "a product of arrays",
        OpKind::View(..) => "a view",
        OpKind::Grow(..) => "a push to a `Vec`",
        OpKind::Append(..) => "a push of an array or a struct",
        OpKind::Shrink(_) => "a pop from a `Vec`",
        OpKind::Resize(..) => "a change of length",
        OpKind::Reshape(..) => "a change of shape",
        OpKind::If(..) => "an if",
        OpKind::Loop(_) => "a loop",
        OpKind::Call(_) => "a call",
        OpKind::TapeNew(..) => "a tape",
        OpKind::Reserve(..) => "room on a tape",
        OpKind::Push(..) => "a push",
        OpKind::Pop(..) => "a pop",
    }
}
