//! Types of data that the user's code tells by where it goes, where only the data are left of that. Nothing of it runs.

use alloc::vec;
use alloc::vec::Vec;

/// A value of the type that a closure takes.
#[inline]
pub fn like<T, U>(value: T, _: impl FnOnce(T) -> U) -> T {
    value
}

/// The same of what stays where it is.
#[inline]
pub fn alike<T, U>(_: &T, _: impl FnOnce(T) -> U) {}

/// A closure that takes numbers of type `T`: it does not compile where these are of another type.
#[inline]
pub fn takes<T, U>(_: impl FnOnce(T) -> U) {}

/// Of a type with a `Drop` of its own, it is not known which of the two is meant.
pub trait IsTakenApartAndHasNoDrop<M> {}

impl<T> IsTakenApartAndHasNoDrop<()> for T {}

#[allow(drop_bounds, reason = "what has the `impl` itself is asked for")]
impl<T: Drop> IsTakenApartAndHasNoDrop<u8> for T {}

/// A struct that is taken apart: it does not compile where that has a `Drop` of its own, which would not run.
#[inline]
pub fn taken_apart<T: IsTakenApartAndHasNoDrop<M>, M>(_: T) {}

/// What stands beside that, in the closure.
///
/// # Panics
///
/// Always.
#[must_use]
pub fn any<T>() -> T {
    unreachable!("it is not called")
}

/// A list of one number.
#[must_use]
pub fn listed<T>(number: T) -> Vec<T> {
    vec![number]
}
