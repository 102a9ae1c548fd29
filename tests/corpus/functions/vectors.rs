//! Local `Vec`s and parameters that are `Vec`s.

use symgrad_oracle::case;

#[case(([0.5, -1.5, 2.0]))]
fn a_buffer_of_the_length_of_a_slice(x: &[f64]) -> f64 {
    let mut y = vec![0.0; x.len()];
    for i in 0..x.len() {
        y[i] = x[i] * x[i].sin();
    }
    let mut s = 0.0;
    for i in 1..y.len() {
        s += y[i] * y[i - 1];
    }
    s
}

#[case((0.5, 2.0, 4))]
fn a_recurrence_in_a_vec(x: f64, y: f64, n: usize) -> f64 {
    let mut v = vec![x; n];
    v[0] = y;
    for i in 1..n {
        v[i] *= v[i - 1].sin() + x;
    }
    v[n - 1]
}

#[case((0.5, 2.0))]
fn a_list(x: f64, y: f64) -> f64 {
    let v = vec![x, x * y, 2.0];
    let w = v.clone();
    v[0] * w[1] * v[2]
}

#[case(([0.5, -1.5, 2.0, 0.25]))]
fn pushed_by_a_loop(x: &[f64]) -> f64 {
    let mut v = Vec::new();
    let mut s = 0.0;
    for i in 0..x.len() {
        s += x[i] * x[i];
        v.push(s.sin());
    }
    v[0] * v[x.len() - 1] + v[1]
}

#[case(([0.5, -1.5, 2.0, 0.25]), ([-0.5, -1.5, 2.0, 9.25]))]
fn pushed_here_and_there(x: &[f64]) -> f64 {
    let mut out = Vec::with_capacity(x.len());
    let mut s = 1.0;
    for v in x {
        if *v < 0.0 {
            continue;
        }
        s *= v;
        out.push(s * s);
    }
    if s > 5.0 {
        return s * out[0];
    }
    out.push(s);
    let m = out.len();
    out[m - 1] * out[0].exp()
}

#[case(([0.5, -1.5, 2.0, 0.25], 3))]
fn a_fresh_vec_in_each_iteration(x: &[f64], n: usize) -> f64 {
    let mut t = 1.0;
    for k in 0..n {
        let mut v: Vec<f64> = Vec::new();
        for i in 0..=k {
            v.push(x[i] * t);
            if i == 1 {
                v.push(x[0]);
            }
        }
        t = v[0].sin() + v[v.len() - 1] * x[k];
    }
    t
}

#[case(([0.5, -1.5, 2.0, 0.25]))]
fn cleared_and_used_again(x: &[f64]) -> f64 {
    let mut v = vec![x[0], x[1]];
    let first = v[0] * v[1];
    v.clear();
    v.push(x[2] * first);
    v.resize(3, 0.0);
    v[1] += x[3];
    v.truncate(2);
    v[0] * v[1] + first
}

#[case(([0.5, -1.5], vec![vec![1.0, 0.5], vec![2.0, -0.25], vec![0.1, 0.2]]), once)]
fn a_matrix_of_vecs(w: &[f64], x: &[Vec<f64>]) -> f64 {
    let mut m = vec![vec![0.0; w.len()]; x.len()];
    for i in 0..x.len() {
        for j in 0..w.len() {
            m[i][j] = x[i][j] * w[j];
        }
    }
    let mut t = 0.0;
    for i in 0..m.len() {
        let mut row = vec![1.0; w.len()];
        for j in 0..row.len() {
            row[j] *= m[i][j] * m[i][0];
        }
        t += row[0].exp() * row[1];
    }
    t
}

#[case((vec![0.5, -1.5], 2.0))]
fn a_vec_by_value(x: Vec<f64>, y: f64) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() {
        s += x[i] * y;
    }
    s * s
}

#[case((vec![0.5, -1.5], 2.0))]
fn a_mutable_vec_by_value(mut x: Vec<f64>, y: f64) -> f64 {
    x[0] *= y;
    x[1] += x[0] * x[0];
    x[0] * x[1]
}

#[case((vec![0.5, -1.5, 3.0]))]
fn a_reference_to_a_vec(x: &Vec<f64>) -> f64 {
    let y = x.to_vec();
    let mut z = x.clone();
    z[0] = y[1] * y[2];
    z[0] * x[0]
}

#[case(([0.5, -1.5, 3.0]))]
fn of_slices(x: &[f64]) -> f64 {
    let mut head = x[..2].to_vec();
    head[0] *= x[2];
    let tail = x[1..].to_vec();
    head[0] * head[1] * tail[1]
}

