//! What the user's own code reads and what changes afterwards, while the derivative still needs what was read.

use super::super::dual::Dual;
use symgrad_oracle::case;

#[case(([0.3, 0.9], 1.4, 0.6), ([0.3, 0.9], 0.7, 0.6))]
fn an_index_from_an_array_that_changes(a: &[f64; 2], x: f64, y: f64) -> f64 {
    let mut b = [x, y];
    let s = a[usize::from(b[0] > 1.0)];
    b[0] = 7.0;
    s * s * b[1] * b[0]
}

#[case((1.2, 0.4), (0.4, 1.2))]
fn a_condition_on_an_array_that_changes(x: f64, y: f64) -> f64 {
    let mut b = [x, y];
    let mut s = 0.0;
    if b[0] > 1.0 {
        s += x * x;
    }
    b[0] *= 0.5;
    if b[0] > 1.0 {
        s += y * x;
    }
    s + b[0] * b[1]
}

thread_local! {
    static COUNT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// 0, 1, 2, 3, 0, …
fn next() -> usize {
    COUNT.set((COUNT.get() + 1) % 4);
    (COUNT.get() + 3) % 4
}

fn noise() -> f64 {
    0.5 + 0.25 * next() as f64
}

#[case((0.7, 1.3), dual = the_right_side_comes_before_the_index_dual)]
fn the_right_side_comes_before_the_index(x: f64, y: f64) -> f64 {
    let mut w = [0.0; 4];
    w[next()] = noise();
    w[next()] = noise();
    w[1] * x + w[3] * y
}

fn the_right_side_comes_before_the_index_dual(x: Dual, y: Dual) -> Dual {
    x * 0.5 + y
}

#[case((0.7, 1.3))]
fn the_second_of_two_arrays_is_taken_by_value(x: f64, y: f64) -> f64 {
    let mut b = [x, y, x * y];
    let c = [1.0, y, 2.0];
    let mut s = 0.0;
    for (u, v) in c.iter().zip(b) {
        b[2] = 0.0;
        b[1] = x;
        s += *u * v;
    }
    s + b[1]
}

#[case((0.7, 1.3), dual = half_understood_lists_are_evaluated_once_dual)]
fn half_understood_lists_are_evaluated_once(x: f64, y: f64) -> f64 {
    let table = [[noise(), 1.0]; 3];
    let [p, q, ..] = [noise(), 2.0, 3.0];
    let rest = next() + next();
    x * table[1][0] + y * p * q * table[2][1] + x * rest as f64
}

fn half_understood_lists_are_evaluated_once_dual(x: Dual, y: Dual) -> Dual {
    x * 5.5 + y * 1.5
}

#[case((0.7), (1.1))]
fn integers_behind_references(x: f64) -> f64 {
    let mut list = vec![1_usize, 2, 3];
    let mut s = x;
    for k in list.iter_mut() {
        let t = (x * *k as f64 * s).sin();
        *k += 1;
        s = t * t + *k as f64;
    }
    let (left, right) = list.split_at_mut(1);
    s = (x * left[0] as f64 * s).sin();
    left[0] += right[0];
    s *= s * left[0] as f64;
    let first = &mut left[0];
    s *= (s * *first as f64).sin();
    *first = 0;
    s
}

#[symgrad::differentiate(gradient, jvp, wrt(x))]
pub fn steps(x: f64, step: &mut usize, weights: &mut Vec<f64>) -> f64 {
    let s = x * *step as f64 * weights[0];
    *step += 3;
    weights[0] = 9.0;
    let mut y = s * s + x * weights[0];
    for &w in weights.iter() {
        y = (y * w).sin() + x;
    }
    weights.push(*step as f64);
    y * y
}

#[test]
fn parameters_that_are_changed_are_read_where_they_stand() {
    let at = |x: f64| steps(x, &mut 2, &mut vec![1.5, 0.4]);
    let (value, derivative) = steps_value_and_gradient(0.7, &mut 2, &mut vec![1.5, 0.4]);
    let (same, tangent) = steps_jvp(0.7, &mut 2, &mut vec![1.5, 0.4], 1.0);
    assert_eq!(value, at(0.7));
    assert_eq!(value, same);
    let difference = (at(0.7 + 1e-5) - at(0.7 - 1e-5)) / 2e-5;
    assert!((derivative - difference).abs() < 1e-6 * difference.abs(), "{derivative} {difference}");
    assert!((derivative - tangent).abs() < 1e-12 * difference.abs(), "{derivative} {tangent}");
}
