//! What is refused before parsing: input on which a recursive parser or a later pass would run out of stack, and names
//! that hygiene makes ambiguous. Input: the function's tokens. Everything here is iterative.

use crate::diagnostics::{Errors, message};
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use std::collections::HashMap;

/// How deeply groups may be nested.
const DEPTH: usize = 96;
/// How many tokens may stand between two separators.
const RUN: usize = 2_000;
/// How many operators may follow each other.
const OPERATORS: usize = 32;
/// How many `else` may follow each other.
const ELSES: usize = 128;

/// Reports what is too deep or too long; `true` if the tokens may be parsed.
pub fn check(tokens: &TokenStream, errors: &mut Errors) -> bool {
    let mut stack = vec![(tokens.clone().into_iter(), Run::default())];
    let mut fine = true;
    while let Some((iter, run)) = stack.last_mut() {
        let Some(token) = iter.next() else {
            stack.pop();
            continue;
        };
        if let Some(text) = run.count(&token) {
            errors.push(token.span(), text);
            fine = false;
            break;
        }
        if let TokenTree::Group(group) = token {
            if stack.len() > DEPTH {
                errors.push(group.span_open(), message::too_deep());
                fine = false;
                break;
            }
            stack.push((group.stream().into_iter(), Run::default()));
        }
    }
    fine
}

#[derive(Default)]
struct Run {
    tokens: usize,
    operators: usize,
    elses: usize,
    references: usize,
    after_block: bool,
}

impl Run {
    fn count(&mut self, token: &TokenTree) -> Option<String> {
        // A block that no `else` and no operator follows ends a statement.
        let goes_on = matches!(token, TokenTree::Punct(_)) || matches!(token, TokenTree::Ident(i) if i == "else");
        if std::mem::take(&mut self.after_block) && !goes_on {
            *self = Run::default();
        }
        self.after_block = matches!(token, TokenTree::Group(g) if g.delimiter() == Delimiter::Brace);
        self.tokens += 1;
        let mut operator = false;
        match token {
            TokenTree::Punct(p) if matches!(p.as_char(), ';' | ',') => *self = Run::default(),
            TokenTree::Punct(_) => operator = true,
            TokenTree::Ident(i) if i == "else" => self.elses += 1,
            TokenTree::Group(g) if g.delimiter() == Delimiter::Brace => self.tokens = 0,
            _ => {}
        }
        self.operators = if operator { self.operators + 1 } else { 0 };
        let word = matches!(token, TokenTree::Ident(i) if i == "return" || i == "break" || i == "dyn" || i == "mut");
        self.references = if operator || word { self.references + 1 } else { 0 };
        if self.elses > ELSES || self.references > OPERATORS {
            return Some(message::too_deep());
        }
        (self.tokens > RUN).then(message::too_long)
    }
}

/// Names that occur in more than one hygiene context: `macro_rules!` can put two variables of one name side by side.
///
/// On stable Rust a span shows its context only in its `Debug` form; where that has no `#`, everything is one context.
pub fn ambiguous_names(tokens: &TokenStream) -> HashMap<String, Span> {
    let mut contexts: HashMap<String, String> = HashMap::new();
    let mut ambiguous = HashMap::new();
    let mut stack = vec![tokens.clone().into_iter()];
    while let Some(iter) = stack.last_mut() {
        match iter.next() {
            None => {
                stack.pop();
            }
            Some(TokenTree::Group(group)) => stack.push(group.stream().into_iter()),
            Some(TokenTree::Ident(ident)) => {
                let debug = format!("{:?}", ident.span());
                let context = debug.split_once(' ').map_or("", |(c, _)| c);
                let context = if context.starts_with('#') { context } else { "" };
                let known = contexts.entry(ident.to_string()).or_insert_with(|| context.to_string());
                if known != context {
                    ambiguous.insert(ident.to_string(), ident.span());
                }
            }
            Some(_) => {}
        }
    }
    ambiguous
}

/// The first `cfg` attribute among the tokens.
pub fn inner_cfg(tokens: &TokenStream) -> Option<Span> {
    let mut stack = vec![tokens.clone().into_iter()];
    let mut after_hash = false;
    while let Some(iter) = stack.last_mut() {
        match iter.next() {
            None => {
                stack.pop();
            }
            Some(TokenTree::Group(group)) => {
                if after_hash && group.delimiter() == Delimiter::Bracket {
                    let first = group.stream().into_iter().next();
                    if let Some(TokenTree::Ident(i)) = first
                        && (i == "cfg" || i == "cfg_attr")
                    {
                        return Some(i.span());
                    }
                }
                after_hash = false;
                stack.push(group.stream().into_iter());
            }
            Some(TokenTree::Punct(p)) => after_hash = p.as_char() == '#' || (after_hash && p.as_char() == '!'),
            Some(_) => after_hash = false,
        }
    }
    None
}
