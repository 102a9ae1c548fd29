//! Functions that are generic over their float type.

use num_traits::{Float, FloatConst, FromPrimitive, NumCast, One, Zero, zero};
use std::iter::{Product, Sum};
use std::ops::AddAssign;
use symgrad_oracle::case;

#[case((0.7, 1.9), (-0.4, 0.3))]
fn arithmetic<T: Float>(x: T, y: T) -> T {
    let s = x * y + x.tanh();
    s * s.sin() / y.sqrt() - -x
}

#[case(([0.5, 1.5, -2.0], 3), ([0.5, 0.0, -2.0], 1), ([0.5, 1.5, -2.0], -2), ([], 2))]
fn powers<T>(x: &[T], n: i32) -> T
where
    T: num_traits::Float,
{
    let mut sum = T::zero();
    for i in 0..x.len() {
        sum = sum + x[i].powi(n);
    }
    sum
}

#[case((0.7, [1.0, -2.0, 0.5]))]
fn horner<F: Float + AddAssign, const N: usize>(x: F, c: &[F; N]) -> F {
    let mut sum = F::zero();
    let two = F::from(2.0).unwrap();
    for k in 0..N {
        sum = sum * x * two + c[k] * F::from(k).unwrap();
        sum += two;
    }
    sum
}

#[case(first_order, (0.7, [1.0, -2.0, 0.5]))]
fn calls<'a, F: Float + AddAssign>(x: F, c: &'a [F; 3]) -> F {
    let y = horner(x, c) * arithmetic::<F>(x, F::one());
    y + powers(c, 2) + horner(y, &[x, y])
}

#[case(([1.0, -2.0, 0.5], 3.0, |x: f64| x * x), wrt(x))]
fn constants<T: Float + FloatConst + FromPrimitive>(x: [T; 3], scale: f64, g: impl Fn(f64) -> f64) -> T {
    let nothing: T = zero();
    let mut sum = nothing;
    let mut best = T::neg_infinity();
    for (i, &v) in x.iter().enumerate() {
        let w = if i % 2 == 0 { T::one() } else { -T::from_usize(i).unwrap() };
        sum = sum + w * v.exp() * T::from(g(scale)).unwrap();
        best = best.max(T::PI() * v);
    }
    let half: T = NumCast::from(0.5).unwrap();
    let third = num_traits::cast::<f64, T>(1.0 / 3.0).unwrap();
    sum * half + best * <T as One>::one() + x[0] * T::from_f64(g(0.25)).expect("a number") + third * x[1]
        - <T as FloatConst>::LN_2() * x[2]
}

#[case((0.7, 0.3), (1.2, -0.4))]
fn by_path<T: Float>(x: T, y: T) -> T {
    T::sin(x) * Float::cos(y) + num_traits::Float::hypot(x, y) + <T as Float>::powi(x, 3) + T::max(x, y) * <T>::exp(y)
}

#[case((1.3, 2.0), (1.6, 1.2))]
fn every_method<T: Float>(x: T, y: T) -> T {
    let tenth = T::from(0.1).unwrap();
    let mut a = x.powf(y) + x.hypot(y) + x.atan2(y) + x.asinh() + x.acosh() + (x * tenth).atanh();
    a = a
        + x.abs() * y.max(x)
        + x.min(y)
        + x.cbrt()
        + x.ln_1p()
        + x.exp_m1()
        + x.log(y)
        + x.log2()
        + x.log10()
        + x.exp2();
    a = a
        + x.recip()
        + x.signum() * y
        + x.mul_add(y, x)
        + x.to_degrees()
        + y.to_radians()
        + x.tan()
        + x.fract()
        + x % y;
    let (s, c) = x.sin_cos();
    a = a
        + s * c
        + x.copysign(y)
        + (x * tenth).asin()
        + (x * tenth).acos()
        + x.atan()
        + x.sinh().cosh()
        + x.ln() * y.floor();
    a + x.clamp(y, y + y) + x.abs_sub(y) + x.ceil() * x.round() + x.trunc() * y.sqrt()
}

#[case(([[1.0, 2.0], [0.5, -1.0]], [0.3, 0.7]))]
fn quadratic_form<T: Float>(a: &[[T; 2]; 2], x: &[T]) -> T {
    let mut y = [T::zero(); 2];
    for i in 0..2 {
        for j in 0..2 {
            y[i] = y[i] + a[i][j] * x[j];
        }
    }
    let mut sum = T::zero();
    for i in 0..2 {
        sum = sum + y[i] * x[i];
    }
    sum
}

