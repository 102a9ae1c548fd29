//! Variables that are an `Option` of a number.

use crate::corpus::dual::Dual;
use symgrad_oracle::case;

#[case((&[0.5, -1.5, 2.0, 1.0]), (&[3.0]), (&[]), once)]
fn the_best_by_match(x: &[f64]) -> f64 {
    let mut best = None;
    for &v in x {
        best = Some(match best {
            None => v * v,
            Some(b) => {
                if v > b {
                    v
                } else {
                    b * 0.5
                }
            }
        });
    }
    best.unwrap_or(0.5)
}

#[case((&[0.5, -1.5, 2.0, 1.0]), (&[3.0]), once)]
fn the_best_by_methods(x: &[f64]) -> f64 {
    let mut best: Option<f64> = None;
    let mut least: Option<f64> = None;
    for &v in x {
        best = Some(best.map_or(v, |b| b.max(v)));
        if least.is_none() || v < least.unwrap() {
            least = Some(v);
        }
    }
    best.unwrap() * least.unwrap() + best.unwrap().sin()
}

#[case((&[0.5, -1.5, 2.0, 1.0]), (&[3.0]), (&[]), once)]
fn the_best_by_patterns(x: &[f64]) -> f64 {
    let mut best = None;
    for &v in x {
        if let Some(b) = best {
            if v > b {
                best = Some(v * b);
            }
        } else {
            best = Some(v);
        }
    }
    if let Some(b) = best { b * b } else { 0.25 }
}

#[case((&[0.5, -1.5, 2.0, 1.0]), (&[3.0]), (&[]), once)]
fn the_best_with_guards(x: &[f64]) -> f64 {
    let mut best: Option<f64> = None;
    for &v in x {
        match best {
            Some(b) if b >= v => {}
            _ => best = Some(v),
        }
    }
    let mut other = None;
    for &v in x {
        if other.map_or(true, |b| v > b) {
            other = Some(v * v);
        }
    }
    best.unwrap_or(1.0) * other.unwrap_or(2.0)
}

#[case((&[0.5, -1.5, 2.0, 1.0]), (&[3.0]), once)]
fn steps_from_the_previous(x: &[f64]) -> f64 {
    let mut previous = None;
    let mut sum = 0.0;
    for &v in x {
        if let Some(p) = previous {
            sum += (v - p) * (v - p);
        }
        previous = Some(v);
    }
    match previous {
        Some(last) if last > 0.0 => sum + last,
        Some(last) => sum * last,
        None => sum,
    }
}

#[case((&[0.5, -1.5, 2.0, 1.0], 0.7), once)]
fn forgotten_again(x: &[f64], w: f64) -> f64 {
    let mut kept: Option<f64> = None;
    let mut sum = 0.0;
    for (i, &v) in x.iter().enumerate() {
        kept = match kept {
            Some(k) if i % 2 == 1 => {
                sum += k * v;
                None
            }
            _ => Some(v * w),
        };
    }
    sum + kept.unwrap_or(w)
}

#[case((0.7, true), (-1.3, false), (-0.2, true))]
fn made_at_once(x: f64, on: bool) -> f64 {
    let a = if on { Some(x * x) } else { None };
    let b = on.then(|| x.exp());
    let c = (x > 0.0).then_some(x * 3.0);
    let d = Some(x);
    let e = a.map(|v| v + 1.0);
    let f = on.then_some(x * x).unwrap_or(x);
    a.unwrap_or(x) * b.unwrap_or(2.0) + c.unwrap_or_default() * d.unwrap() + e.map_or(0.5, |v| v * v) + f
}

#[case((&[0.5, -1.5, 2.0, 1.0], 0.7), (&[], 0.3))]
fn of_chains(x: &[f64], y: f64) -> f64 {
    let greatest = x.iter().copied().reduce(f64::max);
    let mut first = x.first().copied();
    if first.is_none() {
        first = Some(y);
    }
    let found = x.iter().find(|v| **v > 1.5).copied();
    greatest.unwrap_or(y) * first.unwrap() + found.map_or(y * y, |v| v * y)
}

