//! The same option twice.

use symgrad::differentiate;

#[differentiate(gradient, gradient)]
fn f(x: f64) -> f64 {
    x * x
}

#[differentiate(wrt(x), wrt(y))]
fn g(x: f64, y: f64) -> f64 {
    x * y
}

fn main() {}
