//! The second oracle: a number of `num-dual` behind the inherent methods of `f64`, so that a function's body compiles with
//! `Dual` for `f64`. What `num-dual` does not have is put together from what it has, with the conventions at kinks that
//! the table of primitives documents.

use super::number::{self, Number};
use num_dual::DualNum;
use std::cmp::Ordering;
use std::fmt;
use std::iter::{Product, Sum};
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign};

/// A number and its derivatives.
#[derive(Clone, Copy, Debug)]
pub struct Dual(pub Number);

/// What a cast to a float takes.
macro_rules! casts {
    ($($from:ty),*) => {$(
        impl From<$from> for Dual {
            #[allow(clippy::cast_lossless, clippy::cast_precision_loss, reason = "as the cast it stands for")]
            fn from(x: $from) -> Self {
                Self::constant(x as f64)
            }
        }
    )*};
}
casts!(f64, f32, i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

/// What a cast to an integer takes, and gives.
pub trait To<T> {
    fn to(self) -> T;
}
macro_rules! integers {
    ($from:tt: $($to:ty),*) => {$(
        impl To<$to> for $from {
            #[allow(trivial_numeric_casts, clippy::unnecessary_cast, clippy::pedantic, reason = "as the cast it stands for")]
            fn to(self) -> $to {
                self as $to
            }
        }
    )*};
}
macro_rules! to_integers {
    ($($from:tt)*) => {$(integers!($from: i32, i64, u8, u32, u64, usize, isize);)*};
}
to_integers!(bool i32 i64 u8 u16 u32 u64 usize isize);
macro_rules! of_numbers {
    ($($to:ty),*) => {$(
        impl To<$to> for Dual {
            #[allow(clippy::pedantic, reason = "as the cast it stands for")]
            fn to(self) -> $to {
                self.0.re as $to
            }
        }
    )*};
}
of_numbers!(i32, i64, u8, u32, u64, usize, isize);

macro_rules! unary {
    ($($name:ident)*) => {$(
        pub fn $name(self) -> Self {
            // A constant stays one where the derivative is infinite.
            if number::is_constant(&self.0) { Self::constant(self.0.re.$name()) } else { Self(DualNum::$name(&self.0)) }
        }
    )*};
}

macro_rules! steps {
    ($($name:ident)*) => {$(
        pub fn $name(self) -> Self {
            Self::constant(self.0.re.$name())
        }
    )*};
}

impl Dual {
    pub fn constant(value: f64) -> Self {
        Self(Number::from_re(value))
    }

    /// A function that `num-dual` does not have, by its value and its first two derivatives.
    pub fn through(self, f: [f64; 3]) -> Self {
        Self(number::through(&self.0, f))
    }

    /// As the conversion to `f32` rounds it.
    #[allow(clippy::cast_possible_truncation, reason = "that is what it is for")]
    pub fn single(value: impl Into<Dual>) -> Self {
        let mut rounded = value.into();
        rounded.0.re = f64::from(rounded.0.re as f32);
        rounded
    }

    pub fn stop_gradient(self) -> Self {
        Self::constant(self.0.re)
    }

    pub fn value(self) -> f64 {
        self.0.re
    }

    unary!(recip sqrt cbrt exp exp2 exp_m1 ln ln_1p log2 log10 sin cos tan asin acos atan);
    unary!(sinh cosh tanh asinh acosh atanh);
    steps!(signum floor ceil round round_ties_even trunc);

    pub fn sin_cos(self) -> (Self, Self) {
        (self.sin(), self.cos())
    }

    pub fn powi(self, n: i32) -> Self {
        Self(self.0.powi(n))
    }

    /// By `powf` for a constant exponent, by logarithms for one that varies.
    pub fn powf(self, n: impl Into<Dual>) -> Self {
        let n = n.into();
        if number::is_constant(&n.0) { Self(DualNum::powf(&self.0, n.0.re)) } else { Self(self.0.powd(n.0)) }
    }

    pub fn log(self, base: impl Into<Dual>) -> Self {
        self.ln() / base.into().ln()
    }

    pub fn hypot(self, other: Self) -> Self {
        let square = self * self + other * other;
        if square.value() == 0.0 { Self::constant(0.0) } else { square.sqrt() }
    }

    pub fn atan2(self, other: Self) -> Self {
        Self(self.0.atan2(other.0))
    }

    pub fn mul_add(self, a: Self, b: Self) -> Self {
        self * a + b
    }

    pub fn midpoint(self, other: Self) -> Self {
        0.5 * (self + other)
    }

    pub fn to_degrees(self) -> Self {
        self * (180.0 / std::f64::consts::PI)
    }

    pub fn to_radians(self) -> Self {
        self * (std::f64::consts::PI / 180.0)
    }

    pub fn fract(self) -> Self {
        self - self.trunc()
    }

    /// 0 at 0.
    pub fn abs(self) -> Self {
        match self.0.re {
            0.0 => Self::constant(0.0),
            x if x < 0.0 => -self,
            _ => self,
        }
    }

    pub fn copysign(self, sign: Self) -> Self {
        if self.0.re.is_sign_negative() == sign.0.re.is_sign_negative() { self } else { -self }
    }

    /// The second in a tie.
    pub fn max(self, other: Self) -> Self {
        if self.0.re > other.0.re || other.0.re.is_nan() { self } else { other }
    }

    /// The second in a tie.
    pub fn min(self, other: Self) -> Self {
        if self.0.re < other.0.re || other.0.re.is_nan() { self } else { other }
    }

    pub fn clamp(self, lo: Self, hi: Self) -> Self {
        if self < lo {
            lo
        } else if self > hi {
            hi
        } else {
            self
        }
    }

    pub fn abs_sub(self, other: Self) -> Self {
        if self <= other { Self::constant(0.0) } else { self - other }
    }

    pub fn div_euclid(self, other: Self) -> Self {
        Self::constant(self.0.re.div_euclid(other.0.re))
    }

    pub fn rem_euclid(self, other: Self) -> Self {
        self - self.div_euclid(other) * other
    }

    pub fn is_nan(self) -> bool {
        self.0.re.is_nan()
    }

    pub fn is_finite(self) -> bool {
        self.0.re.is_finite()
    }

    pub fn is_sign_negative(self) -> bool {
        self.0.re.is_sign_negative()
    }

    pub fn total_cmp(&self, other: &Self) -> Ordering {
        self.0.re.total_cmp(&other.0.re)
    }
}

impl Default for Dual {
    fn default() -> Self {
        Self::constant(0.0)
    }
}

impl PartialEq for Dual {
    fn eq(&self, other: &Self) -> bool {
        self.0.re == other.0.re
    }
}

impl PartialOrd for Dual {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.0.re.partial_cmp(&other.0.re)
    }
}

