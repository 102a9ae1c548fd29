//! Second derivatives and matrices that there are not.

use std::cell::Cell;
use symgrad::differentiate;

#[differentiate(hessian)]
fn of_an_array(x: f64) -> [f64; 2] {
    [x, x * x]
}

#[differentiate(hessian)]
fn of_different_shapes(x: &[f64; 2], y: f64) -> f64 {
    x[0] * x[1] * y
}

#[differentiate(hessian)]
fn twice(x: &[f64], calls: &Cell<u32>) -> f64 {
    calls.set(calls.get() + 1);
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += x[i] * x[i];
    }
    sum
}

// What is moved is there for the first columns only.
#[differentiate(hessian, wrt(x))]
fn moves_in_a_loop(x: &[f64], names: Vec<String>) -> f64 {
    let mut sum = 0.0;
    for name in names {
        sum += x[name.len()] * x[0];
    }
    sum
}

#[differentiate(jacobian, wrt(x))]
fn moves_in_a_statement(x: &[f64], name: String) -> Vec<f64> {
    let name = name;
    vec![x[name.len()] * x[0]; 2]
}

// What a method does is not told by its name, where its receiver may be anything.
#[differentiate(hessian, wrt(x))]
fn asks_elsewhere(x: &[f64], left: &mut dyn Iterator<Item = usize>) -> f64 {
    let more = left.any(|k| k == 3);
    if more { x[0] * x[1] } else { x[1] }
}

#[differentiate(jacobian)]
fn of_a_number(x: f64, y: f64) -> f64 {
    x * y
}

#[differentiate(jacobian)]
fn of_two_kinds_of_outputs(x: f64, out: &mut [f64]) -> [f64; 2] {
    out[0] = x;
    [x, x * x]
}

struct Model;

impl Model {
    #[differentiate(wrt(x))]
    pub(self) fn square(&self, x: f64) -> f64 {
        x * x
    }
}

#[differentiate(jacobian, wrt(x))]
fn called_for_each_column(x: &[f64], model: &Model) -> [f64; 2] {
    [model.square(x[0]), x[1]]
}

#[differentiate(jacobian)]
fn no_row(x: &[Vec<f64>], y: f64) -> [f64; 2] {
    [x[0][0], y]
}

#[differentiate(hessian)]
fn of_rows(x: &[Vec<f64>]) -> f64 {
    x[0][0] * x[1][1]
}

#[differentiate(vjp(x), hvp = 3)]
fn malformed(x: f64) -> f64 {
    x
}

#[derive(symgrad::Differentiable)]
struct Pair {
    a: f64,
    b: f64,
}

// A struct has a tangent of its own type, and no lanes.
#[differentiate(gradient, hessian)]
fn by_a_struct(x: f64, y: f64) -> f64 {
    let pair = Pair { a: x * y, b: y };
    of_a_struct(&pair, x)
}

#[differentiate(gradient, hvp, wrt(p, x))]
fn of_a_struct(p: &Pair, x: f64) -> f64 {
    p.a * p.b * x
}

fn main() {
    // The companions have stubs, where they have a shape.
    let _: f64 = twice_hessian(&[1.0], &Cell::new(0))[0];
}
