//! Nesterov's accelerated gradient.
//!
//! Reference: Yu. E. Nesterov, "A method of solving a convex programming problem with convergence rate
//! O(1/k²)", Soviet Mathematics Doklady 27, 1983.

use super::error::fraction;
use super::first_order::{Pace, Rule, first_order_iterate, first_order_methods};
use super::run::{Progress, Run};
use super::stop::{Stopping, minimize_methods, stopping_options};
use super::{Error, Objective, Report, Schedule};
use std::ops::ControlFlow;

/// Nesterov's accelerated gradient: x⁺ ← y − α ∇f(y), y⁺ ← x⁺ + μₖ (x⁺ − x).
///
/// The coefficients are those of 1983: μₖ = (tₖ − 1) / tₖ₊₁ with t₀ = 1 and tₖ₊₁ = ½ + √(¼ + tₖ²); or a
/// constant. On a convex function of curvature at most L, with α ≤ 1/L, the error falls as 1/k².
/// The iterates that a callback sees are the look-ahead points y, at which the objective is evaluated.
///
/// ```
/// use symgrad::optimize::{Nesterov, objective};
///
/// let bowl = objective(|p: &[f64]| (p[0] * p[0] + 2.0 * p[1] * p[1], [2.0 * p[0], 4.0 * p[1]]));
/// let report = Nesterov::new(0.1).momentum(0.4).minimize(&bowl, &[2.6, 2.2])?;
/// assert!(report.converged(), "{report}");
/// # Ok::<(), symgrad::optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Nesterov {
    pace: Pace,
    momentum: Option<f64>,
    stopping: Stopping,
}

impl Nesterov {
    /// The rate α, which must be positive; the coefficients of 1983.
    #[must_use]
    pub fn new(rate: impl Into<Schedule>) -> Self {
        Self { pace: Pace::new(rate), momentum: None, stopping: Stopping::default() }
    }

    /// A constant coefficient μ, at least 0 and below 1. For curvatures between m and L, the best is
    /// (√L − √m) / (√L + √m) with α = 1/L.
    #[must_use]
    pub fn momentum(mut self, momentum: f64) -> Self {
        self.momentum = Some(momentum);
        self
    }

    fn validate(&self) -> Result<(), Error> {
        self.pace.validate()?;
        fraction("momentum", self.momentum.unwrap_or(0.0))
    }

    fn rule(&self, start: &[f64]) -> LookAhead {
        LookAhead { momentum: self.momentum, t: 1.0, x: start.to_vec() }
    }
}

/// The point x behind the look-ahead point y, and t of the coefficients of 1983.
#[derive(Debug)]
struct LookAhead {
    momentum: Option<f64>,
    t: f64,
    x: Vec<f64>,
}

impl Rule for LookAhead {
    fn step(&mut self, rate: f64, gradient: &[f64], point: &mut [f64]) {
        let t_next = 0.5 + (0.25 + self.t * self.t).sqrt();
        let momentum = self.momentum.unwrap_or((self.t - 1.0) / t_next);
        self.t = t_next;
        for ((y, g), x) in point.iter_mut().zip(gradient).zip(&mut self.x) {
            let x_next = *y - rate * g;
            *y = x_next + momentum * (x_next - *x);
            *x = x_next;
        }
    }
}

stopping_options!(Nesterov);
first_order_methods!(Nesterov);
first_order_iterate!(Nesterov);
minimize_methods!(Nesterov, Objective);
