//! What Rust's own literals, operators, casts, methods and functions do with data.

use super::{Array, Datum, text};
use crate::rules::{derivative as table, library};
use syn::{BinOp, Lit};

#[allow(clippy::cast_precision_loss, reason = "exponents are small")]
pub(super) fn integer(n: i128) -> f64 {
    n as f64
}

pub(super) fn literal(lit: &Lit) -> Result<Datum, String> {
    match lit {
        Lit::Int(lit) if matches!(lit.suffix(), "f64" | "f32") => lit.base10_parse().map(Datum::Float).map_err(text),
        Lit::Int(lit) => lit.base10_parse().map(Datum::Int).map_err(text),
        Lit::Float(lit) => lit.base10_parse().map(Datum::Float).map_err(text),
        Lit::Bool(lit) => Ok(Datum::Bool(lit.value)),
        _ => Ok(Datum::Unit),
    }
}

pub(super) fn constant(path: &str) -> Result<Datum, String> {
    use std::f64::consts as c;
    let (owner, name) = path.rsplit_once("::").unwrap_or(("", path));
    let value = match (owner.rsplit("::").next().unwrap_or_default(), name) {
        ("consts", "PI") => c::PI,
        ("consts", "E") => c::E,
        ("consts", "TAU") => c::TAU,
        ("consts", "LN_2") => c::LN_2,
        ("consts", "SQRT_2") => c::SQRT_2,
        ("f64", "EPSILON") => f64::EPSILON,
        ("f64", "MAX") => f64::MAX,
        ("f64", "MIN") => f64::MIN,
        ("f64", "INFINITY") => f64::INFINITY,
        ("f64", "NEG_INFINITY") => f64::NEG_INFINITY,
        ("usize", "MAX") => return Ok(Datum::Int(i128::from(u64::MAX))),
        _ => return Err(format!("`{path}` is not known")),
    };
    Ok(Datum::Float(value))
}

/// The operator of a compound assignment.
pub(super) fn plain(op: &BinOp) -> Result<BinOp, String> {
    Ok(match op {
        BinOp::AddAssign(_) => BinOp::Add(syn::token::Plus::default()),
        BinOp::SubAssign(_) => BinOp::Sub(syn::token::Minus::default()),
        BinOp::MulAssign(_) => BinOp::Mul(syn::token::Star::default()),
        BinOp::DivAssign(_) => BinOp::Div(syn::token::Slash::default()),
        BinOp::RemAssign(_) => BinOp::Rem(syn::token::Percent::default()),
        BinOp::BitXorAssign(_) => BinOp::BitXor(syn::token::Caret::default()),
        BinOp::BitAndAssign(_) => BinOp::BitAnd(syn::token::And::default()),
        BinOp::BitOrAssign(_) => BinOp::BitOr(syn::token::Or::default()),
        _ => return Err("an operator that is not known".into()),
    })
}

pub(super) fn binary(op: &BinOp, left: Datum, right: Datum) -> Result<Datum, String> {
    Ok(match (left, right) {
        (Datum::Float(a), Datum::Float(b)) => match op {
            BinOp::Add(_) => Datum::Float(a + b),
            BinOp::Sub(_) => Datum::Float(a - b),
            BinOp::Mul(_) => Datum::Float(a * b),
            BinOp::Div(_) => Datum::Float(a / b),
            BinOp::Rem(_) => Datum::Float(a % b),
            op => Datum::Bool(compare(op, a.partial_cmp(&b))?),
        },
        (Datum::Int(a), Datum::Int(b)) => {
            let number = match op {
                BinOp::Add(_) => a.checked_add(b),
                BinOp::Sub(_) => a.checked_sub(b),
                BinOp::Mul(_) => a.checked_mul(b),
                BinOp::Div(_) => a.checked_div(b),
                BinOp::Rem(_) => a.checked_rem(b),
                BinOp::BitXor(_) => Some(a ^ b),
                BinOp::BitAnd(_) => Some(a & b),
                BinOp::BitOr(_) => Some(a | b),
                op => return compare(op, Some(a.cmp(&b))).map(Datum::Bool),
            };
            Datum::Int(number.ok_or("an integer overflows")?)
        }
        (Datum::Bool(a), Datum::Bool(b)) => Datum::Bool(match op {
            BinOp::And(_) | BinOp::BitAnd(_) => a && b,
            BinOp::Or(_) | BinOp::BitOr(_) => a || b,
            BinOp::BitXor(_) => a != b,
            op => compare(op, Some(a.cmp(&b)))?,
        }),
        (a, b) => return Err(format!("an operator between {a:?} and {b:?}")),
    })
}

