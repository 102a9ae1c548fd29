//! A result that does not depend on the parameters.

use symgrad::differentiate;

#[differentiate(wrt(w, b))]
fn f(w: f64, b: f64, x: f64) -> f64 {
    let _ = w * x + b;
    x * x
}

#[differentiate]
fn overwritten(mut x: f64) -> f64 {
    let y = x;
    x = 2.0;
    println!("{y}");
    x * x
}

#[differentiate]
fn stopped(x: f64) -> f64 {
    symgrad::stop_gradient(x) * 2.0
}

/// An argument that is no list.
#[differentiate(constant = "yes")]
fn meant(x: f64) -> f64 {
    x.floor()
}

fn main() {}
