//! What accuracy costs: value and derivative of functions whose rule takes a form that is stable, beside the form of the
//! textbook, which loses digits. `cargo bench --bench rules`
//!
//! Rounds are interleaved; what is printed is the median time a call and the median of the ratios within a round.

#![allow(clippy::cast_precision_loss, reason = "indices are small")]

use std::hint::black_box;
use std::time::Instant;
use symgrad::differentiate;

#[differentiate]
fn tanh(x: f64) -> f64 {
    x.tanh()
}

/// `1 - y²` loses all digits where `y` is near ±1.
fn tanh_textbook(x: f64) -> (f64, f64) {
    let y = x.tanh();
    (y, 1.0 - y * y)
}

#[differentiate]
fn exp_m1(x: f64) -> f64 {
    x.exp_m1()
}

/// Another exponential.
fn exp_m1_textbook(x: f64) -> (f64, f64) {
    (x.exp_m1(), x.exp())
}

#[differentiate]
fn hypot(x: f64, y: f64) -> f64 {
    x.hypot(y)
}

/// NaN at the origin.
fn hypot_textbook(x: f64, y: f64) -> (f64, [f64; 2]) {
    let h = x.hypot(y);
    (h, [x / h, y / h])
}

#[differentiate]
fn atan2(y: f64, x: f64) -> f64 {
    y.atan2(x)
}

/// The sum of the squares overflows.
fn atan2_textbook(y: f64, x: f64) -> (f64, [f64; 2]) {
    let q = x * x + y * y;
    (y.atan2(x), [x / q, -y / q])
}

#[differentiate]
fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// `y·(1 - y)` loses all digits where `y` is near 1.
fn sigmoid_textbook(x: f64) -> (f64, f64) {
    let y = 1.0 / (1.0 + (-x).exp());
    (y, y * (1.0 - y))
}

#[differentiate]
fn gaussian(x: f64) -> f64 {
    (-0.5 * x * x).exp()
}

/// The rounding of the square is magnified by it.
fn gaussian_textbook(x: f64) -> (f64, f64) {
    let y = (-0.5 * x * x).exp();
    (y, -x * y)
}

#[differentiate]
fn log_add_exp(x: f64, y: f64) -> f64 {
    let m = x.max(y);
    m + ((x - m).exp() + (y - m).exp()).ln()
}

/// The rounding of `x - m` is magnified by it.
fn log_add_exp_textbook(x: f64, y: f64) -> (f64, [f64; 2]) {
    let m = x.max(y);
    let (a, b) = ((x - m).exp(), (y - m).exp());
    (m + (a + b).ln(), [a / (a + b), b / (a + b)])
}

#[differentiate]
fn log_sum_exp(x: &[f64; 16]) -> f64 {
    let m = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut s = 0.0;
    for v in x {
        s += (v - m).exp();
    }
    m + s.ln()
}

/// The same of a sum over a loop; nobody differentiates the maximum by hand.
fn log_sum_exp_textbook(x: &[f64; 16]) -> (f64, [f64; 16]) {
    let m = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut s = 0.0;
    let e = x.map(|v| {
        let e = (v - m).exp();
        s += e;
        e
    });
    (m + s.ln(), e.map(|e| e / s))
}

#[differentiate(hessian)]
fn norm(x: f64, y: f64) -> f64 {
    (x * x + y * y).sqrt()
}

/// The rounding of the root counts three times.
fn norm_textbook(x: f64, y: f64) -> (f64, [f64; 2], [[f64; 2]; 2]) {
    let h = (x * x + y * y).sqrt();
    let (c, s) = (x / h, y / h);
    let mixed = -c * (s / h);
    (h, [c, s], [[s * (s / h), mixed], [mixed, c * (c / h)]])
}

#[differentiate]
fn tenth_power(x: f64) -> f64 {
    x.powi(10)
}

/// The rounding of each multiplication adds up.
fn tenth_power_textbook(x: f64) -> (f64, f64) {
    (x.powi(10), 10.0 * x.powi(9))
}

const ROUNDS: usize = 101;
const CALLS: u32 = 20_000;

/// Points between -4 and 4, as a program meets them: in no order.
fn points() -> Vec<[f64; 2]> {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 40).expect("24 bits")) / f64::from(1 << 21) - 4.0
    };
    (0..1024).map(|_| [next(), next()]).collect()
}

/// Nanoseconds a call.
fn time<R>(points: &[[f64; 2]], f: impl Fn(f64, f64) -> R) -> f64 {
    let start = Instant::now();
    for k in 0..CALLS as usize {
        let [x, y] = points[k % points.len()];
        black_box(f(black_box(x), black_box(y)));
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn compare<R, S>(name: &str, stable: impl Fn(f64, f64) -> R, textbook: impl Fn(f64, f64) -> S) {
    let points = points();
    let (mut a, mut b, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (s, t) = (time(&points, &stable), time(&points, &textbook));
        a.push(s);
        b.push(t);
        ratios.push(s / t);
    }
    println!("{name:11} {:6.1} ns   textbook {:6.1} ns   ratio {:.2}", median(a), median(b), median(ratios));
}

fn main() {
    compare("tanh", |x, _| tanh_value_and_gradient(x), |x, _| tanh_textbook(x));
    compare("exp_m1", |x, _| exp_m1_value_and_gradient(x), |x, _| exp_m1_textbook(x));
    compare("hypot", hypot_value_and_gradient, hypot_textbook);
    compare("atan2", atan2_value_and_gradient, atan2_textbook);
    compare("sigmoid", |x, _| sigmoid_value_and_gradient(x), |x, _| sigmoid_textbook(x));
    compare("log_add_exp", log_add_exp_value_and_gradient, log_add_exp_textbook);
    let numbers = |x: f64, y: f64| -> [f64; 16] { std::array::from_fn(|k| x + y * (k as f64 - 8.0)) };
    compare(
        "log_sum_exp",
        |x, y| log_sum_exp_value_and_gradient(&numbers(x, y)),
        |x, y| log_sum_exp_textbook(&numbers(x, y)),
    );
    compare("norm, twice", norm_value_gradient_hessian, norm_textbook);
    compare("powi(10)", |x, _| tenth_power_value_and_gradient(x), |x, _| tenth_power_textbook(x));
    compare("gaussian", |x, _| gaussian_value_and_gradient(x), |x, _| gaussian_textbook(x));
}
