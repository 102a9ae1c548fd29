//! Value and gradient side by side with what an expert writes by hand. `cargo bench --bench gradient`
//!
//! The hand-written gradients share subterms, allocate nothing, and keep the order of every sum, as the emitted ones do.
//! Rounds are interleaved; what is printed is the median time and the median of the ratios within a round. Differences
//! below some 5 % are noise.

#![allow(clippy::cast_precision_loss, reason = "lengths are small")]

use std::hint::black_box;
use std::time::Instant;
use symgrad::differentiate;

#[differentiate(wrt(w, b))]
fn mse(w: f64, b: f64, x: &[f64], t: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += (w * x[i] + b - t[i]).powi(2);
    }
    sum / x.len() as f64
}

fn mse_by_hand(w: f64, b: f64, x: &[f64], t: &[f64]) -> (f64, [f64; 2]) {
    let n = x.len() as f64;
    let t = &t[..x.len()];
    let (mut sum, mut dw, mut db) = (0.0, 0.0, 0.0);
    for i in 0..x.len() {
        let r = w * x[i] + b - t[i];
        sum += r * r;
        let g = 2.0 / n * r;
        dw += g * x[i];
        db += g;
    }
    (sum / n, [dw, db])
}

#[differentiate(wrt(w, b))]
fn logistic(w: &[f64; 10], b: f64, x: &[[f64; 10]], t: &[f64]) -> f64 {
    let mut loss = 0.0;
    for i in 0..x.len() {
        let mut z = b;
        for j in 0..10 {
            z += w[j] * x[i][j];
        }
        loss += z.abs().mul_add(0.5, (-z.abs()).exp().ln_1p()) + z * (0.5 - t[i]);
    }
    loss / x.len() as f64
}

fn logistic_by_hand(w: &[f64; 10], b: f64, x: &[[f64; 10]], t: &[f64], dw: &mut [f64; 10], db: &mut f64) -> f64 {
    let n = x.len() as f64;
    let scale = 1.0 / n;
    let mut loss = 0.0;
    let mut sum = 0.0;
    dw.fill(0.0);
    for (row, &t) in x.iter().zip(t) {
        let mut z = b;
        for j in 0..10 {
            z += w[j] * row[j];
        }
        let e = (-z.abs()).exp();
        loss += z.abs().mul_add(0.5, e.ln_1p()) + z * (0.5 - t);
        let sign = if z == 0.0 { 0.0 } else { z.signum() };
        let g = scale * (sign * (0.5 - e / (1.0 + e)) + (0.5 - t));
        for j in 0..10 {
            dw[j] += g * row[j];
        }
        sum += g;
    }
    *db = sum;
    loss / n
}

#[differentiate]
fn small(x: f64, y: f64) -> f64 {
    x * x * y + (x * y).exp() + x.sin() * y.ln()
}

fn small_by_hand(x: f64, y: f64) -> (f64, [f64; 2]) {
    let e = (x * y).exp();
    let (s, c) = x.sin_cos();
    let l = y.ln();
    let xy = x * y;
    (x * x * y + e + s * l, [2.0 * xy + y * e + c * l, x * x + x * e + s / y])
}

#[differentiate]
fn rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        let a = x[i + 1] - x[i] * x[i];
        let b = 1.0 - x[i];
        sum += 100.0 * a * a + b * b;
    }
    sum
}

fn rosenbrock_by_hand(x: &[f64], g: &mut [f64]) -> f64 {
    let g = &mut g[..x.len()];
    g.fill(0.0);
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        let a = x[i + 1] - x[i] * x[i];
        let b = 1.0 - x[i];
        sum += 100.0 * a * a + b * b;
        g[i] += -400.0 * a * x[i] - 2.0 * b;
        g[i + 1] += 200.0 * a;
    }
    sum
}

#[differentiate]
fn kernel(distance: f64, range: f64) -> f64 {
    let scaled = distance / range;
    (1.0 - scaled * scaled) / (1.0 + scaled * scaled)
}

#[differentiate]
fn square<T: num_traits::Float>(x: T) -> T {
    x * x
}

/// Little but calls, one of them of a generic function.
#[differentiate(wrt(range, scale))]
fn potential(range: f64, scale: f64, at: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 1..at.len() {
        sum += square(scale) * kernel(at[i] - at[i - 1], range);
    }
    sum
}

fn potential_by_hand(range: f64, scale: f64, at: &[f64]) -> (f64, [f64; 2]) {
    let (mut sum, mut drange, mut dscale) = (0.0, 0.0, 0.0);
    for i in 1..at.len() {
        let scaled = (at[i] - at[i - 1]) / range;
        let below = 1.0 + scaled * scaled;
        let value = (1.0 - scaled * scaled) / below;
        let squared = scale * scale;
        sum += squared * value;
        drange += squared * (4.0 * scaled / (below * below)) * (scaled / range);
        dscale += 2.0 * scale * value;
    }
    (sum, [drange, dscale])
}

