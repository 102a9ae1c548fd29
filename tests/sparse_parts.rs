//! Sparse matrices with respect to several parameters, whose numbers are the columns one after another, and of functions that write to
//! `&mut` buffers: against dense matrices where there are some, and against differences.

#![allow(clippy::pedantic, clippy::needless_range_loop, clippy::type_complexity, reason = "as users write them")]

#[path = "common/differences.rs"]
mod common;

use common::{close, differences};
use symgrad::{Sparsity, differentiate};

fn points(n: usize) -> Vec<f64> {
    (0..n).map(|i| (1.3 * i as f64 + 0.2).sin()).collect()
}

/// Nonzeros as a whole matrix.
fn dense(entries: &[(usize, usize)], nonzeros: &[f64], columns: usize) -> Vec<f64> {
    let rows = entries.iter().map(|(i, _)| i + 1).max().unwrap_or(0);
    let mut all = vec![0.0; rows * columns];
    assert_eq!(entries.len(), nonzeros.len());
    for (&(i, j), value) in entries.iter().zip(nonzeros) {
        all[i * columns + j] = *value;
    }
    all
}

fn all_of(pattern: &Sparsity, nonzeros: &[f64]) -> Vec<f64> {
    let mut all = dense(pattern.entries(), nonzeros, pattern.columns());
    all.resize(pattern.rows() * pattern.columns(), 0.0);
    all
}

/// Two residuals of each observation of a point by a camera.
#[differentiate(
    sparse_jacobian,
    wrt(cameras, points, bias),
    verify(cameras = &[[0.3, -1.2, 0.7]], points = &[[0.4, 0.1], [-0.3, 0.8]], bias = 0.4, seen = &[(0, 1), (0, 0)])
)]
fn residuals(cameras: &[[f64; 3]], points: &[[f64; 2]], bias: f64, seen: &[(usize, usize)]) -> Vec<f64> {
    let mut all = Vec::new();
    for &(camera, point) in seen {
        let (c, p) = (cameras[camera], points[point]);
        all.push(c[0] * p[0] + c[1] * p[1].sin() + bias);
        all.push(c[2] * p[1] * p[0]);
    }
    all
}

#[test]
fn a_jacobian_by_several_slices() {
    let seen = [(0, 0), (0, 2), (1, 1), (1, 3), (0, 4), (1, 4)];
    let (cameras, places) = ([[0.3, -1.2, 0.7], [1.1, 0.4, -0.2]], points(10));
    let places: Vec<[f64; 2]> = places.chunks(2).map(|p| [p[0], p[1]]).collect();
    let pattern = residuals_sparse_jacobian_pattern(&cameras, &places, 0.4, &seen);
    assert_eq!((pattern.rows(), pattern.columns()), (12, 6 + 10 + 1));
    assert_eq!(pattern.entries().len(), 6 * (2 + 2 + 1) + 6 * (1 + 2));
    let found = all_of(&pattern, &residuals_sparse_jacobian(&cameras, &places, 0.4, &seen, &pattern));
    let mut at: Vec<f64> = cameras.as_flattened().to_vec();
    at.extend(places.as_flattened());
    at.push(0.4);
    let expected =
        differences(&|x| residuals(x[..6].as_chunks::<3>().0, x[6..16].as_chunks::<2>().0, x[16], &seen), &at);
    close(&found, &expected, 1e-9);
}

/// A number, a slice and an array.
#[differentiate(gradient, sparse_hessian)]
fn energy(k: f64, x: &[f64], ends: [f64; 2]) -> f64 {
    let mut sum = k * (ends[0] - x[0]).powi(4) + (ends[1] * x[x.len() - 1]).sin();
    for i in 1..x.len() {
        sum += (x[i] - x[i - 1]).powi(4) + if x[i] > 0.0 { k * k * x[i] } else { x[i].powi(3) };
    }
    sum
}

#[test]
fn a_hessian_by_several_parameters() {
    let (k, x, ends) = (1.3, points(9), [0.3, -0.6]);
    let pattern = energy_sparse_hessian_pattern(k, &x, ends);
    assert_eq!((pattern.rows(), pattern.columns()), (12, 12));
    let found = all_of(&pattern, &energy_sparse_hessian(k, &x, ends, &pattern));
    let mut at = vec![k];
    at.extend(&x);
    at.extend(ends);
    let gradient = |v: &[f64]| {
        let (k, x, ends) = energy_gradient(v[0], &v[1..10], [v[10], v[11]]);
        [&[k][..], &x[..], &ends[..]].concat()
    };
    close(&found, &differences(&gradient, &at), 1e-8);
    for i in 0..12 {
        for j in 0..i {
            assert_eq!(found[i * 12 + j], found[j * 12 + i]);
        }
    }
    assert!(pattern.entries().len() < 60, "{pattern:?}");
}

/// All lengths are numbers: the patterns are constants.
#[differentiate(gradient, sparse_hessian)]
fn fixed(x: &[f64; 4], k: f64, m: [[f64; 2]; 2]) -> f64 {
    let mut sum = 0.0;
    for i in 1..4 {
        sum += k * (x[i] - x[i - 1]).powi(2);
    }
    sum + (m[0][0] * m[1][1]).sin() + m[0][1].powi(3) * x[0]
}

#[differentiate(sparse_jacobian)]
fn fixed_rows(x: &[f64; 3], k: f64) -> ([f64; 2], f64) {
    ([x[0] * k, x[1] * x[2]], k.sin())
}

