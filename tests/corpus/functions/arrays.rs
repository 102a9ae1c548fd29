//! Arrays, nested arrays and slices as parameters; local arrays that are written in place.

use symgrad_oracle::case;

#[case(([0.5, 2.0, -1.0]))]
fn an_array_by_value(x: [f64; 3]) -> f64 {
    x[0] * x[1] + x[2].sin() * x[0]
}

#[case(([0.5, 2.0, -1.0]))]
fn an_array_by_reference(x: &[f64; 3]) -> f64 {
    x[0] * x[1] + x[2].sin() * x[0]
}

#[case(([0.5, 2.0, -1.0]))]
fn a_slice(x: &[f64]) -> f64 {
    x[0] * x[1] + x[2].sin() * x[x.len() - 3]
}

#[case(([[0.5, 2.0, -1.0], [0.1, 0.2, 0.3]]))]
fn a_nested_array_by_value(x: [[f64; 3]; 2]) -> f64 {
    x[0][0] * x[1][2] + x[0][1].exp() * x[1][0]
}

#[case(([[0.5, 2.0, -1.0], [0.1, 0.2, 0.3]]))]
fn a_nested_array_by_reference(x: &[[f64; 3]; 2]) -> f64 {
    let mut s = 1.0;
    for i in 0..2 {
        for j in 0..3 {
            s += x[i][j] * s;
        }
    }
    s
}

#[case(([[[0.5, 2.0], [0.1, -0.2]], [[1.0, 0.3], [0.7, 0.9]]]))]
fn three_dimensions(x: &[[[f64; 2]; 2]; 2]) -> f64 {
    let mut s = 0.0;
    for (i, plane) in x.iter().enumerate() {
        for row in plane {
            for v in row {
                s = s * v + (i + 1) as f64 * v;
            }
        }
    }
    s + x[1][0][1] * x[0][1][0]
}

#[case(([[0.5, 2.0], [0.1, -0.2], [1.0, 0.3]]), ([[0.5, 2.0]]))]
fn a_slice_of_arrays(x: &[[f64; 2]]) -> f64 {
    let mut s = 1.0;
    for i in 0..x.len() {
        s += x[i][0] * x[i][1] * s;
    }
    s
}

#[case((2.0, [0.5, 2.0], [[0.1, -0.2]], [1.5]))]
fn parameters_of_every_shape(k: f64, a: &[f64; 2], m: &[[f64; 2]], v: [f64; 1]) -> f64 {
    k * a[0] * m[0][1] + v[0] * k * k + a[1] * m[0][0]
}

#[case(wrt(a), ([0.5, 2.0], [3.0, 4.0], 0.5))]
fn one_array_of_two(a: &[f64], b: &[f64], c: f64) -> f64 {
    let mut s = 0.0;
    for i in 0..a.len() {
        s += a[i] * b[i] * a[i] + c;
    }
    s
}

#[case(([0.5, 2.0, -1.0], 1), ([0.5, 2.0, -1.0], 2))]
fn a_run_time_index(x: &[f64], k: usize) -> f64 {
    x[k] * x[(k + 1) % 3] + x[k].powi(2)
}

#[case(calls(generic), ([0.5, 2.0, 3.5]))]
fn a_const_generic_instance(x: &[f64; 3]) -> f64 {
    generic(x)
}

#[symgrad::differentiate(gradient, jvp, hvp)]
fn generic<const N: usize>(x: &[f64; N]) -> f64 {
    let mut s = 1.0;
    let mut local = [0.0; N];
    for i in 0..N {
        local[i] = x[i] * x[N - 1 - i];
        s += local[i] * s;
    }
    s
}

fn generic_dual<const N: usize>(x: &[crate::corpus::dual::Dual; N]) -> crate::corpus::dual::Dual {
    let mut s = crate::corpus::dual::Dual::constant(1.0);
    for i in 0..N {
        s = s + x[i] * x[N - 1 - i] * s;
    }
    s
}

