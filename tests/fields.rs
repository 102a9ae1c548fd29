//! Fields of structs in whatever form code has them: data of any type, copies, loops, calls, exchanges. All gradients are
//! compared with finite differences, forward mode with reverse mode.

#![allow(clippy::all, clippy::pedantic, reason = "forms that people write are what is tested")]

mod common;

use common::check;
use std::collections::BTreeMap;
use symgrad::{Differentiable, assert_gradient, differentiate};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Inner {
    a: f64,
    b: f64,
}
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    Scale(f64),
    Shift { by: f64 },
    Off,
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Params {
    k: f64,
    w: [f64; 3],
    inner: Inner,
    list: Vec<Inner>,
    #[differentiate(skip)]
    mode: Mode,
    #[differentiate(skip)]
    order: Vec<usize>,
    #[differentiate(skip)]
    maybe: Option<f64>,
    #[differentiate(skip)]
    table: BTreeMap<usize, f64>,
    #[differentiate(skip)]
    n: usize,
}
fn params() -> Params {
    Params {
        k: 0.7,
        w: [0.3, -1.1, 0.9],
        inner: Inner { a: 1.2, b: -0.8 },
        list: vec![Inner { a: 0.6, b: 0.25 }, Inner { a: -0.35, b: 1.4 }],
        mode: Mode::Scale(1.5),
        order: vec![2, 0, 1],
        maybe: Some(0.4),
        table: BTreeMap::from([(1, 2.0), (3, 0.5)]),
        n: 2,
    }
}

/// A local struct that is assigned as a whole, in a loop.
#[differentiate(gradient, jvp, wrt(p))]
fn whole(p: &Params) -> f64 {
    let mut s = p.inner;
    for i in 0..3 {
        s = Inner { a: s.b * p.k, b: s.a + p.w[i] };
    }
    s.a * s.b
}

/// An enum, matched.
#[differentiate(gradient, jvp, wrt(p))]
fn modes(p: &Params) -> f64 {
    let y = match p.mode {
        Mode::Scale(s) => p.k * s,
        Mode::Shift { by } => p.k * p.k + by,
        Mode::Off => p.k,
    };
    y * p.inner.a
}

/// An option.
#[differentiate(gradient, jvp, wrt(p))]
fn optional(p: &Params) -> f64 {
    let mut y = p.k * p.maybe.unwrap_or(1.0);
    if let Some(m) = p.maybe {
        y += m * p.inner.b;
    }
    y
}

/// Lists of indices beside numbers, and by themselves.
#[differentiate(gradient, jvp, wrt(p))]
fn ordered(p: &Params) -> f64 {
    let mut sum = 0.0;
    for (w, &i) in p.w.iter().zip(&p.order) {
        sum += w * w * p.w[i];
    }
    for &i in &p.order {
        sum *= p.w[i] + 1.5;
    }
    for i in p.order.iter() {
        sum += p.w[*i] * *i as f64;
    }
    sum
}

/// Structs in an array change their places.
#[differentiate(gradient, jvp, wrt(ps))]
fn swapped(mut ps: [Inner; 3]) -> f64 {
    ps.swap(0, 2);
    ps[0].a *= ps[1].b;
    let t = ps[0];
    ps[0] = ps[1];
    ps[1] = t;
    ps[0].a * ps[1].a * ps[2].b
}

/// A struct that begins in a loop with a tape.
#[differentiate(gradient, jvp, wrt(p))]
fn local_in_loop(p: &Params, steps: usize) -> f64 {
    let mut s = p.k;
    for i in 0..steps {
        let mut q = p.list[i % 2];
        q.a *= s;
        q.b += q.a * q.a;
        s = (q.b * s).sin() + p.inner.a;
    }
    s
}

/// The same where the number of iterations is known, and with a branch.
#[differentiate(gradient, jvp, wrt(p))]
fn local_in_fixed_loop(p: &Params) -> f64 {
    let mut s = p.k;
    for i in 0..3 {
        let mut q = p.inner;
        q.a *= s;
        if q.a > 0.1 {
            q.b += q.a * q.a;
        }
        s = (q.b * s).sin() + p.w[i];
    }
    s
}

