//! Fits: what they refuse, why they end, and what they say of the parameters.

#![cfg(feature = "std")]

use std::cell::Cell;
use std::ops::ControlFlow;
use symgrad::optimize::{Error, Fit, GaussNewton, LevenbergMarquardt, Residuals, StopReason, curve, residuals};

/// Runs both solvers of least squares.
fn both<P: Residuals>(problem: &P, start: &[f64]) -> [Result<Fit, Error>; 2] {
    [LevenbergMarquardt::new().minimize(problem, start), GaussNewton::new().minimize(problem, start)]
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "models take their inputs by reference")]
fn line(b: &[f64], x: &f64) -> (f64, [f64; 2]) {
    (b[0] + b[1] * x, [1.0, *x])
}

const X: [f64; 5] = [1.0, 2.0, 3.0, 4.0, 5.0];
const Y: [f64; 5] = [2.0, 4.5, 5.5, 8.5, 9.5];

#[test]
fn a_line_has_the_parameters_and_deviations_of_the_textbook() {
    for fit in both(&curve(line, &X, &Y), &[0.0, 0.0]) {
        let fit = fit.unwrap();
        // Slope Sxy / Sxx; its variance s² / Sxx; that of the intercept s² (1/n + x̄² / Sxx).
        let (mean_x, mean_y) = (3.0, 6.0);
        let sxx: f64 = X.iter().map(|x| (x - mean_x) * (x - mean_x)).sum();
        let slope = X.iter().zip(Y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum::<f64>() / sxx;
        let sum: f64 = X.iter().zip(Y).map(|(x, y)| (y - mean_y - slope * (x - mean_x)).powi(2)).sum();
        let variance = sum / 3.0;
        let expected = [mean_y - slope * mean_x, slope];
        let deviations = [(variance * (0.2 + mean_x * mean_x / sxx)).sqrt(), (variance / sxx).sqrt()];
        let covariance = fit.covariance().unwrap();
        for k in 0..2 {
            assert!((fit.parameters()[k] - expected[k]).abs() < 1e-13, "{fit}");
            assert!((fit.standard_deviations().unwrap()[k] / deviations[k] - 1.0).abs() < 1e-13, "{fit}");
            assert!((covariance[3 * k].sqrt() / deviations[k] - 1.0).abs() < 1e-13, "{fit}");
        }
        assert!((covariance[1] + variance * mean_x / sxx).abs() < 1e-14 && covariance[1] == covariance[2]);
        assert!((fit.sum_of_squares() / sum - 1.0).abs() < 1e-13 && fit.degrees_of_freedom == 3);
        assert!(fit.report.iterations <= 4, "{fit}");
    }
}

#[test]
fn unusable_problems_are_errors() {
    let empty: [f64; 0] = [];
    let start = [1.0, 1.0];
    for (k, (x, y, start, expected)) in [
        (&X[..], &Y[..], &[][..], Error::EmptyStart),
        (&X, &Y, &[1.0, f64::INFINITY], Error::NonFiniteStart { coordinate: 1, value: f64::INFINITY }),
        (&empty, &empty, &start, Error::EmptyResiduals),
        (&X, &Y[..4], &start, Error::DataLength { inputs: 5, observed: 4 }),
        (&X, &Y, &[1.0], Error::JacobianLength { expected: 5, found: 10 }),
    ]
    .into_iter()
    .enumerate()
    {
        let problem = curve(|b: &[f64], x: &f64| line(&[b[0], *b.last().unwrap()], x), x, y);
        for result in both(&problem, start) {
            assert_eq!(result.unwrap_err(), expected, "case {k}");
        }
    }
    let observed = [2.0, f64::INFINITY, 5.5, 8.5, 9.5];
    for result in both(&curve(line, &X, &observed), &start) {
        assert_eq!(result.unwrap_err(), Error::NonFiniteResidual { index: 1, value: f64::NEG_INFINITY });
    }
    let steep = residuals(|p: &[f64]| ([p[0], p[1]], [[1.0, 0.0], [f64::INFINITY, 0.0]]));
    for result in both(&steep, &start) {
        let expected = Error::NonFiniteJacobian { residual: 1, coordinate: 0, value: f64::INFINITY };
        assert_eq!(result.unwrap_err(), expected);
    }
    let short = residuals(|_: &[f64]| ([1.0, 2.0, 3.0], [[1.0, 0.0]]));
    for result in both(&short, &start) {
        assert_eq!(result.unwrap_err(), Error::JacobianLength { expected: 6, found: 2 });
    }
    let calls = Cell::new(0);
    let shrinking = residuals(|p: &[f64]| {
        calls.set(calls.get() + 1);
        if calls.get() == 1 { (vec![p[0] - 3.0, p[0]], vec![1.0, 1.0]) } else { (vec![p[0] - 3.0], vec![1.0]) }
    });
    let report = LevenbergMarquardt::new().minimize(&shrinking, &[1.0]);
    assert_eq!(report.unwrap_err(), Error::ResidualLength { expected: 2, found: 1 });
    let bad = LevenbergMarquardt::new().first_radius(-1.0).minimize(&curve(line, &X, &Y), &start).unwrap_err();
    assert!(bad.to_string().contains("`first_radius` is -1"), "{bad}");
    let bad = GaussNewton::new().offset_tolerance(f64::NAN).minimize(&curve(line, &X, &Y), &start).unwrap_err();
    assert!(bad.to_string().contains("`offset_tolerance` is NaN"), "{bad}");
}

#[test]
fn a_problem_may_say_its_dimension() {
    struct Two;
    impl Residuals for Two {
        fn dimension(&self) -> Option<usize> {
            Some(2)
        }
        fn residuals(&self, x: &[f64], residuals: &mut Vec<f64>) {
            residuals.clear();
            residuals.extend_from_slice(x);
        }
        fn residuals_and_jacobian(&self, x: &[f64], residuals: &mut Vec<f64>, jacobian: &mut Vec<f64>) {
            self.residuals(x, residuals);
            *jacobian = vec![1.0, 0.0, 0.0, 1.0];
        }
    }
    for result in both(&Two, &[1.0, 2.0, 3.0]) {
        assert_eq!(result.unwrap_err(), Error::Dimension { expected: 2, found: 3 });
    }
    for result in both(&Two, &[1.0, 2.0]) {
        let fit = result.unwrap();
        assert!(fit.converged() && fit.sum_of_squares() < 1e-30 && fit.standard_deviations().is_none(), "{fit}");
    }
}

#[test]
fn what_the_data_do_not_determine_is_said() {
    // Only the sum of the parameters shows.
    let sum = |b: &[f64], x: &f64| ((b[0] + b[1]) * x, [*x, *x]);
    for fit in both(&curve(sum, &X, &Y), &[1.0, 0.0]) {
        let fit = fit.unwrap();
        assert!(fit.converged() && fit.rank == 1 && fit.degrees_of_freedom == 4, "{fit}");
        assert!(fit.covariance().is_none() && fit.standard_deviations().is_none());
        assert!(fit.to_string().contains("only 1 of the parameters"), "{fit}");
        let slope = X.iter().zip(Y).map(|(x, y)| x * y).sum::<f64>() / X.iter().map(|x| x * x).sum::<f64>();
        assert!((fit.parameters()[0] + fit.parameters()[1] - slope).abs() < 1e-12, "{fit}");
    }
    // Nothing depends on the parameter.
    let constant = residuals(|_: &[f64]| ([1.0, 2.0], [[0.0], [0.0]]));
    for fit in both(&constant, &[7.0]) {
        let fit = fit.unwrap();
        assert_eq!((fit.report.iterations, fit.parameters(), fit.rank), (0, &[7.0][..], 0), "{fit}");
    }
}

#[test]
fn fewer_residuals_than_parameters_are_solved() {
    let circle = residuals(|p: &[f64]| ([p[0] * p[0] + p[1] * p[1] - 1.0], [[2.0 * p[0], 2.0 * p[1]]]));
    for fit in both(&circle, &[2.0, 1.0]) {
        let fit = fit.unwrap();
        assert!(fit.converged() && fit.sum_of_squares() < 1e-28 && fit.degrees_of_freedom == 0, "{fit}");
    }
}

#[test]
fn zero_iterations_a_callback_and_limits_end_a_fit() {
    let problem = curve(line, &X, &Y);
    let solver = LevenbergMarquardt::new().record_history(true);
    let fit = solver.clone().max_iterations(0).minimize(&problem, &[0.0, 0.0]).unwrap();
    assert_eq!((fit.parameters(), fit.report.reason), (&[0.0, 0.0][..], StopReason::IterationLimit));
    let mut seen = 0;
    let stop = |_: &symgrad::optimize::Progress<'_>| {
        seen += 1;
        ControlFlow::Break(())
    };
    let fit = solver.clone().minimize_with(&problem, &[0.0, 0.0], stop).unwrap();
    assert_eq!((fit.report.reason, fit.report.history.len(), seen), (StopReason::Callback, 1, 1));
    let fit = solver.clone().max_evaluations(1).minimize(&problem, &[0.0, 0.0]).unwrap();
    assert_eq!(fit.report.reason, StopReason::EvaluationLimit);
    assert!(fit.to_string().contains("evaluations           1  limit 1"), "{fit}");
    let fit = solver.max_time(std::time::Duration::ZERO).minimize(&problem, &[0.0, 0.0]).unwrap();
    assert_eq!(fit.report.reason, StopReason::TimeLimit);
    assert!(fit.to_string().contains("limit 0ns"), "{fit}");
}

