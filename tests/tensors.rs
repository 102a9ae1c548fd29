//! Calls of functions that return arrays of several dimensions, of which only use tells how many: indices, what is assigned to,
//! and where they are handed on. Oracle: finite differences; forward mode is compared with reverse mode.

#![allow(
    clippy::needless_range_loop,
    clippy::explicit_iter_loop,
    clippy::cast_precision_loss,
    reason = "as users write them"
)]

use num_traits::Float;
use symgrad::{Differentiable, assert_gradient, differentiate};

#[differentiate(jvp)]
fn rotation<T: Float>(alpha: T, theta: T) -> [[T; 3]; 3] {
    let (sa, ca) = alpha.sin_cos();
    let (st, ct) = theta.sin_cos();
    [[ct, -st * ca, st * sa], [st, ct * ca, -ct * sa], [T::zero(), sa, ca]]
}

#[differentiate(jvp)]
fn transposed<T: Float>(m: &[[T; 3]; 3]) -> [[T; 3]; 3] {
    std::array::from_fn(|i| std::array::from_fn(|j| m[j][i]))
}

#[differentiate(jvp)]
fn applied<T: Float>(m: &[[T; 3]; 3], v: &[T; 3]) -> [T; 3] {
    std::array::from_fn(|i| m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2])
}

