//! Jacobians, Hessians and products: one gradient check for each output.
//!
//! Input: a function of any shape of result, a companion, a point. Output: [`Checks`], one [`Report`] for each output or
//! each cotangent, or an [`Error`] if lengths do not fit.

use super::precision::{DOUBLE, Precision};
use super::{Check, Error, Report};
use crate::Flatten;
use crate::random::Random;
use std::fmt;

/// Several checks of one function. Prints what each found, in full where it is not confirmed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Checks {
    /// What was checked: "Jacobian", "Hessian", …
    pub subject: &'static str,
    /// The checks, each with what it is of.
    pub parts: Vec<(String, Report)>,
    /// The largest difference of a Hessian from its transpose, relative to its largest entry; none of what need not be
    /// symmetric.
    pub asymmetry: Option<f64>,
    /// Round-off that it may differ by.
    round_off: f64,
}

/// Round-off that a Hessian may differ by from its transpose, in units of the precision.
const SYMMETRIC: f64 = 1e-10 / f64::EPSILON;

impl Checks {
    fn new(subject: &'static str, parts: Vec<(String, Report)>, precision: &Precision) -> Self {
        Self { subject, parts, asymmetry: None, round_off: SYMMETRIC * precision.epsilon }
    }

    /// Every part is confirmed, and a Hessian is symmetric.
    #[must_use]
    pub fn passed(&self) -> bool {
        !self.parts.is_empty() && self.is_symmetric() && self.parts.iter().all(|(_, report)| report.passed())
    }

    /// Some part is wrong, or a Hessian is not symmetric.
    #[must_use]
    pub fn failed(&self) -> bool {
        !self.is_symmetric() || self.parts.iter().any(|(_, report)| report.failed())
    }

    /// How many derivatives were confirmed.
    #[must_use]
    pub fn verified(&self) -> usize {
        self.parts.iter().map(|(_, report)| report.verified()).sum()
    }

    fn is_symmetric(&self) -> bool {
        self.asymmetry.is_none_or(|asymmetry| asymmetry <= self.round_off)
    }
}

impl fmt::Display for Checks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match (self.failed(), self.passed()) {
            (true, _) => "FAILED",
            (_, true) => "passed",
            _ => "not conclusive",
        };
        let rows: usize = self.parts.iter().map(|(_, report)| report.rows.len()).sum();
        writeln!(f, "{} check {outcome}: {} of {rows} derivatives confirmed", self.subject, self.verified())?;
        if let Some(asymmetry) = self.asymmetry.filter(|_| !self.is_symmetric()) {
            writeln!(f, "NOT SYMMETRIC: it differs from its transpose by {asymmetry:.1e} of its largest entry")?;
        }
        for (name, report) in self.parts.iter().filter(|(_, report)| !report.passed()) {
            write!(f, "{name}: {report}")?;
        }
        Ok(())
    }
}

/// Checks the Jacobian that `companion` returns, with the value, against differences of `function`.
///
/// Results and Jacobians may have any shape that [`Flatten`]s to m and m·n scalars, row by row. One gradient check is made
/// for each output, at 40 evaluations for each input.
///
/// # Errors
///
/// If the point is empty or not finite, or lengths do not fit.
///
/// ```
/// use symgrad::check;
///
/// let polar = |p: &[f64]| [p[0] * p[1].cos(), p[0] * p[1].sin()];
/// let checks = check::jacobian(
///     polar,
///     |p| (polar(p), [[p[1].cos(), -p[0] * p[1].sin()], [p[1].sin(), p[0] * p[1].cos()]]),
///     &[2.0, 0.5],
/// )?;
/// assert!(checks.passed() && checks.verified() == 4, "{checks}");
/// # Ok::<(), check::Error>(())
/// ```
pub fn jacobian<R: Flatten, S: Flatten, J: Flatten>(
    function: impl Fn(&[f64]) -> R,
    companion: impl Fn(&[f64]) -> (S, J),
    point: &[f64],
) -> Result<Checks, Error> {
    jacobian_in(&DOUBLE, function, companion, point)
}

