//! The attribute on an `impl`: methods and associated functions, generics, traits, types of other crates. All gradients are
//! compared with finite differences, forward mode with reverse mode.

#![allow(clippy::cast_precision_loss, reason = "counts are small")]
#![allow(clippy::needless_range_loop, reason = "loops over indices are what is tested")]

use symgrad::{assert_gradient, differentiate};

struct Spring {
    k: f64,
}

// Marked functions; arguments of the `impl` are defaults.
#[differentiate(gradient, jvp)]
impl Spring {
    #![allow(clippy::unused_self)]

    /// Half.
    const HALF: f64 = 0.5;

    fn new() -> Self {
        Spring { k: 2.5 }
    }

    /// A method.
    #[differentiate(wrt(x))]
    pub fn energy(&self, x: f64, n: i32) -> f64 {
        Self::HALF * self.k * Self::power(x, n) + Self::cube(x).sin()
    }

    /// An associated function.
    #[differentiate(wrt(x))]
    fn power(x: f64, n: i32) -> f64 {
        if n <= 0 { 1.0 } else { x * Self::power(x, n - 1) }
    }

    #[symgrad::differentiate]
    pub(crate) fn cube(x: f64) -> f64 {
        Spring::power(x, 3)
    }

    #[differentiate(gradient = "slope", value_and_gradient = "height_and_slope")]
    fn hill(x: f64) -> f64 {
        (-x * x).exp()
    }

    #[cfg(any())]
    #[differentiate]
    fn energy(&self) -> Never {}

    fn untouched(&self, x: &str) -> usize {
        x.len()
    }
}

#[differentiate(gradient, jvp)]
fn outside(x: f64) -> f64 {
    Spring::cube(x) * Spring { k: 1.5 }.energy(x, 2)
}

#[test]
fn inherent() {
    let spring = Spring::new();
    assert_gradient!(
        |p| spring.energy(p[0], 3),
        |p| spring.energy_value_and_gradient(p[0], 3),
        [0.7],
        jvp = |p, v| spring.energy_jvp(p[0], 3, v[0])
    );
    assert_gradient!(
        |p| Spring::cube(p[0]),
        |p| Spring::cube_value_and_gradient(p[0]),
        [0.7],
        jvp = |p, v| Spring::cube_jvp(p[0], v[0])
    );
    assert_gradient!(|p| Spring::hill(p[0]), |p| Spring::height_and_slope(p[0]), [0.7]);
    assert_eq!(Spring::slope(0.7), Spring::height_and_slope(0.7).1);
    assert_gradient!(
        |p| outside(p[0]),
        |p| outside_value_and_gradient(p[0]),
        [2.7],
        jvp = |p, v| outside_jvp(p[0], v[0])
    );
    assert_eq!(spring.untouched("four"), 4);
}

// Generics.

struct Polynomial<'a, T, const N: usize> {
    coefficients: &'a [f64; N],
    label: T,
}

#[differentiate(gradient, jvp, wrt(x))]
impl<'a, T: Clone, const N: usize> Polynomial<'a, T, N>
where
    T: Into<f64>,
{
    fn scale(&self) -> f64 {
        self.label.clone().into()
    }

    #[differentiate]
    fn at(&self, x: f64) -> f64 {
        let mut sum = 0.0;
        for k in (0..N).rev() {
            sum = sum * x + self.coefficients[k];
        }
        sum * self.scale()
    }

    #[differentiate]
    fn at_both<const M: usize>(&self, x: &[f64; M], other: &Polynomial<'a, T, N>) -> f64 {
        let mut sum = 0.0;
        for i in 0..M {
            sum += self.at(x[i]) * other.at(x[M - 1 - i]);
        }
        sum
    }
}

#[test]
fn generic() {
    let p = Polynomial { coefficients: &[0.5, -1.0, 2.0], label: 3_u8 };
    let q = Polynomial { coefficients: &[0.1, 0.7, -0.2], label: 1_u8 };
    assert_gradient!(|x| p.at(x[0]), |x| p.at_value_and_gradient(x[0]), [0.7], jvp = |x, v| p.at_jvp(x[0], v[0]));
    let three = |x: &[f64]| [x[0], x[1], x[2]];
    assert_gradient!(
        |x| p.at_both(&three(x), &q),
        |x| p.at_both_value_and_gradient(&three(x), &q),
        [0.7, -0.3, 1.1],
        jvp = |x, v| p.at_both_jvp(&three(x), &q, &three(v))
    );
}

