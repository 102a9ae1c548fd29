//! A logistic regression: the odds of a class are the exponential of a weighted sum.

use crate::sets::Sample;
use symgrad::differentiate;

/// The logarithm of the odds of class 1: a weight for each of the thirty measurements, and an offset.
#[differentiate(wrt(weights))]
pub fn score(weights: &[f64; 31], inputs: &[f64; 30]) -> f64 {
    let mut sum = weights[30];
    for (w, x) in weights.iter().zip(inputs) {
        sum += w * x;
    }
    sum
}

/// The cross-entropy of one sample, and a small penalty that keeps the weights finite where a line parts the classes.
#[differentiate(wrt(weights))]
pub fn loss(weights: &[f64; 31], inputs: &[f64; 30], class: usize) -> f64 {
    let score = score(weights, inputs);
    let margin = if class == 1 { score } else { -score };
    let mut penalty = 0.0;
    for w in weights {
        penalty += w * w;
    }
    (1.0 + (-margin).exp()).ln() + 1e-3 * penalty
}

/// The weights in a solver's point.
///
/// # Panics
///
/// Where there are not 31 numbers.
pub fn weights(point: &[f64]) -> [f64; 31] {
    point.try_into().expect("31 numbers")
}

/// The class that is more likely.
pub fn guess(weights: &[f64; 31], inputs: &[f64; 30]) -> usize {
    usize::from(score(weights, inputs) > 0.0)
}

/// The loss of a sample and its gradient at a solver's point, as `mean_loss` takes it.
pub fn on_sample(point: &[f64], sample: &Sample<30>) -> (f64, [f64; 31]) {
    loss_value_and_gradient(&weights(point), &sample.inputs, sample.class)
}
