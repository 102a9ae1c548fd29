//! Generic over types.

use symgrad::differentiate;

#[differentiate]
fn f<T: Into<f64>>(x: f64, y: T) -> f64 {
    x * y.into()
}

#[differentiate]
fn g(x: f64, h: impl Fn(f64) -> f64) -> f64 {
    x * h(2.0)
}

fn main() {}
