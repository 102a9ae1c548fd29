//! Logistic regression: is a tumour malignant? By mini-batches, in an order drawn anew for each epoch, and on all samples at
//! once; both are tested on tumours that were held out.
//!
//! ```sh
//! cargo run --release --example logistic_regression
//! ```

use symgrad::optimize::{Adam, Error, Lbfgs, MiniBatch, Schedule, mean_loss};
use symgrad_learning::logistic::{guess, on_sample, weights};
use symgrad_learning::sets::{accuracy, tumours};

fn main() -> Result<(), Error> {
    let set = tumours();
    let start = [0.0; 31];

    let epochs = 60;
    let adam = Adam::new(Schedule::cosine(0.1, 1e-3, epochs * set.training.len().div_ceil(20))).max_iterations(epochs);
    let loss = mean_loss(&set.training, on_sample);
    let trained = MiniBatch::new(adam, 20).seed(1).minimize(&loss, &start)?;
    println!("Adam on batches of 20, {epochs} epochs:\n{trained}");
    let best = Lbfgs::new().minimize(&loss, &start)?;
    println!("L-BFGS on all {} tumours at once:\n{best}", set.training.len());

    println!("Right of {} tumours that were held out:", set.held_out.len());
    for (name, report) in [("Adam", &trained), ("L-BFGS", &best)] {
        let weights = weights(&report.point);
        println!("  {name:<7} {:.1} %", 100.0 * accuracy(&set.held_out, |x| guess(&weights, x)));
    }
    Ok(())
}
