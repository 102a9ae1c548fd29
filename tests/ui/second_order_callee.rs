//! Second derivatives and matrices through calls of functions that do not have them.

use symgrad::differentiate;

#[differentiate]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiate(hvp)]
fn calls(x: f64) -> f64 {
    square(x) * x
}

#[differentiate]
fn pair(x: f64) -> [f64; 2] {
    [x, x * x]
}

#[differentiate(jacobian)]
fn of_a_pair(x: f64, y: f64) -> [f64; 2] {
    let p: [f64; 2] = pair(x);
    [p[0] * y, p[1]]
}

#[differentiate(hessian)]
fn through_a_pair(x: f64, y: f64) -> f64 {
    let p: [f64; 2] = pair(x);
    p[0] * p[1] * y
}

struct Model;

impl Model {
    #[differentiate(wrt(x))]
    fn cube(&self, x: f64) -> f64 {
        x * x * x
    }
}

#[differentiate(hvp, wrt(x))]
fn calls_a_method(model: &Model, x: f64) -> f64 {
    model.cube(x)
}

#[differentiate(hvp, wrt(x))]
fn by_one(x: f64, y: f64) -> f64 {
    x * x * y
}

#[differentiate(hvp)]
fn by_both(x: f64, y: f64) -> f64 {
    by_one(x, y * y)
}

fn main() {}
