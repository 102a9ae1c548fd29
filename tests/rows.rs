//! Jacobians by rows and by columns, of every shape of outputs and parameters, and matrices that are overwritten: against
//! differences, against each other, and in a thread with little stack.

#![allow(clippy::pedantic, clippy::needless_range_loop, reason = "as users write them")]

#[path = "common/differences.rs"]
mod common;

use common::{close, differences};
use std::cell::Cell;
use symgrad::{Differentiable, Flatten, differentiate};

const TOLERANCE: f64 = 1e-7;

// Few outputs, many parameters: rows by reverse mode.

#[differentiate(jacobian)]
fn moments(x: &[f64]) -> (f64, f64) {
    let (mut mean, mut square) = (0.0, 1.0);
    for (i, v) in x.iter().enumerate() {
        mean += v.sin() * (i + 1) as f64;
        square *= 1.0 + 0.001 * v * v;
    }
    (mean / x.len() as f64, square)
}

#[test]
fn a_thousand_parameters_and_two_outputs() {
    let x: Vec<f64> = (0..1000).map(|i| (0.7 * f64::from(i)).sin()).collect();
    let (value, jacobian): ((f64, f64), Vec<f64>) = moments_value_and_jacobian(&x);
    assert_eq!(value, moments(&x));
    assert_eq!(jacobian.len(), 2000);
    close(&jacobian, &differences(&|x| vec![moments(x).0, moments(x).1], &x), TOLERANCE);
    // What was in the buffer does not matter.
    let mut again = vec![7.0; 3];
    assert_eq!(moments_value_and_jacobian_into(&x, &mut again), value);
    assert_eq!(again, jacobian);
}

#[differentiate(jacobian)]
fn three_of_twenty(x: &[f64; 20]) -> [f64; 3] {
    let mut y = [0.0; 3];
    for i in 0..20 {
        if x[i] > 0.2 {
            y[i % 3] += x[i] * x[(i + 1) % 20].exp();
        } else {
            y[0] = y[0] * x[i] + 0.5;
        }
    }
    y
}

#[differentiate(jacobian)]
fn twenty_of_twenty(x: &[f64; 20]) -> [f64; 20] {
    let mut y = [1.0; 20];
    for i in 1..20 {
        y[i] = y[i - 1] * x[i].cos() + x[0];
    }
    y
}

fn points<const N: usize>() -> [f64; N] {
    std::array::from_fn(|i| (1.3 * i as f64).sin())
}

#[test]
fn arrays_by_rows_and_a_few_columns_at_a_time() {
    let x = points();
    let (value, jacobian): ([f64; 3], [[f64; 20]; 3]) = three_of_twenty_value_and_jacobian(&x);
    assert_eq!(value, three_of_twenty(&x));
    let by_differences = |f: &dyn Fn(&[f64; 20]) -> Vec<f64>| differences(&|x: &[f64]| f(x.try_into().unwrap()), &x);
    close(&jacobian.flatten(), &by_differences(&|x| three_of_twenty(x).to_vec()), TOLERANCE);
    let (value, jacobian): ([f64; 20], [[f64; 20]; 20]) = twenty_of_twenty_value_and_jacobian(&x);
    assert_eq!(value, twenty_of_twenty(&x));
    close(&jacobian.flatten(), &by_differences(&|x| twenty_of_twenty(x).to_vec()), TOLERANCE);
}

#[differentiate(jacobian, wrt(x))]
fn any_number<const N: usize>(x: &[f64; N], scale: f64) -> [f64; 2] {
    let mut y = [0.0, scale];
    for i in 0..N {
        y[i % 2] += x[i].powi(2) * scale;
    }
    y
}

#[test]
fn constants_of_the_function() {
    fn for_length<const N: usize>() {
        let x: [f64; N] = points();
        let jacobian: [[f64; N]; 2] = any_number_jacobian(&x, 1.5);
        let f = |x: &[f64]| any_number::<N>(x.try_into().unwrap(), 1.5).to_vec();
        close(&jacobian.flatten(), &differences(&f, &x), TOLERANCE);
    }
    for_length::<1>();
    for_length::<3>();
    for_length::<11>();
}

