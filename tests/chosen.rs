//! Parts of arrays that are chosen, arrays of data in branches and in variables that numbers are written to, integers by methods, `swap` by the name under which it is imported. Oracle: finite differences;
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

const ZERO: [f64; 2] = [0.0, 0.0];
const ONE: [f64; 2] = [1.0, 1.5];
const TABLE: [[f64; 2]; 2] = [[0.5, 1.25], [-0.75, 2.0]];

#[differentiate(gradient, jvp, vjp, hvp, hessian)]
fn data_in_an_arm(t: f64, k: usize) -> f64 {
    let v = if k > 2 { ZERO } else { [t, t * t] };
    let w = if k == 0 {
        [t.sin(), t]
    } else if k == 1 {
        ONE
    } else {
        TABLE[k % 2]
    };
    let m = match k {
        0 => TABLE,
        1 => {
            let square = t * t;
            [[square, t], v]
        }
        _ => [w, [t, 1.0]],
    };
    v[0] * w[1] + m[0][1] * t + m[1][0] * w[0]
}

#[differentiate(gradient, jvp, vjp, hvp, hessian)]
fn data_in_arms_that_assign(t: f64, k: usize) -> f64 {
    let mut n = t;
    let (v, s) = if k == 0 {
        ([t, n], 1.0)
    } else if k == 1 {
        n *= t;
        (ONE, n)
    } else {
        n += 2.0 * t;
        (ZERO, t)
    };
    v[0] + v[1] * n * s
}

#[differentiate(gradient, jvp, vjp, hvp, hessian, wrt(t))]
fn data_behind_patterns(t: f64, k: usize, data: &[f64; 2]) -> f64 {
    let some = (k > 1).then_some(*data);
    let v = match some {
        Some(v) => v,
        None => [t, t * t],
    };
    let w = if let Some(w) = some { w } else { v };
    v[0] * w[1] * t
}

#[differentiate(gradient, jvp, vjp, hvp, hessian, wrt(x))]
fn data_behind_references(x: &[f64; 2], k: usize, data: &[f64; 2]) -> f64 {
    let v = if k == 0 { data } else { x };
    let w = if k < 2 { &ONE } else { x };
    let u = if k == 1 { *data } else { *x };
    v[0] * w[1] * x[1] + u[0] * u[1]
}

#[differentiate(jacobian, jvp, vjp)]
fn data_returned(t: f64, k: usize) -> [f64; 2] {
    for i in 0..3 {
        if t * i as f64 > 1.0 {
            return if k > 1 { ONE } else { [t * t, t + i as f64] };
        }
    }
    let mut v = ONE;
    v[k % 2] = t * t;
    v
}

#[differentiate(gradient, jvp, vjp, hvp, hessian)]
fn data_written(t: f64, k: usize) -> f64 {
    let mut v = ONE;
    let before = v;
    if k > 1 {
        v = [t, t * t];
    }
    v[k % 2] *= t;
    let mut m = TABLE;
    m[k % 2][0] += v[1];
    let row = m[1];
    m[1] = v;
    let late;
    if k > 0 {
        late = ZERO;
    } else {
        late = [t, 1.0];
    }
    v = late;
    v[0] += before[1];
    for x in v.iter_mut() {
        *x *= t;
    }
    m[0][0] * m[1][1] - row[0] * m[1][0] * v.iter().sum::<f64>()
}

#[differentiate(gradient, jvp, vjp, hvp, hessian)]
fn data_in_a_loop(t: f64, k: usize) -> f64 {
    let (mut s, mut carried) = (t, [t, t * t]);
    for i in 0..k + 2 {
        let mut v = TABLE[i % 2];
        v[i % 2] *= t * s;
        let w = if i % 2 == 0 { ONE } else { v };
        s = (s + w[0] * v[1]).sin() * carried[0];
        carried = TABLE[(i + 1) % 2];
        carried[1] += s;
        s += carried[1];
    }
    s * carried[1]
}

/// What is on the right comes first, also where it is data.
#[differentiate(gradient, jvp, vjp, hvp, hessian)]
fn data_before_the_index(t: f64, k: usize) -> f64 {
    let mut m = [[t, 1.0], [t * t, t]];
    let mut j = k;
    m[{
        j += 1;
        j % 2
    }] = TABLE[j % 2];
    m[0][0] * m[1][1] * t + m[0][1] * m[1][0] * t
}

