//! Is there a corner inside the stencil? Then no difference is the derivative.
//!
//! Input: the pairs of one table and the function's value in their middle. Output: the one-sided slopes, if
//! they disagree. Reason: where f is smooth, the slopes to the right and to the left differ by about f″(x)·h,
//! which shrinks with the step h; at a corner the difference stays. So the differences at six steps, over a
//! ratio of 5.4, are required to have one sign and to agree within a factor of two.

use super::ridders::Pairs;

/// The rows that are compared: the narrow half of the table.
const FIRST_ROW: usize = 4;
/// Slopes that differ by less than this part of themselves are not a corner.
const VISIBLE: f64 = 1e-4;

/// The slopes to the left and to the right of a corner, the smaller first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kink {
    low: f64,
    high: f64,
}

impl Kink {
    /// Whether a derivative is one that a convention may choose here: between the one-sided slopes.
    pub fn admits(&self, derivative: f64) -> bool {
        let slack = VISIBLE * self.low.abs().max(self.high.abs());
        derivative >= self.low - slack && derivative <= self.high + slack
    }
}

/// Looks for a corner within the stencil of `pairs`. Round-off does not look like one: it has no steady sign.
pub(super) fn find(pairs: &Pairs, middle: f64) -> Option<Kink> {
    let slopes = |i: usize| {
        let pair = &pairs[i];
        ((middle - pair.below) / pair.step_below, (pair.above - middle) / pair.step_above)
    };
    let last = pairs.len() - 1;
    let (left, right) = slopes(last);
    let jump = right - left;
    let visible = jump.abs() > VISIBLE * left.abs().max(right.abs());
    let steady = (FIRST_ROW..last).all(|i| {
        let (left, right) = slopes(i);
        let ratio = (right - left) / jump;
        (0.5..=2.0).contains(&ratio)
    });
    (visible && steady).then(|| Kink { low: left.min(right), high: left.max(right) })
}
