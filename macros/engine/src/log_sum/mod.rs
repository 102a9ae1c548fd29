//! Logarithms of sums of exponentials, where the sum overflows or vanishes. Input: a function, before it is differentiated.
//! Output: the same function, of which `l = ln s` has become
//!
//! ```text
//! l = if 1e-150 < s && s < 1e150 { ln s } else { instead(ln s, m + ln Σ cₖ·exp(uₖ - m)) }
//! ```
//!
//! for `s = Σ cₖ·exp(uₖ)`, added up in loops or written out, with `m` the greatest of the `uₖ`. The value is the user's own
//! in both arms; the derivative is that of the shifted sum where that of the other would be `∞/∞` or `0/0`. The loops of the
//! sum run again there, and only there.
//!
//! # What a sum is
//!
//! Sums, differences, multiples and quotients of exponentials, and what loops over ranges carry if each iteration adds such
//! terms to it. What is no exponential counts as `c·exp(0)`. All of it holds for any `m`, whatever a term turns out to be: the
//! rewrite may be useless, but not wrong.
//!
//! # What is left alone
//!
//! Loops that do more than compute; those that are left early; a sum that is in another region than its logarithm
//! (`if s > 0.0 { s.ln() }`); logarithms in more than two others; a sum that is read from an array (`e[i] = x[i].exp()`
//! before); an exponent `u - c` where `c` looks like a shift of the user's own: a maximum, or what a loop or a branch found.
//! What the table of compositions recognises has a derivative of its own.

mod again;
mod fixed;

use crate::analysis::composed::{Composed, composed, is_shift};
use crate::analysis::sums::each_op;
use crate::ir::{End, Func, Header, Inactive, Loop, Op, OpKind, Region, Ty, Val, Width};
use crate::rules::Prim;
use crate::rules::derivative::{ADD, DIV, LN, MUL, NEG, SUB};
use crate::rules::shift::{GREATER, INSTEAD, TERM, WITH_TERM};
use again::runs_again;
use proc_macro2::{Ident, Span};
use quote::quote;
use std::collections::{HashMap, HashSet};
use std::f64::consts::{LOG2_E, LOG10_E};

const EXPONENTIALS: &[&str] = &["exp", "libm::exp", "libm::expf"];

/// Logarithms, and what they are of the natural one.
const LOGARITHMS: &[(&str, Option<f64>)] =
    &[("ln", None), ("libm::log", None), ("libm::logf", None), ("log2", Some(LOG2_E)), ("log10", Some(LOG10_E))];

/// Below every exponent that matters, in every float type.
const LEAST: f64 = -3.4e38;

/// How deep sums are looked into.
const DEPTH: usize = 64;

/// How many logarithms in one another are rewritten: what is in such a one is there three times.
const NESTED: usize = 2;

/// Rewrites the logarithms of a function.
pub fn shift(func: &mut Func) {
    let (mut zeros, mut any) = (HashSet::new(), false);
    each_op(&func.body, &mut |op| match &op.kind {
        OpKind::Const(0.0, _) => zeros.extend(&op.results),
        OpKind::Inactive(code) if code.is_empty_sum() => zeros.extend(&op.results),
        OpKind::Prim(prim, _) => any |= LOGARITHMS.iter().any(|(name, _)| *name == prim.name),
        _ => {}
    });
    // The bounds of a sum are those of one float type.
    if !any || func.width.is_mixed() {
        return;
    }
    let composed = composed(func);
    let mut body = std::mem::replace(&mut func.body, Region { ops: Vec::new(), end: End::Yield(Vec::new()) });
    let mut pass = Pass { func, composed, zeros, sums: HashMap::new(), nested: HashMap::new() };
    pass.fix(&mut body);
    let body = pass.region(body);
    func.body = body;
}

struct Pass<'f> {
    func: &'f mut Func,
    composed: Composed,
    /// Constants that are zero.
    zeros: HashSet<Val>,
    /// Of values that were looked at, whether they are sums of exponentials.
    sums: HashMap<Val, bool>,
    /// Logarithms that were rewritten, and how many of them are in one another.
    nested: HashMap<Val, usize>,
}

