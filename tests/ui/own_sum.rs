//! A list has no `sum`, as an iterator has: a trait's is called.

use symgrad::differentiate;

trait Weighted {
    fn sum(&self) -> f64;
}

impl Weighted for [f64; 3] {
    fn sum(&self) -> f64 {
        self[0] * 2.0
    }
}

#[differentiate]
fn of_a_copy(x: [f64; 3]) -> f64 {
    x.clone().sum()
}

#[differentiate]
fn of_a_result(x: [f64; 3]) -> f64 {
    reversed(x).sum()
}

#[differentiate(vjp)]
fn reversed(x: [f64; 3]) -> [f64; 3] {
    [x[2], x[1], x[0]]
}

fn main() {}
