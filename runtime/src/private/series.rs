//! Power series through functions: what `derivatives(n)` is made of.
//!
//! A value `x(t)` is a series in `t`: its value at 0, and the coefficients of `t`, `t²`, …, `tⁿ`, which are [`Lanes`]. What is
//! linear is done to the lanes as it is. Here is the rest: each function takes its operands, each with its lanes, and returns
//! the lanes of the result, in the order of the coefficients, of which each needs only those before. The recurrences are
//! those of Griewank and Walther, *Evaluating Derivatives*, section 13.2: a function with `y' = w·x'` is integrated term by
//! term, `k·yₖ = Σⱼ j·xⱼ·wₖ₋ⱼ`, so that all costs some n² operations.

use super::constant;
use crate::lanes::Lanes;
use core::array::from_fn;
use num_traits::real::Real;

/// A series: its value, and its other coefficients.
#[derive(Clone, Copy)]
struct Series<T, const N: usize>(T, Lanes<T, N>);

impl<T: Real, const N: usize> Series<T, N> {
    fn constant(value: T) -> Self {
        Series(value, Lanes::zero())
    }

    fn at(&self, k: usize) -> T {
        if k == 0 { self.0 } else { self.1.0[k - 1] }
    }

    /// Coefficient after coefficient: `next` sees those that are there.
    fn build(value: T, mut next: impl FnMut(&Self, usize) -> T) -> Self {
        let mut series = Series::constant(value);
        for k in 1..=N {
            let coefficient = next(&series, k);
            series.1.0[k - 1] = coefficient;
        }
        series
    }

    fn is_constant(&self) -> bool {
        self.1.is_zero()
    }

    fn map(&self, f: impl Fn(T) -> T) -> Self {
        Series(f(self.0), Lanes(self.1.0.map(f)))
    }

    fn plus(&self, other: &Self) -> Self {
        Series(self.0 + other.0, self.1 + other.1)
    }

    fn minus(&self, other: &Self) -> Self {
        Series(self.0 - other.0, self.1 - other.1)
    }

    /// `value + self`
    fn shifted(&self, value: T) -> Self {
        Series(value + self.0, self.1)
    }

    fn times(&self, other: &Self) -> Self {
        Series::build(self.0 * other.0, |_, k| product(self, other, k))
    }

    fn over(&self, divisor: &Self) -> Self {
        Series::build(self.0 / divisor.0, |q, k| {
            let known = sum(1..k + 1, |j| divisor.at(j) * q.at(k - j));
            (self.at(k) - known) / divisor.0
        })
    }

    /// The power to a constant, whose value is `value`.
    fn power(&self, exponent: T, value: T) -> Self {
        if self.0.is_zero() {
            return self.power_at_zero(exponent, value);
        }
        Series::build(value, |y, k| {
            let term = |j: usize| (exponent * number(j) - number(k - j)) * self.at(j) * y.at(k - j);
            sum(1..k + 1, term) / (number::<T>(k) * self.0)
        })
    }

    /// The same at 0, by Horner's rule: powers of lower order are 0, those of higher order infinite, and a coefficient that
    /// is 0 does not meet those.
    fn power_at_zero(&self, exponent: T, value: T) -> Self {
        let times = |a: T, b: T| if a.is_zero() || b.is_zero() { T::zero() } else { a * b };
        let mut result = Series::<T, N>::constant(T::zero());
        for m in (0..=N).rev() {
            let falling = (0..m).fold(T::one(), |c, i| c * (exponent - number(i)) / number(i + 1));
            let power = if exponent == number(m) { T::one() } else { T::zero().powf(exponent - number(m)) };
            let before = result;
            result = Series::build(T::zero(), |_, k| sum(1..k + 1, |j| times(self.at(j), before.at(k - j))));
            result.0 = times(falling, power);
        }
        Series(value, result.1)
    }

    /// A function with this value and `y' = w·x'`.
    fn integral(&self, value: T, w: &Self) -> Self {
        Series::build(value, |_, k| self.next(w, k))
    }

    /// Coefficient `k` of a function with `y' = w·x'`.
    fn next(&self, w: &Self, k: usize) -> T {
        sum(1..k + 1, |j| number::<T>(j) * self.at(j) * w.at(k - j)) / number(k)
    }

