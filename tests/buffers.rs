//! Functions that write to buffers of their caller's or return more than a number, and calls of them, against finite
//! differences: of the caller for the product with a cotangent, of each output for the directional derivative.
#![allow(clippy::pedantic, clippy::style, reason = "as users write them")]

use symgrad::check::Check;
use symgrad::differentiate;

/// Gradient and directional derivatives of a number.
fn agrees(
    f: impl Fn(&[f64]) -> f64,
    gradient: impl Fn(&[f64]) -> Vec<f64>,
    jvp: impl Fn(&[f64], &[f64]) -> (f64, f64),
    x: &[f64],
) {
    let report = Check::new(&f, |x: &[f64]| (f(x), gradient(x))).jvp(&jvp).at(x).expect("the point can be checked");
    assert_eq!(report.verified(), x.len(), "{report}");
    for k in 0..x.len() {
        let mut direction = vec![0.0; x.len()];
        direction[k] = 1.0;
        assert_eq!(jvp(x, &direction).0.to_bits(), f(x).to_bits());
    }
}

/// Each output of a function by itself.
fn outputs_agree(f: impl Fn(&[f64]) -> Vec<f64>, jvp: impl Fn(&[f64], &[f64]) -> (Vec<f64>, Vec<f64>), x: &[f64]) {
    for j in 0..f(x).len() {
        let columns = |x: &[f64]| -> Vec<f64> {
            let unit = |k: usize| (0..x.len()).map(|i| if i == k { 1.0 } else { 0.0 }).collect::<Vec<_>>();
            (0..x.len()).map(|k| jvp(x, &unit(k)).1[j]).collect()
        };
        let report = Check::new(|x: &[f64]| f(x)[j], |x: &[f64]| (f(x)[j], columns(x))).at(x).expect("can be checked");
        assert_eq!(report.verified(), x.len(), "output {j}: {report}");
    }
    assert_eq!(jvp(x, x).0, f(x));
}

// Buffers

#[differentiate(jvp)]
fn squared(b: &mut [f64]) {
    for v in b.iter_mut() {
        *v *= *v;
    }
}

#[differentiate(gradient, jvp)]
fn t8_twice_in_place(x: f64) -> f64 {
    let mut b = [x, 2.0, x * x];
    squared(&mut b);
    b[0] *= x;
    squared(&mut b);
    b[0] + b[2] * b[1]
}

#[test]
fn t8() {
    agrees(
        |x| t8_twice_in_place(x[0]),
        |x| vec![t8_twice_in_place_gradient(x[0])],
        |x, v| t8_twice_in_place_jvp(x[0], v[0]),
        &[1.3],
    );
}

#[differentiate(jvp, wrt(x))]
fn weighted(x: &[f64], k: usize, out: &mut [f64]) {
    for i in 0..x.len() {
        out[i] = x[i].sin() * (k + i) as f64;
    }
    if k > 1 {
        return;
    }
    out[0] = x[0] * x[1];
}

#[differentiate(gradient, jvp, wrt(x))]
fn case_36_refilled_in_each_iteration(x: &[f64], n: usize) -> f64 {
    let mut buffer = vec![0.0; x.len()];
    let mut s = 0.0;
    for k in 0..n {
        weighted(x, k, &mut buffer);
        s += buffer[0] * buffer[1] * (k as f64 + s);
    }
    s
}

#[test]
fn case_36() {
    agrees(
        |x| case_36_refilled_in_each_iteration(x, 3),
        |x| case_36_refilled_in_each_iteration_gradient(x, 3),
        |x, v| case_36_refilled_in_each_iteration_jvp(x, 3, v),
        &[0.5, 1.2, -0.4],
    );
}

#[test]
fn a_buffer_by_itself() {
    outputs_agree(
        |x| {
            let mut out = vec![0.0; 3];
            weighted(x, 1, &mut out);
            out
        },
        |x, v| {
            let (mut out, mut tangent) = (vec![0.0; 3], vec![0.0; 3]);
            weighted_jvp(x, 1, &mut out, v, &mut tangent);
            (out, tangent)
        },
        &[0.5, 1.2, -0.4],
    );
    outputs_agree(
        |x| {
            let mut b = x.to_vec();
            squared(&mut b);
            b
        },
        |x, v| {
            let (mut b, mut tangent) = (x.to_vec(), v.to_vec());
            squared_jvp(&mut b, &mut tangent);
            (b, tangent)
        },
        &[0.5, 1.2],
    );
}

