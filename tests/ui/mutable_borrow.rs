//! A mutable reference to a number or an array that symgrad follows.

use symgrad::differentiate;

#[differentiate]
fn either(x: f64, c: bool) -> f64 {
    let (mut y, mut z) = (x * x, x);
    let r = if c { &mut y } else { &mut z };
    *r += x;
    y * z
}

#[differentiate]
fn rebound(x: f64) -> f64 {
    let (mut y, mut z) = (x * x, x);
    let mut r = &mut y;
    *r += x;
    r = &mut z;
    *r += x;
    y * z
}

#[differentiate]
fn h(x: f64) -> f64 {
    let mut a = [x, 2.0 * x];
    a.copy_within(0..1, 1);
    a[0] * x
}

fn main() {}
