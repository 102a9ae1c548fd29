//! What emitted code asks of names that are taken for those of the standard library. Nothing here is ever run: it compiles, or
//! it does not.

use super::Vec;
use core::marker::PhantomData;

/// What the methods here are given, and no other.
#[derive(Clone, Copy, Debug)]
pub struct Asked;

/// Two names of one function: the user's, and one that means nothing else.
#[inline]
pub const fn is_the_function_of_that_name_in_the_library<F: Copy>(_: F, _: F) {}

/// Macros that are known. A glob does not hide another macro of the name: both together are an error.
pub mod macros {
    pub use alloc::vec;
}

macro_rules! methods {
    ($($name:ident)+) => {
        /// A method of these names that another trait in scope has for a reference is one too many: it would be called in place
        /// of the float's own.
        #[allow(missing_docs, clippy::wrong_self_convention, clippy::should_implement_trait)]
        pub trait TheMethodOfTheFloatItself {
            $(fn $name(self, _: Asked) where Self: Sized {})+
        }
    };
}

methods! {
    abs abs_sub acos acosh asin asinh atan atan2 atanh cbrt ceil clamp copysign cos cosh div_euclid exp exp2 exp_m1 floor fract
    hypot ln ln_1p log log10 log2 max midpoint min mul_add powf powi recip rem_euclid round round_ties_even signum sin sin_cos
    sinh sqrt tan tanh to_degrees to_radians trunc
}

impl<T> TheMethodOfTheFloatItself for T {}

/// The type of arrays of any length, of anything.
#[inline]
#[must_use]
pub const fn array<T, const N: usize>() -> PhantomData<[T; N]> {
    PhantomData
}

/// The type of slices of anything.
#[inline]
#[must_use]
pub const fn slice<T: 'static>() -> PhantomData<&'static [T]> {
    PhantomData
}

/// The type of `Vec`s of anything.
#[inline]
#[must_use]
pub const fn vec<T>() -> PhantomData<Vec<T>> {
    PhantomData
}

/// A value of a type.
///
/// # Panics
///
/// Always: it is there to be compiled.
#[inline]
#[must_use]
pub fn some<L>(_: PhantomData<L>) -> L {
    unreachable!("it only compiles")
}

macro_rules! methods_of_lists {
    ($($name:ident)+) => {
        /// A method of these names that another trait in scope has for arrays or `Vec`s is one too many: it would be called in
        /// place of that of slices, which comes later.
        #[allow(
            missing_docs,
            clippy::should_implement_trait,
            clippy::wrong_self_convention,
            clippy::len_without_is_empty,
            clippy::iter_not_returning_iterator
        )]
        pub trait TheMethodOfTheListItself {
            $(fn $name(self, _: Asked) where Self: Sized {})+
        }
    };
}

methods_of_lists! {
    append as_flattened as_flattened_mut chunks chunks_exact chunks_exact_mut chunks_mut clear clone_from_slice copy_from_slice copy_within dedup drain
    extend_from_slice fill fill_with first first_mut get get_mut insert is_empty iter iter_mut last last_mut len pop push rchunks rchunks_exact
    rchunks_exact_mut rchunks_mut remove resize retain reverse rotate_left rotate_right select_nth_unstable_by sort_by sort_by_cached_key
    sort_by_key sort_unstable_by sort_unstable_by_key split_at split_at_mut split_first split_first_mut split_last split_last_mut split_off
    swap swap_remove to_vec truncate windows
}

impl<T> TheMethodOfTheListItself for T {}

/// Asks about methods of slices that look only, of slices that change them, of `Vec`s, and of both that tell of their length:
/// each as rustc comes by what it would be called on, before it comes to the one that is meant.
#[doc(hidden)]
#[macro_export]
macro_rules! __methods_of_lists {
    ($([$($names:ident)*])*) => {
        const _: () = {
            #[allow(dead_code, unreachable_code, unused_must_use, clippy::all, clippy::pedantic, clippy::nursery)]
            fn names() {
                $crate::__methods_of_lists!(inside $([$($names)*])*)
            }
        };
    };
    (inside [$($looks:ident)*] [$($changes:ident)*] [$($of_vec:ident)*] [$($length:ident)*]) => {{
        use $crate::__private::known::{Asked, TheMethodOfTheListItself as _, array, slice, some, vec};
        let list = array();
        $(some(list).$looks(Asked); (&some(list)).$looks(Asked); (&mut some(list)).$looks(Asked);)*
        $(some(list).$changes(Asked); (&some(list)).$changes(Asked); (&mut some(list)).$changes(Asked);)*
        $(some(list).$length(Asked); (&some(list)).$length(Asked); (&mut some(list)).$length(Asked);)*
        let _: ::core::marker::PhantomData<[u8; 0]> = list;
        let list = vec();
        $(some(list).$looks(Asked); (&some(list)).$looks(Asked); (&mut some(list)).$looks(Asked);)*
        $(some(list).$changes(Asked); (&some(list)).$changes(Asked); (&mut some(list)).$changes(Asked);)*
        // A `Vec`'s own come first where it is changed, or looked at.
        $(some(list).$of_vec(Asked); (&some(list)).$of_vec(Asked);)*
        $(some(list).$length(Asked);)*
        let _: ::core::marker::PhantomData<$crate::__private::Vec<u8>> = list;
        // So do a slice's, but for those by a reference that is not to change it.
        let list = slice();
        $(some(list).$changes(Asked);)*
        let _: ::core::marker::PhantomData<&[u8]> = list;
    }};
}
