//! What a check found.

use super::Verdict;
use std::fmt;

/// What a derivative was taken along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Input {
    /// One coordinate of the point.
    Coordinate(usize),
    /// One of the random directions that cover a long input.
    Direction(usize),
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Coordinate(i) => write!(f, "p[{i}]"),
            Self::Direction(i) => write!(f, "direction {i}"),
        }
    }
}

/// A forward-mode companion's answer along one input.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Forward {
    /// The value it returned.
    pub value: f64,
    /// The derivative it returned.
    pub derivative: f64,
    /// Whether that is the reverse-mode derivative, up to the tolerance of the check.
    pub agrees: bool,
}

/// One comparison: the derivative along one input against the difference along it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Row {
    /// Along what.
    pub input: Input,
    /// The derivative from the companion.
    pub derivative: f64,
    /// The extrapolated finite difference; NaN if the function is not finite on both sides of the point.
    pub difference: f64,
    /// The estimated absolute error of the difference; infinite if there is none.
    pub error_estimate: f64,
    /// The largest `|derivative − difference|` that would have counted as agreement.
    pub allowed: f64,
    /// The forward-mode companion's answer, if one was given.
    pub forward: Option<Forward>,
    /// The judgement.
    pub verdict: Verdict,
}

impl Row {
    /// `|derivative − difference|`.
    #[must_use]
    pub fn absolute_error(&self) -> f64 {
        (self.derivative - self.difference).abs()
    }

    /// The absolute error divided by the larger of the two magnitudes; 0 where both derivatives are 0.
    #[must_use]
    pub fn relative_error(&self) -> f64 {
        let error = self.absolute_error();
        if error == 0.0 { 0.0 } else { error / self.derivative.abs().max(self.difference.abs()) }
    }

    /// How far over the allowance, for finding the worst row: 1 is just allowed.
    fn excess(&self) -> f64 {
        let excess = self.absolute_error() / self.allowed;
        if excess.is_nan() { f64::INFINITY } else { excess }
    }
}

/// The result of a gradient check. Prints as a table.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// The number of inputs of the function.
    pub inputs: usize,
    /// The function's value.
    pub value: f64,
    /// The value that the companion returned with the gradient.
    pub companion_value: f64,
    /// One row per probed input, then one per random direction.
    pub rows: Vec<Row>,
}

impl Report {
    /// Everything was confirmed: each verdict is [`Pass`](Verdict::Pass), the values are bit-equal, and
    /// forward mode agrees where it was given.
    #[must_use]
    pub fn passed(&self) -> bool {
        !self.failed() && self.verified() == self.rows.len() && !self.rows.is_empty()
    }

    /// Something is wrong: a verdict is [`Fail`](Verdict::Fail) or [`NonFinite`](Verdict::NonFinite), a
    /// companion's value is not the function's, or forward mode disagrees.
    ///
    /// A report may be neither `passed` nor `failed`: then some input was inconclusive or at a kink.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.rows.iter().any(|row| row.verdict >= Verdict::NonFinite)
            || !self.value_is_bit_equal()
            || self.forward_agrees() == Some(false)
    }

    /// How many rows were confirmed.
    #[must_use]
    pub fn verified(&self) -> usize {
        self.count(Verdict::Pass)
    }

    /// How many rows have this verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.rows.iter().filter(|row| row.verdict == verdict).count()
    }

    /// The index in [`rows`](Self::rows) of the worst row: the worst verdict, then the largest error relative
    /// to what is allowed.
    #[must_use]
    pub fn worst(&self) -> Option<usize> {
        let key = |row: &Row| (row.verdict, row.excess());
        (0..self.rows.len()).reduce(|worst, i| {
            let ((v, e), (worst_v, worst_e)) = (key(&self.rows[i]), key(&self.rows[worst]));
            if v > worst_v || (v == worst_v && e > worst_e) { i } else { worst }
        })
    }

    /// Whether every companion returned exactly the function's value. NaN equals NaN.
    #[must_use]
    pub fn value_is_bit_equal(&self) -> bool {
        let equal = |v: f64| v.to_bits() == self.value.to_bits() || (v.is_nan() && self.value.is_nan());
        equal(self.companion_value)
            && self.rows.iter().filter_map(|row| row.forward).all(|forward| equal(forward.value))
    }

    /// Whether forward and reverse mode agree on every row; none if no forward mode was given.
    #[must_use]
    pub fn forward_agrees(&self) -> Option<bool> {
        let answers: Vec<bool> = self.rows.iter().filter_map(|row| row.forward).map(|f| f.agrees).collect();
        (!answers.is_empty()).then(|| answers.iter().all(|&agrees| agrees))
    }
}
