//! A network of two layers learns to read digits by Adam on mini-batches, and is asked for digits that it has not seen.
//!
//! ```sh
//! cargo run --release --example network
//! ```

use symgrad::optimize::{Error, mean_loss};
use symgrad::progress;
use symgrad_learning::network::{Network, on_sample, trainer};
use symgrad_learning::sets::{accuracy, handwritten_digits};

const EPOCHS: usize = 30;

fn main() -> Result<(), Error> {
    let set = handwritten_digits();
    let (learned, unseen) = (set.training.len(), set.held_out.len());
    println!("A network of {} parameters, {learned} digits to learn from:\n", Network::start().len());

    let mut rows = Vec::new();
    let mut show = progress::bar(EPOCHS);
    let report =
        trainer(learned, EPOCHS).minimize_with(&mean_loss(&set.training, on_sample), &Network::start(), |at| {
            if at.iteration % 5 == 0 {
                let network = Network::of(at.point);
                let right = [&set.training, &set.held_out].map(|part| 100.0 * accuracy(part, |x| network.guess(x)));
                rows.push((at.iteration, at.value, right));
            }
            show(at)
        })?;

    println!("  epoch      loss  right of {learned}  right of {unseen} others");
    for (epoch, loss, [of_learned, of_unseen]) in rows {
        println!("  {epoch:>5}  {loss:.6}  {of_learned:>11.1} %  {of_unseen:>16.1} %");
    }
    let network = Network::of(&report.point);
    let test = accuracy(&set.held_out, |x| network.guess(x));
    println!("\nAccuracy on digits that it has not seen: {:.1} %", 100.0 * test);
    for sample in set.held_out.iter().filter(|sample| network.guess(&sample.inputs) != sample.class).take(3) {
        println!("  a {} was taken for a {}", sample.class, network.guess(&sample.inputs));
    }
    Ok(())
}