#[test]
fn a_domain_that_ends_shortens_the_step() {
    // The root of ln x, from where the full step leaves the domain.
    let root = residuals(|p: &[f64]| ([p[0].ln() + 0.0 * p[0].sqrt()], [[1.0 / p[0]]]));
    for fit in both(&root, &[20.0]) {
        let fit = fit.unwrap();
        assert!(fit.converged() && (fit.parameters()[0] - 1.0).abs() < 1e-12, "{fit}");
    }
}

#[test]
fn a_wrong_jacobian_ends_the_fit_with_a_reason() {
    let wrong = residuals(|p: &[f64]| ([p[0] - 3.0, p[0] + 1.0], [[-1.0], [-1.0]]));
    for fit in both(&wrong, &[5.0]) {
        let fit = fit.unwrap();
        assert!(matches!(fit.report.reason, StopReason::TrustRegion | StopReason::LineSearch), "{fit}");
        assert_eq!(fit.parameters(), [5.0], "nothing better was seen");
    }
}

#[test]
fn deviations_weigh_the_observations() {
    // Twice as sure is as good as four times measured.
    let sigma = [1.0, 0.5, 1.0, 1.0, 0.5];
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for k in 0..5 {
        let times = if sigma[k] == 0.5 { 4 } else { 1 };
        x.extend(vec![X[k]; times]);
        y.extend(vec![Y[k]; times]);
    }
    let [repeated, _] = both(&curve(line, &x, &y), &[0.0, 0.0]);
    let repeated = repeated.unwrap();
    for fit in both(&curve(line, &X, &Y).with_deviations(&sigma), &[0.0, 0.0]) {
        let fit = fit.unwrap();
        for k in 0..2 {
            assert!((fit.parameters()[k] - repeated.parameters()[k]).abs() < 1e-12, "{fit} {repeated}");
        }
        let covariances = [&fit, &repeated].map(|fit| fit.unscaled_covariance().unwrap().to_vec());
        assert!(covariances[0].iter().zip(&covariances[1]).all(|(a, b)| (a / b - 1.0).abs() < 1e-12));
    }
    for result in both(&curve(line, &X, &Y).with_deviations(&sigma[..4]), &[0.0, 0.0]) {
        assert_eq!(result.unwrap_err(), Error::DataLength { inputs: 5, observed: 4 });
    }
    for result in both(&curve(line, &X, &Y).with_deviations(&[1.0, 0.0, 1.0, 1.0, 1.0]), &[0.0, 0.0]) {
        assert!(matches!(result.unwrap_err(), Error::NonFiniteResidual { index: 1, .. }));
    }
}
