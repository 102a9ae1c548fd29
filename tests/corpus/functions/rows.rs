//! `Vec`s of `Vec`s that grow, and those that chains make.

use symgrad_oracle::case;

#[case((&[0.5, 0.3, 0.7], 3))]
fn of_any_length(x: &[f64], n: usize) -> f64 {
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for i in 0..n {
        let mut row = Vec::new();
        for j in 0..=i {
            row.push(x[j] * x[i]);
        }
        rows.push(row);
    }
    let mut s = 0.0;
    for r in &rows {
        for v in r {
            s += v * v;
        }
    }
    s + rows[n - 1][0]
}

#[case((&[0.5, 0.3, 0.7], 3))]
fn pushed_and_changed(x: &[f64], n: usize) -> f64 {
    let mut rows = Vec::with_capacity(n);
    for i in 0..n {
        rows.push(vec![x[i]; n]);
        rows[i][0] *= x[0];
    }
    rows[1][0] + rows[n - 1][0] * rows[0][1]
}

#[case((&[0.5, 0.3, 0.7], 3))]
fn matrix_by_collect(x: &[f64], n: usize) -> f64 {
    let m: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| x[i] * x[j].sin()).collect()).collect();
    let mut s = 0.0;
    for i in 0..n {
        for j in 0..n {
            s += m[i][j] * m[j][i];
        }
    }
    s
}

#[case((&[0.5, 0.3, 0.7], 3))]
fn matrix_of_products(x: &[f64], n: usize) -> f64 {
    let m = (0..n).map(|i| x.iter().map(|v| v * x[i]).collect::<Vec<_>>()).collect::<Vec<_>>();
    m.iter().map(|r| r.iter().sum::<f64>().powi(2)).sum()
}

#[case((&[0.5, -0.3, 0.7]))]
fn listed(x: &[f64]) -> f64 {
    let a = vec![vec![x[0], x[1]], vec![x[1], x[2]]];
    let b = a.clone();
    let t: f64 = a.iter().zip(b.iter()).map(|(r, s)| r.iter().zip(s).map(|(p, q)| p * q).sum::<f64>()).sum();
    t + a[0][1] * b[1][0]
}

#[case((&[0.5, -0.3, 0.7], &[1.0, 2.0]))]
fn layers(x: &[f64], w: &[f64]) -> f64 {
    let mut s = 0.0;
    for k in 0..2 {
        let mut layers = Vec::new();
        layers.push(x.to_vec());
        for l in 0..2 {
            let prev = &layers[l];
            let next: Vec<f64> = prev.iter().map(|p| (p * w[k]).tanh() + w[l]).collect();
            layers.push(next);
        }
        layers[1][0] *= 2.0;
        s += layers[2].iter().sum::<f64>() * layers[1][0];
    }
    s
}

#[case((&[0.5, -0.3, 0.7], 2), (&[0.5, -0.3, 0.7], 0), (&[0.5, -0.3, 0.7], 5))]
fn with_exits(x: &[f64], n: usize) -> f64 {
    let mut rows: Vec<Vec<f64>> = vec![];
    if n == 0 {
        return x[0];
    }
    rows.push(vec![x[0]; n]);
    if x[0] * n as f64 > 2.0 {
        return rows[0][1] * x[1];
    }
    rows.push(rows[0].iter().map(|v| v * x[1]).collect());
    for k in 0..n {
        if k == 1 {
            rows.push(vec![1.0, 2.0]);
            continue;
        }
        let last = rows.last().unwrap().clone();
        rows.push(last);
        if rows.len() > 4 {
            break;
        }
    }
    let total: f64 = rows.iter().flatten().sum();
    total * rows[rows.len() - 1][0]
}

#[case((&[0.5, -0.3, 0.7]))]
fn eliminated(x: &[f64]) -> f64 {
    let n = x.len();
    let mut a: Vec<Vec<f64>> =
        (0..n).map(|i| x.iter().enumerate().map(|(j, v)| if i == j { 2.0 + v } else { v * x[i] }).collect()).collect();
    let mut b: Vec<f64> = x.iter().map(|v| v + 1.0).collect();
    for i in 0..n {
        for r in i + 1..n {
            let f = a[r][i] / a[i][i];
            for c in i..n {
                let t = a[i][c];
                a[r][c] -= f * t;
            }
            b[r] -= f * b[i];
        }
    }
    let mut y = vec![0.0; n];
    for i in (0..n).rev() {
        let s: f64 = (i + 1..n).map(|j| a[i][j] * y[j]).sum();
        y[i] = (b[i] - s) / a[i][i];
    }
    y.iter().sum()
}

#[case((&[0.5, -0.3, 0.7, 0.2]))]
fn behind_a_filter(x: &[f64]) -> f64 {
    let pairs: Vec<Vec<f64>> = x.chunks(3).map(|c| c.to_vec()).collect();
    let t: Vec<Vec<f64>> =
        pairs.iter().filter(|r| r.len() > 0).map(|r| r.iter().map(|v| v * v).collect::<Vec<f64>>()).collect();
    let c = t.clone();
    t.iter().map(|r| r.iter().product::<f64>()).sum::<f64>() * c[1][0] + pairs[0][2]
}

#[case((&[0.5, -0.3, 0.7, 0.2], &[1.0, 2.0]), wrt(x))]
fn of_data_and_numbers(x: &[f64], w: &[f64]) -> f64 {
    let mut rows = Vec::new();
    rows.push(w.to_vec());
    rows.push(x.to_vec());
    rows.push(w.iter().map(|v| v * 2.0).collect::<Vec<f64>>());
    rows[0][1] = x[2] * x[2];
    rows.iter().map(|r| r[0] * r[1]).sum()
}

#[case((&[0.5, 0.3, 0.7]))]
fn copies_of_copies(x: &[f64]) -> f64 {
    let mut rows: Vec<Vec<f64>> = Vec::new();
    let mut row = vec![x[0], x[1]];
    rows.push(row.clone());
    row[0] = 5.0 * x[2];
    rows.push(row);
    rows[1] = rows[0].clone();
    rows[0][0] = 3.0;
    rows[1][0] * rows[0][1]
}

#[case((&[0.5, 0.3, 0.7]))]
fn by_a_closure(x: &[f64]) -> f64 {
    let mut rows: Vec<Vec<f64>> = Vec::new();
    let mut add = |v: f64| rows.push(vec![v, v * v]);
    for v in x {
        add(*v);
    }
    for r in rows.iter_mut() {
        r[0] *= r[1];
    }
    rows.iter().map(|r| r[0]).product()
}

#[case((&[0.5, 0.3, 0.7]))]
fn history(x: &[f64]) -> f64 {
    let mut s = 0.0;
    let mut hist: Vec<Vec<f64>> = vec![x.to_vec()];
    for t in 0..4 {
        let p = hist[t].clone();
        let q: Vec<f64> = p.iter().zip(p.iter().skip(1)).map(|(a, b)| a * b + s).collect();
        s += q.iter().sum::<f64>() * 0.1 + p[0];
        if q.len() < 2 {
            break;
        }
        hist.push(q);
    }
    s * hist[hist.len() - 1][0]
}

#[case((&[0.5, 0.3, 0.7], 3))]
fn three_deep(x: &[f64], n: usize) -> f64 {
    let t: Vec<Vec<Vec<f64>>> =
        (0..2).map(|a| (0..2).map(|b| (0..n).map(|c| x[c] * (a + b) as f64).collect()).collect()).collect();
    t[1][1][2] * t[0][1][0]
}
