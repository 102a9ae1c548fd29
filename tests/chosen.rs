//! Parts of arrays that are chosen, integers by methods, `swap` by the name under which it is imported. Oracle: finite differences;
//! forward mode is compared with reverse mode, and the value is that of the function, bit for bit.

#![allow(clippy::pedantic, clippy::style, clippy::redundant_slicing, reason = "as users write them")]

use num_traits::Float;
use std::mem::swap;
use symgrad::{assert_gradient, differentiate};

#[differentiate(gradient, jvp, wrt(x, y))]
fn a_part(x: &[f64], y: f64, k: usize) -> f64 {
    let head = if y > 1.0 { &x[..k] } else { x };
    let tail = if y < 0.0 {
        &x[k..=k + 1]
    } else if head.len() == 4 {
        &x[1..]
    } else {
        &x[..]
    };
    let which = match k {
        1 => &tail[1..],
        2 => tail,
        _ => &(tail[..2]),
    };
    let x = which;
    let mut s = head[0] * y;
    for v in x {
        s += v.sin() * tail[0];
    }
    s * head.iter().sum::<f64>()
}

/// As in code that is generic over its float type.
#[differentiate(gradient, jvp)]
fn a_table<T: Float>(x: T, table: &[T; 4]) -> T {
    let two = T::from(2.0).unwrap();
    let k = (x * two).to_usize().unwrap();
    let n = x.floor().to_i32().unwrap();
    let chosen = match (x * two).to_i64() {
        Some(0 | 1) => x * table[3],
        Some(_) => table[0] - x,
        None => T::zero(),
    };
    table[k] * x + T::from(n).unwrap() * chosen + chosen.sin()
}

#[differentiate(gradient, jvp)]
fn swapped<T: Float>(x: T, y: T) -> T {
    let (mut a, mut b) = (x * y, x.sin());
    if a > b {
        swap(&mut a, &mut b);
    }
    for _ in 0..3 {
        swap(&mut a, &mut b);
        a = a * x + b;
    }
    a * a - b * y
}

#[test]
fn a_part_that_is_chosen() {
    for (x, k) in [([0.5, -1.5, 3.0, 2.0, 0.7], 2), ([0.5, -1.5, 3.0, 2.0, 1.7], 3), ([0.5, -1.5, 3.0, 2.0, -0.7], 1)] {
        assert_gradient!(
            |p| a_part(&p[..4], p[4], k),
            |p| {
                let (value, (mut d, dy)) = a_part_value_and_gradient(&p[..4], p[4], k);
                d.push(dy);
                (value, d)
            },
            x,
            jvp = |p, v| a_part_jvp(&p[..4], p[4], k, &v[..4], v[4])
        );
    }
}

#[test]
fn integers_by_methods() {
    for x in [[0.7, 1.0, 3.0, 2.0, 5.0], [1.2, 1.0, 3.0, 2.0, 5.0], [0.2, 1.0, 3.0, 2.0, 5.0]] {
        let table = |p: &[f64]| [p[1], p[2], p[3], p[4]];
        assert_gradient!(
            |p| a_table(p[0], &table(p)),
            |p| {
                let (value, (dx, dt)) = a_table_value_and_gradient(p[0], &table(p));
                (value, std::iter::once(dx).chain(dt).collect::<Vec<f64>>())
            },
            x,
            jvp = |p, v| a_table_jvp(p[0], &table(p), v[0], &table(v))
        );
    }
}

#[test]
fn swapped_by_an_imported_name() {
    for x in [[0.7, 1.3], [1.3, 0.7]] {
        assert_gradient!(
            |p| swapped(p[0], p[1]),
            |p| {
                let (value, d) = swapped_value_and_gradient(p[0], p[1]);
                (value, d.to_vec())
            },
            x,
            jvp = |p, v| swapped_jvp(p[0], p[1], v[0], v[1])
        );
    }
}
