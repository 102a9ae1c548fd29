//! Straight-line code: `let`, `let mut`, assignment, compound assignment, shadowing, blocks, constants.

use symgrad_oracle::case;

const RATE: f64 = 0.75;

mod constants {
    pub const OFFSET: f64 = -1.25;
}

#[case((0.5, -2.0), (3.0, 0.25))]
#[allow(unused_assignments)]
fn case_01_overwritten_input(mut x: f64, y: f64) -> f64 {
    x = y;
    x * x
}

#[case((0.5), (-1.5), (0.0))]
fn case_02_reassigned_to_the_fourth_power(x: f64) -> f64 {
    let mut a = x;
    a = a * x;
    a = a * x;
    a = a * x;
    a
}

#[case((1.25), (-3.0))]
fn case_03_input_zeroed_after_a_copy(mut x: f64) -> f64 {
    let y = x;
    x = 0.0;
    y * y + x
}

#[case((0.5, -2.0), (3.0, 0.25))]
fn case_04_scaled_by_compounds(mut x: f64, y: f64) -> f64 {
    let mut l = x * x;
    x *= y + 1.0;
    l /= y;
    l + x
}

#[case((0.5), (-2.0))]
fn case_05_compound_whose_right_side_reads_its_left(x: f64) -> f64 {
    let mut a = x;
    a += a * a;
    a *= a + x;
    a -= a / (a * a + 1.0);
    a
}

#[case((0.5, 0.25), (-2.0, 1.5))]
fn case_06_shadowing_and_names_of_generated_code(x: f64, x_adj: f64) -> f64 {
    let tmp0 = x * x_adj;
    let grad = tmp0.sin();
    let dx = grad + x;
    let value = dx * dx;
    let x = value * x_adj;
    let x = x * x + tmp0;
    let x_tangent = x + grad;
    let t = x_tangent * 0.5;
    let g = t * t;
    let tape = g + t;
    let one = tape * x;
    one + dx
}

#[case((1.5, 0.25))]
fn case_07_operands_overwritten_after_they_were_read(mut x: f64, mut y: f64) -> f64 {
    let p = if x > y { x * y } else { x + y };
    x = 2.0;
    y = p * y;
    p * p + x * y
}

#[case((3.5), (-0.5))]
fn case_09_integer_division_in_a_float_expression(x: f64) -> f64 {
    let n = 7;
    x * (n / 2) as f64 + x.powi(n / 3) + f64::from(n % 4)
}

#[case((0.5, 2.0, -1.0))]
fn three_variables(x: f64, y: f64, z: f64) -> f64 {
    x * y + y * z - z / x
}

#[case((0.5), (-0.5))]
fn the_parameter_itself(x: f64) -> f64 {
    x
}

#[case((0.5), (-0.5))]
fn its_negation(x: f64) -> f64 {
    -x
}

#[case((0.5, 2.0))]
fn one_parameter_without_influence(x: f64, _y: f64) -> f64 {
    x.exp()
}

#[case(wrt(y), (0.5, 2.0))]
fn with_respect_to_one_of_two(x: f64, y: f64) -> f64 {
    (x * y).sin() + x.exp()
}

#[case(wrt(z, x), (0.5, 2.0, 3.0))]
fn with_respect_to_two_in_another_order(x: f64, y: f64, z: f64) -> f64 {
    x * y * z + z * z
}

#[case((0.5), (-2.0))]
fn every_compound_operator(x: f64) -> f64 {
    let mut a = x + 5.0;
    a += x;
    a -= 2.0 * x * x;
    a *= x + 1.5;
    a /= x * x + 1.0;
    a %= 7.25;
    a
}

#[case((0.5), (-2.0))]
fn blocks_as_values(x: f64) -> f64 {
    let a = {
        let b = x * x;
        let c = b + x;
        b * c
    };
    let b = {
        let a = a.sin();
        a * a
    };
    a + { b * x }
}

#[case((0.5), (-2.0))]
fn a_block_statement_assigns(x: f64) -> f64 {
    let mut a = x;
    {
        let b = a * a;
        a = b + x;
        {
            a *= b;
        }
    }
    a
}

#[case((0.5, 1.5))]
fn initialised_late(x: f64, y: f64) -> f64 {
    let a: f64;
    let b;
    a = x * y;
    b = a + x;
    a * b
}

#[case((0.5, 1.5), (2.0, -1.0))]
fn initialised_late_in_the_arms(x: f64, y: f64) -> f64 {
    let a;
    if x > 1.0 {
        a = x * y;
    } else {
        a = x + y;
    }
    a * a
}

#[case((0.5, 1.5))]
fn tuples_of_lets(x: f64, y: f64) -> f64 {
    let (a, b) = (x * y, x + y);
    let (mut c, d) = (a * b, b);
    c += d;
    let (s, t) = c.sin_cos();
    s * t + a
}

#[case((0.5, 1.5))]
fn swapped_by_a_tuple(x: f64, y: f64) -> f64 {
    let mut a = x;
    let mut b = y;
    (a, b) = (b * b, a);
    a * 3.0 + b * a
}

#[case((0.5), (1.75))]
fn named_constants(x: f64) -> f64 {
    const INNER: f64 = 0.3;
    x * RATE + constants::OFFSET * x * x + INNER * x.exp() + self::constants::OFFSET
}

#[case((0.5), (1.75))]
fn constants_of_std(x: f64) -> f64 {
    use std::f64::consts::FRAC_PI_3;
    (x * std::f64::consts::PI).sin() + FRAC_PI_3 * x + core::f64::consts::E * x * x + x * f64::EPSILON
}

