//! The code of derived primitives, written for the function's float type. Of a type parameter there are no literals, casts
//! and associated constants; and its methods are called by path where the function itself does so, because it may have
//! others of the same names.

use super::Emitter;
use crate::rules::{Form, Prim};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;

impl Emitter<'_> {
    /// Whether a method of the float type is called by its path.
    pub(super) fn by_path(&self, prim: Prim) -> bool {
        self.qualified || matches!(prim.form, Form::Float(_))
    }

    /// The trait of the methods of floats.
    pub(super) fn float_trait(&self) -> TokenStream {
        let runtime = &self.runtime;
        quote!(#runtime::__private::Float)
    }

    /// `x0`, `x1`, … and `T` in the code of a primitive; its own variables are hygienic.
    pub(super) fn substitute_operands(&mut self, code: TokenStream, args: &[TokenStream]) -> TokenStream {
        let (float, runtime) = (self.float(), self.runtime.clone());
        let generic = self.is_generic();
        let mut result = TokenStream::new();
        let mut code = code.into_iter().peekable();
        while let Some(token) = code.next() {
            result.extend(match token {
                TokenTree::Ident(ident) => {
                    let text = ident.to_string();
                    let operand = text.strip_prefix('x').and_then(|k| k.parse::<usize>().ok());
                    match operand.and_then(|k| args.get(k)) {
                        Some(arg) if generic && code.next_if(|next| next.to_string() == "as").is_some() => {
                            code.next();
                            quote!(#runtime::__private::integer::<#float>(#arg))
                        }
                        Some(arg) => arg.clone(),
                        // `f64::EPSILON` may be of a module of the user's.
                        None if text == "T" && !generic && code.peek().is_some_and(|next| next.to_string() == ":") => {
                            quote!(<#float>)
                        }
                        None if text == "T" => quote!(#float),
                        None if text == "EPSILON" && generic => quote!(epsilon()),
                        None if text == "MAX" && generic => quote!(max_value()),
                        None if text == "MIN_POSITIVE" && generic => quote!(min_positive_value()),
                        None => {
                            let ident = Ident::new(&text, Span::mixed_site());
                            quote!(#ident)
                        }
                    }
                }
                TokenTree::Group(group) => {
                    let inner = self.substitute_operands(group.stream(), args);
                    TokenTree::Group(Group::new(group.delimiter(), inner)).into()
                }
                TokenTree::Literal(literal) if generic && literal.to_string().contains('.') => {
                    self.constant(literal.to_string().replace('_', "").parse().unwrap_or(f64::NAN))
                }
                other => other.into(),
            });
        }
        result
    }
}

/// `x.f(y)` as `of::f(x, y)`.
pub(super) fn by_path(code: TokenStream, of: &TokenStream) -> TokenStream {
    let mut result: Vec<TokenTree> = Vec::new();
    // Where the expression begins that a method may be called on.
    let mut start = 0;
    let mut code = code.into_iter().peekable();
    while let Some(token) = code.next() {
        let path = matches!(result.last(), Some(TokenTree::Punct(p)) if p.as_char() == ':');
        match (&token, code.peek()) {
            (TokenTree::Punct(dot), Some(TokenTree::Ident(_))) if dot.as_char() == '.' => {
                let receiver: TokenStream = result.drain(start..).collect();
                let name = code.next();
                let arguments = match code.next() {
                    Some(TokenTree::Group(group)) => by_path(group.stream(), of),
                    _ => TokenStream::new(),
                };
                let call = if arguments.is_empty() { receiver } else { quote!(#receiver, #arguments) };
                result.extend(quote!(#of::#name(#call)));
            }
            (TokenTree::Group(group), _) => {
                let called =
                    matches!(result.last(), Some(TokenTree::Ident(_))) && group.delimiter() == Delimiter::Parenthesis;
                if !called {
                    start = result.len();
                }
                result.push(Group::new(group.delimiter(), by_path(group.stream(), of)).into());
            }
            (TokenTree::Ident(_) | TokenTree::Literal(_), _) if !path => {
                start = result.len();
                result.push(token);
            }
            _ => result.push(token),
        }
    }
    result.into_iter().collect()
}
