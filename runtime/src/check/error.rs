//! Why a check could not be made at all.

use std::fmt;

/// Why a check could not be made. A gradient that is *wrong* is not an error: the report says so.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The point has no coordinates.
    EmptyPoint,
    /// A coordinate of the point is NaN or infinite (as an `f32`, in single precision).
    NonFinitePoint {
        /// Which coordinate.
        coordinate: usize,
        /// Its value.
        value: f64,
    },
    /// The companion's gradient has another number of scalars than the point.
    GradientLength {
        /// The number of coordinates of the point.
        expected: usize,
        /// The number of scalars in the gradient.
        found: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyPoint => write!(f, "the point has no coordinates, so there is no gradient to check"),
            Self::NonFinitePoint { coordinate, value } => {
                write!(f, "coordinate {coordinate} of the point is {value}: check at a finite point")
            }
            Self::GradientLength { expected, found } => {
                write!(f, "the gradient has {found} scalars but the point has {expected} coordinates")
            }
        }
    }
}

impl std::error::Error for Error {}
