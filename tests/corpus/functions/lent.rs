//! Mutable references that are lent to closures.

use crate::corpus::dual::Dual;
use symgrad::differentiate;
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

#[case((&[0.5, 0.3, 0.7]), once)]
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

#[case((&[0.5, -0.3, 0.7]))]
fn lent_on_by_a_closure(x: &[f64]) -> f64 {
    let bump = |a: &mut f64, b: f64| {
        *a += b;
        *a *= 1.0 + b * b;
    };
    let mut s = x[0];
    {
        let r = &mut s;
        let mut f = |v: f64| bump(r, v);
        for v in x {
            f(*v);
        }
    }
    s * s
}

#[case((&[0.5, -0.3, 0.7]))]
fn lent_in_chains(x: &[f64]) -> f64 {
    let bump = |a: &mut f64, b: f64| {
        *a += b;
        *a *= 1.0 + b * b;
    };
    let mut s = x[0];
    x.iter().for_each(|v| bump(&mut s, *v));
    let mut add = |v: f64| bump(&mut s, v);
    x.iter().skip(1).for_each(|v| add(v * v));
    let t: f64 = x
        .iter()
        .map(|v| {
            add(*v);
            v * 2.0
        })
        .sum();
    s * t
}

#[case((&[0.5, -0.3, 0.7]))]
fn conditions_that_lend(x: &[f64]) -> f64 {
    let bump = |a: &mut f64, b: f64| -> bool {
        *a += b;
        *a > 0.3
    };
    let mut s = x[0];
    let mut n = 0;
    while bump(&mut s, 0.2 * x[2]) && n < 3 || {
        s *= 0.9;
        n < 1
    } {
        n += 1;
        s -= 0.1 * x[1];
    }
    for (i, v) in x.iter().enumerate() {
        if bump(&mut s, *v) {
            s *= v;
        } else if i > 0 && bump(&mut s, 1.0) {
            s += x[i];
        }
    }
    s
}

#[case((&[0.5, -0.3, 0.7]))]
fn elements_lent(x: &[f64]) -> f64 {
    let twice = |a: &mut f64, b: &mut f64| {
        *a *= *b;
        *b += *a;
    };
    let mut m = [x[0], x[1], x[2]];
    let (p, q) = m.split_at_mut(1);
    twice(&mut p[0], &mut q[1]);
    twice(&mut q[0], &mut p[0]);
    let mut k = 0;
    let e = &mut m[k];
    k += 1;
    let mut z = 2.0;
    twice(e, &mut z);
    m[0] * m[1] * m[2] * z * k as f64
}

#[case((&[0.5, -0.3, 0.7, 0.2]))]
fn rotations_in_place(x: &[f64]) -> f64 {
    let rot = |a: &mut f64, b: &mut f64, c: f64, s: f64| {
        let t = c * *a - s * *b;
        *b = s * *a + c * *b;
        *a = t;
    };
    let mut m = vec![vec![x[0], x[1]], vec![x[2], x[3]]];
    for k in 0..2 {
        let (c, s) = (x[k].cos(), x[k].sin());
        let (top, bottom) = m.split_at_mut(1);
        for j in 0..2 {
            rot(&mut top[0][j], &mut bottom[0][j], c, s);
        }
    }
    m[0][0] * m[1][1] - m[0][1]
}

#[case((&[0.5, -0.3, 0.7, 0.2]))]
fn conditions_that_step(x: &[f64]) -> f64 {
    let mut a = x[0];
    let mut b = x[1];
    let mut step = |h: f64| {
        let t = a;
        a += h * b;
        b -= h * t;
        a > 0.4
    };
    let mut n = 0;
    if step(x[2]) && step(x[3]) {
        n = 1;
    }
    let m = if !step(0.5) || step(x[0]) { 2.0 } else { 3.0 };
    a * b * m + n as f64 * a
}

/// One number in and out, and one returned.
#[differentiate(wrt(x), gradient, jvp, hvp)]
fn step(x: f64, v: &mut f64) -> f64 {
    *v += x * x;
    if *v > 3.0 {
        *v = v.sin();
    }
    *v * x
}

fn step_dual(x: Dual, v: &mut Dual) -> Dual {
    *v += x * x;
    if *v > Dual::from(3.0) {
        *v = v.sin();
    }
    *v * x
}

/// Two of them, exchanged and lent on.
#[differentiate(wrt(x), jvp, hvp)]
fn exchanged(x: f64, v: &mut f64, w: &mut f64) {
    step(x, v);
    if *v < 0.0 {
        return;
    }
    std::mem::swap(v, w);
    let r = &mut *v;
    *r *= 2.0;
    step(x * *r, r);
}

fn exchanged_dual(x: Dual, v: &mut Dual, w: &mut Dual) {
    step_dual(x, v);
    if *v < Dual::from(0.0) {
        return;
    }
    std::mem::swap(v, w);
    let r = &mut *v;
    *r *= Dual::from(2.0);
    step_dual(x * *r, r);
}

#[case((0.7, 0.4), (1.5, -2.0), calls(step))]
fn a_variable_lent_in_a_loop(x: f64, y: f64) -> f64 {
    let mut v = x;
    let mut s = 0.0;
    for i in 0..4 {
        s += step(y * i as f64, &mut v);
    }
    s * v
}

#[case((0.7, 0.4, 3), (1.5, -2.0, 1), (-0.3, 0.2, 0), calls(step, exchanged))]
fn elements_and_variables_lent(x: f64, y: f64, n: usize) -> f64 {
    let (mut a, mut b) = (x, 1.0);
    exchanged(y, &mut a, &mut b);
    let mut l = [a, b, y];
    for v in l.iter_mut() {
        step(a, v);
    }
    step(y, &mut l[n % 3]);
    let mut k = 0;
    while l[0] < 1000.0 && k < n {
        exchanged(x, &mut l[0], &mut a);
        k += 1;
    }
    if a > 0.5 {
        step(y, &mut a);
    } else {
        b = 2.0;
    }
    let mut t = (x, l[2]);
    let c = step(b, &mut t.1);
    l[0].sin() * l[1] + t.1 * c + a.sin() * b
}
