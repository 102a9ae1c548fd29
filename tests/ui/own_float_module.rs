//! A module that has the name of a float type.

use symgrad::differentiate;

mod f64 {
    pub fn from(x: f32) -> core::primitive::f64 {
        (x * x) as core::primitive::f64
    }
}

#[differentiate(gradient, jvp)]
fn widened(x: f32, y: f32) -> f32 {
    let a = f64::from(x);
    (a * 2.0) as f32 * y
}

fn main() {}