#[case((0.5), (1.75))]
fn literals(x: f64) -> f64 {
    1e-3 * x + x * 2.5_f64 + 1_000.0 * x * x - 3.0e2 + x * 2. - x / 4.0f64
}

#[case((0.5), (-2.5))]
fn a_long_chain_without_parentheses(x: f64) -> f64 {
    2.0 * x - 3.0 * x * x / 4.0 + x / 2.0 / 3.0 - x * x * x + 1.0 / x % 5.0 - x
}

#[case((0.5, 2.0))]
fn precedence(x: f64, y: f64) -> f64 {
    -x * y - -(x - y) * (x + y) / (x - (y - x)) + -(x * y)
}

#[case((0.5, 2.0))]
fn references(x: f64, y: f64) -> f64 {
    let a = &x;
    let b = &y;
    let c = a * b + *a;
    let d = &(c * *b);
    d * d + &x * *b
}

#[case((0.5, 2.0))]
fn powers_of_both(x: f64, y: f64) -> f64 {
    x.powf(y) + y.powf(x) + x.powi(3) * y.powi(-2) + x.powf(2.5)
}

#[case((0.5, 3), (-0.5, -2), (1.5, 0), (1.5, 1))]
fn an_inactive_exponent(x: f64, n: i32) -> f64 {
    x.powi(n) + x.powi(2 * n + 1) * x
}

#[case((0.5), (2.0))]
fn an_active_divisor(x: f64) -> f64 {
    (1.0 / (x * (x + 1.0))).exp() + 1.0 / x
}

#[case((0.5, 0.25))]
fn the_same_subterm_often(x: f64, y: f64) -> f64 {
    (x * y).sin() * (x * y).cos() + (x * y) * (x * y) + (y * x).exp()
}

#[case((0.5), (-1.5))]
fn a_value_that_is_not_used(x: f64) -> f64 {
    let unused = x.exp().sin();
    let _also = unused * 2.0;
    let _ = x.ln();
    x * x
}

#[case(no_differences, (0.5, 1.5))]
fn stopped(x: f64, y: f64) -> f64 {
    let a = symgrad::stop_gradient(x * y);
    a * x + y
}

#[case((0.5), (7.25))]
fn an_explicit_return(x: f64) -> f64 {
    let a = x * x;
    return a.sin();
}

#[case((0.5))]
#[allow(unused_parens, clippy::let_and_return)]
fn parentheses(x: f64) -> f64 {
    let r#type = ((x) * ((x) + (1.0)));
    let y = (r#type);
    (y)
}

#[case((0.5, 2.0))]
fn raw_and_odd_names(r#fn: f64, l: f64) -> f64 {
    let r#match = r#fn * l;
    let _under = r#match + l;
    let a1 = _under * r#match;
    let a = a1 * a1;
    a + a1
}

/// `d` before a name makes a keyword.
#[case((0.5, [2.0, 1.0], 3.0))]
fn derivatives_that_would_be_keywords(o: f64, yn: &[f64], mut r#in: f64) -> f64 {
    r#in *= yn[0] * o;
    let r#do = r#in + o;
    r#do * yn[1]
}

#[case((0.75))]
fn casts_between_floats_of_one_width(x: f64) -> f64 {
    let a = (x * 2.0) as f64;
    f64::from(a) * a
}

#[case((0.5))]
fn reset_to_a_constant_and_used_again(x: f64) -> f64 {
    let mut a = x * x;
    let b = a * x;
    a = 3.0;
    let c = a * b;
    a = c + x;
    a * a
}

/// The lines of the issue that a naive tool gets wrong.
#[case((0.5), (-2.0))]
fn tripled_by_a_compound(x: f64) -> f64 {
    let mut a = x;
    a *= 3.0;
    a
}

#[case((0.5), (-2.0))]
fn an_integer_quotient_cast(x: f64) -> f64 {
    x * ((1 / 2) as f64) + x
}

#[case((0.5, 3.0), (-2.0, 1.25))]
fn exponential_of_a_reciprocal(x: f64, y: f64) -> f64 {
    (1.0 / (x * y)).exp()
}

#[case((-2.0), (1.5))]
fn root_of_a_square(x: f64) -> f64 {
    x.powi(2).sqrt()
}

#[case((-1.2), (0.7))]
fn logarithm_of_a_square(x: f64) -> f64 {
    x * x.powi(2).ln()
}

#[case((-1.2, 3.0))]
fn negated_product(x: f64, y: f64) -> f64 {
    -(x * y)
}

#[case((-1.0), (2.0), (0.25))]
fn guarded_root(x: f64) -> f64 {
    if x > 0.0 { x.sqrt() } else { 0.0 }
}

// Literals of which nothing but the function's float type says what they are.

#[case((0.7))]
fn literals_without_a_type(x: f64) -> f64 {
    let t: f64 = 1.25 * 0.5;
    let mut u: f64 = -0.42;
    let b: f64 = if x > 0.0 { 1.25 } else { 0.5 };
    u = u.abs() * x + (1.25_f64 * 1.25_f64).sin();
    x * t.cos() + u * b.sin()
}

#[case((0.7, 0), (0.7, 1), (0.7, 5), wrt(x))]
fn inclusive_range_with_a_step(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in (0..=n).step_by(2) {
        y *= x + i as f64;
    }
    y
}
