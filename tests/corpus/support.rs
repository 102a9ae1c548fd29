//! The comparison of one function's first derivatives with both oracles, at one point after another.

pub use super::argument::*;
use super::dual::Dual;
use super::number::Number;
use symgrad::check::Check;

type Gradient<'a> = dyn Fn(&[f64]) -> (f64, Vec<f64>) + 'a;
type Jvp<'a> = dyn Fn(&[f64], &[f64]) -> (f64, f64) + 'a;

/// A function and its companions, over flat vectors of what is in `wrt`, and a point.
pub struct Point<'a> {
    pub single: bool,
    pub flat: &'a [f64],
    pub function: &'a dyn Fn(&[f64]) -> f64,
    pub both: &'a Gradient<'a>,
    pub gradient: &'a dyn Fn(&[f64]) -> Vec<f64>,
    pub into: Option<&'a Gradient<'a>>,
    pub jvp: &'a Jvp<'a>,
    pub dual: &'a dyn Fn(&[Dual]) -> Dual,
}

/// The comparisons of one function.
pub struct Case {
    name: &'static str,
    differences: bool,
    points: usize,
    confirmed: usize,
}

impl Case {
    pub fn new(name: &'static str, differences: bool) -> Self {
        Self { name, differences, points: 0, confirmed: 0 }
    }

    /// Compares at one point.
    pub fn at(&mut self, p: &Point<'_>) {
        let place = format!("`{}`, point {} {:?}", self.name, self.points, p.flat);
        self.points += 1;
        let value = (p.function)(p.flat);
        let (same, gradient) = (p.both)(p.flat);
        assert_eq!(gradient.len(), p.flat.len(), "{place}: the gradient's length");
        assert!(bits(value, same), "{place}: the value is {value:?}, with the gradient {same:?}");
        assert!(all(&gradient, &(p.gradient)(p.flat), bits), "{place}: two gradients");
        if let Some(into) = p.into {
            let (same, buffers) = into(p.flat);
            assert!(bits(value, same), "{place}: the value is {value:?}, with the gradient in buffers {same:?}");
            assert!(all(&gradient, &buffers, bits), "{place}: {gradient:?}, in buffers {buffers:?}");
        }
        duals(p, &place, value, &gradient);
        forward(p, &place, value, &gradient);
        if self.differences && !p.flat.is_empty() {
            let check = Check::new(p.function, p.both).jvp(p.jvp);
            let check = if p.single { check.single_precision() } else { check };
            let report = check.at(p.flat).expect("the point can be checked");
            assert!(!report.failed(), "{place}: {report}");
            self.confirmed += report.verified();
        }
    }

    /// At least one derivative was confirmed by differences.
    pub fn finish(self) {
        assert!(!self.differences || self.confirmed > 0, "`{}`: no difference confirms a derivative", self.name);
    }
}

/// The gradient by dual numbers.
fn duals(p: &Point<'_>, place: &str, value: f64, gradient: &[f64]) {
    let tolerance = if p.single { 4e-5 } else { 1e-12 };
    let mut expected = Vec::new();
    for i in 0..p.flat.len() {
        let seeded = |(j, &x): (usize, &f64)| Dual(Number::new(x, if i == j { 1.0 } else { 0.0 }));
        let duals: Vec<Dual> = p.flat.iter().enumerate().map(seeded).collect();
        let result = (p.dual)(&duals);
        assert!(
            close(value, result.value(), tolerance * value.abs().max(1.0)),
            "{place}: the value is {value:?}, over dual numbers {:?}: the two writings differ",
            result.value()
        );
        expected.push(result.0.eps);
    }
    let scale = expected.iter().filter(|x| x.is_finite()).fold(0.0, |m: f64, x| m.max(x.abs()));
    assert!(
        all(gradient, &expected, |a, b| close(a, b, tolerance * scale)),
        "{place}: the gradient is {gradient:?}, by dual numbers {expected:?}"
    );
}

/// ⟨g, v⟩ = jvp(v), for unit vectors and for others.
fn forward(p: &Point<'_>, place: &str, value: f64, gradient: &[f64]) {
    let n = p.flat.len();
    let mut state = 0x9e37_79b9_u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // Exact in f32, too.
        f64::from(u32::try_from(state >> 40).expect("24 bits")) / f64::from(1 << 23) - 1.0
    };
    let unit = (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect());
    let mut directions: Vec<Vec<f64>> = unit.collect();
    if gradient.iter().all(|g| g.is_finite()) {
        directions.extend((0..3).map(|_| (0..n).map(|_| random()).collect()));
    }
    // The terms of a derivative may cancel: they are of the size of the gradient or of the value over the point.
    let largest = |v: &[f64]| v.iter().filter(|x| x.is_finite()).fold(0.0, |m: f64, x| m.max(x.abs()));
    let relative = value.abs() / largest(p.flat);
    let size = largest(gradient).max(if relative.is_finite() { relative } else { 0.0 });
    for v in directions {
        let (same, tangent) = (p.jvp)(p.flat, &v);
        assert!(bits(value, same), "{place}: the value is {value:?}, with the tangent {same:?}");
        let product: f64 = gradient.iter().zip(&v).filter(|(_, v)| **v != 0.0).map(|(g, v)| g * v).sum();
        let tolerance = if p.single { 2e-5 } else { 1e-13 };
        assert!(
            close(tangent, product, tolerance * size),
            "{place}, along {v:?}: ⟨g, v⟩ is {product:?}, jvp(v) {tangent:?}"
        );
    }
}
