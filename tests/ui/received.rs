//! Calls whose result is no number: what cannot be repeated, and guesses that are wrong.

use symgrad::differentiate;

struct Model {
    k: f64,
}

impl Model {
    #[differentiate(jvp, wrt(x))]
    fn parts(&self, x: f64) -> (f64, f64) {
        (self.k * x, x * x)
    }

    fn update(&mut self) {
        self.k += 1.0;
    }
}

fn model() -> Model {
    Model { k: 1.0 }
}

#[differentiate(jvp, wrt(x))]
fn sampled(x: f64, seed: &mut u64) -> [f64; 2] {
    *seed += 1;
    [x * *seed as f64, x * x]
}

#[differentiate(jvp)]
fn pair(x: f64) -> [f64; 2] {
    [x, x * x]
}

#[differentiate]
fn changed_receiver(x: f64) -> f64 {
    let mut model = model();
    let (a, b) = model.parts(x);
    model.update();
    a * b
}

#[differentiate(wrt(x))]
fn changed_argument(x: f64, seed: &mut u64) -> f64 {
    let [a, b] = sampled(x, seed);
    a * b
}

#[differentiate]
fn taken_for_a_number(x: f64) -> f64 {
    pair(x) * x
}

#[differentiate(jvp)]
fn list(x: f64) -> Vec<f64> {
    vec![x, x * x]
}

#[differentiate]
fn taken_for_an_array(x: f64) -> f64 {
    list(x).iter().sum()
}

struct Samples {
    list: Vec<f64>,
}

/// Data are copied to what numbers are written to.
#[differentiate(wrt(x))]
fn written(x: f64, samples: Samples) -> f64 {
    let mut list = samples.list;
    list[0] = x;
    list[0] * list[1]
}

fn main() {}
