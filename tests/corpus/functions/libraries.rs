//! Functions of floats that are no methods of `std`: those of `libm`, and of `num_traits` by path on a primitive float.

use crate::corpus::dual::Dual;
use num_traits::{Euclid, Float, FloatConst, Zero};
use symgrad_oracle::case;

#[case((0.3, 0.7), (0.9, 0.2), dual = circular_dual)]
fn circular(x: f64, y: f64) -> f64 {
    libm::sin(x) * libm::cos(y) + libm::tan(x * y) + libm::asin(x) - libm::acos(y) + libm::atan(x) * libm::atan2(y, x)
}

fn circular_dual(x: Dual, y: Dual) -> Dual {
    x.sin() * y.cos() + (x * y).tan() + x.asin() - y.acos() + x.atan() * y.atan2(x)
}

#[case((0.3, 0.7), (0.9, 0.2), dual = exponential_dual)]
fn exponential(x: f64, y: f64) -> f64 {
    let a =
        libm::exp(x) * libm::exp2(y) + libm::expm1(x) - libm::log(y) * libm::log1p(x) + libm::log2(x) * libm::log10(y);
    a + libm::pow(x, y) * libm::pow(x, 2.0) + libm::sqrt(y) + libm::cbrt(x) + libm::hypot(x, y)
}

fn exponential_dual(x: Dual, y: Dual) -> Dual {
    let a = x.exp() * y.exp2() + x.exp_m1() - y.ln() * x.ln_1p() + x.log2() * y.log10();
    a + x.powf(y) * x.powf(2.0) + y.sqrt() + x.cbrt() + x.hypot(y)
}

#[case((0.3, 0.7), (0.9, 0.2), dual = hyperbolic_dual)]
fn hyperbolic(x: f64, y: f64) -> f64 {
    libm::sinh(x) * libm::cosh(y) + libm::tanh(x * y) + libm::asinh(x) - libm::acosh(y + 1.0) + libm::atanh(x)
}

fn hyperbolic_dual(x: Dual, y: Dual) -> Dual {
    x.sinh() * y.cosh() + (x * y).tanh() + x.asinh() - (y + 1.0_f64).acosh() + x.atanh()
}

#[case((-1.3, 0.7), (0.9, -0.2), (5.5, 2.2), dual = selections_dual)]
fn selections(x: f64, y: f64) -> f64 {
    let a = libm::fabs(x) * libm::fmax(x, y) + libm::fmin(x * x, y) + libm::copysign(x, y) + libm::fmod(x, y);
    let b = libm::floor(x) * y + libm::ceil(y) * x + libm::round(x) * x + libm::trunc(y) * y + libm::rint(x) * y;
    a + b + libm::fma(x, y, x) + libm::fdim(x, y) + libm::roundeven(y) * x
}

fn selections_dual(x: Dual, y: Dual) -> Dual {
    let a = x.abs() * x.max(y) + (x * x).min(y) + x.copysign(y) + x % y;
    let b = x.floor() * y + y.ceil() * x + x.round() * x + y.trunc() * y + x.round_ties_even() * y;
    a + b + x.mul_add(y, x) + x.abs_sub(y) + y.round_ties_even() * x
}

#[case((0.3, 0.7), (0.9, 0.2), dual = single_dual)]
fn single(x: f32, y: f32) -> f32 {
    libm::sinf(x) * libm::expf(y) + libm::powf(x, y) + libm::logf(x) * libm::sqrtf(y) - libm::atan2f(x, y)
        + libm::tanhf(x)
}

fn single_dual(x: Dual, y: Dual) -> Dual {
    x.sin() * y.exp() + x.powf(y) + x.ln() * y.sqrt() - x.atan2(y) + x.tanh()
}

/// The value is that of `libm`, and not that of the method.
#[symgrad::differentiate(gradient, jvp, hvp)]
fn of_libm(x: f64) -> f64 {
    libm::tanh(x) + libm::pow(x, 1.7)
}

#[test]
fn the_value_is_that_of_the_library() {
    for k in 1..1000 {
        let x = f64::from(k) * 0.003_7;
        assert_eq!(of_libm(x).to_bits(), of_libm_value_and_gradient(x).0.to_bits());
        assert_eq!(of_libm(x).to_bits(), of_libm_jvp(x, 1.0).0.to_bits());
    }
}

