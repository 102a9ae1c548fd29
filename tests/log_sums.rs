//! Logarithms of sums of exponentials whose value overflows or vanishes. The oracle is an identity: `ln Σ exp(xₖ + c)` is
//! `c + ln Σ exp(xₖ)`, so that its derivatives at `x + c` are those at `x`, where the value is an ordinary number; there they
//! are compared with dual numbers and differences by the corpus (`compositions`). Sums that the user has shifted are compared with
//! references of high precision, too.

#![allow(
    clippy::cast_precision_loss,
    clippy::cloned_instead_of_copied,
    clippy::needless_range_loop,
    reason = "as users write them"
)]

#[path = "../macros/engine/tests/reference/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod reference;

use num_traits::Float;
use reference::{Record, ulps};
use symgrad::{assert_gradient, differentiate};

/// Numbers that are exact beside any of the shifts.
const X: [f64; 5] = [0.25, -1.5, 2.0, 0.0, 1.75];
const SHIFTS: [f64; 5] = [800.0, -800.0, 1e5, -1e5, 340.0];

fn shifted(c: f64) -> [f64; 5] {
    X.map(|x| x + c)
}

fn close(found: &[f64], expected: &[f64], c: f64) {
    within(found, expected, c, |expected| 8.0 * expected.abs());
}

/// Second derivatives are differences of numbers like the greatest.
fn close_to_the_greatest(found: &[f64], expected: &[f64], c: f64) {
    let greatest = expected.iter().fold(0.0_f64, |greatest, x| greatest.max(x.abs()));
    within(found, expected, c, |_| 16.0 * greatest);
}

/// The same up to so many units of round-off.
fn within(found: &[f64], expected: &[f64], c: f64, allowed: impl Fn(f64) -> f64) {
    assert_eq!(found.len(), expected.len());
    for (found, &expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= f64::EPSILON * allowed(expected), "{found}, not {expected}, at {c}");
    }
}

#[differentiate(gradient, jvp, hvp, hessian)]
fn in_a_loop(x: &[f64; 5]) -> f64 {
    let mut s = 0.0;
    for v in x {
        s += v.exp();
    }
    s.ln()
}

#[differentiate(gradient, jvp, hvp, hessian)]
fn by_iterators(x: &[f64; 5]) -> f64 {
    x.iter().map(|v| v.exp()).sum::<f64>().ln()
}

/// With weights, as of a mixture; the mean of it.
#[differentiate(gradient, jvp, hvp, hessian)]
fn weighted(x: &[f64; 5]) -> f64 {
    let mut s = 0.0;
    for k in 0..x.len() {
        s += (k as f64 + 0.5) * x[k].exp() / 3.0;
    }
    (s / x.len() as f64).ln()
}

#[differentiate(gradient, jvp, hvp, hessian)]
fn written_out(x: &[f64; 5]) -> f64 {
    (x[0].exp() + 2.0 * x[1].exp() + x[2].exp() + (x[3].exp() + x[4].exp())).ln()
}

/// In nested loops, of all pairs, and by another logarithm.
#[differentiate(gradient, jvp, hvp, hessian)]
fn of_pairs(x: &[f64; 5]) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() {
        for j in 0..=i {
            s += (0.5 * (x[i] + x[j])).exp();
        }
    }
    s.log2()
}

/// Many of them, each in an iteration of a loop, and with a branch after it.
#[differentiate(gradient, jvp, hvp, hessian)]
fn of_windows(x: &[f64; 5]) -> f64 {
    let mut total = 0.0;
    for i in 0..4 {
        let mut s = 0.0;
        for j in i..x.len() {
            s += x[j].exp();
        }
        let l = s.ln();
        total += if i % 2 == 0 { 3.0 * (l - x[1]) } else { (x[0] - x[1]) * (x[0] - x[1]) + l };
    }
    total
}

/// Of any float type.
#[differentiate(gradient, jvp, hvp, hessian)]
fn generic<T: Float>(x: &[T; 5]) -> T {
    let mut s = T::zero();
    for v in x {
        s = s + v.exp();
    }
    s.ln()
}

