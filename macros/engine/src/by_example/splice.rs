//! Expansions in the place of calls. Input: a function's tokens, and what a call of a macro expands to. Output: the tokens in
//! which each call of the same text is its expansion: as statements where a statement stands, else as one operand.

use super::LOCAL;
use crate::groups::{begins_block, ends_with_block, starts_statement};
use crate::tokens::{each, is_punct, refilled, regrouped};
use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, TokenStream, TokenTree};
use std::collections::{HashMap, HashSet};

/// A call of a macro.
pub(super) struct Call {
    pub(super) path: TokenStream,
    pub(super) input: TokenStream,
    pub(super) name: Ident,
}

impl Call {
    fn is(&self, other: &Self) -> bool {
        self.path.to_string() == other.path.to_string() && self.input.to_string() == other.input.to_string()
    }
}

/// Whether a call ends here: `name ! (…)`.
fn ends(tokens: &[TokenTree], at: usize, names: &HashSet<String>) -> Option<(Ident, Group)> {
    match tokens.get(at..at + 3)? {
        [TokenTree::Ident(name), TokenTree::Punct(p), TokenTree::Group(group)]
            if p.as_char() == '!' && names.contains(&name.to_string()) =>
        {
            Some((name.clone(), group.clone()))
        }
        _ => None,
    }
}

/// How many tokens at the end are the beginning of a path: `crate::`.
fn path_before(tokens: &[TokenTree]) -> usize {
    let colon = |at: usize| matches!(&tokens[at], TokenTree::Punct(p) if p.as_char() == ':');
    let mut start = tokens.len();
    while start >= 2 && colon(start - 1) && colon(start - 2) {
        start -= 2;
        if start >= 1 && matches!(&tokens[start - 1], TokenTree::Ident(_)) {
            start -= 1;
        }
    }
    tokens.len() - start
}

/// The first call of one of some macros.
pub(super) fn find(tokens: &TokenStream, names: &HashSet<String>) -> Option<Call> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        if let Some((name, group)) = ends(&tokens, at, names) {
            let start = at - path_before(&tokens[..at]);
            let path = tokens[start..=at].iter().cloned().collect();
            return Some(Call { path, input: group.stream(), name });
        }
        if let TokenTree::Group(group) = token
            && let Some(call) = find(&group.stream(), names)
        {
            return Some(call);
        }
    }
    None
}

/// The tokens with an expansion in the place of a call. `block`: they are statements.
pub(super) fn replaced(
    tokens: TokenStream,
    call: &Call,
    names: &HashSet<String>,
    body: &TokenStream,
    block: bool,
) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut out: Vec<TokenTree> = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if let Some((name, group)) = ends(&tokens, at, names) {
            let path = path_before(&out);
            let before = out.len() - path;
            let mut own: TokenStream = out[before..].iter().cloned().collect();
            own.extend([TokenTree::Ident(name.clone())]);
            if call.is(&Call { path: own, input: group.stream(), name }) {
                out.truncate(before);
                let next = tokens.get(at + 3);
                if block && is_statement(out.last(), &group, body, next) {
                    out.extend(body.clone());
                    // A call with braces is a statement of its own, whatever follows.
                    let ended = next.is_none() || is_punct(next, ';') || is_punct(out.last(), ';');
                    out.extend((!ended).then(|| TokenTree::from(Punct::new(';', Spacing::Alone))));
                } else if is_arm(&out, body, next) {
                    out.extend(body.clone());
                } else {
                    out.extend(operand(body, next));
                }
                at += 3;
                continue;
            }
        }
        match token {
            TokenTree::Group(group) => {
                let inside = replaced(group.stream(), call, names, body, group.delimiter() == Delimiter::Brace);
                out.push(refilled(group, inside).into());
            }
            token => out.push(token.clone()),
        }
        at += 1;
    }
    out.into_iter().collect()
}

/// Whether a call is a statement, or the end of a block that means the same as one.
fn is_statement(before: Option<&TokenTree>, input: &Group, body: &TokenStream, next: Option<&TokenTree>) -> bool {
    let braces = input.delimiter() == Delimiter::Brace;
    let ends = match next {
        // Without braces it is one expression, where a statement would end with its first block.
        None => braces || !goes_on_behind_block(body),
        Some(TokenTree::Punct(p)) if p.as_char() == ';' => true,
        Some(TokenTree::Punct(p)) => braces && !matches!(p.as_char(), '.' | '?' | '='),
        Some(_) => braces,
    };
    starts_statement(before) && ends
}

