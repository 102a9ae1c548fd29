//! Numbers that go into a method of a trait, as such, and into a collection.

use symgrad::differentiate;

trait Energy {
    fn potential(&self, x: f64) -> f64;
}

struct Spring {
    k: f64,
}

impl Energy for Spring {
    fn potential(&self, x: f64) -> f64 {
        self.k * x
    }
}

impl Spring {
    #[differentiate]
    pub fn energy(&self, x: f64) -> f64 {
        x * <Self as Energy>::potential(self, x)
    }
}

#[differentiate]
fn stored(springs: &mut Vec<f64>, x: f64) -> f64 {
    springs.push(x);
    x * x
}

#[differentiate]
fn both(mut springs: Vec<Spring>, more: &mut Vec<f64>, x: f64) -> f64 {
    let y = springs.remove(0).energy(x + more.remove(0));
    y * x
}

trait Weighed {
    fn weighed(&self) -> f64;
}

impl Weighed for [f64] {
    fn weighed(&self) -> f64 {
        self[0]
    }
}

/// Not what makes the copy.
#[differentiate]
fn copied(x: [f64; 2]) -> f64 {
    x.clone().weighed() * x.to_vec().weighed()
}

fn main() {
    let spring = Spring { k: 2.0 };
    let _ = spring.energy(1.0) + stored(&mut Vec::new(), 1.0) + both(Vec::new(), &mut Vec::new(), 1.0);
}
