//! What the companions of a function with a rule of its own are made of: its gradient, times a tangent or a cotangent.

use crate::Differentiable;
use crate::directions::Direction;
use core::ops::Mul;
use num_traits::{ToPrimitive, Zero};

/// The next coordinate of a point; NaN if there is none.
pub fn coordinate(rest: &mut &[f64]) -> f64 {
    let Some((&first, others)) = rest.split_first() else { return f64::NAN };
    *rest = others;
    first
}

/// What is left of a point, but for so many coordinates.
pub fn all_but<'p>(rest: &mut &'p [f64], count: usize) -> &'p [f64] {
    let (taken, left) = rest.split_at(rest.len().saturating_sub(count));
    *rest = left;
    taken
}

/// A partial derivative times a tangent or a cotangent. What is zero for want of a direction does not meet an infinity.
#[inline]
pub fn times<T: Copy + Zero + Mul<Output = T>>(partial: T, direction: T) -> T {
    if direction.is_zero() { direction } else { partial * direction }
}

/// The same in all directions of a caller.
#[inline]
pub fn along<T: Copy + Zero + Mul<Output = T>, D: Direction<T>>(partial: T, directions: D) -> D {
    D::among([directions], |lane| times(partial, directions.lane(lane)))
}

/// The same of structs, scalar by scalar, and summed.
pub fn inner_product<T: Differentiable>(partials: &T, direction: &T) -> f64 {
    let mut sum = 0.0;
    partials.duplicate().combine_each(direction, &mut |a, b| {
        sum += times(a, b);
        a
    });
    sum
}

/// The same of a struct and a number.
#[allow(clippy::needless_pass_by_value, reason = "a number")]
pub fn scale<T: Differentiable>(partials: &mut T, cotangent: impl ToPrimitive) {
    let cotangent = cotangent.to_f64().unwrap_or(f64::NAN);
    let same = partials.duplicate();
    partials.combine_each(&same, &mut |a, _| times(a, cotangent));
}
