//! What `#[differentiate(verify(…))]` calls in the test that it writes.
//!
//! Input: the function and its companions, as closures over the scalars in `wrt`. Output: none; a derivative that is wrong, or
//! that cannot be checked, is a panic with the report.

use super::precision::{DOUBLE, Precision, SINGLE};
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