/// Shifted by the user, as people write it.
#[differentiate(gradient, jvp, hvp, hessian)]
fn by_the_greatest(x: &[f64; 5]) -> f64 {
    let m = x.iter().cloned().fold(f64::NEG_INFINITY, f64::max);
    let mut s = 0.0;
    for i in 0..x.len() {
        s += (x[i] - m).exp();
    }
    m + s.ln()
}

#[differentiate(gradient, jvp, hvp, hessian)]
fn by_reduction(x: &[f64; 5]) -> f64 {
    let m = x.iter().copied().reduce(f64::max).unwrap();
    x.iter().map(|v| (v - m).exp()).sum::<f64>().ln() + m
}

#[differentiate(gradient, jvp, hvp, hessian)]
fn by_order(x: &[f64; 5]) -> f64 {
    let m = *x.iter().max_by(|a, b| a.total_cmp(b)).unwrap();
    let e: Vec<f64> = x.iter().map(|v| (v - m).exp()).collect();
    m + e.iter().sum::<f64>().ln()
}

/// The logarithm of a share, as in cross entropy.
#[differentiate(gradient, jvp, hvp, hessian)]
fn log_share(x: &[f64; 5]) -> f64 {
    let mut m = x[0];
    for &v in x {
        if v > m {
            m = v;
        }
    }
    let s: f64 = x.iter().map(|v| (v - m).exp()).sum();
    x[0] - (x[3] - m - s.ln())
}

/// By one of them, whatever it is; with weights.
#[differentiate(gradient, jvp, hvp, hessian)]
fn by_any(x: &[f64; 5]) -> f64 {
    let mut s = 0.0;
    for k in 0..x.len() {
        s += (k as f64 + 0.5) * (x[k] - x[1]).exp();
    }
    (s / 5.0).ln() + x[1]
}

#[differentiate(gradient, jvp, hvp, hessian)]
fn generic_by_the_greatest<T: Float>(x: &[T; 5]) -> T {
    let m = x.iter().fold(T::neg_infinity(), |m, &v| m.max(v));
    let mut s = T::zero();
    for &v in x {
        s = s + (v - m).exp();
    }
    m + s.ln()
}

/// What is read elsewhere too has the derivative of what it is.
#[differentiate(gradient, jvp, hvp, hessian)]
fn also_read(x: &[f64; 5]) -> f64 {
    let m = x.iter().cloned().fold(f64::NEG_INFINITY, f64::max);
    let (mut s, mut first) = (0.0, 0.0);
    for (i, v) in x.iter().enumerate() {
        let e = (v - m).exp();
        if i == 0 {
            first = e;
        }
        s += e;
    }
    first / s + (m + s.ln())
}

macro_rules! are_invariant {
    ($finite:expr; $($function:ident: $gradient:ident $jvp:ident $hvp:ident $hessian:ident;)*) => {$(
        #[test]
        fn $function() {
            let v = [0.5, -1.0, 0.75, 2.0, -0.25];
            for c in SHIFTS {
                let x = shifted(c);
                close(&$gradient(&x), &$gradient(&X), c);
                close(&[$jvp(&x, &v).1], &[$jvp(&X, &v).1], c);
                close_to_the_greatest(&$hvp(&x, &v), &$hvp(&X, &v), c);
                close_to_the_greatest($hessian(&x).as_flattened(), $hessian(&X).as_flattened(), c);
                // The value is the function's own, and beyond the range it is what it is.
                let value: f64 = super::$function(&x);
                assert_eq!(value.to_bits(), $jvp(&x, &v).0.to_bits());
                assert_eq!(value.is_finite(), $finite(c), "{value} at {c}");
            }
        }
    )*};
}

mod is_invariant {
    use super::*;

