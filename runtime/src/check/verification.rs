//! What `#[differentiate(verify(…))]` calls in the test that it writes.
//!
//! Input: the function and its companions, as closures over the scalars in `wrt`. Output: none; a derivative that is wrong, or
//! that cannot be checked, is a panic with the report.

use super::precision::{DOUBLE, Precision, SINGLE};
use super::ridders::{Pair, better, extrapolate, sample};
use super::{Checks, Error, matrices};
use crate::Flatten;
use std::fmt;

/// A function at one point.
#[doc(hidden)]
pub struct Verification<F> {
    function: &'static str,
    at: &'static str,
    precision: Precision,
    start: Vec<f64>,
    value: F,
}

impl<F, R> Verification<F>
where
    F: Fn(&[f64]) -> R,
    R: Flatten,
{
    pub fn new(function: &'static str, at: &'static str, single: bool, start: Vec<f64>, value: F) -> Self {
        Self { function, at, precision: if single { SINGLE } else { DOUBLE }, start, value }
    }

    /// Value and gradient: a Jacobian of one row.
    #[track_caller]
    pub fn gradient<S: Flatten, G: Flatten>(&self, companion: impl Fn(&[f64]) -> (S, G)) {
        self.judge("gradient", matrices::jacobian_in(&self.precision, &self.value, companion, &self.start));
    }

    #[track_caller]
    pub fn jacobian<S: Flatten, J: Flatten>(&self, companion: impl Fn(&[f64]) -> (S, J)) {
        self.judge("jacobian", matrices::jacobian_in(&self.precision, &self.value, companion, &self.start));
    }

    #[track_caller]
    pub fn jvp<S: Flatten, V: Flatten>(&self, companion: impl Fn(&[f64], &[f64]) -> (S, V)) {
        self.judge("jvp", matrices::jvp_in(&self.precision, &self.value, companion, &self.start));
    }

    #[track_caller]
    pub fn vjp<S: Flatten, G: Flatten>(&self, companion: impl Fn(&[f64], &[f64]) -> (S, G)) {
        self.judge("vjp", matrices::vjp_in(&self.precision, &self.value, companion, &self.start));
    }

    /// The gradient against the function, and the Hessian against that gradient.
    #[track_caller]
    pub fn hessian<S: Flatten, G: Flatten, H: Flatten>(&self, companion: impl Fn(&[f64]) -> (S, G, H)) {
        self.gradient(|at| {
            let (value, gradient, _) = companion(at);
            (value, gradient)
        });
        let checks = matrices::hessian_in(
            &self.precision,
            |at: &[f64]| companion(at).1,
            |at: &[f64]| companion(at).2,
            &self.start,
        );
        self.judge("hessian", checks);
    }

    /// The Hessian's product with a vector, against the gradient.
    #[track_caller]
    pub fn product<G: Flatten, P: Flatten>(
        &self,
        gradient: impl Fn(&[f64]) -> G,
        product: impl Fn(&[f64], &[f64]) -> P,
    ) {
        let both = |at: &[f64], along: &[f64]| (gradient(at), product(at, along));
        self.judge("hvp", matrices::jvp_in(&self.precision, &gradient, both, &self.start));
    }

    /// A Jacobian's nonzeros, with their places: the other entries have to be zero.
    #[track_caller]
    pub fn sparse_jacobian<J: Flatten>(&self, companion: impl Fn(&[f64]) -> (Vec<(usize, usize)>, J)) {
        let rows = (self.value)(&self.start).flatten_into(&mut []);
        let both = |at: &[f64]| {
            let (entries, nonzeros) = companion(at);
            ((self.value)(at), filled(rows, at.len(), &entries, &nonzeros))
        };
        self.judge("sparse_jacobian", matrices::jacobian_in(&self.precision, &self.value, both, &self.start));
    }

    /// A Hessian's nonzeros likewise, against a gradient.
    #[track_caller]
    pub fn sparse_hessian<G: Flatten, H: Flatten>(
        &self,
        gradient: impl Fn(&[f64]) -> G,
        companion: impl Fn(&[f64]) -> (Vec<(usize, usize)>, H),
    ) {
        let hessian = |at: &[f64]| {
            let (entries, nonzeros) = companion(at);
            filled(at.len(), at.len(), &entries, &nonzeros)
        };
        self.judge("sparse_hessian", matrices::hessian_in(&self.precision, gradient, hessian, &self.start));
    }

    /// The gradient of the number that the function returns, by differences of it.
    pub fn by_differences(&self, at: &[f64]) -> Vec<f64> {
        let mut moved = at.to_vec();
        let mut along = |k: usize| {
            let x = at[k];
            let mut value_at = |coordinate: f64| {
                moved[k] = coordinate;
                (self.value)(&moved).flatten().first().copied().unwrap_or(f64::NAN)
            };
            let slope = slope(x, &self.precision, &mut value_at);
            moved[k] = x;
            slope
        };
        (0..at.len()).map(&mut along).collect()
    }

    /// Each derivative against the one before, and the first against the function.
    #[track_caller]
    pub fn derivatives<D: Flatten>(&self, companion: impl Fn(&[f64]) -> D) {
        let all = |at: &[f64]| companion(at).flatten();
        self.gradient(|at| {
            let all = all(at);
            (all.first().copied().unwrap_or(f64::NAN), all.get(1).copied().unwrap_or(f64::NAN))
        });
        let all_but_last = |at: &[f64]| {
            let mut all = all(at);
            all.pop();
            all
        };
        let next = |at: &[f64]| (all_but_last(at), all(at).split_off(1));
        self.judge("derivatives", matrices::jacobian_in(&self.precision, all_but_last, next, &self.start));
    }

    #[track_caller]
    fn judge(&self, companion: &str, checks: Result<Checks, Error>) {
        let place = Place { function: self.function, companion, at: self.at };
        match checks {
            Ok(checks) => assert!(!checks.failed() && checks.verified() > 0, "{place}: {checks}"),
            Err(error) => panic!("{place} could not be checked: {error}"),
        }
    }
}

