//! A derivative does not flow through an integer.

use symgrad::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    (x as i32) as f64
}

#[differentiate]
fn power(x: f64) -> f64 {
    2.0_f64.powi(x as i32)
}

#[differentiate]
fn named(x: f64) -> f64 {
    let k = (x * 3.0) as i64;
    let next = k + 1;
    let back = next as f64;
    x * k as f64 + back
}

#[differentiate]
fn kept(x: f64) -> f64 {
    let k = x as usize;
    let mut count = 0;
    count += k;
    let pair = (k, x);
    let other = usize::from_str_radix("7", 10).unwrap() + k;
    pair.0 as f64 * pair.1 + count as f64 + other as f64
}

#[differentiate]
fn matched(x: f64) -> f64 {
    let k = x as usize;
    match k {
        0 => x,
        n => n as f64 * x,
    }
}

#[differentiate]
fn range(x: f64) -> f64 {
    let k = x as usize;
    let mut s = 0.0;
    for i in k..10 {
        s += i as f64 * x;
    }
    s
}

#[differentiate]
fn captured(x: f64) -> f64 {
    let k = x as usize;
    let scaled = |v: f64| v * k as f64;
    scaled(x)
}

#[differentiate]
fn changing(x: f64) -> f64 {
    let mut k = x as usize;
    if k > 5 {
        k = 5;
    }
    k += 1;
    let scaled = |v: f64| v * k as f64;
    x * k as f64 + scaled(x)
}

#[differentiate]
fn assigned(x: f64, y: f64) -> f64 {
    let mut k = 0;
    let mut s = 0.0;
    for i in 0..3 {
        s += k as f64 * x;
        k = (x * i as f64) as usize;
    }
    let mut n = x as usize;
    n = y as usize;
    s + n as f64
}

#[differentiate]
fn apart(x: f64, y: f64) -> f64 {
    let (i, j) = (x as usize, y as usize);
    x * i as f64 + if j > 2 { x } else { y }
}

fn bin(x: f64, shift: f64) -> usize {
    (x + shift) as usize
}

#[differentiate]
fn by_a_function(x: f64, table: &[f64]) -> f64 {
    let k = bin(x, 0.5);
    table[k] + k as f64
}

fn stored(x: f64, cell: &std::cell::Cell<f64>) -> usize {
    cell.set(x);
    0
}

#[differentiate(wrt(x))]
fn kept_in_a_cell(x: f64, table: &[f64], cell: &std::cell::Cell<f64>) -> f64 {
    let k: usize = stored(x, cell);
    let j = stored(x, &cell);
    table[k] + table[j] + cell.get()
}

fn floored(x: f64) -> i32 {
    x.floor() as i32
}

#[differentiate]
fn back_again(x: f64) -> f64 {
    let n = floored(x);
    let rest = x - n as f64;
    let hash = n.wrapping_mul(3);
    if hash > 7 { rest * rest } else { rest }
}

fn main() {}
