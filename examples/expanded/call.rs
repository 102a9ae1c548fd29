//! Calls of another annotated function. The callee computes its gradient together with its value, where the call stands,
//! and puts it into slots, one for each argument; the caller scales it when its own adjoint is known. The hidden protocol,
//! an enum of the function's own name, is shown in this file only.

#[differentiate(gradient, jvp)]
fn softplus(z: f64) -> f64 {
    z.max(0.0) + (-z.abs()).exp().ln_1p()
}

#[differentiate(wrt(x))]
fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += x[i] * y[i];
    }
    sum
}

#[differentiate(wrt(w, b))]
fn loss(w: &[f64; 3], b: f64, x: &[f64; 3]) -> f64 {
    softplus(dot(w, x) + b)
}

// What is emitted:

/// The value of `softplus` and its gradient with respect to `z`.
#[must_use]
fn softplus_value_and_gradient(z: f64) -> (f64, f64) {
    let t1 = (-z.abs()).exp();
    (z.max(0.0) + t1.ln_1p(), if z >= 0.0 { 1.0 / (1.0 + t1) } else { t1 / (1.0 + t1) })
}

/// The gradient of `softplus` with respect to `z`.
#[must_use]
fn softplus_gradient(z: f64) -> f64 {
    softplus_value_and_gradient(z).1
}

/// The value of `softplus` and its directional derivative along the tangents of `z`.
#[must_use]
fn softplus_jvp(z: f64, z_tangent: f64) -> (f64, f64) {
    let t1 = (-z.abs()).exp();
    (
        z.max(0.0) + t1.ln_1p(),
        z_tangent * (if z >= 0.0 { 1.0 / (1.0 + t1) } else { t1 / (1.0 + t1) }),
    )
}

::symgrad::__the_attribute_must_go_on_the_impl_block! {
    enum [] softplus_gradient[] softplus_value_and_gradient[] softplus_jvp[] softplus
}

#[doc(hidden)]
impl softplus {
    #[inline]
    fn __symgrad_v1_function() -> impl ::core::ops::Fn(f64) -> f64 + 'static {
        softplus
    }
    #[inline]
    #[track_caller]
    pub fn __symgrad_v1_gradient(
        called: impl ::core::ops::Fn(f64) -> f64 + 'static,
        z: f64,
        slot_z: impl ::symgrad::__private::Slot<f64>,
    ) -> f64 {
        ::symgrad::__private::is(&called, &Self::__symgrad_v1_function());
        let (value, gradient) = softplus_value_and_gradient(z);
        ::symgrad::__private::Slot::put(slot_z, &gradient);
        value
    }
    #[inline]
    #[track_caller]
    pub fn __symgrad_v1_jvp(
        called: impl ::core::ops::Fn(f64) -> f64 + 'static,
        z: f64,
        slot_z: impl ::symgrad::__private::Tangent<f64>,
    ) -> (f64, f64) {
        ::symgrad::__private::is(&called, &Self::__symgrad_v1_function());
        let zero_z = 0.0;
        let slot_z: &f64 = ::symgrad::__private::Tangent::or_zero(&slot_z, &zero_z);
        softplus_jvp(z, *slot_z)
    }
}

#[doc(hidden)]
impl softplus_gradient {
    ::symgrad::__companion_without_derivatives! {
        companion_without_derivatives__add_hvp_to_the_attribute_of_its_function
    }
}

#[doc(hidden)]
impl softplus_value_and_gradient {
    ::symgrad::__companion_without_derivatives! {
        companion_without_derivatives__add_hvp_to_the_attribute_of_its_function
    }
}

#[doc(hidden)]
impl softplus_jvp {
    ::symgrad::__companion_without_derivatives! {
        companion_without_derivatives__add_hvp_to_the_attribute_of_its_function
    }
}

