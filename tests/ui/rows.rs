//! Jacobians that have no rows, or whose rows cannot be computed one after the other.

use symgrad::{Differentiable, differentiate};

#[derive(Differentiable)]
struct Params {
    rate: f64,
}

#[differentiate(jacobian, wrt(p))]
fn told(p: &Params, x: f64) -> [f64; 2] {
    println!("{x}");
    [p.rate * x, x]
}

#[differentiate(jacobian)]
fn buffer_and_value(x: &[f64; 2], out: &mut [f64]) -> (f64, f64) {
    out[0] = x[0];
    (x[1], x[0])
}

fn main() {}
