//! A cotangent times the Jacobian: of an array that is returned, and of a buffer that is written.

#[differentiate(vjp)]
fn rotate(v: &[f64; 2], angle: f64) -> [f64; 2] {
    let (s, c) = angle.sin_cos();
    [c * v[0] - s * v[1], s * v[0] + c * v[1]]
}

#[differentiate(vjp)]
fn scale(x: &[f64], factor: f64, out: &mut [f64]) {
    for i in 0..x.len() {
        out[i] = factor * x[i];
    }
}

// What is emitted:

/// The value of `rotate` and the product of the cotangent with the Jacobian of `rotate` with respect to `v` and `angle`, which overwrites the buffers.
fn rotate_vjp_into(
    v: &[f64; 2],
    angle: f64,
    cotangent: &[f64; 2],
    dv: &mut [f64; 2],
    dangle: &mut f64,
) -> [f64; 2] {
    dv.fill(0.0);
    let mut result: [f64; 2] = [0.0; 2];
    let mut cotangent0 = *cotangent;
    let s = angle.sin();
    let c = angle.cos();
    let t1 = v[0];
    let t2 = v[1];
    let t3 = c * t1 - s * t2;
    let t4 = s * t1 + c * t2;
    let array: [f64; 2] = [t3, t4];
    let mut darray: [f64; 2] = [0.0; 2];
    result = array;
    for i0 in 0..(2) {
        darray[i0] += cotangent0[i0];
    }
    cotangent0.fill(0.0);
    let t5 = darray[0];
    let t6 = darray[1];
    dv[1] += t6 * c - t5 * s;
    dv[0] += t6 * s + t5 * c;
    *dangle = (t6 * t1 - t5 * t2) * c - (t6 * t2 + t5 * t1) * s;
    result
}

/// The value of `rotate` and the product of the cotangent with the Jacobian of `rotate` with respect to `v` and `angle`.
#[must_use]
fn rotate_vjp(
    v: &[f64; 2],
    angle: f64,
    cotangent: &[f64; 2],
) -> ([f64; 2], ([f64; 2], f64)) {
    let mut dv: [f64; 2] = [0.0; 2];
    let mut dangle: f64 = 0.0;
    let value = rotate_vjp_into(v, angle, cotangent, &mut dv, &mut dangle);
    (value, (dv, dangle))
}

/// The product of the cotangent with the Jacobian of `scale` with respect to `x` and `factor`, which overwrites the buffers.
///
/// # Panics
///
/// If a cotangent has another length than what it belongs to.
fn scale_vjp_into(
    x: &[f64],
    factor: f64,
    out: &mut [f64],
    out_cotangent: &mut [f64],
    dx: &mut [f64],
    dfactor: &mut f64,
) -> () {
    ::core::assert_eq!(dx.len(), x.len(), "`dx` needs as many elements as `x`");
    dx.fill(0.0);
    ::core::assert!(
        out_cotangent.len() == out.len(), "`out_cotangent` needs the lengths of `out`"
    );
    let out_1 = &mut out[..x.len()];
    for i in 0..x.len() {
        out_1[i] = factor * x[i];
    }
    let mut dfactor_1: f64 = 0.0;
    let out_cotangent_1 = &mut out_cotangent[..x.len()];
    let dx_1 = &mut dx[..x.len()];
    for i in (0..x.len()).rev() {
        let t1 = out_cotangent_1[i];
        out_cotangent_1[i] = 0.0;
        dx_1[i] += t1 * factor;
        dfactor_1 += t1 * x[i];
    }
    *dfactor = dfactor_1;
    ()
}

/// The product of the cotangent with the Jacobian of `scale` with respect to `x` and `factor`.
///
/// # Panics
///
/// If a cotangent has another length than what it belongs to.
#[must_use]
fn scale_vjp(
    x: &[f64],
    factor: f64,
    out: &mut [f64],
    out_cotangent: &mut [f64],
) -> (::symgrad::__private::Vec<f64>, f64) {
    let mut dx: ::symgrad::__private::Vec<f64> = ::symgrad::__private::vec![
        0.0; x.len()
    ];
    let mut dfactor: f64 = 0.0;
    let value = scale_vjp_into(x, factor, out, out_cotangent, &mut dx, &mut dfactor);
    (dx, dfactor)
}
