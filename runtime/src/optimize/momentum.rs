//! Gradient descent with momentum, the heavy ball.
//!
//! Reference: B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", USSR
//! Computational Mathematics and Mathematical Physics 4(5), 1964.

use super::error::{fraction, positive};
use super::run::{Progress, Run};
use super::stop::{Stopping, minimize_methods, stopping_options};
use super::{Error, Objective, Report};
use std::ops::ControlFlow;

/// Polyak's heavy ball: v ← μ v − α ∇f(x), x ← x + v.
///
/// With μ = 0 it is gradient descent.
///
/// ```
/// use symgrad::optimize::{Momentum, objective};
///
/// let bowl = objective(|p: &[f64]| (p[0] * p[0] + 2.0 * p[1] * p[1], [2.0 * p[0], 4.0 * p[1]]));
/// let report = Momentum::new(0.1).momentum(0.5).minimize(&bowl, &[2.6, 2.2])?;
/// assert!(report.converged(), "{report}");
/// # Ok::<(), symgrad::optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::struct_field_names, reason = "the coefficient has the method's name in the literature")]
pub struct Momentum {
    rate: f64,
    momentum: f64,
    stopping: Stopping,
}

impl Momentum {
    /// The rate α, which must be positive; μ = 0.9.
    #[must_use]
    pub fn new(rate: f64) -> Self {
        Self { rate, momentum: 0.9, stopping: Stopping::default() }
    }

    /// The part μ of the velocity that is kept, at least 0 and below 1; 0.9 unless told.
    #[must_use]
    pub fn momentum(mut self, momentum: f64) -> Self {
        self.momentum = momentum;
        self
    }

    fn validate(&self) -> Result<(), Error> {
        positive("rate", self.rate)?;
        fraction("momentum", self.momentum)
    }

    fn iterate<O, C>(&self, run: &mut Run<'_, O, C>) -> Result<(), Error>
    where
        O: Objective + ?Sized,
        C: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        let mut velocity = vec![0.0; run.point().len()];
        let mut next = velocity.clone();
        while run.goes_on() {
            let (point, gradient) = (run.point(), run.gradient());
            for i in 0..next.len() {
                velocity[i] = self.momentum * velocity[i] - self.rate * gradient[i];
                next[i] = point[i] + velocity[i];
            }
            run.move_to(&next)?;
        }
        Ok(())
    }
}

stopping_options!(Momentum);
minimize_methods!(Momentum, Objective);
