//! Aliases of types, whose meaning a macro cannot see: `alias(R = f64)`. Input: a function, and what its aliases stand for.
//! Output: the same function, written with the types themselves. Companions are made of that, and say what was assumed, so that
//! a wrong meaning does not compile; the user's own function stays as it is.

use crate::lower::function::Function;
use crate::tokens::{is_punct, located, refilled};
use proc_macro2::{Ident, Spacing, TokenStream, TokenTree};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::{PathArguments, Type};

/// The function without aliases; as it is, if that is no function.
#[must_use]
pub fn resolved(function: &Function, aliases: &[(Ident, Type)]) -> Function {
    if aliases.is_empty() { function.clone() } else { function.map(|tokens| replaced(tokens, aliases)) }
}

/// What companions say first: that each alias is what it is taken for.
#[must_use]
pub fn checks(aliases: &[(Ident, Type)]) -> TokenStream {
    let one = |(name, ty): &(Ident, Type)| quote_spanned!(name.span()=> let _: fn(#name) -> #ty = |same| same;);
    aliases.iter().map(one).collect()
}

/// Names of types, but not those of fields, and not behind `path::`.
#[must_use]
pub fn replaced(tokens: TokenStream, aliases: &[(Ident, Type)]) -> TokenStream {
    let mut result: Vec<TokenTree> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                result.push(refilled(&group, replaced(group.stream(), aliases)).into());
            }
            TokenTree::Ident(name) => {
                let behind = ['.', '\''].iter().any(|&mark| is_punct(result.last(), mark)) || path_ends(&result);
                let Some((_, ty)) = aliases.iter().find(|(alias, _)| !behind && *alias == name) else {
                    result.push(name.into());
                    continue;
                };
                let begins = matches!(tokens.peek(), Some(TokenTree::Punct(p)) if p.as_char() == ':' && p.spacing() == Spacing::Joint);
                let ty = if begins { before_path(ty) } else { ty.to_token_stream() };
                result.extend(located(ty, name.span()));
            }
            token => result.push(token),
        }
    }
    result.into_iter().collect()
}

/// A type as it stands before `::`.
fn before_path(ty: &Type) -> TokenStream {
    let Type::Path(mut path) = ty.clone() else { return quote!(<#ty>) };
    for segment in &mut path.path.segments {
        if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
            arguments.colon2_token.get_or_insert_default();
        }
    }
    path.to_token_stream()
}

/// Whether tokens end with `::`.
fn path_ends(tokens: &[TokenTree]) -> bool {
    tokens.len() > 1 && tokens[tokens.len() - 2..].iter().all(|token| is_punct(Some(token), ':'))
}