#[case(([[1.0, 2.0], [0.5, -1.0]], 5))]
fn state<T: Float>(x: &[[T; 2]], steps: usize) -> T {
    let mut v = x[0];
    let mut t: T = T::zero();
    for k in 0..steps {
        if v[0].abs() > T::from(1e3).unwrap() {
            return v[1];
        }
        let w = [v[0] * v[1] - x[1][0], v[1] * v[1].cos()];
        v = w;
        t = t + T::from(k).unwrap() * v[0].tanh();
    }
    while t > T::one() {
        t = t * t / (t + T::one());
    }
    t * v[0] - v[1]
}

#[case((0.4, 3), (0.4, -1))]
fn early<T: Float>(x: T, n: i32) -> T {
    if n < 0 {
        return -x;
    }
    let y = if x > T::zero() { x.sqrt() } else { T::zero() };
    let z;
    if n > 2 {
        z = y * x;
    } else {
        z = T::one();
    }
    z.exp()
}

/// `+=` through the trait: the place comes first.
#[case(([1.0, 2.0, 3.0], [1, 2]), ([1.0, 2.0, 3.0], [0, 0]))]
fn place_first<T: Float + AddAssign>(x: &[T; 3], order: [usize; 2]) -> T {
    let mut sums = *x;
    let mut next = 0;
    let mut count = 0.0;
    sums[{
        next += 1;
        order[next - 1]
    }] += T::from({
        count += 1.0 + 10.0 * next as f64;
        count
    })
    .unwrap()
        * x[next];
    sums[0] * sums[1] * sums[2]
}

#[case((0.3, 1.5), wrt(x))]
fn sigmoid_of<T: Float + Zero + From<f32>>(x: T, slope: f32) -> T {
    let k = <T as From<f32>>::from(slope);
    T::one() / (T::one() + (-k * x).exp())
}

#[case(first_order, (0.3, 1.7))]
fn recursive<T: Float>(x: T, y: T) -> T {
    if y < T::one() {
        return x * y;
    }
    recursive(x.sin(), y - T::one()) * y
}

#[case((0.3, 7_i16, |n: i32| n * n), wrt(x))]
fn data_of_any_type<T: Into<i32> + Copy, G: Fn(i32) -> i32>(x: f64, y: T, g: G) -> f64 {
    let slope: i32 = y.into();
    (x * slope as f64).sin() * g(slope) as f64
}

#[case((0.3, |n: i32| n * n), wrt(x))]
fn data_of_a_type_without_a_name(x: f64, g: impl Fn(i32) -> i32) -> f64 {
    x.exp() * g(2) as f64
}

/// Nothing but the call says what `N` and `U` are.
#[symgrad::differentiate(gradient, jvp, hvp)]
fn unmentioned<const N: usize, U: Default + Into<f64>>(x: f64, y: &[f64]) -> f64 {
    x * y[N] + U::default().into()
}

#[case(first_order, (0.3, [1.0, 2.0, 3.0]), dual = unmentioned_dual, once)]
fn calls_unmentioned(x: f64, y: &[f64]) -> f64 {
    unmentioned::<2, f32>(x * x, y)
}

fn unmentioned_dual(x: crate::corpus::dual::Dual, y: &[crate::corpus::dual::Dual]) -> crate::corpus::dual::Dual {
    x * x * y[2]
}

#[case((0.3, 1.7))]
fn sin_cos_by_path<T: Float>(x: T, y: T) -> T {
    let (s, c) = T::sin_cos(x);
    let (t, d) = Float::sin_cos(y);
    s * d + c * t * t
}

/// The constants of a user's own: by a function, by a closure, by `Into`.
#[case((0.3), (1.1))]
fn own_constants<T: Float + From<f32>>(x: T) -> T {
    let c = |v: f64| <T as NumCast>::from(v).unwrap();
    let half: T = constant_of(0.5);
    let two: T = 2.0.into();
    let mut product = T::one();
    for _ in 0..3 {
        product = product * (x * constant_of(1.5) + half * constant_of::<T>(0.25)).sin();
    }
    product * c(3.0) + two * x.powf(<T as From<f32>>::from(2.5)) + c(0.25)
}

fn constant_of<T: Float>(x: f64) -> T {
    T::from(x).unwrap()
}

#[case(([2.0], 2), ([0.3], 1))]
fn newton<T: Float + std::fmt::Debug>(a: &[T; 1], order: usize) -> T {
    let two = T::one() + T::one();
    let mut x = a[0];
    let mut count = 0;
    loop {
        let next = match order {
            1 => x * (two - a[0] * x),
            n if n > 1 => (x + a[0] / x) / two,
            _ => T::default_of(),
        };
        debug_assert!(next.is_finite(), "{next:?}");
        count += 1;
        if (next - x).abs() <= T::epsilon() * next || count > 50 {
            return next;
        }
        x = next;
    }
}

