//! `for` over ranges and slices, `while`, `loop`, `break`, `continue`, labels, nested.

use symgrad_oracle::case;

#[case((0.5, 0), (0.5, 1), (0.5, 4))]
fn a_sum_over_a_range(x: f64, n: usize) -> f64 {
    let mut s = 0.0;
    for i in 0..n {
        s += x.powi(i as i32) * x;
    }
    s + x
}

#[case((0.9, 0), (0.9, 1), (0.9, 5))]
fn a_product_over_an_inclusive_range(x: f64, n: usize) -> f64 {
    let mut p = x;
    for i in 1..=n {
        p *= x + i as f64;
    }
    p
}

#[case((0.5, 0), (0.5, 1), (0.5, 6))]
fn a_range_in_reverse(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in (0..n).rev() {
        y = (y * x + i as f64).sin();
    }
    y
}

#[case((0.5, 0), (0.5, 1), (0.5, 7), (0.5, 9))]
fn a_range_in_steps(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in (1..n).step_by(3) {
        y = y * x + (i as f64).sqrt() * y.sin();
    }
    y
}

#[case((0.5, 0), (0.5, 7), (0.5, 8))]
fn a_range_in_steps_in_reverse(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in (0..n).step_by(2).rev() {
        y = y.sin() * (x + i as f64);
    }
    y
}

#[case((0.5, 0), (0.5, 7), (0.5, 8))]
fn a_reversed_range_in_steps(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in (0..n).rev().step_by(3) {
        y = y.sin() * (x + i as f64);
    }
    y
}

#[case((0.5, -2, 3), (0.5, 3, -2), (0.5, -1, -1))]
fn a_range_of_signed_integers(x: f64, lo: i32, hi: i32) -> f64 {
    let mut y = x;
    for k in lo..hi {
        y = y * x.cos() + f64::from(k) * x.powi(k);
    }
    y
}

#[case((0.5, 3, 2))]
fn a_range_of_expressions(x: f64, n: usize, k: usize) -> f64 {
    let mut y = x;
    for i in k - 1..2 * n + k % 2 {
        y += y * x / (i + 1) as f64;
    }
    y
}

#[case((0.5, 3))]
fn a_wildcard_counter(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = y * y + x;
    }
    y
}

#[case((0.5, 4))]
fn a_mutable_counter(x: f64, n: usize) -> f64 {
    let mut y = x;
    for mut i in 0..n {
        i *= 2;
        y = y * x + i as f64;
    }
    y
}

#[case(([0.5, 2.0, -1.0]), ([0.25]), ([]))]
fn over_a_slice_by_index(x: &[f64]) -> f64 {
    let mut s = 1.0;
    for i in 0..x.len() {
        s += x[i] * x[i].sin();
    }
    s
}

#[case(([0.5, 2.0, -1.0]), ([0.25]), ([]))]
fn over_a_slice(x: &[f64]) -> f64 {
    let mut s = 1.0;
    for v in x {
        s += v * v.exp();
    }
    s
}

#[case(([0.5, 2.0, -1.0]), ([0.25]), ([]))]
fn over_a_slice_with_a_pattern(x: &[f64]) -> f64 {
    let mut s = 1.0;
    for &v in x {
        s *= v + 3.0;
    }
    s
}

#[case(([0.5, 2.0, -1.0]), ([0.25]))]
fn over_iter(x: &[f64]) -> f64 {
    let mut s = 1.0;
    for v in x.iter() {
        s = (s * *v).sin() + v;
    }
    s
}

#[case(([0.5, 2.0, -1.0]), ([0.25]))]
fn over_copied(x: &[f64]) -> f64 {
    let mut s = 1.0;
    for v in x.iter().copied() {
        s = (s * v).sin() + v;
    }
    s
}

#[case(([0.5, 2.0, -1.0]), ([0.25]))]
fn over_enumerate(x: &[f64]) -> f64 {
    let mut s = 0.5;
    for (i, v) in x.iter().enumerate() {
        s = s * v + v.powi(i as i32);
    }
    s
}

#[case(([0.5, 2.0, -1.0]))]
fn over_enumerate_with_a_pattern(x: &[f64]) -> f64 {
    let mut s = 0.5;
    for (i, &v) in x.iter().enumerate() {
        s = s * v + (i as f64) * v;
    }
    s
}

