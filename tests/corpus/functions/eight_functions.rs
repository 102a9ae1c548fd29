//! Eight functions that most engines get wrong.

use symgrad_oracle::case;

/// The indices are those that were read, although the integer changes later.
#[case((&[0.3, 1.1, 0.7, 2.0, 0.9], 5))]
fn t1_index_of_changing_state(x: &[f64], n: usize) -> f64 {
    let mut k = 1;
    let mut p = 1.0;
    for i in 0..n {
        k = (k + 2 * i + 1) % n;
        p *= x[k].sin();
    }
    k = 0;
    p * x[k]
}

#[case((&[0.3, 1.1, 0.7, 6.0, -9.0], 0.4))]
fn t2_two_sums_with_return_and_break(x: &[f64], v: f64) -> f64 {
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

#[case((&[0.3, 1.1, -6.0, 6.0], 0.4))]
fn t2_with_return(x: &[f64], v: f64) -> f64 {
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

fn t3_zero_meets_infinity_dual(x: crate::corpus::dual::Dual) -> crate::corpus::dual::Dual {
    if x <= 0.0 { 2.0 * x } else { x * x.ln() }
}

/// What is not used has no influence, though its partial derivative is infinite.
#[case((0.0), (2.0), (0.3), no_differences, dual = t3_zero_meets_infinity_dual)]
fn t3_zero_meets_infinity(x: f64) -> f64 {
    let l = x.ln();
    if x <= 0.0 {
        return 2.0 * x;
    }
    x * l
}

/// A closure keeps what it has captured by value.
#[case((0.5, 2.0), (-1.5, 0.3))]
fn t4_a_closure_that_moves(x: f64, mut w: f64) -> f64 {
    let c = move |t| t * w;
    w *= x;
    c(x) + w
}

/// An array that looks private to an iteration and is not.
#[case((&[0.3, 1.1, 0.7, 2.0, 0.9]))]
fn t5_array_carried_by_half(x: &[f64]) -> f64 {
    let mut b = [1.0, 0.5];
    let mut s = 0.0;
    for i in 0..x.len() {
        b[i % 2] = b[0] * x[i];
        s += b[1].exp();
    }
    s
}

/// Two halves of an array, and a view across both.
#[case((0.5, 2.0), (-1.5, 0.3))]
fn t6_halves_and_an_overlapping_view(x: f64, y: f64) -> f64 {
    let mut a = [x, y, x * y, 1.0];
    {
        let (low, high) = a.split_at_mut(2);
        high.copy_from_slice(low);
        low[0] = high[1] * x;
        high[1] *= low[0];
    }
    let middle = &mut a[1..3];
    middle[0] *= middle[1];
    middle[1] = middle[0].sin();
    a[0] * a[1] + a[2] * a[3]
}

/// An iterator is consumed once.
#[case((0.5, &[1, 2, 3, 4]), (0.5, &[3, 7, 2, 9, 1]), (0.5, &[]))]
fn t7_an_iterator_behind_a_reference(x: f64, list: &[u32]) -> f64 {
    let mut list = list.iter().copied();
    let it: &mut dyn Iterator<Item = u32> = &mut list;
    let mut y = x;
    for k in it {
        if k == 7 {
            continue;
        }
        if k == 9 {
            break;
        }
        y = (y * k as f64).sin();
    }
    y * list.count() as f64 + y
}

#[symgrad::differentiate(jvp, hvp)]
fn squared(b: &mut [f64; 2]) {
    for v in b.iter_mut() {
        *v *= *v;
    }
}

fn squared_dual(b: &mut [crate::corpus::dual::Dual; 2]) {
    for v in b.iter_mut() {
        *v *= *v;
    }
}

/// Each call needs the contents before it.
#[case(calls(squared), (0.5), (-1.3))]
fn t8_a_callee_in_place_called_twice(x: f64) -> f64 {
    let mut b = [x, x * x];
    squared(&mut b);
    b[1] *= b[0];
    squared(&mut b);
    b[0] * b[1]
}
