//! Jacobians of functions that return more than a number and have rules of their own, and of what calls them: against differences.

#![allow(clippy::pedantic, clippy::needless_range_loop, clippy::type_complexity, reason = "as users write them")]

#[path = "common/differences.rs"]
mod common;

use common::{close, differences};
use symgrad::differentiate;

/// The intersection of `x² + y² = r` and `y = a x + b`, by Newton's method.
#[differentiate(jacobian, vjp, custom = intersection_rule, verify(p = &[4.0, 0.5, 0.25]))]
fn intersection(p: &[f64; 3]) -> [f64; 2] {
    let [r, a, b] = *p;
    let mut x = 1.0;
    for _ in 0..60 {
        let y = a * x + b;
        x -= (x * x + y * y - r) / (2.0 * x + 2.0 * y * a);
    }
    [x, a * x + b]
}

/// By the implicit function theorem.
fn intersection_rule(p: &[f64; 3], cotangent: &[f64; 2]) -> ([f64; 2], [f64; 3]) {
    let found = intersection(p);
    let ([x, y], [_, a, _]) = (found, *p);
    // The transpose of [[2x, 2y], [-a, 1]].
    let determinant = 2.0 * x + 2.0 * y * a;
    let u = (cotangent[0] + a * cotangent[1]) / determinant;
    let v = (2.0 * x * cotangent[1] - 2.0 * y * cotangent[0]) / determinant;
    (found, [u, x * v, v])
}

#[test]
fn of_a_solution() {
    let p = [4.0, 0.5, 0.25];
    let expected = differences(&|p| intersection(&[p[0], p[1], p[2]]).to_vec(), &p);
    let (value, jacobian) = intersection_value_and_jacobian(&p);
    assert_eq!(value, intersection(&p));
    close(jacobian.as_flattened(), &expected, 1e-9);
    assert_eq!(intersection_jacobian(&p), jacobian);
}

#[differentiate(jacobian)]
fn through(p: &[f64; 3], s: f64) -> [f64; 2] {
    let [x, y]: [f64; 2] = intersection(&[p[0] * s, p[1], p[2] + s]);
    [x * s, (x * y).sin() + p[0]]
}

#[differentiate(jacobian)]
fn over_a_slice(p: &[f64]) -> Vec<f64> {
    let mut all = Vec::new();
    for k in 0..p.len() / 3 {
        let at: [f64; 2] = intersection(&[p[3 * k], p[3 * k + 1], p[3 * k + 2]]);
        all.push(at[0] * p[0]);
        all.push(at[1]);
    }
    all
}

#[test]
fn of_what_calls_it() {
    let at = [4.0, 0.5, 0.25, 1.1];
    let of = |v: &[f64]| through(&[v[0], v[1], v[2]], v[3]).to_vec();
    let found: Vec<f64> = through_jacobian(&[4.0, 0.5, 0.25], 1.1)
        .into_iter()
        .flat_map(|(p, s)| p.into_iter().chain([s]).collect::<Vec<_>>())
        .collect();
    close(&found, &differences(&of, &at), 1e-8);
    let p = [4.0, 0.5, 0.25, 3.0, -0.5, 0.5, 2.0, 0.1, 0.2, 5.0, 0.9, -0.4];
    close(&over_a_slice_jacobian(&p), &differences(&|p| over_a_slice(p), &p), 1e-8);
}

/// What is returned has the length of what comes, in a `Result`, beside a number; there are a slice and a number in `wrt`.
#[differentiate(jacobian, wrt(x, scale), custom = spread_rule)]
fn spread(x: &[f64], scale: f64, name: &str) -> Result<(f64, Vec<f64>), String> {
    if name.is_empty() {
        return Err("no name".into());
    }
    let sum: f64 = x.iter().sum();
    Ok((sum * scale, x.iter().map(|v| (v * scale).sin() + sum).collect()))
}

