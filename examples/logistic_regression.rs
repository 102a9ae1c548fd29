//! Logistic regression by mini-batches: which of two irises is it? The loss of one flower is annotated, the data are passed
//! over in an order drawn anew for each epoch.
//!
//! ```sh
//! cargo run --release --example logistic_regression
//! ```

use std::error::Error;
use symgrad::optimize::{Adam, Lbfgs, MiniBatch, Schedule, mean_loss};
use symgrad::{check, differentiate};

/// Measurements with mean 0 and deviation 1, and whether it is a virginica.
struct Flower {
    measurements: [f64; 4],
    is_virginica: bool,
}

/// The cross-entropy of one flower; the weights are four slopes and an offset. Its gradient is (ŷ − y)·x.
#[differentiate(gradient, wrt(weights))]
fn loss(weights: &[f64; 5], measurements: &[f64; 4], is_virginica: bool) -> f64 {
    let mut score = weights[4];
    for j in 0..4 {
        score += weights[j] * measurements[j];
    }
    let mut penalty = 0.0;
    for w in weights {
        penalty += w * w;
    }
    let margin = if is_virginica { score } else { -score };
    (1.0 + (-margin).exp()).ln() + 1e-3 * penalty
}

fn main() -> Result<(), Box<dyn Error>> {
    let flowers = read(include_str!("data/iris.csv"))?;
    let weights = |p: &[f64]| [p[0], p[1], p[2], p[3], p[4]];
    let one =
        |p: &[f64], flower: &Flower| loss_value_and_gradient(&weights(p), &flower.measurements, flower.is_virginica);

    let first = &flowers[0];
    let value = |p: &[f64]| loss(&weights(p), &first.measurements, first.is_virginica);
    println!("{}", check::gradient(value, |p| one(p, first), &[0.1, -0.2, 0.3, 0.4, -0.5])?);

    let mean = mean_loss(&flowers, one);
    let adam = Adam::new(Schedule::cosine(0.1, 1e-3, 60 * 10)).max_iterations(60);
    let trained = MiniBatch::new(adam, 10).seed(1).minimize(&mean, &[0.0; 5])?;
    println!("Adam on batches of 10, 60 epochs:\n{trained}");
    let best = Lbfgs::new().minimize(&mean, &[0.0; 5])?;
    println!("L-BFGS on all flowers at once:\n{best}");

    let right = |p: &[f64]| {
        let is_right = |flower: &&Flower| {
            let score = p[4] + flower.measurements.iter().zip(p).map(|(x, w)| x * w).sum::<f64>();
            (score > 0.0) == flower.is_virginica
        };
        flowers.iter().filter(is_right).count()
    };
    let (by_batches, by_all) = (right(&trained.point), right(&best.point));
    println!("{by_batches} of {} flowers told apart, {by_all} by the best weights", flowers.len());
    assert!(trained.value - best.value < 1e-3, "the batches lead to the same minimum");
    Ok(())
}

/// The two species that are hard to tell apart.
#[allow(clippy::cast_precision_loss, reason = "a count of flowers")]
fn read(csv: &str) -> Result<Vec<Flower>, Box<dyn Error>> {
    let mut flowers = Vec::new();
    for line in csv.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        if fields[4] != "setosa" {
            let mut measurements = [0.0; 4];
            for (to, field) in measurements.iter_mut().zip(&fields) {
                *to = field.parse()?;
            }
            flowers.push(Flower { measurements, is_virginica: fields[4] == "virginica" });
        }
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
