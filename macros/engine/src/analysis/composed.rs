//! Finds the compositions of `rules/compositions.rs`. Input: a function. Output: for each operation that is one, the row and
//! its operands, by which it is differentiated instead of by its own rule.
//!
//! What is in between keeps its own derivative, for whatever else reads it. Every operand was computed before the
//! operation and is still in scope there, because the operation's own operands are made of it.

use crate::analysis::sums::each_op;
use crate::ir::{Func, OpKind, Val};
use crate::rules::Prim;
use crate::rules::compositions::{COMPOSITIONS, Pattern};
use crate::rules::derivative::{ADD, DIV, HYPOT, MAX, MIN, MUL, NEG, POWF, POWI};
use crate::rules::library::row;
use crate::rules::shift::shifts;
use std::collections::HashMap;

/// The compositions of a function.
pub type Composed = HashMap<Val, (Prim, Vec<Val>)>;

/// How many factors a product may have.
const FACTORS: usize = 8;

/// Finds them.
#[must_use]
pub fn composed(func: &Func) -> Composed {
    let mut defined = HashMap::new();
    let mut results = Vec::new();
    each_op(&func.body, &mut |op| {
        if is_shift(&op.kind) {
            defined.extend(op.results.iter().map(|&result| (result, Definition::Shift)));
        }
        let &[result] = op.results.as_slice() else { return };
        let definition = match &op.kind {
            OpKind::Const(number, _) => Some(Definition::Number(*number)),
            OpKind::Inactive(code) => code.integer().map(|n| Definition::Number(n.into())),
            OpKind::Prim(prim, args) => {
                results.push(result);
                Some(Definition::Operation(row(prim), args.clone()))
            }
            _ => None,
        };
        defined.extend(definition.map(|definition| (result, definition)));
    });
    let find = Find { defined: &defined };
    let rows = |val: Val| {
        COMPOSITIONS.iter().find_map(|row| {
            let mut operands = vec![None; row.function.arity];
            let found = find.matches(&row.pattern, val, &mut operands);
            let operands: Option<Vec<Val>> = operands.into_iter().collect();
            operands.filter(|_| found).map(|operands| (&row.function, operands))
        })
    };
    results.into_iter().filter_map(|val| rows(val).map(|row| (val, row))).collect()
}

/// What a value is, as far as patterns ask.
enum Definition {
    /// A constant, or the exponent of `x.powi(2)`.
    Number(f64),
    Operation(Prim, Vec<Val>),
    /// What a loop or a branch found, a call, or code.
    Shift,
}

/// Whether what an operation computes looks as if exponents were shifted by it: a maximum, or what was searched for.
#[must_use]
pub fn is_shift(kind: &OpKind) -> bool {
    match kind {
        OpKind::Prim(prim, _) => shifts(prim),
        OpKind::Loop(_) | OpKind::If(..) | OpKind::Inactive(_) | OpKind::Call(_) => true,
        _ => false,
    }
}

struct Find<'d> {
    defined: &'d HashMap<Val, Definition>,
}

impl Find<'_> {
    fn matches(&self, pattern: &Pattern, val: Val, operands: &mut Vec<Option<Val>>) -> bool {
        match pattern {
            Pattern::Operand(k) => capture(*k, val, operands),
            Pattern::AtHand(k, inner) => self.matches(inner, val, operands) && capture(*k, val, operands),
            Pattern::Number(number) => self.number(val) == Some(*number),
            Pattern::OneOf(patterns) => patterns.iter().any(|p| attempt(operands, |o| self.matches(p, val, o))),
            Pattern::SquareOf(inner) => {
                self.square(val).is_some_and(|root| attempt(operands, |o| self.matches(inner, root, o)))
            }
            Pattern::Shift(k) => {
                let found = match self.defined.get(&val) {
                    Some(Definition::Operation(prim, _)) => shifts(prim),
                    Some(Definition::Shift) => true,
                    _ => false,
                };
                found && capture(*k, val, operands)
            }
            Pattern::Quadratic(factor, k) => match self.quadratic(val) {
                Some((found, root)) => found == *factor && capture(*k, root, operands),
                None => false,
            },
            Pattern::Is(prim, patterns) => {
                let Some(Definition::Operation(found, args)) = self.defined.get(&val) else { return false };
                let in_order = |first: usize, operands: &mut Vec<Option<Val>>| {
                    let n = args.len();
                    patterns.iter().enumerate().all(|(k, p)| self.matches(p, args[(first + k) % n], operands))
                };
                found == prim
                    && args.len() == patterns.len()
                    && (attempt(operands, |o| in_order(0, o))
                        || (commutes(prim) && attempt(operands, |o| in_order(1, o))))
            }
        }
    }

    fn number(&self, val: Val) -> Option<f64> {
        match self.defined.get(&val)? {
            Definition::Number(number) => Some(*number),
            Definition::Operation(prim, args) if prim == &&NEG => match self.defined.get(&args[0])? {
                Definition::Number(number) => Some(-number),
                Definition::Operation(..) | Definition::Shift => None,
            },
            Definition::Operation(..) | Definition::Shift => None,
        }
    }

    /// `x` of `x·x`, `x.powi(2)` and `x.powf(2.0)`.
    fn square(&self, val: Val) -> Option<Val> {
        match self.defined.get(&val)? {
            Definition::Operation(prim, args) if prim == &&MUL && args[0] == args[1] => Some(args[0]),
            Definition::Operation(prim, args) if [&POWI, &POWF].contains(prim) && self.number(args[1]) == Some(2.0) => {
                Some(args[0])
            }
            _ => None,
        }
    }

    /// The number and `x` of a product of numbers, and `x` twice.
    fn quadratic(&self, val: Val) -> Option<(f64, Val)> {
        let (mut number, mut roots, mut work) = (1.0, Vec::new(), vec![val]);
        for _ in 0..FACTORS {
            let Some(val) = work.pop() else { break };
            if let Some(factor) = self.number(val) {
                number *= factor;
                continue;
            }
            match self.defined.get(&val) {
                _ if self.square(val).is_some() => {
                    roots.extend(self.square(val).into_iter().flat_map(|root| [root, root]));
                }
                Some(Definition::Operation(prim, args)) if prim == &&NEG => {
                    number = -number;
                    work.push(args[0]);
                }
                Some(Definition::Operation(prim, args)) if prim == &&MUL => work.extend(args),
                Some(Definition::Operation(prim, args)) if prim == &&DIV && self.number(args[1]).is_some() => {
                    number /= self.number(args[1])?;
                    work.push(args[0]);
                }
                _ => roots.push(val),
            }
        }
        match roots.as_slice() {
            &[a, b] if a == b && work.is_empty() => Some((number, a)),
            _ => None,
        }
    }
}

/// Tries to match; what was captured on a way that leads nowhere is forgotten.
fn attempt(operands: &mut Vec<Option<Val>>, f: impl FnOnce(&mut Vec<Option<Val>>) -> bool) -> bool {
    let before = operands.clone();
    let found = f(operands);
    if !found {
        *operands = before;
    }
    found
}

fn capture(k: usize, val: Val, operands: &mut [Option<Val>]) -> bool {
    *operands[k].get_or_insert(val) == val
}

fn commutes(prim: Prim) -> bool {
    [&ADD, &MUL, &MAX, &MIN, &HYPOT].contains(&prim)
}
