//! Stores into places that symgrad does not follow.

use std::cell::Cell;
use symgrad::differentiate;

#[derive(Default)]
struct State {
    sum: f64,
}

#[differentiate]
fn field(x: f64) -> f64 {
    let mut state = State::default();
    state.sum += x;
    state.sum
}

#[differentiate]
fn field_assigned(x: f64) -> f64 {
    let mut state = State::default();
    state.sum = x * x;
    state.sum
}

#[differentiate]
fn cell(x: f64) -> f64 {
    let cell = Cell::new(0.0);
    cell.set(x);
    cell.get() * x
}

#[differentiate]
fn buffer(x: f64, out: &mut [f64]) -> f64 {
    out[0] = x;
    out[0] * x
}

fn main() {}
