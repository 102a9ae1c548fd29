//! Parts of arrays: by patterns with a rest, in pieces that are written, and what the pieces leave over.

use symgrad_oracle::case;

#[case((&[0.5, -0.3, 0.7]), (&[0.4]))]
fn elements_or_panic(x: &[f64]) -> f64 {
    let Some(v) = x.first() else { panic!("none") };
    let [.., w] = x else { panic!("none") };
    v * v * w
}

#[case((&[0.5, -0.3, 0.7]), (&[]))]
fn first_and_rest(x: &[f64]) -> f64 {
    let [v, rest @ ..] = x else { return 1.0 };
    rest.iter().fold(*v, |a, b| a * b + v)
}

#[case((&[0.5, -0.3, 0.7, 0.2]), (&[0.4, 0.2]))]
fn ends_and_middle_written(x: &[f64]) -> f64 {
    let mut y = x.to_vec();
    if let [a, mid @ .., b] = &mut y[..] {
        *a = *b * 2.0;
        for m in mid.iter_mut() {
            *m *= *a;
        }
        *b += *a;
    }
    y.iter().sum()
}

#[case((&[0.5, -0.3, 0.7, 0.2]), (&[0.4, 0.2]))]
fn patterns_by_length(x: &[f64]) -> f64 {
    let total = |x: &[f64]| match x {
        [] => 0.0,
        [one] => one * one,
        [a, b] => a * b,
        [a, rest @ .., b] => a * b + rest[0],
    };
    total(x) + total(&x[1..])
}

#[case(([[0.5, -0.3], [0.7, 0.2], [0.3, 0.1]]))]
fn rows_and_rest(x: &[[f64; 2]; 3]) -> f64 {
    let [[a, b], rest @ ..] = *x;
    let [p, _] = rest;
    let [.., [c, d]] = x;
    a * b * p[0] + c * d + rest[1][0] * p[1]
}

#[case(([0.5, -0.3, 0.7, 0.2]))]
fn rest_by_value(x: &[f64; 4]) -> f64 {
    let mut z = *x;
    let [a, mut rest @ ..] = z;
    rest[0] = 3.0 * a;
    z[1] = 5.0;
    rest[0] * z[1] * z[0] + rest[1]
}

#[case(([0.5, -0.3, 0.7, 0.2]))]
fn elements_through_a_reference(x: &[f64; 4]) -> f64 {
    let mut z = *x;
    let [a, b, ..] = &mut z;
    *a = 3.0 * *b;
    *b += 1.0;
    z[0] * z[1] + z[2]
}

#[case((&[0.5, -0.3, 0.7, 0.2, 0.9]))]
fn pieces_written(x: &[f64]) -> f64 {
    let mut y = x.to_vec();
    for (i, c) in y.chunks_mut(2).enumerate() {
        if let [a, b] = c {
            *a *= *b;
            *b = *a + i as f64;
        } else {
            c[0] *= 3.0;
        }
    }
    for (c, v) in y.chunks_exact_mut(2).zip(x) {
        c.swap(0, 1);
        c[1] *= v;
    }
    y.chunks_mut(3).for_each(|c| c[0] *= x[1]);
    let r = y.chunks_exact(3).remainder();
    y.iter().product::<f64>() + r[0] * r[1]
}

#[case((&[0.5, -0.3, 0.7, 0.2, 0.9]))]
fn rows_of_a_flat_matrix(x: &[f64]) -> f64 {
    let mut y = vec![0.0; 6];
    for (row, v) in y.chunks_exact_mut(3).zip(x.iter().skip(1)) {
        for (j, e) in row.iter_mut().enumerate() {
            *e += v * x[j];
        }
        row[2] *= row[0];
    }
    y.iter().rfold(1.0, |a, b| a * b + 0.5) + y.chunks(4).rev().map(|c| c[0]).rfold(0.3, |a, v| a * a + v)
}

#[case((&[0.5, -0.3, 0.7]))]
fn folded_from_the_end(x: &[f64]) -> f64 {
    x.iter().rfold(1.0, |a, v| a * v + 1.0)
}

#[case((&[0.5, -0.3, 0.7, 0.1, 0.2]))]
fn what_pieces_leave(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for c in x.chunks_exact(2) {
        s += c[0] * c[1];
    }
    for v in x.chunks_exact(2).remainder() {
        s += v * v;
    }
    s
}

#[case((&[0.5, -0.3, 0.7, 0.1, 0.2]))]
fn windows_by_pattern(x: &[f64]) -> f64 {
    x.windows(2)
        .map(|w| match w {
            [a, b] => a * b,
            _ => unreachable!(),
        })
        .sum()
}

#[case((&[0.5, -0.3, 0.7, 0.1, 0.2]))]
fn windows_or_unreachable(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for w in x.windows(2) {
        let &[a, b] = w else { unreachable!() };
        s += a * b * b;
    }
    s
}

#[case((&[0.5, -0.3, 0.7, 0.1, 0.2], 2), (&[0.5, -0.3, 0.7, 0.1, 0.2], 3))]
fn behind_references(x: &[f64], n: usize) -> f64 {
    let mut s = 0.0;
    for w in x.windows(2) {
        let &[a, b] = w else { unreachable!() };
        s += a * b * b;
    }
    for w in x.windows(n) {
        s += match (w, n) {
            (&[a, b], 2) => a * b,
            (&[a, _, b], 3) => a * a * b,
            _ => 0.0,
        };
    }
    if let &[a, .., b] = x {
        s *= a * b;
    }
    s
}

#[case((&[0.5, -0.3, 0.7]), (&[]), (&[0.4]))]
fn elements_that_may_be_there_written(x: &[f64]) -> f64 {
    let mut y = x.to_vec();
    if let Some(v) = y.last_mut() {
        *v *= 2.0;
    }
    if let Some(v) = y.first_mut() {
        *v += x[0] * x[0];
    }
    if let Some(v) = y.get_mut(1) {
        *v = 3.0 * *v;
        *v += 1.0;
    }
    match y.get_mut(2) {
        Some(e) => *e *= *e,
        None => y.push(2.0),
    }
    y.iter().sum::<f64>() * y.iter().product::<f64>()
}
