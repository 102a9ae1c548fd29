//! A loop of sums is fused: the adjoint of `sum` is 1/n in every iteration, so value and gradient are computed in one
//! pass, without an allocation or a tape. `t` is cut to the loop's range, so that its bounds are checked once.

/// Mean squared error of the line `w x + b`.
#[differentiate(wrt(w, b))]
fn mse(w: f64, b: f64, x: &[f64], t: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += (w * x[i] + b - t[i]).powi(2);
    }
    sum / x.len() as f64
}

// What is emitted:

/// The value of `mse` and its gradient with respect to `w` and `b`.
#[must_use]
fn mse_value_and_gradient(w: f64, b: f64, x: &[f64], t: &[f64]) -> (f64, [f64; 2]) {
    let t1 = 1.0 / x.len() as f64;
    let mut sum: f64 = 0.0;
    let mut db: f64 = 0.0;
    let mut dw: f64 = 0.0;
    let t_2 = &t[..x.len()];
    for i in 0..x.len() {
        let t3 = x[i];
        let t4 = w * t3 + b - t_2[i];
        let t5 = 2.0 * t1 * t4;
        sum += t4.powi(2);
        db += t5;
        dw += t5 * t3;
    }
    (sum / x.len() as f64, [dw, db])
}

/// The gradient of `mse` with respect to `w` and `b`.
#[must_use]
fn mse_gradient(w: f64, b: f64, x: &[f64], t: &[f64]) -> [f64; 2] {
    mse_value_and_gradient(w, b, x, t).1
}
