//! What can be iterated over is no iterator: it may have methods of its own.

use symgrad::differentiate;

#[derive(Clone)]
struct Samples(Vec<f64>);

impl Samples {
    /// Twice what an iterator would do.
    fn fold(self, start: f64, f: impl Fn(f64, f64) -> f64) -> f64 {
        self.0.into_iter().fold(start, |product, sample| f(product, 2.0 * sample))
    }
}

impl IntoIterator for Samples {
    type Item = f64;
    type IntoIter = std::vec::IntoIter<f64>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[differentiate(wrt(x))]
fn of_a_copy(x: f64, samples: &Samples) -> f64 {
    samples.clone().fold(x, |product, sample| product * sample)
}

#[differentiate(wrt(x))]
fn of_a_variable(x: f64, samples: Samples) -> f64 {
    let all = samples;
    all.fold(x, |product, sample| product * sample)
}

fn main() {}
