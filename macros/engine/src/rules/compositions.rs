//! Compositions whose derivative by the chain rule loses its digits, or is NaN, where the true one is an ordinary number:
//! `ln(1 + eˣ)` beyond 709 is `0 · ∞`. Each row says what the composition looks like, and what its derivative is as a
//! function of its own. The value is the user's: only the derivative goes another way, and only where an operation *is*
//! the composition, by its structure. [`crate::analysis::composed`] finds them.
//!
//! # How a row is read
//!
//! The operands are what the pattern captures, in order. Those that the composition is a function of have a partial
//! derivative. The others are *at hand*: values that the primal has computed on the way (`E = eˣ`), for the formulas to use.
//! As with primitives, what is at hand carries no derivative in the row of the composition; in a formula it is an operation
//! of the program as any other, and is differentiated again as such.
//!
//! # What is not here
//!
//! `ln Σ exp(xₖ)` beyond two terms, which [`crate::log_sum`] rewrites. Gaussians with other factors than -½, -1 and -2
//! before the square: the square's rounding is in the exponent. `sin(x)/x` and `(eˣ - 1)/x` near 0, where the chain rule subtracts
//! numbers that are nearly the same.

use super::conversion::{F32_TO_F64, F32_TO_PARAMETER, F64_TO_F32, PARAMETER_TO_F32, single};
use super::derivative::{
    ABS, ABS_D, ADD, COSH, DIV, EXP, GAUSS_EXACT, HYPOT, LN, LN_1P, LN_PLUS_1, LOG2, LOG10, LOGISTIC, LOGISTIC_D,
    LOGISTIC_REST, MAX, MIN, MUL, NEG, NORM2_G, NORM3_G, POWF, POWI, RECIP, ROOT_D, SHARE, SIGMOID_OF_DECAY,
    SIGMOID_OF_DIFFERENCE, SIGMOID_OF_DIFFERENCE_REST, SQRT, SUB, TANH, UNROUNDED,
};
use super::{Form, Partial, Prim, Primitive};
use std::f64::consts::{LOG2_E, LOG10_E};

