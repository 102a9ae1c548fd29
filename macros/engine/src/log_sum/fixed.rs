//! Sums of exponentials that the user has shifted. `m + ln Σ cₖ·exp(uₖ - m)` is the same whatever `m` is. Input: a function.
//! Output: the same function, in which that `m` is a constant: what it is made of is not differentiated for nothing, and the
//! rounding of as many terms as the sum has does not add up to a derivative by `m`, which would be the greatest exponent's.
//!
//! It has to be the same `m` in every exponent, nothing else may read what is between them and the end, and in that
//! `m` and the logarithm are added up: `x - m - ln s`, too.

use super::{LOGARITHMS, Pass, Scope, Term};
use crate::analysis::sums::each_op;
use crate::ir::{End, Op, OpKind, Region, Ty, Val};
use crate::rules::derivative::{ADD, NEG, SUB};
use crate::rules::shift::CONSTANT;
use std::collections::HashMap;

/// How far `m` may be from the logarithm.
const DISTANCE: usize = 64;

/// How deep sums are looked into.
const DEPTH: usize = 64;

/// What is found in a function.
#[derive(Default)]
struct Found {
    /// How often each value is read.
    readers: HashMap<Val, usize>,
    /// The operations that shall have a constant in place of an operand, or of the subtrahend of their operand.
    fixed: HashMap<Val, Place>,
}

/// Where an `m` is.
#[derive(Clone, Copy)]
enum Place {
    /// An operand of a sum or a difference.
    Operand(usize),
    /// In the exponent `u - m`.
    Exponent { u: Val, m: Val },
}

/// The exponentials of a sum, and what all of them are shifted by.
#[derive(Default)]
struct Exponents {
    of: Vec<(Val, Val)>,
    by: Option<Val>,
}

impl Pass<'_> {
    /// Makes the shifts of a function constant.
    pub(super) fn fix(&mut self, body: &mut Region) {
        let mut found = Found::default();
        let mut count = |val: Val| *found.readers.entry(val).or_default() += 1;
        let leaves = |region: &Region, count: &mut dyn FnMut(Val)| {
            region.leaves(&mut |leaf| leaf.values().iter().for_each(|&val| count(val)));
        };
        leaves(body, &mut count);
        each_op(body, &mut |op| {
            op.kind.reads(&mut count);
            op.kind.regions().into_iter().for_each(|region| leaves(region, &mut count));
        });
        self.find(body, &mut found);
        if !found.fixed.is_empty() {
            self.put(body, &found.fixed);
        }
    }

    fn find(&mut self, region: &Region, found: &mut Found) {
        region.ops.iter().flat_map(|op| op.kind.regions()).for_each(|inner| self.find(inner, found));
        if let End::Branch(_, then, other) = &region.end {
            self.find(then, found);
            self.find(other, found);
        }
        let scope = Scope::new(&region.ops, None, None);
        for (at, op) in region.ops.iter().enumerate() {
            let (OpKind::Prim(logarithm, args), &[result]) = (&op.kind, op.results.as_slice()) else { continue };
            let natural = LOGARITHMS.iter().any(|(name, factor)| *name == logarithm.name && factor.is_none());
            if !natural || !self.is_sum(&scope, args[0], DEPTH) {
                continue;
            }
            let mut exponents = Exponents::default();
            if !self.exponents(&scope, args[0], found, &mut exponents, DEPTH) {
                continue;
            }
            let end = exponents.by.and_then(|m| Some((m, found.end(&scope, at, (result, m))?)));
            let Some((m, (end, operand))) = end.filter(|(_, (end, _))| !self.composed.contains_key(end)) else {
                continue;
            };
            found.fixed.insert(end, Place::Operand(operand));
            found.fixed.extend(exponents.of.iter().map(|&(exp, u)| (exp, Place::Exponent { u, m })));
        }
    }

    /// The exponentials of a sum, if it has nothing else, and nothing else reads it.
    fn exponents(
        &mut self,
        scope: &Scope<'_>,
        val: Val,
        found: &Found,
        exponents: &mut Exponents,
        depth: usize,
    ) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let term = self.term(scope, val, depth);
        if !matches!(term, Term::Zero) && !found.is_read_once(val) {
            return false;
        }
        match term {
            Term::Exponential(_, exponent) => {
                let Some(OpKind::Prim(prim, args)) = scope.definition_anywhere(exponent).map(|op| &op.kind) else {
                    return false;
                };
                exponents.of.push((val, args[0]));
                prim == &&SUB && *exponents.by.get_or_insert(args[1]) == args[1]
            }
            Term::Sum(_, a, b) => {
                self.exponents(scope, a, found, exponents, depth) && self.exponents(scope, b, found, exponents, depth)
            }
            Term::Multiple(_, sum, _) => self.exponents(scope, sum, found, exponents, depth),
            Term::Loop(carry) => {
                self.exponents(scope, carry.body.init[carry.at], found, exponents, depth)
                    && self.exponents(&scope.body(carry), carry.next(), found, exponents, depth)
            }
            Term::Carried | Term::Zero => true,
            Term::Other => false,
        }
    }

    fn put(&mut self, region: &mut Region, fixed: &HashMap<Val, Place>) {
        let mut ops = Vec::with_capacity(region.ops.len());
        for mut op in std::mem::take(&mut region.ops) {
            op.kind.regions_mut().into_iter().for_each(|inner| self.put(inner, fixed));
            let place = op.results.first().and_then(|result| fixed.get(result));
            if let (Some(&place), OpKind::Prim(_, args)) = (place, &mut op.kind) {
                let mut define = |prim, args| {
                    let val = self.func.val(Ty::Float, None, op.span);
                    ops.push(Op { kind: OpKind::Prim(prim, args), results: vec![val], span: op.span });
                    val
                };
                match place {
                    Place::Operand(k) => args[k] = define(&CONSTANT, vec![args[k]]),
                    Place::Exponent { u, m } => {
                        let m = define(&CONSTANT, vec![m]);
                        args[0] = define(&SUB, vec![u, m]);
                    }
                }
            }
            ops.push(op);
        }
        region.ops = ops;
        if let End::Branch(_, then, other) = &mut region.end {
            self.put(then, fixed);
            self.put(other, fixed);
        }
    }
}

