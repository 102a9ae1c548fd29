//! Sparse Hessians beside dense ones: banded, of several sizes. `cargo bench --bench sparse`
//!
//! The ratio of times should be that of the numbers of nonzeros, within a factor of two. Rounds are interleaved; what is printed is the
//! median time and the median of the ratios within a round.

#![allow(clippy::cast_precision_loss, reason = "lengths are small")]

use std::hint::black_box;
use std::time::Instant;
use symgrad::differentiate;

/// Rosenbrock's function: a band of three.
#[differentiate(hessian, sparse_hessian)]
fn valley(x: &[f64; 200]) -> f64 {
    let mut sum = 0.0;
    for i in 1..x.len() {
        let a = x[i] - x[i - 1] * x[i - 1];
        sum += 100.0 * a * a + (1.0 - x[i - 1]).powi(2);
    }
    sum
}

/// The same over a slice.
#[differentiate(hessian, sparse_hessian)]
fn long_valley(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 1..x.len() {
        let a = x[i] - x[i - 1] * x[i - 1];
        sum += 100.0 * a * a + (1.0 - x[i - 1]).powi(2);
    }
    sum
}

/// A band of five, of functions that cost something.
#[differentiate(hessian, sparse_hessian)]
fn chain(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 2..x.len() {
        sum += (x[i] - 2.0 * x[i - 1] + x[i - 2]).powi(4) + (x[i] * x[i - 2]).sin();
    }
    sum
}

/// The same of known size.
#[differentiate(hessian, sparse_hessian)]
fn short_chain(x: &[f64; 200]) -> f64 {
    let mut sum = 0.0;
    for i in 2..x.len() {
        sum += (x[i] - 2.0 * x[i - 1] + x[i - 2]).powi(4) + (x[i] * x[i - 2]).sin();
    }
    sum
}

const ROUNDS: usize = 31;

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Nanoseconds a call.
fn time(calls: usize, run: &mut dyn FnMut()) -> f64 {
    let start = Instant::now();
    (0..calls).for_each(|_| run());
    start.elapsed().as_nanos() as f64 / calls as f64
}

/// Both, and what the numbers of nonzeros promise.
fn compare(name: &str, (entries, nonzeros): (usize, usize), dense: &mut dyn FnMut(), sparse: &mut dyn FnMut()) {
    let (mut denses, mut sparses, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (one, other) = (time(20, dense), time(400, sparse));
        denses.push(one);
        sparses.push(other);
        ratios.push(one / other);
    }
    let promised = entries as f64 / nonzeros as f64;
    let ratio = median(&mut ratios);
    println!(
        "{name:32} dense {:9.2} us, sparse {:7.2} us: {ratio:6.1} times as fast; {entries} entries to {nonzeros}: {promised:5.1}",
        median(&mut denses) / 1e3,
        median(&mut sparses) / 1e3,
    );
}

fn main() {
    let point = |n: usize| -> Vec<f64> { (0..n).map(|i| (1.7 * i as f64).sin()).collect() };
    let x: [f64; 200] = point(200).try_into().unwrap();
    compare(
        "band of 3, array of 200",
        (40_000, VALLEY_SPARSE_HESSIAN_PATTERN.len()),
        &mut || {
            black_box(valley_hessian(black_box(&x)));
        },
        &mut || {
            black_box(valley_sparse_hessian(black_box(&x)));
        },
    );
    compare(
        "band of 5, array of 200",
        (40_000, SHORT_CHAIN_SPARSE_HESSIAN_PATTERN.len()),
        &mut || {
            black_box(short_chain_hessian(black_box(&x)));
        },
        &mut || {
            black_box(short_chain_sparse_hessian(black_box(&x)));
        },
    );
    for n in [50, 200, 1000] {
        let x = point(n);
        let pattern = long_valley_sparse_hessian_pattern(&x);
        compare(
            &format!("band of 3, slice of {n}"),
            (n * n, pattern.entries().len()),
            &mut || drop(black_box(long_valley_hessian(black_box(&x)))),
            &mut || drop(black_box(long_valley_sparse_hessian(black_box(&x), &pattern))),
        );
        let pattern = chain_sparse_hessian_pattern(&x);
        compare(
            &format!("band of 5, slice of {n}"),
            (n * n, pattern.entries().len()),
            &mut || drop(black_box(chain_hessian(black_box(&x)))),
            &mut || drop(black_box(chain_sparse_hessian(black_box(&x), &pattern))),
        );
    }
}
