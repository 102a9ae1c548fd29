//! Forms against one another: arrays in loops with exits, calls in loops, branches around everything.

use symgrad_oracle::case;

#[case(([0.5, 2.0, -1.0, 0.25], 1.0), ([0.5, 2.0, -1.0, 0.25], 100.0), ([], 1.0))]
fn an_array_carried_through_a_loop_with_break(x: &[f64], limit: f64) -> f64 {
    let mut b = [1.0, 0.5, 0.25];
    for (i, v) in x.iter().enumerate() {
        b[i % 3] += v * b[(i + 1) % 3];
        if b[0] * b[0] > limit {
            b[1] *= 2.0;
            break;
        }
        b[2] = b[2].sin() + b[0];
    }
    b[0] * b[1] + b[2] * limit
}

#[case(([0.5, 2.0, -1.0, 0.25]), ([3.0, 1.0, 2.0, 0.5]))]
fn an_array_in_a_while_with_continue(x: &[f64; 4]) -> f64 {
    let mut a = *x;
    let mut i = 0;
    let mut s = 0.0;
    while i < 6 {
        i += 1;
        let k = i % 4;
        if a[k] < 0.0 {
            a[k] = -a[k] * 0.5;
            continue;
        }
        a[k] = a[k] * a[(k + 1) % 4] * 0.5;
        s += a[k].exp();
    }
    s * a[0]
}

#[case(calls(helper), (0.5, 1.5), (-0.5, 0.3), (2.0, -1.0))]
fn calls_in_arms_and_loops(x: f64, y: f64) -> f64 {
    let mut s = x;
    for i in 0..3 {
        if s > 0.0 {
            s += helper(s, y) * i as f64;
        } else {
            s -= helper(y, x);
        }
    }
    if s > 10.0 { helper(s, s) } else { s * helper(x, 2.0) }
}

#[case(calls(helper, norm), ([0.5, 2.0, -1.0], 3))]
fn a_buffer_between_calls(x: &[f64; 3], n: usize) -> f64 {
    let mut b = *x;
    let mut s = 0.0;
    for k in 0..n {
        s += norm(&b);
        b[k % 3] *= s;
        b[0] = helper(b[1], b[2]);
    }
    s * norm(&b) + norm(x)
}

#[case(calls(norm), ([[0.5, 2.0, 1.0], [-1.0, 0.5, 3.0]]))]
fn rows_as_arguments(m: &[[f64; 3]; 2]) -> f64 {
    let mut local = *m;
    local[0][1] = norm(&m[1]);
    let mut s = norm(&local[0]) * norm(&local[1]);
    for row in m {
        s += norm(row) * row[0];
    }
    s
}

fn norm_dual(x: &[crate::corpus::dual::Dual; 3]) -> crate::corpus::dual::Dual {
    (x[0] * x[0] + x[1] * x[1] + x[2] * x[2]).sqrt()
}

#[symgrad::differentiate(gradient, jvp, hvp)]
fn norm(x: &[f64; 3]) -> f64 {
    let mut s = 0.0;
    for v in x {
        s += v * v;
    }
    s.sqrt()
}

#[case((0.5, 1.5))]
fn helper(x: f64, y: f64) -> f64 {
    if x > y { x * y } else { (x + y).sin() }
}

#[case(calls(weighted), ([1.0, 2.0, 3.0, 4.0, 5.0], [0.5, -1.0]))]
fn slices_of_one_call(x: &[f64], w: &[f64; 2]) -> f64 {
    let whole = weighted(x, w[0]);
    let again = weighted(x, w[1]);
    whole * again + weighted(x, whole)
}

#[case(([1.0, 2.0], 0.5), ([], 0.5))]
fn weighted(x: &[f64], w: f64) -> f64 {
    let mut s = 0.0;
    for (i, v) in x.iter().enumerate() {
        s += v * (w * i as f64).cos();
    }
    s
}

#[case(calls(helper), wrt(x), (0.5, 2.0), (3.0, 0.25))]
fn only_one_of_the_callers_arguments(x: f64, y: f64) -> f64 {
    helper(x, y) * helper(y, x) + helper(y, y)
}

#[case((0.5, 4), (0.5, 0), (3.0, 4))]
fn a_return_from_two_loops_deep(x: f64, n: usize) -> f64 {
    let mut s = x;
    let mut b = [0.0; 2];
    for i in 0..n {
        for j in 0..n {
            b[j % 2] += s * (i + j) as f64 * 0.1;
            s = s + b[0] * x;
            if s > 4.0 {
                return s * b[1] + x;
            }
        }
        s -= b[1] * 0.5;
    }
    s + b[0]
}

#[case((0.3), (0.8), (1.7), (-0.4))]
fn a_loop_whose_every_exit_is_taken(x: f64) -> f64 {
    let mut y = x;
    let mut k = 0;
    let z = y * 2.0;
    'outer: loop {
        k += 1;
        if k > 8 {
            return y * x;
        }
        y = y * y + 0.3 * x;
        for j in 0..3 {
            if y > 3.0 {
                return y.ln() + z;
            }
            if j == 2 && k > 2 {
                break 'outer;
            }
            if y < 0.1 {
                y += 0.25;
                continue 'outer;
            }
            y += 0.1 * x;
        }
        if k > 5 {
            break;
        }
    }
    y * z + f64::from(k)
}

#[case(([0.5, 2.0, -1.0]))]
fn the_last_of_many_assignments(x: &[f64]) -> f64 {
    let mut last = 1.0;
    let mut before = 0.0;
    for &v in x {
        before = last;
        last = v * v;
    }
    last * before
}

