//! Conditions that do more than compare: blocks that assign, and what stands right of `&&` and `||`.

use symgrad_oracle::case;

#[case((0.5, 0.3), (2.0, 0.3))]
fn a_block(x: f64, o: f64) -> f64 {
    let mut s = x;
    if {
        s = s * o;
        s > 0.2
    } {
        s * x
    } else {
        s + x
    }
}

#[case((0.5, 0.3), (2.0, 0.3))]
fn of_a_loop(x: f64, o: f64) -> f64 {
    let mut s = x;
    let mut k = 0;
    while {
        s = s * o + 1.0;
        k += 1;
        k < 4
    } {
        s *= x;
    }
    s
}

#[case((0.5, 0.3), (2.0, 0.3))]
fn a_variable_of_its_own(x: f64, o: f64) -> f64 {
    let s = x;
    if {
        let t = s * o;
        t > 0.2
    } {
        s * x
    } else {
        s + x
    }
}

#[case((0.5, 0.3), (2.0, 0.3), (0.1, 0.3))]
fn right_of_and(x: f64, o: f64) -> f64 {
    let mut s = x;
    if x > 0.4 && {
        s = s * o;
        s > 0.2
    } {
        s * x
    } else {
        s + x
    }
}

#[case((0.5, 0.3), (2.0, 0.3))]
fn right_of_or(x: f64, o: f64) -> f64 {
    let mut s = x;
    let mut n = 0;
    if x > 1.0 || {
        s = s * o;
        n += 1;
        s > 0.2
    } {
        s * x
    } else {
        s + x * n as f64
    }
}

#[case((0.5, 0.3, 2), (2.0, 0.3, 1))]
fn a_bound(x: f64, o: f64, n: usize) -> f64 {
    let mut s = x;
    for i in 0..({
        s = s * 3.0;
        n + 1
    }) {
        s += o * i as f64 * s;
    }
    s
}

#[case((0.5, 0.3), (2.0, 0.3), (0.05, 2.0))]
fn a_closure_that_counts(x: f64, o: f64) -> f64 {
    let mut s = x;
    let mut calls = 0;
    let mut ok = |v: f64| {
        calls += 1;
        s += v * 0.1;
        s > 0.3
    };
    let mut t = 1.0;
    if ok(o) && !ok(x) || ok(o * x) {
        t = x * 3.0;
    }
    while !ok(0.5 * o) {
        t *= x;
    }
    s * t * calls as f64
}

#[case((0.5, 0.3), (2.0, 0.3))]
fn with_exits(x: f64, o: f64) -> f64 {
    let mut s = x;
    let mut r = 0.0;
    for i in 0..4 {
        if i == 2 && {
            s *= 2.0;
            s > 1.5
        } {
            break;
        }
        if {
            let s = s * o;
            r += s;
            s > 0.5
        } {
            continue;
        }
        r += s;
        if !{
            s += o;
            s < 3.0
        } {
            return r * s;
        }
    }
    r * s
}

#[case((&[0.5, 0.3, 0.8]), (&[2.0, 0.3, 0.1]))]
fn on_elements(x: &[f64]) -> f64 {
    let mut y = x.to_vec();
    let mut k = 0;
    while k < 2 && {
        y[k] = y[k + 1] * 2.0;
        y[k] > 0.1
    } {
        y[k + 1] *= y[k];
        k += 1;
    }
    let v = if {
        y.push(x[0]);
        y.len() > 3
    } && {
        y[0] += 1.0;
        true
    } {
        y[3]
    } else {
        0.0
    };
    y.iter().product::<f64>() * v
}
