//! Types of data that only their surroundings tell: fields, parameters, results, ranges. An integer that falls back to `i32`, or a
//! literal of another float type, would be another number. Each function is compared with differences, and its value bit by bit.

#![allow(
    clippy::all,
    clippy::pedantic,
    dead_code,
    unused_variables,
    reason = "written to have types that only their surroundings tell"
)]

#[macro_use]
#[path = "common/are_right.rs"]
mod are_right;

mod field {
    use symgrad::differentiate;
    struct S {
        n: u8,
        x: f64,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let s = S { n: 5, x: p[0] * p[1] };
        s.x * (!s.n) as f64
    }
}

mod generator {
    use symgrad::differentiate;
    struct S {
        seed: u64,
        x: f64,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut s = S { seed: 12345, x: p[0] };
        for _ in 0..3 {
            s.seed = (s.seed * 1103515 + 12345) % 1000003;
            s.x += p[1] * (s.seed % 7) as f64;
        }
        s.x
    }
}

mod tuple_struct {
    use symgrad::differentiate;
    struct S(f64, u8);
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let s = S(p[0] * p[1], 5);
        s.0 * (!s.1) as f64
    }
}

mod array_field {
    use symgrad::differentiate;
    struct S {
        k: [u8; 2],
        x: f64,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let s = S { k: [5, 6], x: p[0] * p[1] };
        s.x * (!s.k[0]) as f64
    }
}

mod branches {
    use symgrad::differentiate;
    struct S {
        n: u8,
        x: f64,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let s = if p[0] > 1.0 { S { n: 5, x: p[0] } } else { S { n: 6, x: p[1] } };
        s.x * s.x * (!s.n) as f64
    }
}

mod rotated {
    use symgrad::differentiate;
    struct S {
        n: u32,
        x: f64,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut s = S { n: 1, x: p[0] };
        for _ in 0..40 {
            s.n = s.n << 1 | s.n >> 31;
            s.x *= 1.0 + 0.01 * p[1] * (s.n % 3) as f64;
        }
        s.x * (s.n / 3) as f64
    }
}

mod wide_field {
    use symgrad::differentiate;
    struct S {
        n: usize,
        x: f64,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut s = S { n: 1 << 20, x: p[0] * p[1] };
        s.n = s.n * s.n;
        s.x * s.n as f64
    }
}

mod collections {
    use symgrad::differentiate;
    #[derive(Default)]
    struct S {
        n: u8,
        b: Vec<usize>,
        o: Option<u8>,
        x: f64,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let s = S { n: 4, b: Vec::new(), o: None, x: p[0] * p[1] };
        s.x * s.x
    }
}

mod made_by_a_closure {
    use symgrad::differentiate;
    struct S {
        n: u8,
        x: f64,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mk = |x: f64| S { n: 5, x: x * x };
        let s = mk(p[0] * p[1]);
        s.x * (!s.n) as f64
    }
}

mod updated {
    use symgrad::differentiate;
    struct S {
        n: u8,
        x: f64,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut s = S { n: 250, x: p[0] * p[1] };
        for _ in 0..3 {
            s = S { n: s.n / 2 + 3, x: s.x * p[0] };
        }
        s = S { n: !s.n, ..s };
        s.x * s.n as f64
    }
}

mod result_of_a_function {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        fn q(x: f64) -> (f64, u8) {
            (x * x, 5)
        }
        let (y, n) = q(p[0] * p[1]);
        y * (!n) as f64
    }
}

mod result_of_a_closure {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let q = |x: f64| -> (f64, u8) { (x * x, 5) };
        let (y, n) = q(p[0] * p[1]);
        y * (!n) as f64
    }
}

mod single_parameter {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        fn q(x: f64, w: f32) -> f64 {
            x * (w - 16777215.0) as f64
        }
        q(p[0] * p[1], 16777217.0)
    }
}

mod single_parameter_of_a_closure {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let q = |x: f64, w: f32| x * f64::from(w);
        q(p[0] * p[1], 0.1)
    }
}

mod single_in_a_tuple {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let t: (f64, f32) = (p[0] * p[1], 0.1);
        t.0 * t.1 as f64
    }
}

mod single_in_branches {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let (y, w): (f64, f32) = if p[0] > 1.0 { (p[0], 0.1) } else { (p[1], 0.2) };
        y * y * w as f64
    }
}

mod nested_tuples {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let t: ((f64, u8), [u8; 2]) = ((p[0] * p[1], 5), [6, 7]);
        let ((y, n), m) = t;
        y * (!n) as f64 + y * (!m[1]) as f64 * (!(t.0).1) as f64
    }
}

