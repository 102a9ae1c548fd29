//! The solvers on the functions of `argmin_testfunctions`, whose gradients and Hessians were written by others.

#![cfg(feature = "std")]

#[path = "common/functions.rs"]
mod functions;

use functions::{PROBLEMS, two};
use symgrad::optimize::{Adam, GradientDescent, Lbfgs, Newton, Stationary, objective, second_order};
use symgrad::{check, differentiate};

#[test]
fn their_derivatives_pass_the_checks() {
    for problem in PROBLEMS {
        for point in [problem.start, [0.3, -0.7], [1.7, 0.4]] {
            let value = |p: &[f64]| (problem.value)(&two(p));
            let both = |p: &[f64]| (value(p), (problem.gradient)(&two(p)));
            let report = check::gradient(value, both, &point).unwrap();
            assert!(!report.failed() && report.verified() > 0, "{}: {report}", problem.name);
            let checks =
                check::hessian(|p| (problem.gradient)(&two(p)), |p| (problem.hessian)(&two(p)), &point).unwrap();
            assert!(!checks.failed(), "{}: {checks}", problem.name);
        }
    }
}

#[test]
fn every_kind_of_solver_finds_the_minima() {
    for problem in PROBLEMS {
        let f = objective(|p: &[f64]| ((problem.value)(&two(p)), (problem.gradient)(&two(p))))
            .with_value(|p: &[f64]| (problem.value)(&two(p)));
        let g = second_order(|p: &[f64]| {
            ((problem.value)(&two(p)), (problem.gradient)(&two(p)), (problem.hessian)(&two(p)))
        });
        let reports = [
            ("L-BFGS", Lbfgs::new().gradient_tolerance(1e-7).minimize(&f, &problem.start)),
            (
                "in a box",
                Lbfgs::new().gradient_tolerance(1e-7).bounds(&[-10.0; 2], &[10.0; 2]).minimize(&f, &problem.start),
            ),
            ("Newton", Newton::new().gradient_tolerance(1e-7).minimize(&g, &problem.start)),
            (
                "backtracking",
                GradientDescent::backtracking()
                    .max_iterations(20_000)
                    .gradient_tolerance(1e-6)
                    .minimize(&f, &problem.start),
            ),
            ("Adam", Adam::new(0.02).max_iterations(20_000).gradient_tolerance(1e-6).minimize(&f, &problem.start)),
        ];
        for (solver, report) in reports {
            let report = report.unwrap();
            let distance = report.point.iter().zip(problem.minimizer).map(|(x, m)| (x - m).abs()).fold(0.0, f64::max);
            assert!(distance < 1e-4, "{} by {solver}: {report}", problem.name);
            let hessian = (problem.hessian)(&two(&report.point)).concat();
            assert_eq!(Stationary::of(&hessian), Some(Stationary::Minimum), "{} by {solver}", problem.name);
        }
    }
}

#[differentiate(hessian)]
fn beale(x: &[f64; 2]) -> f64 {
    let [x, y] = *x;
    (1.5 - x + x * y).powi(2) + (2.25 - x + x * y.powi(2)).powi(2) + (2.625 - x + x * y.powi(3)).powi(2)
}

#[differentiate(hessian)]
fn booth(x: &[f64; 2]) -> f64 {
    (x[0] + 2.0 * x[1] - 7.0).powi(2) + (2.0 * x[0] + x[1] - 5.0).powi(2)
}

#[differentiate(hessian)]
fn himmelblau(x: &[f64; 2]) -> f64 {
    (x[0].powi(2) + x[1] - 11.0).powi(2) + (x[0] + x[1].powi(2) - 7.0).powi(2)
}

#[differentiate(hessian)]
fn matyas(x: &[f64; 2]) -> f64 {
    0.26 * (x[0].powi(2) + x[1].powi(2)) - 0.48 * x[0] * x[1]
}

#[differentiate(hessian)]
fn mccormick(x: &[f64; 2]) -> f64 {
    (x[0] + x[1]).sin() + (x[0] - x[1]).powi(2) - 1.5 * x[0] + 2.5 * x[1] + 1.0
}

#[differentiate(hessian)]
fn threehumpcamel(x: &[f64; 2]) -> f64 {
    2.0 * x[0].powi(2) - 1.05 * x[0].powi(4) + x[0].powi(6) / 6.0 + x[0] * x[1] + x[1].powi(2)
}

#[differentiate(hessian)]
fn goldsteinprice(x: &[f64; 2]) -> f64 {
    let [a, b] = *x;
    let sum = 19.0 - 14.0 * a + 3.0 * a * a - 14.0 * b + 6.0 * a * b + 3.0 * b * b;
    let other = 18.0 - 32.0 * a + 12.0 * a * a + 48.0 * b - 36.0 * a * b + 27.0 * b * b;
    (1.0 + (a + b + 1.0).powi(2) * sum) * (30.0 + (2.0 * a - 3.0 * b).powi(2) * other)
}

/// The Hessians of the same functions, by the attribute, are those that others have derived by hand.
#[test]
fn their_hessians_are_those_of_the_attribute() {
    type Hessian = fn(&[f64; 2]) -> [[f64; 2]; 2];
    let ours: [Hessian; 7] = [
        beale_hessian,
        booth_hessian,
        himmelblau_hessian,
        matyas_hessian,
        mccormick_hessian,
        threehumpcamel_hessian,
        goldsteinprice_hessian,
    ];
    let names = ["beale", "booth", "himmelblau", "matyas", "mccormick", "threehumpcamel", "goldsteinprice"];
    for (name, hessian) in names.into_iter().zip(ours) {
        let problem = PROBLEMS.iter().find(|problem| problem.name == name).expect("one of them");
        for point in [problem.start, problem.minimizer, [0.3, -0.7], [1.7, 0.4], [-2.1, 1.3]] {
            let (found, expected) = (hessian(&point), (problem.hessian)(&point));
            let largest = expected.as_flattened().iter().fold(1.0, |m: f64, h| m.max(h.abs()));
            for (found, expected) in found.as_flattened().iter().zip(expected.as_flattened()) {
                assert!((found - expected).abs() <= 1e-11 * largest, "{name} at {point:?}: {found}, {expected}");
            }
        }
    }
}
