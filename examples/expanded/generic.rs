//! A function that is generic over its float type has no literals, and no `+=` unless it asks for it. The constants of the
//! derivative are converted once, and folded when the function is compiled for a type; those of the function are its own.

/// The logistic function of a polynomial.
#[differentiate]
fn response<T: Float>(x: T, coefficients: &[T]) -> T {
    let mut sum = T::zero();
    for &c in coefficients {
        sum = sum * x + c;
    }
    let scale = T::from(0.1).unwrap();
    (sum * scale).tanh().sqrt() / scale
}

// What is emitted:

/// The value of `response`; its gradient with respect to `x` and `coefficients` overwrites the buffers. Allocates nothing but a tape, if there has to be one.
///
/// # Panics
///
/// If a buffer has another length than its parameter.
fn response_value_and_gradient_into<T: Float>(
    x: T,
    coefficients: &[T],
    dx: &mut T,
    dcoefficients: &mut [T],
) -> T {
    ::core::assert_eq!(
        dcoefficients.len(), coefficients.len(),
        "`dcoefficients` needs as many elements as `coefficients`"
    );
    dcoefficients.fill(::symgrad::__private::constant(0.0));
    let one: T = ::symgrad::__private::constant(1.0);
    let half: T = ::symgrad::__private::constant(0.5);
    let c_1: T = ::symgrad::__private::constant(0.65);
    let two: T = ::symgrad::__private::constant(2.0);
    let four: T = ::symgrad::__private::constant(4.0);
    let zero: T = ::symgrad::__private::constant(0.0);
    let mut tape = ::symgrad::__private::Vec::new();
    ::symgrad::__private::reserve(&mut tape, &(0..coefficients.len()));
    let mut sum: T = T::zero();
    for i in 0..coefficients.len() {
        let c = coefficients[i];
        tape.push(sum);
        sum = sum * x + c;
    }
    let scale = T::from(0.1).unwrap();
    let t1 = sum * scale;
    let t2 = t1.tanh();
    let t3 = t2.sqrt();
    let mut dsum: T = half * (one / scale) / t3
        * ({
            if t2.abs() < c_1 {
                one - t2 * t2
            } else {
                let e = (-two * t1.abs()).exp();
                four * e / (one + e * (two + e))
            }
        }) * scale;
    let mut dx_1: T = zero;
    let dcoefficients_1 = &mut dcoefficients[..coefficients.len()];
    for i in (0..coefficients.len()).rev() {
        let ::core::option::Option::Some(sum_1) = tape.pop() else {
            ::core::unreachable!("one record for each time that the primal came by")
        };
        dcoefficients_1[i] = dcoefficients_1[i] + dsum;
        (dsum, dx_1) = (dsum * x, dx_1 + dsum * sum_1);
    }
    *dx = dx_1;
    t3 / scale
}

/// The value of `response` and its gradient with respect to `x` and `coefficients`.
#[must_use]
fn response_value_and_gradient<T: Float>(
    x: T,
    coefficients: &[T],
) -> (T, (T, ::symgrad::__private::Vec<T>)) {
    let mut dx: T = ::symgrad::__private::constant(0.0);
    let mut dcoefficients: ::symgrad::__private::Vec<T> = ::symgrad::__private::vec![
        ::symgrad::__private::constant(0.0); coefficients.len()
    ];
    let value = response_value_and_gradient_into(
        x,
        coefficients,
        &mut dx,
        &mut dcoefficients,
    );
    (value, (dx, dcoefficients))
}

/// The gradient of `response` with respect to `x` and `coefficients`.
#[must_use]
fn response_gradient<T: Float>(
    x: T,
    coefficients: &[T],
) -> (T, ::symgrad::__private::Vec<T>) {
    response_value_and_gradient(x, coefficients).1
}
