//! A derivative along a line, by differences extrapolated to step zero, with an estimate of its error.
//!
//! Input: a function that evaluates the pair f(x + h), f(x − h). Output: an [`Estimate`], or none if the
//! pairs are not finite. Invariant: the error is never below the round-off that the steps amplify.
//!
//! C. J. F. Ridders, "Accurate computation of F′(x) and F′(x)F″(x)", Advances in Engineering Software 4(2),
//! 1982, in the tabular form of Press, Teukolsky, Vetterling and Flannery, *Numerical Recipes*, section 5.7.
//! Two changes. The table is always completed, because stopping at the first rise of the error gives up
//! early on functions that oscillate. And each entry carries the round-off it has inherited as a lower bound
//! of its error, because among 45 entries two may agree by chance.

use super::precision::Precision;

/// Steps in one table.
pub(super) const ROWS: usize = 10;
/// The ratio of consecutive steps.
const SHRINK: f64 = 1.4;

/// The function on both sides of the point, at the same nominal distance.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pair {
    /// f(x + h).
    pub above: f64,
    /// f(x − h).
    pub below: f64,
    /// (x + h) − x, as it came out in floating point.
    pub step_above: f64,
    /// x − (x − h), likewise.
    pub step_below: f64,
    /// (x + h) − (x − h), likewise: the divisor of the central difference.
    pub width: f64,
}

/// All pairs of one table, the widest first.
pub(super) type Pairs = [Pair; ROWS];

/// An extrapolated difference.
#[derive(Debug, Clone, Copy)]
pub(super) struct Estimate {
    /// The derivative.
    pub difference: f64,
    /// Its estimated absolute error.
    pub error: f64,
}

/// The pairs of a function around a point along one of its coordinates, which is rounded to the float type.
pub(super) fn along(
    i: usize,
    point: &[f64],
    precision: &Precision,
    function: impl Fn(&[f64]) -> f64,
) -> impl FnMut(f64) -> Pair {
    let (x, round, mut moved) = (point[i], precision.round, point.to_vec());
    move |h| {
        let (high, low) = (round(x + h), round(x - h));
        moved[i] = high;
        let above = function(&moved);
        moved[i] = low;
        let below = function(&moved);
        Pair { above, below, step_above: high - x, step_below: x - low, width: high - low }
    }
}

/// Evaluates the pairs of the table that starts at step `start`.
pub(super) fn sample(start: f64, pair: &mut impl FnMut(f64) -> Pair) -> Pairs {
    let mut step = start;
    let mut pairs = Pairs::default();
    for slot in &mut pairs {
        *slot = pair(step);
        step /= SHRINK;
    }
    pairs
}

/// The most accurate entry of the extrapolation table over `pairs`.
fn extrapolate(pairs: &Pairs, precision: &Precision) -> Option<Estimate> {
    let mut best: Option<Estimate> = None;
    // Entry j of a row has had the error terms h², h⁴, …, h²ʲ removed; `noise` is its share of round-off.
    let mut row = [0.0; ROWS];
    let mut noise = [0.0; ROWS];
    for (i, pair) in pairs.iter().enumerate() {
        let (previous, previous_noise) = (row, noise);
        row[0] = (pair.above - pair.below) / pair.width;
        noise[0] = (precision.epsilon * pair.above.abs().max(pair.below.abs()) + precision.floor) / pair.width;
        let mut factor = 1.0;
        for j in 1..=i {
            factor *= SHRINK * SHRINK;
            row[j] = (row[j - 1] * factor - previous[j - 1]) / (factor - 1.0);
            noise[j] = (noise[j - 1] * factor + previous_noise[j - 1]) / (factor - 1.0);
            let spread = (row[j] - row[j - 1]).abs().max((row[j] - previous[j - 1]).abs());
            // `f64::max` would drop a NaN, and a NaN here means that a pair was outside the domain.
            let error = if spread < noise[j] { noise[j] } else { spread };
            if error.is_finite() && best.is_none_or(|best| error < best.error) {
                best = Some(Estimate { difference: row[j], error });
            }
        }
    }
    best
}

/// The most accurate entry of both tables with steps in units of `scale`.
pub(super) fn estimate(scale: f64, precision: &Precision, pair: &mut impl FnMut(f64) -> Pair) -> Option<Estimate> {
    best_of(&precision.starts.map(|start| sample(start * scale, pair)), precision)
}

/// The most accurate entry of several tables.
pub(super) fn best_of(tables: &[Pairs], precision: &Precision) -> Option<Estimate> {
    let estimates = tables.iter().filter_map(|pairs| extrapolate(pairs, precision));
    estimates.reduce(|best, next| if next.error < best.error { next } else { best })
}
