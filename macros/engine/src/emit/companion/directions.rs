//! The directions of a caller, in the functions of the hidden protocol that it calls (`along`).

use super::along::{Along, HVP, JVP_ALONG};
use super::tangents::SERIES;
use super::{Frame, Written, stub};
use crate::emit::lanes::{direction, order, passes};
use crate::ir::{Dim, Layout};
use crate::lower::signature::Outcome;
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
    /// The type parameters that they are.
    pub parameters: TokenStream,
    /// The type of what tells of them.
    pub along: TokenStream,
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
        let parameters =
            quote!(#direction: #runtime::__private::Direction<#float>, #passes: #runtime::__private::Passes);
        let (asked, one) = (quote!(#once #one), along.one_direction);
        let along = quote!(#runtime::__private::Along<#direction, #passes>);
        Generic { given, elem, asked, one, parameters, along, runtime: runtime.clone() }
    }

    /// Along a curve: the coefficients of power series, as many as the caller has.
    pub(super) fn along_curve(&self) -> Generic {
        let (runtime, float, order) = (&self.runtime, self.float(), order());
        let lanes = quote!(#runtime::__private::Lanes<#float, #order>);
        let given = (lanes.clone(), quote!(<#lanes>::zero()));
        Generic {
            elem: given.clone(),
            given,
            asked: TokenStream::new(),
            one: false,
            parameters: quote!(const #order: usize),
            along: quote!(#runtime::__private::Along<#lanes, #runtime::__private::OnePass>),
            runtime: runtime.clone(),
        }
    }

    pub(super) fn hidden_along(
        &self,
        kind: &str,
        generic: &Generic,
        declared: &[(Ident, TokenStream)],
        output: &TokenStream,
        body: &TokenStream,
    ) -> Written {
        let slots = declared.iter().map(|(name, ty)| (name, ty.clone()));
        self.hidden_with(kind, slots, Some(&generic.parameters), output, body)
    }
}

impl Frame {
    /// A derivative that there cannot be: a function of as many arguments, with a bound that nothing fits and that says why.
    pub(super) fn refused(&self, kind: &str, wanted: &str) -> Written {
        let (runtime, float) = (&self.runtime, self.float());
        let generic = if kind == SERIES { self.along_curve() } else { self.generic(&Along::default()) };
        let (places, params) = (self.outcome.places().len(), self.params.len());
        let tangent = &generic.given.0;
        let (count, output) = match kind {
            HVP => (params * 3, quote!((#float, #tangent))),
            JVP_ALONG | SERIES if matches!(self.outcome, Outcome::Nothing) => (params, self.returns()),
            JVP_ALONG | SERIES => {
                let (value, tangent) = (self.returns(), self.returns_of(tangent));
                (params, quote!((#value, #tangent)))
            }
            _ => (places * 2 + params * 3, quote!(())),
        };
        let slots = (0..count).map(|k| (self.beside(&format!("slot{k}")), quote!(impl ::core::marker::Sized)));
        let declared: Vec<(Ident, TokenStream)> =
            std::iter::once(self.along_parameter(&generic)).chain(slots).collect();
        let (along, wanted) = (&generic.along, Ident::new(wanted, Span::call_site()));
        let bounds = and_bound(&self.bounds, &quote!(#along: #runtime::__private::#wanted));
        Frame { bounds, ..self.clone() }.hidden_along(kind, &generic, &declared, &output, &stub())
    }
}

/// A `where` clause with one more bound.
fn and_bound(bounds: &TokenStream, more: &TokenStream) -> TokenStream {
    let comma = |token: &TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == ',');
    match bounds.clone().into_iter().last() {
        None => quote!(where #more),
        Some(last) if comma(&last) => quote!(#bounds #more),
        Some(_) => quote!(#bounds, #more),
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
