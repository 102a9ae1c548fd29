//! The checker on functions of known derivative: right ones pass, wrong ones are caught, corners are named.
//!
//! The oracle is the calculus of elementary functions: each derivative is the textbook's.

#![cfg(feature = "std")]
#![allow(clippy::type_complexity, reason = "tables of functions")]

use std::f64::consts::{LN_2, PI};
use symgrad::check::{self, Check, Row, Verdict};

/// Name, function, derivative, points.
type Case = (&'static str, fn(f64) -> f64, fn(f64) -> f64, &'static [f64]);

const SMOOTH: &[Case] = &[
    ("sin", f64::sin, f64::cos, &[-3.0, 0.0, 0.5, 2.0, 50.0, 1e3, 1e6]),
    ("cos", f64::cos, |x| -x.sin(), &[-2.0, 0.3, 1.0, 30.0]),
    ("tan", f64::tan, |x| 1.0 + x.tan().powi(2), &[0.0, 0.4, 1.0, 1.5, 1.57, 2.0]),
    ("exp", f64::exp, f64::exp, &[-5.0, -1.0, 0.0, 1.0, 20.0, 300.0, 700.0]),
    ("exp2", f64::exp2, |x| x.exp2() * LN_2, &[-3.0, 0.0, 10.0]),
    ("ln", f64::ln, |x| 1.0 / x, &[1e-300, 1e-12, 1e-6, 1e-3, 0.1, 1.0, 10.0, 1e3]),
    ("sqrt", f64::sqrt, |x| 0.5 / x.sqrt(), &[1e-12, 1e-6, 1e-4, 1e-3, 0.1, 1.0, 7.0]),
    ("cbrt", f64::cbrt, |x| 1.0 / (3.0 * x.cbrt().powi(2)), &[-8.0, 0.01, 1.0, 100.0]),
    ("powf", |x| x.powf(2.5), |x| 2.5 * x.powf(1.5), &[1e-3, 0.1, 1.0, 7.0, 1e5]),
    ("powi", |x| x.powi(7), |x| 7.0 * x.powi(6), &[-2.0, 0.5, 1.0, 3.0]),
    ("recip", f64::recip, |x| -1.0 / (x * x), &[1e-6, 1e-3, -0.01, 1.0, 30.0]),
    ("asin", f64::asin, |x| 1.0 / (1.0 - x * x).sqrt(), &[-0.9, 0.0, 0.5, 0.99]),
    ("atan", |x| (1000.0 * x).atan(), |x| 1000.0 / (1.0 + 1e6 * x * x), &[0.0, 1e-4, 1e-3, 0.1, 1.0]),
    ("tanh", f64::tanh, |x| 1.0 - x.tanh().powi(2), &[0.0, 1.0, 3.0, 5.0]),
    ("sinh", f64::sinh, f64::cosh, &[-2.0, 0.0, 5.0]),
    ("fast wave", |x| (1e6 * x).sin(), |x| 1e6 * (1e6 * x).cos(), &[0.0, 0.01, 1.0, 3.0]),
    ("bump", |x| (-1e4 * x * x).exp(), |x| -2e4 * x * (-1e4 * x * x).exp(), &[0.001, 0.01, 0.03]),
    ("larger offset", |x| 1e5 + x.sin(), f64::cos, &[0.1, 0.7]),
    ("large offset", |x| 1e6 + x * x, |x| 2.0 * x, &[1.0, 30.0]),
];

fn row(f: fn(f64) -> f64, d: impl Fn(f64) -> f64, x: f64) -> Row {
    check::gradient(|p| f(p[0]), |p| (f(p[0]), d(p[0])), &[x]).unwrap().rows[0]
}

#[test]
fn right_derivatives_pass_and_the_difference_is_accurate() {
    for (name, f, d, points) in SMOOTH {
        for &x in *points {
            let row = row(*f, d, x);
            assert_eq!(row.verdict, Verdict::Pass, "{name} at {x}: {row:?}");
            assert!(row.relative_error() < 1e-7, "{name} at {x}: {row:?}");
        }
    }
}

#[test]
fn relative_errors_of_1e_3_and_1e_5_are_caught_everywhere() {
    for (name, f, d, points) in SMOOTH {
        for &x in *points {
            for error in [1e-3, -1e-3, 1e-5, -1e-5] {
                let row = row(*f, |x| d(x) * (1.0 + error), x);
                assert_eq!(row.verdict, Verdict::Fail, "{name} at {x}, wrong by {error}: {row:?}");
            }
        }
    }
}

#[test]
fn classic_mistakes_are_caught() {
    let mistakes: &[(fn(f64) -> f64, fn(f64) -> f64, f64)] = &[
        (f64::sin, |x| -x.cos(), 0.5),
        (|x| x.exp() / x, |x| x.exp() / x, 2.0),
        (|x| (x * x).sin(), |x| (x * x).cos(), 1.3),
        (|x| x.powf(1.5), |x| x.powf(0.5), 2.0),
        (f64::ln, |_| 0.0, 3.0),
    ];
    for (f, d, x) in mistakes {
        assert_eq!(row(*f, d, *x).verdict, Verdict::Fail, "{:?}", row(*f, d, *x));
    }
}

