//! The table of primitives. Input: none. Output: one `static` a primitive, [`TABLE`], which lists them all, and the
//! look-ups by which lowering finds them. Invariant: `partials.len() == arity`.
//!
//! # How a row is designed
//!
//! Every formula passes one gate, in `tests/rules.rs`: against references of high precision the derivative is within
//! 4 ulp wherever it is regular, it is finite wherever the true derivative is, and at a kink or a singularity it is
//! what the row says. Where a row departs from the textbook, its comment gives the reason.
//!
//! *Plain* formulas are arithmetic that the simplifier sees through, so that a literal `g` folds away: `g / x`. They
//! are differentiated again by the rules of that arithmetic, which for a single division (`ln`, `sqrt`, `log2`, …)
//! gives as good a second derivative as the closed form.
//!
//! *Derived primitives* are rows of their own ([`Form::Code`]) for derivatives that branch, and for those whose own
//! derivative has a closed form that differentiating the code would miss: `asin'' = x·asin'³`. Their names are the
//! function's with `_D`, or with `_D` and the indices of the operands differentiated by. Two conventions hold:
//!
//! - An operand that is the primal's own result is *auxiliary*: passed because it is at hand, it carries no derivative
//!   ([`Partial::Zero`]), and the closed form with respect to the other operands accounts for it. `TANH_D(x, y)` is
//!   `sech² x` as a function of `x` alone. The same holds for `y` in [`EXP_M1_D`].
//! - A *selection* takes `g` as its last operand and returns it or zero, so that an infinite `g` never meets a zero
//!   factor. It is linear in `g`, and constant in the others. `|x|` is no selection: its factor is zero only at 0.
//!
//! Their code binds locals of its own (`q`, `s`, `e`), which must not capture a program's variables of the same names:
//! whoever emits it gives every identifier but the operands a hygiene of its own.
//!
//! A second derivative that is not registered is [`Partial::Unknown`]: differentiating it is an error, never a zero.

use std::f64::consts::{FRAC_2_SQRT_PI, LN_2, LOG2_E, LOG10_E, PI};

use super::{Form, Partial, Prim, Primitive, Term};