#[case(([0.5, 2.0, -1.0]))]
fn a_local_array(x: &[f64; 3]) -> f64 {
    let mut b = [0.0; 3];
    for i in 0..3 {
        b[i] = x[i] * x[2];
    }
    b[0] * b[1] + b[2]
}

#[case((0.5, 2.0))]
fn a_local_array_literal(x: f64, y: f64) -> f64 {
    let b = [x * y, x + y, 1.0, x];
    b[0] * b[1] + b[2] * b[3]
}

#[case((0.5, 2.0))]
fn a_local_nested_array(x: f64, y: f64) -> f64 {
    let mut m = [[0.0; 2]; 2];
    m[0][0] = x;
    m[0][1] = y * x;
    m[1] = [x + y, 1.0];
    m[1][1] -= m[0][1];
    m[0][0] * m[1][1] - m[0][1] * m[1][0]
}

#[case((0.5, 2.0))]
fn nested_array_literal(x: f64, y: f64) -> f64 {
    let m = [[x, y], [y * y, x * y]];
    m[0][0] * m[1][1] - m[0][1] * m[1][0]
}

#[case((0.5))]
fn filled_with_an_active_value(x: f64) -> f64 {
    let b = [x * x; 4];
    let mut c = [x; 3];
    c[1] *= b[0];
    c[0] * c[1] * c[2] + b[3]
}

#[case(([0.5, 2.0, -1.0]))]
fn compound_assignment_to_elements(x: &[f64; 3]) -> f64 {
    let mut b = [1.0, 2.0, 3.0];
    for i in 0..3 {
        b[i] += x[i];
        b[i] *= x[(i + 1) % 3];
        b[i] -= b[0] * 0.5;
        b[i] /= x[i] * x[i] + 1.0;
    }
    b[0] * b[1] * b[2]
}

#[case(([0.5, 2.0, -1.0]))]
fn a_parameter_copied_and_changed(x: &[f64; 3]) -> f64 {
    let mut b = *x;
    b[0] *= b[1];
    b[1] = x[0] * b[0];
    b[0] + b[1] * x[2]
}

#[case(([0.5, 2.0, -1.0]))]
fn a_mutable_parameter(mut x: [f64; 3]) -> f64 {
    for i in 0..3 {
        x[i] *= x[(i + 1) % 3];
    }
    x[0] + x[1] * x[2]
}

#[case(([0.5, 2.0, -1.0]))]
fn two_copies(x: [f64; 3]) -> f64 {
    let mut a = x;
    let mut b = x;
    a[0] = b[1] * b[0];
    b[1] = a[0] * a[2];
    let c = b;
    b[1] = 0.0;
    a[0] * c[1] + b[1] + c[0]
}

#[case(([0.5, 2.0, -1.0]))]
fn a_copy_is_not_an_alias(x: [f64; 3]) -> f64 {
    let mut a = x;
    let b = a;
    a[0] = a[1] * a[1];
    a[0] * b[0]
}

#[case(([0.5, 2.0, -1.0]))]
fn case_10_written_through_an_iterator_alias(x: &[f64; 3]) -> f64 {
    let mut b = *x;
    for v in b.iter_mut() {
        *v *= *v;
    }
    for v in &mut b {
        *v += x[0];
    }
    b[0] * b[1] + b[2]
}

#[case(([0.5, 2.0, -1.0]))]
fn iter_mut_with_others(x: &[f64; 3]) -> f64 {
    let mut b = [1.0; 3];
    for (i, v) in b.iter_mut().enumerate() {
        *v = x[i] * *v + i as f64;
    }
    for (v, w) in b.iter_mut().zip(x) {
        *v *= w;
    }
    for (i, (v, w)) in b.iter_mut().zip(x.iter()).enumerate() {
        *v -= w * w * (i + 1) as f64;
    }
    b[0] * b[1] * b[2]
}

