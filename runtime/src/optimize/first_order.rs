//! What the first-order methods share: one step from a gradient, at a rate that a schedule gives, with clipping.
//!
//! Input: a solver's [`Rule`] and [`Pace`]. Output: [`Updates`], the steps one after another; a solver's `iterate` is a
//! loop over them, and so are mini-batches.
//! Invariant: a rule sees finite gradients of the length of the start.

use super::Error;
use super::error::positive;
use super::schedule::Schedule;
use super::stop::Stopping;
use super::vector::norm;

/// One step of a method.
pub trait Rule: std::fmt::Debug {
    /// Moves the point by one step at this rate.
    fn step(&mut self, rate: f64, gradient: &[f64], point: &mut [f64]);
}

/// How fast to go: the schedule of the rate, and what of a gradient is believed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pace {
    pub schedule: Schedule,
    pub largest_value: Option<f64>,
    pub largest_norm: Option<f64>,
}

impl Pace {
    pub fn new(schedule: impl Into<Schedule>) -> Self {
        Self { schedule: schedule.into(), largest_value: None, largest_norm: None }
    }

    pub fn validate(&self) -> Result<(), Error> {
        self.schedule.validate()?;
        positive("clip_values", self.largest_value.unwrap_or(1.0))?;
        positive("clip_norm", self.largest_norm.unwrap_or(1.0))
    }

    /// Clips by value, then by norm.
    fn clip(&self, gradient: &mut [f64]) {
        if let Some(limit) = self.largest_value {
            gradient.iter_mut().for_each(|g| *g = g.clamp(-limit, limit));
        }
        if let Some(limit) = self.largest_norm {
            let size = norm(gradient);
            if size > limit {
                gradient.iter_mut().for_each(|g| *g *= limit / size);
            }
        }
    }
}

/// A method whose steps need a gradient and nothing else: what [`MiniBatch`](super::MiniBatch) can use, and a training loop
/// of one's own. All solvers of the module with a rate implement it.
pub trait FirstOrder: sealed::Sealed {
    /// The steps from a start, one after another.
    ///
    /// ```
    /// use symgrad::optimize::{Adam, FirstOrder};
    ///
    /// let mut weights = [1.0, -2.0];
    /// let mut updates = Adam::new(0.1).updates(&weights);
    /// for _ in 0..200 {
    ///     let gradient = [2.0 * weights[0], 2.0 * weights[1]];
    ///     updates.apply(&gradient, &mut weights);
    /// }
    /// assert!(weights.iter().all(|w| w.abs() < 0.05));
    /// ```
    fn updates(&self, start: &[f64]) -> Updates;
}

pub(super) mod sealed {
    use super::{Error, Stopping};

    pub trait Sealed {
        fn stopping(&self) -> &Stopping;
        fn check_options(&self) -> Result<(), Error>;
    }
}

/// The steps of a first-order method: its memory, the schedule, the clipping.
#[derive(Debug)]
pub struct Updates {
    pace: Pace,
    rule: Box<dyn Rule>,
    steps: usize,
    clipped: Vec<f64>,
}

impl Updates {
    pub(super) fn new(pace: &Pace, rule: impl Rule + 'static) -> Self {
        Self { pace: pace.clone(), rule: Box::new(rule), steps: 0, clipped: Vec::new() }
    }

    /// Moves `point` by one step, by a gradient of as many numbers; a longer or shorter gradient moves what both have.
    pub fn apply(&mut self, gradient: &[f64], point: &mut [f64]) {
        self.clipped.clear();
        self.clipped.extend_from_slice(gradient);
        self.clipped.resize(point.len(), 0.0);
        self.pace.clip(&mut self.clipped);
        self.rule.step(self.pace.schedule.rate(self.steps), &self.clipped, point);
        self.steps += 1;
    }
}

/// Options, steps and the loop of a first-order solver, whose fields are `pace` and `stopping`, and which has the methods
/// `rule`, for the memory of its steps, and `validate`.
macro_rules! first_order_methods {
    ($solver:ident) => {
        impl $solver {
            /// Clips each coordinate of the gradient to ±`limit`, positive; off unless told.
            #[must_use]
            pub fn clip_values(mut self, limit: f64) -> Self {
                self.pace.largest_value = Some(limit);
                self
            }

            /// Shortens gradients whose Euclidean norm exceeds `limit`, positive, to this norm (R. Pascanu, T. Mikolov and
            /// Y. Bengio, "On the difficulty of training recurrent neural networks", ICML 2013, algorithm 1); off unless
            /// told. Clipping by value comes before.
            #[must_use]
            pub fn clip_norm(mut self, limit: f64) -> Self {
                self.pace.largest_norm = Some(limit);
                self
            }
        }

        impl crate::optimize::first_order::sealed::Sealed for $solver {
            fn stopping(&self) -> &Stopping {
                &self.stopping
            }

            fn check_options(&self) -> Result<(), Error> {
                self.validate()
            }
        }

        impl crate::optimize::FirstOrder for $solver {
            fn updates(&self, start: &[f64]) -> crate::optimize::Updates {
                crate::optimize::Updates::new(&self.pace, self.rule(start))
            }
        }
    };
}
pub(super) use first_order_methods;

/// The loop of a solver that does nothing but step.
macro_rules! first_order_iterate {
    ($solver:ident) => {
        impl $solver {
            fn iterate<O, C>(&self, run: &mut Run<'_, O, C>) -> Result<(), crate::optimize::run::Halt>
            where
                O: Objective + ?Sized,
                C: FnMut(&Progress<'_>) -> ControlFlow<()>,
            {
                let mut updates = crate::optimize::FirstOrder::updates(self, run.point());
                let mut next = run.point().to_vec();
                while run.goes_on() {
                    next.copy_from_slice(run.point());
                    updates.apply(run.gradient(), &mut next);
                    run.move_to(&next)?;
                }
                Ok(())
            }
        }
    };
}
pub(super) use first_order_iterate;
