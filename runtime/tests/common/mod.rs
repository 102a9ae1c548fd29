//! Every solver, on a problem that may answer anything and counts how often it is asked.

use std::cell::Cell;
use std::time::Duration;
use symgrad::optimize::{
    AdaGrad, Adam, AdamW, Error, GaussNewton, GradientDescent, Lbfgs, LevenbergMarquardt, MiniBatch, Momentum,
    Nesterov, Newton, Objective, Report, Residuals, RmsProp, SampleLoss, TwiceDifferentiable,
};

/// Residuals and their Jacobian, row by row.
pub type Answer = (Vec<f64>, Vec<f64>);

/// ½ ‖r‖², as an objective with a gradient, with `JᵀJ` for its Hessian, as residuals, and as a loss of samples.
pub struct Probe<'a> {
    answer: &'a dyn Fn(&[f64]) -> Answer,
    /// How often it was asked for a value, a gradient, a Hessian.
    pub evaluations: Cell<usize>,
    /// The lowest value at a point where all is finite.
    pub lowest: Cell<f64>,
    /// How many samples it says it has.
    pub samples: usize,
}

impl<'a> Probe<'a> {
    pub fn new(answer: &'a dyn Fn(&[f64]) -> Answer) -> Self {
        Self { answer, evaluations: Cell::new(0), lowest: Cell::new(f64::INFINITY), samples: 4 }
    }

    fn ask(&self, x: &[f64]) -> Answer {
        assert!(x.iter().all(|x| x.is_finite()), "asked at {x:?}");
        self.evaluations.set(self.evaluations.get() + 1);
        let answer = (self.answer)(x);
        let (value, gradient) = (half_square(&answer.0), gradient(&answer));
        if value.is_finite() && gradient.len() == x.len() && gradient.iter().all(|g| g.is_finite()) {
            self.lowest.set(self.lowest.get().min(value));
        }
        answer
    }
}

pub fn half_square(residuals: &[f64]) -> f64 {
    0.5 * residuals.iter().map(|r| r * r).sum::<f64>()
}

/// Jᵀr, with as many coordinates as a row has.
fn gradient((residuals, jacobian): &Answer) -> Vec<f64> {
    let columns = jacobian.len() / residuals.len().max(1);
    (0..columns).map(|j| residuals.iter().zip(jacobian.chunks(columns)).map(|(r, row)| r * row[j]).sum()).collect()
}

/// Writes the gradient, if it has this length.
fn gradient_into(answer: &Answer, into: &mut [f64]) -> Result<f64, Error> {
    let gradient = gradient(answer);
    if gradient.len() != into.len() {
        return Err(Error::GradientLength { expected: into.len(), found: gradient.len() });
    }
    into.copy_from_slice(&gradient);
    Ok(half_square(&answer.0))
}

impl Objective for Probe<'_> {
    fn value(&self, x: &[f64]) -> f64 {
        half_square(&self.ask(x).0)
    }
    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        self.try_value_and_gradient(x, gradient).unwrap_or(f64::NAN)
    }
    fn try_value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64, Error> {
        gradient_into(&self.ask(x), gradient)
    }
}

impl TwiceDifferentiable for Probe<'_> {
    fn hessian(&self, x: &[f64], hessian: &mut [f64]) {
        let _ = self.try_value_gradient_hessian(x, &mut vec![0.0; x.len()], hessian);
    }
    fn try_value_gradient_hessian(&self, x: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> Result<f64, Error> {
        let answer = self.ask(x);
        let (n, columns) = (x.len(), answer.1.len() / answer.0.len().max(1));
        if n != columns {
            return Err(Error::HessianLength { expected: n * n, found: columns * columns });
        }
        for (k, entry) in hessian.iter_mut().enumerate() {
            *entry = answer.1.chunks(n).map(|row| row[k / n] * row[k % n]).sum();
        }
        gradient_into(&answer, gradient)
    }
}

