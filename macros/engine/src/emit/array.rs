//! Arrays: their names, parts and beginnings.

use super::call::is_array;
use super::expression::Level;
use super::{Emitter, Line};
use crate::ir::{Content, Dim, Field, Init, Made, Member, Part, PlaceId, Step, Storage, Ty};
use crate::lower::lent;
use proc_macro2::{Ident, Literal, Span, TokenStream};
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
        let mut tokens = if self.is_behind_reference(part) { quote!((*#name)) } else { quote!(#name) };
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

    /// Whether what a part is written as is a reference to the array. One to a number is followed there.
    pub(super) fn by_reference(&self, part: &Part) -> bool {
        part.is_whole() && !self.func.is_number(part) && self.named_by_reference(part)
    }

    /// Whether a part is a number that its name is a reference to.
    pub(super) fn is_behind_reference(&self, part: &Part) -> bool {
        part.is_whole() && self.func.is_number(part) && self.named_by_reference(part)
    }

    /// Whether the name of a part's array stands for a reference to it. A companion may have made the buffer of a result itself.
    fn named_by_reference(&self, part: &Part) -> bool {
        let info = self.func.place_info(part.place);
        let given = !info.by_value && info.storage != Storage::Output;
        given || self.outputs.contains(&part.place)
    }

    /// Whether a struct is there only when an arm has made it.
    pub(super) fn is_cell(&self, part: &Part) -> bool {
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
                let (from, member) = (self.expr(returned.from), returned.member.map(Literal::usize_unsuffixed));
                let from = if returned.borrowed { from.at(Level::Atom) } else { from.tokens };
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

    /// `&part`
    pub(super) fn shared(&mut self, part: &Part) -> TokenStream {
        let tokens = self.part(part);
        if self.func.is_number(part) {
            quote!(&#tokens)
        } else if part.is_whole() && self.outputs.contains(&part.place) {
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
    pub(super) fn differentiable(&self) -> TokenStream {
        let runtime = &self.runtime;
        if self.of_tensors() { quote!(#runtime::__private::Tensor) } else { quote!(#runtime::Differentiable) }
    }

    pub(super) fn of_tensors(&self) -> bool {
        self.func.width.main().is_generic() && !self.func.bounded
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
}

/// The start of a range.
fn from(lo: TokenStream) -> TokenStream {
    if lo.to_string() == "0" { TokenStream::new() } else { lo }
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
