//! Numbers that only decide: operands of comparisons that are calls, chains of methods, blocks.

use symgrad_oracle::case;

#[case((0.7))]
fn squared(s: f64) -> f64 {
    s * s
}

#[case((&[0.5, 2.0]))]
fn norm(v: &[f64]) -> f64 {
    (v[0] * v[0] + v[1] * v[1]).sqrt()
}

#[case((3.7), (-0.3), calls(squared))]
fn halved_while_large(x: f64) -> f64 {
    let mut s = x;
    while squared(s) > 1.0 {
        s = s * 0.5 + 0.01 * x;
    }
    s * x
}

#[case((1.7), (0.3), (-2.0), calls(squared))]
fn a_method_of_a_call(x: f64) -> f64 {
    if (squared(x) - 1.0).abs() > 0.5 && x > 0.0 { x * x } else { squared(x).sqrt() * 3.0 }
}

#[case((1.7), (0.3))]
fn the_last_element(x: f64) -> f64 {
    let a = vec![x, x * x];
    let small = *a.first().unwrap() < 1.0;
    if *a.last().unwrap() > 1.0 {
        x * x
    } else if small {
        x * 3.0
    } else {
        x
    }
}

#[case((1.7, &[0.3, 2.0]), (0.2, &[0.3, 2.0]))]
fn references_compared(x: f64, y: &[f64]) -> f64 {
    let less = y.first().unwrap() < &x;
    if less { x * y[0] } else { y[1] * y[1] }
}

#[case((&[0.5, 0.7, 2.0]), (&[0.1, -0.2, 0.4]))]
fn sums_compared(x: &[f64]) -> f64 {
    let mut total = 0.0;
    for i in 0..x.len() {
        if x.iter().map(|v| v * x[i]).sum::<f64>() > 0.5 && x[i] > 0.0 {
            total += x[i] * x[0];
        } else {
            total -= x[i] * x[i];
        }
    }
    total
}

#[case((&[0.5, 0.7, 2.0], 1.0), (&[0.1, -0.2, 0.4], 1.0))]
fn any_and_all(x: &[f64], t: f64) -> f64 {
    if x.iter().any(|v| *v > t) || x.iter().all(|&v| v < 0.3 * t) { x[0] * x[1] * t } else { x[0] + t }
}

#[case((0.4, 0.9, true), (0.8, 0.1, false), (0.8, 0.9, false))]
fn an_if_compared(x: f64, y: f64, c: bool) -> f64 {
    let high = if c {
        let z = x * x;
        z
    } else {
        y
    } > 0.3;
    if high { x * y } else { x - y }
}

#[case((0.4, &[0.9, 0.5]), (0.4, &[0.1, 0.5]))]
fn a_block_compared(a: f64, y: &[f64]) -> f64 {
    if { y[0] } > a { a * y[1] } else { a * a * y[0] }
}

#[case((0.4, 0.9), (0.9, 0.4))]
fn a_block_that_assigns(x: f64, y: f64) -> f64 {
    let mut s = x;
    if s * 2.0 < {
        s = s * y;
        s + 0.2
    } {
        s * s
    } else {
        s + y
    }
}

#[case((0.4, 0.9, 1), (0.4, 0.9, 3), (2.0, 0.2, 0))]
fn an_integer_first(x: f64, y: f64, k: usize) -> f64 {
    let mut n = k;
    let mut s = x;
    while {
        n += 1;
        n < 6
    } && (s * y).sin() > 0.05
    {
        s = s * y + 0.1;
    }
    s * n as f64
}

#[case((0.4, 0.9), (0.9, 0.4), (0.7, 0.7), calls(squared))]
fn partly_ordered(x: f64, y: f64) -> f64 {
    use std::cmp::Ordering;
    let first = match (x * 2.0).partial_cmp(&(squared(y) + squared(y))) {
        Some(Ordering::Less) => x * y,
        Some(Ordering::Greater) => x - y,
        _ => x + y,
    };
    match x.total_cmp(&squared(y)) {
        Ordering::Less => first * x,
        _ => first * y,
    }
}

#[case((1.4, 0.9), (-0.4, 2.0), (0.9, 0.4), (-0.9, 0.1), calls(squared))]
fn either_of_three(x: f64, y: f64) -> f64 {
    if x > 0.0 && squared(y) > 0.5 || squared(x) < 0.5 { x * y } else { x - y * y }
}

