//! The rows of the simplifier, each by itself: what `construct` makes of an operation is evaluated beside the operation, for
//! every pairing of operands that a row could look at, over special and random values.
//!
//! A row keeps the bits (any NaN is as good as another), or changes the sign of a zero at most if it is one of those that may.
//! So it is in `f64`, in `f32`, and for a type parameter in both. One row reassociates, where
//! the result is as near to the true one as before, but for an unknown factor that overflows when it is doubled: another one
//! than before.
#![allow(clippy::float_cmp, reason = "bits are compared on purpose")]

use proc_macro2::{Ident, Span};
use std::collections::BTreeSet;
use symgrad_engine::ir::{Val, Width};
use symgrad_engine::rules::Prim;
use symgrad_engine::rules::conversion::{Float, between};
use symgrad_engine::rules::derivative::{ADD, DIV, EXP, MUL, NEG, POWI, POWI_D, SIN, SQRT, SUB};
use symgrad_engine::simplify::{Built, Known, Operand, construct};

/// `a·(2x) → (2a)·x`, and `3·(x·x)` for the derivative of a cube.
fn reassociates(case: &str) -> bool {
    case == "powi_d (free, 3)" || case.starts_with("mul (") && case.ends_with(", double)")
}

/// `x + 0 → x`, `0 - x → -x`, `-(a - b) → b - a`
fn changes_sign_of_zero(case: &str) -> bool {
    let (add, sub) = (case.starts_with("add ("), case.starts_with("sub ("));
    add && (case.starts_with("add (0, ") || case.ends_with(", 0)"))
        || sub && (case.starts_with("sub (0, ") || case.ends_with(", -0)"))
        || case == "neg (difference)"
}

const SPECIAL: &[f64] = &[
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.0,
    -0.5,
    3.0,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    f64::MIN_POSITIVE,
    -f64::MIN_POSITIVE,
    5e-324,
    -5e-324,
    f64::MAX,
    f64::MIN,
    f64::EPSILON,
    1e154,
    -1e-154,
    0.1,
];

/// What an operand can be. The values that it is made of are free.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    Free,
    /// The same value as the operand before.
    Same,
    Number(f64),
    Int(i32),
    Of(Prim, [Part; 2]),
}

/// An operand of an operand.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Free,
    Number(f64),
}

fn shapes() -> Vec<(&'static str, Shape)> {
    use Part::{Free, Number};
    let mut all = vec![("free", Shape::Free), ("same", Shape::Same)];
    let numbers: [(&str, f64); 9] = [
        ("0", 0.0),
        ("-0", -0.0),
        ("1", 1.0),
        ("-1", -1.0),
        ("2", 2.0),
        ("½", 0.5),
        ("3", 3.0),
        ("0.1", 0.1),
        ("1e308", 1e308),
    ];
    all.extend(numbers.map(|(name, x)| (name, Shape::Number(x))));
    let operations: [(&str, Prim, [Part; 2]); 9] = [
        ("negated", &NEG, [Free, Free]),
        ("difference", &SUB, [Free, Free]),
        ("sum", &ADD, [Free, Free]),
        ("product", &MUL, [Free, Free]),
        ("double", &MUL, [Number(2.0), Free]),
        ("doubled", &MUL, [Free, Number(2.0)]),
        ("quotient", &DIV, [Free, Free]),
        ("root", &SQRT, [Free, Free]),
        ("exponential", &EXP, [Free, Free]),
    ];
    all.extend(operations.map(|(name, prim, parts)| (name, Shape::Of(prim, parts))));
    all
}

/// The values of one trial: what each is known to be, and what it is.
#[derive(Default)]
struct Trial {
    known: Vec<Known>,
    values: Vec<f64>,
    /// Whether it is in `f32`. Of sums, products, quotients and roots in `f64`, the rounded value is that in `f32`.
    single: bool,
}

impl Trial {
    fn rounded(&self, x: f64) -> f64 {
        #[allow(clippy::cast_possible_truncation, reason = "rounding is meant")]
        if self.single { f64::from(x as f32) } else { x }
    }

    fn add(&mut self, known: Known, value: f64) -> Val {
        self.known.push(known);
        self.values.push(self.rounded(value));
        Val(u32::try_from(self.values.len() - 1).expect("few values"))
    }

    fn operand(&mut self, shape: Shape, before: Option<Val>, next: &mut dyn FnMut() -> f64) -> Val {
        match (shape, before) {
            (Shape::Same, Some(before)) => before,
            (Shape::Free | Shape::Same, _) => self.add(Known::Nothing, next()),
            (Shape::Number(x), _) => self.add(Known::Const(x), x),
            (Shape::Int(n), _) => self.add(Known::Int(n), f64::from(n)),
            (Shape::Of(prim, parts), _) => {
                let inner: Vec<Val> = parts[..prim.arity]
                    .iter()
                    .map(|part| match part {
                        Part::Free => self.add(Known::Nothing, next()),
                        Part::Number(x) => self.add(Known::Const(*x), *x),
                    })
                    .collect();
                let values: Vec<f64> = inner.iter().map(|v| self.values[v.0 as usize]).collect();
                self.add(Known::Prim(prim, inner), (prim.eval)(&values))
            }
        }
    }

