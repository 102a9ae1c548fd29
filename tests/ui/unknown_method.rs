//! Methods and associated functions without companions.

use symgrad::differentiate;

struct Spring {
    k: f64,
}

trait Energy {
    fn potential(&self, x: f64) -> f64;
}

impl Energy for Spring {
    fn potential(&self, x: f64) -> f64 {
        self.k * x
    }
}

impl Spring {
    fn force(&self, x: f64) -> f64 {
        self.k * x
    }

    fn stiffness(x: f64) -> f64 {
        x
    }

    #[differentiate(wrt(x))]
    fn only_x(&self, x: f64, y: f64) -> f64 {
        self.k * x * y
    }

    #[differentiate]
    pub fn energy(&self, x: f64) -> f64 {
        let mut y = self.force(x);
        y += Self::stiffness(x);
        y += self.potential(x);
        y += Energy::potential(self, x);
        y += self.only_x(x, y);
        y
    }
}

fn main() {
    let spring = Spring { k: 2.0 };
    let _ = spring.energy(1.0) + spring.only_x(1.0, 2.0);
}
