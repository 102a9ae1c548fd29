//! Why runs end: criteria, limits, callbacks, non-finite objectives, unusable input; and what is returned then.

#![cfg(feature = "std")]

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use symgrad::optimize::{
    Adam, Error, GradientDescent, Lbfgs, Momentum, Nesterov, NonFinite, Objective, Progress, Report, StopReason, Trend,
    objective,
};

const START: [f64; 2] = [2.6, 2.2];

fn bowl() -> impl Objective {
    objective(|p: &[f64]| (p[0] * p[0] + 2.0 * p[1] * p[1], [2.0 * p[0], 4.0 * p[1]]))
}

/// Runs `$body` for each solver, at rate 0.01 where it has one.
macro_rules! for_each_solver {
    (|$name:ident, $solver:ident| $body:block) => {{
        {
            let ($name, $solver) = ("fixed", GradientDescent::new(0.01));
            $body
        }
        {
            let ($name, $solver) = ("backtracking", GradientDescent::backtracking());
            $body
        }
        {
            let ($name, $solver) = ("momentum", Momentum::new(0.01));
            $body
        }
        {
            let ($name, $solver) = ("nesterov", Nesterov::new(0.01));
            $body
        }
        {
            let ($name, $solver) = ("adam", Adam::new(0.01));
            $body
        }
        {
            let ($name, $solver) = ("lbfgs", Lbfgs::new());
            $body
        }
    }};
}

#[test]
fn the_bowl_of_the_fourth_lesson() {
    let report = GradientDescent::new(0.1).max_iterations(25).record_history(true).minimize(&bowl(), &START).unwrap();
    assert_eq!((report.reason, report.trend, report.iterations), (StopReason::IterationLimit, Trend::Steady, 25));
    assert_eq!((report.history.len(), report.gradient_evaluations, report.value_evaluations), (26, 26, 0));
    assert!((report.history[0] - 16.44).abs() < 1e-12);
    assert!(report.history.windows(2).all(|w| w[1] < w[0]), "monotone");
    // 2.6² · 0.8⁵⁰ + 2 · 2.2² · 0.6⁵⁰
    assert!((report.value / 9.649_4e-5 - 1.0).abs() < 1e-3, "{report}");
}

#[test]
fn a_rate_at_the_limit_oscillates_and_a_larger_one_diverges() {
    let run = |rate: f64| GradientDescent::new(rate).max_iterations(25).minimize(&bowl(), &START).unwrap();
    // y is multiplied by 1 − 4α: by −0.96, −1 and −1.4.
    for (rate, trend, word) in [
        (0.49, Trend::Oscillating, "oscillating"),
        (0.5, Trend::Oscillating, "oscillating"),
        (0.6, Trend::Diverging, "diverging"),
    ] {
        let report = run(rate);
        assert_eq!(report.trend, trend, "rate {rate}: {report}");
        assert!(report.to_string().contains(word), "{report}");
    }
    assert_eq!(run(0.6).point, START, "nothing better was seen than the start");
    for rate in [0.01, 0.1, 0.2] {
        assert_eq!(run(rate).trend, Trend::Steady);
    }
}

#[test]
fn divergence_to_infinity_keeps_the_best_point() {
    let quartic = objective(|p: &[f64]| (p[0].powi(4), 4.0 * p[0].powi(3)));
    let report = GradientDescent::new(1.0).minimize(&quartic, &[2.0]).unwrap();
    assert!(matches!(report.reason, StopReason::NonFinite(_)), "{report}");
    assert_eq!((report.trend, report.point[0], report.value), (Trend::Diverging, 2.0, 16.0));
    assert!(report.to_string().contains("non-finite") && report.to_string().contains("diverging"), "{report}");
}

