//! Directional derivatives inside differentiated functions: against differences, and that levels are not mixed up.

#[path = "common/differences.rs"]
mod common;

use common::{close, slopes};
use symgrad::differentiate;

#[differentiate(jvp, hvp)]
fn one(x: f64) -> f64 {
    x.sin() * x * x
}

#[differentiate(jvp, hvp, wrt(x, y))]
fn two(x: &[f64; 2], y: f64, n: i32) -> f64 {
    (x[0] * y).exp() * x[1].powi(n)
}

#[differentiate(jvp, hvp)]
fn list(x: &[f64], scale: f64) -> f64 {
    let mut sum = 0.0;
    for i in 1..x.len() {
        sum += scale * x[i] * x[i - 1].cos();
    }
    sum
}

#[differentiate(gradient, jvp)]
fn all(x: &[f64; 3]) -> f64 {
    let (v, s) = one_jvp(x[0] * x[1], x[2]);
    let (w, t) = two_jvp(&[x[0], s], x[2], 3, &[x[1], 1.0], v);
    // Only the direction varies, and only the point.
    let (_, u) = list_jvp(&[0.3, 0.2, 0.7], 1.5, &[x[0], x[1], x[0] * x[2]], 0.0);
    let (r, _) = list_jvp(&[x[0], x[2]], x[1], &[1.0, 2.0], 0.5);
    v * w + s * t - u * r
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

#[differentiate(jacobian)]
fn field(x: &[f64; 3]) -> [f64; 2] {
    let (v, s) = two_jvp(&[x[0], x[1]], x[2], 2, &[x[2], x[0] * x[1]], x[1]);
    [v * s, s]
}

#[test]
fn a_jacobian() {
    let x = [0.4, 0.7, -0.9];
    for (k, row) in field_jacobian(&x).iter().enumerate() {
        close(row, &slopes(&|x| field(&[x[0], x[1], x[2]])[k], &x), 1e-8);
    }
}

#[differentiate(jvp, hvp)]
fn generic<T: num_traits::Float>(x: &[T; 2], y: T) -> T {
    x[0].sin() * x[1] * y * y
}

#[differentiate(gradient)]
fn of_generic<T: num_traits::Float>(x: T, y: T) -> T {
    let (v, s) = generic_jvp(&[x * y, y], x, &[y, x], y);
    v * s
}

#[test]
fn generics() {
    let gradient = of_generic_gradient(0.7, 1.3);
    close(&gradient, &slopes(&|x| of_generic(x[0], x[1]), &[0.7, 1.3]), 1e-8);
    let single: [f32; 2] = of_generic_gradient(0.7, 1.3);
    close(&single.map(f64::from), &gradient, 1e-5);
}

struct Spring {
    k: f64,
}

#[differentiate(jvp, hvp)]
impl Spring {
    #[differentiate(wrt(x))]
    fn energy(&self, x: f64) -> f64 {
        self.k * x.powi(3)
    }

    #[differentiate(gradient, wrt(x))]
    fn power(&self, x: f64) -> f64 {
        let (_, rate) = self.energy_jvp(x, x.sin());
        rate * x
    }
}

#[test]
fn methods() {
    let spring = Spring { k: 0.7 };
    close(&[spring.power_gradient(1.1)], &slopes(&|x| spring.power(x[0]), &[1.1]), 1e-8);
}

#[differentiate(jvp, hvp)]
fn sum(x: f64, y: f64) -> f64 {
    x + y
}

/// d/dx (x · d/dy (x + y)) = 1, and not 2.
#[differentiate]
fn outer(x: f64) -> f64 {
    let (_, inner) = sum_jvp(x, 1.0, 0.0, 1.0);
    x * inner
}

#[differentiate(jvp, hvp)]
fn product(x: f64, y: f64) -> f64 {
    x * y
}

/// d/dx (x · d/dy (x · y)) = 2x.
#[differentiate]
fn of_product(x: f64) -> f64 {
    let (_, inner) = product_jvp(x, 1.0, 0.0, 1.0);
    x * inner
}

#[test]
fn levels_are_not_mixed_up() {
    assert_eq!(outer_gradient(3.0), 1.0);
    assert_eq!(of_product_gradient(3.0), 6.0);
}
