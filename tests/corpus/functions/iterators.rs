//! Chains of iterators, as values and in loops: every adapter and consumer, every pattern of a closure.

use crate::corpus::dual::Dual;
use symgrad_oracle::case;

#[case((&[0.5, -1.5, 2.0]), (&[]), (&[-0.0]))]
fn a_sum(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() * x.iter().sum::<f64>()
}

#[case((&[0.5, -1.5, 2.0]), (&[]), (&[3.0]))]
fn a_product(x: &[f64]) -> f64 {
    x.iter().product()
}

#[case((&[0.5, -1.5, 2.0], &[1.5, 2.5, 0.5]), (&[0.5, 1.0], &[2.0]), (&[1.0], &[]))]
fn a_dot_product(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(a, b)| a * b).sum::<f64>()
}

#[case((&[0.5, -1.5, 2.0], 0.7), (&[1.0], 0.5))]
fn squares_weighted(x: &[f64], w: f64) -> f64 {
    let n = x.len() as f64;
    let total: f64 = x.iter().map(|v| v.powi(2) * w).sum();
    (total / n).sqrt()
}

#[case((&[0.5, -1.5, 2.0, 0.1]))]
fn a_variance(x: &[f64]) -> f64 {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    x.iter().map(|&v| (v - mean) * (v - mean)).sum::<f64>() / (x.len() - 1) as f64
}

#[case((&[0.5, -1.5, 2.0, 0.1]), (&[3.0]))]
fn the_largest_by_fold(x: &[f64]) -> f64 {
    let a = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let b = x.iter().fold(f64::INFINITY, |m, &v| m.min(v * v));
    a * b
}

#[case((&[0.5, -1.5, 2.0, 0.1], 0.3))]
fn a_polynomial_by_fold(c: &[f64], x: f64) -> f64 {
    c.iter().rev().fold(0.0, |acc, a| acc * x + a)
}

#[case((&[0.5, -1.5, 2.0, 0.1], 0.3), (&[], 2.0))]
fn a_fold_over_pairs(x: &[f64], w: f64) -> f64 {
    let sums = |s: f64, q: f64| s * q;
    x.iter().enumerate().fold(w, |s, (i, v)| s + sums(*v, i as f64) * s)
}

#[case((&[0.5, -1.5, 2.0, 0.1]), (&[0.5]), (&[]))]
fn differences_of_windows(x: &[f64]) -> f64 {
    x.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum::<f64>() + x.windows(3).map(|w| w[0] * w[2]).sum::<f64>()
}

#[case((&[0.5, -1.5, 2.0, 0.1], 2), (&[0.5, 2.0, 1.0, 4.0, 5.0], 3), (&[], 1))]
fn chunks(x: &[f64], k: usize) -> f64 {
    let whole: f64 = x.chunks_exact(k).map(|c| c.iter().product::<f64>()).sum();
    let all: f64 = x.chunks(k).map(|c| c.iter().sum::<f64>().sin()).sum();
    whole * all + all
}

#[case((&[0.5, -1.5, 2.0, 0.1], 0.4), (&[-1.0], 2.0))]
fn positive_ones(x: &[f64], w: f64) -> f64 {
    x.iter().filter(|v| **v > 0.0).map(|v| v * w).product::<f64>() + x.iter().filter(|&&v| v < w).sum::<f64>()
}

#[case((&[0.5, 1.5, -2.0, 0.1], 0.4), (&[-1.0], 2.0))]
fn while_positive(x: &[f64], w: f64) -> f64 {
    x.iter().map(|v| v * w).take_while(|v| *v > 0.0).fold(w, |s, v| s * v.exp())
}

#[case((&[0.5, 1.5, -2.0, 0.1]), (&[-1.0]))]
fn ranges_of_indices(x: &[f64]) -> f64 {
    let n = x.len();
    (1..n).map(|i| x[i] * x[i - 1]).sum::<f64>()
        + (0..n).rev().map(|i| x[i].sin() * i as f64).sum::<f64>()
        + (0..=n / 2).step_by(2).filter(|i| i % 4 == 0).map(|i| x[i % n].powi(3)).sum::<f64>()
}

#[case((0.7, 5), (-0.4, 0))]
fn a_series(x: f64, n: i32) -> f64 {
    (0..n).map(|k| x.powi(k) / (1..=k).map(f64::from).product::<f64>()).sum()
}

