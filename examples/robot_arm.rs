//! Inverse kinematics: which angles bring the hand of an arm with three joints to a place, pointing where it should?
//!
//! ```sh
//! cargo run --release --example robot_arm
//! ```

use symgrad::differentiate;
use symgrad::optimize::{Error, GaussNewton, residuals};

/// The lengths of upper arm, forearm and hand, in metres.
const LENGTHS: [f64; 3] = [0.4, 0.3, 0.1];

/// What the hand misses: its distance from the target in x and y, and its direction in radians. Each angle is measured from
/// the part before.
#[differentiate(jacobian, wrt(angles))]
fn miss(angles: &[f64; 3], target: &[f64; 3]) -> [f64; 3] {
    let (mut x, mut y, mut direction) = (0.0, 0.0, 0.0);
    for k in 0..3 {
        direction += angles[k];
        x += LENGTHS[k] * direction.cos();
        y += LENGTHS[k] * direction.sin();
    }
    [x - target[0], y - target[1], direction - target[2]]
}

fn main() -> Result<(), Error> {
    println!("An arm of 0.4 + 0.3 + 0.1 m. Angles by Gauss-Newton, each solution the start of the next:\n");
    println!("      x      y  direction     shoulder    elbow    wrist  iterations  off by");
    let mut angles = [0.5, 0.5, 0.5];
    for target in [[0.5, 0.3, 1.0], [0.4, 0.4, 1.2], [0.2, 0.5, 1.6], [-0.1, 0.55, 2.2], [-0.3, 0.4, 2.8]] {
        let arm = residuals(|p: &[f64]| miss_value_and_jacobian(&[p[0], p[1], p[2]], &target));
        let fit = GaussNewton::new().minimize(&arm, &angles)?;
        angles.copy_from_slice(fit.parameters());
        let [x, y, direction] = target;
        print!("  {x:>5.2}  {y:>5.2}  {direction:>9.2}     ");
        println!(
            "{:>8.4} {:>8.4} {:>8.4}  {:>10}  {:.0e} m",
            angles[0],
            angles[1],
            angles[2],
            fit.report.iterations,
            fit.sum_of_squares().sqrt()
        );
        assert!(fit.sum_of_squares() < 1e-20, "the hand is there");
    }

    println!("\nA place out of reach, at 1.2 m: the best that the arm can do, by Levenberg–Marquardt.\n");
    let far = residuals(|p: &[f64]| miss_value_and_jacobian(&[p[0], p[1], p[2]], &[1.2, 0.0, 0.0]));
    print!("{}", symgrad::optimize::LevenbergMarquardt::new().minimize(&far, &[0.3, -0.2, 0.1])?);
    Ok(())
}
