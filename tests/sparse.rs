//! Sparse matrices: each nonzero against the dense matrix, and nothing but zeros elsewhere.

#![allow(clippy::pedantic, clippy::needless_range_loop, reason = "as users write them")]

use symgrad::{Flatten, differentiate};

/// The nonzeros are those of the dense matrix, what is not among them is zero there, and there are no more than expected.
#[track_caller]
fn agrees(pattern: &[(usize, usize)], values: &[f64], dense: &impl Flatten, columns: usize, count: usize) {
    let mut dense = dense.flatten();
    assert_eq!(pattern.len(), values.len());
    for (&(i, j), value) in pattern.iter().zip(values) {
        let expected = std::mem::take(&mut dense[i * columns + j]);
        assert!(
            (value - expected).abs() <= 1e-14 * expected.abs().max(1.0),
            "{value:?}, not {expected:?}, at {i}, {j}"
        );
    }
    assert!(dense.iter().all(|left| *left == 0.0), "{dense:?} is left");
    assert!(pattern.is_sorted(), "{pattern:?}");
    assert_eq!(pattern.len(), count, "{pattern:?}");
}

const AT: [f64; 8] = [0.3, -0.7, 1.1, 0.4, -0.2, 0.9, 1.6, -1.3];

/// Rosenbrock's function.
#[differentiate(hessian, sparse_hessian)]
fn valley(x: &[f64; 8]) -> f64 {
    let mut sum = 0.0;
    for i in 1..x.len() {
        let a = x[i] - x[i - 1] * x[i - 1];
        sum += 100.0 * a * a + (1.0 - x[i - 1]).powi(2);
    }
    sum
}

/// Separable: a diagonal.
#[differentiate(hessian, sparse_hessian, wrt(x))]
fn separable(x: &[f64; 8], weights: &[f64]) -> f64 {
    x.iter().zip(weights).map(|(x, w)| w * x.sin()).sum()
}

/// An arrow: the first meets all.
#[differentiate(hessian, sparse_hessian)]
fn arrow(x: &[f64; 8]) -> f64 {
    let mut sum = x[0].exp();
    for i in 1..8 {
        sum += x[0] * x[i].powi(2);
    }
    sum
}

/// A band through a local array that is written in place, and a branch that is not known.
#[differentiate(hessian, sparse_hessian)]
fn smoothed(x: &[f64; 8]) -> f64 {
    let mut y = [0.0; 8];
    for i in 0..8 {
        y[i] = if x[i] > 0.0 { x[i] * x[i] } else { x[i] };
    }
    let mut sum = 0.0;
    for i in (0..8).step_by(2) {
        sum += y[i] * y[i + 1];
    }
    let mut last = y.to_vec();
    last.push(x[7]);
    sum + last[8] * last[0]
}

#[test]
fn hessians() {
    agrees(&VALLEY_SPARSE_HESSIAN_PATTERN, &valley_sparse_hessian(&AT), &valley_hessian(&AT), 8, 8 + 2 * 7);
    let weights = [1.0, -2.0, 0.5, 3.0, 1.0, 2.0, 4.0, 0.1];
    agrees(
        &SEPARABLE_SPARSE_HESSIAN_PATTERN,
        &separable_sparse_hessian(&AT, &weights),
        &separable_hessian(&AT, &weights),
        8,
        8 * 8,
    );
    agrees(&ARROW_SPARSE_HESSIAN_PATTERN, &arrow_sparse_hessian(&AT), &arrow_hessian(&AT), 8, 8 + 2 * 7);
    agrees(&SMOOTHED_SPARSE_HESSIAN_PATTERN, &smoothed_sparse_hessian(&AT), &smoothed_hessian(&AT), 8, 8 + 2 * 4 + 2);
}

/// What is not known is assumed: a loop that a condition ends, an index that is data.
#[differentiate(hessian, sparse_hessian, wrt(x))]
fn unknown(x: &[f64; 8], order: &[usize; 8], n: usize) -> f64 {
    let (mut sum, mut k) = (0.0, 0);
    while k < n {
        let mut pair = [0.0; 2];
        pair[k % 2] = x[order[k]];
        pair[(k + 1) % 2] = x[k];
        sum += pair[0] * pair[1];
        if sum > 100.0 {
            break;
        }
        k += 1;
    }
    sum
}

/// A matrix of parameters, of which the rows do not meet.
#[differentiate(hessian, sparse_hessian)]
fn rows(x: &[[f64; 2]; 4]) -> f64 {
    let mut sum = 0.0;
    for row in x {
        sum += row[0] * row[1].exp();
    }
    for i in 0..4 {
        sum += x[i][0].sqrt();
    }
    sum
}

/// Numbers.
#[differentiate(hessian, sparse_hessian)]
fn numbers(a: f64, b: f64, c: f64) -> f64 {
    a * b + c.sin() + 2.0 * a
}

