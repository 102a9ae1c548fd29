//! The solvers on the functions of `argmin_testfunctions`, whose gradients and Hessians were written by others.

#![cfg(feature = "std")]

#[path = "common/functions.rs"]
mod functions;

use functions::{PROBLEMS, two};
use symgrad::check;
use symgrad::optimize::{Adam, GradientDescent, Lbfgs, Newton, Stationary, objective, second_order};

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
