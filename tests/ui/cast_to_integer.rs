//! A derivative does not flow through an integer.

use symgrad::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    (x as i32) as f64
}

#[differentiate]
fn index(x: f64, table: [f64; 4]) -> f64 {
    table[x as usize] * x
}

#[differentiate]
fn power(x: f64) -> f64 {
    2.0_f64.powi(x as i32)
}

#[differentiate]
fn named(x: f64) -> f64 {
    let k = (x * 3.0).floor() as i64;
    x * k as f64
}

#[differentiate]
fn range(x: f64) -> f64 {
    let mut s = 0.0;
    for i in 0..x as usize {
        s += i as f64 * x;
    }
    s
}

fn main() {}
