//! Closures without `move` that move what they capture: the variable has another value when they are called.

use symgrad::differentiate;

struct Pair {
    a: f64,
    b: f64,
}

#[differentiate]
fn list(x: f64, y: f64) -> f64 {
    let mut v = vec![x, y];
    let product = || {
        let w = v;
        w[0] * w[1]
    };
    v = vec![y, y];
    product() + v[0]
}

#[differentiate]
fn iterated(x: f64, y: f64) -> f64 {
    let mut v = vec![x, y];
    let sum = || v.into_iter().sum::<f64>();
    v = vec![y, y];
    sum() * v[0]
}

#[differentiate]
fn structure(x: f64, y: f64) -> f64 {
    let mut p = Pair { a: x, b: y };
    let product = || {
        let q = p;
        q.a * q.b
    };
    p = Pair { a: y, b: y };
    product() * p.a + p.b
}

#[differentiate]
fn data(x: f64, counts: &[u32]) -> f64 {
    let mut n = counts.to_vec();
    let scaled = |t: f64| {
        let n = n;
        t * f64::from(n[0])
    };
    n = vec![3];
    scaled(x) * f64::from(n[0])
}

#[differentiate]
fn dropped(x: f64, y: f64) -> f64 {
    let mut v = vec![x, y];
    let done = || drop(v);
    v = vec![y, y];
    done();
    v[0] * v[1]
}

fn main() {}
