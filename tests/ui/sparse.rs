//! Sparse matrices.

use symgrad::differentiate;

#[differentiate(sparse_hessian)]
fn slice(x: &[f64]) -> f64 {
    x[0] * x[0]
}

#[differentiate(sparse_hessian)]
fn constant<const N: usize>(x: &[f64; N]) -> f64 {
    x[0] * x[0]
}

#[differentiate(sparse_hessian)]
fn mixed(x: &[f64; 2], y: f64) -> f64 {
    x[0] * y
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
fn rows(x: &[f64; 2]) -> Vec<f64> {
    vec![x[0], x[1]]
}

#[differentiate(sparse_jacobian)]
fn buffer(x: &[f64; 2], y: &mut [f64; 2]) {
    y[0] = x[0];
}

#[differentiate(sparse_hessian)]
fn dense(x: &[f64; 300]) -> f64 {
    let mut sum = 0.0;
    for i in 0..300 {
        sum += x[i];
    }
    sum * sum
}

fn main() {}
