//! Jacobians and Hessians of every shape, and products of cotangents with Jacobians: against differences of the function (the
//! gradient, for Hessians), and against each other.

#![allow(clippy::needless_range_loop)]

#[path = "common/differences.rs"]
mod common;

use common::{close, differences};
use std::cell::Cell;
use symgrad::{Differentiable, Flatten, differentiate};

/// A Jacobian against differences.
#[track_caller]
fn is_jacobian(found: &impl Flatten, f: impl Fn(&[f64]) -> Vec<f64>, x: &[f64]) {
    close(&found.flatten(), &differences(&f, x), 1e-8);
}

/// A cotangent times a Jacobian, row by row.
fn times(cotangent: &[f64], jacobian: &[f64]) -> Vec<f64> {
    let n = jacobian.len() / cotangent.len();
    (0..n).map(|j| cotangent.iter().enumerate().map(|(i, w)| w * jacobian[i * n + j]).sum()).collect()
}

// Arrays from numbers.

#[differentiate(jacobian, vjp, jvp)]
fn wave(x: f64, y: f64) -> [f64; 3] {
    let p = x * y.sin();
    [p, p * p, x]
}

#[test]
fn an_array_by_numbers() {
    let (value, jacobian): ([f64; 3], [[f64; 2]; 3]) = wave_value_and_jacobian(0.7, 1.3);
    assert_eq!(value, wave(0.7, 1.3));
    assert_eq!(jacobian, wave_jacobian(0.7, 1.3));
    is_jacobian(&jacobian, |x| wave(x[0], x[1]).to_vec(), &[0.7, 1.3]);
    let w = [0.5, -2.0, 3.0];
    let (value, product): ([f64; 3], [f64; 2]) = wave_vjp(0.7, 1.3, &w);
    assert_eq!(value, wave(0.7, 1.3));
    close(&product, &times(&w, &jacobian.flatten()), 1e-15);
}

#[differentiate(jacobian, vjp)]
fn curve(t: f64) -> [f64; 2] {
    [t.cos() * t, t.sin() * t]
}

#[test]
fn an_array_by_one_number() {
    let jacobian: [f64; 2] = curve_jacobian(1.1);
    is_jacobian(&jacobian, |x| curve(x[0]).to_vec(), &[1.1]);
    let (_, slope): ([f64; 2], f64) = curve_vjp(1.1, &[1.0, 2.0]);
    close(&[slope], &[jacobian[0] + 2.0 * jacobian[1]], 1e-15);
}

// Arrays and tuples from arrays.

#[differentiate(jacobian, vjp)]
fn through_branches(x: &[f64; 3], k: usize) -> [f64; 2] {
    let mut y = [0.0; 2];
    for i in 0..3 {
        if x[i] > 0.0 {
            y[0] += x[i] * x[i];
        } else {
            y[1] = y[0] * x[k].exp();
        }
    }
    if y[0] > 100.0 {
        return [y[0].sqrt(), 1.0];
    }
    y[1] = y[1].max(x[0]);
    y
}

#[test]
fn an_array_by_an_array() {
    for x in [[0.5, -0.3, 1.2], [-0.5, 0.3, 20.0], [1.5, -0.3, -2.0]] {
        let (value, jacobian): ([f64; 2], [[f64; 3]; 2]) = through_branches_value_and_jacobian(&x, 2);
        assert_eq!(value, through_branches(&x, 2));
        is_jacobian(&jacobian, |x| through_branches(&[x[0], x[1], x[2]], 2).to_vec(), &x);
        let w = [-1.5, 0.25];
        let (_, product): ([f64; 2], [f64; 3]) = through_branches_vjp(&x, 2, &w);
        close(&product, &times(&w, &jacobian.flatten()), 1e-14);
        let mut into = [7.0; 3];
        assert_eq!(through_branches_vjp_into(&x, 2, &w, &mut into), value);
        assert_eq!(into, product);
    }
}

#[differentiate(jacobian, vjp)]
fn polar(x: f64, y: f64) -> (f64, f64) {
    (x.hypot(y), y.atan2(x))
}

