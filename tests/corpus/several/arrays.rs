//! Arrays.

use symgrad_oracle::outputs;

#[outputs((0.7, 1.3), (-2.0, 0.0))]
fn written_out(x: f64, y: f64) -> [f64; 3] {
    let p = x * y.sin();
    [p, p * p, x]
}

#[outputs((0.7), (-1.1))]
fn by_one_number(t: f64) -> [f64; 2] {
    [t.cos() * t, t.sin() / t]
}

#[outputs(([0.5, -0.3, 1.2], 2), ([-0.5, 0.3, 20.0], 0), ([1.5, -0.3, -2.0], 1))]
fn branches_and_an_early_return(x: &[f64; 3], k: usize) -> [f64; 2] {
    let mut y = [0.0; 2];
    for i in 0..3 {
        if x[i] > 0.0 {
            y[0] += x[i] * x[i];
        } else {
            y[1] = y[0] * x[k].exp();
        }
    }
    if y[0] > 100.0 {
        return [y[0].sqrt(), 1.0];
    }
    y[1] = y[1].max(x[0]);
    y
}

#[outputs(([[1.5, 0.3], [-0.4, 0.8]]))]
fn inverse(m: &[[f64; 2]; 2]) -> [[f64; 2]; 2] {
    let det = m[0][0] * m[1][1] - m[0][1] * m[1][0];
    [[m[1][1] / det, -m[0][1] / det], [-m[1][0] / det, m[0][0] / det]]
}

#[outputs(([0.3, -1.2, 2.0, 0.1]), ([800.0, 1.0, -800.0, 799.0]))]
fn softmax(x: &[f64; 4]) -> [f64; 4] {
    let m = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut e = [0.0; 4];
    let mut sum = 0.0;
    for i in 0..4 {
        e[i] = (x[i] - m).exp();
        sum += e[i];
    }
    for v in e.iter_mut() {
        *v /= sum;
    }
    e
}

#[outputs(([0.3, 1.7, 0.4], 1.2))]
fn mapped(x: &[f64; 3], w: f64) -> [f64; 3] {
    x.map(|v| (v * w).tanh())
}

#[outputs(([0.3, 1.7, 0.4], [2.0, -1.0, 0.5]))]
fn from_a_function(a: &[f64; 3], b: &[f64; 3]) -> [f64; 3] {
    std::array::from_fn(|i| a[(i + 1) % 3] * b[(i + 2) % 3] - a[(i + 2) % 3] * b[(i + 1) % 3])
}

/// Few outputs of many numbers: by rows.
#[outputs(([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0]))]
fn few_of_many(x: &[f64; 20]) -> [f64; 2] {
    let mut sums = [0.5, 1.0];
    for i in 1..20 {
        sums[0] += x[i - 1] * x[i].sin();
        sums[1] *= 1.0 + 0.1 * x[i] * sums[0].cos();
    }
    sums
}

/// More numbers than lanes, and as many outputs.
#[outputs(([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2]))]
fn as_many(x: &[f64; 12]) -> [f64; 12] {
    let mut y = *x;
    for _ in 0..3 {
        for i in 1..y.len() {
            y[i] = (y[i] * y[i - 1]).sin() + x[i];
        }
        y.rotate_left(1);
    }
    y
}

#[outputs((0.6, 2.5, 40))]
fn steps_until_close(x: f64, a: f64, most: usize) -> [f64; 2] {
    let (mut y, mut slope) = (x, 1.0);
    for _ in 0..most {
        let next = 0.5 * (y + a / y);
        if (next - y).abs() < 1e-3 {
            break;
        }
        slope *= 0.5 * (1.0 - a / (y * y));
        y = next;
    }
    [y, slope]
}

#[outputs((0.4, 1.1))]
fn chosen_by_a_match(x: f64, y: f64) -> [f64; 2] {
    match (x < y, x * y > 1.0) {
        (true, true) => [x, y],
        (true, false) => [x * y, (x - y).exp()],
        _ => [0.0; 2],
    }
}

mod differentiated {
    #[symgrad::differentiate(jvp, jacobian, vjp)]
    pub fn turned(angle: f64, v: [f64; 2]) -> [f64; 2] {
        let (s, c) = angle.sin_cos();
        [c * v[0] - s * v[1], s * v[0] + c * v[1]]
    }

    use crate::corpus::dual::Dual;

    pub fn turned_dual(angle: Dual, v: [Dual; 2]) -> [Dual; 2] {
        let (s, c) = angle.sin_cos();
        [c * v[0] - s * v[1], s * v[0] + c * v[1]]
    }
}
use differentiated::{turned, turned_dual};

#[outputs((0.4, 1.1, -0.6), calls(turned))]
fn through_calls(a: f64, x: f64, y: f64) -> [f64; 2] {
    let v = turned(a, [x, y]);
    let w = turned(v[0], [a * v[1], x]);
    [w[0] * v[1], w[1]]
}
