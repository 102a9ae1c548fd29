//! Containers that do not carry derivatives.

use symgrad::differentiate;

#[differentiate]
fn list_of_tuples(x: f64) -> f64 {
    let pairs = [(x, 2), (2.0 * x, 1)];
    pairs[0].0 * pairs[1].0
}

#[differentiate]
fn vector(x: f64) -> f64 {
    let mut all = std::collections::VecDeque::new();
    all.push_back(x);
    all[0]
}

#[differentiate]
fn option(x: f64) -> f64 {
    let some = Some((x, x));
    some.map_or(0.0, |(a, b)| a * b)
}

fn main() {}
