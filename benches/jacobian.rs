//! What a row of a Jacobian costs, counted in columns: by this weight it is decided which way is taken. `cargo bench --bench jacobian`
//!
//! A Jacobian by columns, and each row of it by a product with a cotangent. Rounds are interleaved; what is printed is the median of the
//! ratios within a round.

#![allow(
    clippy::cast_precision_loss,
    clippy::needless_range_loop,
    clippy::semicolon_if_nothing_returned,
    reason = "as users write them"
)]

use std::hint::black_box;
use std::time::Instant;
use symgrad::differentiate;

/// A layer of a network.
#[differentiate(jacobian, vjp, wrt(x))]
fn layer(x: &[f64; 64], w: &[[f64; 64]; 16]) -> [f64; 16] {
    let mut y = [0.0; 16];
    for i in 0..16 {
        let mut s = 0.0;
        for j in 0..64 {
            s += w[i][j] * x[j];
        }
        y[i] = s.tanh();
    }
    y
}

/// Functions that cost something.
#[differentiate(jacobian, vjp, wrt(p))]
fn sums(p: &[f64; 32], t: &[f64; 100]) -> [f64; 8] {
    let mut y = [0.0; 8];
    for i in 0..100 {
        let mut e = 0.0;
        for j in 0..32 {
            e += (p[j] * t[i]).sin();
        }
        y[i % 8] += e * e;
    }
    y
}

/// A state that is carried, and taped.
#[differentiate(jacobian, vjp, wrt(x))]
fn steps(x: &[f64; 32], h: f64) -> [f64; 8] {
    let mut s = *x;
    for _ in 0..20 {
        for j in 1..32 {
            s[j] += h * s[j - 1] * s[j];
        }
    }
    let mut y = [0.0; 8];
    for j in 0..8 {
        y[j] = s[4 * j];
    }
    y
}

/// No more than expressions.
#[differentiate(jacobian, vjp)]
fn expressions(x: &[f64; 24]) -> [f64; 6] {
    let mut y = [0.0; 6];
    for k in 0..6 {
        y[k] = (x[4 * k] * x[4 * k + 1]).exp() + x[4 * k + 2] / (1.0 + x[4 * k + 3] * x[0]);
    }
    y
}

/// A layer over slices.
#[differentiate(jacobian, vjp, wrt(x))]
fn long_layer(x: &[f64], w: &[f64], m: usize) -> Vec<f64> {
    let mut y = vec![0.0; m];
    for i in 0..m {
        let mut s = 0.0;
        for j in 0..x.len() {
            s += w[i * x.len() + j] * x[j];
        }
        y[i] = s.tanh();
    }
    y
}

const ROUNDS: usize = 41;

/// Microseconds a call.
fn time(run: &mut dyn FnMut()) -> f64 {
    let start = Instant::now();
    (0..50).for_each(|_| run());
    start.elapsed().as_nanos() as f64 / 50e3
}

/// A row of `m` beside a column of `n`; the logarithm of their ratio.
fn compare(name: &str, (m, n): (usize, usize), all: &mut dyn FnMut(), row: &mut dyn FnMut(usize)) -> f64 {
    let mut ratios = Vec::new();
    for _ in 0..ROUNDS {
        let (columns, rows) = (time(all), time(&mut || (0..m).for_each(&mut *row)));
        ratios.push(rows / m as f64 / (columns / n as f64));
    }
    ratios.sort_by(f64::total_cmp);
    let ratio = ratios[ROUNDS / 2];
    println!("{name:14} {m:3} by {n:3}: a row costs {ratio:5.1} columns");
    ratio.ln()
}

fn unit<const N: usize>(k: usize) -> [f64; N] {
    std::array::from_fn(|i| if i == k { 1.0 } else { 0.0 })
}

fn main() {
    fn point<const N: usize>() -> [f64; N] {
        std::array::from_fn(|i| 0.3 * (1.7 * i as f64).sin())
    }
    let (x, p, short, t): ([f64; 64], [f64; 32], [f64; 24], [f64; 100]) = (point(), point(), point(), point());
    let flat: [f64; 1024] = point();
    let w: [[f64; 64]; 16] = std::array::from_fn(|i| std::array::from_fn(|j| flat[64 * i + j]));
    let logarithms = [
        compare("layer", (16, 64), &mut || _ = black_box(layer_jacobian(black_box(&x), &w)), &mut |k| {
            _ = black_box(layer_vjp(black_box(&x), &w, &unit(k)))
        }),
        compare("sums", (8, 32), &mut || _ = black_box(sums_jacobian(black_box(&p), &t)), &mut |k| {
            _ = black_box(sums_vjp(black_box(&p), &t, &unit(k)))
        }),
        compare("steps", (8, 32), &mut || _ = black_box(steps_jacobian(black_box(&p), 0.01)), &mut |k| {
            _ = black_box(steps_vjp(black_box(&p), 0.01, &unit(k)))
        }),
        compare("expressions", (6, 24), &mut || _ = black_box(expressions_jacobian(black_box(&short))), &mut |k| {
            _ = black_box(expressions_vjp(black_box(&short), &unit(k)))
        }),
        compare(
            "layer, slices",
            (16, 64),
            &mut || _ = black_box(long_layer_jacobian(black_box(&x), &flat, 16)),
            &mut |k| _ = black_box(long_layer_vjp(black_box(&x), &flat, 16, &unit::<16>(k))),
        ),
    ];
    println!("geometric mean: {:.1}", (logarithms.iter().sum::<f64>() / logarithms.len() as f64).exp());
}
