//! Arrays by value: what an array is where it is evaluated, whatever is written to the place that it was taken from afterwards.
#![allow(unused_braces, unused_parens, unused_assignments, unused_mut, reason = "it is what is tested")]

use crate::corpus::dual::Dual;
use symgrad::differentiate;
use symgrad_oracle::case;

#[case((1.5,))]
fn a_moved_vec_and_another_of_its_name(x: f64) -> f64 {
    let mut w = vec![x, 2.0 * x];
    let v = w;
    w = vec![x * x, 3.0];
    v[0] * w[0] + v[1] * w[1]
}

#[case((vec![1.5, 2.0],), once)]
fn a_moved_parameter_and_another_of_its_name(mut w: Vec<f64>) -> f64 {
    let v = w;
    w = vec![v[0] * v[1], 3.0];
    w[0] *= 2.0;
    v[0] * w[0] + v[1] * w[1]
}

#[case((1.5, 2.5))]
fn a_copy_by_a_pattern(x: f64, y: f64) -> f64 {
    let mut m = [[x, y], [y, x * y]];
    let &row = &m[0];
    m[0][0] *= 2.0;
    row[0] * m[0][0] + row[1]
}

#[case((1.5, 2.5))]
fn a_whole_copy_by_a_pattern(x: f64, y: f64) -> f64 {
    let mut m = [x, y];
    let &r = &m;
    m[0] *= 2.0;
    r[0] * m[0] + r[1]
}

#[case((1.5, 2.5))]
fn a_copy_by_a_pattern_in_a_loop(x: f64, y: f64) -> f64 {
    let mut m = [[x, y], [y, x * y]];
    let mut s = 0.0;
    for k in 0..2 {
        let r = &m[k];
        let &q = r;
        m[k][0] += 1.0;
        s += q[0] * m[k][0];
    }
    s
}

#[case((1.5, 2.5))]
fn a_copy_behind_a_reference(x: f64, y: f64) -> f64 {
    let mut m = [[x, y], [y, x * y]];
    let r = &m[0];
    let q = *r;
    m[0][0] *= 2.0;
    q[0] * m[0][0] + q[1]
}

#[case((1.5, 2.5))]
fn rows_behind_a_mutable_reference(x: f64, y: f64) -> f64 {
    let mut m = [[x, y], [y, x * y]];
    {
        let [p, q] = &mut m;
        p[0] *= 2.0;
        q[1] += p[0];
    }
    m[0][0] * m[1][1]
}

#[case((1.5, 2.5))]
fn elements_of_rows_behind_mutable_references(x: f64, y: f64) -> f64 {
    let mut m = [[x, y], [y, x * y]];
    for [p, q] in m.iter_mut() {
        *p *= *q;
        *q += 1.0;
    }
    m[0][0] * m[1][1]
}

#[case((1.5, 2.5))]
fn rows_of_rows_behind_mutable_references(x: f64, y: f64) -> f64 {
    let mut m = [[[x, y], [y, x]], [[y, x * y], [x, x]]];
    for [p, q] in m.iter_mut() {
        p[0] *= q[1];
        q[0] += 1.0;
    }
    m[0][0][0] * m[1][1][0]
}

#[case((1.5, 2.5))]
fn a_row_that_is_written_by_the_next(x: f64, y: f64) -> f64 {
    let mut a = [x, y];
    let m = [a, {
        a[0] *= 2.0;
        a
    }];
    m[0][0] * m[1][1] + m[1][0]
}

#[case((1.5, 2.5), calls(of_an_array))]
fn an_argument_that_is_written_by_the_next(x: f64, y: f64) -> f64 {
    let mut a = [x, y];
    of_an_array(a, {
        a[0] *= 2.0;
        x
    }) + a[0]
}

#[case(([1.0, 2.0], 3.0))]
fn of_an_array(a: [f64; 2], x: f64) -> f64 {
    a[0] * x + a[1] * a[1]
}

