//! Tokens in any order, as the item, as the body of a function, and as the attribute's arguments; also such that no text
//! has, as groups without delimiters.

#![no_main]

use libfuzzer_sys::fuzz_target;
use proc_macro2::TokenStream;
use symgrad_fuzz::choices::Choices;
use symgrad_fuzz::tokens::answer::fault;
use symgrad_fuzz::tokens::garbage::{garbage, in_function};
use symgrad_fuzz::tokens::mutate::ARGUMENTS;

/// The attribute's arguments, and what it stands on.
fn input(bytes: &[u8]) -> (TokenStream, TokenStream) {
    let mut choices = Choices::from_bytes(bytes.to_vec());
    let way = choices.below(8);
    let arguments = match choices.below(ARGUMENTS.len() + 4).checked_sub(4) {
        Some(k) => ARGUMENTS[k].parse().expect("arguments"),
        None => garbage(12, &mut choices),
    };
    // Each takes two bytes or three; what they do not suffice for is always the same.
    let tokens = garbage(bytes.len() / 2, &mut choices);
    (arguments, if way == 0 { tokens } else { in_function(tokens) })
}

fuzz_target!(|bytes: &[u8]| {
    let copy = bytes.to_vec();
    if let Some(fault) = fault(move || Some(input(&copy))) {
        let (arguments, tokens) = input(bytes);
        panic!("#[differentiate({arguments})] {tokens}\n    {fault}");
    }
});
