//! Each solver's first steps, against iterates computed independently.
//!
//! Bowl: x² + 2y² from (2.6, 2.2). The numbers were computed with forty decimal digits from other forms of
//! the methods: momentum as the two-term recurrence x⁺ = x − αg + μ(x − x⁻), Adam with its moments as explicit
//! sums over all past gradients (the equation before (4) of the paper), likewise `AdaGrad`, `RMSProp` and `AdamW`, Nesterov in
//! three sequences. Schedules: against rates that are written out, cosines by half angles. Mini-batches: against sums over the
//! batches that the loss was asked for.

#![cfg(feature = "std")]
#![allow(clippy::excessive_precision, clippy::unreadable_literal, reason = "as the reference printed them")]

use std::cell::RefCell;
use std::f64::consts::SQRT_2;
use std::ops::ControlFlow;
use symgrad::optimize::{
    AdaGrad, Adam, AdamW, Error, FirstOrder, GradientDescent, MiniBatch, Momentum, Nesterov, Objective, Progress,
    Report, RmsProp, SampleLoss, Schedule, Updates, objective,
};

const START: [f64; 2] = [2.6, 2.2];

fn bowl() -> impl Objective {
    objective(|p: &[f64]| (p[0] * p[0] + 2.0 * p[1] * p[1], [2.0 * p[0], 4.0 * p[1]]))
}

/// The iterates after the start, as the callback sees them.
fn path(run: impl FnOnce(&mut dyn FnMut(&Progress<'_>) -> ControlFlow<()>)) -> Vec<Vec<f64>> {
    let mut seen = Vec::new();
    run(&mut |progress| {
        assert_eq!(progress.iteration, seen.len());
        seen.push(progress.point.to_vec());
        ControlFlow::Continue(())
    });
    assert_eq!(seen.remove(0), START);
    seen
}

fn assert_close(found: &[Vec<f64>], expected: &[[f64; 2]]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 4e-15, "{found:?} instead of {expected:?}");
        }
    }
}

#[test]
fn gradient_descent_follows_its_closed_form() {
    // x is multiplied by 1 − 2α and y by 1 − 4α, at every step.
    let solver = GradientDescent::new(0.1).max_iterations(25);
    let found = path(|see| drop(solver.minimize_with(&bowl(), &START, see).unwrap()));
    let expected: Vec<_> = (1..=25).map(|k| [2.6 * 0.8_f64.powi(k), 2.2 * 0.6_f64.powi(k)]).collect();
    assert_close(&found, &expected);
}

#[test]
fn momentum_follows_the_two_term_recurrence() {
    let solver = Momentum::new(0.05).momentum(0.9).max_iterations(4);
    let found = path(|see| drop(solver.minimize_with(&bowl(), &START, see).unwrap()));
    assert_close(
        &found,
        &[
            [2.34, 1.76],
            [1.872, 1.012],
            [1.263_6, 0.136_399_999_999_999_88],
            [0.589_679_999_999_999_87, -0.678_920_000_000_000_19],
        ],
    );
}

#[test]
fn nesterov_uses_the_coefficients_of_1983() {
    let found = path(|see| drop(Nesterov::new(0.05).max_iterations(4).minimize_with(&bowl(), &START, see).unwrap()));
    assert_close(
        &found,
        &[
            [2.34, 1.76],
            [2.040_069_675_120_674_8, 1.308_822_759_155_887_2],
            [1.718_898_374_042_867_4, 0.890_394_027_210_215_88],
            [1.393_502_328_635_201_1, 0.534_545_338_026_061_41],
        ],
    );
}

#[test]
fn nesterov_with_a_constant_coefficient() {
    let solver = Nesterov::new(0.05).momentum(0.5).max_iterations(4);
    let found = path(|see| drop(solver.minimize_with(&bowl(), &START, see).unwrap()));
    assert_close(&found, &[[2.21, 1.54], [1.8135, 0.968], [1.453_725, 0.5456], [1.146_453_75, 0.267_52]]);
}

