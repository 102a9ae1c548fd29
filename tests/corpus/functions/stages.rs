//! What elements go through on their way: adapters that count and remember, behind filters and loops within loops.

use symgrad_oracle::case;

#[case((&[0.5, -1.5, 2.0, 0.7, -0.2, 1.1]), (&[-0.3]), (&[]))]
fn counted_behind_a_filter(x: &[f64]) -> f64 {
    let a: f64 = x.iter().filter(|v| **v > 0.0).enumerate().map(|(i, v)| (i + 1) as f64 * v * v).sum();
    let b: f64 = x.iter().filter(|v| **v > 0.0).skip(1).take(2).map(|v| v * v).sum();
    let c: f64 = x.iter().filter(|v| **v < 1.5).step_by(2).product();
    let mut d = 0.0;
    for (i, v) in x.iter().filter(|v| **v != 2.1).skip(1).enumerate() {
        if i == 3 {
            break;
        }
        d += v * v * i as f64;
    }
    a * b + c * d
}

#[case((&[0.5, -1.5, 2.0, 0.7], &[1.0, 0.3, 2.0]), (&[0.5, 0.7], &[1.0]), (&[], &[1.0]), (&[0.5], &[]))]
fn side_by_side_with_a_filter(x: &[f64], y: &[f64]) -> f64 {
    let a: f64 = x.iter().filter(|v| **v > 0.0).zip(y).map(|(v, w)| v * w * w).sum();
    let b: f64 = x.iter().zip(y.iter().filter(|w| **w > 0.5)).map(|(v, w)| v * v * w).sum();
    let c: f64 = x.iter().filter(|v| **v > 0.0).zip(1..).map(|(v, k)| v * k as f64).sum();
    let mut d = 1.0;
    for (v, w) in x.iter().zip(y.iter().skip_while(|w| **w > 0.9)) {
        d *= v + w;
    }
    a * b + c * d
}

#[case((&[-0.5, -1.5, 2.0, -0.7, 0.2]), (&[-0.3]), (&[]))]
fn skipped_while(x: &[f64]) -> f64 {
    let a: f64 = x.iter().skip_while(|v| **v < 0.0).map(|v| v * v).sum();
    let b: f64 = x.iter().map(|v| v * 2.0).skip_while(|v| *v < 0.0).take_while(|v| v.abs() > 0.5).sum();
    a * b + a
}

#[case((&[-0.5, 1.5, 2.0, -0.7, 0.2]), (&[-0.3]), (&[]))]
fn filtered_and_mapped(x: &[f64]) -> f64 {
    let a: f64 = x.iter().filter_map(|&v| if v > 0.0 { Some(v * v) } else { None }).sum();
    let b: f64 = x
        .iter()
        .enumerate()
        .filter_map(|(i, v)| {
            let w = v * i as f64;
            match i {
                0 => None,
                1 => Some(w * w),
                _ => Some(w),
            }
        })
        .map(|w| w + 1.0)
        .sum();
    let mut c = 0.0;
    let v = 0.5;
    for w in x.windows(2).filter_map(|v| v.last()) {
        if *w < 0.0 {
            continue;
        }
        c += w * v;
    }
    a * b + c
}

#[case((&[-0.5, 1.5, 2.0, -0.7, 0.2], 0.6), (&[-0.3], 1.2), (&[], 0.5))]
fn running_totals(x: &[f64], w: f64) -> f64 {
    let a: f64 = x
        .iter()
        .scan(w, |s, &v| {
            *s = *s * 0.5 + v;
            Some(*s)
        })
        .map(|s| s * s)
        .sum();
    let b: f64 = x
        .iter()
        .scan(1.0, |s, v| {
            *s *= v;
            if *s < -2.0 { None } else { Some(*s * w) }
        })
        .sum();
    a * b + a
}

