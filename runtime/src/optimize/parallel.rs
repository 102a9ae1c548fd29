//! Means over samples on all cores, with the same bits for any number of threads.
//!
//! Invariant: chunks have the sizes that they have on one core, and their sums are added up in their order.

use super::samples::{CHUNK, mean_of};
use super::{Error, MeanLoss, Objective, SampleLoss};
use crate::Flatten;
use rayon::prelude::*;

/// A [`MeanLoss`] that is evaluated on the threads of rayon's pool.
///
/// Chunks of 256 samples are shared out, so it pays off where there are some thousands.
#[derive(Debug, Clone, Copy)]
pub struct Parallel<'a, D, F>(MeanLoss<'a, D, F>);

impl<'a, D, F> MeanLoss<'a, D, F> {
    /// The same loss on all cores, with the same bits.
    ///
    /// ```
    /// use symgrad::optimize::{Objective, mean_loss};
    ///
    /// let data: Vec<f64> = (0..10_000).map(|i| f64::from(i).sin()).collect();
    /// let square = |p: &[f64], x: &f64| ((p[0] - x).powi(2), [2.0 * (p[0] - x)]);
    /// let loss = mean_loss(&data, square);
    /// let (mut one, mut all) = ([0.0], [0.0]);
    /// assert_eq!(loss.value_and_gradient(&[0.3], &mut one), loss.parallel().value_and_gradient(&[0.3], &mut all));
    /// assert_eq!(one, all);
    /// ```
    #[must_use]
    pub fn parallel(self) -> Parallel<'a, D, F> {
        Parallel(self)
    }
}

impl<D, F, G> Objective for Parallel<'_, D, F>
where
    D: Sync,
    F: Fn(&[f64], &D) -> (f64, G) + Sync,
    G: Flatten,
{
    /// NaN without data.
    fn value(&self, x: &[f64]) -> f64 {
        let loss = &self.0;
        let sum_of = |chunk: &[D]| chunk.iter().map(|d| (loss.companion)(x, d).0).sum::<f64>();
        let sums: Vec<f64> = loss.data.par_chunks(CHUNK).map(sum_of).collect();
        #[allow(clippy::cast_precision_loss, reason = "a count of samples")]
        let count = loss.data.len() as f64;
        sums.iter().sum::<f64>() / count
    }

    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        self.try_value_and_gradient(x, gradient).unwrap_or(f64::NAN)
    }

    fn try_value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64, Error> {
        let loss = &self.0;
        let chunks: Vec<_> = loss.data.par_chunks(CHUNK).map(|chunk| loss.chunk(x, chunk.iter())).collect();
        mean_of(chunks.into_iter(), loss.data.len(), gradient)
    }
}

impl<D, F, G> SampleLoss for Parallel<'_, D, F>
where
    D: Sync,
    F: Fn(&[f64], &D) -> (f64, G) + Sync,
    G: Flatten,
{
    fn samples(&self) -> usize {
        self.0.data.len()
    }

    fn batch(&self, x: &[f64], indices: &[usize], gradient: &mut [f64]) -> Result<f64, Error> {
        let loss = &self.0;
        let samples = |chunk: &[usize]| loss.chunk(x, chunk.iter().filter_map(|&i| loss.data.get(i)));
        let chunks: Vec<_> = indices.par_chunks(CHUNK).map(samples).collect();
        mean_of(chunks.into_iter(), indices.len(), gradient)
    }
}