#[test]
fn adam_follows_the_explicit_sums() {
    let found = path(|see| drop(Adam::new(0.1).max_iterations(4).minimize_with(&bowl(), &START, see).unwrap()));
    assert_close(
        &found,
        &[
            [2.500_000_000_192_307_9, 2.100_000_000_113_636_7],
            [2.400_121_418_244_006_5, 2.000_148_235_818_660_4],
            [2.300_452_103_915_731_5, 1.900_553_814_011_666_5],
            [2.201_085_165_908_377_2, 1.801_333_863_649_262_2],
        ],
    );
}

#[test]
fn adam_moves_by_its_rate_whatever_the_slope() {
    // On a plane both corrected moments are exact, so each step is α g / (|g| + ε).
    let plane = |_: &[f64], g: &mut [f64]| {
        g.copy_from_slice(&[1e6, -1e-6]);
        0.0
    };
    let mut seen = 0;
    let see = |progress: &Progress<'_>| {
        let k = f64::from(u32::try_from(progress.iteration).unwrap());
        assert!((progress.point[0] + 0.1 * k).abs() < 1e-12);
        assert!((progress.point[1] - 0.1 * k / 1.01).abs() < 1e-12);
        seen += 1;
        ControlFlow::Continue(())
    };
    Adam::new(0.1).max_iterations(20).minimize_with(&plane, &[0.0, 0.0], see).unwrap();
    assert_eq!(seen, 21);
}

#[test]
fn momentum_on_a_plane_reaches_its_terminal_velocity() {
    // vₖ = −α g (1 − μᵏ) / (1 − μ).
    let plane = |x: &[f64], g: &mut [f64]| {
        g[0] = 2.0;
        2.0 * x[0]
    };
    let mut points = Vec::new();
    let see = |progress: &Progress<'_>| {
        points.push(progress.point[0]);
        ControlFlow::Continue(())
    };
    Momentum::new(0.1).momentum(0.75).max_iterations(30).minimize_with(&plane, &[5.0], see).unwrap();
    for (k, pair) in points.windows(2).enumerate() {
        let velocity = -0.1 * 2.0 * (1.0 - 0.75_f64.powi(i32::try_from(k + 1).unwrap())) / 0.25;
        assert!((pair[1] - pair[0] - velocity).abs() < 1e-13);
    }
}

#[test]
fn backtracking_doubles_the_rate_that_was_accepted() {
    // On x²/200 each step multiplies x by 1 − α/100, with α = 1, 2, 4.
    let flat = objective(|p: &[f64]| (p[0] * p[0] / 200.0, p[0] / 100.0));
    let report = GradientDescent::backtracking().max_iterations(3).minimize(&flat, &[1.0]).unwrap();
    assert!((report.point[0] - 0.99 * 0.98 * 0.96).abs() < 1e-15, "{report}");
}

#[test]
fn backtracking_accepts_the_first_halving_that_decreases_enough() {
    // On 2x² from 1 the gradient is 4; rates 1 and ½ do not decrease, ¼ lands on the minimum.
    let parabola = objective(|p: &[f64]| (2.0 * p[0] * p[0], 4.0 * p[0]));
    let report = GradientDescent::backtracking().minimize(&parabola, &[1.0]).unwrap();
    assert_eq!((report.point[0], report.iterations, report.value_evaluations), (0.0, 1, 3));
}

#[test]
fn adagrad_follows_the_sums_over_all_gradients() {
    let solver = AdaGrad::new(0.5).max_iterations(4);
    let found = path(|see| drop(solver.minimize_with(&bowl(), &START, see).unwrap()));
    assert_close(
        &found,
        &[
            [2.1000000000096155, 1.7000000000056819],
            [1.7858314464696343, 1.3942762494699084],
            [1.5501933859008639, 1.1701381671796882],
            [1.3608765821133644, 0.9940788152339085],
        ],
    );
}

#[test]
fn rms_prop_follows_the_weighted_sums() {
    let solver = RmsProp::new(0.01).rho(0.9).max_iterations(4);
    let found = path(|see| drop(solver.minimize_with(&bowl(), &START, see).unwrap()));
    assert_close(
        &found,
        &[
            [2.5683772235906237, 2.1683772235119525],
            [2.5455690996345144, 2.145593639690189],
            [2.5265385971143894, 2.126596148782881],
            [2.509689981885769, 2.1097852394250256],
        ],
    );
}

