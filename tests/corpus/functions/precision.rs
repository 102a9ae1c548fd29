//! Single precision, and values that a careless derivative loses.

use symgrad_oracle::case;

#[case((0.5, -2.0), (3.0, 0.25))]
fn straight_line(x: f32, y: f32) -> f32 {
    let a = x * y + 2.0;
    a * a - x / 3.0 + 0.5_f32 * y
}

#[case((0.5), (1.5))]
fn methods(x: f32) -> f32 {
    x.sin() * x.exp() + x.ln() * x.sqrt() + x.tanh().atan() + x.powi(3) + x.powf(1.5) + f32::cos(x)
}

#[case((0.5), (1.5))]
fn more_methods(x: f32) -> f32 {
    x.cbrt() + x.hypot(2.0) + x.atan2(x + 1.0) + x.asinh().sinh() + x.ln_1p() * x.exp_m1() + x.log10() + x.recip()
}

#[case((0.5), (-0.5))]
fn branches(x: f32) -> f32 {
    if x > 0.0 {
        return x * x;
    }
    let y = if x < -1.0 { x.sin() } else { x.exp() };
    y * x
}

#[case((0.5, 4), (0.5, 0))]
fn loops(x: f32, n: usize) -> f32 {
    let mut y = x;
    for i in 0..n {
        y = y * x + i as f32;
    }
    y
}

#[case(([0.5, 2.0, -1.0]), ([]))]
fn slices(x: &[f32]) -> f32 {
    let mut s = 0.0;
    for &v in x {
        s += v * v.sin();
    }
    s * 0.5
}

#[case(([0.5, 2.0, -1.0]))]
fn local_arrays(x: &[f32; 3]) -> f32 {
    let mut b = [0.0; 3];
    let mut c: [f32; 3] = *x;
    for i in 0..3 {
        b[i] = x[i] * c[2 - i];
        c[i] += b[0];
    }
    b[0] * c[1] + b[2]
}

#[case(([[0.5, 2.0], [-1.0, 0.25]], [1.0, 2.0]))]
fn nested_arrays(m: &[[f32; 2]; 2], v: [f32; 2]) -> f32 {
    let mut s = 0.0;
    for (row, k) in m.iter().zip(v) {
        for w in row {
            s += k * w * w;
        }
    }
    s
}

#[case((4.0), (0.5))]
fn whiles(x: f32) -> f32 {
    let mut y = x;
    let mut k = 0;
    while k < 6 {
        y = 0.5 * (y + x / y);
        k += 1;
    }
    y
}

#[case((0.5))]
fn constants(x: f32) -> f32 {
    const C: f32 = 0.25;
    x * std::f32::consts::PI + C * x * x + x.log2() + f32::EPSILON * x
}

#[case(calls(straight_line), (0.5, 2.0))]
fn calls(x: f32, y: f32) -> f32 {
    straight_line(x, y * 2.0) * straight_line(y, x)
}

#[case(([0.5, 2.0, -1.0, 0.75]), ([-3.0]))]
fn log_sum_exp_in_single_precision(x: &[f32]) -> f32 {
    let mut m = f32::NEG_INFINITY;
    for &v in x {
        m = m.max(v);
    }
    let mut s = 0.0;
    for &v in x {
        s += (v - m).exp();
    }
    s.ln() + m
}

#[case(wrt(x), (0.5, 0.25))]
fn data_of_another_width(x: f64, scale: f32) -> f64 {
    x * x * f64::from(scale) + x * (scale as f64)
}

/// Large arguments: the exponentials of the differences stay finite.
#[case(([800.0, 801.0, 799.5]), ([-900.0, -905.0]), ([0.0]))]
fn log_sum_exp(x: &[f64]) -> f64 {
    let mut m = f64::NEG_INFINITY;
    for &v in x {
        m = m.max(v);
    }
    let mut s = 0.0;
    for &v in x {
        s += (v - m).exp();
    }
    s.ln() + m
}

#[case((1.0), (-1.0), (40.0), (-40.0))]
fn softplus(x: f64) -> f64 {
    if x > 0.0 { x + (-x).exp().ln_1p() } else { x.exp().ln_1p() }
}

#[case((1.0), (-3.0), (30.0), (-30.0))]
fn logistic(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        let e = x.exp();
        e / (1.0 + e)
    }
}

#[case((1e150, 2e150), (3e-160, 4e-160), one_output)]
fn norms_beyond_the_range_of_squares(x: f64, y: f64) -> f64 {
    let scale = x.abs().max(y.abs());
    let (a, b) = (x / scale, y / scale);
    scale * (a * a + b * b).sqrt()
}

#[case(no_differences, first_order, (1e-8), (1e-3), (0.5))]
fn series_near_zero(x: f64) -> f64 {
    if x.abs() < 1e-4 { 1.0 + x * (0.5 + x / 6.0) } else { x.exp_m1() / x }
}
