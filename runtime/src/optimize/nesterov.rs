//! Nesterov's accelerated gradient.
//!
//! Reference: Yu. E. Nesterov, "A method of solving a convex programming problem with convergence rate
//! O(1/k²)", Soviet Mathematics Doklady 27, 1983.

use super::error::{fraction, positive};
use super::run::{Progress, Run};
use super::stop::{Stopping, minimize_methods, stopping_options};
use super::{Error, Objective, Report};
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
    rate: f64,
    momentum: Option<f64>,
    stopping: Stopping,
}

impl Nesterov {
    /// The rate α, which must be positive; the coefficients of 1983.
    #[must_use]
    pub fn new(rate: f64) -> Self {
        Self { rate, momentum: None, stopping: Stopping::default() }
    }

    /// A constant coefficient μ, at least 0 and below 1. For curvatures between m and L, the best is
    /// (√L − √m) / (√L + √m) with α = 1/L.
    #[must_use]
    pub fn momentum(mut self, momentum: f64) -> Self {
        self.momentum = Some(momentum);
        self
    }

    fn validate(&self) -> Result<(), Error> {
        positive("rate", self.rate)?;
        fraction("momentum", self.momentum.unwrap_or(0.0))
    }

    fn iterate<O, C>(&self, run: &mut Run<'_, O, C>) -> Result<(), Error>
    where
        O: Objective + ?Sized,
        C: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        let mut x = run.point().to_vec();
        let mut y = x.clone();
        let mut t = 1.0_f64;
        while run.goes_on() {
            let t_next = 0.5 + (0.25 + t * t).sqrt();
            let momentum = self.momentum.unwrap_or((t - 1.0) / t_next);
            t = t_next;
            let gradient = run.gradient();
            for i in 0..y.len() {
                let x_next = y[i] - self.rate * gradient[i];
                y[i] = x_next + momentum * (x_next - x[i]);
                x[i] = x_next;
            }
            run.move_to(&y)?;
        }
        Ok(())
    }
}

stopping_options!(Nesterov);
minimize_methods!(Nesterov, Objective);