/// The operations of a region, by what they define.
struct Scope<'r> {
    ops: &'r [Op],
    defined: HashMap<Val, usize>,
    /// What the loop whose body it is carries.
    carried: Option<Val>,
    outer: Option<&'r Scope<'r>>,
}

impl<'r> Scope<'r> {
    fn new(ops: &'r [Op], carried: Option<Val>, outer: Option<&'r Scope<'r>>) -> Self {
        let results = ops.iter().enumerate().flat_map(|(at, op)| op.results.iter().map(move |&result| (result, at)));
        Scope { ops, defined: results.collect(), carried, outer }
    }

    fn definition(&self, val: Val) -> Option<&'r Op> {
        self.defined.get(&val).map(|&at| &self.ops[at])
    }

    /// The same, further out too.
    fn definition_anywhere(&self, val: Val) -> Option<&'r Op> {
        self.definition(val).or_else(|| self.outer?.definition_anywhere(val))
    }

    /// The body of a loop.
    fn body<'s>(&'s self, of: Carry<'s>) -> Scope<'s> {
        Scope::new(&of.body.body.ops, Some(of.body.params[of.at]), Some(self))
    }
}

/// What a loop carries at a position.
#[derive(Clone, Copy)]
struct Carry<'r> {
    op: &'r Op,
    body: &'r Loop,
    at: usize,
}

impl Carry<'_> {
    fn next(&self) -> Val {
        self.body.body.end.values()[self.at]
    }
}

/// A part of a sum.
#[derive(Clone, Copy)]
enum Term<'r> {
    /// `exp(u)`
    Exponential(Prim, Val),
    /// A sum or a difference.
    Sum(Prim, Val, Val),
    /// A sum of exponentials, its negative, or it times or by something else.
    Multiple(Prim, Val, Option<Val>),
    Loop(Carry<'r>),
    /// What the loop around it carries.
    Carried,
    /// Nothing.
    Zero,
    /// Anything else.
    Other,
}

/// What there is in a sum.
#[derive(Default)]
struct Found<'r> {
    seen: HashSet<Val>,
    terms: usize,
    exponential: Option<Prim>,
    /// The user has shifted an exponent.
    shifted: bool,
    /// The loops beside the logarithm.
    loops: Vec<&'r Op>,
}

/// Where something is made of a sum: for each value of the sum's region what it is there, and what was made.
struct Site<'s> {
    scope: &'s Scope<'s>,
    names: HashMap<Val, Val>,
    made: HashMap<Val, Val>,
    ops: Vec<Op>,
    span: Span,
}

impl Site<'_> {
    fn name(&self, val: Val) -> Val {
        self.names.get(&val).copied().unwrap_or(val)
    }
}

/// What is made of a sum.
#[derive(Clone, Copy)]
enum Making {
    /// The greatest exponent, and of this.
    Greatest(Val),
    /// The sum with exponents that are so much less.
    Shifted { by: Val, exponential: Prim },
}

