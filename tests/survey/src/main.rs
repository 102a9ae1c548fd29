//! Functions of published crates, annotated as they stand, and counted. See `README.md`.
//!
//! ```text
//! manifest + sources → functions → expansion ─(accepted)→ annotated copies → rustc → checks → tables
//! ```

mod annotate;
mod check;
mod choice;
mod features;
mod namesake;
mod refused;
mod report;
mod returns;
mod scratch;
mod sources;
mod structs;
mod values;

use refused::Refused;
use report::Row;
use scratch::{Candidate, Outcome, Scratch};
use sources::Sources;
use std::path::Path;
use values::Values;

/// Between these lines of the README, the tables are.
const MARKS: [&str; 2] = ["<!-- begin: cargo run -- --bless -->\n", "<!-- end -->\n"];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let survey = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| std::fs::read_to_string(survey.join(name)).expect(name);
    let (manifest, values) = (read("manifest.txt"), Values::read(&read("values.txt")));
    let sources = Sources::find(&survey.join("Cargo.toml"));
    let functions = choice::choose(&manifest, &sources);
    // A panic of the engine is counted, and its text is of no use.
    std::panic::set_hook(Box::new(|_| {}));
    let expanded = functions.iter().map(|function| {
        let (mut annotation, messages) = annotate::expand(function, &functions, &sources.packages[&function.package]);
        let wrt = values.domain(&function.package, &function.name).wrt;
        if !wrt.is_empty() {
            annotation.wrt = wrt;
        }
        (function, annotation, messages)
    });
    let mut expanded: Vec<_> = expanded.collect();
    let mut callers = Vec::new();
    for (function, annotation, _) in &expanded {
        callers.extend(annotation.this.clone().map(|(structs, count)| (*function, structs, count)));
    }
    for (function, annotation, messages) in &mut expanded {
        if let Some(found) =
            annotate::with_receiver(function, annotation, &callers, &functions, &sources.packages[&function.package])
        {
            (*annotation, *messages) = found;
        }
    }
    drop(std::panic::take_hook());
    let accepted = expanded.iter().filter(|(_, _, messages)| messages.is_empty());
    let mut candidates: Vec<Candidate<'_>> = accepted
        .map(|(function, annotation, _)| {
            let subject = check::subject(function, annotation, &values);
            Candidate { function, annotation: annotation.clone(), subject, error: None }
        })
        .collect();
    let outcomes: Vec<Option<Outcome>> = if has("--expand-only") {
        candidates.iter().map(|_| None).collect()
    } else {
        Scratch::new(&sources, survey).run(&mut candidates).into_iter().map(Some).collect()
    };
    let mut outcomes = candidates.iter().zip(outcomes);
    let rows = expanded.iter().map(|(function, annotation, messages)| {
        let (candidate, outcome) = if messages.is_empty() { outcomes.next() } else { None }.unzip();
        Row {
            function,
            place: annotation.place,
            asked: candidate.is_some_and(|c: &Candidate<'_>| c.annotation.asked()),
            of_self: annotation.this.is_some(),
            messages: messages.clone(),
            outcome: outcome.flatten(),
        }
    });
    let rows: Vec<Row<'_>> = rows.collect();
    let refused = Refused::read(&read("refused.txt"));
    println!("{}\n{}", report::details(&rows, &sources), report::tables(&rows, &refused));
    // What rustc rejects is known only where it was asked.
    if !has("--expand-only") {
        refused.check(&rows);
    }
    if has("--bless") {
        let readme = read("README.md");
        let (head, rest) = readme.split_once(MARKS[0]).expect("where the tables begin");
        let (_, tail) = rest.split_once(MARKS[1]).expect("where the tables end");
        let readme = format!("{head}{}\n{}\n{}{tail}", MARKS[0], report::tables(&rows, &refused), MARKS[1]);
        std::fs::write(survey.join("README.md"), readme).expect("written");
        std::fs::write(survey.join("results.tsv"), report::list(&rows)).expect("written");
    }
}
