//! Parameters that are a value of some type: a struct, a tuple, arrays.

use super::objective::fill_gradient;
use super::{Error, Objective};
use crate::{Differentiable, Flatten};

/// The objective made by [`over`].
#[derive(Debug, Clone, Copy)]
pub struct Over<'a, S, F> {
    start: &'a S,
    companion: F,
}

/// An objective over values of any [`Differentiable`](trait@Differentiable) type: structs with the derive, tuples, arrays,
/// vectors. The closure takes such a value and returns `(value, gradient)`, as `f_value_and_gradient` does; solvers see the
/// scalars as one flat point. What is skipped in a struct, and the lengths of vectors, are those of `start`.
///
/// ```
/// use symgrad::Differentiable;
/// use symgrad::optimize::{Lbfgs, over};
///
/// #[derive(Differentiable)]
/// struct Line { slope: f64, offset: f64 }
///
/// // As `#[differentiate(wrt(line))]` would write it beside the loss.
/// fn loss_value_and_gradient(line: &Line) -> (f64, Line) {
///     let (a, b) = (line.slope - 2.0, line.offset + 1.0);
///     (a * a + b * b, Line { slope: 2.0 * a, offset: 2.0 * b })
/// }
///
/// let start = Line { slope: 0.0, offset: 0.0 };
/// let loss = over(&start, loss_value_and_gradient);
/// let report = Lbfgs::new().minimize(&loss, &loss.start())?;
/// let fitted = loss.restore(&report.point)?;
/// assert!((fitted.slope - 2.0).abs() < 1e-8 && (fitted.offset + 1.0).abs() < 1e-8);
/// # Ok::<(), symgrad::optimize::Error>(())
/// ```
pub fn over<S, F, G>(start: &S, companion: F) -> Over<'_, S, F>
where
    S: Differentiable,
    F: Fn(&S) -> (f64, G),
    G: Flatten,
{
    Over { start, companion }
}

impl<S: Differentiable, F> Over<'_, S, F> {
    /// The scalars of the value to start from.
    #[must_use]
    pub fn start(&self) -> Vec<f64> {
        self.start.flatten()
    }

    /// The value that has the scalars of a point, and all else from the start.
    ///
    /// # Errors
    ///
    /// [`Error::Dimension`] if there are more or fewer of them.
    pub fn restore(&self, point: &[f64]) -> Result<S, Error> {
        let expected = self.start.flatten_into(&mut []);
        if expected != point.len() {
            return Err(Error::Dimension { expected, found: point.len() });
        }
        let mut value = self.start.duplicate();
        value.restore(point);
        Ok(value)
    }
}

impl<S, F, G> Objective for Over<'_, S, F>
where
    S: Differentiable,
    F: Fn(&S) -> (f64, G),
    G: Flatten,
{
    fn dimension(&self) -> Option<usize> {
        Some(self.start.flatten_into(&mut []))
    }

    /// NaN at a point of another dimension.
    fn value(&self, x: &[f64]) -> f64 {
        self.restore(x).map_or(f64::NAN, |value| (self.companion)(&value).0)
    }

    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        self.try_value_and_gradient(x, gradient).unwrap_or(f64::NAN)
    }

    fn try_value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64, Error> {
        let (value, shaped) = (self.companion)(&self.restore(x)?);
        fill_gradient(&shaped, gradient)?;
        Ok(value)
    }
}