impl PartialEq<f64> for Dual {
    fn eq(&self, other: &f64) -> bool {
        self.0.re == *other
    }
}

impl PartialOrd<f64> for Dual {
    fn partial_cmp(&self, other: &f64) -> Option<Ordering> {
        self.0.re.partial_cmp(other)
    }
}

impl fmt::Display for Dual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.re.fmt(f)
    }
}

impl Neg for Dual {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Neg for &Dual {
    type Output = Dual;
    fn neg(self) -> Dual {
        -*self
    }
}

macro_rules! operators {
    ($($trait:ident $method:ident $assign_trait:ident $assign:ident: $operate:expr;)*) => {$(
        impl $trait for Dual {
            type Output = Dual;
            fn $method(self, other: Dual) -> Dual {
                let operate: fn(Dual, Dual) -> Dual = $operate;
                operate(self, other)
            }
        }
        operators!(mixed $trait $method: (Dual, &Dual), (&Dual, Dual), (&Dual, &Dual), (Dual, f64), (f64, Dual),
            (&Dual, f64), (f64, &Dual), (f32, Dual), (Dual, f32), (Dual, &f64), (&f64, Dual));
        impl $assign_trait for Dual {
            fn $assign(&mut self, other: Dual) {
                *self = $trait::$method(*self, other);
            }
        }
        impl $assign_trait<&Dual> for Dual {
            fn $assign(&mut self, other: &Dual) {
                *self = $trait::$method(*self, *other);
            }
        }
        impl $assign_trait<f64> for Dual {
            fn $assign(&mut self, other: f64) {
                *self = $trait::$method(*self, Dual::constant(other));
            }
        }
    )*};
    (mixed $trait:ident $method:ident: $(($left:ty, $right:ty)),*) => {$(
        impl $trait<$right> for $left {
            type Output = Dual;
            fn $method(self, other: $right) -> Dual {
                $trait::$method(Lift::lift(self), Lift::lift(other))
            }
        }
    )*};
}

trait Lift {
    fn lift(self) -> Dual;
}

macro_rules! lift {
    ($($ty:ty, |$x:ident| $e:expr;)*) => {$(
        impl Lift for $ty {
            fn lift(self) -> Dual {
                let $x = self;
                $e
            }
        }
    )*};
}
lift! {
    Dual, |x| x;
    &Dual, |x| *x;
    f64, |x| Dual::constant(x);
    &f64, |x| Dual::constant(*x);
    f32, |x| Dual::constant(f64::from(x));
}

operators! {
    Add add AddAssign add_assign: |x, y| Dual(x.0 + y.0);
    Sub sub SubAssign sub_assign: |x, y| Dual(x.0 - y.0);
    Mul mul MulAssign mul_assign: |x, y| Dual(x.0 * y.0);
    Div div DivAssign div_assign: |x, y| Dual(x.0 / y.0);
    // x - q·y with the quotient that belongs to the remainder.
    Rem rem RemAssign rem_assign: |x, y| {
        let r = x.0.re % y.0.re;
        let q = ((x.0.re - r) / y.0.re).round();
        let mut rest = x.0 - y.0 * q;
        rest.re = r;
        Dual(rest)
    };
}

impl Sum for Dual {
    fn sum<I: Iterator<Item = Dual>>(iter: I) -> Dual {
        iter.fold(Dual::constant(0.0), |a, b| a + b)
    }
}

impl<'a> Sum<&'a Dual> for Dual {
    fn sum<I: Iterator<Item = &'a Dual>>(iter: I) -> Dual {
        iter.copied().sum()
    }
}

impl<'a> Product<&'a Dual> for Dual {
    fn product<I: Iterator<Item = &'a Dual>>(iter: I) -> Dual {
        iter.copied().product()
    }
}

impl Sum<f64> for Dual {
    fn sum<I: Iterator<Item = f64>>(iter: I) -> Dual {
        Dual::constant(iter.sum())
    }
}

impl Product for Dual {
    fn product<I: Iterator<Item = Dual>>(iter: I) -> Dual {
        iter.fold(Dual::constant(1.0), |a, b| a * b)
    }
}
