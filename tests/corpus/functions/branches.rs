//! `if` as statement and value, early returns.

use symgrad_oracle::case;

#[case((0.5), (-0.5), (3.0))]
fn a_value(x: f64) -> f64 {
    let y = if x > 0.0 { x * x } else { x.exp() };
    y * x
}

#[case((0.5), (-0.5), (3.0))]
fn the_result(x: f64) -> f64 {
    if x > 0.0 { x * x } else { x.exp() }
}

#[case((0.5), (-0.5), (3.0))]
fn a_chain_of_else_if(x: f64) -> f64 {
    if x < 0.0 {
        x.sin()
    } else if x < 1.0 {
        let y = x * x;
        y * y
    } else {
        x.ln()
    }
}

#[case((0.5), (-0.5), (3.0))]
fn a_chain_as_a_value(x: f64) -> f64 {
    let y = if x < 0.0 {
        x.sin()
    } else if x < 1.0 {
        x * x
    } else if x < 2.0 {
        1.0
    } else {
        x.ln()
    };
    y * y
}

#[case((0.5), (-0.5))]
fn a_statement_without_else(x: f64) -> f64 {
    let mut y = x * x;
    if x > 0.0 {
        y *= x;
    }
    y + x
}

#[case((0.5), (-0.5))]
fn a_statement_with_else(x: f64) -> f64 {
    let mut y = x * x;
    let mut z = 1.0;
    if x > 0.0 {
        y *= x;
    } else {
        z = x.cos();
        y = 2.0;
    }
    y * z
}

#[case((0.5), (-0.5), (-3.0))]
fn a_statement_with_else_if(x: f64) -> f64 {
    let mut y = x;
    if x > 0.0 {
        y *= x;
    } else if x > -1.0 {
        y += x.exp();
    } else if x > -2.0 {
        y = 0.0;
    }
    y * y
}

#[case((0.5, 1.5), (1.5, 0.5), (2.0, -2.0))]
fn case_11_max_by_assignment(x: f64, y: f64) -> f64 {
    let mut m = x * x;
    if y > m {
        m = y;
    }
    m * x
}

#[case((0.5), (-0.5))]
fn case_12_active_local_in_the_untaken_branch(x: f64) -> f64 {
    let mut y = 1.0;
    if x > 0.0 {
        let z = x * x;
        y = z.sin();
    }
    y + x
}

#[case((-1.0), (0.5), (1.5), (5.0))]
fn case_13_several_early_returns(x: f64) -> f64 {
    if x < 0.0 {
        return x * x;
    }
    let y = x.sqrt();
    if x < 1.0 {
        return y * 2.0;
    }
    let z = y * x;
    if z > 6.0 {
        return z;
    }
    z * y
}

#[case((-1.0), (0.5), (3.0))]
fn case_14_early_return_after_partial_accumulation(x: f64) -> f64 {
    let mut s = x * x;
    s += x.sin();
    if s < 1.0 {
        return s * 2.0;
    }
    s += x.exp();
    s * s
}

#[case((-1.0), (0.5))]
fn case_15_early_return_first(x: f64) -> f64 {
    if x < 0.0 {
        return 1.0 - x;
    }
    let a = x * x;
    let b = a.sqrt() * a;
    b + a
}

#[case((0.5, 0.2), (-0.5, 0.2), (2.0, 3.0), (2.0, 0.1), (-2.0, 5.0))]
fn case_18_three_levels_on_modified_values(x: f64, y: f64) -> f64 {
    let mut a = x * y;
    if a > 0.0 {
        a += x;
        if a > 1.0 {
            a *= y;
            if a > 3.0 {
                a = a.ln();
            } else {
                a -= y * y;
            }
        } else {
            a = a * a;
        }
    } else {
        a = a.exp() + y;
    }
    a * x
}

#[case((0.5), (-0.5), (0.0))]
fn case_19_untaken_branch_not_finite(x: f64) -> f64 {
    let r = if x > 0.0 { x.ln() / x.sqrt() } else { x * x };
    r + x
}

#[case((0.5), (-0.5), (0.0))]
fn case_19_untaken_division(x: f64) -> f64 {
    let mut r = 1.0;
    if x != 0.0 {
        r = x.sin() / x;
    }
    r + 2.0 * x
}

/// t3: the logarithm is computed before the return that does not need it.
#[case((0.0), (-1.0), (0.5))]
fn t3_zero_cotangent_meets_infinite_partial(x: f64) -> f64 {
    let l = x.ln();
    if x <= 0.0 {
        return 2.0 * x;
    }
    x * l
}

#[case((0.0), (0.5))]
fn t3_as_a_value(x: f64) -> f64 {
    let l = x.sqrt();
    let r = if x <= 0.0 { 2.0 * x } else { x * l };
    r + x
}

