//! Derivatives that overwrite: large arrays in a thread with a stack of 2 MiB, which an array of 512 × 512 numbers fills; the same numbers
//! as by value; and Hessians of every shape, those of structs among them.

#![allow(clippy::pedantic, clippy::needless_range_loop, reason = "as users write them")]

#[path = "common/differences.rs"]
mod common;

use common::{close, differences};
use symgrad::{Differentiable, Flatten, differentiate};

const N: usize = 512;

/// An array on the heap.
fn boxed<T: Clone + std::fmt::Debug, const M: usize>(element: T) -> Box<[T; M]> {
    vec![element; M].into_boxed_slice().try_into().unwrap()
}

fn wave(k: usize) -> f64 {
    (0.37 * k as f64).sin()
}

#[differentiate(gradient, vjp, hvp)]
fn smoothness(x: &[[f64; 512]; 512]) -> f64 {
    let mut sum = 0.0;
    for i in 1..512 {
        for j in 1..512 {
            sum += (x[i][j] - x[i - 1][j] * x[i][j - 1]).powi(2);
        }
    }
    sum
}

#[differentiate(jacobian)]
fn two_means(x: &[[f64; 512]; 512]) -> [f64; 2] {
    let mut y = [0.0; 2];
    for row in x {
        for v in row {
            y[0] += v.sin();
            y[1] += y[0] * v;
        }
    }
    y
}

#[differentiate(jacobian)]
fn diffusion(u: &[f64; 512]) -> [f64; 512] {
    let mut r = [0.0; 512];
    for i in 0..512 {
        let left = if i > 0 { u[i - 1] } else { 0.0 };
        r[i] = (left - u[i]) * u[i] + u[0];
    }
    r
}

#[differentiate(hessian)]
fn chain(x: &[f64; N]) -> f64 {
    let mut sum = 0.0;
    for i in 1..N {
        sum += (x[i] - x[i - 1].powi(2)).powi(2);
    }
    sum
}

#[test]
fn large_arrays() {
    let mut x: Box<[[f64; 512]; 512]> = boxed([0.0; 512]);
    for (k, v) in x.as_flattened_mut().iter_mut().enumerate() {
        *v = wave(k);
    }
    let mut dx: Box<[[f64; 512]; 512]> = boxed([7.0; 512]);
    let value = smoothness_value_and_gradient_into(&x, &mut dx);
    assert_eq!(value, smoothness(&x));
    let mut product: Box<[[f64; 512]; 512]> = boxed([7.0; 512]);
    assert_eq!(smoothness_vjp_into(&x, -0.5, &mut product), value);
    assert!(product.as_flattened().iter().zip(dx.as_flattened()).all(|(p, d)| (p + 0.5 * d).abs() < 1e-14));
    // A Hessian times a vector is the derivative of the gradient along that.
    let mut vector: Box<[[f64; 512]; 512]> = boxed([0.0; 512]);
    for (k, v) in vector.as_flattened_mut().iter_mut().enumerate() {
        *v = wave(3 * k + 1);
    }
    smoothness_hvp_into(&x, &vector, &mut product);
    let (found, h) = (product[200][300], 1e-5);
    let mut at = |h: f64| {
        let mut moved = x.clone();
        moved.as_flattened_mut().iter_mut().zip(vector.as_flattened()).for_each(|(x, v)| *x += h * v);
        smoothness_value_and_gradient_into(&moved, &mut dx);
        dx[200][300]
    };
    let expected = (at(h) - at(-h)) / (2.0 * h);
    assert!((found - expected).abs() < 1e-7, "{found:?}, not {expected:?}");
}

