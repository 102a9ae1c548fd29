//! All mistakes of a function in one compile.

use symgrad::differentiate;

#[differentiate(gradient, verify, wrt(x, z))]
fn f(x: f64, y: f64) -> f64 {
    let a = (x as i32) as f64;
    let b = unknown(x);
    let pair = vec![(x, y, 1)];
    static COUNT: usize = 0;
    let c = square!(x);
    a + b + pair[0].0 + c
}

fn unknown(x: f64) -> f64 {
    x
}

macro_rules! square {
    ($x:expr) => {
        $x * $x
    };
}
use square;

fn main() {
    // The gradient has a stub, whatever is wrong above.
    let _: f64 = f_gradient(1.0, 2.0);
}
