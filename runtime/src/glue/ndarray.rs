//! The arrays of ndarray.

use super::Vector;
use crate::__private::{ELEMENTS, Elements, Follows};
use crate::{Differentiable, Flatten};
use ndarray::{Array, Array1, Array2, ArrayBase, Data, Dimension};

/// What generated code refers to where a parameter is a view: the types that own what views lend, and the methods of
/// [`Differentiable`] for any array, whoever owns its numbers.
pub mod lent {
    use crate::Differentiable;
    pub use ndarray::{Array, Array0, Array1, Array2, Array3, Array4, Array5, Array6, ArrayD};
    use ndarray::{ArrayBase, Data, Dimension};

    /// A copy.
    pub fn duplicate<T: Differentiable, D: Dimension>(from: &ArrayBase<impl Data<Elem = T>, D>) -> Array<T, D> {
        from.map(Differentiable::duplicate)
    }

    /// Zeros in its shape.
    pub fn zero_like<T: Differentiable, D: Dimension>(like: &ArrayBase<impl Data<Elem = T>, D>) -> Array<T, D> {
        like.map(Differentiable::zero_like)
    }

    /// Makes an array zeros in the shape of another. Allocates nothing if it has that shape already.
    pub fn reset_like<T, D>(array: &mut Array<T, D>, like: &ArrayBase<impl Data<Elem = T>, D>)
    where
        T: Differentiable,
        D: Dimension,
    {
        if array.shape() == like.shape() {
            array.zip_mut_with(like, Differentiable::reset_like);
        } else {
            *array = zero_like(like);
        }
    }

    /// Whether both have the same shape.
    pub fn has_shape_of<T: Differentiable, D: Dimension>(
        one: &ArrayBase<impl Data<Elem = T>, D>,
        other: &ArrayBase<impl Data<Elem = T>, D>,
    ) -> bool {
        one.shape() == other.shape() && one.iter().zip(other).all(|(a, b)| a.has_shape_of(b))
    }
}

/// In logical order, which is row by row, whatever the layout in memory.
impl<T: Flatten, S: Data<Elem = T>, D: Dimension> Flatten for ArrayBase<S, D> {
    fn visit(&self, each: &mut impl FnMut(f64)) {
        self.iter().for_each(|part| part.visit(each));
    }
}

/// In a differentiated function, elements are read by index.
impl<S: Data, D: Dimension> Follows<ELEMENTS> for ArrayBase<S, D> {}

impl<S: Data, D: Dimension> Elements<S::Elem> for ArrayBase<S, D> {}

/// `Array1` and its like: a parameter whose gradient is of its own type, read by index in the function.
impl<T: Differentiable, D: Dimension> Differentiable for Array<T, D> {
    fn duplicate(&self) -> Self {
        lent::duplicate(self)
    }

    fn zero_like(&self) -> Self {
        lent::zero_like(self)
    }

    fn reset_like(&mut self, other: &Self) {
        lent::reset_like(self, other);
    }

    fn restore_each(&mut self, next: &mut impl FnMut() -> f64) {
        self.iter_mut().for_each(|entry| entry.restore_each(next));
    }

    fn combine_each(&mut self, other: &Self, f: &mut impl FnMut(f64, f64) -> f64) {
        assert_eq!(self.shape(), other.shape(), "arrays of different shapes have no sum");
        self.iter_mut().zip(other).for_each(|(to, from)| to.combine_each(from, f));
    }

    fn has_shape_of(&self, other: &Self) -> bool {
        lent::has_shape_of(self, other)
    }
}

impl Vector for Array1<f64> {
    type Matrix = Array2<f64>;

    fn to_point(&self) -> Vec<f64> {
        self.to_vec()
    }

    fn from_point(point: Vec<f64>) -> Self {
        Self::from_vec(point)
    }

    fn matrix(rows: usize, columns: usize, row_major: Vec<f64>) -> Array2<f64> {
        Array2::from_shape_vec((rows, columns), row_major)
            .unwrap_or_else(|_| Array2::from_elem((rows, columns), f64::NAN))
    }
}
