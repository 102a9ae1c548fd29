//! Gradient descent: against the gradient, at a fixed rate or at one found by backtracking.
//!
//! Reference: Nocedal and Wright, *Numerical Optimization*, 2nd edition, algorithm 3.1 (backtracking) and
//! equation 3.4 (Armijo's sufficient decrease).

use super::error::{inner_fraction, positive};
use super::first_order::{Pace, Rule, first_order_methods};
use super::run::{Halt, Progress, Run};
use super::stop::{StopReason, Stopping, minimize_methods, stopping_options};
use super::vector::norm;
use super::{Error, FirstOrder, Objective, Report, Schedule};
use std::ops::ControlFlow;

/// Gradient descent: x ← x − α ∇f(x).
///
/// With a fixed rate it converges on a function whose curvature is at most L if α < 2/L; above, it oscillates
/// or diverges, and the report's [`trend`](Report::trend) says so. With backtracking the rate is found anew
/// at every step.
///
/// ```
/// use symgrad::optimize::{GradientDescent, StopReason, Trend, objective};
///
/// let bowl = objective(|p: &[f64]| (p[0] * p[0] + 2.0 * p[1] * p[1], [2.0 * p[0], 4.0 * p[1]]));
///
/// let report = GradientDescent::new(0.1).max_iterations(25).minimize(&bowl, &[2.6, 2.2])?;
/// assert_eq!(report.reason, StopReason::IterationLimit);
/// assert!((report.point[0] - 2.6 * 0.8_f64.powi(25)).abs() < 1e-12);
///
/// let report = GradientDescent::new(0.6).max_iterations(25).minimize(&bowl, &[2.6, 2.2])?;
/// assert_eq!(report.trend, Trend::Diverging);
///
/// let report = GradientDescent::backtracking().minimize(&bowl, &[2.6, 2.2])?;
/// assert!(report.converged(), "{report}");
/// # Ok::<(), symgrad::optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GradientDescent {
    pace: Pace,
    backtracking: Option<Backtracking>,
    stopping: Stopping,
}

/// How a rate is sought at every step.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Backtracking {
    first_rate: f64,
    shrink: f64,
    sufficient_decrease: f64,
}

impl GradientDescent {
    /// Gradient descent with the rate α, which must be positive, or with a schedule of rates.
    #[must_use]
    pub fn new(rate: impl Into<Schedule>) -> Self {
        Self { pace: Pace::new(rate), backtracking: None, stopping: Stopping::default() }
    }

    /// Gradient descent with backtracking: the rate starts at twice the last accepted one (1 at first) and is
    /// halved until f(x − α∇f) ≤ f(x) − 1e-4 α ‖∇f‖².
    ///
    /// Trials ask for the value alone, see [`FromCompanion::with_value`](super::FromCompanion::with_value).
    #[must_use]
    pub fn backtracking() -> Self {
        Self::backtracking_from(1.0, 0.5, 1e-4)
    }

    /// Backtracking from the rate `first`, by the factor `shrink`, until the decrease is at least the part
    /// `sufficient` of what the gradient promises; 1, 0.5 and 1e-4 in
    /// [`backtracking`](Self::backtracking). The factors must lie between 0 and 1. Gradients are not clipped then, and
    /// mini-batches use the first rate.
    #[must_use]
    pub fn backtracking_from(first: f64, shrink: f64, sufficient: f64) -> Self {
        let backtracking = Backtracking { first_rate: first, shrink, sufficient_decrease: sufficient };
        Self { pace: Pace::new(first), backtracking: Some(backtracking), stopping: Stopping::default() }
    }

    fn validate(&self) -> Result<(), Error> {
        if let Some(Backtracking { first_rate, shrink, sufficient_decrease }) = self.backtracking {
            positive("first_rate", first_rate)?;
            inner_fraction("shrink", shrink)?;
            inner_fraction("sufficient_decrease", sufficient_decrease)?;
        }
        self.pace.validate()
    }

    #[allow(clippy::unused_self, reason = "as for rules with a memory")]
    fn rule(&self, _start: &[f64]) -> Descent {
        Descent
    }

    fn iterate<O, C>(&self, run: &mut Run<'_, O, C>) -> Result<(), Halt>
    where
        O: Objective + ?Sized,
        C: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        let Some(Backtracking { first_rate, shrink, sufficient_decrease }) = self.backtracking else {
            let mut updates = self.updates(run.point());
            while run.goes_on() {
                let mut next = run.point().to_vec();
                updates.apply(run.gradient(), &mut next);
                run.move_to(&next)?;
            }
            return Ok(());
        };
        let mut rate = first_rate;
        while run.goes_on() {
            let (accepted, next) = backtrack(run, rate, shrink, sufficient_decrease)?;
            run.move_to(&next)?;
            rate = (2.0 * accepted).min(f64::MAX);
        }
        Ok(())
    }
}

/// Descent has no memory.
#[derive(Debug)]
struct Descent;

impl Rule for Descent {
    fn step(&mut self, rate: f64, gradient: &[f64], point: &mut [f64]) {
        point.iter_mut().zip(gradient).for_each(|(x, g)| *x -= rate * g);
    }
}

stopping_options!(GradientDescent);
first_order_methods!(GradientDescent);
minimize_methods!(GradientDescent, Objective);

fn downhill(point: &[f64], gradient: &[f64], rate: f64) -> Vec<f64> {
    point.iter().zip(gradient).map(|(x, g)| x - rate * g).collect()
}

/// The first rate of sufficient decrease, with its point; the run is over if the step vanishes before.
fn backtrack<O, C>(run: &mut Run<'_, O, C>, first: f64, shrink: f64, sufficient: f64) -> Result<(f64, Vec<f64>), Halt>
where
    O: Objective + ?Sized,
    C: FnMut(&Progress<'_>) -> ControlFlow<()>,
{
    let steepness = norm(run.gradient());
    let mut rate = first;
    loop {
        let next = downhill(run.point(), run.gradient(), rate);
        if next == run.point() {
            return Err(Halt::Over(StopReason::LineSearch));
        }
        // In this order the product overflows only if the decrease does.
        let promised = sufficient * (rate * steepness) * steepness;
        if run.try_value(&next)? <= run.value() - promised {
            return Ok((rate, next));
        }
        rate *= shrink;
    }
}
