//! Structs in `wrt`: gradients of their own type. Each is compared with finite differences of the list of scalars, forward
//! mode with reverse mode, and the value bit for bit.

#![allow(clippy::needless_range_loop, reason = "loops over indices are what is tested")]
#![allow(clippy::needless_pass_by_value, clippy::trivially_copy_pass_by_ref, reason = "both ways are tested")]
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "counts are small"
)]
#![allow(clippy::assign_op_pattern, clippy::explicit_iter_loop, reason = "both forms are tested")]
#![allow(
    clippy::redundant_closure_for_method_calls,
    clippy::redundant_closure,
    reason = "closures are what is checked"
)]

mod common;

use common::check;
use symgrad::{Differentiable, Flatten, differentiate};

/// The same for a function by its name; its buffers are overwritten.
macro_rules! check {
    ($f:ident, $value_and_gradient:ident, $into:ident, $jvp:ident, $p:expr $(, $rest:expr)*) => {{
        let p = $p;
        check(&p, |p| $f(p $(, $rest)*), |p| $value_and_gradient(p $(, $rest)*), |p, v| $jvp(p $(, $rest)*, v));
        let (value, gradient) = $value_and_gradient(&p $(, $rest)*);
        let mut buffer = p.duplicate();
        let again = $into(&p $(, $rest)*, &mut buffer);
        assert_eq!((value.to_bits(), gradient.flatten()), (again.to_bits(), buffer.flatten()));
    }};
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Inner {
    a: f64,
    b: f64,
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Params {
    k: f64,
    w: [f64; 3],
    rows: Vec<Vec<f64>>,
    inner: Inner,
    list: Vec<Inner>,
    pair: (f64, [f64; 2]),
    #[differentiate(skip)]
    n: usize,
    #[differentiate(skip)]
    on: bool,
    #[differentiate(skip)]
    name: String,
    #[differentiate(skip)]
    order: Vec<usize>,
    m: f64,
}

fn params() -> Params {
    Params {
        k: 0.7,
        w: [0.3, -1.1, 0.9],
        rows: vec![vec![0.2, 0.5], vec![-0.4], vec![1.3, 0.1, -0.6]],
        inner: Inner { a: 1.2, b: -0.8 },
        list: vec![Inner { a: 0.6, b: 0.25 }, Inner { a: -0.35, b: 1.4 }],
        pair: (0.45, [1.6, -0.15]),
        n: 3,
        on: true,
        name: "p".into(),
        order: vec![2, 0, 1],
        m: 1.9,
    }
}

/// Numbers, by themselves and nested.
#[differentiate(gradient, jvp, wrt(p))]
fn numbers(p: &Params, x: f64) -> f64 {
    (p.k * x).sin() + p.inner.a * p.inner.b.exp() - p.m / p.k + p.pair.0.powi(2) * p.k
}

/// Arrays, rows of any length, a struct in a list.
#[differentiate(gradient, jvp, wrt(p))]
fn arrays(p: &Params) -> f64 {
    let mut sum = p.m;
    for i in 0..p.w.len() {
        sum += p.w[i] * p.w[i] * p.k;
    }
    for row in &p.rows {
        for v in row {
            sum *= 1.0 + 0.1 * v;
        }
    }
    for i in 0..p.list.len() {
        sum += p.list[i].a * p.list[p.list.len() - 1 - i].b;
    }
    for (i, entry) in p.list.iter().enumerate() {
        sum += entry.a.sin() * (i + 1) as f64;
    }
    sum + p.pair.1[0] * p.pair.1[1]
}

/// Data: counts, conditions, an order, a name.
#[differentiate(gradient, jvp, wrt(p))]
fn data(p: &Params) -> f64 {
    let n = p.n;
    let mut product = p.k;
    for i in 0..n {
        product *= p.w[p.order[i]] + i as f64 / p.n as f64;
    }
    if p.on && p.name.len() < 5 && p.k < 10.0 {
        product += p.m * (2 * p.n + 1) as f64;
    }
    assert!(!p.name.is_empty(), "{} {n}", p.name);
    match p.n {
        0 => 1.0,
        3 => product * p.k.powi(p.n as i32),
        _ => product,
    }
}

/// Names for parts.
#[differentiate(gradient, jvp, wrt(p))]
fn names(p: &Params) -> f64 {
    let Params { k, w, inner, n, .. } = p;
    let Inner { a, b: c } = *inner;
    let q = &p.inner;
    let rows = &p.rows;
    let first = &rows[0];
    let last = p.list.last().unwrap();
    let [x, y, z] = p.w;
    let (u, v) = p.pair;
    k * w[1] * a + c * q.a + first[1] * rows[2][*n - 1] + last.b * q.b + x * y * z + u * v[0]
}

/// Chains of iterators.
#[differentiate(gradient, jvp, wrt(p))]
fn chains(p: &Params) -> f64 {
    let dot: f64 = p.w.iter().zip(&p.rows[2]).map(|(a, b)| a * b).sum();
    let squares = p.list.iter().map(|q| q.a * q.a + q.b).fold(0.0, |s, v| s + v * p.k);
    let largest = p.w.iter().fold(f64::NEG_INFINITY, |m, &v| m.max(v));
    let sums: Vec<f64> = p.rows.iter().map(|row| row.iter().sum::<f64>()).collect();
    dot * squares + largest + sums[0] * sums[1] * sums[2]
}

/// State that is carried: a tape.
#[differentiate(gradient, jvp, wrt(p))]
fn recurrence(p: &Params, steps: usize) -> f64 {
    let mut state = p.inner.a;
    for i in 0..steps {
        if state > 2.0 {
            return state * p.inner.b;
        }
        state = (state * p.k + p.w[i % 3]).tanh() + p.m * state * state * 0.1;
    }
    state
}

/// What changes a struct, by value.
#[differentiate(gradient, jvp, wrt(p))]
fn changed(mut p: Params) -> f64 {
    p.k *= 2.0;
    p.w[1] += p.k * p.m;
    p.inner.a = p.inner.b * p.w[1];
    for i in 0..p.n {
        p.w[i] = p.w[i] * p.k;
        p.list[i % 2].b -= p.w[i];
    }
    let mut q = p.inner;
    q.b += q.a;
    p.rows[0] = vec![q.a * q.b; 2];
    p.pair = (q.a, [p.k, 1.0]);
    p.inner = Inner { a: p.k, b: q.b * p.inner.b };
    let r = p.list[1];
    p.list[0] = r;
    p.w[0] * p.w[1] * p.w[2]
        + p.inner.a * p.inner.b
        + p.rows[0][0] * p.rows[0][1] * p.rows[1][0]
        + p.list[0].b * p.pair.0
        + p.m
}

/// A copy of a part does not follow it.
#[differentiate(gradient, jvp, wrt(p))]
fn copies(mut p: Params) -> f64 {
    let before = p.inner;
    let k = p.k;
    let w = p.w;
    p.inner.a = 3.0 * p.inner.b;
    p.k = k * k;
    p.w[0] = 5.0;
    before.a * p.inner.a + k * p.k + w[0] * p.w[0] * w[1]
}

/// By value, without a change.
#[differentiate(gradient, jvp, wrt(p))]
fn moved(p: Params) -> f64 {
    let inner = p.inner;
    let list = p.list;
    let rows = p.rows;
    let mut sum = inner.a * inner.b;
    for q in list {
        sum += q.a * q.b;
    }
    for row in rows {
        for v in row {
            sum += v.exp();
        }
    }
    sum
}

/// Shadowed names and fields of one name.
#[differentiate(gradient, jvp, wrt(p))]
fn shadows(p: &Params) -> f64 {
    let k = p.k;
    let p = &p.inner;
    let a = p.a * k;
    {
        let p = 2.0 * a;
        let k = p * p;
        let inner = k;
        if inner > 0.0 {
            return inner + a;
        }
    }
    p.b
}

/// Two structs, and other parameters.
#[differentiate(gradient, jvp, wrt(p, q, x, s))]
fn several(p: &Inner, q: Inner, x: &[f64], s: f64) -> f64 {
    let mut sum = s;
    for v in x {
        sum += (p.a * v - q.b).powi(2) * s;
    }
    sum * p.b + q.a
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Particle {
    x: [f64; 2],
    mass: f64,
    #[differentiate(skip)]
    fixed: bool,
}

fn particles() -> Vec<Particle> {
    let at = |x, y, mass, fixed| Particle { x: [x, y], mass, fixed };
    vec![at(0.1, 0.7, 1.0, false), at(-1.2, 0.4, 0.6, true), at(0.9, -0.8, 2.1, false)]
}

/// A list of structs.
#[differentiate(gradient, jvp, wrt(ps))]
fn potential(ps: &[Particle], strength: f64) -> f64 {
    let mut energy = 0.0;
    for i in 0..ps.len() {
        for j in 0..i {
            let d: f64 = (0..2).map(|k| (ps[i].x[k] - ps[j].x[k]).powi(2)).sum();
            energy -= strength * ps[i].mass * ps[j].mass / d.sqrt();
        }
    }
    for p in ps {
        if p.fixed {
            continue;
        }
        energy += 0.5 * p.mass * p.x[0] * p.x[1];
    }
    let Particle { x: [x, y], mass, .. } = &ps[0];
    energy + ps.iter().filter(|p| p.fixed).map(|p| p.mass * p.mass).sum::<f64>() + x * y * mass
}

/// An array of structs, by value, that changes.
#[differentiate(gradient, jvp, wrt(ps))]
fn pushed(mut ps: [Inner; 2], x: f64) -> f64 {
    for p in ps.iter_mut() {
        p.a += p.b * x;
        p.b *= p.a;
    }
    ps[0].a = ps[1].b;
    ps[1] = Inner { a: ps[0].a * 2.0, b: ps[1].a };
    let q = ps[1];
    ps[0].a * ps[0].b + q.a * q.b
}

/// A tuple struct, in single precision.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Pair(f32, f32);

#[differentiate(gradient, jvp, wrt(p))]
fn single(p: &Pair) -> f32 {
    let Pair(a, b) = *p;
    a * b.sin() + p.0 * p.1
}

/// A tuple.
#[differentiate(gradient, jvp, wrt(t))]
fn tuple(t: (f64, [f64; 2]), x: f64) -> f64 {
    let (a, [b, c]) = t;
    a * b * x + c * t.1[0]
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Layer<T, const N: usize> {
    weights: [T; N],
    bias: T,
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Network<T> {
    first: Layer<T, 2>,
    rest: Vec<Layer<T, 3>>,
}

/// Generic over the float.
#[differentiate(gradient, jvp, wrt(net))]
fn response<T: num_traits::Float>(net: &Network<T>, x: &[T; 2]) -> T {
    let mut y = net.first.bias;
    for i in 0..2 {
        y = y + net.first.weights[i] * x[i];
    }
    for layer in &net.rest {
        let mut sum = layer.bias;
        for w in layer.weights.iter() {
            sum = sum + *w * y.tanh();
        }
        y = sum;
    }
    y
}

#[test]
fn by_reference() {
    check!(numbers, numbers_value_and_gradient, numbers_value_and_gradient_into, numbers_jvp, params(), 1.3);
    check!(arrays, arrays_value_and_gradient, arrays_value_and_gradient_into, arrays_jvp, params());
    check!(data, data_value_and_gradient, data_value_and_gradient_into, data_jvp, params());
    check!(names, names_value_and_gradient, names_value_and_gradient_into, names_jvp, params());
    check!(chains, chains_value_and_gradient, chains_value_and_gradient_into, chains_jvp, params());
    check!(shadows, shadows_value_and_gradient, shadows_value_and_gradient_into, shadows_jvp, params());
    for steps in [0, 1, 4, 9] {
        check!(
            recurrence,
            recurrence_value_and_gradient,
            recurrence_value_and_gradient_into,
            recurrence_jvp,
            params(),
            steps
        );
    }
}

#[test]
fn by_value() {
    let p = params();
    check(
        &p,
        |p| changed(p.clone()),
        |p| changed_value_and_gradient(p.clone()),
        |p, v| changed_jvp(p.clone(), v.clone()),
    );
    check(&p, |p| copies(p.clone()), |p| copies_value_and_gradient(p.clone()), |p, v| copies_jvp(p.clone(), v.clone()));
    check(&p, |p| moved(p.clone()), |p| moved_value_and_gradient(p.clone()), |p, v| moved_jvp(p.clone(), v.clone()));
}

#[test]
fn a_gradient_has_the_data_of_its_parameter() {
    let gradient = numbers_gradient(&params(), 1.0);
    assert_eq!((gradient.n, gradient.on, gradient.name.as_str(), gradient.rows.len()), (3, true, "p", 3));
    let mut buffer = params();
    buffer.rows.clear();
    buffer.name.clear();
    let _ = numbers_value_and_gradient_into(&params(), 1.0, &mut buffer);
    assert_eq!(buffer, gradient);
}

#[test]
fn several_parameters() {
    let all = (Inner { a: 0.4, b: 1.1 }, Inner { a: -0.3, b: 0.8 }, vec![0.5, 1.5], 1.7);
    check(
        &all,
        |(p, q, x, s)| several(p, *q, x, *s),
        |(p, q, x, s)| several_value_and_gradient(p, *q, x, *s),
        |(p, q, x, s), (dp, dq, dx, ds)| several_jvp(p, *q, x, *s, dp, *dq, dx, *ds),
    );
}

#[test]
fn lists() {
    check(
        &particles(),
        |ps| potential(ps, 0.3),
        |ps| potential_value_and_gradient(ps, 0.3),
        |ps, v| potential_jvp(ps, 0.3, v),
    );
    let both = [Inner { a: 0.5, b: 1.5 }, Inner { a: -0.7, b: 0.2 }];
    check(&both, |ps| pushed(*ps, 0.9), |ps| pushed_value_and_gradient(*ps, 0.9), |ps, v| pushed_jvp(*ps, 0.9, *v));
}

#[test]
fn tuples() {
    let t = (0.5, [1.5, -0.25]);
    check(&t, |t| tuple(*t, 0.7), |t| tuple_value_and_gradient(*t, 0.7), |t, v| tuple_jvp(*t, 0.7, *v));
    let p = Pair(0.5, 1.25);
    let (value, gradient) = single_value_and_gradient(&p);
    assert_eq!(value.to_bits(), single(&p).to_bits());
    let expected = [1.25_f32.sin() + 1.25, 0.5 * 1.25_f32.cos() + 0.5];
    assert!((gradient.0 - expected[0]).abs() < 1e-6 && (gradient.1 - expected[1]).abs() < 1e-6);
    let (_, tangent) = single_jvp(&p, &Pair(1.0, -2.0));
    assert!((tangent - (gradient.0 - 2.0 * gradient.1)).abs() < 1e-6);
}

#[test]
fn generic() {
    let layer = |a: f64| Layer { weights: [a, 0.5 * a, -a], bias: 0.1 * a };
    let net = Network { first: Layer { weights: [0.3, -0.6], bias: 0.2 }, rest: vec![layer(0.7), layer(-1.2)] };
    let x = [0.4, 0.9];
    check(&net, |net| response(net, &x), |net| response_value_and_gradient(net, &x), |net, v| response_jvp(net, &x, v));
}

mod calls {
    //! Functions of structs that call each other.

    use super::*;

    impl Inner {
        #[differentiate(gradient, jvp, wrt(self))]
        fn energy(&self) -> f64 {
            self.a * self.a * self.b
        }

        /// By value, with another number.
        #[differentiate(gradient, jvp, wrt(self, x))]
        fn scaled(self, x: f64) -> f64 {
            (self.a * x).sin() + self.b / x
        }

        #[differentiate(gradient, jvp, wrt(x))]
        fn along(&self, x: f64) -> f64 {
            self.a * x * x
        }
    }

    #[differentiate(gradient, jvp)]
    impl Params {
        #[differentiate(wrt(self, x))]
        fn total(&self, x: f64) -> f64 {
            let inner = &self.inner;
            self.inner.energy() * self.k + inner.scaled(self.m) + self.list[1].energy() * x
        }

        #[differentiate(wrt(self))]
        fn sum(&self) -> f64 {
            self.total(self.k) + self.list.iter().map(|q| q.energy() * q.b).sum::<f64>()
        }

        #[differentiate(wrt(p, weight))]
        fn of(p: &Params, weight: f64) -> f64 {
            p.sum() * weight + Self::total(p, 2.0)
        }
    }

    #[differentiate(gradient, jvp, wrt(q))]
    fn quotient(q: &Inner) -> f64 {
        q.a / q.b
    }

    #[differentiate(gradient, jvp, wrt(q, y))]
    fn product(q: Inner, y: f64) -> f64 {
        q.a * q.b * y
    }

    #[differentiate(gradient, jvp, wrt(w))]
    fn norm(w: &[f64]) -> f64 {
        w.iter().map(|v| v * v).sum::<f64>().sqrt()
    }

    #[differentiate(gradient, jvp, wrt(list))]
    fn of_list(list: &[Inner]) -> f64 {
        list.iter().map(quotient).sum()
    }

    #[differentiate(gradient, jvp, wrt(p))]
    fn outer(p: &Params) -> f64 {
        let mut sum = quotient(&p.inner) * p.k + norm(&p.w) * norm(&p.rows[2]);
        for q in &p.list {
            sum += quotient(q) * product(*q, sum);
        }
        sum + of_list(&p.list) * product(p.inner, p.m) + Params::of(p, p.k) + p.sum()
    }

    /// Through a local copy that changes, in a loop.
    #[differentiate(gradient, jvp, wrt(p))]
    fn stepped(p: &Params, steps: usize) -> f64 {
        let mut state = p.inner;
        let mut sum = 0.0;
        for _ in 0..steps {
            sum += state.energy() * quotient(&state);
            state.a = state.scaled(p.m);
            state.b += p.k;
        }
        sum + state.a
    }

    /// Only the number depends on the parameters.
    #[differentiate(gradient, jvp, wrt(p))]
    fn of_data(p: &Inner, other: &Inner) -> f64 {
        other.along(p.a) + p.b * other.a
    }

    #[test]
    fn of_each_other() {
        check!(outer, outer_value_and_gradient, outer_value_and_gradient_into, outer_jvp, params());
        for steps in [0, 1, 3] {
            check!(stepped, stepped_value_and_gradient, stepped_value_and_gradient_into, stepped_jvp, params(), steps);
        }
        let other = Inner { a: 0.3, b: 0.9 };
        check!(of_data, of_data_value_and_gradient, of_data_value_and_gradient_into, of_data_jvp, other, &other);
    }

    #[test]
    fn methods() {
        let p = params();
        check(&p, |p| p.sum(), |p| p.sum_value_and_gradient(), |p, v| p.sum_jvp(v));
        check(
            &(p, 0.4),
            |(p, x)| p.total(*x),
            |(p, x)| p.total_value_and_gradient(*x),
            |(p, x), (dp, dx)| p.total_jvp(*x, dp, *dx),
        );
        let both = (Inner { a: 0.3, b: 0.9 }, 0.8);
        check(
            &both,
            |(q, x)| q.scaled(*x),
            |(q, x)| q.scaled_value_and_gradient(*x),
            |(q, x), (dq, dx)| q.scaled_jvp(*x, *dq, *dx),
        );
    }
}

mod local_copies {
    //! Local structs that are made of fields, copied, and changed: their arrays have no length that is visible.

    use super::{Params, check, params};
    use symgrad::{Differentiable as _, Flatten as _, differentiate};

    #[derive(Clone, Copy)]
    struct Spot {
        x: f64,
        w: [f64; 3],
    }

    #[differentiate(gradient, jvp, wrt(p))]
    fn spots(p: &Params) -> f64 {
        let mut a = Spot { x: p.k, w: p.w };
        let b = Spot { x: a.w[1] * a.x, ..a };
        let c = a;
        a.w[0] *= b.x;
        a.x = b.w[0];
        a.w[0] * b.w[0] + c.w[0] * c.x + a.x * b.x
    }

    #[test]
    fn are_as_they_were() {
        check!(spots, spots_value_and_gradient, spots_value_and_gradient_into, spots_jvp, params());
    }
}