/// The functions that a program calls, then the derived primitives, whose code and value in `f64` are one source.
macro_rules! table {
    (
        functions {$(
            $(#[$doc:meta])* $row:ident = $name:literal / $arity:literal, $form:expr, $eval:expr,
            [$($partial:expr),* $(,)?];
        )*}
        derived {$(
            $(#[$code_doc:meta])* $code_row:ident = $code_name:literal, |$($x:ident $(as $int:ident)?),*| $code:expr,
            [$($code_partial:expr),* $(,)?];
        )*}
    ) => {
        $($(#[$doc])* pub static $row: Primitive =
            Primitive { name: $name, arity: $arity, form: $form, eval: $eval, partials: &[$($partial),*] };)*

        $($(#[$code_doc])* pub static $code_row: Primitive = Primitive {
            name: $code_name,
            arity: [$(stringify!($x)),*].len(),
            form: Form::Code(stringify!($code)),
            eval: evaluate!(f64, [$($x $(as $int)?),*], $code),
            partials: &[$($code_partial),*],
        };)*

        /// Every primitive.
        pub static TABLE: &[Prim] = &[$(&$row,)* $(&$code_row),*];

        /// The code of the derived primitives, compiled in `f32`.
        #[cfg(test)]
        static IN_F32: &[(Prim, fn(&[f32]) -> f32)] =
            &[$((&$code_row, evaluate!(f32, [$($x $(as $int)?),*], $code))),*];
    };
}

/// A derived primitive's code as a function of a slice of operands, of which some are integers. The lints would fall
/// on both float types together.
macro_rules! evaluate {
    ($T:ident, [$($x:ident $(as $int:ident)?),*], $code:expr) => {{
        #[allow(dead_code, unused_variables, clippy::cast_possible_truncation, clippy::cast_precision_loss)]
        #[allow(clippy::cast_lossless, clippy::float_cmp, clippy::assign_op_pattern)]
        #[allow(clippy::approx_constant, clippy::excessive_precision)]
        fn evaluate(x: &[$T]) -> $T {
            type T = $T;
            let &[$($x),*] = x else { panic!("the number of operands is the arity") };
            $($(let $x = $x as $int;)?)*
            $code
        }
        evaluate
    }};
}

/// Reads a formula in `g`, the operands and the result as a [`Partial`].
macro_rules! d {
    (0) => {
        Partial::Zero
    };
    (?) => {
        Partial::Unknown
    };
    (|$g:pat_param, $x:pat_param, $y:pat_param| $e:expr) => {
        Partial::Times(|$g, $x, $y| $e)
    };
}

table! {
functions {
    // Operators.

    /// `x + y`
    ADD = "add" / 2, Form::Infix("+"), |x| x[0] + x[1], [d!(|g, _, _| g), d!(|g, _, _| g)];
    /// `x - y`
    SUB = "sub" / 2, Form::Infix("-"), |x| x[0] - x[1], [d!(|g, _, _| g), d!(|g, _, _| -g)];
    /// `x * y`
    MUL = "mul" / 2, Form::Infix("*"), |x| x[0] * x[1], [d!(|g, x, _| g * x[1]), d!(|g, x, _| g * x[0])];
    /// `x / y`; `-q/y` and not `-x/y²`, which overflows.
    DIV = "div" / 2, Form::Infix("/"), |x| x[0] / x[1], [d!(|g, x, _| g / x[1]), d!(|g, x, q| -(g * q) / x[1])];
    /// `x % y`
    REM = "rem" / 2, Form::Infix("%"), |x| x[0] % x[1],
        [d!(|g, _, _| g), d!(|g, x, r| -(g * x[0].apply(&REM_QUOTIENT, &[x[1], r])))];
    /// `-x`
    NEG = "neg" / 1, Form::Prefix("-"), |x| -x[0], [d!(|g, _, _| -g)];

    // Powers and roots.

    /// `1/x`
    RECIP = "recip" / 1, Form::Method("recip"), |x| x[0].recip(), [d!(|g, x, y| -(g * x[0].apply(&RECIP_D, &[y])))];
    /// `√x`; at 0 the derivative is +∞.
    SQRT = "sqrt" / 1, Form::Method("sqrt"), |x| x[0].sqrt(), [d!(|g, _, y| 0.5 * g / y)];
    /// `∛x`; at 0 the derivative is +∞.
    CBRT = "cbrt" / 1, Form::Method("cbrt"), |x| x[0].cbrt(), [d!(|g, x, y| g * x[0].apply(&CBRT_D, &[y]))];
    /// `xⁿ` with an `i32` for `n`.
    POWI = "powi" / 2, Form::Method("powi"), |x| powi(x[0], x[1]),
        [d!(|g, x, _| g * x[0].apply(&POWI_D, &[x[1]])), d!(0)];
    /// `xⁿ`
    POWF = "powf" / 2, Form::Method("powf"), |x| x[0].powf(x[1]),
        [d!(|g, x, y| g * x[0].apply(&POWF_D0, &[x[1], y])), d!(|g, x, y| g * x[0].apply(&POWF_D1, &[x[1], y]))];
    /// `√(x² + y²)`; at the origin the derivatives are 0.
    HYPOT = "hypot" / 2, Form::Method("hypot"), |x| x[0].hypot(x[1]),
        [d!(|g, x, y| g * x[0].apply(&HYPOT_D, &[x[1], y])), d!(|g, x, y| g * x[1].apply(&HYPOT_D, &[x[0], y]))];

    // Exponentials and logarithms.

    /// `eˣ`
    EXP = "exp" / 1, Form::Method("exp"), |x| x[0].exp(), [d!(|g, _, y| g * y)];
    /// `2ˣ`
    EXP2 = "exp2" / 1, Form::Method("exp2"), |x| x[0].exp2(), [d!(|g, _, y| g * (y * LN_2))];
    /// `eˣ - 1`; not `y + 1`, which is 0 where `eˣ` is small.
    EXP_M1 = "exp_m1" / 1, Form::Method("exp_m1"), |x| x[0].exp_m1(),
        [d!(|g, x, y| g * x[0].apply(&EXP_M1_D, &[y]))];
    /// `ln x`; `1/x` for negative `x` too, where the function is NaN.
    LN = "ln" / 1, Form::Method("ln"), |x| x[0].ln(), [d!(|g, x, _| g / x[0])];
    /// `ln(1 + x)`
    LN_1P = "ln_1p" / 1, Form::Method("ln_1p"), |x| x[0].ln_1p(), [d!(|g, x, _| g / (1.0 + x[0]))];
    /// `log₂ x`; not `1/(x ln 2)`, which rounds once more.
    LOG2 = "log2" / 1, Form::Method("log2"), |x| x[0].log2(), [d!(|g, x, _| LOG2_E * g / x[0])];
    /// `log₁₀ x`
    LOG10 = "log10" / 1, Form::Method("log10"), |x| x[0].log10(), [d!(|g, x, _| LOG10_E * g / x[0])];
    /// `log x` to the base `b`; divided by `ln b` first, because `x ln b` overflows, and its derivative `x/b` sooner.
    LOG = "log" / 2, Form::Method("log"), |x| x[0].log(x[1]),
        [d!(|g, x, _| g / x[1].apply(&LN, &[]) / x[0]), d!(|g, x, y| g * x[1].apply(&LOG_D_1, &[x[0], y]))];

    // Circular functions.

    /// `sin x`
    SIN = "sin" / 1, Form::Method("sin"), |x| x[0].sin(), [d!(|g, x, _| g * x[0].apply(&COS, &[]))];
    /// `cos x`
    COS = "cos" / 1, Form::Method("cos"), |x| x[0].cos(), [d!(|g, x, _| -(g * x[0].apply(&SIN, &[])))];
    /// `tan x`
    TAN = "tan" / 1, Form::Method("tan"), |x| x[0].tan(), [d!(|g, x, y| g * x[0].apply(&TAN_D, &[y]))];
    /// `arcsin x`; at ±1 the derivative is +∞.
    ASIN = "asin" / 1, Form::Method("asin"), |x| x[0].asin(), [d!(|g, x, _| g * x[0].apply(&ASIN_D, &[]))];
    /// `arccos x`; at ±1 the derivative is −∞.
    ACOS = "acos" / 1, Form::Method("acos"), |x| x[0].acos(), [d!(|g, x, _| -(g * x[0].apply(&ASIN_D, &[])))];
    /// `arctan x`
    ATAN = "atan" / 1, Form::Method("atan"), |x| x[0].atan(), [d!(|g, x, _| g * x[0].apply(&ATAN_D, &[]))];
    /// The angle of the point (`x1`, `x0`); at the origin the derivatives are NaN. The norm's operands are in the same
    /// order for both partials, so that they share it.
    ATAN2 = "atan2" / 2, Form::Method("atan2"), |x| x[0].atan2(x[1]),
        [
            d!(|g, x, _| g * x[1].apply(&ATAN2_D, &[x[0]])),
            d!(|g, x, _| -(g * x[0].apply(&ATAN2_D, &[x[1]]))),
        ];

    // Hyperbolic functions.

    /// `sinh x`
    SINH = "sinh" / 1, Form::Method("sinh"), |x| x[0].sinh(), [d!(|g, x, _| g * x[0].apply(&COSH, &[]))];
    /// `cosh x`
    COSH = "cosh" / 1, Form::Method("cosh"), |x| x[0].cosh(), [d!(|g, x, _| g * x[0].apply(&SINH, &[]))];
    /// `tanh x`
    TANH = "tanh" / 1, Form::Method("tanh"), |x| x[0].tanh(), [d!(|g, x, y| g * x[0].apply(&TANH_D, &[y]))];
    /// `arsinh x`
    ASINH = "asinh" / 1, Form::Method("asinh"), |x| x[0].asinh(), [d!(|g, x, _| g * x[0].apply(&ASINH_D, &[]))];
    /// `arcosh x`; at 1 the derivative is +∞.
    ACOSH = "acosh" / 1, Form::Method("acosh"), |x| x[0].acosh(), [d!(|g, x, _| g * x[0].apply(&ACOSH_D, &[]))];
    /// `artanh x`; at ±1 the derivative is +∞.
    ATANH = "atanh" / 1, Form::Method("atanh"), |x| x[0].atanh(), [d!(|g, x, _| g * x[0].apply(&ATANH_D, &[]))];

    // Remainders and linear functions.

    /// The least nonnegative remainder of `x / y`.
    REM_EUCLID = "rem_euclid" / 2, Form::Method("rem_euclid"), |x| x[0].rem_euclid(x[1]),
        [d!(|g, _, _| g), d!(|g, x, r| -(g * x[0].apply(&REM_QUOTIENT, &[x[1], r])))];
    /// The quotient that belongs to [`REM_EUCLID`], a step function.
    DIV_EUCLID = "div_euclid" / 2, Form::Method("div_euclid"), |x| x[0].div_euclid(x[1]), [d!(0), d!(0)];
    /// `x·a + b`, rounded once.
    MUL_ADD = "mul_add" / 3, Form::Method("mul_add"), |x| x[0].mul_add(x[1], x[2]),
        [d!(|g, x, _| g * x[1]), d!(|g, x, _| g * x[0]), d!(|g, _, _| g)];
    /// `(x + y)/2`
    MIDPOINT = "midpoint" / 2, Form::Method("midpoint"), |x| x[0].midpoint(x[1]),
        [d!(|g, _, _| 0.5 * g), d!(|g, _, _| 0.5 * g)];
    /// `180x/π`
    TO_DEGREES = "to_degrees" / 1, Form::Method("to_degrees"), |x| x[0].to_degrees(), [d!(|g, _, _| g * (180.0 / PI))];
    /// `πx/180`
    TO_RADIANS = "to_radians" / 1, Form::Method("to_radians"), |x| x[0].to_radians(), [d!(|g, _, _| g * (PI / 180.0))];

    // Steps: the derivative is 0 everywhere, at the jumps too.

    /// The sign of `x`, ±1.
    SIGNUM = "signum" / 1, Form::Method("signum"), |x| x[0].signum(), [d!(0)];
    /// `x` rounded down.
    FLOOR = "floor" / 1, Form::Method("floor"), |x| x[0].floor(), [d!(0)];
    /// `x` rounded up.
    CEIL = "ceil" / 1, Form::Method("ceil"), |x| x[0].ceil(), [d!(0)];
    /// `x` rounded to the nearest integer, halves away from zero.
    ROUND = "round" / 1, Form::Method("round"), |x| x[0].round(), [d!(0)];
    /// `x` rounded to the nearest integer, halves to even.
    ROUND_TIES_EVEN = "round_ties_even" / 1, Form::Method("round_ties_even"), |x| x[0].round_ties_even(), [d!(0)];
    /// `x` rounded towards zero.
    TRUNC = "trunc" / 1, Form::Method("trunc"), |x| x[0].trunc(), [d!(0)];
    /// `x - trunc(x)`; at the jumps the derivative is 1.
    FRACT = "fract" / 1, Form::Method("fract"), |x| x[0].fract(), [d!(|g, _, _| g)];

    // Selections.

    /// `|x|`; at 0 the derivative is 0, the subgradient of least norm.
    ABS = "abs" / 1, Form::Method("abs"), |x| x[0].abs(), [d!(|g, x, _| g * x[0].apply(&ABS_D, &[]))];
    /// `|x|` with the sign of `s`; at 0 the derivative is ±1, by the signs.
    COPYSIGN = "copysign" / 2, Form::Method("copysign"), |x| x[0].copysign(x[1]),
        [d!(|g, x, _| x[0].apply(&COPYSIGN_D, &[x[1], g])), d!(0)];
    /// The greater of `x` and `y`; in a tie the derivative is the second operand's, and a NaN is passed over.
    MAX = "max" / 2, Form::Method("max"), |x| x[0].max(x[1]),
        [d!(|g, x, _| x[0].apply(&MAX_D0, &[x[1], g])), d!(|g, x, _| x[0].apply(&MAX_D1, &[x[1], g]))];
    /// The lesser of `x` and `y`; conventions as for [`MAX`].
    MIN = "min" / 2, Form::Method("min"), |x| x[0].min(x[1]),
        [d!(|g, x, _| x[0].apply(&MIN_D0, &[x[1], g])), d!(|g, x, _| x[0].apply(&MIN_D1, &[x[1], g]))];
    /// `x` clamped to `[lo, hi]`; at a bound the derivative is that of `x`.
    CLAMP = "clamp" / 3, Form::Method("clamp"), |x| x[0].clamp(x[1], x[2]),
        [
            d!(|g, x, _| x[0].apply(&CLAMP_D0, &[x[1], x[2], g])),
            d!(|g, x, _| x[0].apply(&CLAMP_D1, &[x[1], g])),
            d!(|g, x, _| x[0].apply(&CLAMP_D2, &[x[2], g])),
        ];
    /// The positive part of `x - y`, deprecated in `std`; in a tie the derivatives are 0.
    ABS_SUB = "abs_sub" / 2, Form::Method("abs_sub"), |x| if x[0] <= x[1] { 0.0 } else { x[0] - x[1] },
        [d!(|g, x, _| x[0].apply(&ABS_SUB_D, &[x[1], g])), d!(|g, x, _| -x[0].apply(&ABS_SUB_D, &[x[1], g]))];

    // Functions of the `libm` crate that are no methods.

    /// `erf x = 2/√π ∫₀ˣ exp(-t²) dt`
    ERF = "libm::erf" / 1, Form::Path("libm::erf"), |x| libm::erf(x[0]),
        [d!(|g, x, _| g * (FRAC_2_SQRT_PI * x[0].apply(&GAUSS, &[])))];
    /// `erfc x = 1 - erf x`
    ERFC = "libm::erfc" / 1, Form::Path("libm::erfc"), |x| libm::erfc(x[0]),
        [d!(|g, x, _| -(g * (FRAC_2_SQRT_PI * x[0].apply(&GAUSS, &[]))))];
    /// [`ERF`] in `f32`
    ERFF = "libm::erff" / 1, Form::Path("libm::erff"), |x| libm::erf(x[0]),
        [d!(|g, x, _| g * (FRAC_2_SQRT_PI * x[0].apply(&GAUSS, &[])))];
    /// [`ERFC`] in `f32`
    ERFCF = "libm::erfcf" / 1, Form::Path("libm::erfcf"), |x| libm::erfc(x[0]),
        [d!(|g, x, _| -(g * (FRAC_2_SQRT_PI * x[0].apply(&GAUSS, &[]))))];
}

derived {
    /// The quotient that belongs to the remainder `r` of `x/y`; a step function. Not `trunc(x/y)`, which is off by one
    /// just below a multiple.
    REM_QUOTIENT = "rem_quotient", |x0, x1, x2| (x0 - x2) / x1, [d!(0), d!(0), d!(0)];

    /// `1/x` by `x`, from `y = 1/x` and but for the sign
    RECIP_D = "recip_d", |x0, x1| x1 * x1, [d!(|g, x, d| -2.0 * g * d * x[1]), d!(0)];
    /// `∛x` by `x`, from `y = ∛x`
    CBRT_D = "cbrt_d", |x0, x1| 1.0 / (3.0 * (x1 * x1)), [d!(|g, x, _| -(g * x[0].apply(&CBRT_D0, &[x[1]]))), d!(0)];
    /// `∛x` by `x` twice, but for the sign
    CBRT_D0 = "cbrt_d0", |x0, x1| if x0 == 0.0 { 1.0 / x0 } else { x1 / x0 / (4.5 * x0) }, [d!(?), d!(0)];
    /// `xⁿ` by `x`; not `n·y/x`, which is NaN at 0. For negative `n`, `x¹⁻ⁿ` would overflow before the result
    /// underflows, and cost a rounding. Up to the tenth power, where that of each multiplication would add up to more than
    /// 4 ulp, what `x²` and `x⁴` have lost is added (Dekker's product).
    POWI_D = "powi_d", |x0, x1 as i32| {
            match x1 {
                0 => 0.0,
                -10..=-5 | 7..=10 => {
                    let m = if x1 > 0 { x1 - 1 } else { -x1 };
                    let c = if T::EPSILON < 1.0e-10 { 134_217_729.0 } else { 4097.0 };
                    let p = x0 * x0;
                    let k = c * x0;
                    let a = k - (k - x0);
                    let b = x0 - a;
                    let e = ((a * a - p) + 2.0 * a * b) + b * b;
                    let s = p * p;
                    let k = c * p;
                    let a = k - (k - p);
                    let b = p - a;
                    let f = ((a * a - s) + 2.0 * a * b) + (b * b + 2.0 * (e * p));
                    let (y, r) = match m / 2 {
                        2 => (s, f),
                        3 => (s * p, s * e + f * p),
                        4 => (s * s, 2.0 * (s * f)),
                        _ => (s * s * p, s * s * e + 2.0 * (s * f) * p),
                    };
                    let y = if y < T::MAX { y + r } else { y };
                    let y = if m % 2 == 0 { y } else { y * x0 };
                    if x1 > 0 { x1 as T * y } else { x1 as T / x0 / y }
                }
                1.. => x1 as T * x0.powi(x1 - 1),
                _ => x1 as T / x0 / x0.powi(i32::saturating_neg(x1)),
            }
        },
        [d!(|g, x, d| g * x[0].apply(&POWI_D00, &[x[1], d])), d!(0)];
    /// `xⁿ` by `x` twice; from the first derivative, where that is better than a power.
    POWI_D00 = "powi_d00", |x0, x1 as i32, x2| {
            let c = x1 as T * (x1 as T - 1.0);
            let q = x2 / x0;
            match x1 {
                -10..=-5 | 7..=10 if q.is_normal() && x2.is_normal() => (x1 as T - 1.0) * q,
                0 | 1 => 0.0,
                2.. => {
                    let p = x0.powi(x1 - 2);
                    if x1 == 2 || p.is_normal() { c * p } else { c * x0 * x0.powi(x1 - 3) }
                }
                _ => c / x0 / x0 / x0.powi(i32::saturating_neg(x1)),
            }
        },
        [d!(?), d!(0), d!(0)];
    /// `xⁿ` by `x`, from `y = xⁿ`; 0 for `n = 0`, at `x = 0` too. `n·y/x` is more accurate than `n·xⁿ⁻¹`, but NaN at 0,
    /// and it loses what a subnormal `y` has lost.
    POWF_D0 = "powf_d0", |x0, x1, x2| {
            let q = x2 / x0;
            if x1 == 0.0 {
                0.0
            } else if !x2.is_normal() {
                x1 * x0.powf(x1 - 1.0)
            } else if q.is_normal() {
                x1 * q
            } else {
                x1 * x2 / x0
            }
        },
        [
            d!(|g, x, d| g * x[0].apply(&POWF_D00, &[x[1], d])),
            d!(|g, x, _| g * x[0].apply(&POWF_D01, &[x[1], x[2]])),
            d!(0),
        ];
    /// `xⁿ` by `n`, from `y = xⁿ`; at `x = 0` it is 0 for `n ≥ 0`.
    POWF_D1 = "powf_d1", |x0, x1, x2| if x0 == 0.0 && x1 >= 0.0 { 0.0 } else { x2 * x0.ln() },
        [
            d!(|g, x, _| g * x[0].apply(&POWF_D01, &[x[1], x[2]])),
            d!(|g, x, d| g * x[0].apply(&POWF_D11, &[x[1], d])),
            d!(0),
        ];
    /// `xⁿ` by `x` twice, from the first derivative and as that from `y`
    POWF_D00 = "powf_d00", |x0, x1, x2| {
            let q = x2 / x0;
            let c = x1 * (x1 - 1.0);
            if c == 0.0 {
                0.0
            } else if !x2.is_normal() {
                c * x0.powf(x1 - 2.0)
            } else if q.is_normal() {
                (x1 - 1.0) * q
            } else {
                (x1 - 1.0) * x2 / x0
            }
        },
        [d!(?), d!(?), d!(0)];
    /// `xⁿ` by `x` and `n`, from `y = xⁿ`; at `x = 0` it is 0 for `n > 1`.
    POWF_D01 = "powf_d01", |x0, x1, x2| {
            let q = x2 / x0;
            if x0 == 0.0 && x1 > 1.0 {
                0.0
            } else if x2.is_normal() && q.is_normal() {
                q * (1.0 + x1 * x0.ln())
            } else {
                x0.powf(x1 - 1.0) * (1.0 + x1 * x0.ln())
            }
        },
        [d!(?), d!(?), d!(0)];
    /// `xⁿ` by `n` twice, from the first derivative
    POWF_D11 = "powf_d11", |x0, x1, x2| if x0 == 0.0 && x1 >= 0.0 { 0.0 } else { x2 * x0.ln() },
        [d!(?), d!(?), d!(0)];
    /// `√(x² + z²)` by `x`, from `y = √(x² + z²)`. Where `y` overflows or is subnormal, the operands are scaled by a
    /// power of two.
    HYPOT_D = "hypot_d", |x0, x1, x2| {
            if x2.is_normal() {
                x0 / x2
            } else if x2 == 0.0 {
                0.0
            } else {
                let s = if x2 < 1.0 { 1.0 / T::EPSILON } else { 0.25 };
                s * x0 / (s * x0).hypot(s * x1)
            }
        },
        [
            d!(|g, x, _| {
                let (c, e) = (x[1].apply(&HYPOT_D, &[x[0], x[2]]), norm_e(&x[..2], x[2]));
                g * (refined(c, e) * (c / x[2]))
            }),
            d!(|g, x, d| {
                let (c, e) = (x[1].apply(&HYPOT_D, &[x[0], x[2]]), norm_e(&x[..2], x[2]));
                -(g * (refined(d, e) * (c / x[2])))
            }),
            d!(0),
        ];

    /// `√(x² + z²)` by `x`, of the squares' own sum, which overflows and underflows long before the root
    NORM2_D = "norm2_d", |x0, x1, x2| {
            let q = x2 * x2;
            if q > T::MIN_POSITIVE / T::EPSILON && q < T::MAX {
                x0 / x2
            } else if x0 == 0.0 && !x1.is_nan() {
                0.0
            } else {
                let s = if q < 1.0 { 1.0 / T::EPSILON } else { 0.25 };
                s * x0 / (s * x0).hypot(s * x1)
            }
        },
        [
            d!(|g, x, _| g * norm2_d00(x)),
            d!(|g, x, _| -(g * norm2_d01(x))),
            d!(0),
        ];
    /// `g` times that, with `r = g/y` for all components of one norm
    NORM2_G = "norm2_g", |x0, x1, x2, x3, x4| {
            let q = x2 * x2;
            if q > T::MIN_POSITIVE / T::EPSILON && q < T::MAX {
                x0 * x3
            } else if x0 == 0.0 && !x1.is_nan() {
                0.0
            } else {
                let s = if q < 1.0 { 1.0 / T::EPSILON } else { 0.25 };
                x4 * (s * x0 / (s * x0).hypot(s * x1))
            }
        },
        [
            d!(|g, x, _| g * x[4] * norm2_d00(x)),
            d!(|g, x, _| -(g * x[4] * norm2_d01(x))),
            d!(0),
            d!(0),
            d!(|g, x, _| g * x[0].apply(&NORM2_D, &[x[1], x[2]])),
        ];
    /// `√(x² + z² + w²)` by `x`, of the squares' own sum
    NORM3_D = "norm3_d", |x0, x1, x2, x3| {
            let q = x3 * x3;
            if q > T::MIN_POSITIVE / T::EPSILON && q < T::MAX {
                x0 / x3
            } else if x0 == 0.0 && !(x1 + x2).is_nan() {
                0.0
            } else {
                let s = if q < 1.0 { 1.0 / T::EPSILON } else { 0.25 };
                s * x0 / (s * x0).hypot(s * x1).hypot(s * x2)
            }
        },
        [
            d!(|g, x, _| g * norm3_d00(x)),
            d!(|g, x, _| -(g * norm3_d01(x[0], x[1], x[2], x[3]))),
            d!(|g, x, _| -(g * norm3_d01(x[2], x[0], x[1], x[3]))),
            d!(0),
        ];
    /// `g` times that, with `r = g/y` for all components of one norm
    NORM3_G = "norm3_g", |x0, x1, x2, x3, x4, x5| {
            let q = x3 * x3;
            if q > T::MIN_POSITIVE / T::EPSILON && q < T::MAX {
                x0 * x4
            } else if x0 == 0.0 && !(x1 + x2).is_nan() {
                0.0
            } else {
                let s = if q < 1.0 { 1.0 / T::EPSILON } else { 0.25 };
                x5 * (s * x0 / (s * x0).hypot(s * x1).hypot(s * x2))
            }
        },
        [
            d!(|g, x, _| g * x[5] * norm3_d00(x)),
            d!(|g, x, _| -(g * x[5] * norm3_d01(x[0], x[1], x[2], x[3]))),
            d!(|g, x, _| -(g * x[5] * norm3_d01(x[2], x[0], x[1], x[3]))),
            d!(0),
            d!(0),
            d!(|g, x, _| g * x[0].apply(&NORM3_D, &[x[1], x[2], x[3]])),
        ];
    /// A norm of two for second derivatives: what was computed, unless a square or their sum was out of range.
    NORM2_H = "norm2_h", |x0, x1, x2| {
            let q = x2 * x2;
            if q > T::MIN_POSITIVE / T::EPSILON && q < T::MAX { x2 } else { x0.hypot(x1) }
        },
        [
            d!(|g, x, _| g * x[0].apply(&NORM2_D, &[x[1], x[2]])),
            d!(|g, x, _| g * x[1].apply(&NORM2_D, &[x[0], x[2]])),
            d!(0),
        ];
    /// The same of three
    NORM3_H = "norm3_h", |x0, x1, x2, x3| {
            let q = x3 * x3;
            if q > T::MIN_POSITIVE / T::EPSILON && q < T::MAX {
                x3
            } else {
                let s = if q < 1.0 { 1.0 / T::EPSILON } else { 0.25 };
                (s * x0).hypot(s * x1).hypot(s * x2) / s
            }
        },
        [
            d!(|g, x, _| g * x[0].apply(&NORM3_D, &[x[1], x[2], x[3]])),
            d!(|g, x, _| g * x[1].apply(&NORM3_D, &[x[2], x[0], x[3]])),
            d!(|g, x, _| g * x[2].apply(&NORM3_D, &[x[0], x[1], x[3]])),
            d!(0),
        ];
    /// What the cube of a norm loses by rounding `h`, as a part of it and with the sign of a quotient by it: second derivatives
    /// divide by `h` three times. Squares and sums are exact (Dekker's product, Knuth's sum), and scaled where a square is out of range.
    /// Of real numbers, it is zero.
    NORM_E = "norm_e", |x0, x1, x2, x3| {
            let q = x3 * x3;
            let l = T::MIN_POSITIVE;
            let s = l.sqrt() * T::EPSILON;
            let s = if q > T::MIN_POSITIVE / T::EPSILON && q < T::MAX { 1.0 } else if q > 1.0 { s } else { 1.0 / s };
            let c = if T::EPSILON < 1.0e-10 { 134_217_729.0 } else { 4097.0 };
            let (mut n, mut r) = (0.0, 0.0);
            for x in [s * x0, s * x1, s * x2] {
                let p = x * x;
                let k = c * x;
                let a = k - (k - x);
                let b = x - a;
                let m = n + p;
                let d = m - n;
                r = r + ((((a * a - p) + 2.0 * a * b) + b * b) + ((n - (m - d)) + (p - d)));
                n = m;
            }
            let h = s * x3;
            let k = c * h;
            let a = k - (k - h);
            let b = h - a;
            let r = ((((n - a * a) - 2.0 * a * b) - b * b) + r) / n;
            if r.abs() < 0.5 { -1.5 * r } else { 0.0 }
        },
        [d!(0), d!(0), d!(0), d!(0)];
    /// The same of `h = √(x² + c)`
    ROOT_E = "root_e", |x0, x1, x2| {
            let q = x2 * x2;
            let l = T::MIN_POSITIVE;
            let s = l.sqrt() * T::EPSILON;
            let s = if q > T::MIN_POSITIVE / T::EPSILON && q < T::MAX { 1.0 } else if q > 1.0 { s } else { 1.0 / s };
            let c = if T::EPSILON < 1.0e-10 { 134_217_729.0 } else { 4097.0 };
            let (x, y, h) = (s * x0, x1 * s * s, s * x2);
            let p = x * x;
            let k = c * x;
            let a = k - (k - x);
            let b = x - a;
            let n = p + y;
            let d = n - p;
            let r = (((a * a - p) + 2.0 * a * b) + b * b) + ((p - (n - d)) + (y - d));
            let k = c * h;
            let a = k - (k - h);
            let b = h - a;
            let r = ((((n - a * a) - 2.0 * a * b) - b * b) + r) / n;
            if r.abs() < 0.5 { -1.5 * r } else { 0.0 }
        },
        [d!(0), d!(0), d!(0)];
    /// `√(x² + c)` by `x`, from `y = √(x² + c)`; at `x = c = 0` it is 0.
    ROOT_D = "root_d", |x0, x1, x2| {
            let q = x2 * x2;
            if q > T::MIN_POSITIVE / T::EPSILON && q < T::MAX || x1 < 0.0 {
                x0 / x2
            } else if x0 == 0.0 {
                0.0
            } else {
                x0 / x0.hypot(x1.sqrt())
            }
        },
        [
            d!(|g, x, _| {
                let h = x[0].apply(&ROOT_H, &[x[1], x[2]]);
                g * (refined(x[1], x[0].apply(&ROOT_E, &[x[1], h])) / h / h / h)
            }),
            d!(|g, x, d| {
                let h = x[0].apply(&ROOT_H, &[x[1], x[2]]);
                -0.5 * g * (refined(d, x[0].apply(&ROOT_E, &[x[1], h])) / h / h)
            }),
            d!(0),
        ];
    /// The same of `√(x² + c)`
    ROOT_H = "root_h", |x0, x1, x2| {
            let q = x2 * x2;
            if q > T::MIN_POSITIVE / T::EPSILON && q < T::MAX || x1 < 0.0 { x2 } else { x0.hypot(x1.sqrt()) }
        },
        [
            d!(|g, x, _| g * x[0].apply(&ROOT_D, &[x[1], x[2]])),
            d!(|g, _, h| 0.5 * g / h),
            d!(0),
        ];

    /// The logistic function of `u`, from `eᵘ`, which may overflow
    LOGISTIC = "logistic", |x0, x1| if x1.is_infinite() { 1.0 } else { x1 / (1.0 + x1) },
        [d!(|g, x, _| g * x[0].apply(&LOGISTIC_D, &[x[1]])), d!(0)];
    /// What it lacks of 1
    LOGISTIC_REST = "logistic_rest", |x0, x1| if x1.is_infinite() { (-x0).exp() } else { 1.0 / (1.0 + x1) },
        [d!(|g, x, _| -(g * x[0].apply(&LOGISTIC_D, &[x[1]]))), d!(0)];
    /// Its derivative
    LOGISTIC_D = "logistic_d", |x0, x1| {
            if x1 <= 1.0 {
                x1 / (1.0 + x1 * (2.0 + x1))
            } else if x1.is_infinite() {
                (-x0).exp()
            } else {
                1.0 / (x1 + (2.0 + 1.0 / x1))
            }
        },
        [d!(|g, x, d| -(g * (d * (0.5 * x[0]).apply(&TANH, &[])))), d!(0)];
    /// The logistic function from `e^-|x|`
    SIGMOID_OF_DECAY = "sigmoid_of_decay", |x0, x1| if x0 >= 0.0 { 1.0 / (1.0 + x1) } else { x1 / (1.0 + x1) },
        [d!(|g, x, _| g * x[0].apply(&SIGMOID_D, &[])), d!(0)];
    /// Its derivative
    SIGMOID_D = "sigmoid_d", |x0| {
            let e = (-x0.abs()).exp();
            e / (1.0 + e * (2.0 + e))
        },
        [d!(|g, x, d| -(g * (d * (0.5 * x[0]).apply(&TANH, &[]))))];
    /// The logistic function of `a - b`. What the difference has lost by rounding, which is a sum of differences that are
    /// exact (Knuth's), counts as much as the difference is great.
    SIGMOID_OF_DIFFERENCE = "sigmoid_of_difference", |x0, x1| {
            let d = x0 - x1;
            let e = (-d.abs()).exp();
            let (s, rest) = if d >= 0.0 { (1.0 / (1.0 + e), e / (1.0 + e)) } else { (e / (1.0 + e), 1.0 / (1.0 + e)) };
            if e > 0.0 {
                let b = d - x0;
                s + s * (rest * ((x0 - (d - b)) - (x1 + b)))
            } else {
                s
            }
        },
        [
            d!(|g, x, _| g * x[0].apply(&SIGMOID_OF_DIFFERENCE_D, &[x[1]])),
            d!(|g, x, _| -(g * x[0].apply(&SIGMOID_OF_DIFFERENCE_D, &[x[1]]))),
        ];
    /// What it lacks of 1, from the same exponential
    SIGMOID_OF_DIFFERENCE_REST = "sigmoid_of_difference_rest", |x0, x1| {
            let d = x0 - x1;
            let e = (-d.abs()).exp();
            let (s, rest) = if d >= 0.0 { (1.0 / (1.0 + e), e / (1.0 + e)) } else { (e / (1.0 + e), 1.0 / (1.0 + e)) };
            if e > 0.0 {
                let b = d - x0;
                rest - rest * (s * ((x0 - (d - b)) - (x1 + b)))
            } else {
                rest
            }
        },
        [
            d!(|g, x, _| -(g * x[0].apply(&SIGMOID_OF_DIFFERENCE_D, &[x[1]]))),
            d!(|g, x, _| g * x[0].apply(&SIGMOID_OF_DIFFERENCE_D, &[x[1]])),
        ];
    /// Its derivative by `a`
    SIGMOID_OF_DIFFERENCE_D = "sigmoid_of_difference_d", |x0, x1| {
            let d = x0 - x1;
            let e = (-d.abs()).exp();
            let s = e / (1.0 + e * (2.0 + e));
            if e > 0.0 {
                let b = d - x0;
                s - s * ((0.5 * d).tanh() * ((x0 - (d - b)) - (x1 + b)))
            } else {
                s
            }
        },
        [
            d!(|g, x, d| -(g * (d * (0.5 * (x[0] - x[1])).apply(&TANH, &[])))),
            d!(|g, x, d| g * (d * (0.5 * (x[0] - x[1])).apply(&TANH, &[]))),
        ];
    /// What is in proportion to `exp(d)`, for the rounded `d = u - m`, in proportion to `exp(u - m)`. What the difference has
    /// lost is the sum of differences above. Its derivative is that of what it is for.
    UNROUNDED = "unrounded", |x0, x1, x2, x3| {
            let b = x3 - x1;
            let r = (x1 - (x3 - b)) - (x2 + b);
            let c = x0 * r;
            if c.abs() < x0.abs() { x0 + c } else { x0 }
        },
        [d!(|g, _, _| g), d!(0), d!(0), d!(0)];
    /// What a term is of a sum that it is all of where it overflows
    SHARE = "share", |x0, x1| if x0.is_infinite() { 1.0 } else { x0 / x1 },
        [d!(|g, x, _| g / x[1]), d!(|g, x, q| -(g * q / x[1]))];
    /// `exp(c·x²)` from `y`, its rounded value, for a power of two `c`: the rounding of the square is put right where it
    /// counts. The square is split by Dekker's product.
    GAUSS_EXACT = "gauss_exact", |x0, x1, x2| {
            let p = x0 * x0;
            if (x1 * p).abs() < 2.0 {
                x2
            } else if (x1 * p).abs() < 1000.0 {
                let k = if T::EPSILON < 1.0e-10 { 134_217_729.0 * x0 } else { 4097.0 * x0 };
                let a = k - (k - x0);
                let b = x0 - a;
                let e = ((a * a - p) + 2.0 * a * b) + b * b;
                (x1 * p).exp() * (1.0 + x1 * e)
            } else {
                x2
            }
        },
        [d!(|g, x, d| 2.0 * g * (x[1] * x[0] * d)), d!(0), d!(0)];

    /// `ln x + 1` from `ln x`. Near `1/e` it is the logarithm of `e·x`, with what a float lacks of `e`.
    LN_PLUS_1 = "ln_plus_1", |x0, x1| if (x1 + 1.0).abs() < 0.25 {
            let r = if T::EPSILON < 1.0e-10 { 1.445_646_891_729_25e-16 } else { 8.254_84e-8 };
            (x0.mul_add(2.718_281_828_459_045, -1.0) + r * x0).ln_1p()
        } else {
            x1 + 1.0
        },
        [d!(|g, x, _| g / x[0]), d!(0)];

    /// `ln x + 2` in the same way.
    LN_PLUS_2 = "ln_plus_2", |x0| {
            let l = x0.ln();
            if (l + 2.0).abs() < 0.5 {
                let r = if T::EPSILON < 1.0e-10 { -1.797_113_949_783_915e-16 } else { -1.068_188_6e-7 };
                (x0.mul_add(7.389_056_098_930_65, -1.0) + r * x0).ln_1p()
            } else {
                l + 2.0
            }
        },
        [d!(|g, x, _| g / x[0])];
    /// The logarithm of `x` to the base `b` by `b`, from its value.
    LOG_D_1 = "log_d_1", |x0, x1, x2| -x2 / x0.ln() / x0,
        [
            d!(|g, x, d| -(g * (d * (x[0].apply(&LN_PLUS_2, &[]) / x[0].apply(&LN, &[]) / x[0])))),
            d!(|g, x, _| { let l = x[0].apply(&LN, &[]); -(g / l / l / x[0] / x[1]) }),
            d!(0),
        ];

    /// `tan x` by `x`, from `y = tan x`
    TAN_D = "tan_d", |x0, x1| 1.0 + x1 * x1, [d!(|g, x, d| 2.0 * g * x[1] * d), d!(0)];
    /// `arcsin x` by `x`; not from `1 - x²`, which cancels near ±1.
    ASIN_D = "asin_d", |x0| 1.0 / ((1.0 - x0) * (1.0 + x0)).sqrt(),
        [d!(|g, x, _| { let q = x[0].apply(&REST_OF_SQUARE, &[]); g * (x[0] / q / q.apply(&SQRT, &[])) })];
    /// `1 - x²` for second derivatives, with one rounding that counts
    REST_OF_SQUARE = "rest_of_square", |x0| {
            if x0.abs() < 0.5 {
                1.0 - x0 * x0
            } else {
                let m = 1.0 - x0.abs();
                2.0 * m - m * m
            }
        },
        [d!(|g, x, _| -2.0 * g * x[0])];
    /// `arctan x` by `x`
    ATAN_D = "atan_d", |x0| 1.0 / (1.0 + x0 * x0), [d!(|g, x, d| -2.0 * g * (x[0] * d * d))];
    /// `x/(x² + z²)`; by `√(x² + z²)`, which costs more, only where the sum of the squares would overflow or lose digits.
    /// The real part of an analytic function, so its own partials are products of it and its mirror image.
    ATAN2_D = "atan2_d", |x0, x1| {
            let q = x0 * x0 + x1 * x1;
            if q > T::MIN_POSITIVE / T::EPSILON && q < T::MAX {
                x0 / q
            } else {
                let h = x0.hypot(x1);
                x0 / h / h
            }
        },
        [
            d!(|g, x, _| {
                let (a, b) = (0.5 * x[0], 0.5 * x[1]);
                let difference = refined(b - a, squares_e(x));
                4.0 * g * (difference.apply(&BY_SQUARES, &[x[0], x[1]]) * (b + a).apply(&BY_SQUARES, &[x[0], x[1]]))
            }),
            d!(|g, x, d| {
                let r = refined(x[1], squares_e(x)).apply(&BY_SQUARES, &[x[0], x[1]]);
                -2.0 * g * (d * r)
            }),
        ];
    /// What the square of a sum of two squares loses by rounding, as a part of it and with the sign of a quotient by it.
    SQUARES_E = "squares_e", |x0, x1| {
            let c = if T::EPSILON < 1.0e-10 { 134_217_729.0 } else { 4097.0 };
            let p = x0 * x0;
            let k = c * x0;
            let a = k - (k - x0);
            let b = x0 - a;
            let e = ((a * a - p) + 2.0 * a * b) + b * b;
            let q = x1 * x1;
            let k = c * x1;
            let a = k - (k - x1);
            let b = x1 - a;
            let f = ((a * a - q) + 2.0 * a * b) + b * b;
            let n = p + q;
            let d = n - p;
            if n > T::MIN_POSITIVE / T::EPSILON && n < T::MAX {
                -2.0 * ((e + f + ((p - (n - d)) + (q - d))) / n)
            } else {
                0.0
            }
        },
        [d!(0), d!(0)];
    /// `a/(x² + y²)`, in the same way. Of `(x + y)(x - y)`, both factors are exact enough where `x²` and `y²` cancel.
    BY_SQUARES = "by_squares", |x0, x1, x2| {
            let q = x1 * x1 + x2 * x2;
            if q > T::MIN_POSITIVE / T::EPSILON && q < T::MAX {
                x0 / q
            } else {
                let h = x1.hypot(x2);
                x0 / h / h
            }
        },
        [
            d!(|g, x, _| g.apply(&BY_SQUARES, &[x[1], x[2]])),
            d!(|g, x, d| -2.0 * g * (d * x[1].apply(&ATAN2_D, &[x[2]]))),
            d!(|g, x, d| -2.0 * g * (d * x[2].apply(&ATAN2_D, &[x[1]]))),
        ];
    /// `eˣ` from `eˣ - 1`, which says it all but where it is near -1.
    EXP_M1_D = "exp_m1_d", |x0, x1| if x1 > -0.5 { x1 + 1.0 } else { x0.exp() }, [d!(|g, _, d| g * d), d!(0)];

    /// `tanh x` by `x`, from `y = tanh x`. `1 - y²` cancels where `y` is near ±1. Of `(1 + e)²` as `1 + e·(2 + e)`, fewer
    /// roundings count.
    TANH_D = "tanh_d", |x0, x1| {
            if x1.abs() < 0.65 {
                1.0 - x1 * x1
            } else {
                let e = (-2.0 * x0.abs()).exp();
                4.0 * e / (1.0 + e * (2.0 + e))
            }
        },
        [d!(|g, x, d| -2.0 * g * x[1] * d), d!(0)];
    /// `arsinh x` by `x`; `x²` would overflow.
    ASINH_D = "asinh_d", |x0| 1.0 / x0.hypot(1.0),
        [d!(|g, x, _| {
            let h = x[0].apply(&HYPOT, &[x[0].constant(1.0)]);
            -(g * (x[0] / h / (1.0 + x[0] * x[0])))
        })];
    /// `arcosh x` by `x`; one root of the product would overflow.
    ACOSH_D = "acosh_d", |x0| 1.0 / ((x0 - 1.0).sqrt() * (x0 + 1.0).sqrt()),
        [d!(|g, x, _| -(g * x[0].apply(&ACOSH_D0, &[])))];
    /// `arcosh x` by `x` twice, but for the sign; below 2, `x + 1` would be rounded.
    ACOSH_D0 = "acosh_d0", |x0| {
            let m = x0 - 1.0;
            let q = if x0 < 2.0 { m * m + 2.0 * m } else { m * (x0 + 1.0) };
            x0 / q / q.sqrt()
        },
        [d!(?)];
    /// `artanh x` by `x`; not from `1 - x²`, which cancels near ±1.
    ATANH_D = "atanh_d", |x0| 1.0 / ((1.0 - x0) * (1.0 + x0)),
        [d!(|g, x, _| { let q = x[0].apply(&REST_OF_SQUARE, &[]); 2.0 * g * (x[0] / q / q) })];

    /// `|x|` by `x`
    ABS_D = "abs_d", |x0| if x0 == 0.0 { 0.0 } else { x0.signum() }, [d!(0)];
    /// `g` times the sign that `copysign` changes by
    COPYSIGN_D = "copysign_d", |x0, x1, x2| if x0.is_sign_negative() == x1.is_sign_negative() { x2 } else { -x2 },
        [d!(0), d!(0), d!(|g, x, _| x[0].apply(&COPYSIGN_D, &[x[1], g]))];
    /// `g` where `max` is its first operand
    MAX_D0 = "max_d0", |x0, x1, x2| if x0 > x1 || x1.is_nan() { x2 } else { 0.0 },
        [d!(0), d!(0), d!(|g, x, _| x[0].apply(&MAX_D0, &[x[1], g]))];
    /// `g` where `max` is its second operand
    MAX_D1 = "max_d1", |x0, x1, x2| if x0 > x1 || x1.is_nan() { 0.0 } else { x2 },
        [d!(0), d!(0), d!(|g, x, _| x[0].apply(&MAX_D1, &[x[1], g]))];
    /// `g` where `min` is its first operand
    MIN_D0 = "min_d0", |x0, x1, x2| if x0 < x1 || x1.is_nan() { x2 } else { 0.0 },
        [d!(0), d!(0), d!(|g, x, _| x[0].apply(&MIN_D0, &[x[1], g]))];
    /// `g` where `min` is its second operand
    MIN_D1 = "min_d1", |x0, x1, x2| if x0 < x1 || x1.is_nan() { 0.0 } else { x2 },
        [d!(0), d!(0), d!(|g, x, _| x[0].apply(&MIN_D1, &[x[1], g]))];
    /// `g` where `clamp` leaves `x` alone, at a bound too
    CLAMP_D0 = "clamp_d0", |x0, x1, x2, x3| if x0 < x1 || x0 > x2 { 0.0 } else { x3 },
        [d!(0), d!(0), d!(0), d!(|g, x, _| x[0].apply(&CLAMP_D0, &[x[1], x[2], g]))];
    /// `g` where `clamp` is its lower bound
    CLAMP_D1 = "clamp_d1", |x0, x1, x2| if x0 < x1 { x2 } else { 0.0 },
        [d!(0), d!(0), d!(|g, x, _| x[0].apply(&CLAMP_D1, &[x[1], g]))];
    /// `g` where `clamp` is its upper bound
    CLAMP_D2 = "clamp_d2", |x0, x1, x2| if x0 > x1 { x2 } else { 0.0 },
        [d!(0), d!(0), d!(|g, x, _| x[0].apply(&CLAMP_D2, &[x[1], g]))];
    /// `g` where `x - y` is positive, or NaN
    ABS_SUB_D = "abs_sub_d", |x0, x1, x2| if x0 <= x1 { 0.0 } else { x2 },
        [d!(0), d!(0), d!(|g, x, _| x[0].apply(&ABS_SUB_D, &[x[1], g]))];

    /// `exp(-x²)`. The rounding error of `x²` is `l`, and `exp` would magnify it by `x²`. An `x²` that overflows has no
    /// error to speak of.
    GAUSS = "gauss", |x0| {
            let h = x0 * x0;
            let e = (-h).exp();
            if e == 0.0 { 0.0 } else { e * (1.0 - x0.mul_add(x0, -h)) }
        },
        [d!(|g, x, d| -2.0 * g * x[0] * d)];
}
}

/// A number that a small part of itself is added to.
fn refined<'h>(t: Term<'h>, part: Term<'h>) -> Term<'h> {
    t + t * part
}

/// In an order of their own, so that what is made of them is one operation in whatever order they come.
fn in_order<'h>(numbers: &[Term<'h>]) -> Vec<Term<'h>> {
    let mut x = numbers.to_vec();
    x.sort_by_key(|x| x.node);
    x
}

