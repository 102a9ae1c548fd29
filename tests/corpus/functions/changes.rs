//! What the user's own code reads and what changes afterwards, while the derivative still needs what was read.

use symgrad_oracle::case;

#[case(([0.3, 0.9], 1.4, 0.6), ([0.3, 0.9], 0.7, 0.6))]
fn an_index_from_an_array_that_changes(a: &[f64; 2], x: f64, y: f64) -> f64 {
    let mut b = [x, y];
    let s = a[usize::from(b[0] > 1.0)];
    b[0] = 7.0;
    s * s * b[1] * b[0]
}

#[case((1.2, 0.4), (0.4, 1.2))]
fn a_condition_on_an_array_that_changes(x: f64, y: f64) -> f64 {
    let mut b = [x, y];
    let mut s = 0.0;
    if b[0] > 1.0 {
        s += x * x;
    }
    b[0] *= 0.5;
    if b[0] > 1.0 {
        s += y * x;
    }
    s + b[0] * b[1]
}
