//! Progress bars of runs, as callbacks for every solver's `minimize_with`.
//!
//! ```
//! use symgrad::optimize::{Adam, objective};
//! use symgrad::progress;
//!
//! let bowl = objective(|p: &[f64]| (p[0] * p[0] + 2.0 * p[1] * p[1], [2.0 * p[0], 4.0 * p[1]]));
//! let report = Adam::new(0.05).max_iterations(500).minimize_with(&bowl, &[2.6, 2.2], progress::bar(500))?;
//! assert!(report.value < 1e-6);
//! # Ok::<(), symgrad::optimize::Error>(())
//! ```
//!
//! ```text
//! ━━━━━━━━━━━━━━━━━╸            292/500  value 1.204e-3  ‖gradient‖ 5.310e-2  0s
//! ```

use crate::optimize::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::ops::ControlFlow;

const TEMPLATE: &str = "{bar:30} {pos:>6}/{len}  {msg}  {eta}";

/// A bar on standard error that fills as the run comes to its limit of iterations, with the value and the norm of the
/// gradient. Where standard error is no terminal, there is nothing to see. When the run ends, the bar stays as it is.
///
/// The limit is what `max_iterations` is; of mini-batches, epochs are counted.
pub fn bar(iterations: usize) -> impl FnMut(&Progress<'_>) -> ControlFlow<()> {
    let bar = ProgressBar::new(iterations as u64);
    if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
        bar.set_style(style.progress_chars("━╸ "));
    }
    on(bar)
}

/// The same on a bar of one's own, of the crate `indicatif`, version 0.18. Its position becomes the iteration, its message
/// the value and the norm of the gradient.
///
/// ```
/// use indicatif::ProgressBar;
/// use symgrad::optimize::{Lbfgs, objective};
/// use symgrad::progress;
///
/// let bowl = objective(|p: &[f64]| (p[0] * p[0] + 2.0 * p[1] * p[1], [2.0 * p[0], 4.0 * p[1]]));
/// let bar = ProgressBar::no_length();
/// let report = Lbfgs::new().minimize_with(&bowl, &[2.6, 2.2], progress::on(bar.clone()))?;
/// assert_eq!(bar.position(), report.iterations as u64);
/// # Ok::<(), symgrad::optimize::Error>(())
/// ```
pub fn on(bar: ProgressBar) -> impl FnMut(&Progress<'_>) -> ControlFlow<()> {
    let bar = StaysWhenDropped(bar);
    move |at| {
        bar.0.set_message(format!("value {:.3e}  ‖gradient‖ {:.3e}", at.value, at.gradient_norm));
        bar.0.set_position(at.iteration as u64);
        ControlFlow::Continue(())
    }
}

/// A solver drops its callback when it returns: then the bar is drawn a last time, for the run may have converged early.
struct StaysWhenDropped(ProgressBar);

impl Drop for StaysWhenDropped {
    fn drop(&mut self) {
        self.0.abandon();
    }
}
