//! A step length that satisfies the strong Wolfe conditions.
//!
//! Input: φ(α) = f(x + αd) and its slope, a descent direction's φ(0) and φ′(0) < 0, a first step. Output:
//! whether a step was found; then it is the one that was sampled last.
//!
//! Reference: J. Nocedal and S. J. Wright, *Numerical Optimization*, 2nd edition: algorithms 3.5 (bracketing)
//! and 3.6 (zoom), equation 3.59 (cubic interpolation). Three additions:
//! a sample that is not finite counts as too high; interpolated steps are kept away from the ends of their
//! interval, so that it shrinks by a tenth at least; and the decrease is judged up to the round-off of φ, for
//! near a minimum the true decrease drowns in it.

use super::Error;

/// The constants c₁ and c₂ of the conditions.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wolfe {
    /// c₁: φ(α) ≤ φ(0) + c₁ α φ′(0).
    pub decrease: f64,
    /// c₂: |φ′(α)| ≤ c₂ |φ′(0)|.
    pub curvature: f64,
}

/// φ at one step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub step: f64,
    pub value: f64,
    pub slope: f64,
}

/// Samples that one search may take.
const BUDGET: usize = 40;
/// Interpolated steps stay this part of the interval away from its ends.
const MARGIN: f64 = 0.1;

/// Searches along φ; `phi` returns nothing where φ is not finite.
#[allow(clippy::float_cmp, reason = "a step that repeats, to the bit, is the end of the precision")]
pub(super) fn strong_wolfe(
    start: Sample,
    first_step: f64,
    wolfe: &Wolfe,
    mut phi: impl FnMut(f64) -> Result<Option<Sample>, Error>,
) -> Result<bool, Error> {
    let round_off = 4.0 * f64::EPSILON * start.value.abs();
    let decreases = |s: Sample| s.value <= start.value + wolfe.decrease * s.step * start.slope + round_off;
    let is_flat = |s: Sample| s.slope.abs() <= wolfe.curvature * start.slope.abs();

    // The lowest sample so far that decreases, and an end of the interval in which a good step must lie.
    let (mut previous, mut low) = (start, start);
    let mut high: Option<End> = None;
    let mut step = first_step;
    for _ in 0..BUDGET {
        let sample = phi(step)?;
        match sample {
            Some(s) if decreases(s) && is_flat(s) => return Ok(true),
            // Too high: a good step lies before it.
            Some(s) if !decreases(s) || (s.value >= low.value && low.step > 0.0) => high = Some(End::Sampled(s)),
            None => high = Some(End::NonFinite(step)),
            // Lower than all before: a good step lies on the side to which φ falls.
            Some(s) => {
                let toward_high = high.map_or(1.0, |high| high.step() - s.step);
                if s.slope * toward_high >= 0.0 {
                    high = Some(End::Sampled(low));
                }
                (previous, low) = (low, s);
            }
        }
        let next = match high {
            Some(high) => interpolate(low, high),
            None => extrapolate(previous, low),
        };
        if next == low.step || next == step || !next.is_finite() {
            return Ok(false);
        }
        step = next;
    }
    Ok(false)
}

/// The other end of the interval.
#[derive(Debug, Clone, Copy)]
enum End {
    Sampled(Sample),
    NonFinite(f64),
}

impl End {
    fn step(self) -> f64 {
        match self {
            Self::Sampled(sample) => sample.step,
            Self::NonFinite(step) => step,
        }
    }
}

/// A step between `low` and `high`: the minimum of the cubic through both, or the middle.
fn interpolate(low: Sample, high: End) -> f64 {
    let width = high.step() - low.step;
    let middle = low.step + 0.5 * width;
    let End::Sampled(high) = high else { return middle };
    let Some(step) = cubic_minimum(low, high) else { return middle };
    let part = (step - low.step) / width;
    if part.is_nan() { middle } else { low.step + part.clamp(MARGIN, 1.0 - MARGIN) * width }
}

/// A step beyond `latest`, where φ still falls: the minimum of the cubic, within 1 to 9 times the last advance.
fn extrapolate(previous: Sample, latest: Sample) -> f64 {
    let advance = latest.step - previous.step;
    let beyond = cubic_minimum(previous, latest).map_or(f64::NAN, |step| (step - latest.step) / advance);
    // φ falls at `latest`, so a minimum before it belongs to the past.
    let beyond = if beyond > 0.0 { beyond.clamp(1.0, 9.0) } else { 3.0 };
    latest.step + beyond * advance
}

/// The local minimum of the cubic with the values and slopes of two samples.
fn cubic_minimum(a: Sample, b: Sample) -> Option<f64> {
    let d1 = a.slope + b.slope - 3.0 * (a.value - b.value) / (a.step - b.step);
    let d2 = (b.step - a.step).signum() * (d1 * d1 - a.slope * b.slope).sqrt();
    let step = b.step - (b.step - a.step) * (b.slope + d2 - d1) / (b.slope - a.slope + 2.0 * d2);
    step.is_finite().then_some(step)
}
