//! The judgement: does a derivative agree with a difference of known uncertainty?

use super::evidence::Evidence;
use super::kink::Kink;
use super::precision::Precision;
use super::ridders::Estimate;
use std::fmt;

/// The result of one comparison, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The derivative agrees with the difference, and the difference is sharp enough to tell.
    Pass,
    /// Nothing speaks against the derivative, but the difference is too uncertain to speak for it: it may
    /// vanish here, or the function may not be finite on both sides. Check at another point too.
    Inconclusive,
    /// The differences from the left and from the right disagree, so the function has a corner at or very
    /// near the point, and the derivative lies between them.
    KinkSuspected,
    /// The derivative, or the function's value, is NaN or infinite.
    NonFinite,
    /// The derivative contradicts the difference.
    Fail,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Pass => "pass",
            Self::Inconclusive => "inconclusive",
            Self::KinkSuspected => "kink suspected",
            Self::NonFinite => "non-finite",
            Self::Fail => "FAIL",
        })
    }
}

/// The largest disagreement that passes, for two derivatives of which one is uncertain by `error`.
pub(super) fn tolerance(a: f64, b: f64, error: f64, precision: &Precision) -> f64 {
    precision.absolute + precision.relative * a.abs().max(b.abs()) + 10.0 * error
}

/// Judges a derivative by the evidence.
///
/// A corner in the narrowest stencil comes first, for there even an agreement is a coincidence of
/// conventions. A corner that only the wider stencil meets explains a disagreement, and no more.
pub(super) fn judge(derivative: f64, value: f64, evidence: &Evidence, precision: &Precision) -> Verdict {
    if !derivative.is_finite() || !value.is_finite() {
        return Verdict::NonFinite;
    }
    let admits = |kink: Option<Kink>| kink.is_some_and(|kink| kink.admits(derivative));
    if admits(evidence.sharp_kink) {
        return Verdict::KinkSuspected;
    }
    let Some(Estimate { difference, error }) = evidence.estimate else {
        return Verdict::Inconclusive;
    };
    let disagreement = (derivative - difference).abs();
    let agrees = disagreement <= tolerance(derivative, difference, error, precision);
    // Near zero no difference has a small relative error; there, being sure to the absolute tolerance, or
    // agreeing exactly, is conclusive.
    let uncertain = 10.0 * error
        > (1e3 * precision.relative * derivative.abs().max(difference.abs())).max(precision.absolute)
        && disagreement > 0.0;
    match (agrees, uncertain) {
        (true, false) => Verdict::Pass,
        _ if admits(evidence.kink) => Verdict::KinkSuspected,
        (true, true) => Verdict::Inconclusive,
        (false, _) => Verdict::Fail,
    }
}
