//! Parts of arrays that are arrays: slices, halves, ends.

use symgrad_oracle::case;

#[case(([0.5, -1.5, 3.0, 2.0], 2))]
fn two_halves(x: &[f64], k: usize) -> f64 {
    let (a, b) = x.split_at(k);
    let mut s = 0.0;
    for i in 0..a.len() {
        s += a[i] * b[i].sin();
    }
    for v in &x[1..3] {
        s *= v;
    }
    let w = &x[k..];
    s + w[0] * x.last().unwrap() + x[..=k][k] * x.first().unwrap()
}

#[case((0.5, -1.5))]
fn t6_a_copy_between_halves_and_a_later_view_over_both(x: f64, y: f64) -> f64 {
    let mut a = [x, y, x * y, 1.0];
    {
        let (l, r) = a.split_at_mut(2);
        l.copy_from_slice(r);
        l[0] *= y;
    }
    let v = &mut a[1..4];
    v[0] += x;
    v[1..].fill(x);
    a[0] * a[1] * a[2].sin()
}

#[case(([0.5, -1.5, 3.0, 2.0, 0.1, 0.2], 2))]
fn rows_of_a_flat_matrix(x: &[f64], n: usize) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() / n {
        let row = &x[i * n..(i + 1) * n];
        let mut dot = 0.0;
        for j in 0..n {
            dot += row[j] * row[j] * (j + 1) as f64;
        }
        s += dot.sqrt();
    }
    s
}

#[case(([0.5, -1.5, 3.0]))]
fn a_slice_of_a_slice(x: &[f64; 3]) -> f64 {
    let tail = &x[1..];
    let last = &tail[1..];
    tail[0] * last[0]
}

#[case(([0.5, -1.5, 3.0, 1.0]))]
fn written_through_slices(x: &[f64; 4]) -> f64 {
    let mut a = *x;
    let part = &mut a[1..3];
    part[0] *= part[1];
    part[1] = x[0];
    a[2..].swap(0, 1);
    a[..2].copy_from_slice(&x[2..]);
    a[0] * a[1] + a[2] * a[3]
}

#[case(([[0.5, -1.5], [3.0, 1.0], [0.2, 0.4]], 1))]
fn rows_from_a_range(m: &[[f64; 2]; 3], k: usize) -> f64 {
    let rest = &m[k..];
    let mut s = 1.0;
    for row in rest {
        s *= row[0] + row[1] * row[1];
    }
    s + rest[0][1]
}

#[case()]
fn bent(x: f64, a: &[f64]) -> f64 {
    x.sin() * a[0]
}

#[case(calls(bent), ([0.5, -1.5, 3.0]))]
fn elements_as_arguments(x: &[f64]) -> f64 {
    let tail = &x[1..];
    let mut s = bent(*x.first().unwrap(), tail);
    for v in tail {
        s += bent(*v, x) * *v;
    }
    s * bent(*tail.last().unwrap(), &x[..2])
}

/// One element by two views: what was read by one is written by the other.
#[case((1.3, 0.7), (-0.4, 2.0))]
pub fn written_by_another_view(x: f64, y: f64) -> f64 {
    let mut a = [x, x * y, 3.0];
    let s = a[1..][0];
    a[0..][1] = 2.0 * x;
    s * a[1..][0]
}

#[case((1.3, 0.7), (-0.4, 2.0))]
pub fn row_of_a_view(x: f64, y: f64) -> f64 {
    let mut m = [[x, y], [x * y, 1.0], [y, x]];
    let s = m[0..2][1][0];
    m[1][0] = 2.0 * x;
    m[1..][0][1] += y;
    s * m[0..2][1][0] + m[1][1] * m[..2][1][1]
}