trait DefaultOf {
    fn default_of() -> Self;
}

impl<T: Float> DefaultOf for T {
    fn default_of() -> Self {
        T::nan()
    }
}

#[case(([[1.0, 2.0], [3.0, 1.0]], [2.0, 1.0]))]
fn sizes<T: Float, const N: usize, const M: usize>(a: &[[T; M]; N], x: &[T; M]) -> T {
    let mut y = [T::zero(); N];
    for (i, row) in a.iter().enumerate() {
        for j in 0..M {
            y[i] = y[i] + row[j] * x[j];
        }
    }
    let mut best = y[0];
    for k in 1..N {
        best = if y[k] > best { y[k] } else { best };
    }
    let mut copy = y;
    copy.swap(0, 1);
    copy[0] * best + copy[1].powi(2)
}

#[case((0.3, 1.7))]
fn inner<T: Float>(x: T, y: T) -> T {
    fn square<T: Float>(v: T) -> T {
        v * v + T::from(0.5).unwrap()
    }
    square(x) * square(y.sin()) + T::from(square(3.0)).unwrap()
}

#[case(([[1.0, -2.0], [0.5, 3.0]], 4))]
fn rows<T: Float>(x: &[[T; 2]], n: usize) -> T {
    let mut v = vec![T::zero(); n];
    for i in 0..n {
        v[i] = x[i % x.len()][i % 2] * T::from(i).unwrap();
    }
    let mut w = Vec::new();
    for i in 0..n {
        w.push(v[i].sin());
    }
    let mut sum = T::zero();
    for i in 1..w.len() {
        sum = (sum + w[i] * w[i - 1]).cos();
    }
    let tail = &w[1..];
    sum * tail[0] + tail[tail.len() - 1]
}

#[case((0.3, 1.7), (1.7, 0.3))]
fn exchanged<T: Float>(x: T, y: T) -> T {
    let (mut a, mut b) = (x, y);
    if a > b {
        std::mem::swap(&mut a, &mut b);
    }
    let mut v = [a, b, a * b];
    v.swap(0, 1);
    let t = std::mem::replace(&mut a, T::one());
    t * v[2] + a * b * v[0]
}

/// Operators on references, as matrices of generic elements have them.
#[case((0.3, 1.7))]
fn references<T>(x: T, y: T) -> T
where
    T: Float,
    for<'a> &'a T: std::ops::Mul<&'a T, Output = T> + std::ops::Add<&'a T, Output = T>,
{
    let z = &x * &y;
    let w = &x + &z;
    w * z
}

/// The names that derivative code would give its constants.
#[case((0.3, 0.7, 1.1))]
fn taken_names<T: Float>(half: T, zero: T, c: T) -> T {
    use num_traits::{one, zero as two};
    let one_of_mine: T = one();
    let one = half.sqrt() + two::<T>();
    let quarter = (one * zero).tanh();
    let four = {
        let three = quarter * c;
        three.asinh() + one_of_mine
    };
    four * quarter.cbrt()
}

macro_rules! by_macro {
    ($name:ident, $half:ident, $float:ident) => {
        #[case((0.3, 0.7))]
        fn $name<$float: Float, U: Copy + Into<f64>>($half: $float, data: U) -> $float {
            let two = $half.tanh();
            let one = two.sqrt() * $float::from(data.into()).unwrap();
            one * two
        }
    };
}

by_macro!(in_a_macro, half, F);

/// A number in `F`, as many crates have it.
fn number<F: Float>(x: f64) -> F {
    num_traits::cast::<f64, F>(x).unwrap()
}

#[case((0.5, 1.0, 2.0, 3.0), (1.5, 1.0, 2.0, 3.0), (2.9, 1.0, 2.0, 3.0))]
fn ease_with_bounces<F: Float>(t: F, from: F, change: F, duration: F) -> F {
    let t = t / duration;
    if t < number(1.0 / 2.75) {
        return change * (number::<F>(7.5625) * t * t) + from;
    }
    if t < number(2.0 / 2.75) {
        let t = t - number(1.5 / 2.75);
        return change * (number::<F>(7.5625) * t * t + number(0.75)) + from;
    }
    let rest = t - number(2.25 / 2.75);
    change * (number::<F>(7.5625) * rest * t + number(0.9375)) + from
}

