//! A function in which no decision is made on numbers, so that its derivatives depend on whatever they may depend on. Input: a
//! function. Output: one of which each derivative has the nonzeros of the function's on every way through it, and perhaps more; or
//! where there is none.
//!
//! Both arms of a branch on a number are run, and what they make is added up: the tangent of a sum depends on what either
//! depends on. What an arm would write is added to what is there. Values are nobody's any more, and what is asserted of
//! them is left out. An index, a length or the number of iterations that depends on numbers has no such form.
//!
//! Numbers are all floats, whether in `wrt` or not. Lengths and integers are those that the function is called with.

use super::guarded::{self, bounded, exists, of_one_length};
use crate::ir::{
    Arg, Call, Companion, Dim, End, Func, Header, Inactive, Init, Loop, Op, OpKind, Part, Passing, Region, Storage, Ty,
    Val,
};
use crate::rules::derivative::{ADD, MUL};
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;
use std::collections::HashSet;

/// Where there is no such function, and why.
pub struct Refusal {
    /// The place.
    pub span: Span,
    /// What depends on numbers there.
    pub what: &'static str,
}

/// What is refused of code in an arm of a branch on numbers.
const MAY_PANIC: &str = "this may panic, and whether it runs";

type Joined<T> = Result<T, Refusal>;

/// Joins what depends on numbers.
///
/// # Errors
///
/// Where something depends on numbers that has no such form.
pub fn joined(func: &Func) -> Joined<Func> {
    let indices = guarded::indices(func);
    let mut joiner =
        Joiner { func: func.clone(), numbers: HashSet::new(), indices, unsure: false, span: Span::call_site() };
    let body = joiner.region(&func.body)?;
    joiner.func.body = body;
    Ok(joiner.func)
}

struct Joiner {
    func: Func,
    /// Values that are no floats and depend on some.
    numbers: HashSet<Val>,
    /// Values that are indices.
    indices: HashSet<Val>,
    /// Whether it depends on numbers that what is looked at is run.
    unsure: bool,
    span: Span,
}

/// How a region is left.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Exit {
    Yield,
    Continue,
    Break,
}

impl Exit {
    fn of(end: &End) -> Option<Self> {
        match end {
            End::Yield(_) => Some(Exit::Yield),
            End::Continue(_) => Some(Exit::Continue),
            End::Break(_) => Some(Exit::Break),
            End::Branch(_, then, other) => {
                let exit = Exit::of(&then.end)?;
                (Exit::of(&other.end)? == exit).then_some(exit)
            }
        }
    }

    fn with(self, vals: Vec<Val>) -> End {
        match self {
            Exit::Yield => End::Yield(vals),
            Exit::Continue => End::Continue(vals),
            Exit::Break => End::Break(vals),
        }
    }
}

/// The same region, of which something is yielded.
fn yielding(mut region: Region) -> Region {
    region.end = match region.end {
        End::Yield(vals) | End::Continue(vals) | End::Break(vals) => End::Yield(vals),
        End::Branch(cond, then, other) => End::Branch(cond, Box::new(yielding(*then)), Box::new(yielding(*other))),
    };
    region
}

impl Joiner {
    fn refuse<T>(&self, what: &'static str) -> Joined<T> {
        Err(Refusal { span: self.span, what })
    }

    fn depends(&self, val: Val) -> bool {
        self.func.info(val).ty == Ty::Float || self.numbers.contains(&val)
    }

    fn code_depends(&self, code: &Inactive) -> bool {
        let mut depends = reads_numbers(code);
        code.each_read(&mut |val| depends |= self.depends(val));
        depends
    }

    fn region(&mut self, region: &Region) -> Joined<Region> {
        let mut ops = Vec::new();
        for op in &region.ops {
            self.op(op, &mut ops)?;
        }
        let end = match &region.end {
            End::Branch(cond, then, other) if self.depends(*cond) => {
                let exit = match (Exit::of(&then.end), Exit::of(&other.end)) {
                    (Some(one), Some(two)) if one == two => one,
                    _ => return self.refuse("how often this loop runs"),
                };
                let mut count = 0;
                then.leaves(&mut |leaf| count = leaf.values().len());
                let arms = [then, other].map(|arm| yielding(Region::clone(arm)));
                let vals = self.both(&arms, &vec![None; count], &mut ops)?;
                exit.with(vals)
            }
            End::Branch(cond, then, other) => {
                End::Branch(*cond, Box::new(self.region(then)?), Box::new(self.region(other)?))
            }
            leaf => leaf.clone(),
        };
        Ok(Region { ops, end })
    }

