//! A variable that is read before it has a value.

use symgrad::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    let y: f64;
    let z = y * x;
    y = x;
    y + z
}

#[differentiate]
fn g(x: f64) -> f64 {
    let y: f64;
    y += x;
    y
}

fn main() {}
