//! An alias of a float cannot be seen through.

use symgrad::differentiate;

type Real = f64;

#[differentiate(wrt(x))]
fn f(x: Real, y: f64) -> f64 {
    x * y
}

#[differentiate]
fn g(x: Real) -> f64 {
    x * x
}

#[differentiate]
fn h(x: f64) -> Real {
    x * x
}

fn main() {}
