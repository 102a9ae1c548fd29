//! Unusable input: each case with each solver. It gives a clear error or reason, nothing panics, and what is returned is the
//! best point that was evaluated.

#![cfg(feature = "std")]

mod common;

use common::{Answer, Limits, Probe, fits, half_square, solvers};
use std::cell::Cell;
use symgrad::optimize::{Error, Report, StopReason};

/// A bowl with its minimum, ½, at (1, −2).
fn bowl(p: &[f64]) -> Answer {
    (vec![p[0] - 1.0, 3.0 * (p[1] + 2.0), 1.0], vec![1.0, 0.0, 0.0, 3.0, 0.0, 0.0])
}

const START: [f64; 2] = [2.6, 2.2];

/// Each solver's result on a problem.
fn all(answer: &dyn Fn(&[f64]) -> Answer, start: &[f64], each: impl Fn(&str, Result<Report, Error>, &Probe<'_>)) {
    for (name, solve) in solvers() {
        let probe = Probe::new(answer);
        let result = solve(&probe, start, Limits::default());
        each(name, result, &probe);
    }
}

#[test]
fn no_solver_is_left_out() {
    let letters = |name: &str| name.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    // Each may be there in several ways: "lbfgs in a box" is for itself.
    let method = |name: &str| letters(name.split(',').next().unwrap_or(name));
    let tested: Vec<String> = solvers().iter().map(|(name, _)| method(name)).collect();
    let mut found = 0;
    // One solver, one file.
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/optimize")).unwrap() {
        let path = file.unwrap().path();
        let source = std::fs::read_to_string(&path).unwrap();
        let minimizes = ["\nminimize_methods!(", "\nfit_methods!(", "\n    pub fn minimize<"]
            .iter()
            .any(|method| source.contains(method));
        let name = path.file_stem().unwrap().to_string_lossy();
        if minimizes {
            found += 1;
            assert!(tested.contains(&letters(&name)), "{name} is not in {tested:?}");
        }
    }
    assert!(found >= 12, "{found} solvers");
}

#[test]
fn empty_data() {
    all(&bowl, &[], |name, result, probe| {
        assert_eq!((result.unwrap_err(), probe.evaluations.get()), (Error::EmptyStart, 0), "{name}");
    });
    for (name, solve) in solvers() {
        let empty = |p: &[f64]| (Vec::new(), vec![0.0; p.len()]);
        let mut probe = Probe::new(&empty);
        probe.samples = 0;
        let result = solve(&probe, &START, Limits::default());
        match name {
            "mini-batch" => assert_eq!(result.unwrap_err(), Error::NoSamples),
            _ if fits(name) => assert_eq!(result.unwrap_err(), Error::EmptyResiduals, "{name}"),
            // The sum of nothing is 0 everywhere, and so is its gradient.
            _ => assert_eq!(result.unwrap().reason, StopReason::GradientTolerance, "{name}"),
        }
    }
}

#[test]
fn mismatched_lengths() {
    let short = |p: &[f64]| (vec![p[0], 1.0], vec![1.0, 0.0]);
    all(&short, &START, |name, result, _| {
        let expected = if fits(name) {
            Error::JacobianLength { expected: 4, found: 2 }
        } else {
            Error::GradientLength { expected: 2, found: 1 }
        };
        assert_eq!(result.unwrap_err(), expected, "{name}");
    });
    // Lengths that change on the way: an error, for what else is wrong cannot be told.
    for (name, solve) in solvers() {
        let calls = Cell::new(0);
        let changing = |p: &[f64]| {
            calls.set(calls.get() + 1);
            if calls.get() < 3 { bowl(p) } else { (vec![p[0], 1.0], vec![1.0, 0.0]) }
        };
        let probe = Probe::new(&changing);
        match solve(&probe, &START, Limits::default()) {
            Err(Error::GradientLength { .. } | Error::HessianLength { .. } | Error::JacobianLength { .. }) => {}
            Err(Error::ResidualLength { expected: 3, found: 2 }) if fits(name) => {}
            Ok(report) => assert!(report.value <= half_square(&bowl(&START).0), "{name}: {report}"),
            Err(error) => panic!("{name}: {error}"),
        }
    }
}

#[test]
fn a_start_that_is_not_finite() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        all(&bowl, &[1.0, value], |name, result, probe| {
            let error = result.unwrap_err();
            assert!(matches!(error, Error::NonFiniteStart { coordinate: 1, .. }), "{name}: {error}");
            assert_eq!(
                (error.to_string(), probe.evaluations.get()),
                (format!("coordinate 1 of the start is {value}"), 0)
            );
        });
    }
}

