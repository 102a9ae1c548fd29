//! Another width in the middle.

use symgrad::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    let y = x as f32;
    f64::from(y) * x
}

#[differentiate]
fn g(x: f64) -> f64 {
    (x * 2.0) as f32 as f64
}

fn main() {}
