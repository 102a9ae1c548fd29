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

macro_rules! doubled {
    ([] $name:ident $x:ident $($tokens:tt)*) => {
        #[differentiate]
        fn $name($x: f64) -> f64 {
            $x $($tokens)*
        }
    };
    ([$_:tt $($rest:tt)*] $name:ident $x:ident $($tokens:tt)*) => {
        doubled! { [$($rest)*] $name $x $($tokens)* $($tokens)* }
    };
}

// Some two thousand tokens without an end.
doubled! { [1 2 3 4 5 6 7 8 9 10] long x * x }

fn main() {}
