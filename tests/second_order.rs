//! Second derivatives and matrices through calls of differentiated functions: against hyper-dual numbers (`num-dual`) where the
//! function can be written for them, against the same function with its calls written out, and against differences.
#![allow(clippy::needless_range_loop, reason = "as users write them")]

#[path = "common/differences.rs"]
mod common;

use common::{close, differences};
use num_dual::{DualNum as _, HyperDual64};
use symgrad::{Flatten, differentiate};

/// The gradient and the Hessian by hyper-dual numbers.
fn by_duals(f: impl Fn(&[HyperDual64]) -> HyperDual64, x: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let n = x.len();
    let (mut gradient, mut hessian) = (vec![0.0; n], vec![0.0; n * n]);
    for i in 0..n {
        for j in 0..n {
            let unit = |k: usize, of: usize| if k == of { 1.0 } else { 0.0 };
            let along = |k: usize| HyperDual64::new(x[k], unit(k, i), unit(k, j), 0.0);
            let y = f(&(0..n).map(along).collect::<Vec<_>>());
            (gradient[i], hessian[i * n + j]) = (y.eps1, y.eps1eps2);
        }
    }
    (gradient, hessian)
}

mod scalars {
    use super::*;

    #[differentiate(gradient, hvp)]
    pub fn g(x: f64, y: f64) -> f64 {
        x.sin() * y + (x * y).exp()
    }

    #[differentiate(gradient, hessian, hvp)]
    fn f(a: f64, b: f64, c: f64) -> f64 {
        let inner = g(a * b, c);
        inner * g(c, inner.ln()) / a
    }

    fn dual(x: &[HyperDual64]) -> HyperDual64 {
        let g = |x: HyperDual64, y: HyperDual64| x.sin() * y + (x * y).exp();
        let inner = g(x[0] * x[1], x[2]);
        inner * g(x[2], inner.ln()) / x[0]
    }

    #[test]
    fn a_hessian_through_calls() {
        let (value, gradient, second) = f_value_gradient_hessian(0.7, 1.2, 0.4);
        assert_eq!(value, f(0.7, 1.2, 0.4));
        let (first, expected) = by_duals(dual, &[0.7, 1.2, 0.4]);
        close(&gradient, &first, 1e-14);
        close(&second.flatten(), &expected, 1e-13);
        let vector = [0.3, -1.0, 2.0];
        let product = f_hvp(0.7, 1.2, 0.4, 0.3, -1.0, 2.0);
        let expected: Vec<f64> = second.iter().map(|row| row.iter().zip(vector).map(|(h, v)| h * v).sum()).collect();
        close(&product, &expected, 1e-14);
    }
}

mod products {
    use super::*;

    #[differentiate(hvp, jvp)]
    fn turned(x: [f64; 2], angle: f64) -> [f64; 2] {
        let (s, c) = angle.sin_cos();
        [c * x[0] - s * x[1], s * x[0] * x[1] + c * x[1]]
    }

    #[differentiate(hvp)]
    fn both(x: f64, y: f64) -> (f64, Vec<f64>) {
        (x * y.exp(), vec![x * x * y, y.sin(), x])
    }

    #[differentiate(hvp)]
    fn squared(b: &mut [f64], scale: f64) {
        for v in b.iter_mut() {
            *v = *v * *v * scale;
        }
    }

    #[differentiate(gradient, hvp)]
    fn with_scratch(x: f64, scratch: &mut [f64]) -> f64 {
        scratch[0] += x * x;
        scratch[1] *= x;
        scratch[0] * scratch[1]
    }

    #[differentiate(gradient, hessian, hvp)]
    fn all(x: &[f64; 3]) -> f64 {
        let p: [f64; 2] = turned([x[0], x[1] * x[2]], x[2]);
        let q: [f64; 2] = turned(p, x[0] * x[1]);
        let (a, v): (f64, Vec<f64>) = both(q[0], q[1]);
        let mut b = [a, v[0], v[1] * v[2]];
        squared(&mut b, x[1]);
        squared(&mut b[..2], p[0]);
        let s = with_scratch(b[0] * 0.1, &mut b);
        s + b[0] * b[1] + b[2]
    }

    fn dual(x: &[HyperDual64]) -> HyperDual64 {
        type D = HyperDual64;
        let turned = |x: [D; 2], a: D| {
            let (s, c) = (a.sin(), a.cos());
            [c * x[0] - s * x[1], s * x[0] * x[1] + c * x[1]]
        };
        let p = turned([x[0], x[1] * x[2]], x[2]);
        let q = turned(p, x[0] * x[1]);
        let (a, v) = (q[0] * q[1].exp(), [q[0] * q[0] * q[1], q[1].sin(), q[0]]);
        let mut b = [a, v[0], v[1] * v[2]];
        b.iter_mut().for_each(|v| *v = *v * *v * x[1]);
        b[..2].iter_mut().for_each(|v| *v = *v * *v * p[0]);
        let y = b[0] * 0.1;
        b[0] += y * y;
        b[1] *= y;
        b[0] * b[1] + b[0] * b[1] + b[2]
    }

