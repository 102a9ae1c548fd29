//! The functions of [`derivative`](super::derivative) as other libraries name them: `libm::sin`, `num_traits::clamp`, and
//! `Float::sin` of `num_traits` on a primitive float, which without `std` is not the method. Input: a path. Output: a primitive of its own,
//! so that the value is that of the function that the program calls, bit for bit; its derivative is the method's.

use super::derivative as table;
use super::{Form, Prim, Primitive};

/// A row under another name.
const fn named(name: &'static str, form: Form, row: &Primitive) -> Primitive {
    Primitive { name, arity: row.arity, form, eval: row.eval, partials: row.partials }
}

macro_rules! libm {
    ($($double:ident $single:ident $row:ident;)*) => {
        /// The crate `libm`: a function for each float type.
        static LIBM: &[Primitive] = &[$(
            named(
                concat!("libm::", stringify!($double)),
                Form::Path(concat!("libm::", stringify!($double))),
                &table::$row,
            ),
            named(
                concat!("libm::", stringify!($single)),
                Form::Path(concat!("libm::", stringify!($single))),
                &table::$row,
            ),
        )*];

        static LIBM_ROWS: &[Prim] = &[$(&table::$row, &table::$row),*];
    };
}

libm! {
    acos acosf ACOS;
    acosh acoshf ACOSH;
    asin asinf ASIN;
    asinh asinhf ASINH;
    atan atanf ATAN;
    atan2 atan2f ATAN2;
    atanh atanhf ATANH;
    cbrt cbrtf CBRT;
    ceil ceilf CEIL;
    copysign copysignf COPYSIGN;
    cos cosf COS;
    cosh coshf COSH;
    exp expf EXP;
    exp2 exp2f EXP2;
    expm1 expm1f EXP_M1;
    fabs fabsf ABS;
    fdim fdimf ABS_SUB;
    floor floorf FLOOR;
    fma fmaf MUL_ADD;
    fmax fmaxf MAX;
    fmin fminf MIN;
    fmod fmodf REM;
    hypot hypotf HYPOT;
    log logf LN;
    log10 log10f LOG10;
    log1p log1pf LN_1P;
    log2 log2f LOG2;
    pow powf POWF;
    rint rintf ROUND_TIES_EVEN;
    round roundf ROUND;
    roundeven roundevenf ROUND_TIES_EVEN;
    sin sinf SIN;
    sinh sinhf SINH;
    sqrt sqrtf SQRT;
    tan tanf TAN;
    tanh tanhf TANH;
    trunc truncf TRUNC;
}

macro_rules! float {
    ($($row:ident)*) => {
        /// The trait `Float` of `num_traits`: methods, called by path.
        static FLOAT: &[Primitive] = &[$(
            named(table::$row.name, Form::Float(table::$row.name), &table::$row),
        )*];

        static FLOAT_ROWS: &[Prim] = &[$(&table::$row),*];
    };
}

float! {
    ABS ABS_SUB ACOS ACOSH ASIN ASINH ATAN ATAN2 ATANH CBRT CEIL CLAMP COPYSIGN COS COSH EXP EXP2 EXP_M1 FLOOR FRACT HYPOT
    LN LN_1P LOG LOG10 LOG2 MAX MIN MUL_ADD POWF POWI RECIP ROUND SIGNUM SIN SINH SQRT TAN TANH TO_DEGREES TO_RADIANS TRUNC
}

macro_rules! functions {
    ($($path:literal $row:ident;)*) => {
        /// Functions of `num_traits`, and of the crate `num`, which has them, too.
        static FUNCTIONS: &[Primitive] = &[$(named($path, Form::Path($path), &table::$row)),*];
    };
}

functions! {
    "num_traits::Inv::inv" RECIP;
    "num_traits::MulAdd::mul_add" MUL_ADD;
    "num_traits::abs" ABS;
    "num_traits::clamp" CLAMP;
    "num_traits::pow" POWI;
    "num_traits::pow::pow" POWI;
    "num_traits::sign::abs" ABS;
    "num_traits::sign::signum" SIGNUM;
    "num_traits::signum" SIGNUM;
    "num::abs" ABS;
    "num::clamp" CLAMP;
    "num::pow" POWI;
    "num::pow::pow" POWI;
    "num::signum" SIGNUM;
}

macro_rules! euclid {
    ($($row:ident $name:literal $($path:literal)*;)*) => {
        /// The methods of `num_traits::Euclid` on a type parameter: they take a reference.
        static EUCLID: &[Primitive] = &[$(named($name, Form::Code(concat!("x0.", $name, "(&x1)")), &table::$row)),*];

        /// The same, called by path.
        static EUCLID_PATHS: &[Primitive] = &[$($(
            named(concat!($path, $name), Form::Code(concat!($path, $name, "(&x0, &x1)")), &table::$row),
        )*)*];
    };
}

euclid! {
    REM_EUCLID "rem_euclid" "num_traits::Euclid::" "num_traits::euclid::Euclid::" "num::Euclid::" "Euclid::";
    DIV_EUCLID "div_euclid" "num_traits::Euclid::" "num_traits::euclid::Euclid::" "num::Euclid::" "Euclid::";
}

