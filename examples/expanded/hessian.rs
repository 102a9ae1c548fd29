//! Second derivatives, forward over reverse: the tangent of the gradient, in the loops and branches of the gradient.

#[differentiate(hvp)]
fn rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        sum += 100.0 * (x[i + 1] - x[i] * x[i]).powi(2) + (1.0 - x[i]).powi(2);
    }
    sum
}

#[differentiate(hvp)]
fn iterated(x: f64, n: usize) -> f64 {
    let mut state = x;
    for _ in 0..n {
        state = (state * x).sin();
    }
    state
}

#[differentiate(hessian)]
fn gaussian(x: f64, mean: f64) -> f64 {
    (-(x - mean) * (x - mean)).exp()
}

#[differentiate(hessian)]
fn product(x: &[f64; 4]) -> f64 {
    let mut product = 1.0;
    for i in 0..4 {
        product *= x[i];
    }
    product
}

// What is emitted:

/// The product of the Hessian of `rosenbrock` with respect to `x` with a vector, which overwrites the buffers. No Hessian is formed.
///
/// # Panics
///
/// If a buffer has another length than its parameter.
fn rosenbrock_hvp_into(x: &[f64], x_vector: &[f64], x_product: &mut [f64]) -> () {
    ::core::assert_eq!(
        x_product.len(), x.len(), "`x_product` needs as many elements as `x`"
    );
    x_product.fill(0.0);
    ::core::assert_eq!(
        x_vector.len(), x.len(), "`x_vector` needs as many elements as `x`"
    );
    let end = x.len() - 1;
    for i in 0..end {
        let t1 = x[i];
        let t2 = x_vector[i];
        let t3 = t2 * t1;
        let t4 = (x_vector[i + 1] - (t3 + t3)) * 200.0;
        let t5 = t4 * t1 + t2 * (200.0 * (x[i + 1] - t1 * t1));
        x_product[i] += 2.0 * t2 - t5 - t5;
        x_product[i + 1] += t4;
    }
    ()
}

/// The product of the Hessian of `rosenbrock` with respect to `x` with a vector. No Hessian is formed.
#[must_use]
fn rosenbrock_hvp(x: &[f64], x_vector: &[f64]) -> ::symgrad::__private::Vec<f64> {
    let mut x_product: ::symgrad::__private::Vec<f64> = ::symgrad::__private::vec![
        0.0; x.len()
    ];
    let value = rosenbrock_hvp_into(x, x_vector, &mut x_product);
    x_product
}

/// The product of the Hessian of `iterated` with respect to `x` with a vector. No Hessian is formed.
#[must_use]
fn iterated_hvp(x: f64, n: usize, x_vector: f64) -> f64 {
    let mut tape = ::symgrad::__private::Vec::new();
    ::symgrad::__private::reserve(&mut tape, &(0..n));
    let mut state: f64 = x;
    let mut state_tangent: f64 = x_vector;
    for _ in 0..n {
        let t1 = state * x;
        tape.push((state, state_tangent));
        (state, state_tangent) = (
            t1.sin(),
            (state_tangent * x + x_vector * state) * t1.cos(),
        );
    }
    let mut dstate: f64 = 1.0;
    let mut dstate_tangent: f64 = 0.0;
    let mut dx_tangent: f64 = 0.0;
    for _ in (0..n).rev() {
        let ::core::option::Option::Some((state_1, state_tangent_1)) = tape.pop() else {
            ::core::unreachable!("one record for each time that the primal came by")
        };
        let t1 = state_1 * x;
        let t2 = t1.cos();
        let t3 = dstate * t2;
        let t4 = dstate_tangent * t2
            - (state_tangent_1 * x + x_vector * state_1) * t1.sin() * dstate;
        dstate = t3 * x;
        dstate_tangent = t4 * x + x_vector * t3;
        dx_tangent += t4 * state_1 + state_tangent_1 * t3;
    }
    dstate_tangent + dx_tangent
}

