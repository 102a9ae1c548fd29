//! The attribute on the `impl` of a trait for arrays of floats: there `self` is an array like any other parameter, and `Self` its
//! type. Gradients are compared with finite differences, forward mode with reverse mode, second derivatives with both.

#![allow(clippy::cast_precision_loss, reason = "counts are small")]
#![allow(clippy::needless_range_loop, reason = "loops over indices are what is tested")]
#![allow(clippy::clone_on_copy, reason = "as users write it")]

use symgrad::{assert_gradient, differentiate};

trait Primitive: Sized {
    fn sub(&self, other: &Self) -> Self;
    fn scaled(&self, scalar: f64) -> Self;
    fn dot(&self, other: &Self) -> f64;
    fn magnitude2(&self) -> f64;
    fn distance(&self, other: &Self) -> f64;
    fn cosine(self, other: Self) -> f64;
    fn turned(self, angle: f64) -> Self;
    fn between(&self, other: &Self, at: f64) -> f64;
}

#[differentiate(companions = Derivatives)]
impl Primitive for [f64; 3] {
    #[differentiate(jvp, vjp, hvp)]
    fn sub(&self, other: &Self) -> Self {
        [self[0] - other[0], self[1] - other[1], self[2] - other[2]]
    }

    #[differentiate(jvp, vjp, hvp)]
    fn scaled(&self, scalar: f64) -> Self {
        let mut result = *self;
        for x in &mut result {
            *x *= scalar;
        }
        result
    }

    #[differentiate(gradient, jvp, hvp)]
    fn dot(&self, other: &Self) -> f64 {
        self.iter().zip(other).map(|(a, b)| a * b).sum()
    }

    #[differentiate(gradient, jvp, hvp, hessian)]
    fn magnitude2(&self) -> f64 {
        self.dot(self)
    }

    #[differentiate(gradient, jvp, hvp)]
    fn distance(&self, other: &Self) -> f64 {
        let d = self.sub(other);
        d.dot(&d).sqrt()
    }

    #[differentiate(gradient, jvp, hvp)]
    fn cosine(self, other: Self) -> f64 {
        self.dot(&other) / (self.magnitude2() * other.magnitude2()).sqrt()
    }

    #[differentiate(jvp, vjp, hvp)]
    fn turned(self, angle: f64) -> Self {
        let (sin, cos) = angle.sin_cos();
        [cos * self[0] - sin * self[1], sin * self[0] + cos * self[1], self[2]]
    }

    #[differentiate(gradient, jvp, hvp)]
    fn between(&self, other: &Self, at: f64) -> f64 {
        let [x, y, z] = *self;
        let turned = Self::turned([x, y, z], at);
        turned.scaled(at).sub(other).magnitude2() + other.turned(at).cosine(*self)
    }
}

// Names that numbers and iterators have, too.

trait Named {
    fn abs(&self) -> f64;
    fn sum(&self) -> f64;
    fn product(&self, other: &Self) -> f64;
    fn unit(&self) -> Self;
    fn swapped(self, angle: f64) -> Self;
    fn weighted(&self, angle: f64) -> f64;
}

#[differentiate(companions = NamedDerivatives)]
impl Named for [f64; 3] {
    #[differentiate(gradient, jvp)]
    fn abs(&self) -> f64 {
        self.product(self).abs().sqrt()
    }

    #[differentiate(gradient, jvp)]
    fn product(&self, other: &Self) -> f64 {
        self[0] * other[0] + self[1] * other[1] + self[2] * other[2]
    }

    #[differentiate(gradient, jvp)]
    fn sum(&self) -> f64 {
        self[0] - 2.0 * self[1] + self[2].sin()
    }

    #[differentiate(jvp, vjp)]
    fn unit(&self) -> Self {
        let length = self.abs();
        self.map(|x| x / length)
    }

    #[differentiate(jvp, vjp)]
    fn swapped(self, angle: f64) -> Self {
        [self[1] * angle, self[2].exp(), self[0]]
    }

    #[differentiate(gradient, jvp)]
    fn weighted(&self, angle: f64) -> f64 {
        self.clone().sum() * Self::swapped(*self, angle).sum() + self.swapped(angle).sum() + self[1].abs()
    }
}

fn three(x: &[f64]) -> [f64; 3] {
    [x[0], x[1], x[2]]
}

const POINT: [f64; 7] = [0.7, -0.3, 1.1, 0.4, 1.3, -0.6, 0.9];

#[test]
fn numbers() {
    assert_gradient!(
        |p| three(p).dot(&three(&p[3..])),
        |p| three(p).dot_value_and_gradient(&three(&p[3..])),
        &POINT[..6],
        jvp = |p, v| three(p).dot_jvp(&three(&p[3..]), &three(v), &three(&v[3..]))
    );
    assert_gradient!(
        |p| three(p).magnitude2(),
        |p| three(p).magnitude2_value_and_gradient(),
        &POINT[..3],
        jvp = |p, v| three(p).magnitude2_jvp(&three(v))
    );
    assert_gradient!(
        |p| three(p).distance(&three(&p[3..])),
        |p| three(p).distance_value_and_gradient(&three(&p[3..])),
        &POINT[..6],
        jvp = |p, v| three(p).distance_jvp(&three(&p[3..]), &three(v), &three(&v[3..]))
    );
    assert_gradient!(
        |p| three(p).cosine(three(&p[3..])),
        |p| three(p).cosine_value_and_gradient(three(&p[3..])),
        &POINT[..6],
        jvp = |p, v| three(p).cosine_jvp(three(&p[3..]), three(v), three(&v[3..]))
    );
    assert_gradient!(
        |p| three(p).between(&three(&p[3..]), p[6]),
        |p| three(p).between_value_and_gradient(&three(&p[3..]), p[6]),
        &POINT[..],
        jvp = |p, v| three(p).between_jvp(&three(&p[3..]), p[6], &three(v), &three(&v[3..]), v[6])
    );
}

