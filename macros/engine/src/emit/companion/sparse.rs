//! The companions with the structural nonzeros of a matrix only: `f_sparse_jacobian`, `f_sparse_hessian`, each with its pattern,
//! a constant. Columns that share no row are one direction, a lane of a pass; a nonzero is read where its column's direction
//! meets its row.

use super::sparse_columns::parts_of;
use super::{Frame, Written, stub};
use crate::analysis::sparsity::{elements, total};
use crate::emit::{Given, body};
use crate::forward::Jvp;
use crate::forward::hvp::Hvp;
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
            let lanes = self.lanes_of(sparse);
            let elem = (lanes.clone(), quote!(<#lanes>::zero()));
            let (begin, parts) = self.products(&sparse.derivative, &elem, &mut given);
            let rows = self.beside("rows");
            given.others.push(rows.clone());
            let pattern = self.pattern_name("sparse_hessian");
            let inner = body(func, &given, &self.runtime, &|vals| {
                let collected = self.collected(&parts, vals, &rows, &elem.1);
                // What is above the diagonal is what is below it.
                self.wrapped(&quote!({
                    #collected
                    ::core::array::from_fn(|k| {
                        let (i, j) = #pattern[k];
                        #rows[i.max(j)].0[#colours[i.min(j)]]
                    })
                }))
            });
            quote!(#seeds #begin #inner)
        })
    }

    /// All rows of a Hessian.
    fn collected(
        &self,
        parts: &[Option<TokenStream>],
        yielded: &[TokenStream],
        rows: &Ident,
        zero: &TokenStream,
    ) -> TokenStream {
        match parts_of(parts, yielded).as_slice() {
            [one] => quote!(let #rows = &#one[..];),
            _ if parts.iter().all(Option::is_none) => quote!(let #rows = [#(#yielded),*];),
            several => {
                let count = self.column_count().map(Literal::usize_unsuffixed);
                let lengths: Vec<usize> = self.wrt().map(|(_, layout)| elements(&layout.dims).unwrap_or(0)).collect();
                let starts = lengths.iter().scan(0, |before, length| {
                    *before += length;
                    Some(Literal::usize_unsuffixed(*before - length))
                });
                let lengths = lengths.iter().map(|length| Literal::usize_unsuffixed(*length));
                quote! {
                    let mut #rows = [#zero; #count];
                    #(#rows[#starts..][..#lengths].copy_from_slice(&#several[..]);)*
                }
            }
        }
    }

    pub(super) fn sparse_jacobian(&self, sparse: Option<&Sparse<Jvp>>) -> Written {
        let what = format!("Jacobian of `{}` with respect to {}", self.name, self.wrt_names());
        self.sparse("sparse_jacobian", &what, sparse, |sparse| {
            let jacobian = &sparse.derivative;
            let mut given = self.given(&jacobian.func);
            let (seeds, names, colours) = self.coloured(sparse, &mut given);
            let (values, _) = self.declare_results(&jacobian.func.results, "result", &mut given);
            let lanes = self.lanes_of(sparse);
            let elem = (lanes.clone(), quote!(<#lanes>::zero()));
            let (of_buffers, buffers) = self.tangents_of_buffers(jacobian, &names, &elem, &mut given);
            let (begin, tangents) = self.declare(&jacobian.results, "result_tangent", &elem, &mut given);
            let tangents = if matches!(self.outcome, Outcome::Nothing) { buffers } else { tangents };
            let pattern = self.pattern_name("sparse_jacobian");
            let (mut at, mut before) = (TokenStream::new(), 0);
            for (layout, tangent) in self.outputs().iter().zip(&tangents) {
                let flat = self.rows_in(layout, tangent);
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
            quote!(#seeds #values #of_buffers #begin #inner)
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
        let names = self.vector_names();
        given.others.push(colours.clone());
        let count = Literal::usize_unsuffixed(sparse.colours.len());
        let each = sparse.colours.iter().map(|&colour| Literal::usize_unsuffixed(colour));
        let list = quote!(let #colours: &[usize; #count] = &[#(#each),*];);
        let unit = |index: &TokenStream| quote!(<#lanes>::unit(#colours[#index]));
        let seeds = self.seeded(&names, &lanes, &unit);
        (quote!(#list #seeds), names, colours)
    }
}