    /// Runs both arms, one after the other, and adds up what they yield.
    fn both(&mut self, arms: &[Region; 2], results: &[Option<Val>], ops: &mut Vec<Op>) -> Joined<Vec<Val>> {
        let outside = std::mem::replace(&mut self.unsure, true);
        let mut yielded: Vec<Vec<Val>> = Vec::new();
        for arm in arms {
            let arm = self.region(arm)?;
            let mut of = Vec::new();
            arm.leaves(&mut |leaf| of = leaf.values().to_vec());
            if of.iter().any(|val| !matches!(self.func.info(*val).ty, Ty::Float | Ty::Bool)) {
                return self.refuse("what is no float here");
            }
            let types: Vec<Ty> = of.iter().map(|val| self.func.info(*val).ty).collect();
            let always = self.func.val(Ty::Bool, None, self.span);
            ops.push(self.op_of(OpKind::Inactive(Inactive::engine(quote!(true))), vec![always]));
            let zeros: Vec<Val> = types.iter().map(|ty| self.func.val(*ty, None, self.span)).collect();
            let nothing = zeros.iter().map(|&zero| {
                let kind = match self.func.info(zero).ty {
                    Ty::Float => OpKind::Const(0.0, None),
                    _ => OpKind::Inactive(Inactive::engine(quote!(false))),
                };
                self.op_of(kind, vec![zero])
            });
            let nothing = Region { ops: nothing.collect(), end: End::Yield(zeros) };
            // Of a condition, one is as good as the other: nothing is decided by it.
            let of_first = |k: usize| results[k].filter(|_| yielded.is_empty() && types[k] == Ty::Bool);
            let found: Vec<Val> = (0..types.len())
                .map(|k| of_first(k).unwrap_or_else(|| self.func.val(types[k], None, self.span)))
                .collect();
            ops.push(self.op_of(OpKind::If(always, arm, nothing), found.clone()));
            yielded.push(found);
        }
        self.unsure = outside;
        let mut sums = Vec::new();
        for (k, result) in results.iter().enumerate() {
            if self.func.info(yielded[0][k]).ty == Ty::Bool {
                self.numbers.insert(yielded[0][k]);
                sums.push(yielded[0][k]);
                continue;
            }
            let sum = result.unwrap_or_else(|| self.func.val(Ty::Float, None, self.span));
            ops.push(self.op_of(OpKind::Prim(&ADD, vec![yielded[0][k], yielded[1][k]]), vec![sum]));
            sums.push(sum);
        }
        Ok(sums)
    }

    fn op_of(&self, kind: OpKind, results: Vec<Val>) -> Op {
        Op { kind, results, span: self.span }
    }

    fn float(&mut self, kind: OpKind, ops: &mut Vec<Op>) -> Val {
        let val = self.func.val(Ty::Float, None, self.span);
        ops.push(self.op_of(kind, vec![val]));
        val
    }

