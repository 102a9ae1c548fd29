//! Every float method, as a method and by its path, in a chain; several points of its domain.

/// Functions of one variable.
macro_rules! unary {
    ($($name:ident: $(($x:expr)),*;)*) => {$(
        mod $name {
            use symgrad_oracle::case;

            #[case($(($x)),*)]
            fn method(x: f64) -> f64 {
                x.$name() * x
            }

            #[case($(($x)),*)]
            fn path(x: f64) -> f64 {
                f64::$name(x) * x
            }

            #[case($(($x)),*)]
            fn composed(x: f64) -> f64 {
                let y = x * 1.0;
                (y.$name() + x).sin() * y
            }
        }
    )*};
}

unary! {
    recip: (0.5), (-2.0), (30.0);
    sqrt: (0.25), (2.0), (900.0);
    cbrt: (0.25), (-2.0), (900.0);
    exp: (0.25), (-2.0), (-30.0), (8.0);
    exp2: (0.25), (-2.0), (9.0);
    exp_m1: (1e-3), (-2.0), (3.0);
    ln: (0.25), (2.0), (900.0);
    ln_1p: (0.25), (-0.5), (900.0);
    log2: (0.25), (3.0), (900.0);
    log10: (0.25), (3.0), (900.0);
    sin: (0.25), (-2.0), (9.0);
    cos: (0.25), (-2.0), (9.0);
    tan: (0.25), (-1.0), (2.0);
    asin: (0.25), (-0.5), (0.9);
    acos: (0.25), (-0.5), (0.9);
    atan: (0.25), (-3.0), (20.0);
    sinh: (0.25), (-2.0), (5.0);
    cosh: (0.25), (-2.0), (5.0);
    tanh: (0.25), (-2.0), (0.7);
    asinh: (0.25), (-2.0), (20.0);
    acosh: (1.25), (2.0), (20.0);
    atanh: (0.25), (-0.5), (0.9);
    to_degrees: (0.25), (-2.0);
    to_radians: (0.25), (-200.0);
    signum: (0.25), (-2.0);
    floor: (0.25), (-2.3), (3.7);
    ceil: (0.25), (-2.3), (3.7);
    round: (0.25), (-2.3), (3.7);
    round_ties_even: (0.25), (-2.3), (3.7);
    trunc: (0.25), (-2.3), (3.7);
    fract: (0.25), (-2.3), (3.7);
    abs: (0.25), (-2.0), (0.0);
}

/// Functions of two variables: both vary, one of them does, and both are the same.
macro_rules! binary {
    ($($name:ident: $(($x:expr, $y:expr)),*;)*) => {$(
        mod $name {
            use symgrad_oracle::case;

            #[case($(($x, $y)),*)]
            fn method(x: f64, y: f64) -> f64 {
                x.$name(y) * x + y
            }

            #[case($(($x, $y)),*)]
            fn path(x: f64, y: f64) -> f64 {
                f64::$name(x, y) * y + x
            }

            #[case(wrt(x), $(($x, $y)),*)]
            fn first(x: f64, y: f64) -> f64 {
                x.$name(y) * x
            }

            #[case(wrt(y), $(($x, $y)),*)]
            fn second(x: f64, y: f64) -> f64 {
                x.$name(y) * y
            }
        }
    )*};
}

binary! {
    powf: (0.5, 2.5), (2.0, -1.5), (3.0, 0.25);
    log: (0.5, 2.5), (2.0, 10.0), (30.0, 0.25);
    hypot: (3.0, 4.0), (-0.5, 0.25), (2.0, 0.0);
    atan2: (3.0, 4.0), (-0.5, 0.25), (2.0, -1.0), (-0.5, -3.0);
    max: (3.0, 4.0), (-0.5, -0.75);
    min: (3.0, 4.0), (-0.5, -0.75);
    copysign: (3.0, -4.0), (-0.5, -0.75), (2.0, 1.0);
    rem_euclid: (7.3, 2.0), (-7.3, 2.0), (7.3, -2.0);
    div_euclid: (7.3, 2.0), (-7.3, 2.0), (7.3, -2.0);
    midpoint: (7.3, 2.0), (-7.3, 2.0);
}