mod tuple_parameter {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let q = |x: f64, k: (u8, f32)| x * (!k.0) as f64 * k.1 as f64;
        let w = 0.1;
        let h = |x: f64, w: f32| x * w as f64;
        q(p[0] * p[1], (5, 0.1)) + h(p[0], w)
    }
}

mod early_return {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        fn q(x: f64, i: u8) -> f64 {
            if i > 0 {
                return x * (!i) as f64;
            }
            x
        }
        let z = {
            let n: u8 = 5;
            n
        };
        let k = 200;
        q(p[0] * p[1], k) + q(p[0], z) * (k / 3) as f64 + q(p[1], 2 + 3)
    }
}

mod list_of_structs {
    use symgrad::{Differentiable, differentiate};
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let arr = [S { n: 5, x: p[0] }, S { n: 6, x: p[1] }];
        let mut t = 0.0;
        for s in &arr {
            t += s.x * s.x * (!s.n) as f64;
        }
        t
    }
    #[derive(Clone, Copy, Differentiable)]
    struct S {
        #[differentiate(skip)]
        n: u8,
        x: f64,
    }
}

mod beside_an_option {
    use symgrad::differentiate;
    fn shift(n: u8) -> u8 {
        n << 6
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut best: Option<f64> = None;
        let mut which = 0;
        for (i, &x) in p.iter().enumerate() {
            if best.map_or(true, |b| x > b) {
                best = Some(x);
                which = 5;
            }
        }
        let y = best.unwrap();
        y * y * (!which) as f64 * shift(which) as f64
    }
}

mod single_variables {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let c = 0.1;
        let d: f32 = c;
        let mut w: [f32; 2] = [c, 0.3];
        w[0] += 0.7;
        let mut k = 0.5;
        k = k * w[0];
        p[0] * p[1] * k as f64 * d as f64 + p[0] * c as f64
    }
}

mod single_list {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let w: Vec<f32> = vec![16777217.0; 2];
        p[0] * p[1] * (w[1] - 16777215.0) as f64
    }
}

mod single_result {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        fn q(x: f64) -> f32 {
            16777217.0
        }
        p[0] * (q(p[1]) - 16777215.0) as f64
    }
}

mod single_in_a_pattern {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let (y, w): (f64, f32) = (p[0] * p[1], 16777217.0);
        y * (w - 16777215.0) as f64
    }
}

mod variable_parameter {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let sc = |x: f64, q: u8| x * (q / 2) as f64 - x * (!q) as f64;
        let level = 100;
        let mut s = 0.0;
        for x in p {
            s += sc(x * x, level);
        }
        s
    }
}

mod single_lists {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut w = vec![0.1f32; 2];
        w[0] = 0.3;
        let v: Vec<f32> = vec![0.1, 0.7];
        let mut m: Vec<Vec<f32>> = vec![vec![0.1; 2]; 2];
        m[0][1] = 0.2;
        p[0] * p[1] * w[1] as f64 * v[0] as f64 * m[1][1] as f64
    }
}

mod unused_element {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut s = 0.0;
        for i in 0..2 {
            let _unused = p[i];
            s += p[0] * p[1] * (!i % 1000) as f64;
        }
        s
    }
}

mod declared {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut s = p[0];
        for i in 0..3 {
            let j: u8 = i;
            s = s.sin() * p[1] * (!i % 7) as f64;
        }
        s
    }
}

mod taken {
    use symgrad::differentiate;
    fn takes(k: u8) -> bool {
        k > 3
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut s = p[0];
        for i in 0..3 {
            if takes(i + 3) {
                s = s.sin() * p[1] * (!i % 7) as f64;
            }
        }
        s
    }
}

mod generic_struct {
    use symgrad::differentiate;
    struct P<T> {
        x: T,
        y: T,
        n: usize,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let q = P { x: p[0], y: 0.5, n: 3 };
        q.x * q.y * p[1].powi(q.n as i32)
    }
}

mod references {
    use symgrad::differentiate;
    struct S<'a> {
        v: &'a f64,
        k: u8,
        w: &'a [f64],
        o: Option<u8>,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let x = p[0] * 2.0;
        let s = S { v: &x, k: 5, w: &p[..], o: Some(200) };
        s.v * s.w[1] * (!s.k) as f64 * (!s.o.unwrap()) as f64
    }
}

mod tuple_in_a_struct {
    use symgrad::differentiate;
    struct S {
        t: (u8, f64),
        x: f64,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let s = S { t: (5, p[0]), x: p[1] };
        s.t.1 * s.x * (!s.t.0) as f64
    }
}

