//! Adam: a rate per coordinate, from running moments of the gradient.
//!
//! Reference: D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1.

use super::error::{fraction, positive};
use super::run::{Progress, Run};
use super::stop::{Stopping, minimize_methods, stopping_options};
use super::{Error, Objective, Report};
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
    rate: f64,
    beta1: f64,
    beta2: f64,
    epsilon: f64,
    stopping: Stopping,
}

impl Adam {
    /// The rate α, which must be positive; β₁ = 0.9, β₂ = 0.999, ε = 1e-8, as in the paper.
    #[must_use]
    pub fn new(rate: f64) -> Self {
        Self { rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, stopping: Stopping::default() }
    }

    /// The decay of the two moments, each at least 0 and below 1; 0.9 and 0.999 unless told.
    #[must_use]
    pub fn betas(mut self, beta1: f64, beta2: f64) -> Self {
        (self.beta1, self.beta2) = (beta1, beta2);
        self
    }

    /// The term ε that keeps the division finite, positive; 1e-8 unless told.
    #[must_use]
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.epsilon = epsilon;
        self
    }

    fn validate(&self) -> Result<(), Error> {
        positive("rate", self.rate)?;
        fraction("beta1", self.beta1)?;
        fraction("beta2", self.beta2)?;
        positive("epsilon", self.epsilon)
    }

    fn iterate<O, C>(&self, run: &mut Run<'_, O, C>) -> Result<(), Error>
    where
        O: Objective + ?Sized,
        C: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        let Self { rate, beta1, beta2, epsilon, .. } = *self;
        let mut m = vec![0.0; run.point().len()];
        let (mut v, mut next) = (m.clone(), m.clone());
        let (mut beta1_t, mut beta2_t) = (1.0, 1.0);
        while run.goes_on() {
            beta1_t *= beta1;
            beta2_t *= beta2;
            let (point, gradient) = (run.point(), run.gradient());
            for i in 0..next.len() {
                let g = gradient[i];
                m[i] = beta1 * m[i] + (1.0 - beta1) * g;
                v[i] = beta2 * v[i] + (1.0 - beta2) * g * g;
                let m_hat = m[i] / (1.0 - beta1_t);
                let v_hat: f64 = v[i] / (1.0 - beta2_t);
                next[i] = point[i] - rate * m_hat / (v_hat.sqrt() + epsilon);
            }
            run.move_to(&next)?;
        }
        Ok(())
    }
}

stopping_options!(Adam);
minimize_methods!(Adam, Objective);
