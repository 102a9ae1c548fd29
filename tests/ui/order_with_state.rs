//! Orders that are not those of the numbers: which of two equal ones comes first is not told by their bits.

use std::cell::Cell;
use symgrad::differentiate;

#[differentiate]
fn counted(x: &[f64; 4]) -> f64 {
    let mut a = *x;
    let mut k = 0;
    a.sort_by_cached_key(|_| {
        k += 1;
        10 - k
    });
    a[0]
}

#[differentiate]
fn in_a_cell(x: &[f64; 4]) -> f64 {
    let mut a = *x;
    let k = Cell::new(0);
    a.sort_by_key(|_| {
        k.set(k.get() + 1);
        10 - k.get()
    });
    a[0]
}

#[differentiate]
fn named(x: &[f64; 4]) -> f64 {
    let mut a = *x;
    let mut k = 0;
    let key = |_: &f64| {
        k += 1;
        10 - k
    };
    a.sort_by_key(key);
    a[0]
}

fn main() {}
