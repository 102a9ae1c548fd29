//! Sets that come with the crate `smartcore`: read, split, and brought to one scale.

use smartcore::dataset::{Dataset, breast_cancer, digits};
use symgrad::optimize::Sampler;

/// What is known of one case, and which class it is of.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample<const N: usize> {
    /// The measurements, most of them with mean 0 and deviation 1.
    pub inputs: [f64; N],
    /// The class, from 0.
    pub class: usize,
}

/// A set in two parts: four fifths to learn from, and a fifth that is held out to test what was learned.
#[derive(Debug, Clone, PartialEq)]
pub struct Set<const N: usize> {
    /// What a model is trained on.
    pub training: Vec<Sample<N>>,
    /// What it never sees while it is trained.
    pub held_out: Vec<Sample<N>>,
}

/// 1797 handwritten digits of 8 × 8 pixels (E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI
/// Machine Learning Repository, 1998). The class is the digit.
pub fn handwritten_digits() -> Set<64> {
    split(&digits::load_dataset(), |label: f32| (0..10).position(|digit: u8| f32::from(digit) == label))
}

/// 569 tumours of the breast, each described by thirty measurements of the nuclei of its cells (W. Wolberg, O. Mangasarian,
/// N. Street and W. Street, Breast Cancer Wisconsin (Diagnostic), UCI Machine Learning Repository, 1995). Class 1 is
/// malignant.
pub fn tumours() -> Set<30> {
    split(&breast_cancer::load_dataset(), |benign: u32| Some(usize::from(benign == 0)))
}

/// Which samples are held out is drawn at random, but the same in every run.
fn split<T: Copy, const N: usize>(from: &Dataset<f32, T>, class: impl Fn(T) -> Option<usize>) -> Set<N> {
    let sample = |(inputs, label): (&[f32], &T)| {
        let inputs: &[f32; N] = inputs.try_into().ok()?;
        Some(Sample { inputs: inputs.map(f64::from), class: class(*label)? })
    };
    let samples: Option<Vec<_>> = from.data.chunks(N).zip(&from.target).map(sample).collect();
    let samples = samples.expect("the set of a released crate is whole");
    let n = samples.len();
    let mut sampler = Sampler::new(n, n - n / 5, 1);
    let mut parts = sampler.epoch().map(|indices| indices.iter().map(|&i| samples[i].clone()).collect::<Vec<_>>());
    let mut set = Set { training: parts.next().unwrap_or_default(), held_out: parts.next().unwrap_or_default() };
    set.standardize();
    set
}

impl<const N: usize> Set<N> {
    /// By the training part alone: what is held out is unknown, also its mean. A measurement that is always the same there
    /// keeps its unit.
    #[allow(clippy::cast_precision_loss, reason = "a count of samples")]
    fn standardize(&mut self) {
        let n = self.training.len() as f64;
        for j in 0..N {
            let mean = self.training.iter().map(|sample| sample.inputs[j]).sum::<f64>() / n;
            let variance = self.training.iter().map(|sample| (sample.inputs[j] - mean).powi(2)).sum::<f64>() / n;
            let deviation = if variance == 0.0 { 1.0 } else { variance.sqrt() };
            for sample in self.training.iter_mut().chain(&mut self.held_out) {
                sample.inputs[j] = (sample.inputs[j] - mean) / deviation;
            }
        }
    }
}

/// The part of the samples whose class the model guesses.
#[allow(clippy::cast_precision_loss, reason = "a count of samples")]
pub fn accuracy<const N: usize>(samples: &[Sample<N>], guess: impl Fn(&[f64; N]) -> usize) -> f64 {
    samples.iter().filter(|sample| guess(&sample.inputs) == sample.class).count() as f64 / samples.len() as f64
}
