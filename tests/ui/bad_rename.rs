//! Names that no function can have.

use symgrad::differentiate;

#[differentiate(gradient = "my slope")]
fn f(x: f64) -> f64 {
    x * x
}

#[differentiate(jvp = "fn")]
fn g(x: f64) -> f64 {
    x * x
}

fn main() {}
