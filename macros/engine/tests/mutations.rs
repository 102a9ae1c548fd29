//! Functions that nobody meant to write: those of the corpus, with tokens left out, doubled, exchanged, or taken from
//! elsewhere. The engine answers each with an error or with code that parses, without a panic, on the stack of a thread,
//! soon. The fuzz target `functions` goes on from here, led by coverage.
//!
//! `SYMGRAD_MUTATIONS=100000` sets how many are tried, `SYMGRAD_MUTATION_SEED=7` from which seed.

#[path = "random_programs/choices.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod choices;
#[allow(dead_code, reason = "other tests use the rest")]
mod tokens;

use choices::Choices;
use proc_macro2::TokenStream;
use std::path::Path;
use tokens::mutate::{ARGUMENTS, mutated};
use tokens::{answer, corpus};

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn nothing_panics() {
    let items = corpus::items(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests"));
    let mut choices = Choices::from_seed(setting("SYMGRAD_MUTATION_SEED", 1));
    let mut faults = Vec::new();
    for _ in 0..setting("SYMGRAD_MUTATIONS", 2000) {
        let mut item = || -> TokenStream { items[choices.below(items.len())].parse().expect("an item of the corpus") };
        let (one, another) = (item(), item());
        let source = mutated(one, &another, &mut choices).to_string();
        let arguments = ARGUMENTS[choices.below(ARGUMENTS.len())];
        let text = source.clone();
        if let Some(fault) = answer::fault(move || Some((arguments.parse().ok()?, text.parse().ok()?))) {
            faults.push(format!("#[differentiate({arguments})] {source}\n    {fault}"));
        }
    }
    assert!(faults.is_empty(), "{} functions:\n{}", faults.len(), faults.join("\n"));
}
