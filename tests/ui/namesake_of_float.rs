//! A bound whose name only looks like that of floats.

use num_traits as _;
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

// Taken for a float by its use: what is returned is made of it.
trait Scalar: Copy + std::ops::Mul<Output = Self> + std::ops::Add<Output = Self> {
    fn sin(self) -> Self;
    fn cos(self) -> Self;
}

#[differentiate(standalone)]
fn g<S: Scalar>(x: S) -> S {
    x.sin() * x
}

// No bound here says that it may be a float.
#[differentiate]
fn h<T: Copy + std::ops::Mul<Output = T>>(x: T) -> T {
    x * x
}

fn main() {}
