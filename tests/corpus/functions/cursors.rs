//! Iterators in variables: consumed as a whole, advanced one by one, and both; and chains whose elements go to two lists.

use symgrad_oracle::case;

#[case((&[0.5, -0.3, 0.7]), (&[]), (&[0.4]))]
fn while_there_is_another(x: &[f64]) -> f64 {
    let mut it = x.iter();
    let mut s = 1.0;
    while let Some(v) = it.next() {
        s = s * v + v;
    }
    s
}

#[case((&[0.5, -0.3, 0.7]), (&[0.4]))]
fn first_and_then_the_rest(x: &[f64]) -> f64 {
    let mut it = x.iter();
    let first = it.next().unwrap();
    it.fold(*first, |a, v| a * v + 1.0)
}

#[case((&[0.5, -0.3, 0.7]), (&[]))]
fn consumed_later(x: &[f64]) -> f64 {
    let it = x.iter().map(|v| v * v);
    it.sum::<f64>()
}

#[case((&[0.5, -0.3, 0.7]), (&[0.4]))]
fn greatest_of_the_rest(x: &[f64]) -> f64 {
    let mut it = x.iter();
    let mut m = *it.next().unwrap();
    for &v in it {
        if v > m {
            m = v;
        }
    }
    m * m
}

#[case((&[0.5, -0.3, 0.7, 0.1, 0.2]), (&[0.3]))]
fn remainder_of_a_variable(x: &[f64]) -> f64 {
    let chunks = x.chunks_exact(2);
    let r = chunks.remainder();
    let a: f64 = chunks.map(|c| c[0] * c[1]).sum();
    a + r.iter().sum::<f64>() * 2.0
}

#[case((&[0.5, -0.3, 0.7, 0.1, 0.2]), (&[0.3]))]
fn remainder_behind_a_loop(x: &[f64]) -> f64 {
    let mut s = 0.0;
    let mut it = x.chunks_exact(2);
    for c in &mut it {
        s += c[0] * c[1];
    }
    for v in it.remainder() {
        s += v * v;
    }
    s
}

#[case((&[0.5, -0.3, 0.7]), (&[]), (&[0.2]))]
fn the_next_is_seen(x: &[f64]) -> f64 {
    let mut it = x.iter().peekable();
    let mut s = 0.0;
    while let Some(v) = it.next() {
        if let Some(w) = it.peek() {
            s += v * **w;
        } else {
            s *= v;
        }
    }
    s
}

#[case((&[0.5, -0.3, 0.7, 0.4]), (&[]))]
fn one_is_skipped(x: &[f64]) -> f64 {
    let mut it = x.iter().copied().enumerate();
    let mut s = 1.0;
    while let Some((i, v)) = it.next() {
        if v < 0.0 {
            it.next();
            continue;
        }
        s = s * v + i as f64;
        if i > 5 {
            break;
        }
    }
    s
}

#[case((&[0.5, -0.3, 0.7, 0.4], &[0.3, 0.2, 0.6]), (&[], &[1.0]))]
fn left_early(x: &[f64], y: &[f64]) -> f64 {
    let mut it = x.iter().zip(y).map(|(a, b)| a * b.sin());
    let first = it.next().unwrap_or(1.0);
    let mut s = first;
    for p in it.by_ref() {
        s += p * first;
        if s > 0.3 {
            break;
        }
    }
    let rest: Vec<f64> = it.collect();
    s * rest.iter().sum::<f64>() + s
}

#[case((&[0.5, -0.3, 0.7, 0.4, 0.9]))]
fn elements_advanced_and_written(x: &[f64]) -> f64 {
    let mut y = x.to_vec();
    let mut it = y.iter_mut();
    while let Some(a) = it.next() {
        *a *= x[0];
        if let Some(b) = it.next() {
            *b += *a;
        }
    }
    let mut rows = y.chunks_mut(2);
    if let Some(r) = rows.next() {
        r[0] *= r[1];
    }
    for r in rows {
        r[0] += 1.0;
    }
    y.iter().product()
}

#[case((&[0.5, -0.3, 0.7, 0.4, 0.9]))]
fn in_a_loop(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for k in 0..3 {
        let it = x.iter().skip(k).filter(|v| **v > 0.0).map(|v| v * v);
        let w = x[k];
        let inner = it.map(|v| v * w).fold(1.0, |a, b| a * b);
        s += inner * (k + 1) as f64;
        let mut pairs = x.windows(2);
        let p = pairs.next().unwrap();
        let q = pairs.next().unwrap();
        s *= p[0] * q[1] + w;
    }
    s
}

