//! Closures whose bodies double with each call.

use symgrad::differentiate;

#[differentiate]
fn doubled(x: f64) -> f64 {
    let a = |t: f64| t * x + t * x + t * x + t * x + t * x + t * x + t * x + t * x;
    let b = |t: f64| a(a(a(a(a(a(a(a(t))))))));
    let c = |t: f64| b(b(b(b(b(b(b(b(t))))))));
    let d = |t: f64| c(c(c(c(c(c(c(c(t))))))));
    d(d(d(d(d(d(d(d(x))))))))
}

fn main() {}