#[case((&[0.5, 1.5, -2.0, 0.1, 0.7], &[1.0, -1.0, 0.5, 2.0]), (&[-1.0], &[2.0]))]
fn positions_that_move(x: &[f64], y: &[f64]) -> f64 {
    let a: f64 = x.iter().skip(1).zip(x.iter()).map(|(b, a)| (b - a).sin()).sum();
    let b: f64 = x.iter().zip(y.iter().rev()).take(3).map(|(a, b)| a * b).sum();
    let c: f64 = x.iter().rev().skip(1).step_by(2).map(|v| v * v).sum();
    let d: f64 = x.iter().step_by(2).rev().enumerate().map(|(i, v)| v * (i + 1) as f64).sum();
    let e: f64 = y.iter().skip(1).rev().take(2).enumerate().rev().map(|(i, v)| v.exp() * i as f64).sum();
    let f: f64 = y.iter().enumerate().skip(1).step_by(2).map(|(i, v)| v * v * i as f64).sum();
    a * b + c * d + e * f
}

#[case((&[0.5, 1.5, -2.0, 0.1, 0.7], &[1.0, -1.0, 0.5, 2.0]), (&[-1.0], &[2.0]))]
fn loops_over_chains(x: &[f64], y: &[f64]) -> f64 {
    let mut s = 0.0;
    for (i, (a, b)) in x.iter().zip(y.iter().rev()).enumerate().skip(1) {
        if i > 2 {
            break;
        }
        s += a * b * i as f64;
    }
    for (k, v) in (1..).zip(x) {
        if *v < 0.0 {
            continue;
        }
        s = s * v + v.powi(k);
    }
    for w in x.windows(2) {
        s += w[0] * w[1];
    }
    for v in x.iter().rev() {
        s = (s + v).sin();
    }
    for (v, k) in y.iter().copied().zip(0_u8..) {
        s += v * f64::from(k);
    }
    for v in x.iter().filter(|v| v.abs() > 0.3).map(|v| v * 2.0) {
        s += v.cos();
    }
    s
}

#[case((&[0.5, 1.5, -2.0], &[1, 3]), (&[-1.0, 0.3], &[0, 2, 4]), once)]
fn beside_data(x: &[f64], data: &[u32]) -> f64 {
    let names = ["one", "three", "five", "seven"];
    let a: f64 = x.iter().zip(data).map(|(v, &k)| v * f64::from(k)).sum();
    let b: f64 = data.iter().zip(x).skip(1).map(|(k, v)| v.powi(*k as i32)).sum();
    let c: f64 = x.iter().zip(names.iter().filter(|n| n.len() > 3)).map(|(v, n)| (v * n.len() as f64).sin()).sum();
    let d: f64 = "a bc def".split(' ').zip(x).map(|(word, v)| v * v * word.len() as f64).sum();
    let e: f64 = data.iter().copied().map(|k| x[k as usize % x.len()].cos()).sum();
    let f: f64 = data.iter().filter(|k| **k > 0).map(|&k| x[0] * f64::from(k)).sum();
    a * b + c * d + e * f
}

#[case((&[[0.5, 1.5], [-2.0, 0.3]], [0.7, -0.2]), (&[], [1.0, 2.0]))]
fn rows(x: &[[f64; 2]], w: [f64; 2]) -> f64 {
    let a = x.iter().map(|row| row.iter().zip(&w).map(|(a, b)| a * b).sum::<f64>().tanh()).sum::<f64>();
    let b = x.iter().flatten().map(|v| v.sin()).sum::<f64>();
    let c = x.iter().map(|[p, q]| p * q).sum::<f64>();
    let d = x.iter().flat_map(|row| row.iter().map(|v| v * w[0])).filter(|v| *v > 0.0).sum::<f64>();
    let e = (0..2).flat_map(|i| x.iter().map(move |row| row[i])).fold(w[1], |s, v| s * v.cos());
    a + b * c + d * e
}

#[case((&[0.5, 1.5, -2.0], 0.7), (&[], 1.0))]
fn names_of_closures_do_not_mix(x: &[f64], a: f64) -> f64 {
    let b = 2.0 * a;
    x.iter().map(|a| a * b).map(|b| b + a).map(|v| v * a * b).sum::<f64>()
        + x.iter().flat_map(|b| x.iter().map(move |a| a * b)).map(|v| v * a + b).sum::<f64>()
}

#[case((&[0.5, 1.5, -2.0], 0.7), (&[], 1.0))]
fn functions_by_name(x: &[f64], w: f64) -> f64 {
    let scaled = |v: &f64| v * w;
    let mut total = w;
    x.iter().map(scaled).map(f64::sin).for_each(|v| total += v * v);
    let add = |s: f64, v: &f64| s + v * w;
    total + x.iter().fold(1.0, add)
}