    #[test]
    fn arrays_tuples_and_buffers() {
        let x = [0.9, 0.7, 1.3];
        let (value, gradient, second) = all_value_gradient_hessian(&x);
        let (first, expected) = by_duals(dual, &x);
        assert_eq!(value, all(&x));
        close(&gradient, &first, 1e-13);
        close(&second.flatten(), &expected, 1e-13);
        let v = [0.3, -1.0, 2.0];
        let product: Vec<f64> = second.iter().map(|row| row.iter().zip(v).map(|(h, v)| h * v).sum()).collect();
        close(&all_hvp(&x, &v), &product, 1e-13);
    }

    /// The same over a slice, whose columns are computed a few at a time.
    #[differentiate(gradient, hessian)]
    fn chain(x: &[f64]) -> f64 {
        let mut sum = 0.0;
        for i in 1..x.len() {
            let p: [f64; 2] = turned([x[i], x[i - 1]], x[0]);
            sum += super::scalars::g(p[0], p[1]);
        }
        sum
    }

    #[test]
    fn more_columns_than_lanes() {
        let x: Vec<f64> = (0..19).map(|i| (0.3 * f64::from(i)).sin()).collect();
        let (value, gradient, second) = chain_value_gradient_hessian(&x);
        assert_eq!(value, chain(&x));
        assert_eq!(gradient, chain_gradient(&x));
        close(&second, &differences(&|x| chain_gradient(x), &x), 1e-8);
        let dual = |x: &[HyperDual64]| {
            let mut sum = HyperDual64::from(0.0);
            for i in 1..x.len() {
                let (s, c) = (x[0].sin(), x[0].cos());
                let p = [c * x[i] - s * x[i - 1], s * x[i] * x[i - 1] + c * x[i - 1]];
                sum += p[0].sin() * p[1] + (p[0] * p[1]).exp();
            }
            sum
        };
        close(&second, &by_duals(dual, &x).1, 1e-13);
    }

    #[differentiate(jacobian)]
    fn halves(x: f64, y: f64) -> (f64, [f64; 2]) {
        let p: [f64; 2] = turned([x, y], x);
        let (a, _) = both(p[0], y);
        (a * super::scalars::g(x, y), [p[1], a])
    }

    #[differentiate(jacobian)]
    fn in_place(x: &[f64; 2], out: &mut [f64; 2]) {
        out.copy_from_slice(x);
        squared(out, x[0]);
    }

    #[test]
    fn jacobians() {
        let ((a, b), (first, rest)) = halves_value_and_jacobian(0.7, 0.4);
        assert_eq!((a, b), halves(0.7, 0.4));
        let found = [first.flatten(), rest.flatten()].concat();
        let all = |x: &[f64]| {
            let (a, b) = halves(x[0], x[1]);
            vec![a, b[0], b[1]]
        };
        close(&found, &differences(&all, &[0.7, 0.4]), 1e-9);
        let mut out = [0.0; 2];
        let found = in_place_jacobian(&[0.7, 0.4], &mut out);
        let all = |x: &[f64]| {
            let mut out = [0.0; 2];
            in_place(&[x[0], x[1]], &mut out);
            out.to_vec()
        };
        assert_eq!(out.to_vec(), all(&[0.7, 0.4]));
        close(&found.flatten(), &differences(&all, &[0.7, 0.4]), 1e-9);
    }
}

mod others {
    use super::*;
    use num_traits::Float;
    use symgrad::Differentiable;

    #[differentiate(gradient, hvp)]
    fn power(x: f64, n: u32) -> f64 {
        if n == 0 { 1.0 } else { x * power(x.sin() + 1.0, n - 1) }
    }

    #[differentiate(hessian, wrt(x))]
    fn recursive(x: f64) -> f64 {
        power(x, 4)
    }

    #[test]
    fn recursion() {
        let dual = |x: &[HyperDual64]| {
            fn power(x: HyperDual64, n: u32) -> HyperDual64 {
                if n == 0 { HyperDual64::from(1.0) } else { x * power(x.sin() + 1.0, n - 1) }
            }
            power(x[0], 4)
        };
        close(&[recursive_hessian(0.6)], &by_duals(dual, &[0.6]).1, 1e-14);
    }

    #[differentiate(gradient, hvp)]
    fn norm<T: Float, const N: usize>(x: &[T; N], mut times: usize) -> T {
        let mut sum = T::zero();
        while times > 0 {
            for i in 0..N {
                sum = sum + x[i] * x[i];
            }
            times -= 1;
        }
        sum.sqrt()
    }

