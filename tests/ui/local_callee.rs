//! A local variable that is called, even one that has the name of a differentiated function.

use symgrad::differentiate;

#[differentiate]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiate]
fn f(x: f64, square: impl Fn(f64) -> f64) -> f64 {
    square(x)
}

#[differentiate]
fn g(x: f64, cube: fn(f64) -> f64) -> f64 {
    let y = cube(x);
    y + x
}

fn main() {}
