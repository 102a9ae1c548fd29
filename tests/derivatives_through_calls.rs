//! `derivatives(n)` of functions that call others: order 3 against dual numbers, and higher orders against closed forms.

#![allow(clippy::cast_precision_loss, clippy::needless_range_loop, reason = "as users write them")]

use num_dual::{Dual3_64, DualNum as _};
use symgrad::differentiate;

#[track_caller]
fn close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (k, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!(
            (found - expected).abs() <= tolerance * expected.abs().max(1.0),
            "order {k}: {found:?}, not {expected:?}"
        );
    }
}

fn dual(f: impl Fn(Dual3_64) -> Dual3_64, x: f64) -> [f64; 4] {
    let y = f(Dual3_64::new(x, 1.0, 0.0, 0.0));
    [y.re, y.v1, y.v2, y.v3]
}

/// Of two numbers, and data: both may vary.
#[differentiate(derivatives, wrt(x, y))]
fn two(x: f64, y: f64, n: i32) -> f64 {
    (x * y).sin() / (1.0 + y.powi(n))
}

fn two_dual(x: Dual3_64, y: Dual3_64, n: i32) -> Dual3_64 {
    (x * y).sin() / (y.powi(n) + 1.0)
}

#[differentiate(derivatives(3))]
fn numbers(x: f64) -> f64 {
    let a = two(x, 0.7, 2);
    let b = two(1.3, x.exp(), 3);
    two(a, b, 2) * two(0.1, 0.2, 1)
}

#[test]
fn of_numbers() {
    let constant = Dual3_64::from;
    let expected = |x: Dual3_64| {
        let a = two_dual(x, constant(0.7), 2);
        let b = two_dual(constant(1.3), x.exp(), 3);
        two_dual(a, b, 2) * two_dual(constant(0.1), constant(0.2), 1)
    };
    for x in [-0.6, 0.2, 1.1] {
        assert_eq!(numbers_derivatives(x)[0].to_bits(), numbers(x).to_bits());
        close(&numbers_derivatives(x), &dual(expected, x), 1e-13);
    }
}

/// Slices and arrays, which are read, returned and written.
#[differentiate(derivatives)]
fn polynomial(c: &[f64], x: f64) -> f64 {
    let mut sum = 0.0;
    for i in (0..c.len()).rev() {
        sum = sum * x + c[i];
    }
    sum
}

#[differentiate(derivatives)]
fn powers(x: f64) -> [f64; 3] {
    [x, x * x, x.sqrt()]
}

#[differentiate(derivatives)]
fn list(x: f64, n: usize) -> Vec<f64> {
    (0..n).map(|k| (x * k as f64).cos()).collect()
}

#[differentiate(derivatives)]
fn pair(x: f64, y: f64) -> (f64, [f64; 2]) {
    (x / y, [x, y.exp()])
}

#[differentiate(derivatives)]
fn smooth(u: &mut [f64], rate: f64) {
    for i in 1..u.len() {
        u[i] = u[i] + rate * (u[i - 1] - u[i]);
    }
}

#[differentiate(derivatives(3))]
fn arrays(x: f64) -> f64 {
    let p: [f64; 3] = powers(x);
    let q: Vec<f64> = list(p[1], 4);
    let (a, b): (f64, [f64; 2]) = pair(p[2], x);
    let mut u = [x, 1.0, a, b[1]];
    smooth(&mut u, p[2]);
    for _ in 0..2 {
        smooth(&mut u[1..], 0.25);
    }
    polynomial(&u, q[3]) + polynomial(&q[1..], b[0]) * polynomial(&p, 0.5)
}

fn arrays_dual(x: Dual3_64) -> Dual3_64 {
    let one = Dual3_64::from(1.0);
    let p = [x, x * x, x.sqrt()];
    let q: Vec<Dual3_64> = (0..4).map(|k| (p[1] * f64::from(k)).cos()).collect();
    let (a, b) = (p[2] / x, [p[2], x.exp()]);
    let smooth = |u: &mut [Dual3_64], rate: Dual3_64| {
        for i in 1..u.len() {
            u[i] = u[i] + rate * (u[i - 1] - u[i]);
        }
    };
    let polynomial = |c: &[Dual3_64], x: Dual3_64| c.iter().rev().fold(Dual3_64::from(0.0), |sum, &c| sum * x + c);
    let mut u = [x, one, a, b[1]];
    smooth(&mut u, p[2]);
    smooth(&mut u[1..], one * 0.25);
    smooth(&mut u[1..], one * 0.25);
    polynomial(&u, q[3]) + polynomial(&q[1..], b[0]) * polynomial(&p, one * 0.5)
}

#[test]
fn of_arrays() {
    for x in [0.3, 0.8, 1.9] {
        assert_eq!(arrays_derivatives(x)[0].to_bits(), arrays(x).to_bits());
        close(&arrays_derivatives(x), &dual(arrays_dual, x), 1e-12);
    }
}

