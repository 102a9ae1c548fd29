//! `match` and `if let` with derivatives in them.

use symgrad::differentiate;

#[differentiate]
fn with(x: f64, n: usize) -> f64 {
    match n {
        0 => x,
        1 => x * x,
        _ => 0.0,
    }
}

#[differentiate]
fn on(x: f64) -> f64 {
    match x {
        v if v > 0.0 => v,
        _ => 0.0,
    }
}

#[differentiate]
fn if_let(x: f64, limit: Option<f64>) -> f64 {
    let mut y = x;
    if let Some(l) = limit {
        y = y.min(l);
    }
    y
}

fn main() {}
