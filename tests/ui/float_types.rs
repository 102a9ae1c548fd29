//! Numbers of more than one float type in a function, where the types are not visible, or a derivative is lost.

use num_traits::Float;
use symgrad::differentiate;

// Into what is not said.
#[differentiate]
fn g(x: f32) -> f32 {
    let y = x.into();
    let _: &f64 = &y;
    x
}

// An operator between different types.
#[differentiate]
fn h<T: Float + std::ops::Mul<f64, Output = T>>(x: T) -> T {
    x * x.to_f64().unwrap()
}

// A literal that is no `T`.
#[differentiate]
fn k<T: Float + std::ops::Mul<f64, Output = T>>(x: T) -> T {
    T::from(x.to_f64().unwrap().sin()).unwrap() * 2.0
}

// Bits have no derivative in any type.
#[differentiate]
fn l(x: f64) -> f64 {
    f64::from((x as f32).to_bits())
}

// A conversion that may fail is not followed.
#[differentiate]
fn m(x: f64) -> f64 {
    let y: i32 = (x as f32) as i32;
    f64::from(y)
}

// A user's own function of that name, which may do anything.
trait Scalar: Float {
    fn from_f64(x: f64) -> Option<Self>;
}

#[differentiate]
fn n<T: Scalar + Float>(x: T) -> T {
    T::from_f64(x.to_f64().unwrap().sin()).unwrap()
}

// A method of any trait.
trait Doubled {
    fn to_f64(self) -> Option<f64>;
}

impl Doubled for f32 {
    fn to_f64(self) -> Option<f64> {
        Some(f64::from(self) * 2.0)
    }
}

#[differentiate]
fn o(x: f32) -> f32 {
    x.to_f64().unwrap() as f32
}

fn main() {}