macro_rules! of_one_number {
    ($($test:ident: $f:ident, $gradient:ident, $value_and_gradient:ident, $jvp:ident, $vjp:ident, $hvp:ident, $hessian:ident $(, $data:expr)?;)*) => {$(
        #[test]
        fn $test() {
            for (k, t) in (0..4).flat_map(|k| [0.3, -0.7, 1.9].map(|t| (k, t))) {
                assert_gradient!(
                    |p| $f(p[0], k $(, $data)?),
                    |p| { let (value, d) = $value_and_gradient(p[0], k $(, $data)?); (value, vec![d]) },
                    [t],
                    jvp = |p, v| $jvp(p[0], k $(, $data)?, v[0])
                );
                assert_gradient!(
                    |p| $gradient(p[0], k $(, $data)?),
                    |p| ($gradient(p[0], k $(, $data)?), vec![$hvp(p[0], k $(, $data)?, 1.0)]),
                    [t]
                );
                assert_eq!($hessian(t, k $(, $data)?), $hvp(t, k $(, $data)?, 1.0));
                assert_eq!($vjp(t, k $(, $data)?, 1.0), $value_and_gradient(t, k $(, $data)?));
            }
        }
    )*};
}

of_one_number! {
    an_arm_with_data: data_in_an_arm, data_in_an_arm_gradient, data_in_an_arm_value_and_gradient, data_in_an_arm_jvp, data_in_an_arm_vjp, data_in_an_arm_hvp, data_in_an_arm_hessian;
    arms_with_data_that_assign: data_in_arms_that_assign, data_in_arms_that_assign_gradient, data_in_arms_that_assign_value_and_gradient, data_in_arms_that_assign_jvp, data_in_arms_that_assign_vjp, data_in_arms_that_assign_hvp, data_in_arms_that_assign_hessian;
    patterns_before_data: data_behind_patterns, data_behind_patterns_gradient, data_behind_patterns_value_and_gradient, data_behind_patterns_jvp, data_behind_patterns_vjp, data_behind_patterns_hvp, data_behind_patterns_hessian, &[2.0, -3.0];
    numbers_written_to_data: data_written, data_written_gradient, data_written_value_and_gradient, data_written_jvp, data_written_vjp, data_written_hvp, data_written_hessian;
    data_each_time: data_in_a_loop, data_in_a_loop_gradient, data_in_a_loop_value_and_gradient, data_in_a_loop_jvp, data_in_a_loop_vjp, data_in_a_loop_hvp, data_in_a_loop_hessian;
    data_first: data_before_the_index, data_before_the_index_gradient, data_before_the_index_value_and_gradient, data_before_the_index_jvp, data_before_the_index_vjp, data_before_the_index_hvp, data_before_the_index_hessian;
}

#[test]
fn references_to_data() {
    let data = &[2.0, -3.0];
    let of = |p: &[f64]| [p[0], p[1]];
    for k in 0..3 {
        assert_gradient!(
            |p| data_behind_references(&of(p), k, data),
            |p| data_behind_references_value_and_gradient(&of(p), k, data),
            [0.4, -1.3],
            jvp = |p, v| data_behind_references_jvp(&of(p), k, data, &of(v))
        );
        for direction in [[1.0, 0.0], [0.0, 1.0]] {
            let along = |p: &[f64]| {
                let g = data_behind_references_gradient(&of(p), k, data);
                g[0] * direction[0] + g[1] * direction[1]
            };
            assert_gradient!(
                along,
                |p| (along(p), data_behind_references_hvp(&of(p), k, data, &direction)),
                [0.4, -1.3]
            );
        }
    }
}

#[test]
fn a_result_of_data() {
    for (k, t) in (0..3).flat_map(|k| [0.3, 0.7, 1.9].map(|t| (k, t))) {
        let jacobian = data_returned_jacobian(t, k);
        for row in 0..2 {
            assert_gradient!(
                |p| data_returned(p[0], k)[row],
                |p| (data_returned(p[0], k)[row], vec![data_returned_jvp(p[0], k, 1.0).1[row]]),
                [t]
            );
            let mut cotangent = [0.0; 2];
            cotangent[row] = 1.0;
            assert_eq!(data_returned_vjp(t, k, &cotangent).1, jacobian[row]);
            assert_eq!(data_returned_jvp(t, k, 1.0).1[row], jacobian[row]);
        }
    }
}