/// Linear: nothing.
#[differentiate(hessian, sparse_hessian)]
fn linear(a: f64, b: f64) -> f64 {
    (a - b).max(2.0 * a).abs() + b
}

#[differentiate(hvp)]
fn product(a: f64, b: f64) -> f64 {
    a * b
}

#[differentiate(hessian, sparse_hessian)]
fn calls(x: &[f64; 4]) -> f64 {
    product(x[0], x[1]) + product(x[2], 3.0) + x[3]
}

#[test]
fn other_hessians() {
    let order = [3, 1, 7, 0, 2, 2, 5, 6];
    agrees(
        &UNKNOWN_SPARSE_HESSIAN_PATTERN,
        &unknown_sparse_hessian(&AT, &order, 8),
        &unknown_hessian(&AT, &order, 8),
        8,
        64,
    );
    let matrix = [[1.0, 0.5], [2.0, -0.5], [0.3, 0.2], [0.7, 1.1]];
    agrees(&ROWS_SPARSE_HESSIAN_PATTERN, &rows_sparse_hessian(&matrix), &rows_hessian(&matrix), 8, 4 * 4);
    let found = numbers_sparse_hessian(0.5, 2.0, 0.3);
    agrees(&NUMBERS_SPARSE_HESSIAN_PATTERN, &found, &numbers_hessian(0.5, 2.0, 0.3), 3, 3);
    let found: [f64; 0] = linear_sparse_hessian(0.5, 2.0);
    agrees(&LINEAR_SPARSE_HESSIAN_PATTERN, &found, &linear_hessian(0.5, 2.0), 2, 0);
    let x = [0.3, 0.4, 0.5, 0.6];
    agrees(&CALLS_SPARSE_HESSIAN_PATTERN, &calls_sparse_hessian(&x), &calls_hessian(&x), 4, 5);
}

/// A stencil, with ends of its own.
#[differentiate(jacobian, sparse_jacobian, wrt(u))]
fn stencil_of_state(u: &[f64; 8], h: f64) -> [f64; 8] {
    let mut r = [0.0; 8];
    for i in 0..8 {
        let left = if i == 0 { 0.0 } else { u[i - 1] };
        let right = if i + 1 < 8 { u[i + 1] } else { 1.0 };
        r[i] = (left - 2.0 * u[i] + right) / (h * h) + u[i].exp();
    }
    r
}

/// Several results, an early return, and a `Result`.
#[differentiate(jacobian, sparse_jacobian)]
fn several(x: &[f64; 3]) -> (f64, [f64; 2]) {
    if x[0] < 0.0 {
        return (x[2], [x[1], 0.0]);
    }
    (x[0] * 2.0, [x[1].sin(), x[1]])
}

#[differentiate(gradient, jvp)]
fn total(x: [f64; 4]) -> f64 {
    x.iter().sum()
}

/// What is called gets a copy, and the array stays what it was.
#[differentiate(jacobian, sparse_jacobian)]
fn copied(x: &[f64; 4]) -> [f64; 3] {
    let sum = total(*x);
    [x[0].sin(), sum * x[1], x[2] * x[3]]
}

#[test]
fn jacobians() {
    let x = [0.3, 0.4, 0.5, 0.6];
    agrees(&COPIED_SPARSE_JACOBIAN_PATTERN, &copied_sparse_jacobian(&x), &copied_jacobian(&x), 4, 1 + 4 + 2);
    let found = stencil_of_state_sparse_jacobian(&AT, 0.5);
    let dense = stencil_of_state_jacobian(&AT, 0.5);
    agrees(&STENCIL_OF_STATE_SPARSE_JACOBIAN_PATTERN, &found, &dense, 8, 8 + 2 * 7);
    for x in [[0.5, 0.6, 0.7], [-0.5, 0.6, 0.7]] {
        agrees(&SEVERAL_SPARSE_JACOBIAN_PATTERN, &several_sparse_jacobian(&x), &several_jacobian(&x), 3, 4);
    }
}

struct Chain {
    stiffness: f64,
}

impl Chain {
    #[differentiate(hessian, sparse_hessian = "nonzeros")]
    fn energy(&self, x: &[f64; 4]) -> Option<f64> {
        let mut sum = 0.0;
        for w in x.windows(2) {
            sum += self.stiffness * (w[1] - w[0]).powi(4);
        }
        if sum.is_nan() { None } else { Some(sum) }
    }
}

#[test]
fn methods() {
    let (chain, x) = (Chain { stiffness: 2.0 }, [0.0, 0.5, 0.7, 1.6]);
    let found = chain.nonzeros(&x).unwrap();
    agrees(&Chain::NONZEROS_PATTERN, &found, &chain.energy_hessian(&x).unwrap(), 4, 4 + 2 * 3);
}