// Outputs of every kind, over slices: the lengths decide.

#[differentiate(jacobian)]
fn chosen(x: &[f64], m: usize) -> Vec<f64> {
    let mut y = vec![0.5; m];
    let mut k = 0;
    while k < x.len() {
        if m > 0 {
            y[k % m] += y[0] * x[k].sin();
        }
        k += 1;
    }
    y
}

#[test]
fn a_vec_by_either_way() {
    for (n, m) in [(0, 3), (3, 0), (5, 2), (9, 2), (9, 3), (40, 0), (40, 1), (40, 9), (40, 11), (17, 17)] {
        let x: Vec<f64> = (0..n).map(|i| (0.3 * f64::from(i)).sin()).collect();
        let (value, jacobian) = chosen_value_and_jacobian(&x, m);
        assert_eq!(value, chosen(&x, m));
        assert_eq!(jacobian.len(), n as usize * m);
        close(&jacobian, &differences(&|x| chosen(x, m), &x), TOLERANCE);
    }
}

#[differentiate(jacobian)]
fn number_and_list(x: &[f64]) -> (f64, Vec<f64>) {
    let mut sum = 1.0;
    let mut all = Vec::new();
    for &v in x {
        sum *= v;
        if v > 0.0 {
            all.push(sum * v);
        }
    }
    (sum, all)
}

#[differentiate(jacobian)]
fn into_buffer(x: &[f64], out: &mut [f64]) {
    for i in 0..x.len() {
        let k = i % out.len();
        out[k] = out[k] * x[i] + x[0].sin();
    }
}

#[differentiate(jacobian)]
fn into_buffers(x: &[f64; 12], a: &mut [f64], b: &mut [f64; 2]) {
    for i in 0..12 {
        a[0] += x[i] * b[0];
        b[i % 2] += x[i] * a[0];
    }
}

#[test]
fn tuples_and_buffers() {
    for n in [1, 5, 30] {
        let x: Vec<f64> = (0..n).map(|i| 1.0 + 0.1 * (0.3 * f64::from(i)).sin()).collect();
        let ((sum, all), (row, rows)) = number_and_list_value_and_jacobian(&x);
        assert_eq!((sum, all), number_and_list(&x));
        close(&row, &differences(&|x| vec![number_and_list(x).0], &x), TOLERANCE);
        close(&rows, &differences(&|x| number_and_list(x).1, &x), TOLERANCE);
        for m in [1, 2, 8] {
            // What is in the buffer is read: each run begins with that.
            let mut out = vec![0.75; m];
            let f = |x: &[f64]| {
                let mut out = vec![0.75; m];
                into_buffer(x, &mut out);
                out
            };
            let jacobian = into_buffer_jacobian(&x, &mut out);
            assert_eq!(out, f(&x));
            close(&jacobian, &differences(&f, &x), TOLERANCE);
        }
    }
    let x = points();
    let (mut a, mut b) = ([0.5], [1.5, -0.5]);
    let f = |x: &[f64]| {
        let (mut a, mut b) = ([0.5], [1.5, -0.5]);
        into_buffers(x.try_into().unwrap(), &mut a, &mut b);
        vec![a[0], b[0], b[1]]
    };
    let (by_a, by_b): (Vec<[f64; 12]>, [[f64; 12]; 2]) = into_buffers_jacobian(&x, &mut a, &mut b);
    assert_eq!(vec![a[0], b[0], b[1]], f(&x));
    close(&[by_a.flatten(), by_b.flatten()].concat(), &differences(&f, &x), TOLERANCE);
}

// Structs.

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Params {
    rate: f64,
    weights: Vec<f64>,
    #[differentiate(skip)]
    steps: usize,
    bias: [f64; 2],
}

