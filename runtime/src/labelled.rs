//! Several directions at once, each of which knows of which column it is: a tangent where a sparse matrix is computed.
//!
//! Columns of one colour share a direction, and a pattern says which of them a number of that direction belongs to. So that a pattern
//! of other arguments cannot put it elsewhere, each number is labelled with the columns that it is made of, and what is read is
//! compared with the pattern. A label has a bit for each digit of the column's index that is one, and another for each that is zero:
//! then a union is an `or`, and one of two different columns has both bits of some digit.

use crate::directions::Direction;
use crate::lanes::Lanes;
use crate::sparsity::Sparsity;
use core::ops::{Add, Div, Mul, Neg, Sub};
use num_traits::Num;

/// A number for each of `L` directions, and the columns that it is of.
#[derive(Clone, Copy, Debug)]
pub struct Labelled<T, const L: usize> {
    numbers: Lanes<T, L>,
    labels: [u64; L],
}

/// The label of one column.
#[inline]
#[allow(clippy::cast_possible_truncation, reason = "no more columns fit into memory")]
pub(crate) fn label(column: usize) -> u64 {
    let digits = column as u32;
    u64::from(digits) | u64::from(!digits) << 32
}

/// Each of two, bit by bit.
#[inline]
fn united<const L: usize>(a: [u64; L], b: [u64; L]) -> [u64; L] {
    core::array::from_fn(|lane| a[lane] | b[lane])
}

impl<T: Num + Copy + Neg<Output = T>, const L: usize> Labelled<T, L> {
    /// No direction.
    #[inline]
    #[must_use]
    pub fn zero() -> Self {
        Labelled { numbers: Lanes::zero(), labels: [0; L] }
    }

    /// The direction of a column; none, if there is none of this number.
    #[inline]
    #[must_use]
    pub fn unit(direction: usize, column: usize) -> Self {
        Labelled {
            numbers: Lanes::unit(direction),
            labels: core::array::from_fn(|lane| if lane == direction { label(column) } else { 0 }),
        }
    }

    /// Whether it is none.
    #[inline]
    pub fn is_zero(&self) -> bool {
        self.numbers.is_zero()
    }

    /// One of them.
    #[inline]
    pub fn lane(&self, lane: usize) -> T {
        self.numbers.lane(lane)
    }

    /// One by one, of what is chosen among others: it may be any of them, in this float type or another.
    #[inline]
    pub fn among<U: Copy, const K: usize>(all: [Labelled<U, L>; K], f: impl FnMut(usize) -> T) -> Self {
        Labelled { numbers: Lanes::each(f), labels: all.iter().fold([0; L], |labels, one| united(labels, one.labels)) }
    }
}

impl<T: Add<Output = T> + Copy, const L: usize> Add for Labelled<T, L> {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        Labelled { numbers: self.numbers + other.numbers, labels: united(self.labels, other.labels) }
    }
}

impl<T: Sub<Output = T> + Copy, const L: usize> Sub for Labelled<T, L> {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        Labelled { numbers: self.numbers - other.numbers, labels: united(self.labels, other.labels) }
    }
}

impl<T: Neg<Output = T> + Copy, const L: usize> Neg for Labelled<T, L> {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Labelled { numbers: -self.numbers, ..self }
    }
}

impl<T: Mul<Output = T> + Copy, const L: usize> Mul<T> for Labelled<T, L> {
    type Output = Self;
    #[inline]
    fn mul(self, number: T) -> Self {
        Labelled { numbers: self.numbers * number, ..self }
    }
}

impl<T: Div<Output = T> + Copy, const L: usize> Div<T> for Labelled<T, L> {
    type Output = Self;
    #[inline]
    fn div(self, number: T) -> Self {
        Labelled { numbers: self.numbers / number, ..self }
    }
}

impl<T: Num + Copy + Neg<Output = T>, const L: usize> Direction<T> for Labelled<T, L> {
    const LANES: usize = L;

    #[inline]
    fn zero() -> Self {
        Labelled::zero()
    }

    #[inline]
    fn is_zero(&self) -> bool {
        Labelled::is_zero(self)
    }

    #[inline]
    fn each(f: impl FnMut(usize) -> T) -> Self {
        Labelled { numbers: Lanes::each(f), labels: [0; L] }
    }

    #[inline]
    fn among<const K: usize>(all: [Self; K], f: impl FnMut(usize) -> T) -> Self {
        Labelled::among(all, f)
    }

    #[inline]
    fn lane(&self, lane: usize) -> T {
        Labelled::lane(self, lane)
    }
}

/// Puts the nonzeros of the colours from `start` on where they belong: those of some rows, of which the first is the row `first`.
///
/// # Panics
///
/// If a row has another nonzero.
#[inline]
#[track_caller]
pub fn put_nonzeros<T: Copy, const L: usize>(
    nonzeros: &mut [T],
    pattern: &Sparsity,
    rows: &[Labelled<T, L>],
    (first, start): (usize, usize),
) {
    let (mut strange, entries) = (0, pattern.entries());
    let mut entries = &entries[entries.partition_point(|&(row, _)| row < first)..];
    for (row, i) in rows.iter().zip(first..pattern.rows()) {
        // Row by row: a label for each row and colour would be a dense matrix, if one row is.
        let mut expected = [0; L];
        while let &[(at, column), ref rest @ ..] = entries
            && at == i
        {
            if let Some(expected) = expected.get_mut(pattern.colours()[column].wrapping_sub(start)) {
                *expected = label(column);
            }
            entries = rest;
        }
        strange |= (0..L).fold(0, |all, lane| all | row.labels[lane] & !expected[lane]);
    }
    assert!(
        strange == 0,
        "there are nonzeros that the pattern does not have: what is no float among the arguments is not what it was found with; \
         find it again, for these arguments"
    );
    for (at, &(row, colour)) in nonzeros.iter_mut().zip(pattern.sources()) {
        let lane = (colour as usize).wrapping_sub(start);
        if lane < L
            && let Some(row) = rows.get((row as usize).wrapping_sub(first))
        {
            *at = row.numbers.0[lane];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Labelled, label};

    #[test]
    fn a_label_of_several_columns_is_none_of_a_column() {
        for a in 0..40 {
            for b in 0..40 {
                let of_one = (0..64).any(|column| label(a) | label(b) == label(column));
                assert_eq!(of_one, a == b, "{a} {b}");
            }
        }
    }

    #[test]
    fn sums_and_choices_keep_their_columns() {
        let [a, b]: [Labelled<f64, 2>; 2] = [Labelled::unit(0, 3), Labelled::unit(1, 5)];
        let sum = a * 2.0 - b / 4.0;
        assert_eq!(sum.numbers.0, [2.0, -0.25]);
        assert_eq!(sum.labels, [label(3), label(5)]);
        let chosen = Labelled::among([a, -b], |lane| a.lane(lane));
        assert_eq!((chosen.numbers.0, chosen.labels), ([1.0, 0.0], [label(3), label(5)]));
        assert!(Labelled::<f64, 2>::unit(7, 1).is_zero() && Labelled::<f64, 2>::unit(7, 1).labels == [0, 0]);
    }
}