#[case((1.4), (0.4), calls(squared))]
fn as_a_number(x: f64) -> f64 {
    let k = (squared(x) > 1.0) as usize as f64;
    let flags = [squared(x) > 0.3, x > 2.0];
    let t = (squared(x) > 1.2, 3.0);
    if flags[0] && t.0 { k * x * t.1 } else { x + k }
}

#[case((1.4, &[0.5, 0.2]), (0.1, &[0.5, 0.2]), calls(norm), once)]
fn of_arrays(x: f64, v: &[f64]) -> f64 {
    let w = [v[0] * x, v[1]];
    let mut s = x;
    for _ in 0..3 {
        if norm(&w) > 0.4 && norm(v) < s + 1.0 {
            s = s * w[0];
        } else if (0.0..1.0).contains(&norm(&w)) {
            s = s + w[1];
        }
    }
    s
}

#[case((1.4), (-0.2), (0.0), calls(squared), no_differences)]
fn not_a_number(x: f64) -> f64 {
    let r = squared(x) / x;
    if (squared(x) / x).is_nan() || !squared(r).is_finite() { x * 3.0 } else { r * x }
}

#[case((&[0.5, -0.7, 2.0, 0.3]), calls(squared), once)]
fn filtered_by_a_call(x: &[f64]) -> f64 {
    let large: f64 = x.iter().filter(|v| squared(**v) > 0.2).map(|v| v * v * v).sum();
    let first: f64 = x.iter().take_while(|v| squared(**v) < 1.0).sum();
    large * first
}

#[case((1.4, 0.2), (0.3, 0.2), calls(squared))]
fn the_value_of_a_loop(x: f64, y: f64) -> f64 {
    let mut s = x;
    let mut n = 0;
    loop {
        n += 1;
        s = s * 0.7 + y;
        if squared(s) - squared(y) < 0.3 || n > 20 {
            break;
        }
    }
    s * n as f64
}

#[case((1.4, 0, Some(0)), (0.3, 0, Some(1)), (0.3, 1, None), calls(squared))]
fn guarded(x: f64, k: usize, at: Option<usize>) -> f64 {
    let a = [x, x * x];
    let first = match k {
        0 if squared(x) > 1.0 => x * x,
        0 => x,
        _ => x * 3.0,
    };
    match at {
        Some(i) if squared(a[i]) > 0.5 => first * a[i],
        Some(i) => first - a[i],
        None => first,
    }
}

#[case((&[0.5, 1.7, -2.0], 1.0), (&[0.5, 0.3, 0.1], 0.2), (&[], 0.7), calls(squared), once)]
fn any_and_all_by_calls(x: &[f64], t: f64) -> f64 {
    let mut asked = 0;
    let some = x.iter().any(|v| {
        asked += 1;
        squared(*v) > t + 1.0
    });
    let none = !x.iter().zip(x.iter().skip(1)).all(|(a, b)| squared(a - b) + 0.1 > t);
    let mut s = t;
    for v in x {
        if x.iter().map(|w| squared(w * v)).any(|w| w > 2.0 * t) && some {
            s += v * v * s;
        }
    }
    if none { s * t + asked as f64 } else { s * s }
}

macro_rules! near {
    ($x:expr, $y:expr) => {
        near!($x, $y, epsilon = 1e-6)
    };
    ($x:expr, $y:expr, epsilon = $epsilon:expr) => {
        ($x - $y).abs() < $epsilon
    };
}

#[case((1.7, 0.3), (1.0, 1.0), (0.5, 1.0), (0.5, 0.5))]
fn a_macro_that_decides(x: f64, y: f64) -> f64 {
    let mut z = x;
    if x == 0.0 || near!(x, 1.0f64) {
        z *= y;
    }
    while !near!(z, y, epsilon = 0.2) && z > y {
        z = z * 0.9;
    }
    match y > 0.0 {
        true if near!(-z.abs(), -y) => z * z,
        _ => z * x,
    }
}

/// Which of several constants is nearest is decided by numbers, by a comparison that computes in steps.
#[case(([0.6, 0.8]), ([1.7, -0.4]))]
fn the_nearest_of_constants(p: [f64; 2]) -> f64 {
    let centers = [[0.0, 0.0], [1.0, 1.0], [2.0, -1.0]];
    let nearest = centers
        .iter()
        .min_by(|a, b| {
            let to_a = (a[0] - p[0]).powi(2) + (a[1] - p[1]).powi(2);
            let to_b = (b[0] - p[0]).powi(2) + (b[1] - p[1]).powi(2);
            to_a.partial_cmp(&to_b).unwrap()
        })
        .unwrap();
    (nearest[0] - p[0]).hypot(nearest[1] - p[1])
}
