//! Forty cases that other tools got wrong at some time, by their numbers. Case 8, a cast to an integer and back, is refused
//! (`tests/ui/cast_to_integer.rs`).

use symgrad_oracle::case;

#[case((1.5, 2.5))]
#[allow(unused_assignments)]
fn case_01_overwritten_input(mut x: f64, y: f64) -> f64 {
    x = y;
    x
}

#[case((1.3))]
fn case_02_chain_of_assignments(x: f64) -> f64 {
    let mut t = x;
    t = t * x;
    t = t * x;
    t = t * x;
    t
}

#[case((1.3))]
fn case_03_zeroed_after_a_copy(mut x: f64) -> f64 {
    let y = x;
    x = 0.0;
    y * y + x
}

#[case((0.3, 1.7))]
fn case_04_compound_assignment(mut x: f64, y: f64) -> f64 {
    x *= y + 1.0;
    let mut l = x.exp();
    l /= y;
    l
}

#[case((0.8))]
fn case_05_compound_assignment_that_reads_its_target(x: f64) -> f64 {
    let mut t = x;
    t += t * t;
    t *= t;
    t -= t / x;
    t
}

#[case((0.6, 1.2))]
fn case_06_shadowing_and_names_like_the_engines(x: f64, x_adj: f64) -> f64 {
    let tmp0 = x * x_adj;
    let grad = tmp0.sin();
    let dx = grad + x;
    let result = dx * dx;
    let returned = result + x_adj;
    let x = returned * tmp0;
    let done = x + 1.0;
    let x = x * done;
    x
}

#[case((0.6, 1.2), (1.2, 0.6))]
fn case_07_operands_of_a_condition_overwritten(x: f64, y: f64) -> f64 {
    let mut a = x;
    let mut b = y;
    let r;
    if a < b {
        r = a * b;
    } else {
        r = a - b;
    }
    a = 3.0;
    b = 0.0;
    r * a + b
}

#[case((0.6, 7))]
fn case_09_integer_division_in_a_float_expression(x: f64, n: usize) -> f64 {
    x * (n / 2) as f64 + (n % 3) as f64 / x
}

#[case((0.7))]
fn case_10_written_through_a_mutable_reference(x: f64) -> f64 {
    let mut y = x;
    let r = &mut y;
    *r *= 2.0 * x;
    *r += *r * x;
    y * y
}

#[case((&[0.3, 1.1, 2.7, 2.0]), (&[3.0, 1.0]))]
fn case_11_maximum_by_assignment(x: &[f64]) -> f64 {
    let mut m = x[0];
    for i in 1..x.len() {
        if x[i] > m {
            m = x[i];
        }
    }
    m * m
}

#[case((0.6), (-0.6))]
fn case_12_active_local_in_the_untaken_branch(x: f64) -> f64 {
    let mut r = 1.0;
    if x > 10.0 {
        let t = x * x;
        r = t.ln();
    }
    r * x
}

#[case((0.6, 2.2), (-0.6, 2.2), (1.6, 0.2), (0.6, -2.2))]
fn case_13_several_returns(x: f64, y: f64) -> f64 {
    if x > 5.0 {
        return x;
    }
    let t = x * y;
    if t > 3.0 {
        return t * t;
    }
    if t < 0.1 {
        return y;
    }
    t.sin()
}

#[case((&[0.3, 1.1, 0.9, 2.0]), (&[3.0, 1.1, 2.9, 2.0]), (&[]))]
fn case_14_return_after_a_partial_sum(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for &v in x {
        s += v * v;
        if s > 2.0 {
            return s * v;
        }
    }
    s
}

#[case((0.7), (-0.7))]
fn case_15_return_first_locals_later(x: f64) -> f64 {
    if x < 0.0 {
        return -x;
    }
    let a = x.sqrt();
    let b = a + x;
    a * b
}

#[case((0.5, 0), (0.5, 1), (0.5, 5))]
fn case_16_match_with_a_return_in_each_arm(x: f64, n: usize) -> f64 {
    let y = x * x;
    match n {
        0 => return y.sin(),
        1 => return x,
        _ => return y * x,
    }
}

