//! Structs as results, where something is lost.

use symgrad::{Differentiable, differentiate};

#[derive(Clone, Differentiable)]
struct State {
    x: f64,
    #[differentiate(skip)]
    n: f64,
}

/// A number that is data in the struct.
#[differentiate(jvp)]
fn lost(x: f64) -> State {
    State { x, n: 2.0 * x }
}

struct Plain {
    x: f64,
}

/// Without the derive.
#[differentiate(jvp)]
fn plain(x: f64) -> Plain {
    Plain { x }
}

fn main() {
    let (s, p) = (lost(1.0), plain(1.0));
    println!("{} {} {}", s.x, s.n, p.x);
}
