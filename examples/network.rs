//! A network of two layers learns Fisher's three irises by Adam on mini-batches; a third of the flowers is held back to test it.
//! The parameters are a struct, and so is the gradient.
//!
//! ```sh
//! cargo run --release --example network
//! ```

use std::error::Error;
use std::ops::ControlFlow;
use symgrad::optimize::{AdamW, MiniBatch, Schedule, mean_loss};
use symgrad::{Differentiable, Flatten, differentiate};

const SPECIES: [&str; 3] = ["setosa", "versicolor", "virginica"];

/// Rows of weights, the offset last.
#[derive(Differentiable)]
struct Network {
    hidden: [[f64; 5]; 8],
    output: [[f64; 9]; 3],
}

struct Flower {
    measurements: [f64; 4],
    species: usize,
}

/// The cross-entropy of one flower.
#[differentiate(gradient, wrt(network))]
fn loss(network: &Network, measurements: &[f64; 4], species: usize) -> f64 {
    let mut hidden = [0.0; 8];
    for (unit, weights) in hidden.iter_mut().zip(&network.hidden) {
        let mut sum = weights[4];
        for (w, x) in weights.iter().zip(measurements) {
            sum += w * x;
        }
        *unit = sum.tanh();
    }
    let mut scores = [0.0; 3];
    for (score, weights) in scores.iter_mut().zip(&network.output) {
        *score = weights[8];
        for (w, unit) in weights.iter().zip(&hidden) {
            *score += w * unit;
        }
    }
    let largest = scores[0].max(scores[1]).max(scores[2]);
    let mut sum = 0.0;
    for s in scores {
        sum += (s - largest).exp();
    }
    largest + sum.ln() - scores[species]
}

impl Network {
    fn of(flat: &[f64]) -> Self {
        let mut network = Self { hidden: [[0.0; 5]; 8], output: [[0.0; 9]; 3] };
        network.restore(flat);
        network
    }

    /// Small weights, all different: equal ones would stay equal.
    fn start() -> Vec<f64> {
        let zero = Self { hidden: [[0.0; 5]; 8], output: [[0.0; 9]; 3] };
        zero.flatten().iter().zip(1..).map(|(_, k)| 0.4 * (f64::from(k) * 12.9898).sin()).collect()
    }

    /// The species with the least loss.
    fn guess(&self, flower: &Flower) -> usize {
        let loss_of = |species: &usize| loss(self, &flower.measurements, *species);
        (0..3).min_by(|a, b| loss_of(a).total_cmp(&loss_of(b))).unwrap_or(0)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut training, mut test) = (Vec::new(), Vec::new());
    for (k, flower) in read(include_str!("data/iris.csv"))?.into_iter().enumerate() {
        if k % 3 == 0 { test.push(flower) } else { training.push(flower) }
    }
    let right = |network: &Network, flowers: &[Flower]| {
        flowers.iter().filter(|flower| network.guess(flower) == flower.species).count()
    };

    let mean = mean_loss(&training, |p: &[f64], flower: &Flower| {
        loss_value_and_gradient(&Network::of(p), &flower.measurements, flower.species)
    });
    let epochs = 80;
    let steps = epochs * training.len().div_ceil(10);
    let method = AdamW::new(Schedule::cosine(0.02, 0.0, steps).warm_up(20)).decay(0.02).clip_norm(5.0);
    println!("A network of {} parameters, {} flowers to learn from:\n", Network::start().len(), training.len());
    println!("  epoch      loss  right of {}  right of {} others", training.len(), test.len());
    let trainer = MiniBatch::new(method.max_iterations(epochs), 10).seed(4);
    let report = trainer.minimize_with(&mean, &Network::start(), |at| {
        if at.iteration % 10 == 0 {
            let network = Network::of(at.point);
            let (learned, others) = (right(&network, &training), right(&network, &test));
            println!("  {:>5}  {:.6}  {learned:>12}  {others:>18}", at.iteration, at.value);
        }
        ControlFlow::Continue(())
    })?;
    let network = Network::of(&report.point);
    assert!(right(&network, &training) >= 95 && right(&network, &test) >= 46, "it has learned");
    Ok(())
}

/// Measurements with mean 0 and deviation 1.
#[allow(clippy::cast_precision_loss, reason = "a count of flowers")]
fn read(csv: &str) -> Result<Vec<Flower>, Box<dyn Error>> {
    let mut flowers = Vec::new();
    for line in csv.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let mut measurements = [0.0; 4];
        for (to, field) in measurements.iter_mut().zip(&fields) {
            *to = field.parse()?;
        }
        let species = SPECIES.iter().position(|species| *species == fields[4]).ok_or("an unknown species")?;
        flowers.push(Flower { measurements, species });
    }
    let n = flowers.len() as f64;
    for j in 0..4 {
        let mean = flowers.iter().map(|flower| flower.measurements[j]).sum::<f64>() / n;
        let variance = flowers.iter().map(|flower| (flower.measurements[j] - mean).powi(2)).sum::<f64>() / n;
        for flower in &mut flowers {
            flower.measurements[j] = (flower.measurements[j] - mean) / variance.sqrt();
        }
    }
    Ok(flowers)
}