fn compare(op: &BinOp, ordering: Option<std::cmp::Ordering>) -> Result<bool, String> {
    Ok(match op {
        BinOp::Lt(_) => ordering.is_some_and(std::cmp::Ordering::is_lt),
        BinOp::Le(_) => ordering.is_some_and(std::cmp::Ordering::is_le),
        BinOp::Gt(_) => ordering.is_some_and(std::cmp::Ordering::is_gt),
        BinOp::Ge(_) => ordering.is_some_and(std::cmp::Ordering::is_ge),
        BinOp::Eq(_) => ordering.is_some_and(std::cmp::Ordering::is_eq),
        BinOp::Ne(_) => !ordering.is_some_and(std::cmp::Ordering::is_eq),
        _ => return Err("an operator that is not known".into()),
    })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "this is what `as` does")]
pub(super) fn cast(datum: &Datum, ty: &str) -> Result<Datum, String> {
    let int = |i: i128| {
        Some(match ty {
            "usize" | "u64" => i128::from(i as u64),
            "isize" | "i64" => i128::from(i as i64),
            "u32" => i128::from(i as u32),
            "i32" => i128::from(i as i32),
            "u8" => i128::from(i as u8),
            "u128" | "i128" => i,
            _ => return None,
        })
    };
    Ok(match (datum, ty) {
        (Datum::Int(i), "f64") => Datum::Float(integer(*i)),
        (Datum::Float(x), "f64") => Datum::Float(*x),
        (Datum::Bool(b), "bool") => Datum::Bool(*b),
        (Datum::Int(i), _) => Datum::Int(int(*i).ok_or_else(|| format!("a cast to `{ty}`"))?),
        (Datum::Bool(b), _) => Datum::Int(int(i128::from(*b)).ok_or_else(|| format!("a cast to `{ty}`"))?),
        (Datum::Float(x), "usize" | "u64") => Datum::Int(i128::from(*x as u64)),
        (Datum::Float(x), "isize" | "i64") => Datum::Int(i128::from(*x as i64)),
        (Datum::Float(x), "i32") => Datum::Int(i128::from(*x as i32)),
        (Datum::Float(x), "u32") => Datum::Int(i128::from(*x as u32)),
        (datum, _) => return Err(format!("a cast of {datum:?} to `{ty}`")),
    })
}

pub(super) fn at(base: &Datum, index: usize) -> Result<Datum, String> {
    let missing = || format!("index {index} is out of bounds");
    match base {
        Datum::List(list) => list.get(index).cloned().ok_or_else(missing),
        Datum::Array(array) => {
            let (&first, rest) = array.shape.split_first().ok_or_else(missing)?;
            if index >= first {
                return Err(missing());
            }
            let len = array.data.len() / first;
            let data = array.data[index * len..(index + 1) * len].to_vec();
            Ok(if rest.is_empty() { Datum::Float(data[0]) } else { Datum::Array(Array { shape: rest.to_vec(), data }) })
        }
        other => Err(format!("{other:?} has no elements")),
    }
}

/// The elements from `lo` on, or from `lo` to `hi`.
pub(super) fn part(base: &Datum, lo: usize, hi: Option<usize>) -> Result<Datum, String> {
    let missing = || format!("{lo}..{hi:?} is out of bounds");
    match base {
        Datum::List(list) => list.get(lo..hi.unwrap_or(list.len())).map(|part| Datum::List(part.to_vec())),
        Datum::Array(array) => {
            let (&first, rest) = array.shape.split_first().ok_or_else(missing)?;
            let (hi, row) = (hi.unwrap_or(first), rest.iter().product::<usize>());
            let shape = std::iter::once(hi.saturating_sub(lo)).chain(rest.iter().copied()).collect();
            array.data.get(lo * row..hi * row).map(|data| Datum::Array(Array { shape, data: data.to_vec() }))
        }
        _ => None,
    }
    .ok_or_else(missing)
}