    #[differentiate(hessian, hvp)]
    fn norms(x: &[f64; 2]) -> f64 {
        norm(x, 2) * norm::<f64, 3>(&[x[0], x[1] * x[0], 1.0], 1)
    }

    #[differentiate(hessian, hvp)]
    fn generic_norms<T: Float>(x: T, y: T) -> T {
        norm(&[x, y], 2) * norm::<_, 3>(&[x, y * x, x * x], 1)
    }

    #[test]
    fn generics() {
        let dual = |x: &[HyperDual64]| {
            let norm = |x: &[HyperDual64], times: f64| (x.iter().map(|x| *x * *x).sum::<HyperDual64>() * times).sqrt();
            norm(x, 2.0) * norm(&[x[0], x[1] * x[0], HyperDual64::from(1.0)], 1.0)
        };
        close(&norms_hessian(&[0.6, 1.4]).flatten(), &by_duals(dual, &[0.6, 1.4]).1, 1e-14);
        let dual = |x: &[HyperDual64]| {
            let norm = |x: &[HyperDual64], times: f64| (x.iter().map(|x| *x * *x).sum::<HyperDual64>() * times).sqrt();
            norm(x, 2.0) * norm(&[x[0], x[1] * x[0], x[0] * x[0]], 1.0)
        };
        close(&generic_norms_hessian(0.6, 1.4).flatten(), &by_duals(dual, &[0.6, 1.4]).1, 1e-14);
        let single = generic_norms_hessian(0.6_f32, 1.4).flatten();
        close(&single, &by_duals(dual, &[0.6, 1.4]).1, 1e-5);
    }

    struct Spring {
        stiffness: f64,
    }

    #[differentiate(gradient, hvp)]
    impl Spring {
        #[differentiate(wrt(x))]
        fn energy(&self, x: f64) -> f64 {
            self.stiffness * x * x * x / 3.0
        }

        #[differentiate]
        fn of(x: f64, y: f64) -> f64 {
            (x * y).tanh()
        }

        #[differentiate(hvp)]
        fn pair(x: f64, y: f64) -> [f64; 2] {
            [x * y, Self::of(x, y)]
        }
    }

    #[differentiate(hessian, hvp, wrt(x, y))]
    fn springs(spring: &Spring, x: f64, y: f64) -> f64 {
        let p: [f64; 2] = Spring::pair(x, y);
        spring.energy(x * y) * Spring::of(y, x + p[0]) + p[1]
    }

    #[test]
    fn methods() {
        let spring = Spring { stiffness: 1.7 };
        let dual = |x: &[HyperDual64]| {
            let (x, y) = (x[0], x[1]);
            let e = (x * y) * (x * y) * (x * y) * 1.7 / 3.0;
            e * (y * (x + x * y)).tanh() + (x * y).tanh()
        };
        let found = springs_hessian(&spring, 0.8, 1.1);
        close(&found.flatten(), &by_duals(dual, &[0.8, 1.1]).1, 1e-13);
        let product = springs_hvp(&spring, 0.8, 1.1, 0.5, -2.0);
        close(&product, &[0, 1].map(|i| found[i][0] * 0.5 - found[i][1] * 2.0), 1e-13);
    }

    #[derive(Differentiable, Clone)]
    struct Body {
        position: [f64; 2],
        mass: f64,
    }

    #[differentiate(gradient, hvp, wrt(a, b))]
    fn attraction(a: &Body, b: &Body) -> f64 {
        let (x, y) = (a.position[0] - b.position[0], a.position[1] - b.position[1]);
        -a.mass * b.mass / (x * x + y * y).sqrt()
    }

    #[differentiate(hvp, wrt(a, by))]
    fn moved(a: &Body, by: f64) -> Body {
        Body { position: [a.position[0] + by, a.position[1] * by], mass: a.mass * by }
    }

    #[differentiate(gradient, hvp, wrt(a, by))]
    fn of_bodies(a: &Body, by: f64) -> f64 {
        let b: Body = moved(a, by);
        let c: Body = moved(&b, by * by);
        attraction(&b, &c) * attraction(a, &c)
    }

    #[test]
    fn structs() {
        let flat = |x: &[f64]| (Body { position: [x[0], x[1]], mass: x[2] }, x[3]);
        let gradient = |x: &[f64]| {
            let (a, by) = flat(x);
            let (da, dby) = of_bodies_gradient(&a, by);
            [da.flatten(), vec![dby]].concat()
        };
        let (x, v) = ([0.3, -0.4, 1.5, 1.2], [0.5, 1.0, -1.0, 2.0]);
        let ((a, by), (va, vby)) = (flat(&x), flat(&v));
        let (da, dby) = of_bodies_hvp(&a, by, &va, vby);
        let jacobian = differences(&gradient, &x);
        let expected: Vec<f64> = (0..4).map(|i| (0..4).map(|j| jacobian[i * 4 + j] * v[j]).sum()).collect();
        close(&[da.flatten(), vec![dby]].concat(), &expected, 1e-8);
    }

