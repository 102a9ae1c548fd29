//! The random numbers of checks and samplers.
//!
//! Invariant: the same seed gives the same numbers on every machine.

mod split_mix;

use split_mix::SplitMix64;

/// Numbers from a seed.
#[derive(Debug, Clone)]
pub(crate) struct Random(SplitMix64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(SplitMix64(seed))
    }

    pub fn next(&mut self) -> u64 {
        self.0.next()
    }

    /// A uniform index below `n`, which is not zero. The bias is below n / 2⁶⁴.
    pub fn below(&mut self, n: usize) -> usize {
        let wide = u128::from(self.next()) * n as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// A direction that moves every coordinate by plus or minus its scale, max(1, |x|).
    pub fn direction(&mut self, point: &[f64]) -> Vec<f64> {
        point.iter().map(|x| if self.next() >> 63 == 0 { x.abs().max(1.0) } else { -x.abs().max(1.0) }).collect()
    }

    /// Brings them into an order drawn at random (R. Durstenfeld, CACM 7(7), 1964).
    pub fn shuffle(&mut self, order: &mut [usize]) {
        for last in (1..order.len()).rev() {
            order.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

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

    #[test]
    fn a_shuffle_is_a_permutation_and_every_place_is_as_likely() {
        let mut random = Random::new(3);
        let mut counts = [[0_u32; 5]; 5];
        for _ in 0..10_000 {
            let mut order = [0, 1, 2, 3, 4];
            random.shuffle(&mut order);
            order.iter().enumerate().for_each(|(place, &who)| counts[who][place] += 1);
        }
        // 2000 expected, with a deviation of 40.
        assert!(counts.iter().flatten().all(|&count| count.abs_diff(2000) < 200), "{counts:?}");
    }
}