mod tuple_variable {
    use symgrad::differentiate;
    struct S {
        t: (u8, f64),
        x: f64,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let t = (5, p[0]);
        let s = S { t, x: p[1] };
        s.t.1 * s.x * (!s.t.0) as f64
    }
}

mod accumulator {
    use symgrad::differentiate;
    struct Acc {
        sum: f64,
        n: usize,
        max: f64,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut a = Acc { sum: 0.0, n: 0, max: f64::NEG_INFINITY };
        for &x in p {
            a.sum += x * x;
            a.n += 1;
            a.max = a.max.max(x);
        }
        a.sum / a.n as f64 * a.max
    }
}

mod vectors {
    use symgrad::differentiate;
    struct V3 {
        x: f64,
        y: f64,
        z: f64,
    }
    impl V3 {
        fn new(x: f64, y: f64, z: f64) -> Self {
            Self { x, y, z }
        }
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let a = V3 { x: p[0], y: 0.0, z: 1.5 };
        let b = V3 { x: -1.0, y: p[1], z: 0.5 * 3.0 };
        a.x * b.x + a.y * b.y + a.z * b.z * p[0]
    }
}

mod variables_in_a_struct {
    use symgrad::differentiate;
    struct S(f64, u8, f64);
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let k = 5;
        let s = S(p[0], k, 2.0);
        let t = S(p[1], !k, s.2 * 2.0);
        s.0 * t.0 * (!s.1) as f64 * t.1 as f64 + t.2 * p[0]
    }
}

mod nested_loops {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut s = p[0];
        for i in 0..3 {
            for j in 0..2 {
                let k: u8 = j;
                s = s.sin() * p[1] * ((!j % 7) as f64 + i as f64);
            }
        }
        s
    }
}

mod stepped_back {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut s = p[0];
        for i in (0..3).rev().step_by(2) {
            let k: u8 = i;
            s = s.sin() * p[1] * ((!i % 7) as f64);
        }
        s
    }
}

mod mapped {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        (0..3)
            .map(|i| {
                let k: u8 = i;
                (p[0] * p[1]).sin() * (!i % 7) as f64
            })
            .sum()
    }
}

mod inclusive {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut s = p[0];
        for i in 1..=3 {
            let k: u8 = i;
            s = s.sin() * p[1] * ((!i % 7) as f64);
        }
        s
    }
}

mod generic_list {
    use symgrad::differentiate;
    struct W<T> {
        v: Vec<T>,
        n: u8,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let w = W { v: vec![p[0], p[1]], n: 4 };
        w.v[0] * w.v[1] * (!w.n) as f64
    }
}

mod wrapping {
    use symgrad::differentiate;
    #[derive(Clone, Copy)]
    struct St {
        n: u8,
        x: [f64; 2],
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut s = St { n: 0, x: *p };
        for _ in 0..3 {
            s.n = s.n.wrapping_sub(1);
            s.x[0] *= s.x[1];
        }
        s.x[0] * s.n as f64
    }
}

mod bounded_by_a_variable {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let n: u8 = 3;
        let mut s = p[0];
        for i in (0..n).rev().step_by(2) {
            s = s.sin() * p[1] * ((!i % 7) as f64);
        }
        s
    }
}

mod endless {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut s = p[0];
        for (i, x) in (0..).zip(p.iter()) {
            let j: u8 = i;
            s = s.sin() * x * (!i % 7) as f64 + 1.0;
        }
        s
    }
}

mod computed_index {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut s = p[0];
        for i in 0..3 {
            if i == 1 {
                continue;
            }
            let w = [1.0, 2.0, 3.0];
            s = s.sin() * p[1] * w[i] * (i * i + 1) as f64;
        }
        s
    }
}

mod lifetimes {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        fn q<'a>(x: &'a [f64], i: &'a [usize], n: u8) -> f64 {
            x[i[0]] * x[i[1]] * (!n) as f64
        }
        let i = [1, 0];
        let n = 3;
        q(p, &i, n)
    }
}

mod list_variable {
    use symgrad::differentiate;
    struct W<T> {
        v: Vec<T>,
        n: u8,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let v = vec![p[0], p[1]];
        let w = W { v, n: 4 };
        w.v[0] * w.v[1] * (!w.n) as f64
    }
}

mod coerced {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        fn q(x: &[f64], i: &[usize]) -> f64 {
            x[i[0]] * x[i[1]]
        }
        let idx = vec![1, 0];
        let r = &idx;
        let i = &[1usize, 0];
        q(p, r) + q(p, i) * p[0]
    }
}

