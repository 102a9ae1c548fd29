//! What goes between a caller and a callee for each parameter: partial derivatives one way, tangents the other, and the
//! adjoints of buffers both ways. Each fits one shape, so that another one is a type error and no wrong number.

use alloc::vec::Vec;

/// In place of a slot: this derivative is not wanted, or not available.
#[derive(Clone, Copy, Debug)]
pub struct NoGradient;

/// In place of a tangent: it is zero. Not `Copy`, which tangents are.
#[derive(Debug)]
pub struct NoTangent;

/// Where a callee puts its partial derivatives with respect to one parameter.
#[diagnostic::on_unimplemented(
    message = "the derivative of the called function with respect to this argument has another shape",
    label = "`{T}` in the called function",
    note = "an argument that the called function only reads is passed as `&x`, not as `&mut x`; one that is a `&mut` parameter here, as `&*x`"
)]
pub trait Slot<T: ?Sized> {
    /// Overwrites what is there.
    fn put(self, partials: &T);
}

impl<T: ?Sized> Slot<T> for NoGradient {
    fn put(self, _: &T) {}
}

impl<T: Copy> Slot<T> for &mut T {
    fn put(self, partials: &T) {
        *self = *partials;
    }
}

impl<T: Clone, const N: usize> Slot<[T]> for &mut [T; N] {
    fn put(self, partials: &[T]) {
        self.clone_from_slice(partials);
    }
}

impl<T: Clone> Slot<[T]> for &mut [T] {
    fn put(self, partials: &[T]) {
        self.clone_from_slice(partials);
    }
}

impl<T: Clone> Slot<[T]> for &mut Vec<T> {
    fn put(self, partials: &[T]) {
        self.clone_from_slice(partials);
    }
}

/// The tangent of one argument.
#[diagnostic::on_unimplemented(
    message = "the derivative of the called function with respect to this argument has another shape",
    label = "`{T}` in the called function",
    note = "an argument that the called function only reads is passed as `&x`, not as `&mut x`; one that is a `&mut` parameter here, as `&*x`"
)]
pub trait Tangent<T: ?Sized> {
    /// The tangent, or `zero` if there is none.
    fn or_zero<'a>(&'a self, zero: &'a T) -> &'a T;

    /// Whether there is one.
    fn moves(&self) -> bool {
        true
    }
}

impl<T: ?Sized> Tangent<T> for NoTangent {
    fn moves(&self) -> bool {
        false
    }

    fn or_zero<'a>(&'a self, zero: &'a T) -> &'a T {
        zero
    }
}

impl<T: Copy> Tangent<T> for T {
    fn or_zero<'a>(&'a self, _: &'a T) -> &'a T {
        self
    }
}

impl<T> Tangent<T> for &T {
    fn or_zero<'a>(&'a self, _: &'a T) -> &'a T {
        self
    }
}

impl<T, const N: usize> Tangent<[T]> for &[T; N] {
    fn or_zero<'a>(&'a self, _: &'a [T]) -> &'a [T] {
        *self
    }
}

impl<T> Tangent<[T]> for &[T] {
    fn or_zero<'a>(&'a self, _: &'a [T]) -> &'a [T] {
        self
    }
}

impl<T> Tangent<[T]> for &Vec<T> {
    fn or_zero<'a>(&'a self, _: &'a [T]) -> &'a [T] {
        self
    }
}

/// The slot of a buffer that a callee reads and writes: it comes with what belongs to the contents at one end of the call, and
/// goes with what belongs to those at the other.
#[diagnostic::on_unimplemented(
    message = "the derivative of the called function with respect to this argument has another shape",
    label = "`{T}` in the called function",
    note = "an argument that the called function writes is passed as `&mut x`; one that is a `&mut` parameter here, as `&mut *x`"
)]
pub trait InOut<T: ?Sized> {
    /// It, or `zero` if the caller has no use for it.
    fn get<'a>(&'a mut self, zero: &'a mut T) -> &'a mut T;
}

impl<T: ?Sized> InOut<T> for NoGradient {
    fn get<'a>(&'a mut self, zero: &'a mut T) -> &'a mut T {
        zero
    }
}

impl<T: ?Sized> InOut<T> for NoTangent {
    fn get<'a>(&'a mut self, zero: &'a mut T) -> &'a mut T {
        zero
    }
}

impl<T: ?Sized> InOut<T> for &mut T {
    fn get<'a>(&'a mut self, _: &'a mut T) -> &'a mut T {
        self
    }
}

impl<T> InOut<[T]> for &mut Vec<T> {
    fn get<'a>(&'a mut self, _: &'a mut [T]) -> &'a mut [T] {
        self
    }
}

impl<T, const N: usize> InOut<[T]> for &mut [T; N] {
    fn get<'a>(&'a mut self, _: &'a mut [T]) -> &'a mut [T] {
        *self
    }
}

/// What a caller hands over as the slot of an argument that is passed as `&mut`. It is no [`Slot`]: one of a function that only
/// reads this argument would be overwritten, where it has to be added to.
#[derive(Debug)]
pub struct Lent<S>(pub S);

impl<T: ?Sized, S: InOut<T>> InOut<T> for Lent<S> {
    fn get<'a>(&'a mut self, zero: &'a mut T) -> &'a mut T {
        self.0.get(zero)
    }
}

/// [`Slot`] of a struct, or of an array of structs.
#[diagnostic::on_unimplemented(
    message = "the derivative of the called function with respect to this argument has another shape",
    label = "`{T}` in the called function",
    note = "an argument that the called function only reads is passed as `&x`, not as `&mut x`; one that is a `&mut` parameter here, as `&x[..]`, not as `x`"
)]
pub trait StructSlot<T> {
    /// Overwrites what is there.
    fn set(self, partials: T);
}

impl<T> StructSlot<T> for NoGradient {
    fn set(self, _: T) {}
}

impl<T> StructSlot<T> for &mut T {
    fn set(self, partials: T) {
        *self = partials;
    }
}
