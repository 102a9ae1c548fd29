//! The comparison of one function's other derivatives with its gradient and with hyper-dual numbers, at one point after another.

pub use super::argument::*;
use super::dual::Dual;
use super::number::Number;

type Along<'a, D, R> = dyn Fn(&[f64], D) -> R + 'a;

type Sparse<'a> = dyn Fn(&[f64]) -> (Vec<(usize, usize)>, Vec<f64>) + 'a;

type Series<'a> = dyn Fn(&[f64]) -> [f64; 5] + 'a;

type Hessian<'a> = dyn Fn(&[f64]) -> (f64, Vec<f64>, Vec<f64>) + 'a;

/// A function and its companions, over flat vectors of what is in `wrt`, and a point.
pub struct Point<'a> {
    pub single: bool,
    pub flat: &'a [f64],
    pub function: &'a dyn Fn(&[f64]) -> f64,
    pub gradient: &'a dyn Fn(&[f64]) -> Vec<f64>,
    pub vjp: &'a Along<'a, f64, (f64, Vec<f64>)>,
    /// None of a function that calls others.
    pub hvp: Option<&'a Along<'a, &'a [f64], Vec<f64>>>,
    /// The value, the gradient and the Hessian: by numbers, or by one array.
    pub hessian: Option<&'a Hessian<'a>>,
    /// The value and four derivatives, of a function of one number.
    pub series: Option<&'a Series<'a>>,
    /// The nonzeros of the Hessian, and where they are.
    pub sparse: Option<&'a Sparse<'a>>,
    pub dual: &'a dyn Fn(&[Dual]) -> Dual,
}

/// The comparisons of one function.
pub struct Case {
    name: &'static str,
    points: usize,
}

impl Case {
    pub fn new(name: &'static str) -> Self {
        Self { name, points: 0 }
    }

    /// Compares at one point.
    pub fn at(&mut self, p: &Point<'_>) {
        let place = format!("`{}`, point {} {:?}", self.name, self.points, p.flat);
        self.points += 1;
        backward(p, &place);
        if let Some(series) = p.series {
            derivatives(p, &place, series);
        }
        if let Some(hvp) = p.hvp {
            let columns = second(p, &place, hvp);
            matrix(p, &place, &columns);
            nonzeros(p, &place, &columns);
        }
    }
}

/// A cotangent times the gradient.
fn backward(p: &Point<'_>, place: &str) {
    let (value, gradient) = ((p.function)(p.flat), (p.gradient)(p.flat));
    // Exact factors, so that all roundings are the same.
    for cotangent in [1.0, -0.5] {
        let (same, product) = (p.vjp)(p.flat, cotangent);
        assert!(bits(value, same), "{place}: the value is {value:?}, with the product {same:?}");
        let expected: Vec<f64> = gradient.iter().map(|g| cotangent * g).collect();
        let tolerance = if p.single { 2e-5 } else { 1e-13 } * largest(&expected);
        assert!(
            all(&product, &expected, |a, b| close(a, b, tolerance)),
            "{place}: {cotangent} times {gradient:?} is {product:?}"
        );
    }
}

/// Derivatives of every order: the first is the gradient, the second that of hyper-dual numbers, the third differences of that one,
/// and the fourth differences of the third.
fn derivatives(p: &Point<'_>, place: &str, series: &dyn Fn(&[f64]) -> [f64; 5]) {
    let (x, found) = (p.flat[0], series(p.flat));
    let value = (p.function)(p.flat);
    assert!(bits(value, found[0]), "{place}: the value is {value:?}, with its derivatives {found:?}");
    let gradient = (p.gradient)(p.flat)[0];
    let near = |order: f64| if p.single { 1e-4 } else { 1e-11 } * largest(&[order, gradient, value]);
    assert!(close(found[1], gradient, near(found[1])), "{place}: the gradient is {gradient:?}, and {found:?}");
    let second = |x: f64| (p.dual)(&[Dual(Number::new(x, 1.0, 1.0, 0.0))]).0.eps1eps2;
    let dual = second(x);
    let regular = dual.is_finite() && gradient.is_finite();
    assert!(!regular || close(found[2], dual, near(dual)), "{place}: the second derivative is {dual:?}, and {found:?}");
    if p.single {
        return;
    }
    for order in [3, 4] {
        let at = |h: f64| if order == 3 { second(x + h) } else { series(&[x + h])[order - 1] };
        let quotient = |h: f64| (at(h) - at(-h)) / (2.0 * h);
        let h = 1e-3 * x.abs().clamp(0.1, 10.0);
        let (coarse, fine) = (quotient(2.0 * h), quotient(h));
        let expected = (4.0 * fine - coarse) / 3.0;
        let tolerance = 10.0 * (expected - fine).abs() + 1e-6 * largest(&[expected, found[order - 1], found[order]]);
        // Not across a kink.
        let bend = (at(h) - 2.0 * at(0.0) + at(-h)).abs() / h;
        let smooth = (coarse - fine).abs() <= 0.1 * fine.abs() && bend <= 0.1 * fine.abs();
        assert!(
            !smooth || close(found[order], expected, tolerance),
            "{place}: derivative {order} is some {expected:?}, and {found:?}"
        );
    }
}