/// [`SQUARES_E`]
fn squares_e<'h>(numbers: &[Term<'h>]) -> Term<'h> {
    let x = in_order(&numbers[..2]);
    x[0].apply(&SQUARES_E, &[x[1]])
}

/// [`NORM_E`] of two or three numbers.
fn norm_e<'h>(numbers: &[Term<'h>], h: Term<'h>) -> Term<'h> {
    let mut x = in_order(numbers);
    x.resize(3, h.constant(0.0));
    x[0].apply(&NORM_E, &[x[1], x[2], h])
}

/// [`NORM2_H`] or [`NORM3_H`] of two or three numbers with its [`NORM_E`]
fn norm_h<'h>(numbers: &[Term<'h>], y: Term<'h>) -> (Term<'h>, Term<'h>) {
    let x = in_order(numbers);
    let h = match x[..] {
        [a, b] => a.apply(&NORM2_H, &[b, y]),
        _ => x[0].apply(&NORM3_H, &[x[1], x[2], y]),
    };
    (h, norm_e(numbers, h))
}

/// `√(x² + z²)` by `x` twice; operands: `x`, `z`, the root.
fn norm2_d00<'h>(x: &[Term<'h>]) -> Term<'h> {
    let (c, (h, e)) = (x[1].apply(&NORM2_D, &[x[0], x[2]]), norm_h(&x[..2], x[2]));
    refined(c, e) * (c / h)
}

