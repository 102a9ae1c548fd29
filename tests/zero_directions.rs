//! Where a partial derivative is infinite: what does not depend on a number has no derivative by it, in every column of a matrix of
//! numbers. Values by hand, from closed forms.

use symgrad::differentiate;

const INFINITE: f64 = f64::INFINITY;

#[differentiate(gradient, hessian)]
fn sum(x: f64, y: f64) -> f64 {
    x.sqrt() + y * y
}

#[differentiate(gradient, hessian)]
fn product(x: f64, y: f64, z: f64) -> f64 {
    x.sqrt() * y + z.powi(3)
}

#[test]
fn hessians() {
    assert_eq!(sum_gradient(0.0, 3.0), [INFINITE, 6.0]);
    assert_eq!(sum_hessian(0.0, 3.0), [[-INFINITE, 0.0], [0.0, 2.0]]);
    let expected = [[-INFINITE, INFINITE, 0.0], [INFINITE, 0.0, 0.0], [0.0, 0.0, 12.0]];
    assert_eq!(product_hessian(0.0, 3.0, 2.0), expected);
    // Elsewhere nothing is changed: x^(1/2) y + z³.
    let (xx, xy) = (-0.25 * 4.0_f64.powf(-1.5) * 3.0, 0.25);
    assert_eq!(product_hessian(4.0, 3.0, 2.0), [[xx, xy, 0.0], [xy, 0.0, 0.0], [0.0, 0.0, 12.0]]);
}

#[differentiate(jacobian)]
fn rows(x: f64, y: f64) -> [f64; 3] {
    let r = x.sqrt();
    [r + y, x * y, (y - 1.0).asin() * r]
}

#[test]
fn jacobians() {
    let jacobian = rows_jacobian(0.0, 3.0);
    assert_eq!(jacobian[..2], [[INFINITE, 1.0], [3.0, 0.0]]);
    // asin'(1) is infinite, and √0 is 0: by `y`, nobody knows.
    let jacobian = rows_jacobian(0.25, 2.0);
    assert_eq!(jacobian[2], [std::f64::consts::FRAC_PI_2, INFINITE]);
    assert!(rows_jacobian(0.0, 2.0)[2][1].is_nan());
}

/// Through calls, loops and branches.
#[differentiate(gradient, hvp)]
fn root(x: f64) -> f64 {
    x.sqrt()
}

#[differentiate(hessian)]
fn calls(x: f64, y: f64) -> f64 {
    let mut total = root(x);
    for k in 0..3 {
        if k != 1 {
            total += y * y + x.ln_1p();
        }
    }
    total
}

#[differentiate(jacobian)]
fn calling_rows(x: f64, y: f64) -> [f64; 2] {
    [root(x) + y, root(y) * 2.0]
}

#[test]
fn through_calls() {
    assert_eq!(calls_hessian(0.0, 3.0), [[-INFINITE, 0.0], [0.0, 4.0]]);
    assert_eq!(calling_rows_jacobian(0.0, 4.0), [[INFINITE, 1.0], [0.0, 0.5]]);
}

/// A tangent that is zero by chance is not taken for none: `√x²` has no derivative at 0, along any direction but that of `y`.
#[differentiate(jacobian)]
fn by_chance(x: f64, y: f64) -> [f64; 2] {
    let square = x * x * y;
    [square.sqrt(), y]
}

#[test]
fn zeros_by_chance() {
    let jacobian = by_chance_jacobian(0.0, 1.0);
    assert!(jacobian[0][0].is_nan());
    assert_eq!(jacobian[1], [0.0, 1.0]);
}

/// An argument that is constant for the caller has no tangent, which is not one that is zero.
#[differentiate(gradient, jvp)]
fn from_zero(x: f64, y: f64) -> f64 {
    x.sqrt() + y * y
}

#[differentiate(gradient, jvp)]
fn with_a_constant(y: f64) -> f64 {
    from_zero(0.0, y) * y
}

#[differentiate(gradient, jvp)]
fn checked_from_zero<T: num_traits::Float>(x: T, y: T) -> Option<T> {
    if y < T::zero() {
        return None;
    }
    Some(from_zero_of(x, y))
}

#[differentiate(gradient, jvp)]
fn from_zero_of<T: num_traits::Float>(x: T, y: T) -> T {
    x.ln_1p().sqrt() + y * y
}

#[differentiate(gradient, jvp)]
fn with_a_constant_through_two(y: f64) -> Option<f64> {
    let value = checked_from_zero(0.0, y)?;
    Some(value * y)
}

#[test]
fn arguments_that_do_not_move() {
    assert_eq!(with_a_constant_jvp(3.0, 1.0), (27.0, 27.0));
    assert_eq!(with_a_constant_through_two_jvp(3.0, 1.0), Some((27.0, 27.0)));
    assert_eq!(with_a_constant_through_two_jvp(-3.0, 1.0), None);
    // By chance.
    assert!(from_zero_jvp(0.0, 3.0, 0.0, 1.0).1.is_nan());
}
