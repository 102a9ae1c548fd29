//! What functions return that are called, where nothing around the call tells and the attribute says it: `returns(f = Type)`.
//! Gradients and tangents against differences, second derivatives against differences of gradients.

use symgrad::{assert_derivatives, assert_gradient, differentiate};

#[differentiate(jvp, vjp, hvp)]
fn powers(x: f64, n: usize) -> Vec<f64> {
    let mut list = vec![x];
    for k in 1..n {
        list.push(list[k - 1] * x);
    }
    list
}

#[differentiate(jvp, vjp, jacobian, hvp)]
fn rotation(angle: f64) -> [[f64; 2]; 2] {
    let (s, c) = (angle.sin(), angle.cos());
    [[c, -s], [s, c]]
}

#[differentiate(jvp, vjp, jacobian, hvp)]
fn transposed(a: [[f64; 2]; 2]) -> [[f64; 2]; 2] {
    [[a[0][0], a[1][0]], [a[0][1], a[1][1]]]
}

#[differentiate(jvp, vjp, jacobian, hvp)]
fn applied(a: [[f64; 2]; 2], v: [f64; 2]) -> [f64; 2] {
    [a[0][0] * v[0] + a[0][1] * v[1], a[1][0] * v[0] + a[1][1] * v[1]]
}

#[differentiate(gradient, jvp, hessian, hvp)]
fn norm(v: [f64; 2]) -> f64 {
    (v[0] * v[0] + 2.0 * v[1] * v[1]).sqrt()
}

#[differentiate(jvp, vjp, jacobian, hvp)]
fn both(x: f64) -> Result<(f64, [f64; 2]), String> {
    if x > 0.0 { Ok((x.ln(), [x, x * x])) } else { Err("negative".into()) }
}

/// A list that nothing says is one.
#[differentiate(gradient, jvp, hvp, returns(powers = Vec<f64>))]
fn present_value(rate: f64, values: &[f64; 3]) -> f64 {
    powers(1.0 + rate, values.len()).iter().zip(values.iter()).map(|(p, v)| v / p).sum()
}

/// Calls as arguments of others, by value.
#[differentiate(
    gradient,
    jvp,
    hessian,
    returns(applied = [f64; 2], transposed = [[f64; 2]; 2], rotation = [[f64; 2]; 2])
)]
fn turned_back(angle: f64, x: f64, y: f64) -> f64 {
    norm(applied(transposed(rotation(angle)), [x, 3.0 * y])) * x + norm(applied(rotation(angle), [y, x]))
}

/// The same as a result.
#[differentiate(jvp, vjp, jacobian, returns(transposed = [[f64; 2]; 2], rotation = [[f64; 2]; 2]))]
fn back(angle: f64, x: f64, y: f64) -> (f64, f64) {
    let v = applied(transposed(rotation(angle)), [x, y]);
    (v[0], v[1])
}

/// A variable that is handed on by value.
#[differentiate(gradient, jvp, hessian, returns(rotation = [[f64; 2]; 2]))]
fn through_a_variable(angle: f64, x: f64) -> f64 {
    let turned = rotation(angle * x);
    let v: [f64; 2] = applied(turned, [x, 1.0]);
    v[0] * v[1]
}

/// A tuple in a `Result`.
#[differentiate(gradient, jvp, hessian, returns(both = (f64, [f64; 2])))]
fn of_a_tuple(x: f64) -> f64 {
    let pair = both(x).unwrap();
    let (a, v) = pair;
    a * norm(v)
}

/// What returns a number stays one.
#[differentiate(gradient, jvp, hessian, returns(norm = f64))]
fn of_a_number(x: f64) -> f64 {
    let size = norm([x, x * x]);
    size.sin() * x
}

/// A part of what it is given: the companions return copies.
#[differentiate(jvp, vjp, hvp)]
fn trimmed(values: &[f64]) -> &[f64] {
    let not_zero = |x: &f64| *x != 0.0;
    let begin = values.iter().position(not_zero).unwrap_or(0);
    let end = values.iter().rposition(not_zero).unwrap_or(values.len() - 1) + 1;
    &values[begin..end]
}

/// The same of rows, under a lifetime with a name.
#[differentiate(jvp, vjp, wrt(points))]
fn first_two<'p>(points: &'p [[f64; 2]], names: &str) -> &'p [[f64; 2]] {
    if names.is_empty() { &points[..1] } else { &points[..2] }
}

