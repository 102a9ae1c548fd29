//! What random programs have found.

use super::*;

regressions! {
    /// The values with which a `while` ends are those before its body.
    end_of_a_while:
    fn f(x: f64) -> f64 {
        let mut y = x;
        let mut k = 0;
        while k < 3 {
            k += 1;
            y *= x;
        }
        y
    }
    [float(0.7)], |x| f(x[0]);

    copy_of_an_array_to_itself:
    fn f(x: f64) -> f64 {
        let mut s = [1.0 / (1.25 + x * x), x];
        s = s.clone();
        s[0] * s[1]
    }
    [float(0.7)], |x| f(x[0]);

    copy_of_a_row_to_itself:
    fn f(x: f64, i: usize) -> f64 {
        let mut m = [[x, 2.0 * x], [x.sin(), x * x]];
        m[i] = m[1];
        m[1] = m[i];
        m[0][0] * m[1][0] + m[1][1]
    }
    [float(0.7), int(1)], |x| f(x[0], 1);

    copy_of_a_row_to_another:
    fn f(x: f64, i: usize) -> f64 {
        let mut m = [[x, 2.0 * x], [x.sin(), x * x]];
        m[i] = m[1];
        m[1][0] = x;
        m[0][0] * m[1][0] + m[1][1]
    }
    [float(0.7), int(0)], |x| f(x[0], 0);

    a_variable_with_the_engines_name_for_new_arrays:
    fn f(mut array: [f64; 2], x: f64) -> f64 {
        let mut copy = array;
        copy[0] += x;
        array[1] *= x;
        copy[0] * array[0] + copy[1]
    }
    [array(&[0.3, 1.2]), float(0.7)], |x| f([x[0], x[1]], x[2]);

    a_loop_by_value_runs_over_a_copy:
    fn f(x: f64) -> f64 {
        let mut a = [x, 2.0 * x];
        let mut y = 1.0;
        for v in a {
            y *= v;
            a[1] = 1.25;
        }
        y + a[1]
    }
    [float(0.7)], |x| f(x[0]);

    a_loop_by_value_over_rows_runs_over_a_copy:
    fn f(x: f64) -> f64 {
        let mut m = [[x, 2.0 * x], [x * x, 1.0]];
        let mut y = 1.0;
        for row in m {
            y *= row[0];
            m[1][0] = 1.25;
        }
        y + m[1][0]
    }
    [float(0.7)], |x| f(x[0]);

    /// A variable without a type that gets its value in an `if` that may leave.
    late_value_beside_an_exit:
    fn f(x: &[f64], y: f64) -> f64 {
        let mut m = y;
        for &v in x {
            let mut late;
            if v > 0.5 {
                late = v;
            } else if v < 0.0 {
                break;
            } else {
                late = y * v;
            }
            late *= late;
            m -= late;
        }
        m
    }
    [array(&[0.7, 0.3, -1.0, 2.0]), float(1.2)], |x| f(&x[..4], x[4]);

    late_value_from_a_loop:
    fn f(x: f64) -> f64 {
        let y;
        let mut t = x;
        loop {
            t *= 1.0 + x;
            if t > 2.0 {
                y = t * x;
                break;
            }
        }
        y * t
    }
    [float(0.7)], |x| f(x[0]);

    late_integer_beside_an_exit:
    fn f(x: &[f64], n: usize) -> f64 {
        let k;
        if n > 5 {
            return x[0];
        } else if n > 2 {
            if x[1] > 9.0 {
                return x[1];
            }
            k = 1;
        } else {
            k = 0;
        }
        x[k] * x[k]
    }
    [array(&[0.7, 0.3]), int(3)], |x| f(x, 3);

    copy_of_what_a_reference_stood_for:
    fn f(a: &[f64; 2], x: f64) -> f64 {
        let b = *a;
        let mut c = b;
        c[0] += x;
        c.swap(0, 1);
        a[0] * c[0] + b[0] * c[1]
    }
    [array(&[0.7, 0.3]), float(1.4)], |x| f(&[x[0], x[1]], x[2]);

    a_block_of_constants_that_becomes_active:
    fn f(x: f64, n: usize) -> f64 {
        let mut k = {
            (0.25 * n as f64).powi(2)
        };
        k += x;
        k *= k;
        k
    }
    [float(0.7), int(2)], |x| f(x[0], 2);
}

regressions! {
    integers_of_one_name_in_nested_blocks:
    fn f(x: [f64; 3], n: usize) -> f64 {
        let mut k = n;
        {
            let mut k = 2;
            k += 0;
        }
        let y = x[k];
        {
            let k = 0;
        }
        y * x[k]
    }
    [array(&[0.7, 0.3, 1.9]), int(1)], |x| f([x[0], x[1], x[2]], 1);

    integers_of_one_name_one_after_the_other:
    fn f(x: [f64; 3], k: usize) -> f64 {
        let mut y = x[k] * x[k];
        let k = k - 1;
        y *= x[k];
        let mut k = k + 2;
        k += 0;
        y * x[k]
    }
    [array(&[0.7, 0.3, 1.9]), int(1)], |x| f([x[0], x[1], x[2]], 1);

    integers_of_one_name_around_an_exit:
    fn f(x: [f64; 3], n: usize) -> f64 {
        let mut k = n;
        if x[0] > 0.5 {
            let mut k = 2;
            k += 0;
        } else {
            return x[1];
        }
        assert!(k < 3, "{k} {k:?}");
        x[k]
    }
    [array(&[0.7, 0.3, 1.9]), int(1)], |x| f([x[0], x[1], x[2]], 1);
}
