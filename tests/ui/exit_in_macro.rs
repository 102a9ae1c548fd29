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

fn main() {}
