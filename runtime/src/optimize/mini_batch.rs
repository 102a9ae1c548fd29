//! Stochastic descent: any first-order method on mini-batches of samples.
//!
//! Reference: L. Bottou, F. E. Curtis and J. Nocedal, "Optimization methods for large-scale machine learning", SIAM
//! Review 60(2), 2018, section 3; every epoch takes all samples once, in an order drawn anew.

use super::error::require;
use super::first_order::FirstOrder;
use super::run::{Halt, Progress, Run};
use super::stop::{NonFinite, StopReason};
use super::vector::first_non_finite;
use super::{Error, Report, SampleLoss};
use crate::random::Random;
use std::ops::ControlFlow;

/// Mini-batches: one step of the method for every batch of samples. An iteration is an epoch, in which each sample is used
/// once; all options of the method hold, with iterations for epochs.
///
/// After each epoch the whole loss is evaluated, which counts as one evaluation (batches do not). By it the run stops, and by it
/// the best point is told: what the report has is true of all samples. A schedule counts steps, which are batches.
///
/// ```
/// use symgrad::optimize::{Adam, MiniBatch, Schedule, mean_loss};
///
/// let data: Vec<(f64, f64)> = (0..100).map(|i| f64::from(i) / 50.0 - 1.0).map(|x| (x, 3.0 * x - 1.0)).collect();
/// let line = mean_loss(&data, |p: &[f64], (x, y): &(f64, f64)| {
///     let residual = p[0] * x + p[1] - y;
///     (0.5 * residual * residual, [residual * x, residual])
/// });
/// let adam = Adam::new(Schedule::exponential(0.1, 0.99)).max_iterations(100).gradient_tolerance(1e-4);
/// let report = MiniBatch::new(adam, 10).seed(1).minimize(&line, &[0.0, 0.0])?;
/// assert!((report.point[0] - 3.0).abs() < 1e-2 && (report.point[1] + 1.0).abs() < 1e-2, "{report}");
/// # Ok::<(), symgrad::optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MiniBatch<S> {
    method: S,
    batch: usize,
    seed: u64,
}

impl<S: FirstOrder> MiniBatch<S> {
    /// Batches of `batch` samples, at least 1; the last of an epoch may be smaller.
    #[must_use]
    pub fn new(method: S, batch: usize) -> Self {
        Self { method, batch, seed: 0 }
    }

    /// The seed of the orders in which samples are taken; 0 unless told. Runs with the same seed are the same.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Minimizes the mean loss from `start`.
    ///
    /// # Errors
    ///
    /// If there are no samples, if `start` is empty or not finite, if the loss or its gradient is not finite there, if the
    /// gradient's length is not the point's, or if an option is out of range.
    pub fn minimize<L: SampleLoss + ?Sized>(&self, loss: &L, start: &[f64]) -> Result<Report, Error> {
        self.minimize_with(loss, start, |_| ControlFlow::Continue(()))
    }

    /// Minimizes the mean loss from `start` and shows the point after every epoch, the start included, to `callback`, which
    /// may stop the run with [`ControlFlow::Break`].
    ///
    /// # Errors
    ///
    /// As [`minimize`](Self::minimize).
    pub fn minimize_with<L, C>(&self, loss: &L, start: &[f64], callback: C) -> Result<Report, Error>
    where
        L: SampleLoss + ?Sized,
        C: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        self.method.check_options()?;
        require(self.batch > 0, "batch", 0.0, "at least 1")?;
        if loss.samples() == 0 {
            return Err(Error::NoSamples);
        }
        let mut run = Run::begin(loss, start, self.method.stopping(), callback)?;
        let iterated = self.iterate(loss, &mut run);
        run.finish_after(iterated)
    }

    fn iterate<L, C>(&self, loss: &L, run: &mut Run<'_, L, C>) -> Result<(), Halt>
    where
        L: SampleLoss + ?Sized,
        C: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        let mut updates = self.method.updates(run.point());
        let mut sampler = Sampler::new(loss.samples(), self.batch, self.seed);
        let mut gradient = vec![0.0; run.point().len()];
        while run.goes_on() {
            let mut point = run.point().to_vec();
            for batch in sampler.epoch() {
                gradient.fill(f64::NAN);
                let value = loss.batch(&point, batch, &mut gradient)?;
                let coordinate = first_non_finite(&gradient).map(|coordinate| NonFinite::Gradient { coordinate });
                if let Some(what) = coordinate.or_else(|| (!value.is_finite()).then_some(NonFinite::Value)) {
                    return Err(Halt::Over(StopReason::NonFinite(what)));
                }
                updates.apply(&gradient, &mut point);
                if run.is_late() {
                    // What has been reached of the epoch counts.
                    break;
                }
            }
            run.move_to(&point)?;
        }
        Ok(())
    }
}

/// Batches of sample indices in an order drawn anew for each epoch: for training loops of one's own.
///
/// ```
/// use symgrad::optimize::Sampler;
///
/// let mut sampler = Sampler::new(5, 2, 42);
/// let mut seen: Vec<usize> = sampler.epoch().flatten().copied().collect();
/// seen.sort();
/// assert_eq!(seen, [0, 1, 2, 3, 4]);
/// ```
#[derive(Debug, Clone)]
pub struct Sampler {
    order: Vec<usize>,
    batch: usize,
    random: Random,
}

impl Sampler {
    /// Batches of `batch` (at least 1 is taken) out of so many samples.
    #[must_use]
    pub fn new(samples: usize, batch: usize, seed: u64) -> Self {
        Self { order: (0..samples).collect(), batch: batch.max(1), random: Random::new(seed) }
    }

    /// The batches of the next epoch: every sample once, and within a batch in the order of the data.
    ///
    /// What is drawn is which samples are together, and the order of the batches. So a batch reads memory in one direction,
    /// and its sum does not depend on which machine has which samples.
    pub fn epoch(&mut self) -> impl Iterator<Item = &[usize]> {
        self.random.shuffle(&mut self.order);
        self.order.chunks_mut(self.batch).for_each(<[usize]>::sort_unstable);
        self.order.chunks(self.batch)
    }
}