mod generic_variable {
    use symgrad::differentiate;
    struct P<T> {
        x: T,
        n: usize,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let x = p[0] * 2.0;
        let s = P { x, n: 3 };
        s.x * p[1] * s.n as f64
    }
}

mod generic_tag {
    use symgrad::differentiate;
    struct Tagged<T> {
        tag: T,
        n: u8,
        x: f64,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let s = Tagged { tag: 7u8, n: 2, x: p[0] };
        s.x * p[1] * (!s.n) as f64 * (!s.tag) as f64
    }
}

mod generic_length {
    use symgrad::differentiate;
    struct Poly<const N: usize> {
        c: [f64; N],
        n: u8,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let s = Poly { c: [p[0], p[1]], n: 2 };
        s.c[0] * s.c[1] * (!s.n) as f64
    }
}

mod temporary {
    use symgrad::differentiate;
    struct S<'a> {
        k: &'a [usize],
        x: f64,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let n = 1;
        let s = S { k: &[n, 1 - n], x: p[0] };
        s.x * p[s.k[0]]
    }
}

mod moved_list {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        fn q(x: f64, v: Vec<usize>) -> f64 {
            x * v.len() as f64
        }
        let value = vec![1usize, 0];
        q(p[0] * p[1], value)
    }
}

mod untyped_parameter {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let q = |x: f64, n| {
            let k: u8 = n;
            x * (!n) as f64
        };
        q(p[0] * p[1], 5)
    }
}

mod untyped_items {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        p.iter()
            .map(|&x| (x * x, 5))
            .map(|(y, n)| {
                let k: u8 = n;
                y * (!n) as f64
            })
            .sum()
    }
}

mod triangle {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut s = p[0];
        for i in 1..3 {
            for j in 0..i {
                let k: u8 = j;
                s = s.sin() * p[1] * ((!j % 7) as f64 + 0.5);
            }
        }
        s
    }
}

mod written_otherwise {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut s = p[0];
        for i in 0..2 * 2 {
            let k: u8 = i;
            s = s.sin() * p[1] * ((!i % 7) as f64 + 0.5);
        }
        for i in 0..(3) {
            let k: u8 = i;
            s = s.sin() * p[1] * ((!i % 7) as f64 + 0.5);
        }
        for i in 0x0..0x2 {
            let k: u8 = i;
            s = s.sin() * p[1] * ((!i % 7) as f64 + 0.5);
        }
        s
    }
}

mod shifted {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let n = 3u8;
        let mut s = p[0];
        for i in 0..8 {
            let hit = i == n;
            s = s.sin() * p[1] * ((i << 6) as f64 * 0.01 + 0.5);
        }
        s
    }
}

mod last_of_its_type {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut s = p[0];
        for (i, x) in (254..=255).zip(p) {
            let k: u8 = i;
            s = s.sin() * x * ((!i % 7) as f64 + 0.5);
        }
        s
    }
}

mod handed_on {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let q = |x: f64, n| {
            fn inner(x: f64, n: u8) -> f64 {
                x * (!n) as f64
            }
            inner(x, n)
        };
        q(p[0] * p[1], 5)
    }
}

mod reference_field {
    use symgrad::differentiate;
    struct S<'a> {
        v: &'a f64,
        k: u8,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let a = p[0] * p[1];
        let s = S { v: &a, k: 5 };
        s.v * (!s.k) as f64
    }
}

mod first_element {
    use symgrad::differentiate;
    struct S<'a> {
        v: &'a f64,
        k: u8,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let s = S { v: p.first().unwrap(), k: 5 };
        s.v * (!s.k) as f64
    }
}

mod reference_variables {
    use symgrad::differentiate;
    struct S<'a> {
        v: &'a f64,
        k: u8,
        w: &'a f64,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let a = p[0];
        let r = &a;
        let one = 1.0;
        let o = &one;
        let s = S { v: r, k: 5, w: o };
        s.v * s.w * p[1] * (!s.k) as f64
    }
}

mod reference_items {
    use symgrad::differentiate;
    struct S<'a> {
        v: &'a f64,
        k: u8,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut t = 0.0;
        for v in p {
            let s = S { v, k: 5 };
            t += s.v * s.v * (!s.k) as f64;
        }
        t
    }
}

mod index_of_a_function {
    use symgrad::differentiate;
    fn wrap(i: i32) -> usize {
        i.rem_euclid(2) as usize
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let mut s = 0.0;
        for i in 0..3 {
            s += p[wrap(i - 1)] * p[wrap(i)];
        }
        s
    }
}

