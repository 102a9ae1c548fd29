//! A bound whose name only looks like that of floats.

use symgrad::differentiate;

trait GpuFloat: Copy + std::ops::Mul<Output = Self> + std::ops::Add<Output = Self> {
    /// Of an angle in degrees.
    fn sin(self) -> Self;
    fn cos(self) -> Self;
}

#[differentiate]
fn f<T: GpuFloat>(x: T) -> T {
    x.sin() * x
}

trait Scalar: num_traits::Float + std::fmt::Debug {}

// No bound here says that it is a float.
#[differentiate]
fn g<T: Scalar>(x: T) -> T {
    x.sin() * x
}

fn main() {}
