//! Methods of numbers, of a trait with the attribute on its `impl`: `methods(square)`. Gradients and tangents against differences,
//! second derivatives against differences of gradients.

use symgrad::{assert_derivatives, assert_gradient, differentiate};

trait Powers: Sized {
    fn square(self) -> Self;
    fn blend(self, other: Self, share: Self) -> Self;
}

#[differentiate(gradient, jvp, hessian, companions = PowersDerivatives)]
impl Powers for f64 {
    #[differentiate]
    fn square(self) -> Self {
        self * self
    }
    #[differentiate]
    fn blend(self, other: Self, share: Self) -> Self {
        self * share.cos() + other * (1.0 - share)
    }
}

#[differentiate(gradient, jvp, hessian, methods(square, blend))]
fn of_methods(x: f64, y: f64) -> f64 {
    let z = (x.sin() + y).square();
    let mut sum = z.blend(x * y, 0.3 * x).exp();
    for k in 0..3_u8 {
        sum += (x * f64::from(k)).square() * y.square().square();
    }
    sum
}

#[differentiate(gradient, jvp, methods(square))]
fn of_elements(x: &[f64]) -> f64 {
    x.iter().map(|v| v.square()).sum::<f64>() + x.iter().map(|&v| v.square() * 2.0).sum::<f64>() + x[0].square()
}

#[test]
fn methods_of_numbers() {
    assert_gradient!(
        |p| of_methods(p[0], p[1]),
        |p| of_methods_value_and_gradient(p[0], p[1]),
        [0.4, -0.3],
        jvp = |p, v| of_methods_jvp(p[0], p[1], v[0], v[1])
    );
    assert_derivatives!(hessian, |p| of_methods_gradient(p[0], p[1]), |p| of_methods_hessian(p[0], p[1]), [0.4, -0.3]);
    assert_gradient!(
        of_elements,
        |p| {
            let (value, gradient) = of_elements_value_and_gradient(p);
            (value, [gradient[0], gradient[1]])
        },
        [0.4, -0.3]
    );
}