#[case((0.0), (0.5))]
fn t3_in_a_statement(x: f64) -> f64 {
    let l = x.sqrt();
    let mut r = 3.0 * x;
    if x > 0.0 {
        r = x * l;
    }
    r
}

#[case((-1.0, true), (-1.0, false), (1.0, true))]
fn conditions_on_inactive_values(x: f64, flag: bool) -> f64 {
    if flag && x < 0.0 {
        return x * x;
    }
    let y = if flag { x.sin() } else { x.cos() };
    if !flag { y } else { y * y }
}

#[case((0.5, 0.25), (0.5, 0.75), (-0.5, 0.1))]
fn conditions_with_and_and_or(x: f64, y: f64) -> f64 {
    if (x > 0.0 && y < 0.5) || x * y < -1.0 {
        return x * y;
    }
    let mut a = x;
    if !(x > y) && x.is_finite() && !x.is_nan() {
        a *= y;
    }
    a + y
}

#[case((0.5), (-0.5))]
fn a_condition_with_its_own_computation(x: f64) -> f64 {
    let a = x.sin() * 2.0;
    if a.abs() > 0.5 && (a * a).sqrt() < 3.0 && (x + 1.0).max(0.25) > 0.7 { a * x } else { a + x }
}

#[case((0.5), (-0.5), (2.0))]
fn returns_in_both_arms(x: f64) -> f64 {
    let y = x * x;
    if x > 0.0 {
        if x > 1.0 {
            return y;
        }
        return y * x;
    } else {
        return y.exp();
    }
}

#[case((0.5), (-0.5), (2.0))]
fn nested_values(x: f64) -> f64 {
    let y = if x > 0.0 {
        let z = if x > 1.0 { x.ln() } else { x * x };
        z * x
    } else {
        -x
    };
    y * if y > 0.5 { y } else { 2.0 }
}

#[case((0.5), (-0.5), (2.0))]
fn a_return_in_a_nested_block(x: f64) -> f64 {
    let mut y = x;
    {
        y *= x;
        if x > 1.0 {
            return y;
        }
        y += 1.0;
    }
    y * y
}

#[case((0.5), (-0.5), (2.0), (-3.0))]
fn an_arm_that_sometimes_returns(x: f64) -> f64 {
    let mut y = x;
    if x > 0.0 {
        y *= x;
        if y > 1.0 {
            return y.sqrt();
        }
        y += 3.0;
    } else {
        y -= x * x;
        if y < -5.0 {
            return y.sin();
        }
    }
    y * y
}

#[case((0.5), (-0.5))]
fn arms_that_shadow(x: f64) -> f64 {
    let y = x * 2.0;
    let z = if x > 0.0 {
        let y = y * y;
        let x = y + 1.0;
        x * y
    } else {
        let x = x * x;
        x + y
    };
    z * y + x
}

#[case((0.5, 1.0), (-0.5, 1.0))]
fn one_variable_of_two_assigned(x: f64, y: f64) -> f64 {
    let mut a = x;
    let mut b = y;
    if a > 0.0 {
        a = b;
    } else {
        b = a;
    }
    a * a * b
}

#[case((0.5), (-0.5))]
fn an_arm_that_panics(x: f64) -> f64 {
    let y = if x > 0.0 {
        x * x
    } else if x < 0.0 {
        x.exp()
    } else {
        panic!("zero has no side");
    };
    y * x
}

#[case((0.5), (-0.5))]
fn a_constant_arm(x: f64) -> f64 {
    let mut k = x;
    if x > 0.0 {
        k = 1.0;
    }
    k * k * x
}

#[case(no_differences, (1.0), (0.0), (-1.0))]
fn at_the_jump_itself(x: f64) -> f64 {
    if x >= 0.0 { x * x + 1.0 } else { x }
}

#[case((0.5, 2), (0.5, 0), (0.5, -3))]
fn an_integer_decides(x: f64, n: i32) -> f64 {
    let k = n * 2;
    let mut y = x;
    if k > 2 {
        y = x * x;
    } else if k == 0 {
        y *= 3.0;
    }
    y.sin()
}

#[case((2.0), (0.3))]
fn the_result_of_an_if_is_an_operand(x: f64) -> f64 {
    2.0 * (if x > 1.0 { x } else { x * x }) + (if x < 1.0 { 1.0 } else { x.sin() }) * x
}

#[case((2.0), (0.3))]
fn an_if_as_an_argument(x: f64) -> f64 {
    (if x > 1.0 { x * x } else { x }).exp().max(if x > 1.0 { 0.0 } else { x })
}

