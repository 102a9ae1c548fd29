//! A reference to one number, and a mutable one to an array.

use symgrad::differentiate;

#[differentiate(wrt(x))]
fn f(x: &f64, y: f64) -> f64 {
    *x * y
}

#[differentiate(wrt(a))]
fn g(a: &mut [f64]) -> f64 {
    a[0] * a[1]
}

fn main() {}
