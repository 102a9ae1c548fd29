//! Draws the pictures beside it: a bowl with its gradient field and the path of gradient descent, Rosenbrock's valley with
//! three optimizers, their convergence, and a fit with its residuals.
//!
//! ```sh
//! cargo run --release --example pictures
//! ```

#[allow(dead_code, reason = "one problem of them is drawn")]
#[path = "../nist/problems.rs"]
mod problems;

use std::cell::RefCell;
use std::error::Error;
use std::ops::ControlFlow;
use symgrad::differentiate;
use symgrad::optimize::{
    Adam, GradientDescent, Lbfgs, LevenbergMarquardt, Momentum, Progress, Report, curve, objective,
};
use symgrad::plot::{Contours, Convergence, Fitted};

/// An elliptic bowl.
#[differentiate]
fn bowl(x: f64, y: f64) -> f64 {
    x * x + 2.0 * y * y
}

/// Rosenbrock's valley.
#[differentiate]
fn valley(x: f64, y: f64) -> f64 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

/// The points that a run goes through, and its report.
fn path<E>(
    run: impl FnOnce(&mut dyn FnMut(&Progress<'_>) -> ControlFlow<()>) -> Result<Report, E>,
) -> Result<(Vec<[f64; 2]>, Report), E> {
    let points = RefCell::new(Vec::new());
    let report = run(&mut |at| {
        points.borrow_mut().push([at.point[0], at.point[1]]);
        ControlFlow::Continue(())
    })?;
    Ok((points.into_inner(), report))
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/pictures");
    let write = |name: &str, svg: String| std::fs::write(format!("{folder}/{name}.svg"), svg);

    let f = objective(|p: &[f64]| bowl_value_and_gradient(p[0], p[1]));
    let descent = GradientDescent::new(0.1).max_iterations(25);
    let (points, _) = path(|see| descent.minimize_with(&f, &[2.6, 2.2], see))?;
    let picture = Contours::new(-3.0..3.0, -2.5..2.5).title("x² + 2y²: descent from (2.6, 2.2) at the rate 0.1");
    let picture = picture.field(true).path("gradient descent", &points).minimum([0.0, 0.0]);
    write("bowl", picture.svg(bowl_value_and_gradient)?)?;

    let f = objective(|p: &[f64]| valley_value_and_gradient(p[0], p[1]));
    let start = [-1.2, 1.0];
    let momentum = Momentum::new(1e-3).max_iterations(400).record_history(true);
    let adam = Adam::new(0.05).max_iterations(400).record_history(true);
    let lbfgs = Lbfgs::new().record_history(true);
    let runs = [
        ("momentum", path(|see| momentum.minimize_with(&f, &start, see))?),
        ("Adam", path(|see| adam.minimize_with(&f, &start, see))?),
        ("L-BFGS", path(|see| lbfgs.minimize_with(&f, &start, see))?),
    ];
    let mut map = Contours::new(-1.8..1.8, -0.8..2.2).title("Rosenbrock's valley, from (-1.2, 1)").levels(18);
    let mut curves = Convergence::new().title("Rosenbrock's valley: value by iteration");
    for (name, (points, report)) in &runs {
        map = map.path(*name, points);
        curves = curves.run(*name, &report.history);
    }
    write("rosenbrock", map.minimum([1.0, 1.0]).svg(valley_value_and_gradient)?)?;
    write("convergence", curves.svg()?)?;

    let all = problems::problems();
    let thurber = all.iter().find(|problem| problem.name == "thurber").ok_or("no such problem")?;
    let fit = LevenbergMarquardt::new().minimize(&curve(thurber.curve, &thurber.x, &thurber.y), &thurber.starts[0])?;
    let density: Vec<f64> = thurber.x.iter().map(|x| x[0]).collect();
    let picture = Fitted::new(&density, &thurber.y).title("Electron mobility by density (NIST, Thurber), and the fit");
    write("fit", picture.svg(|x| (thurber.curve)(fit.parameters(), &[x, 0.0]).0)?)?;
    println!("four pictures in {folder}");
    Ok(())
}