use crate::corpus::dual::Dual;
use symgrad_oracle::case;

#[case((0.0, 0.0), (2.0, 2.0), (-1.0, -1.0), (3.0, 4.0))]
fn ties_take_the_second(x: f64, y: f64) -> f64 {
    x.max(y) * 2.0 + y.min(x)
}

#[case((0.5), (-0.5), (3.0))]
fn max_with_a_constant(x: f64) -> f64 {
    x.max(0.0) * x + f64::max(1.0, x) + 0.25_f64.min(x) * x
}

#[case((7.3, 2.0), (-7.3, 2.0), (7.3, -2.0))]
fn remainder(x: f64, y: f64) -> f64 {
    (x % y) * x + (x * y) % 3.0
}

#[case((0.5, 0.0, 1.0), (-0.5, 0.25, 1.0), (3.0, 0.25, 1.5), (1.0, 0.5, 1.0))]
fn clamped(x: f64, lo: f64, hi: f64) -> f64 {
    x.clamp(lo, hi) * x + f64::clamp(x * 2.0, lo, hi) * lo
}

#[case((0.5, 2.0, 1.0), (-0.5, 0.25, -1.0))]
fn fused_multiply_add(x: f64, y: f64, z: f64) -> f64 {
    x.mul_add(y, z) * x + f64::mul_add(y, 2.0, x) * z
}

#[case((0.5), (-2.0))]
fn integer_powers(x: f64) -> f64 {
    x.powi(0) + x.powi(1) + x.powi(2) * x.powi(3) + f64::powi(x, 4) + x.powi(-1) + x.powi(-2) * x.powi(5) + x.powi(-3)
}

#[case((0.5), (2.0))]
fn powers_with_constants(x: f64) -> f64 {
    x.powf(0.5) + x.powf(-1.5) + 2.0_f64.powf(x) + x.powf(2.0) + x.powf(0.0) + x.powf(1.0)
}

#[case((0.5), (2.0))]
fn logarithms_with_constants(x: f64) -> f64 {
    x.log(3.0) + 5.0_f64.log(x + 1.0) + x.log(10.0) * x.log(2.0)
}

#[case((0.5), (2.0), (-3.0))]
fn sine_and_cosine_together(x: f64) -> f64 {
    let (s, c) = x.sin_cos();
    let (t, u) = (x * s).sin_cos();
    s * u + c * t
}

#[case((0.5), (-2.0), (0.0))]
fn the_sign_times_the_value(x: f64) -> f64 {
    x.signum() * x * x + x.abs() * x
}

#[case((0.7), (1.3))]
fn a_tower_of_all_sorts(x: f64) -> f64 {
    let a = x.sin().exp().ln_1p().sqrt().cbrt().tanh();
    let b = a.asinh().atan().cosh().recip().acos().sinh();
    (a * b).hypot(x).atan2(a + 1.0).exp_m1().powf(1.5) / (b + 2.0).log2()
}

#[case((0.7), (-1.3))]
fn predicates_are_conditions(x: f64) -> f64 {
    let y = if x.is_sign_negative() { x * x } else { x.sin() };
    if y.is_nan() || !y.is_finite() { 0.0 } else { y * x }
}

#[case((2.5, 1.0), (0.5, 1.0))]
#[allow(deprecated)]
fn positive_difference(x: f64, y: f64) -> f64 {
    x.abs_sub(y) * x + y
}

/// The error function is defined by its derivative; its value by the library.
#[case(dual = error_functions_dual, (0.0), (0.5), (-2.0))]
fn error_functions(x: f64) -> f64 {
    libm::erf(x) * x + libm::erfc(x * 0.5)
}

fn error_functions_dual(x: Dual) -> Dual {
    let gauss = |x: f64| std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp();
    let erf = |x: Dual| x.through([libm::erf(x.value()), gauss(x.value()), -2.0 * x.value() * gauss(x.value())]);
    erf(x) * x + (1.0 - erf(x * 0.5))
}
