//! Rules that are written by hand: `custom = path`, `custom_jvp = path`. The body of such a function is not differentiated,
//! so that the bodies here are of what could not be. All derivatives are compared with finite differences.

#![allow(clippy::pedantic, clippy::needless_range_loop, reason = "as users write them")]

use symgrad::{check, differentiate, stop_gradient};

/// Within the error of differences.
#[track_caller]
fn assert_gradient<const N: usize>(f: impl Fn([f64; N]) -> f64, gradient: [f64; N], at: [f64; N]) {
    let point = |x: &[f64]| <[f64; N]>::try_from(x).unwrap();
    let report = check::gradient(|x: &[f64]| f(point(x)), |x: &[f64]| (f(point(x)), gradient.to_vec()), &at);
    let report = report.unwrap();
    assert!(report.passed(), "{report}");
}

/// The residual whose root is asked for, `x³ + a·x = b`.
#[differentiate]
fn residual(x: f64, a: f64, b: f64) -> f64 {
    x.powi(3) + a * x - b
}

/// The root, by Newton's method until nothing changes any more: how it is found is no matter of the derivative.
#[differentiate(gradient, jvp, vjp, custom = root_rule)]
fn root(a: f64, b: f64) -> f64 {
    let mut x = 1.0_f64;
    for _ in 0..100 {
        let [slope, ..] = residual_gradient(x, a, b);
        let next = x - residual(x, a, b) / slope;
        if next.to_bits() == x.to_bits() {
            break;
        }
        x = next;
    }
    x
}

/// The implicit function theorem: where `residual(x, a, b) = 0` holds along a direction, `∂x/∂a = -(∂r/∂a) / (∂r/∂x)`.
fn root_rule(a: f64, b: f64) -> (f64, [f64; 2]) {
    let x = root(a, b);
    let [dx, da, db] = residual_gradient(x, a, b);
    (x, [-da / dx, -db / dx])
}

#[test]
fn a_root_is_differentiated_by_the_implicit_function_theorem() {
    let (a, b) = (1.5, 4.0);
    let (value, gradient) = root_value_and_gradient(a, b);
    assert_eq!(value.to_bits(), root(a, b).to_bits());
    assert_eq!(gradient, root_gradient(a, b));
    assert_gradient(|[a, b]| root(a, b), gradient, [a, b]);
    let (again, along) = root_jvp(a, b, 0.5, -2.0);
    assert_eq!((again, along), (value, 0.5 * gradient[0] - 2.0 * gradient[1]));
    assert_eq!(root_vjp(a, b, 3.0), (value, gradient.map(|d| 3.0 * d)));
}

/// It is called like any other: in a loop, through other functions, in reverse and forward mode.
#[differentiate(gradient, jvp)]
fn of_roots(x: &[f64; 3], b: f64) -> f64 {
    let mut sum = 0.0;
    for k in 0..3 {
        let r = root(x[k], b + sum);
        sum += r.sin() * x[k];
    }
    sum + root(x[0], 2.0)
}

#[test]
fn functions_with_rules_are_called_by_others() {
    let (x, b) = ([0.3, 1.2, 2.5], 1.7);
    let (dx, db) = of_roots_gradient(&x, b);
    assert_gradient(|[p, q, r, b]| of_roots(&[p, q, r], b), [dx[0], dx[1], dx[2], db], [x[0], x[1], x[2], b]);
    for (k, partial) in dx.into_iter().enumerate() {
        let mut direction = [0.0; 3];
        direction[k] = 1.0;
        let (_, along) = of_roots_jvp(&x, b, &direction, 0.0);
        assert!((along - partial).abs() < 1e-14 * partial.abs().max(1.0), "{along} and {partial}");
    }
}

/// The system whose solution is asked for.
#[differentiate(jacobian, wrt(x))]
fn system(x: &[f64; 2], p: &[f64; 3]) -> [f64; 2] {
    [p[0] * x[0] + x[1].powi(3) - p[2], p[1] * x[1] - (0.5 * x[0]).sin()]
}

/// The same, as a function of the parameters.
#[differentiate(vjp, wrt(p))]
fn system_of_parameters(x: &[f64; 2], p: &[f64; 3]) -> [f64; 2] {
    [p[0] * x[0] + x[1].powi(3) - p[2], p[1] * x[1] - (0.5 * x[0]).sin()]
}

/// A solver whose result is an array: the rule has a cotangent, and the other rule a tangent.
#[differentiate(vjp, jvp, custom = solution_vjp_rule, custom_jvp = solution_jvp_rule)]
fn solution(p: &[f64; 3]) -> [f64; 2] {
    let mut x = [1.0, 0.0];
    for _ in 0..100 {
        let step = solve(system_jacobian(&x, p), system(&x, p));
        x = [x[0] - step[0], x[1] - step[1]];
    }
    x
}

/// `a⁻¹` times a vector, by Cramer's rule.
fn solve(a: [[f64; 2]; 2], b: [f64; 2]) -> [f64; 2] {
    let determinant = a[0][0] * a[1][1] - a[0][1] * a[1][0];
    [(b[0] * a[1][1] - a[0][1] * b[1]) / determinant, (a[0][0] * b[1] - b[0] * a[1][0]) / determinant]
}