impl Residuals for Probe<'_> {
    fn residuals(&self, x: &[f64], residuals: &mut Vec<f64>) {
        *residuals = self.ask(x).0;
    }
    fn residuals_and_jacobian(&self, x: &[f64], residuals: &mut Vec<f64>, jacobian: &mut Vec<f64>) {
        (*residuals, *jacobian) = self.ask(x);
    }
}

impl SampleLoss for Probe<'_> {
    fn samples(&self) -> usize {
        self.samples
    }
    fn batch(&self, x: &[f64], _: &[usize], gradient: &mut [f64]) -> Result<f64, Error> {
        gradient_into(&(self.answer)(x), gradient)
    }
}

/// When a solver has to stop.
#[derive(Clone, Copy)]
pub struct Limits {
    pub iterations: usize,
    pub evaluations: Option<usize>,
    pub time: Option<Duration>,
    /// What the gradient, or the offset of a fit, has to come down to.
    pub tolerance: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { iterations: 60, evaluations: None, time: None, tolerance: 1e-9 }
    }
}

type Solve = Box<dyn Fn(&Probe<'_>, &[f64], Limits) -> Result<Report, Error>>;

macro_rules! limited {
    ($solver:expr, $limits:ident, $tolerance:ident) => {{
        let solver = $solver.max_iterations($limits.iterations).$tolerance($limits.tolerance);
        let solver = if let Some(limit) = $limits.evaluations { solver.max_evaluations(limit) } else { solver };
        if let Some(limit) = $limits.time { solver.max_time(limit) } else { solver }
    }};
}

macro_rules! plain {
    ($($name:literal $solver:expr),+ $(,)?) => {
        vec![$(($name, Box::new(|problem: &Probe<'_>, start: &[f64], limits: Limits| {
            limited!($solver, limits, gradient_tolerance).minimize(problem, start)
        }) as Solve)),+]
    };
}

/// All of them, at rate 0.01 where they have one.
pub fn solvers() -> Vec<(&'static str, Solve)> {
    let mut solvers = plain![
        "gradient descent" GradientDescent::new(0.01),
        "gradient descent, backtracking" GradientDescent::backtracking(),
        "momentum" Momentum::new(0.01),
        "nesterov" Nesterov::new(0.01),
        "adagrad" AdaGrad::new(0.01),
        "rms_prop" RmsProp::new(0.01),
        "adam" Adam::new(0.01),
        "adamw" AdamW::new(0.01),
        "lbfgs" Lbfgs::new(),
        "newton" Newton::new(),
    ];
    solvers.push((
        "lbfgs in a box",
        Box::new(|problem, start, limits| {
            let (low, high) = (vec![-1e300; start.len()], vec![1e300; start.len()]);
            limited!(Lbfgs::new(), limits, gradient_tolerance).bounds(&low, &high).minimize(problem, start)
        }),
    ));
    solvers.push((
        "mini-batch",
        Box::new(|problem, start, limits| {
            let method = limited!(Adam::new(0.01), limits, gradient_tolerance);
            MiniBatch::new(method, 2).minimize(problem, start)
        }),
    ));
    solvers.push((
        "gauss-newton",
        Box::new(|problem, start, limits| {
            let solver = limited!(GaussNewton::new(), limits, offset_tolerance);
            solver.minimize(problem, start).map(|fit| fit.report)
        }),
    ));
    solvers.push((
        "levenberg-marquardt",
        Box::new(|problem, start, limits| {
            let solver = limited!(LevenbergMarquardt::new(), limits, offset_tolerance);
            solver.minimize(problem, start).map(|fit| fit.report)
        }),
    ));
    solvers
}

/// Whether a solver is one of least squares.
#[allow(dead_code, reason = "not every test asks")]
pub fn fits(name: &str) -> bool {
    matches!(name, "gauss-newton" | "levenberg-marquardt")
}