/// Of a fixed length.
#[differentiate(jvp, vjp)]
fn larger<'a>(a: &'a [f64; 2], b: &'a [f64; 2]) -> &'a [f64; 2] {
    if a[0] > b[0] { a } else { b }
}

#[differentiate(gradient, jvp, hvp, returns(trimmed = &[f64]))]
fn of_a_part(values: &[f64], rate: f64) -> f64 {
    let values = trimmed(values);
    let mut sum = 0.0;
    let mut discount = 1.0;
    let mut count = 0.0;
    for v in values {
        sum += v * v.sin() / discount;
        discount *= 1.0 + rate;
        count += 1.0;
    }
    sum * count + values[0]
}

#[differentiate(gradient, jvp, returns(first_two = &[[f64; 2]], larger = &[f64; 2]))]
fn of_rows(points: &[[f64; 2]], a: &[f64; 2]) -> f64 {
    let two = first_two(points, "names");
    let best = larger(&points[2], a);
    two.iter().map(|p| p[0] * p[1]).sum::<f64>() * best[1] + best[0]
}

/// Data of a type that nothing tells, in one arm, which the sweep of that arm needs again.
#[differentiate(gradient, jvp, hessian, returns(scaled = [f64; 2]))]
fn data_of_one_arm(x: f64, y: f64) -> f64 {
    const ORDERS: [f64; 3] = [0.5, 1.5, 2.5];
    let start = if x <= 4.0 {
        let mut i = 0;
        while i < 2 && x < ORDERS[i] {
            i += 1;
        }
        let order = ORDERS[i];
        let two = scaled(x, y, order);
        norm(two) + order
    } else {
        2.0 * x
    };
    let f = y * start.sinh() - start - x;
    start - f / (y * start.cosh())
}

#[differentiate(jvp, vjp, jacobian, hvp, wrt(x, y))]
fn scaled(x: f64, y: f64, by: f64) -> [f64; 2] {
    [x * y * by, (x + y).exp() / by]
}

#[test]
fn parts_of_parameters() {
    assert_eq!(
        trimmed_jvp(&[0.0, 2.0, 0.0, 3.0, 0.0], &[1.0, 2.0, 3.0, 4.0, 5.0]),
        (vec![2.0, 0.0, 3.0], vec![2.0, 3.0, 4.0])
    );
    assert_gradient!(
        |p| of_a_part(&[p[0], p[1], p[2], 0.0], p[3]),
        |p| {
            let (value, (values, rate)) = of_a_part_value_and_gradient(&[p[0], p[1], p[2], 0.0], p[3]);
            (value, [values[0], values[1], values[2], rate])
        },
        [0.7, -1.2, 2.0, 0.05],
        jvp = |p, v| of_a_part_jvp(&[p[0], p[1], p[2], 0.0], p[3], &[v[0], v[1], v[2], 0.0], v[3])
    );
    assert_derivatives!(
        jvp,
        |p| {
            let (values, rate) = of_a_part_gradient(&[p[0], p[1], p[2], 0.0], p[3]);
            ([values[0], values[1], values[2]], rate)
        },
        |p, v| {
            let at = [p[0], p[1], p[2], 0.0];
            let (gradient, rate) = of_a_part_gradient(&at, p[3]);
            let (product, along_rate) = of_a_part_hvp(&at, p[3], &[v[0], v[1], v[2], 0.0], v[3]);
            let three = |list: Vec<f64>| [list[0], list[1], list[2]];
            ((three(gradient), rate), (three(product), along_rate))
        },
        [0.7, -1.2, 2.0, 0.05]
    );
    for other in [0.2, 5.0] {
        assert_gradient!(
            |p| of_rows(&[[p[0], p[1]], [p[2], p[3]], [p[4], p[5]]], &[other, p[6]]),
            |p| {
                let points = [[p[0], p[1]], [p[2], p[3]], [p[4], p[5]]];
                let (value, (d, b)) = of_rows_value_and_gradient(&points, &[other, p[6]]);
                (value, [d[0][0], d[0][1], d[1][0], d[1][1], d[2][0], d[2][1], b[1]])
            },
            [0.3, 0.8, -0.4, 1.2, 1.1, 0.9, -2.0],
            jvp = |p, v| of_rows_jvp(
                &[[p[0], p[1]], [p[2], p[3]], [p[4], p[5]]],
                &[other, p[6]],
                &[[v[0], v[1]], [v[2], v[3]], [v[4], v[5]]],
                &[0.0, v[6]]
            )
        );
    }
}