mod index_of_a_closure {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let wrap = |i: i32| i.rem_euclid(2) as usize;
        let mut s = 0.0;
        for i in 0..3 {
            s += p[wrap(i - 1)] * p[wrap(i)];
        }
        s
    }
}

mod index_of_a_method {
    use symgrad::differentiate;
    struct Grid {
        n: i32,
    }
    impl Grid {
        fn at(&self, i: i32, j: i32) -> usize {
            (i + j).rem_euclid(self.n) as usize
        }
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let grid = Grid { n: 2 };
        let mut s = 0.0;
        for i in 0..3 {
            for j in 0..2 {
                s += p[grid.at(i, j)] * p[grid.at(i + 1, j - 1)] + p[0];
            }
        }
        s
    }
}

mod borrowed_variable {
    use symgrad::differentiate;
    struct V<'a> {
        names: &'a Vec<String>,
        x: f64,
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let names = vec!["a".to_string(), "b".to_string()];
        let v = V { names: &names, x: p[0] * p[1] };
        v.x * v.names.len() as f64 + names.len() as f64 * p[0]
    }
}

mod unused_variable {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        let w = [16777217.0, 0.2];
        let t: f32 = w[1];
        p[0] * p[1] * (w[0] - 16777215.0) as f64
    }
}

mod singles {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp, wrt(w))]
    fn scaled(w: f64, s: f32) -> f64 {
        let t = (s * s + 0.1).cos();
        w * w * f64::from(t)
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        scaled(p[0], 0.3) * p[1]
    }
}

mod list_of_singles {
    use symgrad::differentiate;
    static LIST: [f32; 2] = [0.3, 0.1];
    #[differentiate(gradient, jvp, wrt(w))]
    fn scaled(w: f64, s: &[f32]) -> f64 {
        let mut t = 0.0;
        for v in s {
            t += v * v;
        }
        let mut mean = [0.0; 2];
        mean[0] = s[0] * 0.1;
        mean[1] = mean[0] * 0.7 + t;
        w * w * f64::from(t) + w * mean[1].sqrt() as f64
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        scaled(p[0], &LIST) * p[1]
    }
}

mod fields_of_singles {
    use symgrad::differentiate;
    struct Settings {
        scale: f32,
        table: [f32; 3],
    }
    static SETTINGS: Settings = Settings { scale: 0.7, table: [0.1, 0.2, 0.3] };
    #[differentiate(gradient, jvp, wrt(w))]
    fn scaled(w: f64, s: &Settings, n: &f32) -> f64 {
        let mut t = (s.scale * 0.1).sin();
        for k in 0..3 {
            t = if t > 0.2 { t * 0.5 + s.table[k].sqrt() } else { t + *n };
        }
        let u = t.max(0.2) * s.scale;
        w * w * t as f64 + w * u as f64
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        scaled(p[0], &SETTINGS, &SETTINGS.table[0]) * p[1]
    }
}

mod given_singles {
    use symgrad::differentiate;
    #[differentiate(gradient, jvp, wrt(x))]
    fn inner(x: f64, s: f32) -> f64 {
        x * x * f64::from(s)
    }
    #[differentiate(gradient, jvp, wrt(x))]
    fn scaled(x: f64, s: f32) -> f64 {
        let t = s * 0.1;
        inner(x, s) * f64::from(t) + inner(x, t)
    }
    #[differentiate(gradient, jvp)]
    pub fn f(p: &[f64; 2]) -> f64 {
        scaled(p[0], 0.3) * p[1]
    }
}

are_right! { field generator tuple_struct array_field branches rotated wide_field collections made_by_a_closure updated result_of_a_function result_of_a_closure single_parameter single_parameter_of_a_closure single_in_a_tuple single_in_branches nested_tuples tuple_parameter early_return list_of_structs beside_an_option single_variables single_list single_result single_in_a_pattern variable_parameter single_lists unused_element declared taken generic_struct references tuple_in_a_struct tuple_variable accumulator vectors variables_in_a_struct nested_loops stepped_back mapped inclusive generic_list wrapping bounded_by_a_variable endless computed_index lifetimes list_variable coerced generic_variable generic_tag generic_length temporary moved_list untyped_parameter untyped_items triangle written_otherwise shifted last_of_its_type handed_on reference_field first_element reference_variables reference_items singles list_of_singles fields_of_singles given_singles index_of_a_function index_of_a_closure index_of_a_method borrowed_variable unused_variable }
