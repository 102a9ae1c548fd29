//! When to stop, and why it stopped.

use super::bounds::Bounds;
use super::error::{Error, require};
use std::fmt;
use std::time::Duration;

/// The criteria that all solvers share. Set by the methods of [`stopping_options`].
#[derive(Debug, Clone, PartialEq)]
pub struct Stopping {
    pub max_iterations: usize,
    pub max_evaluations: Option<usize>,
    pub max_time: Option<Duration>,
    pub gradient_tolerance: f64,
    /// Of fits alone: ‖Q₁ᵀr‖ / ‖r‖.
    pub offset_tolerance: Option<f64>,
    pub step_tolerance: Option<f64>,
    pub value_tolerance: Option<f64>,
    pub record_history: bool,
    /// Of L-BFGS alone: the box to stay in.
    pub bounds: Option<Bounds>,
}

impl Default for Stopping {
    fn default() -> Self {
        Self {
            max_iterations: 1000,
            max_evaluations: None,
            max_time: None,
            gradient_tolerance: 1e-8,
            offset_tolerance: None,
            step_tolerance: None,
            value_tolerance: None,
            record_history: false,
            bounds: None,
        }
    }
}

impl Stopping {
    /// Of a fit, the units of the gradient say nothing: it stops by its relative offset.
    pub fn for_fits() -> Self {
        Self { gradient_tolerance: 0.0, offset_tolerance: Some(1e-10), ..Self::default() }
    }

    pub fn validate(&self) -> Result<(), Error> {
        if let Some(bounds) = &self.bounds {
            bounds.validate()?;
        }
        let tolerances = [
            ("gradient_tolerance", Some(self.gradient_tolerance)),
            ("step_tolerance", self.step_tolerance),
            ("value_tolerance", self.value_tolerance),
            ("offset_tolerance", self.offset_tolerance),
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
    /// Of a fit, the relative offset is at most its tolerance: the residuals are orthogonal to what the parameters
    /// can change (D. M. Bates and D. G. Watts, Technometrics 23(2), 1981).
    OffsetTolerance,
    /// The decrease that the model of the next step promises is below the round-off of the value: there is nothing
    /// more to gain.
    RoundOff,
    /// The number of iterations that was allowed has been made.
    IterationLimit,
    /// The number of evaluations that was allowed has been made.
    EvaluationLimit,
    /// The time that was allowed has passed.
    TimeLimit,
    /// No point along the search direction satisfies the line search, to the precision of the numbers.
    /// Common at the very bottom of a minimum; elsewhere a sign of a wrong gradient, of a kink, or of an
    /// objective that is unbounded below.
    LineSearch,
    /// However short, no step that the model proposes lowers the value: a sign of wrong derivatives or of a kink.
    TrustRegion,
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
    /// The objective's Hessian.
    Hessian {
        /// The row of the first such entry.
        row: usize,
        /// Its column.
        column: usize,
    },
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::GradientTolerance => write!(f, "gradient tolerance reached"),
            Self::StepTolerance => write!(f, "step tolerance reached"),
            Self::ValueTolerance => write!(f, "value tolerance reached"),
            Self::OffsetTolerance => write!(f, "offset tolerance reached"),
            Self::RoundOff => write!(f, "precision of the numbers reached"),
            Self::EvaluationLimit => write!(f, "evaluation limit reached"),
            Self::TimeLimit => write!(f, "time limit reached"),
            Self::TrustRegion => write!(f, "no step of the trust region could improve"),
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
            Self::Hessian { row, column } => write!(f, "entry ({row}, {column}) of the Hessian"),
        }
    }
}

