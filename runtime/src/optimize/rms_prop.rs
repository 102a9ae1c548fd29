//! `RMSProp`: rates by a running mean of squared gradients.
//!
//! Reference: T. Tieleman and G. Hinton, "Lecture 6.5: rmsprop", Neural Networks for Machine Learning, Coursera 2012.

use super::error::{fraction, positive};
use super::first_order::{Pace, Rule, first_order_iterate, first_order_methods};
use super::options::epsilon_option;
use super::run::{Progress, Run};
use super::stop::{Stopping, minimize_methods, stopping_options};
use super::{Error, Objective, Report, Schedule};
use std::ops::ControlFlow;

/// `RMSProp`: v ← ρ v + (1 − ρ) g², x ← x − α g / (√v + ε).
///
/// ```
/// use symgrad::optimize::{RmsProp, Schedule, objective};
///
/// let bowl = objective(|p: &[f64]| (1e3 * p[0] * p[0] + 1e-3 * p[1] * p[1], [2e3 * p[0], 2e-3 * p[1]]));
/// let report = RmsProp::new(Schedule::cosine(0.02, 0.0, 1000)).minimize(&bowl, &[1.0, 1.0])?;
/// assert!(report.point.iter().all(|x| x.abs() < 1e-3), "{report}");
/// # Ok::<(), symgrad::optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RmsProp {
    pace: Pace,
    rho: f64,
    epsilon: f64,
    stopping: Stopping,
}

impl RmsProp {
    /// The rate α, positive; ρ = 0.9, as in the lecture, and ε = 1e-8.
    #[must_use]
    pub fn new(rate: impl Into<Schedule>) -> Self {
        Self { pace: Pace::new(rate), rho: 0.9, epsilon: 1e-8, stopping: Stopping::default() }
    }

    /// The part ρ of the mean that is kept, at least 0 and below 1; 0.9 unless told.
    #[must_use]
    pub fn rho(mut self, rho: f64) -> Self {
        self.rho = rho;
        self
    }

    fn validate(&self) -> Result<(), Error> {
        self.pace.validate()?;
        fraction("rho", self.rho)?;
        positive("epsilon", self.epsilon)
    }

    fn rule(&self, start: &[f64]) -> MeanSquare {
        MeanSquare { rho: self.rho, epsilon: self.epsilon, mean: vec![0.0; start.len()] }
    }
}

/// The running mean of squared gradients.
#[derive(Debug)]
struct MeanSquare {
    rho: f64,
    epsilon: f64,
    mean: Vec<f64>,
}

impl Rule for MeanSquare {
    fn step(&mut self, rate: f64, gradient: &[f64], point: &mut [f64]) {
        for ((x, g), v) in point.iter_mut().zip(gradient).zip(&mut self.mean) {
            *v = self.rho * *v + (1.0 - self.rho) * g * g;
            *x -= rate * g / (v.sqrt() + self.epsilon);
        }
    }
}

epsilon_option!(RmsProp, "1e-8");
stopping_options!(RmsProp);
first_order_methods!(RmsProp);
first_order_iterate!(RmsProp);
minimize_methods!(RmsProp, Objective);
