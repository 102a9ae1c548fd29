//! When nothing flows to a cotangent: a branch did not use the value, or a loop had no iterations. It is exactly zero then,
//! and nothing flows on, even if a partial is infinite. Input: cotangents, as they come about. Output: guards.
//!
//! Control flow says so, never the cotangent: one that is zero by chance times an infinite partial is no number, and so it
//! stays. What is known of a cotangent is a conjunction of conditions ([`Idle`]). It is written down only where something
//! asks for it: at an operation with a singular partial, and where a region is left in which a condition is at home.
//!
//! | where | nothing flows if |
//! |---|---|
//! | out of an `if` of which one arm uses the value | the other arm was taken |
//! | out of an `if` whose arms may have used it | that of the arm says so (a further result) |
//! | out of a loop whose iterations use it | there were none (a further carried value) |
//! | out of a loop whose iterations may have used it | none did (a further carried value) |
//! | into an iteration, of what is carried | what comes after it does not use it (a further carried value) |
//! | out of a loop, of what it began with | its first iteration overwrites it (a further carried value) |
//! | a sum | nothing flows to any of its terms |
//! | through an operation | nothing flows to its result |

use super::Engine;
use super::builder::Frame;
use super::in_place::Done;
use crate::analysis::sums::each_op;
use crate::build::Build as _;
use crate::ir::{End, Header, Inactive, Loop, Op, OpKind, Region, Ty, Val};
use crate::rules::Prim;
use proc_macro2::Span;
use quote::quote;

/// Why nothing may flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unused {
    /// A loop has no iterations, or this is its last.
    Loop,
    /// A branch does not use the value.
    Branch,
}

/// When nothing flows to a cotangent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Idle {
    /// If all of these are so.
    pub all: Vec<(Val, bool)>,
    /// Why.
    pub why: Unused,
}

impl Idle {
    pub(super) fn when(cond: Val, is: bool, why: Unused) -> Self {
        Idle { all: vec![(cond, is)], why }
    }

    /// When both are idle, if they can be.
    pub(super) fn and(&self, other: &Idle) -> Option<Idle> {
        let mut all = self.all.clone();
        all.extend(other.all.iter().filter(|one| !self.all.contains(one)));
        let contradicts = |&(cond, is): &(Val, bool)| all.contains(&(cond, !is));
        (!all.iter().any(contradicts)).then(|| Idle { why: self.why.max(other.why), all: all.clone() })
    }
}

/// Whether a partial derivative of a primitive can be infinite, or no number, where the function is finite. A product can
/// only if an operand is: that matters where a branch steers clear of it.
fn singular(prim: Prim, why: Unused) -> bool {
    match prim.name {
        "mul" | "exp" | "exp2" | "exp_m1" | "sin" | "cos" => why == Unused::Branch,
        "add" | "sub" | "neg" | "tanh" | "atan" | "abs" | "max" | "min" => false,
        _ => true,
    }
}

fn op(kind: OpKind, result: Val, span: Span) -> Op {
    Op { kind, results: vec![result], span }
}

