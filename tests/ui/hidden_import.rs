//! A module's own function hides one with companions that a glob imports. Of the same signature, it is found when it is
//! called (`tests/callees.rs`).

mod imported {
    #[symgrad::differentiate]
    pub fn g(x: f64) -> f64 {
        x.sin()
    }
}

use imported::*;
use symgrad::differentiate;

fn g(x: f64) -> f32 {
    x as f32
}

#[differentiate]
fn f(x: f64) -> f64 {
    f64::from(g(x)) + x
}

fn main() {
    let _ = f(1.0) + imported::g(1.0);
}