/// With `F(x, p) = 0`: `∂x/∂p = -Fₓ⁻¹ Fₚ`, so that a cotangent `w` goes to `-(Fₓ⁻ᵀ w)ᵀ Fₚ`: one linear system.
fn solution_vjp_rule(p: &[f64; 3], cotangent: &[f64; 2]) -> ([f64; 2], [f64; 3]) {
    let x = solution(p);
    let [[a, b], [c, d]] = system_jacobian(&x, p);
    let adjoint = solve([[a, c], [b, d]], *cotangent);
    let (_, partials) = system_of_parameters_vjp(&x, p, &adjoint.map(|w| -w));
    (x, partials)
}

fn solution_jvp_rule(p: &[f64; 3], p_tangent: &[f64; 3]) -> ([f64; 2], [f64; 2]) {
    let x = solution(p);
    let along = |output: usize| {
        let mut unit = [0.0; 2];
        unit[output] = 1.0;
        let (_, row) = system_of_parameters_vjp(&x, p, &unit);
        -(row[0] * p_tangent[0] + row[1] * p_tangent[1] + row[2] * p_tangent[2])
    };
    (x, solve(system_jacobian(&x, p), [along(0), along(1)]))
}

#[differentiate(gradient, jvp)]
fn of_solution(p: &[f64; 3], weight: f64) -> f64 {
    let x = solution(&[p[0], p[1] * p[1], p[2]]);
    weight * x[0] * x[0] + x[1].exp()
}

#[test]
fn systems_are_differentiated_by_the_implicit_function_theorem() {
    let p = [2.0, 1.5, 1.0];
    for k in 0..2 {
        let mut unit = [0.0; 2];
        unit[k] = 1.0;
        let (x, row) = solution_vjp(&p, &unit);
        assert_eq!(x, solution(&p));
        assert_gradient(|p| solution(&p)[k], row, p);
        let (_, column) = solution_jvp(&p, &[0.3, -0.7, 1.1]);
        assert!((column[k] - (0.3 * row[0] - 0.7 * row[1] + 1.1 * row[2])).abs() < 1e-14);
    }
    let (dp, dweight) = of_solution_gradient(&p, 0.8);
    assert_gradient(|[a, b, c, w]| of_solution(&[a, b, c], w), [dp[0], dp[1], dp[2], dweight], [2.0, 1.5, 1.0, 0.8]);
    let (_, along) = of_solution_jvp(&p, 0.8, &[1.0, -1.0, 0.5], 2.0);
    assert!((along - (dp[0] - dp[1] + 0.5 * dp[2] + 2.0 * dweight)).abs() < 1e-13);
}

/// A mean whose gradient is cut off at one, as for training: what a rule says is taken, whatever the body is.
#[differentiate(gradient, jvp, vjp, wrt(x, scale), custom = clipped_rule)]
fn clipped(x: &[f64], scale: f64, name: &str) -> Result<f64, String> {
    if x.is_empty() { Err(name.into()) } else { Ok(scale * x.iter().sum::<f64>() / x.len() as f64) }
}

fn clipped_rule(x: &[f64], scale: f64, name: &str) -> Result<(f64, (Vec<f64>, f64)), String> {
    let value = clipped(x, scale, name)?;
    Ok((value, (vec![(scale / x.len() as f64).clamp(-1.0, 1.0); x.len()], (value / scale).clamp(-1.0, 1.0))))
}

#[test]
fn slices_results_and_buffers() {
    let x = [1.0, 2.5];
    assert_eq!(clipped_value_and_gradient(&x, 3.0, "x"), Ok((5.25, (vec![1.0; 2], 1.0))));
    assert_eq!(clipped_gradient(&[], 3.0, "empty"), Err("empty".into()));
    let (mut dx, mut dscale) = ([9.0; 2], 9.0);
    assert_eq!(clipped_value_and_gradient_into(&x, 1.0, "x", &mut dx, &mut dscale), Ok(1.75));
    assert_eq!((dx, dscale), ([0.5; 2], 1.0));
    assert_eq!(clipped_vjp_into(&x, 1.0, "x", 2.0, &mut dx, &mut dscale), Ok(1.75));
    assert_eq!((dx, dscale), ([1.0; 2], 2.0));
    assert_eq!(clipped_jvp(&x, 1.0, "x", &[1.0, 4.0], -1.0), Ok((1.75, 1.5)));
}

/// Jacobians go through them, too.
#[differentiate(jacobian)]
fn many_roots(a: f64, b: f64) -> [f64; 2] {
    [root(a, b) * a, root(a + b, 2.0 * b)]
}

#[test]
fn jacobians_go_through_rules() {
    let rows = many_roots_jacobian(1.5, 4.0);
    for (k, row) in rows.into_iter().enumerate() {
        assert_gradient(|[a, b]| many_roots(a, b)[k], row, [1.5, 4.0]);
    }
}

