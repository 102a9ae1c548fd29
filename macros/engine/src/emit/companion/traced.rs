//! Sparse matrices where lengths are known at run time: `f_sparse_jacobian`, `f_sparse_hessian`, each with a function that finds its
//! pattern. In that, tangents are sets of columns (`Dependence` of the runtime crate); in the others, a few colours at a time are
//! lanes, and a nonzero is read where its column's direction meets its row. Each lane is labelled with its columns (`Labelled`), so that what a
//! pattern of other arguments does not have panics.

use super::columns::{Columns, nest};
use super::jacobian::flattened;
use super::{Frame, Written, stub};
use crate::emit::array::{owned, zeros_of};
use crate::emit::lanes::direction;
use crate::emit::{Given, body};
use crate::forward::Jvp;
use crate::forward::hvp::Hvp;
use crate::ir::{Func, ParamKind, PlaceId};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

/// How many colours are computed at once, if there are no more, and else.
const COLOURS_AT_ONCE: [usize; 2] = [4, 8];

/// The constant that is one of them.
#[must_use]
pub fn at_once() -> Ident {
    Ident::new("__AT_ONCE", Span::call_site())
}

/// A matrix.
pub struct Traced<D> {
    /// Its derivative in sets of columns, of the function in which no decision is made on numbers.
    pub pattern: D,
    /// Its derivative in a few directions.
    pub derivative: D,
}

/// What both functions need of a derivative.
struct Parts<'a> {
    func: &'a Func,
    vectors: Vec<&'a ParamKind>,
    /// The rows are buffers.
    products: Vec<PlaceId>,
    /// The rows are results, and their tangents.
    results: Option<&'a [PlaceId]>,
}

impl<'a> From<&'a Hvp> for Parts<'a> {
    fn from(hvp: &'a Hvp) -> Self {
        Parts {
            func: &hvp.product.func,
            vectors: hvp.vectors.iter().flatten().collect(),
            products: hvp.product.buffers.iter().flatten().copied().collect(),
            results: None,
        }
    }
}

impl<'a> From<&'a Jvp> for Parts<'a> {
    fn from(jvp: &'a Jvp) -> Self {
        Parts {
            func: &jvp.func,
            vectors: jvp.tangents.iter().flatten().collect(),
            products: Vec::new(),
            results: Some(&jvp.results),
        }
    }
}

impl Frame {
    /// Whether a sparse matrix is asked for whose lengths are known at run time only.
    #[must_use]
    pub fn is_traced(&self) -> bool {
        let known = self.column_count().is_some() && (self.sparse_hessian || self.has_fixed_rows());
        let columns = self.columns();
        let one = columns.is_some_and(|columns| !matches!(columns, Columns::Struct(..)));
        let rows = self.sparse_hessian || (self.has_jacobian() && !self.outputs_structs());
        (self.sparse_jacobian || self.sparse_hessian) && !known && one && rows
    }

    pub(super) fn traced_hessian(&self, traced: Option<&Traced<Hvp>>) -> Written {
        let parts = traced.map(|t| (Parts::from(&t.pattern), Parts::from(&t.derivative)));
        self.traced("sparse_hessian", "Hessian", parts.as_ref())
    }

    pub(super) fn traced_jacobian(&self, traced: Option<&Traced<Jvp>>) -> Written {
        let parts = traced.map(|t| (Parts::from(&t.pattern), Parts::from(&t.derivative)));
        self.traced("sparse_jacobian", "Jacobian", parts.as_ref())
    }

