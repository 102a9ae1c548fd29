//! A function with tokens left out, doubled, exchanged, or taken from elsewhere.

use crate::choices::Choices;
use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// What is put in the place of something else.
pub const WORDS: &[&str] = &[
    "x", "y", "self", "Self", "f64", "usize", "mut", "ref", "return", "break", "continue", "loop", "while", "for",
    "in", "if", "else", "match", "let", "move", "fn", "const", "static", "impl", "dyn", "as", "unsafe", "async",
    "await", "_", "sin", "exp", "sum", "iter", "map", "push", "len", "clone", "unwrap", "Some", "None", "Ok", "Err",
    "Vec", "vec", "collect", "fold", "zip", "'a", "r#type", "println", "assert", "crate", "super", "true",
];
pub const SIGNS: &[char] =
    &['+', '-', '*', '/', '%', '&', '|', '!', '=', '<', '>', '.', ',', ';', ':', '?', '#', '@', '$', '~', '^'];

/// What is asked for.
pub const ARGUMENTS: &[&str] = &[
    "",
    "gradient, jvp",
    "jvp",
    "wrt(x)",
    "wrt(self)",
    "gradient, jvp, wrt(x)",
    "vjp, jacobian",
    "hvp, hessian",
    "gradient, hessian, wrt(x)",
    "jacobian, hvp, wrt(y)",
    "derivatives(4), wrt(x)",
    "objective = Name, hessian",
    "custom = rule, jvp",
    "companions = Name, constant, hvp",
];

/// A few changes to a function; what is put in comes from it, from another one, or from the lists here.
pub fn mutated(tokens: TokenStream, another: &TokenStream, choices: &mut Choices) -> TokenStream {
    let mut others = Vec::new();
    all(&tokens, &mut others);
    all(another, &mut others);
    let mut tokens = tokens;
    for _ in 0..=choices.below(4) {
        let mut list = Vec::new();
        all(&tokens, &mut list);
        let mut at = choices.below(list.len());
        tokens = changed(tokens, &mut at, choices, &others);
    }
    tokens
}

/// All tokens, groups and what is in them.
fn all(tokens: &TokenStream, list: &mut Vec<TokenTree>) {
    for token in tokens.clone() {
        if let TokenTree::Group(group) = &token {
            all(&group.stream(), list);
        }
        list.push(token);
    }
}

/// The tokens with a change at one place, counted over all groups.
fn changed(tokens: TokenStream, at: &mut usize, choices: &mut Choices, others: &[TokenTree]) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut k = 0;
    while k < tokens.len() {
        if *at == 0 {
            *at = usize::MAX;
            match choices.below(6) {
                0 => drop(tokens.remove(k)),
                1 => tokens.insert(k, tokens[k].clone()),
                2 if k > 0 => tokens.swap(k - 1, k),
                3 => tokens.insert(k, any(choices, others)),
                4 => {
                    let len = tokens.len();
                    tokens.swap(k, choices.below(len));
                }
                _ => tokens[k] = any(choices, others),
            }
            break;
        }
        *at -= 1;
        if let TokenTree::Group(group) = &tokens[k] {
            let inner = changed(group.stream(), at, choices, others);
            let mut group_with_it = Group::new(group.delimiter(), inner);
            group_with_it.set_span(group.span());
            tokens[k] = group_with_it.into();
        }
        if *at == usize::MAX {
            break;
        }
        k += 1;
    }
    tokens.into_iter().collect()
}

/// A token, or a group of a few.
fn any(choices: &mut Choices, others: &[TokenTree]) -> TokenTree {
    match choices.below(6) {
        0 => sign(choices),
        1 => literal(choices),
        2 => {
            let delimiter = delimiter(choices);
            let inner: TokenStream = (0..choices.below(3)).map(|_| any(choices, others)).collect();
            Group::new(delimiter, inner).into()
        }
        3 | 4 if !others.is_empty() => others[choices.below(others.len())].clone(),
        _ => word(choices),
    }
}

pub fn sign(choices: &mut Choices) -> TokenTree {
    let spacing = if choices.below(2) == 0 { Spacing::Joint } else { Spacing::Alone };
    Punct::new(SIGNS[choices.below(SIGNS.len())], spacing).into()
}

pub fn word(choices: &mut Choices) -> TokenTree {
    match WORDS[choices.below(WORDS.len())] {
        "'a" => TokenTree::Punct(Punct::new('\'', Spacing::Joint)),
        "r#type" => Ident::new_raw("type", Span::call_site()).into(),
        word => Ident::new(word, Span::call_site()).into(),
    }
}

pub fn literal(choices: &mut Choices) -> TokenTree {
    let literal = match choices.below(6) {
        0 => Literal::f64_unsuffixed(1.5),
        1 => Literal::usize_unsuffixed(choices.below(5)),
        2 => Literal::string("{x} {y"),
        3 => Literal::f32_suffixed(0.5),
        4 => Literal::u64_suffixed(u64::MAX),
        _ => Literal::character('x'),
    };
    literal.into()
}

pub fn delimiter(choices: &mut Choices) -> Delimiter {
    [Delimiter::Parenthesis, Delimiter::Brace, Delimiter::Bracket, Delimiter::None][choices.below(4)]
}
