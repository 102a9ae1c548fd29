//! Test problems of J. J. Moré, B. S. Garbow and K. E. Hillstrom, "Testing unconstrained optimization software", ACM
//! Transactions on Mathematical Software 7(1), 1981, by their numbers there, with the standard starts and the minima that
//! the paper states.
//!
//! Each problem is a function of residuals, of which the attribute makes the Jacobian, and their sum of squares, of which it
//! makes gradient and Hessian.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::needless_range_loop,
    clippy::type_complexity,
    reason = "formulas with indices, as the paper has them"
)]

use std::f64::consts::PI;
use symgrad::differentiate;

pub type Residuals = fn(&[f64]) -> (Vec<f64>, Vec<f64>);
pub type Companion = fn(&[f64]) -> (f64, Vec<f64>);
pub type SecondOrder = fn(&[f64]) -> (f64, Vec<f64>, Vec<f64>);

pub struct Problem {
    pub name: &'static str,
    pub start: &'static [f64],
    /// The sums of squares at the minima.
    pub minima: &'static [f64],
    pub residuals: Residuals,
    pub gradient: Companion,
    pub hessian: SecondOrder,
}

macro_rules! problem {
    ($name:ident, $n:literal, $m:literal, $start:expr, $minima:expr, |$x:ident, $r:ident| { $($body:tt)* }) => {
        mod $name {
            use super::*;

            #[differentiate(jacobian)]
            fn residuals($x: &[f64; $n]) -> [f64; $m] {
                let mut $r = [0.0; $m];
                $($body)*
                $r
            }

            #[differentiate(gradient, hessian)]
            fn sum($x: &[f64; $n]) -> f64 {
                let mut $r = [0.0; $m];
                $($body)*
                let mut total = 0.0;
                for k in 0..$m {
                    total += $r[k] * $r[k];
                }
                total
            }

            pub const PROBLEM: Problem = Problem {
                name: stringify!($name),
                start: &$start,
                minima: &$minima,
                residuals: |x| {
                    let (value, jacobian) = residuals_value_and_jacobian(x.try_into().expect("of its length"));
                    (value.to_vec(), jacobian.concat())
                },
                gradient: |x| {
                    let (value, gradient) = sum_value_and_gradient(x.try_into().expect("of its length"));
                    (value, gradient.to_vec())
                },
                hessian: |x| {
                    let (value, gradient, hessian) = sum_value_gradient_hessian(x.try_into().expect("of its length"));
                    (value, gradient.to_vec(), hessian.concat())
                },
            };
        }
    };
}

