//! Derivatives of every order.

use symgrad::differentiate;

#[differentiate(derivatives(3))]
fn several(x: f64, y: f64) -> f64 {
    x * y
}

#[differentiate(derivatives(3))]
fn array(x: &[f64]) -> f64 {
    x[0]
}

#[differentiate(derivatives)]
fn no_order(x: f64) -> f64 {
    x * x
}

#[differentiate(derivatives(0))]
fn none(x: f64) -> f64 {
    x * x
}

#[differentiate(derivatives(n))]
fn no_number(x: f64) -> f64 {
    x * x
}

#[differentiate(derivatives(2))]
fn many(x: f64) -> [f64; 2] {
    [x, x * x]
}

#[differentiate]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiate(derivatives(2))]
fn calls(x: f64) -> f64 {
    square(x) + 1.0
}

fn main() {}