    fn op(&mut self, op: &Op, ops: &mut Vec<Op>) -> Joined<()> {
        self.span = op.span;
        let mut found = false;
        op.kind.parts(&mut |part| found |= part.vals().any(|val| self.depends(val)));
        if found {
            return self.refuse("an index or the end of a slice");
        }
        let op = if self.unsure { &bounded(&mut self.func, op, ops) } else { op };
        match &op.kind {
            OpKind::If(cond, then, other) if self.depends(*cond) => {
                let results: Vec<Option<Val>> = op.results.iter().copied().map(Some).collect();
                self.both(&[then.clone(), other.clone()], &results, ops)?;
            }
            OpKind::If(cond, then, other) => {
                let arms = [self.region(then)?, self.region(other)?];
                for arm in &arms {
                    let mut yielded = Vec::new();
                    arm.leaves(&mut |leaf| yielded.extend(leaf.values().iter().copied().enumerate()));
                    for (k, val) in yielded {
                        if self.numbers.contains(&val) {
                            self.numbers.extend(op.results.get(k));
                        }
                    }
                }
                let [then, other] = arms;
                ops.push(Op { kind: OpKind::If(*cond, then, other), ..op.clone() });
            }
            OpKind::Loop(l) => {
                let looped = self.a_loop(l)?;
                ops.push(Op { kind: OpKind::Loop(Box::new(looped)), ..op.clone() });
            }
            OpKind::Inactive(code) => self.code(op, code, ops)?,
            OpKind::Call(call) => self.call(op, call, ops)?,
            kind if self.unsure => self.write(op, kind, ops)?,
            OpKind::Resize(_, n) if self.depends(*n) => return self.refuse("the length of a `Vec`"),
            _ => ops.push(op.clone()),
        }
        Ok(())
    }

    fn a_loop(&mut self, l: &Loop) -> Joined<Loop> {
        let depends = match &l.header {
            Header::Range(range) => range.vals().any(|val| self.depends(val)),
            Header::Iterator { code, .. } => self.code_depends(code),
            Header::Forever => false,
        };
        if depends {
            return self.refuse("how often this loop runs");
        }
        let mut header = l.header.clone();
        if let Header::Iterator { code, .. } = &mut header
            && self.unsure
        {
            match guarded::code(&self.func, &self.indices, &[], code) {
                Some(guarded) => *code = guarded,
                None => return self.refuse(MAY_PANIC),
            }
        }
        Ok(Loop { header, body: self.region(&l.body)?, ..l.clone() })
    }

    fn code(&mut self, op: &Op, code: &Inactive, ops: &mut Vec<Op>) -> Joined<()> {
        let depends = self.code_depends(code);
        if code.pure {
            if depends {
                self.numbers.extend(&op.results);
            }
        } else if crate::analysis::once::is_assertion(code) {
            // It would be asserted of other values.
            if depends || self.unsure {
                return Ok(());
            }
        } else if depends || (self.unsure && code.pattern.is_none()) {
            return self.refuse("what this code does");
        }
        if !self.unsure {
            ops.push(op.clone());
            return Ok(());
        }
        let guarded = guarded::code(&self.func, &self.indices, &op.results, code);
        let Some(code) = guarded.or_else(|| self.undecided(op).filter(|_| depends)) else {
            return self.refuse(MAY_PANIC);
        };
        ops.push(Op { kind: OpKind::Inactive(code), ..op.clone() });
        Ok(())
    }

    /// Something in the place of a decision about numbers: nothing is decided by it, for either arm is run.
    fn undecided(&self, op: &Op) -> Option<Inactive> {
        let (&[result], OpKind::Inactive(Inactive { pattern: None, .. })) = (op.results.as_slice(), &op.kind) else {
            return None;
        };
        match self.func.info(result).ty {
            Ty::Bool => Some(Inactive::engine(quote!(false))),
            Ty::Index => Some(Inactive::engine(quote!(0_usize))),
            _ => None,
        }
    }

    /// A function may do anything with its arguments.
    fn call(&mut self, op: &Op, call: &Call, ops: &mut Vec<Op>) -> Joined<()> {
        let (&[result], Companion::Value) = (op.results.as_slice(), &call.companion) else {
            return self.refuse("what is called");
        };
        if self.func.info(result).ty != Ty::Float {
            return self.refuse("what is called");
        }
        let mut sum = self.float(OpKind::Const(0.0, None), ops);
        for arg in &call.args {
            let term = match arg {
                Arg::Float(val) => *val,
                Arg::Part(_, Passing::Mutable) => return self.refuse("what is called"),
                Arg::Part(part, _) if self.func.holds_structs(part) => return self.refuse("what is called"),
                Arg::Part(part, _) => self.float(OpKind::SumOf(part.clone()), ops),
                Arg::Receiver(code) if !code.places.is_empty() => return self.refuse("what is called"),
                Arg::Receiver(_) | Arg::Inactive(_) => continue,
            };
            sum = self.float(OpKind::Prim(&ADD, vec![sum, term]), ops);
        }
        ops.push(Op { kind: OpKind::Prim(&MUL, vec![sum, sum]), ..op.clone() });
        Ok(())
    }

