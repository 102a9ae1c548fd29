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

fn main() {}