#[case(([[0.5, 2.0], [-1.0, 0.25]]))]
fn iter_mut_over_rows(x: &[[f64; 2]; 2]) -> f64 {
    let mut b = *x;
    for row in b.iter_mut() {
        row[0] *= row[1];
        for v in row.iter_mut() {
            *v = v.sin();
        }
    }
    b[0][0] * b[1][1] + b[0][1] * b[1][0]
}

#[case(([0.5, 2.0, -1.0]))]
fn case_33_element_read_squared_zeroed(x: &[f64; 3]) -> f64 {
    let mut a = *x;
    let mut s = 0.0;
    for i in 0..3 {
        let v = a[i];
        s += v * v;
        a[i] = 0.0;
    }
    s + a[0] + a[1]
}

#[case(([0.5, 2.0, -1.0]))]
fn case_34_first_element_used_while_others_are_overwritten(x: &[f64; 3]) -> f64 {
    let mut a = *x;
    for i in 0..3 {
        a[i] = a[0] * a[i];
    }
    a[0] + a[1] * a[2]
}

#[case(([0.5, 2.0, -1.0, 0.7]), ([4.0, 3.0, 2.0, 1.0]), ([1.0, 2.0, 3.0, 4.0]))]
fn case_35_insertion_sort(x: &[f64; 4]) -> f64 {
    let mut a = *x;
    for i in 1..4 {
        let mut j = i;
        while j > 0 && a[j - 1] > a[j] {
            let t = a[j];
            a[j] = a[j - 1];
            a[j - 1] = t;
            j -= 1;
        }
    }
    a[0] + 2.0 * a[1] * a[1] + 3.0 * a[2].sin() + 4.0 * a[3]
}

#[case(([0.5, 2.0, -1.0, 0.7]))]
fn case_35_bubble_sort_by_swap(x: &[f64; 4]) -> f64 {
    let mut a = *x;
    for i in 0..4 {
        for j in 0..3 - i {
            if a[j] > a[j + 1] {
                a.swap(j, j + 1);
            }
        }
    }
    a[0] * a[1] - a[2] * a[3] * a[3]
}

#[case((0.5, 4))]
fn case_36_buffer_refilled_and_read_nonlinearly(x: f64, n: usize) -> f64 {
    let mut b = [0.0; 3];
    let mut s = x;
    for k in 0..n {
        for i in 0..3 {
            b[i] = s * (i + k) as f64 + x;
        }
        s = (b[0] * b[1]).sin() + b[2] * b[2] * 0.1;
    }
    s
}

#[case(([0.5, 2.0, -1.0, 0.7]))]
fn case_37_prefix_sum_in_place(x: &[f64; 4]) -> f64 {
    let mut a = *x;
    for i in 1..4 {
        a[i] += a[i - 1];
    }
    let mut s = 0.0;
    for v in a {
        s += v * v;
    }
    s
}

#[case(([0.5, 2.0, -1.0, 0.7]))]
fn a_prefix_product_in_place(x: &[f64; 4]) -> f64 {
    let mut a = *x;
    for i in 1..4 {
        a[i] *= a[i - 1];
    }
    a[0] + a[1] + a[2] * a[3]
}

#[case(([[4.0, 1.0, 0.5], [1.0, 3.0, -0.25], [0.5, -0.25, 2.0]], [1.0, 2.0, 3.0]))]
fn case_37_gaussian_elimination(a: &[[f64; 3]; 3], b: &[f64; 3]) -> f64 {
    let mut m = *a;
    let mut y = *b;
    for k in 0..3 {
        for i in k + 1..3 {
            let f = m[i][k] / m[k][k];
            for j in k..3 {
                m[i][j] -= f * m[k][j];
            }
            y[i] -= f * y[k];
        }
    }
    for k in (0..3).rev() {
        for j in k + 1..3 {
            y[k] -= m[k][j] * y[j];
        }
        y[k] /= m[k][k];
    }
    y[0] + 2.0 * y[1] * y[1] + 3.0 * y[2]
}

