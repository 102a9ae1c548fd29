//! Arrays: their names, parts, beginnings, and what is done to all elements.

use super::call::is_array;
use super::expression::Level;
use super::statement::unparenthesised;
use super::{Emitter, Line};
use crate::ir::{Content, Dim, Field, Init, Made, Member, Part, PlaceId, Step, Storage, Ty, Val};
use crate::lower::lent;
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
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

    pub(super) fn rank(&self, part: &Part) -> usize {
        self.func.rank(part)
    }

    pub(super) fn part(&mut self, part: &Part) -> TokenStream {
        let view = self.views.iter().filter(|(view, _)| view.place == part.place && part.path.starts_with(&view.path));
        let (name, known) = match view.max_by_key(|(view, _)| view.path.len()) {
            Some((view, name)) => (name.clone(), view.path.len()),
            None => (self.place(part.place), 0),
        };
        let mut tokens = quote!(#name);
        for step in &part.path[known..] {
            tokens = match step {
                Step::At(index) => {
                    let index = self.expr(*index).tokens;
                    quote!(#tokens[#index])
                }
                Step::Range(lo, hi) => {
                    let (lo, hi) = (self.expr(*lo).at(Level::Sum), self.expr(*hi).at(Level::Sum));
                    let lo = from(lo);
                    quote!(#tokens[#lo..#hi])
                }
                // What ends with the array does not ask for its length while the array is borrowed.
                Step::From(lo) => {
                    let lo = from(self.expr(*lo).at(Level::Sum));
                    quote!(#tokens[#lo..])
                }
                Step::Field(Field { member: Member::Elements, .. }) => tokens,
                Step::Field(field) => {
                    let member = &field.member;
                    quote!(#tokens.#member)
                }
            };
        }
        tokens
    }

    /// `&part` is made, which panics if it is out of bounds. Of what never changes, it keeps its name.
    pub(super) fn view(&mut self, part: &Part, name: &Ident, lines: &mut Vec<Line>) {
        let tokens = self.part(part);
        if self.func.place_info(part.place).storage != Storage::Param || self.written.contains(&part.place) {
            return lines.push(Line::Other(quote!(let _ = &#tokens;)));
        }
        let name = self.names.fresh(Some(name));
        lines.push(Line::Other(quote!(let #name = &#tokens;)));
        self.views.push((part.clone(), name));
    }

    /// A part as a place that can be copied as a whole.
    pub(super) fn copied(&mut self, part: &Part) -> TokenStream {
        if self.is_cell(part) {
            let cell = self.part(part);
            return quote!(#cell.unwrap());
        }
        if self.func.holds_structs(part) {
            return self.of_structs("duplicate", part);
        }
        let tokens = self.part(part);
        if !self.func.fixed(part) {
            return quote!(#tokens.to_vec());
        }
        if self.by_reference(part) { quote!(*#tokens) } else { tokens }
    }

    /// Whether a name stands for a reference to the array. A companion may have made the buffer of a result itself.
    fn by_reference(&self, part: &Part) -> bool {
        let info = self.func.place_info(part.place);
        let given = !info.by_value && info.storage != Storage::Output;
        part.is_whole() && (given || self.outputs.contains(&part.place))
    }

    /// Whether a struct is there only when an arm has made it.
    fn is_cell(&self, part: &Part) -> bool {
        part.is_whole() && self.func.place_info(part.place).storage == Storage::Cell
    }

    pub(super) fn dims(&self, part: &Part) -> Vec<Dim> {
        self.func.dims(part)
    }

    pub(super) fn alloc(&mut self, place: PlaceId, init: &Init, lines: &mut Vec<Line>) {
        let info = self.func.place_info(place).clone();
        let whole = Part::whole(place);
        let runtime = self.runtime.clone();
        let vec = matches!(info.dims.first(), Some(Dim::Dynamic)).then(|| quote!(#runtime::__private::vec!));
        if self.is_cell(&whole) {
            let name = self.place(place);
            return lines.push(Line::Other(quote!(let mut #name = ::core::option::Option::None;)));
        }
        let value = match init {
            Init::Fill(val) => nested(&self.expr(*val).tokens, &info.dims),
            Init::Repeat(val, len) => {
                let (value, len) = (self.expr(*val).tokens, self.expr(*len).tokens);
                quote!(#runtime::__private::vec![#value; #len])
            }
            Init::RepeatRow(row, len) => {
                let (row, len) = (self.copied(row), self.expr(*len).tokens);
                quote!(#runtime::__private::vec![#row; #len])
            }
            Init::Like(from) => self.zeros_like(from, self.element_type(place)),
            Init::Empty => quote!(#runtime::__private::Vec::new()),
            Init::Elements(vals) => {
                let items: Vec<TokenStream> = vals.iter().map(|&v| self.expr(v).tokens).collect();
                quote!(#vec[#(#items),*])
            }
            Init::Rows(rows) => {
                let items: Vec<TokenStream> = rows.iter().map(|row| self.copied(row)).collect();
                quote!(#vec[#(#items),*])
            }
            Init::Returned(returned) => {
                let (from, member) = (self.expr(returned.from).tokens, returned.member.map(Literal::usize_unsuffixed));
                let taken = member.map_or_else(|| quote!(#from), |k| quote!(#from.#k));
                // What the value is, its tangent is.
                let own = info.storage == Storage::Local && info.record.is_none();
                let guessed = own && matches!(info.dims.first(), Some(Dim::Inferred));
                match returned.number {
                    true => quote!([#taken]),
                    false if returned.borrowed && vec.is_some() => quote!(#taken.to_vec()),
                    false if returned.borrowed => quote!(#taken.clone()),
                    false if guessed => is_array(taken, self.func.info(returned.from).span, &runtime),
                    false => taken,
                }
            }
            Init::Copy(from) if vec.is_some() && info.record.is_none() => {
                let from = self.part(from);
                quote!(#from.to_vec())
            }
            Init::Copy(from) => self.copied(from),
            Init::Members(made) => self.made(made),
        };
        let elem = info.record.unwrap_or_else(|| self.number_type(self.element_type(place)));
        let ty = owned(&elem, &info.dims, &runtime);
        let name = self.place(whole.place);
        let mutability = self.written.contains(&place).then(|| quote!(mut));
        lines.push(Line::Other(quote!(let #mutability #name: #ty = #value;)));
        let typed = !(info.growing && matches!(init, Init::Empty));
        let checks = if typed { self.checks(|checked| checked == place) } else { TokenStream::new() };
        if !checks.is_empty() {
            lines.push(Line::Other(checks));
        }
    }

    /// A struct or a tuple, of its members.
    fn made(&mut self, made: &Made) -> TokenStream {
        let contents: Vec<TokenStream> = made
            .members
            .iter()
            .map(|(_, content)| match content {
                Content::Number(val) | Content::Other(val) => self.expr(*val).tokens,
                Content::Part(part) => self.member(part),
            })
            .collect();
        match &made.path {
            None => quote!((#(#contents,)*)),
            Some(path) => {
                let names = made.members.iter().map(|(field, _)| &field.member);
                quote!(#path { #(#names: #contents),* })
            }
        }
    }

    /// A copy of a part as a member of a struct. Whether a field is an array or a `Vec` is not known here.
    fn member(&mut self, part: &Part) -> TokenStream {
        let field = part.path.iter().any(|step| matches!(step, Step::Field(_)));
        let view = matches!(part.path.last(), Some(Step::Range(..) | Step::From(_)));
        if !field || view || self.func.holds_structs(part) {
            return self.copied(part);
        }
        let tokens = self.part(part);
        let of = self.differentiable();
        quote!(#of::duplicate(&#tokens))
    }

    /// The sum of all elements.
    pub(super) fn sum_of(&mut self, part: &Part) -> TokenStream {
        let mut tokens = self.part(part);
        tokens = quote!(#tokens.iter());
        for _ in 1..self.rank(part) {
            tokens = quote!(#tokens.flatten());
        }
        if self.func.width.is_generic() || self.func.place_info(part.place).lanes {
            let zero = self.zero_of(self.element_type(part.place));
            return quote!(#tokens.fold(#zero, |sum, &value| sum + value));
        }
        let float = self.float();
        quote!(#tokens.sum::<#float>())
    }

    /// The sum of the products of two arrays' elements.
    pub(super) fn dot(&mut self, a: &Part, b: &Part) -> TokenStream {
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

    /// `&part`
    pub(super) fn shared(&mut self, part: &Part) -> TokenStream {
        let tokens = self.part(part);
        if part.is_whole() && self.outputs.contains(&part.place) {
            quote!(&*#tokens)
        } else if part.is_whole() && !self.func.place_info(part.place).by_value {
            tokens
        } else {
            quote!(&#tokens)
        }
    }

    /// What the runtime makes of a struct, or of each in an array of them: by a method of `Differentiable`.
    fn of_structs(&mut self, method: &str, part: &Part) -> TokenStream {
        let (shared, runtime) = (self.shared(part), self.runtime.clone());
        let lent = lent::methods(self.func.place_info(part.place).record.as_ref(), &runtime);
        let of = lent.unwrap_or_else(|| self.differentiable());
        let method = Ident::new(method, Span::call_site());
        if matches!(self.func.dims(part).first(), Some(Dim::Dynamic)) {
            return quote!(#runtime::__private::each(#shared, #of::#method));
        }
        quote!(#of::#method(#shared))
    }

    /// The trait of what is taken for a struct. A type parameter without a bound has none with derivatives: there it is an array.
    fn differentiable(&self) -> TokenStream {
        let runtime = &self.runtime;
        if self.of_tensors() { quote!(#runtime::__private::Tensor) } else { quote!(#runtime::Differentiable) }
    }

    fn of_tensors(&self) -> bool {
        self.func.width.is_generic() && !self.func.bounded
    }

    /// Zeros in the shape of a part.
    fn zeros_like(&mut self, from: &Part, ty: Ty) -> TokenStream {
        if self.func.holds_structs(from) {
            return self.of_structs("zero_like", from);
        }
        let tokens = self.part(from);
        let zero = self.zero_of(ty);
        zeros_of(&tokens, &self.func.dims(from), &zero, &self.runtime)
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

/// The start of a range.
fn from(lo: TokenStream) -> TokenStream {
    if lo.to_string() == "0" { TokenStream::new() } else { lo }
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

/// The type of an array that owns its elements.
pub(crate) fn owned(elem: &TokenStream, dims: &[Dim], runtime: &TokenStream) -> TokenStream {
    dims.iter().rev().fold(elem.clone(), |inner, dim| match dim {
        Dim::Fixed(len) => quote!([#inner; #len]),
        Dim::Inferred => quote!([#inner; _]),
        Dim::Dynamic => quote!(#runtime::__private::Vec<#inner>),
    })
}

/// `[[value; C]; R]`
pub(crate) fn nested(value: &TokenStream, dims: &[Dim]) -> TokenStream {
    dims.iter().rev().fold(value.clone(), |inner, dim| match dim {
        Dim::Fixed(len) => quote!([#inner; #len]),
        Dim::Inferred => quote!([#inner; _]),
        Dim::Dynamic => inner,
    })
}

/// Zeros in the shape of what `tokens` are: the lengths of rows are theirs.
pub(crate) fn zeros_of(tokens: &TokenStream, dims: &[Dim], zero: &TokenStream, runtime: &TokenStream) -> TokenStream {
    let row = Ident::new("row", Span::mixed_site());
    let inferred = |dims: &[Dim]| dims.iter().any(|dim| matches!(dim, Dim::Inferred));
    match dims.split_first() {
        // Nothing else may tell its length.
        Some((Dim::Inferred, rest)) => {
            let elem = zeros_of(&quote!(#row), rest, zero, runtime);
            quote!(#tokens.map(|#row| #elem))
        }
        Some((Dim::Dynamic, rest)) if Dim::all_fixed(rest) && !inferred(rest) => {
            let elem = nested(zero, rest);
            quote!(#runtime::__private::vec![#elem; #tokens.len()])
        }
        Some((Dim::Dynamic, rest)) => {
            let elem = zeros_of(&quote!(#row), rest, zero, runtime);
            quote!(#tokens.iter().map(|#row| #elem).collect::<#runtime::__private::Vec<_>>())
        }
        Some((Dim::Fixed(_), rest)) if !Dim::all_fixed(rest) || inferred(rest) => {
            let elem = zeros_of(&quote!(#tokens[#row]), rest, zero, runtime);
            quote!(::core::array::from_fn(|#row| #elem))
        }
        _ => nested(zero, dims),
    }
}
