//! Calls beside which a struct would change without its derivative: `?`, a result that is asked, a macro.

use symgrad::{Differentiable, differentiate};

#[derive(Clone, Differentiable)]
struct State {
    sum: f64,
}

impl State {
    fn halve(&mut self) -> Result<(), String> {
        self.sum *= 0.5;
        Ok(())
    }

    fn halved(&mut self) -> bool {
        self.halve().is_ok()
    }
}

#[differentiate(jvp, wrt(state))]
fn attempted(mut state: State) -> Result<f64, String> {
    state.halve()?;
    Ok(state.sum * state.sum)
}

#[differentiate(jvp, wrt(state))]
fn asked(mut state: State) -> f64 {
    match state.halve() {
        Ok(()) => state.sum * state.sum,
        Err(_) => 0.0,
    }
}

#[differentiate(jvp, wrt(state))]
fn asserted(state: &mut State) -> f64 {
    assert!(state.halved());
    state.sum * state.sum
}

struct Stack {
    numbers: Vec<f64>,
}

impl Stack {
    fn keep(&mut self, x: f64) -> Result<(), String> {
        self.numbers.push(x);
        Ok(())
    }

    fn total(&self) -> f64 {
        self.numbers.iter().sum()
    }
}

#[differentiate]
fn kept(stack: &mut Stack, x: f64) -> Result<f64, String> {
    stack.keep(x)?;
    Ok(x * stack.total())
}

fn keep(stack: &mut Stack, x: f64) -> Result<(), String> {
    stack.keep(x)
}

#[differentiate]
fn kept_elsewhere(stack: &mut Stack, x: f64) -> Result<f64, String> {
    keep(stack, x)?;
    Ok(x * stack.total())
}

struct Counter {
    calls: f64,
}

impl Counter {
    #[differentiate]
    pub fn times(&mut self, x: f64) -> Result<f64, String> {
        self.calls += 1.0;
        Ok(x * self.calls)
    }
}

#[differentiate]
fn counted(counter: &mut Counter, x: f64) -> f64 {
    match counter.times(x) {
        Ok(y) => y * x,
        Err(_) => 0.0,
    }
}

fn main() {}
