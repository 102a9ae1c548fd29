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

// References that are made to refer to another part of the same list.

#[case((&[0.5, -1.5, 3.0, 2.0]), (&[0.7]), (&[]))]
fn from_the_front(p: &[f64]) -> f64 {
    let mut rest = &p[..];
    let mut s = 1.0;
    while !rest.is_empty() {
        s = s * rest[0] + rest.len() as f64;
        rest = &rest[1..];
    }
    s + p.len() as f64
}

#[case((&[0.5, -1.5, 3.0, 2.0, 0.3]), (&[0.7, 0.2]), (&[]))]
fn head_and_tail(p: &[f64]) -> f64 {
    let mut rest: &[f64] = p;
    let mut s = 1.0;
    while let [head, tail @ ..] = rest {
        s = s * head + head;
        rest = tail;
    }
    let mut rest = &p[..];
    while let Some((last, before)) = rest.split_last() {
        s += last * before.iter().sum::<f64>();
        rest = before;
    }
    let mut rest = &p[..];
    loop {
        match rest {
            [] => break,
            [a] => {
                s += a.sin();
                break;
            }
            [a, b, tail @ ..] => {
                s = s * a + b;
                rest = tail;
            }
        }
    }
    s
}

#[case((&[0.5, -1.5, 3.0, 2.0, 0.3]))]
fn cut_at(p: &[f64]) -> f64 {
    let squares: Vec<f64> = p.iter().map(|v| v * v).collect();
    let mut rest = squares.as_slice();
    let mut s = p[0];
    for k in [1, 2, 1] {
        let (head, tail) = rest.split_at(k);
        s = s * head.iter().sum::<f64>() + head[0];
        rest = tail;
    }
    if rest.is_empty() { s } else { s + rest[0] * p[1] }
}

/// A parameter, by the scheme of Horner.
#[case((&[0.5, -1.5, 3.0, 2.0, 0.3], 0.7), (&[0.7], 2.0), (&[], 1.0))]
fn of_a_parameter(mut c: &[f64], x: f64) -> f64 {
    let mut s = x.sin();
    while let Some((last, before)) = c.split_last() {
        s = s * x + last;
        c = before;
    }
    s
}

#[case((&[0.5, 0.7, 1.5, 3.0], &[0.6, 2.0]), (&[0.5], &[]), (&[2.0, 2.5], &[0.1, 2.2]))]
fn merged(p: &[f64], q: &[f64]) -> f64 {
    let (mut s, mut k) = (0.1, 1.0);
    let mut a = &p[..];
    let mut b = &q[..];
    while let (Some(x), Some(y)) = (a.first(), b.first()) {
        if x < y {
            s += x * k;
            a = &a[1..];
        } else {
            s += y * k * s;
            b = &b[1..];
        }
        k += 1.0;
    }
    s + a.iter().sum::<f64>() + b.iter().product::<f64>()
}

#[case((&[0.5, 0.7, 1.5, 3.0, 4.0], 1.1), (&[0.5], 0.2))]
fn halved(p: &[f64], x: f64) -> f64 {
    let mut part = &p[..];
    while part.len() > 1 {
        let middle = part.len() / 2;
        part = if part[middle] > x { &part[..middle] } else { &part[middle..] };
    }
    part[0] * x * p[0]
}

#[case(([0.5, -1.5, 3.0, 2.0]))]
fn ends_that_are_written(p: &[f64; 4]) -> f64 {
    let mut a = *p;
    {
        let (head, tail) = a.split_first_mut().unwrap();
        *head *= tail[0];
        for v in tail.iter_mut() {
            *v += *head;
        }
    }
    if let Some((last, before)) = a.split_last_mut() {
        before[1] *= *last;
        *last = before[0] * before[1];
    }
    let [first, ref second, ..] = a;
    first * *second + a[2] * a[3]
}