#[test]
fn large_matrices() {
    let x: [f64; 512] = std::array::from_fn(wave);
    let mut jacobian: Box<[[f64; 512]; 512]> = boxed([7.0; 512]);
    assert_eq!(diffusion_value_and_jacobian_into(&x, &mut jacobian), diffusion(&x));
    for i in 0..512 {
        for j in 0..512 {
            let left = if i > 0 { x[i - 1] } else { 0.0 };
            let own = if i == j { left - 2.0 * x[i] } else { 0.0 };
            let other = if i == j + 1 { x[i] } else { 0.0 };
            let expected = own + other + if j == 0 { 1.0 } else { 0.0 };
            assert!((jacobian[i][j] - expected).abs() < 1e-14, "{i}, {j}");
        }
    }
    let mut rows: Box<[[[f64; 512]; 512]; 2]> = boxed::<_, 1024>([7.0; 512])
        .as_flattened()
        .as_chunks::<512>()
        .0
        .as_chunks::<512>()
        .0
        .to_vec()
        .into_boxed_slice()
        .try_into()
        .unwrap();
    let points: Box<[[f64; 512]; 512]> = boxed(x);
    let value = two_means_value_and_jacobian_into(&points, &mut rows);
    assert_eq!(value, two_means(&points));
    assert_eq!(rows[0][100][7], x[7].cos());
    let (mut gradient, mut hessian) = ([7.0; N], boxed([7.0; N]));
    let value = chain_value_gradient_hessian_into(&x, &mut gradient, &mut hessian);
    assert_eq!(value, chain(&x));
    assert_eq!(gradient, chain_gradient_of(&x));
    for i in 0..N {
        for j in 0..N {
            assert_eq!(hessian[i][j], hessian[j][i]);
            assert!(hessian[i][j] == 0.0 || i.abs_diff(j) <= 1, "{i}, {j}");
        }
    }
    assert_eq!(hessian[N - 1][N - 1], 2.0);
    assert!((hessian[4][5] + 4.0 * x[4]).abs() < 1e-14);
}

#[differentiate]
fn chain_once_more(x: &[f64; N]) -> f64 {
    let mut sum = 0.0;
    for i in 1..N {
        sum += (x[i] - x[i - 1].powi(2)).powi(2);
    }
    sum
}

fn chain_gradient_of(x: &[f64; N]) -> [f64; N] {
    chain_once_more_gradient(x)
}

// Hessians that overwrite.

#[differentiate(hessian)]
fn of_numbers(a: f64, b: f64) -> f64 {
    a * b.exp() + a.powi(3)
}

#[differentiate(hessian)]
fn of_a_slice(x: &[[f64; 2]]) -> f64 {
    x.iter().map(|p| (p[0] * p[1]).sin()).sum::<f64>() * x[0][0]
}

#[differentiate(hessian)]
fn of_twenty(x: &[[f64; 4]; 5]) -> Option<f64> {
    let mut product = 1.0;
    for row in x {
        for v in row {
            product *= 1.0 + v * v;
        }
    }
    if product > 1e9 { None } else { Some(product) }
}

#[derive(Differentiable, Clone, Debug, PartialEq)]
struct Params {
    rate: f64,
    weights: Vec<f64>,
    #[differentiate(skip)]
    steps: usize,
    bias: [f64; 2],
}

#[differentiate(hessian, hvp, wrt(p))]
fn of_a_struct(p: &Params, x: f64) -> f64 {
    let mut y = x;
    for i in 0..p.steps {
        y = (y * p.weights[i % p.weights.len()] + p.bias[i % 2]).sin() * p.rate;
    }
    y
}

#[differentiate(hessian, wrt(p))]
fn of_a_struct_by_value(p: Params, x: &[f64]) -> Result<f64, String> {
    if x.is_empty() {
        return Err("nothing".into());
    }
    let mut sum = 0.0;
    for v in x {
        sum += (p.rate * v).exp() * p.bias[0] * p.weights[1];
    }
    Ok(sum)
}

#[test]
fn hessians() {
    let (mut gradient, mut hessian) = ([7.0; 2], [[7.0; 2]; 2]);
    let value = of_numbers_value_gradient_hessian_into(0.4, -0.3, &mut gradient, &mut hessian);
    assert_eq!((value, gradient, hessian), of_numbers_value_gradient_hessian(0.4, -0.3));

    let x = [[0.3, 0.8], [-0.5, 1.2], [0.1, 0.4], [0.9, -0.9], [0.2, 0.2]];
    let (value, gradient, hessian) = of_a_slice_value_gradient_hessian(&x);
    let (mut d, mut h) = (vec![[7.0; 2]; 5], vec![7.0; 100]);
    assert_eq!(of_a_slice_value_gradient_hessian_into(&x, &mut d, &mut h), value);
    assert_eq!((d, h), (gradient, hessian));

    let x: [[f64; 4]; 5] = std::array::from_fn(|i| std::array::from_fn(|j| wave(7 * i + j)));
    let (value, gradient, hessian) = of_twenty_value_gradient_hessian(&x).unwrap();
    assert_eq!(Some(value), of_twenty(&x));
    let at = |x: &[f64]| {
        let x: [[f64; 4]; 5] = x.as_chunks::<4>().0.try_into().unwrap();
        of_twenty_value_gradient_hessian(&x).unwrap().1.flatten()
    };
    assert_eq!(gradient.flatten(), at(&x.flatten()));
    close(&hessian.flatten(), &differences(&at, &x.flatten()), 1e-7);
    let (mut d, mut h) = ([[7.0; 4]; 5], [[[[7.0; 4]; 5]; 4]; 5]);
    assert_eq!(of_twenty_value_gradient_hessian_into(&x, &mut d, &mut h), Some(value));
    assert_eq!((d, h), (gradient, hessian));
    assert_eq!(of_twenty_value_gradient_hessian_into(&[[1e3; 4]; 5], &mut d, &mut h), None);
}