impl Pass<'_> {
    /// Rewrites a region, the inner ones first. Each loop runs again for one logarithm at most.
    fn region(&mut self, mut region: Region) -> Region {
        for op in &mut region.ops {
            for inner in op.kind.regions_mut() {
                let empty = Region { ops: Vec::new(), end: End::Yield(Vec::new()) };
                *inner = self.region(std::mem::replace(inner, empty));
            }
        }
        region.end = match region.end {
            End::Branch(cond, then, other) => {
                End::Branch(cond, Box::new(self.region(*then)), Box::new(self.region(*other)))
            }
            leaf => leaf,
        };
        let scope = Scope::new(&region.ops, None, None);
        let (mut rewritten, mut taken) = (HashMap::new(), HashSet::new());
        for at in 0..region.ops.len() {
            if let Some(ops) = self.logarithm(&scope, at, &mut taken) {
                rewritten.insert(at, ops);
            }
        }
        if !rewritten.is_empty() {
            let ops = region.ops.into_iter().enumerate();
            region.ops = ops.flat_map(|(at, op)| rewritten.remove(&at).unwrap_or_else(|| vec![op])).collect();
        }
        region
    }

    /// What takes the place of an operation, if it is such a logarithm.
    fn logarithm(&mut self, scope: &Scope<'_>, at: usize, taken: &mut HashSet<Val>) -> Option<Vec<Op>> {
        let op = &scope.ops[at];
        let (OpKind::Prim(logarithm, args), &[result]) = (&op.kind, op.results.as_slice()) else { return None };
        let &(_, factor) = LOGARITHMS.iter().find(|(name, _)| *name == logarithm.name)?;
        if self.composed.contains_key(&result) || !self.is_sum(scope, args[0], DEPTH) {
            return None;
        }
        let mut found = Found::default();
        self.look(scope, args[0], &mut found, DEPTH);
        let exponential = found.exponential?;
        let several = found.terms > 1 || !found.loops.is_empty();
        if found.shifted || !several || !found.loops.iter().all(|l| runs_again(l, scope, at)) {
            return None;
        }
        // A loop that carries two sums may be there twice.
        let loops: HashSet<Val> = found.loops.iter().map(|l| l.results[0]).collect();
        let mut inside = 0;
        for region in found.loops.iter().flat_map(|l| l.kind.regions()) {
            each_op(region, &mut |op| {
                let of = op.results.iter().filter_map(|result| self.nested.get(result)).copied();
                inside = inside.max(of.max().unwrap_or(0));
            });
        }
        if !loops.is_disjoint(taken) || inside >= NESTED {
            return None;
        }
        taken.extend(loops);
        self.nested.insert(result, inside + 1);
        Some(self.branch(scope, (*logarithm, factor), (exponential, args[0]), op))
    }

    fn branch(
        &mut self,
        scope: &Scope<'_>,
        (log, factor): (Prim, Option<f64>),
        (exponential, sum): (Prim, Val),
        op: &Op,
    ) -> Vec<Op> {
        let (low, high) = if self.func.width == Width::F64 { (1e-150, 1e150) } else { (1e-18, 1e18) };
        let mut site = Site { scope, names: HashMap::new(), made: HashMap::new(), ops: Vec::new(), span: op.span };
        let (low, high) = (self.number(low, &mut site), self.number(high, &mut site));
        let names = ["low__", "sum__", "high__"].map(|name| Ident::new(name, Span::mixed_site()));
        let [l, s, h] = &names;
        let tokens = quote!(#l < #s && #s < #h);
        let reads = names.iter().cloned().zip([low, sum, high]).collect();
        let ordinary =
            self.define(OpKind::Inactive(Inactive { reads, ..Inactive::engine(tokens) }), Ty::Bool, &mut site);
        let before = std::mem::take(&mut site.ops);
        let own = self.prim(log, &[sum], &mut site);
        let then = Region { ops: std::mem::take(&mut site.ops), end: End::Yield(vec![own]) };
        let own = self.prim(log, &[sum], &mut site);
        let least = self.number(LEAST, &mut site);
        let by = self.make(&mut site, sum, Making::Greatest(least), DEPTH);
        site.made.clear();
        let shifted = self.make(&mut site, sum, Making::Shifted { by, exponential }, DEPTH);
        // A greatest exponent whose weight is zero leaves nothing of the others.
        let (zero, name) = (self.number(0.0, &mut site), Ident::new("shifted__", Span::mixed_site()));
        let something = quote!(#l < #name);
        let reads = vec![(names[0].clone(), zero), (name, shifted)];
        let something = Inactive { reads, ..Inactive::engine(something) };
        let something = self.define(OpKind::Inactive(something), Ty::Bool, &mut site);
        let sums = std::mem::take(&mut site.ops);
        let shifted = self.prim(natural(log), &[shifted], &mut site);
        let mut whole = self.prim(&ADD, &[shifted, by], &mut site);
        if let Some(factor) = factor {
            let factor = self.number(factor, &mut site);
            whole = self.prim(&MUL, &[whole, factor], &mut site);
        }
        let instead = self.prim(&INSTEAD, &[own, whole], &mut site);
        let some = Region { ops: std::mem::replace(&mut site.ops, sums), end: End::Yield(vec![instead]) };
        let none = Region { ops: Vec::new(), end: End::Yield(vec![own]) };
        let instead = self.define(OpKind::If(something, some, none), Ty::Float, &mut site);
        let other = Region { ops: site.ops, end: End::Yield(vec![instead]) };
        let kind = OpKind::If(ordinary, then, other);
        let mut ops = before;
        ops.push(Op { kind, results: op.results.clone(), span: op.span });
        ops
    }

    /// Whether a value is a sum of exponentials, or of what the loop around it carries.
    fn is_sum(&mut self, scope: &Scope<'_>, val: Val, depth: usize) -> bool {
        if scope.carried == Some(val) {
            return true;
        }
        if let Some(&known) = self.sums.get(&val) {
            return known;
        }
        let (Some(op), Some(depth)) = (scope.definition(val), depth.checked_sub(1)) else { return false };
        let is = match &op.kind {
            OpKind::Prim(prim, _) if EXPONENTIALS.contains(&prim.name) => true,
            OpKind::Prim(prim, args) if [&ADD, &SUB, &MUL].contains(prim) => {
                args.iter().any(|&arg| self.is_sum(scope, arg, depth))
            }
            OpKind::Prim(prim, args) if [&DIV, &NEG].contains(prim) => self.is_sum(scope, args[0], depth),
            OpKind::Loop(_) => carry(op, val).is_some_and(|carry| {
                // What it carries is a sum of what it carries: there has to be something else.
                let body = scope.body(carry);
                let mut found = Found::default();
                self.look(&body, carry.next(), &mut found, depth);
                found.exponential.is_some()
            }),
            _ => false,
        };
        self.sums.insert(val, is);
        is
    }

    fn term<'r>(&mut self, scope: &Scope<'r>, val: Val, depth: usize) -> Term<'r> {
        if scope.carried == Some(val) {
            return Term::Carried;
        }
        if self.zeros.contains(&val) {
            return Term::Zero;
        }
        let Some(op) = scope.definition(val) else { return Term::Other };
        let mut is = |val: Val| self.is_sum(scope, val, depth);
        match &op.kind {
            OpKind::Prim(prim, args) if EXPONENTIALS.contains(&prim.name) => Term::Exponential(prim, args[0]),
            OpKind::Prim(prim, args) if [&ADD, &SUB].contains(prim) && (is(args[0]) || is(args[1])) => {
                Term::Sum(prim, args[0], args[1])
            }
            OpKind::Prim(prim, args) if prim == &&MUL && is(args[1]) => Term::Multiple(prim, args[1], Some(args[0])),
            OpKind::Prim(prim, args) if [&MUL, &DIV, &NEG].contains(prim) && is(args[0]) => {
                Term::Multiple(prim, args[0], args.get(1).copied())
            }
            OpKind::Loop(_) if is(val) => carry(op, val).map_or(Term::Other, Term::Loop),
            _ => Term::Other,
        }
    }

    /// Looks through a sum.
    fn look<'r>(&mut self, scope: &Scope<'r>, val: Val, found: &mut Found<'r>, depth: usize) {
        let Some(depth) = depth.checked_sub(1).filter(|_| found.seen.insert(val)) else { return };
        match self.term(scope, val, depth) {
            Term::Exponential(prim, exponent) => {
                found.terms += 1;
                found.exponential = Some(prim);
                found.shifted |= is_shifted(scope, exponent);
            }
            Term::Sum(_, a, b) => {
                self.look(scope, a, found, depth);
                self.look(scope, b, found, depth);
            }
            Term::Multiple(_, sum, _) => self.look(scope, sum, found, depth),
            Term::Loop(carry) => {
                found.loops.push(carry.op);
                self.look(scope, carry.body.init[carry.at], found, depth);
                let mut inside = Found::default();
                self.look(&scope.body(carry), carry.next(), &mut inside, depth);
                found.terms += inside.terms;
                found.shifted |= inside.shifted;
                found.exponential = found.exponential.or(inside.exponential);
            }
            Term::Other => found.terms += 1,
            Term::Carried | Term::Zero => {}
        }
    }

    /// Makes something of a sum.
    fn make(&mut self, site: &mut Site<'_>, val: Val, making: Making, depth: usize) -> Val {
        if let Some(&made) = site.made.get(&val) {
            // It counts already.
            return if let Making::Greatest(so_far) = making { so_far } else { made };
        }
        let (term, depth) = match depth.checked_sub(1) {
            Some(depth) => (self.term(site.scope, val, depth), depth),
            None => (Term::Other, 0),
        };
        let made = match making {
            Making::Greatest(so_far) => self.greatest(site, (val, term), so_far, depth),
            Making::Shifted { by, exponential } => self.shifted(site, (val, term), (by, exponential), depth),
        };
        site.made.insert(val, made);
        made
    }

    fn greatest(&mut self, site: &mut Site<'_>, (val, term): (Val, Term<'_>), so_far: Val, depth: usize) -> Val {
        match term {
            Term::Exponential(_, exponent) => {
                let exponent = site.name(exponent);
                self.prim(&GREATER, &[so_far, exponent], site)
            }
            Term::Sum(_, a, b) => {
                let so_far = self.make(site, a, Making::Greatest(so_far), depth);
                self.make(site, b, Making::Greatest(so_far), depth)
            }
            Term::Multiple(_, sum, _) => self.make(site, sum, Making::Greatest(so_far), depth),
            Term::Loop(carry) => {
                let start = self.make(site, carry.body.init[carry.at], Making::Greatest(so_far), depth);
                self.again(site, carry, start, ("greatest", Making::Greatest), depth)
            }
            Term::Other => {
                let (own, zero) = (site.name(val), self.number(0.0, site));
                self.prim(&WITH_TERM, &[so_far, zero, own], site)
            }
            Term::Carried | Term::Zero => so_far,
        }
    }

    fn shifted(
        &mut self,
        site: &mut Site<'_>,
        (val, term): (Val, Term<'_>),
        (by, exponential): (Val, Prim),
        depth: usize,
    ) -> Val {
        let making = Making::Shifted { by, exponential };
        match term {
            Term::Exponential(prim, exponent) => {
                let exponent = site.name(exponent);
                let difference = self.prim(&SUB, &[exponent, by], site);
                self.prim(prim, &[difference], site)
            }
            Term::Sum(prim, a, b) => {
                let (a, b) = (self.make(site, a, making, depth), self.make(site, b, making, depth));
                self.prim(prim, &[a, b], site)
            }
            Term::Multiple(prim, sum, other) => {
                let mut args = vec![self.make(site, sum, making, depth)];
                args.extend(other.map(|other| site.name(other)));
                self.prim(prim, &args, site)
            }
            Term::Loop(carry) => {
                let start = self.make(site, carry.body.init[carry.at], making, depth);
                self.again(site, carry, start, ("shifted", |_| making), depth)
            }
            Term::Zero => site.name(val),
            // What is carried was made where the body begins.
            Term::Carried | Term::Other => {
                let (own, less) = (site.name(val), self.prim(&NEG, &[by], site));
                let (factor, zero) = (self.prim(exponential, &[less], site), self.number(0.0, site));
                self.prim(&TERM, &[own, factor, zero], site)
            }
        }
    }

    fn define(&mut self, kind: OpKind, ty: Ty, site: &mut Site<'_>) -> Val {
        let val = self.func.val(ty, None, site.span);
        site.ops.push(Op { kind, results: vec![val], span: site.span });
        val
    }

    fn number(&mut self, value: f64, site: &mut Site<'_>) -> Val {
        self.define(OpKind::Const(value, None), Ty::Float, site)
    }

    fn prim(&mut self, prim: Prim, args: &[Val], site: &mut Site<'_>) -> Val {
        self.define(OpKind::Prim(prim, args.to_vec()), Ty::Float, site)
    }
}

/// What a loop carries there, if it runs over a range to its end.
fn carry(op: &Op, val: Val) -> Option<Carry<'_>> {
    let OpKind::Loop(body) = &op.kind else { return None };
    let at = op.results.iter().position(|&result| result == val)?;
    let whole = matches!(body.header, Header::Range(_)) && matches!(body.body.end, End::Continue(_));
    whole.then_some(Carry { op, body, at })
}

/// Whether an exponent looks as if it had been shifted by the user.
fn is_shifted(scope: &Scope<'_>, exponent: Val) -> bool {
    let Some(OpKind::Prim(prim, args)) = scope.definition(exponent).map(|op| &op.kind) else { return false };
    prim == &&SUB && scope.definition_anywhere(args[1]).is_some_and(|op| is_shift(&op.kind))
}

/// The natural logarithm of the same library.
fn natural(logarithm: Prim) -> Prim {
    match logarithm.name {
        "log2" | "log10" => &LN,
        _ => logarithm,
    }
}
