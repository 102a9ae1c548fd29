//! Newton's method within a region of trust.
//!
//! Reference: J. J. Moré and D. C. Sorensen, "Computing a trust region step", SIAM J. Sci. Stat. Comput. 4(3), 1983; J.
//! Nocedal and S. J. Wright, *Numerical Optimization*, 2nd edition, algorithms 4.1 and 4.3.

use super::eigen::Eigen;
use super::error::positive;
use super::options::{ACCEPTED, first_radius_option};
use super::run::{Evaluated, Halt, Progress, Run};
use super::stop::{StopReason, Stopping, minimize_methods, stopping_options};
use super::vector::{dot, first_non_finite, norm};
use super::{Error, NonFinite, Report, TwiceDifferentiable};
use std::fmt;
use std::ops::ControlFlow;

/// Newton's method: the step p that minimizes the quadratic model gᵀp + ½ pᵀHp within ‖p‖ ≤ Δ, where Δ grows and shrinks as
/// the model proves itself. Near a saddle or a maximum it leaves along a direction of negative curvature; where the gradient
/// vanishes it stops, and [`Stationary`] tells what is there.
///
/// The Hessian is decomposed into eigenvalues at each step, which is exact for every H, singular or indefinite, and costs
/// about 50 n³ operations: for up to a few hundred parameters.
///
/// ```
/// use symgrad::optimize::{Newton, second_order};
///
/// // Rosenbrock's function.
/// let valley = second_order(|p: &[f64]| {
///     let (a, b) = (1.0 - p[0], p[1] - p[0] * p[0]);
///     let gradient = [-2.0 * a - 400.0 * p[0] * b, 200.0 * b];
///     let hessian = [[2.0 - 400.0 * (b - 2.0 * p[0] * p[0]), -400.0 * p[0]], [-400.0 * p[0], 200.0]];
///     (a * a + 100.0 * b * b, gradient, hessian)
/// });
/// let report = Newton::new().minimize(&valley, &[-1.2, 1.0])?;
/// assert!(report.converged() && report.iterations < 30, "{report}");
/// assert!((report.point[0] - 1.0).abs() < 1e-10);
/// # Ok::<(), symgrad::optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Newton {
    first_radius: f64,
    stopping: Stopping,
}

impl Newton {
    /// A first region of radius 1.
    #[must_use]
    pub fn new() -> Self {
        Self { first_radius: 1.0, stopping: Stopping::default() }
    }

    fn iterate<O, C>(&self, run: &mut Run<'_, O, C>) -> Result<(), Halt>
    where
        O: TwiceDifferentiable + ?Sized,
        C: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        let n = run.point().len();
        let mut radius = self.first_radius;
        let mut hessian = vec![f64::NAN; n * n];
        while run.goes_on() {
            run.hessian(&mut hessian)?;
            if let Some(place) = first_non_finite(&hessian) {
                let what = NonFinite::Hessian { row: place / n, column: place % n };
                return Err(Halt::Over(StopReason::NonFinite(what)));
            }
            let model = Model::new(&hessian, run.gradient());
            let next = improve(&model, &mut radius, run)?;
            run.accept(next);
        }
        Ok(())
    }
}

first_radius_option!(Newton, "");
stopping_options!(Newton);
minimize_methods!(Newton, TwiceDifferentiable);

