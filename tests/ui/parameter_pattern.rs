//! Patterns as parameters.

use symgrad::differentiate;

#[differentiate]
fn f([x, y]: [f64; 2], (a, b): (f64, f64)) -> f64 {
    x * y + a * b
}

fn main() {}
