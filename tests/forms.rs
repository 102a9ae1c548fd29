//! Forms that the corpus cannot write for dual numbers, in every kind of derivative: macros of the user's, results that are told apart,
//! chosen parts of arrays, lists of lists. Gradients and Jacobians against differences of the function,
//! Hessians and further derivatives against differences of the order below, and against each other.

#![allow(clippy::pedantic, clippy::needless_range_loop, clippy::type_complexity, reason = "as users write them")]

#[path = "common/differences.rs"]
mod common;

use common::{close, differences, slopes};
use std::mem::swap;
use symgrad::differentiate;

#[differentiate]
macro_rules! horner {
    ($x:expr; $last:expr) => { $last };
    ($x:expr; $first:expr, $($rest:expr),+) => { $first + $x * horner!($x; $($rest),+) };
}

#[differentiate(gradient, hvp, hessian, sparse_hessian, macros(horner))]
fn by_macro(x: f64, y: f64, z: f64) -> f64 {
    let inner = horner!(x; 1.0, y, z * z, 0.5);
    inner * inner + horner!(z; x.sin(), 2.0)
}

#[differentiate(derivatives(4), macros(horner))]
fn series_by_macro(x: f64) -> f64 {
    let mut sum = 0.0;
    for k in 1..4 {
        sum += horner!(x; 1.0, k as f64, x.sin(), 0.5);
    }
    sum
}

#[differentiate(gradient, jvp, hvp, derivatives)]
fn checked(x: f64, y: f64) -> Result<f64, String> {
    if x < 0.0 { Err(format!("{x}")) } else { Ok(x.sqrt() * y * y) }
}

#[differentiate(gradient, hvp, hessian)]
fn of_results(x: f64, y: f64, z: f64) -> f64 {
    let first = match checked(x * z, y) {
        Ok(value) => value * x,
        Err(_) => x * y * z,
    };
    let second = if let Ok(value) = checked(y, z) { value } else { y * y * z };
    let third = checked(x, z).map(|v| v * v * y).unwrap_or(0.0);
    first * second + third
}

#[differentiate(derivatives(4))]
fn series_of_results(x: f64) -> Result<f64, String> {
    let inner = checked(x + 1.0, x)?;
    Ok(inner * checked(x * x, 2.0)?)
}

#[differentiate(gradient, hvp, hessian)]
fn of_parts(x: &[f64; 4]) -> f64 {
    let head = if x[0] > 0.0 { &x[..2] } else { &x[1..] };
    let tail = match head.len() {
        2 => &x[2..],
        _ => &x[1..3],
    };
    let (mut a, mut b) = (head[0] * tail[0], tail[1].exp());
    if a < b {
        swap(&mut a, &mut b);
    }
    a * a * b + head.iter().zip(tail).map(|(h, t)| h * t * t).sum::<f64>()
}

#[differentiate(gradient, hvp, hessian)]
fn of_lists(x: &[f64]) -> f64 {
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for i in 0..x.len() {
        let mut row = vec![x[i]];
        for k in 0..i {
            row.push(row[k] * rows[k][0]);
        }
        rows.push(row);
    }
    rows.iter().map(|row| row.iter().sum::<f64>().sin()).sum()
}

#[differentiate(jacobian, jvp, vjp)]
fn many_of_parts(x: &[f64; 4]) -> (f64, Vec<f64>) {
    let head = if x[0] > 0.0 { &x[..2] } else { &x[1..] };
    let mut rows: Vec<Vec<f64>> = vec![vec![x[3]; 2]; 2];
    rows[0][1] = head[1] * x[2];
    rows[1][0] *= rows[0][1];
    (rows[1][0], rows.concat())
}

/// A Hessian against differences of the gradient, and its products against it.
#[track_caller]
fn second(
    x: &[f64],
    function: &dyn Fn(&[f64]) -> f64,
    gradient: &dyn Fn(&[f64]) -> Vec<f64>,
    hessian: &[f64],
    hvp: &dyn Fn(&[f64], &[f64]) -> Vec<f64>,
) {
    let n = x.len();
    close(&gradient(x), &differences(&|x| vec![function(x)], x), 1e-8);
    close(hessian, &differences(gradient, x), 1e-8);
    for i in 0..n {
        for j in 0..i {
            assert_eq!(hessian[i * n + j].to_bits(), hessian[j * n + i].to_bits());
        }
    }
    let v: Vec<f64> = (0..n).map(|k| (k as f64 + 0.7).cos()).collect();
    let product: Vec<f64> = hessian.chunks(n).map(|row| row.iter().zip(&v).map(|(h, v)| h * v).sum()).collect();
    close(&hvp(x, &v), &product, 1e-12);
}

