//! The worked cases of gradient-based learning that the attribute exists for, with their numbers: gradients, directional
//! derivatives, linear, logistic and softmax regression, mini-batches, momentum and Adam.
//!
//! Oracles: numbers computed by hand, centred differences, dual numbers. None shares code with the engine.

#![allow(clippy::cast_precision_loss, reason = "counts of rows are exact in an f64")]
#![allow(clippy::float_cmp, reason = "compared exactly where every operation is exact, or where bits must be equal")]
#![allow(
    clippy::many_single_char_names,
    clippy::needless_range_loop,
    reason = "formulas keep the names they have in books"
)]

use approx::{assert_abs_diff_eq, assert_relative_eq};
use num_dual::{Dual64, DualNum as _};
use std::array::from_fn;
use std::ops::ControlFlow;
use symgrad::optimize::{Adam, GradientDescent, Lbfgs, Momentum, Objective as _, StopReason, Trend, objective};
use symgrad::{assert_gradient, differentiate};

// ---- oracles ---------------------------------------------------------------------------------------------------------

/// The gradient by dual numbers: one evaluation per coordinate.
fn dual_gradient<const N: usize>(f: impl Fn([Dual64; N]) -> Dual64, at: [f64; N]) -> [f64; N] {
    from_fn(|i| f(from_fn(|j| Dual64::new(at[j], f64::from(u8::from(i == j))))).eps)
}

/// The gradient by centred differences of step `h`.
fn centred<const N: usize>(f: impl Fn([f64; N]) -> f64, at: [f64; N], h: f64) -> [f64; N] {
    from_fn(|i| {
        let moved = |by: f64| from_fn(|j| if i == j { at[j] + by } else { at[j] });
        (f(moved(h)) - f(moved(-h))) / (2.0 * h)
    })
}

/// A reproducible stream of numbers in [−1, 1): Knuth's MMIX generator.
struct Stream(u64);

