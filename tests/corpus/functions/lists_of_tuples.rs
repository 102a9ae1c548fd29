//! Lists whose elements are tuples: listed, pushed, collected.

use symgrad_oracle::case;

#[case((&[0.5, -0.3, 0.7]))]
fn pushed(x: &[f64]) -> f64 {
    let mut pts: Vec<(f64, f64)> = Vec::new();
    for i in 0..2 {
        pts.push((x[i], x[i + 1]));
    }
    pts.iter().map(|(p, q)| p * q).sum::<f64>()
}

#[case((&[0.5, -0.3, 0.7]))]
fn pushed_in_branches(x: &[f64]) -> f64 {
    let mut pts = Vec::new();
    for i in 0..2 {
        pts.push((x[i] * 2.0, x[i + 1]));
        if x[i] < 0.0 {
            pts.push((x[0], 3.0));
        }
    }
    pts[0].0 *= 3.0;
    let mut s = 0.0;
    for k in 1..pts.len() {
        s += pts[k].0 * pts[k - 1].1;
    }
    for &(a, b) in &pts {
        s *= 1.0 + a * b;
    }
    for p in pts.iter() {
        s += p.0;
    }
    s
}

#[case((&[0.5, -0.3, 0.7]))]
fn listed(x: &[f64]) -> f64 {
    let pts = [(x[0], x[1]), (x[1], x[2] * x[2])];
    let ws = vec![(x[0], 2.0), (x[1], x[2] * x[2])];
    pts.iter().zip(&ws).map(|(p, w)| p.0 * w.1 + p.1 * w.0).sum::<f64>() + pts[1].1
}

#[case((&[0.5, -0.3, 0.7]))]
fn collected(x: &[f64]) -> f64 {
    let pts: Vec<(f64, f64)> = x.iter().map(|v| (v * v, v.sin())).collect();
    pts.iter().map(|(p, q)| p * q).sum::<f64>() + pts[0].1
}

#[case((&[0.5, -0.3, 0.7]))]
fn written_in_place(x: &[f64]) -> f64 {
    let mut pts: Vec<(f64, f64)> = Vec::new();
    pts.push((x[0], x[1]));
    pts.push((x[1], x[2]));
    for p in pts.iter_mut() {
        p.0 *= 2.0;
        p.1 += p.0;
    }
    pts[1] = (pts[0].0 * x[2], 1.5);
    let q = pts[0];
    pts[0].0 = 9.0;
    q.0 * pts[0].0 * pts[1].0 + pts[0].1
}

#[case((&[0.5, -0.3, 0.7]))]
fn exchanged(x: &[f64]) -> f64 {
    let mut pts = vec![(x[0], x[1]), (x[1], x[2])];
    pts.swap(0, 1);
    let l = pts.last().unwrap();
    let (a, b) = pts[0];
    l.0 * a + b
}

#[case((&[0.5, -0.3, 0.7], 2), (&[0.5, -0.3, 0.7], 0))]
fn a_path(x: &[f64], n: usize) -> f64 {
    let mut path = vec![(x[0], 0.0)];
    let mut t = x[1];
    for i in 0..3 {
        let (p, v) = *path.last().unwrap();
        let a = -p * x[2];
        path.push((p + 0.1 * v, v + 0.1 * a));
        if i == n && path[i].0 > 0.0 {
            return path[i + 1].1 * t;
        }
        t *= path[i + 1].0;
    }
    if t > 5.0 {
        path.push((t, t));
    } else if t > 0.0 {
        path.push((t * t, 1.0));
        return path.iter().map(|p| p.0).sum();
    }
    let e: Vec<f64> = path.iter().map(|(p, v)| p * p + v * v).collect();
    e.iter().sum::<f64>() * t
}