    are_invariant! {
        |c: f64| c.abs() < 700.0;
        in_a_loop: in_a_loop_gradient in_a_loop_jvp in_a_loop_hvp in_a_loop_hessian;
        by_iterators: by_iterators_gradient by_iterators_jvp by_iterators_hvp by_iterators_hessian;
        weighted: weighted_gradient weighted_jvp weighted_hvp weighted_hessian;
        written_out: written_out_gradient written_out_jvp written_out_hvp written_out_hessian;
        of_pairs: of_pairs_gradient of_pairs_jvp of_pairs_hvp of_pairs_hessian;
        of_windows: of_windows_gradient of_windows_jvp of_windows_hvp of_windows_hessian;
        generic: generic_gradient generic_jvp generic_hvp generic_hessian;
    }
    are_invariant! {
        |_: f64| true;
        by_the_greatest: by_the_greatest_gradient by_the_greatest_jvp by_the_greatest_hvp by_the_greatest_hessian;
        by_reduction: by_reduction_gradient by_reduction_jvp by_reduction_hvp by_reduction_hessian;
        by_order: by_order_gradient by_order_jvp by_order_hvp by_order_hessian;
        log_share: log_share_gradient log_share_jvp log_share_hvp log_share_hessian;
        by_any: by_any_gradient by_any_jvp by_any_hvp by_any_hessian;
        generic_by_the_greatest: generic_by_the_greatest_gradient generic_by_the_greatest_jvp generic_by_the_greatest_hvp generic_by_the_greatest_hessian;
        also_read: also_read_gradient also_read_jvp also_read_hvp also_read_hessian;
    }
}

/// Terms down to e⁻⁴⁰ of the greatest, whose difference from it is rounded.
#[test]
fn shifted_sums_pass_the_gate() {
    type Gradient = fn(&[f64; 5]) -> [f64; 5];
    type Tangent = fn(&[f64; 5], &[f64; 5]) -> (f64, f64);
    let spellings: [(&str, Gradient, Tangent); 4] = [
        ("by_the_greatest", by_the_greatest_gradient, by_the_greatest_jvp),
        ("by_reduction", by_reduction_gradient, by_reduction_jvp),
        ("by_order", by_order_gradient, by_order_jvp),
        ("generic", generic_by_the_greatest_gradient, generic_by_the_greatest_jvp),
    ];
    let mut found = 0;
    for record in Record::all().iter().filter(|r| r.function == "c_logsumexp") {
        let x: [f64; 5] = record.args.as_slice().try_into().unwrap();
        for (name, gradient, tangent) in spellings {
            let along = [0, 1, 2, 3, 4].map(|k| tangent(&x, &[0, 1, 2, 3, 4].map(|j| f64::from(u8::from(j == k)))).1);
            for d in [gradient(&x), along] {
                for (k, d) in d.into_iter().enumerate() {
                    let error = ulps(d, record.first[k], record.rest[k]);
                    assert!(error <= 4.0, "{name} at {x:?}: ∂{k} = {d:e} is off by {error:.1} ulp");
                    found += 1;
                }
            }
        }
    }
    assert!(found > 1000, "{found} partial derivatives");
}

/// Beyond the range they are what they were.
#[differentiate(gradient, jvp)]
fn above_the_least(x: &[f64; 2]) -> f64 {
    let m = x.iter().copied().fold(f64::INFINITY, f64::min);
    x.iter().map(|v| (v - m).exp()).sum()
}

#[test]
fn shifted_exponentials_that_overflow() {
    for above in [1000.3, 1e300, f64::INFINITY] {
        assert_eq!(above_the_least_gradient(&[0.1, above])[1], f64::INFINITY, "{above}");
        assert_eq!(above_the_least_jvp(&[0.1, above], &[0.0, 1.0]).1, f64::INFINITY, "{above}");
    }
}