impl Stream {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

// ---- 1. partial derivatives and gradient ------------------------------------------------------------------------------

/// x²y + sin y.
#[differentiate(gradient, jvp)]
fn f(x: f64, y: f64) -> f64 {
    x * x * y + y.sin()
}

/// x²y + exp(xy).
#[differentiate(gradient, jvp)]
fn g(x: f64, y: f64) -> f64 {
    x.powi(2) * y + (x * y).exp()
}

#[test]
fn item_1_gradients_of_scalar_functions() {
    assert_eq!(f_gradient(1.0, 0.0), [0.0, 2.0]);
    for (x, y) in [(1.0, 0.0), (1.0, 2.0), (-0.3, 1.7), (0.0, -4.0)] {
        let expected = [2.0 * x * y, x * x + f64::cos(y)];
        assert_relative_eq!(&f_gradient(x, y)[..], &expected[..], max_relative = 1e-15);
        let duals = dual_gradient(|[x, y]| x * x * y + y.sin(), [x, y]);
        assert_relative_eq!(&f_gradient(x, y)[..], &duals[..], max_relative = 1e-14);
    }

    let e = f64::exp(2.0);
    let [dx, dy] = g_gradient(1.0, 2.0);
    assert_relative_eq!(dx, 4.0 + 2.0 * e, max_relative = 1e-15);
    assert_relative_eq!(dy, 1.0 + e, max_relative = 1e-15);
    let differences = centred(|[x, y]| g(x, y), [1.0, 2.0], 1e-5);
    assert_relative_eq!(&[dx, dy][..], &differences[..], max_relative = 1e-9);
    let duals = dual_gradient(|[x, y]| x.powi(2) * y + (x * y).exp(), [1.0, 2.0]);
    assert_relative_eq!(&[dx, dy][..], &duals[..], max_relative = 1e-14);
}

// ---- 2. linearity, and the first order of Taylor ----------------------------------------------------------------------

const A: f64 = 3.0;
const B: f64 = -0.5;

/// A f + B g, by calls of the two.
#[differentiate(gradient)]
fn combination(x: f64, y: f64) -> f64 {
    A * f(x, y) + B * g(x, y)
}

#[test]
fn item_2_the_gradient_is_linear() {
    for (x, y) in [(1.0, 2.0), (-0.7, 0.4), (0.0, 0.0)] {
        let (df, dg) = (f_gradient(x, y), g_gradient(x, y));
        let expected: [f64; 2] = from_fn(|i| A * df[i] + B * dg[i]);
        assert_relative_eq!(&combination_gradient(x, y)[..], &expected[..], max_relative = 1e-14);
    }
}

#[test]
fn item_2_the_remainder_of_taylor_is_of_second_order() {
    let ((x, y), (u, v)) = ((0.8, -1.1), (0.6, 0.8));
    for (value, [dx, dy], function) in [
        (f(x, y), f_gradient(x, y), f as fn(f64, f64) -> f64),
        (g(x, y), g_gradient(x, y), g),
        (combination(x, y), combination_gradient(x, y), combination),
    ] {
        let remainder = |h: f64| (function(x + h * u, y + h * v) - value - h * (dx * u + dy * v)).abs();
        // A wrong gradient would leave a term of first order, and a slope of 1.
        for h in [1e-1, 1e-2, 1e-3] {
            let slope = (remainder(h) / remainder(h / 2.0)).log2();
            assert_abs_diff_eq!(slope, 2.0, epsilon = 0.1);
        }
    }
}

// ---- 3. directional derivatives ---------------------------------------------------------------------------------------

#[test]
fn item_3_a_directional_derivative_is_the_product_with_the_gradient() {
    let (value, slope) = f_jvp(1.0, 0.0, 0.6, 0.8);
    assert_eq!(value, f(1.0, 0.0));
    assert_relative_eq!(slope, 1.6, max_relative = 1e-15);

    for (x, y, u, v) in [(1.0, 2.0, -0.3, 0.9), (-0.7, 0.4, 2.0, 0.0), (0.1, -0.2, 0.0, 0.0)] {
        let [dx, dy] = g_gradient(x, y);
        let (value, slope) = g_jvp(x, y, u, v);
        assert_eq!(value.to_bits(), g(x, y).to_bits());
        assert_relative_eq!(slope, dx * u + dy * v, max_relative = 1e-14);
        let along = g_dual(Dual64::new(x, u), Dual64::new(y, v));
        assert_relative_eq!(slope, along.eps, max_relative = 1e-14);
    }
}

fn g_dual(x: Dual64, y: Dual64) -> Dual64 {
    x.powi(2) * y + (x * y).exp()
}

#[test]
fn item_3_no_direction_is_steeper_than_the_gradient() {
    let norm = f_gradient(1.0, 0.0)[0].hypot(f_gradient(1.0, 0.0)[1]);
    assert_eq!(norm, 2.0);
    let slopes: Vec<f64> = (0..360).map(|degrees| slope_at(f64::from(degrees))).collect();
    assert!(slopes.iter().all(|slope| *slope <= norm));
    assert_relative_eq!(slopes[90], norm, max_relative = 1e-15);
    assert!((0..360).filter(|degrees| *degrees != 90).all(|degrees| slopes[degrees] < norm));
}

/// The slope of `f` at (1, 0) in the direction of an angle.
fn slope_at(degrees: f64) -> f64 {
    let (sin, cos) = degrees.to_radians().sin_cos();
    f_jvp(1.0, 0.0, cos, sin).1
}

#[test]
fn item_3_the_gradient_is_orthogonal_to_level_sets() {
    // The ellipse x² + 2y² = 6.5, and its tangent.
    for step in 0..12 {
        let (sin, cos) = (f64::from(step) * 0.5).sin_cos();
        let (x, y) = (6.5_f64.sqrt() * cos, 3.25_f64.sqrt() * sin);
        let (dx, dy) = (-(6.5_f64.sqrt()) * sin, 3.25_f64.sqrt() * cos);
        let (value, slope) = bowl_jvp(x, y, dx, dy);
        assert_relative_eq!(value, 6.5, max_relative = 1e-14);
        assert_abs_diff_eq!(slope, 0.0, epsilon = 1e-13);
    }
}

// ---- 4. gradient descent ----------------------------------------------------------------------------------------------

/// x² + 2y².
#[differentiate(gradient, jvp)]
fn bowl(x: f64, y: f64) -> f64 {
    x * x + 2.0 * y * y
}

fn descend(rate: f64) -> (Vec<[f64; 2]>, symgrad::optimize::Report) {
    let mut path = Vec::new();
    let report = GradientDescent::new(rate)
        .max_iterations(25)
        .minimize_with(&objective(|p: &[f64]| bowl_value_and_gradient(p[0], p[1])), &[2.6, 2.2], |at| {
            path.push([at.point[0], at.point[1]]);
            ControlFlow::Continue(())
        })
        .expect("the start is finite");
    (path, report)
}

#[test]
fn item_4_gradient_descent_on_the_bowl() {
    let [dx, dy] = bowl_gradient(1.3, -0.7);
    assert_relative_eq!(dx, 2.6, max_relative = 1e-15);
    assert_relative_eq!(dy, -2.8, max_relative = 1e-15);
    let differences = centred(|[x, y]| bowl(x, y), [1.3, -0.7], 1e-6);
    assert_relative_eq!(&[dx, dy][..], &differences[..], max_relative = 1e-8);

    // Each step multiplies x by 1 − 2·0.1 and y by 1 − 4·0.1.
    let (path, report) = descend(0.1);
    assert_eq!(path.len(), 26);
    for (k, [x, y]) in (0..).zip(path) {
        assert_relative_eq!(x, 2.6 * 0.8_f64.powi(k), max_relative = 1e-13);
        assert_relative_eq!(y, 2.2 * 0.6_f64.powi(k), max_relative = 1e-13);
    }
    assert_eq!((report.reason, report.trend), (StopReason::IterationLimit, Trend::Steady));
}

#[test]
fn item_4_a_rate_too_large_is_reported() {
    let (path, report) = descend(0.45);
    assert_eq!(report.trend, Trend::Oscillating);
    assert!(path.windows(2).all(|pair| pair[0][1] * pair[1][1] < 0.0), "y changes its sign in every step");

    let (path, report) = descend(0.6);
    assert_eq!(report.trend, Trend::Diverging);
    assert!(bowl(path[25][0], path[25][1]) > 1e6 * bowl(2.6, 2.2));
    assert_eq!(report.point, [2.6, 2.2], "the best point is the start");
}

// ---- 5. mean squared error --------------------------------------------------------------------------------------------

const X: [f64; 4] = [1.0, 2.0, 3.0, 4.0];
const T: [f64; 4] = [2.3, 4.1, 5.9, 8.2];

/// The mean squared error of the line `w x + b`.
#[differentiate(gradient, jvp, wrt(w, b))]
fn mse(w: f64, b: f64, x: &[f64], t: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += (w * x[i] + b - t[i]).powi(2);
    }
    sum / x.len() as f64
}

