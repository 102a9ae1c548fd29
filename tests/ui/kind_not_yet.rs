//! Kinds of later versions.

use symgrad::differentiate;

#[differentiate(sparse_hessian)]
fn f(x: f64) -> f64 {
    x * x
}

#[differentiate(gradient, derivatives(3))]
fn g(x: f64) -> f64 {
    x * x
}

fn main() {}