#[case(([[0.01, 1.0, 0.5], [1.0, 0.02, -0.25], [0.5, -0.25, 2.0]], [1.0, 2.0, 3.0]))]
fn case_37_elimination_with_pivots(a: &[[f64; 3]; 3], b: &[f64; 3]) -> f64 {
    let mut m = *a;
    let mut y = *b;
    let mut determinant = 1.0;
    for k in 0..3 {
        let mut p = k;
        for i in k + 1..3 {
            if m[i][k].abs() > m[p][k].abs() {
                p = i;
            }
        }
        if p != k {
            for j in 0..3 {
                let t = m[k][j];
                m[k][j] = m[p][j];
                m[p][j] = t;
            }
            y.swap(k, p);
            determinant = -determinant;
        }
        determinant *= m[k][k];
        for i in k + 1..3 {
            let f = m[i][k] / m[k][k];
            for j in k..3 {
                m[i][j] -= f * m[k][j];
            }
            y[i] -= f * y[k];
        }
    }
    y[2] / m[2][2] + determinant
}

#[case(([[4.0, 1.0, 0.5], [1.0, 3.0, -0.25], [0.5, -0.25, 2.0]]))]
fn case_37_cholesky(a: &[[f64; 3]; 3]) -> f64 {
    let mut l = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..=i {
            let mut s = a[i][j];
            for k in 0..j {
                s -= l[i][k] * l[j][k];
            }
            if i == j {
                l[i][j] = s.sqrt();
            } else {
                l[i][j] = s / l[j][j];
            }
        }
    }
    let mut log_det = 0.0;
    for i in 0..3 {
        log_det += 2.0 * l[i][i].ln();
    }
    log_det + l[2][0] * l[1][0]
}

#[case(([[4.0, 1.0, 0.5], [1.0, 3.0, -0.25], [0.5, -0.25, 2.0]]))]
fn case_37_cholesky_in_place(a: [[f64; 3]; 3]) -> f64 {
    let mut a = a;
    for k in 0..3 {
        a[k][k] = a[k][k].sqrt();
        for i in k + 1..3 {
            a[i][k] /= a[k][k];
        }
        for j in k + 1..3 {
            for i in j..3 {
                a[i][j] -= a[i][k] * a[j][k];
            }
        }
    }
    a[0][0] * a[1][1] * a[2][2] + a[2][1]
}

