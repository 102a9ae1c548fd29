//! `derivatives(n)`: all derivatives with respect to a number, against closed forms and against dual numbers of the third order.

#![allow(clippy::pedantic, clippy::needless_range_loop, reason = "as users write them")]

use num_dual::{Dual3_64, DualNum};
use symgrad::differentiate;

/// To a relative tolerance, of the greatest among derivatives of about the same order.
#[track_caller]
fn close(found: &[f64], expected: impl Fn(i32) -> f64, tolerance: f64) {
    for (k, found) in (0..).zip(found) {
        let expected = expected(k);
        assert!(
            (found - expected).abs() <= tolerance * expected.abs().max(1.0),
            "order {k}: {found:?}, not {expected:?}"
        );
    }
}

fn factorial(k: i32) -> f64 {
    (1..=k).map(f64::from).product()
}

#[differentiate(derivatives(12))]
fn exponential(x: f64) -> f64 {
    (-0.5 * x).exp()
}

#[differentiate(derivatives(12))]
fn sine(x: f64) -> f64 {
    (3.0 * x).sin()
}

#[differentiate(derivatives(10))]
fn geometric(x: f64) -> f64 {
    1.0 / (1.0 + x)
}

/// Runge's function.
#[differentiate(derivatives(10))]
fn runge(x: f64) -> f64 {
    1.0 / (1.0 + 25.0 * x * x)
}

#[differentiate(derivatives(9))]
fn logarithm(x: f64) -> f64 {
    x.ln()
}

#[differentiate(derivatives(8))]
fn power(x: f64) -> f64 {
    x.powf(2.5)
}

#[differentiate(derivatives(6), wrt(x))]
fn integer_power(x: f64, n: i32) -> f64 {
    x.powi(n)
}

#[differentiate(derivatives(8))]
fn arcus_tangens(x: f64) -> f64 {
    x.atan()
}

#[test]
fn closed_forms() {
    let x = 0.7_f64;
    close(&exponential_derivatives(x), |k| (-0.5_f64).powi(k) * (-0.5 * x).exp(), 1e-15);
    close(
        &sine_derivatives(x),
        |k| 3.0_f64.powi(k) * (3.0 * x + f64::from(k) * std::f64::consts::FRAC_PI_2).sin(),
        1e-13,
    );
    close(&geometric_derivatives(x), |k| (-1.0_f64).powi(k) * factorial(k) / (1.0 + x).powi(k + 1), 1e-14);
    // 1/(1 + 25 x²) is the real part of 1/(1 + 5ix), of which the derivatives are k! (-5i)ᵏ / (1 + 5ix)ᵏ⁺¹.
    let runge = |x: f64, k: i32| {
        let (modulus, angle) = ((1.0 + 25.0 * x * x).sqrt(), (5.0 * x).atan());
        let turned = -f64::from(k) * std::f64::consts::FRAC_PI_2 - f64::from(k + 1) * angle;
        factorial(k) * 5.0_f64.powi(k) * modulus.powi(-(k + 1)) * turned.cos()
    };
    for x in [0.0, 0.3, 0.7, -1.0] {
        for (k, found) in (0..).zip(runge_derivatives(x)) {
            // Of the modulus, because the real part may be 0.
            let scale = factorial(k) * 5.0_f64.powi(k) * (1.0 + 25.0 * x * x).sqrt().powi(-(k + 1));
            assert!((found - runge(x, k)).abs() <= 1e-13 * scale, "order {k} at {x}: {found:?}, not {:?}", runge(x, k));
        }
    }
    close(&logarithm_derivatives(x), |k| if k == 0 { x.ln() } else { -factorial(k - 1) * (-x).powi(-k) }, 1e-14);
    let falling = |n: f64, k: i32| (0..k).map(|j| n - f64::from(j)).product::<f64>();
    close(&power_derivatives(x), |k| falling(2.5, k) * x.powf(2.5 - f64::from(k)), 1e-14);
    let arcus = |k: i32| {
        let y = x.atan();
        if k == 0 {
            y
        } else {
            factorial(k - 1) * y.cos().powi(k) * (f64::from(k) * (y + std::f64::consts::FRAC_PI_2)).sin()
        }
    };
    close(&arcus_tangens_derivatives(x), arcus, 1e-13);
}

