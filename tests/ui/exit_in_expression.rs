//! Exits in the middle of expressions.

use symgrad::differentiate;

#[differentiate]
fn operand(x: f64) -> f64 {
    x + (if x < 0.0 { return 0.0 } else { x })
}

#[differentiate]
fn initial(x: f64) -> f64 {
    let y = if x < 0.0 { return -x } else { x.sqrt() };
    y * 2.0
}

#[differentiate]
fn found(x: f64, n: usize) -> f64 {
    let y = loop {
        if n > 2 {
            break x * x;
        }
    };
    y + x
}

#[differentiate]
fn question(x: f64, text: &str) -> f64 {
    let n: f64 = text.parse().ok()?;
    x * n
}

#[differentiate]
fn by_match(x: f64, limits: &[Option<f64>]) -> f64 {
    let mut s = 0.0;
    for limit in limits {
        let l = match limit {
            Some(l) => *l,
            None => break,
        };
        s += l * x;
    }
    s
}

fn main() {}
