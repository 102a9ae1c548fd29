//! Levenberg–Marquardt: Gauss-Newton within a region where the linear model is trusted.
//!
//! Reference: J. J. Moré, "The Levenberg–Marquardt algorithm: implementation and theory", Numerical Analysis, Lecture
//! Notes in Mathematics 630, Springer 1978: the steps of algorithm 7.1, the damping by algorithm 5.5, the units by (6.3).

use super::error::positive;
use super::fit::column_norms;
use super::gauss_newton::{NEGLIGIBLE, polish};
use super::options::{ACCEPTED, first_radius_option};
use super::qr::Qr;
use super::run::{Evaluated, Halt, Progress, Run};
use super::squares::{Linearization, Squares};
use super::stop::{StopReason, Stopping, fit_methods, stopping_options};
use super::vector::norm;
use super::{Error, Fit, Residuals};
use std::ops::ControlFlow;

/// Levenberg–Marquardt: the step p that minimizes ‖r + J p‖ within ‖D p‖ ≤ Δ, where D has the greatest norms that the
/// columns of J have had, and Δ grows and shrinks as the linear model proves itself.
///
/// The systems are solved by QR with column pivoting, so that the condition of J is not squared. The units of the
/// parameters do not matter: a fit in metres makes the steps of the fit in miles.
///
/// ```
/// use symgrad::optimize::{LevenbergMarquardt, curve};
///
/// // A decay y = b₀ exp(−b₁ x), and its gradient by b.
/// let decay = |b: &[f64], x: &f64| {
///     let e = (-b[1] * x).exp();
///     (b[0] * e, [e, -b[0] * x * e])
/// };
/// let (x, y) = ([0.0, 1.0, 2.0, 3.0], [2.0, 1.25, 0.71, 0.46]);
/// let fit = LevenbergMarquardt::new().minimize(&curve(decay, &x, &y), &[1.0, 1.0])?;
/// assert!(fit.converged(), "{fit}");
/// assert!(fit.parameters()[1] > 0.4 && fit.standard_deviations().is_some(), "{fit}");
/// # Ok::<(), symgrad::optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LevenbergMarquardt {
    first_radius: f64,
    stopping: Stopping,
}

impl LevenbergMarquardt {
    /// A first region of ‖D x‖; stops at a relative offset of 1e-10.
    #[must_use]
    pub fn new() -> Self {
        Self { first_radius: 1.0, stopping: Stopping::for_fits() }
    }

    fn iterate<P, C>(&self, squares: &Squares<'_, P>, run: &mut Run<'_, Squares<'_, P>, C>) -> Result<(), Halt>
    where
        P: Residuals + ?Sized,
        C: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        let mut region = Region { units: vec![0.0; run.point().len()], radius: None, lambda: 0.0 };
        loop {
            let qr = region.factor(&squares.last());
            run.set_offset(qr.offset());
            if !run.goes_on() {
                return Ok(());
            }
            region.begin(self.first_radius, run.point(), run.value());
            let next = region.improve(&qr, squares, run)?;
            run.accept(next);
        }
    }
}

first_radius_option!(LevenbergMarquardt, ", in units of ‖D x‖ at the start (of ‖r‖, if that is 0)");
stopping_options!(LevenbergMarquardt);
fit_methods!(LevenbergMarquardt);

/// Where the linear model is trusted: ‖D p‖ ≤ Δ.
struct Region {
    /// The diagonal of D.
    units: Vec<f64>,
    /// Δ; none before the first step.
    radius: Option<f64>,
    /// The damping of the last step, as a guess for the next.
    lambda: f64,
}

impl Region {
    fn factor(&mut self, at: &Linearization) -> Qr {
        let sizes = column_norms(&at.jacobian, self.units.len());
        self.units.iter_mut().zip(sizes).for_each(|(unit, size)| *unit = unit.max(size));
        Qr::new(&at.jacobian, &self.units, &at.residuals)
    }

    fn begin(&mut self, first_radius: f64, start: &[f64], value: f64) {
        if self.radius.is_none() {
            let size = self.scaled_norm(start);
            self.radius = Some(first_radius * if size > 0.0 { size } else { (2.0 * value).sqrt() });
        }
    }

    fn unscaled(&self, step: &[f64]) -> Vec<f64> {
        step.iter().zip(&self.units).map(|(step, unit)| step / unit).collect()
    }

    fn scaled_norm(&self, x: &[f64]) -> f64 {
        norm(&x.iter().zip(&self.units).map(|(x, unit)| x * unit).collect::<Vec<_>>())
    }

    /// Why no step is left: nothing is to be gained, or steps that should have gained did not.
    fn exhausted(&self, qr: &Qr, point: &[f64]) -> StopReason {
        // A change of the residuals may be below the round-off of what they are differences of.
        let unseen = || qr.image(&qr.solve()) <= 16.0 * f64::EPSILON * self.scaled_norm(point);
        // Where columns become dependent at the minimum, the offset says nothing, and the gradient decides.
        let flat = qr.gradient_norm() <= 1e-7 * qr.size();
        if qr.offset().powi(2) <= NEGLIGIBLE || flat || unseen() {
            StopReason::RoundOff
        } else {
            StopReason::TrustRegion
        }
    }

