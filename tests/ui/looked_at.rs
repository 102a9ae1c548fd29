//! What is looked at for every few columns of a matrix, and is no collection of the standard library; and what is called.

use symgrad::differentiate;

struct Graph {
    left: std::cell::Cell<usize>,
}

impl Graph {
    fn iter(&self) -> std::ops::Range<usize> {
        self.left.set(self.left.get() - 1);
        0..self.left.get()
    }
}

struct Model {
    graph: Graph,
}

#[differentiate(hessian, wrt(x))]
fn looks(x: &[f64], model: &Model) -> f64 {
    let mut sum = 0.0;
    for i in model.graph.iter() {
        sum += x[i] * x[0];
    }
    sum
}

fn main() {}