/// The next iterate: shorter and shorter steps, until one lowers the value as the model says.
fn improve<O, C>(model: &Model, radius: &mut f64, run: &mut Run<'_, O, C>) -> Result<Evaluated, Halt>
where
    O: TwiceDifferentiable + ?Sized,
    C: FnMut(&Progress<'_>) -> ControlFlow<()>,
{
    loop {
        let step = model.step(*radius);
        let length = norm(&step.coordinates);
        let point: Vec<f64> = run.point().iter().zip(&step.coordinates).map(|(x, p)| x + p).collect();
        if point == run.point() || !radius.is_normal() {
            return Err(Halt::Over(StopReason::TrustRegion));
        }
        let noise = 8.0 * f64::EPSILON * run.value().abs();
        let trial = run.try_point(&point)?.ok();
        let decrease = trial.as_ref().map_or(f64::NEG_INFINITY, |trial| run.value() - trial.value);
        let ratio = if step.decrease > noise {
            decrease / step.decrease
        } else {
            // The value is too rough to judge the step; the gradient is not.
            let flatter = trial.as_ref().is_some_and(|trial| norm(&trial.gradient) < norm(run.gradient()));
            match decrease >= -noise && flatter {
                true => 1.0,
                false if norm(&step.coordinates) < *radius => return Err(Halt::Over(StopReason::RoundOff)),
                false => f64::NEG_INFINITY,
            }
        };
        if ratio < 0.25 {
            *radius = 0.25 * length;
        } else if ratio > 0.75 && length > 0.9 * *radius {
            *radius = (2.0 * *radius).min(f64::MAX);
        }
        if let Some(next) = trial.filter(|_| ratio >= ACCEPTED) {
            return Ok(next);
        }
    }
}

/// The quadratic model gᵀp + ½ pᵀHp, in the coordinates of the eigenvectors.
struct Model {
    eigen: Eigen,
    /// g along each eigenvector.
    slopes: Vec<f64>,
}

/// The minimum of the model within the region.
struct Step {
    coordinates: Vec<f64>,
    /// How far the model falls.
    decrease: f64,
}

impl Model {
    fn new(hessian: &[f64], gradient: &[f64]) -> Self {
        let eigen = Eigen::of(hessian, gradient.len());
        let slopes = eigen.vectors.iter().map(|vector| dot(vector, gradient)).collect();
        Self { eigen, slopes }
    }

    /// −(H + λ)⁻¹ g along the eigenvectors.
    fn damped(&self, lambda: f64) -> Vec<f64> {
        let along = |(slope, value): (&f64, &f64)| if *slope == 0.0 { 0.0 } else { -slope / (value + lambda) };
        self.slopes.iter().zip(&self.eigen.values).map(along).collect()
    }

    fn step(&self, radius: f64) -> Step {
        let lowest = self.eigen.values.first().copied().unwrap_or(0.0);
        let newton = self.damped(0.0);
        if lowest > 0.0 && norm(&newton) <= radius {
            return self.finish(&newton);
        }
        // ‖p(λ)‖ falls on (max(0, −lowest), ∞); the root of ‖p(λ)‖ = Δ lies below ‖g‖/Δ − lowest.
        let mut low = (-lowest).max(0.0);
        let mut high = norm(&self.slopes) / radius - lowest;
        high = high.max(low * (1.0 + 4.0 * f64::EPSILON)).max(f64::MIN_POSITIVE);
        let beside = self.damped(low.max(-lowest) + f64::EPSILON * lowest.abs().max(low).max(f64::MIN_POSITIVE));
        if norm(&beside) < radius {
            // The hard case: the slope along the lowest curvature vanishes, and any way along it leads down.
            let mut along = self.damped(high);
            for (k, (slope, value)) in self.slopes.iter().zip(&self.eigen.values).enumerate() {
                let above = value - lowest;
                along[k] = if above > f64::EPSILON * lowest.abs() { -slope / above } else { 0.0 };
            }
            let rest = norm(&along);
            if rest < radius && lowest <= 0.0 {
                along[0] = (radius * radius - rest * rest).sqrt() * if self.slopes[0] > 0.0 { -1.0 } else { 1.0 };
            }
            return self.finish(&along);
        }
        // Halving in the logarithm of the distance: sixty halvings are the precision of the numbers.
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if norm(&self.damped(middle)) > radius { low = middle } else { high = middle }
        }
        self.finish(&self.damped(high))
    }

    fn finish(&self, along: &[f64]) -> Step {
        let mut coordinates = vec![0.0; along.len()];
        let mut decrease = 0.0;
        for (k, p) in along.iter().enumerate() {
            decrease -= self.slopes[k] * p + 0.5 * self.eigen.values[k] * p * p;
            coordinates.iter_mut().zip(&self.eigen.vectors[k]).for_each(|(x, v)| *x += p * v);
        }
        Step { coordinates, decrease }
    }
}

/// What a point with a vanishing gradient is, by the curvatures there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stationary {
    /// All curvatures are positive: a minimum.
    Minimum,
    /// All are negative: a maximum.
    Maximum,
    /// Some are positive and some negative: a saddle.
    Saddle,
    /// Some vanish, up to round-off, and the others have one sign: second derivatives do not tell.
    Degenerate,
}

