//! `objective = Name`: a function's data as a problem that goes straight into an optimizer.

#![allow(clippy::pedantic, reason = "as users write them")]

use symgrad::differentiate;
use symgrad::optimize::{Lbfgs, Objective, Residuals, TwiceDifferentiable};

/// Mean squared error of the line `w x + b`.
#[differentiate(gradient, hessian, hvp, wrt(w, b), objective = Mse)]
fn mse(w: f64, b: f64, x: &[f64], t: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += (w * x[i] + b - t[i]).powi(2);
    }
    sum / x.len() as f64
}

const X: [f64; 4] = [1.0, 2.0, 3.0, 4.0];
const T: [f64; 4] = [2.3, 4.1, 5.9, 8.2];

#[test]
fn data_in_fields_go_into_an_optimizer() {
    let problem = Mse { x: &X, t: &T };
    let fit = Lbfgs::new().minimize(&problem, &[0.5, 0.0]).unwrap();
    assert!((fit.point[0] - 1.95).abs() < 1e-6 && (fit.point[1] - 0.25).abs() < 1e-6, "{fit}");
    assert_eq!(problem.dimension(), Some(2));
    assert!(Lbfgs::new().minimize(&problem, &[0.5, 0.0, 1.0]).is_err());
}

#[test]
fn what_it_computes_is_what_the_companions_compute() {
    let (problem, point) = (Mse { x: &X, t: &T }, [0.5, -0.25]);
    let (value, gradient, hessian) = mse_value_gradient_hessian(0.5, -0.25, &X, &T);
    let (mut found, mut matrix, mut product) = ([0.0; 2], [0.0; 4], [0.0; 2]);
    assert_eq!(problem.value(&point).to_bits(), mse(0.5, -0.25, &X, &T).to_bits());
    assert_eq!((problem.value_and_gradient(&point, &mut found), found), mse_value_and_gradient(0.5, -0.25, &X, &T));
    assert_eq!(problem.value_gradient_hessian(&point, &mut found, &mut matrix), value);
    assert_eq!((found.as_slice(), matrix.as_slice()), (gradient.as_slice(), hessian.as_flattened()));
    problem.hessian_product(&point, &[1.0, 2.0], &mut product);
    assert_eq!(product, mse_hvp(0.5, -0.25, &X, &T, 1.0, 2.0));
    // What does not fit is NaN, or an error, and no panic.
    assert!(problem.value(&[1.0]).is_nan());
    assert!(problem.value(&[1.0; 3]).is_nan());
    assert!(problem.try_value_and_gradient(&point, &mut [0.0; 3]).is_err());
    for point in [[1.0].as_slice(), &[1.0; 3]] {
        let (mut matrix, mut product) = ([0.0; 4], [0.0; 2]);
        problem.hessian(point, &mut matrix);
        problem.hessian_product(point, &[1.0, 2.0], &mut product);
        assert!(matrix.iter().chain(&product).all(|number| number.is_nan()));
        assert!(problem.value_and_gradient(point, &mut [0.0; 2]).is_nan());
        assert!(problem.value_gradient_hessian(point, &mut [0.0; 2], &mut [0.0; 4]).is_nan());
    }
    problem.hessian_product(&point, &[1.0; 3], &mut product);
    assert!(product.iter().all(|number| number.is_nan()));
}

/// Points of several shapes, the slice with what the others leave.
struct Settings {
    strength: f64,
}

#[differentiate(wrt(scale, rows, shift), objective = Mixed)]
fn mixed(scale: f64, rows: &[[f64; 2]], shift: &[f64; 3], settings: &Settings, kinds: [usize; 2], label: &str) -> f64 {
    let mut sum = 0.0;
    for row in rows {
        sum += scale * row[kinds[0]] * row[kinds[0]] + settings.strength * row[kinds[1]] * shift[1];
    }
    sum + shift[0] + shift[2] * label.len() as f64
}

#[test]
fn points_of_several_shapes() {
    let settings = Settings { strength: 0.5 };
    let problem = Mixed { settings: &settings, kinds: [0, 1], label: "three" };
    let point = [2.0, 1.0, -1.0, 3.0, 0.5, 0.1, 0.2, 0.3];
    let rows = [[1.0, -1.0], [3.0, 0.5]];
    let expected = mixed_value_and_gradient(2.0, &rows, &[0.1, 0.2, 0.3], &settings, [0, 1], "three");
    let mut gradient = [0.0; 8];
    assert_eq!(problem.value_and_gradient(&point, &mut gradient), expected.0);
    assert_eq!(gradient.to_vec(), symgrad::Flatten::flatten(&expected.1));
    assert_eq!(problem.dimension(), None);
    // A row is missing half of its numbers.
    assert!(problem.value_and_gradient(&point[..7], &mut [0.0; 7]).is_nan());
    assert!(problem.value(&point[..7]).is_nan() && problem.value(&point[..3]).is_nan());
    assert_eq!(problem.value(&point), expected.0);
}