#[test]
fn a_vanishing_derivative_passes() {
    let cubic = |x: f64| (x - 0.1).powi(2) * (x + 3.0);
    for (f, x) in
        [(cubic as fn(f64) -> f64, 0.1), (f64::cos, 0.0), (|x| x * x + 1.0, 0.0), (|_| 3.0, 1e8), (f64::floor, 0.5)]
    {
        assert_eq!(row(f, |_| 0.0, x).verdict, Verdict::Pass, "{:?}", row(f, |_| 0.0, x));
    }
}

#[test]
fn a_corner_at_or_beside_the_point_is_suspected() {
    let sign = |x: f64| if x == 0.0 { 0.0 } else { x.signum() };
    for x in [0.0, 1e-9, -1e-6, 4e-6, -4.9e-6] {
        assert_eq!(row(f64::abs, sign, x).verdict, Verdict::KinkSuspected, "abs at {x}");
    }
    for convention in [0.0, 0.5, 1.0] {
        assert_eq!(row(|x| x.max(0.0), |_| convention, 0.0).verdict, Verdict::KinkSuspected);
    }
    let bent = row(|x| x.exp() + (x - 0.3).abs(), f64::exp, 0.3);
    assert_eq!(bent.verdict, Verdict::KinkSuspected, "{bent:?}");
}

#[test]
fn a_corner_excuses_no_slope_outside_the_two_sides() {
    assert_eq!(row(f64::abs, |_| 1.5, 0.0).verdict, Verdict::Fail);
    assert_eq!(row(|x| x.max(0.0), |_| -0.1, 0.0).verdict, Verdict::Fail);
    assert_eq!(row(f64::abs, |_| 1.0 + 1e-5, 1e-5).verdict, Verdict::Fail, "a corner beside the point");
}

#[test]
fn a_bend_too_slight_to_matter_is_no_corner() {
    assert_eq!(row(|x| x + 1e-8 * x.abs(), |_| 1.0, 0.0).verdict, Verdict::Pass);
}

#[test]
fn the_divisor_is_the_step_that_was_made() {
    // Then the difference of the identity has no rounding at all.
    for x in [0.1, 1.0 / 3.0, 1000.1, -1e9 / 7.0] {
        assert_eq!(row(|x| x, |_| 1.0, x).difference.to_bits(), 1.0_f64.to_bits());
    }
}

#[test]
fn a_corner_farther_away_is_no_obstacle() {
    for x in [1e-5, 1e-4, -1e-3, 0.1, 1.0] {
        assert_eq!(row(f64::abs, f64::signum, x).verdict, Verdict::Pass, "abs at {x}");
    }
}

#[test]
fn what_cannot_be_told_is_inconclusive() {
    // One-sided domain: the root at zero has no difference on the left.
    assert_eq!(row(|x| x.powf(1.5), |_| 0.0, 0.0).verdict, Verdict::Inconclusive);
    // A slope far below the round-off of the value.
    assert_eq!(row(|x| 1e12 + x, |_| 1.01, 0.1).verdict, Verdict::Inconclusive);
}

#[test]
fn a_non_finite_derivative_or_value_is_named() {
    assert_eq!(row(f64::sqrt, |x| 0.5 / x.sqrt(), 0.0).verdict, Verdict::NonFinite);
    assert_eq!(row(f64::sin, |_| f64::NAN, 1.0).verdict, Verdict::NonFinite);
    assert_eq!(row(f64::ln, |x| 1.0 / x, -1.0).verdict, Verdict::NonFinite);
    assert_eq!(row(|_| f64::INFINITY, |_| 0.0, 1.0).verdict, Verdict::NonFinite);
}

#[test]
fn functions_of_f32_can_be_checked() {
    #[allow(clippy::cast_possible_truncation, reason = "the point is an f32 already")]
    let check = |f: fn(f32) -> f32, d: fn(f32) -> f32, x: f64| {
        Check::new(|p| f64::from(f(p[0] as f32)), |p| (f64::from(f(p[0] as f32)), d(p[0] as f32)))
            .single_precision()
            .at(&[x])
            .unwrap()
    };
    let cases: &[(fn(f32) -> f32, fn(f32) -> f32)] =
        &[(f32::sin, f32::cos), (f32::exp, f32::exp), (|x| x * x, |x| 2.0 * x), (f32::ln, f32::recip)];
    for (f, d) in cases {
        for x in [0.3, 0.7, 1.1, PI / 4.0, 3.0] {
            let report = check(*f, *d, x);
            assert!(report.passed(), "at {x}: {report}");
        }
    }
    assert!(check(f32::sin, |x| x.cos() * 1.01, 0.7).failed());
}
