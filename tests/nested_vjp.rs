//! Products with cotangents inside differentiated functions: against differences, in every kind, and that levels are not mixed up.

#[path = "common/differences.rs"]
mod common;

use common::{close, differences, slopes};
use symgrad::differentiate;

#[differentiate(vjp, hvp)]
fn one(x: f64) -> f64 {
    x.sin() * x * x
}

#[differentiate(vjp, hvp)]
fn numbers(x: f64, y: f64, z: f64) -> f64 {
    (x * y).sin() + z * z * x
}

#[differentiate(vjp, hvp, wrt(x))]
fn array(x: &[f64; 2], n: i32, scale: f64) -> f64 {
    (x[0] * scale).exp() * x[1].powi(n)
}

#[differentiate(vjp, hvp)]
fn list(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 1..x.len() {
        sum += x[i] * x[i - 1].cos();
    }
    sum
}

#[differentiate(vjp, hvp)]
fn moved(x: Vec<f64>) -> f64 {
    let mut product = 1.0;
    for v in x {
        product *= v + 0.3 * product;
    }
    product
}

#[differentiate(vjp, hvp)]
fn rows(x: &[[f64; 2]; 2]) -> f64 {
    x[0][0] * x[1][1].sin() - x[0][1] * x[1][0] * x[1][1]
}

#[differentiate(gradient, jvp)]
fn all(x: &[f64; 3]) -> f64 {
    let (v, s): (f64, f64) = one_vjp(x[0] * x[1], x[2]);
    let (w, [t, u, _]): (f64, [f64; 3]) = numbers_vjp(x[0], s, x[2], v);
    let (a, b): (f64, [f64; 2]) = array_vjp(&[x[0], x[1]], 3, 0.5, x[2] * x[2]);
    let (c, d): (f64, Vec<f64>) = list_vjp(&[x[2], x[0], x[1] * x[0]], x[1]);
    let (e, f): (f64, Vec<f64>) = moved_vjp(vec![x[1], x[0], x[2]], x[0] * x[1]);
    let (g, h): (f64, [[f64; 2]; 2]) = rows_vjp(&[[x[0], x[1]], [x[2], x[0]]], x[2]);
    // Only the cotangent varies, and only the point.
    let (_, k): (f64, [f64; 2]) = array_vjp(&[0.3, 0.7], 2, 1.5, x[0]);
    let (_, l): (f64, [f64; 2]) = array_vjp(&[x[1], x[0]], 2, 1.5, 2.0);
    v * w + t * u + a * b[1] + c * d[0] * d[2] + e * f[1] + g * h[1][1] + h[0][1] * k[0] + l[1]
}

#[test]
fn every_form() {
    let x = [0.4, 0.7, -0.9];
    let (value, gradient) = all_value_and_gradient(&x);
    assert_eq!(value, all(&x));
    close(&gradient, &slopes(&|x| all(&[x[0], x[1], x[2]]), &x), 1e-8);
    let v = [0.3, -2.0, 1.1];
    let along: f64 = gradient.iter().zip(v).map(|(g, v)| g * v).sum();
    let (same, tangent) = all_jvp(&x, &v);
    assert_eq!(same, value);
    close(&[tangent], &[along], 1e-13);
}

#[differentiate(jacobian, vjp)]
fn field(x: &[f64; 3]) -> [f64; 2] {
    let (v, s): (f64, [f64; 2]) = array_vjp(&[x[0], x[1]], 2, 1.5, x[2]);
    let (w, t): (f64, Vec<f64>) = list_vjp(&[x[0], x[2], x[1]], x[0] * x[1]);
    [v * s[0] * t[1], s[1] * w]
}

#[test]
fn matrices() {
    let x = [0.4, 0.7, -0.9];
    let jacobian = field_jacobian(&x);
    let (_, product) = field_vjp(&x, &[0.0, 1.0]);
    close(&product, &jacobian[1], 1e-13);
    for (k, row) in jacobian.iter().enumerate() {
        close(row, &slopes(&|x| field(&[x[0], x[1], x[2]])[k], &x), 1e-8);
    }
}

#[differentiate(jacobian)]
fn field_of_lists(x: &[f64]) -> Vec<f64> {
    let (_, t): (f64, Vec<f64>) = list_vjp(x, x[0]);
    t
}

#[test]
fn a_jacobian_over_a_list() {
    let x: Vec<f64> = (0..11).map(|k| (0.8 * f64::from(k)).sin()).collect();
    let rows = differences(&|x| field_of_lists(x), &x);
    close(&field_of_lists_jacobian(&x), &rows, 1e-8);
}

#[differentiate(vjp, hvp)]
fn generic<T: num_traits::Float>(x: &[T; 2], y: &[T; 1]) -> T {
    x[0].sin() * x[1] * y[0] * y[0]
}

#[differentiate(vjp, hvp, wrt(x))]
fn generic_of_one<T: num_traits::Float>(x: &[T; 2], y: T) -> T {
    x[0].sin() * x[1] * y * y
}

#[differentiate(gradient, wrt(x))]
fn of_generic<T: num_traits::Float>(x: T, y: T) -> T {
    let (v, s): (T, [T; 2]) = generic_of_one_vjp(&[x * y, y], y, x);
    v * s[0] * s[1]
}

#[test]
fn generics() {
    let gradient = of_generic_gradient(0.7, 1.3);
    close(&[gradient], &slopes(&|x| of_generic(x[0], 1.3), &[0.7]), 1e-8);
    let single: f32 = of_generic_gradient(0.7, 1.3);
    close(&[f64::from(single)], &[gradient], 1e-5);
    let (_, (_, y)) = generic_vjp(&[0.3, 0.2], &[0.5], 1.0);
    close(&y, &slopes(&|y| generic(&[0.3, 0.2], &[y[0]]), &[0.5]), 1e-8);
}

struct Spring {
    k: f64,
}

#[differentiate(vjp, hvp)]
impl Spring {
    #[differentiate(wrt(x))]
    fn energy(&self, x: f64) -> f64 {
        self.k * x.powi(3)
    }

    #[differentiate(gradient, wrt(x))]
    fn power(&self, x: f64) -> f64 {
        let (_, rate): (f64, f64) = self.energy_vjp(x, x.sin());
        rate * x
    }
}

#[test]
fn methods() {
    let spring = Spring { k: 0.7 };
    close(&[spring.power_gradient(1.1)], &slopes(&|x| spring.power(x[0]), &[1.1]), 1e-8);
}

#[differentiate(vjp, hvp)]
fn checked(x: f64) -> Option<f64> {
    if x < 0.0 {
        return None;
    }
    Some(x * x * x)
}

#[differentiate]
fn of_checked(x: f64) -> Option<f64> {
    let (v, s): (f64, f64) = checked_vjp(x, x)?;
    Some(v * s)
}

#[test]
fn values_that_may_not_be_there() {
    assert_eq!(of_checked_gradient(-1.0), None);
    close(&[of_checked_gradient(1.2).unwrap()], &slopes(&|x| of_checked(x[0]).unwrap(), &[1.2]), 1e-8);
}

#[differentiate(vjp, hvp)]
fn product(x: f64, y: f64) -> f64 {
    x * y
}

/// d/dx (x · d/dy (x · y)) = 2x.
#[differentiate]
fn of_product(x: f64) -> f64 {
    let (_, [_, inner]): (f64, [f64; 2]) = product_vjp(x, 1.0, 1.0);
    x * inner
}

#[test]
fn levels_are_not_mixed_up() {
    assert_eq!(of_product_gradient(3.0), 6.0);
}
