//! A Jacobian column by column, in forward mode: the directions are lanes. Of few columns, all are computed in one pass over the
//! function; of many, or of as many as a slice has elements, a few in each.

use super::Frame;
use super::columns::Columns;
use super::jacobian::{flattened, is_list};
use crate::emit::array::nested;
use crate::emit::body;
use crate::forward::Jvp;
use crate::ir::Dim;
use crate::lower::signature::Outcome;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// What a Jacobian of several passes is made of.
struct Passes<'a> {
    columns: &'a Columns<'a>,
    matrix: &'a Ident,
    tangents: &'a [Ident],
    start: &'a Ident,
}

impl Frame {
    pub(super) fn by_columns(&self, columns: &Columns<'_>, jacobian: &Jvp, matrix: &Ident) -> TokenStream {
        let mut given = self.given(&jacobian.func);
        let start = self.beside("start");
        given.others.extend([start.clone(), matrix.clone()]);
        let (values, names) = self.declare_results(&jacobian.func.results, "result", &mut given);
        let vectors = self.vector_names();
        let seeds = self.seeds(columns, &vectors, &start);
        let (float, runtime) = (self.float(), &self.runtime);
        let (elem, zero) = if columns.is_one() {
            (quote!(#float), self.zero())
        } else {
            let lanes = self.lanes(columns);
            (lanes.clone(), quote!(<#lanes>::zero()))
        };
        let elems = (elem, zero);
        let (begin, mut tangents) = self.tangents_of_buffers(jacobian, &vectors, &elems, &mut given);
        let results = self.declare(&jacobian.results, "result_tangent", &elems, &mut given);
        if !matches!(self.outcome, Outcome::Nothing) {
            tangents = results.1;
        }
        let begin = quote!(#values #begin);
        let more = results.0;
        if columns.several_passes() {
            let (keep, again) = self.kept_buffers();
            let passes = Passes { columns, matrix, tangents: &tangents, start: &start };
            let changing = self.changing();
            let inner = body(&jacobian.func, &given, runtime, &|vals| {
                let value = self.result_of(&names, vals.first());
                quote!((#value, (#(#tangents,)*)))
            });
            let inner = quote!(#again #changing #seeds #begin #more #inner);
            let inner = self.passes(&passes, &inner);
            return quote!(#keep #inner);
        }
        let inner = body(&jacobian.func, &given, runtime, &|vals| {
            let value = self.result_of(&names, vals.first());
            let rows = self.rows(columns, &tangents);
            let result = self.wrapped(&value);
            quote!({ *#matrix = #rows; #result })
        });
        quote!(#seeds #begin #more #inner)
    }

    /// The Jacobian, where all columns are there.
    fn rows(&self, columns: &Columns<'_>, tangents: &[Ident]) -> TokenStream {
        let outputs = self.outputs();
        let (one, rows) = (Ident::new("row", Span::mixed_site()), Ident::new("rows", Span::mixed_site()));
        let each = outputs.iter().map(|layout| &layout.dims).zip(tangents).map(|(dims, tangent)| {
            if dims.is_empty() {
                return columns.row(&self.number_in(tangent));
            }
            let numbers = columns.row(&quote!(#one));
            let closure =
                dims.iter().skip(1).fold(quote!(|#one| #numbers), |inner, _| quote!(|#rows| #rows.map(#inner)));
            match dims.first() {
                Some(Dim::Dynamic) => quote!(#tangent.into_iter().map(#closure).collect()),
                _ => quote!(#tangent.map(#closure)),
            }
        });
        let each: Vec<TokenStream> = each.collect();
        match each.as_slice() {
            [one] => one.clone(),
            _ if outputs.iter().all(|layout| layout.dims.is_empty()) => quote!([#(#each),*]),
            _ => quote!((#(#each),*)),
        }
    }

    /// The tangent of a number: behind a `&mut` it is one, and of what is returned it is an array of one.
    fn number_in(&self, tangent: &Ident) -> TokenStream {
        if matches!(self.outcome, Outcome::Nothing) { quote!(#tangent) } else { quote!(#tangent[0]) }
    }

    /// A pass for every few columns.
    fn passes(&self, passes: &Passes<'_>, inner: &TokenStream) -> TokenStream {
        let Passes { columns, matrix, tangents, start } = passes;
        let (runtime, zero, n, lanes) = (&self.runtime, self.zero(), columns.count(&self.runtime), columns.lanes());
        let [value, flat] = ["value", "flat"].map(|name| self.beside(name));
        let mut tangents = tangents.iter();
        let puts = self.groups().into_iter().enumerate().map(|(k, group)| {
            let of: Vec<&Ident> = tangents.by_ref().take(group.members).collect();
            let (target, rank) = (self.matrix_of(matrix, k), group.dims.len());
            let rows = match of.as_slice() {
                [one] if rank == 0 => {
                    let number = self.number_in(one);
                    quote!([#number])
                }
                [one] if group.members == 1 => flattened(quote!(#one), rank - 1, "as_flattened"),
                several => {
                    let numbers = several.iter().map(|tangent| self.number_in(tangent));
                    quote!([#(#numbers),*])
                }
            };
            let wrt = self.wrt().next();
            let put = match wrt {
                Some((_, layout)) if !is_list(layout) => {
                    let resize = matches!(group.dims.first(), Some(Dim::Dynamic)).then(|| {
                        let (tangent, row) = (&of[0], nested(&nested(&zero, &layout.dims), &group.dims[1..]));
                        quote!(#target.resize(#tangent.len(), #row);)
                    });
                    let all = flattened(target, rank + layout.dims.len() - 1, "as_flattened_mut");
                    quote!(#resize #runtime::__private::put_columns(&mut #all[..], &#flat[..], #n, #start);)
                }
                _ => quote! {
                    #target.resize(#flat.len() * (#n), #zero);
                    #runtime::__private::put_columns(&mut #target[..], &#flat[..], #n, #start);
                },
            };
            quote!({ let #flat = &#rows; #put })
        });
        let puts: Vec<TokenStream> = puts.collect();
        let all = passes.tangents;
        let result = self.wrapped(&quote!(#value));
        quote! {
            let mut #start = 0_usize;
            loop {
                let (#value, (#(#all,)*)) = { #inner };
                #(#puts)*
                #start += #lanes;
                if #start >= #n {
                    return #result;
                }
            }
        }
    }
}