#[case((1.0, 2.0), (2.0, 1.0), (-1.0, -1.0))]
fn a_guard_around_everything(x: f64, y: f64) -> f64 {
    let mut result = 0.0;
    if x > 0.0 && y > 0.0 {
        let r = x.hypot(y);
        if r > 0.5 {
            result = (x / r) * y.ln();
        }
        result += x;
    }
    result + y
}

#[case((0.5, 2.0), (1.5, 2.0), (-1.0, 2.0))]
fn ranges_that_contain_a_number(x: f64, y: f64) -> f64 {
    let mut s = if (0.0..1.0).contains(&x) { x * y } else { x.sin() };
    if !(..=0.1).contains(&(x * y)) && (-x..y).contains(&0.3) {
        s *= y;
    }
    s
}

#[case((0.5), (2.0))]
fn singular_at_zero(x: f64) -> f64 {
    x.ln() + x.sqrt()
}

#[case((&[0.5, 1.5]))]
fn singular_where_the_first_is_zero(x: &[f64]) -> f64 {
    x[0].ln() * x[1]
}

#[case((0.0), (2.0), (-1.0), calls(singular_at_zero))]
fn a_call_that_no_branch_uses(x: f64) -> f64 {
    let l = singular_at_zero(x);
    if x <= 0.0 {
        return 2.0 * x;
    }
    x * l
}

#[case((0.0, 1.0), (2.0, 3.0), calls(singular_at_zero))]
fn a_call_that_one_arm_uses(x: f64, y: f64) -> f64 {
    let l = singular_at_zero(x);
    let m = if x > 0.0 { l * y } else { y * y };
    m + x * y
}

#[case((&[0.0, 1.0], 0), (&[2.0, 3.0], 2), (&[2.0, 3.0], 0), calls(singular_where_the_first_is_zero))]
fn a_call_that_a_branch_in_a_loop_uses(x: &[f64], n: usize) -> f64 {
    let l = singular_where_the_first_is_zero(x);
    let mut s = x[1];
    for k in 0..n {
        if x[0] > 0.0 {
            s += l * k as f64 * s;
        }
    }
    s * x[0]
}

#[case((0.5, 3), (0.0, 3), calls(singular_at_zero))]
fn calls_in_a_loop_that_one_arm_uses(x: f64, n: usize) -> f64 {
    let mut s = 1.0 + x;
    for k in 0..n {
        let l = singular_at_zero(x * k as f64);
        s = if k == 0 || x == 0.0 { s * 1.5 } else { s * l.sin() };
    }
    s
}

/// The sum overflows, and the branch that is taken does not use it.
#[case((0.5, 3), (1.5, 900))]
fn untaken_use_of_a_sum(x: f64, n: usize) -> f64 {
    let mut s = 0.0;
    for k in 0..n {
        s += (x * k as f64).exp();
    }
    if s.is_finite() { s.ln() } else { x * x }
}

#[case((0.9, 3), (3.5, 12))]
fn untaken_use_of_what_a_loop_carries(x: f64, n: usize) -> f64 {
    let mut s = x;
    for _ in 0..n {
        s *= s;
    }
    if s.is_finite() { s.ln() } else { x * x }
}

/// One of two carried values is used, the other is infinite.
#[case((0.5, 3), (1.5, 900))]
fn untaken_use_of_one_of_two(x: f64, n: usize) -> f64 {
    let (mut s, mut t) = (0.0, 0.0);
    for k in 0..n {
        s += (x * k as f64).exp();
        t += x * k as f64;
    }
    if s.is_finite() { s.ln() } else { 2.0 * t }
}

/// The same in a loop around it.
#[case((0.9, 3, 2), (3.5, 12, 3))]
fn untaken_use_in_each_iteration(x: f64, n: usize, m: usize) -> f64 {
    let mut total = 1.0;
    for j in 0..m {
        let mut s = x + j as f64;
        for _ in 0..n {
            s *= 0.5 * s;
        }
        let mut exponentials = 0.0;
        for k in 0..n {
            exponentials += (100.0 * x * k as f64).exp();
        }
        total += if s.is_finite() && exponentials.is_finite() { s.ln() + exponentials.ln() } else { x * total };
    }
    total
}

#[case((0.9, 3, true), (3.5, 900, false))]
fn untaken_use_of_a_sum_by_condition(x: f64, n: usize, used: bool) -> f64 {
    let mut s = 0.0;
    for k in 0..n {
        s += (x * k as f64).exp();
    }
    let r = if used { 2.0 * s } else { 0.0 };
    r + x * x
}

#[case((0.5, true, false), (0.5, false, true), (800.0, false, false))]
fn untaken_uses_of_an_exponential(x: f64, a: bool, b: bool) -> f64 {
    let s = x.exp();
    if a {
        s.ln()
    } else if b {
        s.sqrt()
    } else {
        x * x
    }
}
