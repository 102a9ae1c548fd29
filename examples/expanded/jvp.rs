//! Forward mode: a tangent beside each active value, in the same iterations and branches, and no tape whatever the loop
//! carries.

#[differentiate(jvp)]
fn logistic_map(x: f64, rate: f64, steps: usize) -> f64 {
    let mut state = x;
    for _ in 0..steps {
        if state > 0.9 {
            state = 0.9 * rate;
        } else {
            state = rate * state * (1.0 - state);
        }
    }
    state
}

#[differentiate(jvp)]
fn power(x: &[f64; 2], n: i32) -> f64 {
    let mut a = *x;
    a[1] *= a[0];
    a[1].powi(n)
}

// What is emitted:

/// The value of `logistic_map` and its directional derivative along the tangents of `x` and `rate`.
#[must_use]
fn logistic_map_jvp(
    x: f64,
    rate: f64,
    steps: usize,
    x_tangent: f64,
    rate_tangent: f64,
) -> (f64, f64) {
    let mut state: f64 = x;
    let mut state_tangent: f64 = x_tangent;
    for _ in 0..steps {
        let (state_1, state_tangent_1) = if state > 0.9 {
            let state_1 = 0.9 * rate;
            (state_1, rate_tangent * 0.9)
        } else {
            let t1 = rate * state;
            let t2 = 1.0 - state;
            let state_1 = t1 * t2;
            (
                state_1,
                (rate_tangent * state + state_tangent * rate) * t2 - state_tangent * t1,
            )
        };
        state = state_1;
        state_tangent = state_tangent_1;
    }
    (state, state_tangent)
}

/// The value of `power` and its directional derivative along the tangents of `x`.
#[must_use]
fn power_jvp(x: &[f64; 2], n: i32, x_tangent: &[f64; 2]) -> (f64, f64) {
    let mut a: [f64; 2] = *x;
    let mut a_tangent: [f64; 2] = *x_tangent;
    let t1 = a[0];
    let t2 = a_tangent[0];
    let t3 = a[1];
    let t4 = a_tangent[1];
    a[1] = t3 * t1;
    a_tangent[1] = t4 * t1 + t2 * t3;
    let t5 = a[1];
    (
        t5.powi(n),
        a_tangent[1]
            * ({
                match n {
                    0 => 0.0,
                    -10..=-5 | 7..=10 => {
                        let m = if n > 0 { n - 1 } else { -n };
                        let c = if <f64>::EPSILON < 1.0e-10 {
                            134_217_729.0
                        } else {
                            4097.0
                        };
                        let p = t5 * t5;
                        let k = c * t5;
                        let a = k - (k - t5);
                        let b = t5 - a;
                        let e = ((a * a - p) + 2.0 * a * b) + b * b;
                        let s = p * p;
                        let k = c * p;
                        let a = k - (k - p);
                        let b = p - a;
                        let f = ((a * a - s) + 2.0 * a * b) + (b * b + 2.0 * (e * p));
                        let (y, r) = match m / 2 {
                            2 => (s, f),
                            3 => (s * p, s * e + f * p),
                            4 => (s * s, 2.0 * (s * f)),
                            _ => (s * s * p, s * s * e + 2.0 * (s * f) * p),
                        };
                        let y = if y < <f64>::MAX { y + r } else { y };
                        let y = if m % 2 == 0 { y } else { y * t5 };
                        if n > 0 { n as f64 * y } else { n as f64 / t5 / y }
                    }
                    1.. => n as f64 * t5.powi(n - 1),
                    _ => n as f64 / t5 / t5.powi(i32::saturating_neg(n)),
                }
            }),
    )
}
