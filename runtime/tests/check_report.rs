//! The checker's report: values, gradient shapes, long inputs, forward mode, printing, errors, the assertion.

#![cfg(feature = "std")]

use std::cell::Cell;
use std::panic::catch_unwind;
use symgrad::assert_gradient;
use symgrad::check::{self, Check, Error, Input, Verdict};

/// f = x²y + sin y, whose gradient is (2xy, x² + cos y).
fn f(p: &[f64]) -> f64 {
    p[0] * p[0] * p[1] + p[1].sin()
}

fn f_value_and_gradient(p: &[f64]) -> (f64, [f64; 2]) {
    (f(p), [2.0 * p[0] * p[1], p[0] * p[0] + p[1].cos()])
}

fn f_jvp(p: &[f64], v: &[f64]) -> (f64, f64) {
    (f(p), 2.0 * p[0] * p[1] * v[0] + (p[0] * p[0] + p[1].cos()) * v[1])
}

#[test]
fn the_worked_case_of_the_first_lesson() {
    let report = check::gradient(f, f_value_and_gradient, &[1.0, 0.0]).unwrap();
    assert!(report.passed() && !report.failed(), "{report}");
    let differences: Vec<f64> = report.rows.iter().map(|row| row.difference).collect();
    assert!(differences[0].abs() < 1e-12 && (differences[1] - 2.0).abs() < 1e-12, "{report}");
}

#[test]
fn the_worst_input_is_found() {
    let wrong =
        |p: &[f64]| (p.iter().map(|x| x.sin()).sum::<f64>(), [1.001, 0.5, 1.0, 1.0 + 1e-5].map(|c| c * p[0].cos()));
    let report = check::gradient(|p| p.iter().map(|x| x.sin()).sum(), wrong, &[0.5; 4]).unwrap();
    assert_eq!(report.worst(), Some(1));
    assert_eq!((report.verified(), report.count(Verdict::Fail)), (1, 3));
    assert!(report.failed());
}

#[test]
fn every_gradient_shape_is_accepted() {
    let sum = |p: &[f64]| p.iter().map(|x| x * x).sum::<f64>();
    let point = [0.1, 0.2, 0.3, 0.4];
    let g = point.map(|x| 2.0 * x);
    let reports = [
        check::gradient(sum, |p| (sum(p), g), &point),
        check::gradient(sum, |p| (sum(p), g.to_vec()), &point),
        check::gradient(sum, |p| (sum(p), [[g[0], g[1]], [g[2], g[3]]]), &point),
        check::gradient(sum, |p| (sum(p), vec![[g[0], g[1]], [g[2], g[3]]]), &point),
        check::gradient(sum, |p| (sum(p), (g[0], [g[1], g[2]], vec![g[3]])), &point),
    ];
    for report in reports {
        let report = report.unwrap();
        assert!(report.passed(), "{report}");
    }
}

#[test]
fn a_value_that_differs_in_the_last_bit_is_reported() {
    let report =
        check::gradient(f, |p| (f64::from_bits(f(p).to_bits() + 1), f_value_and_gradient(p).1), &[1.0, 0.5]).unwrap();
    assert!(!report.value_is_bit_equal() && report.failed());
    assert_eq!(report.verified(), 2, "the gradient itself is right");
    assert!(report.to_string().contains("VALUE MISMATCH"), "{report}");
    let signed = check::gradient(|p| 0.0 * p[0], |_| (-0.0, 0.0), &[1.0]).unwrap();
    assert!(signed.failed(), "the sign of zero is a bit too");
}

#[test]
fn forward_mode_is_compared() {
    let check = Check::new(f, f_value_and_gradient).jvp(f_jvp);
    let report = check.at(&[1.0, 0.5]).unwrap();
    assert_eq!(report.forward_agrees(), Some(true));
    assert!(report.passed() && report.to_string().contains("forward"), "{report}");

    let wrong = Check::new(f, f_value_and_gradient).jvp(|p, v| (f(p), f_jvp(p, v).1 * (1.0 + 1e-5)));
    let report = wrong.at(&[1.0, 0.5]).unwrap();
    assert_eq!((report.forward_agrees(), report.failed(), report.verified()), (Some(false), true, 2));
    assert!(report.to_string().contains("DIFFERS"), "{report}");

    let value = Check::new(f, f_value_and_gradient).jvp(|p, v| (f(p) + 1.0, f_jvp(p, v).1)).at(&[1.0, 0.5]).unwrap();
    assert!(!value.value_is_bit_equal() && value.failed());
}