#[test]
fn data_in_arms() {
    for point in [[0.3, 1.4], [1.2, 0.8], [5.0, 1.1]] {
        assert_gradient!(
            |p| data_of_one_arm(p[0], p[1]),
            |p| data_of_one_arm_value_and_gradient(p[0], p[1]),
            point,
            jvp = |p, v| data_of_one_arm_jvp(p[0], p[1], v[0], v[1])
        );
        let gradient = |p: &[f64]| data_of_one_arm_gradient(p[0], p[1]);
        assert_derivatives!(hessian, gradient, |p| data_of_one_arm_hessian(p[0], p[1]), point);
    }
}

#[test]
fn lists() {
    let values = [-100.0, 60.0, 70.0];
    assert_gradient!(
        |p| present_value(p[0], &[p[1], p[2], p[3]]),
        |p| {
            let (value, (rate, [a, b, c])) = present_value_value_and_gradient(p[0], &[p[1], p[2], p[3]]);
            (value, [rate, a, b, c])
        },
        [0.07, values[0], values[1], values[2]],
        jvp = |p, v| present_value_jvp(p[0], &[p[1], p[2], p[3]], v[0], &[v[1], v[2], v[3]])
    );
    let gradient = |p: &[f64]| present_value_gradient(p[0], &[p[1], p[2], p[3]]);
    assert_derivatives!(
        jvp,
        gradient,
        |p, v| (gradient(p), present_value_hvp(p[0], &[p[1], p[2], p[3]], v[0], &[v[1], v[2], v[3]])),
        [0.07, values[0], values[1], values[2]]
    );
}

#[test]
fn calls_in_calls() {
    for point in [[0.3, 0.8, -1.2], [2.0, 1.5, 0.4]] {
        assert_gradient!(
            |p| turned_back(p[0], p[1], p[2]),
            |p| turned_back_value_and_gradient(p[0], p[1], p[2]),
            point,
            jvp = |p, v| turned_back_jvp(p[0], p[1], p[2], v[0], v[1], v[2])
        );
    }
    assert_derivatives!(
        hessian,
        |p| turned_back_gradient(p[0], p[1], p[2]),
        |p| turned_back_hessian(p[0], p[1], p[2]),
        [0.3, 0.8, -1.2]
    );
}

#[test]
fn results() {
    let (both, point) = (|p: &[f64]| back(p[0], p[1], p[2]), [0.3, 0.8, -1.2]);
    assert_derivatives!(jacobian, both, |p| (both(p), back_jacobian(p[0], p[1], p[2])), point);
    assert_derivatives!(jvp, both, |p, v| back_jvp(p[0], p[1], p[2], v[0], v[1], v[2]), point);
    assert_derivatives!(vjp, both, |p, w| back_vjp(p[0], p[1], p[2], (w[0], w[1])), point);
}

#[test]
fn variables_and_tuples() {
    assert_gradient!(
        |p| through_a_variable(p[0], p[1]),
        |p| through_a_variable_value_and_gradient(p[0], p[1]),
        [0.4, 1.3],
        jvp = |p, v| through_a_variable_jvp(p[0], p[1], v[0], v[1])
    );
    let gradient = |p: &[f64]| through_a_variable_gradient(p[0], p[1]);
    assert_derivatives!(hessian, gradient, |p| through_a_variable_hessian(p[0], p[1]), [0.4, 1.3]);
    assert_gradient!(
        |p| of_a_tuple(p[0]),
        |p| of_a_tuple_value_and_gradient(p[0]),
        [1.3],
        jvp = |p, v| of_a_tuple_jvp(p[0], v[0])
    );
    assert_derivatives!(hessian, |p| of_a_tuple_gradient(p[0]), |p| of_a_tuple_hessian(p[0]), [1.3]);
    assert_gradient!(
        |p| of_a_number(p[0]),
        |p| of_a_number_value_and_gradient(p[0]),
        [0.9],
        jvp = |p, v| of_a_number_jvp(p[0], v[0])
    );
    assert_derivatives!(hessian, |p| of_a_number_gradient(p[0]), |p| of_a_number_hessian(p[0]), [0.9]);
}