#[test]
fn the_criteria_stop_and_are_reported() {
    for_each_solver!(|name, solver| {
        let report = solver.clone().gradient_tolerance(1.0).minimize(&bowl(), &START).unwrap();
        assert_eq!(report.reason, StopReason::GradientTolerance, "{name}");
        assert!(report.criteria.gradient_norm <= 1.0 && report.converged(), "{name}");
        assert!(report.to_string().contains("tolerance 1.0e0, met"), "{name}: {report}");

        let report = solver.clone().step_tolerance(1e3).minimize(&bowl(), &START).unwrap();
        assert_eq!((report.reason, report.iterations), (StopReason::StepTolerance, 1), "{name}");

        let report = solver.clone().value_tolerance(1e3).minimize(&bowl(), &START).unwrap();
        assert_eq!((report.reason, report.iterations), (StopReason::ValueTolerance, 1), "{name}");

        let report = solver.clone().max_iterations(1).minimize(&bowl(), &START).unwrap();
        assert_eq!((report.reason, report.iterations), (StopReason::IterationLimit, 1), "{name}");
        assert!(report.value < 16.44 && !report.converged(), "{name}");
    });
}

#[test]
fn zero_iterations_return_the_start_evaluated() {
    for_each_solver!(|name, solver| {
        let report = solver.max_iterations(0).minimize(&bowl(), &START).unwrap();
        assert_eq!((&report.point[..], report.gradient_evaluations), (&START[..], 1), "{name}");
        assert_eq!((report.reason, report.iterations), (StopReason::IterationLimit, 0), "{name}");
        assert!((report.value - 16.44).abs() < 1e-12 && (report.gradient_norm - 5.2_f64.hypot(8.8)).abs() < 1e-12);
    });
}

#[test]
fn a_start_at_the_minimum_stops_at_once() {
    for_each_solver!(|name, solver| {
        let report = solver.minimize(&bowl(), &[0.0, 0.0]).unwrap();
        assert_eq!((report.reason, report.iterations), (StopReason::GradientTolerance, 0), "{name}");
    });
}

#[test]
fn the_callback_sees_each_iterate_and_may_stop() {
    for_each_solver!(|name, solver| {
        let mut seen = 0;
        let report = solver.gradient_tolerance(0.0).minimize_with(&bowl(), &START, |progress| {
            assert_eq!(progress.iteration, seen, "{name}");
            seen += 1;
            if progress.iteration == 1 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let report = report.unwrap();
        // L-BFGS and backtracking may be done after a step; the others are not.
        assert!(report.reason == StopReason::Callback || report.converged(), "{name}: {report}");
        assert_eq!(report.iterations, 1, "{name}");
    });
}

/// The bowl, which becomes something else once `healthy` evaluations have been made.
fn failing(healthy: usize, fault: impl Fn(f64, [f64; 2]) -> (f64, [f64; 2])) -> impl Objective {
    let calls = Cell::new(0);
    objective(move |p: &[f64]| {
        calls.set(calls.get() + 1);
        let (value, gradient) = (p[0] * p[0] + 2.0 * p[1] * p[1], [2.0 * p[0], 4.0 * p[1]]);
        if calls.get() > healthy { fault(value, gradient) } else { (value, gradient) }
    })
}

#[test]
fn an_objective_that_fails_midway_is_reported_with_the_best_point() {
    for fault in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for_each_solver!(|name, solver| {
            let report = solver.minimize(&failing(3, |_, g| (fault, g)), &START).unwrap();
            // A line search may be done before the fault, or retreat from it.
            let searches = matches!(name, "lbfgs" | "backtracking");
            let excused = searches && (report.reason == StopReason::LineSearch || report.converged());
            assert!(report.reason == StopReason::NonFinite(NonFinite::Value) || excused, "{name}: {report}");
            assert!(report.value.is_finite() && report.value <= 16.44 && report.gradient_norm.is_finite(), "{name}");
        });
    }
    let report = Momentum::new(0.01).minimize(&failing(3, |v, g| (v, [g[0], f64::NAN])), &START).unwrap();
    assert_eq!(report.reason, StopReason::NonFinite(NonFinite::Gradient { coordinate: 1 }));
    assert_eq!(report.iterations, 2);
    assert!(report.to_string().starts_with("coordinate 1 of the gradient became non-finite after 2 iterations"));
}

#[test]
fn a_step_that_overflows_is_reported() {
    let steep = |x: &[f64], g: &mut [f64]| {
        g[0] = 1e300;
        1e-300 * x[0]
    };
    let report = GradientDescent::new(1e10).minimize(&steep, &[0.0]).unwrap();
    assert_eq!(report.reason, StopReason::NonFinite(NonFinite::Point { coordinate: 0 }));
}

/// Remembers every value that the objective returned, at finite points.
struct Recorded<O> {
    inner: O,
    lowest: RefCell<f64>,
}

impl<O: Objective> Objective for Recorded<O> {
    fn value(&self, x: &[f64]) -> f64 {
        let value = self.inner.value(x);
        self.lowest.replace_with(|lowest| lowest.min(value));
        value
    }

    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        let value = self.inner.value_and_gradient(x, gradient);
        self.lowest.replace_with(|lowest| lowest.min(value));
        value
    }
}

