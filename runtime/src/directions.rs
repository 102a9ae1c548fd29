//! In which directions a function differentiates another that it calls: the caller's own, which are type parameters of the hidden
//! protocol. So nothing of it is compiled before it is called, and once for each number of directions.

use crate::lanes::Lanes;
use core::marker::PhantomData;
use core::ops::{Add, Div, Mul, Neg, Sub};
use num_traits::Num;

/// A tangent of numbers of type `T`: in one direction, a `T`; in several, [`Lanes`].
pub trait Direction<T>:
    Copy + Add<Output = Self> + Sub<Output = Self> + Neg<Output = Self> + Mul<T, Output = Self> + Div<T, Output = Self>
{
    /// How many directions.
    const LANES: usize;
    /// No direction.
    fn zero() -> Self;
    /// Whether it is none.
    fn is_zero(&self) -> bool;
    /// One by one.
    fn each(f: impl FnMut(usize) -> T) -> Self;
    /// One by one, of what is chosen among others.
    #[inline]
    fn among<const K: usize>(_: [Self; K], f: impl FnMut(usize) -> T) -> Self {
        Self::each(f)
    }
    /// One of them.
    fn lane(&self, lane: usize) -> T;
}

impl<T: Num + Copy + Neg<Output = T>> Direction<T> for T {
    const LANES: usize = 1;

    #[inline]
    fn zero() -> Self {
        T::zero()
    }

    #[inline]
    fn is_zero(&self) -> bool {
        T::is_zero(self)
    }

    #[inline]
    fn each(mut f: impl FnMut(usize) -> T) -> Self {
        f(0)
    }

    #[inline]
    fn lane(&self, _: usize) -> T {
        *self
    }
}

impl<T: Num + Copy + Neg<Output = T>, const L: usize> Direction<T> for Lanes<T, L> {
    const LANES: usize = L;

    #[inline]
    fn zero() -> Self {
        Lanes::zero()
    }

    #[inline]
    fn is_zero(&self) -> bool {
        Lanes::is_zero(self)
    }

    #[inline]
    fn each(f: impl FnMut(usize) -> T) -> Self {
        Lanes::each(f)
    }

    #[inline]
    fn lane(&self, lane: usize) -> T {
        Lanes::lane(self, lane)
    }
}

/// What a caller tells a callee: the type of its tangents, and how often it runs it.
#[derive(Clone, Copy, Debug)]
pub struct Along<D, P>(PhantomData<(D, P)>);

impl<D, P> Along<D, P> {
    /// These directions.
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        Along(PhantomData)
    }
}

impl<D, P> Default for Along<D, P> {
    #[inline]
    fn default() -> Self {
        Along::new()
    }
}

impl<D, P: Passes> Along<D, P> {
    /// Compiles where a function is run once for one result. What it calls may be unknown to the caller's macro, so that no bound
    /// can say it.
    ///
    /// ```
    /// # use std::cell::Cell;
    /// # use symgrad::differentiate;
    /// #[differentiate(gradient, jvp, hvp, wrt(x))]
    /// fn counted(x: f64, calls: &Cell<u32>) -> f64 {
    ///     calls.set(calls.get() + 1);
    ///     x * x * x
    /// }
    ///
    /// #[differentiate(jacobian, wrt(x))]
    /// fn slopes(x: &[f64; 20], calls: &Cell<u32>) -> [f64; 20] {
    ///     x.map(|x| counted_gradient(x, calls))
    /// }
    ///
    /// let calls = Cell::new(0);
    /// assert_eq!(slopes_jacobian(&[2.0; 20], &calls)[7][7], 12.0);
    /// assert_eq!(calls.get(), 20);
    /// ```
    ///
    /// Not over slices, whether the function is called or a derivative of it:
    ///
    /// ```compile_fail,E0080
    /// # use std::cell::Cell;
    /// # use symgrad::differentiate;
    /// # #[differentiate(gradient, jvp, hvp, wrt(x))]
    /// # fn counted(x: f64, calls: &Cell<u32>) -> f64 {
    /// #     calls.set(calls.get() + 1);
    /// #     x * x * x
    /// # }
    /// #[differentiate(jacobian, wrt(x))]
    /// fn values(x: &[f64], calls: &Cell<u32>) -> Vec<f64> {
    ///     x.iter().map(|x| counted(*x, calls)).collect()
    /// }
    /// # values_jacobian(&[1.0; 20], &Cell::new(0));
    /// ```
    ///
    /// ```compile_fail,E0080
    /// # use std::cell::Cell;
    /// # use symgrad::differentiate;
    /// # #[differentiate(gradient, jvp, hvp, wrt(x))]
    /// # fn counted(x: f64, calls: &Cell<u32>) -> f64 {
    /// #     calls.set(calls.get() + 1);
    /// #     x * x * x
    /// # }
    /// #[differentiate(jacobian, wrt(x))]
    /// fn slopes(x: &[f64], calls: &Cell<u32>) -> Vec<f64> {
    ///     x.iter().map(|x| counted_gradient(*x, calls)).collect()
    /// }
    /// # slopes_jacobian(&[1.0; 20], &Cell::new(0));
    /// ```
    ///
    /// ```compile_fail,E0080
    /// # use std::cell::Cell;
    /// # use symgrad::differentiate;
    /// # #[differentiate(gradient, jvp, hvp, wrt(x))]
    /// # fn counted(x: f64, calls: &Cell<u32>) -> f64 {
    /// #     calls.set(calls.get() + 1);
    /// #     x * x * x
    /// # }
    /// #[differentiate(jacobian, wrt(x))]
    /// fn along(x: &[f64], calls: &Cell<u32>) -> Vec<f64> {
    ///     x.iter().map(|x| counted_jvp(*x, calls, 1.0).1).collect()
    /// }
    /// # along_jacobian(&[1.0; 20], &Cell::new(0));
    /// ```
    pub const ONCE: () = assert!(
        P::ONE,
        "over a slice, the columns of a matrix are computed a few at a time, each time by running the functions that are called, \
         and one of them has something that may not run more than once: take an array, `&[f64; N]`, of which all columns are \
         computed at once, or ask for `hvp`, `jvp` or `vjp`"
    );

    /// Compiles where a function is differentiated in one direction.
    pub const fn one_direction<T>()
    where
        D: Direction<T>,
    {
        const {
            assert!(
                D::LANES == 1,
                "structs go through one of the functions that are called, and of a struct there is a derivative in one direction \
                 at a time only: ask for `hvp`, `jvp` or `vjp`, or keep the numbers of the struct in variables of their own"
            );
        }
    }
}

/// What a function says that is asked whether it may run again, and says nothing itself: it may.
pub trait MayRunAgain {
    /// An answer for every number of passes.
    #[inline]
    fn __symgrad_v1_passes<P>() {}
}

impl<T: ?Sized> MayRunAgain for T {}

/// How often a function is run for one result.
pub trait Passes {
    /// Whether it is run once.
    const ONE: bool;
}

/// Once.
#[derive(Clone, Copy, Debug)]
pub struct OnePass;

impl Passes for OnePass {
    const ONE: bool = true;
}

/// Once for every few columns of a matrix.
#[derive(Clone, Copy, Debug)]
pub struct SeveralPasses;

impl Passes for SeveralPasses {
    const ONE: bool = false;
}
