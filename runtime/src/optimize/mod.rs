//! Minimization of a function whose gradient is at hand.
//!
//! | solver | step | good for |
//! |---|---|---|
//! | [`GradientDescent`] | against the gradient, at a fixed or a backtracking rate | teaching; smooth, well-scaled problems |
//! | [`Momentum`] | remembers its velocity (Polyak) | noisy or elongated valleys |
//! | [`Nesterov`] | momentum with a look-ahead | smooth convex problems |
//! | [`AdaGrad`], [`RmsProp`] | a rate per coordinate, from the squares of gradients | sparse gradients; noisy ones |
//! | [`AdamW`] | Adam with decaying weights | neural networks that overfit |
//! | [`Adam`] | a rate per coordinate, from running moments | neural networks, badly scaled gradients |
//! | [`Lbfgs`] | quasi-Newton, strong Wolfe line search | everything smooth and deterministic: try it first |
//! | [`Newton`] | the minimum of the quadratic model within a region of trust | some hundred parameters with a Hessian |
//! | [`GaussNewton`] | the minimum of linearized residuals | sums of squares, from a good start |
//! | [`LevenbergMarquardt`] | the same within a region of trust | fits: sums of squares from any start |
//! | [`MiniBatch`] | a method with a rate, on parts of the data | means over many samples |
//!
//! All are used alike, and all return the same [`Report`], which for sums of squares is part of a [`Fit`]:
//!
//! ```
//! use symgrad::optimize::{Adam, objective};
//!
//! let bowl = objective(|p: &[f64]| (p[0] * p[0] + 2.0 * p[1] * p[1], [2.0 * p[0], 4.0 * p[1]]));
//! let report = Adam::new(0.05).max_iterations(2000).gradient_tolerance(1e-6).minimize(&bowl, &[2.6, 2.2])?;
//! assert!(report.converged(), "{report}");
//! assert!(report.value < 1e-12);
//! # Ok::<(), symgrad::optimize::Error>(())
//! ```
//!
//! # What is guaranteed
//!
//! - The point returned is the best one at which the objective was ever evaluated, not the last. Values that
//!   differ by no more than round-off count as equal, and then the smaller gradient wins.
//! - Nothing panics. An unusable start or option is an [`Error`]; an objective that becomes NaN or infinite
//!   on the way ends the run with [`StopReason::NonFinite`] and the best point so far.
//! - Norms are Euclidean. Runs are deterministic.
//!
//! # Plan of the module
//!
//! One solver per file, each a loop over `run`, which evaluates, keeps the best point, and decides when to
//! stop by the criteria of `stop`; `trend` notices oscillation and divergence. `line_search` serves L-BFGS. Fits have
//! the same frame: `squares` is their objective, `qr` solves their systems, `fit` adds to the report what the residuals
//! say of the parameters. `options` has what several solvers can be told alike.

mod adagrad;
mod adam;
mod adamw;
mod bounds;
#[cfg(feature = "mpi")]
mod distributed;
mod eigen;
mod error;
mod first_order;
mod fit;
mod gauss_newton;
mod gradient_descent;
mod gradients;
mod lbfgs;
mod least_squares;
mod levenberg_marquardt;
mod line_search;
mod mini_batch;
mod momentum;
mod nesterov;
mod newton;
mod objective;
mod options;
#[cfg(feature = "rayon")]
mod parallel;
mod qr;
mod report;
mod rms_prop;
mod run;
mod samples;
mod schedule;
mod second_order;
mod squares;
mod state;
mod stop;
mod trend;
mod vector;

pub use adagrad::AdaGrad;
pub use adam::Adam;
pub use adamw::AdamW;
#[cfg(feature = "mpi")]
pub use distributed::{Distributed, share};
pub use error::Error;
pub use first_order::{FirstOrder, Updates};
pub use fit::Fit;
pub use gauss_newton::GaussNewton;
pub use gradient_descent::GradientDescent;
pub use gradients::Gradients;
pub use lbfgs::Lbfgs;
pub use least_squares::{Curve, FromJacobian, Residuals, curve, residuals};
pub use levenberg_marquardt::LevenbergMarquardt;
pub use mini_batch::{MiniBatch, Sampler};
pub use momentum::Momentum;
pub use nesterov::Nesterov;
pub use newton::{Newton, Stationary};
pub use objective::{FromCompanion, Objective, objective};
#[cfg(feature = "rayon")]
pub use parallel::Parallel;
pub use report::{Criteria, Report};
pub use rms_prop::RmsProp;
pub use run::Progress;
pub use samples::{MeanLoss, SampleLoss, mean_loss};
pub use schedule::Schedule;
pub use second_order::{FromSecondOrder, TwiceDifferentiable, second_order};
pub use state::{Over, over};
pub use stop::{NonFinite, StopReason};
pub use trend::Trend;