#[case((0.5, 1.0, 2.0, 3.0), (2.9, 1.0, 2.0, 3.0))]
fn ease_elastically<F: Float>(t: F, from: F, change: F, duration: F) -> F {
    if t == number(0.0) {
        from
    } else {
        let mut t = t / duration;
        if t == number(1.0) {
            from + change
        } else {
            let period = duration * number(0.3);
            t = t - number(1.0);
            let size = change * number::<F>(2.0).powf(number::<F>(10.0) * t);
            let angle =
                (t * duration - period / number(4.0)) * (number::<F>(std::f64::consts::PI) * number(2.0)) / period;
            -(size * angle.sin()) + from
        }
    }
}

#[case((0.3, 1.5), (-2.7, 1.5))]
fn huber<T: Float + NumCast>(x: T, delta: T) -> T {
    let a = x.abs();
    match a <= delta {
        true => T::from(0.5).unwrap() * x * x,
        false => delta * (a - T::from(0.5).unwrap() * delta),
    }
}

#[case((0.3, 1.5, 6))]
fn simpson<T: Float>(a: T, b: T, n: usize) -> T {
    let h = (b - a) / T::from(n).expect("a float");
    let mut sum = a.exp() + b.exp();
    let mut i = 1;
    while i < n {
        let factor = if i % 2 == 0 { T::from(2).unwrap() } else { T::from(4).unwrap() };
        sum = sum + factor * (a + T::from(i).unwrap() * h).exp();
        i += 1;
    }
    sum * h / T::from(3).unwrap()
}

#[case((0.3), (-1.2))]
fn by_a_table<T: Float>(x: T) -> T {
    const TABLE: [f64; 3] = [0.25, -0.5, 1.0];
    let sign = if x < T::zero() { -T::one() } else { T::one() };
    let t = T::one() / (T::one() + T::from(0.3275911).unwrap() * x.abs());
    let mut y = T::zero();
    for &p in TABLE.iter().rev() {
        y = y * t + T::from(p).unwrap();
    }
    sign * (T::one() - y * (-x * x).exp())
}

#[case(([1.2, -0.7]))]
fn egg_holder<T: Float + FromPrimitive>(p: &[T; 2]) -> T {
    let [x, y] = *p;
    let c = T::from_f64(47.0).unwrap();
    -(y + c) * (y + x / T::from_f64(2.0).unwrap() + c).abs().sqrt().sin() - x * (x - (y + c)).abs().sqrt().sin()
}

#[case((0.3, 3))]
fn unwrapped_otherwise<T: Float>(x: T, n: usize) -> T {
    let w = T::from(n).unwrap_or(T::one());
    let mut sum = T::from(n).unwrap_or_else(T::zero);
    let c = |v| T::from(v).unwrap();
    sum = sum + x * w * c(2.0);
    sum * x.powf(c(2.5))
}

#[case(([0.3, 1.2, -0.5], 1.0, 3.0), ([0.3], 1.0, 3.0), ([], 1.0, 3.0))]
fn valley<T>(x: &[T], a: T, b: T) -> T
where
    T: Float + FromPrimitive + Sum,
{
    x.iter().zip(x.iter().skip(1)).map(|(&x, &y)| (a - x).powi(2) + b * (y - x.powi(2)).powi(2)).sum()
}

#[case(([0.3, 1.2, -0.5], 20.0, 0.2, 3.0))]
fn ackley<T>(x: &[T], a: T, b: T, c: T) -> T
where
    T: Float + FromPrimitive + Sum,
{
    let one = T::from_f64(1.0).unwrap();
    let n = T::from_usize(x.len()).unwrap();
    -a * (-b * ((one / n) * x.iter().map(|x| x.powi(2)).sum()).sqrt()).exp()
        - ((one / n) * x.iter().map(|x| (c * *x).cos()).sum()).exp()
        + a
        + one.exp()
}

#[case(([0.3, 1.2, -0.5]), ([]))]
fn sums_and_products<T: Float + Product + for<'a> Sum<&'a T>>(x: &[T]) -> T {
    x.iter().copied().product::<T>() + x.iter().sum::<T>()
}

#[case(([0.3, 1.2, -0.5], 0.7))]
fn folds<T: Float>(c: &[T], x: T) -> T {
    let greatest = c.iter().cloned().fold(T::neg_infinity(), T::max);
    let mut total = T::zero();
    c.iter().for_each(|&v| total = total + (v - greatest).exp());
    c.iter().rev().fold(T::zero(), |sum, &c| sum * x + c) + total.ln() + greatest
}

