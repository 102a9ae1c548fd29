//! Problems of this crate in solvers of basin.

use basin::{
    CostFunction, Executor, FirstOrderState, Gradient, GradientDescent, Hessian, HessianProduct, Jacobian,
    MiniBatchGradient, Residual,
};
use symgrad::glue::Problem;
use symgrad::optimize::{mean_loss, objective, residuals, second_order};

fn bowl(p: &[f64]) -> (f64, [f64; 2], [[f64; 2]; 2]) {
    (p[0] * p[0] + 2.0 * p[1] * p[1], [2.0 * p[0], 4.0 * p[1]], [[2.0, 0.0], [0.0, 4.0]])
}

#[test]
fn gradient_descent_of_basin_minimizes_an_objective() {
    let problem = Problem::new(objective(|p: &[f64]| {
        let (value, gradient, _) = bowl(p);
        (value, gradient)
    }));
    let solver = GradientDescent::new(0.1).with_absolute_gradient_tolerance(1e-8);
    let result = Executor::new(problem, solver, FirstOrderState::new(vec![2.6, 2.2])).max_iter(1000).run().unwrap();
    assert!(result.cost() < 1e-12);
}

#[test]
fn each_trait_returns_what_the_problem_does() {
    let problem = Problem::new(second_order(bowl));
    let x = vec![0.5, -0.25];
    let (value, gradient, hessian) = bowl(&x);
    assert_eq!(problem.cost(&x).unwrap(), value);
    assert_eq!(problem.cost_and_gradient(&x).unwrap(), (value, gradient.to_vec()));
    assert_eq!(problem.hessian(&x).unwrap(), hessian.map(|row| row.to_vec()));
    assert_eq!(problem.hessian_product(&x, &vec![1.0, 2.0]).unwrap(), [2.0, 8.0]);
    let mut buffer = vec![0.0; 2];
    problem.gradient_into(&x, &mut buffer).unwrap();
    assert_eq!(buffer, gradient);
    let line = Problem::new(residuals(|p: &[f64]| ([p[0] + p[1], p[0] * p[1]], [[1.0, 1.0], [p[1], p[0]]])));
    let (r, j) = line.residual_and_jacobian(&x).unwrap();
    assert_eq!((r, j), (vec![0.25, -0.125], vec![vec![1.0, 1.0], vec![-0.25, 0.5]]));
    assert_eq!((line.residual(&x).unwrap().len(), line.jacobian(&x).unwrap().len()), (2, 2));
    let data = [1.0, 2.0, 6.0];
    let loss = Problem::new(mean_loss(&data, |p: &[f64], y: &f64| ((p[0] - y).powi(2), [2.0 * (p[0] - y)])));
    assert_eq!((loss.n_samples(), loss.batch_gradient(&vec![0.0], &[0, 2]).unwrap()), (3, vec![-7.0]));
}