#[case((1.5, 2.5))]
fn rows_exchanged_by_assignment(x: f64, y: f64) -> f64 {
    let mut m = [[x, y], [y, x * y]];
    (m[0], m[1]) = (m[1], m[0]);
    let (a, b) = (m[0], m[1]);
    m[0] = b;
    m[1] = a;
    m[0][0] * m[1][1] * a[1]
}

#[case((1.5, 2.5))]
fn nested_repetition_is_evaluated_once(x: f64, y: f64) -> f64 {
    let mut n = 0;
    let mut m = [[0.0; 2]; 2];
    m = [[{
        n += 1;
        x * n as f64
    }; 2]; 2];
    m[0][0] * m[1][1] + n as f64 * y
}

#[case((1.5, 2.5))]
fn tuples_exchanged_by_assignment(x: f64, y: f64) -> f64 {
    let mut s = ([x, y], 1.0);
    let mut t = ([y, x * y], x);
    (s, t) = (t, s);
    s.0[0] * t.0[1] * s.1 + t.1 * t.0[0]
}

#[case((1.5, 2.5))]
fn a_tuple_that_is_written_by_the_next(x: f64, y: f64) -> f64 {
    let mut s = ([x, y], 1.0);
    let mut t = ([y, x * y], x);
    let u = (s, {
        s.0[0] *= 3.0;
        t
    });
    u.0.0[0] * u.1.0[1] + s.0[0]
}

#[case((1.5, 2.5))]
fn an_argument_of_a_closure_that_is_written_by_the_next(x: f64, y: f64) -> f64 {
    let mut a = [x, y];
    let f = |v: [f64; 2], s: f64| v[0] * s + v[1];
    f(a, {
        a[0] = 2.0 * y;
        x
    }) + a[0]
}

#[case((1.5, 2.5))]
fn a_member_of_an_argument_that_is_written_by_the_next(x: f64, y: f64) -> f64 {
    let mut a = [x, y];
    let f = |(v, s): ([f64; 2], f64)| v[0] * s + v[1];
    f((a, {
        a[0] = 2.0 * y;
        x
    })) + a[0]
}

#[case((1.5, 2.5))]
fn a_copy_in_a_closure(x: f64, y: f64) -> f64 {
    let mut a = [x, y];
    let f = move |i: usize| a[i] * a[i];
    a[0] = 3.0 * y;
    let g = |i: usize| a[i] * x;
    let r = f(0) + g(0);
    a[1] = r;
    r * a[1] + f(1)
}

#[case((1.5, 2.5))]
fn what_a_closure_returns_and_writes_again(x: f64, y: f64) -> f64 {
    let mut a = [x, y];
    let mut f = |v: f64| {
        a[0] *= v;
        a
    };
    let m = [f(2.0), f(y)];
    m[0][0] * m[1][0] + m[1][1]
}

#[case(([1.5, 2.5, 0.5],))]
fn the_last_element_is_written_by_the_next_operand(a: [f64; 3]) -> f64 {
    let mut a = a;
    *a.last().unwrap() * {
        a[2] = 5.0 * a[0];
        a[1]
    } + a[2]
}

#[case(([1.5, 2.5, 0.5],))]
fn the_last_element_is_written_by_the_next_in_a_list(a: [f64; 3]) -> f64 {
    let mut a = a;
    let b = [*a.last().unwrap(), {
        a[2] = 5.0 * a[0];
        a[1]
    }];
    b[0] * b[1] + a[2]
}

#[case(([1.5, 2.5, 0.5],))]
fn the_last_element_is_written_by_the_next_argument(a: [f64; 3]) -> f64 {
    let mut a = a;
    (*a.last().unwrap()).max({
        a[2] = 5.0 * a[0];
        0.1
    }) * a[2]
}

