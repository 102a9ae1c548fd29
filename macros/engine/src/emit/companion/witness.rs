//! That the function which a caller calls is the one to which the protocol belongs.
//!
//! A module's own function hides one of its name that a glob imports, but not the type of that name, which is the other one's
//! protocol: its derivatives would be taken for those of the module's own. So a caller hands over the function itself, and the
//! protocol compares its type with that of its own. Both are known to the compiler, and nothing is left of the comparison in
//! optimized code.

use super::Frame;
use crate::lower::witness::Witness;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// What gives the function itself.
const ITSELF: &str = "__symgrad_v1_function";

impl Frame {
    /// The function itself, where no parameter hides its name.
    pub(super) fn itself(&self, witness: &Witness) -> TokenStream {
        let bounds = &self.bounds;
        let itself = Ident::new(ITSELF, Span::call_site());
        let Witness { generics, captured, function, bound, exact, .. } = witness;
        let kept = if *exact { quote!('static) } else { quote!(use #captured) };
        quote! {
            #[inline]
            fn #itself #generics () -> #bound + #kept #bounds { #function }
        }
    }

    /// A function of the protocol that takes it first.
    pub(super) fn witnessed(
        &self,
        kind: &str,
        witness: &Witness,
        slots: impl Iterator<Item = TokenStream>,
        output: &TokenStream,
        body: &TokenStream,
    ) -> TokenStream {
        let Frame { runtime, bounds, params, .. } = self;
        let Witness { generics, arguments, inputs, bound, exact, .. } = witness;
        let (kind, itself) = (Ident::new(kind, Span::call_site()), Ident::new(ITSELF, Span::call_site()));
        let called = self.beside("called");
        let (lifetime, same) = if *exact { (Some(quote!(+ 'static)), quote!(is)) } else { (None, quote!(is_named)) };
        let names = params.iter().map(|p| &p.name);
        quote! {
            #[inline]
            #[track_caller]
            pub fn #kind #generics (#called: #bound #lifetime, #(#names: #inputs,)* #(#slots),*) -> #output #bounds {
                #runtime::__private::#same(&#called, &Self::#itself #arguments());
                #body
            }
        }
    }
}
