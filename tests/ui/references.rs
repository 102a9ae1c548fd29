//! References to arrays of which symgrad does not know to which.

use symgrad::differentiate;

#[differentiate]
fn rebound(x: f64, y: f64, n: usize) -> f64 {
    let b = [x, y];
    let c = [y * y, x];
    let mut r = &b;
    if n > 1 {
        r = &c;
    }
    r[0] * r[1]
}

#[differentiate]
fn listed(x: f64, y: f64) -> f64 {
    let mut b = [x, y];
    let mut c = [y, x];
    let lists = [&mut b, &mut c];
    lists[0][0] = x * y;
    b[0] * c[1]
}

#[differentiate(wrt(x))]
fn by_pattern(x: f64) -> f64 {
    let mut w = 1.0;
    {
        let ref mut r = w;
        *r = 2.0;
    }
    match w {
        ref mut r => *r = 3.0,
    }
    w * x
}

fn main() {}
