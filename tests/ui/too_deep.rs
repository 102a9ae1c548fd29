//! Nested more deeply than can be differentiated.

#![allow(unused_parens)]

use symgrad::differentiate;

#[differentiate]
#[rustfmt::skip]
fn referenced(x: f64) -> f64 {
    *& *& *& *& *& *& *& *& *& *& *& *& *& *& *& *& *& *& *& *& x
}

#[differentiate]
#[rustfmt::skip]
fn nested(x: f64) -> f64 {
    ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((
        x * x
    ))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))
}

fn main() {}
