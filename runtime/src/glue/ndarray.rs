//! The arrays of ndarray.

use super::Vector;
use crate::Flatten;
use ndarray::{Array1, Array2, ArrayBase, Data, Dimension};

/// In logical order, which is row by row, whatever the layout in memory.
impl<T: Flatten, S: Data<Elem = T>, D: Dimension> Flatten for ArrayBase<S, D> {
    fn visit(&self, each: &mut impl FnMut(f64)) {
        self.iter().for_each(|part| part.visit(each));
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