    fn exponential(&self, value: T) -> Self {
        Series::build(value, |y, k| self.next(y, k))
    }

    fn logarithm(&self) -> Self {
        Series::build(self.0.ln(), |y, k| {
            let known = sum(1..k, |j| number::<T>(j) * y.at(j) * self.at(k - j));
            (self.at(k) - known / number(k)) / self.0
        })
    }

    /// Two functions of which each is the derivative of the other, but for the sign of the second's.
    fn pair(&self, (first, second): (T, T), sign: T) -> (Self, Self) {
        let (mut a, mut b) = (Series::constant(first), Series::constant(second));
        for k in 1..=N {
            let (next_a, next_b) = (self.next(&b, k), sign * self.next(&a, k));
            a.1.0[k - 1] = next_a;
            b.1.0[k - 1] = next_b;
        }
        (a, b)
    }

    /// A function with this value and `y' = (c + s·y²)·x'`, where `slope` is that of the value.
    fn riccati(&self, value: T, slope: T, s: T) -> Self {
        let mut w = Series::constant(slope);
        Series::build(value, |y, k| {
            let next = self.next(&w, k);
            // `y`'s own coefficient of this order is not there yet.
            let rest = sum(1..k, |j| y.at(j) * y.at(k - j));
            w.1.0[k - 1] = s * (rest + (value + value) * next);
            next
        })
    }

    /// The logistic function, and what it lacks of 1.
    fn logistic(&self) -> (Self, Self) {
        let e = (-self.0.abs()).exp();
        let (small, large) = (e / (T::one() + e), T::one() / (T::one() + e));
        let (value, rest) = if self.0 >= T::zero() { (large, small) } else { (small, large) };
        let mut complement = Series::constant(rest);
        let mut w = Series::constant(value * rest);
        let logistic = Series::build(value, |y, k| {
            let next = self.next(&w, k);
            complement.1.0[k - 1] = -next;
            let inner = sum(1..k, |j| y.at(j) * complement.at(k - j));
            w.1.0[k - 1] = inner + next * rest - value * next;
            next
        });
        (logistic, complement)
    }

    /// `ln(1 + eˣ)`
    fn softplus(&self) -> Self {
        self.integral(T::zero(), &self.logistic().0)
    }
}

#[allow(clippy::cast_precision_loss, reason = "an order")]
fn number<T: Real>(k: usize) -> T {
    constant(k as f64)
}

fn sum<T: Real>(range: core::ops::Range<usize>, term: impl Fn(usize) -> T) -> T {
    range.fold(T::zero(), |sum, j| sum + term(j))
}

/// Coefficient `k` of a product.
fn product<T: Real, const N: usize>(a: &Series<T, N>, b: &Series<T, N>, k: usize) -> T {
    sum(0..k + 1, |j| a.at(j) * b.at(k - j))
}

/// The root of the sum of squares; at the origin, all coefficients are 0.
fn norm<T: Real, const N: usize, const D: usize>(parts: [Series<T, N>; D]) -> Lanes<T, N> {
    let value = parts.iter().fold(T::zero(), |norm, part| norm.hypot(part.0));
    if value.is_zero() {
        return Lanes::zero();
    }
    // Of length 1, so that no square overflows.
    let squares = parts.iter().map(|part| part.map(|c| c / value)).map(|part| part.times(&part));
    let square = squares.fold(Series::constant(T::zero()), |sum, part| sum.plus(&part));
    Series(T::one(), square.1).power(constant(0.5), T::one()).1 * value
}

/// `1/(1 + s·x²)`, as `(1 - x)(1 + x)` for `s = -1`.
fn square_below<T: Real, const N: usize>(x: &Series<T, N>) -> Series<T, N> {
    let negative = x.map(|c| -c);
    negative.shifted(T::one()).times(&x.shifted(T::one()))
}

fn one_plus_square<T: Real, const N: usize>(x: &Series<T, N>) -> Series<T, N> {
    x.times(x).shifted(T::one())
}

/// `(·)^-½`
fn inverse_root<T: Real, const N: usize>(x: &Series<T, N>) -> Series<T, N> {
    x.power(constant(-0.5), T::one() / x.0.sqrt())
}

