//! Arrays whose elements are sorted, reversed and rotated: the derivative goes where the element goes.

use symgrad_oracle::case;

#[case((&[0.5, -1.5, 2.0]), (&[1.0, 3.0, -2.0, 0.25]), (&[0.7]), once)]
fn a_median(x: &[f64]) -> f64 {
    let mut sorted = x.to_vec();
    sorted.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let n = sorted.len();
    if n % 2 == 0 { (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0 } else { sorted[n / 2] }
}

#[case((&[0.5, -1.5, 2.0, 0.1, 0.9], 0.3), (&[1.0, 3.0], 0.75), (&[0.7], 0.5), once)]
fn a_quantile(x: &[f64], p: f64) -> f64 {
    let mut data: Vec<f64> = x.iter().map(|v| v * v.abs()).collect();
    data.sort_unstable_by(f64::total_cmp);
    let at = p * (data.len() - 1) as f64;
    let lower = symgrad::stop_gradient(at.floor());
    let k = (0..data.len()).rfind(|&k| k as f64 <= lower).unwrap_or(0);
    let upper = if k + 1 < data.len() { data[k + 1] } else { data[k] };
    data[k] + (at - lower) * (upper - data[k])
}

#[case(([0.5, -1.5, 2.0, 0.1]), ([2.0, 1.0, 0.0, -1.0]))]
fn a_trimmed_mean(mut x: [f64; 4]) -> f64 {
    x.sort_by(|a, b| b.partial_cmp(a).unwrap_or(std::cmp::Ordering::Equal));
    (x[1] + x[2]) / 2.0 + x[0] * x[3]
}

#[case((&[0.5, -1.5, 2.0, 0.1], 1.2), (&[1.0, -1.0, 3.0], 0.3), once)]
fn the_nearest_two(x: &[f64], to: f64) -> f64 {
    let mut near = x.to_vec();
    near.sort_by(|a, b| (a - to).abs().total_cmp(&(b - to).abs()));
    (near[0] - to) * (near[1] - to)
}

#[case((&[0.5, -1.5, 2.0, 0.1, 0.9]), (&[5.0, 4.0, 3.0, 2.0, 1.0]), once)]
fn sorted_behind_the_first(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v[1..].sort_by(|a, b| a.total_cmp(b));
    v.iter().enumerate().map(|(i, v)| v * v * i as f64).sum()
}

#[case((&[0.5, -1.5, 2.0, 0.1, 0.9]), (&[5.0, 4.0, 3.0, 2.0, 1.0]), once)]
fn selected(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v.select_nth_unstable_by(2, |a, b| a.total_cmp(b));
    v[2] * v[2].exp()
}

// Of two that are equal, the first stays the first.
#[case((&[0.5], 0.7), (&[-2.0], 1.3), no_differences, once)]
fn sorted_with_equal_ones(x: &[f64], y: f64) -> f64 {
    let mut v = vec![2.0 * x[0], x[0] + x[0], y - y + 1.0, 1.0];
    v.sort_by(|a, b| a.partial_cmp(b).unwrap());
    v[0] + 10.0 * v[1] + 100.0 * v[2] + 1000.0 * v[3]
}

#[case((&[0.5, -1.5, 2.0, 0.1], 3), (&[1.0, 2.0], 2), (&[1.0, 2.0], 0), once)]
fn sorted_in_a_loop(x: &[f64], n: usize) -> f64 {
    let mut v = x.to_vec();
    for i in 0..n {
        v.sort_by(|a, b| a.partial_cmp(b).unwrap());
        v[0] = v[0] * v[1] + i as f64;
    }
    v.iter().fold(0.0, |s, v| s * 0.5 + v * v)
}

#[case((&[0.5, -1.5, 2.0, 0.1]), (&[1.0, 2.0]), once)]
fn by_sorted_indices(x: &[f64]) -> f64 {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|&a, &b| x[a].partial_cmp(&x[b]).unwrap());
    x[order[0]] * x[order[0]] + x[order[1]].exp()
}

#[case((&[0.5, -1.5, 2.0, 0.1]), (&[1.0, 2.0]))]
fn at_the_greatest_index(x: &[f64]) -> f64 {
    let k = (0..x.len()).max_by(|&a, &b| x[a].total_cmp(&x[b])).unwrap();
    let l = (0..x.len()).min_by(|&a, &b| x[a].partial_cmp(&x[b]).unwrap()).unwrap();
    x[k] * x[k] * x[l]
}

#[case((&[0.5, -1.5, 2.0, 0.1, 0.9], 2), (&[5.0, 4.0], 1), (&[], 0), once)]
fn reversed_and_rotated(x: &[f64], by: usize) -> f64 {
    let mut v = x.to_vec();
    v.reverse();
    v.rotate_left(by);
    let mut w = v.clone();
    w.rotate_right(by / 2);
    v.iter().zip(&w).fold(1.0, |s, (a, b)| s * 0.7 + a * b.sin())
}

#[case(([[0.5, -1.5], [2.0, 0.1], [0.9, 0.3]]))]
fn rows_reversed(mut x: [[f64; 2]; 3]) -> f64 {
    x.reverse();
    x[1].reverse();
    x[..2].rotate_left(1);
    x[0][0] * x[1][1] + x[2][0] * x[2][0] + x[0][1].sin()
}

#[case((0.5), (2.0))]
fn sorted_of_any_width<T: num_traits::Float>(x: T) -> T {
    let mut v = [x, x * x, x + T::one()];
    v.sort_by(|a, b| b.partial_cmp(a).unwrap());
    v.reverse();
    v[0] * v[1] - v[2]
}

#[case((&[0.5, -1.5, 3.0, 2.0], 1), (&[0.5, -1.5, 3.0, 2.0, 0.7], 0))]
fn copied_within(x: &[f64], k: usize) -> f64 {
    let mut a = x.to_vec();
    a.copy_within(1.., 0);
    let last = a.len() - 1;
    a[last] = a[0] * x[0];
    a.copy_within(k..k + 2, 2);
    a.iter().enumerate().map(|(i, v)| v * v * (i + 1) as f64).sum::<f64>() + a[0] * a[3]
}
