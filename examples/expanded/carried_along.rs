//! What no derivative flows through stays as it was written, and in order: `match`, closures, iterators, printing, items.

#[differentiate(wrt(x))]
fn scaled(x: f64, mode: Option<u32>, data: &[f64]) -> f64 {
    const LIMIT: f64 = 3.0;
    let scale = match mode {
        Some(0) => 1.0,
        Some(n) => f64::from(n),
        None => data.iter().copied().fold(0.0, f64::max),
    };
    let mut shown = 0;
    if x > LIMIT {
        println!("{x} is large");
        shown += 1;
    }
    debug_assert!(x.is_finite() && shown < 2);
    x * x * scale
}

// What is emitted:

/// The value of `scaled` and its gradient with respect to `x`.
#[must_use]
fn scaled_value_and_gradient(x: f64, mode: Option<u32>, data: &[f64]) -> (f64, f64) {
    const LIMIT: f64 = 3.0;
    let arm = match mode {
        Some(0) => 0usize,
        Some(_) => 1usize,
        None => 2usize,
    };
    let scale = if arm == 0 {
        1.0
    } else if arm == 1 {
        let Some(n) = mode else { ::core::unreachable!("matched before") };
        f64::from(n)
    } else {
        let mut folded: f64 = 0.0;
        for i in 0..data.len() {
            let argument_1 = data[i];
            folded = folded.max(argument_1);
        }
        folded
    };
    let mut shown = 0;
    if x > LIMIT {
        println!("{x} is large");
        shown += 1;
    }
    debug_assert!(x.is_finite() && shown < 2);
    let t1 = scale * x;
    (x * x * scale, t1 + t1)
}

/// The gradient of `scaled` with respect to `x`.
#[must_use]
fn scaled_gradient(x: f64, mode: Option<u32>, data: &[f64]) -> f64 {
    scaled_value_and_gradient(x, mode, data).1
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
        ::symgrad::__private::known::is_the_function_of_that_name_in_the_library(
            f64::from,
            <::core::primitive::f64 as ::core::convert::From<f32>>::from,
        );
        ::symgrad::__private::known::is_the_function_of_that_name_in_the_library(
            f64::max,
            <::core::primitive::f64>::max,
        );
        ::symgrad::__methods_of_lists!(inside[] [] [] [len]);
    }
};