/// The report's value is the lowest that was ever returned, and its fields are those of its point.
fn assert_best<O: Objective>(name: &str, report: &Report, recorded: &Recorded<O>) {
    let lowest = *recorded.lowest.borrow();
    assert!(report.value <= lowest + 4.0 * f64::EPSILON * lowest.abs(), "{name}: {lowest} {report}");
    let mut gradient = [0.0_f64; 2];
    let value = recorded.inner.value_and_gradient(&report.point, &mut gradient);
    assert_eq!((value.to_bits(), &gradient[..]), (report.value.to_bits(), &report.gradient[..]), "{name}");
    let norm = gradient[0].hypot(gradient[1]);
    assert!((report.gradient_norm - norm).abs() <= 1e-14 * norm, "{name}: {report}");
}

#[test]
fn the_best_point_ever_evaluated_is_returned() {
    // Many minima: fast waves on a bowl. Large rates jump between them.
    let wavy = || {
        objective(|p: &[f64]| {
            let f = p[0] * p[0] + 2.0 * (9.0 * p[0]).sin() + p[1] * p[1];
            (f, [2.0 * p[0] + 18.0 * (9.0 * p[0]).cos(), 2.0 * p[1]])
        })
    };
    for k in 0..20 {
        let start = [f64::from(k) * 0.37 - 3.0, 1.0];
        for_each_solver!(|name, solver| {
            let recorded = Recorded { inner: wavy(), lowest: RefCell::new(f64::INFINITY) };
            assert_best(name, &solver.max_iterations(60).minimize(&recorded, &start).unwrap(), &recorded);
        });
        let recorded = Recorded { inner: wavy(), lowest: RefCell::new(f64::INFINITY) };
        let report = GradientDescent::new(0.2).max_iterations(60).minimize(&recorded, &start).unwrap();
        assert_best("large rate", &report, &recorded);
    }
}

#[test]
fn a_rejected_trial_may_be_the_best_point() {
    // From 1 on x², rate ½ lands on the minimum, but 0.9 of the promised decrease is not to be had there.
    let parabola = objective(|p: &[f64]| (p[0] * p[0], 2.0 * p[0]));
    let solver = GradientDescent::backtracking_from(1.0, 0.5, 0.9).max_iterations(1);
    let report = solver.minimize(&parabola, &[1.0]).unwrap();
    assert!((report.criteria.value - 0.875 * 0.875).abs() < 1e-15, "the iterate: {report}");
    assert_eq!((report.point[0], report.value, report.gradient_norm), (0.0, 0.0, 0.0));
    assert_eq!((report.value_evaluations, report.gradient_evaluations), (5, 3));
}

#[test]
fn step_and_change_are_relative_to_large_points_and_values() {
    let line = objective(|p: &[f64]| (p[0], 1.0));
    let report = GradientDescent::new(1.0).max_iterations(1).minimize(&line, &[1e6]).unwrap();
    assert_eq!(report.criteria.step, Some(1.0 / 999_999.0));
    assert_eq!(report.criteria.value_change, Some(1.0 / 999_999.0));
}

