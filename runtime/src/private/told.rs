//! Types of data that the user's code tells by where it goes, where only the data are left of that. Nothing of it runs.

/// A value of the type that a closure takes.
#[inline]
pub fn like<T, U>(value: T, _: impl FnOnce(T) -> U) -> T {
    value
}

/// The same of what stays where it is.
#[inline]
pub fn alike<T, U>(_: &T, _: impl FnOnce(T) -> U) {}

/// That a closure takes numbers of type `F`, or it does not compile.
#[inline]
pub fn takes<F, T: OfType<F>, U>(_: impl FnOnce(T) -> U) {}

/// A number of type `F`.
#[diagnostic::on_unimplemented(
    message = "this is of type `{Self}` where it goes, and symgrad takes it for `{F}`: nothing else tells its type",
    note = "help: write the type of the literal, as `0.1_{Self}`"
)]
pub trait OfType<F> {}

impl<F> OfType<F> for F {}

/// What stands beside that, in the closure.
///
/// # Panics
///
/// Always.
#[must_use]
pub fn any<T>() -> T {
    unreachable!("it is not called")
}
