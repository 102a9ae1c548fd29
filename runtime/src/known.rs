//! What emitted code asks of names that are taken for those of the standard library. Nothing here is ever run: it compiles, or
//! it does not.

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
            $(fn $name(&self, _: Asked) {})+
        }
    };
}

methods! {
    abs abs_sub acos acosh asin asinh atan atan2 atanh cbrt ceil clamp copysign cos cosh div_euclid exp exp2 exp_m1 floor fract
    hypot ln ln_1p log log10 log2 max midpoint min mul_add powf powi recip rem_euclid round round_ties_even signum sin sin_cos
    sinh sqrt tan tanh to_degrees to_radians trunc
}

impl<T> TheMethodOfTheFloatItself for T {}