#[differentiate(jvp)]
fn added<T: Float>(a: &[T; 3], b: &[T; 3]) -> [T; 3] {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

#[differentiate(jvp)]
fn planes<T: Float>(x: T) -> [[[T; 2]; 2]; 2] {
    let (s, c) = x.sin_cos();
    [[[s, c], [x, s * c]], [[x * x, c * c], [s * x, T::one()]]]
}

#[differentiate(jvp, wrt(x))]
fn ragged(x: f64, n: usize) -> Vec<Vec<f64>> {
    let mut rows = vec![vec![x; 2]; n];
    for i in 0..n {
        rows[i][1] = x * i as f64 + rows[i][0] * rows[i][0];
    }
    rows
}

/// Indices, a method of a row, a row that is handed on, and one that is looped over.
#[differentiate(gradient, jvp)]
fn by_indices<T: Float>(x: T, y: T) -> T {
    let j = rotation(x, y);
    let det = j[0][0] * j[1][1] - j[0][1] * j[1][0];
    let k = rotation(det, x * y);
    let mut sum = T::zero();
    for value in k[1].iter() {
        sum = sum + *value * *value * y;
    }
    let p = planes(sum);
    let v = applied(&rotation(p[0][1][1], p[1][0][0]), &k[2]);
    v[0] * v[1] + v[2] * j[2][1]
}

/// Assigned where the shape is known: rows and planes.
#[differentiate(gradient, jvp)]
fn assigned<T: Float>(x: T, y: T) -> T {
    let mut frames = [[[T::zero(); 3]; 3]; 2];
    let mut rows = [[T::one(); 3]; 3];
    for i in 0..2 {
        frames[i] = rotation(x * rows[i][0], y);
        rows[i] = applied(&frames[i], &[x, y, T::one()]);
        rows[2 - i] = added(&rows[i], &applied(&transposed(&frames[i]), &rows[1]));
    }
    rows[0][0] * rows[1][1] * rows[2][2] + frames[1][2][1]
}

/// Only handed on, from one call to the next.
#[differentiate(gradient, jvp)]
fn handed_on<T: Float>(x: T, y: T) -> T {
    let r = rotation(x, y);
    let rt = transposed(&r);
    let v = applied(&rt, &[x, y, x * y]);
    let w = added(&v, &applied(&r, &v));
    let [a, b, c] = applied(&rt, &w);
    a * b + c
}

/// The same in a loop whose state is on a tape.
#[differentiate(gradient, jvp)]
fn iterated(x: f64, y: f64) -> f64 {
    let mut v = [x, y, 1.0];
    let mut size = 1.0;
    let mut n = 0;
    while size > 1e-2 && n < 5 {
        let r = rotation(size * x, v[0] * y);
        let rt = transposed(&r);
        if v[1] > 0.0 {
            v = applied(&rt, &v);
        } else {
            let m = transposed(&rt);
            v = added(&applied(&m, &v), &[0.1 * m[1][2], x, y * rt[0][0]]);
        }
        let parts: Vec<Vec<f64>> = ragged(v[2], n + 1);
        size *= 0.4 + 0.1 * parts[n][1];
        n += 1;
    }
    v[0] * v[1] + size * v[2]
}

#[test]
fn dimensions_are_told_by_use() {
    for point in [[0.3, 0.8], [1.2, -0.4]] {
        assert_gradient!(
            |p| by_indices(p[0], p[1]),
            |p| by_indices_value_and_gradient(p[0], p[1]),
            point,
            jvp = |p, v| by_indices_jvp(p[0], p[1], v[0], v[1])
        );
        assert_gradient!(
            |p| assigned(p[0], p[1]),
            |p| assigned_value_and_gradient(p[0], p[1]),
            point,
            jvp = |p, v| assigned_jvp(p[0], p[1], v[0], v[1])
        );
        assert_gradient!(
            |p| handed_on(p[0], p[1]),
            |p| handed_on_value_and_gradient(p[0], p[1]),
            point,
            jvp = |p, v| handed_on_jvp(p[0], p[1], v[0], v[1])
        );
        assert_gradient!(
            |p| iterated(p[0], p[1]),
            |p| iterated_value_and_gradient(p[0], p[1]),
            point,
            jvp = |p, v| iterated_jvp(p[0], p[1], v[0], v[1])
        );
    }
}

#[derive(Differentiable)]
struct Pair<T> {
    a: T,
    b: T,
}

/// Of structs, the companions ask for the bound that the function has not.
#[differentiate(jvp)]
fn pair<T: Float>(x: T) -> Pair<T> {
    Pair { a: x.sin(), b: x * x }
}

#[differentiate(gradient, jvp, wrt(p, x))]
fn of_pair<T: Float>(p: &Pair<T>, x: T) -> T {
    let r = rotation(p.a, p.b);
    let v = applied(&transposed(&r), &[x, p.a, T::one()]);
    v[0] * v[1] + p.a * v[2]
}

#[differentiate(gradient, jvp)]
fn with_bound<T: Float + Differentiable>(x: T, y: T) -> T {
    let p = pair(x * y);
    let r = rotation(p.a, x);
    p.b * of_pair(&p, y) + applied(&r, &[x, y, p.b])[0]
}

struct Arm<T> {
    center: [T; 3],
}

/// In one of two arms, a reference to data is given to a call, which the sweep calls again.
#[differentiate(jvp, wrt(q))]
fn of_data<T: Float>(arms: &[Arm<T>], q: &[T; 3]) -> [T; 3] {
    let mut moved = [[T::one(); 3]; 3];
    for i in 0..3 {
        let k = 2 - i;
        let r = rotation(q[k], arms[k].center[0]);
        if i == 0 {
            moved[k] = applied(&r, q);
        } else if k == 0 {
            let at = q[0];
            let center = arms[0].center;
            moved[0] = added(&center, &moved[1]);
            moved[0] = applied(&rotation(at, moved[0][0]), &center);
        } else {
            let v = added(&arms[k].center, &moved[k + 1]);
            let center = arms[k - 1].center;
            moved[k] = added(&applied(&r, &v), &applied(&transposed(&r), &center));
        }
    }
    let mut out = [T::zero(); 3];
    for k in 0..3 {
        out[k] = moved[0][k] * moved[k][1];
    }
    out
}

#[differentiate(gradient, jvp, wrt(q))]
fn length(arms: &[Arm<f64>], q: &[f64; 3]) -> f64 {
    let [x, y, z] = of_data(arms, q);
    x * x + y * z
}

#[test]
fn data_that_is_given_to_calls_in_branches() {
    let arms = || [0.3, -0.2, 0.9].map(|x: f64| Arm { center: [x, 0.5, x * x] });
    assert_gradient!(
        |p| length(&arms(), p.try_into().unwrap()),
        |p| length_value_and_gradient(&arms(), p.try_into().unwrap()),
        [0.4, -0.7, 1.1],
        jvp = |p, v| length_jvp(&arms(), p.try_into().unwrap(), v.try_into().unwrap())
    );
}

#[test]
fn structs_in_generic_functions() {
    let at = |p: &[f64]| (Pair { a: p[0], b: p[1] }, p[2]);
    assert_gradient!(
        |p| of_pair(&at(p).0, p[2]),
        |p| {
            let (value, (pair, x)) = of_pair_value_and_gradient(&at(p).0, p[2]);
            (value, [pair.a, pair.b, x])
        },
        [0.3, 0.8, -0.6],
        jvp = |p, v| of_pair_jvp(&at(p).0, p[2], &at(v).0, v[2])
    );
    assert_gradient!(
        |p| with_bound(p[0], p[1]),
        |p| with_bound_value_and_gradient(p[0], p[1]),
        [0.7, -0.4],
        jvp = |p, v| with_bound_jvp(p[0], p[1], v[0], v[1])
    );
}

#[differentiate(hvp)]
fn cross(a: &[f64; 3], b: &[f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

#[differentiate(gradient, hvp)]
fn dot(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Where derivatives in several directions at a time are asked for, what is only handed on has one dimension.
#[differentiate(gradient, hessian, wrt(a))]
fn of_cross_products(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    let v = cross(a, b);
    dot(&v, &cross(&v, &cross(a, &v))) * dot(&v, a) + dot(&cross(b, a), &v)
}

#[test]
fn matrices_of_what_is_handed_on() {
    let (a, b) = ([0.3, -0.8, 1.1], [0.9, 0.2, -0.5]);
    let hessian = of_cross_products_hessian(&a, &b);
    for j in 0..3 {
        let gradient = |h: f64| {
            let mut moved = a;
            moved[j] += h;
            of_cross_products_gradient(&moved, &b)
        };
        let (up, down) = (gradient(1e-5), gradient(-1e-5));
        for i in 0..3 {
            let difference = (up[i] - down[i]) / 2e-5;
            assert!((hessian[i][j] - difference).abs() < 1e-8, "{i} {j}: {} and {difference}", hessian[i][j]);
        }
    }
}
