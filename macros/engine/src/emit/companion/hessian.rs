//! The Hessian companions: `f_value_gradient_hessian_into`, which does the work, `f_value_gradient_hessian` and `f_hessian`, which
//! call it. The columns are the lanes of a pass, or of several; those of a struct are a pass each. What is below the diagonal is
//! written above it, so that the matrix is symmetric to the last bit.

use super::columns::Columns;
use super::jacobian::flattened;
use super::{Frame, FrameParam, Written, as_long_as, stub};
use crate::emit::array::{nested, owned};
use crate::emit::{Given, body};
use crate::forward::hvp::Hvp;
use crate::ir::Layout;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// The suffix of the companion that does the work.
const ALL: &str = "value_gradient_hessian";

/// Where the derivatives go.
struct Buffers {
    gradient: Ident,
    hessian: Ident,
}

impl Frame {
    pub(super) fn hessians(&self, hessian: Option<&Hvp>) -> Written {
        let (name, wrt, float) = (&self.name, self.wrt_names(), self.float());
        let Some(columns) = self.columns() else { return Written::default() };
        let columns = match hessian {
            Some(hessian) => columns.in_passes(hessian.product.func.passes),
            None => columns,
        };
        let (ty, shape) = (self.hessian_type(&columns), self.shape());
        let order = if is_list(&columns) { ", row by row" } else { "" };
        let doc = format!(" The value of `{name}`, its gradient and its Hessian with respect to {wrt}{order}.");
        let output = self.around(&quote!((#float, #shape, #ty)));
        let all = self.names.of(ALL);
        let mut written = match &columns {
            Columns::Numbers(params) => {
                let body = hessian.map_or_else(stub, |hessian| self.hessian_by_numbers(&columns, hessian));
                let mut written = self.function(&all, &[doc], &self.declared(), &output, &body, true);
                if params.len() > 1 {
                    written.extend(self.numbers_into(&shape, &ty));
                }
                written
            }
            Columns::Array(p, layout)
            | Columns::Long(p, layout)
            | Columns::Slice(p, layout)
            | Columns::Struct(p, layout) => {
                let mut written = self.hessian_into(&columns, (p, layout), hessian);
                let buffers = self.hessian_buffers(p);
                let Buffers { gradient, hessian } = &buffers;
                let (callee, arguments, attempt) =
                    (self.callee(&self.names.in_buffers(ALL)), self.arguments(), self.attempt());
                let (zeros, empty, value) = (self.zeros(p, layout), self.empty_hessian(&columns), self.beside("value"));
                let result = self.wrapped(&quote!((#value, #gradient, #hessian)));
                let body = quote! {
                    let mut #gradient: #shape = #zeros;
                    let mut #hessian: #ty = #empty;
                    let #value = #callee(#(#arguments,)* &mut #gradient, &mut #hessian) #attempt;
                    #result
                };
                written.extend(self.function(&all, &[doc], &self.plain(), &output, &body, true));
                written
            }
            Columns::Parts(_) => return Written::default(),
        };
        let doc = format!(" The Hessian of `{name}` with respect to {wrt}{order}.");
        let (callee, arguments, attempt) = (self.callee(&all), self.arguments(), self.attempt());
        let call = self.wrapped(&quote!(#callee(#(#arguments),*) #attempt.2));
        let output = self.around(&ty);
        written.extend(self.function(&self.names.of("hessian"), &[doc], &self.plain(), &output, &call, true));
        written
    }

    fn hessian_type(&self, columns: &Columns<'_>) -> TokenStream {
        let (float, runtime) = (self.float(), &self.runtime);
        match columns {
            Columns::Numbers(params) if params.len() == 1 => quote!(#float),
            Columns::Numbers(params) => {
                let n = Literal::usize_unsuffixed(params.len());
                quote!([[#float; #n]; #n])
            }
            Columns::Array(_, layout) | Columns::Long(_, layout) => owned(&self.shape(), &layout.dims, runtime),
            Columns::Slice(..) | Columns::Parts(_) | Columns::Struct(..) => quote!(#runtime::__private::Vec<#float>),
        }
    }

    /// A Hessian to be overwritten.
    fn empty_hessian(&self, columns: &Columns<'_>) -> TokenStream {
        let (zero, runtime) = (self.zero(), &self.runtime);
        match columns {
            Columns::Array(_, layout) | Columns::Long(_, layout) => {
                let row = nested(&zero, &layout.dims);
                nested(&row, &layout.dims)
            }
            _ => {
                let n = columns.count(runtime);
                quote!({ let n: usize = #n; #runtime::__private::vec![#zero; n * n] })
            }
        }
    }

    fn hessian_buffers(&self, p: &FrameParam) -> Buffers {
        Buffers { gradient: self.beside(&format!("d{}", p.name)), hessian: self.beside("hessian") }
    }

    fn doc_of_buffers(&self) -> String {
        let (name, wrt) = (&self.name, self.wrt_names());
        format!(" The value of `{name}`; its gradient and its Hessian with respect to {wrt} overwrite the buffers.")
    }

    /// Of numbers, the matrix is small: it is copied.
    fn numbers_into(&self, shape: &TokenStream, ty: &TokenStream) -> Written {
        let [gradient, hessian, value] = ["gradient", "hessian", "value"].map(|name| self.beside(name));
        let (callee, arguments, attempt) = (self.callee(&self.names.of(ALL)), self.arguments(), self.attempt());
        let mut declared = self.plain();
        declared.extend([quote!(#gradient: &mut #shape), quote!(#hessian: &mut #ty)]);
        let float = self.float();
        let (output, result) = (self.around(&quote!(#float)), self.wrapped(&quote!(#value.0)));
        let body = quote! {
            let #value = #callee(#(#arguments),*) #attempt;
            *#gradient = #value.1;
            *#hessian = #value.2;
            #result
        };
        self.function(&self.names.in_buffers(ALL), &[self.doc_of_buffers()], &declared, &output, &body, false)
    }

    /// The companion that does the work where an array or a struct is in `wrt`.
    fn hessian_into(
        &self,
        columns: &Columns<'_>,
        (p, layout): (&FrameParam, &Layout),
        hessian: Option<&Hvp>,
    ) -> Written {
        let buffers = self.hessian_buffers(p);
        let (float, Buffers { gradient, hessian: matrix }) = (self.float(), &buffers);
        let lent = self.buffer(layout);
        let ty = if is_list(columns) { quote!([#float]) } else { self.hessian_type(columns) };
        let mut declared = self.declared();
        declared.extend([quote!(#gradient: &mut #lent), quote!(#matrix: &mut #ty)]);
        let mut docs = vec![self.doc_of_buffers()];
        let (name, n) = (&p.name, columns.count(&self.runtime));
        let mut checks = TokenStream::new();
        if matches!(columns, Columns::Slice(..)) {
            checks.extend(as_long_as(name, gradient));
        }
        if is_list(columns) {
            docs.extend([" # Panics".into(), " If a buffer has another length than it needs.".into()]);
            let text = format!("`{matrix}` needs a row and a column for each number in `{name}`");
            checks.extend(quote!(::core::assert_eq!(#matrix.len(), (#n) * (#n), #text);));
        }
        let body = hessian.map_or_else(stub, |hessian| {
            let body = self.hessian_body(columns, (p, layout), hessian, &buffers);
            quote!(#checks #body)
        });
        let output = self.around(&quote!(#float));
        self.function(&self.names.in_buffers(ALL), &docs, &declared, &output, &body, false)
    }

    fn hessian_by_numbers(&self, columns: &Columns<'_>, hessian: &Hvp) -> TokenStream {
        let (mut given, rows) = (self.given(&hessian.product.func), self.beside("hessian"));
        given.others.push(rows.clone());
        let (seeds, n) = (self.vectors_of(columns, hessian, &rows, &mut given), self.wrt().count());
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

    /// Declares the directions.
    fn vectors_of(&self, columns: &Columns<'_>, hessian: &Hvp, start: &Ident, given: &mut Given) -> TokenStream {
        let vectors: Vec<Ident> = self.wrt().map(|(p, _)| self.beside(&format!("{}_vector", p.name))).collect();
        for (kind, name) in hessian.vectors.iter().flatten().zip(&vectors) {
            given.bind(kind, name, false);
        }
        self.seeds(columns, &vectors, start)
    }

    fn hessian_body(
        &self,
        columns: &Columns<'_>,
        (p, layout): (&FrameParam, &Layout),
        hessian: &Hvp,
        Buffers { gradient, hessian: matrix }: &Buffers,
    ) -> TokenStream {
        let mut given = self.given(&hessian.product.func);
        let [rows, start, value] = ["products", "start", "value"].map(|name| self.beside(name));
        given.others.extend([start.clone(), value.clone(), matrix.clone()]);
        given.places.extend(hessian.gradient.iter().flatten().map(|&place| (place, gradient.clone(), true)));
        let of_struct = matches!(columns, Columns::Struct(..));
        let products = hessian.product.buffers.iter().flatten();
        given.places.extend(products.map(|&place| (place, rows.clone(), false)));
        let seeds = self.vectors_of(columns, hessian, &start, &mut given);
        let begin = self.begin(p, &quote!(#gradient), layout);
        let lanes = if of_struct {
            let zeros = self.zeros(p, layout);
            quote!(let mut #rows = #zeros;)
        } else {
            self.lanes_like(columns, p, &layout.dims, &rows)
        };
        let (runtime, n, step) = (&self.runtime, columns.count(&self.runtime), columns.lanes());
        if !columns.several_passes() {
            let inner = body(&hessian.product.func, &given, runtime, &|vals| {
                let (result, second) = (self.wrapped(&vals[0]), self.symmetric(columns, &rows, None));
                quote!({ *#matrix = #second; #result })
            });
            return quote!(#seeds #begin #lanes #inner);
        }
        let inner = body(&hessian.product.func, &given, runtime, &|vals| {
            let value = &vals[0];
            quote!((#value, #rows))
        });
        let rank = layout.dims.len();
        let all = match columns {
            Columns::Long(..) => flattened(quote!(#matrix), 2 * rank - 1, "as_flattened_mut"),
            _ => quote!(#matrix),
        };
        let put = if of_struct {
            quote!(#runtime::__private::put_column(&mut #all[..], &#rows, #n, #start);)
        } else {
            let flat = flattened(quote!(#rows), rank - 1, "as_flattened");
            quote!(#runtime::__private::put_columns(&mut #all[..], &#flat[..], #n, #start);)
        };
        let (changing, result) = (self.changing(), self.wrapped(&quote!(#value)));
        quote! {
            let mut #start = 0_usize;
            loop {
                let (#value, #rows) = { #changing #seeds #begin #lanes #inner };
                #put
                #start += #step;
                if #start >= #n {
                    #runtime::__private::symmetric(&mut #all[..], #n);
                    return #result;
                }
            }
        }
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

/// Whether a Hessian is one list of numbers, row by row.
fn is_list(columns: &Columns<'_>) -> bool {
    matches!(columns, Columns::Slice(..) | Columns::Struct(..))
}
