//! A struct that a function returns that is generic over its float type: no bound says that its numbers are
//! `Differentiable`.

use num_traits::Float;
use symgrad::{Differentiable, differentiate};

#[derive(Differentiable)]
struct Pair<T> {
    a: T,
    b: T,
}

#[differentiate(jvp)]
fn pair<T: Float>(x: T) -> Pair<T> {
    Pair { a: x, b: x * x }
}

fn main() {}
