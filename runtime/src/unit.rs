//! The numbers of a struct one by one, in the order of [`Flatten::visit`]: the directions and the rows of its matrices.

use crate::{Differentiable, Flatten};
use num_traits::NumCast;

/// How many numbers there are in it.
#[inline]
pub fn count(value: &impl Flatten) -> usize {
    value.flatten_into(&mut [])
}

/// One of the numbers becomes 1, the others 0; all of them, if there is none of this number.
pub fn set_unit(value: &mut impl Differentiable, number: usize) {
    let mut k = 0;
    value.restore_each(&mut || {
        k += 1;
        if k == number.wrapping_add(1) { 1.0 } else { 0.0 }
    });
}

/// Writes a column of a matrix with `n` columns.
pub fn put_column<T: NumCast>(matrix: &mut [T], column: &impl Flatten, n: usize, at: usize) {
    let mut row = 0;
    column.visit(&mut |number| {
        if let Some(number) = T::from(number) {
            matrix[row * n + at] = number;
        }
        row += 1;
    });
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "the numbers are copied, not computed")]
mod tests {
    use super::{count, put_column, set_unit};

    #[test]
    fn units_are_columns() {
        let mut value = (7.0, [7.0, 7.0]);
        let mut matrix = [0.5_f32; 9];
        for k in 0..count(&value) {
            set_unit(&mut value, k);
            put_column(&mut matrix, &value, 3, k);
        }
        assert_eq!(matrix, [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
        set_unit(&mut value, 3);
        assert_eq!(value, (0.0, [0.0; 2]));
    }
}
