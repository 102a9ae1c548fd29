//! A part of a parameter that is a pattern.

use symgrad::differentiate;

#[differentiate(wrt(x))]
fn f([x, y]: [f64; 2], (a, b): (f64, f64)) -> f64 {
    x * y + a * b
}

fn main() {}
