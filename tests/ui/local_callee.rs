//! A local closure, even one that has the name of a differentiated function.

use symgrad::differentiate;

#[differentiate]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiate]
fn f(x: f64) -> f64 {
    let square = |t: f64| 3.0 * t;
    square(x)
}

#[differentiate]
fn g(x: f64) -> f64 {
    let cube = |t: f64| t * t * t;
    let y = cube(x);
    y + x
}

fn main() {}