/// A slice alone is passed on, with the buffer.
#[differentiate(objective = Valley)]
fn valley(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        sum += (1.0 - x[i]).powi(2) + 100.0 * (x[i + 1] - x[i] * x[i]).powi(2);
    }
    sum
}

/// Constants, owned `Vec`s, and a rule by hand.
#[differentiate(wrt(w), objective = Weighted, custom = weighted_rule)]
fn weighted<const N: usize>(w: Vec<f64>, targets: &[f64; N]) -> f64 {
    w.iter().zip(targets).map(|(w, t)| (w - t).powi(2)).sum()
}

fn weighted_rule<const N: usize>(w: Vec<f64>, targets: &[f64; N]) -> (f64, Vec<f64>) {
    let gradient = w.iter().zip(targets).map(|(w, t)| 2.0 * (w - t)).collect();
    (weighted(w, targets), gradient)
}

#[test]
fn slices_and_constants() {
    let fit = Lbfgs::new().minimize(&Valley {}, &[-1.2, 1.0, 0.7]).unwrap();
    assert!(fit.point.iter().all(|x| (x - 1.0).abs() < 1e-5), "{fit}");
    assert!(Valley {}.try_value_and_gradient(&[1.0; 3], &mut [0.0; 2]).is_err());
    assert!(Valley {}.value_and_gradient(&[1.0; 3], &mut [0.0; 4]).is_nan());
    let fit = Lbfgs::new().minimize(&Weighted { targets: &[1.0, -2.0, 3.0] }, &[0.0; 3]).unwrap();
    assert!(fit.point.iter().zip([1.0, -2.0, 3.0]).all(|(x, t)| (x - t).abs() < 1e-6), "{fit}");
}

/// Residuals, for least squares.
#[differentiate(jacobian, wrt(p), objective = Decay)]
fn decay(p: &[f64; 2], x: &[f64], y: &[f64]) -> Vec<f64> {
    let mut residuals = vec![0.0; x.len()];
    for i in 0..x.len() {
        residuals[i] = p[0] * (-p[1] * x[i]).exp() - y[i];
    }
    residuals
}

#[test]
fn residuals_and_their_jacobian() {
    let (x, y) = ([0.0, 1.0, 2.0], [2.0, 1.2, 0.8]);
    let problem = Decay { x: &x, y: &y };
    let (mut residuals, mut jacobian) = (vec![7.0], vec![7.0; 2]);
    Residuals::residuals(&problem, &[1.9, 0.4], &mut residuals);
    assert_eq!(residuals, decay(&[1.9, 0.4], &x, &y));
    problem.residuals_and_jacobian(&[1.9, 0.4], &mut residuals, &mut jacobian);
    let (value, rows) = decay_value_and_jacobian(&[1.9, 0.4], &x, &y);
    assert_eq!((residuals, jacobian), (value, rows.concat()));
    assert_eq!(Residuals::dimension(&problem), Some(2));
    // What does not fit is NaN.
    for point in [[1.0].as_slice(), &[1.0; 3]] {
        let (mut residuals, mut jacobian) = (vec![7.0], vec![7.0; 2]);
        problem.residuals(point, &mut residuals);
        assert!(residuals.iter().all(|number| number.is_nan()));
        problem.residuals_and_jacobian(point, &mut residuals, &mut jacobian);
        assert_eq!((residuals.len(), jacobian.len()), (1, point.len()));
        assert!(residuals.iter().chain(&jacobian).all(|number| number.is_nan()));
    }
}

/// Residuals by a list of rows.
#[differentiate(jacobian, objective = Radii)]
fn radii(x: &[[f64; 2]]) -> Vec<f64> {
    x.iter().map(|[a, b]| a * a + b * b - 1.0).collect()
}

#[test]
fn half_of_a_row_does_not_fit() {
    let (mut residuals, mut jacobian) = (Vec::new(), Vec::new());
    Radii {}.residuals_and_jacobian(&[0.6, 0.5, 1.0, 2.0], &mut residuals, &mut jacobian);
    assert_eq!(residuals, radii(&[[0.6, 0.5], [1.0, 2.0]]));
    Radii {}.residuals(&[1.0, 2.0, 3.0], &mut residuals);
    assert_eq!(residuals.len(), 1);
    assert!(residuals[0].is_nan());
}
