//! Closures without `move` that move what they capture, or copy a reference: the variable has another value when they are
//! called.

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

/// A reference that is changed in the middle of an expression.
#[differentiate]
fn in_an_expression(x: &[f64; 5]) -> f64 {
    let (m, n) = (3usize, 7usize);
    let mut r = &m;
    let scaled = |v: f64| v * *r as f64;
    let a = x[{
        r = &n;
        2
    }];
    scaled(x[0]) * a * *r as f64
}

#[differentiate]
fn in_a_branch(x: f64, y: f64) -> f64 {
    let mut r = &x;
    let scaled = |v: f64| v * *r;
    let c = if y > 2.0 {
        r = &y;
        2.0
    } else {
        1.0
    };
    scaled(y) * c * r
}

/// The second iteration calls it after the first one has changed the reference.
#[differentiate]
fn in_a_loop(x: &[f64]) -> f64 {
    let (m, n) = (3usize, 7usize);
    let mut r = &m;
    let scaled = |v: f64| v * *r as f64;
    let mut sum = 0.0;
    for v in x {
        sum += scaled(*v);
        r = &n;
    }
    sum * *r as f64
}

#[differentiate]
fn by_another_closure(x: &[f64]) -> f64 {
    let (m, n) = (3usize, 7usize);
    let mut r = &m;
    let scaled = |v: f64| v * *r as f64;
    let squares: f64 = x
        .iter()
        .map(|v| {
            r = &n;
            v * v
        })
        .sum();
    scaled(squares)
}

#[differentiate]
fn through_a_reference(x: f64) -> f64 {
    let (m, n) = (3usize, 7usize);
    let mut r = &m;
    let scaled = |v: f64| v * *r as f64;
    let q = &mut r;
    *q = &n;
    scaled(x)
}

#[differentiate]
fn behind_a_box(x: f64) -> f64 {
    let (m, n) = (3usize, 7usize);
    let mut r = Box::new(&m);
    let scaled = |v: f64| v * **r as f64;
    *r = &n;
    scaled(x)
}

#[differentiate]
fn swapped(x: f64, y: f64) -> f64 {
    let (mut r, mut q) = (&x, &y);
    let scaled = |v: f64| v * *r;
    std::mem::swap(&mut r, &mut q);
    scaled(2.0) * r
}

#[differentiate]
fn replaced(x: f64, y: f64) -> f64 {
    let mut r = &x;
    let scaled = |v: f64| v * *r;
    let old = std::mem::replace(&mut r, &y);
    scaled(2.0) * r * old
}

#[differentiate]
fn by_a_function(x: f64, y: f64) -> f64 {
    fn put<'a>(r: &mut &'a f64, other: &'a f64) {
        *r = other;
    }
    let mut r = &x;
    let scaled = |v: f64| v * *r;
    put(&mut r, &y);
    scaled(2.0) * r
}

fn rebind<'a>(r: &mut &'a usize, other: &'a usize) {
    *r = other;
}

#[differentiate(wrt(x))]
fn lent_on<'a>(x: f64, r: &mut &'a usize, other: &'a usize) -> f64 {
    let scaled = |v: f64| v * **r as f64;
    rebind(r, other);
    scaled(x)
}

/// A method of the user's may do that, too.
trait Advance {
    fn advance(&mut self);
}

impl Advance for &[usize] {
    fn advance(&mut self) {
        *self = &self[1..];
    }
}

#[differentiate(wrt(x))]
fn by_a_method(x: f64, list: &[usize]) -> f64 {
    let mut r = list;
    let scaled = |v: f64| v * r[0] as f64;
    r.advance();
    scaled(x)
}

fn main() {}
