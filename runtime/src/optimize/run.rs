//! The frame of every solver: evaluates, keeps the best point, counts, and decides when to stop.
//!
//! A solver is a loop `while run.goes_on() { …; run.move_to(&next)?; }` that computes `next` from
//! [`Run::point`] and [`Run::gradient`].
//!
//! Invariants: the current iterate and the best point are finite in point, value and gradient. No evaluation begins that a
//! limit forbids, wherever a solver asks for it: [`Halt`] then leads out of its searches.

use super::gradients::Gradients;
use super::report::{Criteria, Report};
use super::stop::{NonFinite, StopReason, Stopping};
use super::trend::Watch;
use super::vector::{first_non_finite, norm};
use super::{Error, Objective, TwiceDifferentiable};
use std::ops::ControlFlow;
use std::time::Instant;

/// What a callback sees of an iterate.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// Steps made so far; 0 at the start.
    pub iteration: usize,
    /// The iterate.
    pub point: &'a [f64],
    /// The objective there.
    pub value: f64,
    /// Its gradient there.
    pub gradient: &'a [f64],
    /// The Euclidean norm of the gradient.
    pub gradient_norm: f64,
}

/// What leads out of a solver's loops at once.
#[derive(Debug, Clone, Copy)]
pub(super) enum Halt {
    /// There is no report.
    Failed(Error),
    /// The run is over, for this reason.
    Over(StopReason),
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Wishes that processes agree about: the time is up.
const TIME: u32 = 1;
/// The callback wants to stop, which goes first.
const CALLBACK: u32 = 2;

/// An evaluated point.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Evaluated {
    pub point: Vec<f64>,
    pub value: f64,
    pub gradient: Vec<f64>,
}

/// A minimization under way.
pub(super) struct Run<'a, O: ?Sized, C> {
    objective: &'a O,
    stopping: &'a Stopping,
    callback: C,
    current: Evaluated,
    criteria: Criteria,
    best: Best,
    /// The lowest point of which only the value is known, with that value.
    unconfirmed: Option<(Vec<f64>, f64)>,
    start_value: f64,
    iterations: usize,
    value_evaluations: usize,
    gradient_evaluations: usize,
    watch: Watch,
    gradients: Gradients,
    reason: Option<StopReason>,
    history: Vec<f64>,
    /// When the run began, if its time is limited.
    began: Option<Instant>,
    /// Evaluations with derivatives that are to be left for when the run has ended.
    reserved: usize,
}

