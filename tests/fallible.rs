//! Functions whose result is a `Result` or an `Option` of a float, and calls of them, against finite differences.
#![allow(clippy::pedantic, clippy::style, reason = "as users write them")]

use symgrad::check::Check;
use symgrad::differentiate;

#[derive(Debug, PartialEq)]
enum Failure {
    NotPositive(f64),
    TooMany,
    Missing,
}

#[differentiate(gradient, jvp, wrt(x))]
fn logarithms(x: f64, n: Option<usize>) -> Result<f64, Failure> {
    if x <= 0.0 {
        return Err(Failure::NotPositive(x));
    }
    let n = n.ok_or(Failure::Missing)?;
    let mut s = 0f64;
    for i in 0..n {
        if i > 10 {
            return Err(Failure::TooMany);
        }
        s += x.ln() * i as f64;
    }
    Ok(s * s)
}

#[differentiate(gradient, jvp)]
fn unwrapped(x: f64) -> f64 {
    logarithms(x * x, Some(3)).unwrap() * 2.0 + logarithms(x, Some(2)).expect("positive")
}

#[differentiate(gradient, jvp)]
fn passed_on(x: f64) -> Result<f64, Failure> {
    let y = logarithms(x, Some(3))?;
    match y > 1.0 {
        true => Ok(y * y),
        false => logarithms(y, Some(3)),
    }
}

#[differentiate(gradient, jvp, wrt(x))]
fn of_the_first(x: &[f64], scale: Option<f64>) -> Option<f64> {
    let scale = scale?;
    if x.is_empty() { None } else { Some(x[0] * scale * x[x.len() - 1]) }
}

type Checked<T> = std::result::Result<T, String>;

#[differentiate(gradient, jvp)]
fn with_an_alias(x: f64, y: f64) -> CheckedResult<f64> {
    if y == 0.0 {
        Err(format!("{x} over nothing"))
    } else {
        let q = x / y;
        Ok(q.sqrt())
    }
}
type CheckedResult<T> = Checked<T>;

#[differentiate(gradient, jvp)]
fn mapped(x: f64, y: f64) -> Result<f64, Failure> {
    logarithms(x, Some(3)).map(|l| l * y * x)
}

#[differentiate(gradient, jvp)]
fn one_after_the_other(x: f64, y: f64) -> Result<f64, Failure> {
    mapped(x, y).and_then(|l| mapped(y, l).map(|x| x * y))
}

#[differentiate(gradient, jvp)]
fn of_mapped_ones(x: f64, y: f64) -> f64 {
    let l = mapped(x, y).map(f64::sqrt).unwrap();
    let m = one_after_the_other(x, y).and_then(|v| if v > 1.0 { Ok(v * v) } else { mapped(v, x) }).unwrap();
    l * mapped(y, x)
        .map(|v| {
            let w = v * v;
            w + x
        })
        .map_err(|_| ())
        .expect("positive")
        + m
}

#[differentiate(gradient, jvp)]
fn another_failure(x: f64) -> Option<f64> {
    let l = logarithms(x, Some(3)).map_err(|failure| format!("{failure:?}")).ok()?;
    logarithms(l * l, Some(2)).ok()
}

fn agrees(f: impl Fn(&[f64]) -> f64, gradient: impl Fn(&[f64]) -> (f64, Vec<f64>), x: &[f64]) {
    let report = Check::new(f, gradient).at(x).expect("the point can be checked");
    assert!(report.verified() == x.len(), "{report}");
}

#[test]
fn a_result() {
    for x in [0.5, 2.0] {
        agrees(
            |x| logarithms(x[0], Some(4)).unwrap(),
            |x| {
                let (value, d) = logarithms_value_and_gradient(x[0], Some(4)).unwrap();
                assert_eq!(logarithms_gradient(x[0], Some(4)), Ok(d));
                assert_eq!(logarithms_jvp(x[0], Some(4), 1.0).unwrap().0.to_bits(), value.to_bits());
                (value, vec![d])
            },
            &[x],
        );
    }
    assert_eq!(logarithms_gradient(-1.0, Some(1)), Err(Failure::NotPositive(-1.0)));
    assert_eq!(logarithms_value_and_gradient(1.0, None), Err(Failure::Missing));
    assert_eq!(logarithms_jvp(1.0, Some(20), 1.0), Err(Failure::TooMany));
}

#[test]
fn calls() {
    agrees(|x| unwrapped(x[0]), |x| (unwrapped(x[0]), vec![unwrapped_gradient(x[0])]), &[1.7]);
    for x in [1.3, 2.5] {
        agrees(
            |x| passed_on(x[0]).unwrap(),
            |x| {
                let (value, tangent) = passed_on_jvp(x[0], 1.0).unwrap();
                let d = passed_on_gradient(x[0]).unwrap();
                assert!((d - tangent).abs() <= 1e-13 * d.abs());
                (value, vec![d])
            },
            &[x],
        );
    }
    assert_eq!(passed_on_gradient(-1.0), Err(Failure::NotPositive(-1.0)));
}