#[case((&[0.5, 1.5, -2.0], 0.7), (&[], 1.0))]
fn for_each_writes(x: &[f64], w: f64) -> f64 {
    let mut y = [w; 3];
    y.iter_mut().zip(x).for_each(|(a, b)| *a *= b + 1.0);
    y.iter_mut().enumerate().for_each(|(i, a)| *a += i as f64 * w);
    for (a, b) in y.iter_mut().skip(1).zip(x.iter().rev()) {
        *a = *a * b;
    }
    let mut seen = 0.0;
    let mut last = w;
    y.iter().inspect(|v| last *= **v).for_each(|v| seen += v.cos());
    seen *= last;
    seen + y[0] * y[1] * y[2]
}

#[case(([0.5, 1.5, -2.0]), ([1.0, 2.0, 3.0]))]
fn arrays_by_value(x: [f64; 3]) -> f64 {
    let mut y = x;
    let mut s = 0.0;
    for v in y {
        y[1] += v;
        s += v * y[1];
    }
    s + x.into_iter().map(|v| v * v).sum::<f64>() * [s, x[0]].iter().sum::<f64>()
}

#[case((&[0.5, 1.5, -2.0], 0.7), (&[0.1], 1.0))]
fn questions_about_numbers(x: &[f64], w: f64) -> f64 {
    let positive = x.iter().filter(|v| **v > 0.0).count();
    let small = x.iter().all(|v| v.abs() < 10.0);
    let at = x.iter().position(|&v| v > w).unwrap_or(0);
    if small && !x.iter().any(|v| v.is_nan()) { x[at] * w * positive as f64 + w } else { w }
}

#[case((&[0.5, 1.5, -2.0], 0.7), (&[], 1.0))]
fn collected(x: &[f64], w: f64) -> f64 {
    let y: Vec<f64> = x.iter().map(|v| v * w).collect();
    let z = y.iter().zip(x).skip(1).map(|(a, b)| a * b).collect::<Vec<_>>();
    let p: Vec<f64> = z.iter().copied().filter(|v| *v > 0.0).collect();
    let k: Vec<usize> = (0..y.len()).rev().collect();
    k.iter().map(|&k| y[k] * y[k].sin()).sum::<f64>()
        + z.iter().sum::<f64>()
        + p.iter().map(|v| v.exp()).sum::<f64>()
        + w
}

#[case((&[[0.5, 1.5], [-2.0, 0.3]], 0.7), (&[], 1.0))]
fn collected_rows(x: &[[f64; 2]], w: f64) -> f64 {
    let y: Vec<[f64; 2]> = x.iter().map(|&[a, b]| [a * w, b * a]).collect();
    let mut s = w;
    for row in y.iter() {
        s += row[0] * row[1];
    }
    s + y.iter().map(|r| r[1].sin()).sum::<f64>()
}

#[case(([0.5, 1.5, -2.0], 0.7), ([1.0, 2.0, 3.0], 1.0))]
fn arrays_made_by_functions(x: [f64; 3], w: f64) -> f64 {
    let y = x.map(|v| v * w);
    let z: [f64; 3] = std::array::from_fn(|i| y[i] * x[2 - i]);
    let m = [[x[0], w], [y[1], z[2]]].map(|row| row.map(f64::sin));
    let t = std::array::from_fn::<_, 2, _>(|k| m[k][0] - m[1 - k][1]);
    y.iter().sum::<f64>() * z.iter().product::<f64>() + t[0] * t[1]
}

#[case(([[0.5, 1.5, -2.0], [0.3, -0.8, 1.1], [0.9, 0.2, -0.4]], 0.7))]
fn rows_made_by_functions(m: [[f64; 3]; 3], w: f64) -> f64 {
    let square: [[f64; 3]; 3] = std::array::from_fn(|i| {
        let row = m[i];
        std::array::from_fn(|j| (0..3).map(|k| row[k] * m[k][j]).sum::<f64>() * w)
    });
    let typed = m[0].iter().map(|v| -> f64 { v.sin() }).sum::<f64>();
    square[0][1] * square[2][0] + square[1][1] * square[1][2] + typed
}

#[case((&[0.5, 1.5, -2.0], 0.7), (&[], 1.0))]
fn a_list_that_grew_is_summed(x: &[f64], w: f64) -> f64 {
    let mut p = Vec::new();
    for i in 0..x.len() {
        if x[i] > 0.0 {
            p.push(x[i] * w);
        }
    }
    let mut s = w;
    for v in p.iter() {
        s += v.exp();
    }
    s
}