/// The shape of a composition.
#[derive(Debug)]
pub enum Pattern {
    /// Anything: this operand. If it is met again, it is the same.
    Operand(usize),
    /// What has this shape, and is an operand at hand.
    AtHand(usize, &'static Pattern),
    /// A constant.
    Number(f64),
    /// An operation; the order of the operands of what commutes does not matter.
    Is(Prim, &'static [Pattern]),
    /// `x·x`, `x.powi(2)`.
    SquareOf(&'static Pattern),
    /// A number times the square of an operand, in any order of the factors.
    Quadratic(f64, usize),
    /// One of these.
    OneOf(&'static [Pattern]),
    /// What looks as if exponents were shifted by it: this operand.
    Shift(usize),
}

use Pattern::{AtHand, Is, Number, OneOf, Operand, Quadratic, Shift, SquareOf};

/// A composition and its shape.
#[derive(Debug)]
pub struct Composition {
    /// How it is differentiated.
    pub function: Primitive,
    /// How it is recognised.
    pub pattern: Pattern,
}

macro_rules! compositions {
    ($($(#[$doc:meta])* $row:ident = $name:literal / $arity:literal, $pattern:expr, $eval:expr, [$($partial:expr),* $(,)?];)*) => {
        $($(#[$doc])* static $row: Composition = Composition {
            function: Primitive {
                name: $name,
                arity: $arity,
                // Nothing writes it: the value is written as the user did.
                form: Form::Code("unreachable!()"),
                eval: $eval,
                partials: &[$($partial),*],
            },
            pattern: $pattern,
        };)*

        /// Every composition; the first that fits is taken.
        pub static COMPOSITIONS: &[&Composition] = &[$(&$row),*];
    };
}

/// Reads a formula in `g`, the operands and the result as a [`Partial`].
macro_rules! d {
    (at hand) => {
        Partial::Zero
    };
    (0) => {
        Partial::Zero
    };
    (|$g:pat_param, $x:pat_param, $y:pat_param| $e:expr) => {
        Partial::Times(|$g, $x, $y| $e)
    };
}

/// `E = eᵘ` of operand 0, at hand as operand 1.
const E: Pattern = AtHand(1, &Is(&EXP, &[Operand(0)]));
/// `1 + E`
const ONE_PLUS_E: Pattern = Is(&ADD, &[Number(1.0), E]);
/// `1 / (1 + E)`
const FALLING: Pattern = OneOf(&[
    Is(&DIV, &[Number(1.0), ONE_PLUS_E]),
    Is(&RECIP, &[ONE_PLUS_E]),
    Is(&POWI, &[ONE_PLUS_E, Number(-1.0)]),
    Is(&POWF, &[ONE_PLUS_E, Number(-1.0)]),
]);
/// `E / (1 + E)`
const RISING: Pattern = Is(&DIV, &[E, ONE_PLUS_E]);
/// `e^-|x|` of operand 0, at hand as operand 1.
const DECAY: Pattern = AtHand(1, &Is(&EXP, &[Is(&NEG, &[Is(&ABS, &[Operand(0)])])]));
/// `ln(1 + e^-|x|)`
const LN_ONE_PLUS_DECAY: Pattern = OneOf(&[Is(&LN_1P, &[DECAY]), Is(&LN, &[Is(&ADD, &[Number(1.0), DECAY])])]);
/// `b - a`
const FALL: Pattern = OneOf(&[Is(&SUB, &[Operand(1), Operand(0)]), Is(&NEG, &[Is(&SUB, &[Operand(0), Operand(1)])])]);

/// `√s`, `s^½`
macro_rules! root {
    ($sum:expr) => {
        OneOf(&[Is(&SQRT, &[$sum]), Is(&POWF, &[$sum, Number(0.5)])])
    };
}

compositions! {
    /// `ln(1 + eᵘ)`: the logistic function of `u`.
    SOFTPLUS = "softplus" / 2, OneOf(&[Is(&LN, &[ONE_PLUS_E]), Is(&LN_1P, &[E])]), |x| x[1].ln_1p(),
        [d!(|g, x, _| g * x[0].apply(&LOGISTIC, &[x[1]])), d!(at hand)];
    /// `ln(1 / (1 + eᵘ))`, which is also `ln(1 - eᵘ/(1 + eᵘ))`
    LOG_FALLING = "log_falling" / 2,
        OneOf(&[Is(&LN, &[FALLING]), Is(&LN, &[Is(&SUB, &[Number(1.0), RISING])])]), |x| -x[1].ln_1p(),
        [d!(|g, x, _| -(g * x[0].apply(&LOGISTIC, &[x[1]]))), d!(at hand)];
    /// `ln(eᵘ / (1 + eᵘ))`, which is also `ln(1 - 1/(1 + eᵘ))`
    LOG_RISING = "log_rising" / 2,
        OneOf(&[Is(&LN, &[RISING]), Is(&LN, &[Is(&SUB, &[Number(1.0), FALLING])])]), |x| (x[1] / (1.0 + x[1])).ln(),
        [d!(|g, x, _| g * x[0].apply(&LOGISTIC_REST, &[x[1]])), d!(at hand)];
    /// `1 / (1 + eᵘ)`
    LOGISTIC_FALLING = "logistic_falling" / 2, FALLING, |x| 1.0 / (1.0 + x[1]),
        [d!(|g, x, _| -(g * x[0].apply(&LOGISTIC_D, &[x[1]]))), d!(at hand)];
    /// `eᵘ / (1 + eᵘ)`
    LOGISTIC_RISING = "logistic_rising" / 2, RISING, |x| x[1] / (1.0 + x[1]),
        [d!(|g, x, _| g * x[0].apply(&LOGISTIC_D, &[x[1]])), d!(at hand)];
    /// `a / (1 + eᵘ)`, where `eᵘ` may be infinite and `a` large.
    OVER_ONE_PLUS_EXP = "over_one_plus_exp" / 3,
        OneOf(&[Is(&DIV, &[Operand(2), ONE_PLUS_E]), Is(&MUL, &[Operand(2), FALLING])]), |x| x[2] / (1.0 + x[1]),
        [
            d!(|g, x, _| -(g * (x[2] * x[0].apply(&LOGISTIC_D, &[x[1]])))),
            d!(at hand),
            d!(|g, x, _| g * x[0].apply(&LOGISTIC_REST, &[x[1]])),
        ];
    /// `a / (c + eᵘ)`
    OVER_SUM_WITH_EXP = "over_sum_with_exp" / 5,
        Is(&DIV, &[Operand(2), AtHand(3, &Is(&ADD, &[Operand(4), E]))]), |x| x[2] / x[3],
        [
            d!(|g, x, q| -(g * q * x[1].apply(&SHARE, &[x[3]]))),
            d!(at hand),
            d!(|g, x, _| g / x[3]),
            d!(at hand),
            d!(|g, x, q| -(g * q / x[3])),
        ];
    /// `a / (c + b·eᵘ)`, operands `u`, `b·eᵘ`, `a`, the denominator, `c`, `b`.
    OVER_SUM_WITH_MULTIPLE = "over_sum_with_multiple" / 7,
        Is(&DIV, &[Operand(2), AtHand(3, &Is(&ADD, &[
            Operand(4),
            AtHand(1, &Is(&MUL, &[Operand(5), AtHand(6, &Is(&EXP, &[Operand(0)]))])),
        ]))]), |x| x[2] / x[3],
        [
            d!(|g, x, q| -(g * q * x[1].apply(&SHARE, &[x[3]]))),
            d!(at hand),
            d!(|g, x, _| g / x[3]),
            d!(at hand),
            d!(|g, x, q| -(g * q / x[3])),
            d!(|g, x, q| -(g * q * x[6].apply(&SHARE, &[x[3]]))),
            d!(at hand),
        ];
    /// `ln(eᵃ + eᵇ)`: the logistic function of the difference.
    LOG_ADD_EXP = "log_add_exp" / 2, Is(&LN, &[Is(&ADD, &[Is(&EXP, &[Operand(0)]), Is(&EXP, &[Operand(1)])])]),
        |x| (x[0].exp() + x[1].exp()).ln(),
        [
            d!(|g, x, _| g * x[0].apply(&SIGMOID_OF_DIFFERENCE, &[x[1]])),
            d!(|g, x, _| g * x[0].apply(&SIGMOID_OF_DIFFERENCE_REST, &[x[1]])),
        ];
    /// `max(x, 0) + ln(1 + e^-|x|)`: the same as `ln(1 + eˣ)`, at 0 too, where the conventions of `max` and `abs` would
    /// give 0.
    STABLE_SOFTPLUS = "stable_softplus" / 2,
        Is(&ADD, &[Is(&MAX, &[Operand(0), Number(0.0)]), LN_ONE_PLUS_DECAY]), |x| x[0].max(0.0) + x[1].ln_1p(),
        [d!(|g, x, _| g * x[0].apply(&SIGMOID_OF_DECAY, &[x[1]])), d!(at hand)];
    /// `min(x, 0) - ln(1 + e^-|x|)`: the same as `-ln(1 + e⁻ˣ)`, at 0 too.
    STABLE_LOG_SIGMOID = "stable_log_sigmoid" / 2,
        Is(&SUB, &[Is(&MIN, &[Operand(0), Number(0.0)]), LN_ONE_PLUS_DECAY]), |x| x[0].min(0.0) - x[1].ln_1p(),
        [d!(|g, x, _| g * (-x[0]).apply(&SIGMOID_OF_DECAY, &[x[1]])), d!(at hand)];
    /// `max(a, b) + ln(1 + e^-|a-b|)`: the same as `ln(eᵃ + eᵇ)`, in a tie too.
    STABLE_LOG_ADD_EXP = "stable_log_add_exp" / 2,
        Is(&ADD, &[
            Is(&MAX, &[Operand(0), Operand(1)]),
            OneOf(&[
                Is(&LN_1P, &[Is(&EXP, &[Is(&NEG, &[Is(&ABS, &[DIFFERENCE])])])]),
                Is(&LN, &[Is(&ADD, &[Number(1.0), Is(&EXP, &[Is(&NEG, &[Is(&ABS, &[DIFFERENCE])])])])]),
            ]),
        ]), |x| x[0].max(x[1]) + (-(x[0] - x[1]).abs()).exp().ln_1p(),
        [
            d!(|g, x, _| g * x[0].apply(&SIGMOID_OF_DIFFERENCE, &[x[1]])),
            d!(|g, x, _| g * x[0].apply(&SIGMOID_OF_DIFFERENCE_REST, &[x[1]])),
        ];
    /// `a + ln(1 + eᵇ⁻ᵃ)`: the same, of which people take the greater one for `a`.
    LOG_ADD_EXP_FROM = "log_add_exp_from" / 2,
        Is(&ADD, &[
            Operand(0),
            OneOf(&[Is(&LN_1P, &[Is(&EXP, &[FALL])]), Is(&LN, &[Is(&ADD, &[Number(1.0), Is(&EXP, &[FALL])])])]),
        ]), |x| x[0] + (x[1] - x[0]).exp().ln_1p(),
        [
            d!(|g, x, _| g * x[0].apply(&SIGMOID_OF_DIFFERENCE, &[x[1]])),
            d!(|g, x, _| g * x[0].apply(&SIGMOID_OF_DIFFERENCE_REST, &[x[1]])),
        ];
    /// `m + ln(eᵃ⁻ᵐ + eᵇ⁻ᵐ)`: the same, whatever `m` is.
    SHIFTED_LOG_ADD_EXP = "shifted_log_add_exp" / 3,
        Is(&ADD, &[Operand(2), Is(&LN, &[Is(&ADD, &[
            Is(&EXP, &[Is(&SUB, &[Operand(0), Operand(2)])]),
            Is(&EXP, &[Is(&SUB, &[Operand(1), Operand(2)])]),
        ])])]), |x| x[2] + ((x[0] - x[2]).exp() + (x[1] - x[2]).exp()).ln(),
        [
            d!(|g, x, _| g * x[0].apply(&SIGMOID_OF_DIFFERENCE, &[x[1]])),
            d!(|g, x, _| g * x[0].apply(&SIGMOID_OF_DIFFERENCE_REST, &[x[1]])),
            d!(0),
        ];
    /// `ln cosh u`
    LN_COSH = "ln_cosh" / 1, Is(&LN, &[Is(&COSH, &[Operand(0)])]), |x| x[0].cosh().ln(),
        [d!(|g, x, _| g * x[0].apply(&TANH, &[]))];
    /// `x·ln x`: `ln x + 1`, where `1/x` overflows, too, and near `1/e`, where the sum cancels.
    X_LN_X = "x_ln_x" / 2, Is(&MUL, &[Operand(0), AtHand(1, &Is(&LN, &[Operand(0)]))]), |x| x[0] * x[1],
        [d!(|g, x, _| g * x[0].apply(&LN_PLUS_1, &[x[1]])), d!(at hand)];
    /// `x·log₂x`
    X_LOG2_X = "x_log2_x" / 2, Is(&MUL, &[Operand(0), AtHand(1, &Is(&LOG2, &[Operand(0)]))]), |x| x[0] * x[1],
        [d!(|g, x, _| g * (x[1] + LOG2_E)), d!(at hand)];
    /// `x·log₁₀x`
    X_LOG10_X = "x_log10_x" / 2, Is(&MUL, &[Operand(0), AtHand(1, &Is(&LOG10, &[Operand(0)]))]), |x| x[0] * x[1],
        [d!(|g, x, _| g * (x[1] + LOG10_E)), d!(at hand)];
    /// `√x²`, with `|x|`'s convention at 0.
    ROOT_OF_SQUARE = "root_of_square" / 1, root!(SquareOf(&Operand(0))), |x| (x[0] * x[0]).sqrt(),
        [d!(|g, x, _| g * x[0].apply(&ABS_D, &[]))];
    /// `√(x² + y²)`, with the convention of `hypot` at the origin.
    NORM2 = "norm2" / 2, root!(Is(&ADD, &[SquareOf(&Operand(0)), SquareOf(&Operand(1))])),
        |x| (x[0] * x[0] + x[1] * x[1]).sqrt(),
        [
            d!(|g, x, y| x[0].apply(&NORM2_G, &[x[1], y, g / y, g])),
            d!(|g, x, y| x[1].apply(&NORM2_G, &[x[0], y, g / y, g])),
        ];
    /// `√(x² + y² + z²)`
    NORM3 = "norm3" / 3,
        OneOf(&[
            Is(&HYPOT, &[Is(&HYPOT, &[Operand(0), Operand(1)]), Operand(2)]),
            root!(Is(&ADD, &[Is(&ADD, &[SquareOf(&Operand(0)), SquareOf(&Operand(1))]), SquareOf(&Operand(2))])),
        ]), |x| (x[0] * x[0] + x[1] * x[1] + x[2] * x[2]).sqrt(),
        [
            d!(|g, x, y| x[0].apply(&NORM3_G, &[x[1], x[2], y, g / y, g])),
            d!(|g, x, y| x[1].apply(&NORM3_G, &[x[2], x[0], y, g / y, g])),
            d!(|g, x, y| x[2].apply(&NORM3_G, &[x[0], x[1], y, g / y, g])),
        ];
    /// `√(x² + c)`
    ROOT_OF_SQUARE_PLUS = "root_of_square_plus" / 2, root!(Is(&ADD, &[SquareOf(&Operand(0)), Operand(1)])),
        |x| (x[0] * x[0] + x[1]).sqrt(),
        [d!(|g, x, y| g * x[0].apply(&ROOT_D, &[x[1], y])), d!(|g, _, y| 0.5 * g / y)];
    /// `exp(-x²/2)`: the rounding of `x²` counts in the exponent.
    GAUSS_HALF = "gauss_half" / 1, Is(&EXP, &[Quadratic(-0.5, 0)]), |x| (-0.5 * x[0] * x[0]).exp(),
        [d!(|g, x, y| -(g * (x[0] * x[0].apply(&GAUSS_EXACT, &[x[0].constant(-0.5), y]))))];
    /// `exp(-x²)`
    GAUSS_ONE = "gauss_one" / 1, Is(&EXP, &[Quadratic(-1.0, 0)]), |x| (-x[0] * x[0]).exp(),
        [d!(|g, x, y| -2.0 * g * (x[0] * x[0].apply(&GAUSS_EXACT, &[x[0].constant(-1.0), y])))];
    /// `exp(-2x²)`
    GAUSS_TWO = "gauss_two" / 1, Is(&EXP, &[Quadratic(-2.0, 0)]), |x| (-2.0 * x[0] * x[0]).exp(),
        [d!(|g, x, y| -4.0 * g * (x[0] * x[0].apply(&GAUSS_EXACT, &[x[0].constant(-2.0), y])))];
    /// `-3x⁻⁴`, as the derivative of `x⁻³` is written: the factors that a quotient's chain rule multiplies may be 0 and ∞.
    POWI_M3_D = "powi_m3_d" / 1,
        Is(&DIV, &[Is(&DIV, &[Number(-3.0), Operand(0)]), Is(&POWI, &[Operand(0), Number(3.0)])]),
        |x| -3.0 / x[0] / x[0].powi(3), [d!(|g, x, y| -4.0 * g * (y / x[0]))];
    /// `-4x⁻⁵`
    POWI_M4_D = "powi_m4_d" / 1,
        Is(&DIV, &[Is(&DIV, &[Number(-4.0), Operand(0)]), Is(&POWI, &[Operand(0), Number(4.0)])]),
        |x| -4.0 / x[0] / x[0].powi(4), [d!(|g, x, y| -5.0 * g * (y / x[0]))];
    /// `f64::from(x as f32)`: a cotangent need not be in the range of the narrower type, and is not rounded.
    ROUNDED = "rounded" / 1,
        OneOf(&[
            Is(&F32_TO_F64, &[Is(&F64_TO_F32, &[Operand(0)])]),
            Is(&F32_TO_PARAMETER, &[Is(&PARAMETER_TO_F32, &[Operand(0)])]),
        ]), |x| single(x[0]).into(),
        [d!(|g, _, _| g)];
    /// `exp(u - m)`, as a function of the difference, whose rounding counts as much as it is great.
    SHIFTED_EXP = "shifted_exp" / 3, Is(&EXP, &[AtHand(0, &Is(&SUB, &[Operand(1), Shift(2)]))]), |x| x[0].exp(),
        [d!(|g, x, y| g * y.apply(&UNROUNDED, &[x[1], x[2], x[0]])), d!(at hand), d!(at hand)];
    /// `exp(u - m) / s`, which has the same rounding.
    SHIFTED_SHARE = "shifted_share" / 5,
        Is(&DIV, &[AtHand(0, &Is(&EXP, &[AtHand(2, &Is(&SUB, &[Operand(3), Shift(4)]))])), Operand(1)]), |x| x[0] / x[1],
        [
            d!(|g, x, _| g / x[1]),
            d!(|g, x, q| -(g * q.apply(&UNROUNDED, &[x[3], x[4], x[2]])) / x[1]),
            d!(at hand),
            d!(at hand),
            d!(at hand),
        ];
}

/// `a - b`
const DIFFERENCE: Pattern = OneOf(&[Is(&SUB, &[Operand(0), Operand(1)]), Is(&SUB, &[Operand(1), Operand(0)])]);
