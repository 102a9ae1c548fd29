//! A progress bar shows where the run is, and is left as it was at the end.

use indicatif::ProgressBar;
use std::ops::ControlFlow;
use symgrad::optimize::{GradientDescent, MiniBatch, StopReason, mean_loss, objective};
use symgrad::progress;

fn bowl(p: &[f64]) -> (f64, [f64; 2]) {
    (p[0] * p[0] + 2.0 * p[1] * p[1], [2.0 * p[0], 4.0 * p[1]])
}

#[test]
fn the_bar_is_where_the_run_is() {
    let bar = ProgressBar::hidden();
    bar.set_length(40);
    let mut show = progress::on(bar.clone());
    let mut seen = Vec::new();
    let report = GradientDescent::new(0.1).max_iterations(40).minimize_with(&objective(bowl), &[1.0, 1.0], |at| {
        let flow = show(at);
        seen.push((bar.position(), bar.message()));
        assert!(!bar.is_finished());
        flow
    });
    assert_eq!(report.unwrap().reason, StopReason::IterationLimit);
    assert_eq!(seen.iter().map(|(position, _)| *position).collect::<Vec<_>>(), (0..=40).collect::<Vec<_>>());
    assert_eq!(seen[0].1, "value 3.000e0  ‖gradient‖ 4.472e0");
    drop(show);
    assert!(bar.is_finished());
    assert_eq!((bar.position(), bar.length()), (40, Some(40)));
}

#[test]
fn a_run_that_ends_early_leaves_the_bar_there() {
    let bar = ProgressBar::hidden();
    bar.set_length(1000);
    let report = GradientDescent::new(0.25)
        .max_iterations(1000)
        .minimize_with(&objective(bowl), &[1.0, 1.0], progress::on(bar.clone()))
        .unwrap();
    assert!(report.converged() && report.iterations < 100, "{report}");
    assert_eq!((bar.position(), bar.is_finished()), (report.iterations as u64, true));
}

#[test]
fn of_mini_batches_it_counts_epochs_and_never_stops_the_run() {
    let data = [1.0, 2.0, 3.0, 4.0];
    let loss = mean_loss(&data, |p: &[f64], x: &f64| ((p[0] - x).powi(2), [2.0 * (p[0] - x)]));
    let run = || MiniBatch::new(GradientDescent::new(0.1).max_iterations(7), 2);
    // There is no terminal in a test: the bar draws nothing.
    let shown = run().minimize_with(&loss, &[0.0], progress::bar(7)).unwrap();
    assert_eq!(shown, run().minimize_with(&loss, &[0.0], |_| ControlFlow::Continue(())).unwrap());
    assert_eq!(shown.iterations, 7);
}
