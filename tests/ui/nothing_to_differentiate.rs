//! No parameter is a float.

use symgrad::differentiate;

#[differentiate]
fn f(n: usize) -> f64 {
    n as f64
}

#[differentiate]
fn constant() -> f64 {
    1.0
}

fn main() {}
