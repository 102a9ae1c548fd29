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

use super::run::Halt;

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
    mut phi: impl FnMut(f64) -> Result<Option<Sample>, Halt>,
) -> Result<bool, Halt> {
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

#[cfg(test)]
mod tests {
    use super::{End, Sample, Wolfe, extrapolate, interpolate, strong_wolfe};

    /// φ with its slope.
    type Phi = fn(f64) -> (f64, f64);

    fn sample(phi: Phi, step: f64) -> Sample {
        let (value, slope) = phi(step);
        Sample { step, value, slope }
    }

    /// The step that was accepted, and the number of samples.
    fn search(phi: Phi, first_step: f64, c2: f64) -> (Option<f64>, usize) {
        let wolfe = Wolfe { decrease: 1e-4, curvature: c2 };
        let mut steps = Vec::new();
        let found = strong_wolfe(sample(phi, 0.0), first_step, &wolfe, |step| {
            steps.push(step);
            let sample = sample(phi, step);
            Ok((sample.value.is_finite()).then_some(sample))
        });
        (steps.last().copied().filter(|_| found.is_ok_and(|found| found)), steps.len())
    }

    #[test]
    fn the_step_satisfies_both_conditions_whatever_the_first() {
        // The functions of Moré and Thuente, "Line search algorithms with guaranteed sufficient decrease", ACM
        // TOMS 20(3), 1994, section 5: a rational one and a polynomial with a flat stretch.
        let rational: Phi = |a| (-a / (a * a + 2.0), (a * a - 2.0) / (a * a + 2.0).powi(2));
        let polynomial: Phi = |a| {
            let b = a + 0.004;
            (b.powi(5) - 2.0 * b.powi(4), 5.0 * b.powi(4) - 8.0 * b.powi(3))
        };
        for phi in [rational, polynomial] {
            for first_step in [1e-3, 1e-1, 1e1, 1e3] {
                for c2 in [0.1, 0.9] {
                    let (step, samples) = search(phi, first_step, c2);
                    let step = step.expect("a step is found");
                    let (start, end) = (phi(0.0), phi(step));
                    assert!(end.0 <= start.0 + 1e-4 * step * start.1 && end.1.abs() <= c2 * start.1.abs());
                    assert!(samples <= 25, "{samples} samples from {first_step}");
                }
            }
        }
    }

    #[test]
    fn the_domain_may_end_within_the_first_step() {
        let barrier: Phi = |a| (-2.0 * a - (1.0 - a).ln(), -2.0 + 1.0 / (1.0 - a));
        let (step, _) = search(barrier, 100.0, 0.5);
        assert!(step.is_some_and(|step| step < 1.0));
    }

    #[test]
    fn a_decrease_that_drowns_in_round_off_is_accepted() {
        let noisy: Phi = |a| if a == 0.0 { (1.0, -1e-12) } else { (1.0 + 2.0 * f64::EPSILON, -1e-14) };
        assert_eq!(search(noisy, 1.0, 0.9), (Some(1.0), 1));
    }

    #[test]
    fn a_minimum_beside_a_hump_is_not_run_past() {
        // Still falling at 1; beyond 2 it falls too, and has decreased, but lies above the value at 1.
        let hump: Phi = |a| match a {
            0.0 => (0.0, -1.0),
            1.0 => (-1.0, -1.0),
            a if a < 2.0 => (-1.2, 0.0),
            _ => (-0.5, -1.0),
        };
        let (step, _) = search(hump, 1.0, 0.9);
        assert!(step.is_some_and(|step| 1.0 < step && step < 2.0));
    }

    #[test]
    fn a_slope_that_lies_ends_the_search() {
        let rising: Phi = |a| (a, -1.0);
        assert_eq!(search(rising, 1.0, 0.9).0, None);
        let endless: Phi = |a| (-a, -1.0);
        assert_eq!(search(endless, 1.0, 0.9).0, None);
    }

    #[test]
    fn interpolation_finds_the_minimum_of_a_cubic_and_keeps_off_the_ends() {
        let cubic: Phi = |a| (a.powi(3) - 3.0 * a, 3.0 * a * a - 3.0);
        let step = interpolate(sample(cubic, 0.0), End::Sampled(sample(cubic, 1.5)));
        assert!((step - 1.0).abs() < 1e-15, "its minimum is at 1, not at {step}");
        let near = interpolate(sample(cubic, 0.99), End::Sampled(sample(cubic, 2.0)));
        assert!((near - (0.99 + 0.1 * 1.01)).abs() < 1e-15, "a tenth from the end, not at {near}");
        assert!((interpolate(sample(cubic, 1.0), End::NonFinite(3.0)) - 2.0).abs() < 1e-15);
    }

    #[test]
    fn extrapolation_advances_by_one_to_nine_times_the_last_step() {
        let cubic: Phi = |a| (a.powi(3) - 3.0 * a, 3.0 * a * a - 3.0);
        let step = |a: f64, b: f64| extrapolate(sample(cubic, a), sample(cubic, b));
        assert!((step(0.0, 0.2) - 1.0).abs() < 1e-14, "the minimum");
        assert!((step(0.0, 0.9) - 1.8).abs() < 1e-14, "not less than the last advance");
        assert!((step(0.0, 0.01) - 0.1).abs() < 1e-14, "not more than nine times");
        let line: Phi = |a| (-a, -1.0);
        assert!((extrapolate(sample(line, 0.0), sample(line, 1.0)) - 4.0).abs() < 1e-14);
    }
}
