//! Why a minimization could not begin, or could not be trusted.

use std::fmt;

/// Why there is no [`Report`](super::Report).
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The start has no coordinates.
    EmptyStart,
    /// A coordinate of the start is NaN or infinite.
    NonFiniteStart {
        /// Which coordinate.
        coordinate: usize,
        /// Its value.
        value: f64,
    },
    /// The objective is NaN or infinite at the start.
    NonFiniteValue {
        /// Its value.
        value: f64,
    },
    /// The gradient is NaN or infinite at the start. A closure that leaves a coordinate unwritten is
    /// reported so too, for the buffer arrives filled with NaN.
    NonFiniteGradient {
        /// Which coordinate.
        coordinate: usize,
        /// Its value.
        value: f64,
    },
    /// The gradient has another number of scalars than the point.
    GradientLength {
        /// The number of coordinates of the point.
        expected: usize,
        /// The number of scalars in the gradient.
        found: usize,
    },
    /// An option of the solver is out of its range.
    InvalidOption {
        /// The option's name.
        option: &'static str,
        /// What was given.
        value: f64,
        /// What is allowed.
        allowed: &'static str,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyStart => write!(f, "the start has no coordinates, so there is nothing to minimize over"),
            Self::NonFiniteStart { coordinate, value } => write!(f, "coordinate {coordinate} of the start is {value}"),
            Self::NonFiniteValue { value } => write!(f, "the objective is {value} at the start"),
            Self::NonFiniteGradient { coordinate, value } => {
                write!(f, "coordinate {coordinate} of the gradient is {value} at the start, or was not written")
            }
            Self::GradientLength { expected, found } => {
                write!(f, "the gradient has {found} scalars but the point has {expected} coordinates")
            }
            Self::InvalidOption { option, value, allowed } => {
                write!(f, "the option `{option}` is {value} but must be {allowed}")
            }
        }
    }
}

impl std::error::Error for Error {}

/// Accepts a positive finite number.
pub(super) fn positive(option: &'static str, value: f64) -> Result<(), Error> {
    require(value.is_finite() && value > 0.0, option, value, "positive and finite")
}

/// Accepts a number from 0 up to but not including 1.
pub(super) fn fraction(option: &'static str, value: f64) -> Result<(), Error> {
    require((0.0..1.0).contains(&value), option, value, "at least 0 and below 1")
}

/// Accepts a number strictly between 0 and 1.
pub(super) fn inner_fraction(option: &'static str, value: f64) -> Result<(), Error> {
    require(value > 0.0 && value < 1.0, option, value, "above 0 and below 1")
}

/// Accepts `value` if `holds`.
pub(super) fn require(holds: bool, option: &'static str, value: f64, allowed: &'static str) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::InvalidOption { option, value, allowed }) }
}
