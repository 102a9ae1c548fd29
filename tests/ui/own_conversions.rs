//! Methods of a user's trait that have the names of conversions: of a type parameter they come before those of other traits.

use num_traits::Float;
use symgrad::differentiate;

trait Squared {
    fn into(self) -> f64;
}

impl Squared for f64 {
    fn into(self) -> f64 {
        self * self
    }
}

#[differentiate(gradient, jvp)]
fn squared<T: Float + Squared>(x: T, y: T) -> T {
    let a: f64 = x.into();
    T::from(a * 2.0).unwrap() * y
}

trait Halved: Float {
    fn to_f64(self) -> Option<f64>;
}

#[differentiate(gradient, jvp)]
fn halved<T: Halved>(x: T, y: T) -> T {
    T::from(x.to_f64().unwrap() * 2.0).unwrap() * y
}

// The same around what is returned.
#[differentiate(gradient, jvp)]
fn squared_in_the_end<T: Float + Squared>(x: T) -> f64 {
    x.into()
}

trait Doubled {
    fn to_f64(self) -> Option<f64>;
}

impl Doubled for f32 {
    fn to_f64(self) -> Option<f64> {
        Some(f64::from(self) * 2.0)
    }
}

#[differentiate(gradient, jvp)]
fn doubled_in_the_end(x: f32) -> f64 {
    x.to_f64().unwrap()
}

fn main() {}
