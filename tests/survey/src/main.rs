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

use annotate::{Annotation, Message};
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
    // Some crates alone, to look at them: `--only linreg,hsluv`.
    let only = arguments.iter().position(|argument| argument == "--only").and_then(|at| arguments.get(at + 1));
    let wanted = |package: &str| only.is_none_or(|names| names.split(',').any(|name| name == package));
    let sources = Sources::find(&survey.join("Cargo.toml"), &wanted);
    let manifest =
        manifest.lines().filter(|line| line.starts_with('#') || wanted(line.split(' ').next().unwrap_or_default()));
    let mut functions = choice::choose(&manifest.collect::<Vec<_>>().join("\n"), &sources);
    // A panic of the engine is counted, and its text is of no use.
    std::panic::set_hook(Box::new(|_| {}));
    let mut found: Vec<(Annotation, Vec<Message>)> = Vec::new();
    while found.len() < functions.len() {
        let mut missing = Vec::new();
        for function in &functions[found.len()..] {
            let package = &sources.packages[&function.package];
            let (mut annotation, messages) = annotate::expand(function, &functions, package);
            let wrt = values.domain(&function.package, &function.name).wrt;
            if !wrt.is_empty() {
                annotation.wrt = wrt;
            }
            if messages.is_empty() {
                missing.extend(choice::missing(function, &annotation.calls, &functions, &sources));
            }
            found.push((annotation, messages));
        }
        for helper in missing {
            if !functions.iter().any(|function| function.is(&helper)) {
                functions.push(helper);
            }
        }
    }
    let expanded =
        functions.iter().zip(found).map(|(function, (annotation, messages))| (function, annotation, messages));
    let mut expanded: Vec<_> = expanded.collect();
    let mut callers = Vec::new();
    for (function, annotation, _) in &expanded {
        let structs = annotation.differentiates("self").then(|| annotation.derived().cloned().collect());
        callers.extend(structs.map(|structs| (*function, structs)));
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
            of_self: annotation.differentiates("self"),
            messages: messages.clone(),
            outcome: outcome.flatten(),
        }
    });
    let rows: Vec<Row<'_>> = rows.collect();
    let refused = Refused::read(&read("refused.txt"));
    println!("{}\n{}", report::details(&rows, &sources), report::tables(&rows, &refused));
    if has("--bless") && only.is_none() {
        let readme = read("README.md");
        let (head, rest) = readme.split_once(MARKS[0]).expect("where the tables begin");
        let (_, tail) = rest.split_once(MARKS[1]).expect("where the tables end");
        let readme = format!("{head}{}\n{}\n{}{tail}", MARKS[0], report::tables(&rows, &refused), MARKS[1]);
        std::fs::write(survey.join("README.md"), readme).expect("written");
        std::fs::write(survey.join("results.tsv"), report::list(&rows)).expect("written");
    }
    // What rustc rejects is known only where it was asked.
    if !has("--expand-only") && only.is_none() {
        refused.check(&rows);
    }
}
