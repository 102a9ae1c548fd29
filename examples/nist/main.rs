//! The 27 nonlinear regressions with results that NIST has certified to 11 digits, fitted from both of NIST's starts.
//!
//! ```sh
//! cargo run --release --example nist
//! ```

#[path = "problems.rs"]
mod problems;

use problems::{digits, problems};
use symgrad::optimize::{Error, LevenbergMarquardt, curve, residuals};

fn main() -> Result<(), Error> {
    println!(
        "Levenberg–Marquardt on nonlinear regressions of NIST. Agreement with the certified results, in digits:\n"
    );
    println!("  problem   start  parameters  deviations  sum of squares  iterations  stopped because");
    for problem in problems() {
        for (k, start) in problem.starts.iter().enumerate() {
            let fit = LevenbergMarquardt::new().minimize(&curve(problem.curve, &problem.x, &problem.y), start)?;
            let deviations = fit.standard_deviations().unwrap_or_default();
            println!(
                "  {:<9} {:>5} {:>11.1} {:>11.1} {:>15.1} {:>11}  {}",
                problem.name,
                k + 1,
                digits(fit.parameters(), &problem.parameters),
                digits(&deviations, &problem.deviations),
                digits(&[fit.sum_of_squares()], &[problem.sum_of_squares]),
                fit.report.iterations,
                fit.report.reason
            );
        }
    }
    let all = problems();
    let thurber = all.iter().find(|problem| problem.name == "thurber").expect("it is there");
    let mobility = residuals(|b: &[f64]| (thurber.residuals)(b, &thurber.x, &thurber.y));
    let fit = LevenbergMarquardt::new().minimize(&mobility, &thurber.starts[0])?;
    println!("\nOne of them, the mobility of electrons in silicon by their density, in full:\n\n{fit}");
    Ok(())
}
