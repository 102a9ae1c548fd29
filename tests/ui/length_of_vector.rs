//! A method called `len` that is no number of elements.

use symgrad::{Differentiable, differentiate};

#[derive(Differentiable)]
struct Vector {
    x: f64,
    y: f64,
}

impl Vector {
    fn len(&self) -> f64 {
        self.x.hypot(self.y)
    }
}

#[derive(Differentiable)]
struct Pair {
    first: Vector,
    weight: f64,
}

#[differentiate(wrt(v))]
fn of_a_struct(v: &Vector) -> f64 {
    v.len() * v.x
}

#[differentiate(wrt(p))]
fn of_a_field(p: &Pair) -> f64 {
    p.first.len() * p.weight
}

#[differentiate]
fn of_a_local_struct(x: f64, y: f64) -> f64 {
    let v = Vector { x, y };
    let length = v.len();
    length * x
}

trait Length {
    fn len(&self) -> f64;
}

impl Length for (f64, f64) {
    fn len(&self) -> f64 {
        self.0.hypot(self.1)
    }
}

#[differentiate]
fn of_a_tuple(x: f64, y: f64) -> f64 {
    (x, y).len() * x
}

// What only decides has no derivative.
#[differentiate]
fn in_a_condition(x: f64, y: f64) -> f64 {
    let v = Vector { x, y };
    if v.len() > 1.0 { x } else { y }
}

fn main() {}
