//! Iterators over numbers with derivatives.

use symgrad::differentiate;

#[differentiate]
fn sum(x: &[f64]) -> f64 {
    x.iter().sum()
}

#[differentiate]
fn fold(x: &[f64]) -> f64 {
    x.iter().fold(0.0, |a, b| a + b * b)
}

#[differentiate]
fn windows(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for w in x.windows(2) {
        s += w[0] * w[1];
    }
    s
}

fn main() {}
