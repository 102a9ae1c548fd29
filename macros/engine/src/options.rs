//! The attribute's arguments. Input: the tokens between its parentheses. Output: [`Options`].

use crate::diagnostics::{Errors, Site, message, nearest};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::{LitStr, Path, Token, parenthesized};

/// What the user asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// `f_gradient`, `f_value_and_gradient`, …
    pub gradient: bool,
    /// Where it is asked for, if it is.
    pub gradient_span: Option<proc_macro2::Span>,
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
    /// The trait in which the companions of an `impl` go, if they are to go in one.
    pub companions: Option<Ident>,
    /// Which other differentiated functions may call it.
    pub callers: Callers,
}

/// Which differentiated functions may call another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callers {
    /// Those that see it.
    All,
    /// Those of its module: elsewhere, its name is another's.
    Module,
    /// None.
    Nobody,
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

/// The kinds and options.
const KNOWN: &[&str] = &["gradient", "jvp", "wrt", "value_and_gradient", "crate", "companions", "local", "standalone"];

/// Those that say which companions there are.
const KINDS: &[&str] = &["gradient", "jvp", "value_and_gradient"];

/// One argument, by its form.
enum Argument {
    /// `gradient`
    Kind(Ident),
    /// `wrt(a, b)`
    List(Ident, TokenStream),
    /// `gradient = "name"`
    Name(Ident, LitStr),
    /// `crate = path`
    Path(Ident, Path),
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.call(Ident::parse_any)?;
        if input.peek(syn::token::Paren) {
            let content;
            parenthesized!(content in input);
            return Ok(Argument::List(name, content.parse()?));
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
            gradient_span: None,
            jvp: false,
            wrt: None,
            gradient_name: None,
            value_and_gradient_name: None,
            jvp_name: None,
            runtime: quote!(::symgrad),
            companions: None,
            callers: Callers::All,
        };
        let mut seen = Vec::new();
        for tokens in arguments(tokens) {
            match syn::parse2(tokens.clone()) {
                Ok(argument) => options.take(argument, &mut seen, errors),
                Err(_) => errors.push(Site::of(&tokens), message::malformed_option()),
            }
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
            ("gradient", Argument::Kind(_)) => {
                self.gradient = true;
                self.gradient_span = Some(name.span());
            }
            ("jvp", Argument::Kind(_)) => self.jvp = true,
            ("wrt", Argument::List(_, names)) => self.wrt = wrt(&name, names, errors),
            ("gradient", Argument::Name(_, new)) => {
                self.gradient = true;
                self.gradient_span = Some(name.span());
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
            ("companions", Argument::Path(_, path)) if path.get_ident().is_some() => {
                self.companions = path.get_ident().cloned();
            }
            ("standalone", Argument::Kind(_)) => self.callers = Callers::Nobody,
            ("local", Argument::Kind(_)) => self.callers = Callers::Module,
            (other, _) if LATER.contains(&other) => errors.push(name.span(), message::kind_not_yet(&name)),
            ("wrt", _) => {
                errors.push(name.span(), message::option_form(&name, "`wrt(a, b)`, with names of parameters"));
            }
            ("crate", _) => errors.push(name.span(), message::option_form(&name, "`crate = path::of::symgrad`")),
            ("companions", _) => {
                // That they are to go in a trait is said.
                self.companions = Some(Ident::new("Companions", name.span()));
                errors.push(
                    name.span(),
                    message::option_form(&name, "`companions = Name`, the name of a trait to be made"),
                );
            }
            ("local", _) => errors.push(name.span(), message::option_form(&name, "`local`")),
            ("standalone", _) => errors.push(name.span(), message::option_form(&name, "`standalone`")),
            (kind @ ("gradient" | "jvp"), _) => {
                let form = format!("`{kind}`, or `{kind} = \"name\"` for another name of the companion");
                errors.push(name.span(), message::option_form(&name, form));
            }
            ("value_and_gradient", _) => {
                errors.push(name.span(), message::option_form(&name, "`value_and_gradient = \"name\"`"));
            }
            (other, _) => errors.push(name.span(), message::unknown_option(&name, nearest(other, KNOWN))),
        }
    }
}

/// The arguments for a function of an `impl`: its own, and those of the `impl` that it does not have itself. A function
/// that says which companions it has is taken at its word.
#[must_use]
pub fn with_defaults(own: &TokenStream, defaults: &TokenStream) -> TokenStream {
    let name = |tokens: &TokenStream| tokens.clone().into_iter().next().map(|t| t.to_string()).unwrap_or_default();
    let mut list = arguments(own.clone());
    let names: Vec<String> = list.iter().map(name).collect();
    let kinds = names.iter().any(|name| KINDS.contains(&name.as_str()));
    let defaults = arguments(defaults.clone()).into_iter().filter(|tokens| {
        let name = name(tokens);
        let said = names.contains(&name) || (kinds && KINDS.contains(&name.as_str()));
        !said
    });
    list.extend(defaults);
    quote!(#(#list),*)
}

/// The arguments, one by one: a mistake in one leaves the others.
fn arguments(tokens: TokenStream) -> Vec<TokenStream> {
    let mut list = vec![TokenStream::new()];
    for token in tokens {
        match token {
            TokenTree::Punct(p) if p.as_char() == ',' => list.push(TokenStream::new()),
            token => list.last_mut().expect("the list starts with one").extend([token]),
        }
    }
    list.retain(|tokens| !tokens.is_empty());
    list
}

fn wrt(option: &Ident, tokens: TokenStream, errors: &mut Errors) -> Option<Vec<Ident>> {
    let mut names: Vec<Ident> = Vec::new();
    if tokens.is_empty() {
        errors.push(option.span(), message::wrt_empty());
    }
    for tokens in arguments(tokens) {
        let name = |input: ParseStream<'_>| {
            if input.peek(Token![self]) { input.call(Ident::parse_any) } else { input.parse::<Ident>() }
        };
        match name.parse2(tokens.clone()) {
            Ok(name) if names.contains(&name) => errors.push(name.span(), message::wrt_twice(&name)),
            Ok(name) => names.push(name),
            Err(_) => {
                let text = tokens.to_string().replace(' ', "");
                errors.push(Site::of(&tokens), message::wrt_unknown(text, ""));
            }
        }
    }
    (!names.is_empty()).then_some(names)
}

fn rename(new: &LitStr, errors: &mut Errors) -> Option<Ident> {
    let ident = new.parse::<Ident>().ok();
    if ident.is_none() {
        errors.push(new.span(), message::bad_rename(new.value()));
    }
    ident
}