#[test]
fn a_partial_derivative_costs_forty_evaluations() {
    let calls = Cell::new(0);
    let counted = |p: &[f64]| {
        calls.set(calls.get() + 1);
        f(p)
    };
    check::gradient(counted, f_value_and_gradient, &[1.0, 0.5]).unwrap();
    assert_eq!(calls.get(), 1 + 2 * 40);
}

/// A sum of squares over a long input, of which one partial derivative is off by `error`.
#[allow(clippy::cast_precision_loss, reason = "small indices")]
fn long(n: usize, wrong: usize, error: f64) -> check::Report {
    let value = |p: &[f64]| p.iter().map(|x| x * x).sum::<f64>();
    let point: Vec<f64> = (0..n).map(|i| (i as f64).sqrt() - 10.0).collect();
    let companion = |p: &[f64]| {
        let mut gradient: Vec<f64> = p.iter().map(|x| 2.0 * x).collect();
        gradient[wrong] += error;
        (value(p), gradient)
    };
    Check::new(value, companion).limit(16).seed(3).at(&point).unwrap()
}

#[test]
fn a_long_input_is_sampled_and_covered_by_directions() {
    let report = long(2000, 0, 0.0);
    assert!(report.passed(), "{report}");
    assert_eq!(report.rows.iter().filter(|row| matches!(row.input, Input::Coordinate(_))).count(), 16);
    assert_eq!(report.rows.iter().filter(|row| matches!(row.input, Input::Direction(_))).count(), 8);
    assert_eq!(report, long(2000, 0, 0.0), "deterministic");
}

#[test]
fn a_wrong_coordinate_anywhere_shows_in_the_directions() {
    for wrong in [0, 1, 777, 1999] {
        let report = long(2000, wrong, 0.05);
        assert!(report.failed(), "coordinate {wrong}: {report}");
        let caught = |row: &check::Row| matches!(row.input, Input::Direction(_)) && row.verdict == Verdict::Fail;
        assert_eq!(report.rows.iter().filter(|row| caught(row)).count(), 8, "coordinate {wrong}: {report}");
    }
}

#[test]
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "small indices; the point is f32 already"
)]
fn a_long_input_of_f32_is_covered_too() {
    let value = |p: &[f64]| f64::from(p.iter().map(|&x| (x as f32).sin()).sum::<f32>());
    let companion = |p: &[f64]| (value(p), p.iter().map(|&x| (x as f32).cos()).collect::<Vec<f32>>());
    for n in [100, 500, 2000] {
        let point: Vec<f64> = (0..n).map(|i| f64::from(i) * 0.37 % 5.0).collect();
        let report = Check::new(value, companion).single_precision().at(&point).unwrap();
        assert!(!report.failed() && report.verified() >= 8, "{report}");
    }
}

#[test]
fn the_table_is_aligned_and_complete() {
    let report = check::gradient(f, |p| (f(p), [2.0 * p[0] * p[1], 0.0]), &[1.0, 0.5]).unwrap();
    let text = report.to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "gradient check FAILED: 1 of 2 derivatives confirmed, 1 FAIL");
    assert_eq!(lines[1], "value 0.979425538604203, the same bits from every companion");
    for column in ["input", "derivative", "difference", "± estimate", "abs error", "rel error", "verdict"] {
        assert!(lines[2].contains(column), "{text}");
    }
    let column = |line: &str, word: &str| line.find(word).map(|at| line[..at].chars().count());
    assert_eq!(column(lines[2], "verdict"), column(lines[3], "pass"));
    assert_eq!(column(lines[2], "verdict"), column(lines[4], "FAIL"));
    assert!(lines[4].contains("p[1]") && lines[4].contains("1.877582562e0") && lines[5].starts_with("worst: p[1]"));
}

