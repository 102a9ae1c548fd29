//! Structs.

use crate::corpus::dual::Dual;
use crate::corpus::outputs::{Numbers, Refill};
use symgrad::{Differentiable, Flatten as _};
use symgrad_oracle::outputs;

#[derive(Differentiable, Clone, Debug)]
pub struct State {
    at: [f64; 2],
    speed: f64,
}

impl Numbers<f64> for State {
    fn each(&self, out: &mut Vec<f64>) {
        out.extend(self.flatten());
    }
}

impl Refill for State {
    fn refill(&mut self, from: &mut dyn Iterator<Item = f64>) {
        self.at.refill(from);
        self.speed.refill(from);
    }
}

fn step_dual(x: &[Dual; 2], h: Dual) -> ([Dual; 2], Dual) {
    let r = x[0].hypot(x[1]);
    ([x[0] + h * x[1], x[1] - h * x[0] / r], h * r)
}

#[outputs(([0.6, 0.8], 0.1), ([-2.0, 0.5], 1.5), dual = step_dual)]
fn step(x: &[f64; 2], h: f64) -> State {
    let r = x[0].hypot(x[1]);
    State { at: [x[0] + h * x[1], x[1] - h * x[0] / r], speed: h * r }
}

fn simulated_dual(x: Dual, v: Dual, n: usize) -> ([Dual; 2], Dual) {
    let (mut at, mut speed) = ([x, x * v], v);
    for _ in 0..n {
        at[0] += speed * 0.1;
        at[1] *= speed;
        speed = speed - at[0].sin() * 0.1;
    }
    (at, speed)
}

#[outputs((0.6, 0.8, 3), (1.0, -0.5, 0), dual = simulated_dual)]
fn simulated(x: f64, v: f64, n: usize) -> State {
    let mut state = State { at: [x, x * v], speed: v };
    for _ in 0..n {
        state.at[0] += state.speed * 0.1;
        state.at[1] *= state.speed;
        state.speed -= state.at[0].sin() * 0.1;
    }
    state
}
