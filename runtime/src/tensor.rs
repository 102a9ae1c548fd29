//! Arrays of which derivative code does not know how many dimensions they have, in functions that are generic over their
//! float type.
//!
//! [`Differentiable`](crate::Differentiable) cannot be asked there: a bound such as `T: Float` does not imply it. This trait holds
//! for whatever is a float by that bound. Its parameter is the number of dimensions, written as a type, so that the
//! implementations do not overlap; it is inferred.

use alloc::vec::Vec;
use core::marker::PhantomData;
use num_traits::real::Real;

/// No dimension: a number.
#[derive(Debug)]
pub struct Number;

/// One dimension more than `D`.
#[derive(Debug)]
pub struct Row<D>(PhantomData<D>);

/// A number, or an array of arrays of them.
#[diagnostic::on_unimplemented(
    message = "there is no derivative with respect to a `{Self}` in a function that is generic over its float type",
    label = "it is no array of numbers",
    note = "of a struct with `#[derive(symgrad::Differentiable)]`, add the bound: `T: num_traits::Float + symgrad::Differentiable`"
)]
pub trait Tensor<D>: Sized {
    /// The type of the numbers.
    type Float: Real;

    /// The same once more.
    #[must_use]
    fn duplicate(&self) -> Self;

    /// Zeros in the same shape.
    #[must_use]
    fn zero_like(&self) -> Self;

    /// All numbers become zero.
    fn clear(&mut self);

    /// Replaces each number by what `f` makes of it and of its counterpart.
    fn combine(&mut self, other: &Self, f: &mut impl FnMut(Self::Float, Self::Float) -> Self::Float);

    /// Adds another one of the same shape.
    fn accumulate(&mut self, other: &Self) {
        self.combine(other, &mut |a, b| a + b);
    }

    /// `self += scale * other`
    fn add_scaled(&mut self, other: &Self, scale: Self::Float) {
        self.combine(other, &mut |a, b| a + scale * b);
    }
}

#[diagnostic::do_not_recommend]
impl<T: Real> Tensor<Number> for T {
    type Float = T;

    fn duplicate(&self) -> Self {
        *self
    }

    fn zero_like(&self) -> Self {
        T::zero()
    }

    fn clear(&mut self) {
        *self = T::zero();
    }

    fn combine(&mut self, other: &Self, f: &mut impl FnMut(T, T) -> T) {
        *self = f(*self, *other);
    }
}

impl<D, T: Tensor<D>, const N: usize> Tensor<Row<D>> for [T; N] {
    type Float = T::Float;

    fn duplicate(&self) -> Self {
        core::array::from_fn(|k| self[k].duplicate())
    }

    fn zero_like(&self) -> Self {
        core::array::from_fn(|k| self[k].zero_like())
    }

    fn clear(&mut self) {
        self.iter_mut().for_each(T::clear);
    }

    fn combine(&mut self, other: &Self, f: &mut impl FnMut(T::Float, T::Float) -> T::Float) {
        self.iter_mut().zip(other).for_each(|(to, from)| to.combine(from, f));
    }
}

impl<D, T: Tensor<D>> Tensor<Row<D>> for Vec<T> {
    type Float = T::Float;

    fn duplicate(&self) -> Self {
        self.iter().map(T::duplicate).collect()
    }

    fn zero_like(&self) -> Self {
        self.iter().map(T::zero_like).collect()
    }

    fn clear(&mut self) {
        self.iter_mut().for_each(T::clear);
    }

    fn combine(&mut self, other: &Self, f: &mut impl FnMut(T::Float, T::Float) -> T::Float) {
        assert_eq!(self.len(), other.len(), "vectors of different lengths have no sum");
        self.iter_mut().zip(other).for_each(|(to, from)| to.combine(from, f));
    }
}
