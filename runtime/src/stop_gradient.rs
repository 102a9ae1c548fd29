//! A barrier for derivatives: `stop_gradient(x)` is `x`, and its derivative is zero.

/// Returns `x` unchanged; inside a differentiated function its derivative is taken to be zero.
///
/// Use it for a quantity that depends on the parameters but that must count as a constant: a target
/// computed by the model itself, or a baseline.
///
/// ```
/// use symgrad::stop_gradient;
///
/// assert_eq!(stop_gradient(2.5), 2.5);
/// assert_eq!(stop_gradient([1.0, 2.0]), [1.0, 2.0]);
/// ```
#[inline]
#[must_use]
pub const fn stop_gradient<T>(x: T) -> T {
    x
}