#[case(([0.5, 2.0, -1.0, 4.0], 1), ([0.5, 2.0, -1.0, 4.0], 3))]
fn local_arrays_of_local_arrays(x: &[f64; 4], n: usize) -> f64 {
    let mut t = [[0.0; 4]; 4];
    for i in 0..4 {
        t[i][0] = x[i];
    }
    // Neville's scheme.
    for j in 1..=n {
        for i in j..4 {
            t[i][j] = t[i][j - 1] * 1.5 - t[i - 1][j - 1] * 0.5;
        }
    }
    t[3][n] * t[3][n] + t[2][n.min(2)]
}

#[case(([0.5, 2.0, -1.0]), ([-0.5, 2.0, -1.0]))]
fn an_array_declared_in_an_arm(x: &[f64; 3]) -> f64 {
    let s;
    if x[0] > 0.0 {
        let mut b = [x[0]; 2];
        b[1] *= x[1];
        s = b[0] * b[1];
    } else {
        let b = [x[1], x[2] * x[2]];
        s = b[0] + b[1] * b[0];
    }
    s * x[2]
}

#[case((0.5, 2.0, 3), (0.5, 2.0, 0))]
fn swapped_buffers(x: f64, y: f64, n: usize) -> f64 {
    let mut now = [x, y];
    let mut then = [0.0; 2];
    for _ in 0..n {
        then[0] = now[1] * x;
        then[1] = now[0] + now[1];
        let held = now;
        now = then;
        then = held;
    }
    now[0] * now[1] + then[0]
}

#[case(([0.5, 2.0, -1.0]))]
fn elements_that_feed_their_own_index(x: &[f64]) -> f64 {
    let mut k = 0;
    let mut y = 1.0;
    for _ in 0..4 {
        y += x[k] * y;
        k = if x[k] > 1.0 { 2 } else { (k + 1) % x.len() };
    }
    y
}

#[case((0.5, 2.0), (2.0, 0.5))]
fn both_arms_assign_what_the_other_reads(x: f64, y: f64) -> f64 {
    let (mut a, mut b) = (x, y);
    for _ in 0..4 {
        if a < b {
            a = a * b + 0.1;
        } else {
            b = b + a * 0.5;
        }
    }
    a / b
}

#[case((0.7), (0.2))]
fn a_value_of_nested_ifs_in_a_loop(x: f64) -> f64 {
    let mut y = x;
    for i in 0..6 {
        y = if y > 0.5 {
            let t = if i % 2 == 0 { y.sqrt() } else { y * y };
            if t > 0.6 { t - 0.3 } else { t * x }
        } else {
            y + 0.4 * x
        };
    }
    y
}

#[case(([0.5, 2.0, -1.0, 0.25], [1.0, 0.5]), ([0.5], [1.0, 0.5]), ([], [1.0, 0.5]))]
fn a_recurrent_cell(x: &[f64], w: &[f64; 2]) -> f64 {
    let mut h = [0.0; 2];
    let mut loss = 0.0;
    for &v in x {
        let mut next = [0.0; 2];
        for i in 0..2 {
            next[i] = (w[i] * h[i] + v * w[1 - i]).tanh();
        }
        h = next;
        loss += (h[0] - h[1]).powi(2);
    }
    loss + h[0]
}

#[case((1.3, 0.4, 12), (1.3, 0.4, 0), (0.2, 2.0, 3))]
fn bisection(target: f64, slope: f64, steps: usize) -> f64 {
    let mut lo = 0.0;
    let mut hi = target + 2.0;
    for _ in 0..steps {
        let mid = 0.5 * (lo + hi);
        if mid * mid * slope > target {
            hi = mid;
        } else {
            lo = mid;
        }
    }
    0.5 * (lo + hi)
}

#[case(([3.0, 1.0, 2.0]), ([1.0, 2.0, 3.0]), ([2.0, 2.5, 0.5]))]
fn the_median_of_three(x: &[f64; 3]) -> f64 {
    let [mut a, mut b, mut c] = *x;
    if a > b {
        (a, b) = (b, a);
    }
    if b > c {
        (b, c) = (c, b);
    }
    if a > b {
        (a, b) = (b, a);
    }
    b * b + 0.1 * a * c
}

#[case((0.5, 3), (0.5, 1))]
fn a_loop_in_a_block_value(x: f64, n: usize) -> f64 {
    let s = {
        let mut t = x;
        for i in 0..n {
            t = t * x + i as f64;
        }
        t * t
    };
    let u = {
        let mut t = s;
        while t > 1.0 {
            t *= 0.5;
        }
        t
    };
    s * u
}

#[case(([0.5, 2.0, -1.0]))]
fn a_sum_inside_a_sum(x: &[f64]) -> f64 {
    let mut total = 0.0;
    for a in x {
        let mut inner = 0.0;
        for b in x {
            inner += (a - b).powi(2);
        }
        total += (-inner).exp() * a;
    }
    total
}

#[case((0.5, 1.5, true), (0.5, 1.5, false))]
fn a_flag_computed_from_active_values(x: f64, y: f64, strict: bool) -> f64 {
    let greater = if strict { x > y } else { x >= y };
    let count = [x, y].len();
    let far = (x - y).abs() > 0.5;
    let mut s = x * y;
    if greater || far {
        s *= x;
    }
    if far && !greater {
        s += y.exp();
    }
    s * count as f64
}

#[case((2.0, 3.0, 4.0))]
fn shadowed_in_every_iteration(x: f64, y: f64, z: f64) -> f64 {
    let s = x;
    let mut t = 1.0;
    for i in 0..3 {
        let s = s * y;
        let t2 = t * s;
        let s = t2 + z * i as f64;
        t = s / (1.0 + t);
    }
    t * s
}