#[test]
fn numbers_by_numbers() {
    let ((r, angle), jacobian): ((f64, f64), [[f64; 2]; 2]) = polar_value_and_jacobian(0.3, -0.9);
    assert_eq!((r, angle), polar(0.3, -0.9));
    is_jacobian(&jacobian, |x| vec![polar(x[0], x[1]).0, polar(x[0], x[1]).1], &[0.3, -0.9]);
    let (_, product): ((f64, f64), [f64; 2]) = polar_vjp(0.3, -0.9, (2.0, -1.0));
    close(&product, &times(&[2.0, -1.0], &jacobian.flatten()), 1e-14);
}

#[differentiate(jacobian, vjp, wrt(x))]
fn number_and_array(x: &[f64; 2], scale: f64) -> (f64, [f64; 2]) {
    (x[0] * x[1], [x[0].exp() * scale, x[1]])
}

#[test]
fn a_tuple_of_a_number_and_an_array() {
    let x = [0.4, -1.2];
    let (number, array): ([f64; 2], [[f64; 2]; 2]) = number_and_array_jacobian(&x, 1.5);
    is_jacobian(&number, |x| vec![number_and_array(&[x[0], x[1]], 1.5).0], &x);
    is_jacobian(&array, |x| number_and_array(&[x[0], x[1]], 1.5).1.to_vec(), &x);
    let (_, product) = number_and_array_vjp(&x, 1.5, (0.5, &[2.0, -1.0]));
    let expected = times(&[0.5, 2.0, -1.0], &[number.flatten(), array.flatten()].concat());
    close(&product, &expected, 1e-14);
}

#[differentiate(jacobian, vjp)]
fn inverse(m: &[[f64; 2]; 2]) -> [[f64; 2]; 2] {
    let det = m[0][0] * m[1][1] - m[0][1] * m[1][0];
    [[m[1][1] / det, -m[0][1] / det], [-m[1][0] / det, m[0][0] / det]]
}

#[test]
fn a_matrix_by_a_matrix() {
    let m = [[1.5, 0.3], [-0.4, 0.8]];
    let jacobian: [[[[f64; 2]; 2]; 2]; 2] = inverse_jacobian(&m);
    is_jacobian(&jacobian, |x| inverse(&[[x[0], x[1]], [x[2], x[3]]]).flatten(), &m.flatten());
    let w = [[1.0, -2.0], [0.5, 3.0]];
    close(&inverse_vjp(&m, &w).1.flatten(), &times(&w.flatten(), &jacobian.flatten()), 1e-14);
}

// Slices.

#[differentiate(jacobian, vjp)]
fn smoothed(x: &[f64]) -> Vec<f64> {
    let mut y = vec![0.0; x.len() + 1];
    let mut state = 0.5;
    for i in 0..x.len() {
        state = (state * x[i]).sin() + x[i];
        y[i] = state;
    }
    y[x.len()] = state * state;
    y
}

#[test]
fn a_vec_by_a_slice() {
    // Fewer and more columns than lanes, and as many.
    for n in [1, 3, 8, 13, 16] {
        let x: Vec<f64> = (0..n).map(|i| 0.3 + 0.1 * f64::from(i)).collect();
        let (value, jacobian): (Vec<f64>, Vec<f64>) = smoothed_value_and_jacobian(&x);
        assert_eq!(value, smoothed(&x));
        is_jacobian(&jacobian, smoothed, &x);
        let w: Vec<f64> = (0..=n).map(|i| 1.0 - 0.2 * f64::from(i)).collect();
        close(&smoothed_vjp(&x, &w).1, &times(&w, &jacobian), 1e-13);
    }
    assert_eq!(smoothed_value_and_jacobian(&[]), (vec![0.25], vec![]));
}

#[test]
#[should_panic(expected = "`cotangent` needs the lengths of the result")]
fn a_cotangent_that_is_too_short() {
    let _ = smoothed_vjp(&[0.5, 0.25], &[1.0; 2]);
}

#[differentiate(jacobian)]
fn moments(x: &[f64]) -> (f64, f64) {
    let mut s = (0.0, 0.0);
    for v in x {
        s.0 += v;
        s.1 += v * v;
    }
    s
}

