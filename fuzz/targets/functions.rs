//! Functions with tokens changed, beginning with those of the corpus. An input is text: the attribute's arguments in the
//! first line, behind `//`, and the item below.
//!
//! `SYMGRAD_FUZZ_SEEDS` is a directory into which the functions of the corpus are written, to begin with.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use proc_macro2::TokenStream;
use std::path::Path;
use std::sync::OnceLock;
use symgrad_fuzz::choices::Choices;
use symgrad_fuzz::tokens::answer::fault;
use symgrad_fuzz::tokens::corpus;
use symgrad_fuzz::tokens::mutate::{ARGUMENTS, mutated};

fn items() -> &'static [String] {
    static ITEMS: OnceLock<Vec<String>> = OnceLock::new();
    ITEMS.get_or_init(|| corpus::items(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests")))
}

fn written(arguments: &str, item: &str) -> String {
    format!("// {arguments}\n{item}\n")
}

/// The arguments and the item, where both are tokens.
fn read(text: &str) -> Option<(TokenStream, TokenStream)> {
    let (arguments, item) = text.strip_prefix("//")?.split_once('\n')?;
    Some((arguments.parse().ok()?, item.parse().ok()?))
}

/// Writes the functions of the corpus, each with other arguments.
fn seeds() {
    let Some(directory) = std::env::var_os("SYMGRAD_FUZZ_SEEDS") else { return };
    for (k, item) in items().iter().enumerate() {
        let path = Path::new(&directory).join(format!("{k}.rs"));
        std::fs::write(path, written(ARGUMENTS[k % ARGUMENTS.len()], item)).expect("seeds can be written");
    }
}

/// The same with a few changes, or a function of the corpus where there is nothing to change.
fn changed(text: &str, choices: &mut Choices) -> String {
    let items = items();
    let mut another = || items[choices.below(items.len())].as_str();
    let Some((arguments, item)) = read(text) else { return written(ARGUMENTS[0], another()) };
    let another: TokenStream = another().parse().expect("an item of the corpus");
    if choices.below(8) == 0 {
        written(ARGUMENTS[choices.below(ARGUMENTS.len())], &item.to_string())
    } else {
        written(&arguments.to_string(), &mutated(item, &another, choices).to_string())
    }
}

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let text = String::from_utf8_lossy(&data[..size]);
    let text = changed(&text, &mut Choices::from_seed(u64::from(seed)));
    if text.len() > max_size {
        return size;
    }
    data[..text.len()].copy_from_slice(text.as_bytes());
    text.len()
});

fuzz_target!(init: seeds(), |bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let copy = text.clone();
    if let Some(fault) = fault(move || read(&copy)) {
        panic!("{text}\n    {fault}");
    }
});
