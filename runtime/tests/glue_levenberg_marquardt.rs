//! Problems of this crate in the solver of levenberg-marquardt.

use levenberg_marquardt::{LevenbergMarquardt, TerminationReason};
use symgrad::glue::LeastSquares;
use symgrad::optimize::{self, curve, residuals};

/// A decay and its gradient.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "models take their inputs by reference")]
fn decay(b: &[f64], x: &f64) -> (f64, [f64; 2]) {
    let e = (-b[1] * x).exp();
    (b[0] * e, [e, -b[0] * x * e])
}

#[test]
fn a_fit_ends_where_that_of_this_crate_does() {
    let (x, y) = ([0.0, 1.0, 2.0, 3.0, 4.0], [2.0, 1.25, 0.71, 0.46, 0.24]);
    let (problem, report) = LevenbergMarquardt::new().minimize(LeastSquares::new(curve(decay, &x, &y), &[1.0, 1.0]));
    assert!(report.termination.was_successful(), "{report:?}");
    let here = optimize::LevenbergMarquardt::new().minimize(&curve(decay, &x, &y), &[1.0, 1.0]).unwrap();
    for (theirs, ours) in problem.point().iter().zip(here.parameters()) {
        assert!((theirs / ours - 1.0).abs() < 1e-7, "{theirs} {ours}");
    }
    assert!((2.0 * report.objective_function / here.sum_of_squares() - 1.0).abs() < 1e-12);
}

#[test]
fn what_does_not_fit_ends_the_solver() {
    let short = residuals(|p: &[f64]| ([p[0], 1.0], [[1.0]]));
    let (_, report) = LevenbergMarquardt::new().minimize(LeastSquares::new(short, &[1.0]));
    assert!(matches!(report.termination, TerminationReason::User(_)), "{report:?}");
    let infinite = residuals(|p: &[f64]| ([p[0].ln()], [[1.0 / p[0]]]));
    let (_, report) = LevenbergMarquardt::new().minimize(LeastSquares::new(infinite, &[0.0]));
    assert!(!report.termination.was_successful(), "{report:?}");
}
