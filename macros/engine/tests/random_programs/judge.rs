//! A program, its inputs, and what the engine makes of both: right or wrong.

use crate::ast::{Kind, Program, Var};
use crate::check::{Expected, Verdict, check};
use crate::evaluate::{self, Input};
use crate::shrink::shrink;
use symgrad_engine::interpret::{Array, Datum, Interpreter};

fn arguments(program: &Program, inputs: &[Input]) -> Vec<Datum> {
    let pairs = inputs.iter().zip(&program.vars);
    let datum = |(input, var): (&Input, &Var)| match (input, &var.kind) {
        (Input::Float(x), _) => Datum::Float(*x),
        (Input::Int(n), _) => Datum::Int(i128::from(*n)),
        (Input::Bool(b), _) => Datum::Bool(*b),
        (Input::Array(data), Kind::Array(shape)) => Datum::Array(Array { shape: shape.clone(), data: data.clone() }),
        (Input::Array(_), _) => Datum::Unit,
    };
    pairs.map(datum).collect()
}

/// What the oracle says; nothing where there is nothing to compare.
fn expected(program: &Program, inputs: &[Input]) -> Option<Expected> {
    let dual = evaluate::run(program, inputs).ok()?;
    let n = inputs
        .iter()
        .map(|i| match i {
            Input::Float(_) => 1,
            Input::Array(data) => data.len(),
            _ => 0,
        })
        .sum();
    let (gradient, scale) = (dual.d[..n].to_vec(), dual.scale[..n].to_vec());
    Some(Expected { value: dual.v, gradient, scale, tolerance: 1e-11 })
}

/// What comes of it; nothing where there is nothing to compare.
pub fn verdict(interpreter: &Interpreter<'_>, program: &Program, inputs: &[Input]) -> Option<Verdict> {
    let expected = expected(program, inputs)?;
    Some(check(interpreter, &program.source(), &arguments(program, inputs), &expected))
}

/// The smallest program that is wrong as this one is, as text, with its arguments and what is wrong.
pub fn smallest(interpreter: &Interpreter<'_>, program: Program, inputs: &[Input]) -> String {
    let (program, text) = shrink(program, |smaller| match verdict(interpreter, smaller, inputs) {
        Some(Verdict::Wrong(text)) => Some(text),
        _ => None,
    });
    format!("{}\n{:?}\n\n{text}", program.source(), arguments(&program, inputs))
}