/// The builder methods, for a solver with a field `stopping`.
macro_rules! stopping_options {
    ($solver:ident) => {
        impl $solver {
            /// Iterations after which to stop; 1000 unless told. With 0 the start is evaluated and returned.
            #[must_use]
            pub fn max_iterations(mut self, iterations: usize) -> Self {
                self.stopping.max_iterations = iterations;
                self
            }

            /// Evaluations, of the value alone and with derivatives together, of which no more are made, be it within a line
            /// search; no limit unless told. The start is evaluated in any case. One may be left unused, if another could have
            /// been needed for the derivatives at the best point.
            #[must_use]
            pub fn max_evaluations(mut self, evaluations: usize) -> Self {
                self.stopping.max_evaluations = Some(evaluations);
                self
            }

            /// The time after which no trial begins, be it within a line search; no limit unless told. If the best point is a
            /// trial of which only the value is known, its gradient follows. With it, runs are not reproducible.
            #[must_use]
            pub fn max_time(mut self, time: std::time::Duration) -> Self {
                self.stopping.max_time = Some(time);
                self
            }

            /// Stops when the Euclidean norm of the gradient is at most this; 1e-8 unless told, and 0 for fits.
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
        }
    };
}
pub(super) use stopping_options;

/// `minimize`, for a solver with methods `validate` and `iterate`.
macro_rules! minimize_methods {
    ($solver:ident, $objective:ident) => {
        impl $solver {
            /// Minimizes `objective` from `start`.
            ///
            /// # Errors
            ///
            /// If `start` is empty or not finite, or not of the objective's dimension, if the objective or its
            /// derivatives are not finite there or of another length than the point, or if an option is out of range.
            pub fn minimize<O>(&self, objective: &O, start: &[f64]) -> Result<Report, Error>
            where
                O: $objective + ?Sized,
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
                O: $objective + ?Sized,
                C: FnMut(&Progress<'_>) -> ControlFlow<()>,
            {
                self.validate()?;
                let mut run = Run::begin(objective, start, &self.stopping, callback)?;
                let iterated = self.iterate(&mut run);
                run.finish_after(iterated)
            }
        }
    };
}
pub(super) use minimize_methods;

/// `minimize` of least squares, likewise.
macro_rules! fit_methods {
    ($solver:ident) => {
        impl $solver {
            /// Stops when ‖Q₁ᵀr‖ / ‖r‖ is at most this, where Q₁ spans what the parameters can change of the residuals;
            /// 1e-10 unless told. It has no units: no parameter is then farther from the minimum than this part of its
            /// standard deviation, times √(m − n).
            #[must_use]
            pub fn offset_tolerance(mut self, tolerance: f64) -> Self {
                self.stopping.offset_tolerance = Some(tolerance);
                self
            }

            /// Minimizes ½ ‖r‖² from `start`.
            ///
            /// # Errors
            ///
            /// If `start` is empty or not finite, or not of the problem's dimension, if there are no residuals, if they
            /// or their Jacobian are not finite there, if lengths do not fit, or if an option is out of range.
            pub fn minimize<P>(&self, problem: &P, start: &[f64]) -> Result<Fit, Error>
            where
                P: Residuals + ?Sized,
            {
                self.minimize_with(problem, start, |_| ControlFlow::Continue(()))
            }

            /// Minimizes ½ ‖r‖² from `start` and shows every iterate, the start included, to `callback`, which may stop
            /// the run with [`ControlFlow::Break`].
            ///
            /// # Errors
            ///
            /// As [`minimize`](Self::minimize).
            pub fn minimize_with<P, C>(&self, problem: &P, start: &[f64], callback: C) -> Result<Fit, Error>
            where
                P: Residuals + ?Sized,
                C: FnMut(&Progress<'_>) -> ControlFlow<()>,
            {
                self.validate()?;
                let squares = Squares::new(problem)?;
                let begun = Run::begin(&squares, start, &self.stopping, callback);
                let mut run = begun.map_err(|error| squares.blame(error))?;
                run.reserve();
                let iterated = self.iterate(&squares, &mut run);
                Fit::new(&squares, run.finish_after(iterated)?)
            }
        }
    };
}
pub(super) use fit_methods;
