//! Closures that capture or are given a number with a derivative, and go where symgrad does not follow them.

use symgrad::differentiate;

fn integrate(g: impl Fn(f64) -> f64) -> f64 {
    g(0.0) + g(1.0)
}

#[differentiate]
fn given_away(x: f64) -> f64 {
    let g = |t: f64| t * x;
    integrate(g)
}

#[differentiate]
fn no_float(x: f64, table: &[f64; 4]) -> f64 {
    let cell = |t: f64| (t * 4.0) as usize;
    table[cell(x)] * x
}

#[differentiate]
fn kept(x: f64) -> f64 {
    let seen = std::cell::Cell::new(0.0);
    let keep = |t: f64| seen.set(t);
    keep(x);
    seen.get() * x
}

#[differentiate]
fn copied(x: f64) -> f64 {
    let mut n = 1;
    let next = move |t: f64| t * x * f64::from(n);
    n += 1;
    next(x) * f64::from(n)
}

fn main() {}
