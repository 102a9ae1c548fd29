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

#[differentiate]
fn replaced(x: f64, y: f64) -> f64 {
    let b = [x, y];
    let c = [y * y, x];
    let mut r = &b;
    let old = std::mem::replace(&mut r, &c);
    r[0] * b[0] + old[1]
}

#[differentiate]
fn replaced_member(x: f64, y: f64) -> f64 {
    let b = [x, y];
    let c = [y * y, x];
    let mut t = (&b, 1.0);
    let old = std::mem::replace(&mut t.0, &c);
    t.0[0] * b[0] + old[1]
}

#[differentiate]
fn replaced_exclusive(x: f64, y: f64) -> f64 {
    let mut b = [x, y];
    let mut c = [y * y, x];
    let mut r = &mut b[..];
    let old = std::mem::replace(&mut r, &mut c);
    r[0] = 3.0;
    old[1] + b[0] * c[0]
}

#[differentiate]
fn behind_another(x: f64, y: f64) -> f64 {
    let b = [x, y];
    let c = [y * y, x];
    let mut r = &b;
    let q = &mut r;
    *q = &c;
    r[0] * b[0]
}

#[differentiate]
fn lent(x: f64, y: f64) -> f64 {
    fn put<'a>(r: &mut &'a [f64; 2], other: &'a [f64; 2]) {
        *r = other;
    }
    let b = [x, y];
    let c = [y * y, x];
    let mut r = &b;
    put(&mut r, &c);
    r[0] * b[0]
}

fn main() {}
