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
#[path = "random_programs/choices.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod choices;
#[path = "random_programs/evaluate.rs"]
mod evaluate;
#[path = "random_programs/generate.rs"]
mod generate;
#[path = "random_programs/judge.rs"]
mod judge;
#[path = "random_programs/shrink.rs"]
mod shrink;

use check::Verdict;
use choices::Choices;
use generate::Family;
use judge::verdict;
use symgrad_engine::interpret::Interpreter;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Runs a family of programs.
fn family(name: &str, programs: u64, family: Family) {
    let programs = setting("SYMGRAD_RANDOM_PROGRAMS").unwrap_or(programs);
    let seed = setting("SYMGRAD_RANDOM_SEED").unwrap_or(1);
    let interpreter = Interpreter::default();
    let (mut run, mut rejected, mut skipped) = (0, Vec::new(), 0);
    for k in 0..programs {
        let seed_of_it = seed.wrapping_mul(0x1_0000_0001).wrapping_add(k) ^ name.len() as u64;
        let (program, inputs) = generate::program(&mut Choices::from_seed(seed_of_it), family);
        run += 1;
        match verdict(&interpreter, &program, &inputs) {
            None => skipped += 1,
            Some(Verdict::Fine) => {}
            Some(Verdict::Rejected(messages)) => rejected.push((messages, program.source())),
            Some(Verdict::Wrong(_)) => {
                let text = judge::smallest(&interpreter, program, &inputs);
                panic!("{name}, program {k}, seed {seed}\n{text}");
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
