//! Exits in the middle of expressions.

use symgrad::differentiate;

#[differentiate]
fn operand(x: f64) -> f64 {
    x + (if x < 0.0 { return 0.0 } else { x })
}

#[differentiate]
fn argument(x: f64, y: f64, n: Option<f64>) -> f64 {
    let z = x.max(match n {
        Some(n) => n,
        None => return y,
    });
    z * y
}

#[differentiate]
fn question(x: f64, text: &str) -> f64 {
    let n: f64 = text.parse().ok()?;
    x * n
}

fn main() {}
