//! A method that is a sibling's in name only: what it is called on has another type.

use symgrad::differentiate;

trait Determinant {
    fn det(&self) -> f64;
}

impl Determinant for [[f64; 2]; 2] {
    fn det(&self) -> f64 {
        self[0][0] * self[1][1] - self[0][1] * self[1][0]
    }
}

impl Determinant for f64 {
    fn det(&self) -> f64 {
        *self
    }
}

#[differentiate(gradient, companions = Derivatives)]
impl Determinant for [[f64; 3]; 3] {
    fn det(&self) -> f64 {
        let minor = [[self[1][1], self[1][2]], [self[2][1], self[2][2]]];
        self[0][0] * minor.det() + self[0][1].det()
    }
}

fn main() {}