#[test]
fn names_of_others() {
    assert_gradient!(
        |p| three(p).weighted(p[3]),
        |p| three(p).weighted_value_and_gradient(p[3]),
        &POINT[..4],
        jvp = |p, v| three(p).weighted_jvp(p[3], &three(v), v[3])
    );
    let w = [0.3, -0.8, 0.5];
    assert_gradient!(
        |p| three(p).unit().dot(&w),
        |p| (three(p).unit().dot(&w), three(p).unit_vjp(&w).1),
        &POINT[..3],
        jvp = |p, v| {
            let (value, tangent) = three(p).unit_jvp(&three(v));
            (value.dot(&w), tangent.dot(&w))
        }
    );
}

#[test]
fn arrays() {
    let (p, w) = (three(&POINT), [0.3, -0.8, 0.5]);
    let q = three(&POINT[3..]);
    // The product with a cotangent is the gradient of the product.
    assert_gradient!(
        |x| p.dot(&w) + three(x).sub(&three(&x[3..])).dot(&w),
        |x| (p.dot(&w) + three(x).sub(&three(&x[3..])).dot(&w), three(x).sub_vjp(&three(&x[3..]), &w).1),
        &POINT[..6],
        jvp = |x, v| {
            let (value, tangent) = three(x).sub_jvp(&three(&x[3..]), &three(v), &three(&v[3..]));
            (p.dot(&w) + value.dot(&w), tangent.dot(&w))
        }
    );
    assert_gradient!(
        |x| three(x).scaled(x[3]).dot(&w),
        |x| (three(x).scaled(x[3]).dot(&w), three(x).scaled_vjp(x[3], &w).1),
        &POINT[..4],
        jvp = |x, v| {
            let (value, tangent) = three(x).scaled_jvp(x[3], &three(v), v[3]);
            (value.dot(&w), tangent.dot(&w))
        }
    );
    assert_gradient!(
        |x| three(x).turned(x[3]).dot(&w),
        |x| (three(x).turned(x[3]).dot(&w), three(x).turned_vjp(x[3], &w).1),
        &POINT[..4],
        jvp = |x, v| {
            let (value, tangent) = three(x).turned_jvp(x[3], three(v), v[3]);
            (value.dot(&w), tangent.dot(&w))
        }
    );
    // Second derivatives are those of the gradient.
    let product = p.distance_hvp(&q, &w, &p);
    let h = 1e-5;
    let moved = |h: f64| {
        let along = |x: [f64; 3], v: [f64; 3]| std::array::from_fn::<f64, 3, _>(|k| x[k] + h * v[k]);
        along(p, w).distance_gradient(&along(q, p))
    };
    let ((a, b), (c, d)) = (moved(h), moved(-h));
    for k in 0..3 {
        assert!(((a[k] - c[k]) / (2.0 * h) - product.0[k]).abs() < 1e-8);
        assert!(((b[k] - d[k]) / (2.0 * h) - product.1[k]).abs() < 1e-8);
    }
    assert_eq!(p.magnitude2_hessian(), [[2.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 2.0]]);
}

// Generic over the float type and over the length, matrices, and `self` that is data.

trait Norms<T> {
    fn power(&self, p: i32) -> T;
    fn mean(self) -> T;
    fn horner(&self, x: T) -> T;
}

#[differentiate(gradient, jvp, companions = NormsDerivatives)]
impl<T: num_traits::Float, const N: usize> Norms<T> for [T; N] {
    #[differentiate]
    fn power(&self, p: i32) -> T {
        let mut sum = T::zero();
        for k in 0..N {
            sum = sum + self[k].abs().powi(p);
        }
        sum
    }

    #[differentiate]
    fn mean(self) -> T {
        let n = T::from(self.len()).unwrap();
        self.into_iter().fold(T::zero(), |sum, x| sum + x) / n
    }

    #[differentiate(wrt(x))]
    fn horner(&self, x: T) -> T {
        self.iter().rev().fold(T::zero(), |sum, c| sum * x + *c)
    }
}

trait Matrix {
    fn determinant(&self) -> f64;
}

#[differentiate(gradient, jvp, companions = MatrixDerivatives)]
impl Matrix for [[f64; 2]; 2] {
    fn determinant(&self) -> f64 {
        self[0][0] * self[1][1] - self[0][1] * self[1][0]
    }
}

#[test]
fn generic_and_nested() {
    assert_gradient!(
        |p| three(p).power(3),
        |p| three(p).power_value_and_gradient(3),
        &POINT[..3],
        jvp = |p, v| three(p).power_jvp(3, &three(v))
    );
    assert_gradient!(
        |p| three(p).mean(),
        |p| three(p).mean_value_and_gradient(),
        &POINT[..3],
        jvp = |p, v| three(p).mean_jvp(three(v))
    );
    assert_gradient!(
        |p| POINT.horner(p[0]),
        |p| POINT.horner_value_and_gradient(p[0]),
        [0.6],
        jvp = |p, v| POINT.horner_jvp(p[0], v[0])
    );
    let matrix = |p: &[f64]| [[p[0], p[1]], [p[2], p[3]]];
    assert_gradient!(
        |p| matrix(p).determinant(),
        |p| matrix(p).determinant_value_and_gradient(),
        &POINT[..4],
        jvp = |p, v| matrix(p).determinant_jvp(&matrix(v))
    );
}
