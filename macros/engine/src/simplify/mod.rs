//! Simplification under a strict law. Input: IR. Output: IR that computes the same values, cheaper.
//!
//! - [`construct`] rewrites an operation of *derivative code* as it is built: rows that are exact, or that change at most
//!   the sign of a zero. There is no `x*0 → 0`, `x/x → 1` or `√x² → x`: they are wrong for some `x`. A structural zero is
//!   not a multiplication by zero; it is never built.
//! - [`run`] merges identical pure operations, of value and derivative together, and drops what nothing reads. It never
//!   rewrites an operation of the primal.

mod dead;

use crate::ir::{End, Func, OpKind, Part, PlaceId, Region, Storage, Ty, Val, Width};
use crate::rules::{Prim, derivative as table};
use std::collections::{HashMap, HashSet};

/// What an operation became.
#[derive(Debug, Clone, PartialEq)]
pub enum Built {
    /// A value that is there already.
    Same(Val),
    /// A constant.
    Const(f64),
    /// This operation on values, or on the result of another one.
    Prim(Prim, Vec<Operand>),
}

/// An operand of a rewritten operation.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// A value.
    Val(Val),
    /// A constant.
    Const(f64),
    /// A nested operation.
    Nested(Prim, Vec<Operand>),
}

/// What is known of a value.
#[derive(Debug, Clone)]
pub enum Known {
    /// It is this number.
    Const(f64),
    /// It is this operation's result.
    Prim(Prim, Vec<Val>),
    /// It is this integer.
    Int(i32),
    /// Nothing.
    Nothing,
}

/// Rewrites `prim(args)`, in derivative code only.
#[must_use]
pub fn construct(prim: Prim, args: &[Val], width: &Width, known: &dyn Fn(Val) -> Known) -> Built {
    let val = |v: &Val| Operand::Val(*v);
    let plain = || Built::Prim(prim, args.iter().map(val).collect());
    let negated = |v: Val| match known(v) {
        Known::Prim(p, inner) if p == &table::NEG => Some(inner[0]),
        _ => None,
    };
    let number = |v: Val| match known(v) {
        Known::Const(c) => Some(c),
        _ => None,
    };
    if let Some(folded) = fold(prim, args, width, &number) {
        return Built::Const(folded);
    }
    let neg = |p: Prim, a: Vec<Operand>| Built::Prim(&table::NEG, vec![Operand::Nested(p, a)]);
    match (prim.name, args) {
        ("mul", &[a, b]) => match (number(a), number(b), negated(a), negated(b)) {
            (Some(1.0), ..) => Built::Same(b),
            (_, Some(1.0), ..) => Built::Same(a),
            (Some(-1.0), ..) => Built::Prim(&table::NEG, vec![val(&b)]),
            (_, Some(-1.0), ..) => Built::Prim(&table::NEG, vec![val(&a)]),
            (_, _, Some(a), Some(b)) => Built::Prim(prim, vec![val(&a), val(&b)]),
            (_, _, Some(a), None) => neg(prim, vec![val(&a), val(&b)]),
            (_, _, None, Some(b)) => neg(prim, vec![val(&a), val(&b)]),
            // a·(2x) → (2a)·x: where `a` comes from outside of a loop, 2a is computed once.
            _ => match known(b) {
                Known::Prim(p, inner) if p == &table::MUL && number(inner[0]) == Some(2.0) => {
                    Built::Prim(prim, vec![Operand::Nested(prim, vec![val(&inner[0]), val(&a)]), val(&inner[1])])
                }
                _ => plain(),
            },
        },
        ("div", &[a, b]) => match (number(b), negated(a), negated(b)) {
            (Some(1.0), ..) => Built::Same(a),
            (_, Some(a), Some(b)) => Built::Prim(prim, vec![val(&a), val(&b)]),
            (_, Some(a), None) => neg(prim, vec![val(&a), val(&b)]),
            (_, None, Some(b)) => neg(prim, vec![val(&a), val(&b)]),
            _ => plain(),
        },
        ("add", &[a, b]) => match (number(a), number(b), negated(a), negated(b)) {
            (Some(0.0), ..) => Built::Same(b),
            (_, Some(0.0), ..) => Built::Same(a),
            (_, _, _, Some(b)) => Built::Prim(&table::SUB, vec![val(&a), val(&b)]),
            (_, _, Some(a), None) => Built::Prim(&table::SUB, vec![val(&b), val(&a)]),
            _ => plain(),
        },
        ("sub", &[a, b]) => match (number(b), negated(b)) {
            (Some(0.0), _) => Built::Same(a),
            (_, Some(b)) => Built::Prim(&table::ADD, vec![val(&a), val(&b)]),
            _ if number(a) == Some(0.0) => Built::Prim(&table::NEG, vec![val(&b)]),
            _ => plain(),
        },
        ("neg", &[a]) => match known(a) {
            Known::Prim(p, inner) if p == &table::NEG => Built::Same(inner[0]),
            Known::Prim(p, inner) if p == &table::SUB => Built::Prim(&table::SUB, vec![val(&inner[1]), val(&inner[0])]),
            _ => plain(),
        },
        ("powi", &[x, n]) => match known(n) {
            Known::Int(1) => Built::Same(x),
            Known::Int(2) => Built::Prim(&table::MUL, vec![val(&x), val(&x)]),
            _ => plain(),
        },
        ("powi_d", &[x, n]) => match known(n) {
            Known::Int(0) => Built::Const(0.0),
            Known::Int(1) => Built::Const(1.0),
            Known::Int(2) => Built::Prim(&table::MUL, vec![Operand::Const(2.0), val(&x)]),
            Known::Int(3) => {
                let square = Operand::Nested(&table::MUL, vec![val(&x), val(&x)]);
                Built::Prim(&table::MUL, vec![Operand::Const(3.0), square])
            }
            _ => plain(),
        },
        _ => plain(),
    }
}

