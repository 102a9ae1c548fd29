//! An early `return`: what follows it stands in the other arm. Where both arms may go on, as in the second function, a
//! flag carries the exit to the point where it can be taken.

#[differentiate]
fn entropy(p: f64) -> f64 {
    if p <= 0.0 || p >= 1.0 {
        return 0.0;
    }
    let q = 1.0 - p;
    -(p * p.ln() + q * q.ln())
}

#[differentiate]
fn either(x: f64, y: f64, careful: bool) -> f64 {
    let mut a = x * y;
    if careful {
        if a < 0.0 {
            return -a;
        }
        a = a.sqrt();
    } else {
        if a > 1.0 {
            return a.ln();
        }
        a = a.exp();
    }
    a + x
}

// What is emitted:

/// The value of `entropy` and its gradient with respect to `p`.
#[must_use]
fn entropy_value_and_gradient(p: f64) -> (f64, f64) {
    let (t1, dp) = if p <= 0.0 || p >= 1.0 {
        (0.0, 0.0)
    } else {
        let q = 1.0 - p;
        let t1 = p.ln();
        let t2 = q.ln();
        (
            -(p * t1 + q * t2),
            (if (t2 + 1.0).abs() < 0.25 {
                let r = if <f64>::EPSILON < 1.0e-10 {
                    1.445_646_891_729_25e-16
                } else {
                    8.254_84e-8
                };
                (q.mul_add(2.718_281_828_459_045, -1.0) + r * q).ln_1p()
            } else {
                t2 + 1.0
            })
                - (if (t1 + 1.0).abs() < 0.25 {
                    let r = if <f64>::EPSILON < 1.0e-10 {
                        1.445_646_891_729_25e-16
                    } else {
                        8.254_84e-8
                    };
                    (p.mul_add(2.718_281_828_459_045, -1.0) + r * p).ln_1p()
                } else {
                    t1 + 1.0
                }),
        )
    };
    (t1, dp)
}

/// The gradient of `entropy` with respect to `p`.
#[must_use]
fn entropy_gradient(p: f64) -> f64 {
    entropy_value_and_gradient(p).1
}

/// The value of `either` and its gradient with respect to `x` and `y`.
#[must_use]
fn either_value_and_gradient(x: f64, y: f64, careful: bool) -> (f64, [f64; 2]) {
    let a = x * y;
    let t1 = careful;
    let (returned, result, a_1) = if t1 {
        if a < 0.0 {
            (true, -a, a)
        } else {
            let a_1 = a.sqrt();
            (false, 0.0, a_1)
        }
    } else if a > 1.0 {
        (true, a.ln(), a)
    } else {
        let a_1 = a.exp();
        (false, 0.0, a_1)
    };
    let (result_1, dresult, da, dx): (_, f64, f64, f64) = if returned {
        (result, 1.0, 0.0, 0.0)
    } else {
        (a_1 + x, 0.0, 1.0, 1.0)
    };
    let (da_1, t2) = if t1 {
        if a < 0.0 {
            (da - dresult, false)
        } else {
            let t2 = if returned {
                0.0
            } else {
                let a_2 = a.sqrt();
                0.5 * da / a_2
            };
            (t2, returned)
        }
    } else if a > 1.0 {
        let t2 = if returned { dresult / a } else { 0.0 };
        (da + t2, false)
    } else {
        let t2 = if returned {
            0.0
        } else {
            let a_2 = a.exp();
            da * a_2
        };
        (t2, returned)
    };
    let (t3, t4) = if t2 { (0.0, 0.0) } else { (da_1 * y, da_1 * x) };
    (result_1, [dx + t3, t4])
}

/// The gradient of `either` with respect to `x` and `y`.
#[must_use]
fn either_gradient(x: f64, y: f64, careful: bool) -> [f64; 2] {
    either_value_and_gradient(x, y, careful).1
}
