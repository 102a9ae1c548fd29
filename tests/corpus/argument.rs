//! Arguments of the functions of the corpus as flat vectors of floats, and over dual numbers; how results are compared.

use super::dual::Dual;

/// An argument of a function of the corpus: a float, or floats in arrays and vectors.
pub trait Argument {
    /// The same over dual numbers.
    type Dual;

    /// Whether its floats are `f32`.
    const SINGLE: bool;

    /// Appends its floats.
    fn flatten(&self, out: &mut Vec<f64>);

    /// Another of the same lengths.
    fn refill(&self, flat: &mut impl Iterator<Item = f64>) -> Self;

    /// Another of the same lengths, over dual numbers.
    fn lift(&self, duals: &mut impl Iterator<Item = Dual>) -> Self::Dual;
}

impl Argument for f64 {
    type Dual = Dual;
    const SINGLE: bool = false;

    fn flatten(&self, out: &mut Vec<f64>) {
        out.push(*self);
    }

    fn refill(&self, flat: &mut impl Iterator<Item = f64>) -> Self {
        flat.next().expect("as many floats as the argument has")
    }

    fn lift(&self, duals: &mut impl Iterator<Item = Dual>) -> Dual {
        duals.next().expect("as many floats as the argument has")
    }
}

impl Argument for f32 {
    type Dual = Dual;
    const SINGLE: bool = true;

    fn flatten(&self, out: &mut Vec<f64>) {
        out.push(f64::from(*self));
    }

    #[allow(clippy::cast_possible_truncation, reason = "it was an `f32`")]
    fn refill(&self, flat: &mut impl Iterator<Item = f64>) -> Self {
        flat.next().expect("as many floats as the argument has") as f32
    }

    fn lift(&self, duals: &mut impl Iterator<Item = Dual>) -> Dual {
        duals.next().expect("as many floats as the argument has")
    }
}

impl<A: Argument, const N: usize> Argument for [A; N] {
    type Dual = [A::Dual; N];
    const SINGLE: bool = A::SINGLE;

    fn flatten(&self, out: &mut Vec<f64>) {
        for a in self {
            a.flatten(out);
        }
    }

    fn refill(&self, flat: &mut impl Iterator<Item = f64>) -> Self {
        std::array::from_fn(|i| self[i].refill(flat))
    }

    fn lift(&self, duals: &mut impl Iterator<Item = Dual>) -> Self::Dual {
        std::array::from_fn(|i| self[i].lift(duals))
    }
}

impl<T: Argument> Argument for Vec<T> {
    type Dual = Vec<T::Dual>;
    const SINGLE: bool = T::SINGLE;

    fn flatten(&self, out: &mut Vec<f64>) {
        for a in self {
            a.flatten(out);
        }
    }

    fn refill(&self, flat: &mut impl Iterator<Item = f64>) -> Self {
        self.iter().map(|a| a.refill(flat)).collect()
    }

    fn lift(&self, duals: &mut impl Iterator<Item = Dual>) -> Self::Dual {
        self.iter().map(|a| a.lift(duals)).collect()
    }
}

/// Whether the floats of an argument are `f32`.
pub fn of_singles<A: Argument>(_: &A) -> bool {
    A::SINGLE
}

/// An argument over dual numbers, none of which varies.
pub fn constant<A: Argument>(argument: &A) -> A::Dual {
    let mut flat = Vec::new();
    argument.flatten(&mut flat);
    argument.lift(&mut flat.into_iter().map(Dual::constant))
}

/// `f32` or `f64`.
pub trait Width: Copy + Into<f64> {
    const SINGLE: bool;
}

impl Width for f32 {
    const SINGLE: bool = true;
}

impl Width for f64 {
    const SINGLE: bool = false;
}

/// A result as `f64`.
pub fn wide(x: impl Width) -> f64 {
    x.into()
}

/// Whether a result is an `f32`.
pub fn single<W: Width>(_: &W) -> bool {
    W::SINGLE
}

pub fn bits(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

#[allow(clippy::float_cmp, reason = "infinities are equal")]
pub fn close(a: f64, b: f64, tolerance: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= tolerance
}

pub fn all(a: &[f64], b: &[f64], same: impl Fn(f64, f64) -> bool) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(*a, *b))
}
