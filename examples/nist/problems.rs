//! The nonlinear regressions of NIST's Statistical Reference Datasets: models, data, starts, certified results.
//!
//! Each model is an ordinary function of its parameters `b` and the predictor `x`, as the data's header states it. It is
//! there twice: as a curve, whose gradient by `b` is a row of the Jacobian, and as the function of all residuals, of which
//! the attribute makes the Jacobian at once.

use std::f64::consts::PI;
use symgrad::differentiate;

/// The predictors of one observation: one, and a second where there is one.
pub type Predictors = [f64; 2];
/// The value at one observation, and its gradient by the parameters.
type Curve = fn(&[f64], &Predictors) -> (f64, Vec<f64>);
/// All residuals of parameters, predictors and observations, and their Jacobian row by row.
type Residuals = fn(&[f64], &[Predictors], &[f64]) -> (Vec<f64>, Vec<f64>);

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
    pub x: Vec<Predictors>,
    pub y: Vec<f64>,
    pub curve: Curve,
    pub residuals: Residuals,
}

/// One model of `$n` parameters, with one or two predictors.
macro_rules! model {
    ($name:ident, $n:literal, |$b:ident, $x:ident $(, $second:ident)?| $body:expr) => {
        mod $name {
            use super::*;

            #[differentiate(wrt($b))]
            pub fn curve($b: &[f64; $n], $x: f64 $(, $second: f64)?) -> f64 {
                $body
            }

            #[differentiate(jacobian, wrt($b))]
            pub fn residuals($b: &[f64; $n], predictors: &[Predictors], observed: &[f64]) -> Vec<f64> {
                let mut residuals = vec![0.0; predictors.len()];
                for i in 0..predictors.len() {
                    let $x = predictors[i][0];
                    $(let $second = predictors[i][1];)?
                    residuals[i] = $body - observed[i];
                }
                residuals
            }

            pub fn problem(text: &str) -> Problem {
                Problem::read(
                    stringify!($name),
                    text,
                    |b, predictors| {
                        let $x = predictors[0];
                        $(let $second = predictors[1];)?
                        let b = b.try_into().expect("of its length");
                        let (value, gradient) = curve_value_and_gradient(b, $x $(, $second)?);
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

// Of lower difficulty, by NIST's own grading.
model!(misra1a, 2, |b, x| b[0] * (1.0 - (-b[1] * x).exp()));
model!(chwirut2, 3, |b, x| (-b[0] * x).exp() / (b[1] + b[2] * x));
model!(chwirut1, 3, |b, x| (-b[0] * x).exp() / (b[1] + b[2] * x));
model!(lanczos3, 6, |b, x| b[0] * (-b[1] * x).exp() + b[2] * (-b[3] * x).exp() + b[4] * (-b[5] * x).exp());
model!(gauss1, 8, |b, x| b[0] * (-b[1] * x).exp()
    + b[2] * (-(x - b[3]).powi(2) / b[4].powi(2)).exp()
    + b[5] * (-(x - b[6]).powi(2) / b[7].powi(2)).exp());
model!(gauss2, 8, |b, x| b[0] * (-b[1] * x).exp()
    + b[2] * (-(x - b[3]).powi(2) / b[4].powi(2)).exp()
    + b[5] * (-(x - b[6]).powi(2) / b[7].powi(2)).exp());
model!(dan_wood, 2, |b, x| b[0] * x.powf(b[1]));
model!(misra1b, 2, |b, x| b[0] * (1.0 - (1.0 + b[1] * x / 2.0).powi(-2)));

// Of average difficulty.
model!(kirby2, 5, |b, x| (b[0] + b[1] * x + b[2] * x.powi(2)) / (1.0 + b[3] * x + b[4] * x.powi(2)));
model!(hahn1, 7, |b, x| (b[0] + b[1] * x + b[2] * x.powi(2) + b[3] * x.powi(3))
    / (1.0 + b[4] * x + b[5] * x.powi(2) + b[6] * x.powi(3)));
// Its response is the logarithm of the strength.
model!(nelson, 3, |b, time, temperature| b[0] - b[1] * time * (-b[2] * temperature).exp());
model!(mgh17, 5, |b, x| b[0] + b[1] * (-x * b[3]).exp() + b[2] * (-x * b[4]).exp());
model!(lanczos1, 6, |b, x| b[0] * (-b[1] * x).exp() + b[2] * (-b[3] * x).exp() + b[4] * (-b[5] * x).exp());
model!(lanczos2, 6, |b, x| b[0] * (-b[1] * x).exp() + b[2] * (-b[3] * x).exp() + b[4] * (-b[5] * x).exp());
model!(gauss3, 8, |b, x| b[0] * (-b[1] * x).exp()
    + b[2] * (-(x - b[3]).powi(2) / b[4].powi(2)).exp()
    + b[5] * (-(x - b[6]).powi(2) / b[7].powi(2)).exp());
model!(misra1c, 2, |b, x| b[0] * (1.0 - (1.0 + 2.0 * b[1] * x).powf(-0.5)));
model!(misra1d, 2, |b, x| b[0] * b[1] * x * (1.0 + b[1] * x).powi(-1));
model!(roszman1, 4, |b, x| b[0] - b[1] * x - (b[2] / (x - b[3])).atan() / PI);
model!(enso, 9, |b, x| b[0]
    + b[1] * (2.0 * PI * x / 12.0).cos()
    + b[2] * (2.0 * PI * x / 12.0).sin()
    + b[4] * (2.0 * PI * x / b[3]).cos()
    + b[5] * (2.0 * PI * x / b[3]).sin()
    + b[7] * (2.0 * PI * x / b[6]).cos()
    + b[8] * (2.0 * PI * x / b[6]).sin());

// Of higher difficulty.
model!(mgh09, 4, |b, x| b[0] * (x.powi(2) + x * b[1]) / (x.powi(2) + x * b[2] + b[3]));
model!(thurber, 7, |b, x| (b[0] + b[1] * x + b[2] * x.powi(2) + b[3] * x.powi(3))
    / (1.0 + b[4] * x + b[5] * x.powi(2) + b[6] * x.powi(3)));
model!(box_bod, 2, |b, x| b[0] * (1.0 - (-b[1] * x).exp()));
model!(rat42, 3, |b, x| b[0] / (1.0 + (b[1] - b[2] * x).exp()));
model!(mgh10, 3, |b, x| b[0] * (b[1] / (x + b[2])).exp());
model!(eckerle4, 3, |b, x| (b[0] / b[1]) * (-0.5 * ((x - b[2]) / b[1]).powi(2)).exp());
model!(rat43, 4, |b, x| b[0] / (1.0 + (b[1] - b[2] * x).exp()).powf(1.0 / b[3]));
model!(bennett5, 3, |b, x| b[0] * (b[1] + x).powf(-1.0 / b[2]));

/// All of them, from the easiest to the hardest.
pub fn problems() -> Vec<Problem> {
    vec![
        misra1a::problem(include_str!("../data/nist/Misra1a.dat")),
        chwirut2::problem(include_str!("../data/nist/Chwirut2.dat")),
        chwirut1::problem(include_str!("../data/nist/Chwirut1.dat")),
        lanczos3::problem(include_str!("../data/nist/Lanczos3.dat")),
        gauss1::problem(include_str!("../data/nist/Gauss1.dat")),
        gauss2::problem(include_str!("../data/nist/Gauss2.dat")),
        dan_wood::problem(include_str!("../data/nist/DanWood.dat")),
        misra1b::problem(include_str!("../data/nist/Misra1b.dat")),
        kirby2::problem(include_str!("../data/nist/Kirby2.dat")),
        hahn1::problem(include_str!("../data/nist/Hahn1.dat")),
        nelson::problem(include_str!("../data/nist/Nelson.dat")).of_logarithms(),
        mgh17::problem(include_str!("../data/nist/MGH17.dat")),
        lanczos1::problem(include_str!("../data/nist/Lanczos1.dat")),
        lanczos2::problem(include_str!("../data/nist/Lanczos2.dat")),
        gauss3::problem(include_str!("../data/nist/Gauss3.dat")),
        misra1c::problem(include_str!("../data/nist/Misra1c.dat")),
        misra1d::problem(include_str!("../data/nist/Misra1d.dat")),
        roszman1::problem(include_str!("../data/nist/Roszman1.dat")),
        enso::problem(include_str!("../data/nist/ENSO.dat")),
        mgh09::problem(include_str!("../data/nist/MGH09.dat")),
        thurber::problem(include_str!("../data/nist/Thurber.dat")),
        box_bod::problem(include_str!("../data/nist/BoxBOD.dat")),
        rat42::problem(include_str!("../data/nist/Rat42.dat")),
        mgh10::problem(include_str!("../data/nist/MGH10.dat")),
        eckerle4::problem(include_str!("../data/nist/Eckerle4.dat")),
        rat43::problem(include_str!("../data/nist/Rat43.dat")),
        bennett5::problem(include_str!("../data/nist/Bennett5.dat")),
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
        let labelled = |label: &str| text.lines().find_map(|line| line.strip_prefix(label)).map(str::trim);
        let rows: Vec<Vec<f64>> = text.lines().skip(60).map(numbers).filter(|row| row.len() >= 2).collect();
        let sum = labelled("Residual Sum of Squares:").and_then(|sum| sum.parse().ok());
        let count = labelled("Number of Observations:").and_then(|count| count.parse().ok());
        let (sum_of_squares, observations): (f64, usize) = sum.zip(count).expect("a certified sum and a count");
        assert_eq!(rows.len(), observations, "{name} has as many observations as its header says");
        let (y, x) = rows.iter().map(|row| (row[0], [row[1], row.get(2).copied().unwrap_or(0.0)])).unzip();
        Self { name, starts, parameters, deviations, sum_of_squares, x, y, curve, residuals }
    }

    /// The same with the logarithms of the observations.
    fn of_logarithms(mut self) -> Self {
        self.y.iter_mut().for_each(|y| *y = y.ln());
        self
    }
}

/// To how many decimal digits two lists agree, at the worst place; NIST's own are good to 11.
pub fn digits(found: &[f64], certified: &[f64]) -> f64 {
    found.iter().zip(certified).map(|(x, c)| -((x - c) / c).abs().log10()).fold(11.0, f64::min)
}