#[test]
fn hessians() {
    for [x, y, z] in [[0.3, 0.8, -1.2], [1.5, 0.4, 0.9], [0.7, 2.0, 0.6]] {
        let p = [x, y, z];
        second(
            &p,
            &|p| by_macro(p[0], p[1], p[2]),
            &|p| by_macro_gradient(p[0], p[1], p[2]).to_vec(),
            by_macro_hessian(x, y, z).as_flattened(),
            &|p, v| by_macro_hvp(p[0], p[1], p[2], v[0], v[1], v[2]).to_vec(),
        );
        second(
            &p,
            &|p| of_results(p[0], p[1], p[2]),
            &|p| of_results_gradient(p[0], p[1], p[2]).to_vec(),
            of_results_hessian(x, y, z).as_flattened(),
            &|p, v| of_results_hvp(p[0], p[1], p[2], v[0], v[1], v[2]).to_vec(),
        );
        let dense = by_macro_hessian(x, y, z);
        for (&(i, j), value) in BY_MACRO_SPARSE_HESSIAN_PATTERN.iter().zip(by_macro_sparse_hessian(x, y, z)) {
            assert!((value - dense[i][j]).abs() <= 1e-13 * dense[i][j].abs().max(1.0));
        }
    }
    for x in [[0.3, 0.8, -1.2, 0.4], [-0.3, 0.8, 1.2, 0.9], [-0.5, 1.8, -1.2, 1.4]] {
        let fixed = |x: &[f64]| -> [f64; 4] { x.try_into().unwrap() };
        second(
            &x,
            &|x| of_parts(&fixed(x)),
            &|x| of_parts_gradient(&fixed(x)).to_vec(),
            of_parts_hessian(&x).as_flattened(),
            &|x, v| of_parts_hvp(&fixed(x), &fixed(v)).to_vec(),
        );
        second(&x, &of_lists, &of_lists_gradient, &of_lists_hessian(&x), &|x, v| of_lists_hvp(x, v));
        let all = |x: &[f64]| {
            let (first, rest) = many_of_parts(&fixed(x));
            std::iter::once(first).chain(rest).collect::<Vec<f64>>()
        };
        let (first, rest) = many_of_parts_jacobian(&x);
        let found: Vec<f64> = first.into_iter().chain(rest.into_iter().flatten()).collect();
        close(&found, &differences(&all, &x), 1e-8);
    }
}

/// Each derivative against differences of the one before.
#[track_caller]
fn series<const N: usize>(x: f64, all: &dyn Fn(f64) -> [f64; N]) {
    let found = all(x);
    for k in 1..N {
        close(&[found[k]], &differences(&|x| vec![all(x[0])[k - 1]], &[x]), 1e-7);
    }
}

#[test]
fn derivatives() {
    for x in [0.4, 1.3] {
        series(x, &series_by_macro_derivatives);
        series(x, &|x| series_of_results_derivatives(x).unwrap());
        assert_eq!(series_of_results_derivatives(x).unwrap()[0], series_of_results(x).unwrap());
    }
}

const NOTHING: [f64; 2] = [0.0; 2];

/// Arrays in which nothing is followed, where they are returned.
#[differentiate(jacobian, jvp, vjp, hvp)]
fn given_up(x: &[f64; 2], k: usize) -> [f64; 2] {
    if k > 4 {
        return if k == 5 { [1.0, 2.0] } else { [0.5; 2] };
    }
    if k == 4 {
        return NOTHING;
    }
    if k == 3 {
        return {
            let r = 1.0;
            [r, r + r]
        };
    }
    [x[0] * x[1] * k as f64, x[1].sin()]
}

#[differentiate(jacobian, jvp, vjp)]
fn given_up_list(x: &[f64; 2], k: usize) -> Vec<f64> {
    if k > 4 {
        return if k == 5 { vec![1.0] } else { Vec::new() };
    }
    vec![x[0] * x[1], x[1].sin(), x[0]]
}

#[differentiate(gradient, jvp, hvp, hessian, wrt(x))]
fn of_given_up(x: &[f64; 2], k: usize) -> f64 {
    let [a, b] = given_up(x, k);
    a * a * b + x[0] * b
}