/// `√(x² + z²)` by `x` and `z`, but for the sign.
fn norm2_d01<'h>(x: &[Term<'h>]) -> Term<'h> {
    let (d, c) = (x[0].apply(&NORM2_D, &[x[1], x[2]]), x[1].apply(&NORM2_D, &[x[0], x[2]]));
    let (h, e) = norm_h(&x[..2], x[2]);
    refined(d, e) * (c / h)
}

/// `√(x² + z² + w²)` by `x` twice; operands: `x`, `z`, `w`, the root.
fn norm3_d00<'h>(x: &[Term<'h>]) -> Term<'h> {
    let (a, b) = (x[1].apply(&NORM3_D, &[x[2], x[0], x[3]]), x[2].apply(&NORM3_D, &[x[0], x[1], x[3]]));
    let (h, e) = norm_h(&x[..3], x[3]);
    refined(a, e) * (a / h) + refined(b, e) * (b / h)
}

/// `√(x² + z² + w²)` by `x` and `z`, but for the sign.
fn norm3_d01<'h>(x: Term<'h>, z: Term<'h>, w: Term<'h>, y: Term<'h>) -> Term<'h> {
    let (d, a) = (x.apply(&NORM3_D, &[z, w, y]), z.apply(&NORM3_D, &[w, x, y]));
    let (h, e) = norm_h(&[x, z, w], y);
    refined(d, e) * (a / h)
}

