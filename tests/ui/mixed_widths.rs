//! `f32` and `f64` side by side.

use symgrad::differentiate;

#[differentiate]
fn f(x: f64, y: f32) -> f64 {
    x * f64::from(y)
}

fn widened(x: f32) -> f64 {
    f64::from(x)
}

#[differentiate(wrt(x))]
fn g(x: &[f32]) -> f64 {
    widened(x[0])
}

#[differentiate(hessian)]
fn h(x: f32) -> f64 {
    f64::from(x * x)
}

// It is converted, and lost later.
#[differentiate]
fn bits(x: f32) -> f64 {
    let a = x as f64;
    f64::from_bits(a.to_bits()) + a
}

fn main() {}
