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
    /// The Hessian has another number of scalars than the square of the point's.
    HessianLength {
        /// The square of the number of coordinates of the point.
        expected: usize,
        /// The number of scalars in the Hessian.
        found: usize,
    },
    /// The start has another number of coordinates than the problem.
    Dimension {
        /// The problem's number of coordinates.
        expected: usize,
        /// The start's.
        found: usize,
    },
    /// There are no samples to take the mean over.
    NoSamples,
    /// There are no residuals, so there is nothing to fit.
    EmptyResiduals,
    /// The inputs and the observations of a fit, or their deviations, differ in number.
    DataLength {
        /// The number of inputs.
        inputs: usize,
        /// The number of observations, or of deviations.
        observed: usize,
    },
    /// A residual is NaN or infinite at the start.
    NonFiniteResidual {
        /// Which residual.
        index: usize,
        /// Its value.
        value: f64,
    },
    /// The number of residuals is not what it was at the start.
    ResidualLength {
        /// The number at the start.
        expected: usize,
        /// The number now.
        found: usize,
    },
    /// The Jacobian has another number of scalars than residuals times coordinates.
    JacobianLength {
        /// The number of residuals times the number of coordinates of the point.
        expected: usize,
        /// The number of scalars in the Jacobian.
        found: usize,
    },
    /// A derivative of a residual is NaN or infinite at the start.
    NonFiniteJacobian {
        /// Which residual.
        residual: usize,
        /// By which coordinate.
        coordinate: usize,
        /// The derivative.
        value: f64,
    },
    /// The ranks of a distributed mean do not evaluate the same: another point, or other samples.
    #[cfg(feature = "mpi")]
    RanksDiffer {
        /// The first rank that differs from those before it.
        rank: usize,
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
            Self::HessianLength { expected, found } => {
                write!(f, "the Hessian has {found} scalars but the square of the point's coordinates is {expected}")
            }
            Self::Dimension { expected, found } => {
                write!(f, "the start has {found} coordinates but the problem has {expected}")
            }
            Self::NoSamples => write!(f, "there are no samples, so there is no loss"),
            Self::EmptyResiduals => write!(f, "there are no residuals, so there is nothing to fit"),
            Self::DataLength { inputs, observed } => {
                write!(f, "there are {inputs} inputs but {observed} observations or deviations")
            }
            Self::NonFiniteResidual { index, value } => write!(f, "residual {index} is {value} at the start"),
            Self::ResidualLength { expected, found } => {
                write!(f, "there are {found} residuals at one point but {expected} at the start")
            }
            Self::JacobianLength { expected, found } => {
                write!(f, "the Jacobian has {found} scalars but residuals times coordinates is {expected}")
            }
            Self::NonFiniteJacobian { residual, coordinate, value } => {
                write!(f, "the derivative of residual {residual} by coordinate {coordinate} is {value} at the start")
            }
            #[cfg(feature = "mpi")]
            Self::RanksDiffer { rank } => {
                write!(
                    f,
                    "rank {rank} asked for the loss at another point, or over other samples, than those before it"
                )
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