problem!(rosenbrock_1, 2, 2, [-1.2, 1.0], [0.0], |x, r| {
    r[0] = 10.0 * (x[1] - x[0] * x[0]);
    r[1] = 1.0 - x[0];
});
problem!(freudenstein_roth_2, 2, 2, [0.5, -2.0], [0.0, 48.9842], |x, r| {
    r[0] = -13.0 + x[0] + ((5.0 - x[1]) * x[1] - 2.0) * x[1];
    r[1] = -29.0 + x[0] + ((x[1] + 1.0) * x[1] - 14.0) * x[1];
});
problem!(powell_badly_scaled_3, 2, 2, [0.0, 1.0], [0.0], |x, r| {
    r[0] = 1e4 * x[0] * x[1] - 1.0;
    r[1] = (-x[0]).exp() + (-x[1]).exp() - 1.0001;
});
problem!(brown_badly_scaled_4, 2, 3, [1.0, 1.0], [0.0], |x, r| {
    r[0] = x[0] - 1e6;
    r[1] = x[1] - 2e-6;
    r[2] = x[0] * x[1] - 2.0;
});
problem!(beale_5, 2, 3, [1.0, 1.0], [0.0], |x, r| {
    r[0] = 1.5 - x[0] * (1.0 - x[1]);
    r[1] = 2.25 - x[0] * (1.0 - x[1].powi(2));
    r[2] = 2.625 - x[0] * (1.0 - x[1].powi(3));
});
problem!(jennrich_sampson_6, 2, 10, [0.3, 0.4], [124.362], |x, r| {
    for i in 0..10 {
        let t = (i + 1) as f64;
        r[i] = 2.0 + 2.0 * t - ((t * x[0]).exp() + (t * x[1]).exp());
    }
});
problem!(helical_valley_7, 3, 3, [-1.0, 0.0, 0.0], [0.0], |x, r| {
    // atan2 has the branch that the paper defines by cases, where the path of the solvers leads.
    let theta = x[1].atan2(x[0]) / (2.0 * PI);
    r[0] = 10.0 * (x[2] - 10.0 * theta);
    r[1] = 10.0 * (x[0].hypot(x[1]) - 1.0);
    r[2] = x[2];
});
problem!(bard_8, 3, 15, [1.0, 1.0, 1.0], [8.21487e-3], |x, r| {
    const Y: [f64; 15] = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39];
    for i in 0..15 {
        let u = (i + 1) as f64;
        let v = 16.0 - u;
        r[i] = Y[i] - (x[0] + u / (v * x[1] + u.min(v) * x[2]));
    }
});
problem!(gaussian_9, 3, 15, [0.4, 1.0, 0.0], [1.12793e-8], |x, r| {
    const Y: [f64; 15] = [
        0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989, 0.3521, 0.2420, 0.1295, 0.0540, 0.0175, 0.0044,
        0.0009,
    ];
    for i in 0..15 {
        let t = (7.0 - i as f64) / 2.0;
        r[i] = x[0] * (-x[1] * (t - x[2]).powi(2) / 2.0).exp() - Y[i];
    }
});
problem!(meyer_10, 3, 16, [0.02, 4000.0, 250.0], [87.9458], |x, r| {
    const Y: [f64; 16] = [
        34780.0, 28610.0, 23650.0, 19630.0, 16370.0, 13720.0, 11540.0, 9744.0, 8261.0, 7030.0, 6005.0, 5147.0, 4427.0,
        3820.0, 3307.0, 2872.0,
    ];
    for i in 0..16 {
        let t = 45.0 + 5.0 * (i + 1) as f64;
        r[i] = x[0] * (x[1] / (t + x[2])).exp() - Y[i];
    }
});
problem!(box_12, 3, 10, [0.0, 10.0, 20.0], [0.0], |x, r| {
    for i in 0..10 {
        let t = 0.1 * (i + 1) as f64;
        r[i] = (-t * x[0]).exp() - (-t * x[1]).exp() - x[2] * ((-t).exp() - (-10.0 * t).exp());
    }
});
problem!(powell_singular_13, 4, 4, [3.0, -1.0, 0.0, 1.0], [0.0], |x, r| {
    r[0] = x[0] + 10.0 * x[1];
    r[1] = 5.0_f64.sqrt() * (x[2] - x[3]);
    r[2] = (x[1] - 2.0 * x[2]).powi(2);
    r[3] = 10.0_f64.sqrt() * (x[0] - x[3]).powi(2);
});
problem!(wood_14, 4, 6, [-3.0, -1.0, -3.0, -1.0], [0.0], |x, r| {
    r[0] = 10.0 * (x[1] - x[0] * x[0]);
    r[1] = 1.0 - x[0];
    r[2] = 90.0_f64.sqrt() * (x[3] - x[2] * x[2]);
    r[3] = 1.0 - x[2];
    r[4] = 10.0_f64.sqrt() * (x[1] + x[3] - 2.0);
    r[5] = (x[1] - x[3]) / 10.0_f64.sqrt();
});
problem!(kowalik_osborne_15, 4, 11, [0.25, 0.39, 0.415, 0.39], [3.07505e-4], |x, r| {
    const Y: [f64; 11] = [0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246];
    const U: [f64; 11] = [4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625];
    for i in 0..11 {
        r[i] = Y[i] - x[0] * (U[i] * U[i] + U[i] * x[1]) / (U[i] * U[i] + U[i] * x[2] + x[3]);
    }
});
problem!(brown_dennis_16, 4, 20, [25.0, 5.0, -5.0, -1.0], [85822.2], |x, r| {
    for i in 0..20 {
        let t = (i + 1) as f64 / 5.0;
        r[i] = (x[0] + t * x[1] - t.exp()).powi(2) + (x[2] + x[3] * t.sin() - t.cos()).powi(2);
    }
});
problem!(osborne_17, 5, 33, [0.5, 1.5, -1.0, 0.01, 0.02], [5.46489e-5], |x, r| {
    const Y: [f64; 33] = [
        0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.850, 0.818, 0.784, 0.751, 0.718, 0.685, 0.658, 0.628, 0.603,
        0.580, 0.558, 0.538, 0.522, 0.506, 0.490, 0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.420, 0.414, 0.411,
        0.406,
    ];
    for i in 0..33 {
        let t = 10.0 * i as f64;
        r[i] = Y[i] - (x[0] + x[1] * (-t * x[3]).exp() + x[2] * (-t * x[4]).exp());
    }
});
problem!(biggs_18, 6, 13, [1.0, 2.0, 1.0, 1.0, 1.0, 1.0], [0.0, 5.65565e-3], |x, r| {
    for i in 0..13 {
        let t = 0.1 * (i + 1) as f64;
        let y = (-t).exp() - 5.0 * (-10.0 * t).exp() + 3.0 * (-4.0 * t).exp();
        r[i] = x[2] * (-t * x[0]).exp() - x[3] * (-t * x[1]).exp() + x[5] * (-t * x[4]).exp() - y;
    }
});
problem!(watson_20, 6, 31, [0.0; 6], [2.28767e-3], |x, r| {
    for i in 0..29 {
        let t = (i + 1) as f64 / 29.0;
        let mut slope = 0.0;
        let mut value = 0.0;
        for j in 0..6 {
            value += x[j] * t.powi(j as i32);
            if j > 0 {
                slope += j as f64 * x[j] * t.powi(j as i32 - 1);
            }
        }
        r[i] = slope - value * value - 1.0;
    }
    r[29] = x[0];
    r[30] = x[1] - x[0] * x[0] - 1.0;
});
problem!(penalty_23, 4, 5, [1.0, 2.0, 3.0, 4.0], [2.24997e-5], |x, r| {
    let mut squares = 0.0;
    for i in 0..4 {
        r[i] = 1e-5_f64.sqrt() * (x[i] - 1.0);
        squares += x[i] * x[i];
    }
    r[4] = squares - 0.25;
});
problem!(variably_dimensioned_25, 6, 8, [5.0 / 6.0, 4.0 / 6.0, 0.5, 2.0 / 6.0, 1.0 / 6.0, 0.0], [0.0], |x, r| {
    let mut sum = 0.0;
    for i in 0..6 {
        r[i] = x[i] - 1.0;
        sum += (i + 1) as f64 * (x[i] - 1.0);
    }
    r[6] = sum;
    r[7] = sum * sum;
});
problem!(trigonometric_26, 5, 5, [0.2; 5], [0.0], |x, r| {
    let mut cosines = 0.0;
    for j in 0..5 {
        cosines += x[j].cos();
    }
    for i in 0..5 {
        r[i] = 5.0 - cosines + (i + 1) as f64 * (1.0 - x[i].cos()) - x[i].sin();
    }
});
problem!(brown_almost_linear_27, 5, 5, [0.5; 5], [0.0, 1.0], |x, r| {
    let mut sum = 0.0;
    let mut product = 1.0;
    for j in 0..5 {
        sum += x[j];
        product *= x[j];
    }
    for i in 0..4 {
        r[i] = x[i] + sum - 6.0;
    }
    r[4] = product - 1.0;
});
problem!(broyden_tridiagonal_30, 8, 8, [-1.0; 8], [0.0], |x, r| {
    for i in 0..8 {
        let below = if i > 0 { x[i - 1] } else { 0.0 };
        let above = if i < 7 { x[i + 1] } else { 0.0 };
        r[i] = (3.0 - 2.0 * x[i]) * x[i] - below - 2.0 * above + 1.0;
    }
});

/// All problems.
pub const PROBLEMS: [Problem; 23] = [
    rosenbrock_1::PROBLEM,
    freudenstein_roth_2::PROBLEM,
    powell_badly_scaled_3::PROBLEM,
    brown_badly_scaled_4::PROBLEM,
    beale_5::PROBLEM,
    jennrich_sampson_6::PROBLEM,
    helical_valley_7::PROBLEM,
    bard_8::PROBLEM,
    gaussian_9::PROBLEM,
    meyer_10::PROBLEM,
    box_12::PROBLEM,
    powell_singular_13::PROBLEM,
    wood_14::PROBLEM,
    kowalik_osborne_15::PROBLEM,
    brown_dennis_16::PROBLEM,
    osborne_17::PROBLEM,
    biggs_18::PROBLEM,
    watson_20::PROBLEM,
    penalty_23::PROBLEM,
    variably_dimensioned_25::PROBLEM,
    trigonometric_26::PROBLEM,
    brown_almost_linear_27::PROBLEM,
    broyden_tridiagonal_30::PROBLEM,
];