#[case((0.7, Some(2.0)), (1.3, None), dual = of_data_and_numbers_dual)]
fn of_data_and_numbers(x: f64, given: Option<f64>) -> f64 {
    let mut w: Option<f64> = given;
    if w.is_none() {
        w = Some(x * 2.0);
    }
    let flag = if x > 1.0 { Some(x > 1.2) } else { None };
    let k = if flag == Some(true) { 2.0 } else { 3.0 };
    w.unwrap() * x * k
}

fn of_data_and_numbers_dual(x: Dual, given: Option<f64>) -> Dual {
    let k = if x.value() > 1.2 { 2.0 } else { 3.0 };
    given.map_or(x * 2.0, Dual::constant) * x * k
}

#[case((&[0.5, -1.5, 2.0, 1.0, 3.0]), (&[3.0]))]
fn pairs_that_are_taken(x: &[f64]) -> f64 {
    let mut waiting: Option<f64> = None;
    let mut sum = 0.5;
    for &v in x {
        if let Some(w) = waiting.take() {
            sum += w * v;
        } else {
            waiting = Some(v * v);
        }
    }
    sum * waiting.take().unwrap_or(2.0) + waiting.unwrap_or(x[0])
}

#[case((0.7), (-1.3))]
fn shown_and_compared(x: f64) -> f64 {
    let mut best: Option<f64> = None;
    if x > 0.0 {
        best = Some(x * x);
    }
    let copy = best;
    assert!(best == copy, "{best:?} is {:?}", copy);
    let none = best == None;
    if best.is_some_and(|b| b > 0.1) && !none { x * best.unwrap() } else { x + copy.unwrap_or(1.0) }
}

#[case((&[0.5, 1.5, -2.0, 1.0]))]
fn mapped_with_then(x: &[f64]) -> f64 {
    x.iter().filter_map(|&v| (v > 0.0).then(|| v.ln())).sum::<f64>()
        + x.iter().map_while(|&v| (v > 0.0).then_some(v * v)).sum::<f64>()
}

/// Chains that ask whether a number is there that is followed.
#[case((&[0.5, 1.3, 0.7]), (&[1.5, 0.3, 1.7]), (&[0.4, 0.9]))]
fn chains_of_what_may_not_be_there(x: &[f64]) -> f64 {
    let mut s = x[0];
    let mut v = x.to_vec();
    while let Some(a) = v.pop() {
        if let Some(b) = v.last()
            && *b < a
        {
            s += a * b;
        }
        if v.len() > 1
            && let Some(&b) = v.first()
            && let Some(c) = v.last()
            && b < *c
        {
            s *= b;
            if s > 4.0 {
                break;
            }
        }
    }
    if let Some(b) = x.get(2)
        && *b > 0.0
        && s < 3.0
    {
        return b * s;
    }
    s
}

/// The least of some numbers, and where it is.
#[case((&[0.5, 1.5, 0.95, 0.2]), (&[1.0]), (&[]), once)]
fn nearest(x: &[f64]) -> f64 {
    let mut best: Option<(f64, usize)> = None;
    for (i, v) in x.iter().enumerate() {
        let d = (v - 0.9) * (v - 0.9);
        if best.map_or(true, |(b, _)| d < b) {
            best = Some((d, i));
        }
    }
    match best {
        Some((d, i)) => d.sin() * x[i],
        None => 0.0,
    }
}

#[case((&[0.5, 1.5, 0.95, 0.2]), (&[1.0, -2.0, 0.3]), once)]
fn least_and_where(x: &[f64]) -> f64 {
    let mut least: Option<(f64, usize)> = None;
    for i in 0..x.len() {
        let d = x[i] * x[0];
        match least {
            Some((b, _)) if b <= d => {}
            _ => least = Some((d, i)),
        }
    }
    let mut greatest: Option<(f64, usize)> = None;
    for (i, &v) in x.iter().enumerate() {
        if let Some((g, _)) = greatest {
            if v > g {
                greatest = Some((v, i));
            }
        } else {
            greatest = Some((v, i));
        }
        if i == 7 {
            greatest = None;
        }
    }
    let (d, i) = least.unwrap();
    if let Some((g, j)) = greatest { d * x[i] * g + x[j] } else { d }
}