/// In loops and branches, with exits; recursion; through several levels.
#[differentiate(derivatives(10))]
fn step(x: f64) -> f64 {
    x + 1.0
}

#[differentiate(derivatives, wrt(x))]
fn power(x: f64, n: u32) -> f64 {
    if n == 0 { 1.0 } else { x * power(x, n - 1) }
}

#[differentiate(derivatives(9), wrt(x))]
fn sum_of_powers(x: f64, n: u32) -> f64 {
    let mut sum = 0.0;
    for k in 0..n {
        if k % 2 == 1 {
            continue;
        }
        let y = step(x);
        if y > 100.0 {
            return power(y, 2);
        }
        sum += power(y, k);
    }
    sum
}

#[test]
fn of_loops_and_recursion() {
    // Σ (1 + x)^k over even k < 8.
    let x = 0.3_f64;
    let falling = |k: i32, order: i32| (0..order).map(|j| f64::from(k - j)).product::<f64>();
    let of_power = |k: i32, order: i32| {
        if order > k { 0.0 } else { falling(k, order) * (1.0 + x).powi(k - order) }
    };
    let expected: Vec<f64> = (0..10).map(|order| [0, 2, 4, 6].iter().map(|&k| of_power(k, order)).sum()).collect();
    close(&sum_of_powers_derivatives(x, 8), &expected, 1e-13);
    assert_eq!(sum_of_powers_derivatives(199.0, 8)[..4], [40000.0, 400.0, 2.0, 0.0]);
    assert_eq!(step_derivatives(2.0)[..3], [3.0, 1.0, 0.0]);
}

/// The derivatives of `e^x`, from a function that is called for them.
#[differentiate(derivatives)]
fn exponential<T: num_traits::Float>(x: T, rate: T) -> T {
    (rate * x).exp()
}

#[differentiate(derivatives(12))]
fn of_generic(x: f64) -> f64 {
    exponential::<f64>(x, 0.5) + exponential(0.0, x)
}

#[differentiate(derivatives(4))]
fn generic<T: num_traits::Float>(x: T) -> T {
    exponential(x, x) * x
}

#[differentiate(derivatives, wrt(x))]
fn fixed<const N: usize>(x: f64, weights: &[f64; N]) -> f64 {
    let mut y = 0.0;
    for w in weights {
        y += w * x * x;
    }
    y
}

#[differentiate(derivatives(2))]
#[rustfmt::skip]
fn of_const_generic(x: f64) -> f64 {
    fixed::<2>(x, &[1.0, 2.0]) * fixed::<>(x, &[0.5; 3])
}

#[test]
fn of_generic_functions() {
    let expected: Vec<f64> = (0..13).map(|k| 0.5_f64.powi(k) * 0.2_f64.exp()).collect();
    let mut found = of_generic_derivatives(0.4);
    found[0] -= 1.0;
    close(&found, &expected, 1e-15);
    let squared = |x: Dual3_64| (x * x).exp() * x;
    close(&generic_derivatives(0.6)[..4], &dual(squared, 0.6), 1e-14);
    let single = generic_derivatives(0.6_f32);
    close(&single.map(f64::from), &generic_derivatives(0.6), 1e-5);
    // 3x²·1.5x² = 4.5x⁴
    close(&of_const_generic_derivatives(2.0), &[72.0, 144.0, 216.0], 1e-15);
}

/// Results that may be missing, methods, trait methods.
#[differentiate(derivatives)]
fn checked(x: f64) -> Result<f64, String> {
    if x > 0.0 { Ok(x.ln()) } else { Err("no logarithm".into()) }
}

#[differentiate(derivatives(2))]
fn of_checked(x: f64) -> Result<f64, String> {
    let y = checked(x)?;
    Ok(y * checked(x * x).unwrap())
}

struct Wave {
    rate: f64,
}

#[differentiate]
impl Wave {
    #[differentiate(derivatives)]
    fn phase(&self, t: f64) -> f64 {
        self.rate * t
    }

    #[differentiate(derivatives)]
    fn shifted(t: f64) -> f64 {
        t + 0.5
    }

    #[differentiate(derivatives(3))]
    fn at(&self, t: f64) -> f64 {
        self.phase(Self::shifted(t)).sin()
    }
}

#[test]
fn of_methods_and_results() {
    assert_eq!(of_checked_derivatives(-1.0), Err("no logarithm".into()));
    // 2 ln² x
    let l = 3.0_f64.ln();
    close(&of_checked_derivatives(3.0).unwrap(), &[2.0 * l * l, 4.0 * l / 3.0, 4.0 * (1.0 - l) / 9.0], 1e-14);
    let wave = Wave { rate: 2.0 };
    let angle = 2.0 * 0.8_f64;
    close(&wave.at_derivatives(0.3), &[angle.sin(), 2.0 * angle.cos(), -4.0 * angle.sin(), -8.0 * angle.cos()], 1e-14);
}
