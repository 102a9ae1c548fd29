//! What was assumed of the fields of structs, as bounds: emitted code with a wrong guess does not compile.

use alloc::boxed::Box;

/// The number of a field, by its name: what [`Follows`] and [`Skips`] are told apart by.
#[must_use]
pub const fn field(name: &str) -> u128 {
    // FNV-1a.
    let bytes = name.as_bytes();
    let mut hash = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
    let mut k = 0;
    while k < bytes.len() {
        hash = (hash ^ bytes[k] as u128).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        k += 1;
    }
    hash
}

/// What is called a field of a type that is indexed itself: all of its scalars, by their indices.
pub const ELEMENTS: u128 = field("[]");

/// A struct in whose gradient a field is a derivative.
#[diagnostic::on_unimplemented(
    message = "there is no derivative with respect to this field of `{Self}`",
    label = "used as a number that derivatives flow through",
    note = "a field with `#[differentiate(skip)]` is data, and so are those of a type without `#[derive(symgrad::Differentiable)]`; pass `symgrad::stop_gradient(…)` of it where no derivative shall flow; what a struct only keeps of another one is written as its rest: `State {{ x, ..s }}`"
)]
pub trait Follows<const FIELD: u128> {}

/// A struct in whose gradient a field is a clone.
#[diagnostic::on_unimplemented(
    message = "the derivative with respect to this field of `{Self}` is lost here",
    label = "goes into code that symgrad does not follow",
    note = "if the field is data, put `#[differentiate(skip)]` on it; otherwise take what is a float from it first: `let k: f64 = p.k;`"
)]
pub trait Skips<const FIELD: u128> {}

/// A type whose elements, by whatever index, are of type `F`.
#[diagnostic::on_unimplemented(
    message = "there is no derivative with respect to the elements of `{Self}` as `{F}`",
    label = "indexed as a list of `{F}` that derivatives flow through",
    note = "vectors of nalgebra and ndarray have derivatives by index, behind the features `nalgebra` and `ndarray`, in the float type of their elements; of a struct of your own, index a field, or pass `symgrad::stop_gradient(…)` of what is data"
)]
pub trait Elements<F> {}

macro_rules! fields_behind {
    ($($pointer:ty),*) => {$(
        impl<T: ?Sized + Elements<F>, F> Elements<F> for $pointer {}
        impl<T: ?Sized + Follows<FIELD>, const FIELD: u128> Follows<FIELD> for $pointer {}
        impl<T: ?Sized + Skips<FIELD>, const FIELD: u128> Skips<FIELD> for $pointer {}
    )*};
}

fields_behind!(&T, &mut T, Box<T>);

macro_rules! fields_of_tuples {
    ($($parts:tt $($index:literal)+;)+) => {
        $($(fields_of_tuples!(@ $parts $index);)+)+
    };
    (@ ($($part:ident),+) $index:literal) => {
        impl<$($part),+> Follows<{ field($index) }> for ($($part,)+) {}
    };
}

fields_of_tuples! {
    (A) "0";
    (A, B) "0" "1";
    (A, B, C) "0" "1" "2";
    (A, B, C, D) "0" "1" "2" "3";
    (A, B, C, D, E) "0" "1" "2" "3" "4";
    (A, B, C, D, E, F) "0" "1" "2" "3" "4" "5";
    (A, B, C, D, E, F, G) "0" "1" "2" "3" "4" "5" "6";
    (A, B, C, D, E, F, G, H) "0" "1" "2" "3" "4" "5" "6" "7";
}

/// Compiles where there is a derivative with respect to a field.
#[inline]
pub const fn follows<const FIELD: u128, T: Follows<FIELD> + ?Sized>(_: &T) {}

/// Compiles where the elements are of this type.
#[inline]
pub const fn elements<F, T: Elements<F> + ?Sized>(_: &T) {}

/// Compiles where a field is data.
#[inline]
pub const fn skips<const FIELD: u128, T: Skips<FIELD> + ?Sized>(_: &T) {}
