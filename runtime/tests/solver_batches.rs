//! Mini-batches, means over samples, values of any type, and Newton's method at the edges of its use.

#![cfg(feature = "std")]

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use symgrad::Differentiable;
use symgrad::optimize::{
    AdaGrad, Adam, AdamW, Error, GradientDescent, Lbfgs, MiniBatch, Momentum, Nesterov, Newton, NonFinite, Objective,
    RmsProp, SampleLoss, Sampler, Schedule, Stationary, StopReason, mean_loss, over, second_order,
};

/// Points on the line y = 3x − 1 with a little noise that averages out.
fn data(count: u32) -> Vec<(f64, f64)> {
    let x = |i: u32| f64::from(i) / f64::from(count) * 2.0 - 1.0;
    (0..count).map(|i| (x(i), 3.0 * x(i) - 1.0 + if i % 2 == 0 { 0.01 } else { -0.01 })).collect()
}

fn line(p: &[f64], (x, y): &(f64, f64)) -> (f64, [f64; 2]) {
    let residual = p[0] * x + p[1] - y;
    (0.5 * residual * residual, [residual * x, residual])
}

#[test]
fn every_method_learns_from_batches() {
    let data = data(500);
    let loss = mean_loss(&data, line);
    let best = Lbfgs::new().minimize(&loss, &[0.0, 0.0]).unwrap();
    let decay = |rate: f64| Schedule::exponential(rate, 0.995);
    macro_rules! learn {
        ($($method:expr),*) => {$(
            let report = MiniBatch::new($method.max_iterations(40), 25).seed(3).minimize(&loss, &[0.0, 0.0]).unwrap();
            assert!(report.value < best.value + 1e-5, "{}: {report}", stringify!($method));
            assert_eq!(report.reason, StopReason::IterationLimit);
        )*};
    }
    learn!(
        GradientDescent::new(decay(0.5)),
        Momentum::new(decay(0.1)),
        Nesterov::new(decay(0.1)).momentum(0.8),
        AdaGrad::new(0.5),
        RmsProp::new(decay(0.02)),
        Adam::new(decay(0.05)),
        AdamW::new(decay(0.05)).decay(1e-6)
    );
}

#[test]
fn a_seed_decides_the_run() {
    let data = data(100);
    let loss = mean_loss(&data, line);
    let run = |seed: u64| {
        let method = Momentum::new(0.05).max_iterations(3).record_history(true);
        MiniBatch::new(method, 7).seed(seed).minimize(&loss, &[0.0, 0.0]).unwrap()
    };
    assert_eq!(run(5), run(5));
    assert_ne!(run(5).point, run(6).point);
    assert_eq!(run(5).history.len(), 4, "the whole loss after each epoch, and at the start");
}

#[test]
fn a_batch_of_all_samples_is_the_method_itself() {
    let data = data(64);
    let loss = mean_loss(&data, line);
    let method = || Adam::new(0.1).max_iterations(30);
    let whole = method().minimize(&loss, &[0.5, 0.5]).unwrap();
    let batch = MiniBatch::new(method(), 64).minimize(&loss, &[0.5, 0.5]).unwrap();
    assert_eq!(whole.value.to_bits(), batch.value.to_bits(), "{whole} {batch}");
}

#[test]
fn batches_are_unbiased_and_of_the_stated_sizes() {
    let mut sampler = Sampler::new(10, 4, 1);
    let mut orders = Vec::new();
    for _ in 0..3 {
        let batches: Vec<Vec<usize>> = sampler.epoch().map(<[usize]>::to_vec).collect();
        assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 2]);
        let mut all = batches.concat();
        orders.push(all.clone());
        all.sort_unstable();
        assert_eq!(all, (0..10).collect::<Vec<_>>());
    }
    assert!(orders[0] != orders[1] && orders[1] != orders[2], "{orders:?}");
    assert_eq!(Sampler::new(0, 4, 1).epoch().count(), 0);
}