// Over a float type.

struct Gaussian<T> {
    mean: T,
    deviation: T,
}

#[differentiate(gradient, jvp)]
impl<T> Gaussian<T>
where
    T: num_traits::Float,
{
    #[differentiate]
    fn log_density(&self, x: T) -> T {
        let z = (x - self.mean) / self.deviation;
        -z * z / (T::one() + T::one()) - self.deviation.ln()
    }

    #[differentiate]
    fn both(&self, x: &[T]) -> T {
        let mut sum = T::zero();
        for i in 0..x.len() {
            sum = sum + self.log_density(x[i]);
        }
        sum
    }
}

#[test]
fn generic_over_floats() {
    let g = Gaussian { mean: 0.3, deviation: 1.7 };
    assert_gradient!(|x| g.both(x), |x| g.both_value_and_gradient(x), [0.7, -0.3], jvp = |x, v| g.both_jvp(x, v));
    let single = Gaussian { mean: 0.3_f32, deviation: 1.7 };
    let (a, b) = (single.both_gradient(&[0.7, -0.3]), g.both_gradient(&[0.7, -0.3]));
    assert!(a.iter().zip(b).all(|(a, b)| (f64::from(*a) - b).abs() < 1e-6));
}

// Traits.

mod solver {
    pub trait CostFunction {
        type Param: ?Sized;
        type Output;
        const WEIGHT: f64 = 100.0;

        fn cost(&self, p: &Self::Param) -> Self::Output;

        fn shift(&self) -> f64 {
            0.25
        }
    }
}

struct Rosenbrock {
    a: f64,
}

/// The trait is not imported; its only function is meant.
#[differentiate(gradient, jvp)]
impl solver::CostFunction for Rosenbrock {
    type Param = [f64];
    type Output = f64;

    fn cost(&self, p: &Self::Param) -> Self::Output {
        let mut sum: Self::Output = self.shift();
        for i in 0..p.len() - 1 {
            sum += (self.a - p[i]).powi(2) + Self::WEIGHT * (p[i + 1] - p[i] * p[i]).powi(2);
        }
        let bound = Self::Output::from(2.0_f32);
        sum * bound
    }
}

#[test]
fn a_trait() {
    use solver::CostFunction as _;
    let cost = Rosenbrock { a: 1.0 };
    assert_gradient!(
        |p| cost.cost(p),
        |p| cost.cost_value_and_gradient(p),
        [0.7, -0.3, 1.1],
        jvp = |p, v| cost.cost_jvp(p, v)
    );
}

/// A call of a trait's method is one of a method.
#[differentiate(gradient, jvp)]
fn twice(x: f64) -> f64 {
    use solver::CostFunction as _;
    let cost = Rosenbrock { a: 1.0 };
    let p = [x, 2.0 * x];
    cost.cost(&p) * 2.0
}

#[test]
fn a_call_of_it() {
    assert_gradient!(|p| twice(p[0]), |p| twice_value_and_gradient(p[0]), [0.7], jvp = |p, v| twice_jvp(p[0], v[0]));
}

// Types of other crates.

trait Potential<const D: usize> {
    fn helper(&self, i: usize) -> f64;
    fn potential(&self, x: &[f64; D], k: f64) -> f64;
}

#[differentiate(gradient, jvp, wrt(x, k), companions = PotentialDerivatives)]
impl<const D: usize> Potential<D> for Vec<f64> {
    fn helper(&self, i: usize) -> f64 {
        self[i % self.len()]
    }

    fn potential(&self, x: &[f64; D], mut k: f64) -> f64 {
        let mut sum = 0.0;
        k *= 2.0;
        for i in 0..D {
            sum += k * x[i] * x[i] * Potential::<D>::helper(self, i);
        }
        sum
    }
}

#[test]
fn foreign_type() {
    let weights = vec![0.5, 1.5];
    let three = |x: &[f64]| [x[0], x[1], x[2]];
    assert_gradient!(
        |x| weights.potential(&three(x), x[3]),
        |x| {
            let (value, (dx, dk)) = weights.potential_value_and_gradient(&three(x), x[3]);
            (value, [dx[0], dx[1], dx[2], dk])
        },
        [0.7, -0.3, 1.1, 0.4],
        jvp = |x, v| weights.potential_jvp(&three(x), x[3], &three(v), v[3])
    );
}

