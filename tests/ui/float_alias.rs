//! An alias of a float cannot be seen through, unless it is said of what; then rustc says whether it is.

use symgrad::differentiate;

type Real = f64;
type Single = f32;

#[differentiate(wrt(x))]
fn f(x: Real, y: f64) -> f64 {
    x * y
}

#[differentiate]
fn g(x: Real) -> f64 {
    x * x
}

#[differentiate]
fn h(x: f64) -> Real {
    x * x
}

#[differentiate(gradient)]
fn of_one_kind(x: f64) -> Real {
    x * x
}

#[differentiate(alias(Single = f64))]
fn i(x: Single) -> Single {
    x * x
}

#[differentiate(alias(Real))]
fn j(x: f64) -> f64 {
    x * x
}

fn main() {}
