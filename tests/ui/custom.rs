//! Rules that are written by hand.

use symgrad::differentiate;

#[differentiate(custom = of_one)]
fn two(x: f64, y: f64) -> f64 {
    x.max(y)
}

fn of_one(x: f64, y: f64) -> (f64, f64) {
    (x.max(y), 1.0)
}

#[differentiate(jvp, custom = gradient_only)]
fn slice(x: &[f64]) -> f64 {
    x[0]
}

fn gradient_only(x: &[f64]) -> Vec<f64> {
    x.to_vec()
}

#[differentiate(gradient, hvp, custom = parts_rule)]
fn parts(x: &[f64], y: f64) -> f64 {
    x[0] * y
}

fn parts_rule(x: &[f64], y: f64) -> (f64, (Vec<f64>, f64)) {
    (x[0] * y, (vec![y], x[0]))
}

#[differentiate(vjp, sparse_jacobian, custom = arrays_rule)]
fn matrix(x: f64) -> [f64; 2] {
    [x, x]
}

#[differentiate(jacobian, custom_jvp = forward_rule)]
fn lacks_rows(x: f64) -> [f64; 2] {
    [x, x]
}

fn forward_rule(x: f64, dx: f64) -> ([f64; 2], [f64; 2]) {
    ([x, x], [dx, dx])
}

#[differentiate(jacobian, wrt(x), custom = moved_rule)]
fn moved(x: f64, name: String) -> [f64; 2] {
    [x, name.len() as f64]
}

fn moved_rule(x: f64, name: String, c: &[f64; 2]) -> ([f64; 2], f64) {
    (moved(x, name), c[0])
}

fn arrays_rule(x: f64, c: &[f64; 2]) -> ([f64; 2], f64) {
    ([x, x], c[0] + c[1])
}

#[differentiate(jvp, custom = arrays)]
fn lacks(x: f64) -> [f64; 2] {
    [x, x]
}

fn arrays(x: f64, _: &[f64; 2]) -> ([f64; 2], f64) {
    ([x, x], 2.0)
}

#[differentiate(gradient, custom_jvp = forward)]
fn lacks_reverse(x: f64) -> f64 {
    x
}

fn forward(x: f64, dx: f64) -> (f64, f64) {
    (x, dx)
}

#[differentiate(custom = in_place)]
fn buffer(x: &mut [f64]) {
    x[0] = 1.0;
}

fn in_place(_: &mut [f64]) {}

#[differentiate(custom = itself_value_and_gradient)]
fn itself(x: f64) -> f64 {
    x
}

#[differentiate(custom = x)]
fn parameter(x: f64) -> f64 {
    x
}

#[differentiate(custom = "rule")]
fn form(x: f64) -> f64 {
    x
}

fn main() {}
