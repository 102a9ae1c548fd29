//! The columns of sparse matrices: the numbers of the parameters in `wrt`, one after another, of whatever shapes. And their rows, where
//! these are of `&mut` buffers.

use super::columns::{nest, product};
use super::jacobian::flattened;
use super::{Frame, FrameParam};
use crate::analysis::sparsity::{elements, total};
use crate::emit::Given;
use crate::emit::array::{owned, zeros_of};
use crate::forward::Jvp;
use crate::forward::hvp::Hvp;
use crate::ir::{Dim, Layout};
use crate::lower::signature::Outcome;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

impl Frame {
    /// The parameters that the columns are of; nothing, if one of them is a struct, or of rows of which each has its own length.
    #[must_use]
    pub fn sparse_columns(&self) -> Option<Vec<(&FrameParam, &Layout)>> {
        let wrt: Vec<(&FrameParam, &Layout)> = self.wrt().collect();
        let counted = |layout: &Layout| layout.record.is_none() && layout.dims.get(1..).is_none_or(Dim::all_fixed);
        (!wrt.is_empty() && wrt.iter().all(|(_, layout)| counted(layout))).then_some(wrt)
    }

    /// How many columns there are, if that is a number.
    #[must_use]
    pub fn column_count(&self) -> Option<usize> {
        total(self.sparse_columns()?.iter().map(|(_, layout)| elements(&layout.dims)))
    }

    /// How many there are before a parameter.
    pub(super) fn columns_before(&self, parameter: usize) -> Option<TokenStream> {
        let counts = self.wrt().take(parameter).map(|(p, layout)| match layout.dims.split_first() {
            Some((Dim::Dynamic, rest)) => {
                let (name, rest) = (&p.name, (!rest.is_empty()).then(|| product(rest)));
                let times = rest.map(|rest| quote!(* #rest));
                quote!(#name.len() #times)
            }
            _ => product(&layout.dims),
        });
        counts.reduce(|a, b| quote!(#a + #b))
    }

    /// How many there are, wherever that is known.
    pub(super) fn counted_columns(&self) -> TokenStream {
        self.columns_before(self.wrt().count()).unwrap_or_else(|| quote!(0))
    }

    /// The names of directions.
    pub(super) fn vector_names(&self) -> Vec<Ident> {
        self.wrt().map(|(p, _)| self.beside(&format!("{}_vector", p.name))).collect()
    }

    /// Declares the direction of each column, which its number tells.
    pub(super) fn seeded(
        &self,
        names: &[Ident],
        elem: &TokenStream,
        unit: &dyn Fn(&TokenStream) -> TokenStream,
    ) -> TokenStream {
        let one = |(k, ((p, layout), name)): (usize, ((&FrameParam, &Layout), &Ident))| {
            let start = self.columns_before(k);
            if layout.is_number() {
                let unit = unit(&start.unwrap_or_else(|| quote!(0)));
                return quote!(let #name = #unit;);
            }
            let start = start.map(|start| quote!(#start +));
            let unit = |index: &TokenStream| unit(&quote!(#start #index));
            let (ty, of, i) = (owned(elem, &layout.dims, &self.runtime), &p.name, Ident::new("i", Span::mixed_site()));
            let (seeds, whole) = match layout.dims.split_first() {
                Some((Dim::Dynamic, rest)) => {
                    let row = nest(rest, &quote!(#i), &unit);
                    (quote!((0..#of.len()).map(|#i| #row).collect()), quote!([..]))
                }
                _ => (nest(&layout.dims, &TokenStream::new(), &unit), TokenStream::new()),
            };
            let lent = p.by_reference.then(|| quote!(let #name = &#name #whole;));
            quote!(let #name: #ty = #seeds; #lent)
        };
        self.wrt().zip(names).enumerate().map(one).collect()
    }

    /// Binds directions to the parameters in `wrt`, and declares tangents of the buffers: what declares them, and their names.
    pub(super) fn tangents_of_buffers(
        &self,
        jvp: &Jvp,
        vectors: &[Ident],
        (elem, zero): &(TokenStream, TokenStream),
        given: &mut Given,
    ) -> (TokenStream, Vec<Ident>) {
        let (mut begin, mut tangents, mut vectors) = (TokenStream::new(), Vec::new(), vectors.iter());
        for (p, kind) in self.params.iter().zip(&jvp.tangents) {
            let Some(kind) = kind else { continue };
            if p.wrt.is_some() {
                if let Some(vector) = vectors.next() {
                    given.bind(kind, vector, false);
                }
                continue;
            }
            let Some(layout) = &p.layout else { continue };
            let tangent = self.beside(&format!("{}_tangent", p.name));
            let (ty, of) = (owned(elem, &layout.dims, &self.runtime), &p.name);
            let zeros = zeros_of(&quote!(#of), &layout.dims, zero, &self.runtime);
            // What is behind a reference is given away by its name, and read again behind the pass.
            let lent = self.beside(&format!("{}_lent", p.name));
            begin.extend(quote!(let mut #tangent: #ty = #zeros; let #lent = &mut #tangent;));
            given.bind(kind, &lent, true);
            tangents.push(tangent);
        }
        (begin, tangents)
    }

    /// Declares where the rows of a Hessian go. Each part is of a parameter; of one that is a number, the derivative yields it.
    pub(super) fn products(
        &self,
        hvp: &Hvp,
        (elem, zero): &(TokenStream, TokenStream),
        given: &mut Given,
    ) -> (TokenStream, Vec<Option<TokenStream>>) {
        let (mut begin, mut parts) = (TokenStream::new(), Vec::new());
        let in_wrt = self.params.iter().zip(&hvp.product.buffers).filter(|(p, _)| p.wrt.is_some());
        for ((p, layout), (_, buffer)) in self.wrt().zip(in_wrt) {
            let Some(buffer) = buffer else {
                parts.push(None);
                continue;
            };
            let (name, of) = (self.beside(&format!("products_of_{}", p.name)), &p.name);
            let ty = owned(elem, &layout.dims, &self.runtime);
            let zeros = zeros_of(&quote!(#of), &layout.dims, zero, &self.runtime);
            begin.extend(quote!(let mut #name: #ty = #zeros;));
            given.places.push((*buffer, name.clone(), false));
            parts.push(Some(flattened(quote!(#name), layout.dims.len() - 1, "as_flattened")));
        }
        (begin, parts)
    }

    /// The rows of an output, or of what is behind a `&mut`, where its tangent is.
    pub(super) fn rows_in(&self, layout: &Layout, tangent: &Ident) -> TokenStream {
        if layout.is_number() && matches!(self.outcome, Outcome::Nothing) {
            return quote!([#tangent]);
        }
        flattened(quote!(#tangent), layout.dims.len().max(1) - 1, "as_flattened")
    }

    /// Whether the lengths of all outputs are numbers.
    #[must_use]
    pub fn has_fixed_rows(&self) -> bool {
        matches!(self.outcome, Outcome::Parts { .. } | Outcome::Nothing) && self.row_count().is_some()
    }
}

/// The parts of a Hessian's rows: those that are numbers are yielded, in their order.
pub(super) fn parts_of(parts: &[Option<TokenStream>], yielded: &[TokenStream]) -> Vec<TokenStream> {
    let mut yielded = yielded.iter();
    let number = |part: &Option<TokenStream>| match part {
        Some(part) => part.clone(),
        None => {
            let number = yielded.next();
            quote!([#number])
        }
    };
    parts.iter().map(number).collect()
}
