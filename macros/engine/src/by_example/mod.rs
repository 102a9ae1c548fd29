//! The user's macros by example, looked into. Input: a `macro_rules!` under the attribute, or a function that names such in
//! `macros(…)`. Output: the definition with rules that hand an expansion on; the function with its calls expanded.
//!
//! No macro can see what another one expands to, but it can be handed that. So each rule of the definition has a second one in
//! front, which takes a state along and hands both to a macro of ours:
//!
//! ```text
//! ($x:expr) => { $x * $x };
//! (HAND_ON { callback } { state } $x:expr) => { callback! { state { $x * $x } } };
//! ```
//!
//! The function is compiled as it is written. Beside it, the first call in it is made with that rule, the state being the
//! function; what comes back stands in the place of the call, and so on, until no call is left. Then there is a function
//! whose companions can be written. It is rustc that expands, so that patterns, repetitions and fragments are not our concern.
//! What is: names. A variable that a macro declares is another one than the user's of the same name, but tokens do not show
//! it. So the definition marks them (`definition`), and each expansion gives them names of their own (`splice`).

mod definition;
mod splice;

pub(crate) use definition::{definition, handing_on};

use crate::diagnostics::Errors;
use crate::lower::guard;
use crate::options::Options;
use crate::tokens::regrouped;
use proc_macro2::{Delimiter, Ident, Literal, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use std::collections::HashSet;

/// What the second rules begin with.
const HAND_ON: &str = "__symgrad_v1_needs_the_attribute_differentiate";
/// What the names of a macro's own variables begin with in it.
const LOCAL: &str = "__symgrad_local_";

/// The first call in a function of a macro of `macros(…)`, made such that the function comes back with its expansion. Nothing, if
/// there is none.
pub(crate) fn first_call(
    options: &Options,
    arguments: &TokenStream,
    round: usize,
    item: &TokenStream,
) -> Option<TokenStream> {
    let names: HashSet<String> = options.macros.iter().map(Ident::to_string).collect();
    if names.is_empty() || !guard::check(item, &mut Errors::default()) {
        return None;
    }
    let body = item.clone().into_iter().last()?;
    let call = splice::find(&TokenStream::from(body), &names)?;
    let (path, input) = (&call.path, &call.input);
    // A macro without the attribute is an error of rustc: it stands where the macro is named.
    let named = options.macros.iter().find(|name| **name == call.name)?.span();
    let marker = Ident::new(HAND_ON, named);
    let runtime = &options.runtime;
    let round = Literal::usize_unsuffixed(round + 1);
    let mut handed = quote_spanned!(named=> #marker { #runtime::__expanded } { { #arguments } { #round } { #item } });
    handed.extend(input.clone());
    Some(quote!(#path! { #handed }))
}

/// A function that came back with the expansion of a call: its arguments, the round, and the function with it.
pub(crate) struct Expanded {
    pub(crate) arguments: TokenStream,
    pub(crate) round: usize,
    pub(crate) item: TokenStream,
}

impl Expanded {
    /// Reads what a macro handed on.
    pub(crate) fn read(tokens: TokenStream) -> Option<Self> {
        let mut groups = tokens.into_iter().filter_map(|token| match token {
            TokenTree::Group(group) => Some(group.stream()),
            _ => None,
        });
        let (arguments, round, item, body) = (groups.next()?, groups.next()?, groups.next()?, groups.next()?);
        let round = round.to_string().parse().ok()?;
        let names = Options::parse(arguments.clone(), &mut Errors::default()).macros;
        let names: HashSet<String> = names.iter().map(Ident::to_string).collect();
        let mut tokens: Vec<TokenTree> = item.clone().into_iter().collect();
        let Some(TokenTree::Group(block)) = tokens.pop() else { return None };
        let call = splice::find(&TokenStream::from(TokenTree::Group(block.clone())), &names)?;
        let body = splice::own_names(splice::flattened(body), round, &item);
        let expanded = splice::replaced(block.stream(), &call, &names, &body, true);
        tokens.push(regrouped(&block, Delimiter::Brace, expanded).into());
        Some(Expanded { arguments, round, item: tokens.into_iter().collect() })
    }
}
