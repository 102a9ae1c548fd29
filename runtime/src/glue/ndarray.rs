//! The arrays of ndarray.

use super::Vector;
use crate::__private::{ELEMENTS, Follows};
use crate::{Differentiable, Flatten};
use ndarray::{Array, Array1, Array2, ArrayBase, Data, Dimension};

/// In logical order, which is row by row, whatever the layout in memory.
impl<T: Flatten, S: Data<Elem = T>, D: Dimension> Flatten for ArrayBase<S, D> {
    fn visit(&self, each: &mut impl FnMut(f64)) {
        self.iter().for_each(|part| part.visit(each));
    }
}

/// In a differentiated function, elements are read by index.
impl<S: Data, D: Dimension> Follows<ELEMENTS> for ArrayBase<S, D> {}

/// `Array1` and its like: a parameter whose gradient is of its own type, read by index in the function.
impl<T: Differentiable, D: Dimension> Differentiable for Array<T, D> {
    fn duplicate(&self) -> Self {
        self.map(Differentiable::duplicate)
    }

    fn zero_like(&self) -> Self {
        self.map(Differentiable::zero_like)
    }

    fn reset_like(&mut self, other: &Self) {
        *self = other.zero_like();
    }

    fn restore_each(&mut self, next: &mut impl FnMut() -> f64) {
        self.iter_mut().for_each(|entry| entry.restore_each(next));
    }

    fn combine_each(&mut self, other: &Self, f: &mut impl FnMut(f64, f64) -> f64) {
        assert_eq!(self.shape(), other.shape(), "arrays of different shapes have no sum");
        self.iter_mut().zip(other).for_each(|(to, from)| to.combine_each(from, f));
    }

    fn has_shape_of(&self, other: &Self) -> bool {
        self.shape() == other.shape() && self.iter().zip(other).all(|(a, b)| a.has_shape_of(b))
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
