//! What is minimized: a value and a gradient at a point.

use super::Error;
use crate::Flatten;

/// A function to minimize, with its gradient.
///
/// Closures `Fn(&[f64], &mut [f64]) -> f64`, which return the value and write the gradient, are objectives;
/// [`objective`] makes one of a companion that returns `(value, gradient)`. Implement the trait where the
/// value alone is much cheaper than with the gradient, or where the problem owns data.
///
/// ```
/// use symgrad::optimize::{GradientDescent, Objective};
///
/// struct Quadratic { target: Vec<f64> }
///
/// impl Objective for Quadratic {
///     fn value(&self, x: &[f64]) -> f64 {
///         x.iter().zip(&self.target).map(|(x, t)| (x - t).powi(2)).sum()
///     }
///     fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
///         for ((g, x), t) in gradient.iter_mut().zip(x).zip(&self.target) {
///             *g = 2.0 * (x - t);
///         }
///         self.value(x)
///     }
/// }
///
/// let report = GradientDescent::new(0.25).minimize(&Quadratic { target: vec![1.0, -2.0] }, &[0.0, 0.0])?;
/// assert!((report.point[1] + 2.0).abs() < 1e-8);
/// # Ok::<(), symgrad::optimize::Error>(())
/// ```
pub trait Objective {
    /// The number of coordinates that a point must have, where that is fixed; none where any number will do.
    ///
    /// A start of another length is [`Error::Dimension`], before anything is evaluated.
    fn dimension(&self) -> Option<usize> {
        None
    }

    /// The value at `x`.
    fn value(&self, x: &[f64]) -> f64;

    /// The value at `x`; overwrites all of `gradient`, which is as long as `x`.
    ///
    /// The buffer arrives filled with NaN, so a forgotten coordinate is reported as non-finite instead of
    /// passing for a stale number.
    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64;

    /// Overwrites all of `gradient`, where the value is not asked for.
    fn gradient(&self, x: &[f64], gradient: &mut [f64]) {
        self.value_and_gradient(x, gradient);
    }

    /// As [`value_and_gradient`](Self::value_and_gradient), for objectives that can tell that their
    /// gradient does not fit `x`. This is what the solvers call; the default never fails.
    ///
    /// # Errors
    ///
    /// [`Error::GradientLength`], which ends the minimization.
    fn try_value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64, Error> {
        Ok(self.value_and_gradient(x, gradient))
    }

    /// The largest of the wishes of all processes that evaluate the objective together and are asked at the same time: here
    /// alone, its own. By it they stop together, though the callback or the clock says so to one of them only.
    ///
    /// An objective made of one that is distributed hands this on, as it does the evaluation.
    fn agree(&self, wish: u32) -> u32 {
        wish
    }
}

/// A closure that returns the value and writes the gradient. Its value alone costs a gradient too, and a
/// buffer for it.
impl<F: Fn(&[f64], &mut [f64]) -> f64> Objective for F {
    fn value(&self, x: &[f64]) -> f64 {
        self(x, &mut vec![f64::NAN; x.len()])
    }

    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        self(x, gradient)
    }
}

/// The objective made by [`objective`].
#[derive(Debug, Clone, Copy)]
pub struct FromCompanion<F, V> {
    companion: F,
    value: V,
}

/// Makes an objective of a closure that returns `(value, gradient)`, the gradient in any shape that
/// [`Flatten`]s to as many scalars as the point has.
///
/// A gradient of another length is reported as [`Error::GradientLength`].
///
/// ```
/// use symgrad::optimize::{Lbfgs, objective};
///
/// // Beale's function, as a companion would return it: two scalar parameters, gradient `[f64; 2]`.
/// fn beale_value_and_gradient(x: f64, y: f64) -> (f64, [f64; 2]) {
///     let (mut value, mut gradient) = (0.0, [0.0; 2]);
///     for (k, c) in [(1, 1.5), (2, 2.25), (3, 2.625)] {
///         let residual = c - x + x * y.powi(k);
///         value += residual * residual;
///         gradient[0] += 2.0 * residual * (y.powi(k) - 1.0);
///         gradient[1] += 2.0 * residual * f64::from(k) * x * y.powi(k - 1);
///     }
///     (value, gradient)
/// }
///
/// let report = Lbfgs::new().minimize(&objective(|p: &[f64]| beale_value_and_gradient(p[0], p[1])), &[1.0, 1.0])?;
/// assert!((report.point[0] - 3.0).abs() < 1e-6 && (report.point[1] - 0.5).abs() < 1e-6, "{report}");
/// # Ok::<(), symgrad::optimize::Error>(())
/// ```
pub fn objective<F, G>(companion: F) -> FromCompanion<F, impl Fn(&F, &[f64]) -> f64>
where
    F: Fn(&[f64]) -> (f64, G),
    G: Flatten,
{
    FromCompanion { companion, value: |companion: &F, x: &[f64]| companion(x).0 }
}

impl<F, V> FromCompanion<F, V> {
    /// Uses `value` where the value alone is asked for, as backtracking does: the function itself, without
    /// its gradient. It must be the function that the companion differentiates.
    #[must_use]
    pub fn with_value<W: Fn(&[f64]) -> f64>(self, value: W) -> FromCompanion<F, impl Fn(&F, &[f64]) -> f64> {
        FromCompanion { companion: self.companion, value: move |_: &F, x: &[f64]| value(x) }
    }
}

impl<F, G, V> Objective for FromCompanion<F, V>
where
    F: Fn(&[f64]) -> (f64, G),
    G: Flatten,
    V: Fn(&F, &[f64]) -> f64,
{
    fn value(&self, x: &[f64]) -> f64 {
        (self.value)(&self.companion, x)
    }

    /// NaN if the gradient's length is not that of `gradient`.
    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        self.try_value_and_gradient(x, gradient).unwrap_or(f64::NAN)
    }

    fn try_value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64, Error> {
        let (value, shaped) = (self.companion)(x);
        fill_gradient(&shaped, gradient)?;
        Ok(value)
    }
}

/// Writes a gradient of any shape to the buffer that has the length of the point.
pub(super) fn fill_gradient(shaped: &impl Flatten, gradient: &mut [f64]) -> Result<(), Error> {
    let (expected, found) = (gradient.len(), shaped.flatten_into(gradient));
    if found == expected { Ok(()) } else { Err(Error::GradientLength { expected, found }) }
}
