//! A variable whose type is not visible where it is declared.

use symgrad::differentiate;

fn start() -> f64 {
    1.0
}

#[differentiate]
fn f(x: f64) -> f64 {
    let mut y = start();
    y += x;
    y * x
}

#[differentiate]
fn g(x: f64, n: usize) -> f64 {
    let mut y = Default::default();
    for _ in 0..n {
        y = x * 2.0;
    }
    x + y
}

fn main() {}
