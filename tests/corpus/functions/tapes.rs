//! Loops of which the reverse sweep needs values that only the primal had: on the stack where it is known how many, in a
//! `Vec` otherwise.

use num_traits::Float;
use symgrad_oracle::case;

#[case((2.0), (0.3))]
fn a_constant_number_of_steps(a: f64) -> f64 {
    let mut x = a + 1.0;
    for _ in 0..8 {
        x -= (x * x - a) / (2.0 * x);
    }
    x.sin()
}

#[case((0.5), (-1.2))]
fn no_step_at_all(a: f64) -> f64 {
    let mut x = a;
    for _ in 3..3 {
        x = x.sin() * x;
    }
    for _ in 0..=0 {
        x = (x * a).cos() * x;
    }
    x * x
}

#[case((0.5), (1.3))]
fn inclusive_reversed_and_by_steps(a: f64) -> f64 {
    let mut x = a;
    for i in (1..=9_i32).rev().step_by(4) {
        x = (x * f64::from(i)).sin() * x;
    }
    for i in (2..11_usize).step_by(3) {
        x = (x + i as f64).exp().ln_1p();
    }
    x
}

#[case(([0.5, 1.2, -0.3, 2.0]))]
fn a_nest_of_constant_loops(a: [f64; 4]) -> f64 {
    let mut x = a[0];
    for i in 0..3 {
        for j in 0..a.len() {
            x = (x * a[j]).sin() + 0.1 * i as f64;
        }
    }
    x
}

#[case((0.4, 3), (0.4, 0))]
fn a_constant_loop_in_one_that_is_not(x: f64, n: usize) -> f64 {
    let mut p = x;
    for _ in 0..n {
        for _ in 0..2 {
            p = (p * x).exp().sqrt();
        }
        p *= 0.7;
    }
    p
}

#[case((0.4, 3), (0.9, 2))]
fn a_loop_in_a_constant_one(x: f64, n: usize) -> f64 {
    let mut p = x;
    for k in 0..2 {
        for _ in k..n {
            p = (p * x).sin();
        }
    }
    p
}

#[case((0.4, &[0.5, 1.0]), (0.4, &[]), (0.4, &[2.0, -1.0, 0.3]), wrt(x))]
fn a_constant_loop_in_a_fused_one(x: f64, y: &[f64]) -> f64 {
    let mut sum = 0.0;
    for v in y {
        let mut p = *v;
        for _ in 0..3 {
            p = (p * x).sin();
        }
        sum += p;
    }
    sum
}

#[case(([[0.5, 1.0], [0.2, -0.7], [0.1, 0.9]]), once)]
fn as_long_as_the_type_says<T: Float, const N: usize, const M: usize>(x: &[[T; N]; M]) -> T {
    let mut p = T::from(0.3).unwrap();
    for i in 0..M {
        for v in &x[i] {
            p = (p * *v).exp();
        }
    }
    p
}

#[case((0.4, [2.0, 0.5]), wrt(x))]
fn as_long_as_data_by_reference<T: Float, const N: usize>(x: T, y: &[T; N]) -> T {
    let mut p = x;
    for i in 0..N {
        p = (p * y[i]).sin();
    }
    p
}

#[case((0.4, [0.5, 2.0, -0.3]), wrt(x))]
fn some_of_as_many_as_the_type_says<T: Float, const N: usize>(x: T, y: [T; N]) -> T {
    let mut p = x;
    for (i, v) in y.iter().enumerate().skip(1) {
        if i % 2 == 1 {
            continue;
        }
        p = (p * *v).sin();
    }
    for i in 1..N {
        p = (p * y[i]).cos();
    }
    p
}

#[case((0.9), (1.4), (30.0))]
fn left_early(x: f64) -> f64 {
    let mut p = x;
    for k in 0..20 {
        p = (p * x).sin() + p;
        if p > 4.0 {
            break;
        }
        if k == 13 {
            return p * p;
        }
    }
    p.sqrt()
}

#[case((0.5), (0.1))]
fn one_record(x: f64) -> f64 {
    if x > 0.3 {
        let k = x.sin();
        if k > 0.1 {
            return k * k.exp();
        }
    }
    x * x
}

#[case((0.5), (0.1))]
fn flags_and_numbers_in_the_records(x: f64) -> f64 {
    let mut p = x;
    let mut count = 0_u8;
    for k in 0..6_i64 {
        let odd = p.sin() > 0.2;
        if odd {
            count += 1;
            p = p.cos() * x + f64::from(count);
        } else {
            p = p.exp() - k as f64 * p;
        }
        p /= 3.0;
    }
    p
}

#[case((0.5))]
fn a_large_number_of_steps(x: f64) -> f64 {
    let mut p = x;
    for _ in 0..5000 {
        p = (p * 0.5 + x).sin();
    }
    p
}
