//! Associated functions: a macro on one cannot see that it stands in an `impl`.

use symgrad::differentiate;

struct Spring;

impl Spring {
    #[differentiate]
    fn energy(k: f64, x: f64) -> f64 {
        0.5 * k * x * x
    }

    const HALF: f64 = 0.5;

    #[differentiate]
    fn half(x: f64) -> f64 {
        Self::HALF * x
    }
}

fn main() {
    let _ = Spring::energy(2.0, 1.0);
}
