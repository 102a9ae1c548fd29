//! Softmax regression on Fisher's iris measurements: from a loss in plain Rust to a fitted model.
//!
//! ```sh
//! cargo run --release --example quickstart
//! ```

#![allow(clippy::cast_precision_loss, reason = "a count of flowers is exact in an f64")]

use std::error::Error;
use std::ops::ControlFlow;
use symgrad::optimize::{Lbfgs, objective};
use symgrad::{check, differentiate};

type Labelled = (Vec<[f64; 4]>, Vec<usize>);

const SPECIES: [&str; 3] = ["setosa", "versicolor", "virginica"];

/// The mean cross-entropy of a linear classifier, and a small penalty that keeps the weights finite.
#[differentiate(gradient, wrt(weights, bias))]
fn loss(weights: &[[f64; 4]; 3], bias: &[f64; 3], flowers: &[[f64; 4]], labels: &[usize]) -> f64 {
    let mut cross_entropy = 0.0;
    for (flower, &label) in flowers.iter().zip(labels) {
        let mut score = [0.0; 3];
        for k in 0..3 {
            score[k] = bias[k];
            for j in 0..4 {
                score[k] += weights[k][j] * flower[j];
            }
        }
        // log Σ exp(score), shifted so that no exponential overflows.
        let largest = score[0].max(score[1]).max(score[2]);
        let mut sum = 0.0;
        for s in score {
            sum += (s - largest).exp();
        }
        cross_entropy += largest + sum.ln() - score[label];
    }
    let mut penalty = 0.0;
    for row in weights {
        for w in row {
            penalty += w * w;
        }
    }
    cross_entropy / flowers.len() as f64 + 1e-3 * penalty
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut flowers, labels) = read(include_str!("data/iris.csv"))?;
    standardise(&mut flowers);

    // The solvers and the check see the fifteen parameters as one flat point.
    let value = |p: &[f64]| {
        let (weights, bias) = unpack(p);
        loss(&weights, &bias, &flowers, &labels)
    };
    let value_and_gradient = |p: &[f64]| {
        let (weights, bias) = unpack(p);
        loss_value_and_gradient(&weights, &bias, &flowers, &labels)
    };

    println!("1. Is the gradient right? Derivatives against finite differences, at an arbitrary point:\n");
    let somewhere: Vec<f64> = (0..15).map(|i| f64::from(i).sin()).collect();
    println!("{}", check::gradient(value, value_and_gradient, &somewhere)?);

    println!("2. Training by L-BFGS, from zero:\n");
    println!("  iteration      loss  ‖gradient‖");
    let solver = Lbfgs::new().gradient_tolerance(1e-6);
    let fit = solver.minimize_with(&objective(value_and_gradient), &[0.0; 15], |at| {
        if at.iteration % 5 == 0 {
            println!("  {:>9}  {:.6}  {:>10.2e}", at.iteration, at.value, at.gradient_norm);
        }
        ControlFlow::Continue(())
    })?;
    println!("\n  {} after {} iterations\n", fit.reason, fit.iterations);

    println!("3. The fitted model:\n");
    let (weights, bias) = unpack(&fit.point);
    let mut confusion = [[0; 3]; 3];
    for (flower, &label) in flowers.iter().zip(&labels) {
        confusion[label][predict(&weights, &bias, flower)] += 1;
    }
    let correct = confusion[0][0] + confusion[1][1] + confusion[2][2];
    let percent = 100.0 * f64::from(correct) / labels.len() as f64;
    println!("  loss      {:.6}", fit.value);
    println!("  accuracy  {correct} of {} flowers, {percent:.1} %\n", labels.len());
    println!("  {:<12}{:>12}{:>12}{:>12}", "", SPECIES[0], SPECIES[1], SPECIES[2]);
    for (name, row) in SPECIES.iter().zip(confusion) {
        println!("  {name:<12}{:>12}{:>12}{:>12}", row[0], row[1], row[2]);
    }
    println!("  (a row per true species, a column per predicted one)");
    Ok(())
}

/// The class with the largest score.
fn predict(weights: &[[f64; 4]; 3], bias: &[f64; 3], flower: &[f64; 4]) -> usize {
    let score = |k: usize| weights[k].iter().zip(flower).map(|(w, x)| w * x).sum::<f64>() + bias[k];
    (1..3).fold(0, |best, k| if score(k) > score(best) { k } else { best })
}

/// Weights first, row by row, then the bias: the order in which the gradient comes, too.
fn unpack(p: &[f64]) -> ([[f64; 4]; 3], [f64; 3]) {
    let (mut weights, mut bias) = ([[0.0; 4]; 3], [0.0; 3]);
    weights.as_flattened_mut().copy_from_slice(&p[..12]);
    bias.copy_from_slice(&p[12..]);
    (weights, bias)
}

/// Shifts and scales each measurement to mean 0 and standard deviation 1.
fn standardise(flowers: &mut [[f64; 4]]) {
    let n = flowers.len() as f64;
    for j in 0..4 {
        let mean = flowers.iter().map(|flower| flower[j]).sum::<f64>() / n;
        let variance = flowers.iter().map(|flower| (flower[j] - mean).powi(2)).sum::<f64>() / n;
        for flower in &mut *flowers {
            flower[j] = (flower[j] - mean) / variance.sqrt();
        }
    }
}

/// The measurements, and the species as an index into [`SPECIES`].
fn read(csv: &str) -> Result<Labelled, Box<dyn Error>> {
    let (mut flowers, mut labels) = (Vec::new(), Vec::new());
    for line in csv.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let [sepal_length, sepal_width, petal_length, petal_width, species] = fields[..] else {
            return Err(format!("`{line}` has {} fields and not 5", fields.len()).into());
        };
        flowers.push([sepal_length.parse()?, sepal_width.parse()?, petal_length.parse()?, petal_width.parse()?]);
        labels.push(SPECIES.iter().position(|s| *s == species).ok_or(format!("unknown species `{species}`"))?);
    }
    Ok((flowers, labels))
}