#[test]
fn numbers_by_a_slice() {
    let x = [0.3, -0.7, 1.1];
    is_jacobian(&moments_jacobian(&x), |x| vec![moments(x).0, moments(x).1], &x);
}

#[differentiate(jacobian)]
fn distances(p: &[[f64; 2]]) -> Vec<f64> {
    let mut d = Vec::new();
    for i in 1..p.len() {
        d.push((p[i][0] - p[i - 1][0]).hypot(p[i][1] - p[i - 1][1]));
    }
    d
}

#[test]
fn a_vec_by_a_slice_of_points() {
    let points = [[0.0, 0.1], [1.0, -0.3], [0.4, 2.0], [1.5, 1.5], [3.0, 0.2]];
    let flat = |x: &[f64]| distances(&x.chunks(2).map(|p| [p[0], p[1]]).collect::<Vec<_>>());
    is_jacobian(&distances_jacobian(&points), flat, &points.flatten());
}

#[differentiate(jacobian)]
fn powers(x: &[f64; 2], n: usize) -> Vec<f64> {
    let mut p = vec![1.0; n];
    for i in 1..n {
        p[i] = p[i - 1] * x[i % 2];
    }
    p
}

#[test]
fn a_vec_by_an_array() {
    let jacobian: Vec<[f64; 2]> = powers_jacobian(&[1.2, 0.7], 6);
    is_jacobian(&jacobian, |x| powers(&[x[0], x[1]], 6), &[1.2, 0.7]);
}

// Buffers.

#[differentiate(jacobian, vjp)]
fn integrate(x: &[f64; 2], out: &mut [f64]) {
    for i in 1..out.len() {
        out[i] = out[i - 1] + 0.1 * (x[0] * out[i - 1] + x[1]).sin();
    }
}

#[test]
fn a_buffer_by_an_array() {
    let x = [0.6, -1.4];
    let mut out = [0.5; 4];
    let jacobian: Vec<[f64; 2]> = integrate_jacobian(&x, &mut out);
    let run = |x: &[f64], first: f64| {
        let mut out = [first, 0.5, 0.5, 0.5];
        integrate(&[x[0], x[1]], &mut out);
        out.to_vec()
    };
    assert_eq!(out.to_vec(), run(&x, 0.5));
    is_jacobian(&jacobian, |x| run(x, 0.5), &x);
    let w = [0.5, -1.0, 2.0, 0.25];
    let (mut out, mut cotangent) = ([0.5; 4], w);
    let product: [f64; 2] = integrate_vjp(&x, &mut out, &mut cotangent);
    close(&product, &times(&w, &jacobian.flatten()), 1e-14);
    // What was in the buffer has a cotangent, too: the first element is read, the others are overwritten.
    let by_first = differences(&|first| run(&x, first[0]), &[0.5]);
    close(&cotangent, &[times(&w, &by_first)[0], 0.0, 0.0, 0.0], 1e-8);
}

#[differentiate(vjp)]
fn norm_and_normalize(x: &mut [f64]) -> f64 {
    let mut sum = 0.0;
    for v in x.iter() {
        sum += v * v;
    }
    let norm = sum.sqrt();
    for v in x.iter_mut() {
        *v /= norm;
    }
    norm
}

#[test]
fn a_number_and_a_buffer_in_place() {
    let x = [0.6, -1.4, 0.3];
    let run = |x: &[f64]| {
        let mut x = x.to_vec();
        let norm = norm_and_normalize(&mut x);
        x.push(norm);
        x
    };
    let (mut buffer, mut cotangent) = (x, [1.0, -2.0, 0.5]);
    let norm: f64 = norm_and_normalize_vjp(&mut buffer, 0.75, &mut cotangent);
    assert_eq!([&buffer[..], &[norm]].concat(), run(&x));
    close(&cotangent, &times(&[1.0, -2.0, 0.5, 0.75], &differences(&run, &x)), 1e-8);
}

#[differentiate(jacobian, vjp)]
fn fallible(x: f64, y: f64) -> Result<[f64; 2], String> {
    if x < 0.0 {
        return Err("negative".into());
    }
    Ok([x.sqrt() * y, y])
}