/// The same in a float type.
pub(super) fn jacobian_in<R: Flatten, S: Flatten, J: Flatten>(
    precision: &Precision,
    function: impl Fn(&[f64]) -> R,
    companion: impl Fn(&[f64]) -> (S, J),
    point: &[f64],
) -> Result<Checks, Error> {
    let outputs = fitting_rows(&function(point), &companion(point), point.len())?;
    let mut parts = Vec::with_capacity(outputs);
    for j in 0..outputs {
        let one = |p: &[f64]| nth(&function(p), j);
        let row = |p: &[f64]| {
            let (value, matrix) = companion(p);
            (nth(&value, j), matrix.flatten().into_iter().skip(j * p.len()).take(p.len()).collect::<Vec<f64>>())
        };
        parts.push((format!("output {j}"), Check::new(one, row).in_precision(precision).at(point)?));
    }
    Ok(Checks::new("Jacobian", parts, precision))
}

/// Checks a Hessian against differences of a gradient, and that it is symmetric. The gradient itself is for
/// [`gradient`](super::gradient) to check.
///
/// # Errors
///
/// If the point is empty or not finite, or lengths do not fit.
///
/// ```
/// use symgrad::check;
///
/// let gradient = |p: &[f64]| [2.0 * p[0] * p[1], p[0] * p[0]];
/// let checks = check::hessian(gradient, |p| [[2.0 * p[1], 2.0 * p[0]], [2.0 * p[0], 0.0]], &[1.5, -0.5])?;
/// assert!(checks.passed(), "{checks}");
/// assert!(check::hessian(gradient, |p| [[2.0 * p[1], 2.0 * p[0]], [p[0], 0.0]], &[1.5, -0.5])?.failed());
/// # Ok::<(), check::Error>(())
/// ```
pub fn hessian<G: Flatten, H: Flatten>(
    gradient: impl Fn(&[f64]) -> G,
    hessian: impl Fn(&[f64]) -> H,
    point: &[f64],
) -> Result<Checks, Error> {
    hessian_in(&DOUBLE, gradient, hessian, point)
}

/// The same in a float type.
pub(super) fn hessian_in<G: Flatten, H: Flatten>(
    precision: &Precision,
    gradient: impl Fn(&[f64]) -> G,
    hessian: impl Fn(&[f64]) -> H,
    point: &[f64],
) -> Result<Checks, Error> {
    let checks = jacobian_in(precision, &gradient, |p: &[f64]| (gradient(p).flatten(), hessian(p).flatten()), point)?;
    let (flat, n) = (hessian(point).flatten(), point.len());
    if checks.parts.len() != n {
        return Err(Error::GradientLength { expected: n, found: checks.parts.len() });
    }
    let largest = flat.iter().fold(0.0_f64, |m, h| m.max(h.abs()));
    let apart = (0..n * n).map(|k| (flat[k] - flat[k % n * n + k / n]).abs()).fold(0.0, f64::max);
    let asymmetry = if largest > 0.0 { apart / largest } else { 0.0 };
    Ok(Checks { subject: "Hessian", asymmetry: Some(asymmetry), ..checks })
}

/// Cotangents and tangents that are drawn besides the axes.
const DRAWN: usize = 4;
/// Outputs up to which each one is checked by itself.
const AXES: usize = 16;

/// Checks a companion that returns `(value, cotangentᵀ J)` for a cotangent of the outputs: for each output alone, up to
/// sixteen, and for four that are drawn.
///
/// # Errors
///
/// If the point is empty or not finite, or lengths do not fit.
///
/// ```
/// use symgrad::check;
///
/// let polar = |p: &[f64]| [p[0] * p[1].cos(), p[0] * p[1].sin()];
/// let checks = check::vjp(
///     polar,
///     |p, w| {
///         let (sin, cos) = p[1].sin_cos();
///         (polar(p), [w[0] * cos + w[1] * sin, p[0] * (w[1] * cos - w[0] * sin)])
///     },
///     &[2.0, 0.5],
/// )?;
/// assert!(checks.passed(), "{checks}");
/// # Ok::<(), check::Error>(())
/// ```
pub fn vjp<R: Flatten, S: Flatten, G: Flatten>(
    function: impl Fn(&[f64]) -> R,
    companion: impl Fn(&[f64], &[f64]) -> (S, G),
    point: &[f64],
) -> Result<Checks, Error> {
    vjp_in(&DOUBLE, function, companion, point)
}