#[test]
fn item_5_mean_squared_error() {
    let (loss, [dw, db]) = mse_value_and_gradient(0.5, 0.0, &X, &T);
    assert_relative_eq!(loss, 17.6625, max_relative = 1e-15);
    assert_relative_eq!(dw, -23.0, max_relative = 1e-15);
    assert_relative_eq!(db, -7.75, max_relative = 1e-15);
    assert_relative_eq!(mse_jvp(0.5, 0.0, &X, &T, 2.0, -1.0).1, 2.0 * dw - db, max_relative = 1e-15);
    let duals = dual_gradient(
        |[w, b]| X.iter().zip(T).map(|(&x, t)| (w * x + b - t).powi(2)).sum::<Dual64>() / 4.0,
        [0.5, 0.0],
    );
    assert_relative_eq!(&[dw, db][..], &duals[..], max_relative = 1e-14);

    let line = objective(|p: &[f64]| mse_value_and_gradient(p[0], p[1], &X, &T));
    let step = GradientDescent::new(0.01).max_iterations(1).minimize(&line, &[0.5, 0.0]).expect("a finite start");
    assert_relative_eq!(&step.point[..], &[0.73, 0.0775][..], max_relative = 1e-15);
    assert!(step.value < loss);

    // Least squares: slope cov/var = 9.75/5, through the means (2.5, 5.125).
    for fit in [GradientDescent::new(0.1).minimize(&line, &[0.5, 0.0]), Lbfgs::new().minimize(&line, &[0.5, 0.0])] {
        let fit = fit.expect("a finite start");
        assert!(fit.converged(), "{fit}");
        assert_abs_diff_eq!(&fit.point[..], &[1.95, 0.25][..], epsilon = 1e-6);
    }
}

