//! Problems of least squares: residuals and their Jacobian at a point.

use crate::Flatten;

/// Residuals r(x) with their Jacobian; what is minimized is ½ ‖r‖².
///
/// [`residuals`] makes one of a companion that returns `(residuals, Jacobian)`, and [`curve`] of a model, its gradient
/// by the parameters, and data.
///
/// The buffers are `Vec`s because only the function tells how many residuals there are: an implementation clears and
/// fills them. The Jacobian is row-major: row j has the derivatives of residual j by each coordinate of `x`. The
/// number of residuals must be the same at every point; where it is not, or where the Jacobian does not fit, solvers
/// return an error.
pub trait Residuals {
    /// The number of coordinates that a point must have, where that is fixed; none where any number will do.
    fn dimension(&self) -> Option<usize> {
        None
    }

    /// The numbers of inputs and of observations, where there are such: solvers refuse them if they differ.
    fn data_lengths(&self) -> Option<(usize, usize)> {
        None
    }

    /// Replaces the contents of `residuals` by those at `x`.
    fn residuals(&self, x: &[f64], residuals: &mut Vec<f64>);

    /// Replaces the contents of `residuals` and, row by row, of `jacobian`.
    fn residuals_and_jacobian(&self, x: &[f64], residuals: &mut Vec<f64>, jacobian: &mut Vec<f64>);
}

/// The problem made by [`residuals`].
#[derive(Debug, Clone, Copy)]
pub struct FromJacobian<F, V> {
    companion: F,
    value: V,
}

/// Makes a problem of least squares of a closure that returns `(residuals, Jacobian)`, as `f_value_and_jacobian` does,
/// in any shapes that [`Flatten`] to m and m·n scalars, row by row.
///
/// ```
/// use symgrad::optimize::{Residuals, residuals};
///
/// // Rosenbrock's function as a sum of squares.
/// let valley = residuals(|p: &[f64]| {
///     ([10.0 * (p[1] - p[0] * p[0]), 1.0 - p[0]], [[-20.0 * p[0], 10.0], [-1.0, 0.0]])
/// });
/// let (mut r, mut j) = (Vec::new(), Vec::new());
/// valley.residuals_and_jacobian(&[1.0, 1.0], &mut r, &mut j);
/// assert_eq!((r, j), (vec![0.0, 0.0], vec![-20.0, 10.0, -1.0, 0.0]));
/// ```
pub fn residuals<F, R, J>(companion: F) -> FromJacobian<F, impl Fn(&F, &[f64], &mut Vec<f64>)>
where
    F: Fn(&[f64]) -> (R, J),
    R: Flatten,
    J: Flatten,
{
    FromJacobian { companion, value: |companion: &F, x: &[f64], out: &mut Vec<f64>| refill(out, &companion(x).0) }
}

impl<F, V> FromJacobian<F, V> {
    /// Uses `value` where the residuals alone are asked for: the function itself, without its Jacobian. It must be
    /// the function that the companion differentiates.
    #[must_use]
    pub fn with_value<W, R>(self, value: W) -> FromJacobian<F, impl Fn(&F, &[f64], &mut Vec<f64>)>
    where
        W: Fn(&[f64]) -> R,
        R: Flatten,
    {
        let value = move |_: &F, x: &[f64], out: &mut Vec<f64>| refill(out, &value(x));
        FromJacobian { companion: self.companion, value }
    }
}

impl<F, R, J, V> Residuals for FromJacobian<F, V>
where
    F: Fn(&[f64]) -> (R, J),
    R: Flatten,
    J: Flatten,
    V: Fn(&F, &[f64], &mut Vec<f64>),
{
    fn residuals(&self, x: &[f64], residuals: &mut Vec<f64>) {
        (self.value)(&self.companion, x, residuals);
    }

    fn residuals_and_jacobian(&self, x: &[f64], residuals: &mut Vec<f64>, jacobian: &mut Vec<f64>) {
        let (value, matrix) = (self.companion)(x);
        refill(residuals, &value);
        refill(jacobian, &matrix);
    }
}

