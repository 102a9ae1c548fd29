//! Items that cannot be copied into the companions.

use std::sync::atomic::{AtomicUsize, Ordering};
use symgrad::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    CALLS.fetch_add(1, Ordering::Relaxed);
    x * x
}

struct Meter(f64);

#[differentiate]
fn g(x: f64) -> f64 {
    impl Meter {
        fn get(&self) -> f64 {
            self.0
        }
    }
    macro_rules! square {
        ($x:expr) => {
            $x * $x
        };
    }
    struct Local;
    let _ = Local;
    square!(2.0) * x * Meter(2.0).get()
}

const RATE: f64 = 7.0;

#[differentiate]
fn h(x: f64) -> f64 {
    let y = x * RATE;
    let z = {
        const RATE: f64 = 2.0;
        x * RATE
    };
    y * z
}

#[differentiate]
fn glob(x: f64, square: bool) -> f64 {
    let mut y = x;
    if square {
        use std::f64::consts::*;
        y *= x * PI;
    }
    y
}

fn main() {}
