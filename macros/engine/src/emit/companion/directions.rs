//! The directions of a caller, in the functions of the hidden protocol that it calls (`along`).

use super::along::Along;
use super::{Frame, Written};
use crate::emit::lanes::{direction, passes};
use crate::ir::{Dim, Layout};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};

/// The caller's directions, and what is done in them.
pub(super) struct Generic {
    /// The type of a tangent of a number for the caller, and its zero.
    pub given: (TokenStream, TokenStream),
    /// The same in the body: a number, where there is one direction only.
    pub elem: (TokenStream, TokenStream),
    /// What the body begins with.
    pub asked: TokenStream,
    /// Whether they are not the same.
    pub one: bool,
    runtime: TokenStream,
}

impl Generic {
    /// A caller's tangent as one of the body's.
    pub fn taken(&self, layout: &Layout, tangent: &TokenStream) -> Option<TokenStream> {
        let one = self.one && layout.record.is_none();
        one.then(|| self.mapped(tangent, &layout.dims, &|number| quote!(#number.lane(0))))
    }

    /// The other way.
    pub fn returned(&self, layout: &Layout, tangent: &TokenStream) -> TokenStream {
        if !self.one || layout.record.is_some() {
            return tangent.clone();
        }
        let given = &self.given.0;
        self.mapped(tangent, &layout.dims, &|number| quote!(<#given>::each(|_| #number)))
    }

    /// Writes a buffer's tangent back to the caller's.
    pub fn put_back(&self, layout: &Layout, lent: &Ident, own: &Ident) -> TokenStream {
        let back = self.returned(layout, &quote!(#own));
        match layout.dims.first() {
            Some(Dim::Dynamic) => quote!(#lent.clone_from_slice(&#back);),
            _ => quote!(*#lent = #back;),
        }
    }

    /// What one makes of each number of an array.
    fn mapped(&self, of: &TokenStream, dims: &[Dim], one: &dyn Fn(&TokenStream) -> TokenStream) -> TokenStream {
        let Some((dim, rest)) = dims.split_first() else { return one(of) };
        let row = Ident::new("row", Span::mixed_site());
        let row_of = if rest.is_empty() { quote!((*#row)) } else { quote!(#row) };
        let (runtime, inner) = (&self.runtime, self.mapped(&row_of, rest, one));
        match dim {
            Dim::Dynamic => quote!(#of.iter().map(|#row| #inner).collect::<#runtime::__private::Vec<_>>()),
            Dim::Fixed(_) | Dim::Inferred => quote!(#of.each_ref().map(|#row| #inner)),
        }
    }
}

impl Frame {
    pub(super) fn generic(&self, along: &Along) -> Generic {
        let (runtime, float) = (&self.runtime, self.float());
        let (direction, passes) = (direction(), passes());
        let told = quote!(#runtime::__private::Along::<#direction, #passes>);
        let once = along.once.then(|| quote!(let () = #told::ONCE;));
        let one = along.one_direction.then(|| quote!(#told::one_direction::<#float>();));
        let given = (direction.to_token_stream(), quote!(<#direction>::zero()));
        let elem = if along.one_direction { (float.to_token_stream(), self.zero()) } else { given.clone() };
        Generic { given, elem, asked: quote!(#once #one), one: along.one_direction, runtime: runtime.clone() }
    }

    pub(super) fn hidden_along(
        &self,
        kind: &str,
        declared: &[(Ident, TokenStream)],
        output: &TokenStream,
        body: &TokenStream,
    ) -> Written {
        let (runtime, float, direction, passes) = (&self.runtime, self.float(), direction(), passes());
        let slots = declared.iter().map(|(name, ty)| (name, ty.clone()));
        let parameters =
            quote!(#direction: #runtime::__private::Direction<#float>, #passes: #runtime::__private::Passes);
        self.hidden_with(kind, slots, Some(&parameters), output, body)
    }
}

/// Generics with more parameters at their end.
pub(super) fn with_parameters(generics: &TokenStream, more: Option<&TokenStream>) -> TokenStream {
    let Some(more) = more else { return generics.clone() };
    let mut tokens: Vec<TokenTree> = generics.clone().into_iter().collect();
    if tokens.is_empty() {
        return quote!(<#more>);
    }
    tokens.pop();
    let comma = |token: &TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == ',' || p.as_char() == '<');
    let separator = tokens.last().is_none_or(|last| !comma(last)).then(|| quote!(,));
    quote!(#(#tokens)* #separator #more >)
}
