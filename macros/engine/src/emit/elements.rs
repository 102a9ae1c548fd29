//! What is done to all elements of arrays: sums, copies, fills, lengths, and additions to numbers among them.

use super::Emitter;
use super::array::{nested, zeros_of};
use super::expression::Level;
use super::statement::unparenthesised;
use crate::ir::{Dim, Part, Storage, Ty, Val};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

impl Emitter<'_> {
    /// The sum of all elements.
    pub(super) fn sum_of(&mut self, part: &Part) -> TokenStream {
        let mut tokens = self.part(part);
        if self.rank(part) == 0 {
            return tokens;
        }
        tokens = quote!(#tokens.iter());
        for _ in 1..self.rank(part) {
            tokens = quote!(#tokens.flatten());
        }
        if self.is_generic() || self.func.place_info(part.place).lanes {
            let zero = self.zero_of(self.element_type(part.place));
            return quote!(#tokens.fold(#zero, |sum, &value| sum + value));
        }
        let float = self.number_type(Ty::Float);
        quote!(#tokens.sum::<#float>())
    }

    /// The sum of the products of two arrays' elements.
    pub(super) fn dot(&mut self, a: &Part, b: &Part) -> TokenStream {
        if self.rank(a) == 0 {
            let (a, b) = (self.part(a), self.part(b));
            return quote!((#b * #a));
        }
        let mut all = [a, b].map(|part| {
            let tokens = self.part(part);
            quote!(#tokens.iter())
        });
        for _ in 1..self.rank(a) {
            all = all.map(|tokens| quote!(#tokens.flatten()));
        }
        let zero = self.zero_of(self.element_type(b.place));
        let [a, b] = all;
        quote!(#a.zip(#b).fold(#zero, |sum, (&a, &b)| sum + b * a))
    }

    /// A `Vec` gets the shape of an array.
    pub(super) fn reshape(&mut self, part: &Part, like: &Part) -> TokenStream {
        let zero = self.zero_of(self.element_type(part.place));
        let (to, from) = (self.part(part), self.part(like));
        if self.func.holds_structs(part) {
            let (known, runtime) = (self.names.fresh(None), &self.runtime);
            return quote! {{
                #to.truncate(#from.len());
                let #known = #to.len();
                #to.extend(#from[#known..].iter().map(#runtime::Differentiable::zero_like));
            }};
        }
        match self.func.dims(part).get(1..) {
            Some(rows @ [_, ..]) => {
                let known = self.names.fresh(None);
                let zeros = zeros_of(&quote!(#from[#known..]), &[&[Dim::Dynamic], rows].concat(), &zero, &self.runtime);
                quote! {{
                    #to.truncate(#from.len());
                    let #known = #to.len();
                    #to.extend(#zeros);
                }}
            }
            _ => quote!(#to.resize(#from.len(), #zero);),
        }
    }

    pub(super) fn copy(&mut self, to: &Part, from: &Part) -> TokenStream {
        if self.func.holds_structs(to) {
            let value = self.copied(from);
            let target = self.part(to);
            if self.is_cell(to) || (to.is_whole() && self.func.place_info(to.place).storage == Storage::Result) {
                return quote!(#target = ::core::option::Option::Some(#value););
            }
            return if self.by_reference(to) { quote!(*#target = #value;) } else { quote!(#target = #value;) };
        }
        if !self.func.fixed(to) || !self.func.fixed(from) {
            return self.copy_slice(to, from);
        }
        let (to, from) = (self.copied(to), self.copied(from));
        quote!(#to = #from;)
    }

    /// A copy between slices; those of one array are at most two halves of it.
    fn copy_slice(&mut self, to: &Part, from: &Part) -> TokenStream {
        let (target, source) = (self.part(to), self.part(from));
        let vec = matches!(self.dims(to).first(), Some(Dim::Dynamic));
        if vec && to.is_whole() && self.func.place_info(to.place).storage == Storage::Result {
            return quote!(#target = #source.to_vec(););
        }
        let flat = self.dims(to).get(1..).is_none_or(Dim::all_fixed);
        if to.place == from.place {
            let kept = self.names.fresh(None);
            return quote! {{
                let #kept = #source.to_vec();
                #target.clone_from_slice(&#kept);
            }};
        }
        if flat {
            quote!(#target.copy_from_slice(&#source[..]);)
        } else {
            quote!(#target.clone_from_slice(&#source[..]);)
        }
    }

    pub(super) fn fill(&mut self, part: &Part, val: Val) -> TokenStream {
        if self.func.holds_structs(part) {
            return self.clear_structs(part);
        }
        let mut to = self.part(part);
        let value = self.expr(val).tokens;
        let dims = self.dims(part);
        if dims.is_empty() {
            return self.assignment(&to, &value);
        }
        // Rows of any length are filled one by one.
        let ragged = dims.iter().rposition(|dim| matches!(dim, Dim::Dynamic)).unwrap_or(0);
        let counters: Vec<Ident> = (0..ragged).map(counter).collect();
        let mut ranges = Vec::new();
        for (i, dim) in counters.iter().zip(&dims) {
            ranges.push(extent(dim, &to));
            to = quote!(#to[#i]);
        }
        let elem = nested(&value, dims.get(ragged + 1..).unwrap_or_default());
        let fill = quote!(#to.fill(#elem););
        counters.iter().zip(ranges).rev().fold(fill, |inner, (i, n)| quote!(for #i in 0..#n { #inner }))
    }

    /// All numbers in structs become zero.
    fn clear_structs(&mut self, part: &Part) -> TokenStream {
        let (dims, runtime) = (self.dims(part), self.runtime.clone());
        let mut to = self.part(part);
        let mut lens = Vec::new();
        for (k, dim) in dims.iter().enumerate() {
            let i = counter(k);
            lens.push((extent(dim, &to), i.clone()));
            to = quote!(#to[#i]);
        }
        let lent = if part.is_whole() && self.outputs.contains(&part.place) && dims.is_empty() {
            quote!(&mut *#to)
        } else {
            quote!(&mut #to)
        };
        let clear = if self.of_tensors() {
            quote!(#runtime::__private::Tensor::clear(#lent);)
        } else {
            quote!(#runtime::Differentiable::restore_each(#lent, &mut || 0.0);)
        };
        lens.into_iter().rev().fold(clear, |inner, (n, i)| quote!(for #i in 0..#n { #inner }))
    }

    /// `to += scale * from`, element by element.
    pub(super) fn add_scaled(&mut self, to: &Part, from: &Part, scale: Option<Val>) -> TokenStream {
        let dims = self.dims(to);
        let (mut a, mut b) = (self.part(to), self.part(from));
        let counters: Vec<Ident> = (0..dims.len()).map(counter).collect();
        let mut lens = Vec::new();
        for (i, dim) in counters.iter().zip(&dims) {
            lens.push(extent(dim, &b));
            a = quote!(#a[#i]);
            b = quote!(#b[#i]);
        }
        let mut tokens = if self.func.holds_structs(to) {
            let (runtime, whole) = (self.runtime.clone(), |p: &Part| p.is_whole() && dims.is_empty());
            let named = |l: &Self, p: &Part| whole(p) && l.outputs.contains(&p.place);
            let to = if named(self, to) { quote!(&mut *#a) } else { quote!(&mut #a) };
            let given = whole(from) && !self.func.place_info(from.place).by_value;
            let from = if named(self, from) || given { quote!(&*#b) } else { quote!(&#b) };
            match scale {
                Some(scale) => {
                    let scale = self.expr(scale).tokens;
                    if self.of_tensors() {
                        quote!(#runtime::__private::Tensor::add_scaled(#to, #from, #scale);)
                    } else {
                        quote!(#runtime::__private::add_scaled(#to, #from, #scale);)
                    }
                }
                None => {
                    let of = self.differentiable();
                    quote!(#of::accumulate(#to, #from);)
                }
            }
        } else {
            let term = match scale {
                Some(scale) => {
                    let scale = self.expr(scale);
                    if self.func.place_info(from.place).lanes {
                        let scale = scale.at(Level::Cast);
                        quote!(#b * #scale)
                    } else {
                        let scale = scale.at(Level::Product);
                        quote!(#scale * #b)
                    }
                }
                None => b,
            };
            self.assignment(&a, &quote!(#a + #term))
        };
        for (i, len) in counters.iter().zip(lens).rev() {
            tokens = quote!(for #i in 0..#len { #tokens });
        }
        tokens
    }

    /// `to += value`, or `to -= …` where the value is a negation.
    pub(super) fn increase(&self, to: &TokenStream, val: Val) -> TokenStream {
        let value = self.expr(val);
        let to = unparenthesised(to.clone());
        let mut tokens = value.tokens.clone().into_iter();
        if value.level == Level::Unary && matches!(tokens.next(), Some(TokenTree::Punct(p)) if p.as_char() == '-') {
            let rest = tokens.collect();
            if !self.has_compound() {
                return quote!(#to = #to - #rest;);
            }
            let rest = unparenthesised(rest);
            return quote!(#to -= #rest;);
        }
        if !self.has_compound() {
            let value = value.at(Level::Product);
            return quote!(#to = #to + #value;);
        }
        let value = value.tokens;
        quote!(#to += #value;)
    }
}

/// The name of the `k`th counter of a nest of loops.
fn counter(k: usize) -> Ident {
    Ident::new(&format!("i{k}"), Span::mixed_site())
}

/// How many elements there are along the first dimension of an array.
fn extent(dim: &Dim, array: &TokenStream) -> TokenStream {
    match dim {
        Dim::Fixed(len) => quote!((#len)),
        Dim::Inferred | Dim::Dynamic => quote!(#array.len()),
    }
}
