//! The solvers on problems of known minimum.

#![cfg(feature = "std")]

#[path = "common/rosenbrock.rs"]
mod rosenbrock;

use rosenbrock::rosenbrock;
use std::ops::ControlFlow;
use symgrad::check;
use symgrad::optimize::{
    Adam, GradientDescent, Lbfgs, Momentum, Nesterov, Objective, Progress, Report, StopReason, objective,
};

/// A test problem: value and gradient, start, minimizer.
type Problem = (&'static str, fn(&[f64]) -> (f64, Vec<f64>), &'static [f64], &'static [f64]);

fn bowl(p: &[f64]) -> (f64, Vec<f64>) {
    (p[0] * p[0] + 2.0 * p[1] * p[1], vec![2.0 * p[0], 4.0 * p[1]])
}

fn booth(p: &[f64]) -> (f64, Vec<f64>) {
    let (a, b) = (p[0] + 2.0 * p[1] - 7.0, 2.0 * p[0] + p[1] - 5.0);
    (a * a + b * b, vec![2.0 * a + 4.0 * b, 4.0 * a + 2.0 * b])
}

fn beale(p: &[f64]) -> (f64, Vec<f64>) {
    let (mut value, mut gradient) = (0.0, vec![0.0; 2]);
    for (k, c) in [(1, 1.5), (2, 2.25), (3, 2.625)] {
        let r = c - p[0] + p[0] * p[1].powi(k);
        value += r * r;
        gradient[0] += 2.0 * r * (p[1].powi(k) - 1.0);
        gradient[1] += 2.0 * r * f64::from(k) * p[0] * p[1].powi(k - 1);
    }
    (value, gradient)
}

/// Himmelblau's function, of which (3, 2) is one minimum.
fn himmelblau(p: &[f64]) -> (f64, Vec<f64>) {
    let (a, b) = (p[0] * p[0] + p[1] - 11.0, p[0] + p[1] * p[1] - 7.0);
    (a * a + b * b, vec![4.0 * a * p[0] + 2.0 * b, 2.0 * a + 4.0 * b * p[1]])
}

const PROBLEMS: &[Problem] = &[
    ("bowl", bowl, &[2.6, 2.2], &[0.0, 0.0]),
    ("Booth", booth, &[0.0, 0.0], &[1.0, 3.0]),
    ("Beale", beale, &[1.0, 1.0], &[3.0, 0.5]),
    ("Himmelblau", himmelblau, &[2.5, 2.5], &[3.0, 2.0]),
    ("Rosenbrock", rosenbrock, &[-1.2, 1.0], &[1.0, 1.0]),
];

fn assert_found(name: &str, report: &Report, minimizer: &[f64], tolerance: f64) {
    assert!(report.converged(), "{name}: {report}");
    for (x, m) in report.point.iter().zip(minimizer) {
        assert!((x - m).abs() < tolerance, "{name}: {report}");
    }
}

#[test]
fn the_test_problems_have_right_gradients() {
    for (name, f, start, minimizer) in PROBLEMS {
        let report = check::gradient(|p| f(p).0, f, start).unwrap();
        assert!(report.passed(), "{name}: {report}");
        assert!(f(minimizer).0 == 0.0 && f(minimizer).1.iter().all(|g| *g == 0.0), "{name}");
    }
}

#[test]
fn every_solver_finds_the_minimum_of_easy_problems() {
    for (name, f, start, minimizer) in &PROBLEMS[..2] {
        let f = objective(f);
        assert_found(name, &GradientDescent::new(0.1).minimize(&f, start).unwrap(), minimizer, 1e-7);
        assert_found(name, &GradientDescent::backtracking().minimize(&f, start).unwrap(), minimizer, 1e-7);
        assert_found(name, &Momentum::new(0.05).momentum(0.5).minimize(&f, start).unwrap(), minimizer, 1e-7);
        assert_found(name, &Nesterov::new(0.05).momentum(0.3).minimize(&f, start).unwrap(), minimizer, 1e-7);
        let adam = Adam::new(0.05).max_iterations(5000);
        assert_found(name, &adam.minimize(&f, start).unwrap(), minimizer, 1e-7);
        assert_found(name, &Lbfgs::new().minimize(&f, start).unwrap(), minimizer, 1e-7);
    }
}

#[test]
fn lbfgs_finds_the_minimum_of_every_problem() {
    for (name, f, start, minimizer) in PROBLEMS {
        for memory in [1, 5, 20] {
            let report = Lbfgs::new().memory(memory).minimize(&objective(f), start).unwrap();
            assert_found(name, &report, minimizer, 1e-6);
            assert!(report.gradient_evaluations < 100, "{name}: {report}");
        }
    }
}

#[test]
fn backtracking_crawls_down_the_banana() {
    let f = objective(rosenbrock).with_value(|p| rosenbrock(p).0);
    let report = GradientDescent::backtracking().max_iterations(50_000).minimize(&f, &[-1.2, 1.0]).unwrap();
    assert_found("Rosenbrock", &report, &[1.0, 1.0], 1e-6);
    assert_eq!(report.gradient_evaluations, report.iterations + 1, "trials cost the value alone");
}

#[test]
fn accelerated_descent_beats_plain_descent_in_a_long_valley() {
    // Curvatures 1 and 1000.
    let valley = objective(|p: &[f64]| (0.5 * (p[0] * p[0] + 1e3 * p[1] * p[1]), [p[0], 1e3 * p[1]]));
    let (start, kappa) = ([1.0, 1.0], 1e3_f64.sqrt());
    let plain = GradientDescent::new(1e-3).max_iterations(100_000).minimize(&valley, &start).unwrap();
    // The optimal constants for a quadratic (Polyak; Nesterov).
    let beta = (kappa - 1.0) / (kappa + 1.0);
    let nesterov = Nesterov::new(1e-3).momentum(beta).max_iterations(100_000).minimize(&valley, &start).unwrap();
    let rate = (2.0 / (1.0 + kappa)).powi(2);
    let heavy = Momentum::new(rate).momentum(beta * beta).max_iterations(100_000).minimize(&valley, &start).unwrap();
    assert!(plain.converged() && nesterov.converged() && heavy.converged());
    assert!(10 * nesterov.iterations < plain.iterations, "{} {}", nesterov.iterations, plain.iterations);
    assert!(10 * heavy.iterations < plain.iterations, "{} {}", heavy.iterations, plain.iterations);
}

/// Minimizes and asserts, at every accepted step, both strong Wolfe conditions. With the step s = αd they read
/// f⁺ ≤ f + c₁ ∇fᵀs and |∇f⁺ᵀs| ≤ c₂ |∇fᵀs|, so neither α nor d has to be known.
fn minimize_with_wolfe<O: Objective>(f: &O, start: &[f64], c1: f64, c2: f64) -> Report {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut previous: Option<(Vec<f64>, f64, Vec<f64>)> = None;
    let see = |now: &Progress<'_>| {
        if let Some((point, value, gradient)) = previous.take() {
            let s: Vec<f64> = now.point.iter().zip(&point).map(|(a, b)| a - b).collect();
            let (slope, slope_now) = (dot(&gradient, &s), dot(now.gradient, &s));
            assert!(slope < 0.0, "a descent direction");
            let round_off = 4.0 * f64::EPSILON * value.abs();
            assert!(now.value <= value + c1 * slope + round_off, "decrease at iteration {}", now.iteration);
            assert!(slope_now.abs() <= c2 * slope.abs() * (1.0 + 1e-9), "curvature at iteration {}", now.iteration);
        }
        previous = Some((now.point.to_vec(), now.value, now.gradient.to_vec()));
        ControlFlow::Continue(())
    };
    Lbfgs::new().wolfe(c1, c2).minimize_with(f, start, see).unwrap()
}

