//! Simplification under a strict law. Input: IR. Output: IR that computes the same values, cheaper.
//!
//! - [`construct`] rewrites an operation of *derivative code* as it is built: rows that are exact, or that change at most
//!   the sign of a zero. There is no `x*0 → 0`, `x/x → 1` or `√x² → x`: they are wrong for some `x`. A structural zero is
//!   not a multiplication by zero; it is never built.
//! - [`run`] merges identical pure operations, of value and derivative together, reads of an element that is still there
//!   included, and drops what nothing reads. It never rewrites an operation of the primal.

mod cleared;
mod dead;
mod held;
mod merge;

pub use merge::merge;

use crate::ir::{Func, Val, Width};
use crate::rules::conversion::single;
use crate::rules::{Form, Prim, derivative as table};

/// What an operation became.
#[derive(Debug, Clone, PartialEq)]
pub enum Built {
    /// A value that is there already.
    Same(Val),
    /// A constant.
    Const(f64),
    /// This operation on values, or on the result of another one.
    Prim(Prim, Vec<Operand>),
}

/// An operand of a rewritten operation.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// A value.
    Val(Val),
    /// A constant.
    Const(f64),
    /// An integer.
    Int(i32),
    /// A nested operation.
    Nested(Prim, Vec<Operand>),
}

/// What is known of a value.
#[derive(Debug, Clone)]
pub enum Known {
    /// It is this number.
    Const(f64),
    /// It is this operation's result.
    Prim(Prim, Vec<Val>),
    /// It is this integer.
    Int(i32),
    /// Nothing.
    Nothing,
}

/// Rewrites `prim(args)`, in derivative code only.
#[must_use]
pub fn construct(prim: Prim, args: &[Val], width: &Width, known: &dyn Fn(Val) -> Known) -> Built {
    let val = |v: &Val| Operand::Val(*v);
    let plain = || Built::Prim(prim, args.iter().map(val).collect());
    let negated = |v: Val| match known(v) {
        Known::Prim(p, inner) if p == &table::NEG => Some(inner[0]),
        _ => None,
    };
    let number = |v: Val| match known(v) {
        Known::Const(c) => Some(c),
        _ => None,
    };
    if let Some(folded) = fold(prim, args, width, &number) {
        return Built::Const(folded);
    }
    let neg = |p: Prim, a: Vec<Operand>| Built::Prim(&table::NEG, vec![Operand::Nested(p, a)]);
    match (prim.name, args) {
        ("mul", &[a, b]) => match (number(a), number(b), negated(a), negated(b)) {
            (Some(1.0), ..) => Built::Same(b),
            (_, Some(1.0), ..) => Built::Same(a),
            (Some(-1.0), ..) => Built::Prim(&table::NEG, vec![val(&b)]),
            (_, Some(-1.0), ..) => Built::Prim(&table::NEG, vec![val(&a)]),
            (_, _, Some(a), Some(b)) => Built::Prim(prim, vec![val(&a), val(&b)]),
            (_, _, Some(a), None) => neg(prim, vec![val(&a), val(&b)]),
            (_, _, None, Some(b)) => neg(prim, vec![val(&a), val(&b)]),
            // a·(2x) → (2a)·x: where `a` comes from outside of a loop, 2a is computed once. A number stays if it cannot be
            // doubled.
            _ => match known(b) {
                Known::Prim(p, inner)
                    if p == &table::MUL
                        && number(inner[0]) == Some(2.0)
                        && (number(a).is_none() || fold(prim, &[inner[0], a], width, &number).is_some()) =>
                {
                    Built::Prim(prim, vec![Operand::Nested(prim, vec![val(&inner[0]), val(&a)]), val(&inner[1])])
                }
                _ => plain(),
            },
        },
        ("div", &[a, b]) => match (number(b), negated(a), negated(b)) {
            (Some(1.0), ..) => Built::Same(a),
            (_, Some(a), Some(b)) => Built::Prim(prim, vec![val(&a), val(&b)]),
            (_, Some(a), None) => neg(prim, vec![val(&a), val(&b)]),
            (_, None, Some(b)) => neg(prim, vec![val(&a), val(&b)]),
            _ => plain(),
        },
        ("add", &[a, b]) => match (number(a), number(b), negated(a), negated(b)) {
            (Some(0.0), ..) => Built::Same(b),
            (_, Some(0.0), ..) => Built::Same(a),
            (_, _, _, Some(b)) => Built::Prim(&table::SUB, vec![val(&a), val(&b)]),
            (_, _, Some(a), None) => Built::Prim(&table::SUB, vec![val(&b), val(&a)]),
            _ => plain(),
        },
        ("sub", &[a, b]) => match (number(b), negated(b)) {
            (Some(0.0), _) => Built::Same(a),
            (_, Some(b)) => Built::Prim(&table::ADD, vec![val(&a), val(&b)]),
            _ if number(a) == Some(0.0) => Built::Prim(&table::NEG, vec![val(&b)]),
            _ => plain(),
        },
        ("neg", &[a]) => match known(a) {
            Known::Prim(p, inner) if p == &table::NEG => Built::Same(inner[0]),
            Known::Prim(p, inner) if p == &table::SUB => Built::Prim(&table::SUB, vec![val(&inner[1]), val(&inner[0])]),
            _ => plain(),
        },
        ("powi", &[x, n]) => match known(n) {
            Known::Int(1) => Built::Same(x),
            Known::Int(2) => Built::Prim(&table::MUL, vec![val(&x), val(&x)]),
            _ => plain(),
        },
        ("powi_d", &[x, n]) => match known(n) {
            Known::Int(0) => Built::Const(0.0),
            Known::Int(1) => Built::Const(1.0),
            Known::Int(2) => Built::Prim(&table::MUL, vec![Operand::Const(2.0), val(&x)]),
            Known::Int(3) => {
                let square = Operand::Nested(&table::MUL, vec![val(&x), val(&x)]);
                Built::Prim(&table::MUL, vec![Operand::Const(3.0), square])
            }
            // Those between have code of their own.
            Known::Int(n @ (4..=6 | 11..)) => {
                let power = Operand::Nested(&table::POWI, vec![val(&x), Operand::Int(n - 1)]);
                Built::Prim(&table::MUL, vec![Operand::Const(n.into()), power])
            }
            Known::Int(n @ (-1_000_000..=-11 | -4..=-1)) => {
                let power = Operand::Nested(&table::POWI, vec![val(&x), Operand::Int(-n)]);
                let quotient = Operand::Nested(&table::DIV, vec![Operand::Const(n.into()), val(&x)]);
                Built::Prim(&table::DIV, vec![quotient, power])
            }
            _ => plain(),
        },
        _ => plain(),
    }
}

