//! A closure that captures a number with a derivative.

use symgrad::differentiate;

#[differentiate]
fn f(x: f64, data: &[u32]) -> f64 {
    let scaled = |n: u32| f64::from(n) * x;
    scaled(data[0])
}

#[differentiate]
fn chain(x: &[f64], w: f64) -> f64 {
    x.iter().map(|v| v * w).sum::<f64>()
}

fn main() {}
