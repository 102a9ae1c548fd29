//! Exits within code that is carried along: what is evaluated more than once, or perhaps not.

use symgrad::differentiate;

#[differentiate]
fn condition(x: f64, n: Option<usize>) -> f64 {
    let mut s = x;
    let mut k = 0;
    while match n {
        Some(n) => k < n,
        None => return 0.0,
    } {
        s *= x;
        k += 1;
    }
    s
}

#[differentiate]
fn second(x: &[f64], n: Option<usize>) -> f64 {
    let y = x[n.unwrap_or(0)];
    let b = y > 1.0 || x[if y > 0.0 { 0 } else { return 1.0 }] > y;
    if b { y * y } else { y }
}

fn main() {}