#[case(([0.5, 2.0, -1.0], [1.5, 0.25, 3.0]), ([0.5, 2.0], [1.0, 2.0, 3.0]), ([0.5, 2.0, 4.0], [1.0, 2.0]), ([], [1.0]))]
fn over_zip(x: &[f64], y: &[f64]) -> f64 {
    let mut s = 0.5;
    for (a, b) in x.iter().zip(y) {
        s += a * b + (a - b).powi(2);
    }
    s
}

#[case(([0.5, 2.0, -1.0], [1.5, 0.25, 3.0]))]
fn over_zip_with_patterns(x: &[f64], y: &[f64; 3]) -> f64 {
    let mut s = 0.5;
    for (&a, &b) in x.iter().zip(y.iter()) {
        s = (s + a) * b;
    }
    s
}

#[case(([0.5, 2.0, -1.0], [1.5, 0.25, 3.0]))]
fn over_enumerated_zip(x: &[f64], y: &[f64]) -> f64 {
    let mut s = 0.5;
    for (i, (a, b)) in x.iter().zip(y.iter()).enumerate() {
        s = (s + a) * b + i as f64 * a;
    }
    s
}

#[case(([0.5, 2.0, -1.0]))]
fn over_an_array_by_value(x: [f64; 3]) -> f64 {
    let mut s = 0.5;
    for v in x {
        s = s * v + v * v;
    }
    s
}

#[case(([0.5, 2.0, -1.0]))]
fn over_an_array_by_reference(x: &[f64; 3]) -> f64 {
    let mut s = 0.5;
    for v in x {
        s = s * v + v * v;
    }
    for &v in x.iter() {
        s += v * s;
    }
    s
}

#[case(([[0.5, 2.0], [-1.0, 0.25]]), ([]))]
fn over_rows(x: &[[f64; 2]]) -> f64 {
    let mut s = 0.5;
    for row in x {
        s = s * row[0] + row[1] * row[1];
    }
    s
}

#[case(([[0.5, 2.0], [-1.0, 0.25]]))]
fn over_rows_with_a_pattern(x: &[[f64; 2]]) -> f64 {
    let mut s = 0.5;
    for &[a, b] in x {
        s = s * a + b * b;
    }
    for [a, b] in x {
        s += a * b * s;
    }
    s
}

#[case(([[0.5, 2.0], [-1.0, 0.25]]))]
fn over_the_elements_of_rows(x: &[[f64; 2]]) -> f64 {
    let mut s = 0.5;
    for row in x {
        for v in row {
            s = s * v + v.cos();
        }
    }
    s
}

#[case(([[0.5, 2.0, 1.0], [-1.0, 0.25, 3.0]], [0.1, 0.2, 0.3]))]
fn over_rows_zipped(x: &[[f64; 3]], w: &[f64; 3]) -> f64 {
    let mut s = 0.0;
    for row in x.iter() {
        let mut dot = 0.0;
        for (a, b) in row.iter().zip(w) {
            dot += a * b;
        }
        s += dot.tanh();
    }
    s
}

#[case(([0.5, 2.0, -1.0]))]
fn over_a_slice_of_inactive_numbers(x: &[f64]) -> f64 {
    let weights = [3_i32, -1, 2];
    let mut s = 0.0;
    for (w, v) in weights.iter().zip(x) {
        s += f64::from(*w) * v * v;
    }
    for w in &weights {
        s *= x[0] + f64::from(*w);
    }
    s
}

#[case(wrt(w), (0.5, [1.0, 2.0, 3.0], &[2, 0, 1]), (0.5, [1.0], &[]))]
fn over_inactive_indices(w: f64, data: &[f64], order: &[usize]) -> f64 {
    let mut s = w;
    for &k in order {
        s = (s * data[k]).sin() + w;
    }
    s
}

#[case((0.5))]
fn over_inactive_lists_by_value(x: f64) -> f64 {
    let order = [2, 0, 3];
    let exponents: Vec<i32> = vec![1, 3];
    let mut s = x;
    for k in order {
        s = s * x + f64::from(k);
    }
    for n in exponents {
        s = s.sin() * x.powi(n);
    }
    for k in [1.5, 2.5] {
        s *= x + k;
    }
    s
}

#[case((0.9), (-0.5))]
fn case_20_product_in_nested_loops(x: f64) -> f64 {
    let mut r = 1.0;
    for _ in 0..3 {
        for _ in 0..3 {
            r *= x;
        }
    }
    r
}

