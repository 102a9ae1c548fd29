//! Eight functions that most engines get wrong, as far as they need neither calls nor closures.

use super::*;

regressions! {
    /// The indices are those that were read, although the integer changes later.
    t1_index_of_changing_state:
    fn f(x: &[f64], n: usize) -> f64 {
        let mut k = 1;
        let mut p = 1.0;
        for i in 0..n {
            k = (k + 2 * i + 1) % n;
            p *= x[k].sin();
        }
        k = 0;
        p * x[k]
    }
    [array(&[0.3, 1.1, 0.7, 2.0, 0.9]), int(5)], |x| f(x, 5);

    t2_two_sums_with_return_and_break:
    fn f(x: &[f64], v: f64) -> f64 {
        let mut s = 0.0;
        let mut q = 0.0;
        for i in 0..x.len() {
            if x[i] < -5.0 {
                return 7.0 * v;
            }
            if x[i] > 5.0 {
                break;
            }
            s += x[i] * v;
            q += x[i].sin();
        }
        s * q
    }
    [array(&[0.3, 1.1, 0.7, 6.0, -9.0]), float(0.4)], |x| f(&x[..5], x[5]);

    t2_with_return:
    fn f(x: &[f64], v: f64) -> f64 {
        let mut s = 0.0;
        let mut q = 0.0;
        for i in 0..x.len() {
            if x[i] < -5.0 {
                return 7.0 * v;
            }
            if x[i] > 5.0 {
                break;
            }
            s += x[i] * v;
            q += x[i].sin();
        }
        s * q
    }
    [array(&[0.3, 1.1, -6.0, 6.0]), float(0.4)], |x| f(&x[..4], x[4]);

    /// An array that looks private to an iteration and is not.
    t5_array_carried_by_half:
    fn f(x: &[f64]) -> f64 {
        let mut b = [1.0, 0.5];
        let mut s = 0.0;
        for i in 0..x.len() {
            b[i % 2] = b[0] * x[i];
            s += b[1].exp();
        }
        s
    }
    [array(&[0.3, 1.1, 0.7, 2.0, 0.9])], |x| f(x);
}

/// Zero does not meet infinity: the logarithm's derivative at 0 is not used.
#[test]
fn t3_infinite_partial_of_what_is_not_used() {
    let source = "fn f(x: f64) -> f64 { let l = x.ln(); if x <= 0.0 { return 2.0 * x; } x * l }";
    exactly(source, &[float(0.0)], 0.0, &[2.0], 1e-12);
    exactly(source, &[float(2.0)], 2.0 * 2f64.ln(), &[2f64.ln() + 1.0], 1e-12);
}

/// The same where the branch is in the middle, in one arm of several, and in a loop that may have no iterations.
#[test]
fn infinite_partials_of_what_is_not_used() {
    let value = "fn f(x: f64) -> f64 { let l = x.sqrt(); let r = if x <= 0.0 { 2.0 * x } else { x * l }; r + x }";
    exactly(value, &[float(0.0)], 0.0, &[3.0], 1e-12);
    let statement =
        "fn f(x: f64) -> f64 { let l = x.sqrt(); let mut r = 3.0 * x; if x > 0.0 { r = x * l; } r.sin() * r + x }";
    exactly(statement, &[float(0.0)], 0.0, &[1.0], 1e-12);
    let two_of_three = "fn f(x: f64) -> f64 { let k = x * 1.0; let l = k.ln(); \
        if x > 2.0 { return l; } if x > 1.0 { return 2.0 * l * x; } 4.0 * x }";
    exactly(two_of_three, &[float(0.0)], 0.0, &[4.0], 1e-12);
    let looped = "fn f(x: f64, n: usize) -> f64 { let l = x.ln(); let mut s = x; for _ in 0..n { s += l; } s }";
    exactly(looped, &[float(0.0), int(0)], 0.0, &[1.0], 1e-12);
    let carried = "fn f(x: f64, n: usize) -> f64 { let l = x.sqrt(); let mut s = x; for _ in 0..n { s *= l; } s }";
    exactly(carried, &[float(0.0), int(0)], 0.0, &[1.0], 1e-12);
}