    fn value(&self, val: Val) -> f64 {
        self.values[val.0 as usize]
    }

    fn evaluate(&self, operand: &Operand) -> f64 {
        match operand {
            Operand::Val(val) => self.value(*val),
            Operand::Const(x) => self.rounded(*x),
            Operand::Int(n) => f64::from(*n),
            Operand::Nested(prim, operands) => self.apply(prim, operands),
        }
    }

    fn apply(&self, prim: Prim, operands: &[Operand]) -> f64 {
        let values: Vec<f64> = operands.iter().map(|o| self.evaluate(o)).collect();
        self.rounded((prim.eval)(&values))
    }
}

/// Numbers of all magnitudes, and special ones.
fn numbers(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let bits = state ^ (state >> 29);
        match bits % 4 {
            0 => SPECIAL[usize::try_from(bits >> 8).unwrap_or(0) % SPECIAL.len()],
            1 => f64::from_bits(bits.rotate_left(17)),
            _ => f64::from_bits((bits >> 12) | 0x3ff0_0000_0000_0000) - 1.5,
        }
    }
}

/// Whether two results are the same number, to the last bit but for the sign of a zero if a row may change that.
fn same(a: f64, b: f64, sign_of_zero: bool) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan() || sign_of_zero && a == b
}

/// Whether two results round the same true value. `doubled`: a factor overflows if it is doubled.
fn near(before: f64, after: f64, doubled: bool) -> bool {
    same(before, after, false) || doubled || (before - after).abs() <= 2.0 * f64::EPSILON * before.abs() + 1e-323
}

#[test]
fn every_row_keeps_the_value() {
    let parameter = Width::Generic(Ident::new("T", Span::call_site()));
    keeps_the_value(&Width::F64, false);
    keeps_the_value(&Width::F32, true);
    keeps_the_value(&parameter, false);
    keeps_the_value(&parameter, true);
}

fn keeps_the_value(width: &Width, single: bool) {
    let types = [Float::F32, Float::F64, Float::Parameter];
    let conversions = types.iter().flat_map(|from| types.iter().filter_map(|to| between(*from, *to)));
    let unary: Vec<Prim> = [&NEG, &SQRT, &SIN].into_iter().chain(conversions).collect();
    let binary: &[Prim] = &[&ADD, &SUB, &MUL, &DIV];
    let shapes = shapes();
    let mut cases: Vec<(Prim, String, Vec<Shape>)> = Vec::new();
    for prim in &unary {
        cases.extend(shapes.iter().map(|(name, shape)| (*prim, format!("{} ({name})", prim.name), vec![*shape])));
    }
    for prim in binary {
        for (left, a) in &shapes {
            cases.extend(
                shapes.iter().map(|(right, b)| (*prim, format!("{} ({left}, {right})", prim.name), vec![*a, *b])),
            );
        }
    }
    // The code of a derivative is compiled here in `f64` only.
    for prim in [&POWI, &POWI_D].into_iter().filter(|_| !single) {
        let exponents =
            (-13..=13).map(|n| (prim, format!("{} (free, {n})", prim.name), vec![Shape::Free, Shape::Int(n)]));
        cases.extend(exponents.map(|(prim, name, shapes)| (prim as Prim, name, shapes)));
    }
    let (mut rewritten, mut wrong) = (0, BTreeSet::new());
    for (index, (prim, name, shapes)) in cases.iter().enumerate() {
        let mut next = numbers(index as u64);
        let mut changed = false;
        for _ in 0..1000 {
            let mut trial = Trial { single, ..Trial::default() };
            let mut args: Vec<Val> = Vec::new();
            for shape in shapes {
                let before = args.last().copied();
                args.push(trial.operand(*shape, before, &mut next));
            }
            let known = |val: Val| trial.known[val.0 as usize].clone();
            let built = construct(prim, &args, width, &known);
            let plain = Built::Prim(prim, args.iter().map(|&a| Operand::Val(a)).collect());
            changed |= built != plain;
            let values: Vec<f64> = args.iter().map(|&a| trial.value(a)).collect();
            let before = trial.rounded((prim.eval)(&values));
            let after = match &built {
                Built::Same(val) => trial.value(*val),
                Built::Const(x) => trial.rounded(*x),
                Built::Prim(prim, operands) => trial.apply(prim, operands),
            };
            let doubled = trial.values.iter().zip(&trial.known).any(|(x, known)| {
                matches!(known, Known::Nothing | Known::Prim(..)) && x.is_finite() && (2.0 * x).is_infinite()
            });
            if !(same(before, after, changes_sign_of_zero(name)) || reassociates(name) && near(before, after, doubled))
            {
                wrong.insert(format!("{name}: {before:e} became {after:e} at {:?}", trial.values));
            }
        }
        rewritten += usize::from(changed);
    }
    assert!(rewritten > 100, "{rewritten} of {} are rewritten", cases.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}