impl Engine<'_> {
    /// When nothing flows to the result of this primitive, if that matters.
    pub(super) fn guard(&self, prim: Prim, g: Val) -> Option<Idle> {
        self.idle.get(&g).filter(|idle| singular(prim, idle.why)).cloned()
    }

    /// A sum of cotangents.
    pub(super) fn idle_sum(&mut self, sum: Val, terms: [Val; 2]) {
        let idle = terms.map(|term| self.idle.get(&term));
        let both = if let [Some(a), Some(b)] = idle { a.and(b) } else { None };
        match both {
            Some(idle) => self.idle.insert(sum, idle),
            // The sum may be a term, if the other is zero.
            None => self.idle.remove(&sum),
        };
    }

    /// What an operation writes down to say whether nothing flows.
    fn said(idle: Option<&Idle>) -> OpKind {
        let never = || OpKind::Inactive(Inactive::engine(quote!(false)));
        idle.map_or_else(never, |idle| OpKind::All(idle.all.clone()))
    }

    /// Whether nothing flows, as a value where the engine is.
    fn told(&mut self, idle: &Idle) -> Val {
        match idle.all.as_slice() {
            &[(cond, true)] => cond,
            _ => self.define(OpKind::All(idle.all.clone()), Ty::Bool),
        }
    }

    /// When nothing flows out of an `if`, given what flows out of its arms. Returns its further result, if there is one.
    pub(super) fn idle_arms(
        &mut self,
        (cond, flown): (Val, Val),
        arms: [Option<Val>; 2],
        done: [&mut Done; 2],
    ) -> Option<Val> {
        let idle = arms.map(|val| val.map(|val| self.idle.get(&val).cloned()));
        let idle = match idle {
            [Some(None), Some(None)] => return None,
            [None, Some(None)] => Idle::when(cond, true, Unused::Branch),
            [Some(None), None] => Idle::when(cond, false, Unused::Branch),
            // What is known from outside.
            [Some(Some(a)), Some(Some(b))] if a == b => a,
            either => {
                let span = self.span();
                for (idle, done) in either.into_iter().zip(done) {
                    let idle = idle.unwrap_or(Some(Idle { all: Vec::new(), why: Unused::Branch }));
                    if let Some(&[(cond, true)]) = idle.as_ref().map(|idle| idle.all.as_slice()) {
                        done.vals.push(cond);
                        continue;
                    }
                    let said = self.func.val(Ty::Bool, None, span);
                    done.ops.push(op(Self::said(idle.as_ref()), said, span));
                    done.vals.push(said);
                }
                let result = self.func.val(Ty::Bool, None, span);
                self.idle.insert(flown, Idle::when(result, true, Unused::Branch));
                return Some(result);
            }
        };
        self.idle.insert(flown, idle);
        None
    }

    /// Whether a loop has an iteration, so far as is visible.
    pub(super) fn surely_runs(&self, l: &Loop) -> bool {
        matches!(l.header, Header::Forever)
            || self.trips(&l.header).and_then(|n| crate::tokens::integer(&n)).is_some_and(|n| n > 0)
    }

    /// Adds what flows to values, and does what is to be done beside it, unless nothing flows.
    pub(super) fn unless_idle(&mut self, idle: &Idle, flow: impl FnOnce(&mut Self) -> Vec<(Val, Val)>) {
        let span = self.span();
        self.frames.push(Frame { span: Some(span), ..Frame::default() });
        let contributions = flow(self);
        let frame = self.frames.pop().unwrap_or_default();
        for (arg, flown) in self.either(idle, frame.ops, contributions, span) {
            self.add(arg, flown);
        }
    }

    /// Operations that are done unless nothing flows; then zero flows to their targets.
    pub(super) fn either(
        &mut self,
        idle: &Idle,
        ops: Vec<Op>,
        targets: Vec<(Val, Val)>,
        span: Span,
    ) -> Vec<(Val, Val)> {
        let zero = self.func.val(Ty::Float, None, span);
        let skip =
            Region { ops: vec![op(OpKind::Const(0.0, None), zero, span)], end: End::Yield(vec![zero; targets.len()]) };
        let flow = Region { ops, end: End::Yield(targets.iter().map(|(_, flown)| *flown).collect()) };
        let kind = match idle.all.as_slice() {
            &[(cond, false)] => OpKind::If(cond, flow, skip),
            _ => OpKind::If(self.told(idle), skip, flow),
        };
        let flown: Vec<(Val, Val)> = targets
            .into_iter()
            .map(|(target, flown)| {
                let name = self.func.info(flown).name.clone();
                let result = self.func.val(Ty::Float, name, span);
                self.idle.insert(result, idle.clone());
                (target, result)
            })
            .collect();
        let results = flown.iter().map(|(_, result)| *result).collect();
        self.frame().ops.push(Op { kind, results, span });
        flown
    }

    /// When all cotangents of a loop's results are idle because of branches, if nothing else flows into it: then it need not
    /// be swept. Within another loop it is, because of what it has on tapes.
    pub(super) fn skipped(&self, l: &Loop, adjoints: &[Option<Val>]) -> Option<Idle> {
        let mut all: Option<Idle> = None;
        for adjoint in adjoints.iter().flatten() {
            let idle = self.idle.get(adjoint).filter(|idle| idle.why == Unused::Branch)?;
            all = Some(all.map_or_else(|| Some(idle.clone()), |all| all.and(idle))?);
        }
        let outermost = self.nest.is_empty() && self.fused_loops == 0;
        let idle = all.filter(|_| outermost)?;
        let (mut begun, mut written) = (Vec::new(), Vec::new());
        each_op(&l.body, &mut |op| {
            if let OpKind::Alloc(place, _) = op.kind {
                begun.push(place);
            }
            op.kind.places_written(&mut |place| written.push(place));
        });
        written.iter().all(|place| begun.contains(place) || !self.varied.place(*place)).then_some(idle)
    }
}

