//! Gradients inside differentiated functions, where there is no further derivative.

use symgrad::differentiate;

#[differentiate(gradient, jvp, vjp, hvp)]
fn bend(x: f64, y: f64) -> f64 {
    x * x * y
}

#[differentiate(gradient, hvp, wrt(y))]
fn by_y(x: f64, y: f64) -> f64 {
    x * y * y
}

#[differentiate]
fn first_order(x: f64) -> f64 {
    x * x * x
}

#[differentiate(hvp)]
fn third(x: f64, y: f64) -> f64 {
    let g: [f64; 2] = bend_gradient(x, y);
    g[0] * g[1]
}

#[differentiate(hvp)]
fn of_a_product(x: f64, y: f64) -> f64 {
    let (value, g): (f64, [f64; 2]) = bend_vjp(x, y, x);
    g[0] * value
}

#[differentiate(hvp)]
fn of_a_slope(x: f64, y: f64) -> f64 {
    let (value, slope) = bend_jvp(x, y, x, y);
    slope * value
}

// The derivative by `x` of that by `y` is not known.
#[differentiate]
fn of_data(x: f64) -> f64 {
    by_y_gradient(x, 2.0)
}

#[differentiate]
fn without_second(x: f64) -> f64 {
    first_order_gradient(x)
}

fn main() {}
