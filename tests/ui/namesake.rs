//! A module with the name of its function: the hidden type of the function stands in the way, and a function without one
//! cannot be called.

use symgrad::differentiate;

mod square {
    #[symgrad::differentiate]
    pub fn square(x: f64) -> f64 {
        x * x
    }
}

pub use square::square;

mod cube {
    #[symgrad::differentiate(standalone)]
    pub fn cube(x: f64) -> f64 {
        x * x * x
    }
}

pub use cube::cube;

#[differentiate]
fn calls(x: f64) -> f64 {
    cube(x)
}

fn main() {
    let _ = calls(1.0) + square(1.0);
}
