//! Functions that engines get wrong, each by name: the same text is compiled by rustc and differentiated by the engine.
//! The value is rustc's, bit for bit; the derivatives are held against extrapolated differences of the compiled function.

#[path = "random_programs/check.rs"]
mod check;

use check::{Expected, Verdict, check};
use symgrad_engine::interpret::{Array, Datum, Interpreter};

/// Ridders' extrapolation of central differences.
fn derivative(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    const ROWS: usize = 9;
    let (mut best, mut error) = (f64::NAN, f64::INFINITY);
    for start in [1e-2, 1e-4] {
        let mut h = start * x.abs().max(1.0);
        let mut last: Vec<f64> = Vec::new();
        for _ in 0..ROWS {
            let (hi, lo) = (x + h, x - h);
            let mut row = vec![(f(hi) - f(lo)) / (hi - lo)];
            let mut factor = 1.96;
            for k in 0..last.len() {
                let next = (row[k] * factor - last[k]) / (factor - 1.0);
                let estimate = (next - row[k]).abs().max((next - last[k]).abs());
                if estimate < error {
                    (best, error) = (next, estimate);
                }
                row.push(next);
                factor *= 1.96;
            }
            last = row;
            h /= 1.4;
        }
    }
    best
}

fn float(x: f64) -> Datum {
    Datum::Float(x)
}

fn int(n: i128) -> Datum {
    Datum::Int(n)
}

fn array(data: &[f64]) -> Datum {
    Datum::Array(Array { shape: vec![data.len()], data: data.to_vec() })
}

fn matrix<const C: usize>(rows: &[[f64; C]]) -> Datum {
    Datum::Array(Array { shape: vec![rows.len(), C], data: rows.concat() })
}

fn numbers(args: &[Datum]) -> Vec<f64> {
    let mut all = Vec::new();
    for arg in args {
        match arg {
            Datum::Float(x) => all.push(*x),
            Datum::Array(a) => all.extend(&a.data),
            _ => {}
        }
    }
    all
}

fn agree(source: &str, args: &[Datum], compiled: impl Fn(&[f64]) -> f64) {
    let x = numbers(args);
    let partial = |k: usize| {
        let along = |t: f64| {
            let mut at = x.clone();
            at[k] = t;
            compiled(&at)
        };
        derivative(along, x[k])
    };
    let gradient: Vec<f64> = (0..x.len()).map(partial).collect();
    exactly(source, args, compiled(&x), &gradient, 1e-6);
}

fn exactly(source: &str, args: &[Datum], value: f64, gradient: &[f64], tolerance: f64) {
    let scale = gradient.iter().map(|d| d.abs().max(1.0)).collect();
    let expected = Expected { value, gradient: gradient.to_vec(), scale, tolerance };
    match check(&Interpreter::default(), source, args, &expected) {
        Verdict::Fine => {}
        Verdict::Rejected(messages) => panic!("{source}\nis refused: {messages}"),
        Verdict::Wrong(text) => panic!("{source}\n{text}"),
    }
}

fn refused(source: &str, because: &str) {
    match check::lowered(source) {
        Ok(func) => panic!("{source}\nis accepted:\n{func}"),
        Err(messages) => assert!(messages.contains(because), "{messages}"),
    }
}

