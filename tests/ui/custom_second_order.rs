//! Second derivatives of functions with rules of their own: where they are not asked for, where the rule is no differentiated
//! function, and where it says nothing of them.

use symgrad::differentiate;

#[differentiate(custom = rule)]
fn f(x: f64) -> f64 {
    x.sin()
}

#[differentiate(hvp, custom = rule)]
fn undifferentiated(x: f64) -> f64 {
    x.sin()
}

fn rule(x: f64) -> (f64, f64) {
    (f(x), x.cos())
}

#[differentiate(hvp)]
fn g(x: f64, y: f64) -> f64 {
    f(x * y) + x
}

#[differentiate(vjp, custom = pair_rule)]
fn pair(x: f64) -> [f64; 2] {
    [x, x]
}

fn pair_rule(x: f64, c: &[f64; 2]) -> ([f64; 2], f64) {
    ([x, x], c[0] + c[1])
}

#[differentiate(jacobian)]
fn rows(x: f64, y: f64) -> [f64; 2] {
    let p: [f64; 2] = pair(x * y);
    [p[0], p[1] * x]
}

fn main() {}