/// The same without the mean.
#[differentiate(gradient, wrt(w, b))]
fn squared_errors(w: f64, b: f64, x: &[f64], t: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (x, t) in x.iter().zip(t) {
        sum += (w * x + b - t).powi(2);
    }
    sum
}

#[test]
fn item_5_the_sum_over_no_data_is_constant() {
    assert_eq!(squared_errors_value_and_gradient(0.5, 0.0, &[], &[]), (0.0, [0.0, 0.0]));
    assert_eq!(squared_errors_value_and_gradient(0.5, 0.0, &[1.0], &[2.5]), (4.0, [-4.0, -4.0]));
    assert!(mse_value_and_gradient(0.5, 0.0, &[], &[]).0.is_nan(), "0 / 0, as in the function itself");
}

// ---- 6. linear and logistic regression --------------------------------------------------------------------------------

/// ½(ŷ − y)², ŷ = w·x + b.
#[differentiate(gradient, wrt(w, b))]
fn squared(w: &[f64; 3], b: f64, x: &[f64; 3], y: f64) -> f64 {
    let mut prediction = b;
    for (w, x) in w.iter().zip(x) {
        prediction += w * x;
    }
    0.5 * (prediction - y).powi(2)
}

/// The cross-entropy of ŷ = σ(w·x + b), as it stands in textbooks.
#[differentiate(gradient, wrt(w, b))]
fn logistic(w: &[f64; 3], b: f64, x: &[f64; 3], y: f64) -> f64 {
    let mut z = b;
    for j in 0..3 {
        z += w[j] * x[j];
    }
    let p = 1.0 / (1.0 + (-z).exp());
    -(y * p.ln() + (1.0 - y) * (1.0 - p).ln())
}

/// The same in a form that neither overflows nor takes the logarithm of zero.
#[differentiate(gradient, wrt(w, b))]
fn logistic_stable(w: &[f64; 3], b: f64, x: &[f64; 3], y: f64) -> f64 {
    let mut z = b;
    for j in 0..3 {
        z += w[j] * x[j];
    }
    if z > 0.0 { (1.0 - y) * z + (-z).exp().ln_1p() } else { z.exp().ln_1p() - y * z }
}

#[test]
fn item_6_both_regressions_have_the_gradient_prediction_minus_target_times_input() {
    let x = [0.7, -1.9, 2.4];
    for (w, b) in [([0.3, -0.2, 0.5], 0.1), ([-1.5, 0.4, -0.8], 2.0), ([0.0; 3], 0.0)] {
        let z: f64 = w.iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b;
        let sigmoid = 1.0 / (1.0 + (-z).exp());
        for y in [0.0, 1.0] {
            let expected = |residual: f64| (x.map(|x| residual * x), residual);
            let (dw, db) = squared_gradient(&w, b, &x, y);
            assert_relative_eq!(&dw[..], &expected(z - y).0[..], max_relative = 1e-13);
            assert_relative_eq!(db, z - y, max_relative = 1e-13);
            for (dw, db) in [logistic_gradient(&w, b, &x, y), logistic_stable_gradient(&w, b, &x, y)] {
                assert_relative_eq!(&dw[..], &expected(sigmoid - y).0[..], max_relative = 1e-13);
                assert_relative_eq!(db, sigmoid - y, max_relative = 1e-13);
            }
        }
    }
}