#[test]
fn a_swing_of_momentum_is_not_divergence() {
    let parabola = objective(|p: &[f64]| (p[0] * p[0], 2.0 * p[0]));
    let solver = Momentum::new(1e-3).momentum(0.99).max_iterations(55).record_history(true);
    let report = solver.minimize(&parabola, &[1.0]).unwrap();
    assert!(report.history[46..].windows(2).all(|w| w[1] > w[0]), "on the way up: {:?}", &report.history[46..]);
    assert_eq!(report.trend, Trend::Steady);
}

#[test]
fn a_failed_search_forgets_the_memory_and_tries_again() {
    // Non-finite for as long as one search lasts, once there is a memory.
    let calls = Cell::new(0);
    let faulty = objective(|p: &[f64]| {
        calls.set(calls.get() + 1);
        let value = p[0] * p[0] + 2.0 * p[1] * p[1];
        (if (4..44).contains(&calls.get()) { f64::NAN } else { value }, [2.0 * p[0], 4.0 * p[1]])
    });
    let mut along_gradient = Vec::new();
    let mut previous: Option<([f64; 2], [f64; 2])> = None;
    let see = |now: &Progress<'_>| {
        if let Some((point, gradient)) = previous {
            let step = [now.point[0] - point[0], now.point[1] - point[1]];
            let cross = step[0] * gradient[1] - step[1] * gradient[0];
            along_gradient.push(cross.abs() < 1e-9 * step[0].hypot(step[1]) * gradient[0].hypot(gradient[1]));
        }
        previous = Some(([now.point[0], now.point[1]], [now.gradient[0], now.gradient[1]]));
        ControlFlow::Continue(())
    };
    let report = Lbfgs::new().minimize_with(&faulty, &START, see).unwrap();
    assert_eq!(report.reason, StopReason::GradientTolerance, "{report}");
    assert!(along_gradient[0], "the first step has no memory");
    assert_eq!(along_gradient.iter().filter(|&&along| along).count(), 2, "nor has the one after the fault");
}

#[test]
fn a_wrong_gradient_or_a_kink_ends_the_line_search() {
    let wrong_sign = objective(|p: &[f64]| (p[0] * p[0], -2.0 * p[0]));
    for report in [
        GradientDescent::backtracking().minimize(&wrong_sign, &[1.0]).unwrap(),
        Lbfgs::new().minimize(&wrong_sign, &[1.0]).unwrap(),
    ] {
        assert_eq!(report.reason, StopReason::LineSearch, "{report}");
        assert_eq!(report.point, [1.0]);
    }
    let corner = objective(|p: &[f64]| (p[0].abs(), if p[0] > 0.0 { 1.0 } else { -1.0 }));
    let report = Lbfgs::new().minimize(&corner, &[0.7]).unwrap();
    assert!(report.reason == StopReason::LineSearch && report.value < 0.1, "{report}");
}

#[test]
fn an_objective_without_a_minimum_ends_too() {
    let plane = objective(|p: &[f64]| (p[0], 1.0));
    for_each_solver!(|name, solver| {
        let report = solver.max_iterations(2000).minimize(&plane, &[0.0]).unwrap();
        assert!(!report.converged() && report.value < -1.0, "{name}: {report}");
    });
    let report = Lbfgs::new().minimize(&plane, &[0.0]).unwrap();
    assert_eq!(report.reason, StopReason::LineSearch, "{report}");
}

#[test]
fn a_rate_that_doubles_for_ever_stays_finite() {
    let plane = objective(|p: &[f64]| (1e-300 * p[0], 1e-300));
    let solver = GradientDescent::backtracking().gradient_tolerance(0.0).max_iterations(1500);
    let report = solver.minimize(&plane, &[0.0]).unwrap();
    assert_eq!((report.reason, report.iterations), (StopReason::IterationLimit, 1500));
    assert!(report.point[0] < -1e9 && report.point[0].is_finite(), "{report}");
}