/// An integer power whose exponent comes as a float.
#[allow(clippy::cast_possible_truncation, reason = "the exponent is an `i32` in the program")]
fn powi(x: f64, n: f64) -> f64 {
    x.powi(n as i32)
}

/// The primitive that the float method `name` is. Its arity counts the receiver.
#[must_use]
pub fn method(name: &str) -> Option<Prim> {
    TABLE.iter().copied().find(|p| p.form == Form::Method(p.name) && p.name == name)
}

/// Methods of `f32` and `f64` that a type parameter does not have, `num_traits::Float` having none of that name and
/// signature.
pub static INHERENT_METHODS: &[&str] = &["div_euclid", "midpoint", "rem_euclid", "round_ties_even"];

/// The float methods whose results carry no derivative: predicates and comparisons.
pub static INACTIVE_METHODS: &[&str] = &[
    "classify",
    "eq",
    "ge",
    "gt",
    "is_finite",
    "is_infinite",
    "is_nan",
    "is_normal",
    "is_sign_negative",
    "is_sign_positive",
    "is_subnormal",
    "le",
    "lt",
    "ne",
    "partial_cmp",
    "total_cmp",
];

/// The float methods that must not be called on an active value, each with the reason.
pub static REJECTED_METHODS: &[(&str, &str)] = &[
    ("next_down", "it steps from one float to the next, which is no function of real numbers"),
    ("next_up", "it steps from one float to the next, which is no function of real numbers"),
    ("to_be_bytes", "a derivative does not flow through the bytes of a float"),
    ("to_bits", "a derivative does not flow through the bits of a float"),
    ("to_f32", "it leaves the float type of the function"),
    ("to_f64", "it leaves the float type of the function"),
    ("to_i32", "a derivative does not flow through an integer"),
    ("to_i64", "a derivative does not flow through an integer"),
    ("to_int_unchecked", "a derivative does not flow through an integer"),
    ("to_le_bytes", "a derivative does not flow through the bytes of a float"),
    ("to_ne_bytes", "a derivative does not flow through the bytes of a float"),
    ("to_u32", "a derivative does not flow through an integer"),
    ("to_u64", "a derivative does not flow through an integer"),
    ("to_usize", "a derivative does not flow through an integer"),
];

