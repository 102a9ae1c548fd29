//! Calls of functions that return a `Result` or an `Option`, asked for what they return. Oracle: finite differences; forward mode
//! is compared with reverse mode, and the value is that of the function, bit for bit.

#![allow(
    clippy::pedantic,
    clippy::style,
    clippy::manual_unwrap_or,
    clippy::useless_vec,
    reason = "as users write them"
)]

use std::cell::Cell;
use symgrad::{assert_gradient, differentiate};

#[derive(Debug, Clone, PartialEq)]
enum Failure {
    Negative(f64),
    Code(usize),
}

#[differentiate(gradient, jvp, hessian)]
fn root(x: f64, y: f64) -> Result<f64, Failure> {
    if x * y < 0.0 {
        return Err(Failure::Negative(x));
    }
    if y > 10.0 {
        return Err(Failure::Code(3));
    }
    Ok((x * y).sqrt() + y)
}

#[differentiate(gradient, jvp)]
fn above(x: f64, least: f64) -> Option<f64> {
    if x > least { Some((x - least).ln() * x) } else { None }
}

#[differentiate(gradient, jvp, wrt(x, y))]
fn norm_from(x: &[f64], y: f64) -> Result<f64, String> {
    if x.is_empty() {
        return Err("nothing".into());
    }
    Ok(x.iter().map(|v| v * v).sum::<f64>().sqrt() * y)
}

#[differentiate(jvp)]
fn pair(x: f64, y: f64) -> Option<(f64, f64)> {
    if y > 0.0 { Some((x * y, x + y.ln())) } else { None }
}

struct Model {
    scale: f64,
    calls: Cell<u32>,
}

impl Model {
    #[differentiate(gradient, jvp)]
    fn checked(&self, x: f64) -> Result<f64, Failure> {
        if x < 0.0 { Err(Failure::Code(x.abs() as usize)) } else { Ok(self.scale * x.sqrt()) }
    }

    #[differentiate(gradient, jvp)]
    fn energy(&self, x: f64, y: f64) -> f64 {
        self.calls.set(self.calls.get() + 1);
        match self.checked(x * y) {
            Ok(v) if self.scale > 100.0 => v,
            Ok(v) => v * v * y,
            Err(Failure::Code(n)) => x * n as f64,
            Err(_) => y,
        }
    }
}

#[differentiate(gradient, jvp)]
fn matched(x: f64, y: f64) -> f64 {
    match root(x.sin() * y, y) {
        Ok(v) => v * x,
        Err(Failure::Negative(_)) => 2.0 * y * y,
        Err(Failure::Code(n)) => x * n as f64,
    }
}

#[differentiate(gradient, jvp)]
fn with_defaults(x: f64, y: f64) -> f64 {
    let a = root(x, y).unwrap_or(x * 3.0);
    let b = root(y, x).unwrap_or_else(|_| y * y);
    let c = above(a, 1.0).map_or(x, |v| v * b);
    let d = above(b * x, 0.5).unwrap_or_default();
    let e = root(a, b).map(|v| v * x).unwrap_or(1.5);
    let f = root(a, b).ok().map(|v| v * v).unwrap_or_else(|| x);
    a * b + c * d + e - f + above(x, y).map_or_else(|| y, f64::exp)
}

#[differentiate(gradient, jvp)]
fn in_a_loop(x: f64, y: f64) -> Result<f64, Failure> {
    let mut sum = 0.0;
    let mut z = x;
    for k in 0..6 {
        z = z * 1.1 - 0.3;
        if let Some(v) = above(z * y, k as f64 * 0.2) {
            sum += v * z;
            z *= v.cos();
        } else {
            sum += z;
        }
        let Ok(w) = root(z, y) else { continue };
        sum += w.sin();
    }
    let last = match root(sum * sum, y) {
        Ok(v) => v,
        Err(e) => return Err(e),
    };
    Ok(last * sum)
}

#[differentiate(gradient, jvp)]
fn of_slices(x: &[f64], y: f64) -> f64 {
    let mut product = y;
    for k in 0..=x.len() {
        product *= match norm_from(&x[k..], product) {
            Ok(n) => n,
            Err(text) => text.len() as f64,
        };
    }
    while let Ok(n) = norm_from(x, product) {
        if n.abs() < 5.0 {
            break;
        }
        product *= 0.5;
    }
    product
}

#[differentiate(gradient, jvp)]
fn two_at_once(x: f64, y: f64) -> f64 {
    if let Some((a, b)) = pair(x * 2.0, y) { a * b + x } else { x * y }
}

#[differentiate(gradient, jvp)]
fn kept_in_a_variable(x: f64, y: f64) -> f64 {
    let mut best: Option<f64> = None;
    for k in 0..4 {
        if best.is_none() {
            best = above(x * k as f64, y);
        }
    }
    best.unwrap_or(x) * y
}

/// What is evaluated before does not change what the call was given.
#[differentiate(gradient, jvp)]
fn order(x: f64, y: f64) -> f64 {
    let mut z = x * y;
    let a = root(z, z).unwrap_or({
        z = y;
        z * 3.0
    });
    a * z
}

