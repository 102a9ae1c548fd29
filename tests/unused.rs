//! Cotangents to which nothing flows, and partials that are infinite there: what a branch or a loop does not use has no part in
//! the gradient. A cotangent that is zero by chance is another thing: `0 · ∞` is no number there, and never zero. Expected
//! values are limits of the closed forms.

#![allow(clippy::pedantic, reason = "as users write them")]

use symgrad::differentiate;

/// Each partial derivative is right, or is no number: never a number that is wrong.
#[track_caller]
fn sound(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    let right = |(f, e): (&f64, &f64)| f.is_nan() || f == e || (f - e).abs() < 1e-12;
    assert!(found.iter().zip(expected).all(right), "{found:?}, not {expected:?}");
}

/// `√(x₀x₁x₂)²`, if it is used.
#[differentiate(gradient, hessian)]
fn squared_or_first(x: &[f64; 3], squared: bool) -> f64 {
    let mut p = 1.0;
    for v in x {
        p *= v.sqrt();
    }
    if squared { p * p } else { x[0] }
}

/// `x₀x₁x₂ Σ w`
#[differentiate(gradient)]
fn squared_in_a_loop(x: &[f64; 3], w: &[f64]) -> f64 {
    let mut p = 1.0;
    for v in x {
        p *= v.sqrt();
    }
    let mut s = 0.0;
    for c in w {
        s += p * p * c;
    }
    s
}

/// `x Σ w²`
#[differentiate(gradient)]
fn sum_of_squares(x: &[f64; 1], w: &[f64]) -> f64 {
    let mut d = 0.0;
    for v in x {
        d += v.sqrt();
    }
    let mut s = 0.0;
    for c in w {
        s += (d * c).powi(2);
    }
    s
}

#[differentiate(gradient)]
fn carried(x: &[f64; 2], squared: bool) -> f64 {
    let mut s = 1.0;
    for v in x {
        s = (s * v).sqrt();
    }
    let q = if squared { s * s } else { x[0] };
    q + x[1]
}

/// `x`, if `b` is more than a half.
#[differentiate(gradient)]
fn cubed_or_number(x: f64, b: f64) -> f64 {
    let mut s = 0.0;
    for _ in 0..1 {
        s += x.cbrt();
    }
    if b > 0.5 { s * s * s } else { b }
}

/// `x Σ w`
#[differentiate(gradient)]
fn cubed_in_a_loop(x: f64, w: &[f64]) -> f64 {
    let r = x.cbrt();
    let mut s = 0.0;
    for c in w {
        s += r * r * r * c;
    }
    s
}

/// Two branches, each of which may use it.
#[differentiate(gradient)]
fn in_either(x: f64, cubed: bool, squared: bool) -> f64 {
    let s = x.cbrt();
    let r = if cubed { s * s * s } else { 0.0 };
    let q = if squared { s * s } else { 1.0 };
    r + q
}

#[test]
fn zero_by_chance_is_no_zero() {
    sound(&squared_or_first_gradient(&[0.0, 2.0, 3.0], true), &[6.0, 0.0, 0.0]);
    let (dx, dw) = squared_in_a_loop_gradient(&[0.0, 2.0, 3.0], &[1.0, 2.0]);
    sound(&dx, &[18.0, 0.0, 0.0]);
    sound(&dw, &[0.0, 0.0]);
    let (dx, dw) = sum_of_squares_gradient(&[0.0], &[1.0, 2.0]);
    sound(&dx, &[5.0]);
    sound(&dw, &[0.0, 0.0]);
    sound(&carried_gradient(&[0.0, 2.0], true), &[f64::INFINITY, 1.0]);
    sound(&cubed_or_number_gradient(0.0, 1.0), &[1.0, 0.0]);
    let (dx, dw) = cubed_in_a_loop_gradient(0.0, &[1.0, 2.0]);
    sound(&[dx], &[3.0]);
    sound(&dw, &[0.0, 0.0]);
    sound(&[in_either_gradient(0.0, true, false)], &[1.0]);
}

#[test]
fn what_nothing_uses_has_no_part() {
    assert_eq!(squared_or_first_gradient(&[0.0, 2.0, 3.0], false), [1.0, 0.0, 0.0]);
    assert_eq!(squared_or_first_hessian(&[0.0, 2.0, 3.0], false), [[0.0; 3]; 3]);
    assert_eq!(squared_in_a_loop_gradient(&[0.0, 2.0, 3.0], &[]), ([0.0; 3], vec![]));
    assert_eq!(sum_of_squares_gradient(&[0.0], &[]), ([0.0], vec![]));
    assert_eq!(carried_gradient(&[0.0, 2.0], false), [1.0, 1.0]);
    assert_eq!(cubed_or_number_gradient(0.0, 0.25), [0.0, 1.0]);
    assert_eq!(cubed_in_a_loop_gradient(0.0, &[]), (0.0, vec![]));
    assert_eq!(in_either_gradient(0.0, false, false), 0.0);
    // At other points nothing is changed.
    let inside = squared_or_first_gradient(&[4.0, 9.0, 16.0], true);
    assert!(inside.iter().zip([144.0, 64.0, 36.0]).all(|(f, e)| (f - e).abs() < 1e-12 * e), "{inside:?}");
}

/// The last iteration's update is not used: `x` for one iteration, `x + √x` for two.
#[differentiate(gradient, hessian)]
fn last_update(x: f64, n: usize) -> f64 {
    let mut v = x;
    let mut s = 0.0;
    for _ in 0..n {
        s += v;
        v = v.sqrt();
    }
    s
}

/// The same, where a branch says which iteration uses it.
#[differentiate(gradient)]
fn in_some_iterations(x: f64, y: f64, n: usize) -> f64 {
    let r = x.sqrt();
    let mut s = 0.0;
    for i in 0..n {
        s += if i == 2 { r * y } else { y };
    }
    s
}

/// What is carried matters in some iterations.
#[differentiate(gradient)]
fn reset(x: f64, n: usize) -> f64 {
    let mut v = x;
    let mut s = 0.0;
    for i in 0..n {
        s += v * x;
        v = if i % 2 == 0 { 1.0 } else { v.sqrt() };
    }
    s
}

/// `√x`, or `sin y`, as soon as there is an iteration.
#[differentiate(gradient)]
fn overwritten(x: f64, y: f64, n: usize) -> f64 {
    let mut a = x.sqrt();
    for _ in 0..n {
        a = y.sin();
    }
    a
}

#[test]
fn in_loops() {
    assert_eq!(overwritten_gradient(0.0, 0.5, 0)[1], 0.0);
    assert_eq!(overwritten_gradient(0.0, 0.5, 1), [0.0, 0.5_f64.cos()]);
    assert_eq!(overwritten_gradient(0.0, 0.5, 3), [0.0, 0.5_f64.cos()]);
    assert_eq!(overwritten_gradient(4.0, 0.5, 0), [0.25, 0.0]);

    assert_eq!(last_update_gradient(0.0, 1), 1.0);
    assert_eq!(last_update_hessian(0.0, 1), 0.0);
    assert_eq!(last_update_gradient(4.0, 2), 1.25);
    assert_eq!(in_some_iterations_gradient(0.0, 3.0, 2), [0.0, 2.0]);
    assert_eq!(in_some_iterations_gradient(4.0, 3.0, 3), [0.75, 4.0]);
    // x², then x, then x.
    assert_eq!(reset_gradient(0.0, 2), 1.0);
    assert_eq!(reset_gradient(3.0, 3), 8.0);
}
