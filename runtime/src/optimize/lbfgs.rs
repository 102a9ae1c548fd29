//! Limited-memory BFGS with a strong Wolfe line search.
//!
//! Reference: J. Nocedal and S. J. Wright, *Numerical Optimization*, 2nd edition: algorithm 7.4 (two-loop
//! recursion), equation 7.20 (scaling of the initial Hessian), algorithm 7.5.

use super::bounds::{self, Bounds};
use super::error::{inner_fraction, require};
use super::line_search::{Sample, Wolfe, strong_wolfe};
use super::run::{Evaluated, Halt, Progress, Run};
use super::stop::{StopReason, Stopping, minimize_methods, stopping_options};
use super::vector::{add_scaled, dot, norm};
use super::{Error, Objective, Report};
use std::collections::VecDeque;
use std::ops::ControlFlow;

/// Limited-memory BFGS: x ← x − α H ∇f(x), where H approximates the inverse Hessian from the last m steps and
/// α satisfies the strong Wolfe conditions. Costs 4mn operations per step beyond the evaluations.
///
/// Every accepted step satisfies, with direction d, c₁ = 1e-4 and c₂ = 0.9 unless told,
/// f(x + αd) ≤ f(x) + c₁ α ∇f(x)ᵀd, up to the round-off of f, and |∇f(x + αd)ᵀd| ≤ c₂ |∇f(x)ᵀd|.
///
/// ```
/// use symgrad::optimize::{Lbfgs, objective};
///
/// // Rosenbrock's function.
/// let banana = objective(|p: &[f64]| {
///     let (a, b) = (1.0 - p[0], p[1] - p[0] * p[0]);
///     (a * a + 100.0 * b * b, [-2.0 * a - 400.0 * p[0] * b, 200.0 * b])
/// });
/// let report = Lbfgs::new().minimize(&banana, &[-1.2, 1.0])?;
/// assert!(report.converged(), "{report}");
/// assert!((report.point[0] - 1.0).abs() < 1e-8 && report.gradient_evaluations < 60);
/// # Ok::<(), symgrad::optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Lbfgs {
    pub(super) memory: usize,
    pub(super) wolfe: Wolfe,
    stopping: Stopping,
}

impl Default for Lbfgs {
    fn default() -> Self {
        Self::new()
    }
}

impl Lbfgs {
    /// Memory of 10 steps, c₁ = 1e-4, c₂ = 0.9.
    #[must_use]
    pub fn new() -> Self {
        Self { memory: 10, wolfe: Wolfe { decrease: 1e-4, curvature: 0.9 }, stopping: Stopping::default() }
    }

    /// The number m of steps to remember, at least 1; 10 unless told.
    #[must_use]
    pub fn memory(mut self, steps: usize) -> Self {
        self.memory = steps;
        self
    }

    /// The constants of the line search, 0 < c₁ < c₂ < 1; 1e-4 and 0.9 unless told.
    #[must_use]
    pub fn wolfe(mut self, c1: f64, c2: f64) -> Self {
        self.wolfe = Wolfe { decrease: c1, curvature: c2 };
        self
    }

    /// Keeps every point within a box, lower ≤ x ≤ upper; infinite bounds are none. A start outside is moved to its side.
    ///
    /// Steps are projected onto the box, and judged by sufficient decrease alone; the gradient that is held against its
    /// tolerance, and that reports call ‖gradient‖, is without what would lead out of the box.
    ///
    /// ```
    /// use symgrad::optimize::{Lbfgs, objective};
    ///
    /// let bowl = objective(|p: &[f64]| ((p[0] - 3.0).powi(2) + (p[1] + 1.0).powi(2), [2.0 * (p[0] - 3.0), 2.0 * (p[1] + 1.0)]));
    /// let report = Lbfgs::new().bounds(&[0.0, 0.0], &[2.0, f64::INFINITY]).minimize(&bowl, &[1.0, 1.0])?;
    /// assert!(report.converged() && report.point == [2.0, 0.0], "{report}");
    /// # Ok::<(), symgrad::optimize::Error>(())
    /// ```
    #[must_use]
    pub fn bounds(mut self, lower: &[f64], upper: &[f64]) -> Self {
        self.stopping.bounds = Some(Bounds { lower: lower.to_vec(), upper: upper.to_vec() });
        self
    }

