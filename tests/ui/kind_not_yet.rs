//! Kinds of later versions.

use symgrad::differentiate;

#[differentiate(verify)]
fn f(x: f64) -> f64 {
    x * x
}

#[differentiate(gradient, verify)]
fn g(x: f64) -> f64 {
    x * x
}

fn main() {}
