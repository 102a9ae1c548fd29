//! Compositions with derivatives of their own: each in a place where it is a part of something larger.

use num_traits::Float;
use symgrad_oracle::case;

#[case((0.3, 1.2, &[0.5, -1.0, 40.0], &[1.0, 0.0, 1.0]), wrt(w, b))]
fn cross_entropy(w: f64, b: f64, x: &[f64], t: &[f64]) -> f64 {
    let mut loss = 0.0;
    for i in 0..x.len() {
        let p = 1.0 / (1.0 + (-(w * x[i] + b)).exp());
        loss -= t[i] * p.ln() + (1.0 - t[i]) * (1.0 - p).ln();
    }
    loss
}

#[case((0.3, -1.2), (0.0, 0.0), (-2.0, 3.0))]
fn gates<T: Float>(x: T, y: T) -> T {
    let one = T::one();
    let open = one / (one + (-x).exp());
    let silu = y / (one + (-y).exp());
    let soft = (one + (x * y).exp()).ln() + (x - y).exp().ln_1p();
    let rising = (x * x).exp() / (one + (x * x).exp());
    open * silu + soft * rising + (one - open) * (x.exp() + y.exp()).ln()
}

#[case((0.3, -1.2), (3.0, 0.5), (-7.0, 0.2))]
fn stable_forms(x: f64, y: f64) -> f64 {
    let plus = x.max(0.0) + (-x.abs()).exp().ln_1p();
    let both = x.max(y) + (-(x - y).abs()).exp().ln_1p();
    plus * both + (0.3 * x).cosh().ln()
}

#[case((0.7, 2.0, 0.4, 10.0), (12.0, 2.0, 0.4, 10.0))]
fn growth(t: f64, k: f64, r: f64, a: f64) -> f64 {
    k / (1.0 + a * (-r * t).exp()) + a / (k + (r * t).exp()) + k / (a * (r * t).exp() + r)
}

#[case((0.5, 1.5), (3.0, -2.0), (-6.5, 0.0))]
fn bells(x: f64, m: f64) -> f64 {
    let z = x - m;
    (-z * z / 2.0).exp() + (-(z * z)).exp() * x + (-2.0 * x.powi(2)).exp() + (-0.3 * z * z).exp()
}

#[case(([3.0, -4.0, 1.5], 0.2), ([0.3, 0.0, -1.5], 2.0))]
fn lengths(p: [f64; 3], e: f64) -> f64 {
    let plane = (p[0] * p[0] + p[1] * p[1]).sqrt();
    let space = (p[0].powi(2) + p[1].powi(2) + p[2].powi(2)).sqrt();
    let soft = (p[2] * p[2] + e).sqrt() + (1.0 + e * e).sqrt();
    plane * space + soft / (e * e).sqrt() + (p[0] * p[0] + p[1] * p[1] + p[2] * p[2] + e).sqrt()
}

#[case(([0.3, -0.2, 0.9, 1.4], 3), ([0.3, -0.2, 0.9, 1.4], 0))]
fn carried(x: [f64; 4], n: usize) -> f64 {
    let mut h = x[0];
    for i in 0..n {
        let z = 1.0 / (1.0 + (-(h * x[1] + x[i])).exp());
        h = z * h + (1.0 - z) * (h * h + x[2] * x[2]).sqrt();
        if h > 0.5 {
            h = (1.0 + h.exp()).ln() - 0.4;
        }
    }
    h
}

#[case(([0.2, 0.5, 0.3], 0.4), ([0.36, 0.37, 0.27], 0.36787944))]
fn entropy(p: [f64; 3], q: f64) -> f64 {
    let mut nats = 0.0;
    for &p in &p {
        nats -= p * p.ln();
    }
    let l = q.log2();
    nats - (l * q + (1.0 - q) * (1.0 - q).log2()) + q.log10() * q
}

#[case((&[0.25, -1.5, 2.0], 0.5), (&[3.0], -2.0))]
fn log_sums(x: &[f64], c: f64) -> f64 {
    let mut s = 0.0;
    for v in x {
        s += c * c * (v * v - c).exp();
    }
    let all = s.ln();
    let pairs: f64 = x.iter().zip(&x[..1]).map(|(a, b)| (a - b).exp() * 2.0).sum();
    all * c + (1.5 * pairs / x.len() as f64).ln() + (c + (0.3 * x[0]).exp()).ln()
}

/// What is carried decays, and a branch adds.
#[case((&[0.25, -1.5, 2.0], 0.5), (&[3.0], 0.25))]
fn log_of_a_decaying_sum(x: &[f64], c: f64) -> f64 {
    let mut s = 0.5;
    for v in x {
        s = c * s + if *v > 0.0 { v.exp() } else { 1.0 };
    }
    s.ln() + (s + c.exp()).log10()
}
