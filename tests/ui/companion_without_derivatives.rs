//! Companions inside differentiated functions that have no derivatives.

use symgrad::differentiate;

#[differentiate(gradient, jvp, vjp, hvp, hessian, derivatives(3))]
fn wave(x: f64) -> f64 {
    x.sin() * x
}

#[differentiate(jacobian, jvp)]
fn pair(x: f64, y: f64) -> [f64; 2] {
    [x * y, x.sin()]
}

#[differentiate]
fn first(x: f64) -> f64 {
    x.sin() * x
}

#[differentiate]
fn first_of_an_array(x: &[f64; 2]) -> f64 {
    x[0].sin() * x[1]
}

#[differentiate]
fn generic<T: num_traits::Float>(x: T) -> T {
    x.sin() * x
}

#[differentiate(jvp, vjp)]
fn first_order(x: f64) -> f64 {
    x.sin() * x
}

#[differentiate]
fn of_gradient(x: f64) -> f64 {
    first_gradient(x) * x
}

#[differentiate]
fn of_value_and_gradient(x: &[f64; 2]) -> f64 {
    let (value, slopes): (f64, [f64; 2]) = first_of_an_array_value_and_gradient(x);
    value * slopes[0]
}

#[differentiate(jvp)]
fn along(x: f64) -> f64 {
    first_gradient(x) * x
}

#[differentiate]
fn of_generic<T: num_traits::Float>(x: T) -> T {
    generic_gradient(x) * x
}

#[differentiate]
fn of_jvp(x: f64) -> f64 {
    let (value, slope) = first_order_jvp(x, 1.0);
    value + slope
}

#[differentiate]
fn of_vjp(x: f64) -> f64 {
    let (value, slope) = first_order_vjp(x, 1.0);
    value + slope
}

// Of a function that returns no number.
#[differentiate]
fn of_a_pair(x: f64) -> f64 {
    let (values, slopes): ([f64; 2], [f64; 2]) = pair_jvp(x, 2.0, 1.0, 0.0);
    values[0] * slopes[1]
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
