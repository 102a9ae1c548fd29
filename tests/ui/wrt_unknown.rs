//! `wrt` of names that are no parameters.

use symgrad::differentiate;

#[differentiate(wrt(weigth, y))]
fn f(weight: f64, x: f64) -> f64 {
    weight * x
}

fn main() {
    // The stubs have a signature, so this is no second error.
    let _ = f_gradient(1.0, 2.0);
}
