//! Results that are no number. Input: the layout of each. Output: the variables that they are written to, and the value of a
//! companion made of them.

use super::Frame;
use crate::emit::Given;
use crate::emit::array::{nested, owned};
use crate::ir::{Dim, Layout, PlaceId, Width};
use crate::lower::signature::Outcome;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

impl Frame {
    /// The type of the function's result, without a `Result` around it.
    pub(super) fn returns(&self) -> TokenStream {
        let float = self.returned.as_ref().map_or_else(|| self.float(), Width::ident);
        self.returns_of(&quote!(#float))
    }

    /// The same with elements of some type.
    pub(super) fn returns_of(&self, elem: &TokenStream) -> TokenStream {
        match &self.outcome {
            Outcome::Scalar | Outcome::Unsupported => elem.clone(),
            Outcome::Nothing => quote!(()),
            Outcome::Parts { tuple, members } => {
                let types = members.iter().map(|layout| self.owned_of(layout, elem));
                if *tuple { quote!((#(#types),*)) } else { types.collect() }
            }
        }
    }

    /// Declares the variables of the results, under names that begin with `wanted`; they stand for `places`.
    pub(super) fn declare_results(
        &self,
        places: &[PlaceId],
        wanted: &str,
        given: &mut Given,
    ) -> (TokenStream, Vec<Ident>) {
        let float = self.float();
        self.declare(places, wanted, &(quote!(#float), self.zero()), given)
    }

    /// The same for elements of some type, and zero of it.
    pub(super) fn declare(
        &self,
        places: &[PlaceId],
        wanted: &str,
        elem: &(TokenStream, TokenStream),
        given: &mut Given,
    ) -> (TokenStream, Vec<Ident>) {
        let mut tokens = TokenStream::new();
        let names = self.result_names(places.len(), wanted);
        for ((place, layout), name) in places.iter().zip(self.outcome.places()).zip(&names) {
            tokens.extend(self.declare_result(&layout, name, elem));
            given.places.push((*place, name.clone(), false));
        }
        (tokens, names)
    }

    /// Names for variables of so many results.
    pub(super) fn result_names(&self, count: usize, wanted: &str) -> Vec<Ident> {
        let name = |k| if count == 1 { self.beside(wanted) } else { self.beside(&format!("{wanted}{k}")) };
        (0..count).map(name).collect()
    }

    /// Declares the variable of a result.
    pub(super) fn declare_result(
        &self,
        layout: &Layout,
        name: &Ident,
        (elem, zero): &(TokenStream, TokenStream),
    ) -> TokenStream {
        let runtime = &self.runtime;
        let elem = layout.record.as_ref().unwrap_or(elem);
        let mut ty = owned(elem, &layout.dims, runtime);
        let value = match layout.dims.first() {
            // There is no struct before one is made.
            _ if layout.record.is_some() => {
                ty = quote!(::core::option::Option<#ty>);
                quote!(::core::option::Option::None)
            }
            Some(Dim::Dynamic) => quote!(#runtime::__private::Vec::new()),
            _ => nested(zero, &layout.dims),
        };
        quote!(let mut #name: #ty = #value;)
    }

    /// A number as it is returned.
    fn converted(&self, number: &TokenStream) -> TokenStream {
        let Some(to) = &self.returned else { return number.clone() };
        let (float, runtime) = (to.ident(), &self.runtime);
        if to.is_generic() || self.width.is_generic() {
            quote!(#runtime::__private::converted::<_, #float>(#number))
        } else {
            quote!((#number) as #float)
        }
    }

    /// The function's result, made of these variables, or the number `vals` begins with.
    pub(super) fn result_of(&self, names: &[Ident], number: Option<&TokenStream>) -> TokenStream {
        match (&self.outcome, number) {
            (Outcome::Scalar | Outcome::Unsupported, Some(number)) => self.converted(number),
            (Outcome::Parts { tuple, members }, _) => {
                let each = names.iter().zip(members).map(|(name, layout)| match layout {
                    Layout { record: Some(_), .. } => quote!(#name.unwrap()),
                    layout if layout.is_number() => quote!(#name[0]),
                    _ => quote!(#name),
                });
                if *tuple { quote!((#(#each),*)) } else { each.collect() }
            }
            _ => quote!(()),
        }
    }

    /// The type of the cotangent of each result.
    pub(super) fn cotangent_types(&self) -> Vec<TokenStream> {
        self.outcome.places().iter().map(|layout| self.buffer(layout)).collect()
    }

    /// A name for a second variable of each result.
    pub(super) fn cotangent_names(&self) -> Vec<Ident> {
        (0..self.outcome.places().len()).map(|k| self.beside(&format!("cotangent{k}"))).collect()
    }
}
