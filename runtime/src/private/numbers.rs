//! Numbers of derivative code in functions that are generic over their float type.

use num_traits::{NumCast, ToPrimitive};

/// What is taken for a float by its bounds.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is taken for a float by its bounds, and they do not imply `num_traits::Float`",
    label = "the methods of this type may be others than those of floats",
    note = "write `{Self}: num_traits::Float`"
)]
pub trait IsFloat {}

impl<T: num_traits::real::Real> IsFloat for T {}

/// What has constants. Of a type that has none, the message is that of [`IsFloat`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is taken for a float by its bounds, and they do not imply `num_traits::Float`",
    label = "the derivative has constants, and this type may have none",
    note = "write `{Self}: num_traits::Float`"
)]
pub trait HasConstants: Sized {
    /// The constant.
    fn constant(value: f64) -> Option<Self>;
}

#[diagnostic::do_not_recommend]
impl<T: NumCast> HasConstants for T {
    #[inline]
    fn constant(value: f64) -> Option<Self> {
        Self::from(value)
    }
}

/// Compiles for what is a float.
#[inline]
pub const fn is_float<T: IsFloat>() {}

/// The same for what is bound by [`FloatCore`](num_traits::float::FloatCore), which does not imply `Float`.
#[inline]
pub const fn is_float_core<T: num_traits::float::FloatCore>() {}

/// A constant of derivative code in a function that is generic over its float type.
///
/// # Panics
///
/// If the type cannot hold it, as no type with the bounds of such a function does.
#[inline]
#[must_use]
pub fn constant<T: HasConstants>(value: f64) -> T {
    match T::constant(value) {
        Some(value) => value,
        None => panic!("the float type has no value for a constant of the derivative"),
    }
}

/// An integer of derivative code, such as an exponent, in a function that is generic over its float type.
///
/// # Panics
///
/// As [`constant`].
#[inline]
#[must_use]
pub fn integer<T: NumCast>(value: i32) -> T {
    constant(value.into())
}

/// What a function returns in another float type than it computes in, where one of them is a type parameter.
///
/// # Panics
///
/// As the function does: if the type cannot hold the value.
#[inline]
#[must_use]
pub fn converted<T: ToPrimitive, U: NumCast>(value: T) -> U {
    U::from(value).unwrap()
}
