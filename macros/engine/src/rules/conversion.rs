//! Conversions between float types: `x as f64`, `f64::from(x)`, `T::from(x).unwrap()`. Input: two float types. Output: the
//! primitive that converts.
//!
//! A conversion is linear, and its derivative is a conversion, too: a tangent goes the way of the value, and a cotangent the
//! way back. So it is the one kind of primitive of which the formula for `g` depends on the mode ([`transposed`]). Its rounding is
//! part of the value: no conversion is taken out, and none cancels another.

use super::{Form, Partial, Prim, Primitive};
use crate::ir::Width;

/// A float type of a function that computes in several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Float {
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// The type parameter.
    Parameter,
}

impl Float {
    /// Which one a float type is.
    #[must_use]
    pub fn of(width: &Width) -> Self {
        match width.main() {
            Width::F32 => Float::F32,
            Width::F64 => Float::F64,
            _ => Float::Parameter,
        }
    }

    /// The type, where the function has this type parameter.
    #[must_use]
    pub fn width(self, function: &Width) -> Width {
        match self {
            Float::F32 => Width::F32,
            Float::F64 => Width::F64,
            Float::Parameter => function.main().clone(),
        }
    }
}

macro_rules! conversions {
    ($($row:ident = $name:literal, $from:ident => $to:ident, $eval:expr;)*) => {
        $(pub(super) static $row: Primitive = Primitive {
            name: $name,
            arity: 1,
            form: Form::Convert(Float::$from, Float::$to),
            eval: $eval,
            partials: &[Partial::Times(|g, _, _| g.apply(&$row, &[]))],
        };)*

        /// The conversion from one float type to another one; `None` if they are the same.
        #[must_use]
        pub fn between(from: Float, to: Float) -> Option<Prim> {
            match (from, to) {
                $((Float::$from, Float::$to) => Some(&$row),)*
                _ => None,
            }
        }
    };
}

conversions! {
    F32_TO_F64 = "f32_to_f64", F32 => F64, |x| x[0];
    F64_TO_F32 = "f64_to_f32", F64 => F32, |x| single(x[0]).into();
    F32_TO_PARAMETER = "f32_to_parameter", F32 => Parameter, |x| x[0];
    F64_TO_PARAMETER = "f64_to_parameter", F64 => Parameter, |x| x[0];
    PARAMETER_TO_F32 = "parameter_to_f32", Parameter => F32, |x| single(x[0]).into();
    PARAMETER_TO_F64 = "parameter_to_f64", Parameter => F64, |x| x[0];
}

/// Rounded to `f32`.
#[must_use]
#[allow(clippy::cast_possible_truncation, reason = "rounding is meant")]
pub fn single(x: f64) -> f32 {
    x as f32
}

macro_rules! open {
    ($($row:ident = $name:literal, $to:expr;)*) => {$(
        static $row: Primitive = Primitive {
            name: $name,
            arity: 1,
            form: Form::Into($to),
            eval: |x| x[0],
            partials: &[Partial::Times(|g, _, _| g)],
        };
    )*};
}

open! {
    TO_F32 = "to_f32", Some(Float::F32);
    TO_F64 = "to_f64", Some(Float::F64);
    TO_PARAMETER = "to_parameter", Some(Float::Parameter);
    INTO = "into", None;
}

/// A conversion of a number whose type is not known yet, as lowering meets it.
#[must_use]
pub fn to(target: Option<Float>) -> Prim {
    match target {
        Some(Float::F32) => &TO_F32,
        Some(Float::F64) => &TO_F64,
        Some(Float::Parameter) => &TO_PARAMETER,
        None => &INTO,
    }
}

/// The way of a cotangent through a conversion: back.
#[must_use]
pub fn transposed(prim: Prim) -> Option<Prim> {
    let Form::Convert(from, to) = prim.form else { return None };
    between(to, from)
}
