//! Arguments that are no kind, no list and no pair; options in the form of another one.

use symgrad::differentiate;

#[differentiate("gradient")]
fn a(x: f64) -> f64 {
    x * x
}

#[differentiate(gradient, jvp = 3)]
fn b(x: f64) -> f64 {
    x * x
}

#[differentiate(wrt = x)]
fn c(x: f64) -> f64 {
    x * x
}

#[differentiate(gradient = slope)]
fn d(x: f64) -> f64 {
    x * x
}

#[differentiate(gradient(x))]
fn e(x: f64) -> f64 {
    x * x
}

#[differentiate(crate = "symgrad")]
fn f(x: f64) -> f64 {
    x * x
}

#[differentiate(returns(f))]
fn g(x: f64) -> f64 {
    x * x
}

#[differentiate(returns = "f64")]
fn h(x: f64) -> f64 {
    x * x
}

#[differentiate(namesakes(f))]
fn i(x: f64) -> f64 {
    x * x
}

#[differentiate(namesakes)]
fn j(x: f64) -> f64 {
    x * x
}

#[differentiate(namesake(f))]
fn k(x: f64) -> f64 {
    x * x
}

#[differentiate(methods = square)]
fn l(x: f64) -> f64 {
    x * x
}

fn main() {}