#[test]
fn adamw_decays_beside_the_step_of_adam() {
    let solver = AdamW::new(0.1).decay(0.2).max_iterations(4);
    let found = path(|see| drop(solver.minimize_with(&bowl(), &START, see).unwrap()));
    assert_close(
        &found,
        &[
            [2.448000000192308, 2.0560000001136363],
            [2.2992422079094386, 1.9151134783145154],
            [2.1538086166056325, 1.7774507213964417],
            [2.0117886223272166, 1.6431328352523535],
        ],
    );
}

#[test]
fn clipping_limits_each_coordinate_or_the_length_of_a_step() {
    // The gradient at the start is (5.2, 8.8).
    let first = |solver: GradientDescent| solver.max_iterations(1).minimize(&bowl(), &START).unwrap().criteria.step;
    let moved = |dx: f64, dy: f64| dx.hypot(dy) / (2.6 - dx).hypot(2.2 - dy);
    let close = |step: Option<f64>, expected: f64| (step.unwrap() - expected).abs() < 1e-15;
    assert!(close(first(GradientDescent::new(0.1).clip_values(6.0)), moved(0.52, 0.6)));
    assert!(close(first(GradientDescent::new(0.1).clip_values(1.0)), moved(0.1, 0.1)));
    let norm = 5.2_f64.hypot(8.8);
    assert!(close(first(GradientDescent::new(0.1).clip_norm(2.0)), moved(0.2 * 5.2 / norm, 0.2 * 8.8 / norm)));
    assert!(close(first(GradientDescent::new(0.1).clip_norm(1e3)), moved(0.52, 0.88)));
}

/// Each schedule with its first rates.
fn schedules() -> Vec<(Schedule, Vec<f64>)> {
    // cos²(π/8) = (2 + √2) / 4.
    let eighth = (2.0 + SQRT_2) / 4.0;
    vec![
        (Schedule::constant(0.1), vec![0.1; 6]),
        (Schedule::step(0.1, 2, 0.5), vec![0.1, 0.1, 0.05, 0.05, 0.025, 0.025]),
        (Schedule::step(0.1, 1, 0.1), vec![0.1, 0.01, 0.001, 1e-4]),
        (Schedule::exponential(0.1, 0.5), vec![0.1, 0.05, 0.025, 0.0125, 0.00625, 0.003125]),
        // last + (rate − last) cos²(π t / 2 over).
        (
            Schedule::cosine(0.1, 0.02, 4),
            vec![0.1, 0.02 + 0.08 * eighth, 0.06, 0.02 + 0.08 * (1.0 - eighth), 0.02, 0.02, 0.02],
        ),
        (Schedule::constant(0.1).warm_up(4), vec![0.025, 0.05, 0.075, 0.1, 0.1, 0.1]),
        (Schedule::step(0.1, 2, 0.5).warm_up(2), vec![0.05, 0.1, 0.1, 0.05, 0.05, 0.025]),
        (Schedule::exponential(0.1, 0.5).warm_up(4), vec![0.025, 0.05, 0.075, 0.1, 0.05, 0.025]),
        (Schedule::cosine(0.1, 0.02, 2).warm_up(2), vec![0.05, 0.1, 0.06, 0.02, 0.02]),
        (Schedule::exponential(0.1, 0.5).warm_up(1), vec![0.1, 0.05, 0.025]),
    ]
}

#[test]
fn a_schedule_gives_the_rate_of_each_step() {
    for (schedule, rates) in schedules() {
        let solver = GradientDescent::new(schedule).max_iterations(rates.len());
        let found = path(|see| drop(solver.minimize_with(&bowl(), &START, see).unwrap()));
        // At the rate α, x is multiplied by 1 − 2α and y by 1 − 4α.
        let after = |k: usize, factor: f64| rates[..=k].iter().map(|rate| 1.0 - factor * rate).product::<f64>();
        let expected: Vec<_> = (0..rates.len()).map(|k| [2.6 * after(k, 2.0), 2.2 * after(k, 4.0)]).collect();
        assert_close(&found, &expected);
    }
}

