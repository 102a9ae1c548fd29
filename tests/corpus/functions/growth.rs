//! `Vec`s whose length changes, and `Vec`s of rows that grow.

use symgrad_oracle::case;

#[case((&[0.5, -1.5, 2.0]), (&[1.0, 3.0]))]
fn extended(x: &[f64]) -> f64 {
    let mut v = Vec::new();
    v.extend(x.iter().map(|v| v * v));
    v.extend_from_slice(&x[1..]);
    v.extend([x[0].sin(), 2.0 * x[1]]);
    let mut w = vec![x[0] * 3.0, x[1]];
    v.append(&mut w);
    w.push(v[0] * v[1]);
    v.extend(x);
    v.iter().enumerate().map(|(i, v)| v * v * (i + 1) as f64).sum::<f64>() * w[0] + w.len() as f64
}

#[case((&[0.5, -1.5, 2.0, 0.7]), (&[1.0, 3.0, 0.2]))]
fn popped(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let last = v.pop().unwrap();
    let mut s = last * v[0];
    while let Some(a) = v.pop() {
        s = s * 0.5 + a * a;
    }
    s + v.pop().unwrap_or(x[0]) + if let Some(a) = v.pop() { a } else { last * last }
}

#[case((0.5), (2.0))]
fn a_stack(x: f64) -> f64 {
    let mut stack: Vec<f64> = vec![];
    for k in 1..6 {
        stack.push(x * k as f64);
        if k % 2 == 0 {
            let b = stack.pop().unwrap();
            let a = stack.pop().unwrap();
            stack.push(a * b);
        }
    }
    let mut r = 1.0;
    while let Some(top) = stack.pop() {
        r = r * top + x;
    }
    r
}

#[case((&[0.5, -1.5, 2.0, 0.7], 1), (&[1.0, 3.0, 0.2], 0), (&[1.0, 3.0], 1), once)]
fn inserted_and_removed(x: &[f64], k: usize) -> f64 {
    let mut v = x.to_vec();
    v.insert(k, x[1] * 2.0);
    let a = v.remove(0);
    let b = v.swap_remove(k);
    v.insert(v.len(), a * b);
    v.resize(4, x[0]);
    v.remove(0);
    v.iter().fold(a, |s, v| s * 0.5 + v * b)
}

#[case((&[0.5, -1.5, 2.0, 0.7]), (&[1.0, -3.0]), (&[-1.0]))]
fn retained(x: &[f64]) -> f64 {
    let mut v: Vec<f64> = x.iter().map(|v| v * v * v).collect();
    v.retain(|&a| a > 0.0);
    v.iter().map(|v| v.sqrt()).sum::<f64>() * x[0]
}

#[case((&[0.5, -1.5, 2.0, 0.7]), (&[1.0, -3.0]), once)]
fn changed_in_loops(x: &[f64]) -> f64 {
    let mut v = vec![1.0];
    for (i, a) in x.iter().enumerate() {
        v.insert(0, a * v[0]);
        if i % 2 == 1 {
            let b = v.remove(1);
            v.push(b * a);
        }
    }
    v.iter().rev().fold(0.3, |s, v| s * 0.7 + v * v)
}

#[case((0.5, 4), (2.0, 1))]
fn a_path_of_points(x: f64, n: usize) -> f64 {
    let mut path = Vec::new();
    for i in 0..=n {
        path.push([x * i as f64, x]);
    }
    let mut typed: Vec<[f64; 2]> = Vec::with_capacity(n);
    typed.push([x, x * x]);
    for i in 0..n {
        let [a, b] = typed[i];
        typed.push([a * 0.5 + b, b - a * x]);
    }
    path.iter().map(|p| p[0] * p[1]).sum::<f64>() * typed[n][0] + typed.last().unwrap()[1] + path.len() as f64
}

#[case((0.5, 4), (2.0, 2))]
fn steps_from_the_last_point(x: f64, n: usize) -> f64 {
    let mut path = vec![[x, 1.0]];
    for _ in 0..n {
        let p = *path.last().unwrap();
        path.push([p[0] * 0.5, p[1] + p[0] * x]);
    }
    path.truncate(n);
    path[n - 1][0] * path[n - 1][1] + path.len() as f64
}

/// The upper hull of points: a stack of arrays, whose last one is dropped.
#[case((&[0.0, 0.1, 0.4, 0.9, 0.8, 0.2]), (&[0.0, 0.1, 0.4, -0.9, 0.8, 0.2]))]
fn a_stack_of_points(x: &[f64]) -> f64 {
    let points: Vec<[f64; 2]> = x.chunks_exact(2).map(|c| [c[0], c[1]]).collect();
    let mut stack: Vec<[f64; 2]> = Vec::new();
    for p in &points {
        while stack.len() >= 2 {
            let (a, b) = (stack[stack.len() - 2], stack[stack.len() - 1]);
            if (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0.0 {
                stack.pop();
            } else {
                break;
            }
        }
        stack.push(*p);
    }
    let mut s = 0.0;
    while let Some([a, b]) = stack.pop() {
        s = s * a + b;
    }
    s
}

#[case(([1.2, 0.3, -0.4, 0.9]), ([0.2, 0.3, 0.1, 0.7]))]
fn matrices_popped(x: [f64; 4]) -> f64 {
    let mut stack: Vec<[[f64; 2]; 2]> = Vec::new();
    for k in 0..3 {
        stack.push([[x[0], x[1] * k as f64], [x[2], x[3]]]);
    }
    let mut p = [1.0, x[0]];
    while let Some(m) = stack.pop() {
        p = [m[0][0] * p[0] + m[0][1] * p[1], m[1][0] * p[0] + m[1][1] * p[1]];
        if p[0] > 1.0 {
            stack.pop();
        }
    }
    p[0] * p[1]
}

#[case((&[0.5, -0.3, 0.7, 1.2]), (&[0.5]), (&[]))]
fn the_last_beside_a_condition(x: &[f64]) -> f64 {
    let mut stack: Vec<f64> = Vec::new();
    let mut path: Vec<[f64; 2]> = vec![];
    let mut s = 0.0;
    for &v in x {
        match (stack.last(), v > 0.0) {
            (Some(&t), true) => s += t * v,
            (Some(_), false) => s -= v,
            (None, _) => s += 1.0,
        }
        match (path.last(), s > 0.5) {
            (Some(p), true) => s *= p[0] + v,
            (Some([a, _]), false) => s += a,
            _ => s += v * v,
        }
        stack.push(v);
        path.push([v, s]);
    }
    s
}

/// Reverse Polish notation: two are popped at once, in this order.
#[case((&[0.5, -0.3, 0.7], "0 1 + 2 * 0 -"), (&[0.5, -0.3, 0.7], "0 1 2 - - 1"), (&[0.5], "0 +"), one_output)]
fn two_popped_at_once(x: &[f64], code: &str) -> f64 {
    let mut stack: Vec<f64> = Vec::new();
    for token in code.split(' ') {
        let y = match token {
            "+" | "-" | "*" => {
                let (Some(b), Some(a)) = (stack.pop(), stack.pop()) else { return 0.0 };
                match token {
                    "+" => a + b,
                    "-" => a - b,
                    _ => a * b,
                }
            }
            k => x[k.parse::<usize>().unwrap()],
        };
        stack.push(y);
    }
    if let (Some(y), true) = (stack.pop(), stack.is_empty()) { y * y } else { 2.0 * x[0] }
}
