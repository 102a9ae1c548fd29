//! A method with the name of one of floats, called on something of which only rustc knows that it is none.

use symgrad::differentiate;

struct Model {
    k: f64,
}

impl Model {
    #[differentiate]
    fn copysign(&self, x: f64) -> f64 {
        self.k * x
    }
}

struct Owner {
    model: Model,
}

#[differentiate(wrt(x))]
fn of_field(owner: &Owner, x: f64) -> f64 {
    owner.model.copysign(x) + x
}

#[differentiate(wrt(x))]
fn by_path(owner: &Owner, x: f64) -> f64 {
    Model::copysign(&owner.model, x) + x
}

fn main() {
    let owner = Owner { model: Model { k: 2.0 } };
    let _ = of_field(&owner, 1.0) + by_path(&owner, 1.0);
}
