//! Least squares as an objective: ½ ‖r‖² with the gradient Jᵀr.
//!
//! Input: a problem of [`Residuals`]. Output: an [`Objective`] that remembers the residuals and the Jacobian at the last
//! point where both were asked for, so that the frame of all solvers serves fits too.
//! Invariant: what is remembered has the right lengths; where it is finite is the caller's question.

use super::vector::first_non_finite;
use super::{Error, Objective, Residuals};
use std::cell::{Ref, RefCell};

pub(super) struct Squares<'a, P: ?Sized> {
    problem: &'a P,
    last: RefCell<Linearization>,
}

/// The problem near a point: r(x + p) ≈ r + J p.
#[derive(Debug, Clone, Default)]
pub(super) struct Linearization {
    pub point: Vec<f64>,
    pub residuals: Vec<f64>,
    pub jacobian: Vec<f64>,
}

impl<'a, P: Residuals + ?Sized> Squares<'a, P> {
    pub fn new(problem: &'a P) -> Result<Self, Error> {
        match problem.data_lengths() {
            Some((inputs, observed)) if inputs != observed => Err(Error::DataLength { inputs, observed }),
            _ => Ok(Self { problem, last: RefCell::default() }),
        }
    }

    /// The linearization at the last point where the gradient was asked for.
    pub fn last(&self) -> Ref<'_, Linearization> {
        self.last.borrow()
    }

    /// The linearization at `point`, evaluated anew if the last one is of another.
    pub fn at(&self, point: &[f64]) -> Result<Ref<'_, Linearization>, Error> {
        if self.last().point != point {
            self.linearize(point)?;
        }
        Ok(self.last())
    }

    /// Says of a start that is not finite which residual or derivative is to blame.
    pub fn blame(&self, error: Error) -> Error {
        let last = self.last();
        match error {
            Error::NonFiniteValue { .. } => match first_non_finite(&last.residuals) {
                Some(index) => Error::NonFiniteResidual { index, value: last.residuals[index] },
                None => error,
            },
            Error::NonFiniteGradient { .. } => match first_non_finite(&last.jacobian) {
                Some(index) => {
                    let n = last.point.len();
                    Error::NonFiniteJacobian { residual: index / n, coordinate: index % n, value: last.jacobian[index] }
                }
                None => error,
            },
            _ => error,
        }
    }

    fn linearize(&self, point: &[f64]) -> Result<(), Error> {
        let last = &mut *self.last.borrow_mut();
        let expected = if last.point.is_empty() { None } else { Some(last.residuals.len()) };
        self.problem.residuals_and_jacobian(point, &mut last.residuals, &mut last.jacobian);
        last.point.clear();
        last.point.extend_from_slice(point);
        let found = last.residuals.len();
        match expected {
            _ if found == 0 => return Err(Error::EmptyResiduals),
            Some(expected) if expected != found => return Err(Error::ResidualLength { expected, found }),
            _ => {}
        }
        let (expected, found) = (found * point.len(), last.jacobian.len());
        if found == expected { Ok(()) } else { Err(Error::JacobianLength { expected, found }) }
    }
}

impl<P: Residuals + ?Sized> Objective for Squares<'_, P> {
    fn dimension(&self) -> Option<usize> {
        self.problem.dimension()
    }

    fn value(&self, x: &[f64]) -> f64 {
        let mut residuals = Vec::with_capacity(self.last().residuals.len());
        self.problem.residuals(x, &mut residuals);
        // One that is gone is no improvement: the sum must be over the same residuals at every point.
        if residuals.len() == self.last().residuals.len() { half_square(&residuals) } else { f64::NAN }
    }

    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        self.try_value_and_gradient(x, gradient).unwrap_or(f64::NAN)
    }

    fn try_value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64, Error> {
        self.linearize(x)?;
        let last = self.last();
        gradient.fill(0.0);
        for (residual, row) in last.residuals.iter().zip(last.jacobian.chunks_exact(x.len())) {
            gradient.iter_mut().zip(row).for_each(|(g, derivative)| *g += derivative * residual);
        }
        Ok(half_square(&last.residuals))
    }
}

/// ½ ‖r‖².
fn half_square(residuals: &[f64]) -> f64 {
    0.5 * residuals.iter().map(|r| r * r).sum::<f64>()
}
