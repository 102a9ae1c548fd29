//! Adam with weights that decay by themselves.
//!
//! Reference: I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2.

use super::adam::Moments;
use super::error::{fraction, positive, require};
use super::first_order::{Pace, first_order_iterate, first_order_methods};
use super::options::{betas_option, epsilon_option};
use super::run::{Progress, Run};
use super::stop::{Stopping, minimize_methods, stopping_options};
use super::{Error, Objective, Report, Schedule};
use std::ops::ControlFlow;

/// `AdamW`: x ← x − α (m̂ / (√v̂ + ε) + λ x), with the moments of [`Adam`](super::Adam).
///
/// The decay λ pulls every weight to zero at the same relative speed, which a penalty λ/2 ‖x‖² in the objective does not,
/// for Adam divides its gradient by √v̂ as well.
///
/// ```
/// use symgrad::optimize::{AdamW, objective};
///
/// let bowl = objective(|p: &[f64]| ((p[0] - 1.0).powi(2), [2.0 * (p[0] - 1.0)]));
/// let report = AdamW::new(0.01).decay(0.1).max_iterations(2000).minimize(&bowl, &[3.0])?;
/// assert!(report.value < 0.1, "{report}");
/// # Ok::<(), symgrad::optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct AdamW {
    pace: Pace,
    beta1: f64,
    beta2: f64,
    epsilon: f64,
    decay: f64,
    stopping: Stopping,
}

impl AdamW {
    /// The rate α, positive; β₁ = 0.9, β₂ = 0.999, ε = 1e-8, λ = 0.01.
    #[must_use]
    pub fn new(rate: impl Into<Schedule>) -> Self {
        let stopping = Stopping::default();
        Self { pace: Pace::new(rate), beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.01, stopping }
    }

    /// The decay λ of the weights, not negative; 0.01 unless told.
    #[must_use]
    pub fn decay(mut self, decay: f64) -> Self {
        self.decay = decay;
        self
    }

    fn validate(&self) -> Result<(), Error> {
        self.validate_moments()?;
        require(self.decay.is_finite() && self.decay >= 0.0, "decay", self.decay, "finite and not negative")
    }

    fn rule(&self, start: &[f64]) -> Moments {
        let zero = vec![0.0; start.len()];
        let Self { beta1, beta2, epsilon, decay, .. } = *self;
        Moments { beta1, beta2, epsilon, decay, m: zero.clone(), v: zero, powers: [1.0; 2] }
    }
}

betas_option!(AdamW);
epsilon_option!(AdamW, "1e-8");
stopping_options!(AdamW);
first_order_methods!(AdamW);
first_order_iterate!(AdamW);
minimize_methods!(AdamW, Objective);
