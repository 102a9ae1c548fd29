//! Sparse matrices where lengths are known at run time: `f_sparse_jacobian`, `f_sparse_hessian`, each with a function that finds its
//! pattern. In that, tangents are sets of columns (`Dependence` of the runtime crate); in the others, a few colours at a time are
//! lanes, and a nonzero is read where its column's direction meets its row. Each lane is labelled with its columns (`Labelled`), so that what a
//! pattern of other arguments does not have panics.

use super::sparse_columns::parts_of;
use super::{Frame, Written, stub};
use crate::emit::lanes::direction;
use crate::emit::{Given, body};
use crate::forward::Jvp;
use crate::forward::hvp::Hvp;
use crate::ir::{Func, Layout};
use crate::lower::signature::Outcome;
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

/// One of them.
#[derive(Clone, Copy)]
enum Matrix<'a> {
    Jacobian(&'a Jvp),
    Hessian(&'a Hvp),
}

impl<'a> Matrix<'a> {
    fn func(self) -> &'a Func {
        match self {
            Matrix::Jacobian(jvp) => &jvp.func,
            Matrix::Hessian(hvp) => &hvp.product.func,
        }
    }
}

/// Where the rows are: a slice for each output or parameter, but for the numbers that the derivative yields.
type Rows = Vec<Option<TokenStream>>;

impl Frame {
    /// Whether a sparse matrix is asked for whose lengths are known at run time only.
    #[must_use]
    pub fn is_traced(&self) -> bool {
        let known = self.column_count().is_some() && (self.sparse_hessian || self.has_fixed_rows());
        let rows = self.sparse_hessian || (self.has_jacobian() && !self.outputs_structs());
        (self.sparse_jacobian || self.sparse_hessian) && !known && self.sparse_columns().is_some() && rows
    }

    pub(super) fn traced_hessian(&self, traced: Option<&Traced<Hvp>>) -> Written {
        let both = traced.map(|t| (Matrix::Hessian(&t.pattern), Matrix::Hessian(&t.derivative)));
        self.traced("sparse_hessian", "Hessian", both)
    }

    pub(super) fn traced_jacobian(&self, traced: Option<&Traced<Jvp>>) -> Written {
        let both = traced.map(|t| (Matrix::Jacobian(&t.pattern), Matrix::Jacobian(&t.derivative)));
        self.traced("sparse_jacobian", "Jacobian", both)
    }

    fn traced(&self, suffix: &'static str, what: &str, both: Option<(Matrix<'_>, Matrix<'_>)>) -> Written {
        let (name, wrt, runtime, float) = (&self.name, self.wrt_names(), &self.runtime, self.float());
        let (all, finder) = (self.names.of(suffix), super::default_name(&self.names.of(suffix), "pattern"));
        let (pattern, nonzeros) = (self.beside("pattern"), self.beside("nonzeros"));
        let doc = format!(
            " Where the {what} of `{name}` with respect to {wrt} may be other than zero, for these lengths and other arguments, and for \
             floats of any value."
        );
        let body = both.map_or_else(stub, |(found, _)| self.finding(found));
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
        let body = both.map_or_else(stub, |(_, of)| self.filling(of, &pattern, &nonzeros));
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

    /// Runs the function with sets. What it does to buffers is undone: it is done with numbers that are nobody's.
    fn finding(&self, matrix: Matrix<'_>) -> TokenStream {
        let (runtime, elem, sets) = (&self.runtime, direction(), self.beside("sets"));
        let mut given = self.given(matrix.func());
        given.others.push(sets.clone());
        let elem = quote!(#elem);
        let (seeds, begin, rows) = self.started(matrix, &mut given, &elem, &|index| quote!(#sets.one(#index)));
        let (n, (keep, again)) = (self.counted_columns(), self.kept_buffers());
        let found = match matrix {
            Matrix::Jacobian(_) => quote!(#sets.jacobian(&rows, #n)),
            Matrix::Hessian(_) => quote!(#sets.hessian(&rows)),
        };
        let inner = body(matrix.func(), &given, runtime, &|vals| {
            let rows = parts_of(&rows, vals);
            self.wrapped(&quote!({
                let mut rows: #runtime::__private::Vec<#elem> = #runtime::__private::Vec::new();
                #(rows.extend_from_slice(&#rows[..]);)*
                #again
                #found
            }))
        });
        quote! {
            use #runtime::__private::Dependence as #elem;
            let #sets = #runtime::__private::Sets::new();
            #keep
            #seeds
            #begin
            #inner
        }
    }

    /// A pass for every few colours.
    fn filling(&self, matrix: Matrix<'_>, pattern: &Ident, nonzeros: &Ident) -> TokenStream {
        let (runtime, float, few) = (&self.runtime, self.float(), at_once());
        let elem = quote!(#runtime::__private::Labelled<#float, #few>);
        let [start, colours, flat, first] = ["start", "colours", "flat", "first"].map(|name| self.beside(name));
        let mut given = self.given(matrix.func());
        given.others.extend([&start, &colours, &flat, &first, pattern, nonzeros].map(Ident::clone));
        let unit = |index: &TokenStream| quote!(<#elem>::unit(#colours[#index].wrapping_sub(#start), #index));
        let (seeds, begin, rows) = self.started(matrix, &mut given, &elem, &unit);
        let inner = body(matrix.func(), &given, runtime, &|vals| {
            let rows = parts_of(&rows, vals);
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
        let (n, changing, result) = (self.counted_columns(), self.changing(), self.wrapped(&quote!(())));
        let (keep, again) = self.kept_buffers();
        let [narrow, wide] = COLOURS_AT_ONCE.map(|count| {
            let (count, condition) = (
                Literal::usize_unsuffixed(count),
                (count == COLOURS_AT_ONCE[0]).then(|| quote!(if #pattern.directions() <= #count)),
            );
            quote! {
                #condition {
                    const #few: usize = #count;
                    loop {
                        { #again #changing #seeds #begin #inner };
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
            #keep
            #narrow
            #wide
        }
    }

    /// Declares the directions of the columns, what is there before the body, and where the rows are behind it.
    fn started(
        &self,
        matrix: Matrix<'_>,
        given: &mut Given,
        elem: &TokenStream,
        unit: &dyn Fn(&TokenStream) -> TokenStream,
    ) -> (TokenStream, TokenStream, Rows) {
        let names = self.vector_names();
        let (seeds, elem) = (self.seeded(&names, elem, unit), (elem.clone(), quote!(<#elem>::zero())));
        match matrix {
            Matrix::Hessian(hvp) => {
                hvp.vectors.iter().flatten().zip(&names).for_each(|(kind, name)| given.bind(kind, name, false));
                let (begin, rows) = self.products(hvp, &elem, given);
                (seeds, begin, rows)
            }
            Matrix::Jacobian(jvp) => {
                let (values, _) = self.declare_results(&jvp.func.results, "result", given);
                let (of_buffers, buffers) = self.tangents_of_buffers(jvp, &names, &elem, given);
                let (begin, tangents) = self.declare(&jvp.results, "result_tangent", &elem, given);
                let tangents = if matches!(self.outcome, Outcome::Nothing) { buffers } else { tangents };
                let of = |(layout, name): (&Layout, &Ident)| Some(self.rows_in(layout, name));
                let rows = self.outputs().iter().zip(&tangents).map(of).collect();
                (seeds, quote!(#values #of_buffers #begin), rows)
            }
        }
    }
}
