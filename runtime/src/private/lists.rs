//! What emitted code does to lists: tapes, elements that changed their places, structs one by one.

use crate::Differentiable;
use alloc::vec;
use alloc::vec::Vec;
use num_traits::{Float, ToPrimitive};

/// How many records room is made for at once: a range that says more may still be left by a panic.
const AT_ONCE: usize = 1 << 16;

/// Makes room on a tape for a record for each item.
#[inline]
pub fn reserve<R>(tape: &mut Vec<R>, items: &impl Iterator) {
    tape.reserve(items.size_hint().0.min(AT_ONCE));
}

/// An iterator. What can only be made one of has methods of its own, which mean something else.
#[inline]
pub const fn iterator<I: Iterator>(iterator: I) -> I {
    iterator
}

/// Where each of the numbers `after` is among those `before`, of which they are a rearrangement. They are told apart by
/// their bits; of equal ones the first stays the first.
#[must_use]
pub fn order<T: Float>(before: &[T], after: &[T]) -> Vec<usize> {
    let sorted = |numbers: &[T]| {
        let mut indices: Vec<usize> = (0..numbers.len()).collect();
        indices.sort_by_key(|&k| numbers[k].integer_decode());
        indices
    };
    let mut order = vec![0; after.len()];
    sorted(before).into_iter().zip(sorted(after)).for_each(|(from, to)| order[to] = from);
    order
}

/// What a method of `Differentiable` makes of each element.
pub fn each<T, U>(elements: &[T], f: impl Fn(&T) -> U) -> Vec<U> {
    elements.iter().map(f).collect()
}

/// Makes each element zeros in the shape of another.
pub fn reset_each<T: Differentiable>(elements: &mut [T], like: &[T]) {
    elements.iter_mut().zip(like).for_each(|(element, like)| element.reset_like(like));
}

/// `to += scale * from`
#[allow(clippy::needless_pass_by_value, reason = "a number")]
pub fn add_scaled<T: Differentiable>(to: &mut T, from: &T, scale: impl ToPrimitive) {
    let scale = scale.to_f64().unwrap_or(f64::NAN);
    to.combine_each(from, &mut |a, b| a + scale * b);
}
