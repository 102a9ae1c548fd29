//! Means over samples that are spread over the ranks of an MPI world, with the same bits for any number of ranks.
//!
//! Each rank holds a part of the samples; the parts follow each other in the order of the ranks. What is added to what is
//! decided by the positions of the samples in the whole, as on one machine: 256 make a chunk, and chunks are added up in
//! their order. All ranks add up their chunks at the same time. Then the sum goes from rank to rank, each adds its chunks
//! to it, and the last one tells all. So what a rank sends is one sum, however many chunks it has. A chunk that two ranks
//! share is continued sample by sample, and for that the second rank keeps the gradients of its part one by one.
//!
//! Invariant: all ranks return the same bits or the same error, so that solvers take the same steps on all of them. With
//! the sum goes a fingerprint of what it is the sum of.

use super::samples::{CHUNK, Sum};
use super::{Error, MeanLoss, Objective, SampleLoss};
use crate::Flatten;
use mpi::collective::SystemOperation;
use mpi::traits::{Communicator, CommunicatorCollectives, Destination, Root, Source};
use std::ops::Range;

/// A [`MeanLoss`] over the samples of all ranks of an MPI world. [`MeanLoss::distributed`] makes it.
#[derive(Debug, Clone, Copy)]
pub struct Distributed<'a, D, F, C> {
    /// Over the samples of this rank.
    part: MeanLoss<'a, D, F>,
    world: &'a C,
    /// How many samples the ranks before this one have.
    before: usize,
    /// How many samples all ranks have.
    samples: usize,
}

/// The samples out of so many that this rank may take: parts of the same size, in the order of the ranks.
///
/// ```
/// let universe = mpi::initialize().expect("MPI is begun once");
/// // Alone in its world, a rank has everything.
/// assert_eq!(symgrad::optimize::share(10, &universe.world()), 0..10);
/// ```
pub fn share(samples: usize, world: &impl Communicator) -> Range<usize> {
    let (rank, ranks) = (index(world.rank()), index(world.size()));
    samples * rank / ranks..samples * (rank + 1) / ranks
}

/// MPI counts ranks as signed numbers, from 0.
fn index(rank: i32) -> usize {
    usize::try_from(rank).unwrap_or(0)
}

