//! Problems of this crate in solvers of argmin.

use argmin::core::{CostFunction, Executor, Gradient, Hessian, Jacobian, Operator, State};
use argmin::solver::gradientdescent::SteepestDescent;
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use symgrad::glue::Problem;
use symgrad::optimize::{objective, residuals, second_order};

fn valley(p: &[f64]) -> (f64, [f64; 2], [[f64; 2]; 2]) {
    let (a, b) = (1.0 - p[0], p[1] - p[0] * p[0]);
    let hessian = [[2.0 - 400.0 * (b - 2.0 * p[0] * p[0]), -400.0 * p[0]], [-400.0 * p[0], 200.0]];
    (a * a + 100.0 * b * b, [-2.0 * a - 400.0 * p[0] * b, 200.0 * b], hessian)
}

#[test]
fn lbfgs_of_argmin_minimizes_an_objective() {
    let problem = Problem::new(objective(|p: &[f64]| {
        let (value, gradient, _) = valley(p);
        (value, gradient)
    }));
    let solver = LBFGS::new(MoreThuenteLineSearch::new(), 7);
    let run =
        Executor::new(problem, solver).configure(|state| state.param(vec![-1.2, 1.0]).max_iters(100)).run().unwrap();
    let best = run.state.get_best_param().unwrap();
    assert!((best[0] - 1.0).abs() < 1e-6 && (best[1] - 1.0).abs() < 1e-6, "{best:?}");
}

#[test]
fn steepest_descent_of_argmin_too() {
    let bowl = objective(|p: &[f64]| (p[0] * p[0] + 2.0 * p[1] * p[1], [2.0 * p[0], 4.0 * p[1]]));
    let solver = SteepestDescent::new(MoreThuenteLineSearch::new());
    let run = Executor::new(Problem::new(bowl), solver).configure(|s| s.param(vec![2.6, 2.2]).max_iters(50)).run();
    assert!(run.unwrap().state.get_best_cost() < 1e-10);
}

#[test]
fn each_trait_returns_what_the_problem_does() {
    let problem = Problem::new(second_order(valley));
    let x = vec![0.5, -0.25];
    let (value, gradient, hessian) = valley(&x);
    assert_eq!(problem.cost(&x).unwrap(), value);
    assert_eq!(problem.gradient(&x).unwrap(), gradient);
    assert_eq!(problem.hessian(&x).unwrap(), hessian.map(|row| row.to_vec()));
    let circle =
        Problem::new(residuals(|p: &[f64]| ([p[0] + p[1], p[0] * p[1], 1.0], [[1.0, 1.0], [p[1], p[0]], [0.0, 0.0]])));
    assert_eq!(circle.apply(&x).unwrap(), [0.25, -0.125, 1.0]);
    assert_eq!(circle.jacobian(&x).unwrap(), [[1.0, 1.0], [-0.25, 0.5], [0.0, 0.0]].map(|row| row.to_vec()));
    let short = Problem::new(objective(|p: &[f64]| (p[0], [1.0])));
    assert!(short.gradient(&x).unwrap_err().to_string().contains("1 scalars"));
}