/// The whole matrix, row by row. A place beside the matrix, or a nonzero without a place, is a matrix that does not fit.
fn filled(rows: usize, columns: usize, entries: &[(usize, usize)], nonzeros: &impl Flatten) -> Vec<f64> {
    let nonzeros = nonzeros.flatten();
    let inside = entries.iter().all(|&(i, j)| i < rows && j < columns);
    if !inside || nonzeros.len() != entries.len() {
        return Vec::new();
    }
    let mut all = vec![0.0; rows * columns];
    entries.iter().zip(nonzeros).for_each(|(&(i, j), nonzero)| all[i * columns + j] = nonzero);
    all
}

/// The derivative of a function of one coordinate by differences: NaN where it is not finite on both sides.
fn slope(x: f64, precision: &Precision, value_at: &mut impl FnMut(f64) -> f64) -> f64 {
    let mut pair = |h: f64| {
        let (high, low) = (x + h, x - h);
        Pair {
            above: value_at(high),
            below: value_at(low),
            step_above: high - x,
            step_below: x - low,
            width: high - low,
        }
    };
    let [wide, narrow] = precision.starts.map(|start| sample(start * x.abs().max(1.0), &mut pair));
    let found = better(extrapolate(&wide, precision), extrapolate(&narrow, precision));
    found.map_or(f64::NAN, |estimate| estimate.difference)
}

/// `f_gradient` at `x = 1.0`
struct Place<'a> {
    function: &'a str,
    companion: &'a str,
    at: &'a str,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} of `{}` at {}", self.companion, self.function, self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::Verification;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    fn at<R: crate::Flatten>(value: fn(&[f64]) -> R) -> Verification<fn(&[f64]) -> R> {
        Verification::new("f", "here", false, vec![0.5, -1.25, 2.0], value)
    }

    fn fails(check: impl FnOnce()) -> bool {
        catch_unwind(AssertUnwindSafe(check)).is_err()
    }

    #[test]
    fn a_pattern_without_a_nonzero_or_with_one_at_another_place_fails() {
        let f = at(|x| [x[0] * x[1], x[2]]);
        let entries = [(0, 0), (0, 1), (1, 2)];
        let nonzeros = |x: &[f64]| [x[1], x[0], 1.0];
        f.sparse_jacobian(|x| (entries.to_vec(), nonzeros(x)));
        assert!(fails(|| f.sparse_jacobian(|x| (entries[..2].to_vec(), nonzeros(x)[..2].to_vec()))));
        assert!(fails(|| f.sparse_jacobian(|x| (vec![(0, 1), (0, 0), (1, 2)], nonzeros(x)))));
        assert!(fails(|| f.sparse_jacobian(|x| (vec![(0, 0), (0, 1), (2, 2)], nonzeros(x)))), "beside the matrix");
        assert!(fails(|| f.sparse_jacobian(|x| (entries.to_vec(), nonzeros(x)[..2].to_vec()))), "one too few");
    }

    #[test]
    fn second_derivatives_are_held_against_differences_of_differences() {
        let f = at(|x| x[0] * x[1].exp() + x[2].sin());
        let product = |scale: f64| {
            move |x: &[f64], v: &[f64]| {
                let e = x[1].exp();
                [e * v[1], e * v[0] + x[0] * e * v[1], -scale * x[2].sin() * v[2]]
            }
        };
        f.product(|x| f.by_differences(x), product(1.0));
        assert!(fails(|| f.product(|x| f.by_differences(x), product(1.001))));
        let entries = [(0, 1), (1, 0), (1, 1), (2, 2)];
        let nonzeros = |x: &[f64]| [x[1].exp(), x[1].exp(), x[0] * x[1].exp(), -x[2].sin()];
        f.sparse_hessian(|x| f.by_differences(x), |x| (entries.to_vec(), nonzeros(x)));
        assert!(fails(
            || f.sparse_hessian(|x| f.by_differences(x), |x| (entries[1..].to_vec(), nonzeros(x)[1..].to_vec()))
        ));
    }
}
