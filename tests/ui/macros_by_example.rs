//! The user's macros: not named, without the attribute, with arguments, named inside of an `impl`, or what they expand to is no
//! number's way.

use symgrad::differentiate;

#[differentiate]
macro_rules! square {
    ($x:expr) => {
        $x * $x
    };
}

macro_rules! plain {
    ($x:expr) => {
        $x + 1.0
    };
}

#[differentiate(gradient)]
macro_rules! with_arguments {
    ($x:expr) => {
        $x
    };
}

#[differentiate]
macro_rules! rounded {
    ($x:expr) => {
        ($x as i32) as f64
    };
}

#[differentiate]
fn not_named(x: f64) -> f64 {
    square!(x)
}

#[differentiate(macros(plain))]
fn without_attribute(x: f64) -> f64 {
    plain!(x)
}

#[differentiate(macros(rounded))]
fn lost(x: f64) -> f64 {
    x * rounded!(x)
}

#[differentiate(macros)]
fn no_names(x: f64) -> f64 {
    x * x
}

#[differentiate(macros(square, 3))]
fn no_name(x: f64) -> f64 {
    square!(x)
}

struct Model;

#[differentiate]
impl Model {
    #[differentiate(macros(square))]
    fn energy(x: f64) -> f64 {
        square!(x)
    }
}

fn main() {}
