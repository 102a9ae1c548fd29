//! `Vec`s.

use symgrad_oracle::outputs;

#[outputs(([0.3, 0.4]), ([0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3]), ([]))]
fn smoothed(x: &[f64]) -> Vec<f64> {
    let mut y = vec![0.0; x.len() + 1];
    let mut state = 0.5;
    for i in 0..x.len() {
        state = (state * x[i]).sin() + x[i];
        y[i] = state;
    }
    y[x.len()] = state * state;
    y
}

#[outputs(([[0.0, 0.1], [1.0, -0.3], [0.4, 2.0], [1.5, 1.5]]))]
fn distances(p: &[[f64; 2]]) -> Vec<f64> {
    let mut d = Vec::new();
    for i in 1..p.len() {
        d.push((p[i][0] - p[i - 1][0]).hypot(p[i][1] - p[i - 1][1]));
    }
    d
}

#[outputs(([1.2, 0.7], 6), ([1.2, 0.7], 1))]
fn powers(x: &[f64; 2], n: usize) -> Vec<f64> {
    let mut p = vec![1.0; n];
    for i in 1..n {
        p[i] = p[i - 1] * x[i % 2];
    }
    p
}

#[outputs((0.8, -0.3, [0.5, 1.5, 2.5]), wrt(w, b))]
fn collected(w: f64, b: f64, x: &[f64]) -> Vec<f64> {
    x.iter().map(|v| (w * v + b).tanh()).collect()
}

#[outputs((0.8, [0.5, 1.5, 2.5], 2), (0.8, [0.5, 1.5], 9))]
fn a_number_and_a_slice(w: f64, x: &[f64], most: usize) -> Vec<f64> {
    let mut kept = Vec::new();
    for v in x {
        if kept.len() < most {
            kept.push(w * v * v);
        }
    }
    kept
}

#[outputs(([3.0, 1.0, 2.0], 0.5))]
fn sorted(x: &[f64], scale: f64) -> Vec<f64> {
    let mut y: Vec<f64> = x.iter().map(|v| v * scale).collect();
    for i in 1..y.len() {
        for j in (1..=i).rev() {
            if y[j] < y[j - 1] {
                y.swap(j, j - 1);
            }
        }
    }
    y
}

#[outputs(([0.5, 1.5, 2.5, -1.0]))]
fn a_number_and_a_list(x: &[f64]) -> (f64, Vec<f64>) {
    let mut total = 0.0;
    let mut all = Vec::with_capacity(x.len());
    for v in x {
        total += v.sin();
        all.push(total * v);
    }
    (total, all)
}

#[outputs((0.5, 3), (1.5, 0))]
fn by_a_number(x: f64, n: usize) -> Vec<f64> {
    let mut terms = vec![1.0];
    for i in 1..=n {
        let last = terms[i - 1];
        terms.push(last * x / i as f64);
    }
    terms
}
