//! The mean squared error of a line: loss, gradient, one step of gradient descent, and the fit.
//!
//! ```sh
//! cargo run --release --example linear_regression
//! ```

#![allow(clippy::cast_precision_loss, reason = "a count of points is exact in an f64")]

use symgrad::differentiate;
use symgrad::optimize::{GradientDescent, objective};

/// The mean squared error of the line `w x + b`.
#[differentiate(gradient, wrt(w, b))]
fn mse(w: f64, b: f64, x: &[f64], t: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (x, t) in x.iter().zip(t) {
        sum += (w * x + b - t).powi(2);
    }
    sum / x.len() as f64
}

fn main() -> Result<(), symgrad::optimize::Error> {
    let x = [1.0, 2.0, 3.0, 4.0];
    let t = [2.3, 4.1, 5.9, 8.2];

    let (w, b) = (0.5, 0.0);
    let (loss, [dw, db]) = mse_value_and_gradient(w, b, &x, &t);
    println!("Mean squared error of the line w x + b, at w = {w}, b = {b}:\n");
    println!("  loss     {loss:.6}");
    println!("  ∂loss/∂w {dw:.6}");
    println!("  ∂loss/∂b {db:.6}\n");

    let rate = 0.01;
    let (w, b) = (w - rate * dw, b - rate * db);
    println!("One step against the gradient, at the rate {rate}:\n");
    println!("  w        {w:.6}");
    println!("  b        {b:.6}");
    println!("  loss     {:.6}\n", mse(w, b, &x, &t));

    let line = objective(|p: &[f64]| mse_value_and_gradient(p[0], p[1], &x, &t));
    let fit = GradientDescent::new(0.1).minimize(&line, &[w, b])?;
    let (slope, intercept) = least_squares(&x, &t);
    println!("The fit, by gradient descent at the rate 0.1, beside the solution in closed form:\n");
    println!("               w         b         loss");
    println!("  descent      {:.6}  {:.6}  {:.6}", fit.point[0], fit.point[1], fit.value);
    println!("  closed form  {slope:.6}  {intercept:.6}  {:.6}\n", mse(slope, intercept, &x, &t));
    print!("{fit}");
    Ok(())
}

/// The line of least squares: slope cov(x, t) / var(x), through the point of means.
fn least_squares(x: &[f64], t: &[f64]) -> (f64, f64) {
    let n = x.len() as f64;
    let (mean_x, mean_t) = (x.iter().sum::<f64>() / n, t.iter().sum::<f64>() / n);
    let covariance: f64 = x.iter().zip(t).map(|(x, t)| (x - mean_x) * (t - mean_t)).sum();
    let variance: f64 = x.iter().map(|x| (x - mean_x).powi(2)).sum();
    let slope = covariance / variance;
    (slope, mean_t - slope * mean_x)
}
