//! From measurements to a fitted model: softmax regression on Fisher's irises, as in `examples/quickstart.rs`.

#![allow(clippy::cast_precision_loss, reason = "a count of flowers is exact in an f64")]
#![allow(clippy::float_cmp, reason = "the measurements are literals on both sides")]

use approx::assert_relative_eq;
use symgrad::optimize::{Adam, GradientDescent, Lbfgs, objective};
use symgrad::{assert_gradient, differentiate};

const SPECIES: [&str; 3] = ["setosa", "versicolor", "virginica"];

/// The loss of the quickstart.
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

/// The same with all parameters in one slice, five per class, the bias last.
#[differentiate(gradient, jvp, wrt(theta))]
fn flat_loss(theta: &[f64], flowers: &[[f64; 4]], labels: &[usize]) -> f64 {
    let mut cross_entropy = 0.0;
    for i in 0..flowers.len() {
        let mut score = [0.0; 3];
        for k in 0..3 {
            score[k] = theta[5 * k + 4];
            for j in 0..4 {
                score[k] += theta[5 * k + j] * flowers[i][j];
            }
        }
        let largest = score[0].max(score[1]).max(score[2]);
        let sum = (score[0] - largest).exp() + (score[1] - largest).exp() + (score[2] - largest).exp();
        cross_entropy += largest + sum.ln() - score[labels[i]];
    }
    let mut penalty = 0.0;
    for k in 0..3 {
        for j in 0..4 {
            penalty += theta[5 * k + j].powi(2);
        }
    }
    cross_entropy / flowers.len() as f64 + 1e-3 * penalty
}

struct Iris {
    flowers: Vec<[f64; 4]>,
    labels: Vec<usize>,
}

impl Iris {
    /// The measurements, each with mean 0 and standard deviation 1.
    fn read() -> Self {
        let mut iris = Self { flowers: Vec::new(), labels: Vec::new() };
        for line in include_str!("../examples/data/iris.csv").lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            iris.flowers.push(std::array::from_fn(|j| fields[j].parse().expect("a number")));
            iris.labels.push(SPECIES.iter().position(|s| *s == fields[4]).expect("a species"));
        }
        iris
    }

    fn standardised() -> Self {
        let mut iris = Self::read();
        let n = iris.flowers.len() as f64;
        for j in 0..4 {
            let mean = iris.flowers.iter().map(|flower| flower[j]).sum::<f64>() / n;
            let variance = iris.flowers.iter().map(|flower| (flower[j] - mean).powi(2)).sum::<f64>() / n;
            for flower in &mut iris.flowers {
                flower[j] = (flower[j] - mean) / variance.sqrt();
            }
        }
        iris
    }

    fn loss(&self, p: &[f64]) -> f64 {
        let (weights, bias) = unpack(p);
        loss(&weights, &bias, &self.flowers, &self.labels)
    }

    fn value_and_gradient(&self, p: &[f64]) -> (f64, ([[f64; 4]; 3], [f64; 3])) {
        let (weights, bias) = unpack(p);
        loss_value_and_gradient(&weights, &bias, &self.flowers, &self.labels)
    }

    /// The part of the flowers whose species has the largest score.
    fn accuracy(&self, p: &[f64]) -> f64 {
        let (weights, bias) = unpack(p);
        let right = self.flowers.iter().zip(&self.labels).filter(|(flower, label)| {
            let score = |k: usize| weights[k].iter().zip(*flower).map(|(w, x)| w * x).sum::<f64>() + bias[k];
            (0..3).all(|k| score(k) <= score(**label))
        });
        right.count() as f64 / self.flowers.len() as f64
    }
}

fn unpack(p: &[f64]) -> ([[f64; 4]; 3], [f64; 3]) {
    let (mut weights, mut bias) = ([[0.0; 4]; 3], [0.0; 3]);
    weights.as_flattened_mut().copy_from_slice(&p[..12]);
    bias.copy_from_slice(&p[12..]);
    (weights, bias)
}

/// Points of different size and sign, zero among them.
fn points() -> [Vec<f64>; 4] {
    let wave = |size: f64, phase: f64| (0..15).map(|i| size * (f64::from(i) + phase).sin()).collect();
    [vec![0.0; 15], wave(0.1, 0.0), wave(1.0, 0.5), wave(20.0, 2.0)]
}