#[test]
fn unusable_starts_are_errors() {
    let empty: &[f64] = &[];
    for_each_solver!(|name, solver| {
        assert_eq!(solver.minimize(&bowl(), empty), Err(Error::EmptyStart), "{name}");
        let at = solver.minimize(&bowl(), &[1.0, f64::INFINITY]).unwrap_err();
        assert_eq!(at, Error::NonFiniteStart { coordinate: 1, value: f64::INFINITY }, "{name}");
        let nan = solver.minimize(&bowl(), &[f64::NAN, 0.0]).unwrap_err();
        assert!(matches!(nan, Error::NonFiniteStart { coordinate: 0, .. }), "{name}");
        let value = solver.minimize(&failing(0, |_, g| (f64::NAN, g)), &START).unwrap_err();
        assert!(matches!(value, Error::NonFiniteValue { value } if value.is_nan()), "{name}");
        let value = solver.minimize(&failing(0, |_, g| (f64::NEG_INFINITY, g)), &START).unwrap_err();
        assert_eq!(value, Error::NonFiniteValue { value: f64::NEG_INFINITY }, "{name}");
        let gradient = solver.minimize(&failing(0, |v, g| (v, [g[0], f64::INFINITY])), &START).unwrap_err();
        assert_eq!(gradient, Error::NonFiniteGradient { coordinate: 1, value: f64::INFINITY }, "{name}");
        let length = solver.minimize(&objective(|p: &[f64]| (p[0], [1.0; 3])), &START).unwrap_err();
        assert_eq!(length, Error::GradientLength { expected: 2, found: 3 }, "{name}");
    });
    let message = Error::NonFiniteStart { coordinate: 1, value: f64::NAN }.to_string();
    assert_eq!(message, "coordinate 1 of the start is NaN");
}

#[test]
fn a_gradient_whose_length_changes_midway_is_an_error() {
    let calls = Cell::new(0);
    let shrinking = objective(|p: &[f64]| {
        calls.set(calls.get() + 1);
        (p[0] * p[0] + p[1] * p[1], if calls.get() < 3 { vec![2.0 * p[0], 2.0 * p[1]] } else { vec![0.0] })
    });
    let error = GradientDescent::new(0.1).minimize(&shrinking, &START).unwrap_err();
    assert_eq!(error, Error::GradientLength { expected: 2, found: 1 });
}

#[test]
fn a_coordinate_that_the_closure_forgets_is_reported() {
    let forgetful = |x: &[f64], g: &mut [f64]| {
        g[0] = 2.0 * x[0];
        x[0] * x[0] + x[1] * x[1]
    };
    let error = Lbfgs::new().minimize(&forgetful, &START).unwrap_err();
    assert!(matches!(error, Error::NonFiniteGradient { coordinate: 1, value } if value.is_nan()), "{error}");
}

