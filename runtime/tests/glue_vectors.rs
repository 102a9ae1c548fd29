//! Vectors of nalgebra and ndarray, in and out.

use nalgebra::{DVector, Matrix2x3, SVector, Vector2};
use ndarray::{Array1, Array2, ArrayView1, array};
use symgrad::Flatten;
use symgrad::check;
use symgrad::optimize::{Lbfgs, LevenbergMarquardt, Objective, objective, residuals};

#[test]
fn matrices_are_read_row_by_row_whatever_their_layout() {
    assert_eq!(Matrix2x3::new(1.0, 2.0, 3.0, 4.0, 5.0, 6.0).flatten(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!(SVector::<f32, 2>::new(0.5, 0.25).flatten(), [0.5, 0.25]);
    let rows: Array2<f64> = array![[1.0, 2.0], [3.0, 4.0]];
    assert_eq!(rows.flatten(), [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(rows.t().flatten(), [1.0, 3.0, 2.0, 4.0]);
    assert_eq!(ArrayView1::from(&[7.0, 8.0]).flatten(), [7.0, 8.0]);
}

#[test]
fn gradients_of_these_types_drive_the_solvers_and_the_check() {
    let by_nalgebra = |p: &[f64]| {
        let x = Vector2::from_column_slice(p) - Vector2::new(1.0, -2.0);
        (x.norm_squared(), 2.0 * x)
    };
    let by_ndarray = |p: &[f64]| {
        let x = &ArrayView1::from(p) - &array![1.0, -2.0];
        (x.dot(&x), 2.0 * x)
    };
    let start: DVector<f64> = DVector::from_vec(vec![3.0, 3.0]);
    let report = Lbfgs::new().minimize(&objective(by_nalgebra), start.as_slice()).unwrap();
    let found = DVector::from_vec(report.point);
    assert!((found - DVector::from_vec(vec![1.0, -2.0])).norm() < 1e-8);
    let start = array![3.0, 3.0];
    let report = Lbfgs::new().minimize(&objective(by_ndarray), start.as_slice().unwrap()).unwrap();
    assert!((Array1::from_vec(report.point) - array![1.0, -2.0]).iter().all(|d: &f64| d.abs() < 1e-8));
    assert!(check::gradient(|p| by_nalgebra(p).0, by_nalgebra, &[0.3, 0.4]).unwrap().passed());
    assert!(check::gradient(|p| by_ndarray(p).0, by_ndarray, &[0.3, 0.4]).unwrap().passed());
}

#[test]
fn jacobians_of_these_types_drive_a_fit() {
    let rotated = residuals(|p: &[f64]| {
        let matrix = nalgebra::Matrix2::new(1.0, 2.0, -3.0, 1.0);
        (matrix * Vector2::from_column_slice(p) - Vector2::new(5.0, -1.0), matrix)
    });
    let fit = LevenbergMarquardt::new().minimize(&rotated, &[0.0, 0.0]).unwrap();
    assert!((fit.parameters()[0] - 1.0).abs() < 1e-12 && (fit.parameters()[1] - 2.0).abs() < 1e-12, "{fit}");
    let mut gradient = [0.0; 2];
    assert!(objective(|p: &[f64]| (p[0], array![1.0, 0.0])).value_and_gradient(&[2.0, 0.0], &mut gradient) == 2.0);
}
