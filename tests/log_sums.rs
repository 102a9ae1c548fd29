//! Logarithms of sums of exponentials whose value overflows or vanishes. The oracle is an identity: `ln Σ exp(xₖ + c)` is
//! `c + ln Σ exp(xₖ)`, so that its derivatives at `x + c` are those at `x`, where the value is an ordinary number; there they
//! are compared with dual numbers and differences by the corpus (`compositions`).

#![allow(clippy::cast_precision_loss, clippy::needless_range_loop, reason = "as users write them")]

use num_traits::Float;
use symgrad::differentiate;

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

macro_rules! are_invariant {
    ($($function:ident: $gradient:ident $jvp:ident $hvp:ident $hessian:ident;)*) => {$(
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
                assert_eq!(value.is_finite(), c.abs() < 700.0, "{value} at {c}");
            }
        }
    )*};
}

mod is_invariant {
    use super::*;

    are_invariant! {
        in_a_loop: in_a_loop_gradient in_a_loop_jvp in_a_loop_hvp in_a_loop_hessian;
        by_iterators: by_iterators_gradient by_iterators_jvp by_iterators_hvp by_iterators_hessian;
        weighted: weighted_gradient weighted_jvp weighted_hvp weighted_hessian;
        written_out: written_out_gradient written_out_jvp written_out_hvp written_out_hessian;
        of_pairs: of_pairs_gradient of_pairs_jvp of_pairs_hvp of_pairs_hessian;
        of_windows: of_windows_gradient of_windows_jvp of_windows_hvp of_windows_hessian;
        generic: generic_gradient generic_jvp generic_hvp generic_hessian;
    }
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
