//! Patterns that take values apart through which derivatives flow.

use symgrad::differentiate;

#[differentiate]
fn with_option(x: f64) -> f64 {
    match Some(x * x) {
        Some(y) => y,
        None => 0.0,
    }
}

#[differentiate]
fn kept(x: f64) -> f64 {
    let mut best: Option<f64> = None;
    if x > 0.0 {
        best = Some(x.ln());
    }
    *best.get_or_insert(x)
}

#[differentiate]
fn number(x: f64) -> f64 {
    let k = match x {
        v if v > 1.0 => v.floor() as i32,
        _ => 0,
    };
    x.powi(k)
}

#[differentiate]
fn changed_in_a_guard(x: f64, n: usize) -> f64 {
    let mut sum = 0.0;
    match n {
        k if {
            sum += x;
            k > 2
        } =>
        {
            sum * x
        }
        _ => sum,
    }
}

#[differentiate]
fn changed_in_a_chain(x: f64, n: Option<usize>) -> f64 {
    let mut sum = 0.0;
    if let Some(k) = n
        && {
            sum += x;
            k > 2
        }
    {
        sum * x
    } else {
        sum
    }
}

#[differentiate]
fn chosen_by_a_guard(x: f64, n: (Option<i32>, Option<i32>)) -> f64 {
    match n {
        (Some(k), _) | (_, Some(k)) if k > 3 => x.powi(k),
        _ => x,
    }
}

macro_rules! either {
    ($k:ident) => {
        Ok($k) | Err($k)
    };
}

#[differentiate]
fn by_macro(x: f64, n: Result<usize, usize>) -> f64 {
    match n {
        either!(k) => x.powi(k as i32),
    }
}

#[differentiate]
fn of_a_call(x: f64) -> f64 {
    match in_pairs(x) {
        Ok((y, _)) if y > 0.0 => y,
        _ => x,
    }
}

fn in_pairs(x: f64) -> Result<(f64, f64), ()> {
    Ok((x, x))
}

fn main() {}
