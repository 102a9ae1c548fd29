//! Generic over types.

use num_traits::Float;
use symgrad::differentiate;

// Any type.
#[differentiate]
fn f<T: Copy + std::ops::Mul<Output = T>>(x: T) -> T {
    x * x
}

#[differentiate(wrt(x, y))]
fn g<T: Into<f64>>(x: f64, y: T) -> f64 {
    x * y.into()
}

#[differentiate(wrt(y))]
fn h<T>(x: f64, y: &[T]) -> f64 {
    x * y.len() as f64
}

// Two float types.
#[differentiate]
fn k<T: Float, U: Float>(x: T, y: U) -> T {
    x * T::from(y).unwrap()
}

#[differentiate]
fn l<T: Float>(x: T, y: f64) -> T {
    x * T::from(y).unwrap()
}

// By way of other types.
#[differentiate]
fn m<T: Float>(x: T) -> T {
    T::from(x).unwrap() + T::from(x.to_f64().unwrap()).unwrap() + num_traits::cast::<T, T>(x).unwrap()
}

#[differentiate]
fn n<T: Float + num_traits::Euclid>(x: T, y: T) -> T {
    x.rem_euclid(&y) + num_traits::clamp_min(x, y)
}

// One that may be negated and multiplied, but is no float.
#[differentiate(wrt(x))]
fn o<T>(x: T) -> T
where
    T: num_traits::Num,
{
    x
}

// A literal has no type parameter's type.
#[differentiate]
fn p<T: Float + std::ops::Mul<f64, Output = T>>(x: T) -> T {
    x * 2.0
}

fn main() {}
