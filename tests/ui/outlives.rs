//! A list of tuples comes out of a block in which a guard is held.

use std::cell::RefCell;
use symgrad::differentiate;

#[differentiate]
fn of_a_block(x: f64, y: f64) -> f64 {
    let c = RefCell::new(vec![1, 2]);
    let pairs = {
        let guard = c.borrow();
        let pairs: Vec<(f64, f64)> = [x, y].iter().map(|v| (*v, v * guard[1] as f64)).collect();
        pairs
    };
    pairs[0].0 * pairs[1].1
}

fn main() {}
