//! Which function is called, and whose derivatives are taken for its: those of the function that the name means, whatever it is
//! generic over, or none. Oracle: finite differences.

#![allow(clippy::cast_precision_loss, reason = "counts are small")]

use std::panic::catch_unwind;
use symgrad::{assert_gradient, differentiate};

/// Has a `g`, an `h` and a `buffered`, with derivatives.
mod imported {
    use symgrad::differentiate;

    #[differentiate(gradient, jvp)]
    pub fn g(x: f64) -> f64 {
        x.sin()
    }

    #[differentiate(gradient, jvp)]
    pub fn h<T: num_traits::Float>(x: T) -> T {
        x.exp()
    }

    #[differentiate(jvp)]
    pub fn buffered(x: f64, out: &mut [f64; 2]) {
        out[0] = x * x;
        out[1] = x;
    }

    #[differentiate(gradient, jvp)]
    pub fn seen(x: f64) -> f64 {
        x.cos()
    }
}

/// Functions without derivatives hide those that a glob imports, and their protocols are still found under their names.
mod hiding {
    #[allow(unused_imports, reason = "its functions are hidden, but for one")]
    use super::imported::*;
    use symgrad::differentiate;

    pub fn g(x: f64) -> f64 {
        100.0 * x
    }

    fn h<T: num_traits::Float>(x: T) -> T {
        x + x
    }

    fn buffered(x: f64, out: &mut [f64; 2]) {
        *out = [x, 7.0 * x];
    }

    #[differentiate(gradient, jvp)]
    pub fn hidden(x: f64) -> f64 {
        g(x) + x
    }

    #[differentiate(gradient, jvp)]
    pub fn by_path(x: f64) -> f64 {
        self::g(x) + x
    }

    #[differentiate(gradient, jvp)]
    pub fn generic<T: num_traits::Float>(x: T) -> T {
        h(x) + x
    }

    #[differentiate(gradient, jvp)]
    pub fn by_buffer(x: f64) -> f64 {
        let mut out = [0.0; 2];
        buffered(x, &mut out);
        out[0] * out[1]
    }

    #[differentiate(gradient, jvp)]
    pub fn not_hidden(x: f64) -> f64 {
        seen(x) * x
    }
}

/// What a panic says.
fn panic_of<R>(f: impl FnOnce() -> R + std::panic::UnwindSafe) -> String {
    match catch_unwind(f) {
        Ok(_) => String::new(),
        Err(panic) => panic.downcast_ref::<String>().cloned().unwrap_or_default(),
    }
}

#[test]
fn a_function_that_hides_another_is_not_taken_for_it() {
    let both = ["`callees::hiding::g` is called", "those of `callees::imported::g`"];
    for said in [
        panic_of(|| hiding::hidden_gradient(1.0)),
        panic_of(|| hiding::hidden_jvp(1.0, 1.0)),
        panic_of(|| hiding::by_path_gradient(1.0)),
        panic_of(|| hiding::by_path_jvp(1.0, 1.0)),
    ] {
        assert!(both.iter().all(|part| said.contains(part)), "{said}");
    }
    for said in [panic_of(|| hiding::generic_gradient(1.0)), panic_of(|| hiding::generic_jvp(1.0_f32, 1.0))] {
        assert!(said.contains("`callees::hiding::h<f"), "{said}");
    }
    for said in [panic_of(|| hiding::by_buffer_gradient(1.0)), panic_of(|| hiding::by_buffer_jvp(1.0, 1.0))] {
        assert!(said.contains("`callees::hiding::buffered` is called"), "{said}");
    }
    assert_gradient!(
        |p| hiding::not_hidden(p[0]),
        |p| hiding::not_hidden_value_and_gradient(p[0]),
        [0.4],
        jvp = |p, v| hiding::not_hidden_jvp(p[0], v[0])
    );
}

// What functions are generic over is inferred for the function that is handed over.

#[differentiate(gradient, jvp)]
fn norm<const N: usize>(x: &[f64; N]) -> f64 {
    let mut sum = 0.0;
    for v in x {
        sum += v * v;
    }
    sum
}

#[differentiate(gradient, jvp, wrt(x))]
fn power<const N: usize>(x: f64) -> f64 {
    let mut product = 1.0;
    for _ in 0..N {
        product *= x;
    }
    product
}

#[differentiate(gradient, jvp, wrt(a, b))]
fn weighted<'a>(a: &'a [f64], b: &'a [f64], names: &[&str]) -> f64 {
    let mut sum = 0.0;
    for i in 0..names.len() {
        sum += a[i] * b[i].sin();
    }
    sum
}

