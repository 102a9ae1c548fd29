//! Eight nonlinear regressions of NIST's Statistical Reference Datasets: models, data, starts, certified results.
//!
//! Each model is an ordinary function of its parameters `b` and the predictor `x`, as the data's header states it. It is
//! there twice: as a curve, whose gradient by `b` is a row of the Jacobian, and as the function of all residuals, of which
//! the attribute makes the Jacobian at once.

use std::f64::consts::PI;
use symgrad::differentiate;

/// The value at one predictor, and its gradient by the parameters.
type Curve = fn(&[f64], &f64) -> (f64, Vec<f64>);
/// All residuals of parameters, predictors and observations, and their Jacobian row by row.
type Residuals = fn(&[f64], &[f64], &[f64]) -> (Vec<f64>, Vec<f64>);

/// A fit that NIST has certified.
pub struct Problem {
    pub name: &'static str,
    /// The parameters that NIST starts from, far and near.
    pub starts: [Vec<f64>; 2],
    /// The certified parameters.
    pub parameters: Vec<f64>,
    /// Their certified standard deviations.
    pub deviations: Vec<f64>,
    /// The certified sum of squares.
    pub sum_of_squares: f64,
    pub x: Vec<f64>,
    pub y: Vec<f64>,
    pub curve: Curve,
    pub residuals: Residuals,
}

/// One model of `$n` parameters.
macro_rules! model {
    ($name:ident, $n:literal, |$b:ident, $x:ident| $body:expr) => {
        mod $name {
            use super::*;

            #[differentiate(wrt($b))]
            pub fn curve($b: &[f64; $n], $x: f64) -> f64 {
                $body
            }

            #[differentiate(jacobian, wrt($b))]
            pub fn residuals($b: &[f64; $n], predictors: &[f64], observed: &[f64]) -> Vec<f64> {
                let mut residuals = vec![0.0; predictors.len()];
                for i in 0..predictors.len() {
                    let $x = predictors[i];
                    residuals[i] = $body - observed[i];
                }
                residuals
            }

            pub fn problem(text: &str) -> Problem {
                Problem::read(
                    stringify!($name),
                    text,
                    |b, x| {
                        let (value, gradient) = curve_value_and_gradient(b.try_into().expect("of its length"), *x);
                        (value, gradient.to_vec())
                    },
                    |b, x, y| {
                        let (value, jacobian) =
                            residuals_value_and_jacobian(b.try_into().expect("of its length"), x, y);
                        (value, jacobian.into_flattened())
                    },
                )
            }
        }
    };
}

model!(misra1a, 2, |b, x| b[0] * (1.0 - (-b[1] * x).exp()));
model!(chwirut2, 3, |b, x| (-b[0] * x).exp() / (b[1] + b[2] * x));
model!(dan_wood, 2, |b, x| b[0] * x.powf(b[1]));
model!(thurber, 7, |b, x| (b[0] + b[1] * x + b[2] * x.powi(2) + b[3] * x.powi(3))
    / (1.0 + b[4] * x + b[5] * x.powi(2) + b[6] * x.powi(3)));
model!(mgh09, 4, |b, x| b[0] * (x.powi(2) + x * b[1]) / (x.powi(2) + x * b[2] + b[3]));
model!(eckerle4, 3, |b, x| (b[0] / b[1]) * (-0.5 * ((x - b[2]) / b[1]).powi(2)).exp());
model!(enso, 9, |b, x| b[0]
    + b[1] * (2.0 * PI * x / 12.0).cos()
    + b[2] * (2.0 * PI * x / 12.0).sin()
    + b[4] * (2.0 * PI * x / b[3]).cos()
    + b[5] * (2.0 * PI * x / b[3]).sin()
    + b[7] * (2.0 * PI * x / b[6]).cos()
    + b[8] * (2.0 * PI * x / b[6]).sin());
model!(rat43, 4, |b, x| b[0] / (1.0 + (b[1] - b[2] * x).exp()).powf(1.0 / b[3]));

/// The problems, from the easiest to the hardest by NIST's own grading.
pub fn problems() -> Vec<Problem> {
    vec![
        misra1a::problem(include_str!("../data/nist/Misra1a.dat")),
        chwirut2::problem(include_str!("../data/nist/Chwirut2.dat")),
        dan_wood::problem(include_str!("../data/nist/DanWood.dat")),
        enso::problem(include_str!("../data/nist/ENSO.dat")),
        mgh09::problem(include_str!("../data/nist/MGH09.dat")),
        thurber::problem(include_str!("../data/nist/Thurber.dat")),
        rat43::problem(include_str!("../data/nist/Rat43.dat")),
        eckerle4::problem(include_str!("../data/nist/Eckerle4.dat")),
    ]
}

impl Problem {
    /// Reads a file of the archive: the table of parameters is in its lines 41 to 60, the data from line 61 on.
    fn read(name: &'static str, text: &str, curve: Curve, residuals: Residuals) -> Self {
        let numbers = |line: &str| line.split_whitespace().filter_map(|word| word.parse().ok()).collect::<Vec<f64>>();
        let (mut starts, mut parameters, mut deviations) = ([Vec::new(), Vec::new()], Vec::new(), Vec::new());
        for line in text.lines().skip(40).take(20) {
            if let Some((_, row)) = line.split_once('=')
                && let [first, second, parameter, deviation] = numbers(row)[..]
            {
                starts[0].push(first);
                starts[1].push(second);
                parameters.push(parameter);
                deviations.push(deviation);
            }
        }
        let sum = text.lines().find_map(|line| line.strip_prefix("Residual Sum of Squares:"));
        let rows: Vec<Vec<f64>> = text.lines().skip(60).map(numbers).filter(|row| row.len() == 2).collect();
        let sum_of_squares = sum.and_then(|sum| sum.trim().parse().ok()).expect("a certified sum");
        let (y, x) = rows.iter().map(|row| (row[0], row[1])).unzip();
        Self { name, starts, parameters, deviations, sum_of_squares, x, y, curve, residuals }
    }
}

/// To how many decimal digits two lists agree, at the worst place; NIST's own are good to 11.
pub fn digits(found: &[f64], certified: &[f64]) -> f64 {
    found.iter().zip(certified).map(|(x, c)| -((x - c) / c).abs().log10()).fold(11.0, f64::min)
}