    fn traced(&self, suffix: &'static str, what: &str, parts: Option<&(Parts<'_>, Parts<'_>)>) -> Written {
        let Some(columns) = self.columns() else { return Written::default() };
        let (name, wrt, runtime, float) = (&self.name, self.wrt_names(), &self.runtime, self.float());
        let (all, finder) = (self.names.of(suffix), super::default_name(&self.names.of(suffix), "pattern"));
        let (pattern, nonzeros) = (self.beside("pattern"), self.beside("nonzeros"));
        let doc = format!(
            " Where the {what} of `{name}` with respect to {wrt} may be other than zero, for these lengths and other arguments, and for \
             floats of any value."
        );
        let body = parts.map_or_else(stub, |(found, _)| self.finding(&columns, found));
        let output = self.around(&quote!(#runtime::Sparsity));
        let mut written = self.function(&finder, &[doc], &self.declared(), &output, &body, true);
        let doc = format!(
            " The nonzeros of the {what} of `{name}` with respect to {wrt}, in the order of a pattern that `{finder}` has found for \
             arguments that differ from these in floats only."
        );
        let panics = [
            " # Panics".to_string(),
            " If the pattern is of another size than the matrix, or the matrix has nonzeros elsewhere.".to_string(),
        ];
        let mut docs = vec![doc, " They overwrite the buffer.".into()];
        docs.extend(panics.clone());
        let mut declared = self.declared();
        declared.extend([quote!(#pattern: &#runtime::Sparsity), quote!(#nonzeros: &mut [#float])]);
        let body = parts.map_or_else(stub, |(_, of)| self.filling(&columns, of, &pattern, &nonzeros));
        let into = self.names.in_buffers(suffix);
        written.extend(self.function(&into, &docs, &declared, &self.around(&quote!(())), &body, false));
        docs.remove(1);
        let (callee, arguments, attempt, zero) = (self.callee(&into), self.arguments(), self.attempt(), self.zero());
        let result = self.wrapped(&quote!(#nonzeros));
        let body = quote! {
            let mut #nonzeros = #runtime::__private::vec![#zero; #pattern.entries().len()];
            #callee(#(#arguments,)* #pattern, &mut #nonzeros) #attempt;
            #result
        };
        let mut declared = self.plain();
        declared.push(quote!(#pattern: &#runtime::Sparsity));
        let output = self.around(&quote!(#runtime::__private::Vec<#float>));
        written.extend(self.function(&all, &docs, &declared, &output, &body, true));
        written
    }

    /// Runs the function with sets.
    fn finding(&self, columns: &Columns<'_>, parts: &Parts<'_>) -> TokenStream {
        let (runtime, elem, sets) = (&self.runtime, direction(), self.beside("sets"));
        let mut given = self.given(parts.func);
        given.others.push(sets.clone());
        let elem = quote!(#elem);
        let seeds = self.seeded(columns, parts, &mut given, &elem, &|index| quote!(#sets.one(#index)));
        let (begin, rows) = self.rows_of_tangents(parts, &elem, &mut given);
        let n = columns.count(runtime);
        let found =
            if parts.results.is_some() { quote!(#sets.jacobian(&rows, #n)) } else { quote!(#sets.hessian(&rows)) };
        let inner = body(parts.func, &given, runtime, &|_| {
            self.wrapped(&quote!({
                let mut rows: #runtime::__private::Vec<#elem> = #runtime::__private::Vec::new();
                #(rows.extend_from_slice(&#rows[..]);)*
                #found
            }))
        });
        quote! {
            use #runtime::__private::Dependence as #elem;
            let #sets = #runtime::__private::Sets::new();
            #seeds
            #begin
            #inner
        }
    }

    /// A pass for every few colours.
    fn filling(&self, columns: &Columns<'_>, parts: &Parts<'_>, pattern: &Ident, nonzeros: &Ident) -> TokenStream {
        let (runtime, float, few) = (&self.runtime, self.float(), at_once());
        let elem = quote!(#runtime::__private::Labelled<#float, #few>);
        let [start, colours, flat, first] = ["start", "colours", "flat", "first"].map(|name| self.beside(name));
        let mut given = self.given(parts.func);
        given.others.extend([&start, &colours, &flat, &first, pattern, nonzeros].map(Ident::clone));
        let unit = |index: &TokenStream| quote!(<#elem>::unit(#colours[#index].wrapping_sub(#start), #index));
        let seeds = self.seeded(columns, parts, &mut given, &elem, &unit);
        let (begin, rows) = self.rows_of_tangents(parts, &elem, &mut given);
        let inner = body(parts.func, &given, runtime, &|_| {
            quote!({
                let mut #first = 0_usize;
                #(
                    let #flat = &#rows[..];
                    #runtime::__private::put_nonzeros(#nonzeros, #pattern, #flat, (#first, #start));
                    #first += #flat.len();
                )*
                ::core::assert_eq!(#first, #pattern.rows(), "the pattern needs a row for each number of the matrix's rows");
            })
        });
        let (n, changing, result) = (columns.count(runtime), self.changing(), self.wrapped(&quote!(())));
        let [narrow, wide] = COLOURS_AT_ONCE.map(|count| {
            let (count, condition) = (
                Literal::usize_unsuffixed(count),
                (count == COLOURS_AT_ONCE[0]).then(|| quote!(if #pattern.directions() <= #count)),
            );
            quote! {
                #condition {
                    const #few: usize = #count;
                    loop {
                        { #changing #seeds #begin #inner };
                        #start += #few;
                        if #start >= #pattern.directions() {
                            return #result;
                        }
                    }
                }
            }
        });
        quote! {
            ::core::assert_eq!(#pattern.columns(), #n, "the pattern needs a column for each number in `wrt`");
            ::core::assert_eq!(#nonzeros.len(), #pattern.entries().len(), "there has to be room for each nonzero");
            let #colours = #pattern.colours();
            let mut #start = 0_usize;
            #narrow
            #wide
        }
    }

    /// Declares the direction of each column.
    fn seeded(
        &self,
        columns: &Columns<'_>,
        parts: &Parts<'_>,
        given: &mut Given,
        elem: &TokenStream,
        unit: &dyn Fn(&TokenStream) -> TokenStream,
    ) -> TokenStream {
        let names: Vec<Ident> = self.wrt().map(|(p, _)| self.beside(&format!("{}_vector", p.name))).collect();
        parts.vectors.iter().zip(&names).for_each(|(kind, name)| given.bind(kind, name, false));
        match columns {
            Columns::Slice(p, layout) => {
                let (name, ty, of) = (&names[0], owned(elem, &layout.dims, &self.runtime), &p.name);
                let i = Ident::new("i", Span::mixed_site());
                let row = nest(&layout.dims[1..], &quote!(#i), unit);
                let lent = p.by_reference.then(|| quote!(let #name = &#name[..];));
                quote!(let #name: #ty = (0..#of.len()).map(|#i| #row).collect(); #lent)
            }
            Columns::Array(p, layout) => {
                let (name, ty) = (&names[0], owned(elem, &layout.dims, &self.runtime));
                let seeds = nest(&layout.dims, &TokenStream::new(), unit);
                let lent = p.by_reference.then(|| quote!(let #name = &#name;));
                quote!(let #name: #ty = #seeds; #lent)
            }
            _ => {
                let units = (0..names.len()).map(|k| {
                    let k = Literal::usize_unsuffixed(k);
                    unit(&quote!(#k))
                });
                quote!(#(let #names = #units;)*)
            }
        }
    }

    /// Declares where the rows go; the numbers of each, one after another.
    fn rows_of_tangents(
        &self,
        parts: &Parts<'_>,
        elem: &TokenStream,
        given: &mut Given,
    ) -> (TokenStream, Vec<TokenStream>) {
        let zero = quote!(<#elem>::zero());
        if let Some(results) = parts.results {
            let (values, _) = self.declare_results(&parts.func.results, "result", given);
            let (begin, names) = self.declare(results, "result_tangent", &(elem.clone(), zero), given);
            let flat = self
                .outcome
                .places()
                .into_iter()
                .zip(names)
                .map(|(layout, name)| flattened(quote!(#name), layout.dims.len().max(1) - 1, "as_flattened"));
            return (quote!(#values #begin), flat.collect());
        }
        let (mut begin, mut rows) = (TokenStream::new(), Vec::new());
        for ((p, layout), buffer) in self.wrt().zip(&parts.products) {
            let (name, of) = (self.beside("products"), &p.name);
            let ty = owned(elem, &layout.dims, &self.runtime);
            let zeros = zeros_of(&quote!(#of), &layout.dims, &zero, &self.runtime);
            begin.extend(quote!(let mut #name: #ty = #zeros;));
            given.places.push((*buffer, name.clone(), false));
            rows.push(flattened(quote!(#name), layout.dims.len() - 1, "as_flattened"));
        }
        (begin, rows)
    }
}
