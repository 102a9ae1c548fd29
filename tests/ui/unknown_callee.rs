//! A function without the attribute: only rustc can know, so it is rustc that says so.

use symgrad::differentiate;

fn smooth(x: f64) -> f64 {
    x * x
}

#[differentiate]
fn f(x: f64) -> f64 {
    smooth(x) * 2.0
}

fn main() {}
