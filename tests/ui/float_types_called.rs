//! Second derivatives of what calls a function that computes in more than one float type.

use symgrad::differentiate;

#[differentiate(gradient, jvp, hvp)]
fn product(x: f32, y: f32) -> f32 {
    (x as f64 * x as f64) as f32 * y
}

#[differentiate(hessian)]
fn twice(x: f32, y: f32) -> f32 {
    product(x, y) * x
}

#[differentiate]
fn of_gradient(x: f32, y: f32) -> f32 {
    let [a, b] = product_gradient(x, y);
    a * b
}

#[differentiate(derivatives(3))]
fn wide(x: f32) -> f32 {
    (x as f64).sin() as f32
}

#[differentiate(derivatives(3))]
fn of_wide(x: f32) -> f32 {
    wide(x) * x
}

fn main() {}