#[case((0.5, 3))]
fn integers_are_not_floats(x: f64, n: usize) -> f64 {
    let mut order = Vec::new();
    for i in 0..n {
        order.push(n - i);
    }
    let mut s = 0.0;
    for i in 0..order.len() {
        s += x.powi(order[i] as i32) * i as f64;
    }
    s
}

fn table(buffer: &mut [f64]) {
    for (i, b) in buffer.iter_mut().enumerate() {
        *b = 1.0 / (1.0 + i as f64);
    }
}

fn table_dual(buffer: &mut [crate::corpus::dual::Dual]) {
    for (i, b) in buffer.iter_mut().enumerate() {
        *b = crate::corpus::dual::Dual::constant(1.0 / (1.0 + i as f64));
    }
}

#[case(calls(table), (0.5, 3))]
fn an_inactive_buffer_filled_elsewhere(x: f64, n: usize) -> f64 {
    let mut weights = vec![0.0; n];
    table(&mut weights);
    let mut s = 0.0;
    for i in 0..n {
        s += weights[i] * x.powi(i as i32);
    }
    s
}

#[case(([0.5, -1.5, 3.0, 2.0]))]
fn rows_of_arrays(x: &[f64]) -> f64 {
    let mut m = vec![[x[0], 1.0]; 2];
    m[1][0] *= x[1];
    m[0][1] = x[2] * m[1][0];
    m.swap(0, 1);
    m[0][0] * m[1][1] + m[1][0]
}

#[case(([0.5, -1.5, 3.0, 2.0], 5))]
fn steps_that_swap_names(x: &[f64], n: usize) -> f64 {
    let mut u = x.to_vec();
    for _ in 0..n {
        let mut next = vec![0.0; u.len()];
        for i in 1..u.len() - 1 {
            next[i] = u[i] + 0.1 * (u[i - 1] - 2.0 * u[i] + u[i + 1]) * u[i];
        }
        next[0] = u[1];
        u = next;
    }
    u[0] * u[1] + u[2]
}

#[case((1.3, 1), (1.3, 2), (1.3, 3))]
fn begun_in_an_arm_of_an_arm(x: f64, n: usize) -> f64 {
    let mut s = x;
    if n > 1 {
        if n > 2 {
            s *= x;
        } else if x > 0.5 * s {
            let q = if n < 2 {
                s
            } else {
                let mut w = Vec::new();
                for _ in 0..4 {
                    s *= x;
                    w.push(x * s);
                }
                s / w[2]
            };
            return s.sin() * q;
        }
    }
    s * x
}

#[case(([0.5, -1.5, 3.0]))]
fn a_sum_over_what_was_pushed(x: &[f64]) -> f64 {
    let mut w = Vec::new();
    for v in x {
        w.push(v.sin());
    }
    let mut s = 0.0;
    for i in 1..w.len() {
        s += w[i] * w[i - 1];
    }
    s
}

#[case((&[1.5, 2.5, 0.3, 0.7, 1.1]), (&[1.0]), (&[0.5, 2.0]))]
fn halves_of_a_vec(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    while v.len() > 1 {
        let mut next = Vec::new();
        for i in 0..v.len() / 2 {
            next.push(v[2 * i] * v[2 * i + 1] + v[2 * i]);
        }
        if v.len() % 2 == 1 {
            next.push(v[v.len() - 1].sin());
        }
        v = next;
    }
    v[0]
}

#[case((&[1.5, 2.5, 0.3, 0.7, 1.1]), (&[1.0]), (&[0.5, 2.0]))]
fn a_vec_of_what_is_left(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let mut s = 1.0;
    for k in 0..4 {
        v = v.iter().filter(|a| **a > 0.2 * k as f64).map(|a| a * s * 0.8).collect();
        for a in &v {
            s += a * a;
        }
        if v.is_empty() {
            break;
        }
    }
    s
}

#[case((1.5, 2.5, 3), (0.5, 0.2, 0))]
fn vecs_of_other_lengths(x: f64, y: f64, n: usize) -> f64 {
    let mut v = vec![x];
    let mut s = y;
    for k in 0..n {
        if k % 2 == 0 {
            v = vec![v[0] * s, y, x];
        } else {
            v = vec![s; k];
        }
        s = v.iter().sum::<f64>().sin() + v[0];
    }
    s * v.len() as f64 + v[v.len() - 1]
}

#[case((1.5, 2.5))]
fn vecs_of_two_lengths_exchanged(x: f64, y: f64) -> f64 {
    let mut a = vec![x, y, x * y];
    let mut b = vec![y];
    a[0] *= b[0];
    std::mem::swap(&mut a, &mut b);
    a[0] *= 2.0;
    let s = b[2] * b[0] + a[0];
    (a, b) = (b, a);
    s * a[1] + b[0] * a.len() as f64
}

