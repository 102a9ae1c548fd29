//! Limits hold within an iteration: no solver evaluates more often, or later, than it may, and what it found counts.

#![cfg(feature = "std")]

mod common;

use common::{Answer, Limits, Probe, half_square, solvers};
use std::cell::Cell;
use std::time::{Duration, Instant};
use symgrad::optimize::StopReason;

/// Rosenbrock's valley.
fn valley(p: &[f64]) -> Answer {
    (vec![10.0 * (p[1] - p[0] * p[0]), 1.0 - p[0]], vec![-20.0 * p[0], 10.0, -1.0, 0.0])
}

/// Steep walls and waves, so that searches take many trials.
fn waves(p: &[f64]) -> Answer {
    let (x, y) = (p[0], p[1]);
    let residuals = vec![1e3 * x + 5.0 * (40.0 * x).sin(), y * y * y + (20.0 * y).cos(), 2.0];
    (residuals, vec![1e3 + 200.0 * (40.0 * x).cos(), 0.0, 0.0, 3.0 * y * y - 20.0 * (20.0 * y).sin(), 0.0, 0.0])
}

#[test]
fn no_more_evaluations_are_made_than_allowed_and_the_best_counts() {
    for problem in [valley, waves] {
        for start in [[-1.2, 1.0], [3.0, -2.0]] {
            for limit in 0..60 {
                for (name, solve) in solvers() {
                    let probe = Probe::new(&problem);
                    let limits = Limits { evaluations: Some(limit), tolerance: 0.0, ..Limits::default() };
                    let report = solve(&probe, &start, limits).unwrap();
                    let (made, context) = (probe.evaluations.get(), format!("{name}, {limit}: {report}"));
                    assert!(made <= limit.max(1), "{made} evaluations, {context}");
                    assert!(report.value_evaluations + report.gradient_evaluations <= made, "{context}");
                    assert!(report.value <= probe.lowest.get() * (1.0 + 1e-12), "{} {context}", probe.lowest.get());
                    assert!(report.value == half_square(&problem(&report.point).0), "{context}");
                    // One may have been left for the gradient of a trial, or the Jacobian of the result.
                    let unused = limit.saturating_sub(made);
                    let used = report.reason != StopReason::EvaluationLimit || unused <= 2;
                    assert!(used, "{unused} unused, {context}");
                }
            }
        }
    }
}

#[test]
fn no_trial_begins_after_the_time() {
    // A search that needs dozens of trials of 5 ms each: the value only rises.
    let trap = |p: &[f64]| {
        std::thread::sleep(Duration::from_millis(5));
        (vec![1.0 + p[0].abs().sqrt()], vec![-1.0])
    };
    for (name, solve) in solvers() {
        let (probe, began) = (Probe::new(&trap), Instant::now());
        let limits = Limits { iterations: usize::MAX, time: Some(Duration::from_millis(20)), ..Limits::default() };
        let report = solve(&probe, &[1e-3], limits).unwrap();
        // The start, what fits into 20 ms, one that was under way, one for the gradient or the Jacobian of the result; an
        // epoch is ended by an evaluation of its own. Clocks may be late, never early.
        assert!(probe.evaluations.get() <= 8, "{name}: {} evaluations, {report}", probe.evaluations.get());
        assert!(
            report.reason == StopReason::TimeLimit || began.elapsed() < Duration::from_millis(60),
            "{name}: {report}"
        );
        assert!(report.value <= probe.lowest.get(), "{name}: {report}");
    }
}

#[test]
fn an_epoch_that_takes_too_long_is_ended_and_counts() {
    use symgrad::optimize::{GradientDescent, MiniBatch, mean_loss};
    let data = [(); 1000];
    let slow = Cell::new(0);
    let loss = mean_loss(&data, |p: &[f64], (): &()| {
        slow.set(slow.get() + 1);
        if slow.get() > 1000 {
            std::thread::sleep(Duration::from_micros(if slow.get() < 1300 { 200 } else { 0 }));
        }
        (p[0] * p[0], [2.0 * p[0]])
    });
    let method = GradientDescent::new(0.01).max_time(Duration::from_millis(10));
    let report = MiniBatch::new(method, 1).minimize(&loss, &[1.0]).unwrap();
    assert_eq!((report.reason, report.iterations), (StopReason::TimeLimit, 1), "{report}");
    assert!(report.value < 1.0 && slow.get() < 3000, "{report}");
}
