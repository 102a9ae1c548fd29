//! A misspelt kind, a misspelt option, and something that is neither.

use symgrad::differentiate;

#[differentiate(gradiant)]
fn f(x: f64) -> f64 {
    x * x
}

#[differentiate(gradient, wtr(x))]
fn g(x: f64, y: f64) -> f64 {
    x * y
}

#[differentiate(fastest)]
fn h(x: f64) -> f64 {
    x
}

fn main() {}
