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
    let mut tape = [(0.0, 0); 50];
    let mut top = 0_usize;
    let mut returned = false;
    let mut result: f64 = 0.0;
    let mut x: f64 = guess;
    let mut trips = 0_usize;
    for k in 0..50 {
        trips += 1;
        tape[top] = (x, k);
        top += 1;
        if x == 0.0 {
            returned = true;
            result = a;
            break;
        } else {
            let step = 0.5 * (x - a / x);
            let x_1 = x - step;
            if k < 3 {
                x = x_1;
            } else if step.abs() < 1e-15 {
                x = x_1;
                break;
            } else {
                x = x_1;
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
        top -= 1;
        let (x_1, k) = tape[top];
        let (da_1, dx_2, dresult_2) = if x_1 == 0.0 {
            (dresult_1, dx_1, 0.0)
        } else {
            let (dresult_2, dx_2) = if k < 3 {
                (dresult_1, dx_1)
            } else {
                let step = 0.5 * (x_1 - a / x_1);
                if step.abs() < 1e-15 { (dresult_1, dx_1) } else { (dresult_1, dx_1) }
            };
            let t1 = dx_2 * 0.5;
            let (t2, t3) = if returned {
                (0.0, 0.0)
            } else {
                (t1 / x_1, -(t1 * (a / x_1) / x_1))
            };
            (t2, dx_2 - t1 + t3, dresult_2)
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