#[case(([0.3, 0.7], 3), ([1.9, 0.2], 0), dual = by_path_dual)]
fn by_path(x: &[f64; 2], n: i32) -> f64 {
    let mut product = f64::zero();
    for &v in x {
        product += Float::sin(v) * <f64 as num_traits::Float>::exp(v) + num_traits::Float::powi(v, n);
    }
    Float::max(product, x[0]) * Float::mul_add(x[0], 2.0, x[1]) + <f64>::sqrt(x[1]) + f64::PI() * Float::powf(2.0, x[0])
}

fn by_path_dual(x: &[Dual; 2], n: i32) -> Dual {
    let mut product = Dual::constant(0.0);
    for &v in x {
        product += v.sin() * v.exp() + v.powi(n);
    }
    let pi = std::f64::consts::PI;
    product.max(x[0]) * x[0].mul_add(Dual::constant(2.0), x[1]) + x[1].sqrt() + pi * Dual::constant(2.0).powf(x[0])
}

#[case((0.3, 0.7), dual = by_path_single_dual)]
fn by_path_single(x: f32, y: f32) -> f32 {
    Float::sin(x) * f32::cos(y) + f32::powi(x, 3) * Float::hypot(x, y)
}

fn by_path_single_dual(x: Dual, y: Dual) -> Dual {
    x.sin() * y.cos() + x.powi(3) * x.hypot(y)
}

#[case((-1.3, 0.7), (0.9, -0.2), (0.2, 2.2), dual = functions_of_num_traits_dual)]
fn functions_of_num_traits(x: f64, y: f64) -> f64 {
    let a = num_traits::pow(x, 3) * num_traits::pow::pow(y, 1)
        + num_traits::pow(y, 0) * num_traits::clamp(x, 0.0, y.abs() + 0.1);
    let b =
        num_traits::abs(x) * y + num_traits::sign::abs(y) * x + num_traits::signum(x) * num_traits::sign::signum(y) * x;
    a + b + num_traits::Inv::inv(x) + num_traits::MulAdd::mul_add(x, y, x)
}

fn functions_of_num_traits_dual(x: Dual, y: Dual) -> Dual {
    let a = x.powi(3) * y + x.clamp(Dual::constant(0.0), y.abs() + 0.1);
    let b = x.abs() * y + y.abs() * x + x.signum() * y.signum() * x;
    a + b + x.recip() + x.mul_add(y, x)
}

#[case((0.7), (0.0), (1.0), no_differences)]
fn powers_and_questions_of_any_type<T: Float>(x: T) -> T {
    let a = num_traits::pow(x, 4) + num_traits::clamp(x, T::zero(), T::one());
    if x.is_zero() || x.is_one() { a + x } else { a * x.exp() }
}

/// The two are those of `libm`, bit for bit.
fn sine_and_cosine_dual(x: super::super::dual::Dual) -> super::super::dual::Dual {
    let (s, c) = x.sin_cos();
    s * c * c
}
#[case((0.5), (-3.0), (11.7), dual = sine_and_cosine_dual)]
fn sine_and_cosine(x: f64) -> f64 {
    let (s, c) = libm::sincos(x);
    s * c * c
}
#[case((0.5, 3), (-1.5, 0), (0.0, 1), (2.0, 8))]
fn counted_powers<T: num_traits::Float>(x: T, n: usize) -> T {
    let m = n + 1;
    num_traits::pow(x, n) + num_traits::pow::pow(x * x, m) * num_traits::pow(x, 3)
}
fn powers_in_a_loop_dual(x: super::super::dual::Dual, n: usize) -> super::super::dual::Dual {
    let mut s = x;
    for i in 0..n {
        s = s + num_traits::pow(s, i) + num_traits::pow(x, n - i);
    }
    s
}
#[case((0.5, 3), (-1.5, 0), (0.0, 2), (1.1, 4), dual = powers_in_a_loop_dual)]
fn powers_in_a_loop(x: f64, n: usize) -> f64 {
    let mut s = x;
    for i in 0..n {
        s = s + num_traits::pow(s, i) + num_traits::pow(x, n - i);
    }
    s
}

#[symgrad::differentiate(gradient, jvp)]
fn remainder<T: Float + Euclid>(x: T, y: T) -> T {
    x.rem_euclid(&y) * y + x.div_euclid(&y)
}

#[case(first_order, (7.3, 2.1), (-7.3, 2.1), (7.3, -2.1), dual = remainders_of_a_type_parameter_dual)]
fn remainders_of_a_type_parameter(x: f64, y: f64) -> f64 {
    remainder(x, y) * x
}

fn remainders_of_a_type_parameter_dual(x: Dual, y: Dual) -> Dual {
    let quotient = Dual::constant(x.value().div_euclid(y.value()));
    ((x - y * quotient) * y + quotient) * x
}
