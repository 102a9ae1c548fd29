//! The value of a method that changes what it is called on.

use symgrad::{Differentiable, differentiate};

#[derive(Clone, Differentiable)]
struct Counter {
    sum: f64,
}

impl Counter {
    #[differentiate(wrt(self, x))]
    fn add(&mut self, x: f64) -> f64 {
        self.sum += x * x;
        self.sum * x
    }
}

#[differentiate]
fn used(x: f64, y: f64) -> f64 {
    let mut counter = Counter { sum: x };
    let twice = counter.add(y);
    twice * counter.sum
}

fn main() {}
