//! A definition. Input: the tokens of a `macro_rules!`. Output: the same with a rule in front of its own for each of them, which
//! hands the expansion on, and in which the variables that the macro declares are marked.
//!
//! What is marked is what stands where patterns stand: behind `let`, between `for` and `in`, before `=>`, between the bars of a
//! closure; and labels. That is more than patterns bind (a constant in lower case), and then the expansion does not compile:
//! never is it another variable.

use super::{HAND_ON, LOCAL};
use crate::tokens::{is_punct, is_word, refilled};
use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};
use quote::quote;
use std::collections::HashSet;

/// The parts of a `macro_rules!`: what is before its rules, its rules, and what is behind.
pub(crate) struct Definition {
    before: Vec<TokenTree>,
    rules: Group,
    after: Vec<TokenTree>,
}

/// Whether an item is a `macro_rules!`.
pub(crate) fn definition(item: &TokenStream) -> Option<Definition> {
    let tokens: Vec<TokenTree> = item.clone().into_iter().collect();
    let at = tokens.windows(3).position(|three| {
        matches!(three, [TokenTree::Ident(keyword), TokenTree::Punct(p), TokenTree::Ident(_)]
            if keyword == "macro_rules" && p.as_char() == '!')
    })?;
    // Before it, there are attributes only: a function may define a macro inside.
    let attribute =
        |pair: &[TokenTree]| matches!(pair, [TokenTree::Punct(p), TokenTree::Group(_)] if p.as_char() == '#');
    if !tokens[..at].chunks(2).all(attribute) {
        return None;
    }
    let Some(TokenTree::Group(rules)) = tokens.get(at + 3) else { return None };
    Some(Definition { before: tokens[..at + 3].to_vec(), rules: rules.clone(), after: tokens[at + 4..].to_vec() })
}

