//! Exits in the middle of expressions.

use symgrad::differentiate;

fn next(n: &mut u32) -> f64 {
    *n += 1;
    f64::from(*n)
}

#[differentiate]
fn after_an_effect(x: f64) -> f64 {
    let mut n = 0;
    next(&mut n) * x + (if x < 0.0 { return 0.0 } else { x })
}

#[differentiate]
fn after_what_it_changes(x: f64, y: f64) -> f64 {
    let mut s = x;
    let z = s * {
        s = y;
        if s > 1.0 {
            return s;
        }
        s
    };
    z * y
}

#[differentiate]
fn perhaps(x: f64) -> f64 {
    let b = x > 0.0 && if x > 1.0 { return x } else { x < 0.5 };
    if b { x } else { x * x }
}

#[differentiate]
fn question(x: f64, text: &str) -> f64 {
    let n: f64 = text.parse().ok()?;
    x * n
}

fn main() {}
