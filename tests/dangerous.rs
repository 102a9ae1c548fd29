//! The table of patterns whose derivative is right by the rules and not what its author meant: each row, and what it says to
//! write instead. What would be 0 is an error: `ui/independent_result`, `ui/cast_to_integer`, `ui/rejected_methods`.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    reason = "as users write them"
)]

use symgrad::{check, differentiate, stop_gradient};

#[differentiate(gradient, jvp)]
fn compared(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { x.sin() / x }
}

#[differentiate(gradient, jvp)]
fn slope_of_a_branch(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x }
}

#[differentiate(gradient, jvp)]
fn with_a_series(x: f64) -> f64 {
    if x.abs() < 1e-3 { 1.0 - x * x / 6.0 } else { x.sin() / x }
}

#[test]
fn comparisons_decide() {
    assert_eq!((compared_gradient(0.0), compared_jvp(0.0, 1.0).1), (0.0, 0.0));
    assert_eq!((slope_of_a_branch_gradient(0.0), slope_of_a_branch_jvp(0.0, 1.0).1), (0.0, 0.0));
    assert_eq!(slope_of_a_branch_gradient(1e-300), 1.0);
    let value = |p: &[f64]| with_a_series(p[0]);
    let gradient = |p: &[f64]| {
        let (value, derivative) = with_a_series_value_and_gradient(p[0]);
        (value, [derivative])
    };
    assert!(check::gradient(value, gradient, &[0.4]).unwrap().passed());
    assert!(check::gradient(value, gradient, &[1e-5]).unwrap().passed());
}

#[differentiate(gradient, jvp)]
fn steps(x: f64, y: f64) -> f64 {
    let table = [1.0, 4.0, 9.0];
    let above = if x.round() > 1.0 { y * y } else { y };
    table[x as usize] * above + x.signum() * y + x.floor()
}

#[test]
fn steps_are_flat() {
    for (x, slope) in [(0.25, 2.0), (1.75, 4.0 * 3.0 + 1.0)] {
        assert_eq!(steps_gradient(x, 1.5), [0.0, slope]);
        assert_eq!(steps_jvp(x, 1.5, 1.0, 0.0).1, 0.0);
    }
}

/// As many steps as are needed, and so many more.
#[differentiate(gradient, jvp)]
fn root(a: f64, more: usize) -> f64 {
    let mut x = 1.0;
    while (x * x - a).abs() > 1e-2 {
        x = 0.5 * (x + a / x);
    }
    for _ in 0..more {
        x = 0.5 * (x + a / x);
    }
    x
}

#[test]
fn iterations_are_those_that_were_run() {
    let exact = 0.5 / 2_f64.sqrt();
    let error = |more: usize| (root_gradient(2.0, more) - exact).abs();
    assert!(error(0) > 1e-3 && error(1) < 1e-4 && error(2) < 1e-10, "{} {} {}", error(0), error(1), error(2));
    assert_eq!(root_jvp(2.0, 1, 1.0).1, root_gradient(2.0, 1));
}

#[differentiate(constant)]
fn meant(x: f64) -> f64 {
    x.floor()
}

#[differentiate(gradient, jvp)]
fn held(x: f64) -> f64 {
    stop_gradient(x) as i64 as f64 * x
}

#[test]
fn what_is_meant_is_zero() {
    assert_eq!(meant_gradient(2.5), 0.0);
    assert_eq!((held_gradient(2.5), held_jvp(2.5, 1.0).1), (2.0, 2.0));
}

#[differentiate(gradient, jvp)]
fn singular(x: f64) -> f64 {
    x.abs().sqrt()
}

#[differentiate(gradient, jvp)]
fn around_the_singularity(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.abs().sqrt() }
}

#[differentiate(gradient, jvp)]
fn along(x: f64, y: f64) -> f64 {
    x.sqrt() + y
}

#[differentiate(gradient, jvp, wrt(y))]
fn along_one(x: f64, y: f64) -> f64 {
    x.sqrt() + y
}

#[differentiate(gradient, jvp)]
fn not_all(x: &[f64; 3]) -> f64 {
    let roots = x.map(f64::sqrt);
    roots[0] + roots[2]
}

#[differentiate(gradient, jvp)]
fn not_all_numbers(x: f64, y: f64) -> f64 {
    let (a, b) = (x.sqrt(), y.sqrt());
    if x > 1.0 { a } else { b }
}

#[test]
fn singularities() {
    assert!(singular_gradient(0.0).is_nan() && singular_jvp(0.0, 1.0).1.is_nan());
    assert_eq!((around_the_singularity_gradient(0.0), around_the_singularity_jvp(0.0, 1.0).1), (0.0, 0.0));
    assert!(along_jvp(0.0, 2.0, 0.0, 1.0).1.is_nan());
    assert_eq!(along_gradient(0.0, 2.0), [f64::INFINITY, 1.0]);
    assert_eq!((along_one_gradient(0.0, 2.0), along_one_jvp(0.0, 2.0, 1.0).1), (1.0, 1.0));
    assert!(not_all_gradient(&[4.0, 0.0, 4.0])[1].is_nan());
    assert_eq!(not_all_numbers_gradient(4.0, 0.0), [0.25, 0.0]);
    assert_eq!(not_all_numbers_gradient(0.0, 4.0), [0.0, 0.25]);
}
