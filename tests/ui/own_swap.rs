//! A function that is called as that of the standard library is, and is another.

use symgrad::differentiate;

fn swap<T>(_: &mut T, _: &mut T) {}

#[differentiate]
fn sorted(x: f64, y: f64) -> f64 {
    let (mut a, mut b) = (x * y, x);
    if a > b {
        swap(&mut a, &mut b);
    }
    a * a + b
}

fn main() {}
