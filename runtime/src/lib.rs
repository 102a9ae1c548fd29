//! Derivatives of ordinary functions, and what to do with them.
//!
//! The crate has these parts:
//!
//! | part | for |
//! |---|---|
//! | the attribute `differentiate` | writes `f_gradient`, `f_value_and_gradient`, … beside `f` while the crate compiles |
//! | [`check`] | compares any gradient with finite differences, one line per function |
//! | [`optimize`] | minimizes, from gradient descent to Levenberg–Marquardt |
//! | `plot`, behind the feature of this name | contours with paths, convergence, fits, as SVG |
//! | `progress`, behind the feature of this name | progress bars of runs |
//! | `glue`, behind features | the same problems in argmin and basin; vectors of nalgebra and ndarray |
//!
//! [`check`] and [`optimize`] take plain closures, so a gradient written by hand or by another tool is
//! as welcome as one from the attribute. They need the feature `std`, which is on by default; without it
//! the crate is `no_std` and keeps the attribute, [`Differentiable`](trait@Differentiable) and [`stop_gradient`].
//!
#![cfg_attr(feature = "std", doc = "```")]
#![cfg_attr(not(feature = "std"), doc = "```ignore")]
//! use symgrad::{check, optimize::{Lbfgs, objective}};
//!
//! // The mean squared error of the line y = w x + b, and its gradient.
//! const X: [f64; 4] = [1.0, 2.0, 3.0, 4.0];
//! const T: [f64; 4] = [2.3, 4.1, 5.9, 8.2];
//! let mse = |p: &[f64]| X.iter().zip(T).map(|(x, t)| (p[0] * x + p[1] - t).powi(2)).sum::<f64>() / 4.0;
//! let mse_value_and_gradient = |p: &[f64]| {
//!     let mut gradient = [0.0; 2];
//!     for (x, t) in X.iter().zip(T) {
//!         let residual = p[0] * x + p[1] - t;
//!         gradient[0] += 2.0 / 4.0 * residual * x;
//!         gradient[1] += 2.0 / 4.0 * residual;
//!     }
//!     (mse(p), gradient)
//! };
//!
//! let report = check::gradient(mse, mse_value_and_gradient, &[0.5, 0.0])?;
//! assert!(report.passed(), "{report}");
//!
//! let fit = Lbfgs::new().minimize(&objective(mse_value_and_gradient), &[0.5, 0.0])?;
//! assert!((fit.point[0] - 1.95).abs() < 1e-6 && (fit.point[1] - 0.25).abs() < 1e-6, "{fit}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;

mod differentiable;
mod directions;
mod flatten;
mod labelled;
mod lanes;
mod rule;
mod sparsity;
mod stop_gradient;
mod tensor;
mod unit;

pub use differentiable::Differentiable;
pub use flatten::Flatten;
pub use sparsity::Sparsity;
pub use stop_gradient::stop_gradient;

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;

#[doc(hidden)]
pub use symgrad_macros::__expanded;
pub use symgrad_macros::{Differentiable, differentiate};

#[cfg(feature = "std")]
pub mod check;
#[cfg(any(
    feature = "argmin",
    feature = "basin",
    feature = "levenberg-marquardt",
    feature = "nalgebra",
    feature = "ndarray"
))]
pub mod glue;
#[cfg(feature = "std")]
pub mod optimize;
#[cfg(feature = "plot")]
pub mod plot;
#[cfg(feature = "progress")]
pub mod progress;
#[cfg(feature = "std")]
mod random;

/// The README's code, as tests.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../../README.md")]
struct Readme;
