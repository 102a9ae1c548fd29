//! A type with a method of the same name as the one with companions, to which it dereferences; a trait's method that is
//! called by another's name.

use std::ops::Deref;
use symgrad::differentiate;

struct Model {
    k: f64,
}

impl Model {
    #[differentiate]
    fn loss(&self, x: f64) -> f64 {
        self.k * x
    }

    fn cost(&self, x: f64) -> f64 {
        x
    }
}

struct Scaled(Model);

impl Deref for Scaled {
    type Target = Model;

    fn deref(&self) -> &Model {
        &self.0
    }
}

impl Scaled {
    fn loss(&self, x: f64) -> f64 {
        100.0 * self.0.loss(x)
    }
}

#[differentiate(wrt(x))]
fn scaled(model: &Scaled, x: f64) -> f64 {
    model.loss(x) + x
}

trait Cost {
    fn cost(&self, x: f64) -> f64;
}

#[differentiate]
impl Cost for Model {
    fn cost(&self, x: f64) -> f64 {
        2.0 * x
    }
}

fn main() {
    let model = Scaled(Model { k: 2.0 });
    let _ = scaled(&model, 1.0) + model.loss(1.0) + model.cost(1.0) + Cost::cost(&model.0, 1.0);
}
