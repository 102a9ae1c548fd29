//! Matrices over slices, whose columns are computed a few at a time: code without effects may run for each few, closures and
//! counters included. Against differences of the gradients, with more columns than one pass has.

#![allow(clippy::cast_precision_loss, clippy::redundant_closure_for_method_calls, reason = "as users write them")]

#[path = "common/differences.rs"]
mod common;

use common::{close, differences};
use symgrad::differentiate;

const COLUMNS: usize = 19;

fn point() -> Vec<f64> {
    (0..COLUMNS).map(|k| (0.7 * k as f64).sin() + 0.1).collect()
}

#[track_caller]
fn check(gradient: &dyn Fn(&[f64]) -> Vec<f64>, hessian: &[f64]) {
    close(hessian, &differences(gradient, &point()), 1e-7);
}

/// Counted in a loop, and by a closure.
#[differentiate(gradient, hessian)]
fn counted(x: &[f64]) -> f64 {
    let mut positive = 0;
    let mut sum = 0.0;
    for v in x {
        if *v > 0.0 {
            positive += 1;
        }
        sum += v.powi(3) * f64::from(positive);
    }
    let large = x.iter().filter(|v| **v > 0.5).count();
    let any = x.iter().any(|&v| v > 2.0);
    if any { sum } else { sum * x[large] }
}

#[test]
fn counters_and_closures() {
    check(&counted_gradient, &counted_hessian(&point()));
}

#[differentiate(gradient, hessian, wrt(x))]
fn selected(x: &[f64], names: &[String], order: &[usize]) -> f64 {
    let letters: usize = names.iter().map(|name| name.len()).sum();
    let first = order.iter().copied().filter(|k| *k < 19).min().unwrap_or(0);
    let weight = match letters {
        0 => 1.0,
        n if n > 4 => 2.0,
        _ => 3.0,
    };
    let mut sum = 0.0;
    let mut last = first;
    for k in 0..x.len() {
        if k % 3 == 0 {
            last = k;
        }
        sum += x[k].exp() * x[last] * weight;
    }
    sum * x[first]
}

#[test]
fn data() {
    let (names, order) = (["ab".to_string(), "cde".to_string()], [7, 4, 25]);
    check(&|x| selected_gradient(x, &names, &order), &selected_hessian(&point(), &names, &order));
}

/// Through calls, which are asked where they are compiled.
#[differentiate(gradient, hvp)]
fn of_positive(x: &[f64]) -> f64 {
    let n = x.iter().filter(|v| **v > 0.0).count();
    let mut product = 1.0;
    for v in x {
        product *= 1.0 + 0.1 * v * n as f64;
    }
    product
}

#[differentiate(gradient, hessian)]
fn calling(x: &[f64]) -> f64 {
    of_positive(&x[1..]) + of_positive(&x[..5]) * x[0]
}

#[differentiate(jacobian)]
fn rows(x: &[f64]) -> Vec<f64> {
    let mut seen = 0;
    let mut rows = Vec::new();
    for v in x {
        seen += 1;
        rows.push(v * v * f64::from(seen) + of_positive(&x[..3]));
    }
    rows
}

#[test]
fn through_calls() {
    check(&calling_gradient, &calling_hessian(&point()));
    check(&|x| rows(x), &rows_jacobian(&point()));
}
