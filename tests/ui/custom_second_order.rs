//! Of a function with a rule of its own there are no second derivatives, for those that call it either.

use symgrad::differentiate;

#[differentiate(custom = rule)]
fn f(x: f64) -> f64 {
    x.sin()
}

fn rule(x: f64) -> (f64, f64) {
    (f(x), x.cos())
}

#[differentiate(hessian)]
fn g(x: f64, y: f64) -> f64 {
    f(x * y) + x
}

fn main() {}