#[case((&[0.5, -0.3, 0.7, 0.4, 0.9]))]
fn what_it_took_by_value(x: &[f64]) -> f64 {
    let mut a = [x[0], x[1], x[2]];
    let it = a.into_iter();
    a[0] = 7.0;
    let x = 3.0;
    let s: f64 = it.map(|v| v * x).sum();
    s * a[0] * a[1]
}

#[case((&[0.5, -0.3, 0.7, 0.4, 0.9]))]
fn several_in_one_expression(x: &[f64]) -> f64 {
    let mut it = x.iter();
    let s = it.next().unwrap() * 2.0 + it.next().unwrap() * it.next().unwrap();
    let t = [*it.next().unwrap(), *it.next().unwrap()];
    s * t[0] + t[1]
}

#[case((&[0.5, -0.3, 0.7, 0.4, 0.9], 1), (&[0.5, -0.3, 0.7, 0.4, 0.9], 9))]
fn out_of_a_loop(x: &[f64], n: usize) -> f64 {
    let mut it = x.iter();
    let mut s = 0.0;
    let mut i = 0;
    loop {
        let Some(v) = it.next() else { break };
        if i == n {
            return s * v;
        }
        s += v * v;
        i += 1;
    }
    s
}

#[case((&[0.5, 0.3, 0.7]), (&[]))]
fn unzipped(x: &[f64]) -> f64 {
    let (a, b): (Vec<f64>, Vec<f64>) = x.iter().map(|v| (v * v, v.sin())).unzip();
    a.iter().zip(&b).map(|(p, q)| p * q).sum()
}

#[case((&[0.5, -0.3, 0.7]), (&[]))]
fn partitioned(x: &[f64]) -> f64 {
    let (a, b): (Vec<f64>, Vec<f64>) = x.iter().copied().partition(|v| *v > 0.0);
    a.iter().sum::<f64>() * b.iter().map(|v| v * v).sum::<f64>()
}

#[case((&[0.5, -0.3, 0.7]), (&[]), once)]
fn indices_and_numbers(x: &[f64]) -> f64 {
    let (i, v): (Vec<usize>, Vec<f64>) = x.iter().copied().enumerate().filter(|(_, v)| *v > 0.0).unzip();
    i.iter().zip(v.iter()).map(|(i, v)| (*i + 1) as f64 * v * v).sum()
}

#[case((&[0.5, -0.3, 0.7]))]
fn lists_of_the_same_names(x: &[f64]) -> f64 {
    let a = vec![x[0], x[2]];
    let (mut a, b): (Vec<_>, Vec<_>) = a.iter().zip(x).map(|(p, q)| (p * q, p + q)).unzip();
    a[0] *= b[1];
    a.push(b[0]);
    a.iter().product()
}

#[case((&[0.5, -0.3, 0.7]))]
fn partitioned_by_a_counter(x: &[f64]) -> f64 {
    let mut n = 0;
    let (small, large): (Vec<f64>, Vec<f64>) = x.iter().map(|v| v * x[0]).partition(|v| {
        n += 1;
        v.abs() < 0.2
    });
    small.iter().sum::<f64>() * large.iter().sum::<f64>() * n as f64
}

#[case((&[0.5, -0.3, 0.7, 0.2]))]
fn counted_and_left(x: &[f64]) -> f64 {
    let mut total = 0.0;
    for k in 0..3 {
        let mut it = x.iter().enumerate().skip(k);
        let (i, first) = it.next().unwrap();
        if i == 2 {
            total *= 1.5;
            continue;
        }
        let mut acc = *first;
        while let Some((j, v)) = it.next() {
            if j == 3 && acc > 0.0 {
                break;
            }
            acc = acc * v + j as f64;
            if let Some((_, w)) = it.next() {
                acc -= w * first;
            }
        }
        total += acc * it.map(|(_, v)| v * v).sum::<f64>() + acc;
    }
    total
}

#[case((&[0.5, -0.3, 0.7, 0.2]))]
fn pushed_while_another_is_read(x: &[f64]) -> f64 {
    let mut y = x.to_vec();
    let z = y.clone();
    let mut it = z.iter();
    while let Some(v) = it.next() {
        let n = y.len();
        if n < 7 {
            y.push(v * y[n - 1]);
        }
        y[0] += v;
    }
    y.iter().rev().take(3).product::<f64>() * y[0]
}
