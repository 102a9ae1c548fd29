//! Of the forty: loops.

use super::*;

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