    /// What is written in an arm that may not be run is added.
    fn write(&mut self, op: &Op, kind: &OpKind, ops: &mut Vec<Op>) -> Joined<()> {
        match kind {
            // What is not there is zero.
            OpKind::Load(part) => {
                let Some(cond) = exists(&mut self.func, part, self.span, ops) else {
                    ops.push(op.clone());
                    return Ok(());
                };
                let (mut loaded, mut nothing) = (Vec::new(), Vec::new());
                let found = self.float(OpKind::Load(part.clone()), &mut loaded);
                let zero = self.float(OpKind::Const(0.0, None), &mut nothing);
                let arm = |ops: Vec<Op>, val: Val| Region { ops, end: End::Yield(vec![val]) };
                ops.push(Op { kind: OpKind::If(cond, arm(loaded, found), arm(nothing, zero)), ..op.clone() });
            }
            OpKind::Store(part, val) => {
                let mut done = Vec::new();
                let before = self.float(OpKind::Load(part.clone()), &mut done);
                let sum = self.float(OpKind::Prim(&ADD, vec![before, *val]), &mut done);
                done.push(Op { kind: OpKind::Store(part.clone(), sum), ..op.clone() });
                let cond = exists(&mut self.func, part, self.span, ops);
                self.only_if(cond, done, ops);
            }
            OpKind::Copy(to, from) if to.place != from.place && self.may_add(to) && !self.func.holds_structs(to) => {
                let add = Op { kind: OpKind::AddScaled(to.clone(), from.clone(), None), ..op.clone() };
                let cond = of_one_length(&mut self.func, [to, from], op.span, ops);
                self.only_if(Some(cond), vec![add], ops);
            }
            OpKind::Alloc(place, Init::Copy(from))
                if Dim::all_fixed(&self.func.place_info(*place).dims) && !self.func.fixed(from) =>
            {
                return self.refuse(MAY_PANIC);
            }
            OpKind::Copy(..) | OpKind::Fill(..) => return self.refuse("what this copies"),
            OpKind::Grow(..) | OpKind::Append(..) | OpKind::Shrink(_) | OpKind::Resize(..) | OpKind::Reshape(..) => {
                return self.refuse("the length of a `Vec`");
            }
            _ => ops.push(op.clone()),
        }
        Ok(())
    }

    /// Does something where it is possible.
    fn only_if(&self, cond: Option<Val>, done: Vec<Op>, ops: &mut Vec<Op>) {
        let Some(cond) = cond else { return ops.extend(done) };
        let arm = |ops: Vec<Op>| Region { ops, end: End::Yield(Vec::new()) };
        ops.push(self.op_of(OpKind::If(cond, arm(done), arm(Vec::new())), Vec::new()));
    }

    /// Whether there is something to add to: what a function returns begins empty, if its length is not known.
    fn may_add(&self, to: &Part) -> bool {
        let place = self.func.place_info(to.place);
        place.storage != Storage::Result || Dim::all_fixed(&place.dims)
    }
}

/// Whether code reads more of the arrays that it mentions than their lengths.
fn reads_numbers(code: &Inactive) -> bool {
    code.places.iter().any(|(name, _)| {
        let mut mentions = Mentions::default();
        mentions.look(code.tokens.clone(), &name.to_string());
        // What is not found stands in a literal.
        mentions.lengths == 0 || mentions.others > 0
    })
}

/// How a name is mentioned.
#[derive(Default)]
struct Mentions {
    lengths: usize,
    others: usize,
}

impl Mentions {
    fn look(&mut self, tokens: TokenStream, name: &str) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (k, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.look(group.stream(), name),
                TokenTree::Ident(ident) if ident == name => match tokens.get(k + 1..k + 3) {
                    Some([TokenTree::Punct(dot), TokenTree::Ident(method)])
                        if dot.as_char() == '.' && (method == "len" || method == "is_empty") =>
                    {
                        self.lengths += 1;
                    }
                    _ => self.others += 1,
                },
                _ => {}
            }
        }
    }
}
