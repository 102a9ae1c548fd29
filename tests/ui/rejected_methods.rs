//! Methods of floats that have no derivative.

use symgrad::differentiate;

#[differentiate]
fn bits(x: f64) -> f64 {
    let bits = x.to_bits();
    f64::from_bits(bits ^ 1)
}

#[differentiate]
fn next(x: f64) -> f64 {
    x.next_up() * x
}

#[differentiate]
fn path(x: f64) -> f64 {
    f64::next_down(x)
}

fn main() {}
