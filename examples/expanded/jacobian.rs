//! A Jacobian: all columns are lanes of one pass, or, over a slice, of a pass for every eight of them.

#[differentiate(jacobian)]
fn polar(x: f64, y: f64) -> (f64, f64) {
    (x.hypot(y), y.atan2(x))
}

#[differentiate(jacobian)]
fn squares(x: &[f64]) -> Vec<f64> {
    let mut squares = vec![0.0; x.len()];
    for i in 0..x.len() {
        squares[i] = x[i] * x[i];
    }
    squares
}

// What is emitted:

/// The value of `polar`; its Jacobian with respect to `x` and `y` overwrites the buffer.
fn polar_value_and_jacobian_into(
    x: f64,
    y: f64,
    jacobian: &mut [[f64; 2]; 2],
) -> (f64, f64) {
    let x_vector = <::symgrad::__private::Lanes<f64, 2>>::unit(0);
    let y_vector = <::symgrad::__private::Lanes<f64, 2>>::unit(1);
    let mut result0: [f64; 1] = [0.0; 1];
    let mut result1: [f64; 1] = [0.0; 1];
    let mut result_tangent0: [::symgrad::__private::Lanes<f64, 2>; 1] = [<::symgrad::__private::Lanes<
        f64,
        2,
    >>::zero(); 1];
    let mut result_tangent1: [::symgrad::__private::Lanes<f64, 2>; 1] = [<::symgrad::__private::Lanes<
        f64,
        2,
    >>::zero(); 1];
    let t1 = x.hypot(y);
    result0[0] = t1;
    result_tangent0[0] = x_vector
        * ({
            if t1.is_normal() {
                x / t1
            } else if t1 == 0.0 {
                0.0
            } else {
                let s = if t1 < 1.0 { 1.0 / <f64>::EPSILON } else { 0.25 };
                s * x / (s * x).hypot(s * y)
            }
        })
        + y_vector
            * ({
                if t1.is_normal() {
                    y / t1
                } else if t1 == 0.0 {
                    0.0
                } else {
                    let s = if t1 < 1.0 { 1.0 / <f64>::EPSILON } else { 0.25 };
                    s * y / (s * y).hypot(s * x)
                }
            });
    result1[0] = y.atan2(x);
    result_tangent1[0] = y_vector
        * ({
            let q = x * x + y * y;
            if q > <f64>::MIN_POSITIVE / <f64>::EPSILON && q < <f64>::MAX {
                x / q
            } else {
                let h = x.hypot(y);
                x / h / h
            }
        })
        - x_vector
            * ({
                let q = y * y + x * x;
                if q > <f64>::MIN_POSITIVE / <f64>::EPSILON && q < <f64>::MAX {
                    y / q
                } else {
                    let h = y.hypot(x);
                    y / h / h
                }
            });
    {
        *jacobian = [(result_tangent0[0]).0, (result_tangent1[0]).0];
        (result0[0], result1[0])
    }
}

/// The value of `polar` and its Jacobian with respect to `x` and `y`.
#[must_use]
fn polar_value_and_jacobian(x: f64, y: f64) -> ((f64, f64), [[f64; 2]; 2]) {
    let mut jacobian: [[f64; 2]; 2] = [[0.0, 0.0]; 2];
    let value = polar_value_and_jacobian_into(x, y, &mut jacobian);
    (value, jacobian)
}

/// The Jacobian of `polar` with respect to `x` and `y`: row j is the gradient of output j.
#[must_use]
fn polar_jacobian(x: f64, y: f64) -> [[f64; 2]; 2] {
    polar_value_and_jacobian(x, y).1
}