    /// What a struct is inside, a caller's directions do not know.
    #[differentiate(gradient, hvp)]
    fn with_a_struct_inside(x: f64, y: &[f64; 2]) -> f64 {
        let a = Body { position: *y, mass: x };
        attraction(&a, &Body { position: [x, 3.0], mass: 2.0 })
    }

    #[differentiate(gradient, hvp)]
    fn calls_it(x: f64, y: f64) -> f64 {
        with_a_struct_inside(x * y, &[x, y])
    }

    #[test]
    fn structs_inside() {
        let dual = |x: &[HyperDual64]| {
            let (m, px, py) = (x[0] * x[1], x[0], x[1]);
            let (dx, dy) = (px - m, py - 3.0);
            -m * 2.0 / (dx * dx + dy * dy).sqrt()
        };
        let second = by_duals(dual, &[0.4, 0.9]).1;
        let found = calls_it_hvp(0.4, 0.9, 2.0, -1.0);
        close(&found, &[2.0 * second[0] - second[1], 2.0 * second[2] - second[3]], 1e-13);
    }
}

/// Names of parameters that could be those of what the protocol declares.
mod names {
    use super::*;

    #[differentiate(gradient, hvp)]
    fn alike(
        x: f64,
        dx: &[f64; 2],
        x_tangent: f64,
        slot_x: f64,
        dx_tangent: f64,
        tangent_of_x: f64,
        second_x: f64,
    ) -> f64 {
        (x * dx[0]).sin() * x_tangent * dx[1] * slot_x.exp() * dx_tangent * tangent_of_x + second_x * second_x * x
    }

    /// What the body changes, in a function whose protocol has it as a parameter.
    #[differentiate(hvp)]
    fn repeated(x: f64, mut times: usize) -> [f64; 2] {
        let mut y = x;
        while times > 0 {
            y = y.sin() * x;
            times -= 1;
        }
        [y, x]
    }

    #[differentiate(gradient, hvp)]
    fn of_names(x: &[f64; 8]) -> f64 {
        let p: [f64; 2] = repeated(x[0], 3);
        alike(p[0], &[x[1], x[2]], x[3], x[4], x[5], x[6], x[7]) * p[1]
    }

    #[test]
    fn do_not_meet() {
        let x = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.1];
        let array = |x: &[f64]| <[f64; 8]>::try_from(x).unwrap();
        let expected = differences(&|x| of_names_gradient(&array(x)).to_vec(), &x);
        for k in 0..8 {
            let mut unit = [0.0; 8];
            unit[k] = 1.0;
            let column: Vec<f64> = (0..8).map(|i| expected[i * 8 + k]).collect();
            close(&of_names_hvp(&x, &unit), &column, 1e-9);
        }
    }
}

/// A record on a tape with a number that nothing needs and with an array that something does.
mod records_with_arrays {
    use super::*;

    #[differentiate(gradient, hvp)]
    fn product(a: f64, b: f64) -> f64 {
        a * b
    }

    #[differentiate(hvp)]
    fn waves(v: &mut [f64], k: f64) {
        for i in 0..v.len() {
            v[i] = (v[i] * k).sin();
        }
    }

    #[differentiate(gradient, hessian, hvp)]
    fn f(a: f64, c: f64, w: f64) -> f64 {
        let mut r: [f64; 2] = [w, 0.3];
        let mut v: Vec<f64> = vec![a, 0.4];
        let mut k = 0;
        if w < 0.8 {
        } else {
            while k < 4 {
                k += 1;
                if k > 2 {
                    return a + r[0];
                }
            }
            waves(&mut v, c);
            if c > a && product(r[0].sin(), 0.5).abs() < 0.8 {
                r[1] -= w;
            }
        }
        a + c + r[0] * r[1] + v[0]
    }

    #[test]
    fn are_complete() {
        for x in [[0.3, 0.7, 0.5], [0.3, 0.7, 0.9], [0.8, 0.6, 1.1]] {
            let gradient = |x: &[f64]| f_gradient(x[0], x[1], x[2]).to_vec();
            let product = f_hvp(x[0], x[1], x[2], 1.0, 0.5, -2.0);
            let expected = differences(&gradient, &x);
            let column: Vec<f64> =
                (0..3).map(|i| expected[i * 3] + 0.5 * expected[i * 3 + 1] - 2.0 * expected[i * 3 + 2]).collect();
            close(&product, &column, 1e-9);
        }
    }
}
