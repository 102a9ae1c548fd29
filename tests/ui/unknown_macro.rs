//! A macro that symgrad cannot see into.

use symgrad::differentiate;

macro_rules! square {
    ($x:expr) => {
        $x * $x
    };
}

#[differentiate]
fn f(x: f64) -> f64 {
    square!(x)
}

#[differentiate]
fn g(x: f64) -> f64 {
    let y = 2.0 * square!(x + 1.0);
    y
}

fn main() {}
