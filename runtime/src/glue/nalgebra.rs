//! The vectors and matrices of nalgebra.

use super::Vector;
use crate::__private::{ELEMENTS, Elements, Follows};
use crate::{Differentiable, Flatten};
use nalgebra::{ArrayStorage, Const, DMatrix, DVector, Dim, Dyn, Matrix, RawStorage, RawStorageMut, VecStorage};

/// Row by row, as nested arrays are.
impl<T: Flatten, R: Dim, C: Dim, S: RawStorage<T, R, C>> Flatten for Matrix<T, R, C, S> {
    fn visit(&self, each: &mut impl FnMut(f64)) {
        for i in 0..self.nrows() {
            for j in 0..self.ncols() {
                self[(i, j)].visit(each);
            }
        }
    }
}

/// In a differentiated function, entries are read by index.
impl<T, R: Dim, C: Dim, S: RawStorage<T, R, C>> Follows<ELEMENTS> for Matrix<T, R, C, S> {}

impl<T, R: Dim, C: Dim, S: RawStorage<T, R, C>> Elements<T> for Matrix<T, R, C, S> {}

/// `SVector`, `SMatrix`: a parameter whose gradient is of its own type, read by index in the function.
impl<T, const R: usize, const C: usize> Differentiable for Matrix<T, Const<R>, Const<C>, ArrayStorage<T, R, C>>
where
    T: Differentiable,
{
    fn duplicate(&self) -> Self {
        Matrix::from_array_storage(ArrayStorage(self.data.0.duplicate()))
    }

    fn zero_like(&self) -> Self {
        Matrix::from_array_storage(ArrayStorage(self.data.0.zero_like()))
    }

    fn reset_like(&mut self, other: &Self) {
        self.data.0.reset_like(&other.data.0);
    }

    fn restore_each(&mut self, next: &mut impl FnMut() -> f64) {
        row_by_row(self, |entry| entry.restore_each(next));
    }

    fn combine_each(&mut self, other: &Self, f: &mut impl FnMut(f64, f64) -> f64) {
        self.data.0.combine_each(&other.data.0, f);
    }

    fn has_shape_of(&self, other: &Self) -> bool {
        self.data.0.has_shape_of(&other.data.0)
    }
}

/// `DVector`, `DMatrix`: the same, with lengths of their own.
impl<T: Differentiable, C: Dim> Differentiable for Matrix<T, Dyn, C, VecStorage<T, Dyn, C>> {
    fn duplicate(&self) -> Self {
        of_columns(self, self.data.as_vec().duplicate())
    }

    fn zero_like(&self) -> Self {
        of_columns(self, self.data.as_vec().zero_like())
    }

    fn reset_like(&mut self, other: &Self) {
        *self = other.zero_like();
    }

    fn restore_each(&mut self, next: &mut impl FnMut() -> f64) {
        row_by_row(self, |entry| entry.restore_each(next));
    }

    fn combine_each(&mut self, other: &Self, f: &mut impl FnMut(f64, f64) -> f64) {
        assert_eq!(self.shape(), other.shape(), "matrices of different shapes have no sum");
        self.as_mut_slice().iter_mut().zip(other.as_slice()).for_each(|(to, from)| to.combine_each(from, f));
    }

    fn has_shape_of(&self, other: &Self) -> bool {
        self.shape() == other.shape() && self.as_slice().iter().zip(other.as_slice()).all(|(a, b)| a.has_shape_of(b))
    }
}

/// A matrix of the shape of another, from its entries column by column.
fn of_columns<T, C: Dim>(
    like: &Matrix<T, Dyn, C, VecStorage<T, Dyn, C>>,
    entries: Vec<T>,
) -> Matrix<T, Dyn, C, VecStorage<T, Dyn, C>> {
    let (rows, columns) = like.shape_generic();
    Matrix::from_data(VecStorage::new(rows, columns, entries))
}

/// In the order of [`Flatten::visit`].
fn row_by_row<T, R: Dim, C: Dim, S: RawStorageMut<T, R, C>>(
    matrix: &mut Matrix<T, R, C, S>,
    mut each: impl FnMut(&mut T),
) {
    for i in 0..matrix.nrows() {
        for j in 0..matrix.ncols() {
            each(&mut matrix[(i, j)]);
        }
    }
}

impl Vector for DVector<f64> {
    type Matrix = DMatrix<f64>;

    fn to_point(&self) -> Vec<f64> {
        self.as_slice().to_vec()
    }

    fn from_point(point: Vec<f64>) -> Self {
        Self::from_vec(point)
    }

    fn matrix(rows: usize, columns: usize, row_major: Vec<f64>) -> DMatrix<f64> {
        DMatrix::from_row_slice(rows, columns, &row_major)
    }
}