#[case((0.5, &[0, 1, 2, 1]), (0.5, &[2, 7, 0, 0]), (0.5, &[]), (1.5, &[1, 1, 9]))]
fn case_17_match_in_a_loop(x: f64, steps: &[usize]) -> f64 {
    let mut y = x;
    for (i, &step) in steps.iter().enumerate() {
        y *= match step {
            0 => x,
            1 if y > 1.0 => y.ln(),
            1 => 1.5,
            2 => continue,
            9 => break,
            k => k as f64 / (x + i as f64),
        };
        y += x;
    }
    y
}

#[case((0.9, 1.4), (-0.9, 1.4), (0.9, 0.3), (0.4, 1.4), (0.5, 1.3))]
fn case_18_three_levels_of_if(x: f64, y: f64) -> f64 {
    let mut a = x;
    if a > 0.0 {
        a *= y;
        if a > 0.5 {
            a += x;
            if a > 1.0 {
                a = a * a;
            } else {
                a = y;
            }
            a -= y;
        } else {
            a = x - y;
        }
        a *= x;
    }
    a
}

#[case((0.9), (-0.9))]
fn case_19_the_untaken_branch_would_be_nan(x: f64) -> f64 {
    let y = if x > 0.0 { x.ln() } else { 2.0 * x };
    let z = if x < 0.0 { x / 3.0 } else { (1.0 / x).sqrt() };
    y * z
}

#[case((1.1))]
fn case_20_product_nested_to_the_ninth(x: f64) -> f64 {
    let mut p = 1.0;
    for _ in 0..3 {
        let mut q = 1.0;
        for _ in 0..3 {
            q *= x;
        }
        p *= q;
    }
    p
}

#[case((1.4, 9), (1.4, 0), (0.4, 9), (5.0, 2))]
fn case_21_return_in_a_loop(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        if y > 3.0 {
            return y * i as f64;
        }
        y = y * x + 0.5;
    }
    y.sin()
}

#[case((&[0.3, -1.1, 0.9, 2.0, 1.0, 3.0], 0.7), (&[0.3, 9.0, 0.9, 2.0], 0.7), (&[], 0.7))]
fn case_22_break_and_continue_in_one_loop(x: &[f64], w: f64) -> f64 {
    let mut s = w;
    for i in 0..x.len() {
        if x[i] < 0.0 {
            continue;
        }
        if s > 4.0 {
            break;
        }
        s += s * x[i];
    }
    s
}

#[case((&[0.3, -1.1, 0.9, 2.0]), (&[]), (&[0.5]))]
fn case_23_trailing_continue(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() {
        s += x[i].sin();
        if i % 2 == 0 {
            s *= 1.5;
            continue;
        }
    }
    s
}

#[case((0.9), (0.1), (1.9))]
fn case_24_break_out_of_an_inner_while(x: f64) -> f64 {
    let mut s = 0.0;
    for i in 0..3 {
        let mut t = x;
        let mut k = 0;
        while k < 10 {
            t = t * x + 0.25;
            k += 1;
            if t > 1.5 {
                break;
            }
        }
        s += t * i as f64;
    }
    s
}

#[case((3.0), (0.5))]
fn case_25_newtons_iteration(a: f64) -> f64 {
    let mut y = a;
    let mut k = 0;
    while (y * y - a).abs() > 1e-13 && k < 60 {
        y = 0.5 * (y + a / y);
        k += 1;
    }
    y
}

#[case((&[0.3, -1.1, 0.9]))]
fn case_26_locals_reset_in_each_iteration(x: &[f64]) -> f64 {
    let mut s = 1.0;
    for i in 0..x.len() {
        let mut t = 0.0;
        for j in 0..=i {
            t += x[j] * x[j];
        }
        s *= t;
    }
    s
}

#[case((0.7), (-1.7))]
fn case_27_array_rebuilt_in_each_iteration(x: f64) -> f64 {
    let mut s = 0.0;
    for i in 0..4 {
        let mut b = [x, x * x, 1.0];
        b[i % 3] *= x + i as f64;
        s += b[0] * b[1] * b[2];
    }
    s
}

#[case((0.7, 5), (0.7, 0))]
fn case_28_sum_of_quotients(x: f64, n: usize) -> f64 {
    let mut s = 0.0;
    let mut a = 0.5;
    for _ in 0..n {
        s += 1.0 / (x + a * a);
        a += 0.25;
    }
    s
}

