//! The check itself: one function for the common case, a builder for the options.
//!
//! Input: a function, its companion, a point. Output: a [`Report`], or an [`Error`] if the point or the
//! gradient's length is unusable. Invariant: no value of the function makes the check panic.

use super::Error;
use super::evidence::{Line, examine};
use super::precision::{DOUBLE, Precision, SINGLE};
use super::probe::{DIRECTIONS, coordinates};
use super::report::{Forward, Input, Report, Row};
use super::ridders::{Estimate, Pair, along};
use super::verdict::tolerance;
use crate::Flatten;
use crate::random::Random;

/// Checks the gradient that `companion` returns at `point` against finite differences of `function`.
///
/// `companion` returns the value and the gradient; the gradient may have any shape that [`Flatten`]s to as
/// many scalars as `point` has, in the same order. See the [module](super) for the rules and [`Check`] for
/// the options.
///
/// # Errors
///
/// If the point is empty or not finite, or the gradient's length is not the point's.
///
/// ```
/// use symgrad::check;
///
/// let wrong = check::gradient(|p| p[0].tan(), |p| (p[0].tan(), 1.0 / p[0].cos()), &[0.4])?;
/// assert!(wrong.failed());
/// # Ok::<(), check::Error>(())
/// ```
pub fn gradient<F, C, G>(function: F, companion: C, point: &[f64]) -> Result<Report, Error>
where
    F: Fn(&[f64]) -> f64,
    C: Fn(&[f64]) -> (f64, G),
    G: Flatten,
{
    Check::new(function, companion).at(point)
}

/// A check with options, which can be made at many points.
///
/// ```
/// use symgrad::check::Check;
///
/// let check = Check::new(|p| p[0].exp() * p[1], |p| (p[0].exp() * p[1], [p[0].exp() * p[1], p[0].exp()]))
///     .jvp(|p, v| (p[0].exp() * p[1], p[0].exp() * (p[1] * v[0] + v[1])))
///     .limit(10)
///     .seed(42);
/// for point in [[0.0, 1.0], [-1.0, 3.0]] {
///     assert!(check.at(&point)?.passed());
/// }
/// # Ok::<(), symgrad::check::Error>(())
/// ```
pub struct Check<'a, F, C> {
    function: F,
    companion: C,
    jvp: Option<Box<Jvp<'a>>>,
    limit: usize,
    seed: u64,
    precision: Precision,
}

type Jvp<'a> = dyn Fn(&[f64], &[f64]) -> (f64, f64) + 'a;

impl<'a, F, C, G> Check<'a, F, C>
where
    F: Fn(&[f64]) -> f64,
    C: Fn(&[f64]) -> (f64, G),
    G: Flatten,
{
    /// A check of `companion`, which returns value and gradient, against differences of `function`.
    #[must_use]
    pub fn new(function: F, companion: C) -> Self {
        Self { function, companion, jvp: None, limit: 64, seed: 0, precision: DOUBLE }
    }

    /// Also compares a forward-mode companion: `jvp(point, tangent)` returns the value and the derivative
    /// along the tangent.
    #[must_use]
    pub fn jvp(mut self, jvp: impl Fn(&[f64], &[f64]) -> (f64, f64) + 'a) -> Self {
        self.jvp = Some(Box::new(jvp));
        self
    }

    /// The longest input of which every coordinate is probed, and the number of coordinates that are drawn
    /// from a longer one. 64 unless told.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// The seed of the draw for inputs longer than the limit. 0 unless told.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// For functions of `f32`: points are rounded to `f32` before every call, so that a cast in the closure
    /// is exact; the first steps are 1e-1 and 1e-2, the tolerances 1e-6 absolute and 1e-4 relative.
    #[must_use]
    pub fn single_precision(mut self) -> Self {
        self.precision = SINGLE;
        self
    }

    pub(super) fn in_precision(mut self, precision: &Precision) -> Self {
        self.precision = *precision;
        self
    }

    /// Makes the check at `point`.
    ///
    /// # Errors
    ///
    /// If the point is empty or not finite, or the gradient's length is not the point's.
    pub fn at(&self, point: &[f64]) -> Result<Report, Error> {
        let point = &self.rounded(point)?;
        let value = (self.function)(point);
        let (companion_value, gradient) = (self.companion)(point);
        let gradient = gradient.flatten();
        if gradient.len() != point.len() {
            return Err(Error::GradientLength { expected: point.len(), found: gradient.len() });
        }

        let mut random = Random::new(self.seed);
        let coordinates = coordinates(point.len(), self.limit, &mut random);
        let directions = if coordinates.len() < point.len() { DIRECTIONS } else { 0 };
        let mut rows = Vec::with_capacity(coordinates.len() + directions);
        for i in coordinates {
            rows.push(self.along_coordinate(i, point, value, &gradient));
        }
        for i in 0..directions {
            rows.push(self.along_direction(i, &random.direction(point), point, value, &gradient));
        }
        Ok(Report { inputs: point.len(), value, companion_value, rows })
    }

    fn rounded(&self, point: &[f64]) -> Result<Vec<f64>, Error> {
        if point.is_empty() {
            return Err(Error::EmptyPoint);
        }
        let rounded: Vec<f64> = point.iter().map(|&x| (self.precision.round)(x)).collect();
        match rounded.iter().position(|x| !x.is_finite()) {
            Some(coordinate) => Err(Error::NonFinitePoint { coordinate, value: point[coordinate] }),
            None => Ok(rounded),
        }
    }

    fn along_coordinate(&self, i: usize, point: &[f64], value: f64, gradient: &[f64]) -> Row {
        let mut pair = along(i, point, &self.precision, &self.function);
        let mut tangent = vec![0.0; point.len()];
        tangent[i] = 1.0;
        let short_scale = point[i].abs();
        let line = Line { derivative: gradient[i], value, scale: short_scale.max(1.0), short_scale };
        self.row(Input::Coordinate(i), &line, point, &tangent, &mut pair)
    }

    fn along_direction(&self, i: usize, direction: &[f64], point: &[f64], value: f64, gradient: &[f64]) -> Row {
        let mut moved = point.to_vec();
        let mut at = |h: f64| {
            for ((m, x), d) in moved.iter_mut().zip(point).zip(direction) {
                *m = (self.precision.round)(x + h * d);
            }
            (self.function)(&moved)
        };
        let mut pair = |h: f64| Pair { above: at(h), below: at(-h), step_above: h, step_below: h, width: 2.0 * h };
        let derivative = gradient.iter().zip(direction).map(|(g, d)| g * d).sum();
        let line = Line { derivative, value, scale: 1.0, short_scale: 1.0 };
        self.row(Input::Direction(i), &line, point, direction, &mut pair)
    }

    fn row(
        &self,
        input: Input,
        line: &Line,
        point: &[f64],
        tangent: &[f64],
        pair: &mut impl FnMut(f64) -> Pair,
    ) -> Row {
        let derivative = line.derivative;
        let (evidence, verdict) = examine(line, &self.precision, pair);
        let Estimate { difference, error } =
            evidence.estimate.unwrap_or(Estimate { difference: f64::NAN, error: f64::INFINITY });
        let forward = self.jvp.as_ref().map(|jvp| {
            let (value, forward) = jvp(point, tangent);
            let error = if error.is_finite() { error } else { 0.0 };
            let agrees = (forward - derivative).abs() <= tolerance(forward, derivative, error, &self.precision);
            Forward { value, derivative: forward, agrees }
        });
        let allowed = tolerance(derivative, difference, error, &self.precision);
        Row { input, derivative, difference, error_estimate: error, allowed, forward, verdict }
    }
}