#[test]
fn a_problem_that_is_not_finite_at_the_start() {
    for fault in [f64::NAN, f64::INFINITY] {
        all(&|p: &[f64]| (vec![p[0], fault], vec![1.0; 4]), &START, |name, result, _| {
            let error = result.unwrap_err();
            let named = matches!(error, Error::NonFiniteResidual { index: 1, .. } if fits(name));
            assert!(named || matches!(error, Error::NonFiniteValue { .. }), "{name}: {error}");
        });
        all(&|p: &[f64]| (vec![p[0], 1.0], vec![1.0, 0.0, 0.0, fault]), &START, |name, result, _| {
            let error = result.unwrap_err();
            let named = matches!(error, Error::NonFiniteJacobian { residual: 1, coordinate: 1, .. } if fits(name));
            assert!(named || matches!(error, Error::NonFiniteGradient { coordinate: 1, .. }), "{name}: {error}");
        });
    }
}

/// What a run returns that met a fault: a finite point no worse than the start, and a reason that explains the end. A run
/// that may go on beside the fault ends as others do.
fn assert_kept(report: &Report, may_go_on: bool, context: &str) {
    assert!(report.value.is_finite() && report.gradient.iter().all(|g| g.is_finite()), "{context}");
    assert!(report.value <= half_square(&bowl(&START).0), "{context}");
    let explained = matches!(
        report.reason,
        StopReason::NonFinite(_) | StopReason::LineSearch | StopReason::TrustRegion | StopReason::RoundOff
    );
    assert!(explained || may_go_on || report.converged(), "{context}");
}

#[test]
fn a_problem_that_becomes_non_finite_midway() {
    for (fault, in_jacobian) in [f64::NAN, f64::INFINITY].into_iter().flat_map(|x| [(x, false), (x, true)]) {
        let spoilt = |(mut residuals, mut jacobian): Answer| {
            *(if in_jacobian { &mut jacobian[3] } else { &mut residuals[1] }) = fault;
            (residuals, jacobian)
        };
        // After some evaluations, wherever they are.
        for healthy in 1..12 {
            let calls = Cell::new(0);
            let failing = |p: &[f64]| {
                calls.set(calls.get() + 1);
                if calls.get() > healthy { spoilt(bowl(p)) } else { bowl(p) }
            };
            all(&failing, &START, |name, result, _| {
                calls.set(0);
                let report = result.unwrap();
                assert_kept(&report, false, &format!("{name}, {healthy}: {report}"));
            });
        }
        // Beyond an edge on the way to the minimum, which is at −2. The best of all points that were finite is known.
        for edge in [2.15, 1.0, -1.9, -2.0 + 1e-9] {
            let failing = |p: &[f64]| if p[1] < edge { spoilt(bowl(p)) } else { bowl(p) };
            all(&failing, &START, |name, result, probe| {
                let report = result.unwrap();
                let context = format!("{name}, {edge}: {report}");
                assert_kept(&report, true, &context);
                assert!(report.value <= probe.lowest.get() * (1.0 + 1e-12), "{context}");
                assert!(report.point[1] >= edge, "{context}");
            });
        }
    }
}

#[test]
fn a_gradient_that_vanishes_at_the_start() {
    // Flat in all directions, and the minimum of the bowl.
    let flat = |p: &[f64]| (vec![1.0, 2.0, 3.0], vec![0.0; 3 * p.len()]);
    for (answer, start) in [(&flat as &dyn Fn(&[f64]) -> Answer, START), (&bowl, [1.0, -2.0])] {
        all(answer, &start, |name, result, _| {
            let report = result.unwrap();
            assert!(report.converged() && report.iterations == 0, "{name}: {report}");
            assert_eq!((&report.point[..], report.gradient_norm), (&start[..], 0.0), "{name}");
        });
    }
}