/// A zero tangent does not meet an infinite partial derivative, as in what is made by the macro.
#[differentiate(gradient, jvp, vjp, custom = power_rule)]
fn power(x: f64, n: f64) -> f64 {
    x.powf(n)
}

fn power_rule(x: f64, n: f64) -> (f64, [f64; 2]) {
    (x.powf(n), [n * x.powf(n - 1.0), x.powf(n) * x.ln()])
}

#[differentiate(gradient, jvp)]
fn cube(x: f64) -> f64 {
    power(x, 3.0)
}

#[test]
fn directions_that_are_none_are_none() {
    assert!(power_gradient(-2.0, 3.0)[1].is_nan());
    assert_eq!(power_jvp(-2.0, 3.0, 1.0, 0.0), (-8.0, 12.0));
    assert_eq!(power_vjp(0.0, 0.5, 0.0).1, [0.0; 2]);
    assert_eq!((cube_gradient(-2.0), cube_jvp(-2.0, 1.0)), (12.0, (-8.0, 12.0)));
}

/// Generic functions, and the straight-through estimator: rounded, and differentiated as if it were not.
#[differentiate(gradient, jvp, custom = straight_through)]
fn quantized<T: num_traits::Float>(x: T, levels: i32) -> T {
    let levels = T::from(levels).unwrap();
    (x * levels).round() / levels
}

fn straight_through<T: num_traits::Float>(x: T, levels: i32) -> (T, T) {
    (quantized(x, levels), T::one())
}

#[differentiate(gradient, jvp)]
fn loss(w: f64, x: f64) -> f64 {
    (quantized(w, 4) * x - 1.0).powi(2)
}

#[test]
fn generic_functions_have_rules() {
    assert_eq!(quantized_value_and_gradient(0.3_f32, 4), (0.25, 1.0));
    let residual = 0.25 * 2.0 - 1.0;
    assert_eq!(loss_gradient(0.3, 2.0), [2.0 * residual * 2.0, 2.0 * residual * 0.25]);
    assert_eq!(loss_jvp(0.3, 2.0, 1.0, 0.0).1, 2.0 * residual * 2.0);
}

struct Table {
    values: Vec<f64>,
}

/// Methods, on themselves and in an `impl` with the attribute.
#[differentiate(gradient, jvp)]
impl Table {
    #[differentiate(custom = Self::linear)]
    fn at(&self, x: f64) -> f64 {
        self.linear(x).0
    }

    fn linear(&self, x: f64) -> (f64, f64) {
        let k = (x as usize).min(self.values.len() - 2);
        let slope = self.values[k + 1] - self.values[k];
        (self.values[k] + slope * (x - k as f64), slope)
    }

    #[differentiate]
    fn energy(&self, x: f64) -> f64 {
        let v = self.at(x);
        v * v * stop_gradient(x)
    }
}

#[test]
fn methods_have_rules() {
    let table = Table { values: vec![1.0, 3.0, 2.0] };
    assert_eq!(table.at_value_and_gradient(0.5), (2.0, 2.0));
    assert_eq!(table.energy_gradient(0.5), 2.0 * 2.0 * 2.0 * 0.5);
    assert_eq!(table.energy_jvp(1.5, 1.0), (2.5 * 2.5 * 1.5, -(2.0 * 2.5 * 1.5)));
}

mod structs {
    use symgrad::{Differentiable, differentiate};

    #[derive(Differentiable, Clone, Debug, PartialEq)]
    pub struct Model {
        pub scale: f64,
        pub weights: Vec<f64>,
    }

    #[differentiate(gradient, jvp, vjp, wrt(model, x), custom = rule)]
    pub fn response(model: &Model, x: f64) -> f64 {
        rule(model, x).0
    }

    fn rule(model: &Model, x: f64) -> (f64, (Model, f64)) {
        let sum: f64 = model.weights.iter().sum();
        let weights = vec![model.scale * x; model.weights.len()];
        (model.scale * sum * x, (Model { scale: sum * x, weights }, model.scale * sum))
    }

    #[differentiate(gradient, jvp, wrt(model))]
    pub fn twice(model: &Model, x: f64) -> f64 {
        let once = response(model, x);
        response(model, once)
    }

    #[test]
    fn structs_have_rules() {
        let model = Model { scale: 2.0, weights: vec![0.5, 1.0] };
        let along = Model { scale: 1.0, weights: vec![2.0, 0.0] };
        let (_, (partials, dx)) = response_value_and_gradient(&model, 3.0);
        let inner = partials.scale + 2.0 * partials.weights[0];
        assert_eq!(response_jvp(&model, 3.0, &along, 1.0), (9.0, inner + dx));
        assert_eq!(response_vjp(&model, 3.0, 2.0).1.0.scale, 2.0 * partials.scale);
        let gradient = twice_gradient(&model, 3.0);
        let (_, tangent) = twice_jvp(&model, 3.0, &along);
        assert_eq!(tangent, gradient.scale + 2.0 * gradient.weights[0]);
    }
}
