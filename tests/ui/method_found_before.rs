//! Traits' methods with the name of one with companions, which method resolution finds before it.

use symgrad::differentiate;

#[derive(Clone, Copy)]
struct Model {
    k: f64,
}

impl Model {
    #[differentiate(gradient, jvp)]
    fn loss(&self, x: f64) -> f64 {
        self.k * x
    }

    #[differentiate]
    fn cost(self, x: f64) -> f64 {
        self.k * x
    }
}

trait ByValue {
    fn loss(self, x: f64) -> f64;
}

impl ByValue for Model {
    fn loss(self, x: f64) -> f64 {
        100.0 * x
    }
}

trait ByReference {
    fn cost(&self, x: f64) -> f64;
}

impl ByReference for Model {
    fn cost(&self, x: f64) -> f64 {
        100.0 * x
    }
}

struct Owner {
    model: Model,
}

#[differentiate(wrt(x))]
fn of_field(owner: &Owner, x: f64) -> f64 {
    owner.model.loss(x) + x
}

#[differentiate(jvp, wrt(x))]
fn owned(model: Model, x: f64) -> f64 {
    model.loss(x) + x
}

// This one is found first.
#[differentiate(wrt(x))]
fn borrowed(model: &Model, x: f64) -> f64 {
    model.loss(x) + x
}

#[differentiate(wrt(x))]
fn by_reference(model: &Model, x: f64) -> f64 {
    model.cost(x) + x
}

fn main() {
    let model = Model { k: 2.0 };
    let _ = of_field(&Owner { model }, 1.0) + owned(model, 1.0) + borrowed(&model, 1.0) + by_reference(&model, 1.0);
}
