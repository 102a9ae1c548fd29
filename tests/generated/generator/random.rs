//! The source of randomness.

#[path = "../../../runtime/src/random/split_mix.rs"]
mod split_mix;

use split_mix::SplitMix64;

pub struct Random(SplitMix64);

impl Random {
    pub fn from_seed(seed: u64) -> Self {
        Self(SplitMix64(seed))
    }

    /// Less than `n`.
    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.0.next() % (n.max(1) as u64)).unwrap_or(0)
    }

    /// From `lo` to `hi`, both included.
    pub fn between(&mut self, lo: usize, hi: usize) -> usize {
        lo + self.below(hi + 1 - lo)
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of `items`, which are some.
    pub fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    /// One of `items` by its weight, unless all weigh nothing.
    pub fn weighted<T: Copy>(&mut self, items: &[(usize, T)]) -> Option<T> {
        let mut k = self.below(items.iter().map(|(weight, _)| weight).sum());
        for &(weight, item) in items {
            if k < weight {
                return Some(item);
            }
            k -= weight;
        }
        None
    }

    /// A number between -1.6 and 1.6 that is no integer and no half.
    pub fn number(&mut self) -> f64 {
        let steps = i32::try_from(self.below(320)).unwrap_or(0) - 160;
        f64::from(10 * steps + 7) / 1000.0
    }
}
