//! Sparse matrices.

use symgrad::differentiate;

#[differentiate(sparse_hessian)]
fn index(x: &[f64]) -> f64 {
    x[x[0].floor() as usize] * x[0]
}

#[differentiate(sparse_hessian)]
fn steps(x: &[f64]) -> f64 {
    let mut y = x[0];
    while y < 1.0 {
        y += y * x[1];
    }
    y
}

#[differentiate(sparse_jacobian)]
fn length(x: &[f64]) -> Vec<f64> {
    let mut positive = Vec::new();
    for v in x {
        if *v > 0.0 {
            positive.push(v * v);
        }
    }
    positive
}

#[differentiate(sparse_hessian, wrt(x))]
fn opaque(x: &[f64], order: &[usize]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        if x[i] > 0.0 {
            sum += x[i] * x[order[i..][0]];
        }
    }
    sum
}

#[differentiate(sparse_hessian)]
fn ragged(x: &[Vec<f64>], y: f64) -> f64 {
    x[0][0] * y
}

#[differentiate(sparse_hessian)]
fn many(x: &[f64; 2]) -> [f64; 2] {
    *x
}

#[differentiate(sparse_jacobian)]
fn number(x: &[f64; 2]) -> f64 {
    x[0] * x[0]
}

#[differentiate(sparse_jacobian)]
fn buffer(x: &[f64; 2], y: &mut [f64; 2]) -> [f64; 2] {
    y[0] = x[0];
    *x
}

#[differentiate(sparse_hessian)]
fn dense(x: &[f64; 300]) -> f64 {
    let mut sum = 0.0;
    for i in 0..300 {
        sum += x[i];
    }
    sum * sum
}

#[derive(symgrad::Differentiable, Clone)]
struct Pair {
    a: f64,
    b: f64,
}

#[differentiate(sparse_hessian, wrt(p))]
fn by_struct(p: &Pair) -> f64 {
    p.a * p.a + p.b
}

#[differentiate(sparse_jacobian)]
fn of_struct(x: &[f64]) -> Pair {
    Pair { a: x[0], b: x[1] * x[1] }
}

fn main() {}