#[case(([[0.5, 2.0, -1.0], [0.1, 0.2, 0.3]], [[1.0, 0.5], [-0.5, 0.25], [0.75, 2.0]]))]
fn case_38_matrix_product(a: &[[f64; 3]; 2], b: &[[f64; 2]; 3]) -> f64 {
    let mut c = [[0.0; 2]; 2];
    for i in 0..2 {
        for j in 0..2 {
            for k in 0..3 {
                c[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    c[0][0] * c[1][1] - c[0][1] * c[1][0]
}

#[case(([[0.5, 0.2], [0.1, 0.7]], 5), ([[0.5, 0.2], [0.1, 0.7]], 0))]
fn case_38_matrix_power(a: &[[f64; 2]; 2], n: usize) -> f64 {
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
    p[0][0] + p[1][1] * p[0][1] + a[1][0]
}

#[case(([0.5, 2.0, -1.0]))]
fn whole_array_assignment(x: &[f64; 3]) -> f64 {
    let mut a = *x;
    let b = a;
    a = [b[1], b[2] * b[0], 1.0];
    let mut c = a;
    c[0] *= b[0];
    let d = c[0];
    c = b;
    a[0] * a[1] + c[2] * a[2] + c[0] * d
}

#[case(([0.5, 2.0, -1.0]))]
fn methods_that_write_arrays(x: &[f64; 3]) -> f64 {
    let mut a = [0.0; 3];
    a.copy_from_slice(x);
    let mut b = [1.0; 3];
    b.fill(a[0] * a[1]);
    b[0] *= a[2];
    a.swap(0, 2);
    a.copy_from_slice(&b);
    a.fill(x[0] * b[0]);
    a[0] * a[1] + b[2] * a[2]
}

#[case(([[0.5, 2.0], [-1.0, 0.25]]))]
fn rows_as_values(x: &[[f64; 2]; 2]) -> f64 {
    let row = x[0];
    let mut copy = x[1];
    copy[0] *= row[1];
    let other = &x[1];
    copy[0] * other[1] + row[0] * other[0] * copy[1]
}

#[case(([0.5, 2.0, -1.0], [[0.5, 2.0], [-1.0, 0.25]]))]
fn taken_apart_by_patterns(x: &[f64; 3], m: [[f64; 2]; 2]) -> f64 {
    let &[a, b, c] = x;
    let [[p, q], [r, s]] = m;
    let [u, v] = [a * b, c];
    a * p + b * q * c + r * s * u - v
}

#[case(([0.5, 2.0, -1.0]))]
fn an_array_block_value(x: &[f64; 3]) -> f64 {
    let mut b = [0.0; 3];
    {
        let c = &x[0];
        b[0] = *c * x[1];
    }
    let k = { b[0] + x[2] };
    k * b[0]
}

#[case(([0.5, 2.0, -1.0]), ([-0.5, 2.0, -1.0]))]
fn an_array_written_in_arms(x: &[f64; 3]) -> f64 {
    let mut b = [1.0; 3];
    if x[0] > 0.0 {
        b[0] = x[0] * x[1];
        b[1] *= b[0];
    } else {
        b[2] = x[2] * x[2];
        for i in 0..3 {
            b[i] *= x[1];
        }
    }
    b[0] * b[1] * b[2]
}

#[case(([0.5, 2.0, -1.0]), ([0.5, 2.0, 5.0]))]
fn an_array_written_before_a_return(x: &[f64; 3]) -> f64 {
    let mut b = [0.5; 3];
    for i in 0..3 {
        b[i] *= x[i];
        if b[i] > 2.0 {
            return b[i] * b[0];
        }
        b[0] += b[i] * x[0];
    }
    b[0] * b[1] + b[2]
}

#[case(([0.5, 2.0, -1.0, 0.1]))]
fn a_histogram_of_active_values(x: &[f64]) -> f64 {
    let mut bins = [0.0; 2];
    for (i, v) in x.iter().enumerate() {
        bins[i % 2] += v * v;
    }
    bins[0] * bins[1].ln()
}

#[case(([0.5, 2.0, -1.0, 0.1]))]
fn a_sliding_window(x: &[f64]) -> f64 {
    let mut window = [0.0; 2];
    let mut s = 0.0;
    for i in 0..x.len() {
        window[0] = window[1];
        window[1] = x[i];
        s += window[0] * window[1] * window[1];
    }
    s
}

#[case(([0.5, 2.0, -1.0, 0.1], 3))]
fn heat_equation_in_place(x: &[f64; 4], steps: usize) -> f64 {
    let mut u = *x;
    let mut next = [0.0; 4];
    for _ in 0..steps {
        for i in 1..3 {
            next[i] = u[i] + 0.1 * (u[i - 1] - 2.0 * u[i] + u[i + 1]) + 0.01 * u[i] * u[i];
        }
        next[0] = next[1];
        next[3] = u[3];
        u = next;
    }
    u[0] * u[1] + u[2] * u[3]
}

#[case(calls(dot, combine), ([1.0, 2.0], [0.5, 0.25]))]
fn case_40_the_same_function_twice(x: &[f64; 2], y: &[f64; 2]) -> f64 {
    let mut b = *x;
    let first = dot(&b, y);
    b[0] *= first;
    b[1] = y[0] * y[0];
    let second = dot(&b, &b);
    combine(dot(x, y), second) + combine(first, first)
}

#[case(([1.0, 2.0], [0.5, 0.25]))]
fn dot(x: &[f64; 2], y: &[f64; 2]) -> f64 {
    x[0] * y[0] + x[1] * y[1]
}

#[case((1.0, 2.0))]
fn combine(x: f64, y: f64) -> f64 {
    x.sin() * y
}