macro_rules! of_one {
    ($($(#[$doc:meta])* $name:ident |$x:ident| $result:expr;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name<T: Real, const N: usize>(x: T, dx: Lanes<T, N>) -> Lanes<T, N> {
            let $x = Series(x, dx);
            $result.1
        }
    )*};
}

macro_rules! of_two {
    ($($(#[$doc:meta])* $name:ident |$x:ident, $y:ident| $result:expr;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name<T: Real, const N: usize>(x: T, dx: Lanes<T, N>, y: T, dy: Lanes<T, N>) -> Lanes<T, N> {
            let ($x, $y) = (Series(x, dx), Series(y, dy));
            $result.1
        }
    )*};
}

of_one! {
    /// `1/x`
    recip |x| Series::constant(T::one()).over(&x);
    /// `√x`
    sqrt |x| Series::build(x.0.sqrt(), |y, k| {
        (x.at(k) - sum(1..k, |j| y.at(j) * y.at(k - j))) / (y.0 + y.0)
    });
    /// `∛x`
    cbrt |x| x.power(T::one() / constant(3.0), x.0.cbrt());
    /// `eˣ`
    exp |x| x.exponential(x.0.exp());
    /// `2ˣ`
    exp2 |x| x.map(|c| c * constant(core::f64::consts::LN_2)).exponential(x.0.exp2());
    /// `eˣ - 1`
    exp_m1 |x| x.exponential(x.0.exp());
    /// `ln x`
    ln |x| x.logarithm();
    /// `ln(1 + x)`
    ln_1p |x| x.shifted(T::one()).logarithm();
    /// `log₂ x`
    log2 |x| x.logarithm().map(|c| c * constant(core::f64::consts::LOG2_E));
    /// `log₁₀ x`
    log10 |x| x.logarithm().map(|c| c * constant(core::f64::consts::LOG10_E));
    /// `sin x`
    sin |x| x.pair(x.0.sin_cos(), -T::one()).0;
    /// `cos x`
    cos |x| x.pair(x.0.sin_cos(), -T::one()).1;
    /// `tan x`
    tan |x| x.riccati(x.0.tan(), T::one() + x.0.tan().powi(2), T::one());
    /// `arcsin x`
    asin |x| x.integral(T::zero(), &inverse_root(&square_below(&x)));
    /// `arccos x`
    acos |x| x.integral(T::zero(), &inverse_root(&square_below(&x)).map(|c| -c));
    /// `arctan x`
    atan |x| x.integral(T::zero(), &Series::constant(T::one()).over(&one_plus_square(&x)));
    /// `sinh x`
    sinh |x| x.pair((x.0.sinh(), x.0.cosh()), T::one()).0;
    /// `cosh x`
    cosh |x| x.pair((x.0.sinh(), x.0.cosh()), T::one()).1;
    /// `tanh x`
    tanh |x| x.riccati(x.0.tanh(), x.0.cosh().powi(-2), -T::one());
    /// `arsinh x`
    asinh |x| x.integral(T::zero(), &inverse_root(&one_plus_square(&x)));
    /// `arcosh x`
    acosh |x| x.integral(T::zero(), &inverse_root(&x.shifted(-T::one()).times(&x.shifted(T::one()))));
    /// `artanh x`
    atanh |x| x.integral(T::zero(), &Series::constant(T::one()).over(&square_below(&x)));
    /// `erf x`
    erf |x| x.integral(T::zero(), &gauss(&x));
    /// `erfc x`
    erfc |x| x.integral(T::zero(), &gauss(&x).map(|c| -c));
    /// `ln(1 + eˣ)`
    softplus |x| x.softplus();
    /// `-ln(1 + eˣ)`
    log_falling |x| x.softplus().map(|c| -c);
    /// `ln(eˣ/(1 + eˣ))`
    log_rising |x| x.integral(T::zero(), &x.logistic().1);
    /// `1/(1 + eˣ)`
    logistic_falling |x| x.logistic().1;
    /// `eˣ/(1 + eˣ)`
    logistic_rising |x| x.logistic().0;
    /// `ln cosh x`
    ln_cosh |x| x.integral(T::zero(), &x.riccati(x.0.tanh(), x.0.cosh().powi(-2), -T::one()));
}

