//! A mutable reference to a number or an array that symgrad follows.

use symgrad::differentiate;

fn bump(x: &mut f64) {
    *x += 1.0;
}

#[differentiate]
fn f(x: f64) -> f64 {
    let mut y = x * x;
    bump(&mut y);
    y
}

#[differentiate]
fn g(x: f64) -> f64 {
    let mut y = x * x;
    let r = &mut y;
    *r = 2.0 * x;
    y
}

#[differentiate]
fn h(x: f64) -> f64 {
    let mut a = [x, 2.0 * x];
    a.reverse();
    a[0] * x
}

#[differentiate]
fn swap(x: f64, y: f64) -> f64 {
    let (mut a, mut b) = (x, y);
    std::mem::swap(&mut a, &mut b);
    a * a * b
}

fn main() {}
