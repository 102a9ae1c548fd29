//! L-BFGS here, in argmin and in basin, on the problems of Moré, Garbow and Hillstrom, and on the functions of
//! `argmin_testfunctions`: after how many evaluations of value and gradient is the minimum reached?
//!
//! ```sh
//! cargo bench -p symgrad --bench solvers --features argmin,basin
//! ```
//!
//! Counted is each call of the objective, of the value alone too, up to the first at which the value exceeds a minimum, that of
//! the paper or of the function's documentation, by no more than 1e-5 of it, and 1e-8. Every solver has its own defaults, with a memory of ten steps.

#[allow(dead_code, reason = "gradients are enough")]
#[path = "../../tests/common/more_garbow_hillstrom.rs"]
mod problems;

#[allow(dead_code, reason = "gradients are enough")]
#[path = "../tests/common/functions.rs"]
mod functions;

use argmin::core::Executor;
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use basin::FirstOrderState;
use functions::two;
use std::cell::Cell;
use symgrad::glue;
use symgrad::optimize::{Lbfgs, Objective};

/// Value and gradient.
type Evaluate = dyn Fn(&[f64]) -> (f64, Vec<f64>);

/// What is to be minimized.
struct Problem {
    name: &'static str,
    start: Vec<f64>,
    /// The values at the minima.
    minima: Vec<f64>,
    evaluate: Box<Evaluate>,
}

/// Counts calls until the minimum is reached.
struct Counted<'a> {
    problem: &'a Problem,
    calls: &'a Cell<usize>,
    reached: &'a Cell<Option<usize>>,
}

impl Counted<'_> {
    fn evaluate(&self, x: &[f64]) -> (f64, Vec<f64>) {
        let evaluated = (self.problem.evaluate)(x);
        self.calls.set(self.calls.get() + 1);
        let there = self.problem.minima.iter().any(|m| (evaluated.0 - m).abs() <= 1e-5 * m.abs() + 1e-8);
        if there && self.reached.get().is_none() {
            self.reached.set(Some(self.calls.get()));
        }
        evaluated
    }
}

impl Objective for Counted<'_> {
    fn value(&self, x: &[f64]) -> f64 {
        self.evaluate(x).0
    }

    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        let (value, found) = self.evaluate(x);
        gradient.copy_from_slice(&found);
        value
    }
}

/// The number of evaluations to the minimum, if a solver reaches it.
fn count(problem: &Problem, run: impl FnOnce(Counted<'_>)) -> Option<usize> {
    let (calls, reached) = (Cell::new(0), Cell::new(None));
    run(Counted { problem, calls: &calls, reached: &reached });
    reached.get()
}

fn all() -> Vec<Problem> {
    let papers = problems::PROBLEMS.iter().map(|problem| Problem {
        name: problem.name,
        start: problem.start.to_vec(),
        minima: problem.minima.to_vec(),
        evaluate: Box::new(problem.gradient),
    });
    let libraries = functions::PROBLEMS.iter().map(|problem| Problem {
        name: problem.name,
        start: problem.start.to_vec(),
        minima: vec![(problem.value)(&problem.minimizer)],
        evaluate: Box::new(|x| ((problem.value)(&two(x)), (problem.gradient)(&two(x)).to_vec())),
    });
    papers.chain(libraries).collect()
}

fn main() {
    let problems = all();
    println!("{:<24} {:>8} {:>8} {:>8}", "evaluations to minimum", "here", "argmin", "basin");
    let mut not_more = 0;
    for problem in &problems {
        let here = count(problem, |f| drop(Lbfgs::new().max_iterations(5000).minimize(&f, &problem.start)));
        let by_argmin = count(problem, |f| {
            let solver = LBFGS::new(MoreThuenteLineSearch::new(), 10);
            let start = problem.start.clone();
            drop(Executor::new(glue::Problem::new(f), solver).configure(|s| s.param(start).max_iters(5000)).run());
        });
        let by_basin = count(problem, |f| {
            let solver = basin::Lbfgs::new().unbounded().with_m_capacity(10);
            let state = FirstOrderState::new(problem.start.clone());
            drop(basin::Executor::new(glue::Problem::new(f), solver, state).max_iter(5000).run());
        });
        let show = |count: Option<usize>| count.map_or("-".to_string(), |count| count.to_string());
        println!("{:<24} {:>8} {:>8} {:>8}", problem.name, show(here), show(by_argmin), show(by_basin));
        let or_never = |count: Option<usize>| count.unwrap_or(usize::MAX);
        not_more += usize::from(here.is_some() && or_never(here) <= or_never(by_argmin).min(or_never(by_basin)));
    }
    println!("\nnot more than the better of the others on {not_more} of {}", problems.len());
}