#[case((&[0.3, -1.1, 0.9], [1.2, 0.4]))]
fn case_29_nested_loops_over_array_values(x: &[f64], y: [f64; 2]) -> f64 {
    let mut s = 0.0;
    for &a in x {
        for b in y {
            s += (a * b).sin() * b;
        }
    }
    s
}

#[case((0.7, 1.3, 8), (0.7, 1.3, 0), (0.7, 1.3, 1))]
fn case_30_several_carried_variables(x: f64, y: f64, n: usize) -> f64 {
    let mut a = x;
    let mut b = y;
    for _ in 0..n {
        let c = a * b + 0.1;
        a = b;
        b = c.sin();
    }
    a - b
}

#[case((0.7, 0))]
fn case_31_no_iteration(x: f64, n: usize) -> f64 {
    let mut a = x;
    for _ in 0..n {
        a *= a;
    }
    a
}

#[case((0.7, 1))]
fn case_31_one_iteration(x: f64, n: usize) -> f64 {
    let mut a = x;
    for _ in 0..n {
        a *= a;
    }
    a
}

#[case((0.7, 4))]
fn case_32_bounds_reassigned_inside(x: f64, mut n: usize) -> f64 {
    let mut a = x;
    for i in 0..n {
        n = i + 1;
        a *= x + n as f64;
    }
    a * n as f64
}

#[case(([0.3, -1.1, 0.9]))]
fn case_33_element_squared_then_zeroed(mut a: [f64; 3]) -> f64 {
    let mut s = 0.0;
    for i in 0..3 {
        s += a[i] * a[i];
        a[i] = 0.0;
    }
    s + a[1]
}

#[case(([0.3, -1.1, 0.9, 0.2]))]
fn case_34_first_element_used_while_others_are_overwritten(mut a: [f64; 4]) -> f64 {
    for i in 0..4 {
        a[i] = a[0] * a[i] + 1.0;
    }
    a[0] * a[1] * a[2] + a[3]
}

#[case(([0.9, -1.1, 2.3, 0.2, 0.5]), ([0.1, 0.2, 0.3, 0.4, 0.5]), ([5.0, 4.0, 3.0, 2.0, 1.0]))]
fn case_35_insertion_sort(mut a: [f64; 5]) -> f64 {
    for i in 1..5 {
        let mut j = i;
        while j > 0 && a[j - 1] > a[j] {
            a.swap(j - 1, j);
            j -= 1;
        }
    }
    a[0] + 2.0 * a[1] + 3.0 * a[2] * a[3] - a[4]
}

#[symgrad::differentiate(jvp, hvp)]
fn refill(x: f64, k: usize, b: &mut [f64; 3]) {
    for i in 0..3 {
        b[i] = (x * (i + k) as f64).sin();
    }
}

fn refill_dual(x: crate::corpus::dual::Dual, k: usize, b: &mut [crate::corpus::dual::Dual; 3]) {
    for i in 0..3 {
        b[i] = (x * crate::corpus::dual::Dual::from(i + k)).sin();
    }
}

#[case(calls(refill), (0.5), (-1.3))]
fn case_36_buffer_refilled_by_a_callee(x: f64) -> f64 {
    let mut b = [0.0; 3];
    let mut s = x;
    for k in 0..4 {
        refill(s, k, &mut b);
        s += b[0] * b[1] * b[2] + b[1].exp();
    }
    s
}

#[case(([[2.0, 0.3, -0.4], [0.3, 1.8, 0.2], [-0.4, 0.2, 2.2]]))]
fn case_37_cholesky(a: &[[f64; 3]; 3]) -> f64 {
    let mut l = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..=i {
            let mut s = a[i][j];
            for k in 0..j {
                s -= l[i][k] * l[j][k];
            }
            if i == j {
                l[i][i] = s.sqrt();
            } else {
                l[i][j] = s / l[j][j];
            }
        }
    }
    let mut d = 0.0;
    for i in 0..3 {
        d += l[i][i].ln();
    }
    2.0 * d
}

