//! Names: of variables that hide others, in closures, format strings and fields, and of items inside the function.

use super::super::dual::Dual;
use symgrad_oracle::case;

struct Pair {
    k: usize,
    m: usize,
}

#[case((0.5, 3), dual = hidden_in_structs_dual)]
fn hidden_in_structs(x: f64, n: usize) -> f64 {
    let p = Pair { k: n, m: 2 };
    let k = 3;
    let s = x * k as f64;
    let Pair { k, m } = p;
    let t = s * s * (k + m) as f64;
    let k = 9;
    let q = Pair { k, m: k + 1 };
    t * t * (q.k + q.m + k) as f64
}

fn hidden_in_structs_dual(x: Dual, _: usize) -> Dual {
    let t = x * x * 45.0;
    t * t * 28.0
}

#[case((0.5, 3), dual = hidden_and_captured_dual)]
fn hidden_and_captured(x: f64, n: usize) -> f64 {
    let weight = 2.0;
    let k = 1;
    let s = x * k as f64;
    let k = n;
    let double = |j: usize| weight * (j + k) as f64;
    let text = format!("{k:0k$} {{k}}");
    let k = text.len();
    s * s * double(k)
}

fn hidden_and_captured_dual(x: Dual, _: usize) -> Dual {
    x * x * 20.0
}

#[case((0.5, 3), dual = hidden_lists_dual)]
fn hidden_lists(x: f64, n: usize) -> f64 {
    let v = vec![1, n];
    let s = x * v[1] as f64;
    let v: Vec<usize> = v.iter().map(|k| k * 2).collect();
    let sum: usize = v.iter().sum();
    let mut t = s;
    for k in v {
        t *= s + k as f64;
    }
    t * sum as f64
}

fn hidden_lists_dual(x: Dual, _: usize) -> Dual {
    let s = x * 3.0;
    s * (s + 2.0) * (s + 6.0) * 8.0
}

#[case((0.5, 3), dual = another_meaning_inside_a_closure_dual)]
fn another_meaning_inside_a_closure(x: f64, n: usize) -> f64 {
    let w = n as f64;
    let q = w;
    let scale = |w: f64| w * q;
    x * x * scale(2.0)
}

fn another_meaning_inside_a_closure_dual(x: Dual, n: usize) -> Dual {
    x * x * (2.0 * n as f64)
}

#[case((0.5, 3), dual = else_and_chained_lets_dual)]
fn else_and_chained_lets(x: f64, n: usize) -> f64 {
    let option = Some(n);
    let option = option.map(|k| k + 1);
    let Some(k) = option else { panic!("{option:?}") };
    let j = k * 2;
    let (Some(k), m) = (Some(j), j) else { panic!() };
    let mut count = 0;
    while let Some(k) = option
        && count < k
    {
        count += 1;
    }
    if let Some(k) = option
        && k > 1
    {
        count += k;
    }
    x * x * (k + m + count) as f64
}

fn else_and_chained_lets_dual(x: Dual, _: usize) -> Dual {
    x * x * 24.0
}

#[case((0.5, 0), (0.5, 3), (-0.5, 3), dual = items_in_blocks_dual)]
fn items_in_blocks(x: f64, n: usize) -> f64 {
    let mut p = x * OFFSET;
    if x < 0.0 {
        return p;
    }
    for i in 0..n {
        const SCALE: f64 = 2.0;
        fn twice(k: usize) -> usize {
            k * 2
        }
        p *= x * SCALE + twice(i) as f64;
    }
    const OFFSET: f64 = 3.0;
    p * OFFSET
}

fn items_in_blocks_dual(x: Dual, n: usize) -> Dual {
    let mut p = x * 3.0;
    if x.value() < 0.0 {
        return p;
    }
    for i in 0..n {
        p = p * (x * 2.0 + (2 * i) as f64);
    }
    p * 3.0
}

/// Variables that look like constants, and constants that look like variables in patterns.
#[case((0.7, 1.9, &[(2, 1, 0.5), (0, -1, 1.5)]), (-0.4, 0.3, &[(3, 0, -1.0)]))]
#[allow(non_snake_case)]
fn capital_letters(T: f64, q: f64, terms: &[(i32, i32, f64)]) -> f64 {
    const LAST: usize = 1;
    let W = 0.5 * T / q;
    let (A, B) = (W * W, T - W);
    let mut R = A;
    for (K, &(I, J, n)) in terms.iter().enumerate() {
        let scale = match K {
            LAST => 2.0,
            Other => Other as f64 + 1.0,
        };
        R += scale * n * B.powi(I) * q.powi(J);
    }
    let Twice = |X: f64| X * 2.0;
    let Chosen = if let LAST = terms.len() { W * q } else { B };
    Twice(R) * Chosen
}

macro_rules! constants {
    ($($name:ident = $value:expr),*) => {
        $(let $name = f64::from($value);)*
    };
}

#[case((0.7, 3), (1.3, 0), dual = declared_by_a_macro_dual)]
fn declared_by_a_macro(x: f64, n: usize) -> f64 {
    constants!(two = 2_i32, tenth = 0.1_f32);
    let mut y = two.powf(tenth * x);
    for _ in 0..n {
        y = y * y.sin() * two + tenth;
    }
    y
}

fn declared_by_a_macro_dual(x: Dual, n: usize) -> Dual {
    let tenth = f64::from(0.1_f32);
    let mut y = (x * (tenth * 2.0_f64.ln())).exp();
    for _ in 0..n {
        y = y * y.sin() * 2.0 + tenth;
    }
    y
}

#[case((1.5, 0.4, 0), (1.5, 0.4, 3))]
fn keywords_in_patterns(r#type: f64, r#fn: f64, k: u8) -> f64 {
    match (r#type, r#fn, k) {
        (r#loop, r#in, 0) => r#loop * r#in * r#in,
        (r#as, _, r#mod) => r#as * r#as * f64::from(r#mod),
    }
}

#[case((1.5), (0.3))]
fn keywords_in_loops(r#type: f64) -> f64 {
    let (r#in, mut r#as) = (r#type * 2.0, 3);
    let mut r#mod = [r#in; 3];
    for r#for in 0..3 {
        r#mod[r#for] *= r#type;
        r#as += 1;
    }
    let r#loop = |r#let: f64| r#let * r#type + r#mod[2];
    let r#type = r#mod[1].sin();
    r#loop(r#type) * f64::from(r#as)
}

#[case((0.5), (-2.0), (5.0))]
fn the_same_constant_in_several_blocks(x: f64) -> f64 {
    if x > 0.0 {
        const RATE: f64 = 0.5;
        if x > 4.0 {
            return RATE / x;
        }
        RATE * x * x
    } else {
        const RATE: f64 = 0.5;
        x.exp() * RATE
    }
}
