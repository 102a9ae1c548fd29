//! The sets are what they are said to be, the gradients are right, and the models learn what holds beyond what they saw.

use symgrad::assert_gradient;
use symgrad::optimize::{Lbfgs, mean_loss};
use symgrad_learning::sets::{Sample, accuracy, handwritten_digits, tumours};
use symgrad_learning::{logistic, network};

fn count<const N: usize>(parts: [&[Sample<N>]; 2], class: usize) -> usize {
    parts.into_iter().flatten().filter(|sample| sample.class == class).count()
}

/// The counts are those that the repository of the sets states.
#[test]
fn the_sets_are_whole() {
    let digits = handwritten_digits();
    assert_eq!((digits.training.len(), digits.held_out.len()), (1438, 359));
    let counts: Vec<usize> = (0..10).map(|digit| count([&digits.training, &digits.held_out], digit)).collect();
    assert_eq!(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    let tumours = tumours();
    assert_eq!((tumours.training.len(), tumours.held_out.len()), (456, 113));
    assert_eq!([0, 1].map(|class| count([&tumours.training, &tumours.held_out], class)), [357, 212]);
    for j in 0..30 {
        let mean = tumours.training.iter().map(|sample| sample.inputs[j]).sum::<f64>() / 456.0;
        let square = tumours.training.iter().map(|sample| sample.inputs[j].powi(2)).sum::<f64>() / 456.0;
        assert!(mean.abs() < 1e-12 && (square - 1.0).abs() < 1e-12, "measurement {j}");
    }
}

#[test]
fn the_gradients_agree_with_differences() {
    for sample in &tumours().training[..2] {
        assert_gradient!(
            |p| logistic::loss(&logistic::weights(p), &sample.inputs, sample.class),
            |p| logistic::loss_value_and_gradient(&logistic::weights(p), &sample.inputs, sample.class),
            [0.1; 31]
        );
    }
    let sample = &handwritten_digits().training[0];
    assert_gradient!(
        |p| network::loss(&network::Network::of(p), &sample.inputs, sample.class),
        |p| network::loss_value_and_gradient(&network::Network::of(p), &sample.inputs, sample.class),
        network::Network::start()
    );
}

#[test]
fn the_regression_tells_unseen_tumours_apart() {
    let set = tumours();
    let report = Lbfgs::new().minimize(&mean_loss(&set.training, logistic::on_sample), &[0.0; 31]).unwrap();
    assert!(report.converged(), "{report}");
    let weights = logistic::weights(&report.point);
    let right = accuracy(&set.held_out, |x| logistic::guess(&weights, x));
    // A guess for the larger class has 63 %.
    assert!(right >= 0.95, "{right}");
}

#[test]
fn the_network_reads_unseen_digits() {
    let set = handwritten_digits();
    let untrained = network::Network::of(&network::Network::start());
    assert!(accuracy(&set.held_out, |x| untrained.guess(x)) < 0.3);
    let trainer = network::trainer(set.training.len(), 15);
    let report = trainer.minimize(&mean_loss(&set.training, network::on_sample), &network::Network::start()).unwrap();
    let trained = network::Network::of(&report.point);
    let right = accuracy(&set.held_out, |x| trained.guess(x));
    assert!(right >= 0.94, "{right}");
}
