//! Gradients inside differentiated functions: against dual numbers, the same with the inner gradient written out, and
//! against differences; that levels are not mixed up; optimization inside of what is optimized.

#[path = "common/differences.rs"]
mod common;

use common::{close, slopes};
use num_dual::{Dual64, DualNum as _};
use symgrad::{Differentiable, Flatten, differentiate};

mod forms {
    use super::*;

    #[differentiate(gradient, hvp)]
    fn one(x: f64) -> f64 {
        x.sin() * x * x
    }

    #[differentiate(gradient, hessian, wrt(x, y))]
    fn two(x: f64, y: f64, n: i32) -> f64 {
        (x * y).exp() * y.powi(n)
    }

    #[differentiate(gradient, hvp)]
    fn array(x: &[f64; 3]) -> f64 {
        x[0] * x[1] * x[2].sin() + x[0].powi(3)
    }

    #[differentiate(gradient, hvp)]
    fn mixed(x: &[f64], scale: f64) -> f64 {
        let mut sum = 0.0;
        for i in 1..x.len() {
            sum += scale * x[i] * x[i - 1].cos();
        }
        sum
    }

    #[differentiate(gradient, jvp, wrt(x))]
    fn all(x: &[f64; 3]) -> f64 {
        let d = one_gradient(x[0] * x[1]);
        let (v, e) = one_value_and_gradient(x[2]);
        let g = two_gradient(x[0], d, 3);
        let [a, b] = two_gradient(x[1], x[2], 2);
        let h: [f64; 3] = array_gradient(x);
        let (w, k): (f64, [f64; 3]) = array_value_and_gradient(&[x[1], a, x[0]]);
        let (m, s): (Vec<f64>, f64) = mixed_gradient(&[x[0], x[2], x[1]], x[0]);
        let mut sum = d * v * e + g[0] * g[1] - a * b;
        for i in 0..3 {
            sum += h[i] * k[i] * w * m[i];
        }
        sum * s
    }

    #[test]
    fn every_form() {
        let x = [0.4, 0.7, -0.9];
        let (value, gradient) = all_value_and_gradient(&x);
        assert_eq!(value, all(&x));
        close(&gradient, &slopes(&|x| all(&[x[0], x[1], x[2]]), &x), 1e-9);
        let v = [0.3, -2.0, 1.1];
        let along: f64 = gradient.iter().zip(v).map(|(g, v)| g * v).sum();
        let (same, tangent) = all_jvp(&x, &v);
        assert_eq!(same, value);
        close(&[tangent], &[along], 1e-13);
    }

    #[differentiate(jacobian)]
    fn field(x: &[f64; 3]) -> [f64; 3] {
        let g: [f64; 3] = array_gradient(x);
        let d = one_gradient(x[0]);
        [g[0] * d, g[1], g[2]]
    }

    #[test]
    fn a_jacobian() {
        let x = [0.4, 0.7, -0.9];
        let jacobian = field_jacobian(&x);
        for (k, row) in jacobian.iter().enumerate() {
            close(row, &slopes(&|x| field(&[x[0], x[1], x[2]])[k], &x), 1e-9);
        }
    }

    #[differentiate(gradient, hvp)]
    fn generic<T: num_traits::Float>(x: &[T; 2]) -> T {
        x[0].sin() * x[1] * x[1]
    }

    #[differentiate(gradient, jvp)]
    fn of_generic<T: num_traits::Float>(x: T, y: T) -> T {
        let g: [T; 2] = generic_gradient(&[x * y, y]);
        g[0] * g[1] * x
    }

    #[test]
    fn generics() {
        let gradient = of_generic_gradient(0.7, 1.3);
        close(&gradient, &slopes(&|x| of_generic(x[0], x[1]), &[0.7, 1.3]), 1e-9);
        let single: [f32; 2] = of_generic_gradient(0.7, 1.3);
        close(&single.map(f64::from), &gradient, 1e-5);
    }

    #[derive(Differentiable, Clone)]
    struct Point {
        at: [f64; 2],
        mass: f64,
    }

    #[differentiate(gradient, hvp, wrt(p))]
    fn potential(p: &Point) -> f64 {
        p.mass * (p.at[0] * p.at[1]).tanh()
    }

    #[differentiate(gradient, wrt(p))]
    fn force(p: &Point) -> f64 {
        let g: Point = potential_gradient(p);
        g.at[0] * g.at[0] + g.at[1] * g.mass
    }

    #[test]
    fn structs() {
        let f = |x: &[f64]| force(&Point { at: [x[0], x[1]], mass: x[2] });
        let found = force_gradient(&Point { at: [0.3, 0.8], mass: 1.7 }).flatten();
        close(&found, &slopes(&f, &[0.3, 0.8, 1.7]), 1e-9);
    }

