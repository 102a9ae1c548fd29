//! Structs in `wrt` whose fields are not what they are taken for, or lose their derivatives.

use symgrad::{Differentiable, differentiate};

#[derive(Clone, Differentiable)]
struct Inner {
    a: f64,
}

#[derive(Clone, Differentiable)]
struct Params {
    k: f64,
    single: f32,
    w: Vec<f64>,
    inner: Inner,
    #[differentiate(skip)]
    dt: f64,
    #[differentiate(skip)]
    n: usize,
}

/// A field that is data as a number.
#[differentiate(wrt(p))]
fn skipped(p: &Params) -> f64 {
    p.k * p.dt
}

/// A number as data.
#[differentiate(wrt(p))]
fn cast(p: &Params) -> f64 {
    let steps = p.k as usize;
    p.w[steps]
}

fn helper(x: f64) -> Vec<f64> {
    vec![x]
}

/// A number in code that is not followed.
#[differentiate(wrt(p))]
fn lost(p: &Params) -> f64 {
    let list = std::collections::VecDeque::from(vec![p.k]);
    list[0] * p.inner.a
}

/// A number that is converted.
#[differentiate(wrt(p))]
fn of_another_width(p: &Params) -> f64 {
    p.k * f64::from(p.single)
}

/// A whole struct.
#[differentiate(wrt(p))]
fn whole(p: &Params) -> f64 {
    let q = Some(p);
    q.map_or(0.0, |q| q.k) * p.k
}

/// A struct that is no number.
type Real = f64;

#[differentiate(wrt(x))]
fn alias(x: Real) -> f64 {
    x * x
}

struct Plain {
    k: f64,
}

/// Without the derive.
#[differentiate(wrt(p))]
fn plain(p: &Plain) -> f64 {
    p.k * p.k
}

/// A mutable reference.
#[differentiate(wrt(p))]
fn mutable(p: &mut Params) -> f64 {
    p.k *= 2.0;
    p.k
}

/// A loop over elements that are data after all.
#[differentiate(wrt(p))]
fn both(p: &Params) -> f64 {
    let mut sum = 0.0;
    for v in &p.w {
        let i = *v as usize;
        sum += v * i as f64;
    }
    sum
}

impl std::ops::Add for Inner {
    type Output = Inner;
    fn add(self, other: Inner) -> Inner {
        Inner { a: self.a + other.a }
    }
}

/// An operator of structs.
#[differentiate]
fn operators(x: f64, y: f64) -> f64 {
    let (a, b) = (Inner { a: x }, Inner { a: x * y });
    let c = a + b;
    c.a * c.a
}

fn main() {
    helper(1.0);
}
