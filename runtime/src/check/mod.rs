//! Is a gradient right? Compare it with finite differences, in one line.
//!
//! ```
//! use symgrad::check;
//!
//! let report = check::gradient(
//!     |p| p[0] * p[0] * p[1] + p[1].sin(),                                    // the function
//!     |p| (p[0] * p[0] * p[1] + p[1].sin(), [2.0 * p[0] * p[1], p[0] * p[0] + p[1].cos()]), // its companion
//!     &[1.0, 0.5],                                                            // where
//! )?;
//! assert!(report.passed(), "{report}");
//! # Ok::<(), check::Error>(())
//! ```
//!
//! [`jacobian`], [`hessian`], [`vjp`] and [`jvp`] check the other companions, output by output.
//!
//! In a test, [`assert_gradient!`](crate::assert_gradient) does the same and panics with the report's
//! table. [`Check`] has the options: how many inputs, which seed, a forward-mode companion, `f32`.
//!
//! # What is compared
//!
//! For each input `i` the companion's derivative `ad` is set against a difference `fd` of the function
//! along that input, found by Ridders' extrapolation together with an estimate `err` of its own error.
//!
//! | verdict | when |
//! |---|---|
//! | [`Pass`](Verdict::Pass) | `\|ad − fd\| ≤ 1e-12 + 1e-6·max(\|ad\|, \|fd\|) + 10·err`, and the difference is sharp enough to tell |
//! | [`Inconclusive`](Verdict::Inconclusive) | they agree, but `10·err > 1e-3·max(\|ad\|, \|fd\|)`; or the function is not finite on both sides of the point |
//! | [`KinkSuspected`](Verdict::KinkSuspected) | the one-sided differences disagree, and `ad` lies between them |
//! | [`NonFinite`](Verdict::NonFinite) | `ad` or the function's value is NaN or infinite |
//! | [`Fail`](Verdict::Fail) | otherwise |
//!
//! Two derivatives that agree to 1e-12, or exactly, are not called uncertain. So an error of a relative 1e-5 is
//! caught in a derivative above 1e-6 or so, and anything below 1e-12 passes: where such sizes matter, check the
//! function in larger units. Where the first steps leave the function's domain, or a function oscillates
//! within them, shorter ones decide.
//!
//! Besides, the companion's value must be the function's value bit for bit, and a forward-mode
//! derivative, where one is given, must agree with the reverse-mode one.
//!
//! # Many inputs
//!
//! Up to [`Check::limit`] inputs, each one is probed, at 40 evaluations of the function per input. Beyond
//! it, as many inputs as the limit says are drawn at random, and eight random directions, which move every
//! input at once, cover the rest. The draw is deterministic; [`Check::seed`] changes it.
//!
//! # `f32`
//!
//! Write the casts in the closures and ask for [`Check::single_precision`]:
//!
//! ```
//! use symgrad::check::Check;
//!
//! fn f(x: f32) -> f32 { x.sin() }
//! fn f_value_and_gradient(x: f32) -> (f32, f32) { (x.sin(), x.cos()) }
//!
//! let report = Check::new(
//!     |p| f64::from(f(p[0] as f32)),
//!     |p| {
//!         let (value, gradient) = f_value_and_gradient(p[0] as f32);
//!         (f64::from(value), gradient)
//!     },
//! )
//! .single_precision()
//! .at(&[0.7])?;
//! assert!(report.passed(), "{report}");
//! # Ok::<(), symgrad::check::Error>(())
//! ```
//!
//! # Plan of the module
//!
//! `gradient` runs the check. `probe` says where to look; `evidence` looks along one line, with `ridders` for
//! the difference and `kink` for one-sided differences that disagree; `verdict` judges; `report` holds the
//! result and `table` prints it. `matrices` makes one check for each output of
//! a function with several. `assert` has the macros for tests, and `verification` what the attribute's
//! `verify(…)` calls.

mod assert;
mod error;
mod evidence;
mod gradient;
mod kink;
mod matrices;
mod precision;
mod probe;
mod report;
mod ridders;
mod table;
mod verdict;
mod verification;

#[doc(hidden)]
pub use assert::{assert_checks, assert_gradient};
pub use error::Error;
pub use gradient::{Check, gradient};
pub use matrices::{Checks, hessian, jacobian, jvp, vjp};
pub use report::{Forward, Input, Report, Row};
pub use verdict::Verdict;
#[doc(hidden)]
pub use verification::Verification;