#[test]
fn constant_patterns() {
    let (x, k, m) = ([0.3, 0.8, -0.4, 1.1], 0.7, [[0.2, 1.4], [0.9, -0.3]]);
    let found = dense(&FIXED_SPARSE_HESSIAN_PATTERN, &fixed_sparse_hessian(&x, k, m), 9);
    let at = [&x[..], &[k], m.as_flattened()].concat();
    let gradient = |v: &[f64]| {
        let m = [[v[5], v[6]], [v[7], v[8]]];
        let (x, k, m) = fixed_gradient(&[v[0], v[1], v[2], v[3]], v[4], m);
        [&x[..], &[k], m.as_flattened()].concat()
    };
    close(&found, &differences(&gradient, &at), 1e-8);
    assert_eq!(FIXED_SPARSE_HESSIAN_PATTERN.len(), 10 + 8 + 4 + 1 + 2);
    assert_eq!(FIXED_ROWS_SPARSE_JACOBIAN_PATTERN, [(0, 0), (0, 3), (1, 1), (1, 2), (2, 3)]);
    let found = dense(&FIXED_ROWS_SPARSE_JACOBIAN_PATTERN, &fixed_rows_sparse_jacobian(&[0.3, 0.8, -0.4], 0.7), 4);
    let of = |v: &[f64]| {
        let ([a, b], c) = fixed_rows(&[v[0], v[1], v[2]], v[3]);
        vec![a, b, c]
    };
    close(&found, &differences(&of, &[0.3, 0.8, -0.4, 0.7]), 1e-9);
}

/// The rate of change of a state, written to a buffer.
#[differentiate(jacobian, sparse_jacobian, wrt(u), verify(u = &[0.1, 0.7, -0.4, 0.3], h = 0.5, out = &mut [7.0; 4]))]
fn diffusion(u: &[f64], h: f64, out: &mut [f64]) {
    let n = u.len();
    out.fill(0.0);
    for i in 1..n - 1 {
        out[i] = (u[i - 1] - 2.0 * u[i] + u[i + 1]) / (h * h) + if u[i] > 0.0 { u[i].powi(2) } else { u[0] };
    }
}

/// What is found in a buffer counts.
#[differentiate(jacobian, sparse_jacobian, wrt(x))]
fn added(edges: &[(usize, usize)], out: &mut [f64], scale: &mut f64, x: &[f64]) {
    for &(i, j) in edges {
        let flow = (x[i] - x[j]).powi(3) * *scale;
        out[i] = out[i] * 2.0 + flow;
        out[j] -= flow;
    }
    *scale *= x[0];
}

#[differentiate(jacobian, sparse_jacobian, wrt(x, k))]
fn of_fixed_length(x: &[f64; 4], k: f64, out: &mut [f64; 3], last: &mut f64) {
    for i in 0..3 {
        out[i] += (x[i + 1] - x[i]) * k;
    }
    *last = k.sin();
}

#[test]
fn buffers() {
    let u = points(9);
    let mut out = vec![7.0; 9];
    let pattern = diffusion_sparse_jacobian_pattern(&u, 0.5, &mut out);
    assert_eq!(out, vec![7.0; 9]);
    let found = diffusion_sparse_jacobian(&u, 0.5, &mut out, &pattern);
    let mut expected = vec![7.0; 9];
    diffusion(&u, 0.5, &mut expected);
    assert_eq!(out, expected);
    close(&all_of(&pattern, &found), &diffusion_jacobian(&u, 0.5, &mut out), 1e-13);

    let edges = [(0, 1), (1, 2), (4, 3), (2, 0), (5, 6), (6, 7), (7, 8), (8, 0)];
    let start = || (points(9), 1.5);
    let (mut out, mut scale) = start();
    let pattern = added_sparse_jacobian_pattern(&edges, &mut out, &mut scale, &u);
    assert_eq!((out.clone(), scale), start());
    assert_eq!((pattern.rows(), pattern.columns()), (10, 9));
    let found = added_sparse_jacobian(&edges, &mut out, &mut scale, &u, &pattern);
    let (mut expected, mut factor) = start();
    added(&edges, &mut expected, &mut factor, &u);
    assert_eq!((out, scale), (expected, factor));
    let of = |x: &[f64]| {
        let (mut out, mut scale) = start();
        added(&edges, &mut out, &mut scale, x);
        out.push(scale);
        out
    };
    close(&all_of(&pattern, &found), &differences(&of, &u), 1e-8);

    let (x, mut out, mut last) = ([0.3, 0.8, -0.4, 1.1], [0.5, 0.25, 1.0], 0.0);
    let found = of_fixed_length_sparse_jacobian(&x, 0.7, &mut out, &mut last);
    let mut expected = [0.5, 0.25, 1.0];
    of_fixed_length(&x, 0.7, &mut expected, &mut 0.0);
    assert_eq!((out, last), (expected, 0.7_f64.sin()));
    let of = |v: &[f64]| {
        let (mut out, mut last) = ([0.5, 0.25, 1.0], 0.0);
        of_fixed_length(&[v[0], v[1], v[2], v[3]], v[4], &mut out, &mut last);
        [&out[..], &[last]].concat()
    };
    let at = [0.3, 0.8, -0.4, 1.1, 0.7];
    close(&dense(&OF_FIXED_LENGTH_SPARSE_JACOBIAN_PATTERN, &found, 5), &differences(&of, &at), 1e-9);
    assert_eq!(OF_FIXED_LENGTH_SPARSE_JACOBIAN_PATTERN.len(), 3 * 3 + 1);
}