#[case((&[[0.5, 0.1], [1.5, 2.5], [0.3, 0.2]], 1.0), (&[[0.5, 0.1], [0.5, 0.3], [0.3, 0.2]], 1.0), (&[], 0.2))]
fn left_from_inside(x: &[[f64; 2]], t: f64) -> f64 {
    let mut s = 0.0;
    for v in x.iter().flatten() {
        if *v > 2.0 {
            break;
        }
        if *v < 0.15 {
            continue;
        }
        s += v * v;
    }
    for v in x.iter().flat_map(|r| r.iter()) {
        if *v > t {
            return s * v;
        }
        s += v;
    }
    s * t
}

#[case((&[[0.5, 0.1], [1.5, 2.5], [0.3, 0.2]], 3), (&[[0.5, 0.1], [0.5, 0.3], [0.3, 0.2]], 5), (&[], 1))]
fn left_from_further_inside(x: &[[f64; 2]], n: usize) -> f64 {
    let mut s = 1.0;
    'rows: for k in 0..3 {
        for (i, v) in x.iter().flatten().filter(|v| **v < 2.0).enumerate() {
            for j in 0..i {
                if j > 2 {
                    break;
                }
                s += v * 0.1;
            }
            if i + k == n {
                continue 'rows;
            }
            if i * k > 5 {
                break 'rows;
            }
            if i > 3 {
                break;
            }
            s += v * v * s;
        }
        s = s * 0.9;
    }
    s
}

#[case((&[[0.5, 0.1], [1.5, 2.5], [0.3, 0.2]]), (&[[0.5, 0.1]]), (&[]))]
fn ended_from_inside(x: &[[f64; 2]]) -> f64 {
    let a: f64 = x.iter().flatten().take_while(|v| **v < 1.0).map(|v| v * v).sum();
    let b: f64 = x.iter().flatten().take(3).product();
    let c: f64 = x.iter().flatten().skip(1).step_by(2).map(|v| v * a).sum();
    a * b + c
}

#[case((&[0.5, 1.5, 0.2]), (&[0.4]))]
fn taken_before_more_is_asked_for(x: &[f64]) -> f64 {
    let mut asked = 0;
    let s: f64 = (0..10)
        .filter(|i| i % 2 == 0)
        .map(|i| x[i / 2])
        .filter(|v| *v > 0.0)
        .take(x.len())
        .inspect(|_| asked += 1)
        .map(|v| v * v)
        .sum();
    s * asked as f64
}

#[case((&[0.5, 1.5, 3.0, 0.2, 0.7]), (&[1.0]), (&[]))]
fn from_the_end_in_pieces(x: &[f64]) -> f64 {
    let mut s = 1.0;
    for (i, c) in x.rchunks_exact(2).enumerate() {
        s += c[0] * c[1].sin() * (i + 1) as f64;
    }
    let mut a = x.to_vec();
    for c in a.rchunks_mut(3) {
        c[0] *= s;
    }
    s + x.rchunks(2).map(|c| c.iter().product::<f64>()).sum::<f64>() * s + a.iter().map(|v| v * v).sum::<f64>()
}

/// What is to be changed is chosen by what it is.
#[case(([0.5, 1.5, 3.0, 0.2]))]
fn changed_where_it_is_great(x: &[f64; 4]) -> f64 {
    let mut a = *x;
    for v in a.iter_mut().filter(|v| **v > 0.8) {
        *v *= 2.0 * x[0];
    }
    a.iter_mut().skip(1).filter(|v| v.abs() > 0.1).for_each(|v| *v = v.sin() * x[1]);
    let mut rows = [[a[0], a[1]], [a[2], a[3]]];
    for (i, row) in rows.iter_mut().enumerate().filter(|(i, row)| *i > 0 || row[0] > 0.9) {
        row[0] *= x[1];
        row[1] += row[0] * i as f64;
    }
    rows[0][0] * rows[1][1] + rows[0][1] * rows[1][0]
}