    fn validate(&self) -> Result<(), Error> {
        require(self.memory > 0, "memory", 0.0, "at least 1")?;
        inner_fraction("c1", self.wolfe.decrease)?;
        inner_fraction("c2", self.wolfe.curvature)?;
        require(self.wolfe.decrease < self.wolfe.curvature, "c1", self.wolfe.decrease, "below c2")
    }

    fn iterate<O, C>(&self, run: &mut Run<'_, O, C>) -> Result<(), Halt>
    where
        O: Objective + ?Sized,
        C: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        let mut history = History::new(self.memory);
        while run.goes_on() {
            let mut accepted = self.search(&history, run)?;
            if accepted.is_none() && !history.pairs.is_empty() {
                // The approximation may be what is wrong: forget it, and try steepest descent.
                history.pairs.clear();
                accepted = self.search(&history, run)?;
            }
            let next = accepted.ok_or(Halt::Over(StopReason::LineSearch))?;
            history.remember(run.point(), run.gradient(), &next);
            run.accept(next);
        }
        Ok(())
    }

    /// The point that the line search accepts along the direction that is known, or along a path that stays in the box.
    fn search<O, C>(&self, history: &History, run: &mut Run<'_, O, C>) -> Result<Option<Evaluated>, Halt>
    where
        O: Objective + ?Sized,
        C: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        if let Some(bounds) = &self.stopping.bounds {
            return bounds::search(self, bounds, history, run);
        }
        let direction = history.direction(run.gradient());
        let first_step = history.first_step(run.gradient());
        let start = Sample { step: 0.0, value: run.value(), slope: dot(run.gradient(), &direction) };
        if start.slope.is_nan() || start.slope >= 0.0 {
            return Ok(None);
        }
        let origin = run.point().to_vec();
        let mut last = None;
        let found = strong_wolfe(start, first_step, &self.wolfe, |step| {
            let mut point = origin.clone();
            add_scaled(&mut point, step, &direction);
            last = run.try_point(&point)?.ok();
            Ok(last.as_ref().map(|at| Sample { step, value: at.value, slope: dot(&at.gradient, &direction) }))
        })?;
        // The line search accepts the sample it took last.
        Ok(if found { last } else { None })
    }
}

stopping_options!(Lbfgs);
minimize_methods!(Lbfgs, Objective);

/// The last steps: what is known of the curvature.
pub(super) struct History {
    pairs: VecDeque<Pair>,
    memory: usize,
}

/// One step s = x⁺ − x and the change of gradient y = ∇f⁺ − ∇f along it, with ρ = 1/(yᵀs).
struct Pair {
    s: Vec<f64>,
    y: Vec<f64>,
    rho: f64,
}

impl History {
    fn new(memory: usize) -> Self {
        Self { pairs: VecDeque::new(), memory }
    }

    /// What is known of the curvature among some coordinates alone.
    pub fn of_coordinates(&self, free: &[bool]) -> Self {
        let part = |a: &[f64]| a.iter().zip(free).map(|(a, free)| if *free { *a } else { 0.0 }).collect::<Vec<f64>>();
        let pairs = self.pairs.iter().filter_map(|pair| Pair::new(part(&pair.s), part(&pair.y))).collect();
        Self { pairs, memory: self.memory }
    }