#[case((0.5, 10), (0.5, 2), (3.0, 10), (0.5, 0))]
fn case_21_early_return_inside_a_loop(x: f64, n: usize) -> f64 {
    let mut s = x;
    for i in 0..n {
        s += s * x / (i + 1) as f64;
        if s > 1.5 {
            return s * s;
        }
    }
    s + x
}

#[case((0.5), (0.9), (0.1), (-0.7))]
fn case_22_break_and_continue_in_one_loop(x: f64) -> f64 {
    let mut s = x;
    for i in 0..8 {
        if i % 3 == 1 {
            continue;
        }
        s += s * x;
        if s > 2.0 {
            break;
        }
        s += 0.1 * x * x;
    }
    s
}

#[case((0.5), (0.9))]
fn case_23_trailing_continue(x: f64) -> f64 {
    let mut s = x;
    for i in 0..5 {
        if i % 2 == 0 {
            s *= x + 1.0;
        } else {
            s += x;
            continue;
        }
        s = s.sin();
        #[allow(clippy::needless_continue)]
        continue;
    }
    s
}

#[case((0.5), (1.5), (3.0))]
fn case_24_break_out_of_an_inner_while(x: f64) -> f64 {
    let mut s = x;
    for i in 0..4 {
        let mut k = 0;
        while k < 5 {
            k += 1;
            if s > 3.0 {
                break;
            }
            s = s * x + 0.5;
        }
        s = s.sqrt() + f64::from(i);
    }
    s
}

#[case((2.0), (0.3), (100.0))]
fn case_25_newton_square_root(x: f64) -> f64 {
    let mut y = x;
    while (y * y - x).abs() > 1e-14 * x {
        y = 0.5 * (y + x / y);
    }
    y
}

#[case((0.5, 3), (0.5, 0))]
fn case_26_loop_local_values_reset(x: f64, n: usize) -> f64 {
    let mut s = 0.0;
    for i in 0..n {
        let mut t = x;
        t *= t + i as f64;
        t = t.sin();
        s += t * t;
    }
    s * s + x
}

#[case((0.5, 3), (-0.5, 1))]
fn case_27_local_array_rebuilt(x: f64, n: usize) -> f64 {
    let mut s = x;
    for i in 0..n {
        let mut b = [0.0; 3];
        b[0] = s * x;
        b[1] = b[0] + i as f64;
        b[2] += b[1] * b[0];
        s = b[2].sin() + b[1];
    }
    s
}

#[case((0.5), (2.0))]
fn case_28_sum_of_reciprocals(x: f64) -> f64 {
    let mut s = 0.0;
    for i in 0..5 {
        let a = i as f64;
        s += 1.0 / (x + a * a);
    }
    s
}

#[case(([[0.5, 2.0, 1.0], [-1.0, 0.25, 3.0]]))]
fn case_29_nested_loops_over_array_values(x: &[[f64; 3]; 2]) -> f64 {
    let mut s = 0.0;
    for i in 0..2 {
        for j in 0..3 {
            s += x[i][j] * x[(i + 1) % 2][j] * (i + 2 * j) as f64;
        }
        s *= x[i][0];
    }
    s
}

#[case((0.5, 1.5, 7), (0.5, 1.5, 0), (0.5, 1.5, 1))]
fn case_30_several_carried_variables(x: f64, y: f64, n: usize) -> f64 {
    let mut a = x;
    let mut b = y;
    let mut c = 1.0;
    for _ in 0..n {
        let t = a + b * c;
        a = b;
        b = t * 0.5;
        c = a * 0.25;
    }
    a + b * c
}

#[case((0.5, 0), (0.5, 1))]
fn case_31_zero_iterations_one_iteration(x: f64, n: usize) -> f64 {
    let mut y = x * x;
    for _ in 0..n {
        y = y * x.exp();
    }
    y * y
}

#[case((0.5, 3))]
fn case_32_bounds_reassigned_inside(x: f64, n: usize) -> f64 {
    let mut n = n;
    let mut y = x;
    for _ in 0..n {
        n += 2;
        y = y * x + n as f64;
    }
    y * n as f64
}

#[case((0.5, 5), (0.5, 0))]
fn a_while_over_an_integer(x: f64, n: usize) -> f64 {
    let mut y = x;
    let mut i = 0;
    while i < n {
        y = (y + x * i as f64).sin();
        i += 1;
    }
    y
}

