//! Checks one differentiated function at some points, and prints what came of it: a line `verdict<TAB>details`.
//!
//! Whatever a function returns is a list of numbers here, and each of them is checked by itself: the derivatives against
//! finite differences with an estimate of their error, and forward mode against reverse mode where there are both.

use std::panic::{AssertUnwindSafe, catch_unwind};
use symgrad::check::{Check, Verdict};

/// What a function returns, as a list of its floats. What is no float is no number.
pub trait Numbers {
    /// Appends them.
    fn append(&self, to: &mut Vec<f64>);
}

impl Numbers for f64 {
    fn append(&self, to: &mut Vec<f64>) {
        to.push(*self);
    }
}

impl Numbers for f32 {
    fn append(&self, to: &mut Vec<f64>) {
        to.push(f64::from(*self));
    }
}

macro_rules! no_numbers {
    ($($ty:ty),*) => { $(impl Numbers for $ty { fn append(&self, _: &mut Vec<f64>) {} })* };
}
no_numbers!(bool, i32, u32, i64, u64, usize, isize, u8, ());

impl<T: Numbers + ?Sized> Numbers for &T {
    fn append(&self, to: &mut Vec<f64>) {
        (**self).append(to);
    }
}

impl<T: Numbers> Numbers for [T] {
    fn append(&self, to: &mut Vec<f64>) {
        self.iter().for_each(|x| x.append(to));
    }
}

impl<T: Numbers, const N: usize> Numbers for [T; N] {
    fn append(&self, to: &mut Vec<f64>) {
        self.as_slice().append(to);
    }
}

impl<T: Numbers> Numbers for Vec<T> {
    fn append(&self, to: &mut Vec<f64>) {
        self.as_slice().append(to);
    }
}

impl<T: Numbers> Numbers for Option<T> {
    fn append(&self, to: &mut Vec<f64>) {
        self.iter().for_each(|x| x.append(to));
    }
}

macro_rules! tuples {
    ($($name:ident)*) => {
        #[allow(non_snake_case)]
        impl<$($name: Numbers),*> Numbers for ($($name,)*) {
            fn append(&self, to: &mut Vec<f64>) {
                let ($($name,)*) = self;
                $($name.append(to);)*
            }
        }
    };
}
tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);

/// The floats of a value.
pub fn numbers(value: &(impl Numbers + ?Sized)) -> Vec<f64> {
    let mut list = Vec::new();
    value.append(&mut list);
    list
}

/// A list, in crates without `vec!`.
pub fn list<T: Clone>(items: &[T]) -> Vec<T> {
    items.to_vec()
}

/// A struct with other floats.
pub fn with<P: symgrad::Differentiable>(mut value: P, floats: &[f64]) -> P {
    value.restore(floats);
    value
}

/// How many floats are in a value.
pub fn count(value: &impl symgrad::Flatten) -> usize {
    value.flatten_into(&mut [])
}

/// The floats of what has structs in it.
pub fn flat_of(value: &impl symgrad::Flatten) -> Vec<f64> {
    value.flatten()
}

/// What a gradient holds.
pub fn flat(gradient: impl symgrad::Flatten) -> Vec<f64> {
    gradient.flatten()
}

/// The numbers of a gradient, each run where it is among those that the function is given.
pub fn ordered(gradient: Vec<f64>, to: &[(usize, usize)]) -> Vec<f64> {
    let mut all = vec![0.0; gradient.len()];
    let mut from = 0;
    for &(at, count) in to {
        all[at..at + count].copy_from_slice(&gradient[from..from + count]);
        from += count;
    }
    all
}

/// A function and its companions. `None` is an `Err` or a `None`.
pub struct Subject<'a> {
    /// How many numbers it takes.
    pub inputs: usize,
    /// Where they are from, as in `values.txt`; empty for the points that are usual.
    pub domain: &'a str,
    /// Whether they are rounded to `f32`.
    pub single: bool,
    /// The function.
    pub value: &'a dyn Fn(&[f64]) -> Option<Vec<f64>>,
    /// Value and gradient, if it returns one number.
    pub gradient: Option<Gradient<'a>>,
    /// Value and derivative along a direction.
    pub jvp: &'a dyn Fn(&[f64], &[f64]) -> Option<(Vec<f64>, Vec<f64>)>,
}

type Gradient<'a> = &'a dyn Fn(&[f64]) -> Option<(Vec<f64>, Vec<f64>)>;

/// What came of a function.
#[derive(Default)]
struct Count {
    confirmed: usize,
    undecided: usize,
    failed: usize,
    not_finite: usize,
    panicked: usize,
    first_failure: String,
}

