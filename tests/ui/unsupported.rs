//! Forms that carry derivatives in Rust and not in this version.

use symgrad::differentiate;

#[differentiate]
fn unsafe_block(x: f64) -> f64 {
    unsafe { *std::ptr::from_ref(&x) }
}

fn main() {}
