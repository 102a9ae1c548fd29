//! The attribute on an `impl` and on a trait.

use symgrad::differentiate;

#[differentiate]
trait Energy {
    fn energy(&self, x: f64) -> f64;
}

struct Spring {
    k: f64,
}

#[differentiate]
impl Spring {
    fn force(&self, x: f64) -> f64 {
        self.k * x
    }

    fn work(&self, x: f64) -> f64 {
        self.k * x * x
    }
}

#[differentiate(wrt(y), gradiant)]
impl Energy for Spring {
    fn energy(&self, x: f64) -> f64 {
        x.to_bits() as f64
    }
}

#[differentiate]
impl Energy for Vec<f64> {
    fn energy(&self, x: f64) -> f64 {
        self[0] * x
    }
}

#[differentiate]
impl<T: Clone> Energy for Option<T> {
    fn energy(&self, x: f64) -> f64 {
        x
    }
}

#[differentiate(companions = "name")]
impl Energy for f64 {
    fn energy(&self, x: f64) -> f64 {
        x
    }
}

#[differentiate(companions = Names)]
fn free(x: f64) -> f64 {
    x * x
}

#[differentiate]
impl Spring {
    fn several(&self, x: f64) -> f64 {
        x
    }

    #[differentiate(wrt(z))]
    fn wrong(&self, x: f64) -> f64 {
        x
    }

    #[differentiate]
    async fn later(&self, x: f64) -> f64 {
        x
    }
}

fn main() {
    let spring = Spring { k: 2.0 };
    let _ = spring.energy(1.0) + spring.force(1.0) + spring.work(1.0) + free(1.0) + spring.several(1.0);
    let (_, _) = (spring.energy_gradient(1.0), spring.wrong_gradient(1.0));
    let _ = free_gradient(1.0);
}