impl<'a, D, F> MeanLoss<'a, D, F> {
    /// The mean over the samples of all ranks, of which this one has its part. Parts may be of any size, also empty; they
    /// follow each other in the order of the ranks. [`share`] tells which samples to read.
    ///
    /// The mean has the same bits as that of all samples on one machine, provided that the ranks' machines compute `exp`
    /// and its like alike.
    ///
    /// All ranks have to do the same: make the loss, and run the same solver from the same start with the same options and
    /// seed. They stop together: where the callback stops one of them, or its clock, all stop there, for the same reason. A
    /// rank that evaluates something else is [`Error::RanksDiffer`] on all of them; for a rank that runs no solver, the others
    /// wait. A rank whose loss panics ends all.
    ///
    /// Run one rank for each core. `mpi` is the crate of this name, version 0.8.
    ///
    /// ```
    /// use symgrad::optimize::{Lbfgs, mean_loss, share};
    ///
    /// // Under `mpirun -n 4`, each of the four has a quarter of the samples.
    /// let universe = mpi::initialize().expect("MPI is begun once");
    /// let world = universe.world();
    /// let mine: Vec<f64> = share(10_000, &world).map(|i| (i as f64).sin()).collect();
    /// let square = |p: &[f64], x: &f64| ((p[0] - x).powi(2), [2.0 * (p[0] - x)]);
    /// let report = Lbfgs::new().minimize(&mean_loss(&mine, square).distributed(&world), &[0.3])?;
    /// assert!(report.point[0].abs() < 1e-3, "the mean of the sine: {report}");
    /// # Ok::<(), symgrad::optimize::Error>(())
    /// ```
    #[must_use]
    pub fn distributed<C: Communicator>(self, world: &'a C) -> Distributed<'a, D, F, C> {
        let mut parts = vec![0_u64; index(world.size())];
        world.all_gather_into(&(self.data.len() as u64), &mut parts[..]);
        let total = |parts: &[u64]| parts.iter().map(|&n| usize::try_from(n).unwrap_or(usize::MAX)).sum();
        let (before, samples) = (total(&parts[..index(world.rank())]), total(&parts));
        Distributed { part: self, world, before, samples }
    }
}

impl<D, F, G, C> Distributed<'_, D, F, C>
where
    F: Fn(&[f64], &D) -> (f64, G),
    G: Flatten,
    C: Communicator,
{
    /// The sum over all ranks, of which this one has those samples, `before` more being on the ranks before it.
    fn sum<'d>(
        &self,
        x: &[f64],
        fingerprint: f64,
        before: usize,
        mine: impl ExactSizeIterator<Item = &'d D>,
    ) -> Result<Sum, Error>
    where
        D: 'd,
    {
        let own = self.own(x, before, mine);
        let (rank, last) = (self.world.rank(), self.world.size() - 1);
        let mut running = if rank == 0 {
            Ok(Running { total: Sum::zero(x.len()), open: Sum::zero(x.len()) })
        } else {
            let (message, _) = self.world.process_at_rank(rank - 1).receive_vec::<f64>();
            Running::decode(&message, x.len(), fingerprint, index(rank))
        };
        running = running.and_then(|mut running| {
            running.add(&own?, before);
            Ok(running)
        });
        if rank < last {
            self.world.process_at_rank(rank + 1).send(&Running::encode(&running, fingerprint)[..]);
        }
        let mut header = [0.0; HEADER];
        let mut sum = running.as_ref().map_or_else(|_| Sum::zero(x.len()), Running::closed);
        if rank == last {
            header = head(&running, fingerprint);
        }
        let root = self.world.process_at_rank(last);
        root.broadcast_into(&mut header[..]);
        told(&header)?;
        root.broadcast_into(&mut sum.gradient[..]);
        root.broadcast_into(&mut sum.value);
        Ok(sum)
    }

    /// The sums of this rank, with the number of samples in each: first the samples, one by one, of a chunk that the ranks
    /// before have begun, then chunks.
    fn own<'d>(
        &self,
        x: &[f64],
        before: usize,
        mut mine: impl ExactSizeIterator<Item = &'d D>,
    ) -> Result<Vec<(Sum, usize)>, Error>
    where
        D: 'd,
    {
        let _ends_all = EndsAllOnPanic(self.world);
        let shared = before.next_multiple_of(CHUNK) - before;
        let mut sums = Vec::new();
        while mine.len() > 0 {
            let samples = if sums.len() < shared { 1 } else { CHUNK.min(mine.len()) };
            sums.push((self.part.chunk(x, mine.by_ref().take(samples))?, samples));
        }
        Ok(sums)
    }
}

/// What goes from rank to rank: the sum of the chunks that are complete, and that of the chunk that is not.
struct Running {
    total: Sum,
    open: Sum,
}

/// Numbers before the sums in a message: the kind of error or 0, what it says, and the fingerprint.
const HEADER: usize = 3;

impl Running {
    fn add(&mut self, own: &[(Sum, usize)], before: usize) {
        let mut position = before;
        for (sum, samples) in own {
            self.open.add(sum);
            position += samples;
            if position.is_multiple_of(CHUNK) {
                self.total.add(&self.open);
                self.open = Sum::zero(self.open.gradient.len());
            }
        }
    }

    /// The sum with the last chunk, which may be shorter. To add nothing changes no bit: no sum that begins with 0 is -0.
    fn closed(&self) -> Sum {
        let mut sum = self.total.clone();
        sum.add(&self.open);
        sum
    }

    fn encode(this: &Result<Self, Error>, fingerprint: f64) -> Vec<f64> {
        let mut message = head(this, fingerprint).to_vec();
        if let Ok(Self { total, open }) = this {
            message.extend([total.value, open.value]);
            message.extend(total.gradient.iter().chain(&open.gradient));
        }
        message
    }