#[test]
fn invalid_options_are_errors() {
    let option = |result: Result<Report, Error>| match result {
        Err(Error::InvalidOption { option, .. }) => option,
        other => panic!("{other:?}"),
    };
    for bad in [f64::NAN, f64::INFINITY, -1.0] {
        assert_eq!(option(GradientDescent::new(bad).minimize(&bowl(), &START)), "rate");
        assert_eq!(option(Momentum::new(bad).minimize(&bowl(), &START)), "rate");
        assert_eq!(option(Momentum::new(0.1).momentum(bad).minimize(&bowl(), &START)), "momentum");
        assert_eq!(option(Nesterov::new(bad).minimize(&bowl(), &START)), "rate");
        assert_eq!(option(Nesterov::new(0.1).momentum(bad).minimize(&bowl(), &START)), "momentum");
        assert_eq!(option(Adam::new(bad).minimize(&bowl(), &START)), "rate");
        assert_eq!(option(Adam::new(0.1).betas(bad, 0.5).minimize(&bowl(), &START)), "beta1");
        assert_eq!(option(Adam::new(0.1).betas(0.5, bad).minimize(&bowl(), &START)), "beta2");
        assert_eq!(option(Adam::new(0.1).epsilon(bad).minimize(&bowl(), &START)), "epsilon");
        assert_eq!(option(Lbfgs::new().wolfe(bad, 0.5).minimize(&bowl(), &START)), "c1");
        assert_eq!(option(Lbfgs::new().wolfe(0.1, bad).minimize(&bowl(), &START)), "c2");
        let backtracking = |first, shrink, sufficient| GradientDescent::backtracking_from(first, shrink, sufficient);
        assert_eq!(option(backtracking(bad, 0.5, 0.1).minimize(&bowl(), &START)), "first_rate");
        assert_eq!(option(backtracking(1.0, bad, 0.1).minimize(&bowl(), &START)), "shrink");
        assert_eq!(option(backtracking(1.0, 0.5, bad).minimize(&bowl(), &START)), "sufficient_decrease");
        for_each_solver!(|name, solver| {
            let set = solver.clone().gradient_tolerance(bad).minimize(&bowl(), &START);
            assert_eq!(option(set), "gradient_tolerance", "{name}");
            let set = solver.clone().step_tolerance(bad).minimize(&bowl(), &START);
            assert_eq!(option(set), "step_tolerance", "{name}");
            let set = solver.clone().value_tolerance(bad).minimize(&bowl(), &START);
            assert_eq!(option(set), "value_tolerance", "{name}");
        });
    }
    assert_eq!(option(GradientDescent::new(0.0).minimize(&bowl(), &START)), "rate");
    assert_eq!(option(Lbfgs::new().memory(0).minimize(&bowl(), &START)), "memory");
    assert_eq!(option(Lbfgs::new().wolfe(0.6, 0.5).minimize(&bowl(), &START)), "c1");
    let message = GradientDescent::new(-1.0).minimize(&bowl(), &START).unwrap_err().to_string();
    assert_eq!(message, "the option `rate` is -1 but must be positive and finite");
}

type Companion = fn(&[f64]) -> (f64, Vec<f64>);

#[test]
fn wild_objectives_never_panic() {
    let wild: &[Companion] = &[
        |p| (p[0] * 1e308, vec![1e308]),
        |p| (-p[0].abs().powi(9), vec![-9.0 * p[0].abs().powi(8) * p[0].signum()]),
        |p| (p[0].sqrt(), vec![0.5 / p[0].sqrt()]),
        |p| (-p[0].ln(), vec![-1.0 / p[0]]),
        |p| (p[0].floor(), vec![1.0]),
        |p| (1e-320 * p[0], vec![1e-320]),
        |p| (if p[0] > 0.5 { p[0] } else { f64::NAN }, vec![1.0]),
        |p| (p[0].exp(), vec![p[0].exp()]),
        |_| (0.0, vec![f64::MAX]),
    ];
    for (k, f) in wild.iter().enumerate() {
        for start in [1.0, 0.0, -1.0, 1e-300, f64::MAX, f64::MIN, 700.0] {
            for_each_solver!(|name, solver| {
                let guarded = objective(|p: &[f64]| {
                    assert!(p[0].is_finite(), "the objective is asked at finite points only");
                    f(p)
                });
                match solver.gradient_tolerance(0.0).max_iterations(50).minimize(&guarded, &[start]) {
                    Ok(report) => {
                        assert!(
                            report.point[0].is_finite() && report.value.is_finite(),
                            "{name} {k} {start}: {report}"
                        );
                        assert!(report.value <= f(&[start]).0, "{name} {k} {start}: {report}");
                    }
                    Err(error) => assert!(!f(&[start]).0.is_finite() || !f(&[start]).1[0].is_finite(), "{error}"),
                }
            });
        }
    }
}

#[test]
fn a_long_point_is_printed_short() {
    let sum = objective(|p: &[f64]| (p.iter().map(|x| x * x).sum(), p.iter().map(|x| 2.0 * x).collect::<Vec<_>>()));
    let text = Lbfgs::new().minimize(&sum, &[1.0; 50]).unwrap().to_string();
    assert!(text.contains("… 44 more]"), "{text}");
    assert!(text.starts_with("gradient tolerance reached after"), "{text}");
}
