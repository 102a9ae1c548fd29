//! The attribute's arguments. Input: the tokens between its parentheses. Output: [`Options`].

use crate::diagnostics::{Errors, message};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{LitStr, Path, Token, parenthesized};

/// What the user asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// `f_gradient`, `f_value_and_gradient`, …
    pub gradient: bool,
    /// `f_jvp`
    pub jvp: bool,
    /// The names in `wrt(…)`, if it was given.
    pub wrt: Option<Vec<Ident>>,
    /// Another name for `f_gradient`.
    pub gradient_name: Option<Ident>,
    /// Another name for `f_value_and_gradient`.
    pub value_and_gradient_name: Option<Ident>,
    /// Another name for `f_jvp`.
    pub jvp_name: Option<Ident>,
    /// The runtime crate.
    pub runtime: TokenStream,
}

/// The kinds of later versions.
const LATER: &[&str] = &[
    "jacobian",
    "hessian",
    "vjp",
    "hvp",
    "derivatives",
    "sparse_jacobian",
    "sparse_hessian",
    "custom",
    "objective",
    "verify",
];

enum Argument {
    Kind(Ident),
    List(Ident, Vec<Ident>),
    Name(Ident, LitStr),
    Path(Ident, Path),
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.call(Ident::parse_any)?;
        if input.peek(syn::token::Paren) {
            let content;
            parenthesized!(content in input);
            if name == "wrt" {
                let names = Punctuated::<Ident, Token![,]>::parse_terminated(&content)?;
                return Ok(Argument::List(name, names.into_iter().collect()));
            }
            let _: TokenStream = content.parse()?;
            return Ok(Argument::Kind(name));
        }
        if input.parse::<Option<Token![=]>>()?.is_some() {
            if input.peek(LitStr) {
                return Ok(Argument::Name(name, input.parse()?));
            }
            return Ok(Argument::Path(name, input.call(Path::parse_mod_style)?));
        }
        Ok(Argument::Kind(name))
    }
}

impl Options {
    /// Reads the arguments; what is wrong is reported and left out.
    pub fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut options = Options {
            gradient: false,
            jvp: false,
            wrt: None,
            gradient_name: None,
            value_and_gradient_name: None,
            jvp_name: None,
            runtime: quote!(::symgrad),
        };
        match Punctuated::<Argument, Token![,]>::parse_terminated.parse2(tokens) {
            Ok(arguments) => {
                let mut seen = Vec::new();
                for argument in arguments {
                    options.take(argument, &mut seen, errors);
                }
            }
            Err(error) => errors.push(error.span(), error.to_string()),
        }
        options.gradient |= !options.jvp;
        options
    }

    fn take(&mut self, argument: Argument, seen: &mut Vec<String>, errors: &mut Errors) {
        let (Argument::Kind(name) | Argument::List(name, _) | Argument::Name(name, _) | Argument::Path(name, _)) =
            &argument;
        let name = name.clone();
        if seen.contains(&name.to_string()) {
            errors.push(name.span(), message::option_twice(&name));
            return;
        }
        seen.push(name.to_string());
        match (name.to_string().as_str(), argument) {
            ("gradient", Argument::Kind(_)) => self.gradient = true,
            ("jvp", Argument::Kind(_)) => self.jvp = true,
            ("wrt", Argument::List(_, names)) => {
                if names.is_empty() {
                    errors.push(name.span(), message::wrt_empty());
                } else {
                    self.wrt = Some(names);
                }
            }
            ("wrt", _) => errors.push(name.span(), message::wrt_empty()),
            ("gradient", Argument::Name(_, new)) => {
                self.gradient = true;
                self.gradient_name = rename(&new, errors);
            }
            ("value_and_gradient", Argument::Name(_, new)) => {
                self.gradient = true;
                self.value_and_gradient_name = rename(&new, errors);
            }
            ("jvp", Argument::Name(_, new)) => {
                self.jvp = true;
                self.jvp_name = rename(&new, errors);
            }
            ("crate", Argument::Path(_, path)) => self.runtime = quote!(#path),
            (other, _) if LATER.contains(&other) => errors.push(name.span(), message::kind_not_yet(&name)),
            _ => errors.push(name.span(), message::unknown_option(&name)),
        }
    }
}

fn rename(new: &LitStr, errors: &mut Errors) -> Option<Ident> {
    let ident = new.parse::<Ident>().ok();
    if ident.is_none() {
        errors.push(new.span(), message::bad_rename(new.value()));
    }
    ident
}
