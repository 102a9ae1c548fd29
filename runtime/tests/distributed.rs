//! A mean over samples has the same bits on any number of ranks, and all of them train to the same point.
//!
//! Every rank runs this program (`CONTRIBUTING.md` says how), and compares what it gets with the mean of all samples on
//! itself alone.

use mpi::topology::SimpleCommunicator;
use mpi::traits::Communicator;
use std::ops::ControlFlow;
use std::thread::sleep;
use std::time::Duration;
use symgrad::optimize::{
    Adam, Error, GradientDescent, Lbfgs, MiniBatch, Objective, Progress, SampleLoss, StopReason, mean_loss, share,
};

type Sample = (f64, f64);

fn line(p: &[f64], &(x, y): &Sample) -> (f64, [f64; 2]) {
    let residual = p[0] * x + p[1] - y;
    (residual * residual, [2.0 * residual * x, 2.0 * residual])
}

/// Numbers whose sum depends on the order.
fn data(n: u32) -> Vec<Sample> {
    (0..n).map(|i| f64::from(i) * 0.37).map(|x| (x.sin(), (1.0 + x).ln())).collect()
}

/// Where the parts begin, by how the samples are dealt out.
fn parts(samples: usize, ranks: usize) -> Vec<Vec<usize>> {
    let even = (0..=ranks).map(|r| samples * r / ranks).collect();
    // A few samples on each rank, and the rest on the last: parts that begin and end within one chunk.
    let few = (0..ranks).map(|r| (3 * r).min(samples)).chain([samples]).collect();
    // All samples on the first rank.
    let first = [0].into_iter().chain((0..ranks).map(|_| samples)).collect();
    vec![even, few, first]
}

fn same_bits(world: &SimpleCommunicator, n: u32) {
    let all = data(n);
    let (rank, ranks) = (as_index(world.rank()), as_index(world.size()));
    let alone = mean_loss(&all, line);
    for begins in parts(all.len(), ranks) {
        let mine = &all[begins[rank]..begins[rank + 1]];
        let spread = mean_loss(mine, line).distributed(world);
        assert_eq!(spread.samples(), all.len());
        for point in [[0.7, 0.1], [-3.0, 1e10], [f64::NAN, 0.0]] {
            let (mut expected, mut gradient) = ([0.0; 2], [f64::NAN; 2]);
            let value = alone.value_and_gradient(&point, &mut expected);
            assert_eq!(spread.value_and_gradient(&point, &mut gradient).to_bits(), value.to_bits());
            assert_eq!(gradient.map(f64::to_bits), expected.map(f64::to_bits), "{n} samples, parts {begins:?}");
            assert_eq!(spread.value(&point).to_bits(), value.to_bits());
        }
        // Every third sample, also where that is more than a chunk.
        let indices: Vec<usize> = (0..all.len()).step_by(3).collect();
        let (mut expected, mut gradient) = ([0.0; 2], [f64::NAN; 2]);
        let value = alone.batch(&[0.7, 0.1], &indices, &mut expected).unwrap();
        let backwards: Vec<usize> = indices.iter().rev().copied().collect();
        assert_eq!(spread.batch(&[0.7, 0.1], &backwards, &mut gradient).unwrap().to_bits(), value.to_bits());
        assert_eq!(gradient.map(f64::to_bits), expected.map(f64::to_bits));
    }
}

fn same_training(world: &SimpleCommunicator) {
    let all = data(1000);
    let mine = &all[share(all.len(), world)];
    let (alone, spread) = (mean_loss(&all, line), mean_loss(mine, line).distributed(world));
    let start = [0.5, 0.5];
    assert_eq!(Lbfgs::new().minimize(&spread, &start), Lbfgs::new().minimize(&alone, &start));
    let trainer = MiniBatch::new(Adam::new(0.01).max_iterations(3).record_history(true), 30).seed(7);
    assert_eq!(trainer.minimize(&spread, &start), trainer.minimize(&alone, &start));
    let none = mean_loss(&all[..0], line).distributed(world);
    assert_eq!(MiniBatch::new(Adam::new(0.1), 5).minimize(&none, &start), Err(Error::NoSamples));
}

