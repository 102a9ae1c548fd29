//! Several directions at once: a tangent where all columns of a Jacobian or a Hessian are computed in one pass. What is done to a
//! tangent is linear, so that these are vectors over the float type: sums, and products with numbers.

use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};
use num_traits::{One, Zero};

/// A number for each of `L` directions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lanes<T, const L: usize>(pub [T; L]);

impl<T, const L: usize> Lanes<T, L> {
    /// One by one.
    #[inline]
    pub fn each(f: impl FnMut(usize) -> T) -> Self {
        Lanes(core::array::from_fn(f))
    }
}

impl<T: Copy, const L: usize> Lanes<T, L> {
    /// One of them.
    #[inline]
    pub fn lane(&self, lane: usize) -> T {
        self.0[lane]
    }
}

impl<T: Zero, const L: usize> Lanes<T, L> {
    /// No direction.
    #[inline]
    #[must_use]
    pub fn zero() -> Self {
        Lanes::each(|_| T::zero())
    }

    /// Whether it is none.
    #[inline]
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(T::is_zero)
    }
}

impl<T: Zero + Copy, const L: usize> Lanes<T, L> {
    /// The same in these lanes, and zero in the others: of what depends on these parameters only, whatever a zero was multiplied
    /// with.
    #[inline]
    #[must_use]
    pub fn within(&self, lanes: [bool; L]) -> Self {
        Lanes::each(|lane| if lanes[lane] { self.0[lane] } else { T::zero() })
    }
}

impl<T: Zero + One, const L: usize> Lanes<T, L> {
    /// The direction `k`; none, if there is none of this number.
    #[inline]
    #[must_use]
    pub fn unit(k: usize) -> Self {
        Lanes::each(|lane| if lane == k { T::one() } else { T::zero() })
    }
}

macro_rules! with_lanes {
    ($($trait:ident $method:ident $assign:ident $assign_method:ident $op:tt;)*) => {$(
        impl<T: Copy + $trait<Output = T>, const L: usize> $trait for Lanes<T, L> {
            type Output = Self;
            #[inline]
            fn $method(self, other: Self) -> Self {
                Lanes::each(|lane| self.0[lane] $op other.0[lane])
            }
        }

        impl<T: Copy + $trait<Output = T>, const L: usize> $assign for Lanes<T, L> {
            #[inline]
            fn $assign_method(&mut self, other: Self) {
                *self = *self $op other;
            }
        }
    )*};
}

macro_rules! with_number {
    ($($trait:ident $method:ident $assign:ident $assign_method:ident $op:tt;)*) => {$(
        impl<T: Copy + $trait<Output = T>, const L: usize> $trait<T> for Lanes<T, L> {
            type Output = Self;
            #[inline]
            fn $method(self, number: T) -> Self {
                Lanes::each(|lane| self.0[lane] $op number)
            }
        }

        impl<T: Copy + $trait<Output = T>, const L: usize> $assign<T> for Lanes<T, L> {
            #[inline]
            fn $assign_method(&mut self, number: T) {
                *self = *self $op number;
            }
        }
    )*};
}

with_lanes! {
    Add add AddAssign add_assign +;
    Sub sub SubAssign sub_assign -;
}

with_number! {
    Mul mul MulAssign mul_assign *;
    Div div DivAssign div_assign /;
}

impl<T: Copy + Neg<Output = T>, const L: usize> Neg for Lanes<T, L> {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Lanes::each(|lane| -self.0[lane])
    }
}

/// Writes what is below the diagonal above it.
#[inline]
pub fn symmetric_rows<T: Copy, const L: usize>(rows: &mut [Lanes<T, L>]) {
    for i in 1..rows.len() {
        for j in 0..i {
            rows[j].0[i] = rows[i].0[j];
        }
    }
}

/// The same in a matrix with `n` columns, row by row.
#[inline]
pub fn symmetric<T: Copy>(matrix: &mut [T], n: usize) {
    for i in 1..n {
        for j in 0..i {
            matrix[j * n + i] = matrix[i * n + j];
        }
    }
}

/// Writes the columns from `start` on to a matrix with `n` columns, row by row: as many as there are lanes, or left.
#[inline]
pub fn put_columns<T: Copy, const L: usize>(matrix: &mut [T], columns: &[Lanes<T, L>], n: usize, start: usize) {
    let count = L.min(n - start);
    for (i, lanes) in columns.iter().enumerate() {
        let at = i * n + start;
        matrix[at..at + count].copy_from_slice(&lanes.0[..count]);
    }
}

#[cfg(test)]
mod tests {
    use super::Lanes;

    #[test]
    fn lanes_are_a_vector_space() {
        let (a, b) = (Lanes([1.0, -2.0, 0.5]), Lanes::unit(1));
        assert_eq!((a + b * 3.0 - a / 2.0).0, [0.5, 2.0, 0.25]);
        assert_eq!((-a).0, [-1.0, 2.0, -0.5]);
        let mut c = a;
        c += b;
        c -= a;
        c *= 4.0;
        c /= 2.0;
        assert_eq!(c.0, [0.0, 2.0, 0.0]);
        assert!(Lanes::<f64, 3>::unit(3).is_zero() && !c.is_zero());
    }
}