#[test]
fn what_may_fail() {
    let jacobian = fallible_jacobian(2.0, 3.0).expect("a positive number");
    is_jacobian(&jacobian, |x| fallible(x[0], x[1]).expect("a positive number").to_vec(), &[2.0, 3.0]);
    assert_eq!(fallible_jacobian(-2.0, 3.0), Err("negative".into()));
    assert!(fallible_vjp(-2.0, 3.0, &[1.0, 1.0]).is_err());
}

// Hessians.

/// A Hessian against differences of the gradient, and to the last bit symmetric.
#[track_caller]
fn is_hessian(found: &impl Flatten, gradient: impl Fn(&[f64]) -> Vec<f64>, x: &[f64]) {
    let (found, n) = (found.flatten(), x.len());
    close(&found, &differences(&gradient, x), 1e-8);
    for i in 0..n {
        for j in 0..n {
            assert_eq!(found[i * n + j].to_bits(), found[j * n + i].to_bits());
        }
    }
}

#[differentiate(gradient, hessian, hvp)]
fn rosenbrock(x: &[f64]) -> f64 {
    assert!(x.len() > 1, "at least two");
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        sum += 100.0 * (x[i + 1] - x[i] * x[i]).powi(2) + (1.0 - x[i]).powi(2);
    }
    sum
}

#[test]
fn a_hessian_over_a_slice() {
    for n in [2, 5, 8, 11, 24] {
        let x: Vec<f64> = (0..n).map(|i| (f64::from(i) * 1.7).sin()).collect();
        let (value, gradient, hessian): (f64, Vec<f64>, Vec<f64>) = rosenbrock_value_gradient_hessian(&x);
        assert_eq!((value, &gradient), (rosenbrock(&x), &rosenbrock_gradient(&x)));
        is_hessian(&hessian, rosenbrock_gradient, &x);
        let v: Vec<f64> = (0..n).map(|i| (f64::from(i) * 2.3).cos()).collect();
        let expected = times(&v, &hessian);
        close(&rosenbrock_hvp(&x, &v), &expected, 1e-14);
        let mut into = vec![7.0; x.len()];
        rosenbrock_hvp_into(&x, &v, &mut into);
        assert_eq!(into, rosenbrock_hvp(&x, &v));
    }
}

/// The inner function is an item, which does nothing where it stands.
#[differentiate(gradient, hessian)]
fn bent_chain(x: &[f64]) -> f64 {
    fn bent(a: f64, b: f64) -> f64 {
        (a * b).sin()
    }
    x.windows(2).map(|w| bent(w[0], w[1]) * w[0]).sum()
}

#[test]
fn a_hessian_over_a_slice_by_an_inner_function() {
    for n in [2, 5, 11] {
        let x: Vec<f64> = (0..n).map(|i| (f64::from(i) * 1.7).sin()).collect();
        is_hessian(&bent_chain_hessian(&x), bent_chain_gradient, &x);
    }
}

#[differentiate(gradient, hessian)]
fn spring_energy(p: &[[f64; 2]]) -> f64 {
    let mut energy = 0.0;
    for i in 1..p.len() {
        let (dx, dy) = (p[i][0] - p[i - 1][0], p[i][1] - p[i - 1][1]);
        energy += 0.5 * ((dx * dx + dy * dy).sqrt() - 1.0).powi(2);
    }
    energy
}

#[test]
fn a_hessian_over_a_slice_of_points() {
    let points = [[0.0, 0.1], [1.0, -0.3], [0.4, 2.0], [1.5, 1.5], [3.0, 0.2]];
    let gradient = |x: &[f64]| spring_energy_gradient(&x.chunks(2).map(|p| [p[0], p[1]]).collect::<Vec<_>>()).flatten();
    is_hessian(&spring_energy_hessian(&points), gradient, &points.flatten());
}

#[differentiate(gradient, hessian)]
fn determinant(m: &[[f64; 3]; 3]) -> f64 {
    let mut sum = 0.0;
    for i in 0..3 {
        let (j, k) = ((i + 1) % 3, (i + 2) % 3);
        sum += m[0][i] * (m[1][j] * m[2][k] - m[1][k] * m[2][j]);
    }
    sum * sum.abs()
}

