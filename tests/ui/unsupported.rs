//! Forms that carry derivatives in Rust and not in this version.

use symgrad::differentiate;

#[differentiate]
fn unsafe_block(x: f64) -> f64 {
    unsafe { *std::ptr::from_ref(&x) }
}

#[differentiate]
fn labelled(x: f64) -> f64 {
    let y = 'a: {
        if x > 1.0 {
            break 'a x;
        }
        x * x
    };
    y
}

fn main() {}
