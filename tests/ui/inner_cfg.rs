//! `cfg` inside the function.

use symgrad::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    let mut y = x;
    #[cfg(debug_assertions)]
    {
        y = y * 2.0;
    }
    y
}

#[differentiate]
fn g(x: f64, #[cfg(debug_assertions)] _y: f64) -> f64 {
    x
}

fn main() {}
