//! Exits within code that is carried along: a condition, an index, the bounds of a loop.

use symgrad::differentiate;

#[differentiate]
fn condition(x: f64, n: Option<usize>) -> f64 {
    if match n {
        Some(n) => n > 2,
        None => return 0.0,
    } {
        return x;
    }
    x * x
}

#[differentiate]
fn index(x: &[f64], n: Option<usize>) -> f64 {
    let y = x[n.unwrap_or(0)];
    y * x[if y > 1.0 { 0 } else { return 1.0 }]
}

#[differentiate]
fn bounds(x: f64, n: Option<usize>) -> f64 {
    let mut s = 0.0;
    for _ in 0..(match n {
        Some(n) => n,
        None => return 0.0,
    }) {
        s += x;
    }
    s
}

fn main() {}
