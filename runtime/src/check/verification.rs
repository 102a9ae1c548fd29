//! What `#[differentiate(verify(…))]` calls in the test that it writes.
//!
//! Input: the function and its companions, as closures over the scalars in `wrt`. Output: none; a derivative that is wrong, or
//! that cannot be checked, is a panic with the report.

use super::precision::{DOUBLE, Precision, SINGLE};
use super::ridders::{along, estimate};
use super::{Checks, Error, matrices};
use crate::Flatten;
use std::cell::Cell;
use std::fmt;

/// A function at one point.
#[doc(hidden)]
pub struct Verification<F> {
    function: &'static str,
    at: &'static str,
    precision: Precision,
    start: Vec<f64>,
    value: F,
    /// The largest error that a derivative by differences was found to have.
    uncertainty: Cell<f64>,
}

impl<F, R> Verification<F>
where
    F: Fn(&[f64]) -> R,
    R: Flatten,
{
    pub fn new(function: &'static str, at: &'static str, single: bool, start: Vec<f64>, value: F) -> Self {
        let precision = if single { SINGLE } else { DOUBLE };
        Self { function, at, precision, start, value, uncertainty: Cell::new(0.0) }
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
        self.judge("hvp", matrices::jvp_in(&self.precision_of(&gradient), &gradient, both, &self.start));
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
        let precision = self.precision_of(&gradient);
        self.judge("sparse_hessian", matrices::hessian_in(&precision, gradient, hessian, &self.start));
    }

    /// The gradient of the number that the function returns, by differences of it.
    pub fn by_differences(&self, at: &[f64]) -> Vec<f64> {
        let value = |at: &[f64]| (self.value)(at).flatten().first().copied().unwrap_or(f64::NAN);
        let slope = |k: usize| {
            let (mut pair, size) = (along(k, at, &self.precision, value), at[k].abs());
            let mut look = |scale: f64| estimate(scale, &self.precision, &mut pair);
            let Some(found) = look(size.max(1.0)).or_else(|| look(size)) else { return f64::NAN };
            self.uncertainty.set(self.uncertainty.get().max(found.error));
            found.difference
        };
        (0..at.len()).map(slope).collect()
    }

    /// The precision of a gradient: where it is one by differences, their error is in its values.
    fn precision_of<G: Flatten>(&self, gradient: impl Fn(&[f64]) -> G) -> Precision {
        self.uncertainty.set(0.0);
        gradient(&self.start);
        Precision { floor: self.uncertainty.get(), ..self.precision }
    }

    /// Each derivative against the one before, and the first against the function.
    #[track_caller]
    pub fn derivatives<D: Flatten>(&self, companion: impl Fn(&[f64]) -> D) {
        let all = |at: &[f64]| companion(at).flatten();
        let numbers = (self.value)(&self.start).flatten_into(&mut []);
        self.gradient(|at| {
            let mut value = all(at);
            let mut rest = value.split_off(numbers.min(value.len()));
            rest.truncate(numbers);
            (value, rest)
        });
        let all_but_last = |at: &[f64]| {
            let mut all = all(at);
            all.truncate(all.len().saturating_sub(numbers));
            all
        };
        let next = |at: &[f64]| {
            let mut all = all(at);
            (all_but_last(at), all.split_off(numbers.min(all.len())))
        };
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
    use super::{DOUBLE, SINGLE, Verification};
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

    /// A large constant is round-off in the differences, and more of it in differences of these.
    #[test]
    fn differences_of_differences_know_their_round_off() {
        for single in [false, true] {
            let round = if single { SINGLE } else { DOUBLE }.round;
            // In `f32`, of more than this nothing is left.
            let large = if single { 10.0 } else { 1000.0 };
            for k in 0..12 {
                let start = [0.25 + 0.25 * f64::from(k), 1.5 - 0.2 * f64::from(k), 0.75];
                let start = start.map(round).to_vec();
                let value = |x: &[f64]| round(large + round(x[0]) * round(x[1]).exp() * round(x[2]));
                let f = Verification::new("f", "here", single, start, value);
                let hessian = |x: &[f64]| {
                    let (e, a, c) = (x[1].exp(), x[0], x[2]);
                    [[0.0, e * c, e], [e * c, a * e * c, a * e], [e, a * e, 0.0]]
                };
                f.product(
                    |x| f.by_differences(x),
                    |x, v| hessian(x).map(|row| row.iter().zip(v).map(|(h, v)| h * v).sum::<f64>()),
                );
                let entries = (0..9).map(|k| (k / 3, k % 3)).collect::<Vec<_>>();
                f.sparse_hessian(|x| f.by_differences(x), |x| (entries.clone(), hessian(x)));
            }
        }
    }

    /// Where the first steps leave the domain, shorter ones find the gradient.
    #[test]
    fn differences_stay_in_the_domain() {
        let f = Verification::new("f", "here", false, vec![1e-9, 2.0], |x: &[f64]| x[0].ln() * x[1]);
        let [along_first, along_second] = f.by_differences(&[1e-9, 2.0]).try_into().unwrap();
        assert!((along_first * 0.5e-9 - 1.0).abs() < 1e-8 && (along_second - 1e-9_f64.ln()).abs() < 1e-8);
        f.product(|x| f.by_differences(x), |x, v| [v[1] / x[0] - v[0] * x[1] / (x[0] * x[0]), v[0] / x[0]]);
    }
}
