//! Local closures and functions inside the function, called by name: what they capture, when they see it, and what their
//! names mean.

use crate::corpus::dual::Dual;
use symgrad_oracle::case;

#[case((0.7, -1.3), (2.0, 0.5))]
fn a_closure_called_three_times(x: f64, y: f64) -> f64 {
    let sq = |t: f64| t * t;
    sq(x) + sq(y) * sq(2.0) + sq(sq(x))
}

#[case((0.7, 1.3), (-2.0, 0.5))]
fn a_moved_copy_is_not_what_changes_later(x: f64, w: f64) -> f64 {
    let mut w = w;
    let c = move |t: f64| t * w;
    w *= x;
    c(x) + w
}

#[case((0.7, 1.3), (-2.0, 0.5))]
fn a_move_closure_with_a_state_of_its_own(x: f64, w: f64) -> f64 {
    let mut s = w;
    let mut next = move |t: f64| {
        s = s * t + x;
        s
    };
    let first = next(x);
    let mut sum = 0.0;
    for _ in 0..3 {
        sum += next(w) * x;
    }
    s * first + sum
}

#[case((0.7, 1.3), (-2.0, 0.5))]
fn a_moved_array_is_a_copy(x: f64, w: f64) -> f64 {
    let mut a = [x, w];
    let mut bump = move |t: f64| {
        a[0] += t * a[1];
        a[0]
    };
    let first = bump(x);
    a[1] = x * x;
    let second = bump(w);
    first * second + a[0] * a[1]
}

#[case((&[0.7, 1.3, -0.4], 0.9), (&[2.5, 3.0], -0.5), (&[], 2.0), once)]
fn an_accumulator_that_is_captured(x: &[f64], w: f64) -> f64 {
    let mut s = 0.5 * w;
    let mut add = |v: f64| s += v * w;
    add(1.0);
    for v in x {
        add(*v);
        if *v > 2.0 {
            add(v * v);
        }
    }
    s * s
}

#[case((0.7, 1.3), (-2.0, 0.5))]
fn names_mean_what_they_meant(x: f64, w: f64) -> f64 {
    let k = 2.0 * w;
    let scale = |t: f64| t * k;
    let k = x;
    let t = 5.0;
    scale(k) + scale(x * x) * k + t
}

#[case((0.7, 3), (-2.0, 1))]
fn names_of_integers_mean_what_they_meant(x: f64, k: usize) -> f64 {
    let k = k + 1;
    let scale = |t: f64, n: i32| {
        let mut j = k;
        j += 1;
        let u = t * x;
        u.powi(n) * j as f64 + k as f64
    };
    let k = 7;
    let j = 5;
    scale(x, 3) * k as f64 + scale(x, 0) * j as f64 * x
}

#[case((0.7, 1.3), (-2.0, 0.5))]
fn a_closure_that_calls_another(x: f64, y: f64) -> f64 {
    let square = |t: f64| t * t;
    let norm = |a: f64, b: f64| (square(a) + square(b)).sqrt();
    let again = norm;
    norm(x, y) * again(y, 2.0)
}

#[case((0.7,), (-2.0,))]
fn a_closure_given_to_a_closure(x: f64) -> f64 {
    let twice = |f: &dyn Fn(f64) -> f64, t: f64| f(f(t));
    let g = |t: f64| t.sin() * x;
    twice(&g, x) + (|t: f64| t * x)(3.0)
}

#[case((0.7, 1.3), (-2.0, 0.5), (0.5, 0.5))]
fn branches_and_loops_in_a_closure(x: f64, y: f64) -> f64 {
    let power = |t: f64, n: usize| -> f64 {
        let mut p = 1.0;
        for _ in 0..n {
            p *= t;
        }
        if t > y { p * y } else { p }
    };
    power(x, 3) + power(y, 2) * power(x + y, 0)
}

#[case((0.7, 1.3), (1.3, 0.7), (0.9, 0.8))]
fn a_closure_that_decides(x: f64, y: f64) -> f64 {
    let below = |t: f64| t < x;
    let steps = |n: usize| (n + 3) / 2;
    let table = [1.0, 2.0, 3.0];
    let s = if below(y) && !below(2.0) { x * y } else { x + y };
    s * table[steps(1)]
}

#[case((0.7, &[3, 1, 2]), (0.4, &[0, 0, 1]))]
fn a_closure_on_data(x: f64, data: &[u32]) -> f64 {
    let scaled = |n: u32| f64::from(n) * x;
    let weight = |k: usize| f64::from(data[k] % 3) * 0.5;
    let mut s = x;
    for k in 0..data.len() {
        s += scaled(data[k]).sin() * weight(k);
    }
    s + scaled(data[0])
}

#[case((0.7, [1.3, -0.2, 0.4]), (-2.0, [0.5, 0.1, 0.0]))]
fn closures_that_take_and_write_arrays(x: f64, y: [f64; 3]) -> f64 {
    let mut b = [0.0; 3];
    let dot = |a: &[f64; 3], b: &[f64; 3]| {
        let mut s = 0.0;
        for i in 0..3 {
            s += a[i] * b[i];
        }
        s
    };
    let mut set = |i: usize, v: f64| b[i] = v * x + b[i];
    set(0, x);
    set(1, y[2]);
    for i in 0..3 {
        set(i, y[i]);
    }
    dot(&b, &y) + dot(&y, &y)
}

#[case((0.7, 1.3), (-2.0, 0.5))]
fn a_closure_that_returns_an_array(x: f64, y: f64) -> f64 {
    let rotate = |[a, b]: [f64; 2], s: f64| [a * s - b, a + b * s];
    let p = rotate([x, y], x);
    let q = rotate(p, y);
    q[0] * q[1] + p[0]
}

#[case((0.7, 1.3), (-2.0, 0.5))]
fn parameters_in_every_form(x: f64, y: f64) -> f64 {
    let f = |&a: &f64, (b, c): (f64, f64), mut d: f64, _: usize| {
        d += a;
        a * b + c * d
    };
    f(&x, (y, 2.0), x, 3) * f(&y, (x, x), 1.0, 0)
}

#[case((0.7, 1.3), (-2.0, 0.5), dual = functions_inside_dual)]
fn functions_inside(x: f64, y: f64) -> f64 {
    fn relu(t: f64) -> f64 {
        if t > 0.0 { t } else { 0.0 }
    }
    fn linear(a: [f64; 2], x: f64) -> [f64; 2] {
        [a[0] * x, relu(a[1]) + x]
    }
    let p = linear([x, y], 3.0);
    fn later(x: f64) -> f64 {
        x * 4.0
    }
    relu(x) + relu(x - y) * p[0] + p[1] * later(x)
}

#[case((0.7, 1.3), (-2.0, 0.5), (3.0, -1.0))]
fn closures_that_return_early(x: f64, y: f64) -> f64 {
    let f = |t: f64| {
        if t < 0.0 {
            return t * y;
        }
        let mut s = x;
        for k in 0..4 {
            s = s * t + 0.5;
            if s > 2.0 {
                return s.sin() + k as f64 * t;
            }
        }
        s
    };
    let twice = |t: f64| return t + f(t);
    f(x) * f(y) + twice(x)
}

fn functions_inside_dual(x: Dual, y: Dual) -> Dual {
    let relu = |t: Dual| if t > Dual::from(0.0) { t } else { Dual::from(0.0) };
    let p = [x * Dual::from(3.0), relu(y) + Dual::from(3.0)];
    relu(x) + relu(x - y) * p[0] + p[1] * x * Dual::from(4.0)
}
