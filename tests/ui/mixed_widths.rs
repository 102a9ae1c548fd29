//! `f32` and `f64` side by side.

use symgrad::differentiate;

#[differentiate]
fn f(x: f64, y: f32) -> f64 {
    x * f64::from(y)
}

#[differentiate(wrt(x))]
fn g(x: &[f32]) -> f64 {
    let y = f64::from(x[0]);
    2.0 * y
}

#[differentiate(hessian)]
fn h(x: f32) -> f64 {
    f64::from(x * x)
}

fn main() {}