    fn decode(message: &[f64], n: usize, fingerprint: f64, rank: usize) -> Result<Self, Error> {
        let (header, sums) = message.split_first_chunk::<HEADER>().ok_or(Error::RanksDiffer { rank })?;
        told(header)?;
        if header[2] != fingerprint || sums.len() != 2 + 2 * n {
            return Err(Error::RanksDiffer { rank });
        }
        let (total, open) = sums[2..].split_at(n);
        Ok(Self {
            total: Sum { value: sums[0], gradient: total.to_vec() },
            open: Sum { value: sums[1], gradient: open.to_vec() },
        })
    }
}

#[allow(clippy::cast_precision_loss, reason = "numbers of coordinates and ranks")]
fn head(running: &Result<Running, Error>, fingerprint: f64) -> [f64; HEADER] {
    match running {
        Ok(_) => [0.0, 0.0, fingerprint],
        Err(Error::GradientLength { expected, found }) => [1.0, *found as f64, *expected as f64],
        Err(Error::RanksDiffer { rank }) => [2.0, *rank as f64, fingerprint],
        Err(_) => [2.0, 0.0, fingerprint],
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts that `head` wrote")]
fn told(&[kind, what, more]: &[f64; HEADER]) -> Result<(), Error> {
    match kind as u8 {
        0 => Ok(()),
        1 => Err(Error::GradientLength { expected: more as usize, found: what as usize }),
        _ => Err(Error::RanksDiffer { rank: what as usize }),
    }
}

/// A number that tells points and samples apart: FNV-1a over their bits (G. Fowler, L. C. Noll and K.-P. Vo).
#[allow(clippy::cast_precision_loss, reason = "53 bits are kept, all of which an f64 has")]
fn fingerprint(x: &[f64], indices: &[usize]) -> f64 {
    let words = x.iter().map(|x| x.to_bits()).chain(indices.iter().map(|&i| i as u64)).chain([x.len() as u64]);
    let hash = words.fold(0xcbf2_9ce4_8422_2325_u64, |hash, word| {
        word.to_le_bytes().iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
    });
    (hash >> 11) as f64
}

/// Ends all ranks when the loss panics on this one: the others would wait for its part for ever.
struct EndsAllOnPanic<'c, C: Communicator>(&'c C);

impl<C: Communicator> Drop for EndsAllOnPanic<'_, C> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.abort(101);
        }
    }
}

impl<D, F, G, C> Objective for Distributed<'_, D, F, C>
where
    F: Fn(&[f64], &D) -> (f64, G),
    G: Flatten,
    C: Communicator,
{
    /// NaN without data.
    fn value(&self, x: &[f64]) -> f64 {
        self.value_and_gradient(x, &mut vec![0.0; x.len()])
    }

    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        self.try_value_and_gradient(x, gradient).unwrap_or(f64::NAN)
    }

    fn try_value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64, Error> {
        let sum = self.sum(x, fingerprint(x, &[]), self.before, self.part.data.iter())?;
        Ok(sum.mean(self.samples, gradient))
    }

    /// The largest wish of all ranks.
    fn agree(&self, wish: u32) -> u32 {
        let mut largest = wish;
        self.world.all_reduce_into(&wish, &mut largest, SystemOperation::max());
        largest
    }
}

impl<D, F, G, C> SampleLoss for Distributed<'_, D, F, C>
where
    F: Fn(&[f64], &D) -> (f64, G),
    G: Flatten,
    C: Communicator,
{
    fn samples(&self) -> usize {
        self.samples
    }

    /// The indices are those of the samples of all ranks; they are taken in ascending order.
    fn batch(&self, x: &[f64], indices: &[usize], gradient: &mut [f64]) -> Result<f64, Error> {
        let mut indices = indices.to_vec();
        indices.sort_unstable();
        let position = |bound: usize| indices.partition_point(|&i| i < bound);
        let (begin, end) = (position(self.before), position(self.before + self.part.data.len()));
        let mine = indices[begin..end].iter().map(|i| &self.part.data[i - self.before]);
        let sum = self.sum(x, fingerprint(x, &indices), begin, mine)?;
        Ok(sum.mean(indices.len(), gradient))
    }
}
