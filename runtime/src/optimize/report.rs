//! The result of a minimization, the same for every solver.

use super::gradients::Gradients;
use super::run::Evaluated;
use super::stop::{StopReason, Stopping};
use super::trend::Trend;
use super::vector::norm;
use std::fmt;
use std::time::Duration;

/// The result of a minimization. Prints as a short table with each criterion against its tolerance.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// The best point at which the objective was evaluated.
    pub point: Vec<f64>,
    /// The objective there.
    pub value: f64,
    /// The gradient there.
    pub gradient: Vec<f64>,
    /// The Euclidean norm of the gradient there.
    pub gradient_norm: f64,
    /// Steps made.
    pub iterations: usize,
    /// Evaluations of the value alone.
    pub value_evaluations: usize,
    /// Evaluations of the value together with the gradient.
    pub gradient_evaluations: usize,
    /// Why the run ended.
    pub reason: StopReason,
    /// Whether the last steps zigzagged or climbed.
    pub trend: Trend,
    /// How large the gradients were on the way, and which coordinates had none.
    pub gradients: Gradients,
    /// The stopping criteria at the last iterate, which need not be the best point.
    pub criteria: Criteria,
    /// The value at each iterate, the start first; empty unless it was asked for.
    pub history: Vec<f64>,
}

impl Report {
    /// Whether a tolerance was reached: of the gradient, the step, the value or the offset, or the end of the precision.
    #[must_use]
    pub fn converged(&self) -> bool {
        use StopReason::{GradientTolerance, OffsetTolerance, RoundOff, StepTolerance, ValueTolerance};
        matches!(self.reason, GradientTolerance | StepTolerance | ValueTolerance | OffsetTolerance | RoundOff)
    }
}

/// What is measured at each iterate, with the tolerance it is held against.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Criteria {
    /// The objective.
    pub value: f64,
    /// ‖∇f‖.
    pub gradient_norm: f64,
    /// Its tolerance.
    pub gradient_tolerance: f64,
    /// The last step, ‖Δx‖ / max(1, ‖x‖); none before the first.
    pub step: Option<f64>,
    /// Its tolerance, if one was set.
    pub step_tolerance: Option<f64>,
    /// The last change of the value, |Δf| / max(1, |f|); none before the first step.
    pub value_change: Option<f64>,
    /// Its tolerance, if one was set.
    pub value_tolerance: Option<f64>,
    /// Of a fit, the relative offset ‖Q₁ᵀr‖ / ‖r‖.
    pub offset: Option<f64>,
    /// Its tolerance.
    pub offset_tolerance: Option<f64>,
    /// The limit of iterations.
    pub max_iterations: usize,
    /// The limit of evaluations, if one was set.
    pub max_evaluations: Option<usize>,
    /// The time that the run took, and its limit, if one was set: it is not measured otherwise.
    pub time: Option<(Duration, Duration)>,
}

impl Criteria {
    pub(super) fn new(stopping: &Stopping, value: f64, gradient_norm: f64) -> Self {
        Self {
            value,
            gradient_norm,
            gradient_tolerance: stopping.gradient_tolerance,
            step: None,
            step_tolerance: stopping.step_tolerance,
            value_change: None,
            value_tolerance: stopping.value_tolerance,
            offset: None,
            offset_tolerance: stopping.offset_tolerance,
            max_iterations: stopping.max_iterations,
            max_evaluations: stopping.max_evaluations,
            time: None,
        }
    }

    pub(super) fn update(&mut self, gradient_norm: f64, step_norm: f64, next: &Evaluated, previous_value: f64) {
        self.value = next.value;
        self.gradient_norm = gradient_norm;
        self.step = Some(step_norm / norm(&next.point).max(1.0));
        self.value_change = Some((next.value - previous_value).abs() / next.value.abs().max(1.0));
    }

    /// The first criterion that is met, in the order in which they are declared.
    pub(super) fn met(&self) -> Option<StopReason> {
        let within = |measure: Option<f64>, tolerance: Option<f64>| matches!((measure, tolerance), (Some(measure), Some(tolerance)) if measure <= tolerance);
        if self.gradient_norm <= self.gradient_tolerance {
            Some(StopReason::GradientTolerance)
        } else if within(self.step, self.step_tolerance) {
            Some(StopReason::StepTolerance)
        } else if within(self.value_change, self.value_tolerance) {
            Some(StopReason::ValueTolerance)
        } else if within(self.offset, self.offset_tolerance) {
            Some(StopReason::OffsetTolerance)
        } else {
            None
        }
    }
}

/// Coordinates of the point that are printed.
const SHOWN: usize = 6;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.iterations == 1 { "" } else { "s" };
        writeln!(f, "{} after {} iteration{plural}", self.reason, self.iterations)?;
        writeln!(f, "  value          {:.9e}", self.value)?;
        write!(f, "  point          [")?;
        for (i, x) in self.point.iter().take(SHOWN).enumerate() {
            write!(f, "{}{x:.9}", if i == 0 { "" } else { ", " })?;
        }
        match self.point.len().checked_sub(SHOWN) {
            Some(more @ 1..) => writeln!(f, ", … {more} more]")?,
            _ => writeln!(f, "]")?,
        }
        writeln!(f, "  ‖gradient‖     {:.3e}", self.gradient_norm)?;
        writeln!(f, "  evaluations    {} value, {} gradient", self.value_evaluations, self.gradient_evaluations)?;
        write!(f, "{}", self.criteria)?;
        writeln!(f, "    {:<12} {:>10}  limit {}", "iterations", self.iterations, self.criteria.max_iterations)?;
        if let Some(limit) = self.criteria.max_evaluations {
            let made = self.value_evaluations + self.gradient_evaluations;
            writeln!(f, "    {:<12} {made:>10}  limit {limit}", "evaluations")?;
        }
        if let Some((spent, limit)) = self.criteria.time {
            writeln!(f, "    {:<12} {:>10}  limit {limit:?}", "time", format!("{spent:.3?}"))?;
        }
        if self.trend != Trend::Steady && !self.converged() {
            writeln!(f, "  note           {}", self.trend)?;
        }
        write!(f, "{}", self.gradients)
    }
}

impl fmt::Display for Criteria {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut criteria = vec![
            ("‖gradient‖", Some(self.gradient_norm), Some(self.gradient_tolerance)),
            ("step", self.step, self.step_tolerance),
            ("value change", self.value_change, self.value_tolerance),
        ];
        if self.offset_tolerance.is_some() {
            criteria.push(("offset", self.offset, self.offset_tolerance));
        }
        writeln!(f, "  at the last iterate")?;
        writeln!(f, "    {:<12} {:>10.3e}", "value", self.value)?;
        for (name, measure, tolerance) in criteria {
            let measured = measure.map_or("-".to_string(), |m| format!("{m:.3e}"));
            match tolerance {
                Some(tolerance) => {
                    let met = measure.is_some_and(|m| m <= tolerance);
                    writeln!(
                        f,
                        "    {name:<12} {measured:>10}  tolerance {tolerance:.1e}{}",
                        if met { ", met" } else { "" }
                    )?;
                }
                None => writeln!(f, "    {name:<12} {measured:>10}  no tolerance")?,
            }
        }
        Ok(())
    }
}
