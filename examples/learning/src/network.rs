//! A network of two layers that reads digits. Its parameters are a struct, and so is the gradient.

use crate::sets::Sample;
use symgrad::optimize::{Adam, MiniBatch, Schedule};
use symgrad::{Differentiable, differentiate};

const PIXELS: usize = 64;
const HIDDEN: usize = 24;

/// Rows of weights, the offset last.
#[derive(Debug, Clone, Differentiable)]
pub struct Network {
    hidden: [[f64; PIXELS + 1]; HIDDEN],
    output: [[f64; HIDDEN + 1]; 10],
}

/// A score for each digit: the larger, the likelier.
#[differentiate(vjp, wrt(network))]
pub fn scores(network: &Network, pixels: &[f64; PIXELS]) -> [f64; 10] {
    let mut hidden = [0.0; HIDDEN];
    for (unit, weights) in hidden.iter_mut().zip(&network.hidden) {
        let mut sum = weights[PIXELS];
        for (w, pixel) in weights.iter().zip(pixels) {
            sum += w * pixel;
        }
        *unit = sum.tanh();
    }
    let mut scores = [0.0; 10];
    for (score, weights) in scores.iter_mut().zip(&network.output) {
        *score = weights[HIDDEN];
        for (w, unit) in weights.iter().zip(&hidden) {
            *score += w * unit;
        }
    }
    scores
}

/// The cross-entropy of one picture.
#[differentiate(wrt(network))]
pub fn loss(network: &Network, pixels: &[f64; PIXELS], digit: usize) -> f64 {
    let scores: [f64; 10] = scores(network, pixels);
    let mut largest = scores[0];
    for s in scores {
        largest = largest.max(s);
    }
    let mut sum = 0.0;
    for s in scores {
        sum += (s - largest).exp();
    }
    largest + sum.ln() - scores[digit]
}

impl Network {
    /// The network of a solver's point.
    pub fn of(point: &[f64]) -> Self {
        let mut network = Self { hidden: [[0.0; PIXELS + 1]; HIDDEN], output: [[0.0; HIDDEN + 1]; 10] };
        network.restore(point);
        network
    }

    /// Small weights, all different: equal ones would stay equal.
    #[allow(clippy::cast_precision_loss, reason = "a count of parameters")]
    pub fn start() -> Vec<f64> {
        let n = HIDDEN * (PIXELS + 1) + 10 * (HIDDEN + 1);
        (0..n).map(|k| 0.1 * (12.9898 * k as f64).sin()).collect()
    }

    /// The digit with the highest score.
    pub fn guess(&self, pixels: &[f64; PIXELS]) -> usize {
        let scores = scores(self, pixels);
        (0..10).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap_or(0)
    }
}

/// The loss of a picture and its gradient at a solver's point, as `mean_loss` takes it.
pub fn on_sample(point: &[f64], sample: &Sample<64>) -> (f64, Network) {
    loss_value_and_gradient(&Network::of(point), &sample.inputs, sample.class)
}

/// Adam on batches of 32 of so many samples, at a rate that falls to zero.
pub fn trainer(samples: usize, epochs: usize) -> MiniBatch<Adam> {
    let steps = epochs * samples.div_ceil(32);
    MiniBatch::new(Adam::new(Schedule::cosine(0.01, 0.0, steps)).max_iterations(epochs), 32).seed(1)
}
