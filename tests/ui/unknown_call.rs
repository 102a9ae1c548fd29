//! Calls of which no derivative is known.

use symgrad::differentiate;

struct Table;

impl Table {
    fn at(&self, x: f64) -> f64 {
        x
    }
}

#[differentiate]
fn method(x: f64, table: &Table) -> f64 {
    table.at(x) + x
}

#[differentiate]
fn standard(x: f64) -> f64 {
    std::convert::identity(x)
}

#[differentiate]
fn parameter(x: f64, h: fn(f64) -> f64) -> f64 {
    h(x)
}

#[differentiate]
fn to_string(x: f64) -> f64 {
    let text = x.to_string();
    x * text.len() as f64
}

trait Square {
    fn square(self) -> Self;
}

impl Square for f64 {
    fn square(self) -> Self {
        self * self
    }
}

#[differentiate]
fn of_a_trait(x: f64) -> f64 {
    x.square()
}

fn noted(x: f64, last: &std::cell::Cell<f64>) -> bool {
    last.replace(x) > x
}

#[differentiate]
fn kept_by_a_decision(x: f64, last: &std::cell::Cell<f64>) -> f64 {
    if noted(x, last) { x } else { x * last.get() }
}

fn main() {}