/// The value of `dot`; its gradient with respect to `x` overwrites the buffers. Allocates nothing but a tape, if there has to be one.
///
/// # Panics
///
/// If a buffer has another length than its parameter.
fn dot_value_and_gradient_into(x: &[f64], y: &[f64], dx: &mut [f64]) -> f64 {
    ::core::assert_eq!(dx.len(), x.len(), "`dx` needs as many elements as `x`");
    dx.fill(0.0);
    let mut sum: f64 = 0.0;
    let y_1 = &y[..x.len()];
    let dx_1 = &mut dx[..x.len()];
    for i in 0..x.len() {
        let t1 = y_1[i];
        dx_1[i] += t1;
        sum += x[i] * t1;
    }
    sum
}

/// The value of `dot` and its gradient with respect to `x`.
#[must_use]
fn dot_value_and_gradient(
    x: &[f64],
    y: &[f64],
) -> (f64, ::symgrad::__private::Vec<f64>) {
    let mut dx: ::symgrad::__private::Vec<f64> = ::symgrad::__private::vec![
        0.0; x.len()
    ];
    let value = dot_value_and_gradient_into(x, y, &mut dx);
    (value, dx)
}

/// The gradient of `dot` with respect to `x`.
#[must_use]
fn dot_gradient(x: &[f64], y: &[f64]) -> ::symgrad::__private::Vec<f64> {
    dot_value_and_gradient(x, y).1
}

::symgrad::__methods_of_lists! {
    [] [fill] [] [len]
}

::symgrad::__the_attribute_must_go_on_the_impl_block! {
    enum [] dot_gradient[] dot_value_and_gradient[] dot
}

#[doc(hidden)]
impl dot {
    #[inline]
    fn __symgrad_v1_function() -> impl ::core::ops::Fn(&[f64], &[f64]) -> f64 + 'static {
        dot
    }
    #[inline]
    #[track_caller]
    pub fn __symgrad_v1_gradient(
        called: impl ::core::ops::Fn(&[f64], &[f64]) -> f64 + 'static,
        x: &[f64],
        y: &[f64],
        slot_x: impl ::symgrad::__private::Slot<[f64]>,
        slot_y: impl ::symgrad::__private::NotInWrt,
    ) -> f64 {
        ::symgrad::__private::is(&called, &Self::__symgrad_v1_function());
        let (value, gradient) = dot_value_and_gradient(x, y);
        ::symgrad::__private::Slot::put(slot_x, &gradient);
        value
    }
    #[inline]
    #[track_caller]
    pub fn __symgrad_v1_jvp(
        called: impl ::core::ops::Fn(&[f64], &[f64]) -> f64 + 'static,
        x: &[f64],
        y: &[f64],
        slot_x: impl ::symgrad::__private::HasJvp,
        slot_y: impl ::symgrad::__private::HasJvp,
    ) -> (f64, f64) {
        ::symgrad::__private::is(&called, &Self::__symgrad_v1_function());
        ::core::unimplemented!("the function could not be differentiated")
    }
}

#[doc(hidden)]
impl dot_gradient {
    ::symgrad::__companion_without_derivatives! {
        companion_without_derivatives__add_hvp_to_the_attribute_of_its_function
    }
}

#[doc(hidden)]
impl dot_value_and_gradient {
    ::symgrad::__companion_without_derivatives! {
        companion_without_derivatives__add_hvp_to_the_attribute_of_its_function
    }
}

/// The value of `loss`; its gradient with respect to `w` and `b` overwrites the buffers. Allocates nothing but a tape, if there has to be one.
fn loss_value_and_gradient_into(
    w: &[f64; 3],
    b: f64,
    x: &[f64; 3],
    dw: &mut [f64; 3],
    db: &mut f64,
) -> f64 {
    dw.fill(0.0);
    let mut partials0: [f64; 3] = [0.0; 3];
    let t1 = dot::__symgrad_v1_gradient(
        dot,
        w,
        x,
        &mut partials0,
        ::symgrad::__private::NoGradient,
    );
    let t2 = t1 + b;
    let mut partial0: f64 = 0.0;
    let t3 = softplus::__symgrad_v1_gradient(softplus, t2, &mut partial0);
    for i0 in 0..(3) {
        dw[i0] += partial0 * partials0[i0];
    }
    *db = partial0;
    t3
}