#[case(([[2.0, 0.3, -0.4], [0.5, 1.8, 0.2], [-0.1, 0.6, 2.2]], [1.0, 0.7, -0.3]))]
fn case_37_gaussian_elimination(mut m: [[f64; 3]; 3], mut b: [f64; 3]) -> f64 {
    for k in 0..3 {
        for i in k + 1..3 {
            let q = m[i][k] / m[k][k];
            for j in k..3 {
                m[i][j] -= q * m[k][j];
            }
            b[i] -= q * b[k];
        }
    }
    let mut x = [0.0; 3];
    for k in (0..3).rev() {
        let mut s = b[k];
        for j in k + 1..3 {
            s -= m[k][j] * x[j];
        }
        x[k] = s / m[k][k];
    }
    x[0] * x[1] + x[2].sin()
}

#[case(([0.9, -1.1, 2.3, 0.2]))]
fn case_37_prefix_sums_in_place(mut a: [f64; 4]) -> f64 {
    for i in 1..4 {
        a[i] += a[i - 1];
    }
    a[1] * a[2] * a[3]
}

#[case(([[0.9, 0.3], [-0.4, 1.1]], 5), ([[0.9, 0.3], [-0.4, 1.1]], 0))]
fn case_38_matrix_power(a: [[f64; 2]; 2], n: usize) -> f64 {
    let mut p = [[1.0, 0.0], [0.0, 1.0]];
    for _ in 0..n {
        let mut q = [[0.0; 2]; 2];
        for i in 0..2 {
            for j in 0..2 {
                for k in 0..2 {
                    q[i][j] += p[i][k] * a[k][j];
                }
            }
        }
        p = q;
    }
    p[0][1] + p[1][1]
}

#[case(([[2.0, 0.3], [-0.4, 1.1]], [[0.6, 0.3], [0.5, 1.8]]))]
fn case_38_matrix_product(a: [[f64; 2]; 2], b: &[[f64; 2]; 2]) -> f64 {
    let mut c = [[0.0; 2]; 2];
    for i in 0..2 {
        for j in 0..2 {
            for k in 0..2 {
                c[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    c[0][0] * c[1][1] - c[0][1] * c[1][0]
}

#[case(calls(case_39_determinant_by_minors), wrt(m),
    (&[2.0], 1),
    (&[2.0, 0.3, -0.4, 1.5], 2),
    (&[2.0, 0.3, -0.4, 0.5, 1.8, 0.2, -0.1, 0.6, 2.2], 3),
    (&[1.0, 0.3, -0.4, 0.2, 0.5, 1.8, 0.2, 0.7, -0.1, 0.6, 2.2, -0.3, 0.9, 0.1, 0.4, 1.1], 4))]
fn case_39_determinant_by_minors(m: &[f64], n: usize) -> f64 {
    if n == 1 {
        return m[0];
    }
    let mut sum = 0.0;
    let mut sign = 1.0;
    for j in 0..n {
        let mut minor = vec![0.0; (n - 1) * (n - 1)];
        for r in 1..n {
            for c in 0..n {
                if c != j {
                    let to = if c < j { c } else { c - 1 };
                    minor[(r - 1) * (n - 1) + to] = m[r * n + c];
                }
            }
        }
        sum += sign * m[j] * case_39_determinant_by_minors(&minor, n - 1);
        sign = -sign;
    }
    sum
}

#[case((0.5, 2.0), (-1.5, 0.3))]
fn twice(x: f64, y: f64) -> f64 {
    x.sin() * y + x
}

#[case(([0.5, 2.0, -1.0]))]
fn weighted(b: &[f64; 3]) -> f64 {
    let mut s = 0.0;
    for i in 0..3 {
        s += b[i] * b[i] * (i + 1) as f64;
    }
    s
}

#[case(calls(twice), (0.5, 2.0), (-1.5, 0.3))]
fn case_40_one_function_called_twice(x: f64, y: f64) -> f64 {
    let a = twice(x, y);
    let b = twice(y, a);
    a * b + twice(x * b, x)
}

#[case(calls(twice, weighted), ([0.5, 2.0, -1.0]))]
fn case_40_calls_with_a_buffer_changed_between(x: &[f64; 3]) -> f64 {
    let mut b = [x[0], x[1] * x[2], 1.0];
    let first = weighted(&b);
    b[1] *= first;
    b[2] = x[2];
    let second = weighted(&b);
    b[0] = second * x[1];
    twice(first, weighted(&b))
}
