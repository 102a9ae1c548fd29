//! Iterators that no list is behind, and several lists one after the other.

use symgrad_oracle::case;

#[case((&[0.5, -1.5], &[2.0, 0.1, 0.9]), (&[], &[1.0]), (&[0.3], &[]))]
fn one_after_the_other(x: &[f64], y: &[f64]) -> f64 {
    let mut s = 1.0;
    for (i, v) in x.iter().chain(y.iter()).enumerate() {
        s = s * 0.5 + v * v * i as f64;
    }
    s + x.iter().chain(y).rev().fold(0.0, |s, v| s * 0.7 + v) * y.iter().chain(x).map(|v| v.sin()).sum::<f64>()
}

#[case((&[0.5, -1.5, 0.7], 2.0), (&[], 0.3))]
fn one_before_and_one_behind(x: &[f64], y: f64) -> f64 {
    let a: f64 = x.iter().copied().chain(std::iter::once(y)).map(|v| v * v).sum();
    let b = std::iter::once(&y).chain(x.iter()).fold(0.0, |s, v| s * 0.5 + v);
    let c: Vec<f64> = std::iter::once(y * y).chain(x.iter().map(|v| v * y)).chain([1.0, y]).collect();
    a * b + c[0] * c[c.len() - 1] + c.windows(2).map(|w| w[0] * w[1]).sum::<f64>()
}

#[case((&[0.5, -1.5, 0.7], &[2.0, 1.0, 0.3, 0.9, -0.2]), (&[0.4], &[2.0, 1.0]), (&[], &[1.0]))]
fn again_and_again(x: &[f64], w: &[f64]) -> f64 {
    let a: f64 = w.iter().zip(x.iter().cycle()).map(|(w, x)| w * x).sum();
    a * a + x.iter().cycle().skip(1).take(5).fold(1.0, |s, v| s * 0.6 + v)
}

#[case((0.7, 3), (1.3, 1), (2.0, 0))]
fn the_same_again(x: f64, n: usize) -> f64 {
    let a: f64 = std::iter::repeat(x).take(n).product();
    let b: Vec<f64> = std::iter::repeat_n(x * x, n).collect();
    let c: f64 = std::iter::repeat_with(|| x.sin()).take(n + 1).sum();
    a * c + b.iter().sum::<f64>()
}

#[case((0.7), (1.3), (0.05))]
fn successors_of_a_number(x: f64) -> f64 {
    let halves: f64 = std::iter::successors(Some(x), |v| Some(v * 0.5)).take(4).sum();
    let powers = std::iter::successors(Some(1.0), |&v| Some(v * x)).take(5).fold(0.0, |s, v| s * 0.3 + v);
    let down: f64 =
        std::iter::successors(Some(x * x), |&v| if v > 0.1 { Some(v * 0.4) } else { None }).map(|v| v * v).sum();
    halves * powers + down
}

#[case((&[0.5, 1.5, -0.7, 2.0]), (&[-1.0, 1.0]), (&[]))]
fn mapped_while_positive(x: &[f64]) -> f64 {
    x.iter().map_while(|&v| if v > 0.0 { Some(v.ln()) } else { None }).map(|v| v * v).sum::<f64>()
        + x.iter().map_while(|v| if *v < 1.0 { Some(v * v) } else { None }).fold(1.0, |s, v| s * v)
}

#[case(([[0.5, 1.5], [-0.7, 2.0]], [[0.3, 0.2]]))]
fn rows_one_after_the_other(x: [[f64; 2]; 2], y: [[f64; 2]; 1]) -> f64 {
    x.iter().chain(&y).map(|r| r[0] * r[1]).fold(0.5, |s, v| s * 0.5 + v)
}

#[case((&[0.5, 1.5, -0.7, 2.0]))]
fn chains_of_indices(x: &[f64]) -> f64 {
    (0..2).chain(3..4).map(|i| x[i] * x[i]).sum::<f64>()
        + (0..2).chain(std::iter::once(3)).rev().map(|i| x[i].exp()).product::<f64>()
}