#[case((0.5), (3.0), (30.0))]
fn a_while_over_an_active_value(x: f64) -> f64 {
    let mut y = x;
    let mut s = 0.0;
    while y > 1.0 {
        y *= 0.5;
        s += y.ln() * x;
    }
    s + y
}

#[case((0.5), (3.0), (30.0))]
fn a_loop_with_breaks(x: f64) -> f64 {
    let mut y = x;
    let mut i = 0;
    loop {
        y = y.sqrt() + x * 0.1;
        i += 1;
        if i >= 6 {
            break;
        }
        if y > 4.0 {
            y *= 2.0;
            break;
        }
    }
    y * f64::from(i)
}

#[case((0.5), (3.0))]
fn a_loop_with_return(x: f64) -> f64 {
    let mut y = x;
    loop {
        y = y * 1.5 + x * x;
        if y > 5.0 {
            return y.ln();
        }
    }
}

#[case((0.5), (1.5), (0.05))]
fn labels(x: f64) -> f64 {
    let mut s = x;
    'outer: for i in 0..5 {
        for j in 0..5 {
            s += s * x / (i + j + 1) as f64;
            if s > 2.5 {
                break 'outer;
            }
            if j > i {
                continue 'outer;
            }
            s = s.sin() + x;
        }
        s *= x + 0.5;
    }
    s * s
}

#[case((0.5), (1.5))]
fn three_loops_deep(x: f64) -> f64 {
    let mut s = x;
    for i in 0..2 {
        for j in i..3 {
            let mut t = s;
            for k in 0..=j {
                t = t * x + (i + j + k) as f64 * 0.1;
            }
            s += t.sin();
        }
    }
    s
}

#[case((0.5, 6), (0.5, 0))]
fn a_mean_is_scaled_once(x: f64, n: usize) -> f64 {
    let mut s = 0.0;
    for i in 0..n {
        s += (x * i as f64).sin();
    }
    s / (n as f64 + 1.0)
}

#[case(([0.5, 2.0, -1.0], 3.0))]
fn a_sum_that_is_used_nonlinearly(x: &[f64], y: f64) -> f64 {
    let mut s = 0.0;
    for v in x {
        s += v * v * y;
    }
    s.sqrt() * y
}

#[case(([0.5, 2.0, -1.0]))]
fn two_sums_one_after_the_other(x: &[f64]) -> f64 {
    let mut mean = 0.0;
    for v in x {
        mean += v;
    }
    mean /= x.len() as f64;
    let mut variance = 0.0;
    for v in x {
        variance += (v - mean).powi(2);
    }
    (variance / (x.len() - 1) as f64).sqrt()
}

#[case(([0.5, 2.0, -1.0, 0.1]))]
fn two_sums_in_one_loop(x: &[f64]) -> f64 {
    let mut s = 0.0;
    let mut q = 0.0;
    for v in x {
        s += v;
        q += v * v;
    }
    q * s - s * s / 4.0
}

#[case(([0.5, 2.0, -1.0, 0.1]))]
fn a_sum_with_conditions(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for v in x {
        if *v > 0.0 {
            s += v.ln();
        } else {
            s -= v * v;
        }
    }
    s.exp()
}

#[case(([0.5, 2.0, -1.0, 0.1]))]
fn a_sum_that_is_read_in_the_loop(x: &[f64]) -> f64 {
    let mut s = 0.0;
    let mut p = 1.0;
    for v in x {
        s += v * v;
        p *= s + 1.0;
    }
    p + s
}

#[case(([0.5, 2.0, -1.0, 2.0]), ([3.0]), ([-1.0, -2.0]))]
fn the_greatest_element(x: &[f64]) -> f64 {
    let mut m = f64::NEG_INFINITY;
    for &v in x {
        if v * v > m {
            m = v * v;
        }
    }
    m.sin()
}

#[case(([0.5, 2.0, -1.0, 1.75]), ([3.0]))]
fn the_greatest_element_by_max(x: &[f64]) -> f64 {
    let mut m = f64::NEG_INFINITY;
    for &v in x {
        m = m.max(v);
    }
    m.exp() * x[0]
}

#[case(([0.5, 2.0, -1.0, 1.75]), ([3.0]))]
fn the_index_of_the_greatest(x: &[f64]) -> f64 {
    let mut best = 0;
    for i in 1..x.len() {
        if x[i] > x[best] {
            best = i;
        }
    }
    x[best] * x[best] + x[0]
}