/// `name: function; arguments; how to call it with the numbers among them in a row.`
macro_rules! regressions {
    ($($(#[$doc:meta])* $name:ident: $function:item [$($arg:expr),* $(,)?], |$x:ident| $call:expr;)*) => {$(
        $(#[$doc])*
        #[test]
        #[allow(warnings, clippy::all, clippy::pedantic, reason = "what people write")]
        fn $name() {
            $function
            agree(stringify!($function), &[$($arg),*], |$x: &[f64]| $call);
        }
    )*};
}

// Eight functions that most engines get wrong, as far as they need neither calls nor closures.

regressions! {
    /// The indices are those that were read, although the integer changes later.
    t1_index_of_changing_state:
    fn f(x: &[f64], n: usize) -> f64 {
        let mut k = 1;
        let mut p = 1.0;
        for i in 0..n {
            k = (k + 2 * i + 1) % n;
            p *= x[k].sin();
        }
        k = 0;
        p * x[k]
    }
    [array(&[0.3, 1.1, 0.7, 2.0, 0.9]), int(5)], |x| f(x, 5);

    t2_two_sums_with_return_and_break:
    fn f(x: &[f64], v: f64) -> f64 {
        let mut s = 0.0;
        let mut q = 0.0;
        for i in 0..x.len() {
            if x[i] < -5.0 {
                return 7.0 * v;
            }
            if x[i] > 5.0 {
                break;
            }
            s += x[i] * v;
            q += x[i].sin();
        }
        s * q
    }
    [array(&[0.3, 1.1, 0.7, 6.0, -9.0]), float(0.4)], |x| f(&x[..5], x[5]);

    t2_with_return:
    fn f(x: &[f64], v: f64) -> f64 {
        let mut s = 0.0;
        let mut q = 0.0;
        for i in 0..x.len() {
            if x[i] < -5.0 {
                return 7.0 * v;
            }
            if x[i] > 5.0 {
                break;
            }
            s += x[i] * v;
            q += x[i].sin();
        }
        s * q
    }
    [array(&[0.3, 1.1, -6.0, 6.0]), float(0.4)], |x| f(&x[..4], x[4]);

    /// An array that looks private to an iteration and is not.
    t5_array_carried_by_half:
    fn f(x: &[f64]) -> f64 {
        let mut b = [1.0, 0.5];
        let mut s = 0.0;
        for i in 0..x.len() {
            b[i % 2] = b[0] * x[i];
            s += b[1].exp();
        }
        s
    }
    [array(&[0.3, 1.1, 0.7, 2.0, 0.9])], |x| f(x);
}

/// Zero does not meet infinity: the logarithm's derivative at 0 is not used.
#[test]
fn t3_infinite_partial_of_what_is_not_used() {
    let source = "fn f(x: f64) -> f64 { let l = x.ln(); if x <= 0.0 { return 2.0 * x; } x * l }";
    exactly(source, &[float(0.0)], 0.0, &[2.0], 1e-12);
    exactly(source, &[float(2.0)], 2.0 * 2f64.ln(), &[2f64.ln() + 1.0], 1e-12);
}

/// The same where the branch is in the middle, in one arm of several, and in a loop that may have no iterations.
#[test]
fn infinite_partials_of_what_is_not_used() {
    let value = "fn f(x: f64) -> f64 { let l = x.sqrt(); let r = if x <= 0.0 { 2.0 * x } else { x * l }; r + x }";
    exactly(value, &[float(0.0)], 0.0, &[3.0], 1e-12);
    let statement =
        "fn f(x: f64) -> f64 { let l = x.sqrt(); let mut r = 3.0 * x; if x > 0.0 { r = x * l; } r.sin() * r + x }";
    exactly(statement, &[float(0.0)], 0.0, &[1.0], 1e-12);
    let two_of_three = "fn f(x: f64) -> f64 { let k = x * 1.0; let l = k.ln(); \
        if x > 2.0 { return l; } if x > 1.0 { return 2.0 * l * x; } 4.0 * x }";
    exactly(two_of_three, &[float(0.0)], 0.0, &[4.0], 1e-12);
    let looped = "fn f(x: f64, n: usize) -> f64 { let l = x.ln(); let mut s = x; for _ in 0..n { s += l; } s }";
    exactly(looped, &[float(0.0), int(0)], 0.0, &[1.0], 1e-12);
    let carried = "fn f(x: f64, n: usize) -> f64 { let l = x.sqrt(); let mut s = x; for _ in 0..n { s *= l; } s }";
    exactly(carried, &[float(0.0), int(0)], 0.0, &[1.0], 1e-12);
}

// Forty cases that other tools got wrong at some time. Scalars:

regressions! {
    case_01_overwritten_input:
    fn f(mut x: f64, y: f64) -> f64 {
        x = y;
        x
    }
    [float(1.5), float(2.5)], |x| f(x[0], x[1]);

    case_02_chain_of_assignments:
    fn f(x: f64) -> f64 {
        let mut t = x;
        t = t * x;
        t = t * x;
        t = t * x;
        t
    }
    [float(1.3)], |x| f(x[0]);

    case_03_zeroed_after_a_copy:
    fn f(mut x: f64) -> f64 {
        let y = x;
        x = 0.0;
        y * y + x
    }
    [float(1.3)], |x| f(x[0]);

    case_04_compound_assignment:
    fn f(mut x: f64, y: f64) -> f64 {
        x *= y + 1.0;
        let mut l = x.exp();
        l /= y;
        l
    }
    [float(0.3), float(1.7)], |x| f(x[0], x[1]);

    case_05_compound_assignment_that_reads_its_target:
    fn f(x: f64) -> f64 {
        let mut t = x;
        t += t * t;
        t *= t;
        t -= t / x;
        t
    }
    [float(0.8)], |x| f(x[0]);

    case_06_shadowing_and_names_like_the_engines:
    fn f(x: f64, x_adj: f64) -> f64 {
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
    [float(0.6), float(1.2)], |x| f(x[0], x[1]);

    case_07_operands_of_a_condition_overwritten:
    fn f(x: f64, y: f64) -> f64 {
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
    [float(0.6), float(1.2)], |x| f(x[0], x[1]);

    case_09_integer_division_in_a_float_expression:
    fn f(x: f64, n: usize) -> f64 {
        x * (n / 2) as f64 + (n % 3) as f64 / x
    }
    [float(0.6), int(7)], |x| f(x[0], 7);
}

#[test]
fn case_08_a_cast_to_an_integer_and_back_is_refused() {
    refused("fn f(x: f64) -> f64 { (x * 3.0) as i32 as f64 + x }", "converted to `i32`");
}

regressions! {
    case_10_written_through_a_mutable_reference:
    fn f(x: f64) -> f64 {
        let mut y = x;
        let r = &mut y;
        *r *= 2.0 * x;
        *r += *r * x;
        y * y
    }
    [float(0.7)], |x| f(x[0]);
}

// Branches:

regressions! {
    case_11_maximum_by_assignment:
    fn f(x: &[f64]) -> f64 {
        let mut m = x[0];
        for i in 1..x.len() {
            if x[i] > m {
                m = x[i];
            }
        }
        m * m
    }
    [array(&[0.3, 1.1, 2.7, 2.0])], |x| f(x);

    case_12_active_local_in_the_untaken_branch:
    fn f(x: f64) -> f64 {
        let mut r = 1.0;
        if x > 10.0 {
            let t = x * x;
            r = t.ln();
        }
        r * x
    }
    [float(0.6)], |x| f(x[0]);

    case_13_several_returns:
    fn f(x: f64, y: f64) -> f64 {
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
    [float(0.6), float(2.2)], |x| f(x[0], x[1]);

    case_14_return_after_a_partial_sum:
    fn f(x: &[f64]) -> f64 {
        let mut s = 0.0;
        for &v in x {
            s += v * v;
            if s > 2.0 {
                return s * v;
            }
        }
        s
    }
    [array(&[0.3, 1.1, 0.9, 2.0])], |x| f(x);

    case_15_return_first_locals_later:
    fn f(x: f64) -> f64 {
        if x < 0.0 {
            return -x;
        }
        let a = x.sqrt();
        let b = a + x;
        a * b
    }
    [float(0.7)], |x| f(x[0]);

    case_18_three_levels_of_if:
    fn f(x: f64, y: f64) -> f64 {
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
    [float(0.9), float(1.4)], |x| f(x[0], x[1]);

    case_19_the_untaken_branch_would_be_nan:
    fn f(x: f64) -> f64 {
        let y = if x > 0.0 { x.ln() } else { 2.0 * x };
        let z = if x < 0.0 { x / 3.0 } else { (1.0 / x).sqrt() };
        y * z
    }
    [float(0.9)], |x| f(x[0]);
}

// Loops:

regressions! {
    case_20_product_nested_to_the_ninth:
    fn f(x: f64) -> f64 {
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
    [float(1.1)], |x| f(x[0]);

    case_21_return_in_a_loop:
    fn f(x: f64, n: usize) -> f64 {
        let mut y = x;
        for i in 0..n {
            if y > 3.0 {
                return y * i as f64;
            }
            y = y * x + 0.5;
        }
        y.sin()
    }
    [float(1.4), int(9)], |x| f(x[0], 9);

    case_22_break_and_continue_in_one_loop:
    fn f(x: &[f64], w: f64) -> f64 {
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
    [array(&[0.3, -1.1, 0.9, 2.0, 1.0, 3.0]), float(0.7)], |x| f(&x[..6], x[6]);

    case_23_trailing_continue:
    fn f(x: &[f64]) -> f64 {
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
    [array(&[0.3, -1.1, 0.9, 2.0])], |x| f(x);

    case_24_break_out_of_an_inner_while:
    fn f(x: f64) -> f64 {
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
    [float(0.9)], |x| f(x[0]);

    case_25_newtons_iteration:
    fn f(a: f64) -> f64 {
        let mut y = a;
        let mut k = 0;
        while (y * y - a).abs() > 1e-13 && k < 60 {
            y = 0.5 * (y + a / y);
            k += 1;
        }
        y
    }
    [float(3.0)], |x| f(x[0]);

    case_26_locals_reset_in_each_iteration:
    fn f(x: &[f64]) -> f64 {
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
    [array(&[0.3, -1.1, 0.9])], |x| f(x);

    case_27_array_rebuilt_in_each_iteration:
    fn f(x: f64) -> f64 {
        let mut s = 0.0;
        for i in 0..4 {
            let mut b = [x, x * x, 1.0];
            b[i % 3] *= x + i as f64;
            s += b[0] * b[1] * b[2];
        }
        s
    }
    [float(0.7)], |x| f(x[0]);

    case_28_sum_of_quotients:
    fn f(x: f64, n: usize) -> f64 {
        let mut s = 0.0;
        let mut a = 0.5;
        for _ in 0..n {
            s += 1.0 / (x + a * a);
            a += 0.25;
        }
        s
    }
    [float(0.7), int(5)], |x| f(x[0], 5);

    case_29_nested_loops_over_array_values:
    fn f(x: &[f64], y: [f64; 2]) -> f64 {
        let mut s = 0.0;
        for &a in x {
            for b in y {
                s += (a * b).sin() * b;
            }
        }
        s
    }
    [array(&[0.3, -1.1, 0.9]), array(&[1.2, 0.4])], |x| f(&x[..3], [x[3], x[4]]);

    case_30_several_carried_variables:
    fn f(x: f64, y: f64, n: usize) -> f64 {
        let mut a = x;
        let mut b = y;
        for _ in 0..n {
            let c = a * b + 0.1;
            a = b;
            b = c.sin();
        }
        a - b
    }
    [float(0.7), float(1.3), int(8)], |x| f(x[0], x[1], 8);

    case_31_no_iteration:
    fn f(x: f64, n: usize) -> f64 {
        let mut a = x;
        for _ in 0..n {
            a *= a;
        }
        a
    }
    [float(0.7), int(0)], |x| f(x[0], 0);

    case_31_one_iteration:
    fn f(x: f64, n: usize) -> f64 {
        let mut a = x;
        for _ in 0..n {
            a *= a;
        }
        a
    }
    [float(0.7), int(1)], |x| f(x[0], 1);

    case_32_bounds_reassigned_inside:
    fn f(x: f64, mut n: usize) -> f64 {
        let mut a = x;
        for i in 0..n {
            n = i + 1;
            a *= x + n as f64;
        }
        a * n as f64
    }
    [float(0.7), int(4)], |x| f(x[0], 4);
}

// Arrays:

regressions! {
    case_33_element_squared_then_zeroed:
    fn f(mut a: [f64; 3]) -> f64 {
        let mut s = 0.0;
        for i in 0..3 {
            s += a[i] * a[i];
            a[i] = 0.0;
        }
        s + a[1]
    }
    [array(&[0.3, -1.1, 0.9])], |x| f([x[0], x[1], x[2]]);

    case_34_first_element_used_while_others_are_overwritten:
    fn f(mut a: [f64; 4]) -> f64 {
        for i in 0..4 {
            a[i] = a[0] * a[i] + 1.0;
        }
        a[0] * a[1] * a[2] + a[3]
    }
    [array(&[0.3, -1.1, 0.9, 0.2])], |x| f([x[0], x[1], x[2], x[3]]);

    case_35_insertion_sort:
    fn f(mut a: [f64; 5]) -> f64 {
        for i in 1..5 {
            let mut j = i;
            while j > 0 && a[j - 1] > a[j] {
                a.swap(j - 1, j);
                j -= 1;
            }
        }
        a[0] + 2.0 * a[1] + 3.0 * a[2] * a[3] - a[4]
    }
    [array(&[0.9, -1.1, 2.3, 0.2, 0.5])], |x| f([x[0], x[1], x[2], x[3], x[4]]);

    case_37_prefix_sums_in_place:
    fn f(mut a: [f64; 4]) -> f64 {
        for i in 1..4 {
            a[i] += a[i - 1];
        }
        a[1] * a[2] * a[3]
    }
    [array(&[0.9, -1.1, 2.3, 0.2])], |x| f([x[0], x[1], x[2], x[3]]);

    case_37_gaussian_elimination:
    fn f(mut m: [[f64; 3]; 3], mut b: [f64; 3]) -> f64 {
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
    [matrix(&[[2.0, 0.3, -0.4], [0.5, 1.8, 0.2], [-0.1, 0.6, 2.2]]), array(&[1.0, 0.7, -0.3])],
    |x| f([[x[0], x[1], x[2]], [x[3], x[4], x[5]], [x[6], x[7], x[8]]], [x[9], x[10], x[11]]);

    case_37_cholesky:
    fn f(a: &[[f64; 3]; 3]) -> f64 {
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
    [matrix(&[[2.0, 0.3, -0.4], [0.3, 1.8, 0.2], [-0.4, 0.2, 2.2]])],
    |x| f(&[[x[0], x[1], x[2]], [x[3], x[4], x[5]], [x[6], x[7], x[8]]]);

    case_38_matrix_product:
    fn f(a: [[f64; 2]; 2], b: &[[f64; 2]; 2]) -> f64 {
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
    [matrix(&[[2.0, 0.3], [-0.4, 1.1]]), matrix(&[[0.6, 0.3], [0.5, 1.8]])],
    |x| f([[x[0], x[1]], [x[2], x[3]]], &[[x[4], x[5]], [x[6], x[7]]]);

    case_38_matrix_power:
    fn f(a: [[f64; 2]; 2], n: usize) -> f64 {
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
    [matrix(&[[0.9, 0.3], [-0.4, 1.1]]), int(5)], |x| f([[x[0], x[1]], [x[2], x[3]]], 5);
}

// What random programs have found.

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

// What the user's own code reads of an array is read where it stands.

regressions! {
    conditions_on_an_array_that_changes_between_them:
    fn f(x: f64, y: f64) -> f64 {
        let mut b = [x, y];
        let mut s = 0.0;
        if b[0] > 1.0 {
            s += x * x;
        }
        b[0] = 0.5 * x;
        if b[0] > 1.0 {
            s += y * x;
        }
        s + b[0] * b[1]
    }
    [float(1.2), float(0.4)], |x| f(x[0], x[1]);
}

/// What follows an `if` that panics or returns is lowered once, not in each of its arms.
#[test]
fn panics_beside_returns_do_not_double_what_follows() {
    let guards = "if s > 3.0 { if y > 3.0 { return s; } panic!(); } s *= y;".repeat(40);
    let source = format!("fn f(x: f64, y: f64) -> f64 {{ let mut s = x; {guards} s }}");
    assert!(check::lowered(&source).is_ok());
}

/// What would have to be evaluated in another order than it is written in, and what the standard library leaves open.
#[test]
fn what_cannot_be_kept_in_order_is_refused() {
    let chain = |rest: &str| {
        format!(
            "fn f(x: &[f64], y: &[f64]) -> f64 {{
                let mut acc = [0.0, y[0]];
                let s: f64 = {rest};
                s * acc[0] + acc[1]
            }}"
        )
    };
    // How often the function of the longer list is called.
    refused(&chain("x.iter().map(|v| { acc[0] += v; *v }).zip(y).map(|(a, b)| a * b).sum()"), "go through");
    refused(&chain("y.iter().zip(x.iter().map(|v| { acc[0] += v; *v })).map(|(a, b)| a * b).sum()"), "go through");
    // It is called for those that are not taken, too, from the end.
    refused(&chain("x.iter().map(|v| { acc[0] += v; *v }).take(2).rev().sum()"), "go through");

    let decision = |first: &str, second: &str| {
        format!(
            "fn f(v: [f64; 2], x: f64) -> f64 {{
                let (mut a, mut b, mut list) = (v, v[0], vec![1]);
                if ({first}) == ({second}) {{ x * a[0] }} else {{ x * x * b * list.len() as f64 }}
            }}"
        )
    };
    refused(&decision("a[0] > 4.0", "{ a[0] = 5.0; a[1] } > x.sin()"), "a block like this");
    refused(&decision("b > 4.0", "{ b = 5.0; a[1] } > x.sin()"), "a block like this");
    refused(&decision("list.pop().is_some()", "{ list.push(7); a[1] } > x.sin()"), "a block like this");
    refused(&decision("a[0] > 4.0", "a[1] > x.sin() && { a[0] = 7.0; a[1] > x.cos() }"), "a block like this");

    // A variable for the operand before would be another reference.
    let source = "fn f(v: f64, x: f64) -> f64 {
        let mut t = v * x;
        let r = &mut t;
        r.max({ *r = 3.0 * x; if x > 9.0 { return x * x } x }) + t
    }";
    refused(source, "a `return` in the middle");
}

/// Variants of an enum with the same members are none of each other.
#[test]
fn variants_are_not_mixed() {
    let joined = "fn f(x: f64, k: usize) -> f64 {
        let s = if k > 2 { Shape::Circle { r: x } } else { Shape::Square { r: x } };
        match s { Shape::Square { r } => r * r, Shape::Circle { r } => 3.0 * r }
    }";
    refused(joined, "a float is needed here");
    let assigned = "fn f(x: f64, k: usize) -> f64 {
        let mut s = Shape::Circle { r: x };
        if k > 2 { s = Shape::Square { r: 2.0 * x }; }
        match s { Shape::Square { r } => r * r, Shape::Circle { r } => 3.0 * r }
    }";
    refused(assigned, "an assignment like this");
    let taken_apart = "fn f(x: f64) -> f64 {
        let Shape::Square { r } = (Shape::Circle { r: x }) else { panic!() };
        r
    }";
    refused(taken_apart, "goes into a struct");
}
