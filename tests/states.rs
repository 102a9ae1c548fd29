//! Structs as results: literals, rests, constructors, methods, in branches and loops, and what calls of these give. Oracle:
//! finite differences of the list of scalars; forward mode is compared with reverse mode.

#![allow(clippy::all, clippy::pedantic, reason = "forms that people write are what is tested")]

mod common;

use common::check;
use num_traits::Float;
use num_traits::float::FloatCore;
use symgrad::{Differentiable, Flatten, assert_gradient, differentiate};

/// Compares the directional derivative of a function from one struct to another with differences: each number of the result
/// by itself, and all weighted.
fn check_jvp<P: Differentiable, Q: Flatten>(p: &P, function: impl Fn(&P) -> Q, jvp: impl Fn(&P, &P) -> (Q, Q)) {
    let at = |flat: &[f64]| {
        let mut q = p.duplicate();
        q.restore(flat);
        q
    };
    let point = p.flatten();
    let expected = function(p).flatten();
    let (value, _) = jvp(p, &p.zero_like());
    let bits = |list: Vec<f64>| list.into_iter().map(f64::to_bits).collect::<Vec<_>>();
    assert_eq!(bits(value.flatten()), bits(expected.clone()));
    for k in 0..expected.len() {
        let along = |x: &[f64], v: &[f64]| {
            let (value, tangent) = jvp(&at(x), &at(v));
            (value.flatten()[k], tangent.flatten()[k])
        };
        let both = |x: &[f64]| {
            let unit = |j: usize| (0..x.len()).map(|i| f64::from(u8::from(i == j))).collect::<Vec<_>>();
            let partials: Vec<f64> = (0..x.len()).map(|j| along(x, &unit(j)).1).collect();
            (function(&at(x)).flatten()[k], partials)
        };
        assert_gradient!(|x| function(&at(x)).flatten()[k], |x| both(x), point, jvp = |x, v| along(x, v));
    }
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct State {
    x: f64,
    v: f64,
    #[differentiate(skip)]
    n: usize,
}

fn state() -> State {
    State { x: 0.7, v: 1.3, n: 5 }
}

#[differentiate(jvp, wrt(s, dt))]
fn step(s: &State, dt: f64) -> State {
    let a = -s.x.sin();
    let v = s.v + a * dt;
    State { x: s.x + v * dt, v, n: 3 }
}

#[differentiate(jvp, wrt(s, dt))]
fn rest(s: State, dt: f64) -> State {
    State { x: s.x + s.v * dt, ..s }
}

#[differentiate(jvp, wrt(s, dt))]
fn early(s: &State, dt: f64) -> State {
    if s.v < 0.0 {
        return State { x: s.x, v: -s.v, n: 1 };
    }
    let mut k = 0;
    while k < 3 {
        if s.x * s.x > dt * 10.0 {
            return State { x: s.x * dt, v: s.v - s.x, n: k };
        }
        k += 1;
    }
    State { x: dt - s.x, v: s.v * s.x, n: 2 }
}

#[differentiate(jvp, wrt(s, dt))]
fn joined(s: &State, dt: f64) -> State {
    let r = if s.x > dt { State { x: s.x * dt, v: s.v, n: 1 } } else { State { x: dt, v: s.v * s.v, n: 2 } };
    r
}

#[differentiate(jvp, wrt(s, dt))]
fn tail(s: &State, dt: f64) -> State {
    if s.x > dt { State { x: s.x * dt, v: s.v, n: 1 } } else { s.clone() }
}

#[differentiate(jvp, wrt(s, dt))]
fn changed(s: &State, dt: f64) -> State {
    let mut r = s.clone();
    r.x += dt * r.v;
    r.v *= 0.9 * r.x;
    r
}

#[differentiate(jvp, wrt(s, dt))]
fn moved(mut s: State, dt: f64) -> State {
    s.x += dt * s.v;
    s.v = s.x.exp();
    s
}

#[test]
fn one_struct() {
    for x in [0.7, -2.0] {
        for v in [1.3, -0.4] {
            for dt in [0.1, 0.9] {
                let p = (State { x, v, ..state() }, dt);
                check_jvp(&p, |(s, dt)| step(s, *dt), |(s, dt), (ds, ddt)| step_jvp(s, *dt, ds, *ddt));
                check_jvp(&p, |(s, dt)| early(s, *dt), |(s, dt), (ds, ddt)| early_jvp(s, *dt, ds, *ddt));
                check_jvp(&p, |(s, dt)| joined(s, *dt), |(s, dt), (ds, ddt)| joined_jvp(s, *dt, ds, *ddt));
                check_jvp(&p, |(s, dt)| tail(s, *dt), |(s, dt), (ds, ddt)| tail_jvp(s, *dt, ds, *ddt));
                check_jvp(&p, |(s, dt)| changed(s, *dt), |(s, dt), (ds, ddt)| changed_jvp(s, *dt, ds, *ddt));
                let s = |s: &State| s.clone();
                check_jvp(&p, |(a, dt)| rest(s(a), *dt), |(a, dt), (da, ddt)| rest_jvp(s(a), *dt, s(da), *ddt));
                check_jvp(&p, |(a, dt)| moved(s(a), *dt), |(a, dt), (da, ddt)| moved_jvp(s(a), *dt, s(da), *ddt));
            }
        }
    }
    let (value, tangent) = rest_jvp(state(), 0.1, state(), 0.0);
    assert_eq!((value.n, tangent.n), (5, 5), "data is that of the struct");
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Inner {
    a: f64,
    b: f64,
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Outer {
    inner: Inner,
    w: [f64; 3],
    list: Vec<f64>,
    #[differentiate(skip)]
    name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Pair(f64, f64);

#[differentiate(jvp, wrt(a, b))]
fn nested(a: f64, b: [f64; 2]) -> Outer {
    Outer { inner: Inner { a, b: b[0] }, w: [a * b[1], b[0], a], list: vec![a, b[1]], name: String::from("n") }
}

#[differentiate(jvp, wrt(a, b))]
fn nested_and_changed(a: f64, b: [f64; 2]) -> Outer {
    let mut o = Outer { inner: Inner { a, b: b[0] }, w: [0.0; 3], list: vec![a, b[1]], name: String::new() };
    o.inner.a += b[1];
    for k in 0..3 {
        o.w[k] = a * o.inner.a + k as f64 * o.inner.b;
    }
    o
}

#[differentiate(jvp)]
fn tuple(a: f64, b: f64) -> (Inner, f64) {
    (Inner { a, b: b * b }, a * b)
}

#[differentiate(jvp)]
fn attempt(a: f64, b: f64) -> Result<Inner, String> {
    if a < 0.0 {
        return Err("negative".into());
    }
    Ok(Inner { a: a.sqrt(), b })
}

#[differentiate(jvp)]
fn pair(a: f64, b: f64) -> Pair {
    Pair(a * b, a)
}

#[differentiate(jvp)]
fn of_calls(a: f64, b: f64) -> Option<Inner> {
    let p = tuple(a, b);
    let a = p.0.b + a;
    let q = attempt(a, p.1).unwrap();
    Some(Inner { a: q.a * p.1, ..q })
}

#[test]
fn members_of_all_kinds() {
    let p = (0.8, [0.3, -1.2]);
    check_jvp(&p, |(a, b)| nested(*a, *b), |(a, b), (da, db)| nested_jvp(*a, *b, *da, *db));
    check_jvp(&p, |(a, b)| nested_and_changed(*a, *b), |(a, b), (da, db)| nested_and_changed_jvp(*a, *b, *da, *db));
    let p = (0.8, 0.3);
    check_jvp(&p, |(a, b)| tuple(*a, *b), |(a, b), (da, db)| tuple_jvp(*a, *b, *da, *db));
    check_jvp(&p, |(a, b)| pair(*a, *b), |(a, b), (da, db)| pair_jvp(*a, *b, *da, *db));
    check_jvp(&p, |(a, b)| attempt(*a, *b).unwrap(), |(a, b), (da, db)| attempt_jvp(*a, *b, *da, *db).unwrap());
    check_jvp(&p, |(a, b)| of_calls(*a, *b).unwrap(), |(a, b), (da, db)| of_calls_jvp(*a, *b, *da, *db).unwrap());
    assert!(attempt_jvp(-1.0, 0.0, 1.0, 1.0).is_err());
}

#[differentiate(gradient, jvp, wrt(s))]
fn energy(s: &State) -> f64 {
    0.5 * s.v * s.v - s.x.cos()
}

#[differentiate(gradient, jvp, wrt(p))]
fn product(p: Pair) -> f64 {
    p.0 * p.1
}

/// A state that is taken apart is carried through a loop.
#[differentiate(gradient, jvp, wrt(x, dt))]
fn simulate(x: f64, dt: f64, n: usize) -> f64 {
    let mut s = State { x, v: 0.4, n: 0 };
    for _ in 0..n {
        s = step(&s, dt);
    }
    s.x * s.v + s.n as f64
}

/// A state that is a copy of a parameter.
#[differentiate(gradient, jvp, wrt(s0, dt))]
fn simulate_copy(s0: &State, dt: f64, n: usize) -> f64 {
    let mut s = s0.clone();
    for _ in 0..n {
        s = early(&s, dt);
    }
    energy(&s)
}

/// A state that a call gave.
#[differentiate(gradient, jvp, wrt(s0, dt))]
fn simulate_call(s0: &State, dt: f64, n: usize) -> f64 {
    let mut s = early(s0, dt);
    for k in 0..n {
        let k1 = step(&s, dt);
        let k2 = rest(k1.clone(), dt * 0.5);
        s = State { x: s.x + k1.x * k2.v, v: k2.v, n: k };
    }
    s.x * s.v
}

#[differentiate(gradient, jvp, wrt(s0, dt))]
fn calls_in_calls(s0: &State, dt: f64) -> f64 {
    let s: State = step(s0, dt);
    let t: State = step(&s, dt);
    let p: Pair = pair(t.x, s.v);
    energy(&t) + step(s0, dt).x * product(p) + product(Pair(dt, s.x))
}

#[differentiate(gradient, jvp, wrt(s0, dt))]
fn branches(s0: &State, dt: f64) -> f64 {
    let mut s = step(s0, dt);
    if s.x > 0.0 {
        s = step(&s, dt * 2.0);
        s.v *= s.x;
    }
    let r = if s.v > 0.5 { step(&s, dt) } else { State { x: s.x, v: 2.0 * s.v, n: 0 } };
    energy(&r) * s.x
}

/// Structs at the ends of arms, of which some are not taken apart, also in a loop.
#[differentiate(gradient, jvp, wrt(s0, dt))]
fn joined_calls(s0: &State, dt: f64, n: usize) -> f64 {
    let mut s = s0.clone();
    let mut sum = 0.0;
    for k in 0..n {
        let r = match k % 3 {
            0 => step(&s, dt),
            1 => State { x: s.v, v: s.x * dt, n: k },
            _ => s.clone(),
        };
        let q = if r.x > 0.3 { early(&r, dt) } else { moved(r.clone(), dt) };
        sum += energy(&r) * q.x;
        s = State { x: q.v * r.x, ..q };
    }
    let last = if sum > 0.0 { s } else { s0.clone() };
    last.x * sum + energy(&last)
}

#[test]
fn where_they_are_called() {
    for n in [0, 1, 4] {
        assert_gradient!(
            |p| simulate(p[0], p[1], n),
            |p| simulate_value_and_gradient(p[0], p[1], n),
            [0.7, 0.1],
            jvp = |p, v| simulate_jvp(p[0], p[1], n, v[0], v[1])
        );
        for x in [0.7, -2.0] {
            let p = (State { x, ..state() }, 0.1);
            check(
                &p,
                |(s, dt)| simulate_copy(s, *dt, n),
                |(s, dt)| simulate_copy_value_and_gradient(s, *dt, n),
                |(s, dt), (ds, ddt)| simulate_copy_jvp(s, *dt, n, ds, *ddt),
            );
            check(
                &p,
                |(s, dt)| simulate_call(s, *dt, n),
                |(s, dt)| simulate_call_value_and_gradient(s, *dt, n),
                |(s, dt), (ds, ddt)| simulate_call_jvp(s, *dt, n, ds, *ddt),
            );
            check(
                &p,
                |(s, dt)| calls_in_calls(s, *dt),
                |(s, dt)| calls_in_calls_value_and_gradient(s, *dt),
                |(s, dt), (ds, ddt)| calls_in_calls_jvp(s, *dt, ds, *ddt),
            );
            check(
                &p,
                |(s, dt)| branches(s, *dt),
                |(s, dt)| branches_value_and_gradient(s, *dt),
                |(s, dt), (ds, ddt)| branches_jvp(s, *dt, ds, *ddt),
            );
            check(
                &p,
                |(s, dt)| joined_calls(s, *dt, n),
                |(s, dt)| joined_calls_value_and_gradient(s, *dt, n),
                |(s, dt), (ds, ddt)| joined_calls_jvp(s, *dt, n, ds, *ddt),
            );
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Vec2 {
    x: f64,
    y: f64,
}

#[differentiate]
impl Vec2 {
    #[differentiate(jvp, wrt(x, y))]
    fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    #[differentiate(jvp, wrt(self, other))]
    fn plus(self, other: Vec2) -> Vec2 {
        Vec2 { x: self.x + other.x, y: self.y + other.y }
    }

    #[differentiate(jvp, wrt(self, k))]
    fn scaled(&self, k: f64) -> Self {
        Self::new(self.x * k, self.y * k)
    }

    #[differentiate(gradient, jvp, wrt(self))]
    fn norm(&self) -> f64 {
        self.x.hypot(self.y)
    }
}

#[differentiate(gradient, jvp, wrt(x, y))]
fn methods(x: f64, y: f64) -> f64 {
    let a = Vec2::new(x, y * y);
    let b = a.scaled(y);
    let c = a.plus(b);
    c.norm() * b.x + Vec2::new(y, x).scaled(2.0).norm()
}

#[test]
fn of_methods() {
    let p = (Vec2 { x: 0.3, y: 1.1 }, 0.6);
    check_jvp(&p, |(a, k)| a.scaled(*k), |(a, k), (da, dk)| a.scaled_jvp(*k, da, *dk));
    let p = (Vec2 { x: 0.3, y: 1.1 }, Vec2 { x: -0.4, y: 0.2 });
    check_jvp(&p, |(a, b)| a.plus(*b), |(a, b), (da, db)| a.plus_jvp(*b, *da, *db));
    assert_gradient!(
        |p| methods(p[0], p[1]),
        |p| methods_value_and_gradient(p[0], p[1]),
        [0.7, 0.4],
        jvp = |p, v| methods_jvp(p[0], p[1], v[0], v[1])
    );
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Complex<T> {
    re: T,
    im: T,
}

#[differentiate(jvp, wrt(a, b))]
fn times<T: num_traits::Float>(a: Complex<T>, b: Complex<T>) -> Complex<T> {
    Complex { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re }
}

#[differentiate(gradient, jvp, wrt(z))]
fn square<T: num_traits::Float>(z: Complex<T>) -> T {
    let w = times(z, z);
    w.re * w.im
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Transform<S> {
    r: [[S; 2]; 2],
    t: [S; 2],
}

#[differentiate]
impl<S: num_traits::Float> Transform<S> {
    #[differentiate(jvp, wrt(self, p))]
    fn point(&self, p: [S; 2]) -> [S; 2] {
        core::array::from_fn(|i| {
            self.r[i].iter().zip(p.iter()).map(|(&r, &pj)| r * pj).fold(S::zero(), |a, b| a + b) + self.t[i]
        })
    }

    #[differentiate(jvp, wrt(self, other))]
    fn compose(&self, other: &Self) -> Self {
        let r: [[S; 2]; 2] = core::array::from_fn(|i| {
            core::array::from_fn(|j| (0..2).map(|k| self.r[i][k] * other.r[k][j]).fold(S::zero(), |a, b| a + b))
        });
        let mut t = [S::zero(); 2];
        for i in 0..2 {
            t[i] = self.t[i];
            for (k, o) in other.t.iter().enumerate() {
                t[i] = t[i] + self.r[i][k] * *o;
            }
        }
        Self { r, t }
    }

    #[differentiate(jvp, wrt(self))]
    fn position(&self) -> [S; 2] {
        self.t
    }

    #[differentiate(jvp, wrt(self))]
    fn rotation(&self) -> [[S; 2]; 2] {
        self.r
    }
}

#[test]
fn transforms() {
    let a = Transform { r: [[1.0, 0.3], [-0.2, 0.9]], t: [0.4, -0.7] };
    let b = Transform { r: [[0.6, -0.1], [0.5, 1.2]], t: [1.1, 0.8] };
    check_jvp(&(a, b), |(a, b)| a.compose(b), |(a, b), (da, db)| a.compose_jvp(b, da, db));
    check_jvp(&(a, [0.5, 1.5]), |(a, p)| a.point(*p), |(a, p), (da, dp)| a.point_jvp(*p, da, *dp));
    check_jvp(&a, |a| a.position(), |a, da| a.position_jvp(da));
    check_jvp(&a, |a| a.rotation(), |a, da| a.rotation_jvp(da));
}

#[test]
fn generic() {
    let p = (Complex { re: 0.3, im: 1.1 }, Complex { re: -0.4, im: 0.2 });
    check_jvp(&p, |(a, b)| times(*a, *b), |(a, b), (da, db)| times_jvp(*a, *b, *da, *db));
    check(&p.0, |z| square(*z), |z| square_value_and_gradient(*z), |z, v| square_jvp(*z, *v));
}

/// The numbers of a struct behind a `&mut`, as a function returns them that takes it by value.
macro_rules! by_value {
    ($f:ident, $s:expr $(, $rest:expr)*) => {{
        let mut s = $s.clone();
        $f(&mut s $(, $rest)*);
        s
    }};
}

#[differentiate(jvp, wrt(s, dt))]
fn integrate(s: &mut State, dt: f64) {
    let a = -s.x.sin();
    s.v += a * dt;
    s.x += s.v * dt;
    s.n += 1;
}

#[differentiate(jvp, wrt(s, dt))]
fn twice(s: &mut State, dt: f64) {
    integrate(&mut *s, dt);
    integrate(s, dt);
    *s = State { x: s.v * dt, ..s.clone() };
}

#[differentiate(gradient, jvp, wrt(s, e))]
fn update(s: &mut State, e: f64) -> f64 {
    s.x += e;
    s.v = s.x * e;
    s.x * s.v
}

/// A struct that is a copy, changed in a loop.
#[differentiate(gradient, jvp, wrt(s0, dt))]
fn many(s0: &State, dt: f64, n: usize) -> f64 {
    let mut s = s0.clone();
    for _ in 0..n {
        integrate(&mut s, dt);
        if s.x > 0.8 {
            twice(&mut s, dt);
        }
    }
    s.x * s.v
}

/// A struct that is taken apart.
#[differentiate(gradient, jvp, wrt(x, dt))]
fn many_members(x: f64, dt: f64, n: usize) -> f64 {
    let mut s = State { x, v: 0.5, n: 0 };
    for _ in 0..n {
        integrate(&mut s, dt);
        s.x *= 1.1;
    }
    let u = update(&mut s, dt);
    s.x * s.v + u + s.n as f64
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Pid {
    k: f64,
    sums: Vec<f64>,
    w: [f64; 2],
    #[differentiate(skip)]
    count: usize,
}

#[differentiate]
impl Pid {
    #[differentiate(jvp, wrt(k))]
    fn new(k: f64) -> Self {
        Pid { k, sums: vec![k, 1.0], w: [k * k, 2.0], count: 0 }
    }

    #[differentiate(jvp, wrt(self, e))]
    fn advance(&mut self, e: f64) {
        self.count += 1;
        for sum in self.sums.iter_mut() {
            *sum += e * self.k;
        }
        self.w[self.count % 2] *= 1.0 + e;
        self.k = self.sums[0] * 0.5;
    }

    #[differentiate(gradient, jvp, wrt(self))]
    fn output(&self) -> f64 {
        self.k * self.sums[1] + self.w[0] * self.w[1]
    }
}

#[differentiate(gradient, jvp, wrt(x))]
fn controlled(x: f64, n: usize) -> f64 {
    let mut p = Pid::new(x);
    p.advance(0.1);
    let mut q = Pid { k: x, sums: vec![x, x * x], w: [1.0, x], count: 1 };
    for _ in 0..n {
        q.advance(x);
        if q.k > 0.3 {
            q.advance(p.k);
        }
    }
    p.output() * q.k + q.output() + q.w[1] * q.sums[0]
}

#[test]
fn behind_mutable_references() {
    for dt in [0.1, 0.7] {
        let p = (state(), dt);
        check_jvp(
            &p,
            |(s, dt)| by_value!(integrate, s, *dt),
            |(s, dt), (ds, ddt)| {
                let (mut s, mut ds) = (s.clone(), ds.clone());
                integrate_jvp(&mut s, *dt, &mut ds, *ddt);
                (s, ds)
            },
        );
        check_jvp(
            &p,
            |(s, dt)| by_value!(twice, s, *dt),
            |(s, dt), (ds, ddt)| {
                let (mut s, mut ds) = (s.clone(), ds.clone());
                twice_jvp(&mut s, *dt, &mut ds, *ddt);
                (s, ds)
            },
        );
        for n in [0, 1, 3] {
            check(
                &p,
                |(s, dt)| many(s, *dt, n),
                |(s, dt)| many_value_and_gradient(s, *dt, n),
                |(s, dt), (ds, ddt)| many_jvp(s, *dt, n, ds, *ddt),
            );
            assert_gradient!(
                |p| many_members(p[0], p[1], n),
                |p| many_members_value_and_gradient(p[0], p[1], n),
                [0.7, dt],
                jvp = |p, v| many_members_jvp(p[0], p[1], n, v[0], v[1])
            );
            assert_gradient!(
                |p| controlled(p[0], n),
                |p| {
                    let (value, gradient) = controlled_value_and_gradient(p[0], n);
                    (value, [gradient])
                },
                [0.7],
                jvp = |p, v| controlled_jvp(p[0], n, v[0])
            );
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Body {
    x: [f64; 2],
    v: [f64; 2],
    mass: f64,
}

/// A list of structs behind a `&mut`, and assignments to elements of fields of elements.
#[differentiate(jvp, wrt(bodies, dt))]
fn kick(bodies: &mut [Body], dt: f64) {
    for i in 0..bodies.len() {
        for j in 0..bodies.len() {
            if i == j {
                continue;
            }
            let mut d = [0.0; 2];
            for k in 0..2 {
                d[k] = bodies[j].x[k] - bodies[i].x[k];
            }
            let r2 = d[0] * d[0] + d[1] * d[1] + 0.01;
            for k in 0..2 {
                bodies[i].v[k] += dt * bodies[j].mass * d[k] / (r2 * r2.sqrt());
            }
        }
    }
    for b in bodies.iter_mut() {
        for k in 0..2 {
            b.x[k] += dt * b.v[k];
        }
    }
}

#[differentiate(gradient, jvp, wrt(start, dt))]
fn orbit(start: &[Body; 2], dt: f64, n: usize) -> f64 {
    let mut bodies = *start;
    for _ in 0..n {
        kick(&mut bodies, dt);
    }
    let first = bodies[0];
    bodies[1] = Body { mass: first.mass * 2.0, ..bodies[1] };
    first.x[0] * bodies[1].x[1] + bodies[1].mass * bodies[0].v[1]
}

#[test]
fn lists_behind_mutable_references() {
    let body = |x, y, mass| Body { x: [x, y], v: [0.1 * y, -0.2 * x], mass };
    let p = ([body(0.3, -0.4, 1.2), body(-0.9, 0.5, 0.7)], 0.1);
    check_jvp(
        &p,
        |(b, dt)| {
            let mut b = *b;
            kick(&mut b, *dt);
            b
        },
        |(b, dt), (db, ddt)| {
            let (mut b, mut db) = (*b, *db);
            kick_jvp(&mut b, *dt, &mut db, *ddt);
            (b, db)
        },
    );
    for n in [0, 1, 3] {
        check(
            &p,
            |(b, dt)| orbit(b, *dt, n),
            |(b, dt)| orbit_value_and_gradient(b, *dt, n),
            |(b, dt), (db, ddt)| orbit_jvp(b, *dt, n, db, *ddt),
        );
    }
}

enum Shape {
    Circle { r: f64 },
    Square { r: f64 },
}

#[differentiate(gradient, jvp)]
fn variant(x: f64, y: f64) -> f64 {
    let s = Shape::Circle { r: x * y };
    let area = match s {
        Shape::Square { r } => r * r,
        Shape::Circle { r } => 3.0 * r * r * x,
    };
    let Pair(a, b) = Pair(x, area);
    a * b
}

#[test]
fn variants_and_tuple_structs() {
    let _ = Shape::Square { r: 1.0 };
    assert_gradient!(
        |p| variant(p[0], p[1]),
        |p| variant_value_and_gradient(p[0], p[1]),
        [0.7, 0.4],
        jvp = |p, v| variant_jvp(p[0], p[1], v[0], v[1])
    );
}

/// A filter whose methods call each other on `self`: one that changes it and returns a number or two, and one that reads it.
#[derive(Clone, Debug, Differentiable)]
struct Smoothed<T: Float> {
    a: T,
    past: [T; 2],
    #[differentiate(skip)]
    count: usize,
}

#[differentiate]
impl<T: Float> Smoothed<T> {
    #[differentiate(gradient, jvp, wrt(self, x))]
    fn advance(&mut self, x: T) -> T {
        let y = self.a * x + self.past[0] * self.past[1].sin();
        self.past[1] = self.past[0];
        self.past[0] = y;
        self.count += 1;
        y
    }

    #[differentiate(jvp, wrt(self, x))]
    fn twice(&mut self, x: T) -> (T, T) {
        let first = self.advance(x);
        (first, self.advance(first * x))
    }

    #[differentiate(gradient, jvp, wrt(self))]
    fn level(&self) -> T {
        self.past[0] * self.a
    }

    #[differentiate(jvp, wrt(self))]
    fn all(&mut self, samples: &mut [T]) {
        for sample in samples.iter_mut() {
            *sample = self.advance(*sample) * self.level();
        }
        let (p, q) = self.twice(samples[0]);
        samples[0] = p * q;
    }
}

#[differentiate(gradient, jvp)]
fn smoothed(a: f64, x: f64, y: f64) -> f64 {
    let mut filter = Smoothed { a, past: [x, 0.3], count: 0 };
    let mut samples = [x, y, x * y];
    filter.all(&mut samples);
    samples[0] * samples[1] + samples[2] * filter.level()
}

#[test]
fn methods_that_change_and_return() {
    assert_gradient!(
        |x| smoothed(x[0], x[1], x[2]),
        |x| {
            let (value, gradient) = smoothed_value_and_gradient(x[0], x[1], x[2]);
            (value, gradient.to_vec())
        },
        [0.7, 1.3, 0.4],
        jvp = |x, v| smoothed_jvp(x[0], x[1], x[2], v[0], v[1], v[2])
    );
    let mut filter = Smoothed { a: 0.5, past: [1.0, 2.0], count: 3 };
    let (value, _) = filter.clone().advance_value_and_gradient(0.25_f64);
    assert_eq!(value.to_bits(), filter.advance(0.25_f64).to_bits());
    assert_eq!(filter.count, 4);
}

/// A type parameter that is a float by `FloatCore` alone, and a method with the name of one that all ordered types have.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Limits<T: FloatCore> {
    lower: T,
    upper: T,
}

#[differentiate]
impl<T: FloatCore> Limits<T> {
    #[differentiate(gradient, jvp, wrt(self, value))]
    fn clamp(&self, value: T) -> T {
        value.min(self.upper).max(self.lower)
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Integral<T: FloatCore> {
    limits: Limits<T>,
    scale: T,
    sum: T,
}

#[differentiate]
impl<T: FloatCore> Integral<T> {
    #[differentiate(gradient, jvp, wrt(self, offset, dt))]
    fn advance(&mut self, offset: T, dt: T) -> T {
        let sum = self.limits.clamp(self.scale * offset * dt + self.sum.abs());
        self.sum = sum * sum.recip() * sum;
        sum
    }
}

#[differentiate(gradient, jvp, wrt(start, offset))]
fn integrated(start: &Integral<f64>, offset: f64) -> f64 {
    let mut term = start.clone();
    let first = Integral::advance(&mut term, offset, 0.5);
    let second = Integral::advance(&mut term, offset * first, 0.7);
    first * second + term.sum
}

#[test]
fn floats_by_their_core() {
    // Lower and upper limit, scale, sum, offset: within the limits, and beyond them at the end.
    let at = |x: &[f64]| Integral { limits: Limits { lower: x[0], upper: x[1] }, scale: x[2], sum: x[3] };
    for x in [[-0.5, 9.0, 0.7, 0.25, 1.3], [-0.5, 1.25, 0.9, -0.5, 2.0]] {
        assert_gradient!(
            |x| integrated(&at(x), x[4]),
            |x| {
                let (value, gradient) = integrated_value_and_gradient(&at(x), x[4]);
                (value, gradient.flatten())
            },
            x,
            jvp = |x, v| integrated_jvp(&at(x), x[4], &at(v), v[4])
        );
    }
}
