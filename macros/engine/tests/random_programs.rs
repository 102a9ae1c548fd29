//! Random programs through the whole engine: lowering, reverse mode with every strategy, forward mode and
//! simplification are interpreted, and compared with an evaluator of the same programs on dual numbers that shares no
//! code with the engine.
//!
//! `SYMGRAD_RANDOM_PROGRAMS=100000` sets how many programs each test runs, `SYMGRAD_RANDOM_SEED=7` the seed from which
//! they are made. A failure is made smaller before it is shown, with the seed that reproduces it.

#[path = "random_programs/ast.rs"]
mod ast;
#[path = "random_programs/check.rs"]
mod check;
#[path = "random_programs/evaluate.rs"]
mod evaluate;
#[path = "random_programs/generate.rs"]
mod generate;
#[path = "random_programs/shrink.rs"]
mod shrink;

use ast::{Kind, Program};
use check::{Expected, Verdict, check};
use evaluate::Input;
use generate::{Family, Rng};
use symgrad_engine::interpret::{Array, Datum, Interpreter};

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn arguments(program: &Program, inputs: &[Input]) -> Vec<Datum> {
    let pairs = inputs.iter().zip(&program.vars);
    let datum = |(input, var): (&Input, &ast::Var)| match (input, &var.kind) {
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

fn verdict(interpreter: &Interpreter<'_>, program: &Program, inputs: &[Input]) -> Option<Verdict> {
    let expected = expected(program, inputs)?;
    Some(check(interpreter, &program.source(), &arguments(program, inputs), &expected))
}

/// Runs a family of programs.
fn family(name: &str, programs: u64, family: Family) {
    let programs = setting("SYMGRAD_RANDOM_PROGRAMS").unwrap_or(programs);
    let seed = setting("SYMGRAD_RANDOM_SEED").unwrap_or(1);
    let interpreter = Interpreter::default();
    let (mut run, mut rejected, mut skipped) = (0, Vec::new(), 0);
    for k in 0..programs {
        let mut rng = Rng(seed.wrapping_mul(0x1_0000_0001).wrapping_add(k) ^ name.len() as u64);
        let (program, inputs) = generate::program(&mut rng, family);
        run += 1;
        match verdict(&interpreter, &program, &inputs) {
            None => skipped += 1,
            Some(Verdict::Fine) => {}
            Some(Verdict::Rejected(messages)) => rejected.push((messages, program.source())),
            Some(Verdict::Wrong(_)) => {
                let (program, text) =
                    shrink::shrink(program, |smaller| match verdict(&interpreter, smaller, &inputs) {
                        Some(Verdict::Wrong(text)) => Some(text),
                        _ => None,
                    });
                let args = arguments(&program, &inputs);
                panic!("{name}, program {k}, seed {seed}\n{}\n{args:?}\n\n{text}", program.source());
            }
        }
    }
    println!("{name}: {run} programs, {skipped} skipped, {} rejected", rejected.len());
    if setting("SYMGRAD_RANDOM_SHOW_REJECTED").is_some() {
        rejected.iter().for_each(|(messages, source)| println!("{messages}\n{source}"));
    }
    let shown: Vec<String> = rejected.iter().take(3).map(|(m, s)| format!("{m}\n{s}")).collect();
    assert!(rejected.len() * 10 <= run, "{} of {run} are rejected:\n{}", rejected.len(), shown.join("\n"));
    assert!(skipped * 4 <= run, "{skipped} of {run} programs say nothing");
}

#[test]
fn straight_lines() {
    family("straight lines", 1000, Family { lets: 6, assign: 5, size: 8, control_values: 0, ..Family::default() });
}

#[test]
fn values_of_branches() {
    let f =
        Family { lets: 5, assign: 5, ints: 2, block: 2, control_values: 90, size: 6, depth: 2, ..Family::default() };
    family("values of branches", 900, f);
}

#[test]
fn branches() {
    let f = Family {
        lets: 3,
        assign: 6,
        branch: 6,
        ints: 2,
        late: 2,
        block: 1,
        control_values: 20,
        size: 6,
        depth: 3,
        ..Family::default()
    };
    family("branches", 1000, f);
}

#[test]
fn early_returns() {
    let f = Family {
        lets: 3,
        assign: 5,
        branch: 3,
        exit: 6,
        ints: 1,
        late: 1,
        block: 2,
        size: 7,
        depth: 3,
        ..Family::default()
    };
    family("early returns", 1000, f);
}

#[test]
fn loops_of_sums() {
    let f = Family {
        lets: 3,
        assign: 8,
        branch: 2,
        range: 6,
        each: 5,
        ints: 2,
        sums: 85,
        size: 6,
        depth: 3,
        ..Family::default()
    };
    family("loops of sums", 1000, f);
}

#[test]
fn loops_that_carry() {
    let f = Family {
        lets: 3,
        assign: 8,
        branch: 2,
        range: 5,
        each: 3,
        whiles: 3,
        ints: 2,
        sums: 20,
        size: 6,
        depth: 3,
        ..Family::default()
    };
    family("loops that carry", 1000, f);
}

#[test]
fn exits_from_loops() {
    let f = Family {
        lets: 2,
        assign: 7,
        branch: 2,
        exit: 7,
        range: 5,
        each: 3,
        whiles: 4,
        ints: 2,
        late: 1,
        block: 1,
        sums: 40,
        size: 7,
        depth: 4,
        ..Family::default()
    };
    family("exits from loops", 1300, f);
}

#[test]
fn arrays() {
    let f = Family {
        lets: 2,
        assign: 4,
        branch: 2,
        range: 4,
        each: 4,
        array: 10,
        ints: 2,
        sums: 40,
        size: 7,
        depth: 3,
        ..Family::default()
    };
    family("arrays", 1300, f);
}

#[test]
fn arrays_of_arrays() {
    let f = Family {
        lets: 2,
        assign: 3,
        branch: 1,
        range: 3,
        each: 3,
        array: 9,
        nested: 1,
        ints: 2,
        sums: 40,
        size: 6,
        depth: 3,
        ..Family::default()
    };
    family("arrays of arrays", 700, f);
}

#[test]
fn everything() {
    let f = Family {
        lets: 3,
        assign: 6,
        branch: 3,
        exit: 4,
        range: 4,
        each: 3,
        whiles: 2,
        array: 6,
        nested: 1,
        ints: 3,
        late: 1,
        block: 2,
        control_values: 30,
        sums: 30,
        size: 10,
        depth: 4,
    };
    family("everything", 900, f);
}
