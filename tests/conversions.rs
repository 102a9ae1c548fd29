//! Results that are converted to another float type where they are returned. Oracle: finite differences, in the precision of the
//! narrower type; forward mode is compared with reverse mode, and the value is that of the function, bit for bit.

#![allow(
    clippy::match_bool,
    clippy::cast_lossless,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "as users write them"
)]

use num_traits::Float;
use symgrad::check::{Check, assert_gradient};
use symgrad::differentiate;

#[differentiate(gradient, jvp)]
#[allow(clippy::ptr_arg, reason = "as it is written")]
fn paraboloid<T: Float>(x: &Vec<T>) -> f64 {
    let mut sum = T::from(0.0).unwrap();
    for (n, value) in x.iter().enumerate() {
        sum = sum + (*value - T::from(n).unwrap()).powi(2) * value.sin();
    }
    sum.to_f64().unwrap()
}

#[differentiate(gradient, jvp)]
fn number<T: Float>(x: f64) -> T {
    T::from(x * x).expect("a number")
}

#[differentiate(gradient, jvp)]
fn widened(x: f32, y: f32) -> f64 {
    if x < 0.0 {
        return f64::from(x * y);
    }
    match y > 1.0 {
        true => (x.sin() * y) as f64,
        false => (x * x + y).into(),
    }
}

/// Computes in the type of the result.
#[differentiate(gradient, jvp)]
fn widened_before(x: f32, y: f32) -> f64 {
    let (a, b) = (x as f64, f64::from(y));
    if x < 0.0 {
        return a.exp();
    }
    (a * b).sin() + a * f64::from(x * y)
}

#[differentiate(gradient, jvp)]
fn in_the_end<T: Float>(x: T, n: usize) -> f64 {
    let mut s = 0.1;
    for k in 0..n {
        s += (x.to_f64().unwrap() * k as f64).cos() * s;
    }
    s
}

#[differentiate(gradient, jvp)]
fn narrowed(x: f64, n: i32) -> Result<f32, String> {
    if n < 0 {
        return Err("negative".into());
    }
    if n == 0 {
        return Ok(x as f32);
    }
    let power = x.powi(n).exp();
    Ok((power / 3.0) as f32)
}

/// Its derivative is found where it is called.
#[differentiate(gradient, jvp)]
fn caller(a: f64, b: f64) -> f64 {
    let list = vec![a * b, b, a.sin()];
    paraboloid(&list) * number::<f64>(a + b)
}