#[test]
fn item_6_the_stable_form_holds_where_the_other_breaks() {
    let (w, x) = ([400.0, 0.0, 0.0], [2.0, 0.0, 0.0]);
    assert!(!logistic(&w, 0.0, &x, 0.0).is_finite());
    let (loss, (dw, db)) = logistic_stable_value_and_gradient(&w, 0.0, &x, 0.0);
    assert_eq!((loss, dw, db), (800.0, [2.0, 0.0, 0.0], 1.0));
    let (loss, (dw, db)) = logistic_stable_value_and_gradient(&w, 0.0, &x, 1.0);
    assert_eq!((loss, dw, db), (0.0, [0.0, 0.0, 0.0], 0.0));
}

// ---- 7. the chain rule of a scalar result -----------------------------------------------------------------------------

/// f after the map (u, v) ↦ (uv, u − v²).
#[differentiate(gradient)]
fn composed(u: f64, v: f64) -> f64 {
    let x = u * v;
    let y = u - v * v;
    f(x, y)
}

#[test]
fn item_7_the_gradient_of_a_composition_is_the_gradient_times_the_jacobian() {
    for (u, v) in [(0.4, -1.3), (1.0, 1.0), (-2.0, 0.5)] {
        let [fx, fy] = f_gradient(u * v, u - v * v);
        let jacobian = [[v, u], [1.0, -2.0 * v]];
        let expected: [f64; 2] = from_fn(|i| fx * jacobian[0][i] + fy * jacobian[1][i]);
        assert_relative_eq!(&composed_gradient(u, v)[..], &expected[..], max_relative = 1e-13);
    }
}

// ---- 8. softmax -------------------------------------------------------------------------------------------------------

/// Component `j` of the softmax of the scores.
#[differentiate(gradient, wrt(z))]
fn softmax(z: &[f64; 4], j: usize) -> f64 {
    let mut largest = z[0];
    for k in 1..4 {
        largest = largest.max(z[k]);
    }
    let mut sum = 0.0;
    for k in 0..4 {
        sum += (z[k] - largest).exp();
    }
    (z[j] - largest).exp() / sum
}

/// All of them.
#[differentiate(jacobian, jvp, vjp)]
fn all_of_softmax(z: &[f64; 4]) -> [f64; 4] {
    let largest = z.iter().fold(f64::NEG_INFINITY, |a, &b| a.max(b));
    let weights = z.map(|s| (s - largest).exp());
    let sum: f64 = weights.iter().sum();
    weights.map(|w| w / sum)
}

/// The cross-entropy of the softmax of a run-time number of scores, with weights `y` that sum to 1.
#[differentiate(gradient, hvp, hessian, wrt(z))]
fn cross_entropy(z: &[f64], y: &[f64]) -> f64 {
    let mut largest = f64::NEG_INFINITY;
    for &s in z {
        largest = largest.max(s);
    }
    let mut sum = 0.0;
    for &s in z {
        sum += (s - largest).exp();
    }
    let normaliser = largest + sum.ln();
    let mut loss = 0.0;
    for (&s, &p) in z.iter().zip(y) {
        loss += p * (normaliser - s);
    }
    loss
}

#[test]
fn item_8_the_jacobian_of_softmax() {
    for z in [[0.2, -1.1, 0.9, 0.4], [0.0; 4], [30.0, -30.0, 29.0, 1.0]] {
        let s: [f64; 4] = from_fn(|j| softmax(&z, j));
        assert_relative_eq!(s.iter().sum::<f64>(), 1.0, max_relative = 1e-15);
        for j in 0..4 {
            let gradient = softmax_gradient(&z, j);
            for i in 0..4 {
                let delta = f64::from(u8::from(i == j));
                assert_relative_eq!(gradient[i], s[j] * (delta - s[i]), max_relative = 1e-12, epsilon = 1e-15);
            }
            // Scores that move together change nothing.
            assert_abs_diff_eq!(gradient.iter().sum::<f64>(), 0.0, epsilon = 1e-15);
        }
        let jacobian = all_of_softmax_jacobian(&z);
        for j in 0..4 {
            let unit: [f64; 4] = from_fn(|i| f64::from(u8::from(i == j)));
            let (_, row) = all_of_softmax_vjp(&z, &unit);
            let (_, column) = all_of_softmax_jvp(&z, &unit);
            for i in 0..4 {
                let expected = s[j] * (unit[i] - s[i]);
                for found in [jacobian[j][i], row[i], column[i]] {
                    assert_relative_eq!(found, expected, max_relative = 1e-12, epsilon = 1e-15);
                }
            }
        }
    }
}