#[case((&[0.4, -0.9], &[0.3, -0.2, 0.5, 0.1]), wrt(x), once)]
fn pieces_as_long_as_another_list(x: &[f64], w: &[f64]) -> f64 {
    let response: Vec<f64> =
        w.chunks(x.len()).map(|row| row.iter().zip(x).map(|(a, b)| a * b).sum::<f64>().tanh()).collect();
    let rest: f64 = vec![2.0, 3.0].iter().take(x.len()).map(|a| a * x[0]).sum();
    response.iter().map(|v| v * v).sum::<f64>() + rest
}

const COEFFICIENTS: [f64; 4] = [2.5, 1.2, -0.3, 0.7];

#[case((0.4), (2.6), dual = a_fold_from_a_constant_dual)]
fn a_fold_from_a_constant(x: f64) -> f64 {
    let s = COEFFICIENTS.iter().enumerate().skip(1).fold(COEFFICIENTS[0], |s, t| s + t.1 / (t.0 as f64 - x));
    s.abs().ln() + x
}

fn a_fold_from_a_constant_dual(x: Dual) -> Dual {
    let mut s: Dual = x * 0.0 + COEFFICIENTS[0];
    for k in 1..4 {
        let below: Dual = x * -1.0 + k as f64;
        s = s + below.recip() * COEFFICIENTS[k];
    }
    s.abs().ln() + x
}

#[case((&[0.5, -1.5, 2.0, 0.1], &[0.3, 0.7, -1.0, 2.0]), (&[3.0], &[0.2]), once)]
fn where_the_greatest_is(x: &[f64], y: &[f64]) -> f64 {
    let k = x.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(i, _)| i).unwrap();
    let l = x.iter().enumerate().min_by(|(_, a), (_, b)| a.partial_cmp(b).unwrap()).unwrap().0;
    let far = y[x.iter().enumerate().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())).unwrap().0];
    let next = if k + 1 < x.len() { x[k + 1] } else { 1.0 };
    x[k] * y[l] + far * x[l].sin() + next
}

#[case((&[0.5, -1.5, 2.0, 0.1]), (&[3.0]))]
fn the_first_and_the_others(x: &[f64]) -> f64 {
    let (first, others) = x.split_first().unwrap();
    let mut s: f64 = others.iter().map(|v| v * first).sum();
    if let Some((last, before)) = x.split_last() {
        s += last * last + before.iter().product::<f64>();
    }
    match others.split_first() {
        Some((second, rest)) => s * second + rest.len() as f64,
        None => s,
    }
}

/// A `fold` whose accumulator is changed in place, and grows.
#[case((1.1, 5), (-0.7, 1), (0.4, 0), wrt(base))]
fn powers_by_folding(base: f64, n: usize) -> f64 {
    let start = base * base;
    let list = (1..n).fold(vec![start, 0.5], |mut powers, k| {
        powers.push(powers.last().unwrap() * base + k as f64 * powers[0]);
        powers
    });
    list.iter().sum::<f64>() * list[list.len() - 1]
}

/// The same with an array, and with a pattern.
#[case((1.1, [0.3, -0.4, 2.0, 0.7]))]
fn buckets_by_folding(scale: f64, x: [f64; 4]) -> f64 {
    let buckets = x.iter().enumerate().fold([0.0, scale, 1.0], |mut kept, (k, v)| {
        kept[k % 3] += v * scale;
        kept[0] *= kept[1] + 0.5;
        kept
    });
    buckets[0] * buckets[1] + buckets[2].sin()
}

/// The accumulator has the name of the list that is folded: only that of the closure is changed.
#[case((0.6, [0.3, -0.4, 2.0, 0.7]))]
fn folded_under_the_same_name(scale: f64, x: [f64; 4]) -> f64 {
    let sum = scale * 2.0;
    let list = x.iter().fold(Vec::new(), |mut sum, v| {
        sum.push(v * scale);
        sum
    });
    list[1] * sum + list[3] * list[2]
}

/// Sums and products that are named like the methods, in conditions.
#[case((0.5, &[0.3, 0.7, 1.2]), (0.5, &[0.3, -0.7]), (1.5, &[]))]
fn compared(x: f64, v: &[f64]) -> f64 {
    let sum = v.iter().map(|a| a.sin()).sum::<f64>();
    let product: f64 = v.iter().product();
    let mut s = x;
    if sum > 0.5 {
        s *= 2.0 + v[0];
    }
    for k in 0..v.len() {
        if product < 0.0 {
            continue;
        }
        s *= v[k] + 1.0;
    }
    s
}
