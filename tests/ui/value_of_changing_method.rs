//! The value of a method that changes what it is called on, and of a function that changes what it is given by name.

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

#[differentiate(gradient, vjp)]
fn scaled(pair: &mut [f64; 2], x: f64) -> f64 {
    pair[0] *= x;
    pair[0] + pair[1]
}

#[differentiate(gradient, vjp)]
fn handed_on(pair: &mut [f64; 2], x: f64) -> f64 {
    let sum = scaled(pair, x);
    sum * pair[0]
}

fn main() {}
