//! Arrays in other spellings of the standard library: conversions of slices, `concat`, `drain`, elements behind an `Option`.

use super::super::dual::Dual;
use symgrad_oracle::case;

#[case(([0.5, -1.5, 2.0, 0.7],))]
fn array_of_a_slice(x: &[f64]) -> f64 {
    let a: [f64; 3] = x[1..4].try_into().unwrap();
    let [p, q]: [f64; 2] = x[..2].try_into().expect("two");
    a[0] * a[1].sin() * a[2] + p * q
}

#[case(([0.5, -1.5, 2.0],))]
fn reference_to_an_array_of_a_slice(x: &[f64]) -> f64 {
    let a: &[f64; 2] = x[1..].try_into().unwrap();
    let [p, q, r]: [f64; 3] = x.try_into().unwrap();
    let mut product = p * q * r;
    for v in a {
        product *= v * v + 1.0;
    }
    product
}

#[case(([0.5, -1.5, 2.0, 0.7],), dual = arrays_from_slices_by_path_dual)]
fn arrays_from_slices_by_path(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for pair in x.windows(2) {
        let [a, b] = <[f64; 2]>::try_from(pair).unwrap();
        sum += a * a * b;
    }
    sum
}

fn arrays_from_slices_by_path_dual(x: &[Dual]) -> Dual {
    x[0] * x[0] * x[1] + x[1] * x[1] * x[2] + x[2] * x[2] * x[3]
}

#[case((0.5, -1.5))]
fn rows_one_after_the_other(x: f64, y: f64) -> f64 {
    let rows = [[x, y], [y * y, x * y]];
    let joined = rows.concat();
    let mut weighted = 0.0;
    for (k, v) in joined.iter().enumerate() {
        weighted += (k + 1) as f64 * v * v;
    }
    weighted
}

#[case(([0.5, -1.5, 2.0], [0.3]))]
fn slices_one_after_the_other(x: &[f64], y: &[f64]) -> f64 {
    let joined = [x, y, &x[1..]].concat();
    joined.windows(2).map(|w| w[0] * w[1]).sum()
}

#[case((0.5, -1.5))]
fn drained_whole(x: f64, y: f64) -> f64 {
    let mut v = vec![x, y, x * y];
    let mut sum = 0.0;
    for a in v.drain(..) {
        sum += a * a * a;
    }
    v.push(sum);
    v.push(x);
    v[0] * v[1] * v.len() as f64
}

#[case((0.5, -1.5, 1), (0.7, 2.5, 2))]
fn drained_in_part(x: f64, y: f64, k: usize) -> f64 {
    let mut v = vec![x, y, x * y, y * y];
    let taken: Vec<f64> = v.drain(k..=2).map(|a| a.sin()).collect();
    let first: f64 = v.drain(..1).sum();
    taken[0] * taken[taken.len() - 1] * v[v.len() - 1] + first
}

#[case(([0.5, -1.5, 2.0, -0.7], 1.3), once)]
fn drained_and_forgotten(x: &[f64], y: f64) -> f64 {
    let mut v = x.to_vec();
    for k in 0..2 {
        v[0] *= y;
        v.push(v[0] * v[k]);
        v.drain(..1);
    }
    v.iter().map(|a| a * a).sum()
}

#[case(([0.5, -1.5, 2.0, -0.7], 1.3))]
fn the_last_element_behind_an_option(x: &[f64], y: f64) -> f64 {
    let mut v = vec![y];
    for a in x {
        if *a > 0.0 {
            v.push(*a);
        } else {
            *v.last_mut().unwrap() += a * y;
            *v.first_mut().expect("one") *= y;
        }
    }
    *v.get_mut(1).unwrap() = v[0] * v[2];
    v.iter().map(|a| a * a).sum()
}

#[case((0.5, -1.5))]
fn the_last_row_behind_an_option(x: f64, y: f64) -> f64 {
    let mut v = vec![[x, y], [y, x]];
    v.last_mut().unwrap()[1] *= x;
    *v[0].last_mut().unwrap() -= x * y;
    v[0][1] * v[1][1]
}

#[case((7.3, 2.1), (-7.3, 2.1), dual = remainders_by_path_dual)]
fn remainders_by_path(x: f64, y: f64) -> f64 {
    num_traits::Euclid::rem_euclid(&(x * x), &y) * x + num_traits::Euclid::div_euclid(&x, &y)
}

fn remainders_by_path_dual(x: Dual, y: Dual) -> Dual {
    let square = x * x;
    let quotient = Dual::constant((square.value() / y.value()).floor());
    (square - y * quotient) * x + Dual::constant((x.value() / y.value()).floor())
}
