//! What is behind a `&mut`.

use symgrad_oracle::outputs;

#[outputs(([0.6, -1.4], [0.5, 0.5, 0.5, 0.5]))]
fn integrated(x: &[f64; 2], out: &mut [f64]) {
    for i in 1..out.len() {
        out[i] = out[i - 1] + 0.1 * (x[0] * out[i - 1] + x[1]).sin();
    }
}

#[outputs(([0.6, -1.4, 2.0], [9.0, 9.0]))]
fn an_array(x: &[f64], out: &mut [f64; 2]) {
    out[0] = x.iter().sum();
    out[1] = 1.0;
    for v in x {
        out[1] *= v;
    }
}

#[outputs((0.6, 1.4, [1.0, 2.0, 3.0], [0.0, 0.0]))]
fn two(a: f64, b: f64, scaled: &mut [f64], sums: &mut [f64; 2]) {
    for v in scaled.iter_mut() {
        *v *= a;
        sums[0] += *v * b;
    }
    sums[1] = a / b;
}

#[outputs(([0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0], [0.0]))]
fn few_of_many(x: &[f64], out: &mut [f64]) {
    for i in 1..x.len() {
        if x[i] > 0.5 {
            out[0] += x[i] * x[i - 1].exp();
        }
    }
}
