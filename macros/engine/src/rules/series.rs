//! Primitives and compositions through which a power series does not go by their partial derivatives alone: the functions of
//! the runtime crate that continue it. Input: a primitive. Output: a primitive of its own, whose operands are those of such a
//! function: each operand's value and its other coefficients; the result is the other coefficients of the result.
//!
//! What has no row is linear in pieces (`a + b`, `|x|`, `max`): there, what holds of a tangent holds of each coefficient. A
//! test asks this of every other row of the table.

use super::{Form, Prim, Primitive};

/// A function of the runtime crate.
#[derive(Debug)]
pub struct Row {
    /// The names of the primitives that it continues, or of the composition.
    names: &'static [&'static str],
    /// Which operands it takes, each with its coefficients.
    pub operands: &'static [usize],
    /// The one that comes after them: an exponent, which is an integer.
    pub exponent: Option<usize>,
    /// How it is called.
    pub function: Primitive,
}

/// How many operands come after the series.
const fn count(exponent: Option<usize>) -> usize {
    if exponent.is_some() { 1 } else { 0 }
}

macro_rules! series {
    (exponent) => { None };
    (exponent $exponent:literal) => { Some($exponent) };
    ($($names:tt => $function:ident $operands:tt $(, ^ $exponent:literal)?;)*) => {
        /// Every function.
        static ROWS: &[Row] = &[$(Row {
            names: &$names,
            operands: &$operands,
            exponent: series!(exponent $($exponent)?),
            function: Primitive {
                name: concat!("series::", stringify!($function)),
                arity: 2 * $operands.len() + count(series!(exponent $($exponent)?)),
                form: Form::Series(stringify!($function)),
                eval: |_| f64::NAN,
                partials: &[],
            },
        }),*];
    };
}

series! {
    ["mul"] => mul [0, 1];
    ["div"] => div [0, 1];
    ["recip", "num_traits::Inv::inv"] => recip [0];
    ["sqrt", "libm::sqrt", "libm::sqrtf"] => sqrt [0];
    ["cbrt", "libm::cbrt", "libm::cbrtf"] => cbrt [0];
    ["powi", "num_traits::pow", "num_traits::pow::pow", "num::pow", "num::pow::pow", "num_traits::pow(i32)",
     "num_traits::pow::pow(i32)", "num::pow(i32)", "num::pow::pow(i32)"] => powi [0], ^ 1;
    ["powf", "libm::pow", "libm::powf"] => powf [0, 1];
    ["hypot", "libm::hypot", "libm::hypotf", "norm2"] => hypot [0, 1];
    ["norm3"] => norm3 [0, 1, 2];
    ["root_of_square_plus"] => root_of_square_plus [0, 1];
    ["exp", "libm::exp", "libm::expf"] => exp [0];
    ["exp2", "libm::exp2", "libm::exp2f"] => exp2 [0];
    ["exp_m1", "libm::expm1", "libm::expm1f"] => exp_m1 [0];
    ["ln", "libm::log", "libm::logf"] => ln [0];
    ["ln_1p", "libm::log1p", "libm::log1pf"] => ln_1p [0];
    ["log2", "libm::log2", "libm::log2f"] => log2 [0];
    ["log10", "libm::log10", "libm::log10f"] => log10 [0];
    ["log"] => log [0, 1];
    ["sin", "libm::sin", "libm::sinf"] => sin [0];
    ["cos", "libm::cos", "libm::cosf"] => cos [0];
    ["tan", "libm::tan", "libm::tanf"] => tan [0];
    ["asin", "libm::asin", "libm::asinf"] => asin [0];
    ["acos", "libm::acos", "libm::acosf"] => acos [0];
    ["atan", "libm::atan", "libm::atanf"] => atan [0];
    ["atan2", "libm::atan2", "libm::atan2f"] => atan2 [0, 1];
    ["sinh", "libm::sinh", "libm::sinhf"] => sinh [0];
    ["cosh", "libm::cosh", "libm::coshf"] => cosh [0];
    ["tanh", "libm::tanh", "libm::tanhf"] => tanh [0];
    ["asinh", "libm::asinh", "libm::asinhf"] => asinh [0];
    ["acosh", "libm::acosh", "libm::acoshf"] => acosh [0];
    ["atanh", "libm::atanh", "libm::atanhf"] => atanh [0];
    ["mul_add", "libm::fma", "libm::fmaf", "num_traits::MulAdd::mul_add"] => mul_add [0, 1, 2];
    ["libm::erf", "libm::erff"] => erf [0];
    ["libm::erfc", "libm::erfcf"] => erfc [0];
    ["softplus", "stable_softplus"] => softplus [0];
    ["log_falling"] => log_falling [0];
    ["log_rising"] => log_rising [0];
    ["logistic_falling"] => logistic_falling [0];
    ["logistic_rising"] => logistic_rising [0];
    ["over_one_plus_exp"] => over_one_plus_exp [0, 2];
    ["log_add_exp", "stable_log_add_exp"] => log_add_exp [0, 1];
    ["ln_cosh"] => ln_cosh [0];
}

/// The function that continues a series through a primitive or a composition.
#[must_use]
pub fn row(prim: Prim) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.names.contains(&prim.name))
}

/// Whether a composition is continued as what it is, and not as what it is made of.
#[must_use]
pub fn is_whole(prim: Prim) -> bool {
    row(prim).is_some() || prim.name == "root_of_square"
}

#[cfg(test)]
mod tests {
    use super::super::compositions::COMPOSITIONS;
    use super::super::derivative::{POWI, TABLE};
    use super::super::library::LIBRARY;
    use super::*;

    /// Rows are of primitives that there are, and every function without one is linear in pieces: its second difference is 0
    /// along some small steps.
    #[test]
    fn what_has_no_row_is_linear_in_pieces() {
        let own = TABLE.iter().copied().filter(|p| !matches!(p.form, Form::Code(_)));
        let library: Vec<Prim> = LIBRARY.iter().flat_map(|list| list.iter()).collect();
        let all: Vec<Prim> = own.chain(library).collect();
        let composed = COMPOSITIONS.iter().map(|c| c.function.name);
        let known: Vec<&str> = all.iter().map(|p| p.name).chain(composed).collect();
        for name in ROWS.iter().flat_map(|row| row.names) {
            assert!(known.contains(name), "{name} is no primitive");
        }
        for prim in all.into_iter().filter(|p| row(p).is_none()) {
            assert!(*prim != POWI);
            let at = |t: f64| {
                let x = [2.3 + t, 0.75 - 2.0 * t, 3.5 + 0.5 * t];
                (prim.eval)(&x[..prim.arity])
            };
            let h = 1e-3;
            let bent = (at(h) - 2.0 * at(0.0) + at(-h)) / (h * h);
            assert!(bent.abs() < 1e-6, "{prim:?} is bent by {bent}, and has no row");
        }
    }
}
