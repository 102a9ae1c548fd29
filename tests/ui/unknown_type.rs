//! Variables whose types are not visible where they are declared, and that are one of several in a pattern.

use symgrad::differentiate;

struct Start {
    y: f64,
    n: usize,
}

fn start() -> Start {
    Start { y: 1.0, n: 2 }
}

#[differentiate]
fn f(x: f64) -> f64 {
    let Start { mut y, mut n } = start();
    n += 1;
    y += x * n as f64;
    y * x
}

fn main() {}
