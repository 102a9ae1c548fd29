//! The solvers on the test problems of Moré, Garbow and Hillstrom, from the standard starts to the minima that their paper
//! states.

#[path = "common/more_garbow_hillstrom.rs"]
mod problems;

use problems::{PROBLEMS, Problem};
use symgrad::optimize::{Lbfgs, LevenbergMarquardt, Newton, Report, objective, residuals, second_order};

/// The sum of squares is one of the paper's minima, to the digits given there.
fn reached(problem: &Problem, sum: f64) -> bool {
    problem.minima.iter().any(|&minimum| (sum - minimum).abs() <= 1e-5 * minimum + 1e-10)
}

#[test]
fn levenberg_marquardt_finds_the_minima() {
    for problem in &PROBLEMS {
        let solver = LevenbergMarquardt::new();
        let fit = solver.minimize(&residuals(problem.residuals), problem.start).expect("a finite start");
        assert!(reached(problem, fit.sum_of_squares()), "{}: {fit}", problem.name);
        println!("{:<24} {:>4} {:>4}", problem.name, fit.report.value_evaluations, fit.report.gradient_evaluations);
    }
}

fn assert_found(problem: &Problem, report: &Report, missed: &[&str]) {
    let found = reached(problem, report.value);
    assert_eq!(found, !missed.contains(&problem.name), "{}: {report}", problem.name);
    println!("{:<24} {:>4} {:>4}", problem.name, report.iterations, report.gradient_evaluations);
}

#[test]
fn newton_finds_the_minima() {
    for problem in &PROBLEMS {
        let solver = Newton::new().max_iterations(3000);
        let report = solver.minimize(&second_order(problem.hessian), problem.start).expect("a finite start");
        // There it follows a valley that falls towards infinity.
        assert_found(problem, &report, &["biggs_18"]);
    }
}

#[test]
fn lbfgs_finds_the_minima() {
    for problem in &PROBLEMS {
        let solver = Lbfgs::new().max_iterations(20_000).gradient_tolerance(1e-10);
        let report = solver.minimize(&objective(problem.gradient), problem.start).expect("a finite start");
        assert_found(problem, &report, &[]);
    }
}
