//! The 27 nonlinear regressions that NIST has certified to 11 digits: every solver of least squares, from both of NIST's starts.

#[path = "../examples/nist/problems.rs"]
mod problems;

use problems::{Problem, digits, problems};
use symgrad::optimize::{Fit, GaussNewton, LevenbergMarquardt, StopReason, curve, residuals};

/// The data of Lanczos1 are the model's own values to 14 digits: the residuals, of some 1e-13, are the rounding of its terms,
/// and so are the sum and the deviations. NIST's own were computed from the same data with 500 digits.
fn residuals_are_round_off(problem: &Problem) -> bool {
    problem.name == "lanczos1"
}

/// Eight, from all levels of difficulty.
const EIGHT: [&str; 8] = ["misra1a", "chwirut2", "dan_wood", "thurber", "mgh09", "eckerle4", "enso", "rat43"];

/// Parameters, their standard deviations and the sum agree with what is certified.
fn assert_certified(problem: &Problem, start: usize, fit: &Fit) {
    let context = format!("{} from start {}: {fit}", problem.name, start + 1);
    assert!(fit.converged() || fit.report.reason == StopReason::RoundOff, "{context}");
    let deviations = fit.standard_deviations().expect("all parameters are determined");
    let (of_deviations, of_sum) = if residuals_are_round_off(problem) { (3.0, 2.5) } else { (8.0, 9.0) };
    assert!(digits(fit.parameters(), &problem.parameters) > 8.0, "{context}");
    assert!(digits(&deviations, &problem.deviations) > of_deviations, "{context}, deviations {deviations:?}");
    assert!(digits(&[fit.sum_of_squares()], &[problem.sum_of_squares]) > of_sum, "{context}");
    assert_eq!(fit.degrees_of_freedom, problem.y.len() - problem.parameters.len());
}

#[test]
fn the_files_are_read_as_their_headers_say() {
    let found = problems();
    let names: Vec<&str> = found.iter().map(|problem| problem.name).collect();
    assert_eq!((names.len(), names.iter().collect::<std::collections::HashSet<_>>().len()), (27, 27));
    for problem in found {
        assert_eq!(problem.x.len(), problem.y.len(), "{}", problem.name);
        let n = problem.parameters.len();
        let lengths = [&problem.starts[0], &problem.starts[1], &problem.parameters, &problem.deviations].map(Vec::len);
        assert_eq!(lengths, [n; 4], "{}", problem.name);
    }
}

#[test]
fn the_certified_sum_is_that_of_the_certified_parameters() {
    for problem in problems().iter().filter(|problem| !residuals_are_round_off(problem)) {
        let (residuals, _) = (problem.residuals)(&problem.parameters, &problem.x, &problem.y);
        let sum: f64 = residuals.iter().map(|r| r * r).sum();
        // Parameters of eleven digits have a sum of as many, but where residuals are 1e-6 of what they are differences of.
        let expected = if problem.sum_of_squares < 1e-10 { 3.0 } else { 9.0 };
        let found = digits(&[sum], &[problem.sum_of_squares]);
        assert!(found > expected, "{}: {found}", problem.name);
    }
}

#[test]
fn levenberg_marquardt_agrees_with_nist_by_a_gradient_for_each_row() {
    for problem in problems() {
        for (k, start) in problem.starts.iter().enumerate() {
            let fit = LevenbergMarquardt::new().minimize(&curve(problem.curve, &problem.x, &problem.y), start);
            assert_certified(&problem, k, &fit.expect("a finite start"));
        }
    }
}

#[test]
fn levenberg_marquardt_agrees_with_nist_by_the_jacobian_of_the_residuals() {
    for problem in problems() {
        for (k, start) in problem.starts.iter().enumerate() {
            let least_squares = residuals(|b: &[f64]| (problem.residuals)(b, &problem.x, &problem.y));
            assert_certified(
                &problem,
                k,
                &LevenbergMarquardt::new().minimize(&least_squares, start).expect("a finite start"),
            );
        }
    }
}

#[test]
fn the_first_radius_does_not_decide() {
    // Of the others, some have a second minimum at infinity, which a first step may find.
    for problem in problems().iter().filter(|problem| EIGHT.contains(&problem.name)) {
        for (k, start) in problem.starts.iter().enumerate() {
            for radius in [0.1, 10.0, 100.0] {
                let solver = LevenbergMarquardt::new().first_radius(radius);
                let fit = solver.minimize(&curve(problem.curve, &problem.x, &problem.y), start);
                assert_certified(problem, k, &fit.expect("a finite start"));
            }
        }
    }
}

#[test]
fn gauss_newton_agrees_with_nist_from_the_near_start() {
    for problem in problems().iter().filter(|problem| !residuals_are_round_off(problem)) {
        let fit = GaussNewton::new().minimize(&curve(problem.curve, &problem.x, &problem.y), &problem.starts[1]);
        assert_certified(problem, 1, &fit.expect("a finite start"));
    }
}

#[test]
fn units_of_the_parameters_do_not_matter() {
    // Parameters in units that differ by powers of two: every number of the run is the same, but for its exponent.
    for problem in problems() {
        let unit = |j: usize| if j.is_multiple_of(2) { 1024.0 } else { 1.0 / 4096.0 };
        let scaled = residuals(|b: &[f64]| {
            let unscaled: Vec<f64> = b.iter().enumerate().map(|(j, b)| b * unit(j)).collect();
            let (r, mut jacobian) = (problem.residuals)(&unscaled, &problem.x, &problem.y);
            jacobian.iter_mut().enumerate().for_each(|(i, d)| *d *= unit(i % b.len()));
            (r, jacobian)
        });
        let plain = residuals(|b: &[f64]| (problem.residuals)(b, &problem.x, &problem.y));
        let start: Vec<f64> = problem.starts[0].iter().enumerate().map(|(j, b)| b / unit(j)).collect();
        let expected = LevenbergMarquardt::new().minimize(&plain, &problem.starts[0]).expect("a finite start");
        let fit = LevenbergMarquardt::new().minimize(&scaled, &start).expect("a finite start");
        let back: Vec<f64> = fit.parameters().iter().enumerate().map(|(j, b)| b * unit(j)).collect();
        assert_eq!(
            (back, fit.report.iterations),
            (expected.report.point, expected.report.iterations),
            "{}",
            problem.name
        );
    }
}

#[test]
fn a_limit_is_kept_and_the_best_parameters_are_returned() {
    for problem in problems() {
        let least_squares = curve(problem.curve, &problem.x, &problem.y);
        let fit = LevenbergMarquardt::new().max_iterations(3).minimize(&least_squares, &problem.starts[0]);
        let fit = fit.expect("a finite start");
        assert_eq!(
            (fit.report.reason, fit.report.iterations),
            (StopReason::IterationLimit, 3),
            "{}: {fit}",
            problem.name
        );
        let start: f64 = (problem.residuals)(&problem.starts[0], &problem.x, &problem.y).0.iter().map(|r| r * r).sum();
        assert!(fit.sum_of_squares() < start, "{}", problem.name);
    }
}
