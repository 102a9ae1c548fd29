//! What a derivative may be taken with respect to, as one value: its gradient is of the same type.
//!
//! Input: a value made of `f64` or `f32` scalars in arrays, vectors, tuples and structs. Output: zeros of its shape, the
//! value with other scalars, sums.
//! Invariant: the order of the scalars is that of [`Flatten::visit`], which every method follows.

use crate::Flatten;
use crate::flatten::for_tuples;
use alloc::vec::Vec;

/// A type whose gradient is a value of the same type: `f64`, `f32`, arrays, vectors, tuples of up to eight, and structs with
/// `#[derive(Differentiable)]`.
///
#[cfg_attr(feature = "std", doc = "```")]
#[cfg_attr(not(feature = "std"), doc = "```ignore")]
/// use symgrad::{Differentiable, Flatten};
///
/// #[derive(Differentiable)]
/// struct Model {
///     scale: f64,
///     weights: Vec<f64>,
///     #[differentiate(skip)]
///     name: String,
/// }
///
/// let mut model = Model { scale: 2.0, weights: vec![0.5, -1.0], name: "first".into() };
/// assert_eq!(model.flatten(), [2.0, 0.5, -1.0]);
/// model.restore(&[3.0, 1.0, 4.0]);
/// assert_eq!(model.weights, [1.0, 4.0]);
///
/// let zero = model.zero_like();
/// assert_eq!(zero.flatten(), [0.0, 0.0, 0.0]);
/// assert_eq!(zero.name, "first");
/// ```
///
/// A field with `#[differentiate(skip)]` is data, such as a count or a name: it is no part of the list, and a gradient has
/// a clone of it. Where the crate has another name, `#[differentiate(crate = path)]` on the struct says so.
#[diagnostic::on_unimplemented(
    message = "there is no derivative with respect to a `{Self}`",
    label = "it is not `Differentiable`",
    note = "put `#[derive(symgrad::Differentiable)]` on the struct, or `#[differentiate(skip)]` on a field that is data"
)]
pub trait Differentiable: Flatten + Sized {
    /// The same value once more.
    #[must_use]
    fn duplicate(&self) -> Self;

    /// Zeros in the shape of this value: vectors have the lengths that they have here.
    #[must_use]
    fn zero_like(&self) -> Self;

    /// Makes this value zeros in the shape of another. Allocates nothing if it has that shape already.
    fn reset_like(&mut self, other: &Self);

    /// Overwrites each scalar, in the order of [`Flatten::visit`], with what `next` returns.
    fn restore_each(&mut self, next: &mut impl FnMut() -> f64);

    /// Replaces each scalar by what `f` makes of it and of its counterpart in another value of the same shape.
    ///
    /// # Panics
    ///
    /// If the lengths of vectors differ.
    fn combine_each(&mut self, other: &Self, f: &mut impl FnMut(f64, f64) -> f64);

    /// Adds another value of the same shape, scalar by scalar.
    ///
    /// # Panics
    ///
    /// If the lengths of vectors differ.
    fn accumulate(&mut self, other: &Self) {
        self.combine_each(other, &mut |a, b| a + b);
    }

    /// Whether all vectors in it have the lengths of those in another.
    #[must_use]
    fn has_shape_of(&self, other: &Self) -> bool;

    /// [`Flatten::visit`], by the name of this trait: of a wrong type, there is one error then.
    #[doc(hidden)]
    fn visit_each(&self, each: &mut impl FnMut(f64)) {
        self.visit(each);
    }

    /// Overwrites the scalars with those of a list, as [`Flatten::flatten`] makes one.
    ///
    /// # Panics
    ///
    /// If there are more or fewer of them.
    fn restore(&mut self, flat: &[f64]) {
        let count = self.flatten_into(&mut []);
        assert_eq!(count, flat.len(), "a value of {count} scalars cannot be made of {}", flat.len());
        let mut values = flat.iter().copied();
        self.restore_each(&mut || values.next().unwrap_or_default());
    }
}

