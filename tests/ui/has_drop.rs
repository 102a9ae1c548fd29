//! A struct with a `Drop` of its own is not taken apart: its `Drop` would not run.

use std::cell::Cell;
use symgrad::differentiate;

struct Point {
    x: f64,
    y: f64,
}

impl Drop for Point {
    fn drop(&mut self) {
        println!("{} {}", self.x, self.y);
    }
}

struct Logged<'a> {
    x: f64,
    log: &'a Cell<i32>,
}

impl Drop for Logged<'_> {
    fn drop(&mut self) {
        self.log.set(self.log.get() + 1);
    }
}

#[differentiate]
fn of_numbers(x: f64) -> f64 {
    let p = Point { x: x * x, y: 2.0 };
    p.x * p.y
}

#[differentiate(wrt(x))]
fn with_data(x: f64, log: &Cell<i32>) -> f64 {
    let y = {
        let a = Logged { x: x * x, log };
        a.x * a.x
    };
    y * f64::from(log.get())
}

fn main() {}
