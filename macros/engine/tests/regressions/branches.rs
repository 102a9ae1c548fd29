//! Of the forty: branches.

use super::*;

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