/// The Hessian, which is symmetric, against its columns.
fn matrix(p: &Point<'_>, place: &str, columns: &[Vec<f64>]) {
    let Some(all) = p.hessian else { return };
    let (value, gradient, hessian) = all(p.flat);
    assert!(bits(value, (p.function)(p.flat)), "{place}: another value with the Hessian: {value:?}");
    let tolerance = |v: &[f64]| if p.single { 2e-5 } else { 1e-13 } * largest(v);
    let expected = (p.gradient)(p.flat);
    let near = tolerance(&expected);
    assert!(
        all_close(&gradient, &expected, near),
        "{place}: the gradient is {expected:?}, with the Hessian {gradient:?}"
    );
    let (n, near) = (p.flat.len(), tolerance(&columns.concat()));
    assert_eq!(hessian.len(), n * n, "{place}: the size of the Hessian");
    for i in 0..n {
        for j in 0..n {
            let (entry, mirrored) = (hessian[i * n + j], hessian[j * n + i]);
            assert!(bits(entry, mirrored), "{place}: {entry:?} at {i}, {j}, and {mirrored:?} at {j}, {i}");
            let expected = columns[i.min(j)][i.max(j)];
            assert!(close(entry, expected, near), "{place}: {entry:?} at {i}, {j}, and {expected:?} in the column");
        }
    }
}

/// The nonzeros of the Hessian are those that there are, and of the same values.
fn nonzeros(p: &Point<'_>, place: &str, columns: &[Vec<f64>]) {
    let Some(sparse) = p.sparse else { return };
    let (pattern, values) = sparse(p.flat);
    let near = if p.single { 2e-5 } else { 1e-13 } * largest(&columns.concat());
    let mut others = columns.to_vec();
    assert_eq!(pattern.len(), values.len(), "{place}: nonzeros");
    for ((i, j), value) in pattern.into_iter().zip(values) {
        // Each is that of the lower triangle.
        let expected = columns[i.min(j)][i.max(j)];
        assert!(close(value, expected, near), "{place}: {expected:?} at {i}, {j}, and {value:?} among the nonzeros");
        others[j][i] = 0.0;
    }
    for (j, column) in others.iter().enumerate() {
        for (i, &left) in column.iter().enumerate() {
            assert!(left == 0.0 || left.is_nan(), "{place}: {left:?} at {i}, {j} is not among the nonzeros");
        }
    }
}

fn all_close(a: &[f64], b: &[f64], tolerance: f64) -> bool {
    all(a, b, |a, b| close(a, b, tolerance))
}

/// The columns of the Hessian, by hyper-dual numbers.
fn second<'a>(p: &Point<'a>, place: &str, hvp: &Along<'a, &'a [f64], Vec<f64>>) -> Vec<Vec<f64>> {
    let mut columns = Vec::new();
    let n = p.flat.len();
    let unit = |k: usize, of: usize| if k == of { 1.0 } else { 0.0 };
    let mixed = |i: usize, j: usize| {
        let seeded = |(k, &x): (usize, &f64)| Dual(Number::new(x, unit(k, i), unit(k, j), 0.0));
        let duals: Vec<Dual> = p.flat.iter().enumerate().map(seeded).collect();
        (p.dual)(&duals).0.eps1eps2
    };
    let expected: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| mixed(i.max(j), i.min(j))).collect()).collect();
    let all: Vec<f64> = expected.concat();
    let tolerance = if p.single { 1e-4 } else { 1e-11 } * largest(&all).max(largest(&(p.gradient)(p.flat)));
    for (j, expected) in expected.iter().enumerate() {
        let unit: Vec<f64> = (0..n).map(|k| unit(k, j)).collect();
        let column = hvp(p.flat, Vec::leak(unit));
        assert_eq!(column.len(), n, "{place}: the length of a column");
        for (i, (&found, &expected)) in column.iter().zip(expected).enumerate() {
            // Where hyper-dual numbers have none, they do not tell.
            let tells = expected.is_finite();
            assert!(
                !tells || close(found, expected, tolerance),
                "{place}: the second derivative by {i} and {j} is {found:?}, by hyper-dual numbers {expected:?}"
            );
        }
        columns.push(column);
    }
    columns
}

/// An `f64` as a number of the function's type.
pub trait Narrow {
    fn narrow(x: f64) -> Self;
}

impl Narrow for f32 {
    #[allow(clippy::cast_possible_truncation, reason = "a number that is exact in either")]
    fn narrow(x: f64) -> Self {
        x as f32
    }
}

impl Narrow for f64 {
    fn narrow(x: f64) -> Self {
        x
    }
}

pub fn narrow<N: Narrow>(x: f64) -> N {
    N::narrow(x)
}

fn largest(v: &[f64]) -> f64 {
    v.iter().filter(|x| x.is_finite()).fold(0.0, |m: f64, x| m.max(x.abs()))
}