#[test]
fn lbfgs_satisfies_strong_wolfe_on_rosenbrock_in_2_10_and_100_dimensions() {
    for n in [2, 10, 100] {
        for (c1, c2) in [(1e-4, 0.9), (1e-3, 0.1)] {
            let start: Vec<f64> = (0..n).map(|i| if i % 2 == 0 { -1.2 } else { 1.0 }).collect();
            let report = minimize_with_wolfe(&objective(rosenbrock), &start, c1, c2);
            assert_eq!(report.reason, StopReason::GradientTolerance, "n = {n}: {report}");
            assert!(report.gradient_norm <= 1e-8);
            // In four dimensions and more there is a second minimum, near (−1, 1, …, 1), of value 3.98….
            let local = (report.value - 3.986).abs() < 0.01;
            assert!(report.value < 1e-15 || (n > 2 && local), "n = {n}: {report}");
        }
        let report = minimize_with_wolfe(&objective(rosenbrock), &vec![0.0; n], 1e-4, 0.9);
        assert_found("Rosenbrock from 0", &report, &vec![1.0; n], 1e-7);
    }
}

#[test]
fn lbfgs_satisfies_strong_wolfe_on_the_other_problems() {
    for (name, f, start, minimizer) in PROBLEMS {
        assert_found(name, &minimize_with_wolfe(&objective(f), start, 1e-4, 0.9), minimizer, 1e-6);
    }
    // Not convex, and with an edge of its domain beside the start: x − ln x, minimal at 1.
    let barrier = objective(|p: &[f64]| (p[0] - p[0].ln(), 1.0 - 1.0 / p[0]));
    for start in [1e-6, 0.5, 3.0, 1e6] {
        assert_found("barrier", &minimize_with_wolfe(&barrier, &[start], 1e-4, 0.9), &[1.0], 1e-7);
    }
}

#[test]
fn lbfgs_reaches_the_tolerance_under_a_large_offset() {
    // The decrease drowns in the round-off of 1e6 long before the gradient is small.
    let f = objective(|p: &[f64]| {
        let (value, gradient) = rosenbrock(p);
        (value + 1e6, gradient)
    });
    let report = Lbfgs::new().gradient_tolerance(1e-6).minimize(&f, &[-1.2, 1.0]).unwrap();
    assert_found("raised Rosenbrock", &report, &[1.0, 1.0], 1e-4);
    assert!(report.gradient_norm <= 1e-6, "the point that met the tolerance is the one returned: {report}");
}

#[test]
fn the_line_of_the_second_lesson_is_fitted() {
    // Least squares in closed form: w = Sxt / Sxx = 9.75 / 5, b = mean(t) − w mean(x).
    let (x, t) = ([1.0, 2.0, 3.0, 4.0], [2.3, 4.1, 5.9, 8.2]);
    let mse = |p: &[f64]| {
        let (mut value, mut gradient) = (0.0, [0.0; 2]);
        for (x, t) in x.iter().zip(t) {
            let r = p[0] * x + p[1] - t;
            value += r * r / 4.0;
            gradient[0] += 2.0 * r * x / 4.0;
            gradient[1] += 2.0 * r / 4.0;
        }
        (value, gradient)
    };
    let start = [0.5, 0.0];
    let f = objective(mse);
    for report in [
        GradientDescent::new(0.1).max_iterations(3000).minimize(&f, &start).unwrap(),
        Lbfgs::new().minimize(&f, &start).unwrap(),
        Adam::new(0.05).max_iterations(10_000).minimize(&f, &start).unwrap(),
    ] {
        assert_found("line", &report, &[1.95, 0.25], 1e-7);
    }
}