/// Whether a call is all that an arm of a `match` does, and can do it as it stands.
fn is_arm(before: &[TokenTree], body: &TokenStream, next: Option<&TokenTree>) -> bool {
    let arrow = before.len().checked_sub(2).is_some_and(|at| is_punct(before.get(at), '='));
    let ends = next.is_none() || is_punct(next, ',');
    let statements = each(body.clone()).any(|token| matches!(token, TokenTree::Punct(p) if p.as_char() == ';'));
    arrow && is_punct(before.last(), '>') && ends && !statements && !goes_on_behind_block(body)
}

/// Whether tokens begin with a block that is only a part of the expression that they are.
fn goes_on_behind_block(body: &TokenStream) -> bool {
    body.clone().into_iter().next().is_some_and(|first| begins_block(&first)) && !ends_with_block(body)
}

/// An expansion as an operand.
fn operand(body: &TokenStream, next: Option<&TokenTree>) -> TokenStream {
    let mut tokens: Vec<TokenTree> = body.clone().into_iter().collect();
    if matches!(tokens.last(), Some(TokenTree::Punct(p)) if p.as_char() == ';') {
        tokens.pop();
    }
    let ended = match next {
        None => true,
        Some(TokenTree::Punct(p)) => matches!(p.as_char(), ';' | ','),
        Some(_) => false,
    };
    let whole = match tokens.as_slice() {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Brace => ended,
        tokens => is_whole(tokens),
    };
    let tokens: TokenStream = tokens.into_iter().collect();
    if whole { tokens } else { TokenTree::Group(Group::new(Delimiter::Parenthesis, tokens)).into() }
}

/// Whether tokens need no parentheses: one, or a path.
fn is_whole(tokens: &[TokenTree]) -> bool {
    let of_path = |(at, token): (usize, &TokenTree)| match token {
        TokenTree::Ident(_) => at % 3 == 0,
        TokenTree::Punct(p) => at % 3 != 0 && p.as_char() == ':',
        _ => false,
    };
    tokens.len() == 1 || tokens.iter().enumerate().all(of_path)
}

/// Tokens in which what a macro matched as a whole (`$x:expr`) is one by parentheses.
pub(super) fn flattened(tokens: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let flat = |(at, token): (usize, &TokenTree)| -> TokenStream {
        let TokenTree::Group(group) = token else { return token.clone().into() };
        let inside = flattened(group.stream());
        let parts: Vec<TokenTree> = inside.clone().into_iter().collect();
        // A block is a statement of its own, unless something follows that it is an operand of.
        let block = matches!(parts.as_slice(), [TokenTree::Group(inner)] if inner.delimiter() == Delimiter::Brace);
        let operand =
            block && matches!(tokens.get(at + 1), Some(TokenTree::Punct(p)) if !matches!(p.as_char(), ';' | ','));
        let delimiter = match group.delimiter() {
            Delimiter::None if is_whole(&parts) && !operand => return inside,
            Delimiter::None => Delimiter::Parenthesis,
            delimiter => delimiter,
        };
        TokenTree::from(regrouped(group, delimiter, inside)).into()
    };
    tokens.iter().enumerate().map(flat).collect()
}

/// An expansion in which the variables of the macro have names that the function does not have.
pub(super) fn own_names(body: TokenStream, round: usize, item: &TokenStream) -> TokenStream {
    let mut taken = HashSet::new();
    for tokens in [item, &body] {
        taken.extend(each(tokens.clone()).filter_map(|token| match token {
            TokenTree::Ident(name) => Some(name.to_string()),
            _ => None,
        }));
    }
    renamed(body, round, &taken, &mut HashMap::new())
}

fn renamed(
    tokens: TokenStream,
    round: usize,
    taken: &HashSet<String>,
    names: &mut HashMap<String, String>,
) -> TokenStream {
    let rename = |token| match token {
        TokenTree::Group(group) => {
            let inside = renamed(group.stream(), round, taken, names);
            refilled(&group, inside).into()
        }
        TokenTree::Ident(name) => match name.to_string().strip_prefix(LOCAL) {
            Some(own) => {
                let free = || {
                    let mut candidates = (round..).map(|number| format!("{own}_{number}"));
                    candidates.find(|name| !taken.contains(name)).unwrap_or_default()
                };
                let new = names.entry(own.to_owned()).or_insert_with(free);
                TokenTree::Ident(Ident::new(new, name.span()))
            }
            None => TokenTree::Ident(name),
        },
        other => other,
    };
    tokens.into_iter().map(rename).collect()
}