/// The value of `squares`; its Jacobian with respect to `x`, row by row, overwrites the buffer. A `Vec` gets the length that it needs.
fn squares_value_and_jacobian_into(
    x: &[f64],
    jacobian: &mut ::symgrad::__private::Vec<f64>,
) -> ::symgrad::__private::Vec<f64> {
    if (x.len()) > 8
        && ({
            let first = squares(x);
            first.len()
        }) * 8 < (x.len())
    {
        return {
            let first = squares(x);
            let rows = first.len();
            (*jacobian).resize((first.len()) * (x.len() * (1)), 0.0);
            if rows == 0 {
                let value = first;
                return value;
            }
            let mut row = 0_usize;
            loop {
                let value = {
                    let mut result: ::symgrad::__private::Vec<f64> = ::symgrad::__private::Vec::new();
                    let mut cotangent0: ::symgrad::__private::Vec<f64> = ::symgrad::__private::vec![
                        0.0; first.len()
                    ];
                    if let ::core::option::Option::Some(one) = cotangent0
                        .get_mut(row.wrapping_sub(0))
                    {
                        *one = 1.0;
                    }
                    let dx: &mut [f64] = {
                        &mut (*jacobian)[(row - (0))
                            * (x.len() * (1))..][..x.len() * (1)]
                    };
                    dx.fill(0.0);
                    let mut squares: ::symgrad::__private::Vec<f64> = ::symgrad::__private::vec![
                        0.0; x.len()
                    ];
                    let mut dsquares: ::symgrad::__private::Vec<f64> = ::symgrad::__private::vec![
                        0.0; squares.len()
                    ];
                    let squares_1 = &mut squares[..x.len()];
                    for i in 0..x.len() {
                        let t1 = x[i];
                        squares_1[i] = t1 * t1;
                    }
                    result = squares.to_vec();
                    for i0 in 0..cotangent0.len() {
                        dsquares[i0] += cotangent0[i0];
                    }
                    cotangent0.fill(0.0);
                    let dsquares_1 = &mut dsquares[..x.len()];
                    let dx_1 = &mut dx[..x.len()];
                    for i in (0..x.len()).rev() {
                        let t1 = dsquares_1[i];
                        dsquares_1[i] = 0.0;
                        let t2 = t1 * x[i];
                        dx_1[i] += t2 + t2;
                    }
                    result
                };
                row += 1;
                if row == rows {
                    return value;
                }
            }
        };
    }
    let mut start = 0_usize;
    loop {
        let (value, (result_tangent,)) = {
            let x_vector: ::symgrad::__private::Vec<
                ::symgrad::__private::Lanes<f64, 8>,
            > = (0..x.len())
                .map(|i| <::symgrad::__private::Lanes<
                    f64,
                    8,
                >>::unit((i).wrapping_sub(start)))
                .collect();
            let x_vector = &x_vector[..];
            let mut result: ::symgrad::__private::Vec<f64> = ::symgrad::__private::Vec::new();
            let mut result_tangent: ::symgrad::__private::Vec<
                ::symgrad::__private::Lanes<f64, 8>,
            > = ::symgrad::__private::Vec::new();
            let mut squares: ::symgrad::__private::Vec<f64> = ::symgrad::__private::vec![
                0.0; x.len()
            ];
            let mut squares_tangent: ::symgrad::__private::Vec<
                ::symgrad::__private::Lanes<f64, 8>,
            > = ::symgrad::__private::vec![
                < ::symgrad::__private::Lanes < f64, 8 > > ::zero(); x.len()
            ];
            let x_vector_1 = &x_vector[..x.len()];
            let squares_1 = &mut squares[..x.len()];
            let squares_tangent_1 = &mut squares_tangent[..x.len()];
            for i in 0..x.len() {
                let t1 = x[i];
                let t2 = x_vector_1[i] * t1;
                squares_1[i] = t1 * t1;
                squares_tangent_1[i] = t2 + t2;
            }
            result = squares.to_vec();
            result_tangent = squares_tangent.to_vec();
            (result, (result_tangent,))
        };
        {
            let flat = &result_tangent;
            (*jacobian).resize(flat.len() * (x.len()), 0.0);
            ::symgrad::__private::put_columns(
                &mut (*jacobian)[..],
                &flat[..],
                x.len(),
                start,
            );
        }
        start += 8;
        if start >= x.len() {
            return value;
        }
    }
}

/// The value of `squares` and its Jacobian with respect to `x`, row by row.
#[must_use]
fn squares_value_and_jacobian(
    x: &[f64],
) -> (::symgrad::__private::Vec<f64>, ::symgrad::__private::Vec<f64>) {
    let mut jacobian: ::symgrad::__private::Vec<f64> = ::symgrad::__private::Vec::new();
    let value = squares_value_and_jacobian_into(x, &mut jacobian);
    (value, jacobian)
}

/// The Jacobian of `squares` with respect to `x`, row by row: row j is the gradient of output j.
#[must_use]
fn squares_jacobian(x: &[f64]) -> ::symgrad::__private::Vec<f64> {
    squares_value_and_jacobian(x).1
}

const _: () = {
    #[allow(
        dead_code,
        unreachable_code,
        unused_variables,
        unused_mut,
        unused_assignments,
        unused_parens,
        unused_imports,
        unused_must_use,
        non_snake_case,
        irrefutable_let_patterns
    )]
    #[allow(clippy::all, clippy::pedantic, clippy::nursery)]
    fn names(number: &f64, changed: &mut f64) {
        {
            use ::symgrad::__private::known::macros::*;
            let _ = vec![(); 0];
        }
        ::symgrad::__methods_of_lists!(
            inside[first to_vec] [fill get_mut] [resize] [len]
        );
    }
};
