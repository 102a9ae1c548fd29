//! `verify(…)` that cannot be.

use symgrad::differentiate;

#[differentiate(verify)]
fn no_point(x: f64) -> f64 {
    x * x
}

#[differentiate(verify(1.0, 2.0))]
fn no_names(x: f64, y: f64) -> f64 {
    x * y
}

#[differentiate(verify(x = 1.0))]
fn missing(x: f64, y: f64, n: i32) -> f64 {
    x.powi(n) * y
}

#[differentiate(verify(weight = 1.0, bias = 2.0), verify(weights = 1.0, weights = 2.0, bias = 2.0))]
fn unknown(weights: f64, bias: f64) -> f64 {
    weights * bias
}

#[differentiate(hvp, verify(x = 1.0))]
fn lone_product(x: f32) -> f32 {
    x * x
}

struct Scale(f64);

impl Scale {
    #[differentiate(wrt(x), verify(self = Scale(1.0), x = 1.0))]
    fn method(&self, x: f64) -> f64 {
        self.0 * x * x
    }
}

#[derive(symgrad::Differentiable)]
struct Counter {
    sum: f64,
}

#[differentiate]
impl Counter {
    #[differentiate(jvp, wrt(self, x), verify(self = Counter { sum: 0.0 }, x = 1.0))]
    fn add(&mut self, x: f64) {
        self.sum += x * x;
    }
}

struct Marked<T>(T);

#[differentiate]
impl<T> Marked<T> {
    #[differentiate(verify(x = 1.0))]
    fn associated(x: f64) -> f64 {
        x * x
    }

    #[differentiate(sparse_jacobian, wrt(x), verify(self = Marked(1.0), x = &[1.0, 2.0]))]
    fn sparse(&self, x: &[f64; 2]) -> [f64; 2] {
        [x[1], x[0]]
    }
}

#[differentiate(custom = rule, verify(x = 1.0))]
fn by_a_rule(x: f64) -> [f64; 2] {
    [x, x * x]
}

fn rule(x: f64, w: &[f64; 2]) -> ([f64; 2], f64) {
    ([x, x * x], w[0] + 2.0 * x * w[1])
}

fn main() {}
