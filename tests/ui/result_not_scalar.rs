//! Results that have no gradient.

use symgrad::differentiate;

#[differentiate]
fn nothing(x: f64) {
    let _ = x;
}

#[differentiate(gradient, jvp)]
fn integer(x: f64) -> usize {
    x as usize
}

#[differentiate]
fn option(x: f64) -> Option<f64> {
    Some(x)
}

fn main() {}
