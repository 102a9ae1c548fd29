//! When to stop, and why it stopped.

use super::error::{Error, require};
use std::fmt;

/// The criteria that all solvers share. Set by the methods of [`stopping_options`].
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stopping {
    pub max_iterations: usize,
    pub gradient_tolerance: f64,
    pub step_tolerance: Option<f64>,
    pub value_tolerance: Option<f64>,
    pub record_history: bool,
}

impl Default for Stopping {
    fn default() -> Self {
        Self {
            max_iterations: 1000,
            gradient_tolerance: 1e-8,
            step_tolerance: None,
            value_tolerance: None,
            record_history: false,
        }
    }
}

impl Stopping {
    pub fn validate(&self) -> Result<(), Error> {
        let tolerances = [
            ("gradient_tolerance", Some(self.gradient_tolerance)),
            ("step_tolerance", self.step_tolerance),
            ("value_tolerance", self.value_tolerance),
        ];
        for (option, value) in tolerances {
            let value = value.unwrap_or(0.0);
            require(value.is_finite() && value >= 0.0, option, value, "finite and not negative")?;
        }
        Ok(())
    }
}

/// Why a minimization ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StopReason {
    /// ‖∇f‖ is at most the gradient tolerance.
    GradientTolerance,
    /// The last step is at most the step tolerance, relative to max(1, ‖x‖).
    StepTolerance,
    /// The last change of the value is at most the value tolerance, relative to max(1, |f|).
    ValueTolerance,
    /// The number of iterations that was allowed has been made.
    IterationLimit,
    /// No point along the search direction satisfies the line search, to the precision of the numbers.
    /// Common at the very bottom of a minimum; elsewhere a sign of a wrong gradient, of a kink, or of an
    /// objective that is unbounded below.
    LineSearch,
    /// The next point, or the objective there, is NaN or infinite. The report has the best point before.
    NonFinite(NonFinite),
    /// The callback asked to stop.
    Callback,
}

/// What became NaN or infinite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NonFinite {
    /// The point to go to: the step has overflowed.
    Point {
        /// The first such coordinate.
        coordinate: usize,
    },
    /// The objective's value.
    Value,
    /// The objective's gradient.
    Gradient {
        /// The first such coordinate.
        coordinate: usize,
    },
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::GradientTolerance => write!(f, "gradient tolerance reached"),
            Self::StepTolerance => write!(f, "step tolerance reached"),
            Self::ValueTolerance => write!(f, "value tolerance reached"),
            Self::IterationLimit => write!(f, "iteration limit reached"),
            Self::LineSearch => write!(f, "line search could not improve"),
            Self::NonFinite(what) => write!(f, "{what} became non-finite"),
            Self::Callback => write!(f, "stopped by the callback"),
        }
    }
}

impl fmt::Display for NonFinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Point { coordinate } => write!(f, "coordinate {coordinate} of the point"),
            Self::Value => write!(f, "the objective"),
            Self::Gradient { coordinate } => write!(f, "coordinate {coordinate} of the gradient"),
        }
    }
}

/// The builder methods and `minimize`, for a solver with a field `stopping` and a method `run`.
macro_rules! stopping_options {
    ($solver:ident) => {
        impl $solver {
            /// Iterations after which to stop; 1000 unless told. With 0 the start is evaluated and returned.
            #[must_use]
            pub fn max_iterations(mut self, iterations: usize) -> Self {
                self.stopping.max_iterations = iterations;
                self
            }

            /// Stops when the Euclidean norm of the gradient is at most this; 1e-8 unless told.
            #[must_use]
            pub fn gradient_tolerance(mut self, tolerance: f64) -> Self {
                self.stopping.gradient_tolerance = tolerance;
                self
            }

            /// Stops when a step is at most this times max(1, ‖x‖); off unless told.
            #[must_use]
            pub fn step_tolerance(mut self, tolerance: f64) -> Self {
                self.stopping.step_tolerance = Some(tolerance);
                self
            }

            /// Stops when the value changes by at most this times max(1, |f|); off unless told. With momentum
            /// a value may stand still for a moment at a turning point.
            #[must_use]
            pub fn value_tolerance(mut self, tolerance: f64) -> Self {
                self.stopping.value_tolerance = Some(tolerance);
                self
            }

            /// Keeps the value at every iterate in [`Report::history`](crate::optimize::Report::history).
            #[must_use]
            pub fn record_history(mut self, record: bool) -> Self {
                self.stopping.record_history = record;
                self
            }

            /// Minimizes `objective` from `start`.
            ///
            /// # Errors
            ///
            /// If `start` is empty or not finite, if the objective or its gradient is not finite there, if the
            /// gradient's length is not the point's, or if an option is out of range.
            pub fn minimize<O>(&self, objective: &O, start: &[f64]) -> Result<Report, Error>
            where
                O: Objective + ?Sized,
            {
                self.minimize_with(objective, start, |_| ControlFlow::Continue(()))
            }

            /// Minimizes `objective` from `start` and shows every iterate, the start included, to `callback`,
            /// which may stop the run with [`ControlFlow::Break`].
            ///
            /// # Errors
            ///
            /// As [`minimize`](Self::minimize).
            pub fn minimize_with<O, C>(&self, objective: &O, start: &[f64], callback: C) -> Result<Report, Error>
            where
                O: Objective + ?Sized,
                C: FnMut(&Progress<'_>) -> ControlFlow<()>,
            {
                self.validate()?;
                let mut run = Run::begin(objective, start, &self.stopping, callback)?;
                self.iterate(&mut run)?;
                run.finish()
            }
        }
    };
}
pub(super) use stopping_options;