#[differentiate(gradient, jvp, wrt(x))]
fn longer<'a, 'b: 'a>(x: f64, a: &'a str, b: &'b str) -> f64 {
    let longest: &'a str = if a.len() > b.len() { a } else { b };
    x * x * longest.len() as f64
}

#[differentiate(gradient, jvp, wrt(x))]
fn counted(x: f64, indices: impl Iterator<Item = usize> + Clone, scale: &impl Fn(usize) -> f64) -> f64 {
    let mut sum = 0.0;
    for k in indices {
        sum += scale(k) * x.powi(2);
    }
    sum
}

#[differentiate(gradient, jvp, wrt(x))]
fn scaled<F>(scale: F, x: f64) -> f64
where
    F: Fn(f64) -> f64,
{
    scale(2.0) * x.exp()
}

#[differentiate(gradient, jvp, wrt(x))]
fn dynamic(scale: &dyn Fn(f64) -> f64, x: f64) -> f64 {
    scale(2.0) * x.exp()
}

#[derive(Debug)]
struct Wrong<'a>(#[allow(dead_code)] &'a str);

#[differentiate(gradient, jvp, wrt(x))]
#[allow(clippy::elidable_lifetime_names, reason = "both forms are tested")]
fn checked<'a>(x: f64, unit: &'a str) -> Result<f64, Wrong<'a>> {
    if unit == "m" { Ok(x * x) } else { Err(Wrong(unit)) }
}

#[differentiate(gradient, jvp, wrt(x))]
fn elided(x: f64, unit: &str) -> Result<f64, Wrong<'_>> {
    if unit.is_empty() { Err(Wrong(unit)) } else { Ok(x.sin()) }
}

/// Its parameter has its name.
#[differentiate(gradient, jvp)]
fn namesake(namesake: f64) -> f64 {
    namesake * namesake
}

/// Its parameter has the name of the protocol's.
#[differentiate(gradient, jvp, wrt(x))]
fn called(called: f64, x: f64) -> f64 {
    called * x.tanh()
}

#[differentiate(gradient, jvp, wrt(x))]
fn factorial(x: f64, n: usize) -> f64 {
    if n == 0 {
        return 1.0;
    }
    x * factorial(x - 1.0, n - 1)
}

const fn identity(x: f64) -> f64 {
    x
}

#[differentiate(gradient, jvp)]
fn every_form(x: f64, y: f64) -> f64 {
    let scale = |k: usize| k as f64;
    let a = norm(&[x, y]) + norm::<3>(&[x, y, x * y]) + power::<3>(x);
    let b = weighted(&[x, y], &[y, x], &["a", "b"]) + longer(x, "metre", "inch");
    let c = counted(x, 0..3, &scale) + scaled(identity, y) + scaled(|t| t + 1.0, x) + dynamic(&|t| t, y);
    let d = checked(x, "m").unwrap() + elided(y, "m").unwrap();
    let e = namesake(x) + called(3.0, y) + factorial(x + 5.0, 3);
    // A variable that is named like a function that has been called.
    let norm = a * b;
    norm + c * d + e
}

#[test]
fn whatever_a_function_is_generic_over() {
    for point in [[0.3, -0.8], [1.2, 0.4]] {
        assert_gradient!(
            |p| every_form(p[0], p[1]),
            |p| every_form_value_and_gradient(p[0], p[1]),
            point,
            jvp = |p, v| every_form_jvp(p[0], p[1], v[0], v[1])
        );
    }
}

/// A function that only looks generic, and one that is called by what it was imported as.
mod renamed {
    use super::imported::{buffered as fill, g as sine, h as exponential};
    use symgrad::differentiate;

    #[differentiate(gradient, jvp)]
    pub fn f(x: f64) -> f64 {
        let mut out = [0.0; 2];
        fill(sine(x), &mut out);
        let fill = exponential::<f64>(out[0]);
        fill * super::imported::h(out[1])
    }

    #[differentiate(gradient, jvp)]
    pub fn generic<T: num_traits::Float>(x: T) -> T {
        exponential(x) * exponential::<T>(x * x)
    }
}

#[test]
fn by_other_names() {
    for x in [-0.7, 0.2, 1.3] {
        assert_gradient!(
            |p| renamed::f(p[0]),
            |p| renamed::f_value_and_gradient(p[0]),
            [x],
            jvp = |p, v| renamed::f_jvp(p[0], v[0])
        );
        assert_gradient!(
            |p| renamed::generic(p[0]),
            |p| renamed::generic_value_and_gradient(p[0]),
            [x],
            jvp = |p, v| renamed::generic_jvp(p[0], v[0])
        );
    }
}
