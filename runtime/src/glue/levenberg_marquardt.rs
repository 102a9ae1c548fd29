//! The trait of levenberg-marquardt, with vectors of the version of nalgebra that it has.

use crate::optimize::Residuals;
use levenberg_marquardt::LeastSquaresProblem;
use nalgebra_0_34::{DMatrix, DVector, Dyn, U1, VecStorage};

/// [`Residuals`] as the problem type of levenberg-marquardt, which has the point in it: `minimize` returns the problem with the
/// point that it found.
///
/// Residuals that are not finite, and a Jacobian that does not fit, are none there: the solver ends with
/// `TerminationReason::User`.
///
/// ```
/// use levenberg_marquardt::LevenbergMarquardt;
/// use symgrad::glue::LeastSquares;
/// use symgrad::optimize::residuals;
///
/// // Rosenbrock's function as a sum of squares.
/// let valley = residuals(|p: &[f64]| {
///     ([10.0 * (p[1] - p[0] * p[0]), 1.0 - p[0]], [[-20.0 * p[0], 10.0], [-1.0, 0.0]])
/// });
/// let (problem, report) = LevenbergMarquardt::new().minimize(LeastSquares::new(valley, &[-1.2, 1.0]));
/// assert!(report.termination.was_successful());
/// assert!(problem.point().iter().all(|x| (x - 1.0).abs() < 1e-8));
/// ```
#[derive(Debug, Clone)]
pub struct LeastSquares<P> {
    problem: P,
    point: DVector<f64>,
}

impl<P: Residuals> LeastSquares<P> {
    /// The problem at a start.
    pub fn new(problem: P, start: &[f64]) -> Self {
        Self { problem, point: DVector::from_row_slice(start) }
    }

    /// The point where it is now.
    pub fn point(&self) -> &[f64] {
        self.point.as_slice()
    }
}

impl<P: Residuals> LeastSquaresProblem<f64, Dyn, Dyn> for LeastSquares<P> {
    type ResidualStorage = VecStorage<f64, Dyn, U1>;
    type JacobianStorage = VecStorage<f64, Dyn, Dyn>;
    type ParameterStorage = VecStorage<f64, Dyn, U1>;

    fn set_params(&mut self, point: &DVector<f64>) {
        self.point.clone_from(point);
    }

    fn params(&self) -> DVector<f64> {
        self.point.clone()
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        let mut residuals = Vec::new();
        self.problem.residuals(self.point(), &mut residuals);
        residuals.iter().all(|r| r.is_finite()).then(|| DVector::from_vec(residuals))
    }

    fn jacobian(&self) -> Option<DMatrix<f64>> {
        let (mut residuals, mut jacobian) = (Vec::new(), Vec::new());
        self.problem.residuals_and_jacobian(self.point(), &mut residuals, &mut jacobian);
        let (rows, columns) = (residuals.len(), self.point.len());
        let fits = jacobian.len() == rows * columns && jacobian.iter().all(|d| d.is_finite());
        fits.then(|| DMatrix::from_row_slice(rows, columns, &jacobian))
    }
}