#[test]
fn a_hessian_over_a_matrix() {
    let m = [[1.0, 0.2, -0.4], [0.3, 1.5, 0.6], [-0.2, 0.1, 0.8]];
    let hessian: [[[[f64; 3]; 3]; 3]; 3] = determinant_hessian(&m);
    let gradient =
        |x: &[f64]| determinant_gradient(&[[x[0], x[1], x[2]], [x[3], x[4], x[5]], [x[6], x[7], x[8]]]).flatten();
    is_hessian(&hessian, gradient, &m.flatten());
}

#[differentiate(gradient, hessian)]
fn bell(x: f64) -> f64 {
    (-x * x).exp() * x
}

#[test]
fn a_second_derivative() {
    let second: f64 = bell_hessian(0.8);
    is_hessian(&second, |x| vec![bell_gradient(x[0])], &[0.8]);
}

#[differentiate(gradient, hvp)]
fn mixed(a: f64, x: &[f64], m: &[[f64; 2]; 2]) -> f64 {
    let mut s = a;
    for i in 0..x.len() {
        s = (s * x[i] + m[i % 2][0]).sin() * m[1][1];
    }
    s * a
}

#[test]
fn a_hessian_times_a_vector_of_several_shapes() {
    let (a, x, m) = (0.7, [0.2, -1.1, 0.9], [[0.5, 1.5], [-0.3, 1.2]]);
    let (va, vx, vm) = (0.3, [1.0, -0.5, 0.25], [[2.0, 0.1], [0.6, -1.0]]);
    let product = mixed_hvp(a, &x, &m, va, &vx, &vm);
    let along = |h: &[f64]| {
        let x: Vec<f64> = x.iter().zip(vx).map(|(x, v)| x + h[0] * v).collect();
        let mut m = m;
        for i in 0..2 {
            for j in 0..2 {
                m[i][j] += h[0] * vm[i][j];
            }
        }
        mixed_gradient(a + h[0] * va, &x, &m).flatten()
    };
    close(&product.flatten(), &differences(&along, &[0.0]), 1e-8);
}

/// A cotangent that happens to be zero is none that nothing flows to: its tangent counts.
#[differentiate(gradient, hessian)]
fn zero_by_chance(x: f64, y: f64, branch: bool) -> f64 {
    let l = y.ln();
    if branch { x * l } else { x }
}

#[test]
fn a_cotangent_that_is_zero_by_chance() {
    assert_eq!(zero_by_chance_hessian(0.0, 2.0, true), [[0.0, 0.5], [0.5, 0.0]]);
    assert_eq!(zero_by_chance_hessian(0.0, 0.0, false), [[0.0, 0.0], [0.0, 0.0]]);
}

// What else is in the function.

#[differentiate]
impl Quadratic {
    #[differentiate(hessian)]
    fn value(&self, x: &[f64; 2]) -> f64 {
        self.a * x[0] * x[0] * x[1] + self.runs()
    }

    #[differentiate(jacobian, vjp)]
    fn field(&self, x: &[f64; 2]) -> [f64; 2] {
        [self.a * x[0] * x[1], x[1].sin()]
    }
}

struct Quadratic {
    a: f64,
    count: Cell<u32>,
}

impl Quadratic {
    fn runs(&self) -> f64 {
        self.count.set(self.count.get() + 1);
        1.0
    }
}

#[test]
fn methods_run_once() {
    let q = Quadratic { a: 1.5, count: Cell::new(0) };
    assert_eq!(q.value_hessian(&[2.0, 3.0]), [[9.0, 6.0], [6.0, 0.0]]);
    assert_eq!(q.count.get(), 1);
    is_jacobian(&q.field_jacobian(&[2.0, 3.0]), |x| q.field(&[x[0], x[1]]).to_vec(), &[2.0, 3.0]);
    let (_, product) = q.field_vjp(&[2.0, 3.0], &[1.0, 0.0]);
    close(&product, &[4.5, 3.0], 1e-15);
}

/// The names of the companion's own variables are the parameters'.
#[differentiate(gradient, hessian)]
fn start(value: &[f64]) -> f64 {
    let mut columns = 0.0;
    for hessian in value {
        let flat = hessian.sin();
        columns += flat * hessian;
    }
    columns
}

