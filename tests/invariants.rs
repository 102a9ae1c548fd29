//! What holds of every derivative, whatever the function: Taylor's remainders shrink with their order, a gradient is linear in the
//! function and orthogonal to level sets, and forward and reverse mode are transposes of each other.
#![allow(clippy::suboptimal_flops, clippy::cast_precision_loss, reason = "as users write them")]

use symgrad::differentiate;

/// Rosenbrock's function, in a loop over a slice.
#[differentiate(gradient, jvp, hvp)]
fn valley(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() - 1 {
        s += 10.0 * (x[i + 1] - x[i] * x[i]).powi(2) + (1.0 - x[i]).powi(2);
    }
    s
}

/// The energy of points on a line, by pairs.
#[differentiate(gradient, jvp, hvp)]
fn energy(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() {
        for j in 0..i {
            let r2 = (x[i] - x[j]).powi(2) + 0.5;
            s += 1.0 / (r2 * r2 * r2) - 1.0 / r2.sqrt();
        }
    }
    s
}

/// A recurrence: what a step leaves is the next one's start.
#[differentiate(gradient, jvp, hvp)]
fn recurrence(x: &[f64]) -> f64 {
    let mut h = [0.1, -0.2];
    for v in x {
        let z = 1.0 / (1.0 + (-(h[0] + v)).exp());
        h[0] = z * h[1] + (1.0 - z) * v.sin();
        h[1] = (h[0] * v).tanh();
        if h[0] > 0.8 {
            h[0] *= 0.5;
        }
    }
    h[0] * h[0] + h[1]
}

/// The logarithm of a sum of Gaussians, accumulated in an array that each sample begins anew.
#[differentiate(gradient, jvp, hvp)]
fn mixture(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for (i, v) in x.iter().enumerate() {
        let mut parts = [0.0; 3];
        for (k, part) in parts.iter_mut().enumerate() {
            let d = v - k as f64 + x[(i + k) % x.len()];
            *part = -0.5 * d * d;
        }
        let m = parts[0].max(parts[1]).max(parts[2]);
        let sum: f64 = parts.iter().map(|p| (p - m).exp()).sum();
        s += m + sum.ln();
    }
    s
}

/// `2·valley - 3·energy`
#[differentiate(gradient)]
fn combined(x: &[f64]) -> f64 {
    2.0 * valley(x) - 3.0 * energy(x)
}

type Value = fn(&[f64]) -> f64;
type Gradient = fn(&[f64]) -> Vec<f64>;
type Along<R> = fn(&[f64], &[f64]) -> R;

type Companions = (&'static str, Value, Gradient, Along<(f64, f64)>, Along<Vec<f64>>);

const FUNCTIONS: [Companions; 4] = [
    ("valley", valley, valley_gradient, valley_jvp, valley_hvp),
    ("energy", energy, energy_gradient, energy_jvp, energy_hvp),
    ("recurrence", recurrence, recurrence_gradient, recurrence_jvp, recurrence_hvp),
    ("mixture", mixture, mixture_gradient, mixture_jvp, mixture_hvp),
];

const X: [f64; 5] = [0.7, -0.4, 1.3, 0.2, -1.1];
const V: [f64; 5] = [0.5, 1.0, -0.75, 0.25, 0.6];

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The mean exponent of `h` in a remainder, over halvings of `h`.
fn slope(remainder: impl Fn(f64) -> f64) -> f64 {
    let [wide, narrow] = [1.0 / 64.0, 1.0 / 512.0].map(|h| remainder(h).abs());
    (wide / narrow).log2() / 3.0
}

#[test]
fn remainders_shrink_with_their_order() {
    for (name, f, _, jvp, hvp) in FUNCTIONS {
        let (value, first) = jvp(&X, &V);
        let second = dot(&V, &hvp(&X, &V));
        let at = |h: f64| f(&std::array::from_fn::<f64, 5, _>(|k| X[k] + h * V[k]));
        let linear = slope(|h| at(h) - value - h * first);
        let quadratic = slope(|h| at(h) - value - h * first - 0.5 * h * h * second);
        assert!((linear - 2.0).abs() < 0.25, "`{name}`: h^{linear:.2} is left of the value and the tangent");
        assert!((quadratic - 3.0).abs() < 0.4, "`{name}`: h^{quadratic:.2} is left with the second derivative");
    }
}

#[test]
fn gradients_are_linear_in_the_function() {
    let (all, valley, energy) = (combined_gradient(&X), valley_gradient(&X), energy_gradient(&X));
    for k in 0..X.len() {
        let expected = 2.0 * valley[k] - 3.0 * energy[k];
        assert!((all[k] - expected).abs() < 1e-12 * expected.abs().max(1.0), "{} at {k}, not {expected}", all[k]);
    }
}

#[test]
fn gradients_are_orthogonal_to_level_sets() {
    for (name, f, gradient, ..) in FUNCTIONS {
        let g = gradient(&X);
        // A direction in the tangent plane, and back to the level along the gradient by the secant method.
        let tangent: Vec<f64> = (0..5).map(|k| V[k] - dot(&V, &g) / dot(&g, &g) * g[k]).collect();
        let on_level = |h: f64| {
            let at = |t: f64| f(&std::array::from_fn::<f64, 5, _>(|k| X[k] + h * tangent[k] + t * g[k])) - f(&X);
            let (mut a, mut b) = (0.0, 1e-3);
            for _ in 0..60 {
                let (fa, fb) = (at(a), at(b));
                if fa == fb {
                    break;
                }
                (a, b) = (b, b - fb * (b - a) / (fb - fa));
            }
            b
        };
        // The level set leaves its tangent plane by h², if the gradient is its normal.
        let order = slope(on_level);
        assert!((order - 2.0).abs() < 0.3, "`{name}`: the level set leaves its tangent plane by h^{order:.2}");
    }
}

/// Two angles and lengths to a point in the plane, and its distance from the origin.
#[differentiate(jvp, vjp)]
fn reach(q: &[f64; 2], l: &[f64; 2]) -> [f64; 3] {
    let x = l[0] * q[0].cos() + l[1] * (q[0] + q[1]).cos();
    let y = l[0] * q[0].sin() + l[1] * (q[0] + q[1]).sin();
    [x, y, (x * x + y * y).sqrt()]
}

#[test]
fn forward_and_reverse_are_transposes() {
    let (q, l) = ([0.4, -1.2], [1.0, 0.7]);
    for w in [[1.0, 0.0, 0.0], [0.3, -0.8, 0.5]] {
        for (u, v) in [([1.0, 0.0], [0.0, 0.0]), ([0.2, -0.7], [0.9, 0.4])] {
            let forward = dot(&reach_jvp(&q, &l, &u, &v).1, &w);
            let (_, (dq, dl)) = reach_vjp(&q, &l, &w);
            let reverse = dot(&dq, &u) + dot(&dl, &v);
            assert!((forward - reverse).abs() <= 1e-13 * forward.abs().max(1.0), "{forward} and {reverse}");
        }
    }
}