/// What is masked has no share, and no derivative: its difference from the greatest is no number.
#[test]
fn shifted_sums_with_infinite_exponents() {
    let inf = f64::INFINITY;
    let masked = [-inf, 0.5, -inf, -1.0, 2.0];
    let all = by_the_greatest_gradient(&masked);
    let rest = by_the_greatest_gradient(&[-800.0, 0.5, -900.0, -1.0, 2.0]);
    assert_eq!(all, rest);
    assert_eq!(by_the_greatest_jvp(&masked, &[1.0; 5]).1, by_the_greatest_jvp(&masked, &[0.0, 1.0, 0.0, 1.0, 1.0]).1);
}

/// In `f32`, whose range ends sooner.
#[differentiate]
fn single(x: &[f32; 3]) -> f32 {
    let mut s = 0.0;
    for v in x {
        s += v.exp();
    }
    s.ln()
}

#[test]
fn single_precision() {
    let ordinary = single_gradient(&[0.25, -1.5, 2.0]);
    for c in [90.0_f32, -120.0, 50.0] {
        let found = single_gradient(&[0.25 + c, -1.5 + c, 2.0 + c]);
        for (found, expected) in found.iter().zip(&ordinary) {
            assert!((found - expected).abs() <= 4.0 * f32::EPSILON * expected, "{found}, not {expected}, at {c}");
        }
    }
}

/// `1 + Σ eˣ`, of which a term stays: beyond the range it is a sum without it.
#[differentiate]
fn with_a_constant(x: &[f64; 2]) -> f64 {
    let mut s = 1.0;
    for v in x {
        s += v.exp();
    }
    s.ln()
}

#[test]
fn a_constant_counts() {
    let share = 1.0 / (1.0 + (-0.5_f64).exp());
    close(&with_a_constant_gradient(&[800.5, 800.0]), &[share, 1.0 - share], 800.0);
    let small = with_a_constant_gradient(&[-700.0, -1.0]);
    let expected = (-700.0_f64).exp() / (1.0 + (-1.0_f64).exp());
    assert!((small[0] / expected - 1.0).abs() < 1e-15, "{small:?}");
}

/// A sum that starts from more than nothing is not one of shares only.
#[differentiate(gradient, wrt(x))]
fn from_data(x: &[f64], w: &[f64]) -> f64 {
    let m = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut s = ::core::iter::empty::<f64>().chain(w.iter().copied()).sum::<f64>();
    for v in x {
        s += (v - m).exp();
    }
    m + s.ln()
}

#[test]
fn what_a_sum_starts_from_counts() {
    let w = [2.0, 3.0];
    assert_gradient!(|x| from_data(x, &w), |x| from_data_value_and_gradient(x, &w), [0.5, 0.25]);
}

/// Weights, of which one is zero: what has the greatest exponent is masked.
#[differentiate(gradient, jvp, wrt(x))]
fn masked(x: &[f64; 3], w: &[f64; 3]) -> f64 {
    let mut s = 0.0;
    for i in 0..3 {
        s += w[i] * x[i].exp();
    }
    s.ln()
}

#[differentiate(gradient, wrt(x))]
fn masked_single(x: &[f32; 3], w: &[f32; 3]) -> f32 {
    let mut s = 0.0;
    for i in 0..3 {
        s += w[i] * x[i].exp();
    }
    s.ln()
}

#[test]
fn a_masked_exponent_leaves_the_others() {
    let share = (2.0 * (-1.0_f64).exp()) / (1.0 + 2.0 * (-1.0_f64).exp());
    let w = [0.0, 1.0, 2.0];
    for x in [[500.0, -400.0, -401.0], [50.0, -700.0, -701.0], [50.0, 1.0, 0.0]] {
        close(&masked_gradient(&x, &w), &[0.0, 1.0 - share, share], 1.0);
        let (_, along) = masked_jvp(&x, &w, &[1.0, 0.0, 1.0]);
        assert!((along - share).abs() < 1e-13, "{along}, not {share}, at {x:?}");
    }
    let single = masked_single_gradient(&[60.0, -45.0, -46.0], &[0.0, 1.0, 2.0]);
    for (found, expected) in single.iter().zip([0.0, 1.0 - share, share]) {
        assert!((f64::from(*found) - expected).abs() < 1e-6, "{single:?}");
    }
}