#[test]
fn results_that_are_converted() {
    let list = |p: &[f64]| p.to_vec();
    let check = Check::new(|p: &[f64]| paraboloid(&list(p)), |p: &[f64]| paraboloid_value_and_gradient(&list(p)))
        .jvp(|p: &[f64], v: &[f64]| paraboloid_jvp(&list(p), &list(v)));
    assert_gradient(check, &[0.3, -0.8, 1.9]);
    let single = |p: &[f64]| p.iter().map(|&x| x as f32).collect::<Vec<f32>>();
    assert_gradient(
        Check::new(
            |p: &[f64]| paraboloid(&single(p)),
            |p: &[f64]| {
                let (value, gradient) = paraboloid_value_and_gradient(&single(p));
                (value, gradient.iter().map(|&g| f64::from(g)).collect::<Vec<f64>>())
            },
        )
        .jvp(|p: &[f64], v: &[f64]| paraboloid_jvp(&single(p), &single(v)))
        .single_precision(),
        &[0.3, -0.8, 1.9],
    );
    for point in [[0.3, 0.8], [0.7, 1.4], [-0.6, 0.2]] {
        assert_gradient(
            Check::new(
                |p: &[f64]| widened(p[0] as f32, p[1] as f32),
                |p: &[f64]| {
                    let (value, gradient) = widened_value_and_gradient(p[0] as f32, p[1] as f32);
                    (value, gradient.map(f64::from).to_vec())
                },
            )
            .jvp(|p: &[f64], v: &[f64]| widened_jvp(p[0] as f32, p[1] as f32, v[0] as f32, v[1] as f32))
            .single_precision(),
            &point,
        );
        assert_gradient(
            Check::new(
                |p: &[f64]| widened_before(p[0] as f32, p[1] as f32),
                |p: &[f64]| {
                    let (value, gradient) = widened_before_value_and_gradient(p[0] as f32, p[1] as f32);
                    (value, gradient.map(f64::from).to_vec())
                },
            )
            .jvp(|p: &[f64], v: &[f64]| widened_before_jvp(p[0] as f32, p[1] as f32, v[0] as f32, v[1] as f32))
            .single_precision(),
            &point,
        );
        assert_gradient(
            Check::new(
                |p: &[f64]| in_the_end(p[0], 3),
                |p: &[f64]| {
                    let (value, derivative) = in_the_end_value_and_gradient(p[0], 3);
                    (value, vec![derivative])
                },
            )
            .jvp(|p: &[f64], v: &[f64]| in_the_end_jvp(p[0], 3, v[0])),
            &point[..1],
        );
        assert_gradient(
            Check::new(
                |p: &[f64]| caller(p[0], p[1]),
                |p: &[f64]| {
                    let (value, gradient) = caller_value_and_gradient(p[0], p[1]);
                    (value, gradient.to_vec())
                },
            )
            .jvp(|p: &[f64], v: &[f64]| caller_jvp(p[0], p[1], v[0], v[1])),
            &point,
        );
    }
    assert!(narrowed_gradient(0.3, -1).is_err());
    for n in [0, 2] {
        assert_gradient(
            Check::new(
                |p: &[f64]| f64::from(narrowed(p[0], n).unwrap()),
                |p: &[f64]| {
                    let (value, gradient) = narrowed_value_and_gradient(p[0], n).unwrap();
                    (f64::from(value), vec![gradient])
                },
            )
            .jvp(|p: &[f64], v: &[f64]| {
                let (value, tangent) = narrowed_jvp(p[0], n, v[0]).unwrap();
                (f64::from(value), f64::from(tangent))
            })
            .single_precision(),
            &[0.7],
        );
    }
    assert_eq!(number_value_and_gradient::<f32>(0.1).0.to_bits(), number::<f32>(0.1).to_bits());
}

/// The derivatives are no numbers of `f32`: cotangents are not converted where nothing is computed in it.
#[differentiate(gradient, jvp, hessian)]
fn rounded_on_the_way(x: f64, y: f64) -> f64 {
    let (narrow, other) = (x as f32, y as f32);
    let product = f64::from(narrow) * 1e-50 * other as f64;
    if product > 0.0 { product } else { product * 1e150 }
}

#[differentiate(gradient, jvp)]
fn rounded_where_it_is_generic<T: Float + From<f32>>(x: T, c: T) -> T {
    let narrow = x.to_f32().unwrap();
    let back: T = narrow.into();
    back * c
}

#[test]
fn cotangents_keep_their_range() {
    for (x, y) in [(0.5, 2.0), (0.5, -2.0), (-1.25, -3.0)] {
        let along = [rounded_on_the_way_jvp(x, y, 1.0, 0.0).1, rounded_on_the_way_jvp(x, y, 0.0, 1.0).1];
        assert!(along.iter().all(|d| d.is_normal()), "{along:?}");
        assert_eq!(rounded_on_the_way_gradient(x, y).map(f64::to_bits), along.map(f64::to_bits), "at {x}, {y}");
        let [[none, mixed], _] = rounded_on_the_way_hessian(x, y);
        assert!(none == 0.0 && mixed * x == along[1], "{mixed:e} at {x}, {y}");
    }
    for c in [1e-50, 1e50] {
        let (gradient, along) = (rounded_where_it_is_generic_gradient(0.5, c), rounded_where_it_is_generic_jvp);
        assert_eq!(gradient, [along(0.5, c, 1.0, 0.0).1, along(0.5, c, 0.0, 1.0).1]);
    }
}
