//! What depends on the function's float type: the unit round-off, the first steps, the tolerances.

/// The constants of a check in one float type.
#[derive(Debug, Clone, Copy)]
pub(super) struct Precision {
    /// The distance from 1 to the next number.
    pub epsilon: f64,
    /// What else a value of the function is uncertain by, absolute: where that is itself a difference.
    pub floor: f64,
    /// The first steps of the two extrapolation tables, for a coordinate of size at most 1.
    pub starts: [f64; 2],
    /// The factor by which steps are shortened for a second look.
    pub closer: f64,
    /// Agreement that is always good enough, absolute.
    pub absolute: f64,
    /// Agreement that is always good enough, relative to the derivative.
    pub relative: f64,
    /// Rounds a coordinate to the float type.
    pub round: fn(f64) -> f64,
}

/// `f64`. Over 1,250 partial derivatives of known value the difference has a relative error of 4e-13 at
/// the 99th percentile with these steps.
pub(super) const DOUBLE: Precision = Precision {
    epsilon: f64::EPSILON,
    floor: 0.0,
    starts: [1e-2, 1e-4],
    closer: 1e-4,
    absolute: 1e-12,
    relative: 1e-6,
    round: |x| x,
};

/// `f32`: larger steps, because the round-off that a step h amplifies by 1/h is 5e8 times larger.
pub(super) const SINGLE: Precision = Precision {
    epsilon: f32::EPSILON as f64,
    floor: 0.0,
    starts: [1e-1, 1e-2],
    closer: 1e-2,
    absolute: 1e-6,
    relative: 1e-4,
    round: round_to_f32,
};

#[allow(clippy::cast_possible_truncation)] // the rounding is the purpose
fn round_to_f32(x: f64) -> f64 {
    f64::from(x as f32)
}