impl<'a, O, C> Run<'a, O, C>
where
    O: Objective + ?Sized,
    C: FnMut(&Progress<'_>) -> ControlFlow<()>,
{
    /// Evaluates the start.
    pub fn begin(objective: &'a O, start: &[f64], stopping: &'a Stopping, callback: C) -> Result<Self, Error> {
        stopping.validate()?;
        if start.is_empty() {
            return Err(Error::EmptyStart);
        }
        if let Some(expected) = objective.dimension().filter(|&n| n != start.len()) {
            return Err(Error::Dimension { expected, found: start.len() });
        }
        if let Some(coordinate) = first_non_finite(start) {
            return Err(Error::NonFiniteStart { coordinate, value: start[coordinate] });
        }
        let mut start = start.to_vec();
        if let Some(bounds) = &stopping.bounds {
            if bounds.lower.len() != start.len() {
                return Err(Error::Dimension { expected: bounds.lower.len(), found: start.len() });
            }
            bounds.project(&mut start);
        }
        let began = stopping.max_time.map(|_| Instant::now());
        let current = evaluate(objective, &start)?;
        let value = current.value;
        match non_finite(&current) {
            None => {}
            Some(NonFinite::Gradient { coordinate }) => {
                return Err(Error::NonFiniteGradient { coordinate, value: current.gradient[coordinate] });
            }
            Some(_) => return Err(Error::NonFiniteValue { value }),
        }
        let mut gradients = Gradients::default();
        gradients.observe(&current.gradient);
        Ok(Self {
            objective,
            stopping,
            callback,
            criteria: Criteria::new(stopping, value, steepness(stopping, &current)),
            best: Best::new(&current, steepness(stopping, &current)),
            gradients,
            unconfirmed: None,
            current,
            start_value: value,
            iterations: 0,
            value_evaluations: 0,
            gradient_evaluations: 1,
            watch: Watch::default(),
            reason: None,
            history: if stopping.record_history { vec![value] } else { Vec::new() },
            began,
            reserved: 0,
        })
    }

    /// Leaves one evaluation for what follows the run.
    pub fn reserve(&mut self) {
        self.reserved = 1;
    }

    /// The loops of a solver: what they were cut off by is the reason.
    pub fn finish_after(mut self, iterated: Result<(), Halt>) -> Result<Report, Error> {
        match iterated {
            Ok(()) => {}
            Err(Halt::Over(reason)) => self.reason = Some(reason),
            Err(Halt::Failed(error)) => return Err(error),
        }
        self.finish()
    }

    /// The current iterate.
    pub fn point(&self) -> &[f64] {
        &self.current.point
    }

    /// The objective at the current iterate.
    pub fn value(&self) -> f64 {
        self.current.value
    }

    /// The gradient at the current iterate.
    pub fn gradient(&self) -> &[f64] {
        &self.current.gradient
    }

    /// Steps made so far.
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    /// Takes note of a fit's relative offset at the current iterate.
    pub fn set_offset(&mut self, offset: f64) {
        self.criteria.offset = Some(offset);
    }

    /// Whether to make another iteration. To be asked once per iterate.
    pub fn goes_on(&mut self) -> bool {
        if self.reason.is_some() {
            return false;
        }
        self.look_at_the_clock();
        let shown = (self.callback)(&Progress {
            iteration: self.iterations,
            point: &self.current.point,
            value: self.current.value,
            gradient: &self.current.gradient,
            gradient_norm: self.criteria.gradient_norm,
        });
        self.reason = self.criteria.met().or_else(|| {
            // What only one of several processes may say; all the rest is the same for all of them.
            let wish = if shown.is_break() { CALLBACK } else { u32::from(self.time_is_up()) * TIME };
            let agreed = self.objective.agree(wish);
            (agreed == CALLBACK)
                .then_some(StopReason::Callback)
                .or((self.iterations >= self.stopping.max_iterations).then_some(StopReason::IterationLimit))
                .or((!self.allows(1)).then_some(StopReason::EvaluationLimit))
                .or((agreed == TIME).then_some(StopReason::TimeLimit))
        });
        self.reason.is_none()
    }

    fn look_at_the_clock(&mut self) {
        self.criteria.time = self.began.zip(self.stopping.max_time).map(|(began, limit)| (began.elapsed(), limit));
    }

    /// Whether so many more evaluations may be made.
    fn allows(&self, more: usize) -> bool {
        let made = self.value_evaluations + self.gradient_evaluations + self.reserved;
        self.stopping.max_evaluations.is_none_or(|limit| made + more <= limit)
    }

    /// Whether the time is up now.
    pub fn is_late(&mut self) -> bool {
        self.look_at_the_clock();
        self.began.is_some() && self.objective.agree(u32::from(self.time_is_up()) * TIME) == TIME
    }

    /// Halts the solver if one more evaluation is too many, or too late; `kept` are those that it may entail.
    fn admit(&mut self, kept: usize) -> Result<(), Halt> {
        if !self.allows(1 + kept) {
            return Err(Halt::Over(StopReason::EvaluationLimit));
        }
        if self.is_late() { Err(Halt::Over(StopReason::TimeLimit)) } else { Ok(()) }
    }

    /// One evaluation, if the lowest point is one of which only the value is known, and not this one.
    fn kept_beside(&self, point: &[f64]) -> usize {
        let kept = |(lowest, value): &(Vec<f64>, f64)| *value < self.best.at.value && lowest != point;
        usize::from(self.unconfirmed.as_ref().is_some_and(kept))
    }

    fn time_is_up(&self) -> bool {
        self.criteria.time.is_some_and(|(spent, limit)| spent >= limit)
    }

    /// The objective at a trial point; infinite if it, or the point, is not finite.
    pub fn try_value(&mut self, point: &[f64]) -> Result<f64, Halt> {
        if first_non_finite(point).is_some() {
            return Ok(f64::INFINITY);
        }
        self.admit(1)?;
        self.value_evaluations += 1;
        let value = self.objective.value(point);
        if !value.is_finite() {
            return Ok(f64::INFINITY);
        }
        let lowest = self.unconfirmed.as_ref().map_or(self.best.at.value, |(_, value)| value.min(self.best.at.value));
        if value < lowest {
            self.unconfirmed = Some((point.to_vec(), value));
        }
        Ok(value)
    }

    /// The objective and its gradient at a trial point, if all is finite.
    pub fn try_point(&mut self, point: &[f64]) -> Result<Result<Evaluated, NonFinite>, Halt> {
        if let Some(coordinate) = first_non_finite(point) {
            return Ok(Err(NonFinite::Point { coordinate }));
        }
        self.admit(self.kept_beside(point))?;
        self.evaluate(point)
    }

    fn evaluate(&mut self, point: &[f64]) -> Result<Result<Evaluated, NonFinite>, Halt> {
        self.gradient_evaluations += 1;
        self.unconfirmed.take_if(|(lowest, _)| lowest == point);
        let trial = evaluate(self.objective, point)?;
        if let Some(what) = non_finite(&trial) {
            return Ok(Err(what));
        }
        self.best.offer(&trial, steepness(self.stopping, &trial));
        Ok(Ok(trial))
    }

    /// Evaluates `next` and makes it the current iterate; if it is not finite, ends the run. That the time is not up was
    /// asked before.
    pub fn move_to(&mut self, next: &[f64]) -> Result<(), Halt> {
        if let Some(coordinate) = first_non_finite(next) {
            return Err(Halt::Over(StopReason::NonFinite(NonFinite::Point { coordinate })));
        }
        if !self.allows(1 + self.kept_beside(next)) {
            return Err(Halt::Over(StopReason::EvaluationLimit));
        }
        let evaluated = self.evaluate(next)?.map_err(|what| Halt::Over(StopReason::NonFinite(what)))?;
        self.accept(evaluated);
        Ok(())
    }

    /// Makes an evaluated trial the current iterate.
    pub fn accept(&mut self, next: Evaluated) {
        let step: Vec<f64> = next.point.iter().zip(&self.current.point).map(|(n, x)| n - x).collect();
        self.watch.observe(&step, next.value > self.current.value);
        self.gradients.observe(&next.gradient);
        self.criteria.update(steepness(self.stopping, &next), norm(&step), &next, self.current.value);
        self.iterations += 1;
        if self.stopping.record_history {
            self.history.push(next.value);
        }
        self.current = next;
    }

    /// The report. One more evaluation if a rejected trial of a line search is the lowest point.
    fn finish(mut self) -> Result<Report, Error> {
        if let Some((point, value)) = self.unconfirmed.take()
            && value < self.best.at.value
        {
            // Counts only if its gradient is finite too.
            match self.evaluate(&point) {
                Err(Halt::Failed(error)) => return Err(error),
                Ok(_) | Err(Halt::Over(_)) => {}
            }
        }
        match self.reason {
            Some(StopReason::GradientTolerance) => {
                self.best.prefer_stationary(&self.current, self.criteria.gradient_norm, 1024.0 * f64::EPSILON);
            }
            // The residuals may be differences of much larger numbers, and the sum has their round-off.
            Some(StopReason::OffsetTolerance | StopReason::RoundOff) => {
                self.best.prefer_stationary(&self.current, self.criteria.gradient_norm, 1e-9);
            }
            _ => {}
        }
        let Best { at: Evaluated { point, value, gradient }, gradient_norm, .. } = self.best;
        Ok(Report {
            gradient_norm,
            point,
            value,
            gradient,
            iterations: self.iterations,
            value_evaluations: self.value_evaluations,
            gradient_evaluations: self.gradient_evaluations,
            reason: self.reason.unwrap_or(StopReason::IterationLimit),
            trend: self.watch.trend(self.current.value > self.start_value),
            gradients: self.gradients,
            criteria: self.criteria,
            history: self.history,
        })
    }
}

impl<O, C> Run<'_, O, C>
where
    O: TwiceDifferentiable + ?Sized,
    C: FnMut(&Progress<'_>) -> ControlFlow<()>,
{
    /// Overwrites `hessian` with that of the current iterate. An evaluation, as one of the gradient.
    pub fn hessian(&mut self, hessian: &mut [f64]) -> Result<(), Halt> {
        self.admit(0)?;
        self.gradient_evaluations += 1;
        hessian.fill(f64::NAN);
        let mut gradient = vec![f64::NAN; self.current.point.len()];
        self.objective.try_value_gradient_hessian(&self.current.point, &mut gradient, hessian)?;
        Ok(())
    }
}

/// The best point so far.
struct Best {
    at: Evaluated,
    gradient_norm: f64,
    /// The smallest value seen: that of the best point, up to round-off.
    lowest: f64,
}

impl Best {
    fn new(start: &Evaluated, gradient_norm: f64) -> Self {
        Self { at: start.clone(), gradient_norm, lowest: start.value }
    }

    /// Keeps the point if its value is lower by more than round-off, or as low and the gradient smaller. So
    /// at the bottom of a minimum the iterate that met the gradient tolerance is the one that is returned,
    /// and not one whose value is lower by a last digit of noise.
    fn offer(&mut self, trial: &Evaluated, gradient_norm: f64) {
        self.lowest = self.lowest.min(trial.value);
        let noise = 4.0 * f64::EPSILON * self.lowest.abs();
        let lower = trial.value < self.at.value - noise;
        let as_low = trial.value <= self.lowest + noise && gradient_norm < self.gradient_norm;
        if lower || as_low {
            self.at.clone_from(trial);
            self.gradient_norm = gradient_norm;
        }
    }

    /// Keeps the iterate that met the gradient tolerance, unless another point's value is lower by more than the
    /// gradient between the two can explain and the value's round-off, which may be that of much larger terms.
    fn prefer_stationary(&mut self, iterate: &Evaluated, gradient_norm: f64, round_off: f64) {
        let apart: Vec<f64> = iterate.point.iter().zip(&self.at.point).map(|(a, b)| a - b).collect();
        let noise = round_off * iterate.value.abs();
        if iterate.value - self.at.value <= gradient_norm * norm(&apart) + noise {
            self.at.clone_from(iterate);
            self.gradient_norm = gradient_norm;
        }
    }
}

fn evaluate<O: Objective + ?Sized>(objective: &O, point: &[f64]) -> Result<Evaluated, Error> {
    let mut gradient = vec![f64::NAN; point.len()];
    let value = objective.try_value_and_gradient(point, &mut gradient)?;
    Ok(Evaluated { point: point.to_vec(), value, gradient })
}

/// The norm of the gradient; in a box, without what would lead out of it.
fn steepness(stopping: &Stopping, at: &Evaluated) -> f64 {
    match &stopping.bounds {
        Some(bounds) => norm(&bounds.free_gradient(&at.point, &at.gradient)),
        None => norm(&at.gradient),
    }
}

fn non_finite(evaluated: &Evaluated) -> Option<NonFinite> {
    if !evaluated.value.is_finite() {
        return Some(NonFinite::Value);
    }
    first_non_finite(&evaluated.gradient).map(|coordinate| NonFinite::Gradient { coordinate })
}

#[cfg(test)]
mod tests {
    use super::{Best, Evaluated};

    fn at(value: f64, slope: f64) -> Evaluated {
        Evaluated { point: vec![slope], value, gradient: vec![slope] }
    }

    fn new(value: f64, slope: f64) -> Best {
        Best::new(&at(value, slope), slope)
    }

    fn offer(best: &mut Best, value: f64, slope: f64) {
        best.offer(&at(value, slope), slope);
    }

    #[test]
    fn among_values_equal_up_to_round_off_the_smaller_gradient_wins() {
        let noise = 1e6 * f64::EPSILON;
        let mut best = new(1e6, 1.0);
        offer(&mut best, 1e6 + noise, 0.1);
        assert_eq!(best.at, at(1e6 + noise, 0.1), "as low, and flatter");
        offer(&mut best, 1e6, 0.5);
        assert_eq!(best.at, at(1e6 + noise, 0.1), "as low, and steeper");
        offer(&mut best, 1e6 - 1.0, 7.0);
        assert_eq!(best.at, at(1e6 - 1.0, 7.0), "lower");
        offer(&mut best, 1e6, 0.0);
        assert_eq!(best.at, at(1e6 - 1.0, 7.0), "higher");
    }

    #[test]
    fn the_iterate_that_met_the_tolerance_is_returned_if_only_noise_is_lower() {
        let mut best = new(1.0, 1e-7);
        best.prefer_stationary(&at(1.0 + 100.0 * f64::EPSILON, 1e-9), 1e-9, 1e-13);
        assert_eq!(best.at.gradient, [1e-9]);
        let mut best = new(1.0, 1e-3);
        best.prefer_stationary(&at(1.1, 1e-9), 1e-9, 1e-13);
        assert_eq!(best.at.value, 1.0, "really lower");
    }

    #[test]
    fn ties_do_not_add_up() {
        let mut best = new(1.0, 1.0);
        for k in 1..100 {
            let k = f64::from(k);
            offer(&mut best, 1.0 + k * f64::EPSILON, 1.0 / k);
        }
        assert!(best.at.value <= 1.0 + 4.0 * f64::EPSILON);
    }
}