/// A number and a buffer.
#[differentiate(gradient, jvp, wrt(x))]
fn normalise(x: f64, v: &mut [f64; 2]) -> f64 {
    let norm = (v[0] * v[0] + v[1] * v[1]).sqrt();
    v[0] *= x / norm;
    v[1] *= x / norm;
    norm
}

#[differentiate(gradient, jvp)]
fn uses_both(x: f64, y: f64) -> f64 {
    let mut v = [x * y, y];
    let norm = normalise(x, &mut v);
    let again = normalise(norm * y, &mut v);
    v[0] * norm + v[1] * again
}

#[differentiate(gradient, jvp)]
fn halves(x: f64, y: f64) -> f64 {
    let mut a = [x, y, x * y, x - y];
    squared(&mut a[1..3]);
    let (left, right) = a.split_at_mut(2);
    squared(&mut left[..1]);
    left[1] *= right[0];
    a[0] * a[1] + a[2] * a[3]
}

#[test]
fn buffers_and_numbers() {
    for f in [
        (
            uses_both as fn(f64, f64) -> f64,
            uses_both_gradient as fn(f64, f64) -> [f64; 2],
            uses_both_jvp as fn(f64, f64, f64, f64) -> (f64, f64),
        ),
        (halves, halves_gradient, halves_jvp),
    ] {
        agrees(|x| f.0(x[0], x[1]), |x| f.1(x[0], x[1]).to_vec(), |x, v| f.2(x[0], x[1], v[0], v[1]), &[1.3, 0.7]);
    }
    let mut v = [3.0, 4.0];
    assert_eq!(normalise_value_and_gradient(2.0, &mut v), (5.0, 0.0));
    assert_eq!(v, [1.2000000000000002, 1.6]);
}

/// A buffer that is passed on, by a function that writes to it.
#[differentiate(jvp)]
fn twice(b: &mut [f64], scale: f64) {
    squared(&mut b[..]);
    for i in 0..b.len() {
        b[i] *= scale;
    }
    squared(&mut *b);
}

#[differentiate(gradient, jvp)]
fn nested(x: f64, scale: f64) -> f64 {
    let mut b = vec![x, 0.5];
    twice(&mut b, scale);
    b[0] * b[1]
}

#[test]
fn passed_on() {
    agrees(
        |x| nested(x[0], x[1]),
        |x| nested_gradient(x[0], x[1]).to_vec(),
        |x, v| nested_jvp(x[0], x[1], v[0], v[1]),
        &[1.3, 0.7],
    );
}

// Buffers that are passed on by their names, to functions that return something: to those that only read them, and to one that
// writes to them and returns two numbers.

#[differentiate(gradient, jvp)]
fn weighed(b: &[f64], x: f64) -> f64 {
    b[0] * b[1].sin() + x * b[0]
}

#[differentiate(jvp)]
fn pulled(b: &mut [f64], c: &mut [f64; 2], x: f64) -> (f64, f64) {
    b[0] *= x;
    c[1] += b[0] * b[0];
    (b[1].sin() * c[0], b[0] * x)
}

#[differentiate(gradient, jvp)]
fn ends(c: &[f64; 2]) -> f64 {
    c[0] * c[1]
}

#[differentiate(gradient, jvp)]
fn by_name(b: &mut [f64], c: &mut [f64; 2], x: f64) -> f64 {
    let y = weighed(b, x) * ends(c);
    b[1] *= y;
    let (p, q) = pulled(b, c, y);
    let r = weighed(b, p * q);
    c[0] *= r;
    r * ends(c) + b[0]
}

#[differentiate(gradient, jvp)]
fn named_by(x: f64, y: f64) -> f64 {
    let (mut b, mut c) = (vec![x, y], [x * y, 0.5]);
    let z = by_name(&mut b, &mut c, x + y);
    z * b[0] + b[1] * c[0] - c[1]
}

#[test]
fn passed_on_by_name() {
    agrees(
        |x| named_by(x[0], x[1]),
        |x| named_by_gradient(x[0], x[1]).to_vec(),
        |x, v| named_by_jvp(x[0], x[1], v[0], v[1]),
        &[1.3, 0.7],
    );
}

// Results

