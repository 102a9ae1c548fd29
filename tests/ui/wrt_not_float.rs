//! `wrt` of parameters without a derivative.

use symgrad::differentiate;

#[differentiate(wrt(x, n, data))]
fn f(x: f64, n: usize, data: &[u32]) -> f64 {
    x * n as f64 * f64::from(data[0])
}

fn main() {}
