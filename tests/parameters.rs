//! Parameters that are patterns: one parameter each, called by its place, in `wrt` as any other.
#![allow(missing_docs)]

use symgrad::check;
use symgrad::differentiate;

#[differentiate(gradient, jvp)]
fn taken_apart(&[x, y]: &[f64; 2], (a, k): (f64, usize), [p, mut q]: [f64; 2], _: f64) -> f64 {
    for _ in 0..k {
        q += x * a;
    }
    x.sin() * y + a * p * q
}

#[differentiate(wrt(z))]
fn beside(z: f64, &[x, y]: &[f64; 2]) -> f64 {
    (x * z).exp() + y
}

#[test]
fn each_pattern_is_one_parameter() {
    let unflatten = |v: &[f64]| ([v[0], v[1]], [v[2], v[3]], v[4]);
    let value = |v: &[f64]| {
        let (a, c, d) = unflatten(v);
        taken_apart(&a, (1.5, 2), c, d)
    };
    let both = |v: &[f64]| {
        let (a, c, d) = unflatten(v);
        taken_apart_value_and_gradient(&a, (1.5, 2), c, d)
    };
    let point = [0.5, -1.25, 2.0, 0.75, 3.0];
    let report = check::gradient(value, both, &point).expect("a finite point");
    assert!(report.passed(), "{report}");

    let (value, (da, dc, dd)) = both(&point);
    let (a, c, d) = unflatten(&point);
    let (again, tangent) = taken_apart_jvp(&a, (1.5, 2), c, d, &[1.0, 0.0], [0.0, 1.0], 1.0);
    assert_eq!(value.to_bits(), taken_apart(&a, (1.5, 2), c, d).to_bits());
    assert_eq!(value.to_bits(), again.to_bits());
    approx::assert_relative_eq!(tangent, da[0] + dc[1] + dd, max_relative = 1e-14);
}

#[test]
fn a_pattern_that_is_not_in_wrt_is_data() {
    let value = |v: &[f64]| beside(v[0], &[0.5, 2.0]);
    let both = |v: &[f64]| beside_value_and_gradient(v[0], &[0.5, 2.0]);
    let report = check::gradient(value, both, &[0.75]).expect("a finite point");
    assert!(report.passed(), "{report}");
}

mod counting {
    //! A type of the user's may do anything in a method, whatever that is called.

    use std::cell::Cell;
    use symgrad::differentiate;

    struct Counter(Cell<u32>);

    impl Counter {
        fn len(&self) -> u32 {
            self.0.set(self.0.get() + 1);
            self.0.get()
        }

        fn max(&self, more: u32) -> u32 {
            self.0.set(self.0.get() + more);
            self.0.get()
        }
    }

    #[differentiate(gradient, jvp, wrt(x))]
    fn counted(x: f64, counter: &Counter) -> f64 {
        let mut s = 1.0;
        for _ in 0..2 {
            s = s * x * f64::from(counter.len()) + f64::from(counter.len());
            s = s * s * f64::from(counter.max(2));
        }
        s * f64::from(counter.len())
    }

    #[test]
    fn each_call_is_one() {
        let counter = || Counter(Cell::new(0));
        let value = counted(1.5, &counter());
        assert_eq!(value.to_bits(), counted_value_and_gradient(1.5, &counter()).0.to_bits());
        assert_eq!(value.to_bits(), counted_jvp(1.5, &counter(), 1.0).0.to_bits());
    }
}

#[differentiate(constant, gradient, jvp, vjp, hvp, hessian)]
fn level(x: f64, y: f64) -> f64 {
    if x > y { 2.0 } else { x.floor() }
}

#[differentiate(constant, gradient, jvp)]
fn count(x: &[f64]) -> f64 {
    if x[0] > 1.5 { 3.0 } else { f64::from(u8::from(x[1] > 0.0)) + 2.0 }
}

#[differentiate(gradient, jvp)]
fn beside_constants(x: f64, y: &[f64]) -> f64 {
    x * level(x, y[0]) + count(y) * y[1]
}

#[test]
fn constants_that_are_meant() {
    assert_eq!(level_value_and_gradient(3.0, 1.0), (2.0, [0.0, 0.0]));
    assert_eq!(level_jvp(1.5, 2.5, 1.0, 1.0), (1.0, 0.0));
    assert_eq!(level_vjp(1.5, 2.5, 3.0), (1.0, [0.0, 0.0]));
    assert_eq!(level_hvp(1.5, 2.5, 1.0, 1.0), [0.0, 0.0]);
    assert_eq!(level_hessian(1.5, 2.5), [[0.0; 2]; 2]);
    assert_eq!(count_value_and_gradient(&[1.0, -2.0, 3.0]), (2.0, vec![0.0; 3]));
    assert_eq!(count_jvp(&[1.0, -2.0], &[1.0, 1.0]), (2.0, 0.0));
    assert_eq!(beside_constants_gradient(3.0, &[1.0, 4.0]), (2.0, vec![0.0, 3.0]));
    assert_eq!(beside_constants_jvp(3.0, &[1.0, 4.0], 1.0, &[1.0, 1.0]), (18.0, 5.0));
}