#[case(([[1.5, 2.5], [0.5, 1.0]],))]
fn rows_by_value(a: [[f64; 2]; 2]) -> f64 {
    let mut a = a;
    let mut s = 1.0;
    for r in a {
        a[0][0] += r[1];
        a[1][0] *= r[0];
        s = s * r[0] + a[1][0];
    }
    for (i, r) in a.clone().iter().enumerate() {
        a[i][1] *= r[0];
        s += a[i][1] * r[1];
    }
    for mut r in a {
        r[0] *= 2.0;
        s += r[0] * r[1];
    }
    s + a[0][0]
}

#[case((1.5, 2.5), (0.2, 3.0))]
fn the_best_row(x: f64, y: f64) -> f64 {
    let mut a = [[x, y], [y, x * y]];
    let mut best = a[0];
    for r in &a {
        if r[0] > best[0] {
            best = *r;
        }
    }
    a[0] = best;
    best[1] *= 2.0;
    a[0][1] * best[1] + best[0]
}

#[case((1.5, 2.5), (0.2, 3.0))]
fn an_array_out_of_a_loop(x: f64, y: f64) -> f64 {
    let mut a = [x, y];
    let r = loop {
        a[0] *= 1.5;
        if a[0] > 3.0 {
            break a;
        }
    };
    a[0] = 1.0;
    let q = 'l: {
        if y > 2.7 {
            break 'l a;
        }
        a[1] = x;
        a
    };
    a[1] += 2.0;
    r[0] * q[1] * a[1]
}

#[case((1.5, 2.5), (0.2, 3.0))]
fn an_array_out_of_a_match(x: f64, y: f64) -> f64 {
    let mut a = [x, y];
    let mut b = match x > 1.0 {
        true => a,
        false => {
            a[0] = y;
            a
        }
    };
    b[0] *= 2.0;
    a[1] += b[0];
    let c = if let Some(k) = Some(1usize) {
        a[k] = x;
        a
    } else {
        b
    };
    a[0] += c[1];
    a[0] * a[1] * b[0] + c[0]
}

#[case(([1.5, 2.5, 0.5],), calls(fill_in))]
fn a_copy_of_a_buffer(a: [f64; 3]) -> f64 {
    let mut b = a;
    let mut s = 0.0;
    for k in 0..3 {
        fill_in(&a, &mut b);
        let c = b;
        s += c[k] * b[2];
        b[0] = s;
    }
    s
}

#[case(([1.5, 2.5, 0.5],), calls(fill_in))]
fn a_part_read_and_a_part_written_by_one_call(a: [f64; 3]) -> f64 {
    let mut m = [a, a];
    let (p, q) = m.split_at_mut(1);
    fill_in(&q[0], &mut p[0]);
    fill_in(&p[0], &mut q[0][..]);
    m[0][1] * m[1][2]
}

#[case(([1.5, 2.5, 0.5],))]
fn by_value_behind_a_reference(a: [f64; 3]) -> f64 {
    let mut a = a;
    let r = &a;
    let mut s = 1.0;
    for v in *r {
        a[1] += v * s;
        s *= v;
    }
    s * a[1]
}

#[case(([[1.5, 2.5], [0.5, 1.0]],))]
fn by_value_behind_an_index(a: [[f64; 2]; 2]) -> f64 {
    let mut a = a;
    let m = &mut a;
    for v in m[0] {
        m[0][1] += v;
        m[1][0] *= v;
    }
    m[0][1] * m[1][0]
}

#[case(([1.5, 2.5, 0.5],))]
fn clones_iterated_over(a: [f64; 3]) -> f64 {
    let mut a = a;
    for (i, v) in a.clone().iter().enumerate() {
        a[(i + 1) % 3] *= v;
    }
    a.clone().iter().for_each(|v| a[0] += v * v);
    for v in { a } {
        a[0] *= v;
    }
    for v in (if a[0] > 0.0 { a } else { [0.0; 3] }) {
        a[1] += v;
    }
    a[0] * a[1] + a[2]
}