// `self` is a float.

trait Smooth: Sized {
    fn bump(self, x: Self) -> Self;
}

#[differentiate(gradient, jvp, companions = OfFloats)]
impl Smooth for f64 {
    #[differentiate(wrt(x))]
    fn bump(self, x: Self) -> Self {
        self.powf(x) + self.mul_add(x, Self::exp(x)) + self.max(x)
    }
}

#[test]
fn a_float_as_the_receiver() {
    assert_gradient!(
        |p| 1.5.bump(p[0]),
        |p| 1.5.bump_value_and_gradient(p[0]),
        [0.3],
        jvp = |p, v| 1.5.bump_jvp(p[0], v[0])
    );
}

// What only the trait has type parameters for: the companions are functions of the type, which has none.
trait Easing<F> {
    fn ease(t: F, from: F) -> F;
    fn back(t: F, from: F) -> F
    where
        F: Copy;
}

struct Quadratic;

#[differentiate(gradient, jvp)]
impl<F: num_traits::Float> Easing<F> for Quadratic
where
    F: std::ops::AddAssign,
{
    #[differentiate]
    fn ease(t: F, from: F) -> F {
        let mut y = t * t;
        y += from * t.sin();
        y
    }

    #[differentiate]
    fn back(t: F, from: F) -> F
    where
        F: Copy,
    {
        from - Self::ease(F::one() - t, from)
    }
}

#[test]
fn parameters_of_the_trait() {
    assert_gradient!(
        |p| Quadratic::back(p[0], p[1]),
        |p| Quadratic::back_value_and_gradient(p[0], p[1]),
        [0.3, 1.7],
        jvp = |p, v| Quadratic::back_jvp(p[0], p[1], v[0], v[1])
    );
    let (single, _) = Quadratic::ease_value_and_gradient(0.5_f32, 1.0);
    assert_eq!(single, Quadratic::ease(0.5_f32, 1.0));
}

// A trait for floats: `self` is a number like any other, and so is what the functions of the `impl` are called on.
trait Bells: Sized {
    fn bell(self) -> Self;
    fn scaled(self, k: Self) -> Self;
    fn steps(self, n: usize) -> Self;
}

#[differentiate(companions = BellsOfDoubles, gradient, jvp)]
impl Bells for f64 {
    #[differentiate]
    fn bell(self) -> Self {
        let square = -self * self;
        if self >= 0.0 { square.exp() } else { 1.0 - Self::sin(self) / 2.0 }
    }

    #[differentiate]
    fn scaled(self, k: Self) -> Self {
        2.0 * (self * k).bell() + self.bell() * k
    }

    #[differentiate(wrt(self))]
    fn steps(mut self, n: usize) -> Self {
        for _ in 0..n {
            self = self.scaled(0.5) * self.cos();
        }
        self
    }
}

#[test]
fn numbers_as_receivers() {
    for x in [0.7, -0.4] {
        assert_gradient!(|p| p[0].bell(), |p| p[0].bell_value_and_gradient(), [x], jvp = |p, v| p[0].bell_jvp(v[0]));
        assert_gradient!(
            |p| p[0].scaled(p[1]),
            |p| p[0].scaled_value_and_gradient(p[1]),
            [x, 1.3],
            jvp = |p, v| p[0].scaled_jvp(p[1], v[0], v[1])
        );
        assert_gradient!(
            |p| p[0].steps(3),
            |p| p[0].steps_value_and_gradient(3),
            [x],
            jvp = |p, v| p[0].steps_jvp(3, v[0])
        );
    }
}

trait Logit {
    fn logit(self) -> Self;
}

#[differentiate(companions = LogitDerivatives, gradient, jvp)]
impl<T: num_traits::Float> Logit for T {
    fn logit(self) -> Self {
        (self / (T::one() - self)).ln()
    }
}

#[test]
fn any_float_as_receiver() {
    assert_gradient!(|p| p[0].logit(), |p| p[0].logit_value_and_gradient(), [0.3], jvp = |p, v| p[0].logit_jvp(v[0]));
    let (single, _) = 0.3_f32.logit_value_and_gradient();
    assert_eq!(single, 0.3_f32.logit());
}
