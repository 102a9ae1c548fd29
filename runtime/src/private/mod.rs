//! What generated code refers to. Not a public interface: it may change in any version.
//!
//! | file | what |
//! |---|---|
//! | `calls`, `receiver` | whose derivatives a call has |
//! | `slots` | how they get from the callee to the caller; `missing`: what to do where it has none |
//! | `fields` | what was assumed of structs |
//! | `known`, `looking` | what was assumed of names, and of data |
//! | `numbers`, `size`, `lists` | constants, tapes, lists of structs |
//! | `series` | power series |

mod calls;
mod fields;
pub mod known;
mod lists;
mod looking;
mod missing;
mod numbers;
mod receiver;
pub mod series;
mod size;
mod slots;
mod told;

pub use crate::directions::{Along, Direction, MayRunAgain, OnePass, Passes, SeveralPasses};
#[cfg(feature = "ndarray")]
pub use crate::glue::ndarray::lent as ndarray;
pub use crate::labelled::{Labelled, put_nonzeros};
pub use crate::lanes::{Lanes, put_columns, symmetric, symmetric_rows};
pub use crate::rule::{all_but, along, coordinate, inner_product, scale, times};

pub use crate::sparsity::{Dependence, Sets};
pub use crate::tensor::Tensor;
pub use crate::unit::{count, put_column, set_unit};
pub use alloc::vec;
pub use alloc::vec::Vec;
pub use calls::{Again, IsArray, again, is, is_named, same_function};
pub use fields::{ELEMENTS, Elements, Follows, Skips, elements, field, follows, skips};
pub use lists::{add_scaled, each, iterator, order, reserve, reset_each};
pub use looking::{Data, looked_at};
pub use missing::{
    HasGradient, HasJvp, HasNoRuleOfItsOwn, HasOneFloatType, HasSeries, HasThirdDerivatives, IsStatement, NotInWrt,
    ReturnsNumber, companion_without_derivatives__add_hvp_to_the_attribute_of_its_function,
    companion_without_derivatives__not_for_what_its_function_takes_and_returns,
    companion_without_derivatives__only_gradients_jvp_and_vjp_have_some,
};
pub use num_traits::real::Real;
pub use num_traits::{Euclid, Float, FromPrimitive, NumCast};
pub use numbers::{IsFloat, constant, converted, integer, is_float, is_float_core};
pub use receiver::{
    Behind, Companions, DereferencesTo, Here, Nothing, NothingBefore, Number, Receiver, Resolved, number, receiver,
};
pub use size::{Size, size};
pub use slots::{InOut, Lent, NoGradient, NoTangent, Slot, StructSlot, Tangent};
pub use told::{IsTakenApartAndHasNoDrop, alike, any, like, listed, taken_apart, takes};

/// In the place of the hidden protocol of a companion that has no derivatives: what is called is no function, and rustc shows the
/// name of its type.
#[doc(hidden)]
#[macro_export]
macro_rules! __companion_without_derivatives {
    ($why:ident) => {
        $crate::__companion_without_derivatives! {
            $why:
            __symgrad_v1_gradient
            __symgrad_v1_jvp
            __symgrad_v1_vjp
            __symgrad_v1_hvp_add_hvp_to_its_attribute
            __symgrad_v1_product_add_hvp_to_its_attribute
            __symgrad_v1_tangents_add_jacobian_or_hvp_to_its_attribute
            __symgrad_v1_series_add_derivatives_to_its_attribute
        }
    };
    ($why:ident: $($kind:ident)*) => {$(
        #[doc(hidden)]
        #[allow(non_upper_case_globals, dead_code)]
        pub const $kind: $crate::__private::$why = $crate::__private::$why;
    )*};
}

/// What can stand in a module, or in an inherent `impl`, and nowhere else. A macro cannot see where it is, but rustc can, and
/// then it shows the name of this one.
#[doc(hidden)]
#[macro_export]
macro_rules! __the_attribute_must_go_on_the_impl_block {
    (enum $([$($attributes:tt)*] $visibility:vis $name:ident)*) => {$(
        $($attributes)*
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code)]
        $visibility enum $name {}
    )*};
    (use $name:ident [$($attributes:tt)*]) => {
        $($attributes)*
        #[allow(unused_imports)]
        use super::$name::{self};
    };
    (fn [$($attributes:tt)*] $($method:tt)*) => {
        $($attributes)*
        pub(self) $($method)*
    };
}
