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
    /// The companion's value, or its derivative along a tangent, has another number of scalars than the function's.
    OutputLength {
        /// The number of scalars that the function returns.
        expected: usize,
        /// The number of scalars from the companion.
        found: usize,
    },
    /// The Jacobian or Hessian has another number of scalars than outputs times inputs.
    MatrixLength {
        /// Outputs times inputs.
        expected: usize,
        /// The number of scalars in the matrix.
        found: usize,
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
            Self::OutputLength { expected, found } => {
                write!(f, "the function returns {expected} scalars but its companion {found}")
            }
            Self::MatrixLength { expected, found } => {
                write!(f, "the matrix has {found} scalars but outputs times inputs is {expected}")
            }
            Self::GradientLength { expected, found } => {
                write!(f, "the gradient has {found} scalars but the point has {expected} coordinates")
            }
        }
    }
}

impl std::error::Error for Error {}
