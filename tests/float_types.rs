//! Functions that compute in more than one float type, where the corpus has none: calls between functions of different types, kinds
//! of derivatives, and numbers that are rounded on their way. Expected are differences of the same function written in `f64`, and
//! bits of values.

#![allow(
    clippy::pedantic,
    clippy::assign_op_pattern,
    clippy::collapsible_if,
    clippy::type_complexity,
    clippy::unnecessary_lazy_evaluations,
    clippy::needless_late_init,
    clippy::vec_init_then_push,
    reason = "as users write them"
)]

use num_traits::Float;
use std::cell::Cell;
use symgrad::differentiate;

/// A difference quotient of second order.
fn difference(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let h = 1e-5;
    (f(x + h) - f(x - h)) / (2.0 * h)
}

fn assert_close(a: f64, b: f64, tolerance: f64) {
    assert!((a - b).abs() <= tolerance * b.abs().max(1.0), "{a} is not {b}");
}

#[differentiate(gradient, jvp, hvp)]
fn waves(y: f64, k: f64) -> f64 {
    (y * k).sin() + y.exp()
}

#[differentiate(gradient, jvp, hessian)]
fn of_waves(x: f32, k: f32) -> f32 {
    let y = waves(x as f64, f64::from(k));
    (y * y) as f32 + waves_single(x, k)
}

#[differentiate(gradient, jvp, hvp)]
fn waves_single(x: f32, k: f32) -> f32 {
    x * k.cos()
}

#[differentiate(gradient, jvp)]
fn calls_mixed(x: f32) -> f32 {
    let mut s = 0.0;
    for k in 0..3 {
        s += of_waves(x, k as f32) * x;
    }
    s
}

/// A buffer of doubles.
#[differentiate(vjp, jvp)]
fn fill(x: &[f64], out: &mut [f64]) {
    for i in 0..x.len() {
        out[i] = x[i] * x[i].sin() + out[i];
    }
}

#[differentiate(gradient, jvp)]
fn through_buffers(x: [f32; 3]) -> f32 {
    let wide: [f64; 3] = x.map(|v| v as f64);
    let mut out = [1.0; 3];
    fill(&wide, &mut out);
    (out[0] * out[1] + out[2]) as f32
}

#[test]
fn calls_of_functions_of_other_types() {
    let double = |x: f64, k: f64| {
        let y = waves(x, k);
        y * y + x * k.cos()
    };
    let (x, k) = (0.5_f32, 1.25_f32);
    let (value, [dx, dk], hessian) = of_waves_value_gradient_hessian(x, k);
    assert_eq!(value.to_bits(), of_waves(x, k).to_bits());
    let expected = (difference(|x| double(x, 1.25), 0.5), difference(|k| double(0.5, k), 1.25));
    assert_close(dx.into(), expected.0, 1e-6);
    assert_close(dk.into(), expected.1, 1e-6);
    let gradient = |x: f64| difference(|k| double(x, k), 1.25);
    assert_close(hessian[0][1].into(), difference(gradient, 0.5), 1e-4);
    assert_eq!(hessian[0][1].to_bits(), hessian[1][0].to_bits());
    let (value, tangent) = of_waves_jvp(x, k, 1.0, 2.0);
    assert_eq!(value.to_bits(), of_waves(x, k).to_bits());
    assert_close(tangent.into(), expected.0 + 2.0 * expected.1, 1e-6);

    let sum = |x: f64| (0..3).map(|k| double(x, f64::from(k)) * x).sum::<f64>();
    assert_close(calls_mixed_gradient(0.75).into(), difference(sum, 0.75), 1e-6);
    assert_close(calls_mixed_jvp(0.75, 2.0).1.into(), 2.0 * difference(sum, 0.75), 1e-6);

    let filled = |v: f64| v * v.sin() + 1.0;
    let (value, gradient) = through_buffers_value_and_gradient([0.5, 1.0, 2.0]);
    assert_eq!(value.to_bits(), through_buffers([0.5, 1.0, 2.0]).to_bits());
    assert_close(gradient[0].into(), difference(filled, 0.5) * filled(1.0), 1e-6);
    assert_close(gradient[1].into(), difference(filled, 1.0) * filled(0.5), 1e-6);
    assert_close(gradient[2].into(), difference(filled, 2.0), 1e-6);
}

/// Computes in `f64`, and rounds on the way.
#[differentiate(gradient, jvp, hvp)]
fn rounded(x: f64, n: usize) -> f64 {
    let narrow = (x * 1.1) as f32;
    let mut s: f32 = 0.1;
    for i in 0..n {
        s = s * narrow + i as f32;
    }
    let again = f64::from(narrow) as f32;
    f64::from(s) * x + f64::from(again * narrow)
}

