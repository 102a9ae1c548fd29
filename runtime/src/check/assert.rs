//! The assertions for tests.

use super::{Check, Checks, Error, Report};
use crate::Flatten;

/// Asserts that a gradient agrees with finite differences, or panics with the whole table.
///
/// The arguments are those of [`check::gradient`](crate::check::gradient): the function, its companion and
/// the point, and after them, optionally, `jvp = ` and a forward-mode companion.
///
/// It panics if a derivative contradicts its difference or is not finite, if a companion's value is not bit
/// for bit the function's, if forward mode disagrees, and if the check cannot be made. An inconclusive input
/// or a suspected kink alone does not fail the test, for both occur with right gradients: a derivative that
/// vanishes at the point, the corner of an absolute value. But a test that confirms nothing must not be
/// green: if no input at all could be confirmed it panics too, and another point should be chosen.
///
/// # Panics
///
/// As said, which is its purpose.
///
/// ```
/// fn f(x: f64) -> f64 { x.exp() }
/// fn f_value_and_gradient(x: f64) -> (f64, f64) { (x.exp(), x.exp()) }
/// fn f_jvp(x: f64, dx: f64) -> (f64, f64) { (x.exp(), x.exp() * dx) }
///
/// symgrad::assert_gradient!(|p| f(p[0]), |p| f_value_and_gradient(p[0]), [1.0]);
/// symgrad::assert_gradient!(
///     |p| f(p[0]),
///     |p| f_value_and_gradient(p[0]),
///     [1.0],
///     jvp = |p, v| f_jvp(p[0], v[0]),
/// );
/// ```
///
/// ```should_panic
/// symgrad::assert_gradient!(|p| p[0].exp(), |p| (p[0].exp(), p[0]), [1.0]);
/// ```
#[macro_export]
macro_rules! assert_gradient {
    ($function:expr, $companion:expr, $point:expr $(, jvp = $jvp:expr)? $(,)?) => {
        $crate::check::assert_gradient($crate::check::Check::new($function, $companion)$(.jvp($jvp))?, &$point)
    };
}

/// Asserts that a Jacobian, a Hessian, or products of a Jacobian agree with finite differences, or panics with what does
/// not.
///
/// After the kind, the arguments are those of [`check::jacobian`](crate::check::jacobian),
/// [`hessian`](crate::check::hessian), [`vjp`](crate::check::vjp) and [`jvp`](crate::check::jvp). It panics as
/// [`assert_gradient!`](crate::assert_gradient) does.
///
/// # Panics
///
/// As said, which is its purpose.
///
/// ```
/// let gradient = |p: &[f64]| [2.0 * p[0] * p[1], p[0] * p[0]];
/// symgrad::assert_derivatives!(hessian, gradient, |p| [[2.0 * p[1], 2.0 * p[0]], [2.0 * p[0], 0.0]], [1.5, -0.5]);
/// symgrad::assert_derivatives!(jvp, |p| p[0].exp(), |p, v| (p[0].exp(), p[0].exp() * v[0]), [1.0]);
/// ```
///
/// ```should_panic
/// symgrad::assert_derivatives!(jvp, |p| p[0].exp(), |p, v| (p[0].exp(), v[0]), [1.0]);
/// ```
#[macro_export]
macro_rules! assert_derivatives {
    ($kind:ident, $function:expr, $companion:expr, $point:expr $(,)?) => {
        $crate::check::assert_checks($crate::check::$kind($function, $companion, &$point))
    };
}

/// The body of [`assert_derivatives!`](crate::assert_derivatives).
#[doc(hidden)]
#[track_caller]
#[allow(clippy::needless_pass_by_value)] // a temporary of the macro
pub fn assert_checks(checks: Result<Checks, Error>) {
    match checks {
        Ok(checks) => assert!(!checks.failed() && checks.verified() > 0, "{checks}"),
        Err(error) => panic!("the derivatives could not be checked: {error}"),
    }
}

/// The body of the macro, as a function so that closures without types are inferred.
#[doc(hidden)]
#[track_caller]
#[allow(clippy::needless_pass_by_value)] // a temporary of the macro
pub fn assert_gradient<F, C, G>(check: Check<'_, F, C>, point: &[f64])
where
    F: Fn(&[f64]) -> f64,
    C: Fn(&[f64]) -> (f64, G),
    G: Flatten,
{
    match check.at(point) {
        Ok(report) => assert!(holds(&report), "{report}"),
        Err(error) => panic!("the gradient could not be checked: {error}"),
    }
}

fn holds(report: &Report) -> bool {
    !report.failed() && report.verified() > 0
}
