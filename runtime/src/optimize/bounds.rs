//! A box that the point must stay in, and how L-BFGS steps within it.
//!
//! Invariant: every point that is evaluated lies in the box.
//!
//! Reference: D. P. Bertsekas, "Projected Newton methods for optimization problems with simple constraints", SIAM J. Control
//! and Optimization 20(2), 1982: two metrics, so that projected steps descend; with L-BFGS for the metric of the free
//! coordinates.

use super::error::require;
use super::lbfgs::{History, Lbfgs};
use super::run::{Evaluated, Halt, Progress, Run};
use super::vector::{dot, norm};
use super::{Error, Objective};
use std::ops::ControlFlow;

/// lower ≤ x ≤ upper, coordinate by coordinate.
#[derive(Debug, Clone, PartialEq)]
pub struct Bounds {
    pub(super) lower: Vec<f64>,
    pub(super) upper: Vec<f64>,
}

impl Bounds {
    pub fn validate(&self) -> Result<(), Error> {
        let (expected, found) = (self.lower.len(), self.upper.len());
        if expected != found {
            return Err(Error::Dimension { expected, found });
        }
        let ordered =
            |(lower, upper): (&f64, &f64)| lower <= upper && *lower < f64::INFINITY && *upper > f64::NEG_INFINITY;
        let wrong = self.lower.iter().zip(&self.upper).position(|pair| !ordered(pair));
        require(wrong.is_none(), "bounds", wrong.map_or(0.0, |k| self.lower[k]), "ordered, lower at most upper")
    }

    pub fn project(&self, point: &mut [f64]) {
        for ((x, lower), upper) in point.iter_mut().zip(&self.lower).zip(&self.upper) {
            *x = x.max(*lower).min(*upper);
        }
    }

    /// The gradient without what would lead out of the box; it vanishes exactly at a minimum within the box.
    pub fn free_gradient(&self, point: &[f64], gradient: &[f64]) -> Vec<f64> {
        gradient.iter().enumerate().map(|(k, g)| if self.blocks(k, point[k], *g, 0.0) { 0.0 } else { *g }).collect()
    }

    /// Whether descent leads out of the box, or within `margin` of its side.
    fn blocks(&self, k: usize, x: f64, slope: f64, margin: f64) -> bool {
        (slope > 0.0 && x <= self.lower[k] + margin) || (slope < 0.0 && x >= self.upper[k] - margin)
    }

    /// How near to a side a coordinate counts as at it: the length of the projected gradient step, and little.
    fn margin(&self, point: &[f64], gradient: &[f64]) -> f64 {
        let mut moved: Vec<f64> = point.iter().zip(gradient).map(|(x, g)| x - g).collect();
        self.project(&mut moved);
        norm(&moved.iter().zip(point).map(|(m, x)| m - x).collect::<Vec<_>>()).min(1e-3)
    }
}

/// Steps that one search may try.
const HALVINGS: usize = 60;

/// Shorter and shorter steps along the bent path P(x + αd), until the decrease is sufficient.
pub(super) fn search<O, C>(
    solver: &Lbfgs,
    bounds: &Bounds,
    history: &History,
    run: &mut Run<'_, O, C>,
) -> Result<Option<Evaluated>, Halt>
where
    O: Objective + ?Sized,
    C: FnMut(&Progress<'_>) -> ControlFlow<()>,
{
    let (point, gradient, value) = (run.point().to_vec(), run.gradient().to_vec(), run.value());
    let margin = bounds.margin(&point, &gradient);
    let free: Vec<bool> = (0..point.len()).map(|k| !bounds.blocks(k, point[k], gradient[k], margin)).collect();
    let history = history.of_coordinates(&free);
    let inside: Vec<f64> = gradient.iter().zip(&free).map(|(g, free)| if *free { *g } else { 0.0 }).collect();
    let mut direction = history.direction(&inside);
    for (k, d) in direction.iter_mut().enumerate() {
        *d = if free[k] { *d } else { -gradient[k] };
    }
    let steepness = norm(&bounds.free_gradient(&point, &gradient));
    let round_off = 4.0 * f64::EPSILON * value.abs();
    let mut step = history.first_step(&gradient);
    for _ in 0..HALVINGS {
        let mut trial: Vec<f64> = point.iter().zip(&direction).map(|(x, d)| x + step * d).collect();
        bounds.project(&mut trial);
        if trial == point {
            return Ok(None);
        }
        let moved: Vec<f64> = trial.iter().zip(&point).map(|(t, x)| t - x).collect();
        let promised = solver.wolfe.decrease * dot(&gradient, &moved);
        if let Ok(next) = run.try_point(&trial)?
            && promised <= 0.0
        {
            // Near the minimum the decrease drowns in round-off, and the gradient decides.
            let flatter = || norm(&bounds.free_gradient(&next.point, &next.gradient)) < steepness;
            if next.value <= value + promised || (next.value <= value + round_off && flatter()) {
                return Ok(Some(next));
            }
        }
        step *= 0.5;
    }
    Ok(None)
}