#[test]
fn powers_at_zero() {
    assert_eq!(integer_power_derivatives(0.0, 3), [0.0, 0.0, 0.0, 6.0, 0.0, 0.0, 0.0]);
    assert_eq!(integer_power_derivatives(0.0, 0), [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(integer_power_derivatives(2.0, 3), [8.0, 12.0, 12.0, 6.0, 0.0, 0.0, 0.0]);
    assert_eq!(integer_power_derivatives(2.0, -1)[..4], [0.5, -0.25, 0.25, -0.375]);
    assert_eq!(power_derivatives(0.0)[..3], [0.0; 3]);
    assert_eq!(power_derivatives(0.0)[3], f64::INFINITY);
}

/// Every primitive that a series goes through, in one function: order 3 by dual numbers.
#[differentiate(derivatives(3))]
fn everything(x: f64) -> f64 {
    let y = x.sqrt() + x.cbrt() + x.recip() + x.powi(3) + x.powf(1.7) + 2.0_f64.powf(x) + x.powf(x);
    let y = y
        + x.exp()
        + x.exp2()
        + x.exp_m1()
        + x.ln()
        + x.ln_1p()
        + x.log2()
        + x.log10()
        + x.log(3.0)
        + 5.0_f64.log(x + 1.5);
    let y = y + x.sin() + x.cos() + x.tan() + (0.5 * x).asin() + (0.4 * x).acos() + x.atan() + x.atan2(2.0 - x * x);
    let y = y + x.sinh() + x.cosh() + x.tanh() + x.asinh() + (x + 1.0).acosh() + (0.6 * x).atanh();
    let y = y + x.hypot(1.0 - x) + x.mul_add(x, x.sin()) + x.to_radians() + x.max(0.1) + x.abs() * x.fract();
    y / (2.0 + x * x) + (1.0 + x.exp()).ln() + 1.0 / (1.0 + (-x).exp()) + x.cosh().ln() + (x * x + 2.0 * x).sqrt()
}

fn everything_dual(x: Dual3_64) -> Dual3_64 {
    let number = Dual3_64::from;
    let y = x.sqrt() + x.cbrt() + x.recip() + x.powi(3) + x.powf(1.7) + number(2.0).powd(x) + x.powd(x);
    let y = y + x.exp() + x.exp2() + x.exp_m1() + x.ln() + x.ln_1p() + x.log2() + x.log10() + x.log(3.0);
    let y = y + number(5.0_f64.ln()) / (x + 1.5).ln();
    let y =
        y + x.sin() + x.cos() + x.tan() + (x * 0.5).asin() + (x * 0.4).acos() + x.atan() + x.atan2(number(2.0) - x * x);
    let y = y + x.sinh() + x.cosh() + x.tanh() + x.asinh() + (x + 1.0).acosh() + (x * 0.6).atanh();
    let other = number(1.0) - x;
    let y = y + (x * x + other * other).sqrt() + x * x + x.sin() + x * std::f64::consts::PI / 180.0 + x + x * x;
    y / (x * x + 2.0)
        + (x.exp() + 1.0).ln()
        + number(1.0) / ((-x).exp() + 1.0)
        + x.cosh().ln()
        + (x * x + x * 2.0).sqrt()
}

#[test]
fn every_primitive_against_dual_numbers() {
    for x in [0.2, 0.45, 0.9] {
        let dual = everything_dual(Dual3_64::new(x, 1.0, 0.0, 0.0));
        let expected = [dual.re, dual.v1, dual.v2, dual.v3];
        close(&everything_derivatives(x), |k| expected[usize::try_from(k).unwrap()], 1e-12);
    }
}

/// Loops, branches, arrays, `Vec`s, closures, early returns.
#[differentiate(derivatives(5), wrt(x))]
fn legendre(x: f64, n: usize) -> f64 {
    if n == 0 {
        return 1.0;
    }
    let (mut p, mut q) = (x, 1.0);
    for k in 1..n {
        let next = ((2 * k + 1) as f64 * x * p - k as f64 * q) / (k + 1) as f64;
        q = p;
        p = next;
    }
    p
}

#[differentiate(derivatives(4), wrt(x))]
fn buffered(x: f64, n: usize) -> f64 {
    let square = |v: f64| v * v;
    let mut powers = vec![1.0];
    for k in 1..n {
        powers.push(powers[k - 1] * x);
    }
    let mut table = [0.0; 4];
    table[1] = x.sin();
    table[3] = square(table[1]);
    let mut sum = 0.0;
    let mut k = 0;
    while k < n {
        sum += powers[k] * table[k % 4];
        k += 1;
    }
    if x > 10.0 { 0.0 } else { sum }
}

/// With a buffer of the caller's, before and after the parameter.
#[differentiate(derivatives(3), wrt(x))]
fn with_scratch(scratch: &mut [f64], x: f64, fixed: &mut [f64; 2]) -> f64 {
    fixed[0] = x * x;
    for k in 0..scratch.len() {
        scratch[k] = scratch[k] * x + fixed[0];
        fixed[1] += scratch[k] * fixed[0];
    }
    fixed[1]
}

#[test]
fn buffers() {
    let found = with_scratch_derivatives(&mut [2.0, -1.0], 0.5, &mut [7.0, 3.0]);
    // 3 + x²(2x + x² - x + x²) = 3 + x³ + 2x⁴
    let x = 0.5_f64;
    close(
        &found,
        |k| {
            [3.0 + x.powi(3) + 2.0 * x.powi(4), 3.0 * x * x + 8.0 * x.powi(3), 6.0 * x + 24.0 * x * x, 6.0 + 48.0 * x]
                [usize::try_from(k).unwrap()]
        },
        1e-15,
    );
}

fn buffered_dual(x: Dual3_64, n: usize) -> Dual3_64 {
    let mut sum = Dual3_64::from(0.0);
    for k in 0..n {
        let power = (0..k).fold(Dual3_64::from(1.0), |p, _| p * x);
        let entry = [Dual3_64::from(0.0), x.sin(), Dual3_64::from(0.0), x.sin() * x.sin()][k % 4];
        sum += power * entry;
    }
    sum
}

#[test]
fn control_flow_and_arrays() {
    // P₅ = (63 x⁵ - 70 x³ + 15 x)/8
    let x = 0.3_f64;
    let coefficients = [0.0, 15.0, 0.0, -70.0, 0.0, 63.0];
    let falling = |n: i32, k: i32| (0..k).map(|j| f64::from(n - j)).product::<f64>();
    let term = |n: i32, c: f64, k: i32| if k > n { 0.0 } else { c * falling(n, k) * x.powi(n - k) };
    let expected = |k: i32| (0..).zip(coefficients).map(|(n, c)| term(n, c, k)).sum::<f64>() / 8.0;
    close(&legendre_derivatives(x, 5), expected, 1e-14);
    assert_eq!(legendre_derivatives(x, 0), [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    let dual = buffered_dual(Dual3_64::new(x, 1.0, 0.0, 0.0), 8);
    let expected = [dual.re, dual.v1, dual.v2, dual.v3];
    close(&buffered_derivatives(x, 8)[..4], |k| expected[usize::try_from(k).unwrap()], 1e-13);
}

/// `f32`, generic functions, results that may be missing, other names, methods.
#[differentiate(derivatives(3))]
fn single(x: f32) -> f32 {
    x.exp() * x
}

#[differentiate(derivatives(2) = "generic_and_two_derivatives")]
fn generic<T: num_traits::Float>(x: T) -> T {
    x.tanh() / (T::one() + x * x)
}

#[differentiate(derivatives(2))]
fn fallible(x: f64) -> Option<f64> {
    if x < 0.0 { None } else { Some(x.sqrt()) }
}

struct Wave {
    rate: f64,
}

impl Wave {
    #[differentiate(derivatives(2))]
    fn at(&self, t: f64) -> f64 {
        (self.rate * t).cos()
    }
}

#[test]
fn other_forms() {
    let found = single_derivatives(0.5);
    let e = 0.5_f32.exp();
    for (k, (found, factor)) in found.into_iter().zip([0.5_f32, 1.5, 2.5, 3.5]).enumerate() {
        assert!((found - factor * e).abs() < 1e-6 * factor * e, "order {k}: {found}");
    }
    let (wide, narrow) = (generic_and_two_derivatives(0.5_f64), generic_and_two_derivatives(0.5_f32));
    assert!(wide.into_iter().zip(narrow).all(|(a, b)| (a - f64::from(b)).abs() < 1e-6));
    assert_eq!(fallible_derivatives(-1.0), None);
    assert_eq!(fallible_derivatives(4.0), Some([2.0, 0.25, -0.03125]));
    let wave = Wave { rate: 2.0 };
    close(
        &wave.at_derivatives(0.3),
        |k| 2.0_f64.powi(k) * (0.6 + f64::from(k) * std::f64::consts::FRAC_PI_2).cos(),
        1e-14,
    );
}

/// What a composition is by its structure has its derivatives where its parts overflow, and at the kinks of its parts.
#[differentiate(derivatives(3))]
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

#[differentiate(derivatives(3))]
fn plain_softplus(x: f64) -> f64 {
    (1.0 + x.exp()).ln()
}

#[test]
fn compositions() {
    assert_eq!(softplus_derivatives(0.0)[1..], [0.5, 0.25, 0.0]);
    assert_eq!(plain_softplus_derivatives(800.0)[1..], [1.0, 0.0, 0.0]);
    close(&softplus_derivatives(0.4), |k| plain_softplus_derivatives(0.4)[usize::try_from(k).unwrap()], 1e-14);
}

/// A curve has a velocity, an acceleration and so on: each has the form of what is returned.
#[differentiate(derivatives(3), wrt(t), verify(t = 0.4, turns = 3))]
fn helix(t: f64, turns: usize) -> ([[f64; 2]; 2], f64, Vec<f64>) {
    let angle = t * turns as f64;
    let height = (t * t).exp();
    ([[angle.cos(), angle.sin()], [angle * height, 2.0]], height, (0..turns).map(|k| t.powi(k as i32)).collect())
}

fn helix_dual(t: Dual3_64, turns: usize) -> Vec<Dual3_64> {
    let angle = t * turns as f64;
    let height = (t * t).exp();
    let mut all = vec![angle.cos(), angle.sin(), angle * height, Dual3_64::from(2.0), height];
    all.extend((0..turns).map(|k| t.powi(k as i32)));
    all
}

#[differentiate(derivatives(2))]
fn checked(t: f64) -> Result<[f64; 2], String> {
    if t < 0.0 { Err("before".into()) } else { Ok([t.sqrt(), t * t]) }
}

/// What returns more than a number is called for its series.
#[differentiate(derivatives(2))]
fn list<T: num_traits::Float>(t: T) -> Vec<T> {
    vec![t.sin() * t, t * t]
}

#[test]
fn curves() {
    let all = helix_derivatives(0.4, 3);
    let expected = helix_dual(Dual3_64::new(0.4, 1.0, 0.0, 0.0), 3);
    for (k, (rows, height, list)) in all.iter().enumerate() {
        let found: Vec<f64> = rows.as_flattened().iter().chain([height]).chain(list).copied().collect();
        let expected = expected.iter().map(|dual| [dual.re, dual.v1, dual.v2, dual.v3][k]);
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() <= 1e-13 * expected.abs().max(1.0), "order {k}: {found}, not {expected}");
        }
        assert_eq!(found.len(), 8);
    }
    assert_eq!(all[0], helix(0.4, 3));
    assert!(checked_derivatives(-1.0).is_err());
    assert_eq!(checked_derivatives(4.0), Ok([[2.0, 16.0], [0.25, 8.0], [-0.03125, 2.0]]));
    let [value, first, second] = list_derivatives(0.5_f32);
    assert_eq!(value, list(0.5_f32));
    assert!((first[0] - (0.5_f32.cos() * 0.5 + 0.5_f32.sin())).abs() < 1e-6 && (second[1] - 2.0).abs() < 1e-6);
}