#[case((vec![1.5, 2.5, 0.5],), once)]
fn clones_of_a_vec_iterated_over(a: Vec<f64>) -> f64 {
    let mut a = a;
    for (i, v) in a.clone().iter().enumerate() {
        a[(i + 1) % 3] *= v;
    }
    for (i, v) in a.to_vec().iter().enumerate() {
        a[i] = v * v + a[0];
    }
    for w in a.clone().windows(2) {
        a[0] += w[0] * w[1];
    }
    for w in a.clone().chunks(2) {
        a[1] += w[0];
    }
    let b = a.clone();
    for (v, w) in a.iter_mut().zip(&b) {
        *v += w;
    }
    a[0] * a[1] + a[2]
}

#[case(([1.5, 2.5, 0.5],))]
fn an_array_beside_its_own_copies(a: [f64; 3]) -> f64 {
    let mut a = a;
    for (v, w) in a.clone().iter().zip(a) {
        a[0] += v * w;
    }
    let old = a;
    for (v, w) in a.iter_mut().zip(old.iter().skip(1)) {
        *v *= w;
    }
    for (v, w) in a.iter_mut().zip(old) {
        *v += w;
    }
    a[0] * a[1] + a[2]
}

#[case(([1.5, 2.5, 0.5],))]
fn copies_of_slices(a: [f64; 3]) -> f64 {
    let mut a = a;
    let h = a[..2].to_vec();
    a[0] = 3.0 * h[1];
    a[1..].copy_from_slice(&h);
    let q = a;
    a.copy_from_slice(&q);
    a[0] * a[1] + a[2] * h[0]
}

#[case(([1.5, 2.5, 0.5],))]
fn copies_of_a_struct(a: [f64; 3]) -> f64 {
    let mut p = Pq { k: a[0], v: a };
    let q = p;
    p.v[0] *= 2.0;
    p.k += q.v[0];
    let r = Pq { k: q.k, ..p };
    p.v = [1.0, p.k, r.v[2]];
    let s = &p;
    let t = *s;
    p.v[1] = 0.5;
    r.v[0] * q.v[0] + t.v[1] * p.v[1] + t.k * r.k
}

#[case(([1.5, 2.5, 0.5],))]
fn a_struct_as_an_argument_that_is_written_by_the_next(a: [f64; 3]) -> f64 {
    let p = Pq { k: a[0], v: a };
    let mut q = p.clone();
    let f = |mut s: Pq<_>, w| {
        s.v[0] *= w;
        s
    };
    let r = f(q, {
        q.v[0] = 7.0 * q.k;
        q.k
    });
    r.v[0] * q.v[0] + p.v[0]
}

const WEIGHT: f64 = 1.25;

#[case((1.5, 2.5), dual = a_list_with_a_constant_dual)]
fn a_list_with_a_constant(x: f64, y: f64) -> f64 {
    let (mut s, mut n) = (x, 0);
    let a = [
        {
            n += 1;
            s += y;
            s
        },
        WEIGHT,
        {
            n += 1;
            WEIGHT * n as f64
        },
    ];
    a[0] * a[1] + a[2] * s * n as f64
}

fn a_list_with_a_constant_dual(x: Dual, y: Dual) -> Dual {
    (x + y) * WEIGHT + 2.0 * WEIGHT * (x + y) * 2.0
}

#[derive(Clone, Copy)]
struct Pq<T> {
    k: T,
    v: [T; 3],
}

#[differentiate(jvp, hvp)]
fn by_value_out(out: &mut [f64; 3]) {
    for v in *out {
        out[1] += v * out[0];
        out[2] *= v;
    }
    (out[0], out[1]) = (out[1], out[2]);
}

fn by_value_out_dual(out: &mut [Dual; 3]) {
    for v in *out {
        out[1] += v * out[0];
        out[2] *= v;
    }
    (out[0], out[1]) = (out[1], out[2]);
}

