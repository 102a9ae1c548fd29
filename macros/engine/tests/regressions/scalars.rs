//! Of forty cases that other tools got wrong at some time: scalars.

use super::*;

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
