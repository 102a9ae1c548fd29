//! An `if` as a value, and one that assigns: the condition is evaluated once, and the adjoint follows the arm that was
//! taken. In the first function the cotangent of the `if` is known before it, so both are done in one.

#[differentiate]
fn huber(r: f64, delta: f64) -> f64 {
    let loss = if r.abs() <= delta {
        0.5 * r * r
    } else {
        delta * (r.abs() - 0.5 * delta)
    };
    2.0 * loss
}

#[differentiate]
fn steps(x: f64, y: f64) -> f64 {
    let mut a = x * y;
    if a > 2.0 {
        a = a.sqrt();
    } else if a > 1.0 {
        a *= x;
    }
    a * a
}

// What is emitted:

/// The value of `huber` and its gradient with respect to `r` and `delta`.
#[must_use]
fn huber_value_and_gradient(r: f64, delta: f64) -> (f64, [f64; 2]) {
    let (loss, dr, ddelta) = if r.abs() <= delta {
        let t1 = 0.5 * r;
        (t1 * r, 2.0 * t1 + 2.0 * r * 0.5, 0.0)
    } else {
        let t1 = r.abs() - 0.5 * delta;
        let t2 = 2.0 * delta;
        (delta * t1, t2 * (if r == 0.0 { 0.0 } else { r.signum() }), 2.0 * t1 - t2 * 0.5)
    };
    (2.0 * loss, [dr, ddelta])
}

/// The gradient of `huber` with respect to `r` and `delta`.
#[must_use]
fn huber_gradient(r: f64, delta: f64) -> [f64; 2] {
    huber_value_and_gradient(r, delta).1
}

/// The value of `steps` and its gradient with respect to `x` and `y`.
#[must_use]
fn steps_value_and_gradient(x: f64, y: f64) -> (f64, [f64; 2]) {
    let a = x * y;
    let t1 = a > 2.0;
    let a_1 = if t1 {
        let a_1 = a.sqrt();
        a_1
    } else if a > 1.0 {
        let a_1 = a * x;
        a_1
    } else {
        a
    };
    let t2 = a_1 + a_1;
    let (da, dx) = if t1 {
        let a_2 = a.sqrt();
        (0.5 * t2 / a_2, 0.0)
    } else if a > 1.0 {
        (t2 * x, t2 * a)
    } else {
        (t2, 0.0)
    };
    (a_1 * a_1, [dx + da * y, da * x])
}

/// The gradient of `steps` with respect to `x` and `y`.
#[must_use]
fn steps_gradient(x: f64, y: f64) -> [f64; 2] {
    steps_value_and_gradient(x, y).1
}
