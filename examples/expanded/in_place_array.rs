//! An algorithm that overwrites its array. The sweep reads from the records what the elements were, and at each store
//! takes the adjoint of the element and sets it to zero, because what was there before had no influence any more.

/// The last of the solutions of a bidiagonal system, by substitution in place.
#[differentiate]
fn substitute<const N: usize>(diagonal: &[f64; N], below: &[f64; N], right: &[f64; N]) -> f64 {
    let mut x = *right;
    x[0] /= diagonal[0];
    for i in 1..N {
        x[i] = (x[i] - below[i] * x[i - 1]) / diagonal[i];
    }
    x[N - 1]
}

// What is emitted:

/// The value of `substitute`; its gradient with respect to `diagonal`, `below` and `right` overwrites the buffers. Allocates nothing but a tape, if there has to be one.
fn substitute_value_and_gradient_into<const N: usize>(
    diagonal: &[f64; N],
    below: &[f64; N],
    right: &[f64; N],
    ddiagonal: &mut [f64; N],
    dbelow: &mut [f64; N],
    dright: &mut [f64; N],
) -> f64 {
    ddiagonal.fill(0.0);
    dbelow.fill(0.0);
    dright.fill(0.0);
    let mut tape = ::symgrad::__private::Vec::new();
    let mut x: [f64; N] = *right;
    let mut dx: [f64; N] = [0.0; N];
    let t1 = diagonal[0];
    let t2 = x[0] / t1;
    x[0] = t2;
    ::symgrad::__private::reserve(&mut tape, &(1..N));
    for i in 1..N {
        let t3 = x[i - 1];
        let t4 = (x[i] - below[i] * t3) / diagonal[i];
        x[i] = t4;
        tape.push((t4, t3));
    }
    let t3 = x[N - 1];
    dx[N - 1] += 1.0;
    for i in (1..N).rev() {
        let ::core::option::Option::Some((t4, t5)) = tape.pop() else {
            ::core::unreachable!("one record for each time that the primal came by")
        };
        let t6 = dx[i];
        dx[i] = 0.0;
        let t7 = diagonal[i];
        let t8 = t6 / t7;
        ddiagonal[i] -= t6 * t4 / t7;
        dx[i - 1] -= t8 * below[i];
        dbelow[i] -= t8 * t5;
        dx[i] += t8;
    }
    let t4 = dx[0];
    dx[0] = t4 / t1;
    ddiagonal[0] -= t4 * t2 / t1;
    for i0 in 0..(N) {
        dright[i0] += dx[i0];
    }
    t3
}

/// The value of `substitute` and its gradient with respect to `diagonal`, `below` and `right`.
#[must_use]
fn substitute_value_and_gradient<const N: usize>(
    diagonal: &[f64; N],
    below: &[f64; N],
    right: &[f64; N],
) -> (f64, ([f64; N], [f64; N], [f64; N])) {
    let mut ddiagonal: [f64; N] = [0.0; N];
    let mut dbelow: [f64; N] = [0.0; N];
    let mut dright: [f64; N] = [0.0; N];
    let value = substitute_value_and_gradient_into(
        diagonal,
        below,
        right,
        &mut ddiagonal,
        &mut dbelow,
        &mut dright,
    );
    (value, (ddiagonal, dbelow, dright))
}

/// The gradient of `substitute` with respect to `diagonal`, `below` and `right`.
#[must_use]
fn substitute_gradient<const N: usize>(
    diagonal: &[f64; N],
    below: &[f64; N],
    right: &[f64; N],
) -> ([f64; N], [f64; N], [f64; N]) {
    substitute_value_and_gradient(diagonal, below, right).1
}
