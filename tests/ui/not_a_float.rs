//! An array where a number is needed.

use symgrad::differentiate;

#[differentiate]
fn whole(x: [f64; 2]) -> f64 {
    x
}

#[differentiate]
fn row(x: [[f64; 2]; 2]) -> f64 {
    let r = x[0];
    r * 2.0
}

fn main() {}
