//! The vectors and matrices of nalgebra.

use super::Vector;
use crate::Flatten;
use nalgebra::{DMatrix, DVector, Dim, Matrix, RawStorage};

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
