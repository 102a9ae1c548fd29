//! The result of a fit: the report of the minimization, and what the residuals say of the parameters.

use super::qr::Qr;
use super::squares::Squares;
use super::vector::norm;
use super::{Error, Report, Residuals};
use std::fmt;

/// The result of a fit by least squares. Prints as a table of the parameters under the report.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Fit {
    /// The minimization of ½ ‖r‖²: its point has the parameters.
    pub report: Report,
    /// The residuals at the point.
    pub residuals: Vec<f64>,
    /// The number of residuals less the number of parameters that they determine.
    pub degrees_of_freedom: usize,
    /// How many of the parameters the residuals determine, to the precision of the numbers.
    pub rank: usize,
    /// (JᵀJ)⁻¹ at the point, row by row; none where the parameters are not all determined.
    unscaled_covariance: Option<Vec<f64>>,
}

impl Fit {
    pub(super) fn new<P: Residuals + ?Sized>(squares: &Squares<'_, P>, report: Report) -> Result<Self, Error> {
        let last = squares.at(&report.point)?;
        let n = report.point.len();
        let units = column_norms(&last.jacobian, n);
        let qr = Qr::new(&last.jacobian, &units, &last.residuals);
        Ok(Self {
            residuals: last.residuals.clone(),
            degrees_of_freedom: last.residuals.len() - qr.rank().min(last.residuals.len()),
            rank: qr.rank(),
            unscaled_covariance: qr.inverse_of_normal(),
            report,
        })
    }

    /// Whether a tolerance was reached.
    #[must_use]
    pub fn converged(&self) -> bool {
        self.report.converged()
    }

    /// The parameters.
    #[must_use]
    pub fn parameters(&self) -> &[f64] {
        &self.report.point
    }

    /// ‖r‖².
    #[must_use]
    pub fn sum_of_squares(&self) -> f64 {
        self.residuals.iter().map(|r| r * r).sum()
    }

    /// √(‖r‖² / degrees of freedom): the standard deviation of one observation. None without degrees of freedom.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "a count of residuals")]
    pub fn residual_deviation(&self) -> Option<f64> {
        (self.degrees_of_freedom > 0).then(|| norm(&self.residuals) / (self.degrees_of_freedom as f64).sqrt())
    }

    /// The covariance of the parameters, σ² (JᵀJ)⁻¹ with σ from [`residual_deviation`](Self::residual_deviation), row by
    /// row; none where there are no degrees of freedom, or where the parameters are not all determined.
    #[must_use]
    pub fn covariance(&self) -> Option<Vec<f64>> {
        let variance = self.residual_deviation()?.powi(2);
        Some(self.unscaled_covariance.as_ref()?.iter().map(|c| variance * c).collect())
    }

    /// The standard deviations of the parameters: the roots of the covariance's diagonal.
    #[must_use]
    pub fn standard_deviations(&self) -> Option<Vec<f64>> {
        let (deviation, unscaled) = (self.residual_deviation()?, self.unscaled_covariance.as_ref()?);
        let n = self.report.point.len();
        Some((0..n).map(|k| deviation * unscaled[k * n + k].sqrt()).collect())
    }

    /// (JᵀJ)⁻¹ at the point, row by row: the covariance where residuals are in units of their standard deviations.
    #[must_use]
    pub fn unscaled_covariance(&self) -> Option<&[f64]> {
        self.unscaled_covariance.as_deref()
    }
}

/// The norm of each column, and 1 for a column of zeros.
pub(super) fn column_norms(jacobian: &[f64], n: usize) -> Vec<f64> {
    (0..n)
        .map(|j| {
            let column: Vec<f64> = jacobian.iter().skip(j).step_by(n).copied().collect();
            let size = norm(&column);
            if size > 0.0 { size } else { 1.0 }
        })
        .collect()
}

/// Parameters that are printed.
const SHOWN: usize = 20;

impl fmt::Display for Fit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.report)?;
        writeln!(f, "  sum of squares {:.9e}, {} degrees of freedom", self.sum_of_squares(), self.degrees_of_freedom)?;
        if self.rank < self.report.point.len() {
            writeln!(f, "  note           only {} of the parameters are determined by the data", self.rank)?;
        }
        let deviations = self.standard_deviations();
        for (k, x) in self.report.point.iter().enumerate().take(SHOWN) {
            match &deviations {
                Some(deviations) => writeln!(f, "    p[{k}]  {x:>17.9e}  ± {:.3e}", deviations[k])?,
                None => writeln!(f, "    p[{k}]  {x:>17.9e}")?,
            }
        }
        match self.report.point.len().checked_sub(SHOWN) {
            Some(more @ 1..) => writeln!(f, "    … {more} more"),
            _ => Ok(()),
        }
    }
}
