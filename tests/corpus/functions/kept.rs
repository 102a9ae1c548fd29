//! Elements of iterators that are kept: `reduce`, `max_by`, `last`, `find`, folds with anything as their accumulator, and
//! elements of arrays that may not be there.

use symgrad_oracle::case;

#[case((&[0.5, -1.5, 2.0]), (&[0.3]))]
fn reduced(x: &[f64]) -> f64 {
    x.iter().copied().reduce(|a, b| a * 0.5 + b * b).unwrap() * x[0]
}

#[case((&[0.5, -1.5, 2.0]), (&[0.3]), (&[]))]
fn reduced_to_the_greatest(x: &[f64]) -> f64 {
    x.iter().copied().reduce(f64::max).unwrap_or(0.0)
        + x.iter().map(|v| v * v).reduce(|a, b| a.min(b)).map_or(1.0, |v| v * 3.0)
}

#[case((&[0.5, -1.5, 2.0, 0.7]), (&[0.3]))]
fn the_greatest_and_the_least(x: &[f64]) -> f64 {
    let a = *x.iter().max_by(|a, b| a.partial_cmp(b).unwrap()).unwrap();
    let b = x.iter().copied().min_by(|a, b| a.total_cmp(b)).expect("an element");
    let c = x.iter().map(|v| v * v - v).min_by(f64::total_cmp).unwrap();
    a * b + c * c
}

#[case((&[0.5, -1.5, 2.0, 0.7]), (&[0.3]), once)]
fn where_the_greatest_is(x: &[f64]) -> f64 {
    let (i, m) = x.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap();
    let (j, _) = x.iter().enumerate().min_by(|(_, a), (_, b)| a.partial_cmp(b).unwrap()).unwrap();
    x[i] * m + x[j] * i as f64
}

#[case((&[0.5, 2.0, 2.0, 0.7]), no_differences, once)]
fn the_last_of_equal_ones(x: &[f64]) -> f64 {
    let (i, m) = x.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap();
    let (j, n) = x.iter().map(|v| 3.0 - v).enumerate().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
    i as f64 * m + j as f64 * n * n
}

#[case((&[0.5, -1.5, 2.0, 0.7], 2), (&[0.3], 0), (&[0.5, 0.2], 1))]
fn the_last_and_one_in_between(x: &[f64], k: usize) -> f64 {
    let a = *x.iter().last().unwrap();
    let b = x.iter().filter(|v| **v > 0.0).last().copied().unwrap_or(2.0);
    let c = x.iter().map(|v| v * v).nth(k).unwrap();
    let d = x.iter().rev().nth(k + 1).copied().unwrap_or_default();
    a * b + c * a + d * d
}

#[case((&[0.5, -1.5, 2.0, 0.7], 1.0), (&[0.3], 2.0), (&[], 2.0), once)]
fn found(x: &[f64], t: f64) -> f64 {
    let first = x.iter().find(|v| **v > t).copied().unwrap_or(t * t);
    let next = x.iter().map(|v| v * t).find(|v| v.abs() > 1.0).map(|v| v * v).unwrap_or_else(|| t.sin());
    let negative = x.iter().enumerate().find(|(_, v)| **v < 0.0).map_or(0.0, |(i, v)| v * i as f64);
    first * next + negative
}

#[case((&[0.5, -1.5, 2.0]), (&[0.3]))]
fn found_in_a_loop(x: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..x.len() {
        let best = x.iter().map(|v| v * x[i]).fold(0.0, f64::max);
        total += best * x.iter().map(|v| v * x[i]).min_by(|a, b| a.total_cmp(b)).unwrap();
    }
    total
}

#[case((&[[0.5, -1.5], [2.0, 0.3], [1.0, 1.0]]), (&[[0.5, -1.5]]), once)]
fn the_longest_row(x: &[[f64; 2]]) -> f64 {
    let norm = |r: &[f64; 2]| r[0] * r[0] + r[1] * r[1];
    let r = x.iter().max_by(|a, b| norm(a).total_cmp(&norm(b))).unwrap();
    r[0] * r[1]
}