#[test]
fn the_mean_is_that_of_all_samples() {
    let data = data(1000);
    let loss = mean_loss(&data, line);
    let (point, mut gradient, mut batch) = ([0.3, -0.2], [0.0; 2], [0.0; 2]);
    let value = loss.value_and_gradient(&point, &mut gradient);
    assert_eq!(value.to_bits(), loss.value(&point).to_bits());
    let indices: Vec<usize> = (0..1000).collect();
    assert_eq!(loss.batch(&point, &indices, &mut batch).unwrap().to_bits(), value.to_bits());
    assert_eq!(batch, gradient);
    let expected: f64 = data.iter().map(|sample| line(&point, sample).0).sum::<f64>() / 1000.0;
    assert!((value - expected).abs() < 1e-14 * expected);
}

#[test]
fn unusable_batches_are_errors_or_reasons() {
    let none: [(f64, f64); 0] = [];
    let start = [0.0, 0.0];
    let adam = || Adam::new(0.1);
    assert_eq!(MiniBatch::new(adam(), 5).minimize(&mean_loss(&none, line), &start), Err(Error::NoSamples));
    let data = data(10);
    let loss = mean_loss(&data, line);
    let bad = MiniBatch::new(adam(), 0).minimize(&loss, &start).unwrap_err();
    assert!(bad.to_string().contains("`batch` is 0 but must be at least 1"), "{bad}");
    assert!(MiniBatch::new(Adam::new(-1.0), 5).minimize(&loss, &start).is_err());
    assert!(MiniBatch::new(adam().clip_norm(0.0), 5).minimize(&loss, &start).is_err());
    let short = mean_loss(&data, |p: &[f64], _: &(f64, f64)| (p[0], [1.0]));
    let found = MiniBatch::new(adam(), 5).minimize(&short, &start);
    assert_eq!(found, Err(Error::GradientLength { expected: 2, found: 1 }));
    // A sample that becomes non-finite on the way.
    let calls = Cell::new(0);
    let faulty = mean_loss(&data, |p: &[f64], sample: &(f64, f64)| {
        calls.set(calls.get() + 1);
        let (value, gradient) = line(p, sample);
        (value, if calls.get() == 14 { [gradient[0], f64::NAN] } else { gradient })
    });
    let report = MiniBatch::new(adam(), 5).minimize(&faulty, &start).unwrap();
    assert_eq!(report.reason, StopReason::NonFinite(NonFinite::Gradient { coordinate: 1 }));
    assert_eq!((report.point, report.iterations), (vec![0.0, 0.0], 0));
}

