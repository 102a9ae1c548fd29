//! A method in a trait, or in the `impl` of one: there can be no companions beside it.

use symgrad::differentiate;

struct Spring {
    k: f64,
}

trait Energy {
    #[differentiate]
    fn energy(&self, x: f64) -> f64 {
        x * x
    }
}

impl Energy for Spring {
    #[differentiate]
    fn energy(&self, x: f64) -> f64 {
        0.5 * self.k * x * x
    }
}

fn main() {
    let _ = Spring { k: 2.0 }.energy(1.0);
}
