//! One network, trained by several ranks of an MPI world, each with its part of the digits. The first rank then trains it
//! alone on all of them, and finds the same network: the same bits.
//!
//! ```sh
//! cargo build --release --features mpi --example distributed
//! mpirun -n 2 target/release/examples/distributed
//! ```

use mpi::traits::Communicator;
use std::error::Error;
use symgrad::optimize::{mean_loss, share};
use symgrad_learning::network::{Network, on_sample, trainer};
use symgrad_learning::sets::{accuracy, handwritten_digits};

const EPOCHS: usize = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let universe = mpi::initialize().ok_or("MPI was begun before")?;
    let world = universe.world();
    let (rank, ranks) = (world.rank(), world.size());
    let set = handwritten_digits();
    let samples = set.training.len();

    // From here on, a rank knows its own part only.
    let mine = &set.training[share(samples, &world)];
    println!("Rank {rank} of {ranks} has {} digits of {samples}.", mine.len());
    let report =
        trainer(samples, EPOCHS).minimize(&mean_loss(mine, on_sample).distributed(&world), &Network::start())?;

    if rank == 0 {
        let alone = trainer(samples, EPOCHS).minimize(&mean_loss(&set.training, on_sample), &Network::start())?;
        let bits = |point: &[f64]| point.iter().map(|p| p.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&report.point), bits(&alone.point), "{ranks} ranks train as one does");
        assert_eq!(report, alone);
        let network = Network::of(&report.point);
        let test = accuracy(&set.held_out, |x| network.guess(x));
        println!("{ranks} ranks: loss {:.6}, {:.1} % of unseen digits right.", report.value, 100.0 * test);
        println!("One rank alone: the same bits in all {} parameters.", report.point.len());
    }
    Ok(())
}