#[cfg(test)]
mod tests {
    use super::super::{Host, Node, times_partial};
    use super::*;

    /// Evaluates in `f32`: the code of derived primitives as it is compiled there, and the functions of `std` as if
    /// they were correctly rounded.
    struct F32(Vec<f32>);

    /// Evaluates in `f64`.
    struct F64(Vec<f64>);

    macro_rules! host {
        ($host:ident, $float:ident, $eval:expr) => {
            impl $host {
                fn push(&mut self, value: $float) -> Node {
                    self.0.push(value);
                    Node::Built(u32::try_from(self.0.len() - 1).expect("a small tape"))
                }

                fn value(&self, node: Node) -> $float {
                    let (Node::Primal(n) | Node::Built(n)) = node;
                    self.0[n as usize]
                }

                /// `∂y/∂xₖ`
                fn partial(prim: Prim, x: &[f64], k: usize) -> Option<$float> {
                    let mut host = Self(Vec::new());
                    let x: Vec<Node> = x.iter().map(|&v| host.constant(v)).collect();
                    let y = host.apply(prim, &x);
                    let g = host.constant(1.0);
                    times_partial(&mut host, prim, k, g, &x, y).map(|d| host.value(d))
                }
            }

            impl Host for $host {
                fn apply(&mut self, prim: Prim, args: &[Node]) -> Node {
                    let x: Vec<$float> = args.iter().map(|&a| self.value(a)).collect();
                    let eval: fn(Prim, &[$float]) -> $float = $eval;
                    self.push(eval(prim, &x))
                }

                #[allow(clippy::cast_possible_truncation, reason = "rounding is meant")]
                fn constant(&mut self, value: f64) -> Node {
                    self.push(value as $float)
                }
            }
        };
    }