/// The row that a function is a name of, or the function itself: what compositions are known by.
#[must_use]
pub fn row(prim: Prim) -> Prim {
    let mut known = LIBM.iter().zip(LIBM_ROWS).chain(FLOAT.iter().zip(FLOAT_ROWS));
    known.find(|(name, _)| *name == prim).map_or(prim, |(_, row)| *row)
}

/// All of them.
#[cfg(test)]
pub(super) static LIBRARY: &[&[Primitive]] = &[LIBM, FLOAT, FUNCTIONS, COUNTED, EUCLID, EUCLID_PATHS];

macro_rules! counted {
    ($($path:literal;)*) => {
        /// Powers of these whose exponent is no literal: an `i32`, as the derivative needs it.
        static COUNTED: &[Primitive] = &[$(named(
            concat!($path, "(i32)"),
            Form::Code(concat!(
                "::",
                $path,
                "(x0, ::core::result::Result::unwrap_or_default(<usize as ::core::convert::TryFrom<i32>>::try_from(x1)))"
            )),
            &table::POWI,
        )),*];
    };
}

counted! {
    "num_traits::pow";
    "num_traits::pow::pow";
    "num::pow";
    "num::pow::pow";
}

/// Whether the second operand of a primitive is an integer.
#[must_use]
pub fn has_integer_exponent(prim: Prim) -> bool {
    prim.name == table::POWI.name || prim.name.ends_with("::pow(i32)") || counts(prim)
}

/// The same power with an `i32` as the exponent.
#[must_use]
pub fn counted(prim: Prim) -> Option<Prim> {
    COUNTED.iter().find(|p| p.name.strip_suffix("(i32)") == Some(prim.name))
}

/// Whether it is an integer without a sign there: a `usize` in the value, and an `i32` in the derivative, which a literal
/// can be at once.
#[must_use]
pub fn counts(prim: Prim) -> bool {
    prim.name.ends_with("::pow") && prim.name != "libm::pow"
}

/// The primitive that a call of `path` is, written as in `libm::erf`: without spaces, generics or a leading `::`.
#[must_use]
pub fn path(path: &str) -> Option<Prim> {
    let own = table::TABLE.iter().copied().find(|p| p.form == Form::Path(p.name) && p.name == path);
    own.or_else(|| LIBM.iter().chain(FUNCTIONS).chain(EUCLID_PATHS).find(|p| p.name == path))
}

/// The primitive that the method `name` of `num_traits::Float` is, called by path on a primitive float.
#[must_use]
pub fn float(name: &str) -> Option<Prim> {
    FLOAT.iter().find(|p| p.name == name)
}

/// The primitive that the method `name` of `num_traits::Euclid` is on a type parameter.
#[must_use]
pub fn euclid(name: &str) -> Option<Prim> {
    EUCLID.iter().find(|p| p.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Unary = (&'static str, fn(f64) -> f64);
    type Binary = (&'static str, fn(f64, f64) -> f64);

    #[test]
    fn sincos_is_sin_and_cos() {
        for k in -4000..4000 {
            let x = f64::from(k) * 0.37 + f64::from(k).powi(5) * 1e-3;
            let (sin, cos) = libm::sincos(x);
            assert_eq!((sin.to_bits(), cos.to_bits()), (libm::sin(x).to_bits(), libm::cos(x).to_bits()), "{x}");
            #[allow(clippy::cast_possible_truncation, reason = "points in f32")]
            let x = x as f32;
            let (sin, cos) = libm::sincosf(x);
            assert_eq!((sin.to_bits(), cos.to_bits()), (libm::sinf(x).to_bits(), libm::cosf(x).to_bits()), "{x}");
        }
    }

    /// The names are those of the functions: each row is evaluated by the one that it is named after.
    #[test]
    fn libm_functions_are_what_their_rows_say() {
        macro_rules! unary {
            ($($name:ident)*) => { &[$((concat!("libm::", stringify!($name)), libm::$name as fn(f64) -> f64)),*] };
        }
        macro_rules! binary {
            ($($name:ident)*) => { &[$((concat!("libm::", stringify!($name)), libm::$name as fn(f64, f64) -> f64)),*] };
        }
        let close = |name: &str, row: f64, value: f64| {
            let same = row == value || (row.is_nan() && value.is_nan()) || (row - value).abs() <= 1e-14 * value.abs();
            assert!(same, "{name}: {row:?}, not {value:?}");
        };
        let points = [-2.5, -1.5, -0.5, 0.0, 0.3, 0.5, 1.0, 1.7, 2.5, 3.5];
        let one: &[Unary] = unary! {
            acos acosh asin asinh atan atanh cbrt ceil cos cosh exp exp2 expm1 fabs floor log log10 log1p log2 rint round
            roundeven sin sinh sqrt tan tanh trunc
        };
        for (name, function) in one {
            let row = path(name).expect(name);
            points.iter().for_each(|&x| close(name, (row.eval)(&[x]), function(x)));
        }
        let two: &[Binary] = binary! { atan2 copysign fdim fmax fmin fmod hypot pow };
        for (name, function) in two {
            let row = path(name).expect(name);
            for x in points {
                points.iter().for_each(|&y| close(name, (row.eval)(&[x, y]), function(x, y)));
            }
        }
        assert_eq!(2 * (one.len() + two.len() + 1), LIBM.len(), "`fma` is left");
    }
}