/// Times both, interleaved, and prints their medians and their ratio.
fn compare(name: &str, mut emitted: impl FnMut() -> f64, mut hand: impl FnMut() -> f64) {
    let (a, b) = (emitted(), hand());
    assert!((a - b).abs() <= 1e-9 * a.abs().max(1.0), "{name}: {a} and {b} are not the same function");
    let mut repeat = 1_u32;
    while time(&mut hand, repeat) < 2e-3 {
        repeat *= 2;
    }
    let (mut times, mut hands, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..61 {
        let (first, second);
        if round % 2 == 0 {
            first = time(&mut emitted, repeat);
            second = time(&mut hand, repeat);
        } else {
            second = time(&mut hand, repeat);
            first = time(&mut emitted, repeat);
        }
        times.push(first / f64::from(repeat));
        hands.push(second / f64::from(repeat));
        ratios.push(first / second);
    }
    println!(
        "{name:<28} {:>10.1} ns   by hand {:>10.1} ns   ratio {:.3}",
        median(&mut times) * 1e9,
        median(&mut hands) * 1e9,
        median(&mut ratios)
    );
}

fn time(f: &mut impl FnMut() -> f64, repeat: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..repeat {
        black_box(f());
    }
    start.elapsed().as_secs_f64()
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A loop whose steps are known in advance.
#[differentiate]
fn newton(a: f64) -> f64 {
    let mut x = a;
    for _ in 0..8 {
        x -= (x * x - a) / (2.0 * x);
    }
    x
}

fn newton_by_hand(a: f64) -> (f64, f64) {
    let mut trace = [0.0; 8];
    let mut x = a;
    for kept in &mut trace {
        *kept = x;
        x -= (x * x - a) / (2.0 * x);
    }
    let (mut dx, mut da) = (1.0, 0.0);
    for &x in trace.iter().rev() {
        let d = dx / (2.0 * x);
        da += d;
        dx += 2.0 * (dx * ((x * x - a) / (2.0 * x)) / (2.0 * x) - d * x);
    }
    (x, dx + da)
}

/// One whose steps the caller chooses.
#[differentiate(wrt(r))]
fn growth(r: f64, n: usize) -> f64 {
    let mut x = 0.5;
    for _ in 0..n {
        x = r * x * (1.0 - x);
    }
    x
}

fn growth_by_hand(r: f64, n: usize) -> (f64, f64) {
    let mut trace = Vec::with_capacity(n);
    let mut x = 0.5;
    for _ in 0..n {
        trace.push(x);
        x = r * x * (1.0 - x);
    }
    let (mut dx, mut dr) = (1.0, 0.0);
    for &x in trace.iter().rev() {
        dr += dx * (1.0 - x) * x;
        dx *= r * (1.0 - x) - r * x;
    }
    (x, dr)
}

fn main() {
    let n = 1000;
    let x: Vec<f64> = (0..n).map(|i| (f64::from(i) * 0.37).sin()).collect();
    let t: Vec<f64> = x.iter().map(|x| 1.9 * x + 0.3).collect();
    compare(
        "mean squared error, n = 1000",
        || {
            let (v, [dw, db]) = mse_value_and_gradient(black_box(0.5), black_box(0.1), black_box(&x), black_box(&t));
            v + dw + db
        },
        || {
            let (v, [dw, db]) = mse_by_hand(black_box(0.5), black_box(0.1), black_box(&x), black_box(&t));
            v + dw + db
        },
    );
    let rows: Vec<[f64; 10]> = (0..n).map(|i| std::array::from_fn(|j| (f64::from(i) * 0.1 + j as f64).sin())).collect();
    let labels: Vec<f64> = (0..n).map(|i| f64::from(i % 2)).collect();
    let w: [f64; 10] = std::array::from_fn(|j| 0.1 * j as f64 - 0.4);
    let (mut dw, mut db) = ([0.0; 10], 0.0);
    let (mut hw, mut hb) = ([0.0; 10], 0.0);
    compare(
        "logistic regression, n = 1000",
        || {
            let v = logistic_value_and_gradient_into(black_box(&w), 0.2, black_box(&rows), &labels, &mut dw, &mut db);
            v + dw[3] + db
        },
        || {
            let v = logistic_by_hand(black_box(&w), 0.2, black_box(&rows), &labels, &mut hw, &mut hb);
            v + hw[3] + hb
        },
    );
    compare(
        "x²y + exp(xy) + sin x ln y",
        || {
            let (v, [dx, dy]) = small_value_and_gradient(black_box(0.7), black_box(1.3));
            v + dx + dy
        },
        || {
            let (v, [dx, dy]) = small_by_hand(black_box(0.7), black_box(1.3));
            v + dx + dy
        },
    );
    compare(
        "calls in a loop, n = 1000",
        || {
            let (v, [drange, dscale]) = potential_value_and_gradient(black_box(0.7), black_box(1.3), black_box(&x));
            v + drange + dscale
        },
        || {
            let (v, [drange, dscale]) = potential_by_hand(black_box(0.7), black_box(1.3), black_box(&x));
            v + drange + dscale
        },
    );
    let (mut g, mut h) = (vec![0.0; x.len()], vec![0.0; x.len()]);
    compare(
        "Rosenbrock, n = 1000",
        || rosenbrock_value_and_gradient_into(black_box(&x), black_box(&mut g)) + g[7],
        || rosenbrock_by_hand(black_box(&x), black_box(&mut h)) + h[7],
    );
    let pair = |(value, derivative): (f64, f64)| value + derivative;
    compare(
        "Newton's square root, 8 steps",
        || pair(newton_value_and_gradient(black_box(1.7))),
        || pair(newton_by_hand(black_box(1.7))),
    );
    for n in [10, 1000] {
        compare(
            &format!("logistic growth, {n} steps"),
            || pair(growth_value_and_gradient(black_box(3.3), black_box(n))),
            || pair(growth_by_hand(black_box(3.3), black_box(n))),
        );
    }
}
