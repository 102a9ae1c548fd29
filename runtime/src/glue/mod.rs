//! Problems of [`optimize`](crate::optimize) for the solvers of other crates, and their vectors in and out. Behind features.
//!
//! | feature | what it adds |
//! |---|---|
//! | `argmin` | [`Problem`] is a `CostFunction`, `Gradient` and `Hessian` of argmin; of residuals, an `Operator` and `Jacobian` |
//! | `basin` | [`Problem`] is a `CostFunction`, `Gradient`, `Hessian`, `HessianProduct` and `MiniBatchGradient` of basin; of residuals, a `Residual` and `Jacobian` |
//! | `levenberg-marquardt` | [`LeastSquares`] is a `LeastSquaresProblem` of levenberg-marquardt |
//! | `nalgebra` | vectors and matrices are [`Flatten`](crate::Flatten) and may be the parameters of a [`Problem`] |
//! | `ndarray` | `Array1`, `Array2` and their views likewise |
//!
//! Of nalgebra and ndarray, vectors and matrices that own their numbers are [`Differentiable`](trait@crate::Differentiable):
//! annotated functions take them in `wrt`, read them by index (`x[i]`, `m[(i, j)]`, `a[[i, j]]`), and have gradients of their
//! types. With ndarray's views, `ArrayView1<'_, f64>` to `ArrayViewD<'_, f64>`, gradients are of the types that own what these
//! lend: `Array1<f64>` and so on, of the same shape. Tangents are views, as the parameter is.
//!
//! ```
//! # #[cfg(feature = "ndarray")] {
//! use ndarray::{Array1, ArrayView1, array};
//! use symgrad::differentiate;
//!
//! #[differentiate(wrt(x))]
//! fn energy(x: ArrayView1<f64>, stiffness: f64) -> f64 {
//!     let mut sum = 0.0;
//!     for i in 1..x.len() {
//!         sum += stiffness * (x[i] - x[i - 1]).powi(2);
//!     }
//!     sum
//! }
//!
//! let positions = array![[0.0, 5.0], [1.0, 5.0], [3.0, 5.0]];
//! let gradient: Array1<f64> = energy_gradient(positions.column(0), 0.5);
//! assert_eq!(gradient, array![-1.0, -1.0, 2.0]);
//! # }
//! ```
//!
//! Solvers here take slices, so their vectors go in as `x.as_slice()`, and gradients of any of these types come out of
//! companions.

#[cfg(feature = "argmin")]
mod argmin;
#[cfg(feature = "basin")]
mod basin;
#[cfg(feature = "levenberg-marquardt")]
mod levenberg_marquardt;
#[cfg(feature = "nalgebra")]
mod nalgebra;
#[cfg(feature = "ndarray")]
pub(crate) mod ndarray;

#[cfg(feature = "levenberg-marquardt")]
pub use levenberg_marquardt::LeastSquares;

use crate::optimize::{Error, Objective, Residuals, TwiceDifferentiable};
use std::marker::PhantomData;

/// A vector type of another crate, with the matrix type that belongs to it.
pub trait Vector: Sized {
    /// A matrix in the same crate.
    type Matrix;

    /// The numbers, in order.
    fn to_point(&self) -> Vec<f64>;

    /// The vector of these numbers.
    fn from_point(point: Vec<f64>) -> Self;

    /// The matrix of these rows, all of the same length.
    fn matrix(rows: usize, columns: usize, row_major: Vec<f64>) -> Self::Matrix;
}

impl Vector for Vec<f64> {
    type Matrix = Vec<Vec<f64>>;

    fn to_point(&self) -> Vec<f64> {
        self.clone()
    }

    fn from_point(point: Vec<f64>) -> Self {
        point
    }

    fn matrix(rows: usize, columns: usize, row_major: Vec<f64>) -> Self::Matrix {
        (0..rows).map(|i| row_major.iter().skip(i * columns).take(columns).copied().collect()).collect()
    }
}

/// An [`Objective`] or [`Residuals`] as the problem type of another crate, with parameters of the type `V`.
#[derive(Debug, Clone)]
pub struct Problem<P, V = Vec<f64>> {
    problem: P,
    vector: PhantomData<fn(V) -> V>,
}

impl<P> Problem<P> {
    /// With `Vec<f64>` as parameters.
    pub fn new(problem: P) -> Self {
        Self::with_vector(problem)
    }
}

impl<P, V: Vector> Problem<P, V> {
    /// With parameters of the type `V`: `Problem::<_, Array1<f64>>::with_vector(problem)`.
    pub fn with_vector(problem: P) -> Self {
        Self { problem, vector: PhantomData }
    }
}

#[allow(dead_code, reason = "each feature uses some")]
impl<P, V: Vector> Problem<P, V> {
    fn value_at(&self, x: &V) -> f64
    where
        P: Objective,
    {
        self.problem.value(&x.to_point())
    }

    fn value_and_gradient_at(&self, x: &V) -> Result<(f64, V), Error>
    where
        P: Objective,
    {
        let point = x.to_point();
        let mut gradient = vec![f64::NAN; point.len()];
        let value = self.problem.try_value_and_gradient(&point, &mut gradient)?;
        Ok((value, V::from_point(gradient)))
    }

    fn hessian_at(&self, x: &V) -> Result<(f64, V, V::Matrix), Error>
    where
        P: TwiceDifferentiable,
    {
        let point = x.to_point();
        let n = point.len();
        let (mut gradient, mut hessian) = (vec![f64::NAN; n], vec![f64::NAN; n * n]);
        let value = self.problem.try_value_gradient_hessian(&point, &mut gradient, &mut hessian)?;
        Ok((value, V::from_point(gradient), V::matrix(n, n, hessian)))
    }

    fn residuals_at(&self, x: &V) -> V
    where
        P: Residuals,
    {
        let mut residuals = Vec::new();
        self.problem.residuals(&x.to_point(), &mut residuals);
        V::from_point(residuals)
    }

    fn jacobian_at(&self, x: &V) -> Result<(V, V::Matrix), Error>
    where
        P: Residuals,
    {
        let point = x.to_point();
        let (mut residuals, mut jacobian) = (Vec::new(), Vec::new());
        self.problem.residuals_and_jacobian(&point, &mut residuals, &mut jacobian);
        let (rows, columns) = (residuals.len(), point.len());
        let (expected, found) = (rows * columns, jacobian.len());
        if expected != found {
            return Err(Error::JacobianLength { expected, found });
        }
        Ok((V::from_point(residuals), V::matrix(rows, columns, jacobian)))
    }
}
