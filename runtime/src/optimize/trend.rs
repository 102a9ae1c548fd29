//! Is the run settling, zigzagging, or running away? Told from the last few steps.
//!
//! Input: each step and value, in order. Output: a [`Trend`]. Reason: gradient descent on a curvature λ
//! multiplies the distance to the minimum by 1 − αλ; for αλ above 1 successive steps point in opposite
//! directions, and above 2 they grow.

use super::vector::dot;
use std::fmt;

/// How the run behaved in its last steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Trend {
    /// Neither of the others.
    Steady,
    /// At least three in four of the last steps reversed the one before: the rate is at its limit.
    Oscillating,
    /// At least three in four of the last steps raised the value, to above that of the start: the rate is too
    /// large.
    Diverging,
}

impl fmt::Display for Trend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Steady => "steady",
            Self::Oscillating => "oscillating: the last steps reversed one another, a smaller rate may help",
            Self::Diverging => "diverging: the last steps raised the value, the rate is too large",
        })
    }
}

/// Steps that are looked back on.
const WINDOW: u32 = 8;

/// The signs of the last steps, one bit each, the newest lowest.
#[derive(Debug, Clone, Default)]
pub(super) struct Watch {
    steps: u32,
    reversals: u32,
    rises: u32,
    previous: Vec<f64>,
}

impl Watch {
    /// Takes note of a step and of whether it raised the value.
    pub fn observe(&mut self, step: &[f64], rose: bool) {
        self.reversals = self.reversals << 1 | u32::from(dot(step, &self.previous) < 0.0);
        self.rises = self.rises << 1 | u32::from(rose);
        self.steps = (self.steps + 1).min(WINDOW);
        self.previous.clear();
        self.previous.extend_from_slice(step);
    }

    /// The trend; `above_start` tells whether the last value exceeds the first.
    pub fn trend(&self, above_start: bool) -> Trend {
        let frequent = |bits: u32, of: u32| of >= 2 && (bits & ((1 << of) - 1)).count_ones() * 4 >= of * 3;
        if above_start && frequent(self.rises, self.steps) {
            Trend::Diverging
        } else if frequent(self.reversals, self.steps.saturating_sub(1)) {
            Trend::Oscillating
        } else {
            Trend::Steady
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Trend, Watch};

    /// The trend after steps of these lengths along a line.
    fn after(steps: &[f64], rose: bool) -> Trend {
        let mut watch = Watch::default();
        for step in steps {
            watch.observe(&[*step, 0.0], rose);
        }
        watch.trend(rose)
    }

    #[test]
    fn three_reversals_in_four_make_an_oscillation() {
        assert_eq!(after(&[1.0, -1.0, 1.0, -1.0], false), Trend::Oscillating);
        assert_eq!(after(&[1.0, 1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0], false), Trend::Steady);
        assert_eq!(after(&[1.0, -1.0], false), Trend::Steady, "one reversal is no pattern");
    }

    #[test]
    fn only_the_last_steps_count() {
        let mut steps = [1.0, -1.0].repeat(20);
        assert_eq!(after(&steps, false), Trend::Oscillating);
        steps.extend([-1.0; 6]);
        assert_eq!(after(&steps, false), Trend::Steady);
    }

    #[test]
    fn a_rise_above_the_start_outranks_an_oscillation() {
        assert_eq!(after(&[1.0, -2.0, 4.0, -8.0], true), Trend::Diverging);
    }
}
