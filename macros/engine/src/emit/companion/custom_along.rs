//! The tangents of what a function with a rule of its own returns, in the directions of a caller (`along::JVP_ALONG`). The rule is the
//! product with a cotangent: it is called once for each number that is returned, and each partial derivative is multiplied with the
//! directions. A direction that is zero does not meet an infinite partial derivative.

use super::along::JVP_ALONG;
use super::by_rows::is_fixed;
use super::directions::Generic;
use super::jacobian::flattened;
use super::tangents::Tangents;
use super::{Frame, Written};
use crate::emit::array::{owned, zeros_of};
use crate::ir::{Dim, Layout};
use crate::lower::signature::Outcome;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use syn::Path;

impl Frame {
    /// Nothing, if structs go through it, or what it is called with is gone behind a call.
    pub(super) fn tangents_by_rule(&self, rule: &Path, generic: &Generic) -> Option<Written> {
        let Outcome::Parts { tuple, members } = &self.outcome else { return None };
        let structs = self.wrt().any(|(_, layout)| layout.record.is_some()) || self.outputs_structs();
        if structs || !self.has_jacobian() || !self.keeps_its_arguments() {
            return None;
        }
        let Tangents { declared: tangents, start, names: directions, .. } = self.tangents_along(generic);
        let mut declared = vec![self.along_parameter(generic)];
        declared.extend(tangents);
        let (runtime, (elem, zero), attempt) = (&self.runtime, &generic.given, self.attempt());
        let [row, value, gradient, sum] = ["row", "value", "gradient", "sum"].map(|name| self.beside(name));
        let lengths = (!members.iter().all(is_fixed)).then_some(&value);
        let ends: Vec<TokenStream> = (1..=members.len()).map(|k| self.rows_of(&members[..k], lengths)).collect();
        let count = ends.last()?;
        // As what is returned.
        let names = self.result_names(members.len(), "tangent");
        let (mut begin, mut put) = (TokenStream::new(), TokenStream::new());
        for (k, (layout, name)) in members.iter().zip(&names).enumerate() {
            let like = if *tuple {
                let k = Literal::usize_unsuffixed(k);
                quote!(#value.#k)
            } else {
                quote!(#value)
            };
            let dims = if layout.is_number() { vec![Dim::Fixed(quote!(1))] } else { layout.dims.clone() };
            let (ty, zeros) = (owned(elem, &dims, runtime), zeros_of(&like, &dims, zero, runtime));
            let flat = flattened(quote!(#name), dims.len() - 1, "as_flattened_mut");
            let (end, before) = (&ends[k], if k == 0 { quote!(0) } else { ends[k - 1].clone() });
            begin.extend(quote!(let mut #name: #ty = #zeros;));
            put.extend(quote!(if #row < #end { #flat[#row - (#before)] = #sum; } else));
        }
        let (cotangents, of) = self.unit_cotangents(lengths, &row, &ends);
        let called = self.product_with(rule, &of);
        let products: TokenStream = self
            .parts_of(&gradient)
            .iter()
            .zip(&directions)
            .map(|((_, layout, part), (direction, _))| self.summed(&sum, part, direction, layout))
            .collect();
        let run = self.run();
        let each = names.iter().zip(members).map(|(name, layout)| match layout {
            layout if layout.is_number() => quote!(#name[0]),
            _ => quote!(#name),
        });
        let tangent = if *tuple { quote!((#(#each),*)) } else { each.collect() };
        let result = self.wrapped(&quote!((#value, #tangent)));
        let body = quote! {
            #start
            let #value = #run #attempt;
            #begin
            for #row in 0_usize..(#count) {
                #cotangents
                let (_, #gradient) = #called;
                let mut #sum: #elem = #zero;
                #products
                #put {}
            }
            #result
        };
        let (returns, of_tangent) = (self.returns(), self.returns_of(elem));
        Some(self.hidden_along(JVP_ALONG, generic, &declared, &quote!((#returns, #of_tangent)), &body))
    }

    /// `sum += partials · directions`
    fn summed(&self, sum: &Ident, partials: &TokenStream, directions: &Ident, layout: &Layout) -> TokenStream {
        let runtime = &self.runtime;
        let [g, t] = ["g", "t"].map(|name| Ident::new(name, Span::mixed_site()));
        let Some((_, inner)) = layout.dims.split_first() else {
            return quote!(#sum = #sum + #runtime::__private::along(#partials, #directions););
        };
        let add = quote!(#sum = #sum + #runtime::__private::along(*#g, *#t););
        let inner = inner.iter().fold(add, |add, _| quote!(for (#g, #t) in #g.iter().zip(#t.iter()) { #add }));
        let text = "the rule returns a gradient of another length";
        quote! {
            ::core::assert_eq!(#partials.len(), #directions.len(), #text);
            for (#g, #t) in #partials.iter().zip(#directions.iter()) { #inner }
        }
    }
}
