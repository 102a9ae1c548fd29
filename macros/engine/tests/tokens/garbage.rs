//! Tokens in any order.

use super::mutate::{delimiter, literal, sign, word};
use crate::choices::Choices;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// So many tokens, or groups of them, at most.
pub fn garbage(length: usize, choices: &mut Choices) -> TokenStream {
    let mut stack = vec![TokenStream::new()];
    for _ in 0..length {
        let token = match choices.below(10) {
            0..=3 => word(choices),
            4..=6 => sign(choices),
            7 => literal(choices),
            8 => {
                stack.push(TokenStream::new());
                continue;
            }
            _ if stack.len() > 1 => Group::new(delimiter(choices), stack.pop().unwrap_or_default()).into(),
            _ => continue,
        };
        stack.last_mut().expect("the outermost").extend([token]);
    }
    while stack.len() > 1 {
        let inner = stack.pop().unwrap_or_default();
        stack.last_mut().expect("the outermost").extend([TokenTree::from(Group::new(Delimiter::Brace, inner))]);
    }
    stack.pop().unwrap_or_default()
}

/// The same as the body of a function.
pub fn in_function(body: TokenStream) -> TokenStream {
    let mut tokens: TokenStream = "fn f(x: f64) -> f64".parse().expect("tokens");
    tokens.extend([TokenTree::from(Group::new(Delimiter::Brace, body))]);
    tokens
}
