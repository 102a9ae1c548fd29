//! The adjoint of `sum` needs the whole sum, so it is not known before the loop has ended. A second loop loads and
//! computes again what it needs, which is cheaper than a tape.

#[differentiate]
fn norm(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for v in x {
        sum += v * v;
    }
    sum.sqrt()
}

// What is emitted:

/// The value of `norm`; its gradient with respect to `x` overwrites the buffers. Allocates nothing but a tape, if there has to be one.
///
/// # Panics
///
/// If a buffer has another length than its parameter.
fn norm_value_and_gradient_into(x: &[f64], dx: &mut [f64]) -> f64 {
    ::core::assert_eq!(dx.len(), x.len(), "`dx` needs as many elements as `x`");
    dx.fill(0.0);
    let mut sum: f64 = 0.0;
    for i in 0..x.len() {
        let v = x[i];
        sum += v * v;
    }
    let t1 = sum.sqrt();
    let mut dsum: f64 = 0.5 / t1;
    let dx_1 = &mut dx[..x.len()];
    for i in (0..x.len()).rev() {
        let v = x[i];
        let t2 = dsum * v;
        dx_1[i] += t2 + t2;
    }
    t1
}

/// The value of `norm` and its gradient with respect to `x`.
#[must_use]
fn norm_value_and_gradient(x: &[f64]) -> (f64, ::symgrad::__private::Vec<f64>) {
    let mut dx: ::symgrad::__private::Vec<f64> = ::symgrad::__private::vec![
        0.0; x.len()
    ];
    let value = norm_value_and_gradient_into(x, &mut dx);
    (value, dx)
}

/// The gradient of `norm` with respect to `x`.
#[must_use]
fn norm_gradient(x: &[f64]) -> ::symgrad::__private::Vec<f64> {
    norm_value_and_gradient(x).1
}
