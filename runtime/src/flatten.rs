//! The shapes a gradient may have, read as one flat list of partial derivatives.
//!
//! Input: a value made of `f64` or `f32` scalars nested in arrays, vectors, slices and tuples.
//! Output: its scalars, from left to right, outermost first (row-major).
//! Invariant: [`Flatten::visit`] decides the order and every other method follows it.

use alloc::vec::Vec;

/// A gradient of any shape, as a flat list of `f64` in a fixed order: left to right, row-major.
///
/// Implemented for `f64`, `f32`, arrays, vectors and slices of these to any depth, references, and
/// tuples of up to eight. A struct of parameters derives it with [`Differentiable`](macro@crate::Differentiable), which is
/// the way back from the list:
///
/// ```
/// use symgrad::{Differentiable, Flatten};
///
/// #[derive(Differentiable)]
/// struct Line { slope: f64, knots: [f64; 2] }
///
/// assert_eq!(Line { slope: 1.0, knots: [2.0, 3.0] }.flatten(), [1.0, 2.0, 3.0]);
/// assert_eq!((1.0, vec![[2.0, 3.0], [4.0, 5.0]]).flatten(), [1.0, 2.0, 3.0, 4.0, 5.0]);
/// ```
pub trait Flatten {
    /// Calls `each` on every scalar, in order.
    fn visit(&self, each: &mut impl FnMut(f64));

    /// All scalars, in order.
    #[must_use]
    fn flatten(&self) -> Vec<f64> {
        let mut flat = Vec::new();
        self.visit(&mut |x| flat.push(x));
        flat
    }

    /// Writes the scalars to the front of `out` and returns how many there are.
    ///
    /// Scalars beyond the end of `out` are counted and dropped, so a result different from
    /// `out.len()` means that the shapes do not match. No allocation.
    fn flatten_into(&self, out: &mut [f64]) -> usize {
        let mut count = 0;
        self.visit(&mut |x| {
            if let Some(slot) = out.get_mut(count) {
                *slot = x;
            }
            count += 1;
        });
        count
    }
}

impl Flatten for f64 {
    fn visit(&self, each: &mut impl FnMut(f64)) {
        each(*self);
    }
}

impl Flatten for f32 {
    fn visit(&self, each: &mut impl FnMut(f64)) {
        each(f64::from(*self));
    }
}

impl<G: Flatten> Flatten for [G] {
    fn visit(&self, each: &mut impl FnMut(f64)) {
        for part in self {
            part.visit(each);
        }
    }
}

impl<G: Flatten, const N: usize> Flatten for [G; N] {
    fn visit(&self, each: &mut impl FnMut(f64)) {
        self.as_slice().visit(each);
    }
}

impl<G: Flatten> Flatten for Vec<G> {
    fn visit(&self, each: &mut impl FnMut(f64)) {
        self.as_slice().visit(each);
    }
}

impl<G: Flatten + ?Sized> Flatten for &G {
    fn visit(&self, each: &mut impl FnMut(f64)) {
        (**self).visit(each);
    }
}

/// Calls a macro with the tuples that have a shape: parts and their places, up to eight.
macro_rules! for_tuples {
    ($implement:ident) => {
        $implement! {
            A 0;
            A 0, B 1;
            A 0, B 1, C 2;
            A 0, B 1, C 2, D 3;
            A 0, B 1, C 2, D 3, E 4;
            A 0, B 1, C 2, D 3, E 4, F 5;
            A 0, B 1, C 2, D 3, E 4, F 5, G 6;
            A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
        }
    };
}
pub(crate) use for_tuples;

macro_rules! flatten_tuples {
    ($($($part:ident $index:tt),+;)+) => {$(
        impl<$($part: Flatten),+> Flatten for ($($part,)+) {
            fn visit(&self, each: &mut impl FnMut(f64)) {
                $(self.$index.visit(each);)+
            }
        }
    )+};
}

for_tuples!(flatten_tuples);

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "the numbers are copied, not computed")]
mod tests {
    use super::Flatten;

    #[test]
    fn every_shape_keeps_its_order() {
        assert_eq!(1.5.flatten(), [1.5]);
        assert_eq!(0.25_f32.flatten(), [0.25]);
        assert_eq!([[1.0, 2.0], [3.0, 4.0]].flatten(), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(vec![vec![1.0], vec![], vec![2.0, 3.0]].flatten(), [1.0, 2.0, 3.0]);
        assert_eq!((1.0, [2.0_f32, 3.0], vec![(4.0, 5.0)]).flatten(), [1.0, 2.0, 3.0, 4.0, 5.0]);
        let eight = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0);
        assert_eq!(eight.flatten(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
        assert_eq!([1.0, 2.0][..].flatten(), [1.0, 2.0]);
    }

    #[test]
    fn a_buffer_of_the_wrong_length_is_counted_not_overrun() {
        let mut short = [0.0; 2];
        assert_eq!([1.0, 2.0, 3.0].flatten_into(&mut short), 3);
        assert_eq!(short, [1.0, 2.0]);
        let mut long = [9.0; 3];
        assert_eq!([1.0, 2.0].flatten_into(&mut long), 2);
        assert_eq!(long, [1.0, 2.0, 9.0]);
    }
}