of_two! {
    /// `x·y`
    mul |x, y| x.times(&y);
    /// `x/y`
    div |x, y| x.over(&y);
    /// `xⁿ`
    powf |x, n| if n.is_constant() {
        x.power(n.0, x.0.powf(n.0))
    } else if x.0.is_zero() && x.is_constant() && n.0 >= T::zero() {
        Series::constant(T::zero())
    } else {
        x.logarithm().times(&n).exponential(x.0.powf(n.0))
    };
    /// `log x` to the base `b`
    log |x, b| x.logarithm().over(&b.logarithm());
    /// The angle of a point
    atan2 |y, x| {
        let square = x.times(&x).plus(&y.times(&y));
        let turn = |k: usize| sum(0..k + 1, |j| number::<T>(j + 1) * (x.at(k - j) * y.at(j + 1) - y.at(k - j) * x.at(j + 1)));
        let rate = Series::<T, N>::build(turn(0), |_, k| if k < N { turn(k) } else { T::zero() }).over(&square);
        Series::<T, N>::build(T::zero(), |_, k| rate.at(k - 1) / number(k))
    };
    /// `ln(eˣ + eʸ)`
    log_add_exp |x, y| y.plus(&x.minus(&y).softplus());
    /// `a/(1 + eˣ)`
    over_one_plus_exp |x, a| a.times(&x.logistic().1);
}

/// `2/√π exp(-x²)`
fn gauss<T: Real, const N: usize>(x: &Series<T, N>) -> Series<T, N> {
    let square = x.times(x).map(|c| -c);
    square.exponential(constant::<T>(core::f64::consts::FRAC_2_SQRT_PI) * square.0.exp())
}

/// `√(x² + y²)`
#[must_use]
pub fn hypot<T: Real, const N: usize>(x: T, dx: Lanes<T, N>, y: T, dy: Lanes<T, N>) -> Lanes<T, N> {
    norm([Series(x, dx), Series(y, dy)])
}

/// `√(x² + y² + z²)`
#[must_use]
pub fn norm3<T: Real, const N: usize>(
    x: T,
    dx: Lanes<T, N>,
    y: T,
    dy: Lanes<T, N>,
    z: T,
    dz: Lanes<T, N>,
) -> Lanes<T, N> {
    norm([Series(x, dx), Series(y, dy), Series(z, dz)])
}

/// `√(x² + c)`; where `x²` overflows or underflows, as the length that it is.
#[must_use]
pub fn root_of_square_plus<T: Real, const N: usize>(x: T, dx: Lanes<T, N>, c: T, dc: Lanes<T, N>) -> Lanes<T, N> {
    let (series, below) = (Series(x, dx), Series(c, dc));
    let square = series.times(&series).plus(&below);
    if (square.0 >= T::min_positive_value() && square.0 <= T::max_value()) || c < T::zero() {
        return sqrt(square.0, square.1);
    }
    norm([series, Series(c.sqrt(), if c.is_zero() { Lanes::zero() } else { sqrt(c, dc) })])
}

/// `xⁿ`
#[must_use]
pub fn powi<T: Real, const N: usize>(x: T, dx: Lanes<T, N>, n: i32) -> Lanes<T, N> {
    Series(x, dx).power(constant(n.into()), x.powi(n)).1
}

/// `x·a + b`
#[must_use]
pub fn mul_add<T: Real, const N: usize>(
    x: T,
    dx: Lanes<T, N>,
    a: T,
    da: Lanes<T, N>,
    _: T,
    db: Lanes<T, N>,
) -> Lanes<T, N> {
    mul(x, dx, a, da) + db
}

/// The `k`-th derivative: the value, or `k!` times a coefficient.
#[must_use]
pub fn derivative<T: Real, const N: usize>(value: T, coefficients: &Lanes<T, N>, k: usize) -> T {
    if k == 0 {
        return value;
    }
    coefficients.0[k - 1] * (1..=k).fold(T::one(), |factorial, j| factorial * number(j))
}

/// A value and its derivatives.
#[must_use]
pub fn derivatives<T: Real, const N: usize, const M: usize>(value: T, coefficients: Lanes<T, N>) -> [T; M] {
    from_fn(|k| derivative(value, &coefficients, k))
}