pub(super) fn method(name: &str, data: &[Datum]) -> Result<Datum, String> {
    let wrong = || format!("`{name}` on {data:?}");
    Ok(match (name, data) {
        ("clone" | "copied" | "cloned" | "iter" | "into_iter" | "to_owned", [datum]) => datum.clone(),
        ("len", [Datum::List(list)]) => Datum::Int(list.len() as i128),
        ("len", [Datum::Array(array)]) => Datum::Int(array.shape[0] as i128),
        ("is_empty", [Datum::List(list)]) => Datum::Bool(list.is_empty()),
        ("is_empty", [Datum::Array(array)]) => Datum::Bool(array.shape[0] == 0),
        ("rev", [Datum::List(list)]) => Datum::List(list.iter().rev().cloned().collect()),
        ("step_by", [Datum::List(list), Datum::Int(n)]) => {
            let n = usize::try_from(*n).ok().filter(|&n| n > 0).ok_or_else(wrong)?;
            Datum::List(list.iter().step_by(n).cloned().collect())
        }
        ("skip", [Datum::List(list), n]) => Datum::List(list.iter().skip(n.index()?).cloned().collect()),
        ("take", [Datum::List(list), n]) => Datum::List(list.iter().take(n.index()?).cloned().collect()),
        ("enumerate", [Datum::List(list)]) => {
            let pair = |(i, d): (usize, &Datum)| Datum::List(vec![Datum::Int(i as i128), d.clone()]);
            Datum::List(list.iter().enumerate().map(pair).collect())
        }
        ("zip", [Datum::List(a), Datum::List(b)]) => {
            let pair = |(a, b): (&Datum, &Datum)| Datum::List(vec![a.clone(), b.clone()]);
            Datum::List(a.iter().zip(b).map(pair).collect())
        }
        ("sum", [Datum::List(list)]) => Datum::Float(list.iter().map(Datum::float).sum::<Result<f64, _>>()?),
        ("is_nan", [Datum::Float(x)]) => Datum::Bool(x.is_nan()),
        ("is_finite", [Datum::Float(x)]) => Datum::Bool(x.is_finite()),
        ("is_sign_negative", [Datum::Float(x)]) => Datum::Bool(x.is_sign_negative()),
        (_, [Datum::Int(_), ..]) => integer_method(name, data)?,
        (_, [Datum::Float(_), ..]) => {
            let prim = table::method(name).ok_or_else(wrong)?;
            let args = data
                .iter()
                .map(|d| match d {
                    Datum::Int(n) if name == "powi" => Ok(integer(*n)),
                    d => d.float(),
                })
                .collect::<Result<Vec<_>, _>>()?;
            if args.len() != prim.arity {
                return Err(wrong());
            }
            Datum::Float((prim.eval)(&args))
        }
        _ => return Err(wrong()),
    })
}

/// As for `usize`, where it matters.
pub(super) fn integer_method(name: &str, data: &[Datum]) -> Result<Datum, String> {
    let ints = data.iter().map(Datum::int).collect::<Result<Vec<_>, _>>()?;
    let wrap = |i: i128| i.rem_euclid(1 << 64);
    let number = match (name, ints.as_slice()) {
        ("min", &[a, b]) => Some(a.min(b)),
        ("max", &[a, b]) => Some(a.max(b)),
        ("abs", &[a]) => Some(a.abs()),
        ("abs_diff", &[a, b]) => Some((a - b).abs()),
        ("pow", &[a, b]) => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
        ("rem_euclid", &[a, b]) => a.checked_rem_euclid(b),
        ("div_euclid", &[a, b]) => a.checked_div_euclid(b),
        ("div_ceil", &[a, b]) => (b > 0).then(|| (a + b - 1) / b),
        ("saturating_sub", &[a, b]) => Some((a - b).max(0)),
        ("saturating_add", &[a, b]) => Some(a + b),
        ("wrapping_add", &[a, b]) => Some(wrap(a + b)),
        ("wrapping_sub", &[a, b]) => Some(wrap(a - b)),
        ("wrapping_mul", &[a, b]) => a.checked_mul(b).map(wrap),
        ("is_multiple_of", &[a, b]) => return Ok(Datum::Bool(b != 0 && a % b == 0)),
        _ => None,
    };
    number.map(Datum::Int).ok_or_else(|| format!("`{name}` on {data:?}"))
}

pub(super) fn function(path: &str, data: &[Datum]) -> Result<Datum, String> {
    match (path.trim_start_matches("std::").trim_start_matches("core::"), data) {
        ("cmp::Ord::min" | "cmp::min" | "usize::min", [Datum::Int(a), Datum::Int(b)]) => Ok(Datum::Int(*a.min(b))),
        ("cmp::Ord::max" | "cmp::max" | "usize::max", [Datum::Int(a), Datum::Int(b)]) => Ok(Datum::Int(*a.max(b))),
        ("f64::from", [Datum::Int(i)]) => Ok(Datum::Float(integer(*i))),
        ("usize::from" | "i32::from" | "u64::from", [Datum::Int(i)]) => Ok(Datum::Int(*i)),
        ("usize::from" | "i32::from" | "u64::from", [Datum::Bool(b)]) => Ok(Datum::Int(i128::from(*b))),
        ("iter::empty", []) => Ok(Datum::List(Vec::new())),
        ("symgrad::stop_gradient" | "stop_gradient", [datum]) => Ok(datum.clone()),
        (short, data) => match (short.strip_prefix("f64::"), library::path(path)) {
            (Some(name), _) => method(name, data),
            (_, Some(prim)) if prim.arity == data.len() => {
                let args = data.iter().map(Datum::float).collect::<Result<Vec<_>, _>>()?;
                Ok(Datum::Float((prim.eval)(&args)))
            }
            _ => Err(format!("`{path}` is not known")),
        },
    }
}