#[test]
fn unusable_input_is_an_error() {
    let empty: &[f64] = &[];
    let none = check::gradient(|_| 0.0, |_| (0.0, Vec::<f64>::new()), empty);
    assert_eq!(none.unwrap_err(), Error::EmptyPoint);
    let at = |x: f64| check::gradient(f, f_value_and_gradient, &[1.0, x]).unwrap_err();
    assert!(matches!(at(f64::NAN), Error::NonFinitePoint { coordinate: 1, value } if value.is_nan()));
    assert_eq!(at(f64::INFINITY), Error::NonFinitePoint { coordinate: 1, value: f64::INFINITY });
    let short = check::gradient(f, |p| (f(p), 1.0), &[1.0, 2.0]).unwrap_err();
    assert_eq!(short, Error::GradientLength { expected: 2, found: 1 });
    assert_eq!(short.to_string(), "the gradient has 1 scalars but the point has 2 coordinates");
    let beyond_f32 = Check::new(|p| p[0], |p| (p[0], 1.0)).single_precision().at(&[1e300]).unwrap_err();
    assert_eq!(beyond_f32, Error::NonFinitePoint { coordinate: 0, value: 1e300 });
}

#[test]
fn no_value_of_the_function_panics() {
    let wild: &[fn(f64) -> f64] = &[
        |_| f64::NAN,
        |_| f64::NEG_INFINITY,
        |x| if x > 1.0 { f64::NAN } else { x },
        |x| if x > 1.0 { f64::MAX } else { -f64::MAX },
        |x| x * 1e308,
        f64::signum,
        |x| 1.0 / (x - 1.0),
    ];
    for f in wild {
        for x in [0.0, -0.0, 1.0, f64::MIN_POSITIVE, 5e-324, f64::MAX, f64::MIN, 1e-300] {
            for d in [0.0, 1.0, f64::NAN, f64::INFINITY, f64::MAX] {
                let report =
                    Check::new(|p| f(p[0]), |p| (f(p[0]), d)).jvp(|p, v| (f(p[0]), d * v[0])).at(&[x]).unwrap();
                assert_eq!(report.rows.len(), 1);
                assert!(report.to_string().contains("p[0]"));
                if !d.is_finite() {
                    assert!(report.failed());
                }
            }
        }
    }
    let huge = Check::new(|p| p.iter().sum(), |p| (p.iter().sum(), vec![1.0; 100])).limit(0);
    assert_eq!(huge.at(&[f64::MAX; 100]).unwrap().rows.len(), 8);
}

fn message(test: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let panic = catch_unwind(test).expect_err("must panic");
    panic.downcast_ref::<String>().expect("a formatted message").clone()
}

#[test]
fn the_assertion_passes_what_is_right() {
    assert_gradient!(f, f_value_and_gradient, [1.0, 0.5]);
    let point = vec![1.0, 0.5];
    assert_gradient!(
        |p| p[0] * p[0] * p[1] + p[1].sin(),
        |p| (f(p), f_value_and_gradient(p).1),
        point,
        jvp = |p, v| (f(p), f_jvp(p, v).1)
    );
    // One input at a corner, the other confirmed.
    assert_gradient!(|p| p[0].abs() + p[1], |p| (p[0].abs() + p[1], [0.0, 1.0]), [0.0, 2.0],);
}

#[test]
fn the_assertion_panics_with_the_table() {
    let text = message(|| assert_gradient!(|p| p[0].tan(), |p| (p[0].tan(), p[0].cos()), [0.4]));
    assert!(text.contains("gradient check FAILED") && text.contains("p[0]") && text.contains("FAIL"), "{text}");
    let text = message(|| assert_gradient!(|p| p[0].sqrt(), |p| (p[0].sqrt(), 0.5 / p[0].sqrt()), [0.0]));
    assert!(text.contains("non-finite"), "{text}");
    let text = message(|| assert_gradient!(|p| p[0], |p| (p[0] + 1e-9, 1.0), [0.4]));
    assert!(text.contains("VALUE MISMATCH"), "{text}");
    let text = message(|| assert_gradient!(|p| p[0], |p| (p[0], 1.0), [f64::NAN]));
    assert!(text.contains("could not be checked: coordinate 0 of the point is NaN"), "{text}");
}

#[test]
fn an_assertion_that_confirms_nothing_panics() {
    let text = message(|| assert_gradient!(|p| p[0].abs(), |p| (p[0].abs(), 0.0), [0.0]));
    assert!(text.contains("not conclusive: 0 of 1 derivatives confirmed, 1 kink suspected"), "{text}");
}
