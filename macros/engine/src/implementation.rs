//! The attribute on an `impl`. Input: its arguments, which are defaults for those on the functions, and the `impl`. Output:
//! the `impl` as it was, and the companions of its functions: in an inherent `impl` beside it, where names mean the same;
//! with `companions = Name`, in a trait of that name, for a type of another crate.

use crate::alias;
use crate::diagnostics::{Errors, message};
use crate::emit::companion::Home;
use crate::lower::function::Sibling;
use crate::lower::guard;
use crate::lower::implementation::{Candidate, Implementation};
use crate::lower::signature;
use crate::lower::types::readable;
use crate::options::{Options, with_defaults};
use crate::{Surroundings, companions_of};
use proc_macro2::TokenStream;
use quote::quote;

/// The `impl` as it was, and its companions.
pub(crate) struct Expansion {
    pub(crate) block: TokenStream,
    pub(crate) companions: TokenStream,
}

/// The `impl` and its companions.
pub(crate) fn expand(arguments: &TokenStream, item: &TokenStream, errors: &mut Errors) -> Expansion {
    let read = if guard::check(item, errors) { Implementation::read(item, errors) } else { None };
    let Some(block) = read else { return Expansion { block: item.clone(), companions: TokenStream::new() } };
    let defaults = Options::parse(arguments.clone(), errors);
    let block = block.map_type(|tokens| alias::replaced(tokens, &defaults.aliases));
    let meant = meant(&block, &defaults, errors);
    let indices: Vec<usize> = meant.iter().map(Candidate::index).collect();
    let block_again = block.to_tokens(&indices);
    if let (Some(ty), None) = (block.foreign_type(), &defaults.companions) {
        errors.push(crate::diagnostics::Site::of(ty), message::foreign_type(readable(ty)));
        return Expansion { block: block_again, companions: TokenStream::new() };
    }
    let siblings: Vec<Sibling> = meant.iter().map(|candidate| Sibling::of(candidate.function)).collect();
    let (mut definitions, mut declarations) = (TokenStream::new(), TokenStream::new());
    let (mut tests, mut messages) = (TokenStream::new(), TokenStream::new());
    for candidate in meant {
        let own = candidate.marker.cloned().unwrap_or_default();
        let mut found = Errors::default();
        let named = Options::parse(own.clone(), &mut found).macros;
        if let Some(name) = named.first() {
            found.push(name.span(), message::macros_in_impl());
        }
        // What is wrong with the defaults has been said.
        let options = Options::parse(with_defaults(&own, arguments), &mut Errors::default());
        let mut function = block.elsewhere(candidate.function, defaults.companions.is_none());
        function.siblings.clone_from(&siblings);
        let surroundings = Surroundings {
            home: if defaults.companions.is_some() { Home::Trait } else { Home::Impl },
            visibility: match (&defaults.companions, block.of_trait()) {
                (Some(_), _) => TokenStream::new(),
                // As visible as the trait may be.
                (None, true) => quote!(pub),
                (None, false) => function.visibility(),
            },
            prelude: block.imports(),
            identity: block.identity(candidate.function, &options.runtime),
            this: block.nameable_type(),
        };
        let written = companions_of(&function, &options, &surroundings, &mut found);
        // Of a function that is not there, nothing is wrong.
        messages.extend(found.under(&function.cfgs()));
        definitions.extend(written.definitions);
        declarations.extend(written.declarations);
        tests.extend(block.with_cfgs(&written.tests));
    }
    if definitions.is_empty() {
        return Expansion { block: block_again, companions: messages };
    }
    let companions = match &defaults.companions {
        Some(name) => block.with_trait(name, &declarations, &definitions),
        None => block.around(&definitions),
    };
    Expansion { block: block_again, companions: quote!(#companions #tests #messages) }
}

/// The functions to be differentiated: those with the attribute, or the only one that can be.
fn meant<'i>(block: &'i Implementation, defaults: &Options, errors: &mut Errors) -> Vec<Candidate<'i>> {
    let (marked, others): (Vec<_>, Vec<_>) = block.functions().into_iter().partition(|c| c.marker.is_some());
    if !marked.is_empty() || others.len() == 1 {
        return if marked.is_empty() { others } else { marked };
    }
    let can_be = |candidate: &Candidate<'_>| {
        let mut wrong = Errors::default();
        let function = alias::resolved(&block.elsewhere(candidate.function, true), &defaults.aliases);
        signature::read(&function.in_scope(), function.this.as_ref(), defaults, &mut wrong);
        wrong.is_empty()
    };
    let possible: Vec<Candidate<'_>> = others.into_iter().filter(can_be).collect();
    if possible.len() != 1 {
        errors.push(block.span(), message::mark_functions());
        return Vec::new();
    }
    possible
}
