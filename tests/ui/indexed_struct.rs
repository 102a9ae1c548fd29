//! A struct that has an index of its own: nothing says that its elements are what it is differentiated by.

use std::ops::Index;
use symgrad::{Differentiable, differentiate};

#[derive(Differentiable)]
struct Table {
    scale: f64,
    #[differentiate(skip)]
    values: Vec<f64>,
}

impl Index<usize> for Table {
    type Output = f64;
    fn index(&self, k: usize) -> &f64 {
        &self.values[k]
    }
}

#[differentiate(jvp, wrt(table))]
fn product(table: &Table) -> f64 {
    table.scale * table[0]
}

fn main() {}