#[test]
fn the_data_is_fishers_and_not_the_copy_with_two_errors() {
    let iris = Iris::read();
    assert_eq!(iris.flowers.len(), 150);
    for class in 0..3 {
        assert_eq!(iris.labels.iter().filter(|label| **label == class).count(), 50);
    }
    assert_eq!(iris.flowers[34], [4.9, 3.1, 1.5, 0.2]);
    assert_eq!(iris.flowers[37], [4.9, 3.6, 1.4, 0.1]);
    let mean =
        |class: usize, j: usize| iris.flowers[50 * class..50 * (class + 1)].iter().map(|x| x[j]).sum::<f64>() / 50.0;
    let expected = [[5.006, 3.428, 1.462, 0.246], [5.936, 2.770, 4.260, 1.326], [6.588, 2.974, 5.552, 2.026]];
    for (class, expected) in expected.iter().enumerate() {
        for (j, &expected) in expected.iter().enumerate() {
            assert_relative_eq!(mean(class, j), expected, max_relative = 1e-12);
        }
    }
}

#[test]
fn the_gradient_agrees_with_finite_differences() {
    for iris in [Iris::standardised(), Iris::read()] {
        for point in points() {
            assert_gradient!(|p| iris.loss(p), |p| iris.value_and_gradient(p), point);
            assert_gradient!(
                |p| flat_loss(p, &iris.flowers, &iris.labels),
                |p| flat_loss_value_and_gradient(p, &iris.flowers, &iris.labels),
                point,
                jvp = |p, v| flat_loss_jvp(p, &iris.flowers, &iris.labels, v),
            );
        }
    }
}

#[test]
fn the_value_beside_the_gradient_is_the_loss_bit_for_bit() {
    let iris = Iris::standardised();
    for point in points() {
        assert_eq!(iris.value_and_gradient(&point).0.to_bits(), iris.loss(&point).to_bits());
        let flat = flat_loss(&point, &iris.flowers, &iris.labels).to_bits();
        assert_eq!(flat_loss_value_and_gradient(&point, &iris.flowers, &iris.labels).0.to_bits(), flat);
        assert_eq!(flat_loss_jvp(&point, &iris.flowers, &iris.labels, &point).0.to_bits(), flat);
    }
}

#[test]
fn the_buffers_are_overwritten_and_hold_the_same_gradient() {
    let iris = Iris::standardised();
    let mut buffer = vec![f64::NAN; 15];
    for point in points() {
        let value = flat_loss_value_and_gradient_into(&point, &iris.flowers, &iris.labels, &mut buffer);
        let expected = flat_loss_value_and_gradient(&point, &iris.flowers, &iris.labels);
        assert_eq!((value, &buffer), (expected.0, &expected.1));
        assert_eq!(flat_loss_gradient(&point, &iris.flowers, &iris.labels), buffer);
    }
}

#[test]
fn the_two_forms_have_the_same_gradient() {
    let iris = Iris::standardised();
    for theta in points() {
        let weights = std::array::from_fn(|k| std::array::from_fn(|j| theta[5 * k + j]));
        let bias = std::array::from_fn(|k| theta[5 * k + 4]);
        let (dw, db) = loss_gradient(&weights, &bias, &iris.flowers, &iris.labels);
        let flat = flat_loss_gradient(&theta, &iris.flowers, &iris.labels);
        for k in 0..3 {
            assert_relative_eq!(&dw[k][..], &flat[5 * k..5 * k + 4], max_relative = 1e-11, epsilon = 1e-14);
            assert_relative_eq!(db[k], flat[5 * k + 4], max_relative = 1e-11, epsilon = 1e-14);
        }
    }
}

#[test]
fn every_solver_learns_the_species() {
    let iris = Iris::standardised();
    let model = objective(|p: &[f64]| iris.value_and_gradient(p)).with_value(|p: &[f64]| iris.loss(p));
    let start = [0.0; 15];
    assert_relative_eq!(iris.loss(&start), 3.0_f64.ln(), max_relative = 1e-13);

    let best = Lbfgs::new().gradient_tolerance(1e-7).minimize(&model, &start).expect("a finite start");
    assert!(best.converged(), "{best}");
    let others = [
        Adam::new(0.05).max_iterations(2000).gradient_tolerance(1e-4).minimize(&model, &start),
        GradientDescent::backtracking().max_iterations(2000).gradient_tolerance(1e-4).minimize(&model, &start),
    ];
    for fit in others.into_iter().map(|fit| fit.expect("a finite start")).chain([best.clone()]) {
        assert!(iris.accuracy(&fit.point) >= 0.96, "{fit}");
        assert!(fit.value - best.value < 1e-4, "{fit}");
    }
}
