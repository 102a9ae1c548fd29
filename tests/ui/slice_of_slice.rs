//! Parts of arrays by ranges.

use symgrad::differentiate;

#[differentiate]
fn norm(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for v in x {
        s += v * v;
    }
    s
}

#[differentiate]
fn tail(x: &[f64]) -> f64 {
    norm(&x[1..])
}

#[differentiate]
fn named(x: &[f64]) -> f64 {
    let rest = &x[1..];
    rest[0] * rest[1]
}

#[differentiate]
fn looped(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for v in &x[1..] {
        s += v * v;
    }
    s
}

fn main() {}