/// Values that a loop carries beside what the user's carries.
#[derive(Default)]
pub(super) struct Carried {
    /// Before the loop.
    pub begin: Vec<Op>,
    /// Their values there.
    pub init: Vec<Val>,
    /// In the body.
    pub params: Vec<Val>,
    /// At the end of the body.
    pub steps: Vec<Op>,
    /// Their values there.
    pub next: Vec<Val>,
    /// After the loop.
    pub results: Vec<Val>,
}

impl Carried {
    /// What one of them begins with.
    pub(super) fn begin(&mut self, engine: &mut Engine<'_>, kind: OpKind, ty: Ty) -> Val {
        let span = engine.span();
        let init = engine.func.val(ty, None, span);
        self.begin.push(op(kind, init, span));
        init
    }

    /// One that an operation takes to the next iteration. Returns its result.
    pub(super) fn carry(&mut self, engine: &mut Engine<'_>, init: Val, param: Val, step: OpKind) -> Val {
        let span = engine.span();
        let info = engine.func.info(param).clone();
        let [next, result] = [0; 2].map(|_| engine.func.val(info.ty, info.name.clone(), span));
        self.steps.push(op(step, next, span));
        self.init.push(init);
        self.params.push(param);
        self.next.push(next);
        self.results.push(result);
        result
    }

    /// Whether nothing flowed in any iteration, if in each it is idle then. Returns the value after the loop.
    pub(super) fn idle(&mut self, engine: &mut Engine<'_>, each: Option<&Idle>) -> Val {
        let init = self.begin(engine, OpKind::All(Vec::new()), Ty::Bool);
        let param = engine.func.val(Ty::Bool, None, engine.span());
        let step = match each {
            None => Engine::said(None),
            Some(idle) => OpKind::All([(param, true)].into_iter().chain(idle.all.iter().copied()).collect()),
        };
        self.carry(engine, init, param, step)
    }

    /// Whether nothing flowed on from the last iteration that is swept, the loop's first, if something flows into the sweep: it
    /// overwrites what the loop began with. Returns the value after the loop.
    pub(super) fn idle_after(&mut self, engine: &mut Engine<'_>, contribution: Option<Val>) -> Option<(Val, Unused)> {
        let (step, why) = match contribution {
            None => (OpKind::All(Vec::new()), Unused::Branch),
            Some(flown) => engine.idle.get(&flown).map(|idle| (OpKind::All(idle.all.clone()), idle.why))?,
        };
        let init = self.begin(engine, Engine::said(None), Ty::Bool);
        let param = engine.func.val(Ty::Bool, None, engine.span());
        Some((self.carry(engine, init, param, step), why))
    }

    /// Whether nothing flows to what is carried: at first as it is there, then as in the iteration before. `param` says so in
    /// the body. Returns the value after the loop.
    pub(super) fn idle_param(
        &mut self,
        engine: &mut Engine<'_>,
        first: &Idle,
        param: Val,
        contribution: Option<Val>,
    ) -> Val {
        let init = engine.told(first);
        let then = contribution.and_then(|flown| engine.idle.get(&flown).cloned());
        if then.as_ref().is_some_and(|then| then.all == [(param, true)]) {
            engine.alias.insert(param, init);
            return init;
        }
        let step = if contribution.is_none() { OpKind::All(Vec::new()) } else { Engine::said(then.as_ref()) };
        self.carry(engine, init, param, step)
    }
}
