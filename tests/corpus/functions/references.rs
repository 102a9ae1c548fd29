//! Variables and elements behind mutable references, and what exchanges them.

use symgrad_oracle::case;

#[case((0.5), (2.0))]
fn case_10_written_through_an_alias(x: f64) -> f64 {
    let mut s = x * x;
    let r = &mut s;
    *r += x;
    *r *= *r;
    let t = *r + 1.0;
    s * t
}

#[case((0.5, 0), (0.5, 3), (-0.5, 5))]
fn an_alias_in_a_loop(x: f64, n: usize) -> f64 {
    let mut s = 1.0;
    let mut m = x;
    {
        let r = &mut s;
        for i in 0..n {
            if *r > 3.0 {
                break;
            }
            *r = (*r * x).sin() + i as f64;
            let q = &mut m;
            *q += x * *r;
            if r.is_nan() {
                return *q;
            }
        }
    }
    s * m
}

#[case((0.5, true), (0.5, false))]
fn an_alias_in_branches(x: f64, c: bool) -> f64 {
    let mut s = x.exp();
    let r = &mut s;
    if c {
        *r *= x;
    } else {
        let q = &mut *r;
        *q = x.cos();
    }
    println!("{} {r}", *r);
    let k = if *r > 0.3 { 2 } else { 3 };
    s * s * k as f64
}

#[case((0.5), (2.0))]
fn an_alias_in_a_block(x: f64) -> f64 {
    let mut m = x * x;
    let q = &mut m;
    *q += x;
    let y = {
        let copy = *q;
        copy + copy
    };
    *q *= 2.0;
    y * m
}

#[case((0.5, 1), (0.5, 0))]
fn an_alias_of_an_element(x: f64, k: usize) -> f64 {
    let mut a = [x, x * x, 2.0];
    let mut i = k;
    let r = &mut a[i];
    i += 1;
    *r *= x;
    *r += r.sin();
    a[0] * a[1] * a[i]
}

#[case((0.5, 1.5, 1))]
fn an_alias_of_a_row(x: f64, y: f64, i: usize) -> f64 {
    let mut a = [[x, y], [y, x * y]];
    for j in 0..2 {
        let row = &mut a[i];
        row[j] += x * row[1 - j];
    }
    let row = &mut a[0];
    row[1] *= row[0];
    a[0][1] + a[1][0] * a[1][1]
}

#[case((0.5, 1.5))]
fn exchanged(x: f64, y: f64) -> f64 {
    let (mut a, mut b) = (x * x, y);
    std::mem::swap(&mut a, &mut b);
    b += a * a;
    core::mem::swap(&mut b, &mut a);
    a * b + b
}

#[case((0.5, 1.5, 4), (0.5, 1.5, 0), (0.5, 1.5, 1))]
fn exchanged_in_a_loop(x: f64, y: f64, n: usize) -> f64 {
    let mut current = [x, y];
    let mut next = [0.0; 2];
    let (mut p, mut q) = (x, 1.0);
    for i in 0..n {
        for j in 0..2 {
            next[j] = (current[1 - j] * x).sin() + current[j] * i as f64;
        }
        std::mem::swap(&mut current, &mut next);
        if i % 2 == 0 {
            std::mem::swap(&mut p, &mut q);
            q += p * y;
        }
    }
    current[0] * current[1] + p * q
}

#[case((0.5, 1.5))]
fn elements_exchanged(x: f64, y: f64) -> f64 {
    let mut a = [x, y];
    let mut b = x * y;
    std::mem::swap(&mut a[0], &mut b);
    let old = std::mem::replace(&mut a[1], b * b);
    let before = std::mem::replace(&mut b, old.sin());
    let gone = std::mem::take(&mut a[0]);
    a[0] + a[1] * b + before * old + gone * x
}

#[case((0.5, 1.5))]
fn arrays_replaced(x: f64, y: f64) -> f64 {
    let mut a = [x, y];
    let old = std::mem::replace(&mut a, [x * y, 1.0]);
    old[0] * a[0] + old[1] * a[1]
}

#[case((0.5, 4), (0.5, 0))]
fn an_alias_in_a_closure(x: f64, n: usize) -> f64 {
    let mut s = x;
    let r = &mut s;
    let mut add = |t: f64| *r += t * x;
    for i in 0..n {
        add(x + i as f64);
    }
    s * s
}

#[case((0.5, 1.5))]
fn rows_by_mutable_reference(x: f64, y: f64) -> f64 {
    let mut c = [[x, y], [1.0, x * y]];
    for row in c.iter_mut() {
        for v in row {
            *v += 1.0 + x;
        }
    }
    for row in c.iter_mut() {
        *row = [row[1], row[0] * y];
    }
    for row in &mut c {
        row[0] *= row[1];
        for v in row.iter_mut() {
            *v = v.sin();
        }
    }
    let last = &mut c[1];
    for v in last {
        *v *= x;
    }
    c[0][0] * c[1][1] + c[0][1] * c[1][0]
}

#[case(([0.3, 0.8, 1.3], 1.3), ([1.1, 0.2, 0.1], 0.6))]
fn references_to_what_blocks_give(v: &[f64; 3], y: f64) -> f64 {
    let mut a = *v;
    let g = |b: &[f64; 3], q: f64| b[0] * q;
    let t = g(
        &{
            a[0] *= 2.0;
            a
        },
        {
            a[0] = 3.0;
            a[0]
        },
    );
    let b = &{
        a[0] *= 2.0;
        a
    };
    a[0] = y;
    let c = &mut { a };
    c[1] = 7.0 * y;
    let d = &(a);
    let s = d[1] * y;
    let e = &mut if y > 1.0 { a } else { *v };
    e[2] = y;
    t + b[0] * a[0] + c[1] * a[1] * s + e[2] * a[2]
}

#[case(([0.3, 0.8, 1.3], 1.3), ([1.1, 0.2, 0.1], 0.6))]
fn loops_over_what_blocks_give(v: &[f64; 3], y: f64) -> f64 {
    let mut a = *v;
    for q in &{ a } {
        a[2] += q;
    }
    for q in { a }.iter() {
        a[2] *= 1.0 + q;
    }
    for q in &mut { a } {
        *q *= y;
        a[2] += *q;
    }
    for (i, q) in { a }.iter_mut().enumerate() {
        *q *= y;
        a[(i + 1) % 3] += *q;
    }
    for (p, q) in { a }.iter().zip(&{
        a[1] = y;
        a
    }) {
        a[2] += q * p;
    }
    let s: f64 = { a }
        .iter()
        .map(|q| {
            a[2] += y;
            q * a[2]
        })
        .sum();
    for w in { a }.windows(2) {
        a[2] *= w[0];
        a[1] = w[1] * y;
    }
    s + a[0] * a[1] + a[2]
}

#[case(([1.5, -0.5, 2.0]))]
fn taken_by_value(x: [f64; 3]) -> f64 {
    x[0] * x[1] + x[2].sin()
}

#[case(([0.5, 2.0, -0.3], [[1.5, 0.2, 0.7], [0.4, -0.6, 1.1]]), calls(taken_by_value))]
#[allow(clippy::clone_on_copy)]
fn copies_of_what_is_referred_to(x: &[f64; 3], rows: &[[f64; 3]; 2]) -> f64 {
    let r = x;
    taken_by_value(*x) * taken_by_value(x.clone())
        + taken_by_value(*r)
        + taken_by_value(rows[1])
        + taken_by_value(*&rows[0])
}