#[test]
fn a_schedule_holds_for_every_method() {
    // On a plane of slope g, from 5, the steps of these methods have closed forms.
    let slope = 2.0;
    for (schedule, rates) in schedules() {
        let walk = |mut updates: Updates| {
            let mut point = [5.0];
            rates.iter().for_each(|_| updates.apply(&[slope], &mut point));
            point[0]
        };
        let close = |name: &str, found: f64, expected: f64| {
            assert!((found - expected).abs() < 1e-13, "{name}, {schedule:?}: {found} instead of {expected}");
        };
        let total: f64 = rates.iter().sum();
        let last = rates.len();
        let power = |base: f64, exponent: usize| base.powi(i32::try_from(exponent).unwrap());
        // What a step starts goes on: Σ αₖ g (1 − μⁿ⁻ᵏ) / (1 − μ).
        let carried: f64 = rates.iter().enumerate().map(|(k, rate)| rate * (1.0 - power(0.5, last - k)) / 0.5).sum();
        close("momentum", walk(Momentum::new(schedule.clone()).momentum(0.5).updates(&[5.0])), 5.0 - slope * carried);
        // Corrected moments are g and g²; the decay shrinks what there is.
        let unit = slope / (slope + 1e-8);
        close("Adam", walk(Adam::new(schedule.clone()).updates(&[5.0])), 5.0 - unit * total);
        let decayed: f64 = 5.0 * rates.iter().map(|rate| 1.0 - 0.3 * rate).product::<f64>()
            - rates
                .iter()
                .enumerate()
                .map(|(k, rate)| unit * rate * rates[k + 1..].iter().map(|later| 1.0 - 0.3 * later).product::<f64>())
                .sum::<f64>();
        close("AdamW", walk(AdamW::new(schedule.clone()).decay(0.3).updates(&[5.0])), decayed);
        // The sum of t squares is t g².
        #[allow(clippy::cast_precision_loss, reason = "a few steps")]
        let rooted: f64 = rates.iter().enumerate().map(|(k, rate)| rate / ((k + 1) as f64).sqrt()).sum();
        let found = walk(AdaGrad::new(schedule.clone()).epsilon(1e-300).updates(&[5.0]));
        close("AdaGrad", found, 5.0 - rooted);
        // The weighted sum of t squares is (1 − ρᵗ) g².
        let weighted: f64 = rates.iter().enumerate().map(|(k, rate)| rate / (1.0 - power(0.9, k + 1)).sqrt()).sum();
        let found = walk(RmsProp::new(schedule.clone()).rho(0.9).epsilon(1e-300).updates(&[5.0]));
        close("RMSProp", found, 5.0 - weighted);
    }
}

/// The losses ½ c p² − b p of samples (c, b), and the batches that were asked for.
struct Recorded {
    samples: Vec<(f64, f64)>,
    asked: RefCell<Vec<Vec<usize>>>,
}

impl Recorded {
    fn new(samples: &[(f64, f64)]) -> Self {
        Self { samples: samples.to_vec(), asked: RefCell::default() }
    }

    /// The means of c and b over samples.
    #[allow(clippy::cast_precision_loss, reason = "a few samples")]
    fn means(&self, indices: &[usize]) -> (f64, f64) {
        let mean = |of: fn((f64, f64)) -> f64| {
            indices.iter().map(|&i| of(self.samples[i])).sum::<f64>() / indices.len() as f64
        };
        (mean(|(c, _)| c), mean(|(_, b)| b))
    }

    fn mean_loss(&self, p: f64, indices: &[usize], gradient: &mut [f64]) -> f64 {
        let (c, b) = self.means(indices);
        gradient[0] = c * p - b;
        0.5 * c * p * p - b * p
    }
}

impl Objective for Recorded {
    fn value(&self, x: &[f64]) -> f64 {
        self.value_and_gradient(x, &mut [0.0])
    }
    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        self.mean_loss(x[0], &(0..self.samples.len()).collect::<Vec<_>>(), gradient)
    }
}

impl SampleLoss for Recorded {
    fn samples(&self) -> usize {
        self.samples.len()
    }
    fn batch(&self, x: &[f64], indices: &[usize], gradient: &mut [f64]) -> Result<f64, Error> {
        self.asked.borrow_mut().push(indices.to_vec());
        Ok(self.mean_loss(x[0], indices, gradient))
    }
}

