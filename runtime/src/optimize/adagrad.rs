//! `AdaGrad`: rates that fall with the squares of all gradients so far.
//!
//! Reference: J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and stochastic
//! optimization", JMLR 12, 2011, in the diagonal form of figure 1.

use super::error::positive;
use super::first_order::{Pace, Rule, first_order_iterate, first_order_methods};
use super::options::epsilon_option;
use super::run::{Progress, Run};
use super::stop::{Stopping, minimize_methods, stopping_options};
use super::{Error, Objective, Report, Schedule};
use std::ops::ControlFlow;

/// `AdaGrad`: s ← s + g², x ← x − α g / (√s + ε).
///
/// Coordinates that seldom have a gradient keep a large rate; all rates fall as 1/√t.
///
/// ```
/// use symgrad::optimize::{AdaGrad, objective};
///
/// let bowl = objective(|p: &[f64]| (1e3 * p[0] * p[0] + 1e-3 * p[1] * p[1], [2e3 * p[0], 2e-3 * p[1]]));
/// let report = AdaGrad::new(0.5).minimize(&bowl, &[1.0, 1.0])?;
/// assert!(report.point.iter().all(|x| x.abs() < 1e-3), "{report}");
/// # Ok::<(), symgrad::optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct AdaGrad {
    pace: Pace,
    epsilon: f64,
    stopping: Stopping,
}

impl AdaGrad {
    /// The rate α, positive; ε = 1e-10.
    #[must_use]
    pub fn new(rate: impl Into<Schedule>) -> Self {
        Self { pace: Pace::new(rate), epsilon: 1e-10, stopping: Stopping::default() }
    }

    fn validate(&self) -> Result<(), Error> {
        self.pace.validate()?;
        positive("epsilon", self.epsilon)
    }

    fn rule(&self, start: &[f64]) -> Squares {
        Squares { epsilon: self.epsilon, sum: vec![0.0; start.len()] }
    }
}

/// The sum of the squares of all gradients.
#[derive(Debug)]
struct Squares {
    epsilon: f64,
    sum: Vec<f64>,
}

impl Rule for Squares {
    fn step(&mut self, rate: f64, gradient: &[f64], point: &mut [f64]) {
        for ((x, g), s) in point.iter_mut().zip(gradient).zip(&mut self.sum) {
            *s += g * g;
            *x -= rate * g / (s.sqrt() + self.epsilon);
        }
    }
}

epsilon_option!(AdaGrad, "1e-10");
stopping_options!(AdaGrad);
first_order_methods!(AdaGrad);
first_order_iterate!(AdaGrad);
minimize_methods!(AdaGrad, Objective);