impl Inner {
    #[differentiate(gradient, jvp, wrt(self))]
    fn energy(&self) -> f64 {
        self.a * self.a * self.b
    }

    #[differentiate(gradient, jvp, wrt(self, x))]
    fn grown(mut self, x: f64) -> f64 {
        self.a *= x;
        self.b += self.a;
        self.a * self.b
    }
}

/// Calls of methods, one of which changes its own copy.
#[differentiate(gradient, jvp, wrt(p))]
fn calls_in_fixed_loop(p: &Params) -> f64 {
    let mut s = p.k;
    for i in 0..3 {
        let q = p.list[i % 2];
        s = q.energy() * s.sin() + p.inner.grown(s);
    }
    s
}

/// Fields in branches, late variables and closures.
#[differentiate(gradient, jvp, wrt(p))]
fn late(p: &Params) -> f64 {
    let q;
    if p.k > 0.0 {
        q = p.inner.a;
    } else {
        q = p.inner.b;
    }
    let r = if p.k > 0.5 { p.w[0] } else { p.w[1] };
    let n = if p.n > 1 { p.n } else { 3 };
    let f = |x: f64| x * p.k + p.inner.b;
    let g = |q: &Inner| q.a * p.k;
    q * r * n as f64 + f(p.w[2]) + g(&p.inner) + g(&p.list[1])
}

/// What is behind a mutable reference.
#[differentiate(gradient, jvp, wrt(p))]
fn swaps(mut p: Params) -> f64 {
    (p.k, p.inner.a) = (p.inner.a, p.k * 2.0);
    let old = std::mem::replace(&mut p.k, 3.0);
    std::mem::swap(&mut p.inner.a, &mut p.inner.b);
    let k = &mut p.w[0];
    *k *= 2.0;
    p.k * old * p.inner.a * p.inner.b.exp() * p.w[0]
}

/// Data that changes.
#[differentiate(gradient, jvp, wrt(p))]
fn popped(mut p: Params) -> f64 {
    let mut s = p.k;
    let n = p.order.len();
    for i in 0..n {
        for j in 0..p.n {
            s = s.sin() * p.w[i] + p.list[j].a * s;
        }
    }
    for i in 0..p.order.len() {
        s = (s * p.w[i]).cos();
    }
    while p.order.pop().is_some() {
        s *= 1.1 + s * p.inner.a;
    }
    s + p.order.len() as f64
        + p.w.iter().copied().fold(0.0, f64::max)
        + p.list.iter().map(|Inner { a, b }| a * b).sum::<f64>()
}

struct Sized {
    scale: f64,
    rows: Vec<f64>,
}

impl Sized {
    fn nrows(&self) -> usize {
        self.rows.len()
    }
}

/// To ask for a number of rows changes nothing.
#[differentiate(gradient, jvp, wrt(y))]
fn rows_behind_a_closure(sized: &mut Sized, y: f64) -> f64 {
    let scaled = |t: f64| t * t * sized.scale;
    let n = sized.nrows();
    scaled(y) * n as f64
}

#[test]
fn number_of_rows() {
    let sized = || Sized { scale: 1.5, rows: vec![1.0; 3] };
    assert_gradient!(
        |p| rows_behind_a_closure(&mut sized(), p[0]),
        |p| rows_behind_a_closure_value_and_gradient(&mut sized(), p[0]),
        [0.7],
        jvp = |p, v| rows_behind_a_closure_jvp(&mut sized(), p[0], v[0])
    );
}

