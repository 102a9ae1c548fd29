//! Patterns and control flow in generic functions, in functions of `f32` and in methods, against finite differences.

use num_traits::Float;
use symgrad::differentiate;

#[derive(Clone, Copy)]
enum Kind<T> {
    Linear { k: T },
    Power(T, i32),
    Off,
}

#[differentiate]
fn energy<T: Float>(x: T, kind: Kind<T>, limit: Option<T>) -> T {
    let e = match kind {
        Kind::Linear { k } => k * x * x,
        Kind::Power(a, n) if n > 1 => a * x.powi(n),
        Kind::Power(a, _) => a,
        Kind::Off => return T::zero() * x,
    };
    let a = if x > T::one() { [e, x] } else { [x, e] };
    let b: [T; 2];
    if let Some(l) = limit {
        b = [a[0], l];
    } else {
        b = a;
    }
    let y = 'a: {
        if b[0] > T::one() {
            break 'a b[0] * b[1];
        }
        b[1] * x
    };
    y + e
}

#[differentiate]
fn single(x: f32, o: Option<&f32>, n: usize) -> f32 {
    let mut s = 0.0;
    let mut k = 0;
    let z = loop {
        if let Some(w) = o {
            s += w * x;
        }
        k += 1;
        if k > n {
            break s * x;
        }
    };
    z.sin()
}

struct Layer {
    kind: Kind<f64>,
    weights: Vec<Option<f64>>,
    bias: f64,
}

impl Layer {
    #[differentiate(wrt(x))]
    fn apply(&self, x: f64) -> f64 {
        let mut s = self.bias;
        for w in &self.weights {
            let Some(w) = w else { continue };
            s += w * x;
        }
        match self.kind {
            Kind::Linear { k } => k * s,
            Kind::Power(a, n) => a * s.powi(n),
            Kind::Off => s,
        }
    }
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-6 * (1.0 + b.abs()), "{a} {b}");
}

#[test]
fn the_arm_that_is_taken_is_differentiated() {
    let h = 1e-6;
    for kind in [Kind::Linear { k: 2.0 }, Kind::Power(0.5, 3), Kind::Power(0.5, 1), Kind::Off] {
        for limit in [None, Some(0.3)] {
            for x in [0.4, 1.7] {
                let f = |x: f64| energy(x, kind, limit);
                let (v, d) = energy_value_and_gradient(x, kind, limit);
                assert_eq!(v, f(x));
                close(d, (f(x + h) - f(x - h)) / (2.0 * h));
            }
            let l = Layer { kind, weights: vec![Some(2.0), None, limit], bias: 0.2 };
            let (v, d) = l.apply_value_and_gradient(0.7);
            assert_eq!(v, l.apply(0.7));
            close(d, (l.apply(0.7 + h) - l.apply(0.7 - h)) / (2.0 * h));
        }
    }
    for o in [None, Some(0.4)] {
        for n in [0, 2] {
            let (_, d) = single_value_and_gradient(0.6, o.as_ref(), n);
            let f = |x: f32| single(x, o.as_ref(), n);
            assert!((d - (f(0.61) - f(0.59)) / 0.02).abs() < 1e-3);
        }
    }
}
