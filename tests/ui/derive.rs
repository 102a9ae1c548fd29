//! What `#[derive(Differentiable)]` refuses.

use symgrad::Differentiable;

#[derive(Differentiable)]
enum Shape {
    Circle(f64),
}

#[derive(Clone, Copy, Differentiable)]
union Bits {
    x: f64,
}

#[derive(Differentiable)]
struct Counted {
    x: f64,
    n: usize,
}

struct Plain {
    x: f64,
}

#[derive(Differentiable)]
struct Nested {
    inner: Plain,
}

#[derive(Differentiable)]
struct Misspelt {
    #[differentiate(skipped)]
    x: f64,
}

#[derive(Differentiable)]
#[differentiate(skip)]
struct Whole {
    x: f64,
}

#[derive(Differentiable)]
struct Data {
    #[differentiate(skip)]
    x: f64,
}

fn main() {}