    host!(F64, f64, |prim, x| (prim.eval)(x));
    host!(F32, f32, |prim, x| match IN_F32.iter().find(|(p, _)| *p == prim) {
        Some((_, eval)) => eval(x),
        None => round((prim.eval)(&x.iter().map(|&v| v.into()).collect::<Vec<f64>>())),
    });

    #[allow(clippy::cast_possible_truncation, reason = "rounding is meant")]
    fn round(x: f64) -> f32 {
        x as f32
    }

    /// Every choice of `arity` operands from a grid over the range of `f32`; the exponents of `powi` are integers, and
    /// small because each multiplication loses half an ulp.
    fn operands(prim: Prim) -> Vec<Vec<f64>> {
        let grid = [1e-40, 1e-30, 1e-6, 0.1, 0.3, 0.5, 0.9, 0.9999, 1.0, 1.0001, 1.5, 2.0, 7.3, 20.0, 1e4, 1e15, 3e38];
        let floats: Vec<f64> = grid.iter().flat_map(|x| [*x, -x]).map(|x| round(x).into()).collect();
        let integers: Vec<f64> = (-7..=7).map(f64::from).collect();
        let mut all = vec![vec![]];
        for k in 0..prim.arity {
            let choices = if *prim == POWI && k == 1 { &integers } else { &floats };
            all = all.iter().flat_map(|x| choices.iter().map(move |&v| [&x[..], &[v]].concat())).collect();
        }
        // `clamp` panics where its bounds are not in order.
        all.retain(|x| *prim != CLAMP || x[1] <= x[2]);
        all
    }

    /// The gate of `tests/rules.rs`, in `f32` against `f64`.
    #[test]
    fn derivatives_in_f32() {
        let mut failures = vec![];
        for prim in TABLE.iter().filter(|p| !matches!(p.form, Form::Code(_))) {
            for x in operands(prim) {
                for k in 0..prim.arity {
                    let Some(exact) = F64::partial(prim, &x, k) else { continue };
                    if (prim.eval)(&x).is_nan() {
                        continue;
                    }
                    let nearest = round(exact);
                    let value = F32::partial(prim, &x, k).expect("a partial in either type");
                    let ulp = f64::from(f32::from_bits(nearest.abs().to_bits() + 1) - nearest.abs());
                    let error = (f64::from(value) - exact).abs() / ulp;
                    if nearest.is_normal() && (error > 4.0 || !error.is_finite()) {
                        failures.push(format!("{prim:?} {x:?} by {k}: {value:e}, not {nearest:e}, {error:.1} ulp"));
                    }
                }
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}
