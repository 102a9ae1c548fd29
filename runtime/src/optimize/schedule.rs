//! How the rate of a first-order method changes from step to step.

use super::Error;
use super::error::{inner_fraction, positive, require};
use std::f64::consts::PI;

/// The rate at each step of a first-order method. A number is a constant one, so that `Adam::new(0.01)` will do. A step is an
/// iteration, and with [`MiniBatch`](super::MiniBatch) a batch.
///
/// ```
/// use symgrad::optimize::Schedule;
///
/// let schedule = Schedule::cosine(0.1, 0.0, 100).warm_up(10);
/// assert_eq!((schedule.rate(0), schedule.rate(9), schedule.rate(1000)), (0.01, 0.1, 0.0));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    first: f64,
    shape: Shape,
    warm_up: usize,
}

#[derive(Debug, Clone, PartialEq)]
enum Shape {
    Constant,
    Step { every: usize, factor: f64 },
    Exponential { factor: f64 },
    Cosine { last: f64, over: usize },
}

impl From<f64> for Schedule {
    fn from(rate: f64) -> Self {
        Self::constant(rate)
    }
}

impl Schedule {
    /// The same rate at every step.
    #[must_use]
    pub fn constant(rate: f64) -> Self {
        Self { first: rate, shape: Shape::Constant, warm_up: 0 }
    }

    /// `rate · factor^⌊t / every⌋`, with a factor between 0 and 1.
    #[must_use]
    pub fn step(rate: f64, every: usize, factor: f64) -> Self {
        Self { first: rate, shape: Shape::Step { every, factor }, warm_up: 0 }
    }

    /// `rate · factorᵗ`, with a factor between 0 and 1.
    #[must_use]
    pub fn exponential(rate: f64, factor: f64) -> Self {
        Self { first: rate, shape: Shape::Exponential { factor }, warm_up: 0 }
    }

    /// `last + ½ (rate − last) (1 + cos(π t / over))`, and `last` after `over` steps (I. Loshchilov and F. Hutter, "SGDR:
    /// stochastic gradient descent with warm restarts", ICLR 2017, equation 5).
    #[must_use]
    pub fn cosine(rate: f64, last: f64, over: usize) -> Self {
        Self { first: rate, shape: Shape::Cosine { last, over }, warm_up: 0 }
    }

    /// Lets the rate grow from `rate / steps` in equal parts over the first steps; the rest of the schedule begins when it
    /// is reached.
    #[must_use]
    pub fn warm_up(mut self, steps: usize) -> Self {
        self.warm_up = steps;
        self
    }

    /// The rate of step t, counted from 0.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "a count of steps")]
    pub fn rate(&self, step: usize) -> f64 {
        if step + 1 < self.warm_up {
            return self.first * (step + 1) as f64 / self.warm_up as f64;
        }
        let t = (step + 1).saturating_sub(self.warm_up.max(1));
        match self.shape {
            Shape::Constant => self.first,
            Shape::Step { every, factor } => self.first * factor.powf((t / every.max(1)) as f64),
            Shape::Exponential { factor } => self.first * factor.powf(t as f64),
            Shape::Cosine { last, over } if t >= over => last,
            Shape::Cosine { last, over } => {
                last + 0.5 * (self.first - last) * (1.0 + (PI * t as f64 / over as f64).cos())
            }
        }
    }

    pub(super) fn validate(&self) -> Result<(), Error> {
        positive("rate", self.first)?;
        match self.shape {
            Shape::Constant => Ok(()),
            Shape::Step { every, factor } => {
                require(every > 0, "every", 0.0, "at least 1")?;
                inner_fraction("factor", factor)
            }
            Shape::Exponential { factor } => inner_fraction("factor", factor),
            Shape::Cosine { last, over } => {
                require(over > 0, "over", 0.0, "at least 1")?;
                require(last.is_finite() && last >= 0.0, "last", last, "finite and not negative")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Schedule;

    #[test]
    fn rates_follow_their_formulas() {
        let halving = Schedule::step(0.8, 3, 0.5);
        assert_eq!([0, 2, 3, 5, 6].map(|t| halving.rate(t)), [0.8, 0.8, 0.4, 0.4, 0.2]);
        let decay = Schedule::exponential(0.5, 0.9);
        assert!((decay.rate(3) - 0.5 * 0.729).abs() < 1e-15);
        let cosine = Schedule::cosine(1.0, 0.2, 10);
        assert!((cosine.rate(5) - 0.6).abs() < 1e-15 && cosine.rate(10) == 0.2 && cosine.rate(99) == 0.2);
        assert_eq!(Schedule::from(0.3).rate(1_000_000), 0.3);
    }

    #[test]
    fn a_warm_up_ends_at_the_first_rate_and_shifts_the_rest() {
        let schedule = Schedule::exponential(1.0, 0.5).warm_up(4);
        assert_eq!([0, 1, 2, 3, 4, 5].map(|t| schedule.rate(t)), [0.25, 0.5, 0.75, 1.0, 0.5, 0.25]);
    }

    #[test]
    fn unusable_schedules_are_refused() {
        for schedule in [
            Schedule::constant(0.0),
            Schedule::constant(f64::NAN),
            Schedule::step(1.0, 0, 0.5),
            Schedule::step(1.0, 1, 1.5),
            Schedule::exponential(1.0, 0.0),
            Schedule::cosine(1.0, -1.0, 5),
            Schedule::cosine(1.0, 0.0, 0),
        ] {
            assert!(schedule.validate().is_err(), "{schedule:?}");
        }
    }
}