/// The start and what each epoch reached, with the means over its batches, one after another.
fn epochs<S: FirstOrder>(method: S, samples: &[(f64, f64)]) -> (Vec<f64>, Vec<(f64, f64)>) {
    let loss = Recorded::new(samples);
    let mut seen = Vec::new();
    let run: Result<Report, Error> = MiniBatch::new(method, 3).seed(11).minimize_with(&loss, &[4.0], |at| {
        seen.push(at.point[0]);
        ControlFlow::Continue(())
    });
    assert_eq!(run.unwrap().iterations, 5);
    let asked = loss.asked.borrow();
    for epoch in asked.chunks(3) {
        assert_eq!(epoch.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 1]);
        let mut all = epoch.concat();
        all.sort_unstable();
        assert_eq!(all, (0..7).collect::<Vec<_>>(), "every sample once");
    }
    (seen, asked.iter().map(|batch| loss.means(batch)).collect())
}

#[test]
fn mini_batches_follow_the_recurrence_in_closed_form() {
    // p⁺ = p − αₖ (cₖ p − bₖ) with the means c and b of batch k, so that the steps of a run multiply up and add up. A
    // schedule counts batches.
    let samples = [(1.0, 2.0), (0.5, -0.5), (2.0, 0.5), (1.5, 4.5), (0.25, 2.0), (3.0, 3.0), (1.0, -2.0)];
    for (schedule, rate) in [
        (Schedule::constant(0.1), (|_| 0.1) as fn(i32) -> f64),
        (Schedule::exponential(0.2, 0.75), |k| 0.2 * 0.75_f64.powi(k)),
    ] {
        let (seen, means) = epochs(GradientDescent::new(schedule).max_iterations(5), &samples);
        assert_eq!((seen.len(), means.len()), (6, 15));
        let factors: Vec<f64> = means.iter().zip(0..).map(|((c, _), k)| 1.0 - rate(k) * c).collect();
        for (epoch, found) in seen.iter().enumerate() {
            let steps = 3 * epoch;
            let later = |k: usize| factors[k..steps].iter().product::<f64>();
            let pulls: f64 =
                means[..steps].iter().zip(0..).zip(1..).map(|(((_, b), k), n)| rate(k) * b * later(n)).sum();
            let expected = 4.0 * later(0) + pulls;
            assert!((found - expected).abs() < 1e-14, "epoch {epoch}: {found} instead of {expected}");
        }
    }
}

#[test]
fn mini_batches_keep_the_memory_of_a_method_from_epoch_to_epoch() {
    // Planes.
    let samples = [2.0, -1.0, 0.25, 3.0, 8.0, 1.0, -2.0].map(|b| (0.0, b));
    let (seen, means) = epochs(Momentum::new(0.1).momentum(0.5).max_iterations(5), &samples);
    for (epoch, found) in seen.iter().enumerate() {
        let steps = 3 * epoch;
        // What batch k started has gone on for the rest of the run: b (1 − μⁿ⁻ᵏ) / (1 − μ).
        let left = |k: usize| i32::try_from(steps - k).unwrap();
        let moved: f64 = (0..steps).map(|k| 0.1 * means[k].1 * (1.0 - 0.5_f64.powi(left(k))) / 0.5).sum();
        assert!((found - 4.0 - moved).abs() < 1e-13, "epoch {epoch}: {found} instead of {}", 4.0 + moved);
    }
}

#[test]
fn updates_of_another_length_move_what_both_have() {
    let all: [(&str, Updates); 7] = [
        ("gradient descent", GradientDescent::new(0.1).updates(&START)),
        ("momentum", Momentum::new(0.1).updates(&START)),
        ("Nesterov", Nesterov::new(0.1).updates(&START)),
        ("AdaGrad", AdaGrad::new(0.1).updates(&START)),
        ("RMSProp", RmsProp::new(0.1).updates(&START)),
        ("Adam", Adam::new(0.1).updates(&START)),
        ("AdamW", AdamW::new(0.1).updates(&START)),
    ];
    for (name, mut updates) in all {
        let mut point = [2.6, 2.2, 1.0];
        updates.apply(&[1.0], &mut point);
        assert!(point[0] < 2.6, "{name}");
        updates.apply(&[1.0; 4], &mut point);
        assert!(point[1] < 2.2, "{name}");
        updates.apply(&[], &mut []);
    }
}
