//! Exits in the middle of expressions.

use symgrad::differentiate;

fn next(n: &mut usize) -> usize {
    *n += 1;
    *n - 1
}

#[differentiate]
fn after_an_effect(x: f64) -> f64 {
    let power = |k: usize, x: f64| x.powi(k as i32);
    let mut n = 0;
    power(next(&mut n), if x < 0.0 { return 0.0 } else { x })
}

#[differentiate]
fn after_a_reference_to_what_it_changes(x: f64, y: f64) -> f64 {
    let mut s = x;
    let r = &mut s;
    let z = r.max({
        *r = y;
        if y > 1.0 {
            return y;
        }
        x
    });
    z * s
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
