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

#[differentiate(derivatives = 3)]
fn no_list(x: f64) -> f64 {
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
fn many(x: f64, y: &mut [f64; 2]) {
    *y = [x, x * x];
}

#[differentiate]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiate(derivatives(2))]
fn calls(x: f64) -> f64 {
    square(x) + 1.0
}

#[differentiate(gradient, hvp)]
fn cube(x: f64) -> f64 {
    x * x * x
}

#[differentiate(derivatives(2))]
fn of_gradient(x: f64) -> f64 {
    cube_gradient(x)
}

#[differentiate(custom = rule)]
fn ruled(x: f64) -> f64 {
    x
}

fn rule(x: f64) -> (f64, f64) {
    (x, 1.0)
}

#[differentiate(derivatives(2))]
fn of_ruled(x: f64) -> f64 {
    ruled(x * x)
}

fn main() {}