#[case(([0.3, 1.2, -0.5], [0.7, -0.1, 1.1]))]
fn deviation<T: Float + Sum, const N: usize>(a: &[T; N], b: &[T; N]) -> T {
    let n = T::from(N).unwrap();
    let mean = a.iter().copied().sum::<T>() / n;
    let variance = a.iter().map(|&v| (v - mean).powi(2)).sum::<T>() / n;
    variance.sqrt() * a.iter().zip(b).map(|(x, y)| *x * *y).sum::<T>()
}

/// Methods of the same names as those of `Float`: it has to be said which are meant.
#[allow(dead_code)]
trait Namesake: Sized {
    fn sin(self) -> Self {
        self
    }
    fn cos(self) -> Self {
        self
    }
    fn abs(self) -> Self {
        self
    }
    fn exp(self) -> Self {
        self
    }
    fn sqrt(self) -> Self {
        self
    }
    fn hypot(self, other: Self) -> Self {
        other
    }
    fn powf(self, other: Self) -> Self {
        other
    }
    fn ln(self) -> Self {
        self
    }
    fn is_normal(self) -> bool {
        false
    }
    fn powi(self, _: i32) -> Self {
        self
    }
}

impl<T: Float> Namesake for T {}

#[case((0.3, 1.7, 4), (0.9, -0.7, -3))]
fn namesakes<T: Float + Namesake>(x: T, y: T, n: i32) -> T {
    let a = Float::sin(x) * Float::tanh(y) + Float::hypot(x, y) + Float::powf(x, y) + Float::asin(x)
        - Float::acosh(y * y + T::one());
    a + Float::powi(x, n) * <T as Float>::abs(y) + num_traits::Float::asinh(y)
}

/// A name for several bounds.
trait OwnFloat: Float + FloatConst + Sum {}

impl<T: Float + FloatConst + Sum> OwnFloat for T {}

#[case(([0.3, 1.7]))]
fn own_float<T: OwnFloat>(x: &[T]) -> T {
    x.iter().map(|&x| (x * T::PI()).sin()).sum()
}

#[case((0.3))]
fn real<T: num_traits::real::Real>(x: T) -> T {
    x.tanh() * num_traits::real::Real::sqrt(x) + T::epsilon()
}

/// What type `sum` has, only its use says.
#[case((0.3, 4))]
fn told_later<T: Float>(x: T, n: usize) -> T {
    let mut sum = Zero::zero();
    for k in 0..n {
        sum = sum + x.powi(k as i32);
    }
    sum
}

#[symgrad::differentiate(jvp, hvp)]
fn residuals<T: Float>(x: T, c: &[T; 2], out: &mut [T]) {
    for i in 0..out.len() {
        out[i] = c[i % 2] * x.sin() - T::from(i).unwrap();
    }
}

#[case(first_order, (0.5), (-1.2))]
fn squares_of_residuals<T: Float>(x: T) -> T {
    let mut b = [T::zero(); 3];
    residuals(x, &[x, T::one()], &mut b);
    b.iter().map(|&r| r * r).fold(T::zero(), |sum, r| sum + r)
}

#[case(([0.5, 0.7, -1.1]))]
fn collected<T: Float>(a: &[T]) -> T {
    let v: Vec<T> = a.iter().map(|&v| v.sin()).collect();
    let w: [T; 2] = std::array::from_fn(|i| v[i] * T::from(i).unwrap());
    v.windows(2).map(|p| p[0] * p[1]).fold(T::one(), |a, b| a * b) + w[1]
}

/// A trait of one's own, of which nothing says that it is one of floats.
trait Scalar: Float + AddAssign {
    fn half() -> Self {
        Self::from(0.5).unwrap()
    }

    fn of(x: f64) -> Self {
        Self::from(x).unwrap()
    }
}

impl<T: Float + AddAssign> Scalar for T {}

#[case((0.7, 3), (-1.3, 0))]
fn own_trait<S: Scalar>(x: S, n: usize) -> S {
    let mut y = S::half();
    y += x.sin() * S::of(1.5);
    if y > S::one() {
        y = y * S::of(2.0);
    }
    for _ in 0..n {
        y = y * x.exp() / (y + S::half());
    }
    y
}

#[case(([0.7, 0.2], 1.5), calls(own_trait))]
fn own_trait_in_a_clause<S>(x: &[S; 2], scale: S) -> S
where
    S: Copy + Scalar,
{
    let sum = x.iter().fold(S::zero(), |sum, &v| sum + v * v);
    own_trait(sum, 1) * scale
}

#[case(([0.5, -1.5, 2.0],), once)]
fn folded_from_the_zero_of_a_trait<T: Float>(x: &[T]) -> T {
    let product = x.iter().fold(One::one(), |p, &v| p * (v + v));
    x.iter().fold(Zero::zero(), |sum: T, &v| sum + v * v * v) * product
}
