//! Arguments that are lent as `&mut`, to functions that only read them: their cotangents would be overwritten. Buffers that are
//! passed on by name, of which symgrad assumes the same and the opposite.

use symgrad::{Differentiable, differentiate};

#[derive(Clone, Differentiable)]
struct Spring {
    k: f64,
}

impl Spring {
    #[differentiate(wrt(self))]
    fn both(&self) -> (f64, f64) {
        (self.k, self.k * self.k)
    }
}

#[differentiate(jvp, jacobian)]
fn turned(c: &[f64; 2]) -> (f64, f64) {
    (c[1] * c[0], c[0])
}

#[differentiate(wrt(spring), jacobian)]
fn stretched(spring: &Spring) -> (f64, f64) {
    (spring.k, 2.0 * spring.k)
}

#[differentiate]
fn array(x: f64) -> f64 {
    let mut c = [x, 2.0 * x];
    let (a, b) = turned(&mut c);
    a * b + c[0] * c[1]
}

#[differentiate(jvp)]
fn forward(x: f64) -> f64 {
    let mut c = [x, 2.0 * x];
    let (a, b) = turned(&mut c);
    a * b + c[0] * c[1]
}

#[differentiate]
fn record(x: f64) -> f64 {
    let mut spring = Spring { k: x };
    let (a, b) = stretched(&mut spring);
    a * b + spring.k
}

#[differentiate(jvp)]
fn passes_on(b: &mut [f64; 2]) -> f64 {
    let (p, q) = turned(b);
    p * q
}

#[differentiate(jvp)]
fn scaled(b: &mut [f64; 2]) -> f64 {
    b[0] *= 2.0;
    b[1]
}

#[differentiate(jvp)]
fn passes_on_to_be_written(b: &mut [f64; 2]) -> f64 {
    let y = scaled(b);
    y * b[0]
}

fn main() {}