    struct Spring {
        k: f64,
    }

    #[differentiate(gradient, hvp)]
    impl Spring {
        #[differentiate(wrt(x, y))]
        fn energy(&self, x: f64, y: f64) -> f64 {
            self.k * (x * y).powi(3)
        }

        #[differentiate(gradient, wrt(x))]
        fn work(&self, x: f64) -> f64 {
            let f: [f64; 2] = self.energy_gradient(x, x * x);
            f[0] * f[1]
        }
    }

    #[test]
    fn methods() {
        let spring = Spring { k: 0.7 };
        close(&[spring.work_gradient(1.1)], &slopes(&|x| spring.work(x[0]), &[1.1]), 1e-9);
    }

    #[differentiate(gradient, hvp)]
    fn checked(x: f64, y: f64) -> Option<f64> {
        if x < 0.0 { None } else { Some(x.sqrt() * y) }
    }

    #[differentiate(gradient)]
    fn of_checked(x: f64) -> Option<f64> {
        let g: [f64; 2] = checked_gradient(x, x * x)?;
        Some(g[0] * g[1])
    }

    #[test]
    fn fallible() {
        assert_eq!(of_checked_gradient(-1.0), None);
        let found = of_checked_gradient(1.3).unwrap();
        close(&[found], &slopes(&|x| of_checked(x[0]).unwrap(), &[1.3]), 1e-9);
    }
}

/// d/dx (x · d/dy (x + y)) = 1, and not 2: the inner derivative is by `y` alone.
mod levels {
    use super::*;

    #[differentiate(gradient, hvp)]
    fn sum(x: f64, y: f64) -> f64 {
        x + y
    }

    #[differentiate]
    fn outer(x: f64) -> f64 {
        x * sum_gradient(x, 1.0)[1]
    }

    #[differentiate(gradient, hvp)]
    fn product(x: f64, y: f64) -> f64 {
        x * y
    }

    /// d/dx (x · d/dy (x · y)) = 2x.
    #[differentiate]
    fn of_product(x: f64) -> f64 {
        x * product_gradient(x, 1.0)[1]
    }

    #[differentiate(gradient, hvp)]
    fn cubic(x: f64, y: f64) -> f64 {
        x * x * y * y * y
    }

    /// The same number in both: d/dx (∂₂ cubic)(x, x) = 12x³.
    #[differentiate]
    fn diagonal(x: f64) -> f64 {
        cubic_gradient(x, x)[1]
    }

    #[test]
    fn are_not_mixed_up() {
        assert_eq!(outer_gradient(3.0), 1.0);
        assert_eq!(of_product_gradient(3.0), 6.0);
        assert_eq!(diagonal_gradient(2.0), 96.0);
    }
}

/// Gradient descent inside a differentiated function.
mod descent {
    use super::*;

    #[differentiate(gradient, jvp, hvp)]
    fn loss(x: &[f64; 2], a: f64) -> f64 {
        (x[0] - a).powi(2) * 0.7 + (x[1] - a * x[0]).powi(2) + (x[0] * a).sin() * 0.3
    }

    #[differentiate(gradient, jvp, wrt(a, step))]
    fn best(a: f64, step: f64, steps: usize) -> f64 {
        let mut x = [0.1, 0.2];
        for _ in 0..steps {
            let (g, _): ([f64; 2], f64) = loss_gradient(&x, a);
            x[0] -= step * g[0];
            x[1] -= step * g[1];
        }
        loss(&x, a) + x[0] * x[1]
    }

    fn dual(a: Dual64, step: Dual64, steps: usize) -> Dual64 {
        let mut x = [Dual64::from(0.1), Dual64::from(0.2)];
        for _ in 0..steps {
            // By hand.
            let (r, s) = (x[0] - a, x[1] - a * x[0]);
            let g = [r * 1.4 - a * s * 2.0 + (x[0] * a).cos() * a * 0.3, s * 2.0];
            x = [x[0] - step * g[0], x[1] - step * g[1]];
        }
        let (r, s) = (x[0] - a, x[1] - a * x[0]);
        r * r * 0.7 + s * s + (x[0] * a).sin() * 0.3 + x[0] * x[1]
    }

    #[test]
    fn by_its_data_and_its_step() {
        let (a, step) = (0.8, 0.15);
        let by = |a: Dual64, step: Dual64| dual(a, step, 40).eps;
        let expected = [
            by(Dual64::from(a).derivative(), Dual64::from(step)),
            by(Dual64::from(a), Dual64::from(step).derivative()),
        ];
        close(&best_gradient(a, step, 40), &expected, 1e-12);
        close(&[best_jvp(a, step, 40, 1.0, 0.0).1, best_jvp(a, step, 40, 0.0, 1.0).1], &expected, 1e-12);
    }
}

