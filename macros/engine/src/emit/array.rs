//! Arrays: their names, parts, beginnings, and what is done to all elements.

use super::expression::Level;
use super::statement::unparenthesised;
use super::{Emitter, Line};
use crate::ir::{Dim, Init, Part, PlaceId, TapeId, Val};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

impl Emitter<'_> {
    pub(super) fn place(&mut self, place: PlaceId) -> Ident {
        if let Some(name) = self.places.get(&place) {
            return name.clone();
        }
        let wanted = self.func.place_info(place).name.clone();
        let name = self.names.fresh(Some(&wanted));
        self.places.insert(place, name.clone());
        name
    }

    pub(super) fn tape(&mut self, tape: TapeId) -> Ident {
        if let Some(name) = self.tapes.get(&tape) {
            return name.clone();
        }
        let name = self.names.fresh(Some(&Ident::new("tape", Span::mixed_site())));
        self.tapes.insert(tape, name.clone());
        name
    }

    pub(super) fn rank(&self, part: &Part) -> usize {
        self.func.place_info(part.place).dims.len() - part.index.len()
    }

    pub(super) fn part(&mut self, part: &Part) -> TokenStream {
        let name = self.place(part.place);
        let mut tokens = quote!(#name);
        for &index in &part.index {
            let index = self.expr(index).tokens;
            tokens = quote!(#tokens[#index]);
        }
        tokens
    }

    /// A part as a place that can be copied as a whole.
    pub(super) fn copied(&mut self, part: &Part) -> TokenStream {
        let tokens = self.part(part);
        let by_reference =
            part.index.is_empty() && (self.outputs.contains(&part.place) || !self.func.place_info(part.place).by_value);
        if by_reference { quote!(*#tokens) } else { tokens }
    }

    pub(super) fn dims(&self, part: &Part) -> Vec<Dim> {
        self.func.place_info(part.place).dims[part.index.len()..].to_vec()
    }

    /// `[[value; C]; R]`
    pub(super) fn nested(value: &TokenStream, dims: &[Dim]) -> TokenStream {
        dims.iter().rev().fold(value.clone(), |inner, dim| match dim {
            Dim::Fixed(len) => quote!([#inner; #len]),
            Dim::Dynamic => inner,
        })
    }

    pub(super) fn alloc(&mut self, place: PlaceId, init: &Init, lines: &mut Vec<Line>) {
        let info = self.func.place_info(place).clone();
        let whole = Part::whole(place);
        let value = match init {
            Init::Fill(val) => {
                let expr = self.expr(*val);
                if matches!(info.dims.first(), Some(Dim::Dynamic)) {
                    let elem = Self::nested(&expr.tokens, &info.dims[1..]);
                    let len = info.like.map(|like| self.place(like));
                    let runtime = &self.runtime;
                    quote!(#runtime::__private::vec![#elem; #len.len()])
                } else {
                    Self::nested(&expr.tokens, &info.dims)
                }
            }
            Init::Elements(vals) => {
                let items: Vec<TokenStream> = vals.iter().map(|&v| self.expr(v).tokens).collect();
                quote!([#(#items),*])
            }
            Init::Rows(rows) => {
                let items: Vec<TokenStream> = rows.iter().map(|row| self.copied(row)).collect();
                quote!([#(#items),*])
            }
            Init::Copy(from) => self.copied(from),
        };
        let float = self.float();
        let ty = if matches!(info.dims.first(), Some(Dim::Dynamic)) {
            TokenStream::new()
        } else {
            let ty = Self::nested(&quote!(#float), &info.dims);
            quote!(: #ty)
        };
        let name = self.place(whole.place);
        let mutability = self.written.contains(&place).then(|| quote!(mut));
        lines.push(Line::Other(quote!(let #mutability #name #ty = #value;)));
    }

    pub(super) fn copy(&mut self, to: &Part, from: &Part) -> TokenStream {
        if matches!(self.dims(to).first(), Some(Dim::Dynamic)) {
            let (to, from) = (self.part(to), self.part(from));
            return quote!(#to.copy_from_slice(&#from[..]););
        }
        let (to, from) = (self.copied(to), self.copied(from));
        quote!(#to = #from;)
    }

    pub(super) fn fill(&mut self, part: &Part, val: Val) -> TokenStream {
        let to = self.part(part);
        let value = self.expr(val).tokens;
        let dims = self.dims(part);
        let elem = Self::nested(&value, dims.get(1..).unwrap_or_default());
        quote!(#to.fill(#elem);)
    }

    /// `to += scale * from`, element by element.
    pub(super) fn add_scaled(&mut self, to: &Part, from: &Part, scale: Option<Val>) -> TokenStream {
        let dims = self.dims(to);
        let (mut a, mut b) = (self.part(to), self.part(from));
        let counters: Vec<Ident> = (0..dims.len()).map(|k| Ident::new(&format!("i{k}"), Span::mixed_site())).collect();
        let lens: Vec<TokenStream> = dims
            .iter()
            .map(|dim| match dim {
                Dim::Fixed(len) => quote!((#len)),
                Dim::Dynamic => quote!(#b.len()),
            })
            .collect();
        for i in &counters {
            a = quote!(#a[#i]);
            b = quote!(#b[#i]);
        }
        let mut tokens = match scale {
            Some(scale) => {
                let scale = self.expr(scale).at(Level::Product);
                quote!(#a += #scale * #b;)
            }
            None => quote!(#a += #b;),
        };
        for (i, len) in counters.iter().zip(lens).rev() {
            tokens = quote!(for #i in 0..#len { #tokens });
        }
        tokens
    }

    /// `to += value`, or `to -= …` where the value is a negation.
    pub(super) fn increase(&self, to: &TokenStream, val: Val) -> TokenStream {
        let value = self.expr(val);
        let mut tokens = value.tokens.clone().into_iter();
        if value.level == Level::Unary && matches!(tokens.next(), Some(TokenTree::Punct(p)) if p.as_char() == '-') {
            let rest = unparenthesised(tokens.collect());
            return quote!(#to -= #rest;);
        }
        let value = value.tokens;
        quote!(#to += #value;)
    }
}
