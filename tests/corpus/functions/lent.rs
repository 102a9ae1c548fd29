//! Mutable references that are lent to closures.

use symgrad_oracle::case;

#[case((0.5, 0.3))]
fn to_a_number(x: f64, o: f64) -> f64 {
    let bump = |a: &mut f64, b: f64| {
        *a += b * b;
        *a *= b;
    };
    let mut s = x;
    bump(&mut s, o);
    bump(&mut s, x);
    s
}

#[case((&[0.5, 0.3, 0.7]))]
fn to_a_part(x: &[f64]) -> f64 {
    let add = |a: &mut [f64], b: f64| {
        for v in a.iter_mut() {
            *v += b;
        }
    };
    let mut s = x.to_vec();
    add(&mut s, x[0]);
    add(&mut s[1..], x[1]);
    s.iter().product()
}

#[case((&[0.5, 0.3, 0.7]))]
fn lent_on_in_a_loop(x: &[f64]) -> f64 {
    let bump = |a: &mut f64, b: f64| -> f64 {
        *a += b;
        *a * b
    };
    let mut s = x[0];
    let mut t = 1.0;
    for (i, v) in x.iter().enumerate() {
        if i > 0 {
            t *= bump(&mut s, *v);
        }
        let r = &mut s;
        bump(r, 0.5 * v);
        *r *= 1.5;
    }
    let mut y = x.to_vec();
    for v in y.iter_mut() {
        bump(v, t);
    }
    bump(&mut y[1], s);
    let p = &mut y[2];
    bump(p, s);
    s * t + y.iter().product::<f64>()
}

#[case((&[0.5, 0.3, 0.7]))]
fn swapped_inside(x: &[f64]) -> f64 {
    let inner = |a: &mut f64, b: &mut f64| {
        std::mem::swap(a, b);
        *a += 1.0;
    };
    let outer = |p: &mut f64, q: &mut f64, c: f64| {
        inner(p, q);
        *p *= c;
        if c > 0.4 {
            inner(q, p);
        }
    };
    let (mut s, mut t) = (x[0], x[1]);
    outer(&mut s, &mut t, x[2]);
    outer(&mut t, &mut s, 0.1);
    s * s + t
}

#[case((&[0.5, 0.3, 0.7]))]
fn beside_a_count(x: &[f64]) -> f64 {
    let acc = |s: &mut f64, n: &mut usize, v: f64| {
        *s += v * v;
        *n += 1;
    };
    let (mut s, mut n) = (0.0, 0);
    for &v in x {
        acc(&mut s, &mut n, v);
    }
    s / n as f64
}

#[case((&[0.5, 0.3, 0.7]))]
fn captured(x: &[f64]) -> f64 {
    let mut s = 0.0;
    let mut add = |v: f64| {
        s += v * v;
        s
    };
    let a = add(x[0]);
    let b = add(x[1]) + add(x[2]);
    a * b + s
}

#[case((&[0.5, 0.3, 0.7]))]
fn to_a_list(x: &[f64]) -> f64 {
    let relax = |y: &mut Vec<f64>, k: usize| {
        let m = y[k];
        y.push(m * 2.0);
        y[k] = m * m;
    };
    let mut y = x.to_vec();
    for k in 0..2 {
        relax(&mut y, k);
    }
    y.iter().sum::<f64>() * y[4]
}

#[case((&[0.5, 0.3, 0.7]))]
fn to_members_and_elements(x: &[f64]) -> f64 {
    let mut p = (x[0], x[1]);
    let bump = |a: &mut f64, b: f64| *a += b;
    bump(&mut p.0, x[2]);
    bump(&mut p.1, p.0);
    let mut m = [[0.0; 2]; 2];
    bump(&mut m[1][0], p.1);
    bump(&mut m[1][0], p.0);
    p.0 * p.1 + m[1][0] * m[1][0]
}

#[case((&[0.5, 0.3, 0.7]))]
fn to_a_state(x: &[f64]) -> f64 {
    let step = |y: &mut [f64; 2], h: f64| -> f64 {
        y[0] += h * y[1];
        y[1] -= h * y[0];
        y[0]
    };
    let mut y = [x[0], x[1]];
    let mut s = 0.0;
    while s < 1.0 {
        s += step(&mut y, x[2]).abs();
        if s > 0.9 {
            break;
        }
    }
    s * y[1]
}