#[test]
fn hessians_of_structs() {
    let p = Params { rate: 0.8, weights: vec![0.5, -0.7, 1.1], steps: 5, bias: [0.2, -0.4] };
    let (value, gradient, hessian): (f64, Params, Vec<f64>) = of_a_struct_value_gradient_hessian(&p, 0.6);
    assert_eq!(value, of_a_struct(&p, 0.6));
    let with = |x: &[f64]| {
        let mut p = p.clone();
        p.restore(x);
        p
    };
    let at = |x: &[f64]| of_a_struct_value_gradient_hessian(&with(x), 0.6).1.flatten();
    close(&hessian, &differences(&at, &p.flatten()), 1e-8);
    let (n, mut into) = (6, vec![7.0; 36]);
    let mut dp = p.zero_like();
    assert_eq!(of_a_struct_value_gradient_hessian_into(&p, 0.6, &mut dp, &mut into), value);
    assert_eq!((dp, &into), (gradient, &hessian));
    for i in 0..n {
        let unit: Vec<f64> = (0..n).map(|k| if k == i { 1.0 } else { 0.0 }).collect();
        close(&of_a_struct_hvp(&p, 0.6, &with(&unit)).flatten(), &hessian[i * n..][..n], 1e-14);
        for j in 0..n {
            assert_eq!(hessian[i * n + j], hessian[j * n + i]);
        }
    }
    assert!(of_a_struct_by_value_hessian(p.clone(), &[]).is_err());
    let hessian = of_a_struct_by_value_hessian(p.clone(), &[0.3, 0.7]).unwrap();
    let at = |x: &[f64]| of_a_struct_by_value_value_gradient_hessian(with(x), &[0.3, 0.7]).unwrap().1.flatten();
    close(&hessian, &differences(&at, &p.flatten()), 1e-8);
}

#[test]
#[should_panic(expected = "`hessian` needs a row and a column for each number in `x`")]
fn a_buffer_that_is_too_short() {
    let _ = of_a_slice_value_gradient_hessian_into(&[[0.5; 2]; 3], &mut [[0.0; 2]; 3], &mut [0.0; 35]);
}

// Directional derivatives that overwrite.

#[differentiate(jvp)]
fn grid(x: &[f64; 4], y: f64) -> [[f64; 2]; 2] {
    if y < 0.0 {
        return [[y * y; 2]; 2];
    }
    let mut a = [[0.0; 2]; 2];
    for i in 0..4 {
        a[i / 2][i % 2] = x[i] * y.sin();
    }
    // The other half stays what it was.
    a[1] = [x[0] * x[1], 1.0];
    a
}

#[differentiate(jvp)]
fn several(x: Vec<f64>, y: f64) -> ([f64; 2], f64, Vec<f64>) {
    let squares: Vec<f64> = x.iter().map(|v| v * v * y).collect();
    ([x[0] * x[1], y], x[1].cos() * y, squares)
}

#[differentiate(jvp, wrt(x))]
fn two_structs(x: &[f64], p: &Params) -> (Params, f64) {
    (
        Params { rate: x[0] * x[1], weights: x.iter().map(|v| v.exp()).collect(), steps: 3, bias: [x[1], p.rate] },
        x[0] * x[0],
    )
}

#[differentiate(jvp)]
fn generic<T: num_traits::Float>(x: &[T], limit: T) -> Option<Vec<T>> {
    if x[0] > limit {
        return None;
    }
    Some(x.iter().map(|&v| v * v * limit).collect())
}

#[differentiate(jvp)]
fn and_a_buffer(x: f64, buffer: &mut [f64; 2]) -> [f64; 2] {
    buffer[0] *= x;
    [x * x, buffer[0].sin()]
}

fn rotation_rule(x: f64, x_tangent: f64) -> ([f64; 2], [f64; 2]) {
    (rotation(x), [-x.sin() * x_tangent, x.cos() * x_tangent])
}

#[differentiate(jvp, custom_jvp = rotation_rule)]
fn rotation(x: f64) -> [f64; 2] {
    [x.cos(), x.sin()]
}