#[case((&[0.5, -1.5, 2.0]), (&[]), once)]
fn sums_side_by_side(x: &[f64]) -> f64 {
    let (s, q) = x.iter().fold((0.0, 1.0), |(s, q), v| (s + v, q + v * v));
    let (n, mean) = x.iter().fold((0, 0.0), |(n, m), v| (n + 1, m + (v - m) / (n + 1) as f64));
    s / q + mean * n as f64
}

#[case((&[0.5, -1.5, 2.0]), (&[3.0]), once)]
fn the_place_of_the_greatest(x: &[f64]) -> f64 {
    let (k, m) = x.iter().enumerate().fold((0, -100.0), |(k, m), (i, &v)| if v > m { (i, v) } else { (k, m) });
    x[k] * m
}

#[case((&[0.5, -1.5, 2.0]), (&[]), once)]
fn arrays_as_accumulators(x: &[f64]) -> f64 {
    let a = x.iter().fold([0.0; 2], |mut a, v| {
        a[0] += v;
        a[1] += v * v;
        a
    });
    let b = x.iter().fold([0.0, 1.0], |b, v| [b[0] + v, b[1] * v]);
    let (c, n) = x.iter().fold(([1.0, 0.5], 0), |(c, n), v| ([c[1], c[0] + v * v], n + 1));
    a[0] * a[1] + b[0] * b[1] + c[0] * n as f64
}

#[case((&[0.5, -1.5, 2.0], 1), (&[0.3], 5), (&[], 0))]
fn elements_that_may_be_missing(x: &[f64], k: usize) -> f64 {
    let a = x.first().copied().unwrap_or(2.0);
    let b = x.get(k).map_or(0.0, |v| v * v);
    let c = *x.last().unwrap_or(&0.5);
    a * b + c * c
}

#[case((&[0.5, -1.5, 2.0], 1), (&[0.3], 5), (&[], 0))]
fn elements_matched(x: &[f64], k: usize) -> f64 {
    let mut s = match x.last() {
        Some(v) => v * v,
        None => 1.5,
    };
    if let Some(&v) = x.get(k) {
        s += v * v * v;
    }
    let Some(first) = x.first() else { return s };
    s * first
}

#[case((&[0.5, -1.5, 2.0]), (&[-0.3]), (&[]), once)]
fn chains_matched(x: &[f64]) -> f64 {
    let a = if let Some((i, v)) = x.iter().enumerate().find(|(_, v)| **v < 0.0) { v * v * (i + 1) as f64 } else { 2.0 };
    match x.iter().copied().reduce(f64::max) {
        Some(m) if a > 2.0 => m * a,
        Some(m) => m - a,
        None => a,
    }
}

#[case((&[0.5, -1.5, 2.0]), (&[]), once)]
fn accumulators_that_change_places(x: &[f64]) -> f64 {
    let (a, b) = x.iter().fold(([1.0, 2.0], [3.0, 0.5]), |(a, b), v| (b, [a[0] * v, a[1] + v]));
    let c = x.iter().fold(([1.0, 2.0], [3.0, 0.5]), |c, v| (c.1, [c.0[0] * v, c.0[1] + v]));
    let (p, q, i, j) = x.iter().fold((0.3, 0.7, 1, 2), |(p, q, i, j), v| (q * v, p, j, i + 1));
    a[0] * b[1] + c.0[1] * c.1[0] + p * i as f64 + q * j as f64
}

#[case((&[0.5, -1.5, 2.0], 1), (&[0.3], 5), (&[], 0), once)]
fn whether_elements_are_there(x: &[f64], k: usize) -> f64 {
    let w: Vec<f64> = x.iter().map(|v| v * v).collect();
    let a = if x.get(k).is_some() { x[k] * w[k] } else { 2.0 };
    if w.first().is_none() || x.last().is_none() { a } else { a * w[0] }
}