    /// The next iterate: shorter and shorter steps, until one lowers the sum as the model says.
    fn improve<P, C>(
        &mut self,
        qr: &Qr,
        squares: &Squares<'_, P>,
        run: &mut Run<'_, Squares<'_, P>, C>,
    ) -> Result<Evaluated, Halt>
    where
        P: Residuals + ?Sized,
        C: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        let value = run.value();
        let mut radius = self.radius.unwrap_or(1.0);
        let mut polished = false;
        loop {
            let step = Step::within(qr, radius, &mut self.lambda);
            if run.iterations() == 0 {
                radius = radius.min(step.length);
            }
            let point: Vec<f64> =
                run.point().iter().zip(self.unscaled(&step.scaled)).map(|(x, step)| x - step).collect();
            // Of the objective, ½‖r‖²: ½‖Jp‖² + λ‖Dp‖².
            let damping = self.lambda * step.length.powi(2);
            let predicted = 0.5 * qr.image(&step.scaled).powi(2) + damping;
            if predicted <= NEGLIGIBLE * value && !polished {
                polished = true;
                let newton = self.unscaled(&qr.solve());
                if let Some(next) = polish(qr.offset(), &newton, run, |at| self.factor(at).offset(), squares)? {
                    return Ok(next);
                }
            }
            if predicted <= f64::EPSILON * value || point == run.point() || !radius.is_normal() {
                return Err(Halt::Over(self.exhausted(qr, run.point())));
            }
            let mut trial = run.try_value(&point)?;
            let mut ratio = (value - trial) / predicted;
            let next = if ratio >= ACCEPTED { run.try_point(&point)?.ok() } else { None };
            if next.is_none() && ratio >= ACCEPTED {
                // Low, but without a derivative: no point to go to, and no reason to go farther.
                (trial, ratio) = (f64::INFINITY, f64::NEG_INFINITY);
            }
            if ratio >= 0.75 || (ratio > 0.25 && self.lambda == 0.0) {
                radius = 2.0 * step.length;
                self.lambda *= 0.5;
            } else if ratio <= 0.25 || next.is_none() {
                let shrink = shorten(value, trial, damping, predicted);
                radius = shrink * radius.min(10.0 * step.length);
                self.lambda /= shrink;
            }
            self.radius = Some(radius);
            if let Some(next) = next {
                return Ok(next);
            }
        }
    }
}

/// By what factor, between 0.1 and 0.5, the region shrinks: to the minimum of the parabola through both values with the
/// slope at the point, −(‖Jp‖² + λ‖Dp‖²).
fn shorten(value: f64, trial: f64, damping: f64, predicted: f64) -> f64 {
    let slope = -(2.0 * predicted - damping);
    if trial <= value {
        return 0.5;
    }
    let shrink = 0.5 * slope / (slope + value - trial);
    // Far too high, or not finite.
    if shrink.is_nan() || trial > 100.0 * value { 0.1 } else { shrink.clamp(0.1, 0.5) }
}

/// A step −p̃ in units of the columns.
struct Step {
    scaled: Vec<f64>,
    length: f64,
}

impl Step {
    /// The Gauss-Newton step if it lies within the radius, or else one of this length, up to a tenth. `lambda` goes in as
    /// a guess and comes out as the damping that was used.
    fn within(qr: &Qr, radius: f64, lambda: &mut f64) -> Self {
        let scaled = qr.solve();
        let length = norm(&scaled);
        let mut excess = length - radius;
        if excess <= 0.1 * radius {
            *lambda = 0.0;
            return Self { scaled, length };
        }
        // The root of ‖p̃(λ)‖ − Δ lies between these. Without full rank, the derivative at 0 is not known.
        let mut low = 0.0;
        if qr.rank() == scaled.len() {
            let slope = -qr.inverse_form(&scaled) / length;
            low = -excess / slope;
        }
        let mut high = qr.gradient_norm() / radius;
        if high == 0.0 || !high.is_finite() {
            high = f64::MIN_POSITIVE.max(*lambda);
        }
        if *lambda <= low || *lambda >= high {
            *lambda = (low * high).sqrt().max(1e-3 * high);
        }
        let mut trials = 0;
        loop {
            let damped = qr.solve_damped(*lambda);
            let length = norm(&damped.solution);
            excess = length - radius;
            trials += 1;
            if excess.abs() <= 0.1 * radius || trials == 10 {
                return Self { length, scaled: damped.solution };
            }
            if excess > 0.0 {
                low = low.max(*lambda);
            } else {
                high = high.min(*lambda);
            }
            let slope = -damped.inverse_form(&damped.solution) / length;
            let next = *lambda - (length / radius) * (excess / slope);
            *lambda = if next > low && next < high { next } else { (low * high).sqrt().max(1e-3 * high) };
        }
    }
}
