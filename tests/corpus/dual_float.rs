//! Dual numbers as a float type of `num_traits`: a generic function of the corpus runs over them as it is written.

use super::dual::Dual;
use num_traits::{Float, FloatConst, FromPrimitive, Num, NumCast, One, ToPrimitive, Zero};
use std::num::FpCategory;

impl Zero for Dual {
    fn zero() -> Self {
        Self::constant(0.0)
    }

    fn is_zero(&self) -> bool {
        self.value() == 0.0
    }
}

impl One for Dual {
    fn one() -> Self {
        Self::constant(1.0)
    }
}

impl Num for Dual {
    type FromStrRadixErr = <f64 as Num>::FromStrRadixErr;

    fn from_str_radix(text: &str, radix: u32) -> Result<Self, Self::FromStrRadixErr> {
        <f64 as Num>::from_str_radix(text, radix).map(Self::constant)
    }
}

impl ToPrimitive for Dual {
    fn to_i64(&self) -> Option<i64> {
        self.value().to_i64()
    }

    fn to_u64(&self) -> Option<u64> {
        self.value().to_u64()
    }

    fn to_f64(&self) -> Option<f64> {
        Some(self.value())
    }
}

impl FromPrimitive for Dual {
    fn from_i64(n: i64) -> Option<Self> {
        f64::from_i64(n).map(Self::constant)
    }

    fn from_u64(n: u64) -> Option<Self> {
        f64::from_u64(n).map(Self::constant)
    }

    fn from_f64(x: f64) -> Option<Self> {
        Some(Self::constant(x))
    }
}

impl NumCast for Dual {
    fn from<N: ToPrimitive>(n: N) -> Option<Self> {
        n.to_f64().map(Self::constant)
    }
}

macro_rules! constants {
    ($trait:ident: $($name:ident)*) => {
        impl $trait for Dual {$(
            fn $name() -> Self {
                Self::constant(<f64 as $trait>::$name())
            }
        )*}
    };
}
constants! {
    FloatConst: E FRAC_1_PI FRAC_1_SQRT_2 FRAC_2_PI FRAC_2_SQRT_PI FRAC_PI_2 FRAC_PI_3 FRAC_PI_4 FRAC_PI_6 FRAC_PI_8 LN_10
    LN_2 LOG10_E LOG2_E PI SQRT_2
}

macro_rules! float {
    (constants: $($constant:ident)*; predicates: $($predicate:ident)*; unary: $($unary:ident)*; binary: $($binary:ident)*;) => {
        impl Float for Dual {
            $(fn $constant() -> Self {
                Self::constant(<f64 as Float>::$constant())
            })*
            $(fn $predicate(self) -> bool {
                self.value().$predicate()
            })*
            $(fn $unary(self) -> Self {
                Dual::$unary(self)
            })*
            $(fn $binary(self, other: Self) -> Self {
                Dual::$binary(self, other)
            })*

            fn classify(self) -> FpCategory {
                self.value().classify()
            }

            fn integer_decode(self) -> (u64, i16, i8) {
                self.value().integer_decode()
            }

            fn powi(self, n: i32) -> Self {
                Dual::powi(self, n)
            }

            fn mul_add(self, a: Self, b: Self) -> Self {
                Dual::mul_add(self, a, b)
            }

            fn clamp(self, lo: Self, hi: Self) -> Self {
                Dual::clamp(self, lo, hi)
            }

            fn sin_cos(self) -> (Self, Self) {
                Dual::sin_cos(self)
            }
        }
    };
}
float! {
    constants: epsilon infinity max_value min_positive_value min_value nan neg_infinity neg_zero;
    predicates: is_finite is_infinite is_nan is_normal is_sign_negative is_sign_positive;
    unary: abs acos acosh asin asinh atan atanh cbrt ceil cos cosh exp exp2 exp_m1 floor fract ln ln_1p log10 log2 recip round
        signum sin sinh sqrt tan tanh to_degrees to_radians trunc;
    binary: abs_sub atan2 copysign hypot log max min powf;
}