impl Found {
    fn is_read_once(&self, val: Val) -> bool {
        self.readers.get(&val) == Some(&1)
    }

    /// The operation after this one in which `m` is added to what it computed, or to what was made of that by sums and
    /// differences; and which operand `m` is.
    fn end(&self, scope: &Scope<'_>, at: usize, (logarithm, m): (Val, Val)) -> Option<(Val, usize)> {
        let (mut val, mut positive) = (logarithm, true);
        for op in scope.ops[at + 1..].iter().take(DISTANCE) {
            let OpKind::Prim(prim, args) = &op.kind else { continue };
            let Some(k) = args.iter().position(|arg| *arg == val) else { continue };
            if !self.is_read_once(val) || ![&ADD, &SUB, &NEG].contains(prim) {
                return None;
            }
            // The sign of the logarithm in the result, and that of the other operand.
            positive ^= prim == &&NEG || (prim == &&SUB && k == 1);
            val = op.results[0];
            if let Some(&other) = args.get(1 - k) {
                let added = prim != &&SUB || k == 1;
                if other == m && added == positive {
                    return Some((val, 1 - k));
                }
                if let Some(place) = self.within(scope, other, (m, added == positive), DEPTH) {
                    return Some(place);
                }
            }
        }
        None
    }

    /// The operation by which `m` is added to what gives a value, or subtracted from it.
    fn within(&self, scope: &Scope<'_>, val: Val, (m, added): (Val, bool), depth: usize) -> Option<(Val, usize)> {
        let OpKind::Prim(prim, args) = &scope.definition(val)?.kind else { return None };
        let depth = depth.checked_sub(1).filter(|_| self.is_read_once(val) && [&ADD, &SUB, &NEG].contains(prim))?;
        args.iter().enumerate().find_map(|(k, &arg)| {
            let added = added ^ (prim == &&NEG || (prim == &&SUB && k == 1));
            if arg == m && added { Some((val, k)) } else { self.within(scope, arg, (m, added), depth) }
        })
    }
}
