//! The Hessian companions: `f_value_gradient_hessian`, and `f_hessian`, which calls it. The columns are the lanes of a pass;
//! what is below the diagonal is written above it, so that the matrix is symmetric to the last bit.

use super::columns::Columns;
use super::{Frame, Written, stub};
use crate::emit::array::owned;
use crate::emit::{Given, body};
use crate::forward::hvp::Hvp;
use crate::ir::Layout;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// The suffix of the companion that does the work.
const ALL: &str = "value_gradient_hessian";

impl Frame {
    pub(super) fn hessians(&self, hessian: Option<&Hvp>) -> Written {
        let (name, wrt, float) = (&self.name, self.wrt_names(), self.float());
        let Some(columns) = self.columns() else { return Written::default() };
        let ty = self.hessian_type(&columns);
        let shape = self.shape();
        let order = if columns.several_passes() { ", row by row" } else { "" };
        let doc = format!(" The value of `{name}`, its gradient and its Hessian with respect to {wrt}{order}.");
        let body = hessian.map_or_else(stub, |hessian| self.hessian_body(&columns, hessian));
        let output = self.around(&quote!((#float, #shape, #ty)));
        let all = self.names.of(ALL);
        let mut written = self.function(&all, &[doc], &self.declared(), &output, &body, true);
        let doc = format!(" The Hessian of `{name}` with respect to {wrt}{order}.");
        let (callee, arguments, attempt) = (self.callee(&all), self.arguments(), self.attempt());
        let call = self.wrapped(&quote!(#callee(#(#arguments),*) #attempt.2));
        let output = self.around(&ty);
        written.extend(self.function(&self.names.of("hessian"), &[doc], &self.plain(), &output, &call, true));
        written
    }

    fn hessian_type(&self, columns: &Columns<'_>) -> TokenStream {
        let float = self.float();
        match columns {
            Columns::Numbers(params) if params.len() == 1 => quote!(#float),
            Columns::Numbers(params) => {
                let n = Literal::usize_unsuffixed(params.len());
                quote!([[#float; #n]; #n])
            }
            Columns::Array(_, layout) => owned(&self.shape(), &layout.dims, &self.runtime),
            Columns::Slice(..) | Columns::Parts(_) => {
                let runtime = &self.runtime;
                quote!(#runtime::__private::Vec<#float>)
            }
        }
    }

    fn hessian_body(&self, columns: &Columns<'_>, hessian: &Hvp) -> TokenStream {
        let mut given = self.given(&hessian.product.func);
        let [rows, start, done] = ["hessian", "start", "columns"].map(|name| self.beside(name));
        given.others.extend([rows.clone(), start.clone(), done.clone()]);
        let vectors: Vec<Ident> = self.wrt().map(|(p, _)| self.beside(&format!("{}_vector", p.name))).collect();
        for (kind, name) in hessian.vectors.iter().flatten().zip(&vectors) {
            given.bind(kind, name, false);
        }
        let seeds = self.seeds(columns, &vectors, &start);
        match columns {
            Columns::Numbers(params) => {
                let n = params.len();
                let inner = body(&hessian.product.func, &given, &self.runtime, &|vals| {
                    let (value, partials) = (&vals[0], self.shaped(&vals[1..=n]));
                    let second = match &vals[n + 1..] {
                        [one] => one.clone(),
                        several => self.symmetric(columns, &rows, Some(quote!([#(#several),*]))),
                    };
                    self.wrapped(&quote!((#value, #partials, #second)))
                });
                quote!(#seeds #inner)
            }
            Columns::Array(p, layout) => {
                let (begin, gradient) = self.begin_hessian(columns, (p, layout), hessian, &rows, &mut given);
                let inner = body(&hessian.product.func, &given, &self.runtime, &|vals| {
                    let (value, second) = (&vals[0], self.symmetric(columns, &rows, None));
                    self.wrapped(&quote!((#value, #gradient, #second)))
                });
                quote!(#seeds #begin #inner)
            }
            Columns::Parts(_) => stub(),
            Columns::Slice(p, layout) => {
                let (begin, gradient) = self.begin_hessian(columns, (p, layout), hessian, &rows, &mut given);
                let inner = body(&hessian.product.func, &given, &self.runtime, &|vals| {
                    let value = &vals[0];
                    quote!((#value, #gradient))
                });
                let (runtime, zero, n) = (&self.runtime, self.zero(), columns.count());
                let flat = (1..layout.dims.len()).fold(quote!(#rows), |rows, _| quote!(#rows.as_flattened()));
                let lanes = columns.lanes();
                let value = self.beside("value");
                let result = self.wrapped(&quote!((#value, #gradient, #done)));
                quote! {
                    let mut #done = #runtime::__private::vec![#zero; (#n) * (#n)];
                    let mut #start = 0;
                    loop {
                        #seeds
                        #begin
                        let (#value, #gradient) = { #inner };
                        #runtime::__private::put_columns(&mut #done, &#flat, #n, #start);
                        #start += #lanes;
                        if #start >= #n {
                            #runtime::__private::symmetric(&mut #done, #n);
                            return #result;
                        }
                    }
                }
            }
        }
    }

    /// Declares the gradient, and the Hessian as lanes.
    fn begin_hessian(
        &self,
        columns: &Columns<'_>,
        (p, layout): (&super::FrameParam, &Layout),
        hessian: &Hvp,
        rows: &Ident,
        given: &mut Given,
    ) -> (TokenStream, Ident) {
        let gradient = self.beside(&format!("d{}", p.name));
        let (ty, zeros) = (self.owned(layout), self.zeros(p, layout));
        let products = self.lanes_like(columns, p, &layout.dims, rows);
        let buffers = hessian.gradient.iter().flatten().map(|&place| (place, gradient.clone(), false));
        given.places.extend(buffers);
        let products_at = hessian.product.buffers.iter().flatten().map(|&place| (place, rows.clone(), false));
        given.places.extend(products_at);
        (quote!(let mut #gradient: #ty = #zeros; #products), gradient)
    }

    /// The Hessian, of which the rows are lanes.
    fn symmetric(&self, columns: &Columns<'_>, rows: &Ident, value: Option<TokenStream>) -> TokenStream {
        let runtime = &self.runtime;
        let begin = value.map(|value| quote!(let mut #rows = #value;));
        let rank = match columns {
            Columns::Array(_, layout) => layout.dims.len(),
            _ => 1,
        };
        let flat = (1..rank).fold(quote!(#rows), |rows, _| quote!(#rows.as_flattened_mut()));
        let one = Ident::new("row", proc_macro2::Span::mixed_site());
        let numbers = columns.row(&quote!(#one));
        let mut each = quote!(|#one| #numbers);
        for _ in 1..rank {
            each = quote!(|rows| rows.map(#each));
        }
        quote!({ #begin #runtime::__private::symmetric_rows(&mut #flat[..]); #rows.map(#each) })
    }
}
