//! Second derivatives of functions with rules of their own, where the rule is a differentiated function: against differences of
//! the gradients that the rules say, and against the same functions without rules.

#![allow(clippy::cast_lossless, reason = "as users write them")]

#[path = "common/differences.rs"]
mod common;

use common::{close, differences};
use symgrad::differentiate;

/// The residual whose root is asked for, `x³ + a·x = b`.
#[differentiate(gradient, hvp)]
fn residual(x: f64, a: f64, b: f64) -> f64 {
    x.powi(3) + a * x - b
}

#[differentiate(gradient, hvp, hessian, custom = root_rule)]
fn root(a: f64, b: f64) -> f64 {
    let mut x = 1.0_f64;
    for _ in 0..100 {
        let [slope, ..] = residual_gradient(x, a, b);
        x -= residual(x, a, b) / slope;
    }
    x
}

/// Differentiated itself, it says what the second derivatives are: through the root once more, by the rule, and through a
/// gradient.
#[differentiate(jacobian)]
fn root_rule(a: f64, b: f64) -> (f64, [f64; 2]) {
    let x = root(a, b);
    let [dx, da, db] = residual_gradient(x, a, b);
    (x, [-da / dx, -db / dx])
}

#[test]
fn of_a_root() {
    let (value, gradient, hessian) = root_value_gradient_hessian(1.5, 4.0);
    assert_eq!((value, gradient), root_value_and_gradient(1.5, 4.0));
    assert_eq!(hessian, root_hessian(1.5, 4.0));
    let slopes = differences(&|x| root_gradient(x[0], x[1]).to_vec(), &[1.5, 4.0]);
    close(hessian.as_flattened(), &slopes, 1e-9);
    let product = root_hvp(1.5, 4.0, 0.3, -2.0);
    let rows = hessian.map(|row| 0.3 * row[0] - 2.0 * row[1]);
    close(&product, &rows, 1e-14);
}

#[differentiate(gradient, hessian, hvp)]
fn through(a: f64, b: f64, c: f64) -> f64 {
    let mut sum = 0.0;
    for k in 0..3 {
        let r = root(a + 0.1 * k as f64, b * c);
        if r > 1.0 {
            sum += r.sin() * c;
        } else {
            sum -= r * r;
        }
    }
    sum * root(c, a)
}

#[test]
fn of_what_calls_it() {
    let x = [1.5, 4.0, 0.8];
    let hessian = through_hessian(x[0], x[1], x[2]);
    let slopes = differences(&|x| through_gradient(x[0], x[1], x[2]).to_vec(), &x);
    close(hessian.as_flattened(), &slopes, 1e-9);
    let product = through_hvp(x[0], x[1], x[2], 1.0, -0.5, 2.0);
    close(&product, &hessian.map(|row| row[0] - 0.5 * row[1] + 2.0 * row[2]), 1e-13);
}

/// The gradient of a function with a rule, inside a differentiated function.
#[differentiate]
fn slope_of_root(a: f64, b: f64) -> f64 {
    let [da, db] = root_gradient(a, b);
    da * db
}

#[test]
fn of_its_gradient() {
    let slopes = differences(&|x| vec![slope_of_root(x[0], x[1])], &[1.5, 4.0]);
    close(&slope_of_root_gradient(1.5, 4.0), &slopes, 1e-9);
}

/// The logarithm of a sum of exponentials, and the same by a rule.
#[differentiate(gradient, hessian, hvp)]
fn plain(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for v in x {
        sum += v.exp();
    }
    sum.ln()
}

#[differentiate(gradient, hessian, hvp, custom = weights)]
fn ruled(x: &[f64]) -> f64 {
    plain(x)
}

#[differentiate(hvp)]
fn weights(x: &[f64]) -> (f64, Vec<f64>) {
    let mut sum = 0.0;
    for v in x {
        sum += v.exp();
    }
    (sum.ln(), x.iter().map(|v| v.exp() / sum).collect())
}

#[differentiate(gradient, hvp)]
fn of_plain(x: &[f64], s: f64) -> f64 {
    plain(&[x[0] * s, x[1] * x[2], s]) * plain(x)
}

#[differentiate(gradient, hvp)]
fn of_ruled(x: &[f64], s: f64) -> f64 {
    ruled(&[x[0] * s, x[1] * x[2], s]) * ruled(x)
}

#[test]
fn of_slices() {
    let x: Vec<f64> = (0..11).map(|k| (f64::from(k) * 0.7).sin()).collect();
    close(&ruled_hessian(&x), &plain_hessian(&x), 1e-13);
    close(&ruled_hvp(&x, &x), &plain_hvp(&x, &x), 1e-13);
    let x = [0.3, -0.8, 1.4];
    let (found, s) = of_ruled_hvp(&x, 0.7, &[1.0, 2.0, -0.5], 0.25);
    let (expected, s_expected) = of_plain_hvp(&x, 0.7, &[1.0, 2.0, -0.5], 0.25);
    close(&found, &expected, 1e-13);
    close(&[s], &[s_expected], 1e-13);
}

