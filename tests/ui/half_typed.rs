//! A body that does not parse yet: rustc says so, and the companions are there.

use symgrad::differentiate;

#[differentiate(gradient, jvp)]
fn f(x: f64, y: f64) -> f64 {
    let z = x * ;
    z + y
}

fn main() {
    let [dx, dy] = f_gradient(1.0, 2.0);
    let (value, tangent) = f_jvp(1.0, 2.0, dx, dy);
    let _ = value + tangent;
}
