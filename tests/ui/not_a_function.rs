//! The attribute stands on something that has no body.

use symgrad::differentiate;

#[differentiate]
struct Model {
    w: f64,
}

trait Loss {
    #[differentiate]
    fn loss(x: f64) -> f64;
}

fn main() {
    let _ = Model { w: 1.0 }.w;
}