#[test]
fn names_of_the_companion() {
    is_hessian(&start_hessian(&[0.3, 0.9]), start_gradient, &[0.3, 0.9]);
}

#[differentiate(
    hessian = "curvature",
    value_gradient_hessian = "all",
    hvp = "curvature_along",
    vjp = "pull",
    wrt(x, y)
)]
fn single<T: num_traits::Float>(x: T, y: T, n: i32) -> T {
    let two = T::one() + T::one();
    (x * y).exp() / two + x.powi(n).max(y)
}

#[test]
fn single_precision_and_other_names() {
    let double: [[f64; 2]; 2] = curvature(0.5, 0.25, 3);
    let single: [[f32; 2]; 2] = curvature(0.5, 0.25, 3);
    for (a, b) in double.iter().flatten().zip(single.iter().flatten()) {
        assert!((a - f64::from(*b)).abs() < 1e-6);
    }
    assert_eq!(all(0.5, 0.25, 3).2, double);
    let column = curvature_along(0.5, 0.25, 3, 1.0, 0.0);
    close(&column, &double[0], 1e-15);
    assert_eq!(pull(0.5_f64, 0.25, 3, 1.0).0, self::single(0.5, 0.25, 3));
}

// Structs.

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Pendulum {
    angle: f64,
    momenta: [f64; 2],
    length: f64,
}

impl Pendulum {
    fn of(x: &[f64]) -> Self {
        Pendulum { angle: x[0], momenta: [x[1], x[2]], length: x[3] }
    }

    fn numbers(&self) -> Vec<f64> {
        vec![self.angle, self.momenta[0], self.momenta[1], self.length]
    }
}

#[differentiate(vjp, wrt(p, dt))]
fn step(p: &Pendulum, dt: f64) -> Pendulum {
    Pendulum {
        angle: p.angle + dt * p.momenta[0] / p.length,
        momenta: [p.momenta[0] - dt * p.angle.sin(), p.momenta[1] * p.momenta[0]],
        length: p.length,
    }
}

#[differentiate(gradient, hvp, wrt(p))]
fn energy(p: &Pendulum) -> f64 {
    let mut kinetic = 0.0;
    for m in &p.momenta {
        kinetic += 0.5 * m * m * p.angle;
    }
    kinetic - p.length * p.angle.cos()
}

#[test]
fn structs() {
    let (x, w) = ([0.4, -0.7, 1.2, 1.5], [1.0, -2.0, 0.5, 0.75]);
    let (p, dt) = (Pendulum::of(&x), 0.1);
    let (next, (by_p, by_dt)): (Pendulum, (Pendulum, f64)) = step_vjp(&p, dt, &Pendulum::of(&w));
    assert_eq!(next, step(&p, dt));
    let jacobian = differences(&|x| step(&Pendulum::of(x), x[4]).numbers(), &[x[0], x[1], x[2], x[3], dt]);
    close(&[by_p.numbers(), vec![by_dt]].concat(), &times(&w, &jacobian), 1e-8);
    let product: Pendulum = energy_hvp(&p, &Pendulum::of(&w));
    let hessian = differences(&|x| energy_gradient(&Pendulum::of(x)).numbers(), &x);
    close(&product.numbers(), &times(&w, &hessian), 1e-8);
}

// Parameters of different shapes: a row is a gradient, as a gradient is.

#[differentiate(jacobian, vjp)]
fn layer(w: &[[f64; 2]; 2], b: [f64; 2], scale: f64, x: &[f64; 2]) -> [f64; 2] {
    let mut y = b;
    for i in 0..2 {
        for j in 0..2 {
            y[i] += w[i][j] * x[j];
        }
        y[i] = y[i].tanh() * scale;
    }
    y
}