#[differentiate(jvp, hvp)]
fn rows_out(out: &mut [[f64; 2]; 2]) {
    (out[0], out[1]) = (out[1], out[0]);
    let t = out[0];
    out[0][0] *= 2.0;
    out[1] = [t[0] * out[1][1], t[1]];
    for r in *out {
        out[0][0] += r[1];
        out[1][1] *= r[0];
    }
    let [p, q] = out;
    p[0] *= q[1];
}

fn rows_out_dual(out: &mut [[Dual; 2]; 2]) {
    (out[0], out[1]) = (out[1], out[0]);
    let t = out[0];
    out[0][0] *= 2.0;
    out[1] = [t[0] * out[1][1], t[1]];
    for r in *out {
        out[0][0] += r[1];
        out[1][1] *= r[0];
    }
    let [p, q] = out;
    p[0] *= q[1];
}

#[differentiate(jvp, hvp)]
fn fill_in(a: &[f64], b: &mut [f64]) {
    for i in 0..a.len() {
        b[i] = a[i] * b[(i + 1) % 3] + b[0] * 0.1;
    }
}

fn fill_in_dual(a: &[Dual], b: &mut [Dual]) {
    for i in 0..a.len() {
        b[i] = a[i] * b[(i + 1) % 3] + b[0] * 0.1;
    }
}

#[case((1.5, 2.5))]
fn a_clone_of_a_vec_that_is_written(x: f64, y: f64) -> f64 {
    let mut v = vec![x, y];
    let w = v.clone();
    v[0] = w[1] * 3.0;
    let u = v.as_slice().to_owned();
    v[1] *= u[0];
    v[0] * w[0] + v[1] * u[1]
}

#[case((1.5, 2.5))]
fn a_clone_of_rows_that_are_written(x: f64, y: f64) -> f64 {
    let mut m = vec![vec![0.0; 3]; 2];
    for (i, row) in m.iter_mut().enumerate() {
        for (j, v) in row.iter_mut().enumerate() {
            *v = x * i as f64 + y * j as f64;
        }
    }
    let old = m.clone();
    for i in 0..2 {
        for j in 0..3 {
            m[i][j] = old[1 - i][2 - j] * m[i][(j + 1) % 3];
        }
    }
    m[0][0] * m[1][2] + m[1][1]
}

#[case((vec![1.5, 2.5]), once)]
fn a_clone_of_a_parameter_that_is_written(mut v: Vec<f64>) -> f64 {
    let w = v.clone();
    for i in 0..2 {
        v[i] = w[1 - i] * v[i];
    }
    v[0] * w[0] + v[1]
}

#[case((vec![1.5, 2.5, 0.5], vec![0.7, 2.0]), once)]
fn a_vec_beside_another(a: Vec<f64>, b: Vec<f64>) -> f64 {
    let mut a = a;
    for (v, w) in a.iter_mut().zip(&b) {
        *v = *v * w + 1.0;
    }
    let old = a.clone();
    for (v, w) in a.iter_mut().zip(&old) {
        *v *= w;
    }
    a[0] * a[1] + a[2]
}

#[case((1.5, 2.5, 3))]
fn sweeps_over_a_grid(x: f64, y: f64, n: usize) -> f64 {
    let mut u: Vec<f64> = (0..5).map(|i| x * i as f64).collect();
    for _ in 0..n {
        let mut next = u.clone();
        for i in 1..4 {
            next[i] = u[i] + y * 0.1 * (u[i - 1] - 2.0 * u[i] + u[i + 1]);
        }
        u = next;
    }
    u.iter().map(|v| v * v).sum()
}

#[case(([1.5, 2.5, 0.5]), calls(by_value_out))]
fn by_value_behind_a_buffer(a: [f64; 3]) -> f64 {
    let mut b = a;
    by_value_out(&mut b);
    b[0] * b[1]
}

#[case(([[1.5, 2.5], [0.5, 1.0]]), calls(rows_out))]
fn rows_of_a_buffer(a: [[f64; 2]; 2]) -> f64 {
    let mut a = a;
    rows_out(&mut a);
    a[0][0] * a[1][1] + a[0][1] * a[1][0]
}
