//! What calls return, handed on where it stands: to other calls, to chains and loops, to `Vec`s, to several variables at
//! once. Oracle: finite differences; forward mode is compared with reverse mode.

#![allow(clippy::extend_with_drain, clippy::needless_pass_by_value, reason = "every way is tested")]
#![allow(clippy::many_single_char_names, reason = "formulas")]
#![allow(clippy::cast_precision_loss, reason = "counts are small")]
#![allow(clippy::needless_range_loop, reason = "loops over indices are tested, too")]
#![allow(
    clippy::redundant_closure_for_method_calls,
    clippy::redundant_closure,
    reason = "closures are what is checked"
)]

use symgrad::{assert_gradient, differentiate};

#[differentiate(jvp)]
fn cross(a: &[f64; 3], b: &[f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

#[differentiate(jvp)]
fn between(a: &[f64; 3], b: &[f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

#[differentiate(jvp)]
fn scaled(a: &[f64; 3], s: f64) -> [f64; 3] {
    [a[0] * s, a[1] * s, a[2] * s]
}

#[differentiate(gradient, jvp)]
fn dot(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[differentiate(gradient, jvp)]
fn norm(a: &[f64]) -> f64 {
    a.iter().map(|v| v * v).sum::<f64>().sqrt()
}

#[differentiate(gradient, jvp)]
fn by_value(a: [f64; 2]) -> f64 {
    a[0] * a[0] * a[1]
}

#[differentiate(gradient, jvp)]
fn square(x: f64) -> f64 {
    x * x + 0.5 * x
}

#[differentiate(jvp)]
fn powers(x: f64) -> [f64; 3] {
    [x, x * x, x * x * x]
}

#[differentiate(jvp)]
fn step(q: f64, p: f64) -> (f64, f64) {
    (q + 0.1 * p, p - 0.1 * q.sin())
}

#[differentiate(gradient, jvp)]
fn to_calls(p: &[f64]) -> f64 {
    let (x, y) = (&[p[0], p[1], p[2]], &[p[3], p[4], p[5]]);
    let volume = dot(&cross(x, y), &scaled(&between(x, y), norm(x)));
    volume + norm(&between(x, y)) * square(cross(x, y)[1]) + by_value([x[0] * y[1], square(y[2])]) + norm(&[x[1], y[0]])
}

#[differentiate(gradient, jvp)]
fn to_chains(p: &[f64]) -> f64 {
    let (x, y) = (&[p[0], p[1], p[2]], &[p[3], p[4], p[5]]);
    let a: f64 = cross(x, y).iter().map(|v| v * v).sum();
    let b = cross(x, y).into_iter().zip(between(x, y)).fold(1.0, |s, (u, v)| s + u * v);
    let c: f64 = x.iter().flat_map(|&v| powers(v)).map(|v| v.sin()).sum();
    let d: f64 = y.iter().map(|&v| square(v)).chain(powers(x[0])).product();
    a * b + c * d
}

#[differentiate(gradient, jvp)]
fn to_loops(x: f64) -> f64 {
    let mut s = 0.5;
    for v in powers(x) {
        s += v * v;
    }
    for v in &powers(s) {
        s = s * 0.1 + v;
    }
    for (i, v) in powers(x * 0.5).iter().enumerate() {
        s += v * x * i as f64;
    }
    s
}

#[differentiate(gradient, jvp)]
fn to_lists(x: f64) -> f64 {
    let mut v = vec![x];
    v.extend(powers(x));
    v.extend_from_slice(&powers(v[1] * 0.5));
    let mut w = [0.0; 6];
    w[1..4].copy_from_slice(&powers(x + 1.0));
    w[4] = square(v[3]);
    v.iter().zip(&w).map(|(a, b)| a * b).sum::<f64>() + v.len() as f64
}

#[differentiate(gradient, jvp)]
fn to_variables(x: f64) -> f64 {
    let (mut q, mut p) = (x, 1.0);
    let mut trace = [0.0; 4];
    for k in 0..4 {
        (q, p) = step(q, p);
        (trace[k], p) = step(p, q * x);
    }
    let [a, b, c] = cross(&[x, q, p], &[p, x, 1.0]);
    q * p + trace[0] * trace[3] + a * b * c
}

#[test]
fn what_calls_return_is_handed_on() {
    for point in [[0.3, 0.8, -0.5, 1.2, 0.4, 0.9], [1.1, -0.7, 0.2, 0.6, 1.5, -0.3]] {
        assert_gradient!(|p| to_calls(p), |p| to_calls_value_and_gradient(p), point, jvp = |p, v| to_calls_jvp(p, v));
        assert_gradient!(
            |p| to_chains(p),
            |p| to_chains_value_and_gradient(p),
            point,
            jvp = |p, v| to_chains_jvp(p, v)
        );
    }
    for point in [[0.3], [1.2], [-0.7]] {
        assert_gradient!(
            |p| to_loops(p[0]),
            |p| to_loops_value_and_gradient(p[0]),
            point,
            jvp = |p, v| to_loops_jvp(p[0], v[0])
        );
        assert_gradient!(
            |p| to_lists(p[0]),
            |p| to_lists_value_and_gradient(p[0]),
            point,
            jvp = |p, v| to_lists_jvp(p[0], v[0])
        );
        assert_gradient!(
            |p| to_variables(p[0]),
            |p| to_variables_value_and_gradient(p[0]),
            point,
            jvp = |p, v| to_variables_jvp(p[0], v[0])
        );
    }
}

/// A row of a length that only the callee tells, in a loop whose records are swept.
#[differentiate(gradient, jvp)]
fn turning(a: &[f64; 3]) -> f64 {
    let mut p = *a;
    for k in 0..3 {
        let turned = cross(&p, &[0.3, -0.2, f64::from(k)]);
        for i in 0..3 {
            p[i] += turned[i] * turned[i];
        }
    }
    p[0] * p[1] + p[2]
}

#[test]
fn lengths_that_only_the_callee_tells_in_a_sweep() {
    for point in [[0.3, 0.8, -0.5], [0.1, -0.7, 0.2]] {
        assert_gradient!(
            |p| turning(p.try_into().unwrap()),
            |p| turning_value_and_gradient(p.try_into().unwrap()),
            point,
            jvp = |p, v| turning_jvp(p.try_into().unwrap(), v.try_into().unwrap())
        );
    }
}