/// The problem made by [`curve`].
#[derive(Debug, Clone, Copy)]
pub struct Curve<'a, M, X> {
    model: M,
    inputs: &'a [X],
    observed: &'a [f64],
    deviations: Option<&'a [f64]>,
}

/// The fit of a model to data: residual j is `model(b, xⱼ) − yⱼ`.
///
/// The closure returns the model's value at one input and its gradient by the parameters, as `model_value_and_gradient`
/// does. Inputs may be of any type: a number, an array, a struct. Lengths that differ are
/// [`Error::DataLength`](super::Error::DataLength) when a solver begins.
///
/// ```
/// use symgrad::optimize::{Residuals, curve};
///
/// let line = |b: &[f64], x: &f64| (b[0] * x + b[1], [*x, 1.0]);
/// let (mut r, mut j) = (Vec::new(), Vec::new());
/// curve(line, &[1.0, 2.0], &[3.0, 5.0]).residuals_and_jacobian(&[2.0, 0.0], &mut r, &mut j);
/// assert_eq!((r, j), (vec![-1.0, -1.0], vec![1.0, 1.0, 2.0, 1.0]));
/// ```
pub fn curve<'a, M, X, G>(model: M, inputs: &'a [X], observed: &'a [f64]) -> Curve<'a, M, X>
where
    M: Fn(&[f64], &X) -> (f64, G),
    G: Flatten,
{
    Curve { model, inputs, observed, deviations: None }
}

impl<'a, M, X> Curve<'a, M, X> {
    /// Divides each residual by the standard deviation of its observation, so that those that are sure count for more. Then
    /// [`Fit::unscaled_covariance`](super::Fit::unscaled_covariance) is the covariance, if the deviations are right.
    ///
    /// ```
    /// use symgrad::optimize::{LevenbergMarquardt, curve};
    ///
    /// // The mean of two measurements, one of them twice as sure: weights 1 and 4.
    /// let mean = curve(|b: &[f64], _: &()| (b[0], [1.0]), &[(), ()], &[1.0, 2.0]).with_deviations(&[2.0, 1.0]);
    /// let fit = LevenbergMarquardt::new().minimize(&mean, &[0.5])?;
    /// assert!((fit.parameters()[0] - 1.8).abs() < 1e-12, "{fit}");
    /// # Ok::<(), symgrad::optimize::Error>(())
    /// ```
    #[must_use]
    pub fn with_deviations(mut self, deviations: &'a [f64]) -> Self {
        self.deviations = Some(deviations);
        self
    }

    /// What residual j is multiplied by.
    fn weight(&self, j: usize) -> f64 {
        self.deviations.and_then(|deviations| deviations.get(j)).map_or(1.0, |deviation| 1.0 / deviation)
    }
}

impl<M, X, G> Residuals for Curve<'_, M, X>
where
    M: Fn(&[f64], &X) -> (f64, G),
    G: Flatten,
{
    fn data_lengths(&self) -> Option<(usize, usize)> {
        let deviations = self.deviations.map_or(self.inputs.len(), <[f64]>::len);
        let observed = self.observed.len();
        Some((self.inputs.len(), if deviations == self.inputs.len() { observed } else { deviations }))
    }

    fn residuals(&self, x: &[f64], residuals: &mut Vec<f64>) {
        residuals.clear();
        for (j, (input, y)) in self.inputs.iter().zip(self.observed).enumerate() {
            residuals.push(((self.model)(x, input).0 - y) * self.weight(j));
        }
    }

    fn residuals_and_jacobian(&self, x: &[f64], residuals: &mut Vec<f64>, jacobian: &mut Vec<f64>) {
        residuals.clear();
        jacobian.clear();
        for (j, (input, y)) in self.inputs.iter().zip(self.observed).enumerate() {
            let (value, gradient) = (self.model)(x, input);
            let weight = self.weight(j);
            residuals.push((value - y) * weight);
            gradient.visit(&mut |g| jacobian.push(g * weight));
        }
    }
}

/// Makes `out` the scalars of `shaped`.
fn refill(out: &mut Vec<f64>, shaped: &impl Flatten) {
    out.clear();
    shaped.visit(&mut |scalar| out.push(scalar));
}