#[test]
fn rows_of_several_shapes() {
    let at = |p: &[f64]| ([[p[0], p[1]], [p[2], p[3]]], [p[4], p[5]], p[6], [p[7], p[8]]);
    let p = [0.3, -0.4, 1.1, 0.2, 0.5, -0.7, 1.3, 0.9, -0.2];
    let (w, b, scale, x) = at(&p);
    let (value, jacobian) = layer_value_and_jacobian(&w, b, scale, &x);
    assert_eq!(value, layer(&w, b, scale, &x));
    let f = |p: &[f64]| {
        let (w, b, scale, x) = at(p);
        layer(&w, b, scale, &x).to_vec()
    };
    let rows: Vec<f64> = jacobian.iter().flat_map(symgrad::Flatten::flatten).collect();
    close(&rows, &differences(&f, &p), 1e-8);
    // A row is what the product with a unit vector is.
    let (_, row) = layer_vjp(&w, b, scale, &x, &[0.0, 1.0]);
    close(&jacobian[1].flatten(), &row.flatten(), 1e-15);
}

// Calls, over a slice.

#[differentiate]
fn model(a: f64, b: f64, t: f64) -> f64 {
    a * (-b * t).exp()
}

#[differentiate]
fn twice_model(a: f64, b: f64, t: f64) -> f64 {
    model(a, b, t) + model(b, a, t)
}

#[differentiate(jacobian, wrt(p))]
fn residuals(p: &[f64], t: &[f64], y: &[f64]) -> Vec<f64> {
    (0..t.len()).map(|i| twice_model(p[2 * (i % 5)], p[2 * (i % 5) + 1], t[i]) - y[i]).collect()
}

#[differentiate(jacobian, wrt(p))]
fn all_residuals(p: &[f64], t: &[f64]) -> Vec<f64> {
    let r: Vec<f64> = residuals(p, t, t);
    (0..r.len()).map(|i| r[i] * model(p[0], p[1], t[i])).collect()
}

#[test]
fn calls_for_every_few_columns() {
    let p: Vec<f64> = (0..10).map(|i| 0.2 + 0.1 * f64::from(i)).collect();
    let t: Vec<f64> = (0..7).map(|i| 0.3 * f64::from(i)).collect();
    let (value, jacobian) = residuals_value_and_jacobian(&p, &t, &t);
    assert_eq!(value, residuals(&p, &t, &t));
    close(&jacobian, &differences(&|p| residuals(p, &t, &t), &p), 1e-8);
    close(&all_residuals_jacobian(&p, &t), &differences(&|p| all_residuals(p, &t), &p), 1e-8);
}

// The default of what returns arrays, where there is one; what has none is only called.

#[differentiate]
fn turned(r: f64, angle: f64) -> [f64; 2] {
    [r * angle.cos(), r * angle.sin()]
}

/// The product of two constants of a function's own is no number of columns.
#[differentiate]
fn transposed<const N: usize, const M: usize>(x: &[[f64; M]; N]) -> [f64; M] {
    let mut sums = [0.0; M];
    for i in 0..N {
        for j in 0..M {
            sums[j] += x[i][j] * x[i][0];
        }
    }
    sums
}

#[differentiate]
fn counted(x: &[f64], calls: &Cell<u32>) -> [f64; 2] {
    calls.set(calls.get() + 1);
    [x[0] * x[1], x[0]]
}

#[differentiate]
fn calls_another(x: f64) -> [f64; 2] {
    let p: [f64; 2] = turned(x, x * x);
    [p[0] * p[1], x]
}

#[differentiate(wrt(x))]
fn only_called(x: f64, calls: &Cell<u32>) -> f64 {
    let a: [f64; 2] = transposed(&[[x, x * x], [1.0, x]]);
    let b: [f64; 2] = counted(&[x, a[0]], calls);
    let c: [f64; 2] = calls_another(b[0]);
    c[0] * a[1] + c[1]
}

#[test]
fn jacobians_by_default() {
    let (value, jacobian) = turned_value_and_jacobian(1.5, 0.7);
    assert_eq!(value, turned(1.5, 0.7));
    is_jacobian(&jacobian, |x| turned(x[0], x[1]).to_vec(), &[1.5, 0.7]);
    let calls = Cell::new(0);
    let f = |x: &[f64]| vec![only_called(x[0], &calls)];
    close(&[only_called_gradient(0.8, &calls)], &differences(&f, &[0.8]), 1e-8);
}