#[test]
fn conversions_round() {
    let double = |x: f64| {
        let narrow = x * 1.1;
        let mut s = 0.1;
        for i in 0..4 {
            s = s * narrow + f64::from(i);
        }
        s * x + narrow * narrow
    };
    for x in [0.1, 0.7, 1.3] {
        let (value, derivative) = rounded_value_and_gradient(x, 4);
        assert_eq!(value.to_bits(), rounded(x, 4).to_bits());
        assert_close(derivative, difference(double, x), 1e-6);
        let (value, tangent) = rounded_jvp(x, 4, 1.0);
        assert_eq!(value.to_bits(), rounded(x, 4).to_bits());
        assert_close(tangent, derivative, 1e-6);
        // The derivative is that of the function that rounds: it is computed in the types of the function.
        assert_ne!(derivative.to_bits(), difference(double, x).to_bits());
    }
}

#[differentiate(jvp, vjp)]
fn stepped(x: f64, y: &mut f64) {
    *y = *y * x.sin();
}

/// A variable of another type than the function's is lent, and others are received.
#[differentiate(gradient, jvp)]
fn lends(x: f32) -> f32 {
    let (mut a, mut b) = (x as f64 * 0.5, 0.25_f64);
    stepped(x as f64, &mut a);
    (a, b) = both(a, b);
    (a * b) as f32
}

#[differentiate(vjp, jvp)]
fn both(x: f64, y: f64) -> (f64, f64) {
    (x * y, x.exp() + y)
}