#[differentiate(gradient, jvp)]
fn scaled(n: usize, v: f64) -> Option<f64> {
    if n > 100 { None } else { Some(v * v * n as f64) }
}

#[differentiate(gradient, jvp)]
fn of_two(a: [f64; 2], v: f64) -> Option<f64> {
    if a[0] > 100.0 { None } else { Some(a[0] * a[1] * v + a[0]) }
}

/// Arguments are evaluated once, in their order.
#[differentiate(gradient, jvp)]
fn before_later_arguments(x: f64, y: f64) -> f64 {
    let mut v = vec![x, y, x * y];
    let a = match scaled(v.len(), v.pop().unwrap()) {
        Some(a) => a * v[0],
        None => 0.0,
    };
    let b = scaled(v.len(), v.pop().unwrap()).unwrap_or(1.0) * v.len() as f64;
    let Some(c) = scaled(v.len() + 3, v.pop().unwrap()) else { return x };
    let mut pair = [x, y];
    let d = match of_two(pair, std::mem::replace(&mut pair[0], a)) {
        Some(d) => d,
        None => 0.0,
    };
    let e = of_two(pair, std::mem::replace(&mut pair[1], b)).map_or(0.0, |e| e * pair[1]);
    a + b * c + d * pair[0] + e
}

/// The number is taken out before the error is made.
#[differentiate(gradient, jvp)]
fn before_the_error(x: f64, y: f64) -> Result<f64, String> {
    let mut v = vec![x, y];
    let a = v.first().copied().ok_or({
        v[0] = 9.0 * y;
        "none".to_string()
    })?;
    let mut s = x;
    let b = v.iter().map(|t| t * s).reduce(|a, b| a + b).ok_or({
        s = y * y;
        "none".to_string()
    })?;
    Ok(a * v[0] * y + b * s)
}

#[differentiate(gradient, jvp, hessian)]
fn second_order(x: f64, y: f64) -> f64 {
    match root(x * x, y) {
        Ok(v) => v * v * x,
        Err(_) => x * y * y,
    }
}

macro_rules! both {
    ($f:expr, $gradient:expr, $jvp:expr, $points:expr) => {
        for p in $points {
            assert_gradient!(
                |p| $f(p[0], p[1]),
                |p| {
                    let (y, g) = $gradient(p[0], p[1]);
                    (y, g.to_vec())
                },
                p,
                jvp = |p, v| $jvp(p[0], p[1], v[0], v[1])
            );
        }
    };
}

#[test]
fn results_that_are_asked() {
    let points = [[0.7, 1.3], [-0.4, 0.9], [1.6, -0.8], [2.3, 11.0], [0.3, 0.2]];
    both!(matched, matched_value_and_gradient, matched_jvp, points);
    both!(with_defaults, with_defaults_value_and_gradient, with_defaults_jvp, points);
    both!(two_at_once, two_at_once_value_and_gradient, two_at_once_jvp, points);
    both!(kept_in_a_variable, kept_in_a_variable_value_and_gradient, kept_in_a_variable_jvp, points);
    both!(order, order_value_and_gradient, order_jvp, points);
    both!(before_later_arguments, before_later_arguments_value_and_gradient, before_later_arguments_jvp, points);
    both!(
        |x, y| before_the_error(x, y).unwrap(),
        |x, y| before_the_error_value_and_gradient(x, y).unwrap(),
        |x, y, u, v| before_the_error_jvp(x, y, u, v).unwrap(),
        points
    );
    both!(second_order, second_order_value_and_gradient, second_order_jvp, points);
    both!(
        |x, y| in_a_loop(x, y).unwrap_or(0.0),
        |x, y| in_a_loop_value_and_gradient(x, y).unwrap_or((0.0, [0.0; 2])),
        |x, y, u, v| in_a_loop_jvp(x, y, u, v).unwrap_or((0.0, 0.0)),
        points
    );
    assert_eq!(in_a_loop_gradient(0.5, 11.0), Err(Failure::Code(3)));
    let model = Model { scale: 1.7, calls: Cell::new(0) };
    both!(
        |x, y| model.energy(x, y),
        |x, y| model.energy_value_and_gradient(x, y),
        |x, y, u, v| model.energy_jvp(x, y, u, v),
        points
    );
    for x in [[0.5, -1.5, 0.3, 0.8], [2.0, 0.1, 0.4, 1.1]] {
        assert_gradient!(
            |p| of_slices(&p[..3], p[3]),
            |p| {
                let (value, (mut d, dy)) = of_slices_value_and_gradient(&p[..3], p[3]);
                d.push(dy);
                (value, d)
            },
            x,
            jvp = |p, v| of_slices_jvp(&p[..3], p[3], &v[..3], v[3])
        );
    }
    for p in [[0.7, 1.3], [0.4, 2.9]] {
        let h = second_order_hessian(p[0], p[1]);
        for k in 0..2 {
            let step = 1e-6;
            let (mut up, mut down) = (p, p);
            up[k] += step;
            down[k] -= step;
            let (up, down) = (second_order_gradient(up[0], up[1]), second_order_gradient(down[0], down[1]));
            for j in 0..2 {
                assert!(((up[j] - down[j]) / (2.0 * step) - h[j][k]).abs() < 1e-7, "{h:?}");
            }
        }
    }
}
