//! A `return` that hides in a macro.

use symgrad::differentiate;

macro_rules! give_up {
    ($n:expr) => {
        if $n == 0 {
            return 0.0;
        }
    };
}

#[differentiate]
fn f(x: f64, n: usize) -> f64 {
    give_up!(n);
    x * x
}

macro_rules! checked {
    ($n:expr) => {
        if $n == 0 { return 0.0 } else { $n }
    };
}

#[differentiate]
fn guard(x: f64, n: usize) -> f64 {
    match n {
        1 => x,
        k if checked!(k) > 3 => x * x,
        _ => 2.0 * x,
    }
}

#[differentiate]
fn matched(x: f64, n: usize) -> f64 {
    match checked!(n) {
        1 => x,
        2 => x * x,
        _ => 2.0 * x,
    }
}

macro_rules! near {
    ($x:expr, $y:expr) => {
        if $x < 0.0 { return $y } else { ($x - $y).abs() < 1e-9 }
    };
}

#[differentiate]
fn decides(x: f64) -> f64 {
    if near!(x, 1.0) { x } else { x * x }
}

macro_rules! small {
    ($x:expr) => {{
        $x *= 2.0;
        $x < 1.0
    }};
}

#[differentiate]
fn changes(x: f64) -> f64 {
    let mut y = x;
    for _ in 0..2 {
        y = y * x;
    }
    if small!(y) { y } else { x * x }
}

#[differentiate]
fn changes_and_matches(mut x: f64, n: Option<usize>) -> f64 {
    match n {
        Some(n) if small!(x) => x * n as f64,
        _ => x,
    }
}

fn main() {}