macro_rules! differentiable_scalars {
    ($($float:ident),*) => {$(
        impl Differentiable for $float {
            #[inline]
            fn duplicate(&self) -> Self {
                *self
            }

            #[inline]
            fn zero_like(&self) -> Self {
                0.0
            }

            #[inline]
            fn reset_like(&mut self, _: &Self) {
                *self = 0.0;
            }

            #[inline]
            #[allow(clippy::cast_possible_truncation, trivial_numeric_casts, reason = "an `f32` that was widened")]
            fn restore_each(&mut self, next: &mut impl FnMut() -> f64) {
                *self = next() as $float;
            }

            #[inline]
            #[allow(clippy::cast_possible_truncation, trivial_numeric_casts, reason = "of an `f32` that was widened")]
            fn combine_each(&mut self, other: &Self, f: &mut impl FnMut(f64, f64) -> f64) {
                *self = f(f64::from(*self), f64::from(*other)) as $float;
            }

            #[inline]
            fn has_shape_of(&self, _: &Self) -> bool {
                true
            }
        }
    )*};
}

differentiable_scalars!(f64, f32);

impl<T: Differentiable, const N: usize> Differentiable for [T; N] {
    fn duplicate(&self) -> Self {
        core::array::from_fn(|k| self[k].duplicate())
    }

    fn zero_like(&self) -> Self {
        core::array::from_fn(|k| self[k].zero_like())
    }

    fn reset_like(&mut self, other: &Self) {
        self.iter_mut().zip(other).for_each(|(to, like)| to.reset_like(like));
    }

    fn restore_each(&mut self, next: &mut impl FnMut() -> f64) {
        self.iter_mut().for_each(|part| part.restore_each(next));
    }

    fn combine_each(&mut self, other: &Self, f: &mut impl FnMut(f64, f64) -> f64) {
        self.iter_mut().zip(other).for_each(|(to, from)| to.combine_each(from, f));
    }

    fn has_shape_of(&self, other: &Self) -> bool {
        self.iter().zip(other).all(|(a, b)| a.has_shape_of(b))
    }
}

impl<T: Differentiable> Differentiable for Vec<T> {
    fn duplicate(&self) -> Self {
        self.iter().map(Differentiable::duplicate).collect()
    }

    fn zero_like(&self) -> Self {
        self.iter().map(Differentiable::zero_like).collect()
    }

    fn reset_like(&mut self, other: &Self) {
        self.truncate(other.len());
        self.iter_mut().zip(other).for_each(|(to, like)| to.reset_like(like));
        self.extend(other.iter().skip(self.len()).map(Differentiable::zero_like));
    }

    fn restore_each(&mut self, next: &mut impl FnMut() -> f64) {
        self.iter_mut().for_each(|part| part.restore_each(next));
    }

    fn combine_each(&mut self, other: &Self, f: &mut impl FnMut(f64, f64) -> f64) {
        assert_eq!(self.len(), other.len(), "vectors of different lengths have no sum");
        self.iter_mut().zip(other).for_each(|(to, from)| to.combine_each(from, f));
    }

    fn has_shape_of(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(a, b)| a.has_shape_of(b))
    }
}

macro_rules! differentiable_tuples {
    ($($($part:ident $index:tt),+;)+) => {$(
        impl<$($part: Differentiable),+> Differentiable for ($($part,)+) {
            fn duplicate(&self) -> Self {
                ($(self.$index.duplicate(),)+)
            }

            fn zero_like(&self) -> Self {
                ($(self.$index.zero_like(),)+)
            }

            fn reset_like(&mut self, other: &Self) {
                $(self.$index.reset_like(&other.$index);)+
            }

            fn restore_each(&mut self, next: &mut impl FnMut() -> f64) {
                $(self.$index.restore_each(next);)+
            }

            fn combine_each(&mut self, other: &Self, f: &mut impl FnMut(f64, f64) -> f64) {
                $(self.$index.combine_each(&other.$index, f);)+
            }

            fn has_shape_of(&self, other: &Self) -> bool {
                $(self.$index.has_shape_of(&other.$index))&&+
            }
        }
    )+};
}

for_tuples!(differentiable_tuples);