#[differentiate]
impl Params {
    #[differentiate(jvp = "along", wrt(x))]
    fn scaled(&self, x: f64) -> [f64; 2] {
        [self.rate * x * x, self.bias[1] * x.sin()]
    }
}

/// The derivative of `f` along `v`.
fn along(f: &dyn Fn(&[f64]) -> Vec<f64>, x: &[f64], v: &[f64]) -> Vec<f64> {
    let at = |h: &[f64]| f(&x.iter().zip(v).map(|(x, v)| x + h[0] * v).collect::<Vec<f64>>());
    differences(&at, &[0.0])
}

#[test]
fn directional_derivatives() {
    let (x, v) = ([0.4, -0.9, 1.3, 0.2, 0.7], [1.5, 0.3, -0.8, 0.6, -1.1]);
    for y in [0.7, -0.7] {
        let (point, direction): ([f64; 4], [f64; 4]) = (*x.first_chunk().unwrap(), *v.first_chunk().unwrap());
        let mut tangent = [[7.0; 2]; 2];
        assert_eq!(grid_jvp_into(&point, y, &direction, v[4], &mut tangent), grid(&point, y));
        assert_eq!(grid_jvp(&point, y, &direction, v[4]), (grid(&point, y), tangent));
        let at = |x: &[f64]| grid(x.first_chunk().unwrap(), x[4]).flatten();
        close(&tangent.flatten(), &along(&at, &[&point[..], &[y]].concat(), &v), 1e-8);
    }

    let (mut pair, mut number, mut list) = ([7.0; 2], 7.0, vec![7.0; 9]);
    let (point, direction) = (x[..4].to_vec(), v[..4].to_vec());
    let value = several_jvp_into(point.clone(), x[4], direction.clone(), v[4], &mut pair, &mut number, &mut list);
    let (same, tangents) = several_jvp(point.clone(), x[4], direction, v[4]);
    assert_eq!((&value, &value), (&several(point, x[4]), &same));
    let at = |x: &[f64]| {
        let (pair, number, list) = several(x[..4].to_vec(), x[4]);
        [&pair[..], &[number], &list].concat()
    };
    close(&[&pair[..], &[number], &list].concat(), &along(&at, &x, &v), 1e-8);
    assert_eq!((pair, number, list), tangents);

    let p = Params { rate: 0.8, weights: vec![0.5], steps: 2, bias: [0.2, -0.4] };
    let (mut tangent, mut number) = (p.clone(), 7.0);
    let value = two_structs_jvp_into(&x, &p, &v, &mut tangent, &mut number);
    assert_eq!(value, two_structs(&x, &p));
    let at = |x: &[f64]| {
        let (p, number) = two_structs(x, &p);
        [&p.flatten()[..], &[number]].concat()
    };
    close(&[&tangent.flatten()[..], &[number]].concat(), &along(&at, &x, &v), 1e-8);

    let mut list = Vec::new();
    assert_eq!(generic_jvp_into(&x, 3.0, &v, 0.5, &mut list), generic(&x, 3.0));
    let at = |x: &[f64]| generic(&x[..5], x[5]).unwrap();
    close(&list, &along(&at, &[&x[..], &[3.0]].concat(), &[&v[..], &[0.5]].concat()), 1e-8);
    assert_eq!(generic_jvp_into(&x, 0.0, &v, 0.5, &mut list), None);

    let (mut buffer, mut buffer_tangent, mut tangent) = ([0.3, 0.4], [1.0, 0.0], [7.0; 2]);
    let value = and_a_buffer_jvp_into(0.9, &mut buffer, 2.0, &mut buffer_tangent, &mut tangent);
    let at = |x: &[f64]| {
        let mut buffer = [x[1], 0.4];
        let value = and_a_buffer(x[0], &mut buffer);
        [value, buffer].concat()
    };
    assert_eq!([value, buffer].concat(), at(&[0.9, 0.3]));
    close(&[tangent, buffer_tangent].concat(), &along(&at, &[0.9, 0.3], &[2.0, 1.0]), 1e-8);

    let mut tangent = [7.0; 2];
    assert_eq!(rotation_jvp_into(0.4, 1.5, &mut tangent), rotation(0.4));
    close(&tangent, &along(&|x| rotation(x[0]).to_vec(), &[0.4], &[1.5]), 1e-8);

    let mut tangent = [7.0; 2];
    assert_eq!(p.along_into(0.4, 1.5, &mut tangent), p.scaled(0.4));
    close(&tangent, &along(&|x| p.scaled(x[0]).to_vec(), &[0.4], &[1.5]), 1e-8);
}
