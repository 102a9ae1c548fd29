//! Arrays whose shape is not visible.

use symgrad::differentiate;

fn zeros() -> [f64; 2] {
    [0.0; 2]
}

#[differentiate]
fn f(x: f64) -> f64 {
    let mut a = vec![x; 2];
    let y = a[0];
    a = zeros().to_vec();
    a[0] * y
}

#[differentiate]
fn late(x: f64) -> f64 {
    let a: [f64; 2];
    a = [x, x * x];
    a[0] * a[1]
}

#[differentiate]
fn from_call(x: f64) -> f64 {
    let mut a = zeros();
    a[0] = x;
    a[0] * a[1]
}

fn main() {}
