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
