//! A macro that symgrad cannot see into.

use symgrad::differentiate;

macro_rules! square {
    ($x:expr) => {
        $x * $x
    };
}

#[differentiate]
fn f(x: f64) -> f64 {
    square!(x)
}

#[differentiate]
fn g(x: f64) -> f64 {
    let y = 2.0 * square!(x + 1.0);
    y
}

macro_rules! keep {
    ($cell:expr, $x:expr) => {{
        $cell.set($x);
        $x > 0.0
    }};
}

#[differentiate]
fn kept(x: f64, cell: &std::cell::Cell<f64>) -> f64 {
    if keep!(cell, x) { cell.get() } else { x }
}

#[differentiate]
fn also_kept(x: f64, cell: &std::cell::Cell<f64>) -> f64 {
    if keep!(&cell, x) || keep!((cell), x) { cell.get() } else { x }
}

fn main() {}