/// The same in a float type.
pub(super) fn vjp_in<R: Flatten, S: Flatten, G: Flatten>(
    precision: &Precision,
    function: impl Fn(&[f64]) -> R,
    companion: impl Fn(&[f64], &[f64]) -> (S, G),
    point: &[f64],
) -> Result<Checks, Error> {
    let outputs = function(point).flatten_into(&mut []);
    let mut parts = Vec::new();
    for (name, cotangent) in probes(outputs, "output") {
        let weighted = |p: &[f64]| weighted(&function(p), &cotangent);
        let product = |p: &[f64]| {
            let (value, gradient) = companion(p, &cotangent);
            (self::weighted(&value, &cotangent), gradient.flatten())
        };
        parts.push((name, Check::new(weighted, product).in_precision(precision).at(point)?));
    }
    Ok(Checks::new("vjp", parts, precision))
}

/// Checks a companion that returns `(value, J tangent)` for a tangent of the inputs: along each input alone, up to sixteen,
/// and along four directions that are drawn.
///
/// # Errors
///
/// If the point is empty or not finite, or lengths do not fit.
///
/// ```
/// use symgrad::check;
///
/// let polar = |p: &[f64]| [p[0] * p[1].cos(), p[0] * p[1].sin()];
/// let checks = check::jvp(
///     polar,
///     |p, v| {
///         let (sin, cos) = p[1].sin_cos();
///         (polar(p), [v[0] * cos - p[0] * sin * v[1], v[0] * sin + p[0] * cos * v[1]])
///     },
///     &[2.0, 0.5],
/// )?;
/// assert!(checks.passed(), "{checks}");
/// # Ok::<(), check::Error>(())
/// ```
pub fn jvp<R: Flatten, S: Flatten, V: Flatten>(
    function: impl Fn(&[f64]) -> R,
    companion: impl Fn(&[f64], &[f64]) -> (S, V),
    point: &[f64],
) -> Result<Checks, Error> {
    jvp_in(&DOUBLE, function, companion, point)
}

/// The same in a float type.
pub(super) fn jvp_in<R: Flatten, S: Flatten, V: Flatten>(
    precision: &Precision,
    function: impl Fn(&[f64]) -> R,
    companion: impl Fn(&[f64], &[f64]) -> (S, V),
    point: &[f64],
) -> Result<Checks, Error> {
    if point.is_empty() {
        return Err(Error::EmptyPoint);
    }
    let expected = function(point).flatten_into(&mut []);
    let mut parts = Vec::new();
    for (name, tangent) in probes(point.len(), "input") {
        let found = companion(point, &tangent).1.flatten_into(&mut []);
        if found != expected {
            return Err(Error::OutputLength { expected, found });
        }
        // The function along the line, by its one coordinate t.
        let moved = |t: f64| point.iter().zip(&tangent).map(|(x, d)| x + t * d).collect::<Vec<f64>>();
        let line = |t: &[f64]| function(&moved(t[0]));
        let checks = jacobian_in(precision, line, |t: &[f64]| companion(&moved(t[0]), &tangent), &[0.0])?;
        parts.extend(checks.parts.into_iter().map(|(output, report)| (format!("{name}, {output}"), report)));
    }
    Ok(Checks::new("jvp", parts, precision))
}

/// The axes, if they are few, and directions of ±1 that are drawn.
fn probes(count: usize, axis: &str) -> Vec<(String, Vec<f64>)> {
    let mut random = Random::new(0);
    let unit = |j: usize| (0..count).map(|k| if k == j { 1.0 } else { 0.0 }).collect();
    let axes = (0..count.min(AXES)).map(|j| (format!("{axis} {j}"), unit(j)));
    let drawn = (0..DRAWN).map(|k| (format!("drawn {k}"), random.direction(&vec![1.0; count])));
    axes.chain(drawn).collect()
}

/// The number of outputs, if the companion's have it too and the matrix fits.
fn fitting_rows<R: Flatten, S: Flatten, J: Flatten>(
    value: &R,
    (same, matrix): &(S, J),
    n: usize,
) -> Result<usize, Error> {
    let (outputs, found) = (value.flatten_into(&mut []), same.flatten_into(&mut []));
    if outputs != found {
        return Err(Error::OutputLength { expected: outputs, found });
    }
    let (expected, found) = (outputs * n, matrix.flatten_into(&mut []));
    if expected == found { Ok(outputs) } else { Err(Error::MatrixLength { expected, found }) }
}

/// The j-th scalar; NaN if there is none.
fn nth(value: &impl Flatten, j: usize) -> f64 {
    value.flatten().get(j).copied().unwrap_or(f64::NAN)
}

/// Σ wⱼ yⱼ.
fn weighted(value: &impl Flatten, weights: &[f64]) -> f64 {
    value.flatten().iter().zip(weights).map(|(y, w)| w * y).sum()
}