/// Folds constants in the function's own float type, through `+ - × ÷ √` and negation only.
fn fold(prim: Prim, args: &[Val], width: &Width, number: &dyn Fn(Val) -> Option<f64>) -> Option<f64> {
    if !matches!(prim.name, "add" | "sub" | "mul" | "div" | "sqrt" | "neg") {
        return None;
    }
    let args: Vec<f64> = args.iter().map(|&a| number(a)).collect::<Option<_>>()?;
    let value = match width {
        Width::F64 => (prim.eval)(&args),
        Width::F32 => fold32(prim.name, &args)?,
        Width::Generic(_) => fold_exactly(prim, &args)?,
    };
    value.is_finite().then_some(value)
}

/// Folds for any float type: what is exact in `f32` already.
fn fold_exactly(prim: Prim, args: &[f64]) -> Option<f64> {
    let exact = args.iter().all(|&a| f64::from(single(a)) == a);
    let value = (prim.eval)(args);
    (exact && fold32(prim.name, args)? == value).then_some(value)
}

#[allow(clippy::cast_possible_truncation, reason = "rounding is meant")]
fn single(value: f64) -> f32 {
    value as f32
}

fn fold32(name: &str, args: &[f64]) -> Option<f64> {
    let a = single(*args.first()?);
    let b = args.get(1).map_or(0.0, |&b| single(b));
    Some(f64::from(match name {
        "add" => a + b,
        "sub" => a - b,
        "mul" => a * b,
        "div" => a / b,
        "sqrt" => a.sqrt(),
        _ => -a,
    }))
}

/// Merges and drops, until nothing changes any more.
pub fn run(func: &mut Func) {
    merge(func);
    dead::drop_unread(func);
}

// Common subexpressions

#[derive(PartialEq, Eq, Hash, Clone)]
enum Key {
    Prim(&'static str, Vec<Val>),
    Const(u64),
    Load(Part),
    Code(String, Vec<Val>, Vec<Part>, u8),
}

/// Merges identical pure operations where one dominates the other.
pub fn merge(func: &mut Func) {
    let mut merger = Merger { known: HashMap::new(), rename: HashMap::new(), constant: HashSet::new() };
    let mut written = HashSet::new();
    crate::analysis::sums::each_op(&func.body, &mut |op| {
        op.kind.places_written(&mut |p| {
            written.insert(p);
        });
    });
    for index in 0..func.places.len() {
        let place = PlaceId(u32::try_from(index).unwrap_or(u32::MAX));
        if func.place_info(place).storage == Storage::Param && !written.contains(&place) {
            merger.constant.insert(place);
        }
    }
    let tys: Vec<Ty> = func.vals.iter().map(|v| v.ty).collect();
    merger.region(&mut func.body, &tys);
}

struct Merger {
    known: HashMap<Key, Val>,
    rename: HashMap<Val, Val>,
    constant: HashSet<PlaceId>,
}

impl Merger {
    fn key(&self, kind: &OpKind, ty: Ty) -> Option<Key> {
        Some(match kind {
            OpKind::Prim(prim, args) => {
                let mut args = args.clone();
                if matches!(prim.name, "add" | "mul") {
                    args.sort_unstable();
                }
                Key::Prim(prim.name, args)
            }
            OpKind::Const(value, _) => Key::Const(value.to_bits()),
            OpKind::Load(part) if self.constant.contains(&part.place) => Key::Load(part.clone()),
            // What it reads of arrays must be the same at both places.
            OpKind::Inactive(code)
                if code.pure
                    && code.expression
                    && code.pattern.is_none()
                    && code.places.iter().all(|(_, p)| self.constant.contains(&p.place)) =>
            {
                let reads = code.reads.iter().map(|(_, v)| *v).collect();
                let places = code.places.iter().map(|(_, p)| p.clone()).collect();
                Key::Code(code.tokens.to_string(), reads, places, ty as u8)
            }
            _ => return None,
        })
    }

    fn region(&mut self, region: &mut Region, tys: &[Ty]) {
        let mut added = Vec::new();
        let mut ops = std::mem::take(&mut region.ops);
        ops.retain_mut(|op| {
            let rename = &self.rename;
            op.kind.map_reads(&mut |v| rename.get(&v).copied().unwrap_or(v));
            if let &[result] = op.results.as_slice()
                && let Some(key) = self.key(&op.kind, tys[result.0 as usize])
            {
                if let Some(&earlier) = self.known.get(&key) {
                    self.rename.insert(result, earlier);
                    return false;
                }
                self.known.insert(key.clone(), result);
                added.push(key);
            }
            for inner in op.kind.regions_mut() {
                self.region(inner, tys);
            }
            true
        });
        region.ops = ops;
        let rename = &self.rename;
        match &mut region.end {
            End::Yield(vals) | End::Continue(vals) | End::Break(vals) => {
                for v in vals {
                    *v = rename.get(v).copied().unwrap_or(*v);
                }
            }
            End::Branch(cond, then, other) => {
                *cond = rename.get(cond).copied().unwrap_or(*cond);
                self.region(then, tys);
                self.region(other, tys);
            }
        }
        for key in added {
            self.known.remove(&key);
        }
    }
}
