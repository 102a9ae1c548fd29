//! `break`, `continue` and `return` in a loop. What follows an exit stands in the other arm; each arm with an end of its
//! own has a tape of its own. The sweep runs over as many iterations as were begun.

#[differentiate]
fn root(a: f64, guess: f64) -> f64 {
    let mut x = guess;
    for k in 0..50 {
        if x == 0.0 {
            return a;
        }
        let step = 0.5 * (x - a / x);
        x -= step;
        if k < 3 {
            continue;
        }
        if step.abs() < 1e-15 {
            break;
        }
    }
    x
}

// What is emitted:

/// The value of `root` and its gradient with respect to `a` and `guess`.
#[must_use]
fn root_value_and_gradient(a: f64, guess: f64) -> (f64, [f64; 2]) {
    let mut tape = ::symgrad::__private::Vec::new();
    let mut tape_1 = ::symgrad::__private::Vec::new();
    let mut returned = false;
    let mut result: f64 = 0.0;
    let mut x: f64 = guess;
    let mut trips = 0_usize;
    for k in 0..50 {
        trips += 1;
        let t1 = x == 0.0;
        tape_1.push((t1, k, x));
        if t1 {
            returned = true;
            result = a;
            break;
        } else {
            let step = 0.5 * (x - a / x);
            let x_1 = x - step;
            if k < 3 {
                x = x_1;
            } else {
                let t2 = step.abs() < 1e-15;
                tape.push(t2);
                if t2 {
                    x = x_1;
                    break;
                } else {
                    x = x_1;
                }
            }
        }
    }
    let (result_1, dresult, dx): (_, f64, f64) = if returned {
        (result, 1.0, 0.0)
    } else {
        (x, 0.0, 1.0)
    };
    let mut dresult_1: f64 = dresult;
    let mut dx_1: f64 = dx;
    let mut da: f64 = 0.0;
    for _ in 0..trips {
        let ::core::option::Option::Some((t1, k, x_1)) = tape_1.pop() else {
            ::core::unreachable!("one record for each time that the primal came by")
        };
        let (da_1, dx_2, dresult_2) = if t1 {
            (dresult_1, dx_1, 0.0)
        } else {
            let (dresult_2, dx_2) = if k < 3 {
                (dresult_1, dx_1)
            } else {
                let ::core::option::Option::Some(t2) = tape.pop() else {
                    ::core::unreachable!(
                        "one record for each time that the primal came by"
                    )
                };
                if t2 { (dresult_1, dx_1) } else { (dresult_1, dx_1) }
            };
            let t2 = dx_2 * 0.5;
            (t2 / x_1, dx_2 - t2 - t2 * (a / x_1) / x_1, dresult_2)
        };
        dresult_1 = dresult_2;
        dx_1 = dx_2;
        da += da_1;
    }
    (result_1, [da, dx_1])
}

/// The gradient of `root` with respect to `a` and `guess`.
#[must_use]
fn root_gradient(a: f64, guess: f64) -> [f64; 2] {
    root_value_and_gradient(a, guess).1
}
