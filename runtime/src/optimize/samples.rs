//! Losses that are means over samples: whole, or over a mini-batch.
//!
//! Invariant: the sum is taken chunk by chunk in the order of the samples, so that a mean has the same bits however the
//! chunks are shared out, among threads (`parallel`) or machines (`distributed`).

use super::objective::fill_gradient;
use super::{Error, Objective};
use crate::Flatten;

/// Samples whose losses are added up in one chunk.
pub(super) const CHUNK: usize = 256;

/// A loss that is a mean over samples, of which a part can be asked for. [`mean_loss`] makes one of the loss of one sample.
pub trait SampleLoss: Objective {
    /// How many samples there are.
    fn samples(&self) -> usize;

    /// The mean loss over the samples with these indices, all below [`samples`](Self::samples); overwrites all of
    /// `gradient` with its gradient.
    ///
    /// # Errors
    ///
    /// [`Error::GradientLength`] if the gradient's length is not that of `x`.
    fn batch(&self, x: &[f64], indices: &[usize], gradient: &mut [f64]) -> Result<f64, Error>;
}

/// The loss made by [`mean_loss`].
#[derive(Debug, Clone, Copy)]
pub struct MeanLoss<'a, D, F> {
    pub(super) data: &'a [D],
    pub(super) companion: F,
}

/// The mean of a loss over data; the closure returns one sample's loss and its gradient by the parameters, as
/// `loss_value_and_gradient` does.
///
/// With the feature `rayon`, its method `parallel` evaluates it on all cores; with `mpi`, `distributed` does on all ranks of an
/// MPI world, each with a part of the data. The bits are the same.
///
/// ```
/// use symgrad::optimize::{Lbfgs, mean_loss};
///
/// let data = [(1.0, 2.3), (2.0, 4.1), (3.0, 5.9), (4.0, 8.2)];
/// let line = mean_loss(&data, |p: &[f64], (x, y): &(f64, f64)| {
///     let residual = p[0] * x + p[1] - y;
///     (residual * residual, [2.0 * residual * x, 2.0 * residual])
/// });
/// let report = Lbfgs::new().minimize(&line, &[0.0, 0.0])?;
/// assert!((report.point[0] - 1.95).abs() < 1e-8, "{report}");
/// # Ok::<(), symgrad::optimize::Error>(())
/// ```
pub fn mean_loss<D, F, G>(data: &[D], companion: F) -> MeanLoss<'_, D, F>
where
    F: Fn(&[f64], &D) -> (f64, G),
    G: Flatten,
{
    MeanLoss { data, companion }
}

impl<D, F, G> MeanLoss<'_, D, F>
where
    F: Fn(&[f64], &D) -> (f64, G),
    G: Flatten,
{
    /// The sum over one chunk of samples.
    pub(super) fn chunk<'d>(&self, x: &[f64], samples: impl Iterator<Item = &'d D>) -> Result<Sum, Error>
    where
        D: 'd,
    {
        let (mut sum, mut one) = (Sum::zero(x.len()), Sum::zero(x.len()));
        for sample in samples {
            let (value, shaped) = (self.companion)(x, sample);
            fill_gradient(&shaped, &mut one.gradient)?;
            one.value = value;
            sum.add(&one);
        }
        Ok(sum)
    }

    fn value_of(&self, x: &[f64]) -> f64 {
        let sum: f64 =
            self.data.chunks(CHUNK).map(|chunk| chunk.iter().map(|d| (self.companion)(x, d).0).sum::<f64>()).sum();
        sum / count(self.data.len())
    }
}

/// Losses and gradients of some samples, added up.
#[derive(Debug, Clone)]
pub(super) struct Sum {
    pub value: f64,
    pub gradient: Vec<f64>,
}

impl Sum {
    pub fn zero(n: usize) -> Self {
        Self { value: 0.0, gradient: vec![0.0; n] }
    }

    pub fn add(&mut self, other: &Self) {
        self.value += other.value;
        self.gradient.iter_mut().zip(&other.gradient).for_each(|(to, g)| *to += g);
    }

    /// The mean over so many samples: NaN if there are none.
    pub fn mean(self, samples: usize, gradient: &mut [f64]) -> f64 {
        gradient.iter_mut().zip(&self.gradient).for_each(|(to, g)| *to = g / count(samples));
        self.value / count(samples)
    }
}

/// Adds up chunks in their order, and divides by the number of samples.
pub(super) fn mean_of(
    chunks: impl Iterator<Item = Result<Sum, Error>>,
    samples: usize,
    gradient: &mut [f64],
) -> Result<f64, Error> {
    let mut sum = Sum::zero(gradient.len());
    for chunk in chunks {
        sum.add(&chunk?);
    }
    Ok(sum.mean(samples, gradient))
}

#[allow(clippy::cast_precision_loss, reason = "a count of samples")]
fn count(samples: usize) -> f64 {
    samples as f64
}

impl<D, F, G> Objective for MeanLoss<'_, D, F>
where
    F: Fn(&[f64], &D) -> (f64, G),
    G: Flatten,
{
    /// NaN without data.
    fn value(&self, x: &[f64]) -> f64 {
        self.value_of(x)
    }

    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        self.try_value_and_gradient(x, gradient).unwrap_or(f64::NAN)
    }

    fn try_value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64, Error> {
        let chunks = self.data.chunks(CHUNK).map(|chunk| self.chunk(x, chunk.iter()));
        mean_of(chunks, self.data.len(), gradient)
    }
}

impl<D, F, G> SampleLoss for MeanLoss<'_, D, F>
where
    F: Fn(&[f64], &D) -> (f64, G),
    G: Flatten,
{
    fn samples(&self) -> usize {
        self.data.len()
    }

    fn batch(&self, x: &[f64], indices: &[usize], gradient: &mut [f64]) -> Result<f64, Error> {
        let samples = |chunk: &[usize]| self.chunk(x, chunk.iter().filter_map(|&i| self.data.get(i)));
        let chunks = indices.chunks(CHUNK).map(samples);
        mean_of(chunks, indices.len(), gradient)
    }
}