#[case((1.5, 2.5, 3), (0.5, 0.2, 0))]
fn two_vecs_that_take_turns(x: f64, y: f64, n: usize) -> f64 {
    let mut u = vec![x, y, x * y];
    let mut old = u.clone();
    for _ in 0..n {
        let mut next = vec![0.0; 3];
        for i in 0..3 {
            next[i] = 1.8 * u[i] - old[i] + 0.1 * u[(i + 1) % 3] * u[i];
        }
        old = u;
        u = next;
    }
    u[0] * u[2] + old[1]
}

#[case((1.5, 2.5))]
fn another_vec_in_a_branch(x: f64, y: f64) -> f64 {
    let mut v = vec![x, y];
    if x > 1.0 {
        v = vec![y * x];
    } else {
        v.push(x);
    }
    let mut w = v.clone();
    w.push(v[0]);
    v = w;
    v[0] = v[1] * 2.0;
    v[0] * v[1] + v.len() as f64 * x
}

/// Data to which numbers are written later.
#[case((&[0.5, -1.5, 2.0, 0.7]), (&[1.0, 3.0, 0.2, 0.4]), once)]
fn counts_that_become_numbers(p: &[f64]) -> f64 {
    let mut prev: Vec<f64> = (0..5).map(|j| j as f64).collect();
    let mut last: Vec<_> = (1..6).map(|j| 1.0 / j as f64).collect::<Vec<f64>>();
    for j in 0..4 {
        prev[j + 1] += p[j] * prev[j];
        last[j] = prev[j] * p[j] + last[j + 1];
    }
    prev[4] * prev[2] + prev[0] + last[0] * last[4] + last[3]
}

/// The rows of a table that are exchanged.
#[case((&[0.5, 1.5, 2.0, 0.7]), (&[1.0, 3.0, 0.2, 0.4]), once)]
fn rows_that_are_exchanged(p: &[f64]) -> f64 {
    let mut prev: Vec<f64> = (0..5).map(|j| j as f64 * 0.3).collect();
    let mut cur = vec![0.0; 5];
    for i in 0..4 {
        cur[0] = (i + 1) as f64;
        for j in 1..5 {
            cur[j] = (prev[j] + 1.0).min(cur[j - 1] + 1.5).min(prev[j - 1] + p[i] * p[j - 1]);
        }
        std::mem::swap(&mut prev, &mut cur);
    }
    prev[4] * p[0] + prev[1] * cur[2]
}

#[case((&[0.5, -1.5, 2.0]), (&[1.0, 3.0, 0.2]), once)]
fn rows_of_data(p: &[f64]) -> f64 {
    let n = p.len();
    let mut a: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| (i * j) as f64 + 1.0).collect()).collect();
    for i in 0..n {
        for j in 0..=i {
            a[i][j] *= p[i] * p[j];
        }
    }
    a[0][1] * a[1][1] + a[2][0] * a[0][0]
}

#[case((&[0.5, -1.5, 2.0, 0.7]), (&[1.0, 3.0, 0.2]), (&[1.0]), once)]
fn taken_when_it_is_full(p: &[f64]) -> f64 {
    let mut batch: Vec<f64> = Vec::new();
    let mut rows: Vec<Vec<f64>> = Vec::new();
    let mut s = 1.0;
    for j in 0..p.len() {
        batch.push(p[j] * s);
        if batch.len() == 2 {
            let done = std::mem::take(&mut batch);
            s *= done[0] + done[1].sin();
            rows.push(done);
        }
    }
    for row in &rows {
        s += row[0] * row[1] * row.len() as f64;
    }
    s * p[0] + batch.iter().sum::<f64>()
}

#[case((&[0.5, -1.5, 2.0, 0.7]), (&[1.0, 3.0]), once)]
fn made_of_what_was_taken(p: &[f64]) -> f64 {
    let mut all: Vec<f64> = vec![p[0]];
    for j in 0..p.len() {
        let old = std::mem::take(&mut all);
        for v in &old {
            all.push(v * p[j]);
            all.push(v + p[j]);
        }
    }
    let mut pair = [p[0], p[1]];
    let was = std::mem::take(&mut pair);
    pair[1] += was[0] * was[1];
    all.iter().map(|v| v * v).sum::<f64>() + pair[0] + pair[1]
}

#[case(([0.5, -1.5, 2.0, 0.7]))]
fn made_of_arrays_and_slices(p: &[f64; 4]) -> f64 {
    let mut v = Vec::from(*p);
    v.push(p[0] * p[1]);
    v[0] *= v[4];
    let w = Vec::from(&p[1..]);
    let mut rows: Vec<Vec<f64>> = p.chunks(2).map(<[f64]>::to_vec).collect();
    rows[0][1] *= rows[1][0];
    v[0] + v[4] * w[1] + rows[0][1] + rows[0][0] * rows[1][1]
}
