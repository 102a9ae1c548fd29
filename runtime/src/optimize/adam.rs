//! Adam: a rate per coordinate, from running moments of the gradient.
//!
//! Reference: D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1.

use super::error::{fraction, positive};
use super::first_order::{Pace, Rule, first_order_iterate, first_order_methods};
use super::options::{betas_option, epsilon_option};
use super::run::{Progress, Run};
use super::stop::{Stopping, minimize_methods, stopping_options};
use super::{Error, Objective, Report, Schedule};
use std::ops::ControlFlow;

/// Adam: m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², x ← x − α m̂ / (√v̂ + ε).
///
/// m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) are the moments corrected for their start at zero. Each coordinate
/// moves by about α at first, whatever the scale of its gradient. With a constant rate the iterates end up
/// hovering around the minimum at a distance that shrinks with α.
///
/// ```
/// use symgrad::optimize::{Adam, objective};
///
/// // Two coordinates whose gradients differ by a factor of a million.
/// let f = objective(|p: &[f64]| (1e3 * p[0] * p[0] + 1e-3 * p[1] * p[1], [2e3 * p[0], 2e-3 * p[1]]));
/// let report = Adam::new(0.1).max_iterations(1000).minimize(&f, &[1.0, 1.0])?;
/// assert!(report.point.iter().all(|x| x.abs() < 1e-3), "{report}");
/// # Ok::<(), symgrad::optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Adam {
    pace: Pace,
    beta1: f64,
    beta2: f64,
    epsilon: f64,
    stopping: Stopping,
}

impl Adam {
    /// The rate α, which must be positive; β₁ = 0.9, β₂ = 0.999, ε = 1e-8, as in the paper.
    #[must_use]
    pub fn new(rate: impl Into<Schedule>) -> Self {
        Self { pace: Pace::new(rate), beta1: 0.9, beta2: 0.999, epsilon: 1e-8, stopping: Stopping::default() }
    }

    fn validate(&self) -> Result<(), Error> {
        self.validate_moments()
    }

    fn rule(&self, start: &[f64]) -> Moments {
        let zero = vec![0.0; start.len()];
        let Self { beta1, beta2, epsilon, .. } = *self;
        Moments { beta1, beta2, epsilon, decay: 0.0, m: zero.clone(), v: zero, powers: [1.0; 2] }
    }
}

/// The running moments of the gradient, of [`Adam`] and [`AdamW`](super::AdamW).
#[derive(Debug)]
pub(super) struct Moments {
    pub beta1: f64,
    pub beta2: f64,
    pub epsilon: f64,
    /// The part of the point that decays beside the gradient's step.
    pub decay: f64,
    pub m: Vec<f64>,
    pub v: Vec<f64>,
    /// β₁ᵗ and β₂ᵗ.
    pub powers: [f64; 2],
}

impl Rule for Moments {
    fn step(&mut self, rate: f64, gradient: &[f64], point: &mut [f64]) {
        self.powers[0] *= self.beta1;
        self.powers[1] *= self.beta2;
        for ((x, g), (m, v)) in point.iter_mut().zip(gradient).zip(self.m.iter_mut().zip(&mut self.v)) {
            *m = self.beta1 * *m + (1.0 - self.beta1) * g;
            *v = self.beta2 * *v + (1.0 - self.beta2) * g * g;
            let m_hat = *m / (1.0 - self.powers[0]);
            let v_hat = *v / (1.0 - self.powers[1]);
            let step = rate * m_hat / (v_hat.sqrt() + self.epsilon);
            *x = if self.decay == 0.0 { *x - step } else { *x - rate * self.decay * *x - step };
        }
    }
}

betas_option!(Adam);
epsilon_option!(Adam, "1e-8");
stopping_options!(Adam);
first_order_methods!(Adam);
first_order_iterate!(Adam);
minimize_methods!(Adam, Objective);