/// t1: an index from a state that has changed when the derivative is computed.
#[case(([0.5, 2.0, -1.0, 1.75]), ([3.0]), ([0.1, 0.2]))]
fn t1_an_index_from_a_state_that_changes_later(x: &[f64]) -> f64 {
    let n = x.len();
    let mut k = 0;
    let mut p = 1.0;
    for i in 0..n + 2 {
        k = (k + 2 * i + 1) % n;
        p *= x[k].sin() + 0.5;
    }
    k = 0;
    p * x[k]
}

/// t2: two sums, an early return and a break.
#[case(([0.5, 2.0, -1.0, 1.75], 10.0), ([0.5, 2.0, -5.0, 1.0], 10.0), ([0.5, 2.0, 9.0, 1.0], 10.0), ([0.5, 2.0, 9.0, 1.0], 1.0), ([], 1.0))]
fn t2_two_sums_with_early_return_and_break(x: &[f64], limit: f64) -> f64 {
    let mut s = 0.0;
    let mut q = 1.0;
    for &v in x {
        if v < -2.0 {
            return 7.0 * v;
        }
        s += v.sin();
        if s * v > limit {
            break;
        }
        q += v * v;
        if q > 50.0 {
            break;
        }
    }
    s * q
}

/// t5: `b` is read before it is written in an iteration.
#[case(([0.5, 2.0, -1.0, 1.75]), ([3.0]), ([]))]
fn t5_an_array_that_is_not_private(x: &[f64]) -> f64 {
    let mut b = [1.0, 0.5];
    let mut s = 0.0;
    for i in 0..x.len() {
        b[i % 2] = b[0] * x[i];
        s += b[1].exp();
    }
    s + b[0]
}

#[case((0.5, 3), (2.0, 0))]
fn a_loop_in_an_arm(x: f64, n: usize) -> f64 {
    let mut y = x;
    if x < 1.0 {
        for i in 0..n {
            y = y * y + i as f64;
        }
    } else {
        while y > 0.1 {
            y = y * 0.5 - 0.01 * x;
        }
    }
    y * x
}

#[case((0.5), (1.5))]
fn a_value_in_a_loop_depends_on_an_arm(x: f64) -> f64 {
    let mut y = x;
    for i in 0..5 {
        let t = if i % 2 == 0 {
            y.sin()
        } else if y > 1.0 {
            y.ln()
        } else {
            y * y
        };
        y = t * x + y;
    }
    y
}

#[case((0.5), (1.5))]
fn a_returned_value_before_a_loop_that_is_not_reached(x: f64) -> f64 {
    if x > 1.0 {
        return x * x;
    }
    let mut y = x;
    for _ in 0..3 {
        if y > 0.9 {
            return y;
        }
        let z = y + x;
        y = z * z;
    }
    y
}

#[case((0.5, 4))]
fn the_loop_counter_shadows(x: f64, n: usize) -> f64 {
    let i = x * x;
    let mut s = i;
    for i in 0..n {
        s = s * x + i as f64;
    }
    for x in 0..n {
        s += i * x as f64 * s;
    }
    s * i
}

#[case((0.5, 3))]
fn loops_one_after_another_on_one_state(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = y.sin() + x;
    }
    let mid = y;
    for _ in 0..n {
        y = y.cos() * mid;
    }
    for i in 0..n {
        y += mid * i as f64 + y * x;
    }
    y * mid
}

#[case((0.01))]
fn a_thousand_iterations(x: f64) -> f64 {
    let mut y = 0.5;
    for i in 0..1000 {
        y = y + x * (1.0 - y * y) * (i as f64 * 0.01).cos();
    }
    y
}

#[case((0.5, 0), (0.5, 7), (0.5, 8))]
fn an_inclusive_range_in_steps(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in (1..=n).step_by(2) {
        y = y.sin() * (x + i as f64);
    }
    for i in (0..n as u64).step_by(3) {
        y = y.cos() * (x + i as f64);
    }
    y
}

#[case((0.5, 0, 7), (0.5, 3, 12), (0.5, 5, 5))]
fn steps_of_wide_integers(x: f64, from: u64, to: i64) -> f64 {
    let mut y = x;
    for i in (from..20).step_by(3) {
        y = (y * x).sin() + i as f64 * x;
    }
    for i in (0..to).step_by(2) {
        y = (y + x).cos() * i as f64;
    }
    for i in (0..=to).step_by(4) {
        y = y.sin() * i as f64 + x;
    }
    y
}
