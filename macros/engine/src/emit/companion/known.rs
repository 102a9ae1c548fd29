//! What is asked of rustc about names that were taken for those of the standard library: one hidden function beside the
//! companions, which is never called. It does not compile where such a name means something else.

use super::{Frame, Home, Written, allows};
use crate::ir::Width;
use crate::lower::known::{self, Kind, Known, Question};
use crate::tokens;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use std::collections::BTreeSet;

/// Where a name of the user's stands, for what is no suggestion of how to write it there.
fn here(name: &Ident) -> Span {
    Span::call_site().located_at(name.span())
}

impl Frame {
    /// What asks about methods of numbers of a type, called on references to them.
    fn methods_asked(&self, width: &Width) -> Option<TokenStream> {
        let runtime = &self.runtime;
        let known = quote!(#runtime::__private::known);
        let call = |method: &Ident| {
            let both = quote!(number.#method(#known::Asked); (&mut *changed).#method(#known::Asked););
            tokens::located(both, here(method))
        };
        let mut calls = self.known.methods_of(width).map(call).peekable();
        calls.peek()?;
        Some(quote!({ use #known::TheMethodOfTheFloatItself as _; #(#calls)* }))
    }

    /// The function that asks, if there is something to ask; also about methods of lists in what was emitted, which the user
    /// may not have written.
    pub(super) fn asked(&self, emitted: &TokenStream) -> Written {
        let Known { imports, functions, lists, vec, .. } = &self.known;
        let known = {
            let runtime = &self.runtime;
            quote!(#runtime::__private::known)
        };
        let mut questions: Vec<TokenStream> = functions
            .iter()
            .map(|Question { at, user, meant }| {
                let known = tokens::located(known.clone(), *at);
                quote_spanned!(*at=> #known::is_the_function_of_that_name_in_the_library(#user, #meant);)
            })
            .collect();
        questions.extend(self.methods_asked(&self.width));
        for width in [Width::F32, Width::F64].iter().filter(|width| self.mixed && **width != self.width) {
            let float = width.ident();
            questions.extend(
                self.methods_asked(width).map(|calls| quote!(let _ = |number: &#float, changed: &mut #float| #calls;)),
            );
        }
        let mut lists: Vec<(Ident, Kind)> =
            lists.iter().map(|(method, kind)| (Ident::new(&method.to_string(), here(method)), *kind)).collect();
        let names: BTreeSet<String> = tokens::names(emitted.clone()).collect();
        for name in names {
            if let Some(kind) = known::kind(&name).filter(|_| lists.iter().all(|(method, _)| *method != name)) {
                lists.push((Ident::new(&name, Span::call_site()), kind));
            }
        }
        let runtime = &self.runtime;
        let by_kind = [Kind::Slice, Kind::Changed, Kind::Vec, Kind::Length].map(|wanted| {
            let methods = lists.iter().filter(|(_, kind)| *kind == wanted).map(|(method, _)| method);
            quote!([#(#methods)*])
        });
        questions.extend(vec.iter().map(|vec| {
            let import = tokens::located(quote!(use #known::macros::*;), here(vec));
            quote!({ #import let _ = #vec![(); 0]; })
        }));
        let alone =
            questions.is_empty() && imports.is_empty() && self.home == Home::Module && self.attributes.is_empty();
        if alone && !lists.is_empty() {
            let definitions = quote!(#runtime::__methods_of_lists! { #(#by_kind)* });
            return Written { definitions, ..Written::default() };
        }
        if !lists.is_empty() {
            questions.push(quote!(#runtime::__methods_of_lists!(inside #(#by_kind)*);));
        }
        if questions.is_empty() {
            return Written::default();
        }
        let Frame { attributes, generics, bounds, .. } = self;
        let (allows, float) = (allows(), self.float());
        let body = quote!({ #(#imports)* #(#questions)* });
        if self.home == Home::Module {
            let definitions = quote!(#attributes const _: () = { #allows fn names #generics (number: &#float, changed: &mut #float) #bounds #body };);
            return Written { definitions, ..Written::default() };
        }
        let name = format_ident!("__symgrad_v1_names_of_{}", self.name);
        let head = quote!(fn #name #generics (number: &#float, changed: &mut #float) #bounds);
        let hidden = quote!(#[doc(hidden)] #allows);
        match self.home {
            Home::Trait => Written {
                definitions: quote!(#attributes #head #body),
                declarations: quote!(#attributes #hidden #head;),
                ..Written::default()
            },
            _ => Written { definitions: quote!(#attributes #hidden #head #body), ..Written::default() },
        }
    }
}