/// The value of `gaussian`, its gradient and its Hessian with respect to `x` and `mean`.
#[must_use]
fn gaussian_value_gradient_hessian(x: f64, mean: f64) -> (f64, [f64; 2], [[f64; 2]; 2]) {
    let x_vector = <::symgrad::__private::Lanes<f64, 2>>::unit(0);
    let mean_vector = <::symgrad::__private::Lanes<f64, 2>>::unit(1);
    let t1 = x - mean;
    let t2 = x_vector - mean_vector;
    let t3 = (-t1 * t1).exp();
    let t4 = {
        let p = t1 * t1;
        if ((-1.0_f64) * p).abs() < 2.0 {
            t3
        } else if ((-1.0_f64) * p).abs() < 1000.0 {
            let k = if <f64>::EPSILON < 1.0e-10 {
                134_217_729.0 * t1
            } else {
                4097.0 * t1
            };
            let a = k - (k - t1);
            let b = t1 - a;
            let e = ((a * a - p) + 2.0 * a * b) + b * b;
            ((-1.0_f64) * p).exp() * (1.0 + (-1.0_f64) * e)
        } else {
            t3
        }
    };
    let t5 = t1 * t4;
    let t6 = -2.0 * t5;
    let t7 = (t2 * t4 - t2 * 2.0 * t5 * t1) * -2.0;
    (
        t3,
        [t6, -t6],
        {
            let mut hessian = [t7, -t7];
            ::symgrad::__private::symmetric_rows(&mut hessian[..]);
            hessian.map(|row| (row).0)
        },
    )
}

/// The value of `gaussian`; its gradient and its Hessian with respect to `x` and `mean` overwrite the buffers.
fn gaussian_value_gradient_hessian_into(
    x: f64,
    mean: f64,
    gradient: &mut [f64; 2],
    hessian: &mut [[f64; 2]; 2],
) -> f64 {
    let value = gaussian_value_gradient_hessian(x, mean);
    *gradient = value.1;
    *hessian = value.2;
    value.0
}

/// The Hessian of `gaussian` with respect to `x` and `mean`.
#[must_use]
fn gaussian_hessian(x: f64, mean: f64) -> [[f64; 2]; 2] {
    gaussian_value_gradient_hessian(x, mean).2
}

/// The value of `product`; its gradient and its Hessian with respect to `x` overwrite the buffers.
fn product_value_gradient_hessian_into(
    x: &[f64; 4],
    dx: &mut [f64; 4],
    hessian: &mut [[f64; 4]; 4],
) -> f64 {
    let x_vector: [::symgrad::__private::Lanes<f64, 4>; 4] = ::core::array::from_fn(|i0| <::symgrad::__private::Lanes<
        f64,
        4,
    >>::unit(i0));
    let x_vector = &x_vector;
    dx.fill(0.0);
    let mut products: [::symgrad::__private::Lanes<f64, 4>; 4] = [<::symgrad::__private::Lanes<
        f64,
        4,
    >>::zero(); 4];
    let mut tape = [(0.0, <::symgrad::__private::Lanes<f64, 4>>::zero()); 4];
    let mut top = 0_usize;
    let mut product: f64 = 1.0;
    let mut product_tangent: ::symgrad::__private::Lanes<f64, 4> = <::symgrad::__private::Lanes<
        f64,
        4,
    >>::zero();
    for i in 0..4 {
        let t1 = x[i];
        tape[top] = (product, product_tangent);
        top += 1;
        (product, product_tangent) = (
            product * t1,
            product_tangent * t1 + x_vector[i] * product,
        );
    }
    let mut dproduct: f64 = 1.0;
    let mut dproduct_tangent: ::symgrad::__private::Lanes<f64, 4> = <::symgrad::__private::Lanes<
        f64,
        4,
    >>::zero();
    for i in (0..4).rev() {
        top -= 1;
        let (product_1, product_tangent_1) = tape[top];
        let t1 = x[i];
        dx[i] += dproduct * product_1;
        products[i] += dproduct_tangent * product_1 + product_tangent_1 * dproduct;
        (dproduct, dproduct_tangent) = (
            dproduct * t1,
            dproduct_tangent * t1 + x_vector[i] * dproduct,
        );
    }
    {
        *hessian = {
            ::symgrad::__private::symmetric_rows(&mut products[..]);
            products.map(|row| (row).0)
        };
        product
    }
}

/// The value of `product`, its gradient and its Hessian with respect to `x`.
#[must_use]
fn product_value_gradient_hessian(x: &[f64; 4]) -> (f64, [f64; 4], [[f64; 4]; 4]) {
    let mut dx: [f64; 4] = [0.0; 4];
    let mut hessian: [[f64; 4]; 4] = [[0.0; 4]; 4];
    let value = product_value_gradient_hessian_into(x, &mut dx, &mut hessian);
    (value, dx, hessian)
}

/// The Hessian of `product` with respect to `x`.
#[must_use]
fn product_hessian(x: &[f64; 4]) -> [[f64; 4]; 4] {
    product_value_gradient_hessian(x).2
}
