//! A callee without the derivatives that its caller needs: an error of types, never a wrong number.

use symgrad::differentiate;

mod other {
    use symgrad::differentiate;

    #[differentiate(gradient, jvp, wrt(a))]
    pub fn area(a: f64, b: f64) -> f64 {
        a * b
    }

    #[differentiate(gradient)]
    pub fn square(a: f64) -> f64 {
        a * a
    }

    #[differentiate(gradient, wrt(n))]
    pub fn scaled(n: f64, data: &[f64]) -> f64 {
        n * data[0]
    }
}

#[differentiate(gradient)]
fn reverse(x: f64) -> f64 {
    2.0 * other::area(1.0, x)
}

#[differentiate(jvp)]
fn forward(x: f64) -> f64 {
    2.0 * other::area(x, x)
}

#[differentiate(jvp)]
fn no_jvp(x: f64) -> f64 {
    2.0 * other::square(x)
}

#[differentiate(gradient)]
fn slices(x: f64, data: &[f64]) -> f64 {
    2.0 * other::scaled(x, data)
}

fn main() {}
