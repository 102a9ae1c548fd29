//! That the function which a caller calls is the one to which the protocol belongs.
//!
//! A module's own function hides one of its name that a glob imports, but not the type of that name, which is the other one's
//! protocol: its derivatives would be taken for those of the module's own. So a caller hands over the function itself, and the
//! protocol compares its type with that of its own. Both are known to the compiler, and nothing is left of the comparison in
//! optimized code.

use super::directions::with_parameters;
use super::{Frame, allows};
use crate::lower::witness::{Identity, Witness};
use crate::options::Callers;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// What gives the function itself.
const ITSELF: &str = "__symgrad_v1_function";

impl Witness {
    /// The function itself, as another function gets it: no parameter of that hides it.
    pub(super) fn itself(&self, name: &Ident) -> TokenStream {
        let (itself, arguments) = (Ident::new(ITSELF, Span::call_site()), &self.arguments);
        quote!(#name::#itself #arguments())
    }
}

impl Frame {
    /// The function itself, where no parameter hides its name.
    pub(super) fn itself(&self, witness: &Witness) -> TokenStream {
        let bounds = &self.bounds;
        let itself = Ident::new(ITSELF, Span::call_site());
        let Witness { generics, captured, function, bound, identity, .. } = witness;
        let kept = match identity {
            Identity::Type => quote!('static),
            Identity::Name => quote!(use #captured),
            Identity::Nothing => return TokenStream::new(),
        };
        let hidden = self.kept_hidden();
        quote! {
            #[inline]
            #hidden
            fn #itself #generics () -> #bound + #kept #bounds { #function }
        }
    }

    /// A function of the protocol that takes it first.
    pub(super) fn witnessed(
        &self,
        kind: &str,
        witness: &Witness,
        slots: impl Iterator<Item = TokenStream>,
        more: Option<&TokenStream>,
        (output, body): (&TokenStream, &TokenStream),
    ) -> TokenStream {
        let Frame { name, runtime, bounds, params, .. } = self;
        let Witness { generics, arguments, inputs, bound, identity, .. } = witness;
        let (kind, itself) = (Ident::new(kind, Span::call_site()), Ident::new(ITSELF, Span::call_site()));
        let called = self.beside("called");
        let home = if self.callers == Callers::Namesake { quote!(#name) } else { quote!(Self) };
        let compared = |how| quote!(#runtime::__private::#how(&#called, &#home::#itself #arguments()););
        let (lifetime, compared) = match identity {
            Identity::Type => (Some(quote!(+ 'static)), compared(quote!(is))),
            Identity::Name => (None, compared(quote!(is_named))),
            Identity::Nothing => (None, TokenStream::new()),
        };
        let generics = with_parameters(generics, more);
        let names = params.iter().map(|p| &p.name);
        let (allows, seen) = (more.map(|_| allows()), self.seen());
        quote! {
            #[inline]
            #[track_caller]
            #allows
            #seen fn #kind #generics (#called: #bound #lifetime, #(#names: #inputs,)* #(#slots),*) -> #output #bounds {
                #compared
                #body
            }
        }
    }
}