/// The definition with the rules that hand on.
pub(crate) fn handing_on(definition: &Definition) -> TokenStream {
    let Definition { before, rules, after } = definition;
    let mut second = TokenStream::new();
    let tokens: Vec<TokenTree> = rules.stream().into_iter().collect();
    for rule in tokens.split(|token| matches!(token, TokenTree::Punct(p) if p.as_char() == ';')) {
        // `pattern => body`
        let [TokenTree::Group(pattern), _, _, TokenTree::Group(body)] = rule else { continue };
        let marker = Ident::new(HAND_ON, pattern.span_open());
        let mut names = HashSet::new();
        declared(body.stream(), &mut names);
        let (pattern, body) = (pattern.stream(), marked(body.stream(), false, &names));
        second.extend(quote! {
            (#marker { $($__symgrad_callback:tt)* } { $($__symgrad_state:tt)* } #pattern) => {
                $($__symgrad_callback)*! { $($__symgrad_state)* { #body } }
            };
        });
    }
    second.extend(rules.stream());
    let group = refilled(rules, second);
    quote!(#(#before)* #group #(#after)*)
}

/// The names that a macro declares, and its labels with a quote in front.
fn declared(tokens: TokenStream, names: &mut HashSet<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        match token {
            TokenTree::Group(group) => declared(group.stream(), names),
            TokenTree::Ident(keyword) if keyword == "let" => {
                let end = |token: &TokenTree| matches!(token, TokenTree::Punct(p) if matches!(p.as_char(), '=' | ';'));
                let length = tokens[at + 1..].iter().position(end).unwrap_or(tokens.len() - at - 1);
                bound(&tokens[at + 1..at + 1 + length], false, names);
            }
            TokenTree::Ident(keyword) if keyword == "for" => {
                let end = tokens[at + 1..].iter().position(|token| is_word(Some(token), "in"));
                bound(&tokens[at + 1..at + 1 + end.unwrap_or(0)], false, names);
            }
            // `pattern =>`
            TokenTree::Punct(p) if p.as_char() == '=' && is_punct(tokens.get(at + 1), '>') => {
                let separates = |token: &TokenTree| {
                    is_punct(Some(token), ',')
                        || matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
                };
                let start = tokens[..at].iter().rposition(separates).map_or(0, |comma| comma + 1);
                bound(&tokens[start..at], false, names);
            }
            // `|pattern|`, where an operand begins
            TokenTree::Punct(p) if p.as_char() == '|' && begins_operand(before) => {
                let end = tokens[at + 1..].iter().position(|token| is_punct(Some(token), '|'));
                bound(&tokens[at + 1..at + 1 + end.unwrap_or(0)], false, names);
            }
            // `'label:`
            TokenTree::Punct(p) if p.as_char() == '\'' && p.spacing() == Spacing::Joint => {
                if let (Some(TokenTree::Ident(label)), true) = (tokens.get(at + 1), is_punct(tokens.get(at + 2), ':')) {
                    names.insert(format!("'{label}"));
                }
            }
            _ => {}
        }
    }
}

/// Whether an operand begins behind a token.
fn begins_operand(before: Option<&TokenTree>) -> bool {
    match before {
        None => true,
        Some(TokenTree::Punct(p)) => !matches!(p.as_char(), '?' | '\'' | '|'),
        Some(TokenTree::Ident(word)) => {
            matches!(word.to_string().as_str(), "move" | "return" | "in" | "else" | "break")
        }
        Some(_) => false,
    }
}

/// Words that no variable has for a name.
const KEYWORDS: &[&str] =
    &["mut", "ref", "self", "if", "let", "true", "false", "match", "as", "move", "box", "_", "crate"];

/// A name without the `r#` that it may as well do without.
fn plain(name: &Ident) -> String {
    let text = name.to_string();
    match text.strip_prefix("r#") {
        Some(word) if syn::parse_str::<Ident>(word).is_ok() => word.to_owned(),
        _ => text,
    }
}

/// The names in a pattern: words in lower case that are no paths, no calls, no types, and not the user's.
fn bound(pattern: &[TokenTree], fields: bool, names: &mut HashSet<String>) {
    let single = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| pattern.get(at));
        is_punct(pattern.get(at), ':') && !is_punct(pattern.get(at + 1), ':') && !is_punct(before, ':')
    };
    let mut typed = false;
    for (at, token) in pattern.iter().enumerate() {
        typed = (typed || single(at) && !fields) && !is_punct(Some(token), ',');
        match token {
            TokenTree::Group(group) if !typed => {
                let inside: Vec<TokenTree> = group.stream().into_iter().collect();
                bound(&inside, group.delimiter() == Delimiter::Brace, names);
            }
            TokenTree::Ident(name) if !typed => {
                let text = plain(name);
                let (before, after) = (at.checked_sub(1).and_then(|at| pattern.get(at)), pattern.get(at + 1));
                let path = is_punct(before, ':') && !single(at - 1)
                    || is_punct(after, ':') && !single(at + 1)
                    || is_punct(before, '\'')
                    || is_punct(after, '!');
                let other = is_punct(before, '$') || fields && single(at + 1);
                let called = matches!(after, Some(TokenTree::Group(_)));
                let lower = text.starts_with(|c: char| c.is_lowercase() || c == '_');
                if lower && !(path || other || called || KEYWORDS.contains(&&*text)) {
                    names.insert(text);
                }
            }
            _ => {}
        }
    }
}

/// The same tokens with these names marked.
fn marked(tokens: TokenStream, braces: bool, names: &HashSet<String>) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mark = |(at, token): (usize, &TokenTree)| match token {
        TokenTree::Group(group) => {
            let inside = marked(group.stream(), group.delimiter() == Delimiter::Brace, names);
            refilled(group, inside).into()
        }
        TokenTree::Ident(name) => {
            let (before, after) = (at.checked_sub(1).and_then(|at| tokens.get(at)), tokens.get(at + 1));
            let text = plain(name);
            let label = is_punct(before, '\'');
            // `x.name`, and not `0..name`
            let field = is_punct(before, '.') && !is_punct(at.checked_sub(2).and_then(|at| tokens.get(at)), '.');
            let path = is_punct(after, ':') && is_punct(tokens.get(at + 2), ':') || is_punct(after, '!');
            // `Point { x: … }`
            let member = braces
                && before.is_none_or(|before| is_punct(Some(before), ','))
                && is_punct(after, ':')
                && !is_punct(tokens.get(at + 2), ':');
            let known = names.contains(&if label { format!("'{text}") } else { text.clone() });
            if known && !field && !path && !member && !is_punct(before, '$') {
                let word = text.strip_prefix("r#").unwrap_or(&text);
                TokenTree::Ident(Ident::new(&format!("{LOCAL}{word}"), name.span()))
            } else {
                token.clone()
            }
        }
        other => other.clone(),
    };
    tokens.iter().enumerate().map(mark).collect()
}
