//! Checks of Jacobians, Hessians and products: right ones pass, each single error is caught, lengths are compared.

#![cfg(feature = "std")]

use symgrad::check::{self, Error};

const POINT: [f64; 3] = [0.7, -1.3, 2.1];

fn function(p: &[f64]) -> [f64; 4] {
    [p[0] * p[1], p[1].sin() * p[2], p[0].exp() + p[2] * p[2], 3.0 * p[0] - p[1]]
}

/// The derivatives by the textbook.
fn matrix(p: &[f64]) -> [[f64; 3]; 4] {
    [[p[1], p[0], 0.0], [0.0, p[1].cos() * p[2], p[1].sin()], [p[0].exp(), 0.0, 2.0 * p[2]], [3.0, -1.0, 0.0]]
}

fn product(p: &[f64], w: &[f64]) -> Vec<f64> {
    (0..3).map(|i| matrix(p).iter().zip(w).map(|(row, w)| row[i] * w).sum()).collect()
}

fn image(p: &[f64], v: &[f64]) -> Vec<f64> {
    matrix(p).iter().map(|row| row.iter().zip(v).map(|(d, v)| d * v).sum()).collect()
}

#[test]
fn right_derivatives_pass() {
    let checks = check::jacobian(function, |p| (function(p), matrix(p)), &POINT).unwrap();
    assert!(checks.passed() && checks.verified() == 12 && checks.parts.len() == 4, "{checks}");
    assert_eq!(checks.to_string(), "Jacobian check passed: 12 of 12 derivatives confirmed\n");
    assert!(check::vjp(function, |p, w| (function(p), product(p, w)), &POINT).unwrap().passed());
    assert!(check::jvp(function, |p, v| (function(p), image(p, v)), &POINT).unwrap().passed());
    symgrad::assert_derivatives!(jacobian, function, |p| (function(p), matrix(p)), POINT);
    symgrad::assert_derivatives!(vjp, function, |p, w| (function(p), product(p, w)), POINT);
}

#[test]
fn an_error_in_any_entry_is_caught() {
    for j in 0..4 {
        for i in 0..3 {
            let wrong = |p: &[f64]| {
                let mut matrix = matrix(p);
                matrix[j][i] += 1e-4;
                matrix
            };
            let checks = check::jacobian(function, |p| (function(p), wrong(p)), &POINT).unwrap();
            assert!(checks.failed() && checks.verified() == 11, "{checks}");
            assert!(checks.to_string().contains(&format!("output {j}: gradient check FAILED")), "{checks}");
            let product = |p: &[f64], w: &[f64]| -> Vec<f64> {
                (0..3).map(|i| wrong(p).iter().zip(w).map(|(row, w)| row[i] * w).sum()).collect()
            };
            assert!(check::vjp(function, |p, w| (function(p), product(p, w)), &POINT).unwrap().failed());
            let image = |p: &[f64], v: &[f64]| -> Vec<f64> {
                wrong(p).iter().map(|row| row.iter().zip(v).map(|(d, v)| d * v).sum()).collect()
            };
            assert!(check::jvp(function, |p, v| (function(p), image(p, v)), &POINT).unwrap().failed());
        }
    }
}

#[test]
fn a_value_with_other_bits_is_caught() {
    let other = |p: &[f64]| function(p).map(|y| y * (1.0 + f64::EPSILON));
    assert!(check::jacobian(function, |p| (other(p), matrix(p)), &POINT).unwrap().failed());
    assert!(check::jvp(function, |p, v| (other(p), image(p, v)), &POINT).unwrap().failed());
}

#[test]
fn a_hessian_must_be_right_and_symmetric() {
    // f = x² y + sin(y z).
    let gradient = |p: &[f64]| {
        let c = (p[1] * p[2]).cos();
        [2.0 * p[0] * p[1], p[0] * p[0] + p[2] * c, p[1] * c]
    };
    let hessian = |p: &[f64]| {
        let (s, c) = (p[1] * p[2]).sin_cos();
        let mixed = c - p[1] * p[2] * s;
        [[2.0 * p[1], 2.0 * p[0], 0.0], [2.0 * p[0], -p[2] * p[2] * s, mixed], [0.0, mixed, -p[1] * p[1] * s]]
    };
    let checks = check::hessian(gradient, hessian, &POINT).unwrap();
    assert!(checks.passed() && checks.asymmetry.is_some_and(|a| a < 1e-15), "{checks}");
    for (i, j) in [(0, 1), (2, 1), (1, 1)] {
        let wrong = |p: &[f64]| {
            let mut h = hessian(p);
            h[i][j] *= 1.0 + 1e-4;
            h
        };
        let checks = check::hessian(gradient, wrong, &POINT).unwrap();
        assert!(checks.failed() && checks.to_string().contains("NOT SYMMETRIC") == (i != j), "{checks}");
    }
}

#[test]
fn unusable_arguments_are_errors() {
    let empty: &[f64] = &[];
    assert_eq!(check::jvp(|_| 1.0, |_, _| (1.0, 1.0), empty), Err(Error::EmptyPoint));
    assert_eq!(check::vjp(|_| 1.0, |_, _| (1.0, 1.0), empty), Err(Error::EmptyPoint));
    assert!(matches!(check::jacobian(|_| 1.0, |_| (1.0, [0.0; 0]), empty), Err(Error::EmptyPoint)));
    let short = check::jacobian(function, |p| (function(p), [1.0]), &POINT);
    assert_eq!(short, Err(Error::MatrixLength { expected: 12, found: 1 }));
    let fewer = check::jacobian(function, |p| (p[0], matrix(p)), &POINT);
    assert_eq!(fewer, Err(Error::OutputLength { expected: 4, found: 1 }));
    let fewer = check::jvp(function, |p, _| (function(p), p[0]), &POINT);
    assert_eq!(fewer, Err(Error::OutputLength { expected: 4, found: 1 }));
    let long = check::vjp(function, |p, w| (function(p), w.to_vec()), &POINT);
    assert_eq!(long, Err(Error::GradientLength { expected: 3, found: 4 }));
    let not_finite = check::jacobian(function, |p| (function(p), matrix(p)), &[1.0, f64::NAN, 0.0]);
    assert!(matches!(not_finite, Err(Error::NonFinitePoint { coordinate: 1, .. })));
    let square = check::hessian(|p: &[f64]| [p[0]], |p: &[f64]| [[p[0]]], &[1.0, 2.0]);
    assert!(square.is_err());
}
