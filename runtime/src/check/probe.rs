//! Where to look: every coordinate of a short input; of a long one a sample, and random directions.
//!
//! Input: the number of coordinates, the limit, the seed. Output: the coordinates, in order, and the seed's
//! stream for the directions. Invariant: the same arguments give the same probes on every machine.

/// Directions that are tried when the input is longer than the limit.
pub(super) const DIRECTIONS: usize = 8;

/// `SplitMix64`: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A uniform index below `n`, which is not zero. The bias is below n / 2⁶⁴.
    fn below(&mut self, n: usize) -> usize {
        let wide = u128::from(self.next()) * n as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// A direction that moves every coordinate by plus or minus its scale, max(1, |x|).
    pub fn direction(&mut self, point: &[f64]) -> Vec<f64> {
        point.iter().map(|x| if self.next() >> 63 == 0 { x.abs().max(1.0) } else { -x.abs().max(1.0) }).collect()
    }
}

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

    #[test]
    fn the_generator_is_the_published_one() {
        // First outputs of SplitMix64 from the seed 1234567, as in the reference implementation's test vectors.
        let mut random = Random::new(1_234_567);
        assert_eq!(random.next(), 6_457_827_717_110_365_317);
        assert_eq!(random.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn a_direction_scales_with_the_point() {
        let direction = Random::new(7).direction(&[0.5, -20.0, 3.0]);
        assert_eq!(direction.iter().map(|d| d.abs()).collect::<Vec<_>>(), [1.0, 20.0, 3.0]);
    }
}
