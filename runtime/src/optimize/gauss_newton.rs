//! Gauss-Newton: the minimum of the linearized residuals, with the step halved until the sum falls.
//!
//! Reference: J. Nocedal and S. J. Wright, *Numerical Optimization*, 2nd edition, section 10.3.

use super::fit::column_norms;
use super::qr::Qr;
use super::run::{Evaluated, Halt, Progress, Run};
use super::squares::{Linearization, Squares};
use super::stop::{StopReason, Stopping, fit_methods, stopping_options};
use super::{Error, Fit, Residuals};
use std::ops::ControlFlow;

/// Gauss-Newton: x ← x + α p, where p minimizes ‖r + J p‖ and α = 1, ½, ¼, … is the first that lowers ½‖r‖² by 1e-4 of
/// what the linear model promises.
///
/// Fast where residuals are small or nearly linear, and the start is good; else use
/// [`LevenbergMarquardt`](super::LevenbergMarquardt). Where the columns of J are dependent, the parameters that the others
/// can do without stay as they are.
///
/// ```
/// use symgrad::optimize::{GaussNewton, residuals};
///
/// // Where do two circles of radius 2 around (0, 0) and (3, 0) meet?
/// let circles = residuals(|p: &[f64]| {
///     let (a, b) = (p[0].hypot(p[1]), (p[0] - 3.0).hypot(p[1]));
///     ([a - 2.0, b - 2.0], [[p[0] / a, p[1] / a], [(p[0] - 3.0) / b, p[1] / b]])
/// });
/// let fit = GaussNewton::new().minimize(&circles, &[1.0, 1.0])?;
/// assert!(fit.converged(), "{fit}");
/// assert!((fit.parameters()[0] - 1.5).abs() < 1e-12);
/// # Ok::<(), symgrad::optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GaussNewton {
    stopping: Stopping,
}

impl Default for GaussNewton {
    fn default() -> Self {
        Self::new()
    }
}

/// The part of the promised decrease that is sufficient.
const SUFFICIENT: f64 = 1e-4;
/// A decrease by less than this part of the sum may be the round-off of its terms, which are differences of numbers that
/// may be much larger.
pub(super) const NEGLIGIBLE: f64 = 1e-10;

impl GaussNewton {
    /// Full steps first; stops at a relative offset of 1e-10.
    #[must_use]
    pub fn new() -> Self {
        Self { stopping: Stopping::for_fits() }
    }

    #[allow(clippy::unused_self, clippy::unnecessary_wraps, reason = "as for solvers with options")]
    fn validate(&self) -> Result<(), Error> {
        Ok(())
    }

    #[allow(clippy::unused_self, reason = "as for solvers with options")]
    fn iterate<P, C>(&self, squares: &Squares<'_, P>, run: &mut Run<'_, Squares<'_, P>, C>) -> Result<(), Halt>
    where
        P: Residuals + ?Sized,
        C: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        loop {
            let (qr, units) = factor(&squares.last());
            run.set_offset(qr.offset());
            if !run.goes_on() {
                return Ok(());
            }
            let step = qr.solve();
            // The slope of ½‖r‖² along the step is −‖Jp‖².
            let promised = qr.image(&step).powi(2);
            let next = if 0.5 * promised <= NEGLIGIBLE * run.value() {
                let unscaled: Vec<f64> = step.iter().zip(&units).map(|(step, unit)| step / unit).collect();
                let polished = polish(qr.offset(), &unscaled, run, |at| factor(at).0.offset(), squares)?;
                polished.ok_or(Halt::Over(StopReason::RoundOff))?
            } else {
                search(&step, &units, promised, run)?
            };
            run.accept(next);
        }
    }
}

stopping_options!(GaussNewton);
fit_methods!(GaussNewton);

fn factor(at: &Linearization) -> (Qr, Vec<f64>) {
    let units = column_norms(&at.jacobian, at.point.len());
    (Qr::new(&at.jacobian, &units, &at.residuals), units)
}

/// Halves the step −p̃ until the decrease is sufficient.
fn search<P, C>(
    step: &[f64],
    units: &[f64],
    promised: f64,
    run: &mut Run<'_, Squares<'_, P>, C>,
) -> Result<Evaluated, Halt>
where
    P: Residuals + ?Sized,
    C: FnMut(&Progress<'_>) -> ControlFlow<()>,
{
    let mut rate = 1.0;
    loop {
        let point: Vec<f64> =
            run.point().iter().zip(step).zip(units).map(|((x, step), unit)| x - rate * step / unit).collect();
        if point == run.point() || rate * promised <= f64::EPSILON * run.value() {
            return Err(Halt::Over(StopReason::LineSearch));
        }
        if run.try_value(&point)? <= run.value() - SUFFICIENT * rate * promised
            && let Ok(next) = run.try_point(&point)?
        {
            return Ok(next);
        }
        rate *= 0.5;
    }
}

/// The full step where the sum is too rough to judge it: accepted if it lowers the relative offset, which is accurate to
/// the last digits.
pub(super) fn polish<P, C>(
    offset: f64,
    step: &[f64],
    run: &mut Run<'_, Squares<'_, P>, C>,
    offset_of: impl FnOnce(&Linearization) -> f64,
    squares: &Squares<'_, P>,
) -> Result<Option<Evaluated>, Halt>
where
    P: Residuals + ?Sized,
    C: FnMut(&Progress<'_>) -> ControlFlow<()>,
{
    let point: Vec<f64> = run.point().iter().zip(step).map(|(x, step)| x - step).collect();
    let Ok(next) = run.try_point(&point)? else { return Ok(None) };
    let as_low = next.value <= run.value() * (1.0 + 10.0 * NEGLIGIBLE);
    Ok((as_low && offset_of(&squares.last()) <= 0.9 * offset).then_some(next))
}
