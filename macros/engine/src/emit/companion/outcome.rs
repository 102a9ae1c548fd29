//! Results that are no number. Input: the dimensions of each. Output: the variables that they are written to, and the value of a
//! companion made of them.

use super::Frame;
use crate::emit::Given;
use crate::emit::array::{nested, owned};
use crate::ir::{Dim, PlaceId};
use crate::lower::signature::Outcome;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

impl Frame {
    fn parts(&self) -> (bool, Vec<Vec<Dim>>) {
        match &self.outcome {
            Outcome::Parts { tuple, dims } => (*tuple, dims.clone()),
            _ => (false, Vec::new()),
        }
    }

    /// The type of the function's result, without a `Result` around it.
    pub(super) fn returns(&self) -> TokenStream {
        let float = self.float();
        let (tuple, dims) = self.parts();
        let types = dims.iter().map(|dims| owned(&quote!(#float), dims, &self.runtime));
        match &self.outcome {
            Outcome::Scalar | Outcome::Unsupported => quote!(#float),
            Outcome::Nothing => quote!(()),
            Outcome::Parts { .. } if tuple => quote!((#(#types),*)),
            Outcome::Parts { .. } => types.collect(),
        }
    }

    /// Declares the variables of the results, under names that begin with `wanted`; they stand for `places`.
    pub(super) fn declare_results(
        &self,
        places: &[PlaceId],
        wanted: &str,
        given: &mut Given,
    ) -> (TokenStream, Vec<Ident>) {
        let (_, dims) = self.parts();
        let (float, runtime) = (self.float(), &self.runtime);
        let mut tokens = TokenStream::new();
        let mut names = Vec::new();
        for (k, (place, dims)) in places.iter().zip(&dims).enumerate() {
            let name = if places.len() == 1 { self.beside(wanted) } else { self.beside(&format!("{wanted}{k}")) };
            let dims = if dims.is_empty() { vec![Dim::Fixed(quote!(1))] } else { dims.clone() };
            let ty = owned(&quote!(#float), &dims, runtime);
            let value = match dims.first() {
                Some(Dim::Dynamic) => quote!(#runtime::__private::Vec::new()),
                _ => nested(&self.zero(), &dims),
            };
            tokens.extend(quote!(let mut #name: #ty = #value;));
            given.places.push((*place, name.clone(), false));
            names.push(name);
        }
        (tokens, names)
    }

    /// The function's result, made of these variables, or the number `vals` begins with.
    pub(super) fn result_of(&self, names: &[Ident], number: Option<&TokenStream>) -> TokenStream {
        let (tuple, dims) = self.parts();
        let each =
            names.iter().zip(&dims).map(|(name, dims)| if dims.is_empty() { quote!(#name[0]) } else { quote!(#name) });
        match (&self.outcome, number) {
            (Outcome::Scalar | Outcome::Unsupported, Some(number)) => number.clone(),
            (Outcome::Parts { .. }, _) if tuple => quote!((#(#each),*)),
            (Outcome::Parts { .. }, _) => each.collect(),
            _ => quote!(()),
        }
    }

    /// The type of the cotangent of each result.
    pub(super) fn cotangent_types(&self) -> Vec<TokenStream> {
        let (_, dims) = self.parts();
        dims.iter()
            .map(|dims| if dims.is_empty() { self.buffer(&[Dim::Fixed(quote!(1))]) } else { self.buffer(dims) })
            .collect()
    }

    /// A name for a second variable of each result.
    pub(super) fn cotangent_names(&self) -> Vec<Ident> {
        let (_, dims) = self.parts();
        (0..dims.len()).map(|k| self.beside(&format_ident!("cotangent{k}").to_string())).collect()
    }
}