    /// −H ∇f by the two-loop recursion, with H₀ = (sᵀy / yᵀy) I from the newest pair.
    pub fn direction(&self, gradient: &[f64]) -> Vec<f64> {
        let mut q: Vec<f64> = gradient.iter().map(|g| -g).collect();
        let mut alphas = Vec::with_capacity(self.pairs.len());
        for Pair { s, y, rho } in self.pairs.iter().rev() {
            let alpha = rho * dot(s, &q);
            add_scaled(&mut q, -alpha, y);
            alphas.push(alpha);
        }
        if let Some(Pair { y, rho, .. }) = self.pairs.back() {
            let gamma = 1.0 / (rho * dot(y, y));
            for q in &mut q {
                *q *= gamma;
            }
        }
        for (Pair { s, y, rho }, alpha) in self.pairs.iter().zip(alphas.into_iter().rev()) {
            let beta = rho * dot(y, &q);
            add_scaled(&mut q, alpha - beta, s);
        }
        q
    }

    /// The full step, except where no curvature is known yet: then one of length 1 at most.
    pub fn first_step(&self, gradient: &[f64]) -> f64 {
        if self.pairs.is_empty() { (1.0 / norm(gradient)).min(1.0) } else { 1.0 }
    }

    /// Keeps a step, unless its curvature is lost in round-off: H must stay positive definite.
    fn remember(&mut self, point: &[f64], gradient: &[f64], next: &Evaluated) {
        let difference = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<f64>>();
        let (s, y) = (difference(&next.point, point), difference(&next.gradient, gradient));
        if let Some(pair) = Pair::new(s, y) {
            if self.pairs.len() == self.memory {
                self.pairs.pop_front();
            }
            self.pairs.push_back(pair);
        }
    }
}

impl Pair {
    /// None if its curvature is not positive, or lost in round-off.
    fn new(s: Vec<f64>, y: Vec<f64>) -> Option<Self> {
        let curvature = dot(&s, &y);
        let rho = 1.0 / curvature;
        let kept = curvature > f64::EPSILON * norm(&s) * norm(&y) && rho.is_finite();
        kept.then_some(Self { s, y, rho })
    }
}

#[cfg(test)]
mod tests {
    use super::{Evaluated, History};
    use std::collections::VecDeque;

    /// A memory of one step s with change of gradient y, if it was kept.
    fn history(s: [f64; 2], y: [f64; 2]) -> History {
        let mut history = History { pairs: VecDeque::new(), memory: 3 };
        let next = Evaluated { point: s.to_vec(), value: 0.0, gradient: y.to_vec() };
        history.remember(&[0.0, 0.0], &[0.0, 0.0], &next);
        history
    }

    #[test]
    fn the_approximation_satisfies_the_secant_equation() {
        // H y = s, so the direction for the gradient y is −s.
        let direction = history([1.0, 2.0], [3.0, 0.5]).direction(&[3.0, 0.5]);
        assert!((direction[0] + 1.0).abs() < 1e-15 && (direction[1] + 2.0).abs() < 1e-15, "{direction:?}");
    }

    #[test]
    fn a_step_without_positive_curvature_is_not_kept() {
        assert_eq!(history([1.0, 0.0], [1.0, 0.0]).pairs.len(), 1);
        for y in [[-1.0, 0.0], [0.0, 1.0], [1e-17, 1.0], [0.0, 0.0], [f64::MAX, f64::MAX]] {
            let kept = history([1.0, 0.0], y).pairs.len();
            assert_eq!(kept, 0, "{y:?}");
        }
    }

    #[test]
    fn the_first_step_has_length_one_at_most() {
        let empty = History { pairs: VecDeque::new(), memory: 3 };
        assert!((empty.first_step(&[30.0, 40.0]) - 0.02).abs() < 1e-17);
        assert_eq!(empty.first_step(&[0.3, 0.4]).to_bits(), 1.0_f64.to_bits());
        assert_eq!(history([1.0, 0.0], [1.0, 0.0]).first_step(&[30.0, 40.0]).to_bits(), 1.0_f64.to_bits());
    }
}
