//! Gradient descent on the bowl x² + 2y²: the path, the gradient against a difference, rates that are too large, and
//! directional derivatives.
//!
//! ```sh
//! cargo run --release --example gradient_descent
//! ```

use std::ops::ControlFlow;
use symgrad::differentiate;
use symgrad::optimize::{Error, GradientDescent, objective};

/// An elliptic bowl with its minimum at the origin.
#[differentiate(gradient, jvp)]
fn bowl(x: f64, y: f64) -> f64 {
    x * x + 2.0 * y * y
}

fn main() -> Result<(), Error> {
    let bowl_objective = objective(|p: &[f64]| bowl_value_and_gradient(p[0], p[1]));
    let start = [2.6, 2.2];

    println!("Descent on x² + 2y² from ({}, {}), rate 0.1:\n", start[0], start[1]);
    println!("  step         x         y       value  ‖gradient‖");
    GradientDescent::new(0.1).max_iterations(25).minimize_with(&bowl_objective, &start, |at| {
        let [x, y] = [at.point[0], at.point[1]];
        println!("  {:>4}  {x:>8.5}  {y:>8.5}  {:>10.7}  {:>10.6}", at.iteration, at.value, at.gradient_norm);
        ControlFlow::Continue(())
    })?;

    let (x, y, h) = (1.3, -0.7, 1e-6);
    let [dx, dy] = bowl_gradient(x, y);
    println!("\nThe gradient at ({x}, {y}), beside the centred difference of step {h:e}:\n");
    println!("         gradient      difference");
    println!("  ∂/∂x  {dx:>9.6}  {:>14.11}", (bowl(x + h, y) - bowl(x - h, y)) / (2.0 * h));
    println!("  ∂/∂y  {dy:>9.6}  {:>14.11}", (bowl(x, y + h) - bowl(x, y - h)) / (2.0 * h));

    println!("\nDerivatives there along directions of length 1, by `bowl_jvp`:\n");
    let norm = dx.hypot(dy);
    for (name, u) in [
        ("(3, 4) / 5", [0.6, 0.8]),
        ("along the gradient", [dx / norm, dy / norm]),
        ("against the gradient", [-dx / norm, -dy / norm]),
        ("along the contour", [-dy / norm, dx / norm]),
    ] {
        let (_, slope) = bowl_jvp(x, y, u[0], u[1]);
        println!("  {name:<20}  {slope:>9.6}");
    }
    println!("  No direction is steeper than the gradient's, ‖gradient‖ = {norm:.6}.");

    println!("\nThe rate decides: y is multiplied by 1 - 4·rate in every step.\n");
    println!("  rate  after 25 steps: value  the report says");
    for rate in [0.1, 0.45, 0.6] {
        let report = GradientDescent::new(rate).max_iterations(25).minimize(&bowl_objective, &start)?;
        println!("  {rate:<4}  {:>21.3e}  {}", report.criteria.value, report.trend);
    }
    Ok(())
}
