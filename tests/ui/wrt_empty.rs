//! `wrt` without a name, and a name twice in it.

use symgrad::differentiate;

#[differentiate(wrt())]
fn f(x: f64) -> f64 {
    x * x
}

#[differentiate(wrt)]
fn g(x: f64) -> f64 {
    x * x
}

#[differentiate(wrt(x, x))]
fn h(x: f64) -> f64 {
    x * x
}

#[differentiate(wrt(params.w))]
fn i(x: f64) -> f64 {
    x * x
}

fn main() {}
