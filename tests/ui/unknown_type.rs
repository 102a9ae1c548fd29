//! Variables whose types are not visible where they are declared, and that are one of several in a pattern.

use symgrad::differentiate;

fn start() -> (f64, usize) {
    (1.0, 2)
}

#[differentiate]
fn f(x: f64) -> f64 {
    let (mut y, mut n) = start();
    n += 1;
    y += x * n as f64;
    y * x
}

fn main() {}
