//! A Jacobian row by row: for each output, a cotangent that is one there and zero elsewhere goes through reverse mode. The partial
//! derivatives are written where the row is. The function runs once for each row, on what its buffers held before.

use super::jacobian::{flattened, is_list};
use super::{Frame, FrameParam, stub};
use crate::emit::Given;
use crate::emit::array::{owned, zeros_of};
use crate::emit::body;
use crate::ir::{Dim, Layout};
use crate::lower::signature::Outcome;
use crate::reverse::Gradient;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};
use syn::Path;

/// Types that are `Copy`.
const NUMBERS: &[&str] = &[
    "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "bool", "char", "f32",
    "f64",
];

/// What a row is computed by.
pub(super) enum RowsBy<'a> {
    /// The product with a cotangent.
    Derivative(&'a Gradient),
    /// The same, written by hand.
    Rule(&'a Path),
}

/// What the body of the loop over rows is made of.
struct Rows<'a> {
    /// The Jacobian.
    matrix: &'a Ident,
    /// The number of the row.
    row: Ident,
    /// For each output, how many rows are before and with it.
    ends: Vec<TokenStream>,
    /// What the function has returned, where the lengths are those of that.
    first: Option<Ident>,
}

impl Frame {
    pub(super) fn by_rows(&self, rows: &RowsBy<'_>, matrix: &Ident) -> TokenStream {
        let [row, first, done, count] = ["row", "first", "value", "rows"].map(|name| self.beside(name));
        let outputs = self.outputs();
        let lengths_are_found = !matches!(self.outcome, Outcome::Nothing) && !outputs.iter().all(is_fixed);
        let first = lengths_are_found.then_some(first);
        let ends = (1..=outputs.len()).map(|k| self.rows_of(&outputs[..k], first.as_ref())).collect();
        let parts = Rows { matrix, row, ends, first };
        let Some(all) = parts.ends.last() else { return stub() };
        let (keep, again) = self.kept_buffers();
        let run = self.run();
        let attempt = self.attempt();
        let find = parts.first.as_ref().map(|first| quote!(let #first = #run #attempt;));
        let resize = self.resize(&parts);
        let inner = self.row_body(rows, &parts);
        let changing = self.changing();
        let (row, result) = (&parts.row, self.wrapped(&quote!(#done)));
        // Without a row there is still a value.
        let nothing = match &parts.first {
            Some(first) => Some(quote!(let #done = #first;)),
            None if outputs.iter().all(is_fixed) => None,
            None => Some(quote!(let #done = #run #attempt;)),
        };
        let nothing = nothing.map(|value| quote!(if #count == 0 { #value return #result; }));
        quote! {
            #keep
            #find
            let #count = #all;
            #resize
            #nothing
            let mut #row = 0_usize;
            loop {
                #again
                #changing
                let #done = { #inner };
                #row += 1;
                if #row == #count {
                    return #result;
                }
            }
        }
    }

    /// How many rows there are, by running the function if that has to be.
    pub(super) fn counted_rows(&self) -> TokenStream {
        let outputs = self.outputs();
        if matches!(self.outcome, Outcome::Nothing) || outputs.iter().all(is_fixed) {
            return self.rows_of(&outputs, None);
        }
        let (first, run, attempt) = (self.beside("first"), self.run(), self.attempt());
        let all = self.rows_of(&outputs, Some(&first));
        quote!({ let #first = #run #attempt; #all })
    }

    /// Whether what it is called with is still there behind a run.
    #[must_use]
    pub fn keeps_its_arguments(&self) -> bool {
        let plain = |p: &FrameParam| match &p.receiver {
            Some(receiver) => receiver.to_string().starts_with('&'),
            None => {
                let floats = p.layout.as_ref().is_some_and(|layout| layout.record.is_none());
                p.by_reference || floats || NUMBERS.contains(&p.ty.to_string().as_str())
            }
        };
        self.params.iter().all(plain) && self.params.iter().all(|p| p.name != self.name)
    }

    /// The function's own value.
    pub(super) fn run(&self) -> TokenStream {
        let callee = self.callee(&self.name);
        let arguments = self.params.iter().filter(|p| p.receiver.is_none()).map(given_again);
        quote!(#callee(#(#arguments),*))
    }

    /// How many rows these outputs have.
    pub(super) fn rows_of(&self, outputs: &[Layout], first: Option<&Ident>) -> TokenStream {
        let runtime = &self.runtime;
        let buffers: Vec<&Ident> = self.buffers().map(|(p, _)| &p.name).collect();
        let several = self.outputs().len() > 1;
        let each = outputs.iter().enumerate().map(|(k, layout)| {
            let of = match (buffers.get(k), first) {
                (Some(buffer), _) if matches!(self.outcome, Outcome::Nothing) => quote!((*#buffer)),
                (_, Some(first)) if several => {
                    let k = Literal::usize_unsuffixed(k);
                    quote!(#first.#k)
                }
                (_, first) => quote!(#first),
            };
            if layout.record.is_some() {
                return quote!(#runtime::__private::count(&#of));
            }
            let lens = layout.dims.iter().map(|dim| match dim {
                Dim::Fixed(len) => quote!((#len)),
                Dim::Inferred | Dim::Dynamic => quote!(#of.len()),
            });
            lens.reduce(|a, b| quote!(#a * #b)).unwrap_or_else(|| quote!(1))
        });
        quote!(#(#each)+*)
    }

    /// `Vec`s get as many elements as there are rows.
    fn resize(&self, parts: &Rows<'_>) -> TokenStream {
        let mut resized = TokenStream::new();
        let mut output = 0;
        for (k, group) in self.groups().iter().enumerate() {
            let of = self.outputs()[output..output + group.members].to_vec();
            let before = self.outputs()[..output].len();
            let count = if before == 0 {
                self.rows_of(&of, parts.first.as_ref())
            } else {
                let (end, start) = (&parts.ends[output + group.members - 1], &parts.ends[output - 1]);
                quote!((#end) - (#start))
            };
            output += group.members;
            let matrix = self.matrix_of(parts.matrix, k);
            if !self.in_blocks() {
                if matches!(group.dims.first(), Some(Dim::Dynamic)) {
                    let rest = rest_of(&group.dims);
                    let row = self.shaped(&self.wrt().map(|(p, l)| self.zeros(p, l)).collect::<Vec<_>>());
                    let row = nest(&row, &group.dims[1..]);
                    resized.extend(quote!(#matrix.resize_with((#count) / (#rest), || #row);));
                }
                continue;
            }
            for (at, (p, layout)) in self.wrt().enumerate() {
                let block = self.block(&matrix, at);
                if is_list(layout) {
                    let (zero, n) = (self.zero(), elements(p, layout));
                    resized.extend(quote!(#block.resize((#count) * (#n), #zero);));
                } else if matches!(group.dims.first(), Some(Dim::Dynamic)) {
                    let (rest, zeros) = (rest_of(&group.dims), nest(&self.zeros(p, layout), &group.dims[1..]));
                    resized.extend(quote!(#block.resize_with((#count) / (#rest), || #zeros);));
                }
            }
        }
        resized
    }

    /// The block of a parameter.
    fn block(&self, matrix: &TokenStream, parameter: usize) -> TokenStream {
        if self.wrt().count() == 1 {
            return matrix.clone();
        }
        let parameter = Literal::usize_unsuffixed(parameter);
        quote!(#matrix.#parameter)
    }

    /// A row: seeds, its place, the body.
    fn row_body(&self, by: &RowsBy<'_>, parts: &Rows<'_>) -> TokenStream {
        let Rows { first, row, ends, .. } = parts;
        let (cotangents, names) = self.unit_cotangents(first.as_ref(), row, ends);
        let (targets, partials, put) = self.targets(parts);
        let rows = match by {
            RowsBy::Derivative(rows) => rows,
            RowsBy::Rule(rule) => {
                let inner = self.row_by_rule(rule, &names, &partials);
                let value = self.beside("value");
                return quote!(#cotangents #targets let #value = #inner; #put #value);
            }
        };
        let mut given = self.given(&rows.func);
        let reserved = ["jacobian", "row", "first", "value", "rows"].map(|name| self.beside(name));
        given.others.extend(reserved);
        let (mut start, results) = self.declare_results(&rows.func.results, "result", &mut given);
        start.extend(quote!(#cotangents #targets));
        self.bind_cotangents(rows, names, &mut given);
        let in_wrt = self.params.iter().zip(&rows.buffers).filter(|(param, _)| param.wrt.is_some());
        let mut scalars = Vec::new();
        for ((_, buffer), name) in in_wrt.zip(&partials) {
            match buffer {
                Some(buffer) => given.places.push((*buffer, name.clone(), true)),
                None => {
                    given.others.push(name.clone());
                    scalars.push(name.clone());
                }
            }
        }
        let inner = body(&rows.func, &given, &self.runtime, &|vals| {
            let value = self.result_of(&results, vals.first());
            quote!(#(*#scalars = #vals;)* #put #value)
        });
        quote!(#start #inner)
    }

    fn bind_cotangents(&self, rows: &Gradient, names: Vec<(Ident, bool)>, given: &mut Given) {
        let nothing = matches!(self.outcome, Outcome::Nothing);
        let of_buffers: Vec<_> = self.params.iter().zip(&rows.buffers).filter(|(p, _)| p.buffer).collect();
        for (k, (name, lent)) in names.into_iter().enumerate() {
            let place = if nothing {
                of_buffers.get(k).and_then(|(_, place)| **place)
            } else {
                rows.cotangents.get(k).copied()
            };
            given.others.push(name.clone());
            given.places.extend(place.map(|place| (place, name, lent)));
        }
    }

    /// A cotangent for each output, of which the number of a row is one: what declares them, their names, and which of them are `&mut`.
    pub(super) fn unit_cotangents(
        &self,
        first: Option<&Ident>,
        row: &Ident,
        ends: &[TokenStream],
    ) -> (TokenStream, Vec<(Ident, bool)>) {
        let (runtime, zero) = (&self.runtime, self.zero());
        let (mut tokens, mut names) = (TokenStream::new(), Vec::new());
        let buffers: Vec<&FrameParam> = self.buffers().map(|(p, _)| p).collect();
        for (k, layout) in self.outputs().iter().enumerate() {
            let name = self.beside(&format!("cotangent{k}"));
            let nothing = matches!(self.outcome, Outcome::Nothing);
            let like = match (first, nothing) {
                (_, true) => {
                    let name = &buffers[k].name;
                    quote!((*#name))
                }
                (Some(first), _) if self.outputs().len() > 1 => {
                    let k = Literal::usize_unsuffixed(k);
                    quote!(#first.#k)
                }
                (first, _) => quote!(#first),
            };
            let before = if k == 0 { quote!(0) } else { ends[k - 1].clone() };
            let at = quote!(#row.wrapping_sub(#before));
            if layout.record.is_some() {
                tokens.extend(quote! {
                    let mut #name = #runtime::Differentiable::zero_like(&#like);
                    #runtime::__private::set_unit(&mut #name, #at);
                });
            } else if layout.is_number() && nothing {
                let one = self.one();
                tokens.extend(quote!(let mut #name = if #at == 0 { #one } else { #zero };));
            } else {
                let dims = if layout.is_number() { vec![Dim::Fixed(quote!(1))] } else { layout.dims.clone() };
                let (float, flat) = (self.float(), flattened(quote!(#name), dims.len() - 1, "as_flattened_mut"));
                let (ty, zeros) = (owned(&quote!(#float), &dims, runtime), zeros_of(&like, &dims, &zero, runtime));
                let one = self.one();
                tokens.extend(quote! {
                    let mut #name: #ty = #zeros;
                    if let ::core::option::Option::Some(one) = #flat.get_mut(#at) { *one = #one; }
                });
            }
            // As those that come with a call are, that of a buffer, or of a struct, is behind a reference.
            let lent = nothing || layout.record.is_some();
            tokens.extend(lent.then(|| quote!(let #name = &mut #name;)));
            names.push((name, lent));
        }
        (tokens, names)
    }

    /// One, as a value of its type.
    fn one(&self) -> TokenStream {
        let runtime = &self.runtime;
        if self.width.is_generic() { quote!(#runtime::__private::constant(1.0)) } else { quote!(1.0) }
    }

    /// Where the partial derivatives of a row go: what declares that, the names, and what has to be copied.
    fn targets(&self, parts: &Rows<'_>) -> (TokenStream, Vec<Ident>, TokenStream) {
        let names: Vec<Ident> = self.wrt().map(|(p, _)| self.beside(&format!("d{}", p.name))).collect();
        let wrt: Vec<(&FrameParam, &Layout)> = self.wrt().collect();
        let (mut tokens, mut put) = (TokenStream::new(), TokenStream::new());
        if self.in_blocks() {
            for (at, ((p, layout), name)) in wrt.iter().zip(&names).enumerate() {
                let ty = if is_list(layout) {
                    let float = self.float();
                    quote!([#float])
                } else {
                    self.owned(layout)
                };
                let target = self.row_of(parts, |matrix, dims, row| {
                    let block = self.block(matrix, at);
                    if !is_list(layout) {
                        return element(&block, dims, row);
                    }
                    let n = elements(p, layout);
                    quote!(#block[(#row) * (#n)..][..#n])
                });
                tokens.extend(quote!(let #name: &mut #ty = #target;));
                if is_list(layout) && layout.dims.len() > 1 {
                    // A row is one list of numbers, and its partial derivatives are arrays.
                    let (flat, ty, zeros) = (format_ident!("{}_row", name), self.owned(layout), self.zeros(p, layout));
                    let copy = flattened(quote!(#name), layout.dims.len() - 1, "as_flattened");
                    tokens.extend(quote!(let #flat = #name; let mut #name: #ty = #zeros; let #name = &mut #name[..];));
                    put.extend(quote!(#flat.copy_from_slice(#copy);));
                }
            }
        } else {
            let ty = self.shape();
            let target = self.row_of(parts, element);
            let whole = Ident::new("of_row", Span::mixed_site());
            tokens.extend(quote!(let #whole: &mut #ty = #target;));
            let pattern = match names.as_slice() {
                [one] => quote!(#one),
                several if self.has_arrays() => quote!((#(#several),*)),
                several => quote!([#(#several),*]),
            };
            tokens.extend(quote!(let #pattern = #whole;));
        }
        for ((p, layout), name) in wrt.iter().zip(&names) {
            tokens.extend(self.begin(p, &quote!(#name), layout));
        }
        (tokens, names, put)
    }

    /// `&mut` to the row in the matrix of its group.
    fn row_of(&self, parts: &Rows<'_>, one: impl Fn(&TokenStream, &[Dim], &TokenStream) -> TokenStream) -> TokenStream {
        let (row, groups) = (&parts.row, self.groups());
        let (mut arms, mut output) = (TokenStream::new(), 0);
        for (k, group) in groups.iter().enumerate() {
            let before = if output == 0 { quote!(0) } else { parts.ends[output - 1].clone() };
            output += group.members;
            let target = one(&self.matrix_of(parts.matrix, k), &group.dims, &quote!(#row - (#before)));
            if k + 1 == groups.len() {
                arms.extend(quote!({ &mut #target }));
            } else {
                let end = &parts.ends[output - 1];
                arms.extend(quote!(if #row < #end { &mut #target } else));
            }
        }
        arms
    }
}

/// An argument of a function that is called once more afterwards.
pub(super) fn given_again(p: &FrameParam) -> TokenStream {
    let name = &p.name;
    match (p.buffer, p.vec && !p.by_reference) {
        (true, _) => quote!(&mut *#name),
        (_, true) => quote!(#name.clone()),
        _ => quote!(#name),
    }
}

pub(super) fn is_fixed(layout: &Layout) -> bool {
    layout.record.is_none() && Dim::all_fixed(&layout.dims)
}

/// How many numbers there are in a slice.
fn elements(p: &FrameParam, layout: &Layout) -> TokenStream {
    let (name, rest) = (&p.name, rest_of(&layout.dims));
    quote!(#name.len() * (#rest))
}

/// An element of an array, by its number.
fn element(of: &TokenStream, dims: &[Dim], row: &TokenStream) -> TokenStream {
    if dims.is_empty() {
        return of.clone();
    }
    let flat = flattened(of.clone(), dims.len() - 1, "as_flattened_mut");
    quote!(#flat[#row])
}

/// An array of this, without a length that is known at run time.
fn nest(row: &TokenStream, dims: &[Dim]) -> TokenStream {
    dims.iter().fold(row.clone(), |row, _| quote!(::core::array::from_fn(|_| #row)))
}

/// How many there are in each element.
fn rest_of(dims: &[Dim]) -> TokenStream {
    let lens = dims.iter().skip(1).map(|dim| match dim {
        Dim::Fixed(len) => quote!((#len)),
        Dim::Inferred | Dim::Dynamic => quote!(_),
    });
    lens.reduce(|a, b| quote!(#a * #b)).unwrap_or_else(|| quote!(1))
}