#[test]
fn data_is_returned() {
    let (at, fixed) = ([0.7, -1.3], |x: &[f64]| -> [f64; 2] { x.try_into().unwrap() });
    for k in 2..7 {
        let expected = differences(&|x| given_up(&fixed(x), k).to_vec(), &at);
        close(given_up_jacobian(&at, k).as_flattened(), &expected, 1e-8);
        let (value, tangent) = given_up_jvp(&at, k, &[0.3, 2.0]);
        assert_eq!(value, given_up(&at, k));
        let (value, cotangent) = given_up_vjp(&at, k, &[0.4, -1.5]);
        assert_eq!(value, given_up(&at, k));
        for i in 0..2 {
            let along = expected[2 * i] * 0.3 + expected[2 * i + 1] * 2.0;
            let back = 0.4 * expected[i] - 1.5 * expected[2 + i];
            close(&[tangent[i], cotangent[i]], &[along, back], 1e-8);
        }
        let list = given_up_list_jacobian(&at, k).concat();
        let expected = differences(&|x| given_up_list(&fixed(x), k), &at);
        close(&list, &expected, 1e-8);
        let (value, tangent) = given_up_list_jvp(&at, k, &[0.3, 2.0]);
        assert_eq!(value, given_up_list(&at, k));
        let along: Vec<f64> = expected.chunks(2).map(|row| row[0] * 0.3 + row[1] * 2.0).collect();
        close(&tangent, &along, 1e-8);
        second(
            &at,
            &|x| of_given_up(&fixed(x), k),
            &|x| of_given_up_gradient(&fixed(x), k).to_vec(),
            of_given_up_hessian(&at, k).as_flattened(),
            &|x, v| of_given_up_hvp(&fixed(x), k, &fixed(v)).to_vec(),
        );
    }
}

/// A list of data in the place of a longer or a shorter one.
#[differentiate(gradient, jvp, hvp, hessian, wrt(x))]
fn replaced(x: &[f64; 2], k: usize) -> f64 {
    let mut list = vec![x[0], x[1] * x[0], x[1].sin()];
    let mut square = list[2] * list[2];
    if k != 3 {
        list = vec![1.5; k];
    }
    list[0] *= x[1];
    square += list.iter().map(|v| v * v * x[0]).sum::<f64>();
    square
}

#[test]
fn lists_are_replaced_by_data() {
    let (at, fixed) = ([0.7, -1.3], |x: &[f64]| -> [f64; 2] { x.try_into().unwrap() });
    for k in [1, 3, 6] {
        second(
            &at,
            &|x| replaced(&fixed(x), k),
            &|x| replaced_gradient(&fixed(x), k).to_vec(),
            replaced_hessian(&at, k).as_flattened(),
            &|x, v| replaced_hvp(&fixed(x), k, &fixed(v)).to_vec(),
        );
        let gradient = replaced_gradient(&at, k);
        let (value, tangent) = replaced_jvp(&at, k, &[0.3, 2.0]);
        assert_eq!(value.to_bits(), replaced(&at, k).to_bits());
        close(&[tangent], &[gradient[0] * 0.3 + gradient[1] * 2.0], 1e-12);
    }
}

const TABLE: [f64; 4] = [1.0, 2.0, 0.5, 3.0];
static GRID: [[f64; 2]; 2] = [[1.0, 2.0], [0.5, 3.0]];

fn weights() -> [f64; 3] {
    [0.5, 1.5, 0.25]
}

fn falling(n: usize) -> Vec<f64> {
    (0..n).map(|k| 1.0 / (k + 1) as f64).collect()
}

/// Data to which numbers are written, of types that are written down, visible, or told by rustc or by the attribute.
#[differentiate(gradient, hvp, hessian, returns(falling = Vec<f64>))]
fn of_tables(x: &[f64; 4]) -> f64 {
    let mut table: [f64; 4] = TABLE;
    let mut grid: [[f64; 2]; 2] = GRID;
    let mut weights = weights();
    let mut list = TABLE.to_vec();
    let mut said: Vec<f64> = falling(3);
    let mut told = falling(4);
    for i in 0..4 {
        table[i] *= x[i];
        grid[i / 2][i % 2] += x[i] * x[0];
        list[i] -= table[i] * x[3];
        told[i] *= x[i] * x[i];
    }
    for i in 0..3 {
        weights[i] += told[i] * list[i];
        said[i] = said[i] * weights[i] + x[i].sin();
    }
    table[0] * grid[1][1] + grid[0][1] * list[2] + weights[0] * weights[2] + said[0] * said[1] * said[2] + told[3]
}

#[test]
fn numbers_are_written_to_data() {
    let fixed = |x: &[f64]| -> [f64; 4] { x.try_into().unwrap() };
    for at in [[0.7, -1.3, 0.4, 1.1], [-0.2, 0.9, 1.7, 0.3]] {
        close(&of_tables_gradient(&at), &slopes(&|x| of_tables(&fixed(x)), &at), 1e-8);
        second(
            &at,
            &|x| of_tables(&fixed(x)),
            &|x| of_tables_gradient(&fixed(x)).to_vec(),
            of_tables_hessian(&at).as_flattened(),
            &|x, v| of_tables_hvp(&fixed(x), &fixed(v)).to_vec(),
        );
    }
}
