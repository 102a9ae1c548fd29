//! The emitted code in a crate without `std`: nothing of its prelude, no `Vec` and no `vec!` in scope.

#![no_std]
#![allow(clippy::needless_range_loop, reason = "loops over indices are what is tested")]

use symgrad::differentiate;

#[differentiate(gradient, jvp)]
fn polynomial(x: f64, coefficients: &[f64; 3]) -> f64 {
    let mut sum = 0.0;
    for k in 0..3 {
        sum = sum * x + coefficients[k];
    }
    sum
}

#[differentiate(gradient, jvp)]
fn taped(x: &[f64], start: f64) -> f64 {
    let mut state = start;
    for v in x {
        if state > 10.0 {
            return state / v;
        }
        state = state * state * v + polynomial(*v, &[state, 1.0, 2.0]);
    }
    state
}

/// Without `std`, floats have no `sin`: a function by its path brings what its derivative needs.
#[differentiate(gradient, jvp)]
fn by_path(x: f64, y: f64) -> f64 {
    libm::sin(x) * libm::tanh(y) + num_traits::Float::powi(x, 3) - libm::acosh(y + 1.0)
}

#[differentiate(gradient, jvp)]
fn generic<T: num_traits::Float>(x: T, y: &[T]) -> T {
    let mut product = T::one();
    for &v in y {
        product = product * (v * x).tanh();
    }
    product
}

#[test]
fn by_paths_and_generic() {
    let [dx, dy] = by_path_gradient(0.4, 0.7);
    let (_, tangent) = by_path_jvp(0.4, 0.7, 0.3, -1.2);
    assert!((tangent - (dx * 0.3 - dy * 1.2)).abs() < 1e-12);
    let step = 1e-6;
    let difference = (by_path(0.4 + step, 0.7) - by_path(0.4 - step, 0.7)) / (2.0 * step);
    assert!((dx - difference).abs() < 1e-8);
    let (dx, dy) = generic_gradient(0.4_f64, &[0.3, 0.7]);
    let difference = (generic(0.4 + step, &[0.3, 0.7]) - generic(0.4 - step, &[0.3, 0.7])) / (2.0 * step);
    assert!((dx - difference).abs() < 1e-8 && dy.len() == 2);
}

#[test]
fn derivatives() {
    let direction = [0.3, -1.2];
    let x = [0.4, 0.7];
    let (value, (dx, dstart)) = taped_value_and_gradient(&x, 0.5);
    assert!((value - taped(&x, 0.5)).abs() == 0.0);
    let (_, tangent) = taped_jvp(&x, 0.5, &direction, 2.0);
    let expected = dx[0] * direction[0] + dx[1] * direction[1] + dstart * 2.0;
    assert!((tangent - expected).abs() < 1e-12 * expected.abs());
    let step = 1e-6;
    let along = |s: f64| taped(&[x[0] + s * direction[0], x[1] + s * direction[1]], 0.5 + s * 2.0);
    let difference = (along(step) - along(-step)) / (2.0 * step);
    assert!((tangent - difference).abs() < 1e-6 * expected.abs());
}