#[case((&[0.5, -0.3, 0.7]))]
fn of_arrays_and_numbers(x: &[f64]) -> f64 {
    let segs: Vec<([f64; 2], f64)> = x.windows(2).map(|w| ([w[0], w[1]], w[0] * w[1])).collect();
    let total: f64 = segs.iter().map(|(p, l)| p[0] * p[1] + l * l).sum();
    let best = segs.iter().map(|s| s.1).fold(f64::NEG_INFINITY, f64::max);
    total * best
}

#[case((&[0.5, -0.3, 0.7]))]
fn rebuilt_in_a_loop(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for k in 0..2 {
        let tri = [(x[0], x[k]), (x[1] * s, x[2]), (x[2], x[0] * s)];
        let mut area = 0.0;
        for i in 0..3 {
            let (a, b) = (tri[i], tri[(i + 1) % 3]);
            area += a.0 * b.1 - b.0 * a.1;
        }
        s += area * area + tri[k].0;
    }
    s
}

#[case((&[0.5, -0.3, 0.7]))]
fn collected_and_parted(x: &[f64]) -> f64 {
    let pairs: Vec<(f64, f64)> =
        x.iter().copied().zip(x.iter().skip(1).copied()).filter(|(a, _)| *a > 0.0 || *a < 0.0).collect();
    let (a, b): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    a.iter().zip(&b).map(|(a, b)| a * b * b).sum()
}

#[case((&[0.5, -0.3, 0.7], &[1.0, 2.0, 3.0]), wrt(x), once)]
fn beside_lists_of_data(x: &[f64], t: &[f64]) -> f64 {
    let data: Vec<(f64, f64)> = t.iter().map(|t| (*t, t * t)).collect();
    let mut idx: Vec<(f64, usize)> = Vec::new();
    for (i, v) in t.iter().enumerate() {
        idx.push((*v, i));
    }
    idx.sort_by(|a, b| b.0.partial_cmp(&a.0).unwrap());
    let mut order: Vec<(usize, usize)> = vec![(0, 1), (1, 2)];
    order.push((2, 0));
    data.iter().zip(x).map(|((a, b), v)| a * v + b * v * v).sum::<f64>() * x[idx[0].1]
        + order.iter().map(|&(i, j)| x[i] * x[j]).sum::<f64>()
}

#[case((&[0.5, -0.3, 0.7]))]
fn nested(x: &[f64]) -> f64 {
    let mut a = Vec::new();
    a.push((x[0], (x[1], x[2])));
    let b = a.clone();
    a[0].1.0 = 4.0 * x[0];
    let (p, (q, r)) = b[0];
    p * q * r * a[0].1.0
}

/// Numbers beside names, which are no numbers: checked in a loop, and weighed.
#[case((0.5, -0.3), (2.0, 0.7), (-4.0, 1.0))]
fn named(x: f64, y: f64) -> f64 {
    let mut s = 1.0;
    for (name, v) in [("x", x), ("second", x * y), ("y", y)] {
        if !v.is_finite() || v < -3.0 {
            return v * v;
        }
        s += v * s * name.len() as f64;
    }
    s
}

#[case((0.5, -0.3), (2.0, 0.7))]
fn numbered(x: f64, y: f64) -> f64 {
    let mut s = x;
    for (k, &(v, n)) in [(x, 2), (y, 3)].iter().enumerate() {
        s *= v.powi(n) + k as f64;
    }
    for (v, n, w) in &[(x, 1_usize, y), (x * y, 2, 0.5)] {
        s += *v * *w * *n as f64;
    }
    s + [(x, true), (y.sin(), false)].iter().map(|(v, squared)| if *squared { v * v } else { *v }).sum::<f64>()
        + [(x, [1, 2]), (y, [3, 4])].into_iter().rev().map(|(v, k)| v * s * k[1] as f64).sum::<f64>()
}

/// Rows beside data.
#[case((&[0.5, -0.3, 0.7]))]
fn rows_beside_data(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for (row, n) in [([x[0], x[1]], 1), ([x[1], x[2] * x[2]], 2)] {
        s += row[0] * row[1].powi(n);
    }
    s * s
}