/// What the rule says is taken, not the derivative of the value that it computes: rounded, and curved as the square.
#[differentiate(gradient, hvp, custom = square_rule)]
fn rounded_square(x: f64) -> f64 {
    (x * x).round()
}

#[differentiate(jacobian)]
fn square_rule(x: f64) -> (f64, f64) {
    (rounded_square(symgrad::stop_gradient(x)), 2.0 * x)
}

#[differentiate(gradient, hessian)]
fn of_rounded(x: f64, y: f64) -> f64 {
    rounded_square(x).exp() * y
}

#[test]
fn the_rule_is_taken_at_its_word() {
    assert_eq!(rounded_square_hvp(0.9, 3.0), 6.0);
    // (e^v·y)'' = e^v·(v'·v' + v'')·y, with v' = 2x.
    let (x, y, v) = (0.9, 2.0, 1.0_f64);
    let [[xx, xy], [_, yy]] = of_rounded_hessian(x, y);
    close(&[xx, xy, yy], &[v.exp() * (4.0 * x * x + 2.0) * y, v.exp() * 2.0 * x, 0.0], 1e-15);
}

/// Results that may fail, and data.
#[differentiate(gradient, hessian, wrt(x), custom = checked_rule)]
fn checked(x: &[f64; 2], name: &str) -> Result<f64, String> {
    if x[0] > 0.0 { Ok(x[0].ln() * x[1]) } else { Err(name.into()) }
}

#[differentiate(hvp, wrt(x))]
fn checked_rule(x: &[f64; 2], name: &str) -> Result<(f64, [f64; 2]), String> {
    let value = checked(x, name)?;
    Ok((value, [x[1] / x[0], x[0].ln()]))
}

#[differentiate(gradient, hvp)]
fn of_checked(a: f64, b: f64) -> Result<f64, String> {
    let v = checked(&[a * b, a], "inner")?;
    Ok(v * v)
}

#[test]
fn results_that_may_fail() {
    assert_eq!(checked_hessian(&[2.0, 3.0], "x"), Ok([[-0.75, 0.5], [0.5, 0.0]]));
    assert_eq!(checked_hessian(&[-2.0, 3.0], "x"), Err("x".into()));
    let product = of_checked_hvp(0.7, 1.3, 1.0, -2.0).unwrap();
    let slopes = differences(&|x| of_checked_gradient(x[0], x[1]).unwrap().to_vec(), &[0.7, 1.3]);
    close(&product, &[slopes[0] - 2.0 * slopes[1], slopes[2] - 2.0 * slopes[3]], 1e-9);
    assert_eq!(of_checked_hvp(-0.7, 1.3, 1.0, -2.0), Err("inner".into()));
}

struct Scale {
    k: f64,
}

#[differentiate]
impl Scale {
    #[differentiate(gradient, hvp, custom = Self::rule)]
    fn energy(&self, x: f64, y: f64) -> f64 {
        self.k * (x * y).powi(3)
    }

    #[differentiate(jacobian)]
    fn rule(&self, x: f64, y: f64) -> (f64, [f64; 2]) {
        let p = x * y;
        (self.k * p.powi(3), [3.0 * self.k * p * p * y, 3.0 * self.k * p * p * x])
    }

    #[differentiate(gradient, hessian)]
    fn twice(&self, x: f64, y: f64) -> f64 {
        self.energy(self.energy(x, y), y)
    }
}

#[test]
fn of_methods() {
    let scale = Scale { k: 0.4 };
    let slopes = differences(&|x| scale.twice_gradient(x[0], x[1]).to_vec(), &[0.9, 1.1]);
    close(scale.twice_hessian(0.9, 1.1).as_flattened(), &slopes, 1e-8);
}

#[differentiate(gradient, hvp, custom = soft_rule)]
fn soft<T: num_traits::Float>(x: T) -> T {
    x.exp().ln_1p()
}

#[differentiate(jacobian)]
fn soft_rule<T: num_traits::Float>(x: T) -> (T, T) {
    (soft(x), T::one() / (T::one() + (-x).exp()))
}

#[differentiate(gradient, hessian)]
fn of_soft(x: f64, y: f64) -> f64 {
    soft(x * y) * soft(y)
}

#[test]
fn of_generic_functions() {
    assert!((soft_hvp(0.0_f32, 1.0) - 0.25).abs() < 1e-7);
    let slopes = differences(&|x| of_soft_gradient(x[0], x[1]).to_vec(), &[0.9, -1.1]);
    close(of_soft_hessian(0.9, -1.1).as_flattened(), &slopes, 1e-9);
}