/// Statements that the engine writes itself have no type of the function's.
macro_rules! of_lists {
    ($(#[$attribute:meta])* $name:ident, $float:ty) => {
        $(#[$attribute])*
        fn $name(x: &[$float; 3], at: usize) -> $float {
            let mut stack: Vec<f64> = x.iter().map(|&v| v as f64).collect();
            stack.insert(1, stack[0] * stack[2]);
            stack.resize(5, stack[1]);
            let rows = [[stack[0], 0.1], [stack[3], stack[4]]];
            let joined = rows.concat();
            let first = joined.iter().copied().filter(|v| v.abs() < 0.6).reduce(|a, b| a * b).unwrap_or_default();
            let last = joined.get(at).copied().unwrap_or_default();
            let mut s = first + last * 2.0;
            while let Some(v) = stack.pop() {
                s += v.sin() * s;
            }
            let late = 'late: {
                if s > 100.0 {
                    break 'late s.sqrt();
                }
                s * 0.1
            };
            let table: [[f64; 2]; 2] = std::array::from_fn(|i| std::array::from_fn(|j| late + joined[i + j]));
            (table[1][1] + late) as $float
        }
    };
}

of_lists!(
    #[differentiate(gradient, jvp)]
    of_lists,
    f32
);
of_lists!(of_lists_in_double, f64);

#[test]
fn statements_of_the_engine() {
    for at in [1, 7] {
        let x = [0.5, 1.25, -0.75];
        let (value, gradient) = of_lists_value_and_gradient(&x, at);
        assert_eq!(value.to_bits(), of_lists(&x, at).to_bits());
        for (k, partial) in gradient.into_iter().enumerate() {
            let moved = |v: f64| {
                let mut point = x.map(f64::from);
                point[k] = v;
                of_lists_in_double(&point, at)
            };
            assert_close(partial.into(), difference(moved, x[k].into()), 1e-5);
        }
        let tangent = of_lists_jvp(&x, at, &[1.0, 2.0, -1.0]).1;
        assert_close(tangent.into(), f64::from(gradient[0] + 2.0 * gradient[1] - gradient[2]), 1e-5);
    }
}

/// Another type parameter's bound says nothing of floats.
#[differentiate(gradient, jvp, wrt(x))]
fn drawn<R: Draw>(source: &mut R, x: f32) -> f32 {
    let y: f64 = x.into();
    (y * y * source.draw()) as f32
}

trait Draw {
    fn draw(&mut self) -> f64;
}

impl Draw for f64 {
    fn draw(&mut self) -> f64 {
        *self *= 2.0;
        *self
    }
}

/// What is there anyhow is evaluated.
#[differentiate(gradient, jvp)]
fn counted<T: Float>(x: T, count: &Cell<i32>) -> T {
    let default = || {
        count.set(count.get() + 1);
        0.0
    };
    let y = x.to_f64().unwrap_or(default());
    T::from(y * y).unwrap_or_else(|| x)
}

#[test]
fn code_beside_conversions() {
    let lent = |x: f64| {
        let a = x * 0.5 * x.sin();
        a * 0.25 * (a.exp() + 0.25)
    };
    let (value, derivative) = lends_value_and_gradient(0.75);
    assert_eq!(value.to_bits(), lends(0.75).to_bits());
    assert_close(derivative.into(), difference(lent, 0.75), 1e-6);
    assert_close(lends_jvp(0.75, 2.0).1.into(), 2.0 * difference(lent, 0.75), 1e-6);

    assert_close(drawn_gradient(&mut 0.25, 0.75).into(), difference(|x| x * x * 0.5, 0.75), 1e-6);

    let count = Cell::new(0);
    assert_close(counted_gradient(0.75_f32, &count).into(), difference(|x| x * x, 0.75), 1e-6);
    assert_eq!(count.get(), 1);
}

/// Literals are of the types that variables are declared with, wherever that is said.
#[differentiate(gradient, jvp)]
fn said(x: f64, c: bool) -> f64 {
    let mut list: Vec<f32> = Vec::new();
    list.push(0.1);
    let late: f32;
    if c {
        late = 0.1;
    } else {
        late = 0.2;
    }
    let (first, _): (f32, u8) = (0.3, 1);
    let mut again: f32 = 1.0;
    let mut suffix = 0.5_f32;
    again = again.min(2.0) * 0.0;
    let zero = again;
    again = 0.7;
    suffix = suffix * 0.0;
    let other = suffix;
    suffix = 0.6;
    let mut there: Option<f32> = None;
    if x > 0.0 {
        there = Some(0.9);
    }
    let array: [f32; 2];
    array = [0.1, 0.2];
    let tuple = |(u, v): (f32, f32)| u as f64 * v as f64 * x;
    let chosen = |v: f64, c: bool| -> f32 { if c && v > 0.0 { 0.1 } else { 0.2 } };
    let sum = [x, x].iter().map(|_| 0.1).sum::<f32>();
    let scale = list[0] as f64 * late as f64 + first as f64 + again as f64 + suffix as f64 + array[1] as f64;
    let more = there.unwrap_or(0.3) as f64 + chosen(x, c) as f64 + sum as f64 + zero as f64 + other as f64;
    (x as f32) as f64 * (scale + more) + tuple((0.1, 0.2))
}

#[test]
fn literals_have_declared_types() {
    for (x, c) in [(0.5, true), (0.5, false), (-0.5, true)] {
        let (value, derivative) = said_value_and_gradient(x, c);
        assert_eq!(value.to_bits(), said(x, c).to_bits());
        // It is linear where its argument is an `f32`.
        let quotient = (said(x + 0.25, c) - said(x - 0.25, c)) / 0.5;
        assert_close(derivative, quotient, 1e-6);
        assert_eq!(said_jvp(x, c, 1.0).0.to_bits(), said(x, c).to_bits());
    }
}

#[differentiate(jvp, vjp, jacobian)]
fn scaled(x: &[f32; 2], k: f32) -> [f32; 2] {
    let mut result = [0.0; 2];
    for i in 0..2 {
        let y = f64::from(x[i]) * f64::from(k);
        result[i] = y.sin() as f32 * x[1 - i];
    }
    result
}

#[differentiate(gradient, sparse_hessian, hessian)]
fn chain(x: &[f32]) -> f32 {
    let mut s = 0.0;
    for i in 1..x.len() {
        let d: f64 = (x[i] - x[i - 1]).into();
        s += (d * d).exp();
    }
    s as f32
}

#[test]
fn matrices() {
    let x = [0.5, 1.25];
    let (value, jacobian) = scaled_value_and_jacobian(&x, 0.75);
    assert_eq!(value.map(f32::to_bits), scaled(&x, 0.75).map(f32::to_bits));
    let [(first, _), (_, dk)] = jacobian;
    assert_close(first[0].into(), difference(|v| (v * 0.75).sin() * 1.25, 0.5), 1e-6);
    assert_close(first[1].into(), (0.5_f64 * 0.75).sin(), 1e-6);
    assert_close(dk.into(), difference(|k| (1.25 * k).sin() * 0.5, 0.75), 1e-6);

    let x = [0.5, 0.75, 0.25, 0.5];
    let (_, _, dense) = chain_value_gradient_hessian(&x);
    let pattern = chain_sparse_hessian_pattern(&x);
    let sparse = chain_sparse_hessian(&x, &pattern);
    let mut entries = vec![vec![0.0; 4]; 4];
    for (&(row, column), &value) in pattern.entries().iter().zip(&sparse) {
        entries[row][column] = value;
        // What is below the diagonal is what is above it.
        entries[column][row] = value;
    }
    assert_eq!(entries.concat(), dense);
}

/// The whole range of `f64` on the way, in an `f32`.
#[differentiate(gradient, jvp)]
fn beyond_single<T: Float>(x: T) -> T {
    let y = x.to_f64().unwrap().exp();
    T::from((y * y).ln() * 0.25).unwrap()
}

#[test]
fn intermediate_results_keep_their_range() {
    assert_close(beyond_single_gradient(80.0_f32).into(), 0.5, 1e-6);
    assert_close(beyond_single_gradient(80.0_f64), 0.5, 1e-14);
    assert_close(beyond_single_jvp(80.0_f32, 2.0).1.into(), 1.0, 1e-6);
}

#[differentiate(gradient, jvp)]
fn near<T: Float>(x: T, y: T, epsilon: T) -> Option<T> {
    if x > y {
        return None;
    }
    Some(x * y + epsilon)
}

/// Computes again in `f64` where that is more, and calls itself there.
#[differentiate(gradient, jvp)]
fn widened<T: Float>(x: T, y: T, depth: usize) -> T {
    let mut x = x;
    let mut y = y;
    if x > y {
        std::mem::swap(&mut x, &mut y);
    }
    if depth > 0 && T::epsilon() == T::from(f32::EPSILON).unwrap() {
        if let (Some(x), Some(y)) = (x.to_f64(), y.to_f64()) {
            if [x, y].iter().all(|v| v.is_finite()) {
                let value = near(x * x, y, f64::from(f32::EPSILON)).unwrap_or_else(|| widened(x, y, 0) * 2.0);
                if let Some(value) = T::from(value) {
                    return value;
                }
            }
        }
    }
    x * y.sin()
}

#[test]
fn conversions_in_options() {
    // The first is near, the second is not, and the third does not compute again.
    let functions: [(f32, f32, usize, fn(f64, f64) -> f64); 3] = [
        (0.5, 1.25, 1, |x, y| x * x * y),
        (1.75, 1.5, 1, |x, y| y * x.sin() * 2.0),
        (0.5, 1.25, 0, |x, y| x * y.sin()),
    ];
    for (x, y, depth, double) in functions {
        let (value, [dx, dy]) = widened_value_and_gradient(x, y, depth);
        assert_eq!(value.to_bits(), widened(x, y, depth).to_bits());
        let expected = [difference(|x| double(x, y.into()), x.into()), difference(|y| double(x.into(), y), y.into())];
        assert_close(dx.into(), expected[0], 1e-6);
        assert_close(dy.into(), expected[1], 1e-6);
        let (value, tangent) = widened_jvp(x, y, depth, 1.0, -2.0);
        assert_eq!(value.to_bits(), widened(x, y, depth).to_bits());
        assert_close(tangent.into(), expected[0] - 2.0 * expected[1], 1e-6);
    }
}

/// Beside a module that has the name of a float type.
mod beside {
    use symgrad::differentiate;

    #[allow(dead_code, reason = "nothing shall use it")]
    mod f64 {
        pub const EPSILON: core::primitive::f64 = 1.0;
        pub const MAX: core::primitive::f64 = 1.0;
        pub const MIN_POSITIVE: core::primitive::f64 = 1.0;
        pub fn from(x: f32) -> core::primitive::f64 {
            core::primitive::f64::from(x) + 100.0
        }
        pub fn sqrt(x: core::primitive::f64) -> core::primitive::f64 {
            x + 100.0
        }
    }

    #[differentiate(gradient, jvp, hvp)]
    pub fn widened(x: f32, y: f32) -> f32 {
        let a = x as f64;
        (a * a.sin()) as f32 * y
    }

    #[differentiate(gradient, jvp)]
    pub fn norm(x: f64, y: f64) -> f64 {
        let two: f64 = 4.0 / 2.0;
        (x * x + y * y).sqrt() * two.sqrt()
    }
}

#[test]
fn conversions_do_not_go_by_names() {
    let double = |x: f64| x * x.sin() * 1.5;
    let (value, [dx, _]) = beside::widened_value_and_gradient(0.75, 1.5);
    assert_eq!(value.to_bits(), beside::widened(0.75, 1.5).to_bits());
    assert_close(dx.into(), difference(double, 0.75), 1e-6);
    let (value, tangent) = beside::widened_jvp(0.75, 1.5, 1.0, 0.0);
    assert_eq!(value.to_bits(), beside::widened(0.75, 1.5).to_bits());
    assert_close(tangent.into(), difference(double, 0.75), 1e-6);
    let second = |x: f64| difference(double, x);
    assert_close(beside::widened_hvp(0.75, 1.5, 1.0, 0.0)[0].into(), difference(second, 0.75), 1e-4);
    let (value, [dx, dy]) = beside::norm_value_and_gradient(3e200, 4e200);
    assert_eq!(value, f64::INFINITY);
    assert_close(dx, 0.6 * 2_f64.sqrt(), 1e-15);
    assert_close(dy, 0.8 * 2_f64.sqrt(), 1e-15);
    let (value, tangent) = beside::norm_jvp(0.3, 0.4, 1.0, 0.0);
    assert_eq!(value.to_bits(), beside::norm(0.3, 0.4).to_bits());
    assert_close(tangent, 0.6 * 2_f64.sqrt(), 1e-15);
}