/// Inner functions, closures and chains over structs.
#[differentiate(gradient, jvp, wrt(p))]
fn nested_fns(p: &Params) -> f64 {
    fn inner_of(q: &Inner, s: f64) -> f64 {
        q.a * s + q.b
    }
    let closure = |i: usize| p.w[i] * p.k;
    let pick = |q: &Inner| {
        let Inner { a, b } = *q;
        a - b
    };
    let total =
        p.list.iter().enumerate().filter(|(i, q)| *i > 0 || q.a > 0.0).map(|(i, q)| q.a * closure(i)).sum::<f64>();
    let v: Vec<f64> = p.list.iter().map(|q| q.a * q.b).collect();
    let mut acc = [0.0; 2];
    for (slot, q) in acc.iter_mut().zip(&p.list) {
        *slot += q.a * p.k;
    }
    let best = p.list.iter().map(|q| q.b).fold(f64::MIN, f64::max);
    inner_of(&p.inner, 2.0) + pick(&p.list[0]) + total + v[0] * v[1] + acc[0] * acc[1] + best + closure(2)
}

/// Types that are written beside names.
#[differentiate(gradient, jvp, wrt(p))]
fn typed(p: &Params) -> f64 {
    let q: Inner = p.inner;
    let r: &Inner = &p.list[1];
    let w: [f64; 3] = p.w;
    let n: usize = p.n;
    let k: f64 = p.k;
    let mode: Mode = p.mode;
    let scale = match mode {
        Mode::Scale(s) => s,
        _ => 1.0,
    };
    let list: &[Inner] = &p.list;
    let mut sum = q.a * r.b * k * scale;
    for i in 0..n {
        sum += w[i] * list[i].a;
    }
    sum
}

#[test]
fn fields() {
    let p = params();
    check(&p, |p| typed(p), |p| typed_value_and_gradient(p), |p, v| typed_jvp(p, v));
    check(&p, |p| popped(p.clone()), |p| popped_value_and_gradient(p.clone()), |p, v| popped_jvp(p.clone(), v.clone()));
    check(&p, |p| nested_fns(p), |p| nested_fns_value_and_gradient(p), |p, v| nested_fns_jvp(p, v));
    check(&p, |p| whole(p), |p| whole_value_and_gradient(p), |p, v| whole_jvp(p, v));
    for mode in [Mode::Scale(1.5), Mode::Shift { by: 0.3 }, Mode::Off] {
        let p = Params { mode, ..params() };
        check(&p, |p| modes(p), |p| modes_value_and_gradient(p), |p, v| modes_jvp(p, v));
    }
    check(&p, |p| optional(p), |p| optional_value_and_gradient(p), |p, v| optional_jvp(p, v));
    check(&p, |p| ordered(p), |p| ordered_value_and_gradient(p), |p, v| ordered_jvp(p, v));
    let ps = [Inner { a: 1.1, b: 0.4 }, Inner { a: -0.6, b: 2.0 }, Inner { a: 0.9, b: 0.2 }];
    check(&ps, |p| swapped(*p), |p| swapped_value_and_gradient(*p), |p, v| swapped_jvp(*p, *v));
    for n in [0, 1, 4] {
        check(
            &p,
            |p| local_in_loop(p, n),
            |p| local_in_loop_value_and_gradient(p, n),
            |p, v| local_in_loop_jvp(p, n, v),
        );
    }
    check(
        &p,
        |p| local_in_fixed_loop(p),
        |p| local_in_fixed_loop_value_and_gradient(p),
        |p, v| local_in_fixed_loop_jvp(p, v),
    );
    check(
        &p,
        |p| calls_in_fixed_loop(p),
        |p| calls_in_fixed_loop_value_and_gradient(p),
        |p, v| calls_in_fixed_loop_jvp(p, v),
    );
    check(&p, |p| late(p), |p| late_value_and_gradient(p), |p, v| late_jvp(p, v));
    check(&p, |p| swaps(p.clone()), |p| swaps_value_and_gradient(p.clone()), |p, v| swaps_jvp(p.clone(), v.clone()));
    let q = (p.inner, 0.7);
    check(
        &q,
        |(q, x)| q.grown(*x),
        |(q, x)| q.grown_value_and_gradient(*x),
        |(q, x), (dq, dx)| q.grown_jvp(*x, *dq, *dx),
    );
}