impl Stationary {
    /// Tells by a Hessian, row by row; none if it is not square or not finite.
    ///
    /// ```
    /// use symgrad::optimize::Stationary;
    ///
    /// assert_eq!(Stationary::of(&[2.0, 0.0, 0.0, 4.0]), Some(Stationary::Minimum));
    /// assert_eq!(Stationary::of(&[1.0, 2.0, 2.0, 1.0]), Some(Stationary::Saddle));
    /// ```
    #[must_use]
    pub fn of(hessian: &[f64]) -> Option<Self> {
        let n = hessian.len().isqrt();
        if n == 0 || n * n != hessian.len() || first_non_finite(hessian).is_some() {
            return None;
        }
        let values = Eigen::of(hessian, n).values;
        let size = values.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
        #[allow(clippy::cast_precision_loss, reason = "a count of rows")]
        let small = 4.0 * f64::EPSILON * n as f64 * size;
        let (up, down) = (values.iter().any(|&v| v > small), values.iter().any(|&v| v < -small));
        let flat = size == 0.0 || values.iter().any(|v| v.abs() <= small);
        Some(match (up, down, flat) {
            (true, true, _) => Self::Saddle,
            (_, _, true) => Self::Degenerate,
            (true, ..) => Self::Minimum,
            _ => Self::Maximum,
        })
    }
}

impl fmt::Display for Stationary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Minimum => "a minimum",
            Self::Maximum => "a maximum",
            Self::Saddle => "a saddle",
            Self::Degenerate => "degenerate: the second derivatives do not tell",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Model;
    use crate::optimize::vector::norm;

    /// The model's value at a step.
    fn value(hessian: &[f64], gradient: &[f64], p: &[f64]) -> f64 {
        let n = p.len();
        let curved: f64 = (0..n).map(|i| (0..n).map(|j| p[i] * hessian[i * n + j] * p[j]).sum::<f64>()).sum();
        gradient.iter().zip(p).map(|(g, p)| g * p).sum::<f64>() + 0.5 * curved
    }

    #[test]
    fn no_step_in_the_region_is_lower() {
        let cases: [([f64; 4], [f64; 2], f64); 7] = [
            ([2.0, 0.0, 0.0, 4.0], [1.0, 1.0], 10.0),
            ([2.0, 0.0, 0.0, 4.0], [1.0, 1.0], 0.1),
            ([-2.0, 1.0, 1.0, 4.0], [1.0, 1.0], 0.7),
            ([-2.0, 0.0, 0.0, 4.0], [0.0, 1.0], 2.0),
            ([-2.0, 0.0, 0.0, -1.0], [0.0, 0.0], 2.0),
            ([0.0, 0.0, 0.0, 0.0], [1.0, -1.0], 0.5),
            ([1.0, 1.0, 1.0, 1.0], [1.0, -1.0], 3.0),
        ];
        for (hessian, gradient, radius) in cases {
            let step = Model::new(&hessian, &gradient).step(radius);
            assert!(norm(&step.coordinates) <= radius * (1.0 + 1e-12), "{hessian:?}");
            let best = value(&hessian, &gradient, &step.coordinates);
            assert!((best + step.decrease).abs() < 1e-12);
            for k in 0..1000 {
                let (angle, r) = (f64::from(k) * 0.1, radius * f64::from(k % 50) / 49.0);
                let other = value(&hessian, &gradient, &[r * angle.cos(), r * angle.sin()]);
                assert!(best <= other + 1e-9, "{hessian:?} {gradient:?} {radius}: {best} {other}");
            }
        }
    }
}