#[test]
fn item_8_with_cross_entropy_it_collapses_to_prediction_minus_target() {
    let z = [0.2, -1.1, 0.9, 0.4];
    for y in [[0.0, 0.0, 1.0, 0.0], [0.1, 0.2, 0.3, 0.4]] {
        let expected: [f64; 4] = from_fn(|i| softmax(&z, i) - y[i]);
        assert_relative_eq!(&cross_entropy_gradient(&z, &y)[..], &expected[..], max_relative = 1e-13);
        assert_gradient!(|z| cross_entropy(z, &y), |z| cross_entropy_value_and_gradient(z, &y), z);
    }
    // The derivative of `s - y` is that of `s`.
    let (jacobian, hessian) = (all_of_softmax_jacobian(&z), cross_entropy_hessian(&z, &[0.1, 0.2, 0.3, 0.4]));
    assert_abs_diff_eq!(&hessian[..], &jacobian.concat()[..], epsilon = 1e-15);
    // No score so large that it overflows.
    assert_eq!(cross_entropy_gradient(&[1000.0, 0.0], &[0.0, 1.0]), [1.0, -1.0]);
    let mut buffer = [f64::NAN; 4];
    let value = cross_entropy_value_and_gradient_into(&z, &[0.25; 4], &mut buffer);
    assert_eq!((value, buffer.to_vec()), cross_entropy_value_and_gradient(&z, &[0.25; 4]));
}

// ---- 9. the training loop ---------------------------------------------------------------------------------------------

/// The mean cross-entropy of a logistic regression over a batch; the last parameter is the bias.
#[differentiate(gradient, wrt(theta))]
fn batch_loss(theta: &[f64; 3], x: &[[f64; 2]], y: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (row, &target) in x.iter().zip(y) {
        let z = theta[0] * row[0] + theta[1] * row[1] + theta[2];
        sum += if z > 0.0 { (1.0 - target) * z + (-z).exp().ln_1p() } else { z.exp().ln_1p() - target * z };
    }
    sum / x.len() as f64
}

/// 240 points of the plane, with a label drawn from σ(2 x₀ − 3 x₁ + ½).
fn labelled_points() -> (Vec<[f64; 2]>, Vec<f64>) {
    let mut stream = Stream(7);
    (0..240)
        .map(|_| {
            let point = [2.0 * stream.next(), 2.0 * stream.next()];
            let probability = 1.0 / (1.0 + (-(2.0 * point[0] - 3.0 * point[1] + 0.5)).exp());
            let drawn = 0.5 * (stream.next() + 1.0) < probability;
            (point, f64::from(u8::from(drawn)))
        })
        .unzip()
}

#[test]
fn item_9_the_gradients_of_the_batches_average_to_the_gradient() {
    let (x, y) = labelled_points();
    let theta = [0.4, -1.0, 0.2];
    let mut mean = [0.0; 3];
    for (x, y) in x.chunks(24).zip(y.chunks(24)) {
        for (mean, d) in mean.iter_mut().zip(batch_loss_gradient(&theta, x, y)) {
            *mean += d / 10.0;
        }
    }
    assert_relative_eq!(&mean[..], &batch_loss_gradient(&theta, &x, &y)[..], max_relative = 1e-12);
    let duals = dual_gradient(
        |[a, b, c]| {
            let losses = x.iter().zip(&y).map(|(x, &y)| {
                let z = a * x[0] + b * x[1] + c;
                -(z * y) + z.exp().ln_1p()
            });
            losses.sum::<Dual64>() / 240.0
        },
        theta,
    );
    assert_relative_eq!(&mean[..], &duals[..], max_relative = 1e-12);
}