/// The value of `loss` and its gradient with respect to `w` and `b`.
#[must_use]
fn loss_value_and_gradient(
    w: &[f64; 3],
    b: f64,
    x: &[f64; 3],
) -> (f64, ([f64; 3], f64)) {
    let mut dw: [f64; 3] = [0.0; 3];
    let mut db: f64 = 0.0;
    let value = loss_value_and_gradient_into(w, b, x, &mut dw, &mut db);
    (value, (dw, db))
}

/// The gradient of `loss` with respect to `w` and `b`.
#[must_use]
fn loss_gradient(w: &[f64; 3], b: f64, x: &[f64; 3]) -> ([f64; 3], f64) {
    loss_value_and_gradient(w, b, x).1
}

::symgrad::__methods_of_lists! {
    [] [fill] [] []
}

::symgrad::__the_attribute_must_go_on_the_impl_block! {
    enum [] loss_gradient[] loss_value_and_gradient[] loss
}

#[doc(hidden)]
impl loss {
    #[inline]
    fn __symgrad_v1_function() -> impl ::core::ops::Fn(
        &[f64; 3],
        f64,
        &[f64; 3],
    ) -> f64 + 'static {
        loss
    }
    #[inline]
    #[track_caller]
    pub fn __symgrad_v1_gradient(
        called: impl ::core::ops::Fn(&[f64; 3], f64, &[f64; 3]) -> f64 + 'static,
        w: &[f64; 3],
        b: f64,
        x: &[f64; 3],
        slot_w: impl ::symgrad::__private::Slot<[f64; 3]>,
        slot_b: impl ::symgrad::__private::Slot<f64>,
        slot_x: impl ::symgrad::__private::NotInWrt,
    ) -> f64 {
        ::symgrad::__private::is(&called, &Self::__symgrad_v1_function());
        let (value, gradient) = loss_value_and_gradient(w, b, x);
        ::symgrad::__private::Slot::put(slot_w, &gradient.0);
        ::symgrad::__private::Slot::put(slot_b, &gradient.1);
        value
    }
    #[inline]
    #[track_caller]
    pub fn __symgrad_v1_jvp(
        called: impl ::core::ops::Fn(&[f64; 3], f64, &[f64; 3]) -> f64 + 'static,
        w: &[f64; 3],
        b: f64,
        x: &[f64; 3],
        slot_w: impl ::symgrad::__private::HasJvp,
        slot_b: impl ::symgrad::__private::HasJvp,
        slot_x: impl ::symgrad::__private::HasJvp,
    ) -> (f64, f64) {
        ::symgrad::__private::is(&called, &Self::__symgrad_v1_function());
        ::core::unimplemented!("the function could not be differentiated")
    }
    #[inline]
    pub fn __symgrad_v1_passes<__Passes: ::symgrad::__private::Passes>() {
        if false {
            use ::symgrad::__private::MayRunAgain as _;
            dot::__symgrad_v1_passes::<__Passes>();
        }
        if false {
            use ::symgrad::__private::MayRunAgain as _;
            softplus::__symgrad_v1_passes::<__Passes>();
        }
    }
}

#[doc(hidden)]
impl loss_gradient {
    ::symgrad::__companion_without_derivatives! {
        companion_without_derivatives__add_hvp_to_the_attribute_of_its_function
    }
}

#[doc(hidden)]
impl loss_value_and_gradient {
    ::symgrad::__companion_without_derivatives! {
        companion_without_derivatives__add_hvp_to_the_attribute_of_its_function
    }
}
