//! Where choices come from: from a seed, or from bytes that somebody else varies. One byte is one choice, so that a byte
//! that changes changes little; when there are none left, choices go on as if from a seed, always the same one.

#[path = "../../../../runtime/src/random/split_mix.rs"]
mod split_mix;

use split_mix::SplitMix64;

pub struct Choices {
    bytes: std::vec::IntoIter<u8>,
    random: SplitMix64,
}

impl Choices {
    pub fn from_seed(seed: u64) -> Self {
        Choices { bytes: Vec::new().into_iter(), random: SplitMix64(seed) }
    }

    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Choices { bytes: bytes.into_iter(), random: SplitMix64(0) }
    }

    /// Less than `n`, and 0 if that is 0.
    pub fn below(&mut self, n: usize) -> usize {
        if n < 2 {
            // Not a choice, but seeds mean the same programs as ever.
            self.random.next();
            return 0;
        }
        let Some(byte) = self.bytes.next() else {
            return usize::try_from(self.random.next() % (n as u64)).unwrap_or(0);
        };
        let (mut number, mut most) = (usize::from(byte), 0xff);
        while most < n - 1 {
            number = number << 8 | usize::from(self.bytes.next().unwrap_or(0));
            most = most << 8 | 0xff;
        }
        number % n
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<T: Clone>(&mut self, items: &[T]) -> Option<T> {
        if items.is_empty() { None } else { items.get(self.below(items.len())).cloned() }
    }
}