fn spread_rule(
    x: &[f64],
    scale: f64,
    name: &str,
    (one, all): (f64, &[f64]),
) -> Result<((f64, Vec<f64>), (Vec<f64>, f64)), String> {
    let value = spread(x, scale, name)?;
    let sum: f64 = x.iter().sum();
    let common = one * scale + all.iter().sum::<f64>();
    let dx = x.iter().zip(all).map(|(v, c)| common + c * scale * (v * scale).cos()).collect();
    let dscale = one * sum + x.iter().zip(all).map(|(v, c)| c * v * (v * scale).cos()).sum::<f64>();
    Ok((value, (dx, dscale)))
}

#[differentiate(jacobian)]
fn of_spread(x: &[f64; 4]) -> Result<[f64; 3], String> {
    let (sum, all): (f64, Vec<f64>) = spread(&x[1..], x[0], "some")?;
    Ok([sum * x[0], all[0] * all[2], all[1]])
}

#[test]
fn of_several_parts() {
    let (x, scale) = ([0.3, -0.7, 1.1], 1.3);
    let ((by_x, by_scale), (rows_by_x, rows_by_scale)) = spread_jacobian(&x, scale, "some").unwrap();
    assert!(spread_jacobian(&x, scale, "").is_err());
    let of = |v: &[f64]| {
        let (one, all) = spread(&v[..3], v[3], "some").unwrap();
        [&[one][..], &all[..]].concat()
    };
    let mut found = [&by_x[..], &[by_scale]].concat();
    for (row, last) in rows_by_x.chunks(3).zip(rows_by_scale) {
        found.extend(row);
        found.push(last);
    }
    close(&found, &differences(&of, &[0.3, -0.7, 1.1, 1.3]), 1e-9);
    let x = [1.3, 0.3, -0.7, 1.1];
    let found = of_spread_jacobian(&x).unwrap();
    let of = |v: &[f64]| of_spread(&[v[0], v[1], v[2], v[3]]).unwrap().to_vec();
    close(found.as_flattened(), &differences(&of, &x), 1e-9);
}

struct Lens {
    power: f64,
}

#[differentiate(jacobian)]
impl Lens {
    #[differentiate(wrt(x, y), custom = Self::rule)]
    fn bend(&self, x: f64, y: f64) -> [f64; 3] {
        [x * y * self.power, x.sin(), y.powi(3)]
    }

    fn rule(&self, x: f64, y: f64, c: &[f64; 3]) -> ([f64; 3], [f64; 2]) {
        let value = self.bend(x, y);
        (value, [c[0] * y * self.power + c[1] * x.cos(), c[0] * x * self.power + c[2] * 3.0 * y * y])
    }

    #[differentiate(wrt(x, y))]
    fn twice(&self, x: f64, y: f64) -> [f64; 2] {
        let b: [f64; 3] = self.bend(x * y, y);
        [b[0] * b[1], b[2] + x]
    }
}

/// The derivative that the rule says is the derivative: here, not that of the body.
#[differentiate(jacobian, custom = straight_through)]
fn rounded<T: num_traits::Float>(x: &[T], scale: T) -> Vec<T> {
    x.iter().map(|v| (*v * scale).round()).collect()
}

fn straight_through<T: num_traits::Float>(x: &[T], scale: T, c: &[T]) -> (Vec<T>, (Vec<T>, T)) {
    let by_scale = x.iter().zip(c).fold(T::zero(), |sum, (v, c)| sum + *v * *c);
    (rounded(x, scale), (c.iter().map(|c| *c * scale).collect(), by_scale))
}

#[test]
fn of_methods_and_generics() {
    let lens = Lens { power: 1.7 };
    let of = |v: &[f64]| lens.bend(v[0], v[1]).to_vec();
    close(lens.bend_jacobian(0.4, 0.9).as_flattened(), &differences(&of, &[0.4, 0.9]), 1e-9);
    let of = |v: &[f64]| lens.twice(v[0], v[1]).to_vec();
    close(lens.twice_jacobian(0.4, 0.9).as_flattened(), &differences(&of, &[0.4, 0.9]), 1e-9);
    let (by_x, by_scale) = rounded_jacobian(&[0.3_f32, 2.0], 1.5);
    assert_eq!(by_x, [1.5, 0.0, 0.0, 1.5]);
    assert_eq!(by_scale, [0.3, 2.0]);
}