#[test]
fn item_9_at_the_usual_start_of_zero_the_prediction_is_one_half() {
    let (x, y) = labelled_points();
    let expected = [0, 1, 2].map(|j| {
        let input = |row: &[f64; 2]| if j < 2 { row[j] } else { 1.0 };
        x.iter().zip(&y).map(|(row, y)| (0.5 - y) * input(row)).sum::<f64>() / 240.0
    });
    assert_relative_eq!(&batch_loss_gradient(&[0.0; 3], &x, &y)[..], &expected[..], max_relative = 1e-12);
}

#[test]
fn item_9_mini_batches_train_a_model() {
    let (x, y) = labelled_points();
    let best = Lbfgs::new()
        .minimize(&objective(|p: &[f64]| batch_loss_value_and_gradient(&[p[0], p[1], p[2]], &x, &y)), &[0.0; 3])
        .expect("a finite start");
    assert!(best.converged(), "{best}");

    let mut theta = [0.0; 3];
    let mut losses = Vec::new();
    for epoch in 0..60 {
        let rate = 0.8 / (1.0 + 0.2 * f64::from(epoch));
        for (x, y) in x.chunks(8).zip(y.chunks(8)) {
            let gradient = batch_loss_gradient(&theta, x, y);
            for (theta, d) in theta.iter_mut().zip(gradient) {
                *theta -= rate * d;
            }
        }
        losses.push(batch_loss(&theta, &x, &y));
    }
    let last = losses[losses.len() - 1];
    assert!(losses[0] < 2.0_f64.ln(), "the first epoch beats a coin");
    assert!(last >= best.value, "nothing is below the minimum");
    assert!(last - best.value < 1e-3, "{last} is not near {}", best.value);
}

// ---- 10. momentum and Adam --------------------------------------------------------------------------------------------

#[test]
fn item_10_steps_of_momentum() {
    // v ← 0.9 v − 0.1 ∇f, from (2.6, 2.2): the gradient there is (5.2, 8.8), and (4.16, 5.28) one step on.
    let bowl = objective(|p: &[f64]| bowl_value_and_gradient(p[0], p[1]));
    let after = |steps| {
        let mut last = Vec::new();
        let solver = Momentum::new(0.1).momentum(0.9).max_iterations(steps);
        solver
            .minimize_with(&bowl, &[2.6, 2.2], |at| {
                last = at.point.to_vec();
                ControlFlow::Continue(())
            })
            .expect("a finite start");
        last
    };
    assert_relative_eq!(&after(1)[..], &[2.08, 1.32][..], max_relative = 1e-15);
    assert_relative_eq!(&after(2)[..], &[1.196, 0.0][..], max_relative = 1e-14, epsilon = 1e-14);
}

#[test]
fn item_10_steps_of_adam() {
    let bowl = objective(|p: &[f64]| bowl_value_and_gradient(p[0], p[1]));
    let mut path = Vec::new();
    Adam::new(0.1)
        .max_iterations(2)
        .minimize_with(&bowl, &[2.6, 2.2], |at| {
            path.push([at.point[0], at.point[1]]);
            ControlFlow::Continue(())
        })
        .expect("a finite start");

    let mut theta = [2.6, 2.2];
    let (mut m, mut v) = ([0.0; 2], [0.0; 2]);
    for (t, at) in (1..).zip(&path[1..]) {
        let gradient = [2.0 * theta[0], 4.0 * theta[1]];
        for i in 0..2 {
            m[i] = 0.9 * m[i] + 0.1 * gradient[i];
            v[i] = 0.999 * v[i] + 0.001 * gradient[i] * gradient[i];
            let (m_hat, v_hat) = (m[i] / (1.0 - 0.9_f64.powi(t)), v[i] / (1.0 - 0.999_f64.powi(t)));
            theta[i] -= 0.1 * m_hat / (f64::sqrt(v_hat) + 1e-8);
        }
        assert_relative_eq!(&at[..], &theta[..], max_relative = 1e-12);
    }
    // The first step is the rate, whatever the gradient's size.
    assert_abs_diff_eq!(&path[1][..], &[2.5, 2.1][..], epsilon = 1e-8);
}