fn errors_reach_all_ranks(world: &SimpleCommunicator) {
    let all = data(600);
    let mine = &all[share(all.len(), world)];
    // The last sample of all has a gradient that is too short.
    let faulty = |p: &[f64], sample: &Sample| {
        let (value, gradient) = line(p, sample);
        (value, if sample == &all[599] { vec![1.0] } else { gradient.to_vec() })
    };
    let found = mean_loss(mine, faulty).distributed(world).try_value_and_gradient(&[1.0, 2.0], &mut [0.0; 2]);
    assert_eq!(found, Err(Error::GradientLength { expected: 2, found: 1 }));

    let loss = mean_loss(mine, line).distributed(world);
    if world.size() > 1 {
        let last = world.rank() == world.size() - 1;
        let differ = Err(Error::RanksDiffer { rank: as_index(world.size() - 1) });
        let point = if last { [1.0, 2.0] } else { [1.0, 2.5] };
        assert_eq!(loss.try_value_and_gradient(&point, &mut [0.0; 2]), differ);
        let samples = if last { [1, 599] } else { [2, 599] };
        assert_eq!(loss.batch(&[1.0, 2.0], &samples, &mut [0.0; 2]), differ);
        let anywhere = mean_loss(mine, |p: &[f64], _: &Sample| (p[0], p.to_vec())).distributed(world);
        let start: &[f64] = if last { &[1.0, 2.0] } else { &[1.0] };
        assert_eq!(anywhere.try_value_and_gradient(start, &mut vec![0.0; start.len()]), differ);
    }
    // After an error, the ranks are together again.
    assert!(loss.try_value_and_gradient(&[1.0, 2.0], &mut [0.0; 2]).is_ok());
}

/// What one rank wants, all do: at the same iterate, for the same reason.
fn all_stop_together(world: &SimpleCommunicator) {
    let all = data(600);
    let loss = mean_loss(&all[share(all.len(), world)], line).distributed(world);
    let alone = mean_loss(&all, line);
    let last = world.rank() == world.size() - 1;
    let start = [0.5, 0.5];

    let third = |progress: &Progress<'_>| match progress.iteration {
        3 => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    let expected = Lbfgs::new().minimize_with(&alone, &start, third).unwrap();
    let only_the_last = |progress: &Progress<'_>| if last { third(progress) } else { ControlFlow::Continue(()) };
    let report = Lbfgs::new().minimize_with(&loss, &start, only_the_last).unwrap();
    assert_eq!((report.reason, &report), (StopReason::Callback, &expected));

    // The last rank's clock alone is over the limit, in a search too, and between mini-batches.
    let limit = Duration::from_millis(150);
    let sleeps = |progress: &Progress<'_>| {
        if last && progress.iteration == 1 {
            sleep(2 * limit);
        }
        ControlFlow::Continue(())
    };
    for report in [
        GradientDescent::new(1e-3).max_iterations(100_000).max_time(limit).minimize_with(&loss, &start, sleeps),
        Lbfgs::new().gradient_tolerance(0.0).max_time(limit).minimize_with(&loss, &start, sleeps),
        MiniBatch::new(Adam::new(1e-3).max_iterations(100_000).max_time(limit), 7).minimize_with(&loss, &start, sleeps),
    ] {
        assert_eq!(report.unwrap().reason, StopReason::TimeLimit);
    }
    assert!(loss.try_value_and_gradient(&start, &mut [0.0; 2]).is_ok(), "the ranks are together again");
}

fn as_index(rank: i32) -> usize {
    usize::try_from(rank).expect("from 0")
}

fn main() {
    let universe = mpi::initialize().expect("MPI is begun once");
    let world = universe.world();
    for n in [1, 2, 255, 256, 257, 512, 1500] {
        same_bits(&world, n);
    }
    same_training(&world);
    errors_reach_all_ranks(&world);
    all_stop_together(&world);
    if world.rank() == 0 {
        println!("{} ranks: 4 passed, 0 failed", world.size());
    }
}