/// Folds constants in the function's own float type, through `+ - × ÷ √` and negation only.
fn fold(prim: Prim, args: &[Val], width: &Width, number: &dyn Fn(Val) -> Option<f64>) -> Option<f64> {
    if let (Form::Convert(..), &[a]) = (prim.form, args) {
        return number(a).filter(|&a| f64::from(single(a)) == a);
    }
    if !matches!(prim.name, "add" | "sub" | "mul" | "div" | "sqrt" | "neg") {
        return None;
    }
    let args: Vec<f64> = args.iter().map(|&a| number(a)).collect::<Option<_>>()?;
    let value = match width {
        Width::F64 => (prim.eval)(&args),
        Width::F32 => fold32(prim.name, &args)?,
        Width::Generic(_) | Width::Mixed(_) => fold_exactly(prim, &args)?,
    };
    value.is_finite().then_some(value)
}

/// Folds for any float type: what is exact in `f32` already.
fn fold_exactly(prim: Prim, args: &[f64]) -> Option<f64> {
    let exact = args.iter().all(|&a| f64::from(single(a)) == a);
    let value = (prim.eval)(args);
    (exact && fold32(prim.name, args)? == value).then_some(value)
}

fn fold32(name: &str, args: &[f64]) -> Option<f64> {
    let a = single(*args.first()?);
    let b = args.get(1).map_or(0.0, |&b| single(b));
    Some(f64::from(match name {
        "add" => a + b,
        "sub" => a - b,
        "mul" => a * b,
        "div" => a / b,
        "sqrt" => a.sqrt(),
        _ => -a,
    }))
}

/// Merges and drops, until nothing changes any more.
pub fn run(func: &mut Func) {
    cleared::keep_cotangents(func);
    merge(func);
    dead::drop_unread(func);
}
