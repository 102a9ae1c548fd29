//! Companions inside differentiated functions that have no derivatives.

use symgrad::differentiate;

#[differentiate(gradient, jvp, vjp, hvp, hessian, derivatives(3))]
fn wave(x: f64) -> f64 {
    x.sin() * x
}

#[differentiate(jacobian)]
fn pair(x: f64, y: f64) -> [f64; 2] {
    [x * y, x.sin()]
}

#[differentiate(jvp)]
fn first_order(x: f64) -> f64 {
    x.sin() * x
}

#[differentiate]
fn of_jvp(x: f64) -> f64 {
    let (value, slope) = first_order_jvp(x, 1.0);
    value + slope
}

#[differentiate]
fn of_vjp(x: f64) -> f64 {
    let (value, slope) = wave_vjp(x, 1.0);
    value + slope
}

#[differentiate]
fn of_hvp(x: f64) -> f64 {
    wave_hvp(x, 2.0)
}

#[differentiate]
fn of_hessian(x: f64) -> f64 {
    wave_hessian(x).exp()
}

#[differentiate]
fn of_series(x: f64) -> f64 {
    let [_, slope, _, _] = wave_derivatives(x);
    slope
}

#[differentiate]
fn of_jacobian(x: f64) -> f64 {
    let j: [[f64; 2]; 2] = pair_jacobian(x, 1.0);
    j[0][0] * j[1][0]
}

#[differentiate(hessian)]
fn twice(x: f64) -> f64 {
    wave_hessian(x)
}

fn main() {}
