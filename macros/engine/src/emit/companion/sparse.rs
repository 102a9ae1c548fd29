//! The companions with the structural nonzeros of a matrix only: `f_sparse_jacobian`, `f_sparse_hessian`, each with its pattern,
//! a constant. Columns that share no row are one direction, a lane of a pass; a nonzero is read where its column's direction
//! meets its row.

use super::columns::{Columns, nest};
use super::{Frame, Written, stub};
use crate::analysis::sparsity::{elements, length, total};
use crate::emit::array::{owned, zeros_of};
use crate::emit::{Given, body};
use crate::forward::Jvp;
use crate::forward::hvp::Hvp;
use crate::ir::Dim;
use crate::lower::signature::Outcome;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// A matrix.
pub struct Sparse<D> {
    /// Row and column of each nonzero, in the order of rows.
    pub pattern: Vec<(usize, usize)>,
    /// The direction of each column.
    pub colours: Vec<usize>,
    /// Its columns, in as many directions.
    pub derivative: D,
}

impl<D> Sparse<D> {
    fn lanes(&self) -> Literal {
        Literal::usize_unsuffixed(self.colours.iter().max().map_or(1, |last| last + 1))
    }
}

impl Frame {
    pub(super) fn sparse_hessian(&self, sparse: Option<&Sparse<Hvp>>) -> Written {
        let what = format!("Hessian of `{}` with respect to {}", self.name, self.wrt_names());
        self.sparse("sparse_hessian", &what, sparse, |sparse| {
            let func = &sparse.derivative.product.func;
            let mut given = self.given(func);
            let vectors: Vec<_> = sparse.derivative.vectors.iter().flatten().collect();
            let (seeds, names, colours) = self.coloured(sparse, &mut given);
            vectors.iter().zip(&names).for_each(|(kind, name)| given.bind(kind, name, false));
            let rows = self.beside("rows");
            given.others.push(rows.clone());
            let mut begin = TokenStream::new();
            let mut rank = 1;
            for ((p, layout), buffer) in self.wrt().zip(sparse.derivative.product.buffers.iter().flatten()) {
                let (lanes, of) = (self.lanes_of(sparse), &p.name);
                let ty = owned(&lanes, &layout.dims, &self.runtime);
                let zeros = zeros_of(&quote!(#of), &layout.dims, &quote!(<#lanes>::zero()), &self.runtime);
                begin.extend(quote!(let mut #rows: #ty = #zeros;));
                given.places.push((*buffer, rows.clone(), false));
                rank = layout.dims.len();
            }
            let flat = (1..rank).fold(quote!(#rows), |rows, _| quote!(#rows.as_flattened()));
            let pattern = self.pattern_name("sparse_hessian");
            let inner = body(func, &given, &self.runtime, &|vals| {
                let begin = (!vals.is_empty()).then(|| quote!(let #rows = [#(#vals),*];));
                // What is above the diagonal is what is below it.
                self.wrapped(&quote!({
                    #begin
                    ::core::array::from_fn(|k| {
                        let (i, j) = #pattern[k];
                        #flat[i.max(j)].0[#colours[i.min(j)]]
                    })
                }))
            });
            quote!(#seeds #begin #inner)
        })
    }

    pub(super) fn sparse_jacobian(&self, sparse: Option<&Sparse<Jvp>>) -> Written {
        let what = format!("Jacobian of `{}` with respect to {}", self.name, self.wrt_names());
        self.sparse("sparse_jacobian", &what, sparse, |sparse| {
            let jacobian = &sparse.derivative;
            let mut given = self.given(&jacobian.func);
            let (seeds, names, colours) = self.coloured(sparse, &mut given);
            jacobian.tangents.iter().flatten().zip(&names).for_each(|(kind, name)| given.bind(kind, name, false));
            let (values, _) = self.declare_results(&jacobian.func.results, "result", &mut given);
            let lanes = self.lanes_of(sparse);
            let zero = quote!(<#lanes>::zero());
            let (begin, tangents) = self.declare(&jacobian.results, "result_tangent", &(lanes, zero), &mut given);
            let pattern = self.pattern_name("sparse_jacobian");
            let (mut at, mut before) = (TokenStream::new(), 0);
            let Outcome::Parts { members, .. } = &self.outcome else { return stub() };
            for (layout, tangent) in members.iter().zip(&tangents) {
                let flat = (1..layout.dims.len()).fold(quote!(#tangent), |flat, _| quote!(#flat.as_flattened()));
                let Some(after) = total([Some(before), elements(&layout.dims)].into_iter()) else { return stub() };
                let (start, end) = (Literal::usize_unsuffixed(before), Literal::usize_unsuffixed(after));
                at.extend(quote!(if i < #end { #flat[i - #start] } else));
                before = after;
            }
            let inner = body(&jacobian.func, &given, &self.runtime, &|_| {
                self.wrapped(&quote!(::core::array::from_fn(|k| {
                    let (i, j) = #pattern[k];
                    let row = #at { ::core::unreachable!("the pattern has the rows of the results") };
                    row.0[#colours[j]]
                })))
            });
            quote!(#seeds #values #begin #inner)
        })
    }

    /// The constant and the function.
    fn sparse<D>(
        &self,
        suffix: &str,
        what: &str,
        sparse: Option<&Sparse<D>>,
        body: impl FnOnce(&Sparse<D>) -> TokenStream,
    ) -> Written {
        let Frame { visibility, attributes, .. } = self;
        let (constant, float) = (self.constant(suffix), self.float());
        let entries = sparse.map(|sparse| sparse.pattern.as_slice()).unwrap_or_default();
        let count = Literal::usize_unsuffixed(entries.len());
        let pairs = entries.iter().map(|&(i, j)| {
            let (i, j) = (Literal::usize_unsuffixed(i), Literal::usize_unsuffixed(j));
            quote!((#i, #j))
        });
        let doc = format!(" Row and column of each nonzero of the {what}.");
        let definitions = quote! {
            #attributes
            #[doc = #doc]
            #[allow(dead_code, clippy::all, clippy::pedantic)]
            #visibility const #constant: [(usize, usize); #count] = [#(#pairs),*];
        };
        let doc = format!(" The nonzeros of the {what}, in the order of [`{constant}`].");
        let doc = if self.home == super::Home::Module { doc } else { doc.replace(['[', ']'], "") };
        let body = sparse.map_or_else(stub, body);
        let output = self.around(&quote!([#float; #count]));
        let mut written = self.function(&self.names.of(suffix), &[doc], &self.declared(), &output, &body, true);
        written.definitions.extend(definitions);
        written
    }

    /// `F_SPARSE_HESSIAN_PATTERN`
    pub(super) fn constant(&self, suffix: &str) -> Ident {
        let name = self.names.of(suffix);
        let text = name.to_string().trim_start_matches("r#").to_uppercase();
        Ident::new(&format!("{text}_PATTERN"), name.span())
    }

    fn pattern_name(&self, suffix: &str) -> TokenStream {
        let constant = self.constant(suffix);
        if self.home == super::Home::Module { quote!(#constant) } else { quote!(Self::#constant) }
    }

    fn lanes_of<D>(&self, sparse: &Sparse<D>) -> TokenStream {
        let (float, runtime, count) = (self.float(), &self.runtime, sparse.lanes());
        quote!(#runtime::__private::Lanes<#float, #count>)
    }

    /// Declares the direction of each column, and the list of them; the names of the first, and of the second.
    fn coloured<D>(&self, sparse: &Sparse<D>, given: &mut Given) -> (TokenStream, Vec<Ident>, Ident) {
        let (lanes, colours) = (self.lanes_of(sparse), self.beside("colours"));
        let names: Vec<Ident> = self.wrt().map(|(p, _)| self.beside(&format!("{}_vector", p.name))).collect();
        given.others.push(colours.clone());
        let count = Literal::usize_unsuffixed(sparse.colours.len());
        let each = sparse.colours.iter().map(|&colour| Literal::usize_unsuffixed(colour));
        let list = quote!(let #colours: &[usize; #count] = &[#(#each),*];);
        let unit = |index: &TokenStream| quote!(<#lanes>::unit(#colours[#index]));
        let seeds: TokenStream = match self.columns() {
            Some(Columns::Array(p, layout)) => {
                let (name, ty) = (&names[0], owned(&lanes, &layout.dims, &self.runtime));
                let seeds = nest(&layout.dims, &TokenStream::new(), &unit);
                let lent = p.by_reference.then(|| quote!(let #name = &#name;));
                quote!(let #name: #ty = #seeds; #lent)
            }
            _ => names
                .iter()
                .enumerate()
                .map(|(k, name)| {
                    let k = Literal::usize_unsuffixed(k);
                    let unit = unit(&quote!(#k));
                    quote!(let #name = #unit;)
                })
                .collect(),
        };
        (quote!(#list #seeds), names, colours)
    }

    /// How many columns there are, if that is a number.
    #[must_use]
    pub fn column_count(&self) -> Option<usize> {
        match self.columns()? {
            Columns::Numbers(params) => Some(params.len()),
            Columns::Array(_, layout) => elements(&layout.dims),
            Columns::Slice(..) | Columns::Long(..) | Columns::Parts(_) | Columns::Struct(..) => None,
        }
    }

    /// Whether the lengths of all that is returned are numbers.
    #[must_use]
    pub fn has_fixed_rows(&self) -> bool {
        let fixed = |dims: &[Dim]| dims.iter().all(|dim| length(dim).is_some());
        match &self.outcome {
            Outcome::Parts { members, .. } => members.iter().all(|m| m.record.is_none() && fixed(&m.dims)),
            _ => false,
        }
    }
}
