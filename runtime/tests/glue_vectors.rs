//! Vectors of nalgebra and ndarray, in and out.

#![allow(clippy::needless_pass_by_value, clippy::cast_precision_loss, reason = "as users write them")]

use nalgebra::{DMatrix, DVector, Matrix2x3, SVector, Vector2};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, array, aview1, aview2};
use symgrad::check;
use symgrad::optimize::{Lbfgs, LevenbergMarquardt, Objective, objective, residuals};
use symgrad::{Differentiable, Flatten, differentiate};

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

#[differentiate(gradient, jvp, wrt(x, a), verify(x = &DVector::from_vec(vec![0.5, -1.0, 2.0]), a = 0.7))]
fn of_a_vector(x: &DVector<f64>, a: f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += (a * x[i]).sin() * x[0];
    }
    sum
}

#[differentiate(gradient, jvp, wrt(x, y), verify(
    x = &SVector::<f64, 3>::new(0.5, -1.0, 2.0),
    y = &array![1.0, 2.0, 0.25],
))]
fn of_both(x: &SVector<f64, 3>, y: &Array1<f64>) -> f64 {
    let mut sum = 1.0;
    for i in 0..3 {
        sum *= (x[i] * y[i]).exp() + x[(i + 1) % 3];
    }
    sum
}

#[differentiate(wrt(m), verify(
    m = &DMatrix::from_row_slice(2, 3, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.5]),
    rows = 2,
    scale = &[0.0, 1.0, 2.0],
))]
fn of_a_matrix(m: &DMatrix<f64>, rows: usize, scale: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..rows {
        for j in 0..scale.len() {
            sum += m[(i, j)] * m[(i, j)] * scale[j];
        }
    }
    sum
}

#[differentiate(wrt(m), verify(m = &DMatrix::from_row_slice(2, 3, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.5])))]
fn of_rows_and_columns(m: &DMatrix<f64>) -> f64 {
    let mut sum = 0.0;
    for i in 0..m.nrows() {
        for j in 0..m.ncols() {
            sum += m[(i, j)] * m[(i, 0)] / m.len() as f64;
        }
    }
    sum
}

#[differentiate(gradient, jvp, vjp, hvp, wrt(x, m), verify(
    x = aview1(&[0.5, -1.0, 2.0]),
    m = &aview2(&[[1.0, 2.0, 0.25], [0.5, -0.75, 3.0]]),
    scale = aview1(&[0.3, 1.5]),
))]
fn of_views(x: ArrayView1<f64>, m: &ArrayView2<'_, f64>, scale: ArrayView1<f64>) -> f64 {
    let mut sum = 1.0;
    for i in 0..m.nrows() {
        let mut inner = 0.0;
        for j in 0..x.len() {
            inner += m[[i, j]] * x[j];
        }
        sum += (scale[i] * inner).sin() * x[0];
    }
    sum
}

#[differentiate(gradient, jvp, wrt(m), verify(m = array![[1.0, 2.0], [0.5, -0.75]]))]
fn of_an_array(m: Array2<f64>) -> f64 {
    let mut trace = 0.0;
    for i in 0..m.ncols() {
        trace += m[(i, i)] * m[[0, i]].exp();
    }
    trace
}

#[differentiate(gradient, jvp, wrt(x), verify(x = aview1(&[0.5, -1.0, 2.0])))]
fn through_calls(x: ArrayView1<'_, f64>) -> f64 {
    let same = x;
    let mut sum = inner(x) * inner(same);
    sum += lent(&x) * x[1];
    sum
}

#[differentiate(gradient, jvp, wrt(x))]
fn inner(x: ArrayView1<f64>) -> f64 {
    x[0] * x[1].sin() + x[2]
}

#[differentiate(gradient, jvp, wrt(x))]
fn lent(x: &ArrayView1<f64>) -> f64 {
    x[0] * x[2]
}

#[differentiate(gradient, wrt(x), verify(x = aview1(&[0.5, 2.0])))]
fn of_a_single_view(x: ArrayView1<f32>) -> f32 {
    x[0].exp() * x[1]
}

#[test]
fn gradients_of_views_own_their_numbers() {
    let numbers = array![[0.5, 7.0], [-1.0, 8.0], [2.0, 9.0]];
    // A column: not one piece of memory.
    let x = numbers.column(0);
    let gradient: Array1<f64> = inner_gradient(x);
    assert_eq!(gradient, array![(-1.0_f64).sin(), 0.5 * (-1.0_f64).cos(), 1.0]);
    let mut into = array![f64::NAN];
    assert_eq!(inner_value_and_gradient_into(x, &mut into), inner(x));
    assert_eq!(into, gradient);
    let (value, slope) = inner_jvp(x, array![0.0, 0.0, 1.0].view());
    assert_eq!((value, slope), (inner(x), 1.0));
}

#[test]
#[should_panic(expected = "need the lengths of those in `x`")]
fn tangents_of_views_have_their_shape() {
    let _ = inner_jvp(array![1.0, 2.0, 3.0].view(), array![1.0, 2.0].view());
}

#[test]
fn gradients_of_parameters_are_of_their_types() {
    let x = DVector::from_vec(vec![0.5, -1.0, 2.0]);
    let (gradient, by_a): (DVector<f64>, f64) = of_a_vector_gradient(&x, 0.7);
    assert!(gradient.len() == 3 && by_a.is_finite());
    let m = DMatrix::from_row_slice(2, 3, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.5]);
    let expected = DMatrix::from_row_slice(2, 3, &[0.0, 4.0, 12.0, 0.0, 10.0, 26.0]);
    assert_eq!(of_a_matrix_gradient(&m, 2, &[0.0, 1.0, 2.0]), expected);
    let report = Lbfgs::new()
        .max_iterations(50)
        .minimize(
            &symgrad::optimize::over(&x, |x: &DVector<f64>| {
                let (value, (gradient, _)) = of_a_vector_value_and_gradient(x, 0.7);
                (value + x.norm_squared(), gradient + 2.0 * x)
            }),
            x.as_slice(),
        )
        .unwrap();
    assert!(report.converged(), "{report}");
}

#[test]
fn the_order_of_the_scalars_is_the_same_both_ways() {
    let mut matrix = Matrix2x3::new(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
    let flat: Vec<f64> = matrix.flatten().iter().map(|x| 10.0 * x).collect();
    matrix.restore(&flat);
    assert_eq!(matrix, Matrix2x3::new(10.0, 20.0, 30.0, 40.0, 50.0, 60.0));
    let mut dynamic = DMatrix::from_row_slice(2, 3, &[0.0; 6]);
    dynamic.restore(&flat);
    assert_eq!(dynamic.flatten(), flat);
    assert!(dynamic.has_shape_of(&dynamic.zero_like()) && !dynamic.has_shape_of(&dynamic.transpose()));
    let mut rows = array![[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]];
    rows.restore(&flat);
    assert_eq!(rows, array![[10.0, 20.0, 30.0], [40.0, 50.0, 60.0]]);
    rows.accumulate(&rows.duplicate());
    assert_eq!(rows.flatten()[5], 120.0);
}
