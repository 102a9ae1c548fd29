//! Gradient descent with momentum, the heavy ball.
//!
//! Reference: B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", USSR
//! Computational Mathematics and Mathematical Physics 4(5), 1964.

use super::error::fraction;
use super::first_order::{Pace, Rule, first_order_iterate, first_order_methods};
use super::run::{Progress, Run};
use super::stop::{Stopping, minimize_methods, stopping_options};
use super::{Error, Objective, Report, Schedule};
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
    pace: Pace,
    momentum: f64,
    stopping: Stopping,
}

impl Momentum {
    /// The rate α, which must be positive; μ = 0.9.
    #[must_use]
    pub fn new(rate: impl Into<Schedule>) -> Self {
        Self { pace: Pace::new(rate), momentum: 0.9, stopping: Stopping::default() }
    }

    /// The part μ of the velocity that is kept, at least 0 and below 1; 0.9 unless told.
    #[must_use]
    pub fn momentum(mut self, momentum: f64) -> Self {
        self.momentum = momentum;
        self
    }

    fn validate(&self) -> Result<(), Error> {
        self.pace.validate()?;
        fraction("momentum", self.momentum)
    }

    fn rule(&self, start: &[f64]) -> HeavyBall {
        HeavyBall { momentum: self.momentum, velocity: vec![0.0; start.len()] }
    }
}

/// The velocity.
#[derive(Debug)]
struct HeavyBall {
    momentum: f64,
    velocity: Vec<f64>,
}

impl Rule for HeavyBall {
    fn step(&mut self, rate: f64, gradient: &[f64], point: &mut [f64]) {
        for ((x, g), v) in point.iter_mut().zip(gradient).zip(&mut self.velocity) {
            *v = self.momentum * *v - rate * g;
            *x += *v;
        }
    }
}

stopping_options!(Momentum);
first_order_methods!(Momentum);
first_order_iterate!(Momentum);
minimize_methods!(Momentum, Objective);