#[differentiate(jvp)]
fn polar(x: f64, y: f64) -> (f64, f64) {
    if x == 0.0 && y == 0.0 {
        return (0.0, 0.0);
    }
    let r = x.hypot(y);
    (r, y.atan2(x))
}

#[differentiate(jvp)]
fn cross(a: &[f64; 3], b: &[f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

#[differentiate(jvp)]
fn running(x: &[f64]) -> Vec<f64> {
    let mut sums = Vec::new();
    let mut s = 0.0;
    for v in x {
        if s > 3.0 {
            return sums;
        }
        s += v * v;
        sums.push(s);
    }
    sums
}

#[differentiate(jvp, wrt(q))]
fn rotation(q: f64, fail: bool) -> Result<([[f64; 2]; 2], f64), String> {
    if fail {
        return Err("no".into());
    }
    let (s, c) = q.sin_cos();
    let mut m = [[c, -s], [s, 0.0]];
    m[1][1] = c;
    Ok((m, c * s))
}

#[test]
fn results() {
    outputs_agree(
        |x| <[f64; 2]>::from(polar(x[0], x[1])).to_vec(),
        |x, v| {
            let (value, tangent) = polar_jvp(x[0], x[1], v[0], v[1]);
            (<[f64; 2]>::from(value).to_vec(), <[f64; 2]>::from(tangent).to_vec())
        },
        &[1.3, 0.7],
    );
    assert_eq!(polar_jvp(0.0, 0.0, 1.0, 1.0), ((0.0, 0.0), (0.0, 0.0)));
    let halves = |x: &[f64]| ([x[0], x[1], x[2]], [x[3], x[4], x[5]]);
    outputs_agree(
        |x| cross(&halves(x).0, &halves(x).1).to_vec(),
        |x, v| {
            let (value, tangent) = cross_jvp(&halves(x).0, &halves(x).1, &halves(v).0, &halves(v).1);
            (value.to_vec(), tangent.to_vec())
        },
        &[1.0, 2.0, -0.5, 0.3, 0.4, 2.0],
    );
    outputs_agree(running, running_jvp, &[1.0, 1.5, 2.0, 7.0]);
    let flat = |(m, p): ([[f64; 2]; 2], f64)| vec![m[0][0], m[0][1], m[1][0], m[1][1], p];
    outputs_agree(
        |x| flat(rotation(x[0], false).unwrap()),
        |x, v| {
            let (value, tangent) = rotation_jvp(x[0], false, v[0]).unwrap();
            (flat(value), flat(tangent))
        },
        &[0.4],
    );
    assert!(rotation_jvp(0.4, true, 1.0).is_err());
}

#[differentiate(jvp)]
fn scaled(s: f64, b: &mut [f64]) {
    for v in b.iter_mut() {
        *v *= s;
    }
}

/// The partial derivative of the call is not there yet where the loop runs.
#[differentiate(gradient, jvp)]
fn a_sum_before_the_call(x: &[f64; 3]) -> f64 {
    let mut s = 0.0;
    for v in x {
        s += v * v;
    }
    let mut b = [1.0, 2.0];
    scaled(s, &mut b);
    b[0] * b[1]
}

/// A function with a number that lends its own buffer on.
#[differentiate(gradient, jvp, wrt(x))]
fn lends(x: f64, b: &mut [f64; 2]) -> f64 {
    b[0] = x;
    squared(&mut b[..]);
    scaled(x, &mut *b);
    b[0] * b[1]
}

#[differentiate(gradient, jvp)]
fn lent_twice(x: f64) -> f64 {
    let mut b = [x, 3.0];
    lends(x * x, &mut b) + lends(x, &mut b)
}

#[test]
fn calls_behind_loops_and_in_functions_with_a_number() {
    let three = |x: &[f64]| [x[0], x[1], x[2]];
    agrees(
        |x| a_sum_before_the_call(&three(x)),
        |x| a_sum_before_the_call_gradient(&three(x)).to_vec(),
        |x, v| a_sum_before_the_call_jvp(&three(x), &three(v)),
        &[0.5, 1.2, -0.4],
    );
    agrees(
        |x| lends(x[0], &mut [0.0, 3.0]),
        |x| vec![lends_gradient(x[0], &mut [0.0, 3.0])],
        |x, v| lends_jvp(x[0], &mut [0.0, 3.0], v[0], &mut [0.0; 2]),
        &[1.3],
    );
    agrees(|x| lent_twice(x[0]), |x| vec![lent_twice_gradient(x[0])], |x, v| lent_twice_jvp(x[0], v[0]), &[1.1]);
}

#[differentiate(jvp)]
fn turned(s: &mut f64, a: &[f64], p: f64) {
    *s = (*s * a[0]).sin() + a[1] * p;
}

/// A slice by its name, before an argument with a branch by an index into it.
#[differentiate(gradient, jvp)]
fn beside_a_branch(x: f64, c: &[f64]) -> f64 {
    let mut s = x;
    let mut k: usize = 0;
    while k < 3 {
        k += 1;
        turned(
            &mut s,
            c,
            c.windows(2).map(|w| if w[0] * (x + w[k.min(1)]) > 0.2 { x * w[0] } else { 0.25 }).sum::<f64>(),
        );
    }
    s
}

#[test]
fn slices_beside_branches() {
    agrees(
        |x| beside_a_branch(x[0], &x[1..]),
        |x| {
            let (dx, dc) = beside_a_branch_gradient(x[0], &x[1..]);
            [vec![dx], dc].concat()
        },
        |x, v| beside_a_branch_jvp(x[0], &x[1..], v[0], &v[1..]),
        &[1.1, 0.3, -0.4, 0.7],
    );
}

// Numbers behind references

#[differentiate(wrt(x), jvp, vjp, jacobian, verify(x = 3.0, v = &mut 2.0))]
fn quadratic(x: f64, v: &mut f64) {
    *v = *v * x + x * x;
}

#[differentiate(wrt(p), jvp, jacobian)]
fn to_polar(p: &[f64; 2], r: &mut f64, phi: &mut f64) {
    *r = p[0].hypot(p[1]);
    *phi = p[1].atan2(p[0]);
}

#[differentiate(wrt(p), jvp, jacobian)]
fn norm_of(p: &[f64], r: &mut f64) {
    *r += p.iter().map(|x| x * x).sum::<f64>().sqrt();
}

#[test]
fn numbers_behind_references() {
    outputs_agree(
        |x| {
            let (mut r, mut phi) = (0.0, 0.0);
            to_polar(&[x[0], x[1]], &mut r, &mut phi);
            vec![r, phi]
        },
        |x, t| {
            let (mut r, mut phi, mut dr, mut dphi) = (0.0, 0.0, 0.0, 0.0);
            to_polar_jvp(&[x[0], x[1]], &mut r, &mut phi, &[t[0], t[1]], &mut dr, &mut dphi);
            (vec![r, phi], vec![dr, dphi])
        },
        &[1.3, 0.7],
    );
    let (mut r, mut phi, mut dr, mut dphi) = (0.0, 0.0, 0.0, 0.0);
    let jacobian = to_polar_jacobian(&[1.3, 0.7], &mut r, &mut phi);
    for k in 0..2 {
        let mut unit = [0.0; 2];
        unit[k] = 1.0;
        to_polar_jvp(&[1.3, 0.7], &mut r, &mut phi, &unit, &mut dr, &mut dphi);
        assert!((jacobian[0][k] - dr).abs() < 1e-15 && (jacobian[1][k] - dphi).abs() < 1e-15);
    }
    let (mut v, mut cotangent) = (2.0, 1.0);
    let partial = quadratic_vjp(3.0, &mut v, &mut cotangent);
    let (mut w, mut tangent) = (2.0, 0.0);
    quadratic_jvp(3.0, &mut w, 1.0, &mut tangent);
    assert_eq!((partial, v), (tangent, w));
    let (mut w, mut tangent) = (2.0, 1.0);
    quadratic_jvp(3.0, &mut w, 0.0, &mut tangent);
    assert_eq!(cotangent, tangent);
    assert_eq!(quadratic_jacobian(3.0, &mut 2.0), partial);
    let (mut v, mut tangent) = (1.0, 0.0);
    norm_of_jvp(&[3.0, 4.0], &mut v, &[0.0, 1.0], &mut tangent);
    let mut n = 1.0;
    let row = norm_of_jacobian(&[3.0, 4.0], &mut n);
    assert_eq!((v, n, row.len()), (6.0, 6.0, 2));
    assert!((row[1] - tangent).abs() < 1e-15);
}
