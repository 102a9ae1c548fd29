//! Iterators over numbers with derivatives that are not followed.

use symgrad::differentiate;

#[differentiate]
fn again_and_again(x: &[f64]) -> f64 {
    x.iter().by_ref().take(7).sum()
}

#[differentiate]
fn two_filters(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for v in x.iter().filter(|v| **v > 0.0).zip(x.iter().filter(|v| **v < 0.0)) {
        s += v.0 * v.1;
    }
    s
}

#[differentiate]
fn integers(x: &[f64]) -> f64 {
    let n: usize = x.iter().map(|v| *v as usize).sum();
    x[0] * n as f64
}

#[differentiate]
fn next_by_label(x: &[[f64; 2]]) -> f64 {
    let mut s = 0.0;
    'all: for v in x.iter().flatten() {
        if *v > 1.0 {
            continue 'all;
        }
        s += v;
    }
    s
}

fn perhaps(v: f64) -> Option<f64> {
    (v > 0.0).then_some(v)
}

#[differentiate]
fn out_of_sight(x: &[f64]) -> f64 {
    x.iter().filter_map(|v| perhaps(*v)).sum()
}

#[differentiate]
fn three_of_them(x: &[f64]) -> f64 {
    let sign = |v: f64| if v > 1.0 { Some(v) } else if v > 0.0 { Some(v * v) } else if v < -1.0 { Some(-v) } else { None };
    x.iter().copied().filter_map(sign).sum()
}

fn main() {}