#[test]
fn an_option() {
    agrees(
        |x| of_the_first(x, Some(3.0)).unwrap(),
        |x| {
            let mut d = vec![7.0; x.len()];
            let value = of_the_first_value_and_gradient_into(x, Some(3.0), &mut d).unwrap();
            assert_eq!(of_the_first_gradient(x, Some(3.0)), Some(d.clone()));
            (value, d)
        },
        &[0.5, 1.0, 2.0],
    );
    assert_eq!(of_the_first_gradient(&[], Some(1.0)), None);
    assert_eq!(of_the_first_gradient(&[1.0], None), None);
}

#[test]
fn an_alias() {
    agrees(
        |x| with_an_alias(x[0], x[1]).unwrap(),
        |x| {
            let (value, d) = with_an_alias_value_and_gradient(x[0], x[1]).unwrap();
            (value, d.to_vec())
        },
        &[2.0, 3.0],
    );
    assert_eq!(with_an_alias_gradient(1.0, 0.0), Err("1 over nothing".into()));
}

#[test]
fn mapped_results() {
    for x in [[1.3, 2.5], [2.5, 3.1], [4.0, 1.2]] {
        agrees(
            |x| one_after_the_other(x[0], x[1]).unwrap(),
            |x| {
                let (value, d) = one_after_the_other_value_and_gradient(x[0], x[1]).unwrap();
                let (also, tangent) = one_after_the_other_jvp(x[0], x[1], 1.0, 0.0).unwrap();
                assert_eq!(value.to_bits(), also.to_bits());
                assert!((d[0] - tangent).abs() <= 1e-13 * tangent.abs());
                (value, d.to_vec())
            },
            &x,
        );
        agrees(
            |x| of_mapped_ones(x[0], x[1]),
            |x| {
                let (value, d) = of_mapped_ones_value_and_gradient(x[0], x[1]);
                let (_, tangent) = of_mapped_ones_jvp(x[0], x[1], 0.0, 1.0);
                assert!((d[1] - tangent).abs() <= 1e-12 * tangent.abs());
                (value, d.to_vec())
            },
            &x,
        );
    }
    agrees(
        |x| another_failure(x[0]).unwrap(),
        |x| {
            let (value, d) = another_failure_value_and_gradient(x[0]).unwrap();
            (value, vec![d])
        },
        &[1.7],
    );
    assert_eq!(one_after_the_other_gradient(-1.0, 2.0), Err(Failure::NotPositive(-1.0)));
    assert_eq!(another_failure_gradient(-1.0), None);
}

// `?` of numbers that may not be there.

#[differentiate(gradient, jvp, wrt(x))]
fn elements_that_may_be_missing(x: &[f64], k: usize) -> Option<f64> {
    let mut sum = 0.0;
    for i in 0..k {
        let a = x.get(i)? * 2.0;
        sum += a * x.get(i + 1)?;
        if sum > 1000.0 {
            return None;
        }
    }
    let (first, rest) = x.split_first()?;
    let largest = x.iter().copied().reduce(f64::max)?;
    let best = if k > 1 { Some(sum * largest) } else { None };
    Some(best? + first * rest.last()?)
}

#[differentiate(gradient, jvp, wrt(x))]
fn elements_or_errors(x: &[f64], k: usize, log: &std::cell::Cell<u32>) -> Result<f64, Failure> {
    let error = |failure| {
        log.set(log.get() + 1);
        failure
    };
    let a = x.get(k).ok_or(Failure::Missing)?;
    let b = x.get(k + 1).ok_or_else(|| error(Failure::TooMany))?;
    let c = (*a > 0.0).then_some(a * b).ok_or({
        log.set(log.get() + 10);
        Failure::NotPositive(0.0)
    })?;
    Ok(a * c.sin())
}

#[test]
fn what_may_be_missing() {
    let x = [0.5, 1.5, -2.0, 0.7];
    agrees(
        |x| elements_that_may_be_missing(x, 3).unwrap(),
        |x| {
            let (value, d) = elements_that_may_be_missing_value_and_gradient(x, 3).unwrap();
            let (also, tangent) = elements_that_may_be_missing_jvp(x, 3, &[1.0, 0.0, 0.0, 0.0]).unwrap();
            assert_eq!(value.to_bits(), also.to_bits());
            assert!((d[0] - tangent).abs() <= 1e-13 * tangent.abs());
            (value, d)
        },
        &x,
    );
    for (x, k) in [(&x[..], 4), (&x[..], 1), (&x[..1], 0), (&x[..0], 0), (&x[..3], 3)] {
        assert_eq!(elements_that_may_be_missing(x, k), None);
        assert_eq!(elements_that_may_be_missing_gradient(x, k), None);
        assert_eq!(elements_that_may_be_missing_jvp(x, k, x), None);
    }
}

#[test]
fn what_is_missing_is_an_error() {
    let log = std::cell::Cell::new(0);
    agrees(
        |x| elements_or_errors(x, 0, &log).unwrap(),
        |x| elements_or_errors_value_and_gradient(x, 0, &log).unwrap(),
        &[0.5, 1.5],
    );
    for (x, k) in [(&[0.5, 1.5][..], 2), (&[0.5, 1.5], 1), (&[-0.5, 1.5], 0), (&[0.5, 1.5], 0)] {
        log.set(0);
        let value = elements_or_errors(x, k, &log);
        let effects = log.replace(0);
        let gradient = elements_or_errors_value_and_gradient(x, k, &log);
        assert_eq!((gradient.map(|(value, _)| value), log.replace(0)), (value, effects));
    }
}
