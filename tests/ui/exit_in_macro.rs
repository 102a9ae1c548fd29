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

fn main() {}