#[test]
fn item_10_both_train_a_model() {
    let (x, y) = labelled_points();
    let model = objective(|p: &[f64]| batch_loss_value_and_gradient(&[p[0], p[1], p[2]], &x, &y));
    let best = Lbfgs::new().minimize(&model, &[0.0; 3]).expect("a finite start");
    let momentum = Momentum::new(0.3).max_iterations(5000).minimize(&model, &[0.0; 3]).expect("a finite start");
    let adam = Adam::new(0.05).max_iterations(5000).gradient_tolerance(1e-6).minimize(&model, &[0.0; 3]);
    for fit in [momentum, adam.expect("a finite start")] {
        assert!(fit.converged(), "{fit}");
        assert_abs_diff_eq!(&fit.point[..], &best.point[..], epsilon = 1e-4);
    }
    assert!(best.value < model.value(&[0.0; 3]));
}

// ---- 11. layers -------------------------------------------------------------------------------------------------------

/// One hidden layer of rectified units with a residual connection and a normalisation layer, squared at the end.
#[differentiate(gradient, wrt(w, x))]
fn layers(w: &[[f64; 3]; 3], x: &[f64; 3], target: f64) -> f64 {
    let mut hidden = [0.0; 3];
    for i in 0..3 {
        let mut sum = 0.0;
        for j in 0..3 {
            sum += w[i][j] * x[j];
        }
        hidden[i] = x[i] + sum.max(0.0);
    }
    let mean = (hidden[0] + hidden[1] + hidden[2]) / 3.0;
    let mut variance = 0.0;
    for h in hidden {
        variance += (h - mean).powi(2) / 3.0;
    }
    let scale = 1.0 / (variance + 1e-5).sqrt();
    let mut output = 0.0;
    for (i, h) in hidden.iter().enumerate() {
        output += (i as f64 + 1.0) * (h - mean) * scale;
    }
    (output - target).powi(2)
}

fn layers_dual(p: [Dual64; 12], target: f64) -> Dual64 {
    let (w, x) = p.split_at(9);
    let hidden: [Dual64; 3] = from_fn(|i| {
        let sum = w[3 * i] * x[0] + w[3 * i + 1] * x[1] + w[3 * i + 2] * x[2];
        if sum.re > 0.0 { x[i] + sum } else { x[i] }
    });
    let mean = (hidden[0] + hidden[1] + hidden[2]) / 3.0;
    let variance = hidden.iter().map(|h| (h - mean).powi(2)).sum::<Dual64>() / 3.0;
    let output = hidden.iter().zip([1.0, 2.0, 3.0]).map(|(h, i)| (h - mean) / (variance + 1e-5).sqrt() * i);
    (output.sum::<Dual64>() - target).powi(2)
}

#[test]
fn item_11_layers_written_as_plain_functions() {
    let mut stream = Stream(11);
    for _ in 0..20 {
        let p: [f64; 12] = from_fn(|_| stream.next());
        let w: [[f64; 3]; 3] = from_fn(|i| from_fn(|j| p[3 * i + j]));
        let (dw, dx) = layers_gradient(&w, &[p[9], p[10], p[11]], 0.5);
        let expected = dual_gradient(|p| layers_dual(p, 0.5), p);
        let found = [dw[0], dw[1], dw[2], dx].concat();
        assert_relative_eq!(&found[..], &expected[..], max_relative = 1e-9, epsilon = 1e-12);
    }
}

// ---- 12. the first verification ---------------------------------------------------------------------------------------

#[test]
fn item_12_a_finite_difference_is_one_line() {
    assert_gradient!(|p| g(p[0], p[1]), |p| g_value_and_gradient(p[0], p[1]), [1.0, 2.0]);
    assert_gradient!(
        |p| f(p[0], p[1]),
        |p| f_value_and_gradient(p[0], p[1]),
        [1.0, 2.0],
        jvp = |p, v| f_jvp(p[0], p[1], v[0], v[1]),
    );
}