fn params() -> Params {
    Params { rate: 0.3, weights: vec![0.5, -0.7, 1.1], steps: 4, bias: [0.2, -0.4] }
}

fn with(flat: &[f64]) -> Params {
    let mut p = params();
    p.restore(flat);
    p
}

#[differentiate(jacobian, wrt(p))]
fn predictions(p: &Params, x: f64) -> [f64; 3] {
    let mut y = [x, p.bias[0], p.bias[1]];
    for i in 0..p.steps {
        y[i % 3] += p.rate * p.weights[i % 3] * y[(i + 1) % 3].sin();
    }
    y
}

#[differentiate(jacobian, wrt(p))]
fn simulation(p: &Params, n: usize) -> Vec<f64> {
    let mut y = vec![p.bias[0]];
    for i in 0..n {
        let next = y[i] + p.rate * (p.bias[1] - y[i] * p.weights[i % 3]);
        y.push(next);
    }
    y
}

#[test]
fn by_a_struct() {
    let p = params();
    let (value, jacobian): ([f64; 3], [Params; 3]) = predictions_value_and_jacobian(&p, 0.8);
    assert_eq!(value, predictions(&p, 0.8));
    assert_eq!(jacobian[0].steps, 4);
    close(&jacobian.flatten(), &differences(&|x| predictions(&with(x), 0.8).to_vec(), &p.flatten()), TOLERANCE);
    let mut into: [Params; 3] = std::array::from_fn(|_| params());
    assert_eq!(predictions_value_and_jacobian_into(&p, 0.8, &mut into), value);
    assert_eq!(into, jacobian);
    let (value, jacobian): (Vec<f64>, Vec<Params>) = simulation_value_and_jacobian(&p, 5);
    assert_eq!(value, simulation(&p, 5));
    close(&jacobian.flatten(), &differences(&|x| simulation(&with(x), 5), &p.flatten()), TOLERANCE);
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct State {
    position: [f64; 2],
    speed: f64,
}

#[differentiate(jacobian)]
fn step(x: &[f64; 2], h: f64) -> State {
    State { position: [x[0] + h * x[1], x[1].cos()], speed: h * x[0] }
}

#[differentiate(jacobian, wrt(s))]
fn halved(s: &State) -> State {
    State { position: [s.position[1] * s.speed, s.position[0]], speed: s.speed.sin() }
}

#[test]
fn of_a_struct() {
    let (x, h) = ([0.4, -0.9], 0.1);
    let (value, jacobian): (State, Vec<([f64; 2], f64)>) = step_value_and_jacobian(&x, h);
    assert_eq!(value, step(&x, h));
    let f = |x: &[f64]| step(&[x[0], x[1]], x[2]).flatten();
    close(&jacobian.flatten(), &differences(&f, &[x[0], x[1], h]), TOLERANCE);
    let jacobian: Vec<State> = halved_jacobian(&value);
    let f = |x: &[f64]| halved(&State { position: [x[0], x[1]], speed: x[2] }).flatten();
    close(&jacobian.flatten(), &differences(&f, &value.flatten()), TOLERANCE);
}

// Several parameters, of which some are slices.

#[differentiate(jacobian, wrt(w, x, grid, s))]
fn layers(w: f64, x: &[f64], grid: &[[f64; 2]], s: &State) -> [f64; 2] {
    let mut y = [s.speed, w];
    for i in 0..x.len() {
        y[0] += w * x[i] * grid[i % grid.len()][1];
        y[1] *= x[i] + grid[0][0] * s.position[1];
    }
    y
}

#[test]
fn by_several_parameters() {
    let (w, x, grid) = (0.7, [0.4, 1.2, -0.6], [[0.1, 0.5], [1.5, -0.2]]);
    let s = State { position: [0.3, 0.8], speed: -0.5 };
    type Blocks = ([f64; 2], Vec<f64>, Vec<f64>, [State; 2]);
    let (value, (by_w, by_x, by_grid, by_s)): ([f64; 2], Blocks) = layers_value_and_jacobian(w, &x, &grid, &s);
    assert_eq!(value, layers(w, &x, &grid, &s));
    close(&by_w, &differences(&|w| layers(w[0], &x, &grid, &s).to_vec(), &[w]), TOLERANCE);
    close(&by_x, &differences(&|x| layers(w, x, &grid, &s).to_vec(), &x), TOLERANCE);
    let rows = |g: &[f64]| layers(w, &x, &[[g[0], g[1]], [g[2], g[3]]], &s).to_vec();
    close(&by_grid, &differences(&rows, &grid.flatten()), TOLERANCE);
    let states = |s: &[f64]| layers(w, &x, &grid, &State { position: [s[0], s[1]], speed: s[2] }).to_vec();
    close(&by_s.flatten(), &differences(&states, &s.flatten()), TOLERANCE);
}

// A method, `f32`, a type parameter.

struct Model {
    scale: f64,
}

impl Model {
    #[differentiate(jacobian)]
    fn respond(&self, x: &[f64]) -> [f64; 2] {
        let scale: f64 = self.scale;
        let mut y = [scale; 2];
        for v in x {
            y[0] *= v.cos();
            y[1] += y[0];
        }
        y
    }
}

#[differentiate(jacobian)]
fn generic<T: num_traits::Float>(x: &[T], n: usize) -> Vec<T> {
    let mut y = vec![T::one(); n];
    for (i, v) in x.iter().enumerate() {
        y[i % n] = y[i % n] * *v;
    }
    y
}

#[test]
fn in_other_forms() {
    let model = Model { scale: 1.5 };
    let x: Vec<f64> = (0..30).map(|i| 0.01 * f64::from(i)).collect();
    let (value, jacobian) = model.respond_value_and_jacobian(&x);
    assert_eq!(value, model.respond(&x));
    close(&jacobian, &differences(&|x| model.respond(x).to_vec(), &x), TOLERANCE);
    let x: Vec<f64> = x.iter().map(|x| x + 1.0).collect();
    for n in [1, 2, 20] {
        close(&generic_jacobian(&x, n), &differences(&|x| generic(x, n), &x), TOLERANCE);
        let narrow: Vec<f32> = x.iter().map(|&x| x as f32).collect();
        close(&generic_jacobian(&narrow, n).flatten(), &generic_jacobian(&x, n), 1e-5);
    }
}

/// Integers of the function's own change as often as it runs, and begin anew each time.
#[differentiate(hessian = "curvatures", wrt(x))]
fn counted(x: &[f64], mut left: usize, order: &[usize]) -> f64 {
    let mut sum = 0.0;
    let mut k = 0;
    while left > 0 {
        sum += x[order[k]].exp() * x[k];
        k += 1;
        left -= 1;
    }
    sum
}

#[test]
fn state_of_its_own() {
    let (x, order) = (points::<11>(), [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]);
    let by_differences = differences(&|x| counted_gradient_of(x, &order), &x);
    close(&curvatures(&x, 11, &order), &by_differences, TOLERANCE);
    fn counted_gradient_of(x: &[f64], order: &[usize]) -> Vec<f64> {
        counted_value_gradient_hessian(x, 11, order).1
    }
}

/// What has an effect runs once: then all columns are lanes.
#[differentiate(jacobian, wrt(x))]
fn counting(x: &[f64; 20], calls: &Cell<usize>) -> [f64; 2] {
    calls.set(calls.get() + 1);
    [x[0] * x[19], x[7].sin()]
}

#[test]
fn effects_happen_once() {
    let calls = Cell::new(0);
    let jacobian: [[f64; 20]; 2] = counting_jacobian(&points(), &calls);
    assert_eq!(calls.get(), 1);
    let f = |x: &[f64]| counting(x.try_into().unwrap(), &calls).to_vec();
    close(&jacobian.flatten(), &differences(&f, &points::<20>()), TOLERANCE);
}