#[test]
fn a_callback_sees_every_epoch() {
    let data = data(20);
    let loss = mean_loss(&data, line);
    let seen = RefCell::new(Vec::new());
    let report = MiniBatch::new(Adam::new(0.1), 5).minimize_with(&loss, &[0.0, 0.0], |at| {
        seen.borrow_mut().push(at.iteration);
        if at.iteration == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((report.unwrap().reason, seen.into_inner()), (StopReason::Callback, vec![0, 1, 2]));
}

#[derive(Differentiable, Debug)]
struct Model {
    scale: f64,
    weights: Vec<f64>,
    #[differentiate(skip)]
    name: &'static str,
}

#[test]
fn a_struct_is_minimized_over_and_restored() {
    let start = Model { scale: 1.0, weights: vec![0.0; 3], name: "mine" };
    let loss = |model: &Model| {
        let weights: Vec<f64> = model.weights.iter().zip([1.0, 2.0, 3.0]).map(|(w, t)| w - t).collect();
        let value = (model.scale - 4.0).powi(2) + weights.iter().map(|w| w * w).sum::<f64>();
        let weights = weights.iter().map(|w| 2.0 * w).collect();
        (value, Model { scale: 2.0 * (model.scale - 4.0), weights, name: "" })
    };
    let problem = over(&start, loss);
    assert_eq!(problem.start(), [1.0, 0.0, 0.0, 0.0]);
    let report = Lbfgs::new().minimize(&problem, &problem.start()).unwrap();
    let fitted = problem.restore(&report.point).unwrap();
    assert!((fitted.scale - 4.0).abs() < 1e-8 && (fitted.weights[2] - 3.0).abs() < 1e-8, "{fitted:?}");
    assert_eq!(fitted.name, "mine");
    assert_eq!(Lbfgs::new().minimize(&problem, &[1.0]), Err(Error::Dimension { expected: 4, found: 1 }));
    assert!(matches!(problem.restore(&[1.0]), Err(Error::Dimension { expected: 4, found: 1 })));
    assert!(problem.value(&[1.0]).is_nan());
    // Tuples and arrays, too.
    let pair = ([0.0, 0.0], 0.0);
    let problem = over(&pair, |(a, b): &([f64; 2], f64)| {
        let sum = a[0] + a[1] + b - 3.0;
        (sum * sum + a[0] * a[0], ([2.0 * sum + 2.0 * a[0], 2.0 * sum], 2.0 * sum))
    });
    assert!(Lbfgs::new().minimize(&problem, &problem.start()).unwrap().value < 1e-12);
}

#[test]
fn newton_leaves_a_saddle_and_a_ridge() {
    // x² − y² + y⁴/4: a saddle at 0, minima at (0, ±√2).
    let saddle = second_order(|p: &[f64]| {
        let (x, y) = (p[0], p[1]);
        let value = x * x - y * y + 0.25 * y.powi(4);
        (value, [2.0 * x, -2.0 * y + y.powi(3)], [[2.0, 0.0], [0.0, -2.0 + 3.0 * y * y]])
    });
    for start in [[1.0, 1e-6], [0.5, -1e-3], [1.0, 0.0]] {
        let report = Newton::new().minimize(&saddle, &start).unwrap();
        assert!(report.converged(), "{report}");
        assert!((report.point[1].abs() - 2.0_f64.sqrt()).abs() < 1e-7, "from {start:?}: {report}");
    }
    let stuck = Newton::new().minimize(&saddle, &[0.0, 0.0]).unwrap();
    assert_eq!((stuck.reason, stuck.iterations), (StopReason::GradientTolerance, 0));
    assert_eq!(Stationary::of(&[2.0, 0.0, 0.0, -2.0]), Some(Stationary::Saddle));
    assert_eq!(Stationary::of(&[-2.0, 0.0, 0.0, -2.0]), Some(Stationary::Maximum));
    assert_eq!(Stationary::of(&[2.0, 0.0, 0.0, 0.0]), Some(Stationary::Degenerate));
    assert_eq!((Stationary::of(&[1.0, 2.0]), Stationary::of(&[f64::NAN]), Stationary::of(&[])), (None, None, None));
}

#[test]
fn newton_refuses_and_reports_what_it_cannot_use() {
    let of = |hessian: Vec<f64>| second_order(move |p: &[f64]| (p[0] * p[0], [2.0 * p[0]], hessian.clone()));
    let found = Newton::new().minimize(&of(vec![]), &[1.0]);
    assert_eq!(found, Err(Error::HessianLength { expected: 1, found: 0 }));
    let report = Newton::new().minimize(&of(vec![f64::NAN]), &[1.0]).unwrap();
    assert_eq!(report.reason, StopReason::NonFinite(NonFinite::Hessian { row: 0, column: 0 }));
    assert!(report.to_string().starts_with("entry (0, 0) of the Hessian became non-finite after 0 iterations"));
    assert!(Newton::new().first_radius(0.0).minimize(&of(vec![2.0]), &[1.0]).is_err());
    // Uphill gradients: no step improves.
    let wrong = second_order(|p: &[f64]| (p[0] * p[0], [-2.0 * p[0]], [2.0]));
    let report = Newton::new().minimize(&wrong, &[1.0]).unwrap();
    assert_eq!((report.reason, report.point[0]), (StopReason::TrustRegion, 1.0));
}

#[test]
fn a_dead_coordinate_and_an_explosion_are_named() {
    let dead = second_order(|p: &[f64]| (p[0] * p[0], [2.0 * p[0], 0.0], [2.0, 0.0, 0.0, 0.0]));
    let report = Newton::new().minimize(&dead, &[3.0, 5.0]).unwrap();
    assert_eq!(report.gradients.vanished(), [1]);
    assert!(report.to_string().contains("1 of 2 coordinates had none all the way: 1"), "{report}");
    let steep = symgrad::optimize::objective(|p: &[f64]| (p[0].powi(4), [4.0 * p[0].powi(3)]));
    let report = GradientDescent::new(1.0).max_iterations(3).minimize(&steep, &[1.2]).unwrap();
    assert!(report.gradients.exploded() && report.to_string().contains("gradients exploded"), "{report}");
}
