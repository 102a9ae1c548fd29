//! Containers that do not carry derivatives.

use symgrad::differentiate;

struct Point {
    x: f64,
    y: f64,
}

#[differentiate]
fn tuple(x: f64) -> f64 {
    let pair = (x, 2.0 * x);
    pair.0 * pair.1
}

#[differentiate]
fn vector(x: f64) -> f64 {
    let mut all = std::collections::VecDeque::new();
    all.push_back(x);
    all[0]
}

#[differentiate]
fn structure(x: f64) -> f64 {
    let p = Point { x, y: x * x };
    p.x * p.y
}

#[differentiate]
fn option(x: f64) -> f64 {
    let some = Some(x);
    some.unwrap_or(0.0)
}

fn main() {}
