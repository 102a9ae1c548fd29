//! Where to look: every coordinate of a short input; of a long one a sample, and random directions.
//!
//! Input: the number of coordinates, the limit, the seed. Output: the coordinates, in order, and the seed's
//! stream for the directions. Invariant: the same arguments give the same probes on every machine.

use crate::random::Random;

/// Directions that are tried when the input is longer than the limit.
pub(super) const DIRECTIONS: usize = 8;

/// The coordinates to probe: all, or `limit` of them drawn without replacement (Floyd's algorithm; Bentley
/// and Floyd, "A sample of brilliance", CACM 1987), in increasing order.
pub(super) fn coordinates(count: usize, limit: usize, random: &mut Random) -> Vec<usize> {
    if count <= limit {
        return (0..count).collect();
    }
    let mut chosen = std::collections::BTreeSet::new();
    for top in count - limit..count {
        let drawn = random.below(top + 1);
        if !chosen.insert(drawn) {
            chosen.insert(top);
        }
    }
    chosen.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::{Random, coordinates};

    #[test]
    fn a_short_input_is_probed_everywhere() {
        assert_eq!(coordinates(3, 3, &mut Random::new(1)), [0, 1, 2]);
    }

    #[test]
    fn a_long_input_is_sampled_without_repetition() {
        let sample = coordinates(1000, 50, &mut Random::new(1));
        assert_eq!(sample.len(), 50);
        assert!(sample.windows(2).all(|w| w[0] < w[1]) && sample[49] < 1000);
        assert!(sample[0] < 200 && sample[49] > 800, "spread over the range: {sample:?}");
        assert_eq!(sample, coordinates(1000, 50, &mut Random::new(1)));
        assert_ne!(sample, coordinates(1000, 50, &mut Random::new(2)));
    }
}