#[test]
fn a_singular_jacobian() {
    // Only the sum of the coordinates counts; nothing depends on the second; all columns vanish at the minimum.
    let sum = |p: &[f64]| (vec![p[0] + p[1] - 1.0, 2.0], vec![1.0, 1.0, 0.0, 0.0]);
    let first = |p: &[f64]| (vec![p[0] - 1.0, 2.0], vec![1.0, 0.0, 0.0, 0.0]);
    let double = |p: &[f64]| (vec![p[0] * p[0], p[1] * p[1], 1.0], vec![2.0 * p[0], 0.0, 0.0, 2.0 * p[1], 0.0, 0.0]);
    for (k, answer) in [&sum as &dyn Fn(&[f64]) -> Answer, &first, &double].into_iter().enumerate() {
        all(answer, &START, |name, result, probe| {
            let report = result.unwrap();
            let context = format!("{k}, {name}: {report}");
            assert!(report.value < half_square(&answer(&START).0), "{context}");
            assert!(report.value <= probe.lowest.get() * (1.0 + 1e-9), "{context}");
            if matches!(name, "lbfgs" | "lbfgs in a box" | "newton") || fits(name) {
                let minimum = if k == 2 { 0.5 } else { 2.0 };
                assert!((report.value - minimum).abs() < 1e-6, "{context}");
            }
        });
    }
}

#[test]
fn zero_iterations() {
    for (name, solve) in solvers() {
        let probe = Probe::new(&bowl);
        let report = solve(&probe, &START, Limits { iterations: 0, ..Limits::default() }).unwrap();
        assert_eq!((report.reason, report.iterations), (StopReason::IterationLimit, 0), "{name}");
        assert_eq!((&report.point[..], probe.evaluations.get()), (&START[..], 1), "{name}");
        assert_eq!(report.value, half_square(&bowl(&START).0), "{name}");
    }
}

/// A number between 0 and 1 that depends on a point and a seed: the same point has the same one.
fn drawn(seed: u64, point: &[f64], salt: u64) -> f64 {
    let mut state = seed ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for bits in point.iter().map(|x| x.to_bits()).chain([salt]) {
        state = (state ^ bits).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state ^= state >> 29;
    }
    #[allow(clippy::cast_precision_loss, reason = "53 bits")]
    let unit = (state >> 11) as f64 / (1_u64 << 53) as f64;
    unit
}

/// The bowl, in units that may be anything, with faults of every kind here and there.
fn hostile(seed: u64, p: &[f64]) -> Answer {
    let scale = 10_f64.powf(600.0 * drawn(seed, &[], 1) - 300.0);
    let faults = 0.5 * drawn(seed, &[], 2);
    let (mut residuals, mut jacobian) = bowl(p);
    residuals.iter_mut().chain(&mut jacobian).for_each(|x| *x *= scale);
    if p == START || drawn(seed, p, 3) > faults {
        return (residuals, jacobian);
    }
    let which = |n: usize, salt| (0..n).rev().find(|&k| drawn(seed, p, salt) * f64_of(n) >= f64_of(k)).unwrap_or(0);
    let bad = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, -0.0][which(6, 4)];
    match which(6, 5) {
        0 => residuals[which(3, 6)] = bad,
        1 => jacobian[which(6, 7)] = bad,
        2 => jacobian.iter_mut().for_each(|x| *x *= -1.0),
        3 => jacobian.fill(0.0),
        4 if seed.is_multiple_of(7) => jacobian.truncate(3),
        5 if seed.is_multiple_of(7) => residuals.truncate(1),
        _ => residuals.iter_mut().for_each(|r| *r += 1e3 * scale * drawn(seed, p, 8)),
    }
    (residuals, jacobian)
}

#[allow(clippy::cast_precision_loss, reason = "below ten")]
fn f64_of(n: usize) -> f64 {
    n as f64
}

#[test]
fn whatever_a_problem_answers_nothing_panics_and_nothing_better_is_forgotten() {
    for seed in 0..400 {
        let answer = |p: &[f64]| hostile(seed, p);
        for (name, solve) in solvers() {
            let probe = Probe::new(&answer);
            let evaluations = seed.is_multiple_of(3).then_some(17);
            let limits = Limits { evaluations, tolerance: 0.0, ..Limits::default() };
            match solve(&probe, &START, limits) {
                Ok(report) => {
                    let context = format!("{name}, seed {seed}: lowest {:e}, {report}", probe.lowest.get());
                    assert!(report.point.iter().chain([&report.value]).all(|x| x.is_finite()), "{context}");
                    assert!(report.value <= half_square(&answer(&START).0), "{context}");
                    assert!(report.value <= probe.lowest.get() * (1.0 + 1e-8) + f64::MIN_POSITIVE, "{context}");
                    assert!(evaluations.is_none_or(|limit| probe.evaluations.get() <= limit), "{context}");
                    assert!(!report.to_string().is_empty());
                }
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
    }
}