/// Checks it, and prints the verdict.
pub fn probe(subject: &Subject<'_>) {
    // What panics in the original is the original's matter, and counted.
    std::panic::set_hook(Box::new(|_| {}));
    let points = points(subject);
    let mut count = Count::default();
    for point in &points {
        if catch_unwind(AssertUnwindSafe(|| at(subject, point, &mut count))).is_err() {
            count.panicked += 1;
        }
    }
    let verdict = match &count {
        Count { failed: 1.., .. } => "wrong",
        Count { confirmed: 1.., .. } => "right",
        _ => "unconfirmed",
    };
    let Count { confirmed, undecided, failed, not_finite, panicked, first_failure } = count;
    println!(
        "{verdict}\t{confirmed} derivatives confirmed, {undecided} undecided, {failed} wrong, {not_finite} of a value that \
         is not finite, {panicked} of {} points panicked\n{first_failure}",
        points.len()
    );
}

fn at(subject: &Subject<'_>, point: &[f64], count: &mut Count) {
    let Some(value) = (subject.value)(point) else {
        // Companions fail where the function does.
        let fails = (subject.jvp)(point, point).is_none() && subject.gradient.is_none_or(|g| g(point).is_none());
        count.failed += usize::from(!fails);
        count.not_finite += 1;
        return;
    };
    for index in 0..value.len() {
        let along = |p: &[f64], v: &[f64]| {
            (subject.jvp)(p, v).map_or((f64::NAN, f64::NAN), |(value, tangent)| (value[index], tangent[index]))
        };
        let companion = |p: &[f64]| match subject.gradient {
            Some(gradient) => gradient(p).map_or((f64::NAN, Vec::new()), |(value, gradient)| (value[index], gradient)),
            None => {
                let unit = |i| (0..p.len()).map(|k| if k == i { 1.0 } else { 0.0 }).collect::<Vec<f64>>();
                (along(p, p).0, (0..p.len()).map(|i| along(p, &unit(i)).1).collect())
            }
        };
        let value = |p: &[f64]| (subject.value)(p).map_or(f64::NAN, |value| value[index]);
        let mut check = Check::new(value, &companion).jvp(along);
        if subject.single {
            check = check.single_precision();
        }
        match check.at(point) {
            Err(error) => count.fail(&format!("{error} at {point:?}")),
            Ok(report) if !report.value.is_finite() && report.value_is_bit_equal() => {
                if stays_infinite(report.value, value, &companion, point) {
                    count.confirmed += point.len();
                } else {
                    count.not_finite += 1;
                }
            }
            Ok(report) => {
                count.confirmed += report.count(Verdict::Pass);
                count.undecided += report.count(Verdict::Inconclusive) + report.count(Verdict::KinkSuspected);
                if report.failed() {
                    count.fail(&format!("number {index} at {point:?}\n{report}"));
                }
            }
        }
    }
}

/// Whether a value is infinite, and the same a little beside the point, and all of the gradient zero: then no difference says more.
fn stays_infinite(
    value: f64,
    of: impl Fn(&[f64]) -> f64,
    companion: impl Fn(&[f64]) -> (f64, Vec<f64>),
    point: &[f64],
) -> bool {
    let beside = (0..point.len()).flat_map(|k| [-1e-3, 1e-3].map(|step| (k, step)));
    let stays = beside.into_iter().all(|(k, step)| {
        let mut beside = point.to_vec();
        beside[k] += step;
        of(&beside) == value
    });
    value.is_infinite() && stays && companion(point).1.iter().all(|partial| *partial == 0.0)
}

impl Count {
    fn fail(&mut self, what: &str) {
        self.failed += 1;
        if self.first_failure.is_empty() {
            self.first_failure = what.to_owned();
        }
    }
}

/// Points of small and of larger numbers, positive ones and ones of both signs; or those of the domain.
fn points(subject: &Subject<'_>) -> Vec<Vec<f64>> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut between = |lo: f64, hi: f64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        lo + (hi - lo) * (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    if subject.domain.is_empty() {
        let ranges = [(0.1, 0.9), (0.5, 3.0), (1.0, 20.0), (-1.0, 1.0), (-3.0, 3.0)];
        let points = ranges.iter().flat_map(|range| [range; 4]);
        return points.map(|&(lo, hi)| (0..subject.inputs).map(|_| between(lo, hi)).collect()).collect();
    }
    let bound = |text: &str| text.trim().parse::<f64>().expect("a number");
    let ranges = subject.domain.split(',').map(|range| range.split_once("..").expect("a range"));
    let ranges: Vec<(f64, f64)> = ranges.map(|(lo, hi)| (bound(lo), bound(hi))).collect();
    let last = ranges.len() - 1;
    let mut point = || (0..subject.inputs).map(|i| between(ranges[i.min(last)].0, ranges[i.min(last)].1)).collect();
    (0..12).map(|_| point()).collect()
}
