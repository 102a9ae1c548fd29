//! Tuples of numbers and of arrays.

use symgrad_oracle::outputs;

#[outputs((0.3, -0.9), (3.0, 4.0))]
fn polar(x: f64, y: f64) -> (f64, f64) {
    (x.hypot(y), y.atan2(x))
}

#[outputs(([0.4, -1.2], 1.5), wrt(x))]
fn a_number_and_an_array(x: &[f64; 2], scale: f64) -> (f64, [f64; 2]) {
    (x[0] * x[1], [x[0].exp() * scale, x[1]])
}

#[outputs(([0.3, -0.7, 1.1]), ([2.0]))]
fn moments(x: &[f64]) -> (f64, f64) {
    let mut s = (0.0, 0.0);
    for v in x {
        s.0 += v;
        s.1 += v * v;
    }
    s
}

#[outputs((0.3, [0.5, 2.0]), (-1.0, [1.0, 0.25]))]
fn several_of_several(w: f64, x: &[f64; 2]) -> (f64, f64, [f64; 2]) {
    let mut best = x[0] * w;
    let mut all = [0.0; 2];
    for i in 0..2 {
        all[i] = (w * x[i]).exp();
        if all[i] > best {
            best = all[i];
        }
    }
    (best, w / x[1], all)
}

#[outputs((0.5, 0.25, 3), (2.0, -0.5, 0))]
fn what_a_loop_carries(x: f64, y: f64, n: usize) -> (f64, f64) {
    let (mut a, mut b) = (x, y);
    for _ in 0..n {
        (a, b) = (a * b + x, a - b * b);
    }
    (a, b)
}

#[outputs(([0.2, 0.9, -0.4]))]
fn extremes(x: &[f64; 3]) -> (f64, f64) {
    let mut low = f64::INFINITY;
    let mut high = f64::NEG_INFINITY;
    for &v in x {
        low = low.min(v * v);
        high = high.max(v * 3.0);
    }
    (low, high)
}

#[outputs(([0.2, 0.9, -0.4, 1.3], [1.0, 2.0]))]
fn of_two_slices(x: &[f64], w: &[f64]) -> (f64, f64) {
    let mut s = 0.0;
    for v in x {
        s += v * w[0];
    }
    (s, s * w[1] + w[0] * x[0])
}