/// min over (x₁, y₁) of max over (x₂, y₂) of (x₁² + y₁²) − (x₂² + y₂²), of Pearlmutter and Siskind: the outer descent
/// differentiates the inner ascent.
mod saddle {
    use super::*;

    #[differentiate(gradient, hvp)]
    fn height(p: &[f64; 2], q: &[f64; 2]) -> f64 {
        (p[0] * p[0] + p[1] * p[1]) - (q[0] * q[0] + q[1] * q[1]) + 0.2 * p[0] * q[1]
    }

    #[differentiate(gradient, wrt(p))]
    fn highest(p: &[f64; 2]) -> f64 {
        let mut q = [1.0, 1.0];
        for _ in 0..200 {
            let (_, g): ([f64; 2], [f64; 2]) = height_gradient(p, &q);
            q[0] += 0.2 * g[0];
            q[1] += 0.2 * g[1];
        }
        height(p, &q)
    }

    #[test]
    fn is_found() {
        let mut p = [1.0, 1.0];
        for _ in 0..200 {
            let g = highest_gradient(&p);
            p[0] -= 0.2 * g[0];
            p[1] -= 0.2 * g[1];
        }
        close(&p, &[0.0, 0.0], 1e-12);
        assert!(highest(&p).abs() < 1e-12);
        // Far from it, where the inner maximum moves with the outer point.
        let at = [0.7, -0.4];
        close(&highest_gradient(&at), &slopes(&|x| highest(&[x[0], x[1]]), &at), 1e-9);
    }
}

/// A charged particle, of Pearlmutter and Siskind: between two charges, one of which can be moved, it falls to the ground, and
/// shall fall where x = 0. The path is integrated by Euler's method, with the force as the gradient of the potential; the place
/// of the charge is found by gradient descent through it.
mod particle {
    use super::*;

    #[differentiate(gradient, hvp)]
    fn potential(x: &[f64; 2], w: f64) -> f64 {
        let distance = |dx: f64, dy: f64| (dx * dx + dy * dy).sqrt();
        1.0 / distance(x[0] - 10.0, x[1] - (10.0 - w)) + 1.0 / distance(x[0] - 10.0, x[1])
    }

    #[differentiate(gradient, jvp)]
    fn miss(w: f64) -> f64 {
        let dt = 0.1;
        let mut x = [0.0, 8.0];
        let mut v = [0.75, 0.0];
        loop {
            let (g, _): ([f64; 2], f64) = potential_gradient(&x, w);
            let next = [x[0] + dt * v[0], x[1] + dt * v[1]];
            if next[1] <= 0.0 {
                let t = -x[1] / v[1];
                let end = x[0] + t * v[0];
                break end * end;
            }
            x = next;
            v = [v[0] - dt * g[0], v[1] - dt * g[1]];
            if x[0] > 100.0 || x[1] > 100.0 {
                break x[0] * x[0];
            }
        }
    }

    fn dual(w: Dual64) -> Dual64 {
        let dt = 0.1;
        let (mut x, mut v) = ([Dual64::from(0.0), Dual64::from(8.0)], [Dual64::from(0.75), Dual64::from(0.0)]);
        loop {
            // By hand.
            let force = |y: Dual64| {
                let (dx, dy) = (x[0] - 10.0, x[1] - y);
                let r = (dx * dx + dy * dy).sqrt();
                [-dx / (r * r * r), -dy / (r * r * r)]
            };
            let (a, b) = (force(Dual64::from(10.0) - w), force(Dual64::from(0.0)));
            let g = [a[0] + b[0], a[1] + b[1]];
            let next = [x[0] + v[0] * dt, x[1] + v[1] * dt];
            if next[1].re <= 0.0 {
                let t = -x[1] / v[1];
                let end = x[0] + t * v[0];
                return end * end;
            }
            x = next;
            v = [v[0] - g[0] * dt, v[1] - g[1] * dt];
            if x[0].re > 100.0 || x[1].re > 100.0 {
                return x[0] * x[0];
            }
        }
    }

    #[test]
    fn the_force_is_differentiated() {
        for w in [0.0, 0.2, 1.0, 2.5] {
            let expected = dual(Dual64::from(w).derivative());
            let (value, gradient) = miss_value_and_gradient(w);
            close(&[value, gradient], &[expected.re, expected.eps], 1e-10);
            close(&[miss_jvp(w, 1.0).1], &[expected.eps], 1e-10);
        }
    }
}
