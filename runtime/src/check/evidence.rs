//! What the function shows around the point, along one line.
//!
//! Input: the line, as a function that evaluates pairs of points on it. Output: an [`Evidence`] and the
//! verdict that it supports.

use super::Verdict;
use super::kink::{self, Kink};
use super::precision::Precision;
use super::ridders::{Estimate, Pair, best_of, sample};
use super::verdict::judge;

/// A line through the point, and the derivative that is claimed along it.
pub(super) struct Line {
    /// The derivative from the companion.
    pub derivative: f64,
    /// The function's value at the point.
    pub value: f64,
    /// The unit of the steps.
    pub scale: f64,
    /// A shorter unit, for points that are close to the end of the function's domain.
    pub short_scale: f64,
}

/// What was found along a line.
pub(super) struct Evidence {
    /// The extrapolated difference, unless the function is not finite on both sides.
    pub estimate: Option<Estimate>,
    /// A corner within the wider stencil.
    pub kink: Option<Kink>,
    /// A corner within the narrower stencil.
    pub sharp_kink: Option<Kink>,
}

impl Evidence {
    /// Whether two differences exclude one another.
    fn contradicts(&self, other: &Self) -> bool {
        match (self.estimate, other.estimate) {
            (Some(a), Some(b)) => (a.difference - b.difference).abs() > 10.0 * (a.error + b.error),
            _ => false,
        }
    }
}

/// Gathers the evidence along a line and judges the derivative by it.
///
/// Three cases take a second look, at shorter steps.
/// - No table stays in the domain, as for ln at 1e-9: the evidence is what the short scale shows.
/// - The derivative fails. The difference may be what is wrong: a function that oscillates within the shortest
///   step, as the sine at 1e6, can fool the extrapolation, but not a step short enough to resolve it. So a clear
///   agreement there stands against the failure, provided that the two differences exclude one another; where
///   they do not, the first is the sharper.
/// - A corner at some distance would excuse the derivative: not if it fails at steps that stay clear of it.
pub(super) fn examine(line: &Line, precision: &Precision, pair: &mut impl FnMut(f64) -> Pair) -> (Evidence, Verdict) {
    let mut look = |scale: f64| gather(line, scale, precision, pair);
    let mut evidence = look(line.scale);
    if evidence.estimate.is_none() && line.short_scale > 0.0 && line.short_scale < line.scale {
        evidence = look(line.short_scale);
    }
    let verdict = judge(line.derivative, line.value, &evidence, precision);
    let doubtful = verdict == Verdict::Fail || (verdict == Verdict::KinkSuspected && evidence.sharp_kink.is_none());
    if doubtful {
        let closer = look(line.scale * precision.closer);
        match (verdict, judge(line.derivative, line.value, &closer, precision)) {
            (Verdict::Fail, Verdict::Pass) if closer.contradicts(&evidence) => return (closer, Verdict::Pass),
            (Verdict::KinkSuspected, Verdict::Fail) => return (closer, Verdict::Fail),
            _ => {}
        }
    }
    (evidence, verdict)
}

/// Both extrapolation tables, with steps in units of `scale`.
fn gather(line: &Line, scale: f64, precision: &Precision, pair: &mut impl FnMut(f64) -> Pair) -> Evidence {
    let tables = precision.starts.map(|start| sample(start * scale, pair));
    let [kink, sharp_kink] = tables.each_ref().map(|pairs| kink::find(pairs, line.value));
    Evidence { estimate: best_of(&tables, precision), kink, sharp_kink }
}
