//! Numbers that become integers: those that only decide, and those that were rounded before.

use symgrad_oracle::case;

#[case((0.7, [1.0, 3.0, 2.0, 5.0]), (1.2, [1.0, 3.0, 2.0, 5.0]), (-3.0, [1.0, 3.0, 2.0, 5.0]))]
fn an_index(x: f64, table: [f64; 4]) -> f64 {
    table[x as usize] * x * table[(x * 2.0) as usize + 1]
}

#[case((0.7, [1.0, 3.0, 2.0, 5.0]), (1.2, [1.0, 3.0, 2.0, 5.0]), (9.0, [1.0, 3.0, 2.0, 5.0]))]
fn an_index_with_a_name(x: f64, table: [f64; 4]) -> f64 {
    let k = (x * 1.5) as usize;
    let last = table.len() - 1;
    let k = if k < last { k } else { last };
    let j: usize = (k + 1).min(last);
    (table[k] - table[j]) * x + table[j] * x.sin()
}

#[case((0.3, 0.4), (1.7, 0.4), (5.2, -0.5), (-0.5, 2.0))]
fn a_table_in_a_match(x: f64, y: f64) -> f64 {
    let k = (x * 2.0) as i32;
    match k {
        0 => return 0.5 * x * y,
        1 | 2 => x - y,
        3 => y * y,
        k if k < 0 => x * x * x,
        _ => x.exp() * y,
    }
}

#[case((0.3), (2.7), (6.6))]
fn how_often(x: f64) -> f64 {
    let n = x as usize;
    let mut s = x;
    for i in 0..n {
        s = s * 0.9 + x / (i as f64 + 1.0);
    }
    for _ in 0..(x * 2.0) as usize {
        s = s.sin() + x;
    }
    s
}

const KNOTS: [f64; 5] = [0.0, 0.5, 1.3, 0.2, -0.4];

#[case((0.3), (2.7), (3.9))]
fn interpolated(x: f64) -> f64 {
    let k = (x.floor() as usize).min(KNOTS.len() - 2);
    let t = x - k as f64;
    KNOTS[k] * (1.0 - t) + KNOTS[k + 1] * t
}

#[case((0.3), (2.7), (-3.9))]
fn rounded_before(x: f64) -> f64 {
    let turns = (x / 1.5).floor() as i64;
    let nearest = (x * 2.0).round().max(-2.0) as i32;
    let r = x - 1.5 * turns as f64;
    r * r + x.powi(nearest) + 0.1 * (x.trunc() + 3.0) as i32 as f64 * x
}

#[case((&[0.3, 2.7, 1.1, 0.2]), (&[-0.3, 0.7, 4.1]), once)]
fn a_histogram(x: &[f64]) -> f64 {
    let mut counts = [0, 0, 0];
    for i in 0..x.len() {
        let bin = x[i].abs() as usize;
        counts[if bin > 2 { 2 } else { bin }] += 1;
    }
    let mut s = 0.0;
    for i in 0..x.len() {
        let bin = (x[i].abs() as usize).clamp(0, 2);
        if counts[bin] > 1 {
            s += x[i] * x[i];
        } else {
            s += x[i] * x[0];
        }
    }
    s
}

#[case((1.2, 0.5), (2.2, -0.5), (0.4, 1.5))]
fn in_a_loop(x: f64, y: f64) -> f64 {
    let mut z = x;
    let mut n = 0;
    while n < 5 {
        let k = z.abs() as u64;
        z = if k % 2 == 0 { z * 0.9 + y } else { z * z * 0.3 - y };
        n += 1;
    }
    z * x
}

#[case((1.2, 0.5), (-2.2, -0.5))]
fn in_a_closure(x: f64, y: f64) -> f64 {
    let k = x.abs() as usize;
    let f = |v: f64| if k > 1 { v * v } else { v * KNOTS[k + 1] };
    f(x) * f(y)
}

#[case((0.12, &[1.0, 3.0, 2.0]), (0.25, &[1.0, 3.0, 2.0]), (4.0, &[1.0, 3.0, 2.0]))]
fn an_index_that_changes(x: f64, table: &[f64]) -> f64 {
    let mut k = (x * 10.0) as usize;
    if k >= table.len() {
        k = table.len() - 1;
    }
    k = k.max(1);
    let mut s = table[k] * x;
    while k > 0 {
        k -= 1;
        s = s * 0.5 + table[k] * x.sin();
    }
    s
}

#[case((0.7, 1.6, [[1.0, 3.0, 2.0], [0.5, 0.1, -1.0], [2.0, 0.3, 0.9]]), (1.2, 0.1, [[1.0, 3.0, 2.0], [0.5, 0.1, -1.0], [2.0, 0.3, 0.9]]))]
fn bilinear(x: f64, y: f64, grid: [[f64; 3]; 3]) -> f64 {
    let (i, j) = (x as usize, y as usize);
    let (u, v) = (x.fract(), y.fract());
    (grid[i][j] * (1.0 - u) + grid[i + 1][j] * u) * (1.0 - v)
        + (grid[i][j + 1] * (1.0 - u) + grid[i + 1][j + 1] * u) * v
}

fn is_even(x: impl Into<Whole>) -> bool {
    x.into().0 % 2 == 0
}

struct Whole(i64);

impl From<f64> for Whole {
    fn from(x: f64) -> Self {
        Whole(x as i64)
    }
}

impl From<crate::corpus::dual::Dual> for Whole {
    fn from(x: crate::corpus::dual::Dual) -> Self {
        Whole(x.value() as i64)
    }
}

#[case((0.7, 0.2), (1.2, 0.2), (-1.2, 3.5))]
fn a_bool_of_any_function(x: f64, y: f64) -> f64 {
    let even: bool = is_even(x);
    let both = even && y > 0.0;
    if both { x * y } else { x - y }
}

fn below<T: PartialOrd>(list: &[T], x: T) -> usize {
    list.iter().filter(|value| **value < x).count()
}

#[case((0.7, &[0.0, 0.5, 1.5, 2.0], &[1.0, 3.0, 2.0, 0.5]), (1.7, &[0.0, 0.5, 1.5, 2.0], &[1.0, 3.0, 2.0, 0.5]), once)]
fn an_index_by_a_function(x: f64, at: &[f64], values: &[f64]) -> f64 {
    let k: usize = below(at, x);
    let t = (x - at[k - 1]) / (at[k] - at[k - 1]);
    values[k - 1] * (1.0 - t) + values[k] * t
}

#[case((0.7, &[0.0, 0.5, 1.5, 2.0], &[1.0, 3.0, 2.0, 0.5]), (4.0, &[0.0, 0.5, 1.5, 2.0], &[1.0, 3.0, 2.0, 0.5]), once)]
fn an_index_that_use_tells(x: f64, at: &[f64], values: &[f64]) -> f64 {
    let k = below(at, x).min(at.len() - 1) - 1;
    let mut next = below(at, x);
    if next >= at.len() {
        next = k + 1;
    }
    let t = (x - at[k]) / (at[next] - at[k]);
    values[k] * (1.0 - t) + values[next] * t.sin()
}
