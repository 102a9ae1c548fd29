//! Input that a macro may be given and that nobody would write: it is answered, with an error or with code, on the small
//! stack of a thread, without a panic.

#[path = "../random_programs/choices.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod choices;
mod large;
mod strange;
#[path = "../tokens/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod tokens;

use choices::Choices;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use tokens::garbage::{self, in_function};

/// What a thread has, where the main one has four times as much.
const STACK: usize = 2 << 20;
/// Far above what any of these needs; a quadratic pass would be above it by far.
const PATIENCE: Duration = Duration::from_secs(60);

/// Expands in a thread of its own and returns the tokens as text. `tokens` are made there, and dropped.
fn expand(arguments: &'static str, tokens: impl FnOnce() -> TokenStream + Send + 'static) -> String {
    let start = Instant::now();
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let arguments = arguments.parse().expect("arguments that can be read");
        let output = symgrad_engine::expand(arguments, tokens());
        // To text without recursion: the output contains the input.
        flat(output)
    });
    let text = thread.expect("a thread").join().expect("no panic");
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    text
}

/// Expands source code.
fn source(code: impl Into<String>) -> String {
    let code = code.into();
    expand("gradient, jvp", move || code.parse().expect("tokens"))
}

/// The tokens as text, with no recursion.
fn flat(tokens: TokenStream) -> String {
    let mut text = String::new();
    let mut stack = vec![(tokens.into_iter(), "")];
    while let Some((iter, close)) = stack.last_mut() {
        match iter.next() {
            None => {
                text.push_str(close);
                stack.pop();
            }
            Some(TokenTree::Group(group)) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("( ", ") "),
                    Delimiter::Brace => ("{ ", "} "),
                    Delimiter::Bracket => ("[ ", "] "),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                stack.push((group.stream().into_iter(), close));
            }
            Some(token) => write!(text, "{token} ").expect("a string"),
        }
    }
    text
}

fn rejected(code: impl Into<String>) {
    let code = code.into();
    let start: String = code.chars().take(60).collect();
    assert!(source(code).contains("compile_error"), "{start}");
}

fn accepted(code: impl Into<String>) {
    let code = code.into();
    let start: String = code.chars().take(60).collect();
    let text = source(code);
    assert!(!text.contains("compile_error"), "{start}: {}", text.chars().rev().take(400).collect::<String>());
    assert!(text.contains("_value_and_gradient"), "{start}");
}

fn function(body: &str) -> String {
    format!("fn f(x: f64) -> f64 {{ {body} }}")
}

/// Random tokens, in a function and outside: a thousand of each, always the same ones.
#[test]
fn garbage() {
    let mut choices = Choices::from_seed(1);
    for round in 0..1_000 {
        let length = choices.below(60);
        // A stream of tokens cannot be sent to a thread; this one is short.
        let tokens = garbage::garbage(length, &mut choices);
        let arguments: TokenStream = if round % 2 == 0 { "jvp".parse().expect("tokens") } else { tokens.clone() };
        drop(symgrad_engine::expand(arguments.clone(), tokens.clone()));
        drop(symgrad_engine::expand(arguments, in_function(tokens)));
    }
}
