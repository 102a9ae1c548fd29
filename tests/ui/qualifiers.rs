//! Functions whose keywords promise what a derivative cannot keep.

use symgrad::differentiate;

#[differentiate]
async fn f(x: f64) -> f64 {
    x * x
}

#[differentiate]
unsafe fn g(x: f64) -> f64 {
    x * x
}

fn main() {}
