//! Loops over ranges, forwards, backwards and in steps; over the elements of arrays; and over any other iterator, which is
//! carried along, because nothing active is in it.

#[differentiate]
fn horner(coefficients: &[f64], x: f64) -> f64 {
    let mut value = 0.0;
    for k in (0..coefficients.len()).rev() {
        value = value * x + coefficients[k];
    }
    for k in (0..=4).step_by(2) {
        value += x * k as f64;
    }
    value
}

#[differentiate(wrt(w))]
fn weighted(w: &[f64; 3], x: &[f64; 3], names: &[&str]) -> f64 {
    let mut scaled = *x;
    for (s, w) in scaled.iter_mut().zip(w) {
        *s *= w;
    }
    let mut sum = 0.0;
    for (i, s) in scaled.iter().enumerate() {
        sum += s.exp() / (i + 1) as f64;
    }
    for letters in names.iter().map(|name| name.len()).filter(|n| n % 2 == 1) {
        sum += scaled[letters % 3];
    }
    sum
}

// What is emitted:

/// The value of `horner`; its gradient with respect to `coefficients` and `x` overwrites the buffers. Allocates nothing but a tape, if there has to be one.
///
/// # Panics
///
/// If a buffer has another length than its parameter.
fn horner_value_and_gradient_into(
    coefficients: &[f64],
    x: f64,
    dcoefficients: &mut [f64],
    dx: &mut f64,
) -> f64 {
    ::core::assert_eq!(
        dcoefficients.len(), coefficients.len(),
        "`dcoefficients` needs as many elements as `coefficients`"
    );
    dcoefficients.fill(0.0);
    let mut tape = ::symgrad::__private::Vec::new();
    ::symgrad::__private::reserve(&mut tape, &(0..coefficients.len()));
    let mut value: f64 = 0.0;
    for k in (0..coefficients.len()).rev() {
        tape.push(value);
        value = value * x + coefficients[k];
    }
    let mut value_1: f64 = value;
    let mut dx_1: f64 = 0.0;
    for k in (0..=4).step_by(2) {
        value_1 += x * k as f64;
        dx_1 += k as f64;
    }
    let mut dvalue: f64 = 1.0;
    let mut dx_2: f64 = 0.0;
    let dcoefficients_1 = &mut dcoefficients[..coefficients.len()];
    for k in 0..coefficients.len() {
        let ::core::option::Option::Some(value_2) = tape.pop() else {
            ::core::unreachable!("one record for each time that the primal came by")
        };
        dcoefficients_1[k] += dvalue;
        (dvalue, dx_2) = (dvalue * x, dx_2 + dvalue * value_2);
    }
    *dx = dx_1 + dx_2;
    value_1
}

/// The value of `horner` and its gradient with respect to `coefficients` and `x`.
#[must_use]
fn horner_value_and_gradient(
    coefficients: &[f64],
    x: f64,
) -> (f64, (::symgrad::__private::Vec<f64>, f64)) {
    let mut dcoefficients: ::symgrad::__private::Vec<f64> = ::symgrad::__private::vec![
        0.0; coefficients.len()
    ];
    let mut dx: f64 = 0.0;
    let value = horner_value_and_gradient_into(
        coefficients,
        x,
        &mut dcoefficients,
        &mut dx,
    );
    (value, (dcoefficients, dx))
}

/// The gradient of `horner` with respect to `coefficients` and `x`.
#[must_use]
fn horner_gradient(
    coefficients: &[f64],
    x: f64,
) -> (::symgrad::__private::Vec<f64>, f64) {
    horner_value_and_gradient(coefficients, x).1
}

/// The value of `weighted`; its gradient with respect to `w` overwrites the buffers. Allocates nothing but a tape, if there has to be one.
fn weighted_value_and_gradient_into(
    w: &[f64; 3],
    x: &[f64; 3],
    names: &[&str],
    dw: &mut [f64; 3],
) -> f64 {
    dw.fill(0.0);
    let mut tape = [0.0; 3];
    let mut top = 0_usize;
    let mut scaled: [f64; 3] = *x;
    let mut dscaled: [f64; 3] = [0.0; 3];
    for i in 0..3 {
        let w_1 = w[i];
        let t1 = scaled[i];
        scaled[i] = t1 * w_1;
        tape[top] = t1;
        top += 1;
    }
    let mut sum: f64 = 0.0;
    for i in 0usize..3 {
        let s = scaled[i];
        let t1 = s.exp();
        dscaled[i] += 1.0 / (i + 1) as f64 * t1;
        sum += t1 / (i + 1) as f64;
    }
    let mut sum_1: f64 = sum;
    for letters in names.iter().map(|name| name.len()).filter(|n| n % 2 == 1) {
        let t1 = scaled[letters % 3];
        dscaled[letters % 3] += 1.0;
        sum_1 += t1;
    }
    for i in (0..3).rev() {
        top -= 1;
        let t1 = tape[top];
        let t2 = dscaled[i];
        let w_1 = w[i];
        dscaled[i] = t2 * w_1;
        dw[i] += t2 * t1;
    }
    sum_1
}

/// The value of `weighted` and its gradient with respect to `w`.
#[must_use]
fn weighted_value_and_gradient(
    w: &[f64; 3],
    x: &[f64; 3],
    names: &[&str],
) -> (f64, [f64; 3]) {
    let mut dw: [f64; 3] = [0.0; 3];
    let value = weighted_value_and_gradient_into(w, x, names, &mut dw);
    (value, dw)
}

/// The gradient of `weighted` with respect to `w`.
#[must_use]
fn weighted_gradient(w: &[f64; 3], x: &[f64; 3], names: &[&str]) -> [f64; 3] {
    weighted_value_and_gradient(w, x, names).1
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
            use ::symgrad::__private::known::TheMethodOfTheFloatItself as _;
            number.exp(::symgrad::__private::known::Asked);
            (&mut *changed).exp(::symgrad::__private::known::Asked);
        }
        ::symgrad::__methods_of_lists!(inside[iter] [iter_mut fill] [] [len]);
    }
};
