//! Iterators over numbers with derivatives that are not followed.

use symgrad::differentiate;

#[differentiate]
fn running(x: &[f64]) -> f64 {
    x.iter()
        .scan(0.0, |s, v| {
            *s += v;
            Some(*s)
        })
        .sum()
}

#[differentiate]
fn ordered(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for v in x.iter().filter(|v| **v > 0.0).zip(x) {
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
fn left(x: &[[f64; 2]]) -> f64 {
    let mut s = 0.0;
    for v in x.iter().flatten() {
        if *v > 1.0 {
            break;
        }
        s += v;
    }
    s
}

fn main() {}
